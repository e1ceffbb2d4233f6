//! What a publish gets to see of a bot.

mod corpus;

use definition::compile::{Compiled, ScriptKind, Subject, compile};
use definition::{Config, Document};

fn compiled(definition: &str, functions: &[(String, String)]) -> Compiled {
    let definition = Document::parse(definition, "botDefinition.json").expect("the test definition is valid JSON");
    let config = Config::parse("{}", "config.json").expect("an object");
    compile(&definition, &config, functions)
}

const BOT: &str = r#"{
    "defaultLanguage": "en", "localeData": {"en": {}},
    "runCustomScript": {"enable": true, "script": "f%28%29"},
    "dialogs": [
        {"_id": "dg-1", "refId": "r1", "lname": "pay", "nodes": [
            {"type": "intent", "nodeId": "intent0", "componentId": "dc-1", "transitions": [{"default": "gone"}]},
            {"type": "botAction", "nodeId": "a1", "componentId": "dc-2", "transitions": [{"default": ""}],
             "nodeOptions": {"message": [{"localeData": {"en": {"text": "Now {{context.x}}"}}}]}}]},
        {"_id": "dg-2", "refId": "r2", "lname": "stub"}],
    "dialogComponents": [
        {"_id": "dc-1", "refId": "c1", "type": "intent", "name": "pay", "dialogId": "dg-1"},
        {"_id": "dc-2", "refId": "c2", "type": "botAction", "name": "act", "nodes": [{"nodeId": "n", "componentId": "dc-3"}]},
        {"_id": "dc-3", "refId": "c3", "type": "service", "name": "call", "preProcessor": "a%20%3D%201", "postProcessor": null,
         "message": [{"channel": "rtm", "localeData": {"en": {"type": "uxmap", "text": "print(1)"}}}]},
        {"_id": "dc-4", "refId": "c4", "type": "script", "name": "unused", "script": "never("}],
    "botEvents": {"INTENT_UNIDENTIFIED": {"action": "voiceProp", "script": "s()", "msg": [{"localeData": {"en": {"text": "{{e}}"}}}]},
                  "TASK_FAILURE_EVENT": {"action": "showMsg", "script": ".", "msg": []}},
    "knowledgeTasks": [{"faqs": {"faqs": [{"question": "who?", "answer": [{"type": "advance", "channel": "rtm", "text": "print(2)"}],
        "alternateAnswers": [[{"type": "basic", "text": "{{more}}"}]]}]}}],
    "koraResponses": [{"Key": "Hello", "channelUXMaps": [{"channel": "rtm", "botUXMap": {"uXMap": "<% print(3) %>"}}]}]
}"#;

#[test]
fn every_script_is_listed_under_its_part() {
    let functions = [("BotFunctions.js".to_owned(), "function f() {}".to_owned())];
    let compiled = compiled(BOT, &functions);
    let mut listed = Vec::new();
    for part in &compiled.parts {
        let name = match &part.subject {
            Subject::Task(resource) => resource.name.as_str(),
            Subject::Settings => "SETTINGS",
            Subject::Languages => "LANGUAGES",
            Subject::Extensions => "EXTENSIONS",
            Subject::NaturalLanguage => "NL",
        };
        for script in &part.scripts {
            listed.push((name, script.place.as_str(), script.kind, script.source.as_str()));
        }
    }
    use ScriptKind::{Body, Expression, File};
    let expected = [
        ("SETTINGS", "bot functions file 'BotFunctions.js'", File, "function f() {}"),
        ("SETTINGS", "settings custom script", Body, "f()"),
        ("EXTENSIONS", "event 'INTENT_UNIDENTIFIED' message (en, default)", Expression, "e"),
        ("EXTENSIONS", "event 'INTENT_UNIDENTIFIED' script", Body, "s()"),
        ("NL", "question 'who?' answer (rtm)", Body, "print(2)"),
        ("NL", "question 'who?' answer (default)", Expression, "more"),
        ("NL", "standard response 'Hello' message (rtm)", Body, " print(3) \n"),
        ("pay", "dialog 'pay' node 'a1' message (en, default)", Expression, "context.x"),
        ("pay", "dialog 'pay' node 'call' message (en, rtm)", Body, "print(1)"),
        ("pay", "dialog 'pay' node 'call' preProcessor", Body, "a = 1"),
    ];
    assert_eq!(listed, expected);
}

#[test]
fn problems_are_listed_under_their_part() {
    let compiled = compiled(BOT, &[]);
    let mut listed = Vec::new();
    for (at, part) in compiled.parts.iter().enumerate() {
        listed.extend(part.errors.iter().map(|finding| (at, "error", finding.rule)));
        listed.extend(part.warnings.iter().map(|finding| (at, "warning", finding.rule)));
    }
    let expected = [
        (0, "warning", "unused-component"),
        (1, "warning", "missing-name"),
        (4, "warning", "unknown-node"),
        (4, "warning", "unreachable-node"),
        (5, "warning", "stub-dialog"),
    ];
    assert_eq!(listed, expected);
}

#[test]
fn corpus_scripts_are_decoded_and_placed() {
    for export in corpus::exports() {
        let definition = Document::parse(export.definition, &export.name).unwrap();
        let config = Config::parse(export.config, "config.json").unwrap();
        let compiled = compile(&definition, &config, &[]);
        assert!(compiled.parts.iter().all(|part| part.errors.is_empty()), "{}", export.name);
        let scripts = compiled.parts.iter().flat_map(|part| &part.scripts);
        let tree: serde_json::Value = serde_json::from_str(definition.text()).unwrap();
        for script in scripts {
            let stored = tree.pointer(&script.pointer).and_then(|value| value.as_str());
            assert!(stored.is_some(), "{}: {} has no text", export.name, script.pointer);
            assert!(!script.source.contains("%20"), "{}: {script:?}", export.name);
        }
        if export.name == "cinema-booking" {
            // Nine messages in JavaScript and the script of a bot action.
            let bodies =
                compiled.parts.iter().flat_map(|part| &part.scripts).filter(|script| script.kind == ScriptKind::Body);
            assert_eq!(bodies.count(), 10);
        }
    }
}
