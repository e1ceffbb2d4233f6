//! A bot as large as the largest in use, made up but built as the vendor's builder builds them.
//!
//! Hundreds of dialogs with their components, messages in several channels, scripts, utterances: the proportions are
//! those of large public exports (a third dialogs, a third components, a third training data), and so is how well it
//! compresses.

use definition::blank::{Blank, blank};
use definition::write;
use domain::IdSource;
use serde_json::{Value, json};

/// The documents of the bot.
pub(super) struct LargeBot {
    pub(super) definition: String,
    pub(super) config: String,
    /// How many dialogs it has.
    pub(super) dialogs: usize,
}

const DIALOGS: usize = 330;
const STEPS: usize = 12;
const UTTERANCES: usize = 45;
/// Stands in the description and is replaced by what makes one copy differ from the others.
const MARK: &str = "copy 000000";

impl LargeBot {
    /// Makes the bot; the same one every time.
    pub(super) fn generate() -> Self {
        let mut words = Words(IdSource::seeded(20));
        let ids = IdSource::seeded(7);
        let new_id = |prefix: &str| if prefix.is_empty() { ids.uuid() } else { ids.prefixed(prefix) };
        let (id, ref_id) = (new_id("st"), new_id(""));
        let description = format!("Generated to be measured, {MARK}");
        let form = Blank {
            id: &id,
            ref_id: &ref_id,
            name: "Large bot",
            description: &description,
            language: "en",
            kind: "default",
            purpose: "customer",
            color: "#0d6efd",
        };
        let (definition, config) = blank(&form, new_id);
        let mut bot: Value = serde_json::from_str(&definition).expect("a blank bot is JSON");
        let mut lists = Lists::default();
        for _ in 0..DIALOGS {
            lists.add_dialog(&mut words, &new_id);
        }
        for (key, more) in
            [("dialogs", lists.dialogs), ("dialogComponents", lists.components), ("sentences", lists.sentences)]
        {
            bot[key].as_array_mut().expect("a blank bot has its lists").extend(more);
        }
        Self { definition: write::value(&bot), config, dialogs: DIALOGS }
    }

    /// Changes one place, so that nobody has seen this definition before; its size stays.
    pub(super) fn become_another(&mut self, number: usize) {
        let at = self.definition.find(&MARK[..5]).expect("the description stays");
        let mark = format!("{}{number:06}", &MARK[..5]);
        self.definition.replace_range(at..at + MARK.len(), &mark);
    }
}

#[derive(Default)]
struct Lists {
    dialogs: Vec<Value>,
    components: Vec<Value>,
    sentences: Vec<Value>,
}

impl Lists {
    /// A dialog that asks for a few things, fetches something, and tells about it.
    fn add_dialog(&mut self, words: &mut Words, new_id: &impl Fn(&str) -> String) {
        let name = words.title(3);
        let id = new_id("dg");
        let kinds = ["intent", "entity", "message", "entity", "script", "service", "message"];
        let nodes: Vec<(&str, String, String)> = (0..STEPS)
            .map(|step| {
                let kind = if step == 0 { "intent" } else { kinds[1 + (step - 1) % (kinds.len() - 1)] };
                (kind, if step == 0 { "intent0".to_owned() } else { format!("{kind}{step}") }, new_id("dc"))
            })
            .collect();
        for (kind, _, component) in &nodes {
            self.components.push(component_of(kind, component, &id, &name, words, new_id));
        }
        let next = |at: usize| nodes.get(at + 1).map_or("end", |(_, node, _)| node.as_str());
        let drawn: Vec<Value> = nodes
            .iter()
            .enumerate()
            .map(|(at, (kind, node, component))| node_of(kind, node, component, next(at), at))
            .collect();
        self.dialogs.push(json!({
            "_id": id,
            "refId": new_id(""),
            "nodes": drawn,
            "lname": name.to_lowercase(),
            "isHidden": false,
            "localeData": {"en": {"name": name, "shortDesc": words.sentence(8)}},
            "groups": [],
            "isFollowUp": false,
            "interruptOptions": {"priority": "bot"},
            "contextLifeTime": {"options": "close"},
            "amendConfig": {"priority": "bot"},
            "vNameSpace": [],
        }));
        for _ in 0..UTTERANCES {
            self.sentences.push(json!({
                "_id": words.0.object_id(),
                "taskId": nodes[0].2,
                "sentence": words.sentence(7),
                "type": "DialogIntent",
                "entities": [],
                "language": "en",
                "taskName": name,
            }));
        }
    }
}

