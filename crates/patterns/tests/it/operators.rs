//! Every operator: what it finds, and what it does not (`-`).

use crate::message::{found, join, pattern, words};
use patterns::{Concepts, Entity, Matcher, Options};

/// Checks rows of pattern, message and the words that are found.
fn check(rows: &[(&str, &str, &str)]) {
    let concepts = Concepts::new([("~animal", vec!["cat", "dog", "polar bear"])], &crate::message::stem);
    for (pattern, text, expected) in rows {
        assert_eq!(found(pattern, text, &concepts, Options::INTENT), *expected, "`{pattern}` in {text:?}");
    }
}

#[test]
fn words_in_order() {
    check(&[
        ("book flight", "please book a cheap flight now", "book a cheap flight"),
        ("book flight", "Book one two three flight", "book one two three flight"),
        ("book flight", "book one two three four flight", "-"),
        ("book flight", "flight book", "-"),
        ("book flight", "book. flight", "-"),
        ("book flight", "book , one , two , three , flight", "book , one , two , three , flight"),
        ("what be you", "What are you?", "what are you"),
        ("order", "my ORDERS", "orders"),
        ("(book flight) now", "book a flight right now", "book a flight right now"),
        ("(book flight) now", "now book a flight", "-"),
        ("who ?", "who is it ?", "who is it ?"),
        ("book flight", "", "-"),
    ]);
}

#[test]
fn entities_have_smaller_gaps() {
    let none = Concepts::default();
    assert_eq!(found("from to", "from a b to", &none, Options::ENTITY), "from a b to");
    assert_eq!(found("from to", "from a b c to", &none, Options::ENTITY), "-");
    assert_eq!(found("from to", "from a. b to", &none, Options::DESCRIPTION), "from a . b to");
    assert_eq!(found("from to", "from a. b to", &none, Options::ENTITY), "-");
    assert_eq!(found("from to", "x. from to", &none, Options::ENTITY), "from to");
}

#[test]
fn phrases() {
    check(&[
        ("get_it", "I get it", "get it"),
        ("get_it", "get to it", "-"),
        ("get_it", "get, it", "-"),
        ("bis`bald", "bis bald dann", "bis bald"),
        ("have_a_better_", "have a better one", "have a better"),
        ("{my}_[order parcel]_delivered", "my order delivered", "my order delivered"),
        ("{my}_[order parcel]_delivered", "parcel delivered", "parcel delivered"),
        ("{my}_[order parcel]_delivered", "parcel not delivered", "-"),
        ("\"so long\"", "so long then", "so long"),
        ("\"so long\"", "so very long", "-"),
        ("see_you_later_,_aligator", "see you later, aligator", "see you later , aligator"),
        ("boo-yah", "well boo-yah", "boo-yah"),
        (":)", "fine :)", ": )"),
        (":)", "fine : )", "-"),
    ]);
}

#[test]
fn choices() {
    check(&[
        ("[cab taxi]", "a taxi", "taxi"),
        ("[cab taxi]", "a car", "-"),
        ("[cab taxi] [now later]", "cab or later", "cab or later"),
        ("[cab taxi] [now later]", "later cab", "-"),
        ("hire [car (big red bus)]", "hire the big old red bus", "hire the big old red bus"),
        ("hire [car (big red bus)]", "hire the bus", "-"),
        ("pick [7 8]", "pick 8", "pick 8"),
        ("[get_it understand]", "i get it", "get it"),
        ("[Polar (polar bear)]", "polar bear", "polar bear"),
    ]);
}

#[test]
fn optional_words() {
    check(&[
        ("where {my} order", "where order", "where order"),
        ("where {my} order", "where is my order", "where is my order"),
        ("where {my} order", "where a b my c d order", "where a b my c d order"),
        ("where {my} order", "where a b c d order", "-"),
        ("< {please} stop >", "please do stop", "please do stop"),
        ("< {please} stop >", "do stop", "-"),
        ("stop {now}", "stop it", "stop"),
        ("< who be you { ? } >", "who are you ?", "who are you ?"),
        ("{a b} c", "b c", "b c"),
    ]);
}

#[test]
fn any_order() {
    check(&[
        ("<< flight cheap >>", "a cheap flight", "cheap flight"),
        ("<< flight cheap >>", "flight a b c d e f cheap", "flight a b c d e f cheap"),
        ("<< flight cheap >>", "a flight", "-"),
        ("<< flight cheap >>", "a flight. cheap", "-"),
        ("<< [where track] {my} [order parcel] >>", "the order , where is it", "order , where"),
        ("<< show * ~animal >>", "a dog to show", "dog to show"),
        ("want << a b >> now", "want b and a now", "want b and a now"),
        ("want << a b >> now", "a b want now", "-"),
        ("<< when_[order parcel]_here >>", "when order here", "when order here"),
        ("<<a !b>>", "a b", "-"),
    ]);
}

#[test]
fn anchors() {
    check(&[
        ("< hello", "hello there", "hello"),
        ("< hello", "well hello", "-"),
        ("< hello", "... hello", "hello"),
        ("< hello", "Well. Hello!", "hello"),
        ("bye >", "ok bye!", "bye"),
        ("bye >", "bye now", "-"),
        ("< thank you >", "thank you", "thank you"),
        ("< thank you >", "thank you all", "-"),
        ("<[cab taxi]>", "Taxi", "taxi"),
        ("buy < ~animal", "dog buy", "dog buy"),
        ("buy < ~animal", "buy dog", "-"),
        ("< no ! >", "no !", "no !"),
    ]);
}

