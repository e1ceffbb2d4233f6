//! Import and export of bot variables.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod corpus;

use definition::variables::{VariablesError, export_variables, import_variables};
use definition::{Config, Document};
use serde_json::{Value, json};

const CAFE: &str = include_str!("fixtures/cafe.json");
const CAFE_CONFIG: &str = include_str!("fixtures/cafe.config.json");

fn cafe() -> (Config, Document) {
    (Config::parse(CAFE_CONFIG, "config.json").unwrap(), Document::parse(CAFE, "botDefinition.json").unwrap())
}

#[test]
fn an_export_imported_again_changes_nothing() {
    for export in corpus::exports() {
        let config = Config::parse(export.config, "config.json").unwrap();
        let definition = Document::parse(export.definition, "botDefinition.json").unwrap();
        let listed = export_variables(&config, &definition).unwrap();
        for body in [json!(listed), json!({ "botVariables": listed })] {
            let imported = import_variables(&config, &definition, &body).unwrap();
            assert!(imported.definition == definition.text(), "{}", export.name);
            assert_eq!((imported.config.as_str(), imported.count), (config.text(), listed.len()), "{}", export.name);
        }
    }
}

#[test]
fn variables_are_updated_by_key_or_added() {
    let namespace = "00000900-0000-5000-8000-000000000000";
    let env = |variable: &str| -> Value { serde_json::from_str(variable).unwrap() };
    let (config, definition) = cafe();
    // Body; environment variables and content variables that then differ from before.
    let cases = [
        (
            json!([{"key": "till", "value": "8"}]),
            vec![env(
                r#"{"key":"till","value":"8","variableType":"env","hint":"","scope":"prePopulated","group":"","propagateValue":false,"vNameSpace":["00000900-0000-5000-8000-000000000000"],"isSecured":false}"#,
            )],
            vec![],
        ),
        (
            json!([{"key": "new", "scope": "onInstall", "extra": 1.50, "vNameSpace": [{"name": "default", "refId": "of another bot"}, {"name": "?", "refId": "x"}]}]),
            vec![env(
                r#"{"key":"new","value":"","variableType":"env","hint":"","scope":"onInstall","group":"","propagateValue":false,"vNameSpace":["00000900-0000-5000-8000-000000000000","x"],"isSecured":false,"extra":1.5}"#,
            )],
            vec![],
        ),
        (json!([{"key": "secret", "value": "", "isSecured": true}]), vec![], vec![]),
        (
            json!({"botVariables": [{"key": "greeting", "localeData": {"en": {"value": "Hello"}, "de": {"value": "Hallo"}}}]}),
            vec![],
            vec![env(
                r#"{"key":"greeting","localeData":{"en":{"value":"Hello","hint":"","audioTag":""},"de":{"value":"Hallo"}},"variableType":"locale","scope":"prePopulated","group":"","vNameSpace":["00000900-0000-5000-8000-000000000000"]}"#,
            )],
        ),
        (
            json!([{"key": "till", "variableType": "Locale", "value": "Kasse", "scope": "hidden"}]),
            vec![],
            vec![env(
                r#"{"key":"till","localeData":{"en":{"value":"Kasse","hint":"","audioTag":""}},"variableType":"Locale","scope":"hidden","group":"","propagateValue":false,"vNameSpace":[]}"#,
            )],
        ),
    ];
    for (body, new_env, new_content) in cases {
        let imported = import_variables(&config, &definition, &body).unwrap();
        assert_eq!(imported.count, 1, "{body}");
        let difference = |text: &str, before: &str, key: &str| {
            let before = serde_json::from_str::<Value>(before).unwrap()[key].clone();
            let mut after = serde_json::from_str::<Value>(text).unwrap()[key].as_array().unwrap().clone();
            after.retain(|variable| !before.as_array().unwrap().contains(variable));
            json!(after).to_string()
        };
        assert_eq!(difference(&imported.config, CAFE_CONFIG, "envVariables"), json!(new_env).to_string(), "{body}");
        let content = difference(&imported.definition, CAFE, "contentVariables");
        assert_eq!(content, json!(new_content).to_string(), "{body}");
        assert_eq!(imported.definition == CAFE, new_content.is_empty(), "{body}");
        assert_eq!(imported.definition.contains("encryptedHash"), new_content.is_empty(), "{body}");
    }
    let listed = export_variables(&config, &definition).unwrap();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0]["vNameSpace"], json!([{"name": "default", "refId": namespace}]));

    let with_secret = Config::parse(CAFE_CONFIG.replace(r#""value": """#, r#""value": "s3""#), "config.json").unwrap();
    assert_eq!(export_variables(&with_secret, &definition).unwrap(), listed);
    let again = import_variables(&with_secret, &definition, &json!(listed)).unwrap();
    assert_eq!(again.config, with_secret.text());
}

#[test]
fn collections_are_namespaces() {
    let (config, definition) = cafe();
    let body = json!({"botCollections": [{"name": "till", "refId": "ns2"}],
        "botCollectionVariables": [{"key": "a", "vNameSpace": [{"name": "till", "refId": "ns2"}]}]});
    let imported = import_variables(&config, &definition, &body).unwrap();
    let (config, definition) = (
        Config::parse(imported.config, "config.json").unwrap(),
        Document::parse(imported.definition, "botDefinition.json").unwrap(),
    );
    let listed = export_variables(&config, &definition).unwrap();
    assert_eq!(listed[2]["vNameSpace"], json!([{"name": "till", "refId": "ns2"}]));
}

#[test]
fn bad_bodies_are_refused() {
    let (config, definition) = cafe();
    let cases = [
        (json!({}), VariablesError::Empty),
        (json!("x"), VariablesError::NotVariables),
        (json!({"botVariables": "x"}), VariablesError::NotVariables),
        (json!([{"key": "a"}, {"value": "x"}]), VariablesError::NoKey { pointer: "/1".into() }),
        (json!({"botVariables": [7]}), VariablesError::NoKey { pointer: "/botVariables/0".into() }),
    ];
    for (body, error) in cases {
        assert_eq!(import_variables(&config, &definition, &body), Err(error), "{body}");
    }
}
