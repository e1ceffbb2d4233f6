//! A new bot: the least that exports, imports again, publishes and answers.
//!
//! It greets, and it says that it did not understand; everything else is for its author to add. Members and their order
//! are those of current exports (`export-format.md` §3); the texts are our own.

use serde_json::{Map, Value, json};

use crate::summary::UNIVERSAL_BOT_VERSION;
use crate::write;

/// What a new bot is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank<'a> {
    /// The bot's id, `st-…`.
    pub id: &'a str,
    /// The id that survives export and import, a bare UUID.
    pub ref_id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What people read about it in lists; may be empty.
    pub description: &'a str,
    /// Its only language, such as `en`.
    pub language: &'a str,
    /// `default`, `taskbot` or `universalbot`.
    pub kind: &'a str,
    /// `customer` or `employee`.
    pub purpose: &'a str,
    /// Its colour, `#rrggbb`.
    pub color: &'a str,
}

/// The two documents of a new bot: texts of `botDefinition.json` and of `config.json`.
///
/// `new_id` gives an id that was never given before: `<prefix>-<uuid>`, or a bare UUID for the empty prefix.
pub fn blank(bot: &Blank<'_>, mut new_id: impl FnMut(&'static str) -> String) -> (String, String) {
    let namespace = new_id("");
    let welcome = Task::new(bot, "Welcome Task", "Hello! How can I help you?", &namespace, &mut new_id);
    let fallback = Task::new(
        bot,
        "Fallback Task",
        "Sorry, I did not understand that. Please say it in other words.",
        &namespace,
        &mut new_id,
    );
    let failure = "Sorry, something went wrong and I had to stop. Please try again.";
    let mut definition = settings(bot);
    append(
        &mut definition,
        json!({
            "defaultDialogId": fallback.ref_id,
            "botEvents": {
                "INTENT_UNIDENTIFIED": starts(&fallback),
                "WELCOME_MESSAGE_EVENT": starts(&welcome),
                "ON_CONNECT_EVENT": starts(&welcome),
                "TASK_FAILURE_EVENT":
                    {"enabled": true, "action": "showMsg", "task": null, "msg": [message(bot.language, failure)]},
            },
            "dialogComponents": [welcome.intent, welcome.message, fallback.intent, fallback.message],
            "dialogs": [welcome.dialog, fallback.dialog],
        }),
    );
    for list in EMPTY_LISTS {
        definition.insert(list.to_owned(), json!([]));
    }
    if bot.kind == "universalbot" {
        definition.insert("linkedBotsDetails".to_owned(), json!([]));
        // Without this it would be taken for a universal bot of the first version, which no import accepts.
        definition.insert("universalBotVersion".to_owned(), json!(UNIVERSAL_BOT_VERSION));
    }
    append(
        &mut definition,
        json!({
            "namespaces":
                [{"_id": new_id("ns"), "streamId": bot.id, "name": "default", "refId": namespace, "type": "system"}],
            "exportOptions": {
                "tasks": ["botTask", "knowledgeGraph", "smallTalk", "forms"],
                "nlpData": ["nlpSettings", "utterances", "patterns", "standardResponses", "traits"],
                "settings": ["botSettings", "botVariables", "ivrSettings"],
                "subTasks": {"dialogs": [welcome.id, fallback.id], "alerts": [], "actions": [], "forms": []},
                "IncludeDependentTasks": true,
                "IncludeFormDependentTasks": true,
            },
        }),
    );
    let config = json!({"name": bot.name, "envVariables": []});
    (write::value(&Value::Object(definition)), write::value(&config))
}

/// Lists that every export has, and that a new bot has nothing for.
const EMPTY_LISTS: [&str; 22] = [
    "botSentimentEvents",
    "advancedNLSettings",
    "idpConfigurations",
    "actions",
    "alerts",
    "patterns",
    "scenes",
    "sceneComponents",
    "widgetThemes",
    "knowledgeTasks",
    "smallTalk",
    "widgets",
    "panels",
    "forms",
    "unexportedTasks",
    "customDashboards",
    "sentences",
    "koraResponses",
    "mlParams",
    "contentVariables",
    "feedbackSurveys",
    "traits",
];

fn settings(bot: &Blank<'_>) -> Map<String, Value> {
    let language = bot.language;
    let mut members = Map::new();
    append(
        &mut members,
        json!({
            "_id": bot.id,
            "refId": bot.ref_id,
            "notifyUserViaEmail": true,
            "purpose": bot.purpose,
            "type": bot.kind,
            "variables": [],
            "defaultLanguage": language,
            "supportedLanguages": [language],
            "languagePreferences": {"type": "perVolley"},
            "strict_pii": false,
            "languageConfigurations": {language: {"enabled": true}},
            "channels": [],
            "vNameSpace": [],
            "color": bot.color,
            "multiLingualConfigurations":
                {language: {"nluLanguage": language, "inputTranslation": false, "responseTranslation": false}},
        }),
    );
    append(
        &mut members,
        json!({
            "isNLEnabled": true,
            "interruptsEnabled": true,
            "sessionInactiveTime": 900_000,
            "sessionClosureProcess": 1,
            "skipSessionMessage": false,
            "runCustomScript": {"enable": false, "script": ""},
            "localeData": {language: {"name": bot.name, "description": bot.description, "synonyms": {}}},
            "interruptOptions": {
                "interruptsEnabled": true,
                "numTasksToHold": "1",
                "type": {"option": "developer", "message": ""},
                "holdUxOptions": {"option": "discardCurrTaskNoNotify", "message": ""},
                "faqBehaviour": "respondAndResume",
                "smallTalkBehaviour": "respondAndResume",
                "showAmbiguous": true,
            },
            "detectMultiIntent": false,
            "enableNegativePatterns": false,
        }),
    );
    members
}

