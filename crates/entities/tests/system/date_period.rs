use entities::date::{self, Bound, Range};
use entities::date_period::{DatePeriods, Options};

use crate::check;

fn rows(extractor: &DatePeriods, language: &str, rows: &[(&str, &str, &str, &str)]) {
    for (text, words, from, to) in rows {
        let (from, more) = from.strip_suffix('…').map_or((*from, ""), |from| (from, " …"));
        let value = format!(r#"{{"fromDate":"{from}","toDate":"{to}"}}{more}"#);
        check(extractor, language, &[(text, &[(words, &value)])]);
    }
}

#[test]
fn english() {
    rows(
        &DatePeriods::default(),
        "en",
        &[
            ("from 3 May to 10 May", "from 3 May to 10 May", "2027-05-03", "2027-05-10"),
            ("from monday to friday", "from monday to friday", "2026-11-30", "2026-12-04"),
            ("between 10 and 12 may", "10 and 12 may", "2027-05-10", "2027-05-12"),
            ("between 10 may and 12 june", "between 10 may and 12 june", "2027-05-10", "2027-06-12"),
            ("3rd to 7th june", "3rd to 7th june", "2027-06-03", "2027-06-07"),
            ("May 5-9", "May 5-9", "2027-05-05", "2027-05-09"),
            ("28 dec till 3 jan", "28 dec till 3 jan", "2026-12-28", "2027-01-03"),
            ("2026-12-01 - 2026-12-05", "2026-12-01 - 2026-12-05", "2026-12-01", "2026-12-05"),
            ("we travel from today until friday", "from today until friday", "2026-11-25", "2026-11-27"),
            ("next week", "next week", "2026-11-30", "2026-12-06"),
            ("this weekend", "this weekend", "2026-11-28", "2026-11-29"),
            ("in december", "december", "2026-12-01", "2026-12-31"),
            ("this month", "this month", "2026-11-01", "2026-11-30"),
            ("last month", "last month", "2026-10-01", "2026-10-31"),
            ("next quarter", "next quarter", "2027-01-01", "2027-03-31"),
            ("in 2027", "in 2027", "2027-01-01", "2027-12-31"),
            ("the last 2 weeks", "the last 2 weeks", "2026-11-11", "2026-11-25"),
            ("next 3 days", "next 3 days", "2026-11-25", "2026-11-28"),
            ("tomorrow for 3 days", "tomorrow for 3 days", "2026-11-26", "2026-11-28"),
            ("for 2 weeks starting monday", "for 2 weeks starting monday", "2026-11-30", "2026-12-13"),
            ("for 3 days", "for 3 days", "2026-11-25…", "2026-11-27"),
            ("tomorrow", "tomorrow", "2026-11-26…", "2026-11-26"),
        ],
    );
    for text in ["may I order", "from paris to rome", "between us", "for 3 people", "1 to 5", "from 9 am to 5 pm", ""] {
        check(&DatePeriods::default(), "en", &[(text, &[])]);
    }
}

#[test]
fn rules() {
    let range = Range { from: Some(Bound::FromToday(0)), to: None };
    let future = DatePeriods::new(Options { date: date::Options { range, ..date::Options::default() } });
    check(&future, "en", &[("last month", &[])]);
    let past = DatePeriods::new(Options { date: date::Options { past: true, ..date::Options::default() } });
    rows(&past, "en", &[("from 3 May to 10 May", "from 3 May to 10 May", "2026-05-03", "2026-05-10")]);
}

#[test]
fn other_languages() {
    rows(
        &DatePeriods::default(),
        "de",
        &[("vom 3.5.2027 bis 10.5.2027", "vom 3.5.2027 bis 10.5.2027", "2027-05-03", "2027-05-10")],
    );
}
