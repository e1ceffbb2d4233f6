//! Making definitions ready to run.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod asking;
mod conditions;
mod corpus;
mod events;
mod nodes;
mod odd;
mod services;
mod settings;

use definition::{Config, Document};
use dialog::Bot;
use dialog::bot::{Piece, Text, Texts};
use dialog::node::Node;
use serde_json::{Value, json};

/// The bot of a definition, without variables.
fn read(definition: &Value) -> Bot {
    let config = json!({});
    read_with(definition, &config, &[], &[])
}

fn read_with(definition: &Value, config: &Value, functions: &[(String, String)], secured: &[(String, String)]) -> Bot {
    let definition = Document::parse(definition.to_string(), "botDefinition.json").unwrap();
    let config = Config::parse(config.to_string(), "config.json").unwrap();
    Bot::read(&definition, &config, functions, secured).unwrap()
}

/// A bot with one dialog: a start that leads to a node of this component.
fn with_node(mut node: Value, mut component: Value) -> Value {
    node["nodeId"] = json!("n");
    node["componentId"] = json!("dc-n");
    component["_id"] = json!("dc-n");
    component["type"] = node["type"].clone();
    if component["name"].is_null() {
        component["name"] = json!("Name");
    }
    json!({
        "localeData": {"en": {"name": "Demo"}},
        "dialogs": [
            {"_id": "dg-1", "refId": "r-1", "lname": "one", "nodes": [
                {"type": "intent", "nodeId": "intent0", "componentId": "dc-0", "transitions": [{"default": "n"}]},
                node,
                {"type": "entity", "nodeId": "other", "componentId": "dc-other", "transitions": []},
            ]},
            {"_id": "dg-2", "refId": "r-2", "lname": "two", "nodes": [
                {"type": "intent", "nodeId": "intent0", "componentId": "dc-2", "transitions": [{"default": "end"}]},
            ]},
            {"_id": "dg-stub", "refId": "r-stub", "lname": "stub"},
        ],
        "dialogComponents": [
            {"_id": "dc-0", "type": "intent", "name": "One", "dialogId": "dg-1"},
            {"_id": "dc-2", "refId": "cr-2", "type": "intent", "name": "Two", "dialogId": "dg-2"},
            {"_id": "dc-other", "type": "entity", "name": "Other", "entityType": "number"},
            component,
        ],
    })
}

/// The node of [`with_node`], and what was found.
fn node(node: Value, component: Value) -> (Node, Vec<String>) {
    let bot = read(&with_node(node, component));
    let found = bot.dialogs[0].node("n").unwrap().clone();
    assert!(bot.findings.iter().all(|finding| finding.dialog == "dg-1" || finding.dialog.is_empty()));
    (found, messages(&bot))
}

/// The messages of all findings.
fn messages(bot: &Bot) -> Vec<String> {
    bot.findings.iter().map(|finding| finding.message.clone()).collect()
}

/// A message entry for all channels.
fn said(text: &str) -> Value {
    json!([{"channel": "default", "localeData": {"en": {"type": "basic", "text": text}}}])
}

/// All texts of a message: channel, language, text with its templates in braces; scripts in `<% %>`.
fn shown(texts: &Texts) -> Vec<String> {
    let entries = texts.0.iter();
    let shown = entries.flat_map(|entry| {
        entry.texts.iter().map(|(language, text)| format!("{}/{language}: {}", entry.channel, written(text)))
    });
    shown.collect()
}

fn written(text: &Text) -> String {
    let pieces = text.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Expression(expression) => format!("{{{{{expression}}}}}"),
    });
    let written: String = pieces.collect();
    if text.is_script { format!("<%{written}%>") } else { written }
}
