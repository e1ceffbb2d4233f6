//! What language understanding learns from: read out of a fixture that has every rule in it, and out of real exports.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "this reads only one of the two files of an export")]
mod corpus;

use std::collections::{BTreeSet, HashMap};

use definition::Document;
use definition::nlp::{Answer, NlpData, PathTerm, findings, languages};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

const HOTEL: &str = include_str!("fixtures/hotel.json");

fn hotel(language: &str) -> NlpData {
    NlpData::read(&Document::parse(HOTEL, "hotel.json").unwrap(), language).unwrap()
}

fn parse(definition: &Value) -> Document {
    Document::parse(definition.to_string(), "botDefinition.json").unwrap()
}

#[test]
fn languages_are_those_switched_on_with_the_default_first() {
    let table = [
        (json!({"defaultLanguage": "en", "supportedLanguages": ["de", "en"]}), vec!["en", "de"]),
        (json!({"localeData": {"fr": {}, "nl": {}}}), vec!["fr", "nl"]),
        (json!({"supportedLanguages": 5, "localeData": []}), vec!["en"]),
        (
            json!({"supportedLanguages": [], "localeData": {"en": {"name": "Rides"}, "fr": {"synonyms": {}}}}),
            vec!["en"],
        ),
    ];
    for (definition, expected) in table {
        assert_eq!(languages(&parse(&definition)), expected, "{definition}");
    }
    assert_eq!(languages(&Document::parse(HOTEL, "").unwrap()), ["en", "de"], "fr is switched off");
}

#[test]
fn intents_are_roots_then_sub_intents() {
    let data = hotel("en");
    let names: Vec<_> = data.intents.iter().map(|one| (one.name.as_str(), one.label.as_str())).collect();
    let expected = [
        ("Book_Room", "Book a room"),
        ("Cancel", "cancel"),
        ("Leave_a_Note", "Leave a note"),
        ("Pets", "Pets"),
        ("Late", "Late"),
    ];
    assert_eq!(names, expected);
    let [book, cancel, note, pets, late] = &data.intents[..] else { panic!("five intents") };
    assert_eq!(
        (book.dialog_id.as_str(), book.dialog_ref.as_str(), book.dialog_name.as_str()),
        ("dg-book", "r-book", "Book Room")
    );
    assert_eq!(book.entities, ["dc-date", "dc-kind"]);
    assert_eq!(book.preconditions, ["guest", "( room )"]);
    assert_eq!(book.trait_rules, [["stay"], ["sleep"]]);
    assert!(book.scopes.is_empty() && !book.hidden && !book.follow_up && cancel.hidden && cancel.follow_up);
    assert_eq!(note.dialog_id, "dg-stub", "a stub is found by its name");
    assert_eq!((pets.dialog_id.as_str(), &pets.scopes[..]), ("", &["dg-book".to_owned()][..]));
    assert_eq!(late.scopes, ["dg-book"]);
    let german = hotel("de");
    assert_eq!(
        (german.intents[0].label.as_str(), german.intents[0].dialog_name.as_str()),
        ("Zimmer buchen", "Zimmer buchen")
    );
    assert_eq!((german.intents[3].label.as_str(), german.bot_name.as_str()), ("Pets", "Hotel"), "names fall back");
}

#[test]
fn utterances_go_to_the_intent_of_their_task_and_marks_become_bytes() {
    let data = hotel("en");
    let said: Vec<Vec<_>> =
        data.intents.iter().map(|one| one.utterances.iter().map(|said| said.text.as_str()).collect()).collect();
    let expected = [
        vec!["😀 a room for May 3 please", "book it", "by label"],
        vec!["cancel"],
        vec![],
        vec!["is my dog welcome"],
        vec!["i am late", "running late"],
    ];
    assert_eq!(said, expected);
    let first = &data.intents[0].utterances[0];
    let marks: Vec<_> =
        first.marks.iter().map(|mark| (mark.entity_id.as_str(), &first.text[mark.range.clone()])).collect();
    assert_eq!(marks, [("dc-kind", "a room"), ("dc-date", "May 3")]);
    assert_eq!(data.intents[0].utterances[1].marks.len(), 1, "the marks of the second row of one text");
    assert_eq!(hotel("de").intents[0].utterances[0].text, "ein Zimmer");
}

#[test]
fn patterns_come_from_components_and_from_the_list() {
    let data = hotel("en");
    assert_eq!(data.intents[0].patterns, ["i need a bed", "< book ~room >"]);
    assert_eq!(data.intents[0].negative_patterns, ["do not book"]);
    assert_eq!(data.entities[1].patterns, ["a * room", "room of *"]);
    assert_eq!(hotel("de").intents[0].patterns, ["Zimmer buchen"]);
}