fn append(members: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        members.extend(more);
    }
}

/// A dialog that says one thing.
struct Task {
    id: String,
    ref_id: String,
    dialog: Value,
    intent: Value,
    message: Value,
}

impl Task {
    fn new(
        bot: &Blank<'_>,
        name: &str,
        text: &str,
        namespace: &str,
        new_id: &mut impl FnMut(&'static str) -> String,
    ) -> Self {
        let language = bot.language;
        let (id, ref_id) = (new_id("dg"), new_id(""));
        let (intent_id, message_id, message_node) = (new_id("dc"), new_id("dc"), new_id("nd-msg"));
        let key = name.replace(' ', "");
        let intent = json!({
            "_id": intent_id,
            "refId": new_id(""),
            "name": key,
            "type": "intent",
            "dialogId": id,
            "localeData": {language: {"intent": name, "desc": name}},
            "preConditions": [],
            "vNameSpace": [],
            "useTaskLevelNs": true,
        });
        let says = json!({
            "_id": message_id,
            "refId": new_id(""),
            "name": format!("{key}Message"),
            "type": "message",
            "message": [message(language, text)],
            "applyDefaultTemplate": false,
            "localeData": {language: {"label": format!("{key}Message")}},
            "preConditions": [],
            "vNameSpace": [],
            "useTaskLevelNs": true,
        });
        let dialog = json!({
            "_id": id,
            "refId": ref_id,
            "nodes": [
                node("intent", &intent_id, "intent0", &message_node, 100),
                node("message", &message_id, &message_node, "end", 240),
            ],
            "lname": name.to_lowercase(),
            "isHidden": true,
            "localeData": {language: {"name": name, "shortDesc": name}},
            "groups": [],
            "isFollowUp": true,
            "interruptOptions": {"priority": "bot"},
            "contextLifeTime": {"options": "close"},
            "amendConfig": {"priority": "bot"},
            "vNameSpace": [namespace],
        });
        Self { id, ref_id, dialog, intent, message: says }
    }
}

fn node(kind: &str, component: &str, id: &str, next: &str, top: u32) -> Value {
    json!({
        "type": kind,
        "componentId": component,
        "nodeId": id,
        "transitions": [{"default": next, "metadata": {}}],
        "positionMeta": {"left": 750, "top": top},
        "vNameSpace": [],
        "preConditions": [],
        "useTaskLevelNs": true,
        "nodeOptions": {
            "transitionType": "auto",
            "promptOptions": "required",
            "message": [],
            "errorMessage": [],
            "interruptOptions": {"priority": "task"},
            "transitionMode": "initiateCurrentTask",
            "contextTags": [],
            "customTags": {"session": [], "message": [], "user": [], "altText": []},
        },
    })
}

fn message(language: &str, text: &str) -> Value {
    json!({"channel": "default", "localeData": {language: {"text": text, "type": "basic"}}})
}

fn starts(task: &Task) -> Value {
    json!({"enabled": true, "action": "triggerDialog", "task": task.ref_id, "script": null, "msg": []})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::compile::compile;
    use crate::summary::Summary;
    use crate::{Config, Document};

    #[test]
    fn a_new_bot_is_a_whole_one() {
        for (name, language, kind) in
            [("Greeter", "en", "default"), ("\"Grüße\" \\ 🙂", "de", "taskbot"), ("All", "en", "universalbot")]
        {
            let mut count = 0;
            let new_id = |prefix: &'static str| {
                count += 1;
                let dash = if prefix.is_empty() { "" } else { "-" };
                format!("{prefix}{dash}00000000-0000-5000-8000-{count:012}")
            };
            let bot = Blank {
                id: "st-00000000-0000-5000-8000-000000000000",
                ref_id: "00000000-0000-5000-9000-000000000000",
                name,
                description: "Says hello",
                language,
                kind,
                purpose: "customer",
                color: "#336699",
            };
            let (definition, config) = blank(&bot, new_id);
            let definition = Document::parse(definition, "botDefinition.json").expect("JSON");
            let config = Config::parse(config, "config.json").expect("JSON");
            let report = check(&definition, &config);
            assert_eq!((report.errors, report.warnings), (vec![], vec![]), "{name}");
            let summary = Summary::of(&definition).expect("a bot");
            assert_eq!(summary.name.as_deref(), Some(name));
            assert_eq!(config.name().as_deref(), Some(name));
            assert_eq!((summary.default_language.as_str(), summary.color.as_deref()), (language, Some("#336699")));
            assert_eq!((summary.counts.dialogs, summary.counts.components), (2, 4));
            assert!(compile(&definition, &config, &[]).parts.iter().all(|part| part.errors.is_empty()));
        }
    }
}
