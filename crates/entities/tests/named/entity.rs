//! Entities put together: texts, patterns, rules, and the words of a whole message.

use std::sync::Arc;

use entities::label::LabelRules;
use entities::{Allocated, Description, Entity, Found, Given, Kind, Surroundings, allocate, attachment};
use patterns::Concepts;
use serde_json::{Value, json};

use crate::choices;

fn entity(description: &Description) -> Entity {
    Entity::new(description, "en", &Arc::new(Concepts::default()))
}

fn described(kind: Kind, patterns: &[&str], rules: &[(&str, &str)]) -> Description {
    Description {
        name: format!("{kind:?}"),
        kind: Some(kind),
        patterns: patterns.iter().map(|&pattern| pattern.to_owned()).collect(),
        rules: rules.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Description::default()
    }
}

fn with<T>(ask: impl FnOnce(&Surroundings<'_>) -> T) -> T {
    let now = jiff::civil::date(2021, 3, 4).to_zoned(jiff::tz::TimeZone::UTC).expect("a day");
    ask(&Surroundings { language: "en", now: &now })
}

fn values(found: &[Found]) -> Vec<Value> {
    found.iter().map(|found| found.value.clone()).collect()
}

fn joined(found: &[Found]) -> String {
    values(found)
        .iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join("+")
}

#[test]
fn an_answer_is_a_text() {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let plain = LabelRules::default();
    let all = LabelRules { many_sentences: true, ..LabelRules::default() };
    let strip = LabelRules {
        strip_leading: words(&["it is", "a"]),
        strip_trailing: words(&["please"]),
        ..LabelRules::default()
    };
    let long = LabelRules { avoid_single_word: true, ..LabelRules::default() };
    let letters = LabelRules { letters: true, ..LabelRules::default() };
    let digits = LabelRules { only_numbers: true, ..LabelRules::default() };
    for (rules, text, expected) in [
        (&plain, "book a flight", "book a flight"),
        (&plain, "  hi  ", "hi"),
        (&plain, "First thing. Second thing.", "First thing."),
        (&plain, "3.5 inches", "3.5 inches"),
        (&plain, "", ""),
        (&plain, " \n ", ""),
        (&all, "One. Two! ", "One. Two!"),
        (&strip, "It is a table, please", "table"),
        (&strip, "apple", "apple"),
        (&strip, "a", ""),
        (&long, "word", ""),
        (&long, "two words", "two words"),
        (&letters, "b for bravo, double o", "boo"),
        (&letters, "alpha bravo 12 three x-ray", "ab123x"),
        (&letters, "Smith", "smith"),
        (&letters, "hello there", ""),
        (&digits, "it is 12-34", "1234"),
        (&digits, "none", ""),
    ] {
        let found = rules.answer(text);
        assert_eq!(joined(found.as_slice()), expected, "{text}");
        assert!(found.is_none_or(|found| text.get(found.range).is_some()));
    }
}

#[test]
fn patterns_point_at_values() {
    for (kind, patterns, text, expected) in [
        (Kind::Label, vec!["subject *1"], "set the subject invoice please", "invoice"),
        (Kind::Label, vec!["from * to"], "move it from old desk to new desk", "old desk"),
        (Kind::Label, vec!["called *"], "a list called big plans. And more", "big plans"),
        (Kind::Label, vec!["called _*2 and"], "called big plans and more", "big plans"),
        (Kind::Description, vec!["says *"], "it says no. And yes", "no. And yes"),
        (Kind::Label, vec![], "book a flight", ""),
        (Kind::City, vec!["to *"], "from Paris to London", "London"),
        (Kind::City, vec!["from * to", "to *"], "from Paris to London", "Paris"),
        (Kind::City, vec!["via *"], "from Paris to London", "Paris"),
        (Kind::Label, vec!["(("], "((", ""),
    ] {
        let entity = entity(&described(kind, &patterns, &[]));
        let found = with(|at| entity.values(text, at, &[], &[]));
        assert_eq!(joined(&found), expected, "{patterns:?} in {text}");
    }
    let only = entity(&described(Kind::City, &["via *"], &[("patternsOnly", "true")]));
    assert_eq!(with(|at| joined(&only.values("from Paris via Rome", at, &[], &[]))), "Rome");
    assert_eq!(with(|at| joined(&only.values("from Paris", at, &[], &[]))), "");
    assert_eq!(entity(&described(Kind::Label, &["(("], &[])).faults().len(), 1);
}

#[test]
fn rules_decide() {
    let accounts = |rules: &[(&str, &str)]| {
        let choices = choices(&["Savings Account|s", "Current Account|c"]);
        entity(&Description { choices, ..described(Kind::ListOfValues, &[], rules) })
    };
    for (rule, text, expected) in [
        (("ownership", "true"), "my savings", "s"),
        (("ownership", "true"), "the savings", ""),
        (("ownership", "\"false\""), "his current", "c"),
        (("ownership", "\"false\""), "my current", ""),
        (("ownership", "\"either\""), "my current", "c"),
        (("includeWords", "[\"show\"]"), "show current", "c"),
        (("includeWords", "show,list"), "close current", ""),
        (("excludeWords", "\"close\""), "close current", ""),
        (("ignoreWords", "[\"account\"]"), "account", ""),
        (("ignoreLemmaWords", "true"), "saving", ""),
        (("somethingNew", "1"), "savings", "s"),
    ] {
        let entity = accounts(&[rule]);
        assert_eq!(with(|at| joined(&entity.values(text, at, &[], &[]))), expected, "{rule:?} {text}");
    }
    assert_eq!(accounts(&[("somethingNew", "{"), ("digits", "3")]).unsupported_rules(), ["somethingNew", "digits"]);
    let unknown = entity(&Description { name: "x".into(), ..Description::default() });
    assert!(with(|at| unknown.values("anything", at, &[], &[])).is_empty() && unknown.faults().len() == 1);
}

#[test]
fn an_answer_chooses() {
    let colours =
        Description { choices: choices(&["Red|r", "Green|g", "B|blue"]), ..described(Kind::ListOfValues, &[], &[]) };
    let entity = entity(&colours);
    for (text, expected) in
        [("a", "r"), ("b", "blue"), ("2", "g"), ("the last one", "blue"), ("green!", "g"), ("x", "")]
    {
        assert_eq!(with(|at| joined(&entity.answer(text, at, &[0, 1, 2]))), expected, "{text}");
    }
    assert_eq!(with(|at| joined(&entity.answer("a", at, &[]))), "", "nothing was shown");
    let label = self::entity(&described(Kind::Label, &[], &[]));
    assert_eq!(with(|at| joined(&label.answer("hi", at, &[]))), "hi");
}

#[test]
fn words_go_to_one_entity() {
    let to = entity(&described(Kind::City, &["to *1"], &[]));
    let from = entity(&described(Kind::City, &[], &[]));
    let colour = entity(&described(Kind::Color, &[], &[]));
    let text = "from Paris to London in red and blue";
    let show = |allocated: Vec<Allocated>| -> Vec<(usize, String)> {
        allocated.iter().map(|one| (one.entity, joined(&one.found))).collect()
    };
    let run = |entities: &[&Entity], given: Given<'_>| with(|at| show(allocate(entities, text, at, given)));
    let pair = |place, value: &str| (place, value.to_owned());
    assert_eq!(run(&[&from, &to, &colour], Given::default()), [pair(0, "Paris"), pair(1, "London"), pair(2, "red")]);
    assert_eq!(run(&[&from, &from, &from], Given::default()), [pair(0, "Paris"), pair(1, "London")]);
    assert_eq!(run(&[&from, &from], Given { sharing: &[0], ..Given::default() }), [pair(0, "Paris"), pair(1, "Paris")]);
    assert_eq!(run(&[&from], Given { used: std::slice::from_ref(&(5..10)), ..Given::default() }), [pair(0, "London")]);
    let marked = Given { marks: &[(1, 5..10), (0, 900..901)], ..Given::default() };
    assert_eq!(run(&[&from, &from], marked), [pair(0, "London"), pair(1, "Paris")]);
    let many = entity(&Description { many: true, ..described(Kind::Color, &[], &[]) });
    assert_eq!(run(&[&many], Given::default()), [pair(0, "red+blue")]);
}

#[test]
fn composites_are_objects() {
    let part = |name: &str, kind, regex: &str| Description {
        name: name.into(),
        regex: regex.into(),
        ..described(kind, &[], &[])
    };
    let parts =
        vec![part("paint", Kind::Color, ""), part("code", Kind::Regex, r"[A-Z]\d+"), part("place", Kind::City, "")];
    let of = |patterns: &[&str], rules: &[(&str, &str)]| {
        entity(&Description { parts: parts.clone(), ..described(Kind::Composite, patterns, rules) })
    };
    let find = |entity: &Entity, text: &str| with(|at| values(&entity.values(text, at, &[], &[])));
    assert_eq!(find(&of(&[], &[]), "a red one, K12"), [json!({"paint": "red", "code": "K12"})]);
    assert_eq!(find(&of(&["@paint @code"], &[]), "in Paris a red K12"), [json!({"paint": "red", "code": "K12"})]);
    assert!(find(&of(&["@paint @code"], &[]), "K12 then a red").is_empty());
    assert_eq!(find(&of(&[], &[]), r#" {"a": 1} "#), [json!({"a": 1})]);
    assert_eq!(find(&of(&["@code @paint"], &[("modelNumber", "true")]), "K12 dark red"), [json!("K12darkred")]);
    assert!(find(&of(&[], &[]), "nothing").is_empty());
}

#[test]
fn values_of_lookups_and_files_have_their_shapes() {
    for entity_type in ["list_of_values", "list_of_items_lookup", "list_of_items_enumerated"] {
        let (kind, choices) = (Kind::of(entity_type), choices(&["Mumbai|BOM|bombay"]));
        let entity = entity(&Description { kind, choices, ..Description::default() });
        let found = with(|at| values(&entity.values("to bombay", at, &[], &[])));
        assert_eq!(found, [json!("BOM")], "{entity_type}");
    }
    assert_eq!(values(&attachment::found(&[json!({"fileId": "f"})])), [json!({"fileId": "f"})]);
}

proptest::proptest! {
    #[test]
    fn any_message_is_allocated_without_overlap(text in ".{0,80}", cut in 0usize..80) {
        let entities = [
            entity(&described(Kind::Label, &["to *", "a *~2 b"], &[("stripLeading", "a")])),
            entity(&Description { many: true, choices: choices(&["a b", "C"]), ..described(Kind::ListOfValues, &[], &[]) }),
            entity(&Description { regex: r"\w+".into(), many: true, ..described(Kind::Regex, &[], &[]) }),
        ];
        let used = text.floor_char_boundary(cut)..text.len();
        let all: Vec<&Entity> = entities.iter().collect();
        let allocated = with(|at| allocate(&all, &text, at, Given { used: std::slice::from_ref(&used), ..Given::default() }));
        let mut ranges: Vec<_> = allocated.into_iter().flat_map(|one| one.found).map(|found| found.range).collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        for pair in ranges.windows(2) {
            proptest::prop_assert!(pair[0].end <= pair[1].start);
        }
        for range in ranges {
            proptest::prop_assert!(text.get(range.clone()).is_some() && range.end <= used.start.max(range.start));
        }
        for one in &all {
            with(|at| one.answer(&text, at, &[0, 1]));
        }
    }
}
