use entities::date::{Bound, Dates, DayOrder, Options, Range, preferred_format};
use jiff::civil::date;

use crate::check;

#[test]
fn english() {
    check(
        &Dates::default(),
        "en",
        &[
            ("today", &[("today", "2026-11-25")]),
            ("book it for tomorrow please", &[("tomorrow", "2026-11-26")]),
            ("the day after tomorrow", &[("the day after tomorrow", "2026-11-27")]),
            ("yesterday", &[("yesterday", "2026-11-24")]),
            ("day before yesterday", &[("day before yesterday", "2026-11-23")]),
            ("friday", &[("friday", "2026-11-27")]),
            ("wednesday", &[("wednesday", "2026-12-02")]),
            ("this wednesday", &[("this wednesday", "2026-11-25")]),
            ("next friday", &[("next friday", "2026-12-04 | 2026-11-27")]),
            ("this coming friday", &[("this coming friday", "2026-11-27")]),
            ("last friday", &[("last friday", "2026-11-20")]),
            ("monday next week", &[("monday next week", "2026-11-30")]),
            ("on sat or sun", &[("sat", "2026-11-28"), ("sun", "2026-11-29")]),
            ("in 3 days", &[("in 3 days", "2026-11-28")]),
            ("three weeks from tomorrow", &[("three weeks from tomorrow", "2026-12-17")]),
            ("a week from now", &[("a week from now", "2026-12-02")]),
            ("3 days ago", &[("3 days ago", "2026-11-22")]),
            ("in a couple of weeks", &[("in a couple of weeks", "2026-12-09")]),
            ("two days before christmas", &[("two days before christmas", "2026-12-23")]),
            ("1st of May", &[("1st of May", "2027-05-01")]),
            ("May 1", &[("May 1", "2027-05-01")]),
            ("may 1st, 2028", &[("may 1st, 2028", "2028-05-01")]),
            ("my birthday is 12 dec 1990", &[("12 dec 1990", "1990-12-12")]),
            ("twenty first of june", &[("twenty first of june", "2027-06-21")]),
            ("june twenty first", &[("june twenty first", "2027-06-21")]),
            ("Dec. 25", &[("Dec. 25", "2026-12-25")]),
            ("12-Dec-2026", &[("12-Dec-2026", "2026-12-12")]),
            ("wednesday, 2nd december", &[("wednesday, 2nd december", "2026-12-02")]),
            ("the 15th", &[("the 15th", "2026-12-15")]),
            ("on the 30th at 8", &[("the 30th at 8", "2026-11-30")]),
            ("the 3rd of next month", &[("the 3rd of next month", "2026-12-03")]),
            ("first monday of january", &[("first monday of january", "2027-01-04")]),
            ("last day of february", &[("last day of february", "2027-02-28")]),
            ("end of month", &[("end of month", "2026-11-30")]),
            ("end of next month", &[("end of next month", "2026-12-31")]),
            ("beginning of next year", &[("beginning of next year", "2027-01-01")]),
            ("mid january", &[("mid january", "2027-01-16")]),
            ("this weekend", &[("this weekend", "2026-11-28 …")]),
            ("next weekend", &[("next weekend", "2026-12-05 …")]),
            ("next week", &[("next week", "2026-11-30 …")]),
            ("in december", &[("december", "2026-12-01 …")]),
            ("May 2027", &[("May 2027", "2027-05-01 …")]),
            ("03/04/2021", &[("03/04/2021", "2021-03-04 | 2021-04-03")]),
            ("03-04-2021", &[("03-04-2021", "2021-03-04 | 2021-04-03")]),
            ("15/4/2021", &[("15/4/2021", "2021-04-15")]),
            ("4/4/21", &[("4/4/21", "2021-04-04")]),
            ("2021-04-03", &[("2021-04-03", "2021-04-03")]),
            ("2021/04/03 and 2021/05/03", &[("2021/04/03", "2021-04-03"), ("2021/05/03", "2021-05-03")]),
            ("20210403", &[("20210403", "2021-04-03")]),
            ("13/5", &[("13/5", "2027-05-13")]),
            ("29 february", &[("29 february", "2028-02-29")]),
            ("christmas", &[("christmas", "2026-12-25")]),
            ("new year's eve", &[("new year's eve", "2026-12-31")]),
            ("boxing day", &[("boxing day", "2026-12-26")]),
            ("easter 2027", &[("easter 2027", "2027-03-28")]),
            ("thanksgiving", &[("thanksgiving", "2026-11-26")]),
            ("last halloween", &[("last halloween", "2026-10-31")]),
            (
                "leave tomorrow and return next friday",
                &[("tomorrow", "2026-11-26"), ("next friday", "2026-12-04 | 2026-11-27")],
            ),
            ("today or tomorrow", &[("today", "2026-11-25"), ("tomorrow", "2026-11-26")]),
            ("tomorrow at 8 pm", &[("tomorrow at 8 pm", "2026-11-26")]),
        ],
    );
}