#[test]
fn entities_have_values_lists_and_rules() {
    let data = hotel("en");
    let [date, kind, from, code] = &data.entities[..] else { panic!("four entities") };
    assert_eq!(
        (date.label.as_str(), date.many, &date.synonyms[..]),
        ("day of arrival", true, &["arrival".to_owned()][..])
    );
    assert_eq!(date.rules, [("preferFuture".to_owned(), "true".to_owned())]);
    assert_eq!((&date.dialogs[..], date.entity_type.as_str()), (&["dg-book".to_owned()][..], "date"));
    let choices: Vec<_> = kind.choices.iter().map(|one| (one.title.as_str(), one.value.as_str())).collect();
    assert_eq!(choices, [("Single", "1"), ("2", "2"), ("Suite", "Suite"), ("3", "3")]);
    assert_eq!((&kind.choices[0].synonyms[..], kind.spell_threshold), (&["single room".to_owned()][..], 80.0));
    let list = from.choices_from.as_ref().unwrap();
    assert_eq!((list.variable.as_str(), list.title_key.as_str(), from.label.as_str()), ("context.rooms", "t", "from"));
    assert_eq!((code.regex.as_str(), code.choices_from.is_none()), ("\\d{3}", true));
    assert_eq!(hotel("de").entities[1].choices.len(), 4, "the values of the default language");
}

