//! Bots for tests of conversations, written short: an export is made of a description.
//!
//! A description is JSON: `{"name", "dialogs": [{"name", "nodes": [node, …], …}], …}`. A node is named by its `id` and by
//! the member that says what it does (`entity`, `message`, `confirm`, `script`, `service` …); where it says nothing of
//! what comes `next`, the following node does, and the end behind the last. A bot has also `events`, `moods` (events of
//! tones), `faqs`, `smallTalk`, `synonyms`, `responses` (standard responses: `{"of": condition, "say": text}`), `env` and
//! `content`; a dialog `utterances`, `patterns` and what happens at its `failure`. Members that are not listed here go into
//! the export as they are: those of `component` into the component, of `node` into the node, of `options` into `nodeOptions`, of `export` into the
//! dialog or the top level.

mod answers;

use serde_json::{Map, Value, json};

use self::answers::{knowledge, small_talk};
use super::BotFiles;

/// The files of the bot that a description stands for.
pub fn bot(description: &Value) -> BotFiles {
    let sample = BotFiles::sample();
    let mut definition = sample.definition_value();
    let name = text(&description["name"]);
    for list in [
        "actions",
        "alerts",
        "patterns",
        "dialogComponents",
        "dialogs",
        "scenes",
        "sceneComponents",
        "knowledgeTasks",
        "forms",
        "sentences",
        "koraResponses",
        "mlParams",
        "contentVariables",
        "traits",
        "idpConfigurations",
        "customDashboards",
        "widgets",
        "panels",
        "botSentimentEvents",
        "channels",
    ] {
        definition[list] = json!([]);
    }
    definition["refId"] = json!(uuid(&name));
    definition["localeData"]["en"]["name"] = json!(name);
    definition["botEvents"] = json!({});
    definition.as_object_mut().unwrap().remove("defaultDialogId");
    let mut maker = Maker::default();
    for dialog in list(&description["dialogs"]) {
        maker.dialog(dialog);
    }
    for form in list(&description["forms"]) {
        maker.form(form);
    }
    definition["dialogs"] = Value::Array(maker.dialogs);
    definition["dialogComponents"] = Value::Array(maker.components);
    definition["sentences"] = Value::Array(maker.sentences);
    definition["patterns"] = Value::Array(maker.patterns);
    definition["forms"] = Value::Array(maker.forms);
    let events = members(&description["events"]).map(|(name, what)| (name.clone(), event(what)));
    let events: Map<String, Value> = events.collect();
    definition["botEvents"] = Value::Object(events);
    let content = members(&description["content"]).map(|(key, value)| {
        json!({"key": key, "variableType": "locale", "scope": "prePopulated", "vNameSpace": [],
               "localeData": {"en": {"value": value, "hint": ""}}})
    });
    definition["contentVariables"] = content.collect();
    for (word, synonyms) in members(&description["synonyms"]) {
        definition["localeData"]["en"]["synonyms"][word] = synonyms.clone();
    }
    let changed = list(&description["responses"]).map(|it| {
        json!({"Key": it["of"], "Condition": it["of"], "Original Message": [], "MessageType": "Statement", "language": "en",
            "channelUXMaps": [{"taskUXMaps": [], "fieldUXMaps": [], "channel": "default",
                "botUXMap": {"uXMap": it["say"], "isMarkDown": true}}]})
    });
    definition["koraResponses"] = changed.collect();
    for event in list(&description["moods"]) {
        let mut made = self::event(event);
        for (member, given) in members(event) {
            made[member] = given.clone();
        }
        definition["botSentimentEvents"].as_array_mut().unwrap().push(made);
    }
    if let Some(faqs) = description.get("faqs") {
        definition["knowledgeTasks"] = json!([knowledge(faqs, &name)]);
    }
    if let Some(talk) = description.get("smallTalk") {
        definition["smallTalk"] = small_talk(talk);
    }
    for (key, value) in members(&description["export"]) {
        definition[key] = value.clone();
    }
    let env = members(&description["env"]).map(|(key, written)| {
        let (value, namespaces) = match written.get("in") {
            Some(namespaces) => (&written["value"], namespaces.clone()),
            None => (written, json!([])),
        };
        json!({"key": key, "value": value, "variableType": "env", "hint": "", "scope": "prePopulated",
            "vNameSpace": namespaces})
    });
    let config = json!({"name": name, "envVariables": env.collect::<Vec<_>>()});
    BotFiles {
        definition_file: domain::DefinitionFile::default(),
        definition: serde_json::to_vec_pretty(&definition).unwrap(),
        config: serde_json::to_vec_pretty(&config).unwrap(),
        icon: sample.icon,
        functions: description["functions"].as_str().map(|source| source.as_bytes().to_vec()),
    }
}

