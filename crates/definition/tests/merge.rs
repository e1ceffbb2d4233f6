//! Import into an existing bot: properties over real exports, and tables on a small bot of ours.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod corpus;

use definition::check::check;
use definition::merge::RowMode;
use definition::{Config, Document, ExportOptions, ImportOptions, MergeError, merge, merge_config, select};
use serde_json::{Value, json};

const CAFE: &str = include_str!("fixtures/cafe.json");
const CAFE_CONFIG: &str = include_str!("fixtures/cafe.config.json");

fn parse(text: &str) -> Document {
    Document::parse(text, "botDefinition.json").unwrap()
}

fn everything() -> ImportOptions {
    ImportOptions::from_json(&json!({"importOptions": {
        "tasks": ["botTask", "knowledgeGraph", "smallTalk", "forms"],
        "nlpData": ["nlpSettings", "utterances", "patterns", "standardResponses", "traits", "bot_synonyms"],
        "settings": ["botSettings", "botVariables", "ivrSettings", "genAIandLLMSettings"],
        "botComponents": ["linkedBots"],
        "storyBoardScenes": {"includeComments": true},
        "customDashboard": true,
    }}))
}

fn only(options: Value) -> ImportOptions {
    ImportOptions::from_json(&json!({ "importOptions": options }))
}

/// Merges texts and returns the merged one, after making sure that the strict check has no objection to it.
fn merged(current: &str, incoming: &str, options: &ImportOptions) -> String {
    let result = merge(&parse(current), &parse(incoming), options).unwrap();
    let report = check(&parse(&result.text), &Config::parse("{}", "config.json").unwrap());
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    result.text
}

/// The texts of all exports that are whole bots and not larger than `limit` bytes.
fn whole_bots(limit: usize) -> Vec<(String, String)> {
    let exports = corpus::exports().into_iter();
    let whole = exports.filter(|export| !export.name.starts_with("partial-export") || export.name.ends_with("all"));
    let small = whole.filter(|export| export.definition.len() <= limit);
    small.map(|export| (export.name, String::from_utf8(export.definition).unwrap())).collect()
}

/// The same bot as another account would have it: every dialog and component has another `_id`.
fn with_other_ids(text: &str) -> String {
    let mut renamed = text.to_string();
    let mut ids = Vec::new();
    for key in ["dialogs", "dialogComponents"] {
        for element in parse(text).decode::<Vec<Value>>(key).unwrap().unwrap_or_default() {
            ids.push(element["_id"].as_str().unwrap().to_string());
        }
    }
    for id in ids {
        let other = id.replacen("-", "-f", 1);
        renamed = renamed.replace(&format!("\"{id}\""), &format!("\"{}\"", &other[..id.len()]));
    }
    renamed
}

#[test]
fn without_options_the_incoming_text_wins_and_without_selection_the_current_one() {
    let current = parse(CAFE);
    let incoming = parse(&with_other_ids(CAFE));
    assert_eq!(merge(&current, &incoming, &ImportOptions::default()).unwrap().text, incoming.text());
    for options in [json!({"tasks": []}), json!({"tasks": ["nonsense"], "settings": []})] {
        assert_eq!(merge(&current, &incoming, &only(options)).unwrap().text, CAFE);
    }
}

#[test]
fn a_bot_merged_into_itself_is_itself() {
    for (name, text) in whole_bots(usize::MAX) {
        assert!(merged(&text, &text, &everything()) == text, "{name}");
    }
}

#[test]
fn partial_exports_of_a_bot_change_nothing_in_it() {
    let exports = corpus::exports();
    let Some(full) = exports.iter().find(|export| export.name == "partial-export-all") else { return };
    let full_config = Config::parse(full.config.clone(), "config.json").unwrap();
    let full = String::from_utf8(full.definition.clone()).unwrap();
    for export in exports.iter().filter(|export| export.name.starts_with("partial-export")) {
        let partial = String::from_utf8(export.definition.clone()).unwrap();
        assert!(merged(&full, &partial, &everything()) == full, "{}", export.name);
        let config = Config::parse(export.config.clone(), "config.json").unwrap();
        assert_eq!(merge_config(&full_config, &config, &everything()).unwrap(), full_config.text(), "{}", export.name);
    }
}

