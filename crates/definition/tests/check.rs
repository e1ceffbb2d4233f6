//! Judging definitions: what is refused, what is warned about, and what is fine.

mod corpus;

use std::collections::BTreeMap;

use definition::check::{LISTED_PER_RULE, Report, check};
use definition::compile::compile;
use definition::{Config, Document};
use serde_json::{Value, json};

fn report(definition: &Value, config: &Value) -> Report {
    let definition =
        Document::parse(definition.to_string(), "botDefinition.json").expect("the test definition is valid JSON");
    let config = Config::parse(config.to_string(), "config.json").expect("the test configuration is valid JSON");
    check(&definition, &config)
}

/// A small bot in which nothing is wrong: one dialog that asks for a city, shows a form and calls another dialog.
fn bot() -> Value {
    json!({
        "_id": "st-1", "refId": "bot", "type": "default", "defaultLanguage": "en", "supportedLanguages": ["en"],
        "localeData": {"en": {"name": "Travel"}}, "defaultDialogId": "book",
        "exportOptions": {"tasks": ["botTask", "forms"], "settings": ["botVariables"], "IncludeDependentTasks": true},
        "dialogs": [
            {"_id": "dg-1", "refId": "book", "lname": "book", "nodes": [
                {"type": "intent", "nodeId": "intent0", "componentId": "dc-1", "transitions": [{"default": "entity1"}]},
                {"type": "entity", "nodeId": "entity1", "componentId": "dc-2", "contextMap": "{}", "transitions": [
                    {"if": {"field": "entity1", "op": "eq", "value": "x"}, "then": "action1"}, {"default": "end"}],
                    "nodeOptions": {"eventOptions": {"defaultMaxRetry": {"ref": "form1"}}}},
                {"type": "botAction", "nodeId": "action1", "componentId": "dc-3",
                    "nodes": [{"nodeId": "n1", "componentId": "dc-4"}], "transitions": [{"default": "sub1"}]},
                {"type": "intent", "nodeId": "sub1", "componentId": "dc-5", "flowTaskId": "hi", "transitions": [{"default": ""}]},
                {"type": "form", "nodeId": "form1", "componentId": "dc-6", "transitions": [{"default": null}]},
            ]},
            {"_id": "dg-2", "refId": "hi", "lname": "hi", "nodes": [
                {"type": "intent", "nodeId": "intent0", "componentId": "dc-5", "transitions": [{"default": "end"}]}]},
            {"_id": "dg-3", "refId": "stub", "lname": "stub"},
        ],
        "dialogComponents": [
            {"_id": "dc-1", "refId": "c1", "type": "intent", "name": "book", "dialogId": "dg-1"},
            {"_id": "dc-2", "refId": "c2", "type": "entity", "name": "city", "entityType": "city", "message": [
                {"channel": "default", "localeData": {"en": {"type": "basic", "text": "To%20{{env.CITY}}?"}}}]},
            {"_id": "dc-3", "refId": "c3", "type": "botAction", "name": "act",
                "nodes": [{"nodeId": "n1", "componentId": "dc-4", "transitions": [{"default": ""}]}]},
            {"_id": "dc-4", "refId": "c4", "type": "script", "name": "run", "script": "env.CITY"},
            {"_id": "dc-5", "refId": "c5", "type": "intent", "name": "hi", "dialogId": "dg-2"},
            {"_id": "dc-6", "refId": "c6", "type": "form", "name": "form", "resourceId": "f1"},
        ],
        "forms": [{"refId": "f1"}],
        "botEvents": {"WELCOME_MESSAGE_EVENT": {"action": "triggerDialog", "task": "hi", "msg": []},
                      "TASK_FAILURE_EVENT": {"action": "showMsg", "task": "gone", "script": "."}},
        "sentences": [{"taskId": "dc-1", "sentence": "book it", "entities": [{"entityId": "dc-2"}]}],
        "patterns": [{"refId": "c1", "taskName": "book"}],
        "mlParams": [{"dialogIntents": ["book"]}],
        "knowledgeTasks": [{"faqs": {"faqs": [{"question": "who?", "dialogRefId": "hi"}]}}],
        "botSentimentEvents": null,
    })
}

