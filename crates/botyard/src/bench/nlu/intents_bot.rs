//! A bot made of a data set: each intent is a dialog of its name, with the utterances of the set and default settings.

use std::collections::BTreeMap;

use definition::blank::{Blank, blank};
use definition::write;
use domain::IdSource;
use serde_json::{Value, json};

/// The two documents of the bot, `botDefinition.json` and `config.json`: the same for the same rows. `rows` are intents and
/// utterances; the intents give the names of the tasks, as people would write them.
pub(super) fn documents<'r>(
    name: &str,
    language: &str,
    rows: impl IntoIterator<Item = (&'r str, &'r str)>,
) -> (String, String) {
    let ids = IdSource::seeded(7);
    let new_id = |prefix: &str| if prefix.is_empty() { ids.uuid() } else { ids.prefixed(prefix) };
    let (id, ref_id) = (new_id("st"), new_id(""));
    let form = Blank {
        id: &id,
        ref_id: &ref_id,
        name,
        description: "Made of a data set to be measured",
        language,
        kind: "default",
        purpose: "customer",
        color: "#0d6efd",
    };
    let (definition, config) = blank(&form, new_id);
    let mut bot: Value = serde_json::from_str(&definition).expect("a blank bot is JSON");
    let mut intents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (intent, utterance) in rows {
        intents.entry(intent).or_default().push(utterance);
    }
    let [mut dialogs, mut components, mut sentences] = [const { Vec::new() }; 3];
    for (intent, utterances) in intents {
        let task = task_name(intent);
        let [dialog, component, message] = ["dg", "dc", "dc"].map(new_id);
        components.push(json!({
            "_id": component, "refId": new_id(""), "name": task, "type": "intent", "dialogId": dialog,
            "localeData": {language: {"intent": task}},
        }));
        components.push(json!({
            "_id": message, "refId": new_id(""), "name": format!("message{}", components.len()), "type": "message",
            "localeData": {language: {}},
            "message": [{"channel": "default", "localeData": {language: {"text": "Done.", "type": "basic"}}}],
        }));
        let node = |name: &str, kind: &str, component: &str, next: &str| json!({"nodeId": name, "type": kind, "componentId": component, "transitions": [{"default": next}]});
        dialogs.push(json!({
            "_id": dialog, "refId": new_id(""), "lname": task.to_lowercase(), "isHidden": false, "isFollowUp": false,
            "localeData": {language: {"name": task}},
            "nodes": [node("intent0", "intent", &component, "message1"), node("message1", "message", &message, "end")],
        }));
        sentences.extend(utterances.into_iter().map(|utterance| {
            json!({
                "_id": ids.object_id(), "taskId": component, "sentence": utterance, "type": "DialogIntent",
                "entities": [], "language": language, "taskName": task,
            })
        }));
    }
    for (key, more) in [("dialogs", dialogs), ("dialogComponents", components), ("sentences", sentences)] {
        match bot[key].as_array_mut() {
            Some(list) => list.extend(more),
            None => bot[key] = Value::Array(more),
        }
    }
    (write::value(&bot), config)
}

/// The name of an intent of a data set as the name of a task: `card_payment/fee` is "card payment fee".
pub(super) fn task_name(intent: &str) -> String {
    let blanks = intent.replace(['_', '/', '-', '.'], " ");
    blanks.split_whitespace().collect::<Vec<_>>().join(" ")
}