#[test]
fn the_same_bot_under_other_ids_takes_over_part_by_part() {
    for (name, text) in whole_bots(600_000) {
        let other = with_other_ids(&text);
        let all = parse(&merged(&text, &other, &everything()));
        let incoming = parse(&other);
        for (key, raw) in incoming.members() {
            // A changed file has no hash, and still says what its own export held. All else is the incoming bot's.
            let expected = match key.as_ref() {
                "encryptedHash" => None,
                "exportOptions" => parse(&text).raw("exportOptions").map(str::to_string),
                _ => Some(raw.to_string()),
            };
            assert!(all.raw(&key) == expected.as_deref(), "{name} {key}");
        }
        // Dialogs alone: what stays refers to the new ids. Rows alone: what comes refers to the old ones.
        assert!(parse(&merged(&text, &other, &only(json!({"tasks": ["botTask"]})))).text() == all.text(), "{name}");
        let rows = json!({"nlpData": ["utterances", "patterns", "nlpSettings"], "tasks": ["knowledgeGraph"]});
        assert!(merged(&text, &other, &only(rows)) == text, "{name}");
        let mut append = only(json!({"nlpData": ["utterances", "patterns"]}));
        append.utterances = RowMode::Append;
        append.patterns = RowMode::Append;
        assert!(merged(&text, &other, &append) == text, "{name}");
    }
}

#[test]
fn merging_another_bot_twice_is_merging_it_once() {
    let bots = whole_bots(600_000);
    for (index, (name, text)) in bots.iter().enumerate() {
        let (other_name, other) = &bots[(index + 1) % bots.len()];
        for mode in [RowMode::Replace, RowMode::Append] {
            let options = ImportOptions { utterances: mode, patterns: mode, ..everything() };
            let once = merged(text, other, &options);
            assert!(merged(&once, other, &options) == once, "{other_name} into {name}");
            let count = |text: &str| parse(text).elements("dialogs").unwrap().count();
            assert!(count(&once) >= count(other).max(count(text)), "{other_name} into {name}");
        }
    }
}

/// The café after a colleague worked on it in another account: ids differ, paying is named and done differently, there
/// is a new dialog for gift cards, opening hours are gone.
fn colleagues_cafe() -> Value {
    let mut bot: Value = serde_json::from_str(&with_other_ids(CAFE)).unwrap();
    let dialogs = bot["dialogs"].as_array_mut().unwrap();
    dialogs.pop();
    dialogs[1]["refId"] = json!("10000002-0000-5000-8000-00000000ffff");
    dialogs[1]["isFollowUp"] = json!(true);
    let mut gift = dialogs[2].clone();
    gift["_id"] = json!("dg-gift");
    gift["refId"] = json!("gift");
    gift["lname"] = json!("gift card");
    gift["localeData"]["en"]["name"] = json!("Gift Card");
    gift["nodes"][0]["componentId"] = json!("dc-gift");
    dialogs.push(gift);
    let components = bot["dialogComponents"].as_array_mut().unwrap();
    components.pop();
    let mut intent = components[0].clone();
    intent["_id"] = json!("dc-gift");
    intent["refId"] = json!("gift-intent");
    intent["name"] = json!("Gift_Card");
    intent["dialogId"] = json!("dg-gift");
    components.push(intent);
    bot["knowledgeTasks"][0]["faqs"]["faqs"][0]["dialogRefId"] = json!("gift");
    let sentences = bot["sentences"].as_array_mut().unwrap();
    sentences.pop();
    sentences[1]["sentence"] = json!("coffee now");
    sentences.push(json!({"_id": "1", "taskId": "dc-gift", "sentence": "a gift", "taskName": "Gift_Card",
        "type": "DialogIntent", "entities": [], "language": "en"}));
    bot["dialogs"][0]["nodes"][2]["flowTaskId"] = json!("10000002-0000-5000-8000-00000000ffff");
    bot
}