fn node_of(kind: &str, node: &str, component: &str, next: &str, at: usize) -> Value {
    json!({
        "nodeOptions": {
            "customTags": {"session": [], "message": [], "user": []},
            "transitionType": "auto",
            "isRetriesExceeded": false,
            "promptOptions": "required",
            "reuseMarkedupPhrases": false,
            "interruptOptions": {"priority": "task"},
            "transitionMode": "initiateCurrentTask",
            "inputHandlingOptions": "useAsEntityValue",
            "reuseOptions": "1",
            "userInputCorrection": true,
            "noAutoCorrection": false,
            "notForReuse": false,
            "contextTags": [],
            "message": [],
            "errorMessage": [],
        },
        "vNameSpace": [],
        "preConditions": [],
        "useTaskLevelNs": true,
        "nodeId": node,
        "type": kind,
        "transitions": [{"default": next, "metadata": {"color": "#299d8e", "connId": format!("dummy{at}")}}],
        "metadata": {"left": 81 + at * 90, "top": 58 + at * 120},
        "componentId": component,
    })
}

fn component_of(
    kind: &str,
    id: &str,
    dialog: &str,
    task: &str,
    words: &mut Words,
    new_id: &impl Fn(&str) -> String,
) -> Value {
    let name = words.title(2).replace(' ', "");
    let mut component = json!({
        "_id": id,
        "refId": new_id(""),
        "name": name,
        "piiDataEnabled": false,
        "type": kind,
        "localeData": {"en": {"label": name}},
        "applyDefaultTemplate": false,
        "preConditions": [],
        "vNameSpace": [],
        "useTaskLevelNs": true,
        "spellcorrectThreshold": 0.95,
    });
    match kind {
        "intent" => {
            component["name"] = json!(task);
            component["dialogId"] = json!(dialog);
            component["localeData"] = json!({"en": {"intent": task, "desc": words.sentence(9)}});
        }
        "entity" => {
            component["entityType"] = json!("list_of_values");
            component["message"] = json!([words.message("default", "basic", 12), words.message("rtm", "uxmap", 60)]);
            component["errorMessage"] = json!([words.message("default", "basic", 10)]);
            let values: Vec<Value> = (0..4)
                .map(|_| json!({"title": words.title(2), "value": words.title(1), "synonyms": [words.title(1), words.title(1)]}))
                .collect();
            component["localeData"]["en"]["allowedValues"] = json!({"values": values});
        }
        "script" => component["script"] = json!(words.script(40)),
        "service" => {
            component["endPoint"] = json!({"protocol": "https", "host": "api.example.com", "port": "", "path":
                format!("%2Fv1%2F{}%2F%7B%7Bcontext.entities.{name}%7D%7D", words.word()), "method": "get", "connectorEnabled": false});
            component["headers"] = json!({"type": "raw", "value": "{}"});
            component["payload"] = json!({"type": "raw", "value": words.script(15)});
            component["idp"] = json!("none");
            component["serviceType"] = json!("rest");
            component["serviceAPITimeout"] = json!("10");
        }
        _ => component["message"] = json!([words.message("default", "basic", 18), words.message("rtm", "uxmap", 80)]),
    }
    component
}

/// Words that are chosen by chance and spelled as texts of people are.
struct Words(IdSource);

const SYLLABLES: [&str; 32] = [
    "or", "der", "pay", "ment", "ac", "count", "ship", "ping", "can", "cel", "re", "fund", "ad", "dress", "in",
    "voice", "de", "liv", "er", "y", "bal", "ance", "tick", "et", "sta", "tus", "pro", "duct", "price", "a", "the",
    "my",
];

impl Words {
    fn word(&self) -> String {
        let bytes: [u8; 4] = self.0.bytes();
        let syllables = 1 + usize::from(bytes[3] % 3);
        bytes[..syllables].iter().map(|byte| SYLLABLES[usize::from(byte % 32)]).collect()
    }

    fn sentence(&self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn title(&self, words: usize) -> String {
        let capital = |word: String| word[..1].to_uppercase() + &word[1..];
        (0..words).map(|_| capital(self.word())).collect::<Vec<_>>().join(" ")
    }

    /// A script as the builder saves it: percent-encoded.
    fn script(&self, words: usize) -> String {
        let lines: Vec<String> = (0..words / 5 + 1)
            .map(|_| format!("context.{}%20%3D%20%22{}%22%3B", self.word(), self.sentence(4).replace(' ', "%20")))
            .collect();
        lines.join("%0A")
    }

    fn message(&self, channel: &str, kind: &str, words: usize) -> Value {
        let text = if kind == "uxmap" { self.script(words) } else { self.sentence(words).replace(' ', "%20") };
        json!({"channel": channel, "localeData": {"en": {"text": text, "type": kind}}})
    }
}
