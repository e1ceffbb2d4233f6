//! Arbitrary text as a message to a trained bot: no panic, places inside the text, and the same answer twice.
#![no_main]

use std::sync::LazyLock;

use definition::Document;
use definition::nlp::NlpData;
use libfuzzer_sys::fuzz_target;
use nlu::{Learned, Model, Question, State};

/// The sample bot, trained.
static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let file = include_bytes!("../../crates/botyard/sample/botDefinition.json");
    let document = Document::parse(file.as_slice(), "botDefinition.json").expect("the sample is valid");
    let data = NlpData::read(&document, "en").expect("the sample is valid");
    let (learned, _) = Learned::train(&data);
    Model::new(data, learned)
});

fuzz_target!(|text: &str| {
    let now = "2026-03-04T10:00:00[UTC]".parse().expect("a date and time");
    let question = Question { text, now: &now, state: State::default() };
    let understood = MODEL.understand(&question);
    for values in &understood.entities {
        for found in &values.found {
            assert!(text.get(found.range.clone()).is_some(), "{:?} is no place of the text", found.range);
        }
    }
    for ranked in &understood.ranking {
        assert!((0.0..=1.0).contains(&ranked.total), "{}", ranked.total);
    }
    assert_eq!(MODEL.understand(&question), understood);
});
