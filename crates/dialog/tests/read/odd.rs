//! Nothing in a definition makes reading fail or panic, but a top-level list that is none.

use definition::{Config, Document};
use dialog::Bot;
use serde_json::{Value, json};

use super::{said, with_node};

/// A definition in which every reader finds something.
fn rich() -> Value {
    let mut definition = with_node(
        json!({
            "type": "service", "preConditions": ["a"], "vNameSpace": ["ns"],
            "transitions": [
                {"if": {"conjoin": "and", "tests": [{"field": "other", "op": "eq", "value": "1"}]}, "then": "other"},
                {"default": "end"},
            ],
            "nodeOptions": {
                "message": said("m"), "contextTags": ["a"], "customTags": {"session": [{"name": "a", "value": "b"}], "altText": ["a"]},
                "interruptOptions": {"priority": "node", "type": {"option": "developer"}, "numTasksToHold": "1"},
                "eventOptions": {"defaultMaxRetry": {"retry_limit": 3, "action": "executeNode", "ref": "other"}},
                "entityRules": [{"name": "discardAsCommand"}],
            },
        }),
        json!({
            "endPoint": {"host": "h", "port": "1", "path": "p", "method": "get", "protocol": "https"},
            "headers": {"value": "{}"}, "payload": {"value": "{}"}, "idp": "P", "serviceAPITimeout": 20,
            "sampleResponse": [{"isDefault": true, "response": "{}"}], "timeOutError": {"ref": "other"},
        }),
    );
    let nodes = definition["dialogs"][0]["nodes"].as_array_mut().unwrap();
    nodes.push(json!({"type": "intent", "nodeId": "call", "componentId": "dc-2", "flowTaskId": "r-2", "contextMap": "{\"a\":\"b\"}"}));
    nodes.push(json!({"type": "botAction", "nodeId": "act", "componentId": "dc-a"}));
    let components = definition["dialogComponents"].as_array_mut().unwrap();
    components.push(json!({"_id": "dc-a", "type": "botAction", "name": "A", "nodes": [
        {"type": "service", "nodeId": "t", "componentId": "dc-t", "level": "root", "transitions": [{"default": ""}]}]}));
    components.push(json!({"_id": "dc-t", "type": "service", "serviceNodeType": "datatable", "payload": {
        "name": "t", "method": "query", "query": {"expressions": [{"field": "f", "value": "v"}]}, "data": {"c": "v"}}}));
    let dialog = &mut definition["dialogs"][0];
    dialog["groups"] = json!([{"name": "g", "nodes": ["n"], "subIntents": [{"nodeId": "call"}]}]);
    dialog["onTaskFailure"] = json!({"enabled": true, "msg": said("f")});
    dialog["followupTaskOptions"] = json!({"isFollowUp": true, "message": "f"});
    let rest = json!({
        "_id": "st-1", "defaultLanguage": "en", "supportedLanguages": ["en"], "defaultDialogId": "r-2",
        "interruptOptions": {"type": {"option": "developer"}}, "sessionInactiveTime": 1, "amendConfig": {"enabled": true},
        "runCustomScript": {"enable": true, "script": "a"}, "languagePreferences": {"type": "perSession"},
        "pii_patterns": [{"enabled": true, "regex": "a", "display": {"type": "masking", "first": 1}}],
        "botEvents": {"WELCOME_MESSAGE_EVENT": {"enabled": true, "action": "triggerDialog", "task": "r-2", "manageFirstMessage": {"faq": "x"}}},
        "botSentimentEvents": [{"name": "s", "action": "showMsg", "emotionConfig": {"messageTone": {"joy": {"min": 1}}}}],
        "koraResponses": [{"Condition": "help", "channelUXMaps": [{"channel": "rtm", "botUXMap": {"uXMap": "<% a %>"}}], "Original Message": ["o"]}],
        "contentVariables": [{"key": "k", "localeData": {"en": {"value": "v"}}}],
        "namespaces": [{"type": "system", "refId": "ns"}],
        "idpConfigurations": [{"refId": "P", "name": "P", "sso_type": "basic", "fields": [{"type": "header", "key": "k", "value": "v"}]}],
        "forms": [{"refId": "f", "name": "f", "components": [{"name": "c", "type": "radio", "metaData": {"values": [{"value": "v"}], "validations": {"min": 1}}}]}],
        "actions": [{"name": "a", "localeData": {"en": {"name": "n"}}}],
    });
    definition.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    definition
}

/// The JSON pointers of all values below this one.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let pointer = format!("{at}/{name}");
        pointers(child, &pointer, found);
        found.push(pointer);
    }
}

#[test]
fn odd_values_count_as_absent() {
    let definition = rich();
    let config = Config::parse("{}", "config.json").unwrap();
    let mut places = Vec::new();
    pointers(&definition, "", &mut places);
    assert!(places.len() > 200, "{}", places.len());
    let odd = [
        json!(null),
        json!(-1),
        json!(1e99),
        json!(""),
        json!("%F0%"),
        json!([]),
        json!([[null]]),
        json!({"": {}}),
        json!(true),
    ];
    for place in places {
        for value in &odd {
            let mut changed = definition.clone();
            *changed.pointer_mut(&place).unwrap() = value.clone();
            let document = Document::parse(changed.to_string(), "botDefinition.json").unwrap();
            let read = Bot::read(&document, &config, &[], &[]);
            // A member of the document itself is the only place where a list has to be one.
            let may_fail = place.matches('/').count() == 1 && !value.is_array() && !value.is_null();
            assert!(read.is_ok() || may_fail, "{place} {value}: {:?}", read.err());
        }
    }
}

#[test]
fn lists_have_to_be_lists() {
    for key in [
        "dialogs",
        "dialogComponents",
        "forms",
        "koraResponses",
        "contentVariables",
        "pii_patterns",
        "idpConfigurations",
    ] {
        let document = Document::parse(json!({key: {}}).to_string(), "botDefinition.json").unwrap();
        let error =
            Bot::read(&document, &Config::parse("{}", "config.json").unwrap(), &[], &[]).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("botDefinition.json:1:{}: at /{key}: expected a list but found an object", key.len() + 5)
        );
    }
    let empty = Document::parse("{}", "botDefinition.json").unwrap();
    let bot = Bot::read(&empty, &Config::parse("{}", "config.json").unwrap(), &[], &[]).unwrap();
    assert!(bot.dialogs.is_empty() && bot.findings.is_empty() && bot.languages == ["en"]);
}
