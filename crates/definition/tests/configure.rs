//! Setting thresholds and switches: what changes, what does not, and what is refused.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use definition::Document;
use definition::nlp::{ConfigureError, NlpData, configure};
use serde_json::{Value, json};

const HOTEL: &str = include_str!("fixtures/hotel.json");

fn configured(text: &str, language: &str, body: &Value) -> Result<String, ConfigureError> {
    let definition = Document::parse(text, "hotel.json").unwrap();
    configure(&definition, language, body, |prefix| format!("{prefix}-new"))
}

#[test]
fn only_what_is_set_changes() {
    let body =
        json!({"ml": {"minThreshold": 0.4}, "wordCoverage": 70, "f_negation": false, "detectMultiIntent": false});
    let text = configured(HOTEL, "en", &body).unwrap();
    let data = NlpData::read(&Document::parse(text.as_str(), "").unwrap(), "en").unwrap();
    assert_eq!((data.thresholds.ml.least, data.thresholds.rule.word_coverage), (Some(0.4), 70.0));
    assert!(!data.settings.drops_negated && !data.settings.several_intents);
    let dialogs = HOTEL.find("\"dialogs\"").unwrap();
    assert!(text.ends_with(&HOTEL[dialogs..]), "the rest is untouched");
    assert_eq!(configured(&text, "en", &body).unwrap(), text, "a second time nothing changes");
}

#[test]
fn missing_places_are_made() {
    let body = json!({"confidenceConfigs": [{"mode": "rr", "taskMatchTolerance": 4}], "advancedNLSettings": {"NoneIntent": true}});
    for text in [
        "{}",
        r#"{"encryptedHash": "x"}"#,
        r#"{"localeData": {}, "encryptedHash": "x"}"#,
        r#"{"localeData": {"en": {}}}"#,
    ] {
        let changed = Document::parse(configured(text, "en", &body).unwrap(), "").unwrap();
        let data = NlpData::read(&changed, "en").unwrap();
        assert_eq!((data.thresholds.resolver.tolerance, data.settings.none_intent), (4.0, true), "{text}");
    }
}

#[test]
fn refusals_name_the_key_the_range_and_the_value() {
    let table = [
        (json!({"ml": {"minThreshold": 40}}), "ml.minThreshold must be a number from 0 to 1, but is 40"),
        (json!({"kg": {"minThreshold": 90}}), "faq.minThreshold must be at most the maxThreshold"),
        (json!({"minThreshold": 1}), "several engines"),
        (json!({"NoneIntent": "yes"}), "NoneIntent must be true or false, but is \"yes\""),
        (json!({"ml": {"x": 1}}), "there is no setting \"ml.x\""),
        (json!({"x": 1}), "there is no setting \"x\""),
        (json!([]), "holds no settings"),
    ];
    for (body, expected) in table {
        let error = configured(HOTEL, "en", &body).unwrap_err().to_string();
        assert!(error.contains(expected), "{body}: {error}");
    }
    assert!(configured(HOTEL, "xx", &json!({"NoneIntent": true})).unwrap_err().to_string().contains("it has en, de"));
}