fn config() -> Value {
    json!({"name": "Travel", "envVariables": [{"key": "CITY", "value": "Rome"}]})
}

#[test]
fn a_sound_bot_has_no_findings() {
    assert_eq!(report(&bot(), &config()), Report::default());
}

#[test]
fn each_damage_has_its_finding() {
    let stub = json!({"_id": "dc-1", "refId": "c1"});
    let dialog = json!({"_id": "dg-2", "refId": "hi2"});
    let latin = json!([{"localeData": {"en": {"text": "caf%E9"}}}]);
    // where to put what, severity, rule, pointer of the finding
    let table = [
        ("/dialogs", json!({}), "error", "wrong-type", "/dialogs"),
        ("/dialogs/2", json!("x"), "error", "wrong-type", "/dialogs/2"),
        ("/botEvents", json!([]), "error", "wrong-type", "/botEvents"),
        ("/_id", json!(7), "error", "wrong-type", "/_id"),
        ("/supportedLanguages", json!(["en", 1]), "error", "wrong-type", "/supportedLanguages/1"),
        ("/localeData/en", json!("x"), "error", "wrong-type", "/localeData/en"),
        ("/dialogs/0/nodes", json!({}), "error", "wrong-type", "/dialogs/0/nodes"),
        (
            "/dialogs/0/nodes/1/transitions/1/default",
            json!(5),
            "error",
            "wrong-type",
            "/dialogs/0/nodes/1/transitions/1/default",
        ),
        ("/dialogComponents/1/entityType", json!([]), "error", "wrong-type", "/dialogComponents/1/entityType"),
        ("/sentences/0/entities", json!("x"), "error", "wrong-type", "/sentences/0/entities"),
        ("/dialogs/2", dialog, "error", "duplicate-id", "/dialogs/2/_id"),
        ("/dialogs/2/refId", json!("hi"), "warning", "duplicate-id", "/dialogs/2/refId"),
        ("/dialogComponents/1", stub, "error", "duplicate-id", "/dialogComponents/1/_id"),
        ("/dialogs/0/nodes/4/nodeId", json!("sub1"), "error", "duplicate-id", "/dialogs/0/nodes/4/nodeId"),
        ("/dialogs/2/_id", json!(null), "error", "missing-id", "/dialogs/2/_id"),
        ("/dialogs/2/refId", json!(""), "warning", "missing-id", "/dialogs/2/refId"),
        ("/dialogs/0/nodes/4/nodeId", json!(""), "error", "missing-id", "/dialogs/0/nodes/4/nodeId"),
        ("/dialogs/1/nodes/0/nodeId", json!("intent1"), "warning", "missing-start", "/dialogs/1/nodes"),
        (
            "/dialogs/1/nodes/0/componentId",
            json!("dc-1"),
            "warning",
            "start-of-another-dialog",
            "/dialogs/1/nodes/0/componentId",
        ),
        (
            "/dialogs/0/nodes/1/componentId",
            json!("gone"),
            "warning",
            "unknown-component",
            "/dialogs/0/nodes/1/componentId",
        ),
        (
            "/dialogs/0/nodes/2/nodes/0/componentId",
            json!("gone"),
            "warning",
            "unknown-component",
            "/dialogs/0/nodes/2/nodes/0/componentId",
        ),
        (
            "/dialogComponents/2/nodes/0/componentId",
            json!("gone"),
            "warning",
            "unknown-component",
            "/dialogComponents/2/nodes/0/componentId",
        ),
        ("/dialogs/0/nodes/1/type", json!("message"), "warning", "component-type", "/dialogs/0/nodes/1/type"),
        (
            "/dialogs/0/nodes/1/transitions/1/default",
            json!("gone"),
            "warning",
            "unknown-node",
            "/dialogs/0/nodes/1/transitions/1/default",
        ),
        (
            "/dialogs/0/nodes/1/transitions/0/then",
            json!("gone"),
            "warning",
            "unknown-node",
            "/dialogs/0/nodes/1/transitions/0/then",
        ),
        (
            "/dialogs/0/nodes/1/transitions/0/if/field",
            json!("gone"),
            "warning",
            "unknown-node",
            "/dialogs/0/nodes/1/transitions/0/if/field",
        ),
        (
            "/dialogComponents/2/nodes/0/transitions/0/default",
            json!("gone"),
            "warning",
            "unknown-node",
            "/dialogComponents/2/nodes/0/transitions/0/default",
        ),
        (
            "/dialogs/0/nodes/1/nodeOptions/eventOptions/defaultMaxRetry/ref",
            json!("gone"),
            "warning",
            "unknown-node",
            "/dialogs/0/nodes/1/nodeOptions/eventOptions/defaultMaxRetry/ref",
        ),
        ("/dialogs/0/nodes/3/flowTaskId", json!("gone"), "warning", "unknown-dialog", "/dialogs/0/nodes/3/flowTaskId"),
        ("/dialogComponents/4/dialogId", json!("gone"), "warning", "unknown-dialog", "/dialogComponents/4/dialogId"),
        ("/defaultDialogId", json!("gone"), "warning", "unknown-dialog", "/defaultDialogId"),
        (
            "/botEvents/WELCOME_MESSAGE_EVENT/task",
            json!("gone"),
            "warning",
            "unknown-dialog",
            "/botEvents/WELCOME_MESSAGE_EVENT/task",
        ),
        ("/botSentimentEvents", json!([{"task": "gone"}]), "warning", "unknown-dialog", "/botSentimentEvents/0/task"),
        (
            "/knowledgeTasks/0/faqs/faqs/0/dialogRefId",
            json!("gone"),
            "warning",
            "unknown-dialog",
            "/knowledgeTasks/0/faqs/faqs/0/dialogRefId",
        ),
        ("/dialogComponents/5/resourceId", json!("gone"), "warning", "unknown-form", "/dialogComponents/5/resourceId"),
        ("/sentences/0/taskId", json!("gone"), "warning", "unknown-intent", "/sentences/0/taskId"),
        (
            "/sentences/0/entities/0/entityId",
            json!("gone"),
            "warning",
            "unknown-entity",
            "/sentences/0/entities/0/entityId",
        ),
        ("/patterns/0/refId", json!("gone"), "warning", "unknown-intent", "/patterns/0/refId"),
        ("/mlParams/0/dialogIntents/0", json!("gone"), "warning", "unknown-intent", "/mlParams/0/dialogIntents/0"),
        ("/dialogs/2/nodes", json!([]), "warning", "empty-dialog", "/dialogs/2/nodes"),
        ("/dialogs/0/nodes/2/transitions/0/default", json!("end"), "warning", "unreachable-node", "/dialogs/0/nodes/3"),
        ("/dialogs/0/nodes/4/transitions", json!([]), "warning", "missing-default", "/dialogs/0/nodes/4/transitions"),
        (
            "/dialogs/0/nodes/4/transitions",
            json!([{"default": ""}, {"if": {}, "then": ""}]),
            "warning",
            "default-not-last",
            "/dialogs/0/nodes/4/transitions/0",
        ),
        (
            "/dialogComponents/1/entityType",
            json!("planet"),
            "warning",
            "unknown-entity-type",
            "/dialogComponents/1/entityType",
        ),
        (
            "/dialogs/0/nodes/1/contextMap",
            json!("{a: 1}"),
            "warning",
            "unreadable-context-map",
            "/dialogs/0/nodes/1/contextMap",
        ),
        (
            "/dialogComponents/5/message",
            latin,
            "warning",
            "undecodable-text",
            "/dialogComponents/5/message/0/localeData/en/text",
        ),
        (
            "/dialogComponents/3/script",
            json!("env.CITY + env.TOWN + x.env.A"),
            "warning",
            "unknown-env-variable",
            "/dialogComponents/3/script",
        ),
        ("/localeData/en/name", json!(" "), "warning", "missing-name", "/localeData/en/name"),
        ("/supportedLanguages", json!(["de"]), "warning", "missing-language", "/supportedLanguages"),
        ("/defaultLanguage", json!("de"), "warning", "missing-language", "/localeData"),
    ];
    for (place, value, severity, rule, pointer) in table {
        let mut damaged = bot();
        put(&mut damaged, place, &value);
        let report = report(&damaged, &config());
        let list = if severity == "error" { &report.errors } else { &report.warnings };
        let found = list.iter().find(|finding| finding.rule == rule && finding.pointer == pointer);
        let Some(finding) = found else {
            panic!("{value} at {place}: expected {severity} {rule} at {pointer}, got {report:#?}");
        };
        assert!(!finding.message.is_empty() && !finding.advice.is_empty());
        assert!(severity == "error" || report.errors.is_empty(), "{value} at {place} is no error: {report:#?}");
    }
}