/// An event: the name of a dialog, `{"say": text}`, `{"script": script}` or `{"dialog": name}`, with `first` for what a
/// first message is answered with; anything else is taken as it is.
fn event(written: &Value) -> Value {
    let mut made = match written {
        Value::String(dialog) => json!({"action": "triggerDialog", "task": dialog_ref(dialog)}),
        Value::Object(event) => match (event.get("say"), event.get("script"), event.get("dialog")) {
            (Some(said), ..) => json!({"action": "showMsg", "task": null, "msg": texts(said)}),
            (_, Some(script), _) => json!({"action": "runScript", "task": null, "script": encoded(&text(script))}),
            (.., Some(dialog)) => json!({"action": "triggerDialog", "task": dialog_ref(&text(dialog))}),
            _ => return written.clone(),
        },
        other => return other.clone(),
    };
    made["enabled"] = json!(true);
    made["manageFirstMessage"] =
        json!({"greetings": "respondToUserInput", "faq": "respondToUserInput", "task": "respondToUserInput"});
    for (kind, answer) in members(&written["first"]) {
        made["manageFirstMessage"][kind] = answer.clone();
    }
    made
}

/// The `refId` of a dialog of a description.
pub fn dialog_ref(name: &str) -> String {
    uuid(&format!("dialog {name}"))
}

#[derive(Default)]
struct Maker {
    dialogs: Vec<Value>,
    components: Vec<Value>,
    sentences: Vec<Value>,
    patterns: Vec<Value>,
    forms: Vec<Value>,
}

impl Maker {
    fn dialog(&mut self, dialog: &Value) {
        let name = text(&dialog["name"]);
        let intent = self.component(
            &name,
            &name,
            json!({"type": "intent", "dialogId": dialog_id(&name),
            "localeData": {"en": {"intent": name, "desc": ""}}}),
        );
        for (at, sentence) in list(&dialog["utterances"]).enumerate() {
            self.sentences.push(json!({"_id": format!("{:024x}", hash(&format!("{name} {at}"))), "taskId": intent,
                "taskName": name, "type": "DialogIntent", "sentence": sentence, "language": "en", "entities": []}));
        }
        let patterns: Vec<Value> = list(&dialog["patterns"]).map(|it| json!({"original": it, "value": it})).collect();
        if !patterns.is_empty() {
            self.patterns.push(json!({"refId": uuid(&format!("component {name} {name}")), "taskName": name,
                "taskType": "intent", "nodeType": "dialog", "localeData": {"en": {"patterns": patterns}}}));
        }
        let nodes: Vec<&Value> = list(&dialog["nodes"]).collect();
        let first = nodes.first().map_or_else(|| "end".to_owned(), |node| text(&node["id"]));
        let mut made = vec![json!({"type": "intent", "componentId": intent, "nodeId": "intent0",
            "transitions": [{"default": first, "metadata": {}}], "nodeOptions": {"transitionType": "auto"},
            "preConditions": [], "vNameSpace": [], "useTaskLevelNs": true})];
        for (at, node) in nodes.iter().enumerate() {
            let next = nodes.get(at + 1).map_or_else(|| json!("end"), |node| json!(text(&node["id"])));
            made.push(self.node(&name, node, &next));
        }
        let mut record = json!({"_id": dialog_id(&name), "refId": dialog_ref(&name), "nodes": made,
            "lname": name.to_lowercase(), "isHidden": dialog["hidden"] == true, "isFollowUp": false, "groups": [],
            "localeData": {"en": {"name": name, "shortDesc": ""}}, "interruptOptions": {"priority": "bot"},
            "contextLifeTime": {"options": "close"}, "amendConfig": {"priority": "bot"}, "vNameSpace": []});
        for (key, value) in members(&dialog["export"]) {
            record[key] = value.clone();
        }
        if let Some(failure) = dialog.get("failure") {
            record["onTaskFailure"] = event(failure);
        }
        self.dialogs.push(record);
    }

