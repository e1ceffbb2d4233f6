//! Every pattern of the real bots is read.

use std::path::Path;

use crate::message::{pattern, stem, words};
use patterns::{Concepts, Finding, Matcher, Options, Pattern};
use serde_json::Value;

/// The patterns and concept lists of one bot definition, unescaped.
#[derive(Default)]
struct Collected {
    patterns: Vec<String>,
    small_talk: Vec<String>,
    concepts: Vec<(String, Vec<String>)>,
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

fn collect(value: &Value, collected: &mut Collected) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match (key.as_str(), field) {
                    ("patterns" | "negativePatterns", Value::Array(entries)) => {
                        let texts = entries.iter().filter_map(|entry| entry["value"].as_str());
                        collected.patterns.extend(texts.map(unescape));
                    }
                    ("userUtterances", Value::Array(entries)) => {
                        let texts = entries.iter().filter_map(|entry| entry["text"].as_str());
                        collected.small_talk.extend(texts.map(unescape));
                    }
                    ("synonyms", Value::Object(lists)) => {
                        for (name, members) in lists.iter().filter(|(name, _)| name.starts_with('~')) {
                            let members = members.as_array().into_iter().flatten().filter_map(Value::as_str);
                            collected.concepts.push((name.clone(), members.map(unescape).collect()));
                        }
                    }
                    _ => {}
                }
                collect(field, collected);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, collected)),
        _ => {}
    }
}

#[test]
fn every_pattern_of_the_corpus_is_read() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !shared.is_dir() {
        println!("skipped: no ../shared");
        return;
    }
    let mut folders: Vec<_> = std::fs::read_dir(&shared).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let (mut patterns, mut small_talk, mut members, mut strays) = (0, 0, 0, Vec::new());
    for folder in folders {
        let Ok(bytes) = std::fs::read(folder.join("botDefinition.json")) else { continue };
        let definition: Value = serde_json::from_slice(&bytes).unwrap();
        let mut collected = Collected::default();
        collect(&definition, &mut collected);
        let lists = collected
            .concepts
            .iter()
            .map(|(name, members)| (name.as_str(), members.iter().map(String::as_str).collect::<Vec<_>>()));
        let concepts = Concepts::new(lists, &stem);
        let wrong: Vec<_> =
            concepts.findings().iter().filter(|finding| !matches!(finding, Finding::Unknown { .. })).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", folder.display());
        for text in collected.patterns.iter().chain(&collected.small_talk) {
            let pattern = Pattern::parse(text, &stem).unwrap_or_else(|error| panic!("{text}: {error}"));
            strays.extend(pattern.strays().iter().map(|_| text.clone()));
        }
        patterns += collected.patterns.len();
        small_talk += collected.small_talk.len();
        members += collected.concepts.iter().map(|(_, members)| members.len()).sum::<usize>();
        check_yes_and_no(&concepts, &folder);
    }
    assert!(patterns >= 60 && small_talk >= 200 && members >= 5000, "{patterns} {small_talk} {members}");
    let expected = [
        "( [ change alter modify update edit ] [ plane ] travel plans ] )",
        "( [ change alter modify update edit ] [ car vehicle taxi suv muv sedan hatchback ] travel plans ] )",
    ];
    strays.sort();
    strays.dedup();
    assert_eq!(strays.len(), expected.len(), "{strays:?}");
    assert!(expected.iter().all(|text| strays.iter().any(|stray| stray == text)), "{strays:?}");
}

/// The lists that ship in the exports tell yes from no.
fn check_yes_and_no(concepts: &Concepts, folder: &Path) {
    if !concepts.contains("~yes") {
        return;
    }
    let (yes, no) = (pattern("~yes"), pattern("~no"));
    for (text, expected) in [("yes", 0), ("Absolutely!", 0), ("no", 1), ("of course not", 1)] {
        let words = words(text);
        let first = Matcher::new(&words, concepts, Options::INTENT).earliest(&[&yes, &no]);
        assert_eq!(first.map(|(number, _)| number), Some(expected), "{text} in {}", folder.display());
    }
}