#[test]
fn no_dates() {
    for text in [
        "may I order",
        "I may come",
        "march forward",
        "I sat on the mat",
        "they wed in the sun",
        "second floor please",
        "the 3rd floor",
        "the first one",
        "I am one of them",
        "give me a second",
        "my order number is 20210403",
        "version 1.2.3",
        "call 555-123-4567",
        "8 pm",
        "half past eight",
        "next to the shop",
        "the last one",
        "30/02/2021",
        "Feb 30",
        "30 february",
        "1/2/3/4",
        "99/99/2021",
        "in the end",
        "",
        "12345",
        "10-12 people",
        "mon ami",
        "this is the end of it",
        "5 apples and 3 oranges",
        "in the market",
    ] {
        check(&Dates::default(), "en", &[(text, &[])]);
    }
}

#[test]
fn rules() {
    let rule = |options| Dates::new(options);
    let day_first = rule(Options { preferred_format: preferred_format("DD-MM-YYYY"), ..Options::default() });
    check(
        &day_first,
        "en",
        &[("03-04-2021", &[("03-04-2021", "2021-04-03")]), ("4/13/2021", &[("4/13/2021", "2021-04-13")])],
    );
    check(&Dates::default(), "en_GB", &[("03/04/2021", &[("03/04/2021", "2021-04-03")])]);
    let past = rule(Options { past: true, ..Options::default() });
    check(
        &past,
        "en",
        &[
            ("5 may", &[("5 may", "2026-05-05")]),
            ("friday", &[("friday", "2026-11-20")]),
            ("the 28th", &[("the 28th", "2026-10-28")]),
        ],
    );
    let yesterday = Range { from: None, to: Some(Bound::FromToday(-1)) };
    let birthday = rule(Options { range: yesterday, ..Options::default() });
    check(&birthday, "en", &[("tomorrow", &[]), ("5 may", &[("5 may", "2026-05-05")]), ("today", &[])]);
    let range = Range { from: Some(Bound::On(date(2021, 4, 1))), to: Some(Bound::On(date(2021, 4, 30))) };
    let april = rule(Options { range, ..Options::default() });
    check(&april, "en", &[("03/04/2021", &[("03/04/2021", "2021-04-03")])]);
    let reference = rule(Options { reference_date: Some(date(2030, 1, 1)), ..Options::default() });
    check(&reference, "en", &[("tomorrow", &[("tomorrow", "2030-01-02")]), ("5 may", &[("5 may", "2030-05-05")])]);
    let month = rule(Options { month_and_year: true, ..Options::default() });
    check(&month, "en", &[("december", &[("december", "2026-12")]), ("5 december", &[("5 december", "2026-12-05")])]);
    assert_eq!(preferred_format("mm/dd"), Some(DayOrder::MonthFirst));
    assert_eq!(preferred_format("any"), None);
}