    fn node(&mut self, dialog: &str, node: &Value, next: &Value) -> Value {
        let id = text(&node["id"]);
        let mut made = json!({"nodeId": text(&node["id"]), "nodeOptions": {
                "customTags": {"session": [], "message": [], "user": []}, "transitionType": "auto",
                "promptOptions": "required", "interruptOptions": {"priority": "task"}, "reuseOptions": "1",
                "transitionMode": "initiateCurrentTask", "inputHandlingOptions": "useAsEntityValue",
                "contextTags": [], "message": [], "errorMessage": [], "precedence": "entityOverIntent"},
            "preConditions": [], "vNameSpace": [], "useTaskLevelNs": true, "positionMeta": {"left": 0, "top": 0}});
        let locale = json!({"en": {"label": id}});
        let mut component = json!({"localeData": locale});
        let kind = if let Some(entity) = node.get("entity") {
            component["entityType"] = entity.clone();
            component["message"] = texts(&node["prompt"]);
            component["errorMessage"] = node.get("error").map_or_else(|| texts(&json!("That does not fit.")), texts);
            component["applyDefaultTemplate"] = json!(node["lists"] == true);
            component["isArray"] = json!(node["many"] == true);
            if let Some(values) = node.get("values") {
                component["localeData"]["en"]["allowedValues"] = match values {
                    Value::Array(items) => json!({"values": items.iter().map(choice).collect::<Vec<_>>()}),
                    other => other.clone(),
                };
            }
            made["nodeOptions"]["eventOptions"] =
                json!({"defaultMaxRetry": {"retry_limit": 5, "action": "endOfDialog"}});
            "entity"
        } else if let Some(message) = node.get("message") {
            component["message"] = texts(message);
            if node["waits"] == true {
                made["nodeOptions"]["transitionType"] = json!("onInput");
            }
            "message"
        } else if let Some(prompt) = node.get("confirm") {
            component["message"] = texts(prompt);
            component["applyDefaultTemplate"] = json!(node["lists"] == true);
            component["localeData"]["en"]["synonyms"] =
                json!({"yes": node.get("yes").unwrap_or(&json!([])), "no": node.get("no").unwrap_or(&json!([]))});
            "dialogAct"
        } else if let Some(script) = node.get("script") {
            component["script"] = json!(encoded(&text(script)));
            "script"
        } else if let Some(service) = node.get("service") {
            component["serviceType"] = json!("rest");
            component["serviceNodeType"] = json!("custom");
            component["idp"] = json!("none");
            component["endPoint"] = json!({"port": "", "path": encoded(&text(&service["url"])),
                "method": service.get("method").cloned().unwrap_or_else(|| json!("get")), "connectorEnabled": false});
            component["headers"] = json!({"type": "raw", "value": service.get("headers").map_or_else(|| "{}".to_owned(), Value::to_string)});
            component["payload"] = json!({"type": "raw", "value": encoded(&text(&service["body"]))});
            component["serviceAPITimeout"] = service.get("timeout").cloned().unwrap_or_else(|| json!(5));
            if let Some(sample) = service.get("sample") {
                component["sampleResponse"] =
                    json!([{"name": "sampleResponse", "isDefault": true, "response": sample.to_string()}]);
            }
            for script in ["preProcessor", "postProcessor"] {
                if let Some(source) = service.get(script) {
                    component[script] = json!(encoded(&text(source)));
                }
            }
            "service"
        } else if let Some(table) = node.get("table") {
            component["serviceNodeType"] = json!("datatable");
            component["payload"] = table.clone();
            component["payload"]["resource"] = json!("dataTable");
            "service"
        } else if let Some(inner) = node.get("action") {
            let inner: Vec<&Value> = list(inner).collect();
            let mut graph = Vec::new();
            for (at, one) in inner.iter().enumerate() {
                let next = inner.get(at + 1).map_or_else(|| json!("end"), |node| json!(text(&node["id"])));
                let mut one = self.node(dialog, one, &next);
                if at == 0 {
                    one["level"] = json!("root");
                }
                graph.push(one);
            }
            component["nodes"] = json!(graph);
            made["nodes"] = json!(graph);
            "botAction"
        } else if let Some(called) = node.get("dialog") {
            made["flowTaskId"] = json!(dialog_ref(&text(called)));
            component["dialogId"] = json!(dialog_id(&text(called)));
            component["localeData"]["en"]["intent"] = called.clone();
            for (ours, theirs) in [("before", "contextMap"), ("after", "postContextMap")] {
                if let Some(map) = node.get(ours) {
                    made[theirs] = json!(map.to_string());
                }
            }
            if node["replaces"] == true {
                made["nodeOptions"]["transitionMode"] = json!("endCurrentTask");
            }
            "intent"
        } else if let Some(intent) = node.get("subIntent") {
            component["localeData"]["en"]["intent"] = intent.clone();
            "intent"
        } else if let Some(form) = node.get("form") {
            component["resourceId"] = json!(uuid(&format!("form {}", text(form))));
            component["rtmRenderType"] = json!("inline");
            component["message"] = texts(&node["prompt"]);
            component["errorMessage"] = texts(&json!("Please look at the form again."));
            component["submitMessage"] = node.get("submitted").map_or_else(|| texts(&json!("Thank you.")), texts);
            "form"
        } else if node.get("transfer").is_some() {
            "agentTransfer"
        } else if node.get("webhook").is_some() {
            "webhook"
        } else if let Some(generative) = node.get("generative") {
            component["generativeAI"] = generative.clone();
            "generativeai"
        } else if let Some(agent) = node.get("agent") {
            component["generativeAI"] = json!({"dynamicEntityConfig": agent});
            for script in ["preProcessorScript", "postProcessorScript"] {
                if let Some(source) = node.get(script) {
                    component["generativeAI"][script] = json!(encoded(&text(source)));
                }
            }
            "aiassist"
        } else {
            node.get("type").and_then(Value::as_str).unwrap_or("logic")
        };
        component["type"] = json!(kind);
        made["type"] = json!(kind);
        for (key, value) in members(&node["component"]) {
            component[key] = value.clone();
        }
        for (key, value) in members(&node["options"]) {
            made["nodeOptions"][key] = value.clone();
        }
        for (key, value) in members(&node["node"]) {
            made[key] = value.clone();
        }
        let name = node.get("name").map_or_else(|| id.clone(), text);
        made["componentId"] = json!(self.component(dialog, &name, component));
        if let Some(sentences) = node.get("utterances") {
            for (at, sentence) in list(sentences).enumerate() {
                self.sentences.push(json!({"_id": format!("{:024x}", hash(&format!("{dialog} {id} {at}"))),
                    "taskId": made["componentId"], "taskName": id, "type": "DialogIntent", "sentence": sentence,
                    "language": "en", "entities": []}));
            }
        }
        let transitions = match node.get("next") {
            None => json!([{"default": next, "metadata": {}}]),
            Some(Value::String(target)) => json!([{"default": target, "metadata": {}}]),
            Some(all) => list(all).map(|it| transition(dialog, it)).collect(),
        };
        made["transitions"] = transitions;
        made
    }

