//! `koreUtil`'s libraries: a table of expressions and values, which is what the libraries of those names give.

use script::{Code, Fault};
use serde_json::{Value, json};

use super::{body, go, printed, run_of};

const ALIASES: &str = "var _ = koreUtil._, moment = koreUtil.momenttz, hash = koreUtil.hash, xml = koreUtil.xml2js, \
                       intl = koreUtil.intl;";

#[test]
fn libraries_give_what_their_namesakes_give() {
    let table = include_str!("libraries.txt");
    let cases: Vec<(&str, &str)> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(" => ").expect("a line is an expression and a value"))
        .collect();
    let mut run = run_of(Code::Values(cases.iter().map(|(expression, _)| (*expression).into()).collect()));
    run.functions = vec![("aliases.js".into(), ALIASES.into())];
    let values = go(&run).unwrap().values;
    for ((expression, expected), value) in cases.iter().zip(values) {
        assert_eq!(value, serde_json::from_str::<Value>(expected).expect(expression), "{expression}");
    }
    assert!(cases.len() > 300, "the table was read");
}

#[test]
fn the_language_of_numbers_and_dates_is_english() {
    let cases = [
        ("print((1234567.5).toLocaleString())", "1,234,567.5"),
        ("print((1234567).toLocaleString('en-IN'))", "12,34,567"),
        ("print((5).toLocaleString('en-US', {style: 'currency', currency: 'EUR'}))", "€5.00"),
        ("print(new Date().toLocaleDateString())", "11/14/2023"),
        ("print(new Date().toLocaleTimeString())", "10:13:20 PM"),
        ("print(new Date().toLocaleString('en-US', {timeZone: 'Asia/Kolkata'}))", "11/15/2023, 3:43:20 AM"),
        ("print(new Intl.NumberFormat('en-US').format(1000))", "1,000"),
        ("Intl = 5; print(Intl)", "5"),
        ("print(new Date(2020, 0, 1).getTimezoneOffset())", "0"),
    ];
    for (source, expected) in cases {
        assert_eq!(printed(source), expected, "{source}");
    }
}

#[test]
fn libraries_can_be_replaced_and_say_what_they_lack() {
    let cases = [
        ("koreUtil._ = {chunk: () => 'mine'}; print(koreUtil._.chunk())", "mine"),
        ("koreUtil.xml2js.parseString('<a>1</a>', function (error, found) { print(found) })", "{\"a\":\"1\"}"),
        ("koreUtil.xml2js.parseString('<a>', function (error) { print(error.message) })", "XML does not close a"),
        (
            "var {random, shuffle} = koreUtil._; print([random(1, 6), random(1, 6), shuffle([1, 2, 3])].join())",
            "3,3,1,2,3",
        ),
        ("print(String(koreUtil.moment()))", "Tue Nov 14 2023 22:13:20 GMT+0000"),
        ("context.at = koreUtil.moment(0); print(typeof koreUtil.rrule)", "undefined"),
    ];
    for (source, expected) in cases {
        assert_eq!(printed(source), expected, "{source}");
    }
    let at = go(&body("context.at = koreUtil.moment(0)")).unwrap().context.unwrap()["at"].clone();
    assert_eq!(at, json!("1970-01-01T00:00:00.000Z"));
    let fault = go(&body("koreUtil.hash.createHash('crc')")).unwrap_err();
    assert!(matches!(&fault, Fault::Threw { message, .. } if message.contains("there is no digest crc")), "{fault:?}");
}
