//! Arbitrary bytes as a definition: no panic, agreement with serde_json, and everything derived parses again.
#![no_main]

use definition::check::check;
use definition::summary::Summary;
use definition::{Config, Document, ExportOptions, select};
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use serde_json::json;

fuzz_target!(|bytes: &[u8]| {
    let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_json = serde_json::from_slice::<IgnoredAny>(without_mark).is_ok();
    let document = match Document::parse(bytes, "botDefinition.json") {
        Ok(document) => document,
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1);
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert!(is_json, "serde_json refuses what the scanner accepts");
    assert_eq!(document.text().as_bytes(), bytes);
    for (key, raw) in document.members() {
        // Half a surrogate pair in a name is shown as U+FFFD, which is another name.
        assert!(document.raw(&key) == Some(raw) || key.contains('\u{fffd}'));
        let _ = document.elements(&key).map(|elements| elements.count());
    }

    let renamed = document.with_id("st-2").pieces().concat();
    let renamed = Document::parse(renamed, "botDefinition.json").expect("another id keeps the text valid");
    assert_eq!(renamed.id().as_deref(), Some("st-2"));

    let config = Config::parse("{}", "config.json").expect("an object is a config");
    for finding in check(&document, &config).errors {
        assert!(!finding.message.is_empty() && !finding.advice.is_empty());
    }
    let _ = Summary::of(&document);
    let _ = definition::tasks::tasks(&document);
    for body in [
        json!({"exportOptions": {"tasks": ["botTask"]}, "subTasks": {"dialogs": ["Berth"]}, "IncludeDependentTasks": true}),
        json!({"exportOptions": {"nlpData": ["utterances"], "settings": ["botSettings"]}}),
    ] {
        let options = ExportOptions::from_json(&body).expect("the options name a part");
        if let Ok(selected) = select(&document, &config, &options) {
            Document::parse(selected.definition, "botDefinition.json").expect("a partial export is valid");
        }
    }
});