    fn component(&mut self, dialog: &str, name: &str, mut component: Value) -> Value {
        let id = format!("dc-{}", uuid(&format!("component id {dialog} {name}")));
        component["_id"] = json!(id);
        if component.get("refId").is_none() {
            component["refId"] = json!(uuid(&format!("component {dialog} {name}")));
        }
        component["name"] = json!(name);
        component["vNameSpace"] = json!([]);
        component["useTaskLevelNs"] = json!(true);
        component["preConditions"] = json!([]);
        if self.components.iter().all(|known| known["_id"] != component["_id"]) {
            self.components.push(component);
        }
        json!(id)
    }

    fn form(&mut self, form: &Value) {
        let name = text(&form["name"]);
        let components: Vec<Value> = list(&form["fields"])
            .map(|field| {
                json!({"name": field["name"], "type": field["type"], "refId": uuid(&format!("field {name} {}", field["name"])),
                    "metaData": {"type": field["type"], "name": field["name"], "displayName": field["name"],
                        "required": field["required"] == true, "values": field.get("values").unwrap_or(&json!([]))}})
            })
            .collect();
        self.forms.push(json!({"name": name, "displayName": name, "type": "regular",
            "refId": uuid(&format!("form {name}")), "components": components, "integrations": []}));
    }
}