#[test]
fn wildcards() {
    check(&[
        ("is * free", "is the very big old room free", "is the very big old room free"),
        ("is * free", "is free", "is free"),
        ("is * free", "is it. free", "-"),
        ("a *2 b", "a x y b", "a x y b"),
        ("a *2 b", "a x b", "-"),
        ("a *2 b", "a x y z b", "-"),
        ("a *0 b", "a b", "a b"),
        ("a *0 b", "a , b", "-"),
        ("a *~2 b", "a b", "a b"),
        ("a *~2 b", "a x y b", "a x y b"),
        ("a *~2 b", "a x y z b", "-"),
        ("* stop * car", "would you stop that car", "would you stop that car"),
        ("add *", "please add two litres of milk.", "add two litres of milk"),
        ("to *1", "go to Paris now", "to paris"),
        ("to *1", "go to", "-"),
        ("from * to *", "from A to B to C", "from a to b to c"),
        ("< * >", "anything goes", "anything goes"),
    ]);
}

#[test]
fn negations() {
    check(&[
        ("!n ~animal", "dog", "dog"),
        ("!n ~animal", "n dog", "-"),
        ("!n ~animal", "dog n", "-"),
        ("book !hotel", "hotel book", "book"),
        ("book !hotel", "book a hotel", "-"),
        ("book !hotel flight", "book a flight", "book a flight"),
        ("book !hotel flight", "book a flight and hotel", "-"),
        ("book !(big hotel)", "book a hotel", "book"),
        ("book !(big hotel)", "book a big nice hotel", "-"),
        ("book !!a flight", "book the flight", "book the flight"),
        ("book !!a flight", "book a flight", "-"),
        ("book !!~animal", "book polar bear", "-"),
        ("book !!~animal", "book the polar bear", "book"),
        ("!spam", "good", ""),
        ("!spam", "good spam", "-"),
    ]);
}

#[test]
fn concepts_and_exact_forms() {
    check(&[
        ("~animal", "two cats", "cats"),
        ("~animal", "a polar bear", "polar bear"),
        ("~animal", "polar white bear", "-"),
        ("my ~ANIMAL", "my old dog", "my old dog"),
        ("~unknown", "unknown", "-"),
        ("'orders", "ORDERS", "orders"),
        ("'orders", "order", "-"),
        ("'be", "are", "-"),
        ("'be quiet", "be quiet", "be quiet"),
        ("orders", "order", "order"),
    ]);
}

#[test]
fn alternatives_and_the_default_small_talk() {
    let name = "What ~animal name|what ~animal called|< who be ~animal { ? } >|< tell about yourself >";
    check(&[
        (name, "what dog has the name", "what dog has the name"),
        (name, "what is a cat called", "what is a cat called"),
        (name, "who is cat ?", "who is cat ?"),
        (name, "Tell me about yourself!", "tell me about yourself"),
        (name, "so tell me about yourself", "-"),
        ("~animal|get_it|i_understand", "I understand", "i understand"),
        ("a (b|c d) e", "a c d e", "a c d e"),
        ("a (b|c d) e", "a c e", "-"),
    ]);
}

/// Captures, wildcards and gaps as texts.
#[test]
fn what_a_match_remembers() {
    let concepts = Concepts::new([("city", vec!["York", "New York"])], &crate::message::stem);
    let rows = [
        ("from _* to _*", "fly from New York , to Paris .", "new york|paris", "new york|paris", 0),
        ("to _~city", "go to New York", "new york", "", 0),
        ("to _*1 by _[bus train]", "to Paris by red train", "paris|train", "paris", 1),
        ("a {_b} c", "a c", "-", "", 0),
        ("a _{b} c", "a b x c", "b", "", 1),
        ("_(a b) c", "a x b c", "a x b", "", 1),
        ("[_a _b]", "b", "-|b", "", 0),
        ("in *", "in", "", "", 0),
        ("a {b} * c", "a x b c", "", "", 1),
        ("a * b", "a x b y b", "", "x", 0),
        ("in *~2", "in a b c", "", "a b", 0),
        ("<<_a b>>", "b x a", "a", "", 0),
    ];
    for (text, message, captures, wildcards, gap_words) in rows {
        let words = words(message);
        let found = pattern(text).find(&words, &concepts, Options::INTENT).unwrap_or_else(|| panic!("{text}"));
        let captured: Vec<String> = found
            .captures
            .iter()
            .map(|range| range.clone().map_or_else(|| "-".to_owned(), |range| join(&words[range])))
            .collect();
        let passed: Vec<String> = found.wildcards.iter().map(|range| join(&words[range.clone()])).collect();
        assert_eq!(captured.join("|"), captures, "captures of `{text}`");
        assert_eq!(passed.join("|"), wildcards, "wildcards of `{text}`");
        assert_eq!(found.gap_words, gap_words, "gap words of `{text}`");
    }
}

#[test]
fn entities_and_all_matches() {
    let none = Concepts::default();
    let message = words("one red bus. two red cars and red");
    let entities = [Entity { name: "Colour".to_owned(), words: 5..6 }];
    let mut matcher = Matcher::new(&message, &none, Options::INTENT).with_entities(&entities);
    let mut spans = |text: &str| -> Vec<(usize, usize)> {
        matcher.find_all(&pattern(text)).into_iter().map(|found| (found.words.start, found.words.end)).collect()
    };
    assert_eq!(spans("@colour car"), [(5, 7)]);
    assert_eq!(spans("@colour bus"), []);
    assert_eq!(spans("@other"), []);
    assert_eq!(spans("red"), [(1, 2), (5, 6), (8, 9)]);
    assert_eq!(spans("red [bus car]"), [(1, 3), (5, 7)]);
    assert_eq!(spans("{red} car"), [(5, 7)]);
}
