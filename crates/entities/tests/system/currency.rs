use entities::currency::{Amounts, Options};

use crate::check;

#[test]
fn english() {
    check(
        &Amounts::default(),
        "en",
        &[
            ("$20", &[("$20", r#"{"code":"USD","amount":20}"#)]),
            ("$ 20", &[("$ 20", r#"{"code":"USD","amount":20}"#)]),
            ("20$", &[("20$", r#"{"code":"USD","amount":20}"#)]),
            ("$1,234.56", &[("$1,234.56", r#"{"code":"USD","amount":1234.56}"#)]),
            ("-$20", &[("-$20", r#"{"code":"USD","amount":-20}"#)]),
            ("US$ 20", &[("US$ 20", r#"{"code":"USD","amount":20}"#)]),
            ("20 dollars", &[("20 dollars", r#"{"code":"USD","amount":20}"#)]),
            ("twenty dollars", &[("twenty dollars", r#"{"code":"USD","amount":20}"#)]),
            ("send 50 usd to Ann", &[("50 usd", r#"{"code":"USD","amount":50}"#)]),
            ("USD 50", &[("USD 50", r#"{"code":"USD","amount":50}"#)]),
            ("USD50", &[("USD50", r#"{"code":"USD","amount":50}"#)]),
            ("50usd", &[("50usd", r#"{"code":"USD","amount":50}"#)]),
            ("20 canadian dollars", &[("20 canadian dollars", r#"{"code":"CAD","amount":20}"#)]),
            ("100 new zealand dollars", &[("100 new zealand dollars", r#"{"code":"NZD","amount":100}"#)]),
            ("HK$ 8", &[("HK$ 8", r#"{"code":"HKD","amount":8}"#)]),
            ("€5", &[("€5", r#"{"code":"EUR","amount":5}"#)]),
            ("5 euros", &[("5 euros", r#"{"code":"EUR","amount":5}"#)]),
            ("5 euros and 20 cents", &[("5 euros and 20 cents", r#"{"code":"EUR","amount":5.2}"#)]),
            ("20 cents", &[("20 cents", r#"{"code":"USD","amount":0.2}"#)]),
            ("£3.50", &[("£3.50", r#"{"code":"GBP","amount":3.5}"#)]),
            ("ten quid", &[("ten quid", r#"{"code":"GBP","amount":10}"#)]),
            ("50 pence", &[("50 pence", r#"{"code":"GBP","amount":0.5}"#)]),
            ("a fiver", &[("a fiver", r#"{"code":"GBP","amount":5}"#)]),
            ("ten bucks", &[("ten bucks", r#"{"code":"USD","amount":10}"#)]),
            ("5 grand", &[("5 grand", r#"{"code":"USD","amount":5000}"#)]),
            ("a grand", &[("a grand", r#"{"code":"USD","amount":1000}"#)]),
            ("a dollar", &[("a dollar", r#"{"code":"USD","amount":1}"#)]),
            ("one dollar", &[("one dollar", r#"{"code":"USD","amount":1}"#)]),
            ("Rs. 1,00,000", &[("Rs. 1,00,000", r#"{"code":"INR","amount":100000}"#)]),
            ("Rs500", &[("Rs500", r#"{"code":"INR","amount":500}"#)]),
            ("500rs", &[("500rs", r#"{"code":"INR","amount":500}"#)]),
            ("₹2 lakh", &[("₹2 lakh", r#"{"code":"INR","amount":200000}"#)]),
            ("$5m", &[("$5m", r#"{"code":"USD","amount":5000000}"#)]),
            ("$2.5k", &[("$2.5k", r#"{"code":"USD","amount":2500}"#)]),
            ("5 million yen", &[("5 million yen", r#"{"code":"JPY","amount":5000000}"#)]),
            ("¥500", &[("¥500", r#"{"code":"JPY","amount":500}"#)]),
            ("3 swiss francs", &[("3 swiss francs", r#"{"code":"CHF","amount":3}"#)]),
            ("$20 or 15 EUR", &[("$20", r#"{"code":"USD","amount":20}"#), ("15 EUR", r#"{"code":"EUR","amount":15}"#)]),
            ("convert to USD", &[("USD", r#"{"code":"USD"} …"#)]),
            ("50 people", &[]),
            ("try again", &[]),
            ("5 all in all", &[]),
            ("I am mad", &[]),
            ("hello", &[]),
        ],
    );
}

#[test]
fn rules() {
    let rupees = Amounts::new(Options { default_code: Some("INR".to_owned()), ..Options::default() });
    check(
        &rupees,
        "en",
        &[
            ("500", &[("500", r#"{"code":"INR","amount":500}"#)]),
            ("$5", &[("$5", r#"{"code":"USD","amount":5}"#)]),
            ("5 rupees", &[("5 rupees", r#"{"code":"INR","amount":5}"#)]),
            ("one of them", &[]),
        ],
    );
    let canada = Amounts::new(Options { default_code: Some("CAD".to_owned()), ..Options::default() });
    check(&canada, "en", &[("$5", &[("$5", r#"{"code":"CAD","amount":5}"#)])]);
    let codes = vec!["AUD".to_owned(), "EUR".to_owned()];
    let two = Amounts::new(Options { currency_codes: codes, ..Options::default() });
    check(&two, "en", &[("$5", &[("$5", r#"{"code":"AUD","amount":5}"#)]), ("5 yen", &[])]);
    let small = Amounts::new(Options { max_digits: Some(3), ignore_only_code: true, ..Options::default() });
    check(&small, "en", &[("$999.50 or $1000", &[("$999.50", r#"{"code":"USD","amount":999.5}"#)]), ("USD", &[])]);
}

#[test]
fn other_languages() {
    check(
        &Amounts::default(),
        "de",
        &[
            ("1.234,5 Euro", &[("1.234,5 Euro", r#"{"code":"EUR","amount":1234.5}"#)]),
            ("zwanzig Euro", &[("zwanzig Euro", r#"{"code":"EUR","amount":20}"#)]),
            ("20,50 €", &[("20,50 €", r#"{"code":"EUR","amount":20.5}"#)]),
        ],
    );
    check(
        &Amounts::default(),
        "fr",
        &[("vingt-trois euros", &[("vingt-trois euros", r#"{"code":"EUR","amount":23}"#)])],
    );
}

#[test]
fn newer_ones_are_lists_of_one_and_themselves() {
    check(
        &Amounts::new(Options { array_like: true, ..Options::default() }),
        "en",
        &[("$20", &[("$20", r#"{"code":"USD","amount":20,"0":{"code":"USD","amount":20},"length":1}"#)])],
    );
}