/// Puts `value` at `pointer`, adding the last member if it is missing.
fn put(tree: &mut Value, pointer: &str, value: &Value) {
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer starts with a slash");
    let parent = tree.pointer_mut(parent).expect("the parent exists in the test bot");
    match parent {
        Value::Array(items) => items[last.parse::<usize>().expect("an index")] = value.clone(),
        other => other[last] = value.clone(),
    }
}

#[test]
fn any_value_may_stand_anywhere() {
    let mut pointers = Vec::new();
    collect_pointers(&bot(), String::new(), &mut pointers);
    for pointer in pointers {
        for value in
            [json!(null), json!(7), json!("x"), json!([]), json!({}), json!([[7, "x"]]), json!({"x": {"x": []}})]
        {
            let mut damaged = bot();
            *damaged.pointer_mut(&pointer).unwrap() = value.clone();
            let text = damaged.to_string();
            let definition = Document::parse(text, "botDefinition.json").unwrap();
            let config = Config::parse(config().to_string(), "config.json").unwrap();
            let report = check(&definition, &config);
            for finding in report.errors.iter().chain(&report.warnings) {
                // The last member may be the one that is missing.
                let parent = finding.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                assert!(damaged.pointer(parent).is_some(), "{value} at {pointer} gave {finding:?}");
            }
            let compiled = compile(&definition, &config, &[]);
            let listed: usize = compiled.parts.iter().map(|part| part.errors.len()).sum();
            assert_eq!(listed, report.errors.len(), "{value} at {pointer}: every error belongs to a part");
        }
    }
}

