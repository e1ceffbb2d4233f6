//! Partial export: against the vendor's own projections of one bot, and by tables on a small bot of ours.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod corpus;

use definition::check::check;
use definition::finding::Code;
use definition::{Config, Document, ExportOptions, Selected, select};
use serde_json::{Value, json};

const CAFE: &str = include_str!("fixtures/cafe.json");
const CAFE_CONFIG: &str = include_str!("fixtures/cafe.config.json");

fn parse(text: &str) -> Document {
    Document::parse(text, "botDefinition.json").unwrap()
}

fn select_cafe(body: &Value) -> (Value, Selected) {
    let options = ExportOptions::from_json(body).unwrap();
    let selected = select(&parse(CAFE), &Config::parse(CAFE_CONFIG, "config.json").unwrap(), &options).unwrap();
    (serde_json::from_str(&selected.definition).unwrap(), selected)
}

/// The text of a definition without its `encryptedHash`, which is the last member of every file that has one.
fn without_hash(text: &str) -> String {
    let start = text.find(",\n    \"encryptedHash\"").expect("the file has a hash");
    format!("{}\n}}", &text[..start])
}

/// Names and texts of the top-level members.
fn members(text: &str) -> Vec<(String, String)> {
    let document = parse(text);
    document.members().map(|(key, raw)| (key.into_owned(), raw.to_string())).collect()
}

/// The request that made an export, as far as its `exportOptions` tell. Empty lists are left out, as clients do.
fn request_of(definition: &Document) -> Value {
    let mut options = definition.decode::<Value>("exportOptions").unwrap().unwrap();
    let options = options.as_object_mut().unwrap();
    let sub_tasks = options.shift_remove("subTasks").unwrap_or_default();
    let mut body = json!({ "exportType": "latest", "subTasks": sub_tasks });
    for flag in ["IncludeDependentTasks", "IncludeFormDependentTasks"] {
        if let Some(value) = options.shift_remove(flag) {
            body[flag] = value;
        }
    }
    options.retain(|_, parts| parts != &json!([]));
    body["exportOptions"] = Value::Object(options.clone());
    body
}

#[test]
fn reproduces_the_vendors_projections_byte_for_byte() {
    let exports = corpus::exports();
    let Some(all) = exports.iter().find(|export| export.name == "partial-export-all") else { return };
    let full = Document::parse(all.definition.clone(), "botDefinition.json").unwrap();
    let full_config = Config::parse(all.config.clone(), "config.json").unwrap();
    for name in ["partial-export-tasks", "partial-export-nlp-data", "partial-export-without-settings"] {
        let theirs = exports.iter().find(|export| export.name == name).unwrap();
        let definition = Document::parse(theirs.definition.clone(), "botDefinition.json").unwrap();
        let options = ExportOptions::from_json(&request_of(&definition)).unwrap();
        let ours = select(&full, &full_config, &options).unwrap();
        // The hash is the only difference between their file and ours: every file has its own, nobody can compute it.
        assert!(ours.definition == without_hash(definition.text()), "{name}");
        assert_eq!(ours.config.as_bytes(), theirs.config, "{name}");
        assert_eq!(ours.anchors, [], "{name}");
    }
}

#[test]
fn an_export_by_the_options_of_a_file_is_that_file() {
    for export in corpus::exports() {
        let definition = Document::parse(export.definition, "botDefinition.json").unwrap();
        let config = Config::parse(export.config, "config.json").unwrap();
        let everything = select(&definition, &config, &ExportOptions::default()).unwrap();
        assert!(everything.definition == definition.text() && everything.config == config.text(), "{}", export.name);

        let request = request_of(&definition);
        let again = select(&definition, &config, &ExportOptions::from_json(&request).unwrap()).unwrap();
        if request["subTasks"]["forms"].is_null() {
            // The formats of 2018 and 2019 list tasks in another way or not at all; all else is the same.
            let mut ours = members(&again.definition);
            let mut theirs = members(definition.text());
            for members in [&mut ours, &mut theirs] {
                members.retain(|(key, _)| key != "exportOptions" && key != "encryptedHash");
            }
            assert!(ours == theirs, "{}", export.name);
        } else {
            assert!(again.definition == definition.text(), "{}", export.name);
        }
        assert!(again.config == config.text(), "{}", export.name);
    }
}

#[test]
fn options_are_read_as_clients_write_them() {
    let read = |body: Value| ExportOptions::from_json(&body);
    let canonical = read(json!({"exportOptions": {"tasks": ["botTask"], "nlpData": ["utterances"]}})).unwrap();
    for body in [
        json!({"exportOptions": {"tasks": ["bottask", "nonsense", "BOTTASK"], "nlpData": "Utterances"}}),
        json!({"exportOptions": {"Tasks": "botTasks", "nlpdata": ["utterance"], "other": ["x"]}, "allTasks": true}),
        json!({"exportOptions": "{\"tasks\":[\"botTask\"],\"nlpData\":[\"utterances\"]}", "subTasks": {"dialogs": []}}),
    ] {
        assert_eq!(read(body.clone()).unwrap(), canonical, "{body}");
    }
    for body in [json!({}), json!({"exportOptions": null, "exportType": "latest", "subTasks": {}, "allTasks": true})] {
        assert!(read(body.clone()).unwrap().is_full(), "{body}");
    }
    for options in [json!({}), json!({"tasks": [], "nlpData": []}), json!({"tasks": ["nonsense"]}), json!([])] {
        let body = json!({"exportOptions": options, "allTasks": true});
        assert!(read(body.clone()).is_err(), "{body}");
    }
    let flags = read(json!({"IncludeDependentTasks": "true", "customDashboards": false})).unwrap();
    assert_eq!((flags.include_dependent_tasks, flags.custom_dashboards), (Some(true), Some(false)));
}