#[test]
fn parts_are_taken_one_by_one() {
    let colleagues = colleagues_cafe().to_string();
    let sentences = |result: &Value| {
        let rows = result["sentences"].as_array().unwrap().iter();
        rows.map(|row| row["sentence"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    let dialogs = |result: &Value| {
        let dialogs = result["dialogs"].as_array().unwrap().iter();
        dialogs
            .map(|dialog| format!("{}:{}", dialog["lname"].as_str().unwrap(), dialog["isFollowUp"]))
            .collect::<Vec<_>>()
    };
    let (order, hours, welcome) = ("order coffee:false", "opening hours:false", "welcome:false");
    let (pay, new_pay, gift) = ("pay:false", "pay:true", "gift card:false");
    let (espresso, coffee, bill, open) = ("an espresso please", "I want a coffee", "the bill please", "are you open");
    let (now, card) = ("coffee now", "a gift");
    let cases = [
        (
            json!({"tasks": ["botTask"]}),
            vec![order, new_pay, welcome, hours, gift],
            vec![espresso, coffee, bill, open],
            vec![],
        ),
        (
            json!({"tasks": "bottask", "subTasks": {"dialogs": ["Pay"]}}),
            vec![order, new_pay, welcome, hours],
            vec![espresso, coffee, bill, open],
            vec![],
        ),
        (json!({"nlpData": ["utterances"]}), vec![order, pay, welcome, hours], vec![espresso, now, bill, open], vec![]),
        (
            json!({"nlpData": ["utterances"], "options": {"utterances": {"append": true, "replace": false}}}),
            vec![order, pay, welcome, hours],
            vec![espresso, coffee, bill, open, now],
            vec![],
        ),
        (
            json!({"nlpData": ["utterances"], "tasks": ["botTask"], "options": {"utterances": {"append": "true"}}}),
            vec![order, new_pay, welcome, hours, gift],
            vec![espresso, coffee, bill, open, now, card],
            vec![],
        ),
        (
            json!({"nlpData": ["utterances"], "subTasks": {"dialogs": ["Welcome", "Pay"]}}),
            vec![order, pay, welcome, hours],
            vec![espresso, coffee, bill, open],
            vec![],
        ),
        // A question is answered by the new dialog, which therefore comes along.
        (
            json!({"tasks": ["knowledgeGraph"]}),
            vec![order, pay, welcome, hours, gift],
            vec![espresso, coffee, bill, open],
            vec!["Gift Card"],
        ),
    ];
    for (options, expected_dialogs, expected_sentences, added) in cases {
        let result = merge(&parse(CAFE), &parse(&colleagues), &only(options.clone())).unwrap();
        assert_eq!(result.added_tasks, added, "{options}");
        let text = merged(CAFE, &colleagues, &only(options.clone()));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(dialogs(&value), expected_dialogs, "{options}");
        assert_eq!(sentences(&value), expected_sentences, "{options}");
        assert_eq!(merged(&text, &colleagues, &only(options.clone())), text, "{options}");
    }
}

#[test]
fn every_combination_of_parts_is_consistent_and_idempotent() {
    let colleagues = colleagues_cafe().to_string();
    let config = Config::parse("{}", "config.json").unwrap();
    let words = [
        ("tasks", "botTask"),
        ("tasks", "knowledgeGraph"),
        ("tasks", "forms"),
        ("nlpData", "utterances"),
        ("nlpData", "patterns"),
        ("nlpData", "nlpSettings"),
        ("settings", "botSettings"),
    ];
    for combination in 1..1 << words.len() {
        let mut parts = json!({"tasks": [], "nlpData": [], "settings": []});
        for (bit, (family, word)) in words.iter().enumerate() {
            if combination & (1 << bit) != 0 {
                parts[*family].as_array_mut().unwrap().push(json!(word));
            }
        }
        for mode in [RowMode::Replace, RowMode::Append] {
            let options = ImportOptions { utterances: mode, patterns: mode, ..only(parts.clone()) };
            let once = merged(CAFE, &colleagues, &options);
            assert!(merged(&once, &colleagues, &options) == once, "{parts} {mode:?}");
        }
        // The same parts exported and then imported with everything selected. Without dialogs the file may speak of one
        // that this bot has not; then nothing is imported.
        let export = ExportOptions::from_json(&json!({ "exportOptions": parts })).unwrap();
        let file = select(&parse(&colleagues), &config, &export).unwrap().definition;
        match merge(&parse(CAFE), &parse(&file), &everything()) {
            Ok(_) => assert!(parse(&merged(CAFE, &file, &everything())).elements("dialogs").unwrap().count() >= 4),
            Err(error) => {
                assert_eq!(error, MergeError::MissingDialog { name: "Gift Card".to_string() }, "{parts}");
                assert!(!parts.to_string().contains("botTask"), "{parts}");
            }
        }
    }
}

#[test]
fn settings_leave_the_identity_of_the_bot_alone() {
    let mut other: Value = serde_json::from_str(CAFE).unwrap();
    other["_id"] = json!("st-other");
    other["color"] = json!("#000000");
    other["ivrSettings"] = json!({"enable": true});
    other["promptLibraries"] = json!([1]);
    other["localeData"]["en"]["name"] = json!("Other");
    other["localeData"]["en"]["synonyms"] = json!({"coffee": ["java"], "~you": ["u"]});
    other["contentVariables"] = json!([{"key": "farewell"}]);
    let changed = |options: Value| {
        let text = merged(CAFE, &other.to_string(), &only(options));
        let before = parse(CAFE);
        let after = parse(&text);
        let is_new = |key: &str, raw: &str| before.raw(key) != Some(raw);
        let new = after.members().filter(|(key, raw)| is_new(key, raw));
        new.map(|(key, _)| key.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(changed(json!({"settings": ["botSettings"]})), ["color"]);
    assert_eq!(changed(json!({"settings": ["ivrSettings", "ivrSettings"]})), ["ivrSettings"]);
    assert_eq!(changed(json!({"settings": ["genAIandLLMSettings"]})), ["promptLibraries"]);
    assert_eq!(changed(json!({"settings": ["botVariables"]})), ["contentVariables"]);
    assert_eq!(changed(json!({"nlpData": ["concepts"]})), ["localeData"]);
    assert_eq!(changed(json!({"nlpData": ["nlpSettings", "standardResponses"]})), [""; 0]);
}

#[test]
fn a_dialog_that_no_file_has_is_named() {
    let mut stub: Value = serde_json::from_str(CAFE).unwrap();
    stub["dialogs"][3].as_object_mut().unwrap().shift_remove("nodes");
    let mut current: Value = serde_json::from_str(CAFE).unwrap();
    current["dialogs"].as_array_mut().unwrap().pop();
    current["dialogComponents"].as_array_mut().unwrap().pop();
    current["knowledgeTasks"] = json!([]);
    let options = only(json!({"tasks": ["knowledgeGraph"]}));
    let error = merge(&parse(&current.to_string()), &parse(&stub.to_string()), &options).unwrap_err();
    assert_eq!(error, MergeError::MissingDialog { name: "Opening Hours".to_string() });
}

#[test]
fn variables_of_the_config_are_merged_by_key() {
    let current = Config::parse(CAFE_CONFIG.replace(r#""value": """#, r#""value": "kept""#), "config.json").unwrap();
    let incoming = r#"{"name": "Other", "envVariables": [{"key": "secret", "value": "", "isSecured": true, "hint": "h"},
        {"key": "till", "value": "8"}, {"key": "new", "value": 1.50}]}"#;
    let incoming = Config::parse(incoming, "config.json").unwrap();
    let merged = |options: &ImportOptions| merge_config(&current, &incoming, options).unwrap();
    assert_eq!(merged(&ImportOptions::default()), incoming.text());
    assert_eq!(merged(&only(json!({"settings": ["botSettings"]}))), current.text());
    let text = merged(&only(json!({"settings": ["botVariables"]})));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["name"], "Café");
    assert_eq!(
        value["envVariables"].to_string(),
        r#"[{"key":"till","value":"8"},{"key":"secret","value":"kept","isSecured":true,"hint":"h"},{"key":"new","value":1.50}]"#
    );
}

#[test]
fn options_are_read_from_json_and_form_bodies() {
    let form = json!({"botDefinition": "1", "importOptions":
        "{\"tasks\":[\"bottask\"],\"options\":{\"utterances\":{\"append\":true,\"replace\":true}}}",
        "options": {"utterances": {"append": true}, "patterns": {"append": "true"}},
        "IncludeDependentTasks": "true", "customDashboard": "false"});
    let options = ImportOptions::from_json(&form);
    assert_eq!((options.utterances, options.patterns), (RowMode::Replace, RowMode::Append));
    assert!(options.include_dependent_tasks && !options.custom_dashboards && !options.story_board_scenes);
    assert!(options.parts.is_some());
    for body in [json!({}), json!({"importOptions": {}}), json!({"importOptions": null})] {
        assert_eq!(ImportOptions::from_json(&body), ImportOptions::default(), "{body}");
    }
}
