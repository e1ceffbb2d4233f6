use entities::number::{Numbers, Options, digits};

use crate::check;

#[test]
fn english() {
    check(
        &Numbers::default(),
        "en",
        &[
            ("23", &[("23", "23")]),
            ("twenty three", &[("twenty three", "23")]),
            ("twenty-three", &[("twenty-three", "23")]),
            ("one two three", &[("one two three", "123")]),
            ("one double five oh", &[("one double five oh", "1550")]),
            ("1M", &[("1M", "1000000")]),
            ("1.5M", &[("1.5M", "1500000")]),
            ("10k", &[("10k", "10000")]),
            ("I need 5 tickets", &[("5", "5")]),
            ("we are two adults and three kids", &[("two", "2"), ("three", "3")]),
            ("1,234.5", &[("1,234.5", "1234.5")]),
            ("12,34,567", &[("12,34,567", "1234567")]),
            ("1.234,5", &[("1.234,5", "1234.5")]),
            ("-12", &[("-12", "-12")]),
            ("minus twelve", &[("minus twelve", "-12")]),
            ("it is -3.25 now", &[("-3.25", "-3.25")]),
            (".5", &[(".5", "0.5")]),
            ("1235778", &[("1235778", "1235778")]),
            ("123456789012345678", &[("123456789012345678", "123456789012345678")]),
            ("1234567890123456789", &[]),
            ("two hundred and five", &[("two hundred and five", "205")]),
            (
                "one hundred twenty three thousand four hundred fifty six",
                &[("one hundred twenty three thousand four hundred fifty six", "123456")],
            ),
            ("a hundred", &[("a hundred", "100")]),
            ("5 million", &[("5 million", "5000000")]),
            ("2.5 million people", &[("2.5 million", "2500000")]),
            ("two point five", &[("two point five", "2.5")]),
            ("one and a half", &[("one and a half", "1.5")]),
            ("two lakh", &[("two lakh", "200000")]),
            ("3 crore", &[("3 crore", "30000000")]),
            ("two dozen", &[("two dozen", "24")]),
            ("between 3 and 5", &[("3", "3"), ("5", "5")]),
            ("3-5", &[("3", "3"), ("5", "5")]),
            ("1,2,3", &[("1", "1"), ("2", "2"), ("3", "3")]),
            ("the total is 42.", &[("42", "42")]),
            ("one", &[("one", "1")]),
            ("one ticket please", &[("one", "1")]),
            ("007", &[("007", "7")]),
            ("twenty twenty", &[("twenty twenty", "2020")]),
            ("5 thousand two hundred", &[("5 thousand two hundred", "5200")]),
            ("zero", &[("zero", "0")]),
            ("#42", &[("42", "42")]),
            ("I am one of them", &[]),
            ("this one is fine", &[]),
            ("NLP-1234", &[]),
            ("flight EK222", &[]),
            ("on 10/12/2021 at 10:30", &[]),
            ("the 3rd floor", &[]),
            ("call the police", &[]),
            ("version 1.2.3.4", &[]),
            ("hello there", &[]),
            ("", &[]),
        ],
    );
}

#[test]
fn other_languages() {
    check(
        &Numbers::default(),
        "de",
        &[
            ("1.234,5", &[("1.234,5", "1234.5")]),
            ("1.234", &[("1.234", "1234")]),
            ("1,5", &[("1,5", "1.5")]),
            ("dreiundzwanzig", &[("dreiundzwanzig", "23")]),
            ("2 Millionen", &[("2 Millionen", "2000000")]),
            ("ich möchte eine Pizza", &[]),
            ("vier Personen und 2 Kinder", &[("vier", "4"), ("2", "2")]),
        ],
    );
    check(&Numbers::default(), "fr", &[("vingt-trois billets", &[("vingt-trois", "23")]), ("3,5", &[("3,5", "3.5")])]);
    check(&Numbers::default(), "es_MX", &[("1,234.5", &[("1,234.5", "1234.5")])]);
}

#[test]
fn rules() {
    let rule = |options| Numbers::new(options);
    let three = rule(Options { digits: digits("3"), ..Options::default() });
    check(&three, "en", &[("12 or 123 or 1234", &[("123", "123")]), ("007", &[("007", "7")])]);
    let card = rule(Options { digits: digits("13-17"), as_string: true, ..Options::default() });
    check(&card, "en", &[("0123456789012", &[("0123456789012", "0123456789012")]), ("12", &[])]);
    let few = rule(Options { range: Some((1.0, 9.5)), ..Options::default() });
    check(&few, "en", &[("0 or 9.5 or 10", &[("9.5", "9.5")])]);
    let text = rule(Options { as_string: true, ..Options::default() });
    check(&text, "en", &[("twenty three", &[("twenty three", "23")]), ("-1.50", &[("-1.50", "-1.5")])]);
    assert_eq!([digits("5-3"), digits("x")], [None, None]);
}