#[test]
fn questions_have_paths_and_tags() {
    let data = hotel("en");
    let ids: Vec<_> = data.faqs.iter().map(|one| one.ref_id.as_str()).collect();
    assert_eq!(ids, ["f1", "f2"], "the others are switched off, or below a term that is");
    let fees = &data.faqs[0];
    let term = |label: &str| PathTerm { label: label.to_owned(), ..PathTerm::default() };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let leaf = PathTerm {
        mandatory: true,
        synonyms: words(&["costs", "price list", "charges"]),
        traits: words(&["cost", "now"]),
        ..term("Fees")
    };
    assert_eq!(fees.question.text, "What are the fees & taxes?");
    assert_eq!(fees.question.path, [leaf, PathTerm { organizer: true, ..term("Hotel") }]);
    assert_eq!(
        fees.question.tags,
        [PathTerm { mandatory: true, synonyms: words(&["vat"]), ..term("tax") }, term("levy")]
    );
    assert_eq!(fees.alternates.len(), 1);
    assert_eq!((fees.alternates[0].text.as_str(), fees.alternates[0].is_pattern), ("what * cost >", true));
    assert!(fees.alternates[0].path[0].mandatory, "the taxonomy says so");
    assert_eq!(fees.answer, Answer::Message { answer: r#"[{"text":"Ten"}]"#.into(), alternates: "[]".into() });
    assert_eq!(data.faqs[1].answer, Answer::Dialog { dialog_ref: "r-book".into() });
    let terms: Vec<_> = data.terms.iter().map(|one| (one.label.as_str(), one.usage.as_str())).collect();
    assert_eq!(terms, [("Hotel", "organizer"), ("Fees", "mandatory"), ("Loop", "default")]);
    assert_eq!(
        (&data.terms[1].synonyms, &data.terms[1].trait_rules),
        (&words(&["prices", "charges"]), &vec![words(&["cost", "now"])])
    );
    assert_eq!(data.faq_synonyms, [("fees".into(), words(&["charges"])), ("towel".into(), words(&["cloth"]))]);
    assert_eq!(hotel("de").faqs[0].ref_id, "g1");
}

#[test]
fn small_talk_traits_and_words_are_those_of_the_language() {
    let data = hotel("en");
    let talk: Vec<_> = data
        .small_talk
        .iter()
        .map(|one| (one.node_id.as_str(), one.parent_id.as_str(), one.utterances.join("|")))
        .collect();
    assert_eq!(talk, [("a", "", "~yes".to_owned()), ("b", "a", "< really >|truly".to_owned())]);
    assert_eq!(
        (data.small_talk[1].replies.as_str(), data.small_talk[0].replies.as_str()),
        (r#"[{"text":"Yes"}]"#, "[]")
    );
    let [mood] = &data.trait_groups[..] else { panic!("one group") };
    assert_eq!((mood.match_strategy.as_str(), mood.score_threshold), ("pattern", 0.6));
    assert_eq!(json!(mood.traits), json!([["calm", ["calm", "silent", "quiet"]], ["angry", ["bad"]]]));
    assert_eq!(json!(data.synonyms), json!([["room", ["suite", "bed & bath"]]]));
    assert_eq!(json!(data.concepts), json!([["~yes", ["yes", "sure"]], ["~no", ["no"]], ["~sight", ["castle"]]]));
    let german = hotel("de");
    assert_eq!(
        json!(german.concepts),
        json!([["~yes", ["ja"]], ["~no", ["no"]]]),
        "platform concepts are lent, ~sight is not"
    );
    assert!(german.small_talk.is_empty() && german.trait_groups.is_empty());
}

#[test]
fn thresholds_and_switches_are_those_of_the_language() {
    let data = hotel("en");
    let found = &data.thresholds;
    assert_eq!((found.ml.least, found.ml.definitive), (None, 0.95));
    assert_eq!((found.faq.suggest, found.faq.answer, found.faq.definitive), (70.0, 85.0, 95.0));
    assert_eq!((found.faq.suggestions, found.faq.use_bot_synonyms, found.faq.ignores_paths), (2, true, true));
    assert_eq!((found.rule.word_coverage, found.rule.label_match, found.rule.exact_name), (40.0, false, true));
    assert_eq!(
        (found.resolver.prefers_definitive, found.resolver.rescores, found.resolver.tolerance),
        (false, true, 1.0)
    );
    let switches = &data.settings;
    assert!(switches.several_intents && switches.model_per_dialog && switches.ignores_negative_patterns);
    assert!(switches.drops_negated && !switches.none_intent, "rows of a group of dialogs do not count for the bot");
    let other = [("exactTaskNameMatch", "\"true\""), ("intentParams.useStopwords", "false")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(switches.other, other);
    assert_eq!(hotel("de").thresholds.ml.least, Some(0.55));
    assert_eq!(hotel("xx").thresholds, Default::default());
}

#[test]
fn findings_name_what_and_where() {
    let text = include_str!("fixtures/clumsy.json");
    let data = NlpData::read(&Document::parse(text, "clumsy.json").unwrap(), "en").unwrap();
    let found: Vec<String> = findings(&data).iter().map(ToString::to_string).collect();
    let expected = [
        "only its whole name, word for word, can mean the intent \"Silent\" in \"en\": it has no utterance and no \
         pattern, and the words of its name do not count; add utterances, or hide its dialog if only events and other \
         dialogs start it",
        "the utterance \"Call a cab!\" stands under \"Taxi\", \"Ride\", \"Inner_A\"; keep it under one of them",
        "these utterances hardly differ, but mean different intents: \"go to Rome now\" under \"Taxi\", \"now go to Paris\" \
         under \"Ride\"; keep one of them, or bring the intents together",
        "\"go to Rome now\" and 1 more under the intent \"Taxi\" marks values of \"city\", which its dialog does not ask for; \
         remove the mark, or let the dialog ask for the entity",
        "the list entity \"empty\" has no values, so it takes no answer; add values to it",
        "the regex entity \"blank\" has no expression, so it takes no answer; write one",
        "the question \"how much\" stands under the FAQs \"How much?\" and \"What does it cost?\"; keep one of them",
    ];
    assert_eq!(found, expected);
}

#[test]
fn only_a_list_that_is_none_is_an_error() {
    let lists = [
        "dialogs",
        "dialogComponents",
        "patterns",
        "sentences",
        "knowledgeTasks",
        "smallTalk",
        "traits",
        "advancedNLSettings",
        "mlParams",
    ];
    for key in lists {
        let error = NlpData::read(&parse(&json!({ key: {} })), "en").unwrap_err();
        assert_eq!((error.pointer, error.message.as_str()), (format!("/{key}"), "expected a list but found an object"));
        assert!(NlpData::read(&parse(&json!({ key: null })), "en").is_ok());
    }
}

/// Every row of a real export ends up in one intent, or there is a reason why not that the export itself shows.
#[test]
fn real_exports_are_read_completely() {
    for export in corpus::exports() {
        let definition = Document::parse(export.definition, "botDefinition.json").unwrap();
        let json: Value = serde_json::from_str(definition.text().trim_start_matches('\u{feff}')).unwrap();
        for language in languages(&definition) {
            let data = NlpData::read(&definition, &language).unwrap();
            let rows = json["sentences"].as_array().unwrap().iter().filter(|row| row["language"] == *language);
            let rows: BTreeSet<_> =
                rows.map(|row| (row["taskId"].as_str().unwrap(), row["sentence"].as_str().unwrap().trim())).collect();
            let read: usize = data.intents.iter().map(|one| one.utterances.len()).sum();
            assert_eq!(read, rows.len(), "{} {language}: utterances", export.name);
            for intent in &data.intents {
                for said in &intent.utterances {
                    assert!(
                        rows.contains(&(intent.component_id.as_str(), said.text.trim())),
                        "{}: {}",
                        export.name,
                        said.text
                    );
                    for mark in &said.marks {
                        let (before, after) = (&said.text[..mark.range.start], &said.text[mark.range.end..]);
                        let is_part = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
                        let inside = is_part(before.chars().next_back()) || is_part(after.chars().next());
                        assert!(!inside, "{}: a mark ends inside a word: {} {mark:?}", export.name, said.text);
                    }
                }
            }
            let marked = json["sentences"].as_array().unwrap().iter().filter(|row| row["language"] == *language);
            let marked: usize = marked.map(|row| row["entities"].as_array().unwrap().len()).sum();
            let marks = data.intents.iter().flat_map(|one| &one.utterances).map(|said| said.marks.len()).sum::<usize>();
            let components = json["dialogComponents"].as_array().unwrap();
            let count = |kind: &str| components.iter().filter(|one| one["type"] == kind).count();
            assert_eq!(data.intents.len(), count("intent"), "{} {language}: intents", export.name);
            assert_eq!(data.entities.len(), count("entity"), "{} {language}: entities", export.name);
            let starting = data.intents.iter().filter(|one| !one.dialog_id.is_empty()).count();
            assert_eq!(starting, json["dialogs"].as_array().unwrap().len(), "{} {language}: dialogs", export.name);
            check_graphs(&json, &data, &export.name);
            for finding in findings(&data) {
                println!("{} {language}: {finding}", export.name);
            }
            let patterns: usize = data.intents.iter().map(|one| one.patterns.len()).sum();
            println!("{} {language}: {read} utterances, {marks} of {marked} marks, {patterns} patterns", export.name);
            assert_eq!(marks, marked, "{}: marks that fit", export.name);
        }
    }
}

/// What the prefixes of path terms mean: the taxonomy of the same export says it in words.
fn check_graphs(json: &Value, data: &NlpData, name: &str) {
    let mut usages = HashMap::new();
    for graph in json["knowledgeTasks"].as_array().unwrap().iter().filter(|graph| graph["language"] == *data.language) {
        for node in graph["taxonomy"].as_array().unwrap() {
            usages.insert(node["label"].as_str().unwrap(), node["termUsage"].as_str().unwrap_or("default"));
        }
        for question in graph["faqs"]["faqs"].as_array().unwrap() {
            for term in question["terms"].as_array().unwrap().iter().filter_map(Value::as_str) {
                let label = term.split("||").next().unwrap();
                let usage = usages[label.trim_start_matches(['*', '!'])];
                let prefix = &label[..label.len() - label.trim_start_matches(['*', '!']).len()];
                assert_eq!(
                    prefix,
                    match usage {
                        "mandatory" => "**",
                        "organizer" => "!!",
                        _ => "",
                    },
                    "{name}: {term}"
                );
            }
        }
    }
    for term in data.faqs.iter().flat_map(|one| &one.question.path) {
        let usage = if term.mandatory {
            "mandatory"
        } else if term.organizer {
            "organizer"
        } else {
            "default"
        };
        assert_eq!(usages[term.label.as_str()], usage, "{name}: {}", term.label);
    }
}

/// Every place of a value that can be put elsewhere.
fn places(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| places(item, format!("{pointer}/{at}"), found))
        }
        Value::Object(members) => members
            .iter()
            .for_each(|(key, member)| places(member, format!("{pointer}/{}", key.replace('~', "~0")), found)),
        _ => {}
    }
    found.push(pointer);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn mangled_definitions_never_panic(
        swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 1..6),
        text in ".{0,12}",
    ) {
        let mut definition: Value = serde_json::from_str(HOTEL).unwrap();
        for (from, to) in swaps {
            let mut found = Vec::new();
            places(&definition, String::new(), &mut found);
            // The whole definition inside of itself would only grow it.
            let part = definition.pointer(from.get::<String>(&found)).filter(|part| part.get("dialogs").is_none());
            let part = part.cloned().unwrap_or_else(|| Value::from(text.clone()));
            *definition.pointer_mut(to.get::<String>(&found)).unwrap() = part;
        }
        if let Ok(document) = Document::parse(definition.to_string(), "botDefinition.json") {
            for language in languages(&document).iter().chain([&text]) {
                let _ = NlpData::read(&document, language).map(|data| findings(&data));
            }
        }
    }
}
