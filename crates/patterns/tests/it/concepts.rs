//! Concepts: members of every kind, circles, findings, yes and no.

use crate::message::{pattern, stem, words};
use patterns::{Concepts, Finding, Matcher, Options};

fn concepts() -> Concepts {
    Concepts::new(
        [
            ("~yes", vec!["yes", "of course", "< sure >", "~agree", ":+1:"]),
            ("~agree", vec!["I * agree", "fine"]),
            ("~no", vec!["no", "of course not", "< not sure", "!yes never", "'nah"]),
            ("~left", vec!["~right", "x"]),
            ("~right", vec!["~left", "y"]),
            ("~loop", vec!["z", "again ~loop", "~gone"]),
            ("~broken", vec!["(a", "b"]),
        ],
        &stem,
    )
}

#[test]
fn the_earliest_of_yes_and_no_wins() {
    let concepts = concepts();
    let (yes, no) = (pattern("~yes"), pattern("~no"));
    let rows = [
        ("yes", Some(0)),
        ("of course", Some(0)),
        ("of course not", Some(1)),
        ("no, yes", Some(1)),
        ("well yes no", Some(0)),
        ("sure", Some(0)),
        ("not sure", Some(1)),
        ("I do agree", Some(0)),
        (":+1:", Some(0)),
        ("NAH", Some(1)),
        ("never", Some(1)),
        ("never say yes", Some(0)),
        ("blah", None),
    ];
    for (text, expected) in rows {
        let words = words(text);
        let first = Matcher::new(&words, &concepts, Options::INTENT).earliest(&[&yes, &no]);
        assert_eq!(first.map(|(number, _)| number), expected, "{text}");
    }
}

#[test]
fn circles_are_harmless() {
    let concepts = concepts();
    let rows = [("~left", "y", true), ("~right", "x", true), ("~right", "q", false), ("~loop", "z", true)];
    for (text, message, expected) in rows {
        let found = pattern(text).find(&words(message), &concepts, Options::INTENT);
        assert_eq!(found.is_some(), expected, "{text} in {message}");
    }
}

#[test]
fn findings_name_what_is_wrong() {
    let concepts = concepts();
    let findings = concepts.findings();
    assert!(matches!(&findings[0], Finding::Unreadable { concept, member, error }
        if concept == "broken" && member == "(a" && error.position == 0));
    assert_eq!(findings[1], Finding::Circular { concept: "loop".to_owned() });
    assert_eq!(findings[2], Finding::Unknown { concept: "loop".to_owned(), missing: "gone".to_owned() });
    assert_eq!(findings.len(), 3);
    assert_eq!(concepts.unknown_in(&pattern("~yes [~Nope ~left] !~nope_2")), ["nope", "nope_2"]);
    assert!(concepts.contains("~YES") && !concepts.contains("nope"));
}