/// A way out. `{"if": {"followUp": "<sub-intent>"}}` asks whether the answer named a sub-intent of the dialog, too.
fn transition(dialog: &str, written: &Value) -> Value {
    let mut made = json!({"metadata": {}});
    if let Some(condition) = written.get("if") {
        let mut condition = condition.clone();
        if let Some(name) = condition.get("followUp").and_then(Value::as_str) {
            let component = uuid(&format!("component {dialog} {name}"));
            condition = json!({"context": "context.FollowupIntents", "op": "cnt", "value": component});
        }
        made["if"] = condition;
        made["then"] = json!(text(&written["then"]));
    } else {
        made["default"] = json!(text(&written["default"]));
    }
    made
}

/// Message entries: a text, `{"js": script}`, `{"say": text, "buttons": […]}`, `{channel: text}`, or a list of variants.
fn texts(written: &Value) -> Value {
    let entry = |channel: &str, kind: &str, text: &str| json!({"channel": channel, "localeData": {"en": {"type": kind, "text": encoded(text)}}});
    match written {
        Value::String(text) => json!([entry("default", "basic", text)]),
        Value::Array(variants) => variants.iter().flat_map(|one| list_of(texts(one))).collect(),
        Value::Object(object) => {
            if let Some(script) = object.get("js") {
                return json!([entry("default", "uxmap", &text(script))]);
            }
            if let Some(buttons) = object.get("buttons") {
                let said = encoded(&text(&object["say"]));
                let payload = json!({"template_type": "button", "text": said, "buttons": buttons, "uiText": "x"});
                return json!([{"channel": "default",
                    "localeData": {"en": {"type": "basic", "text": "", "payload": payload}}}]);
            }
            object.iter().map(|(channel, one)| entry(channel, "basic", &text(one))).collect()
        }
        _ => json!([]),
    }
}

fn choice(item: &Value) -> Value {
    match item {
        Value::String(title) => json!({"title": title, "value": title, "synonyms": []}),
        other => other.clone(),
    }
}

fn dialog_id(name: &str) -> String {
    format!("dg-{}", uuid(&format!("dialog id {name}")))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn list_of(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        _ => Vec::new(),
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A text as the vendor's builder saves it.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// FNV-1a: ids that are the same in every run.
fn hash(text: &str) -> u128 {
    let step = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, step)
}

fn uuid(text: &str) -> String {
    let hex = format!("{:032x}", hash(text));
    format!("{}-{}-5{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
