//! Patterns and messages made to be slow: the work stays proportional to both.

use crate::message::{pattern, stem, words};
use patterns::{Concepts, Matcher, Options};

#[test]
fn work_is_elements_times_words() {
    let none = Concepts::default();
    let many = "a ".repeat(6000);
    let nested = format!("{}a{} b", "{ a ".repeat(30), " }".repeat(30));
    let rows = [
        ("* * * * * * * * * *".to_owned(), true),
        ("* a * a * a * a * a * b".to_owned(), false),
        (nested, false),
        ("{a} {a} {a} {a} {a} {a} {a} {a} {a} {a} b".to_owned(), false),
        ("<< a a a a a a a a b >>".to_owned(), false),
        ("<< (a * a) (a * a) << a (a * a) >> >> b".to_owned(), false),
        ("!b !b !(a * b) a * !(a * a * b) b".to_owned(), false),
        ("a !!b a !!(a * b) b".to_owned(), false),
        ("[(a * a) (a * a * a)] [(a * a) (a * a * a)] b".to_owned(), false),
        ("_* _* _* a _*~99 _*99 a".to_owned(), true),
        (format!("{} b", "a ".repeat(500)), false),
    ];
    for (text, expected) in rows {
        let message = words(many.trim());
        let mut matcher = Matcher::new(&message, &none, Options::INTENT);
        let found = matcher.find(&pattern(&text));
        assert_eq!(found.is_some(), expected, "{text}");
        // Twice for the trace, four more for each level of groups traced into, 32 for a look ahead.
        let elements = text.split([' ', '(', '[', '{']).filter(|part| !part.is_empty()).count() as u64;
        let bound = 40 * elements * (message.len() as u64 + 1);
        assert!(matcher.steps() <= bound, "{text}: {} steps, {bound} allowed", matcher.steps());
    }
}

#[test]
fn all_matches_are_limited() {
    let none = Concepts::default();
    let message = words("a ".repeat(6000).trim());
    let mut matcher = Matcher::new(&message, &none, Options::INTENT);
    assert_eq!(matcher.find_all(&pattern("a")).len(), Matcher::MOST_MATCHES);
    assert!(matcher.steps() < Matcher::WORK_LIMIT);
}

/// Each concept names the next twice: 2^40 ways through them.
#[test]
fn concepts_that_multiply_reach_the_limit_and_find_nothing() {
    let names: Vec<String> = (0..41).map(|number| format!("c{number}")).collect();
    let members: Vec<String> = (1..41).map(|number| format!("~c{number} * ~c{number}")).collect();
    let lists = names.iter().enumerate().map(|(number, name)| {
        let member = members.get(number).map_or("a", String::as_str);
        (name.as_str(), vec!["a", member])
    });
    let concepts = Concepts::new(lists, &stem);
    let message = words("b a a a a a a a a a a a a");
    let mut matcher = Matcher::new(&message, &concepts, Options::INTENT);
    assert_eq!(matcher.find(&pattern("~c0 b")), None);
    assert!(matcher.steps() < Matcher::WORK_LIMIT + 10_000, "{} steps", matcher.steps());
}

#[test]
fn long_chains_of_concepts_end() {
    let names: Vec<String> = (0..5000).map(|number| format!("c{number}")).collect();
    let members: Vec<String> = (1..=5000).map(|number| format!("x ~c{number}")).collect();
    let lists = names.iter().zip(&members).map(|(name, member)| (name.as_str(), vec![member.as_str()]));
    let concepts = Concepts::new(lists, &stem);
    assert_eq!(Matcher::new(&words("x x x"), &concepts, Options::INTENT).find(&pattern("~c0")), None);
}

/// Deep groups inside deep concepts: the stack of a small thread suffices.
#[test]
fn deep_groups_in_deep_concepts_end() {
    let names: Vec<String> = (0..50).map(|number| format!("c{number}")).collect();
    let members: Vec<String> =
        (1..=50).map(|number| format!("{}~c{number}{}", "[x (x ".repeat(16), ")]".repeat(16))).collect();
    let lists = names.iter().zip(&members).map(|(name, member)| (name.as_str(), vec![member.as_str()]));
    let concepts = Concepts::new(lists, &stem);
    assert_eq!(concepts.findings().len(), 1, "only the last concept is missing");
    let message = words("x ".repeat(1000).trim());
    let found = Matcher::new(&message, &concepts, Options::INTENT).find(&pattern("~c0"));
    assert!(found.is_some());
}
