//! What a dry run reports.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod corpus;

use definition::changes::{Change, Changes, Kind, changes, config_changes};
use definition::{Config, Document};
use serde_json::{Value, json};

const CAFE: &str = include_str!("fixtures/cafe.json");
const CAFE_CONFIG: &str = include_str!("fixtures/cafe.config.json");

fn parse(text: &str) -> Document {
    Document::parse(text, "botDefinition.json").unwrap()
}

fn words(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{:?} {}", change.kind, change.name)).collect()
}

#[test]
fn every_bot_is_all_new_then_all_kept() {
    for export in corpus::exports() {
        let document = Document::parse(export.definition, "botDefinition.json").unwrap();
        let new = changes(None, &document).unwrap();
        assert!(new.replaced.is_empty() && new.kept.is_empty() && new.removed.is_empty(), "{}", export.name);
        let same = changes(Some(&document), &document).unwrap();
        assert!(same.created.is_empty() && same.replaced.is_empty() && same.removed.is_empty(), "{}", export.name);
        let settings = new.created.iter().filter(|change| change.kind == Kind::Setting);
        assert_eq!(same.kept.len(), new.created.len() - settings.count(), "{}", export.name);
        assert_eq!(same.utterances.before, new.utterances.after, "{}", export.name);
        let config = Config::parse(export.config, "config.json").unwrap();
        let variables = config_changes(None, &config).unwrap().created;
        assert_eq!(config_changes(Some(&config), &config).unwrap().kept, variables, "{}", export.name);
    }
}

#[test]
fn each_kind_of_change_is_named() {
    let mut after: Value = serde_json::from_str(CAFE).unwrap();
    after["_id"] = json!("st-other");
    after["color"] = json!("red");
    after["promptLibraries"] = json!([]);
    // A component of the dialog changes, the dialog itself does not.
    after["dialogComponents"][6]["script"] = json!("context.sum = 4;");
    let dialogs = after["dialogs"].as_array_mut().unwrap();
    dialogs[2]["refId"] = json!("matched by name");
    dialogs.pop();
    dialogs.push(json!({"_id": "dg-new", "refId": "r", "lname": "new"}));
    after["botEvents"]["ON_CONNECT_EVENT"] = json!({});
    after["contentVariables"][0]["scope"] = json!("hidden");
    after["smallTalk"][0]["groups"].as_array_mut().unwrap().clear();
    after["sentences"].as_array_mut().unwrap().pop();
    let changes: Changes = changes(Some(&parse(CAFE)), &parse(&after.to_string())).unwrap();
    assert_eq!(words(&changes.created), ["Dialog new", "Event ON_CONNECT_EVENT", "Setting promptLibraries"]);
    assert_eq!(words(&changes.replaced), ["Dialog Pay", "Dialog Welcome", "Variable greeting", "Setting color"]);
    assert_eq!(words(&changes.removed), ["Dialog Opening Hours", "SmallTalk greetings (en)"]);
    let kept = ["Dialog Order Coffee", "Form Address Form", "Event WELCOME_MESSAGE_EVENT", "KnowledgeGraph Café (en)"];
    assert_eq!(words(&changes.kept), kept);
    let json = serde_json::to_value(&changes).unwrap();
    assert_eq!(json["utterances"], json!({"before": 4, "after": 3}));
    assert_eq!(json["created"][0], json!({"kind": "dialog", "id": "dg-new", "name": "new"}));
    assert_eq!(json["removed"][1]["kind"], json!("smallTalk"));
}

#[test]
fn environment_variables_are_compared_by_key() {
    let before = Config::parse(CAFE_CONFIG, "config.json").unwrap();
    let after = CAFE_CONFIG.replace("\"till\"", "\"desk\"").replace("\"scope\": \"hidden\"", "\"scope\": \"other\"");
    let changes = config_changes(Some(&before), &Config::parse(after, "config.json").unwrap()).unwrap();
    assert_eq!(words(&changes.created), ["Variable desk"]);
    assert_eq!(words(&changes.replaced), ["Variable secret"]);
    assert_eq!(words(&changes.removed), ["Variable till"]);
}