fn collect_pointers(tree: &Value, pointer: String, found: &mut Vec<String>) {
    match tree {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect_pointers(item, format!("{pointer}/{at}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                collect_pointers(member, format!("{pointer}/{key}"), found);
            }
        }
        _ => {}
    }
    // The root itself must stay an object.
    if !pointer.is_empty() {
        found.push(pointer);
    }
}

#[test]
fn findings_name_the_dialog_and_the_place() {
    let mut damaged = bot();
    put(&mut damaged, "/dialogs/0/nodes/1/transitions/1/default", &json!("gone"));
    let finding = report(&damaged, &config()).warnings.remove(0);
    let resource = finding.resource.unwrap();
    assert_eq!((resource.kind, resource.id.as_str(), resource.name.as_str()), ("dialog", "dg-1", "book"));
    assert_eq!(finding.message, "node \"entity1\" leads to \"gone\", which is no node of the dialog");
    assert_eq!(finding.file, "botDefinition.json");
}

#[test]
fn nodes_of_later_versions_are_kept() {
    let mut newer = bot();
    put(&mut newer, "/dialogs/0/nodes/4/type", &json!("hologram"));
    put(&mut newer, "/dialogComponents/5/type", &json!("hologram"));
    let report = report(&newer, &config());
    assert_eq!(report.errors, []);
    assert_eq!((report.warnings.len(), report.warnings[0].rule), (1, "unknown-node-type"));
}

