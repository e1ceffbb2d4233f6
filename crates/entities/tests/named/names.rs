//! Names of people and companies, addresses, expressions.

use std::sync::Arc;

use entities::Extractor;
use entities::address::Addresses;
use entities::company::Companies;
use entities::expression::Expression;
use entities::person_name::PersonNames;
use patterns::Concepts;

use crate::found;

fn texts(extractor: &dyn Extractor, text: &str) -> String {
    let found = found(extractor, text);
    found.iter().map(|found| found.value.as_str().expect("a text").to_owned()).collect::<Vec<_>>().join("+")
}

#[test]
fn people_are_named() {
    let names = PersonNames::default();
    for (text, expected) in [
        ("My name is John Smith", "John Smith"),
        ("my name is john smith", "john smith"),
        ("my name is Xyzzia and I need help", "Xyzzia"),
        ("john smith", "john smith"),
        ("Mary", "Mary"),
        ("mary", "mary"),
        ("I'm Peter", "Peter"),
        ("I am hungry", ""),
        ("This is Mary O'Connor, hello", "Mary O'Connor"),
        ("send it to John F. Kennedy today", "John F. Kennedy"),
        ("Ich heiße Jürgen Müller", "Jürgen Müller"),
        ("Grzegorz Brzęczyszczykiewicz", "Grzegorz Brzęczyszczykiewicz"),
        ("book a flight", ""),
        ("12345", ""),
        ("", ""),
        ("Dr. Watson", "Watson"),
        ("Ann, Bob and Carl", "Ann+Bob+Carl"),
        ("Mary, John", "Mary+John"),
        ("mary and john smith", "mary+john smith"),
        ("Mary and a friend", ""),
        ("Will May", "Will May"),
        ("Will", "Will"),
        ("will", ""),
        ("O'Brien", "O'Brien"),
        ("i am mary", "mary"),
        ("I am hope to see you", ""),
        ("Will it be long", ""),
        (" 李小龍 ", "李小龍"),
        ("你好", ""),
    ] {
        assert_eq!(texts(&names, text), expected, "{text}");
    }
    let ruled = PersonNames { ignored: vec!["mary".into()], negative_patterns: vec!["not my name".into()] };
    assert_eq!(texts(&ruled, "My name is Mary"), "");
    assert_eq!(texts(&ruled, "John Smith is not my name"), "");
    assert_eq!(texts(&ruled, "John Smith"), "John Smith");
}

#[test]
fn companies_and_addresses_are_found() {
    for (text, expected) in [
        ("I work for Acme", "Acme"),
        ("Please invoice Acme Widgets Ltd. for it", "Acme Widgets Ltd"),
        ("Meyer & Sons, Inc", "Meyer & Sons, Inc"),
        ("Deutsche Bank", "Deutsche Bank"),
        ("hello there", ""),
        ("", ""),
    ] {
        let text_found = texts(&Companies, text);
        assert!(text_found.ends_with(expected) && text_found.is_empty() == expected.is_empty(), "{text}: {text_found}");
    }
    for (text, expected) in [
        ("221B Baker Street, London NW1 6XE", "221B Baker Street, London NW1 6XE"),
        (
            "send it to 1600 Amphitheatre Parkway, Mountain View, CA 94043.",
            "1600 Amphitheatre Parkway, Mountain View, CA 94043",
        ),
        ("ich wohne in der Hauptstraße 5, 10115 Berlin", "Hauptstraße 5, 10115 Berlin"),
        ("12 apples", ""),
        ("", ""),
    ] {
        assert_eq!(texts(&Addresses, text), expected, "{text}");
    }
}

fn expression(written: &str) -> Option<Expression> {
    let concepts = Concepts::new([("~fruit", vec!["apple", "red pear"])], &|word| word.to_owned());
    Expression::new(written, "xx", &Arc::new(concepts)).expect("an expression")
}

#[test]
fn expressions_find_what_they_match() {
    for (written, text, expected) in [
        (r"[A-Z]+-\d+", "Extract only NLP-1234 from this utterance", "NLP-1234"),
        (r"\b\d{3}\b", "1234 and 567", "567"),
        (r"\d{16}", "card 4111111111111111.", "4111111111111111"),
        (r"\d+", "١٢٣", ""),
        ("/abc/i", "xABCx", "ABC"),
        ("/a.c/s", "a\nc", "a\nc"),
        (r"https?:\/\/\S+", "see http://a.b/c now", "http://a.b/c"),
        (r"(\w)\1", "book", "oo"),
        (r"foo(?=bar)", "foobar foobaz", "foo"),
        (r"(?<!a)b", "ab bb", "b+b"),
        (r"(?<year>\d{4})-\k<year>", "2020-2020", "2020-2020"),
        (r"[\w.-]+", "a.b-c", "a.b-c"),
        (r"[[a]+", "[a[", "[a["),
        (r"a{b", "a{b", "a{b"),
        (r"\u0041[^]", "A\n", "A\n"),
        (r"\<x\>", "<x>", "<x>"),
        ("x*", "aaa", ""),
        ("~fruit", "a red pear and an apple", "red pear+apple"),
        ("[]", "a", ""),
    ] {
        assert_eq!(texts(&expression(written).unwrap(), text), expected, "{written}");
    }
    for none in ["", "  ", "null", "//"] {
        assert!(expression(none).is_none());
    }
}

#[test]
fn hostile_expressions_end() {
    let text = format!("{}!", "a".repeat(20_000));
    let concepts = Arc::new(Concepts::default());
    for written in [
        "(a+)+$",
        "(a|a)*b",
        r"(a*)*\1b",
        "(?=(a+)+$)x",
        "(((((a{100}){100}){100}){100}){100})",
        "(",
        "[",
        "\\",
        "*",
        "(?<",
        "[z-a]",
    ] {
        if let Ok(Some(expression)) = Expression::new(written, "en", &concepts) {
            found(&expression, &text);
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_expression_are_read(text in ".{0,60}", written in r"[\[\]\\(){}^$*+?a-c0-3,|~&/-]{0,14}") {
        if let Ok(Some(expression)) = Expression::new(&written, "en", &Arc::new(Concepts::default())) {
            found(&expression, &text);
        }
        let extractors: [&dyn Extractor; 7] = [
            &PersonNames::default(),
            &Companies,
            &Addresses,
            &entities::city::Locations,
            &entities::airport::Airports,
            &entities::zip_code::ZipCodes::default(),
            &entities::color::Colors,
        ];
        for extractor in extractors {
            found(extractor, &text);
        }
    }
}
