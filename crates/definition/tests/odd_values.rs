//! Whatever stands in a definition, exports, imports and comparisons end with a result or an error, never in a panic.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use definition::changes::{changes, config_changes};
use definition::utterances::{ImportMode, export_rows, import_rows};
use definition::variables::{export_variables, import_variables};
use definition::{Config, Document, ExportOptions, ImportOptions, merge, merge_config, select};
use serde_json::{Value, json};

const CAFE: &str = include_str!("fixtures/cafe.json");
const CAFE_CONFIG: &str = include_str!("fixtures/cafe.config.json");

/// JSON pointers of everything in `value`, down to `depth` levels.
fn places(value: &Value, depth: usize, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_string());
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, depth - 1, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                places(member, depth - 1, &format!("{pointer}/{key}"), found);
            }
        }
        _ => {}
    }
}

/// Runs everything on a damaged pair of files; returns how many operations succeeded.
fn run(definition: &Value, config: &Value) -> usize {
    let cafe = Document::parse(CAFE, "botDefinition.json").unwrap();
    let cafe_config = Config::parse(CAFE_CONFIG, "config.json").unwrap();
    let Ok(damaged) = Document::parse(definition.to_string(), "botDefinition.json") else { return 0 };
    let Ok(damaged_config) = Config::parse(config.to_string(), "config.json") else { return 0 };
    let export = json!({"exportOptions": {"tasks": ["botTask", "forms"], "nlpData": ["utterances", "patterns"]},
        "subTasks": {"dialogs": ["Pay"]}, "IncludeDependentTasks": true});
    let export = ExportOptions::from_json(&export).unwrap();
    let import = json!({"importOptions": {"tasks": ["botTask", "knowledgeGraph", "smallTalk", "forms"],
        "nlpData": ["nlpSettings", "utterances", "patterns", "synonyms"], "settings": ["botSettings", "botVariables"],
        "options": {"utterances": {"append": true}, "patterns": {"append": true}}}});
    let import = ImportOptions::from_json(&import);
    let rows = export_rows(&cafe).unwrap();
    let variables = json!([{"key": "till", "value": "9"}, {"key": "greeting", "localeData": {"de": {"value": "Na?"}}}]);
    let results = [
        select(&damaged, &damaged_config, &export).is_ok(),
        merge(&damaged, &cafe, &import).is_ok(),
        merge(&cafe, &damaged, &import).is_ok(),
        merge_config(&damaged_config, &cafe_config, &import).is_ok(),
        merge_config(&cafe_config, &damaged_config, &import).is_ok(),
        changes(Some(&damaged), &cafe).is_ok(),
        config_changes(Some(&cafe_config), &damaged_config).is_ok(),
        import_variables(&damaged_config, &damaged, &variables).is_ok(),
        export_variables(&damaged_config, &damaged).is_ok(),
        export_rows(&damaged).is_ok(),
        import_rows(&damaged, &rows, ImportMode::Replace, &mut || String::from("id")).is_ok(),
    ];
    results.iter().filter(|is_ok| **is_ok).count()
}

#[test]
fn nothing_panics() {
    let definition: Value = serde_json::from_str(CAFE).unwrap();
    let config: Value = serde_json::from_str(CAFE_CONFIG).unwrap();
    assert_eq!(run(&definition, &config), 11);
    let odd = [json!(null), json!(true), json!("x"), json!([null, [1], {"_id": 1}]), json!({"a": [null]})];
    let (mut in_definition, mut in_config) = (Vec::new(), Vec::new());
    places(&definition, 3, "", &mut in_definition);
    places(&config, 3, "", &mut in_config);
    let mut succeeded = 0;
    for (index, pointer) in in_definition.iter().enumerate() {
        // One odd value per place: the next place gets the next value.
        let mut damaged = definition.clone();
        *damaged.pointer_mut(pointer).unwrap() = odd[index % odd.len()].clone();
        succeeded += run(&damaged, &config);
    }
    for pointer in in_config {
        for value in &odd {
            let mut damaged = config.clone();
            *damaged.pointer_mut(&pointer).unwrap() = value.clone();
            succeeded += run(&definition, &damaged);
        }
    }
    assert!(succeeded > 0);
}