/// Names of the dialogs with nodes, of those without, and numbers of rows that are exported.
fn summary(definition: &Value) -> Value {
    let rows = |key: &str| definition.get(key).map(|list| list.as_array().unwrap().len());
    let dialogs = definition["dialogs"].as_array().unwrap();
    let names = |whole: bool| {
        let wanted = dialogs.iter().filter(|dialog| dialog.get("nodes").is_some() == whole);
        wanted.map(|dialog| dialog["lname"].clone()).collect::<Vec<_>>()
    };
    json!([
        names(true),
        names(false),
        rows("dialogComponents"),
        rows("sentences"),
        rows("patterns"),
        rows("forms"),
        rows("scenes")
    ])
}

#[test]
fn selected_tasks_bring_what_they_need() {
    let tasks = json!({"tasks": ["botTask", "forms"], "nlpData": ["utterances", "patterns"]});
    let everything = json!({"tasks": ["botTask", "forms", "knowledgeGraph"],
        "nlpData": ["utterances", "patterns", "nlpSettings"]});
    let no_tasks = json!({"nlpData": ["utterances"]});
    // The welcome dialog is the default dialog: an anchor of every selection. The form mentions its dialog.
    let cases = [
        (
            json!({"exportOptions": tasks, "subTasks": {"dialogs": ["pay"], "forms": ["nap"]}}),
            json!([["pay"], ["welcome"], 3, 1, 1, 0, 0]),
            vec!["Welcome"],
        ),
        (
            json!({"exportOptions": tasks, "subTasks": {"dialogs": ["pay"]}}),
            json!([["pay"], ["order coffee", "welcome"], 3, 1, 1, 1, 0]),
            vec!["Order Coffee", "Welcome"],
        ),
        (
            json!({"exportOptions": tasks, "subTasks": {"dialogs": "Order_Coffee", "forms": ["nap"]}}),
            json!([["order coffee"], ["pay", "welcome"], 5, 2, 1, 1, 1]),
            vec!["Pay", "Welcome"],
        ),
        (
            json!({"exportOptions": tasks, "subTasks": {"dialogs": ["Order Coffee"]}, "IncludeDependentTasks": true}),
            json!([["order coffee", "pay", "welcome"], [], 8, 3, 2, 1, 1]),
            vec![],
        ),
        // A question is answered by the dialog about opening hours.
        (
            json!({"exportOptions": everything, "subTasks": {"dialogs": ["pay"]}, "IncludeDependentTasks": true}),
            json!([["order coffee", "pay", "welcome", "opening hours"], [], 9, 4, 2, 1, 2]),
            vec![],
        ),
        (
            json!({"exportOptions": no_tasks, "subTasks": {"dialogs": ["pay"]}}),
            json!([[], ["pay", "welcome"], 3, 1, 0, null, 0]),
            vec!["Welcome"],
        ),
    ];
    for (body, expected, anchors) in cases {
        let (definition, selected) = select_cafe(&body);
        assert_eq!(summary(&definition), expected, "{body}");
        let names = selected.anchors.iter().map(|anchor| anchor.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names, anchors, "{body}");
        assert!(!selected.definition.contains("encryptedHash"), "{body}");
    }
}

#[test]
fn no_selection_of_tasks_leaves_a_reference_dangling() {
    for export in corpus::exports() {
        let definition = Document::parse(export.definition, "botDefinition.json").unwrap();
        let config = Config::parse(export.config, "config.json").unwrap();
        for dialog in definition.decode::<Vec<Value>>("dialogs").unwrap().unwrap_or_default().iter().take(6) {
            for dependents in [false, true] {
                let body = json!({"subTasks": {"dialogs": [dialog["_id"]]}, "IncludeDependentTasks": dependents});
                let selected = select(&definition, &config, &ExportOptions::from_json(&body).unwrap()).unwrap();
                let report = check(&parse(&selected.definition), &config);
                assert!(report.errors.is_empty(), "{} {body} {:?}", export.name, report.errors);
                assert!(!dependents || selected.anchors.is_empty(), "{} {body}", export.name);
            }
        }
    }
}

#[test]
fn the_file_says_what_it_holds() {
    let (definition, selected) = select_cafe(&json!({
        "exportOptions": {"nlpData": ["Patterns"], "tasks": ["botTask"], "AgentAI": ["playbooks"]},
        "subTasks": {"dialogs": ["Pay", "Nap"]}, "customDashboards": true,
    }));
    let findings = selected.findings.iter().map(|it| (it.pointer.as_str(), it.code)).collect::<Vec<_>>();
    assert_eq!(findings, [("/exportOptions/AgentAI", Code::NotApplied), ("/subTasks/dialogs/1", Code::UnknownTask)]);
    assert_eq!(
        definition["exportOptions"].to_string(),
        r#"{"nlpData":["patterns"],"tasks":["botTask"],"AgentAI":["playbooks"],"settings":[],"subTasks":{"dialogs":["dg-00000002-0000-5000-8000-000000000000","Nap"],"alerts":[],"actions":[],"forms":["00000500-0000-5000-8000-000000000000"]},"customDashboards":true}"#
    );
    assert_eq!(definition.get("forms"), None);
    assert_eq!(definition["botEvents"], json!({}));
    assert_eq!(serde_json::from_str::<Value>(&selected.config).unwrap()["envVariables"], json!([]));
}