#[test]
fn every_end_of_a_dialog_is_one() {
    for end in ["end", "END", "End", "", "retToFlow", "rettoflow"] {
        let mut bot = bot();
        put(&mut bot, "/dialogs/0/nodes/4/transitions/0/default", &json!(end));
        put(&mut bot, "/dialogs/0/nodes/1/nodeOptions/eventOptions/defaultMaxRetry/ref", &json!(end));
        put(&mut bot, "/dialogs/0/nodes/1/transitions/0/then", &json!("form1"));
        put(&mut bot, "/dialogs/0/nodes/1/transitions/1/default", &json!("action1"));
        assert_eq!(report(&bot, &config()), Report::default(), "{end}");
    }
}

#[test]
fn partial_exports_may_refer_to_what_they_left_out() {
    let mut partial = bot();
    put(&mut partial, "/forms", &json!(null));
    put(&mut partial, "/dialogs/0/nodes/3/flowTaskId", &json!("elsewhere"));
    put(&mut partial, "/dialogComponents/4/dialogId", &json!("dg-elsewhere"));
    put(&mut partial, "/dialogs/1/nodes", &json!(null));
    let report = report(&partial, &config());
    assert_eq!(report.errors, []);
    let rules: Vec<_> = report.warnings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["unknown-dialog", "unknown-dialog", "unknown-form"]);
}

#[test]
fn other_files_are_told_apart() {
    let rule = |definition: &Value, config: &Value| report(definition, config).errors[0].rule;
    assert_eq!(rule(&json!({}), &config()), "not-a-definition");
    assert_eq!(rule(&config(), &config()), "not-a-definition");
    assert_eq!(rule(&bot(), &bot()), "not-a-definition");
    let wrong = report(&bot(), &json!({"envVariables": "none"})).errors.remove(0);
    assert_eq!((wrong.rule, wrong.file.as_str()), ("wrong-type", "config.json"));
    let empty = report(&json!({"localeData": {"en": {"name": "X"}}, "dialogs": []}), &config());
    assert_eq!((empty.errors.len(), empty.warnings[0].rule), (0, "empty-bot"));
}

#[test]
fn many_findings_of_one_rule_are_counted() {
    let mut damaged = bot();
    let stray = json!({"taskId": "gone", "sentence": "x"});
    put(&mut damaged, "/sentences", &Value::from(vec![stray; LISTED_PER_RULE + 7]));
    let report = report(&damaged, &config());
    assert_eq!((report.warnings.len(), report.omitted), (LISTED_PER_RULE, 7));
    put(&mut damaged, "/sentences", &Value::from(vec![json!({"taskId": 1}); 3 * LISTED_PER_RULE]));
    let report = self::report(&damaged, &config());
    assert_eq!((report.errors.len(), report.omitted), (LISTED_PER_RULE, 1));
}

#[test]
fn corpus_bots_have_no_errors() {
    let mut warnings: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let exports = corpus::exports();
    if exports.is_empty() {
        return;
    }
    for export in exports {
        let definition = Document::parse(export.definition, &export.name).unwrap();
        let config = Config::parse(export.config, "config.json").unwrap();
        let report = check(&definition, &config);
        assert_eq!(report.errors, [], "{}", export.name);
        for warning in report.warnings {
            *warnings.entry((export.name.clone(), warning.rule)).or_default() += 1;
        }
    }
    // Looked up in the exports: real oversights of their authors, and nothing else.
    let expected = [
        ("ecommerce-en-id", "unknown-env-variable", 4),
        ("ecommerce-en-id", "unreachable-node", 7),
        ("twilio-sms", "unreachable-node", 1),
        ("weather-2019", "unused-component", 1),
    ];
    let expected = expected.map(|(name, rule, count)| ((name.to_owned(), rule), count));
    assert_eq!(warnings, BTreeMap::from(expected));
}
