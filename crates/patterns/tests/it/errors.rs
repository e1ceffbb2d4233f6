//! Patterns that cannot be read, and where.

use crate::message::{stem, words};
use patterns::{Concepts, Matcher, Options, Pattern, Problem, Stray};
use proptest::prelude::*;

#[test]
fn errors_have_a_position() {
    let deep = "(".repeat(40);
    let long = "word ".repeat(600);
    let rows = [
        ("", 0, Problem::Empty),
        ("  ", 0, Problem::Empty),
        ("a||b", 2, Problem::Empty),
        ("a []", 3, Problem::Empty),
        ("a \"\"", 2, Problem::Empty),
        ("(a b", 0, Problem::Unclosed("(")),
        ("grün [ a (b ] c", 9, Problem::Unclosed("(")),
        ("<< a", 0, Problem::Unclosed("<<")),
        ("x {a", 2, Problem::Unclosed("{")),
        ("say \"so", 4, Problem::Unclosed("\"")),
        ("a _", 2, Problem::Dangling("_")),
        ("a !< b", 2, Problem::Dangling("!")),
        ("!!!a", 0, Problem::Dangling("!!")),
        ("a *b", 2, Problem::Wildcard("*b".to_owned())),
        ("a *100", 2, Problem::Wildcard("*100".to_owned())),
        ("a *~ b", 2, Problem::Wildcard("*~".to_owned())),
        ("<< < a >>", 3, Problem::Ordered("<")),
        (&deep, 32, Problem::Depth),
        (&long, 2560, Problem::Length),
    ];
    for (text, position, problem) in rows {
        let error = Pattern::parse(text, &stem).expect_err(text);
        assert_eq!((error.position, error.problem), (position, problem), "{text}");
    }
    let message = Pattern::parse("x (a", &stem).unwrap_err().to_string();
    assert_eq!(message, "`(` is never closed at character 2 of the pattern; close it, or take the opening away");
}

#[test]
fn stray_closing_brackets_are_passed_over() {
    let pattern = Pattern::parse("( [ a b ] c ] ) >>", &stem).unwrap();
    let expected = [Stray { position: 12, bracket: "]" }, Stray { position: 16, bracket: ">>" }];
    assert_eq!(pattern.strays(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Anything typed is either read and searched for, or refused with a place inside the text.
    #[test]
    fn any_text_is_read_or_refused(characters in prop::collection::vec(prop::sample::select(SIGNS), 0..24)) {
        let text: String = characters.into_iter().collect();
        match Pattern::parse(&text, &stem) {
            Ok(pattern) => {
                let message = words("a b, ab! b a");
                let concepts = Concepts::new([("a", vec!["b", text.as_str()])], &stem);
                for found in Matcher::new(&message, &concepts, Options::INTENT).find_all(&pattern) {
                    prop_assert!(found.words.end <= message.len(), "{text}");
                }
            }
            Err(error) => prop_assert!(error.position <= text.chars().count(), "{text}: {error}"),
        }
    }
}

const SIGNS: &[char] = &[
    'a', 'b', 'a', 'b', ' ', ' ', ' ', '~', '!', '*', '_', '<', '>', '(', ')', '{', '}', '[', ']', '|', '"', '\'', '@',
    ':', '`', ',', '1', 'é', '-',
];
