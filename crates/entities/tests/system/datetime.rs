use entities::datetime::{DateTimes, Options};
use jiff::civil::time;

use crate::check;

#[test]
fn english() {
    check(
        &DateTimes::default(),
        "en",
        &[
            ("2017-10-10T18:00:00+05:30", &[("2017-10-10T18:00:00+05:30", "2017-10-10T18:00:00+05:30")]),
            ("2017-10-10T18:00:00Z", &[("2017-10-10T18:00:00Z", "2017-10-10T18:00:00+00:00")]),
            ("2017-10-10 18:00", &[("2017-10-10 18:00", "2017-10-10T18:00:00+05:30")]),
            ("tomorrow at 8 pm", &[("tomorrow at 8 pm", "2026-11-26T20:00:00+05:30")]),
            ("8 pm tomorrow", &[("8 pm tomorrow", "2026-11-26T20:00:00+05:30")]),
            ("book a table for friday at 7:30 pm for two", &[("friday at 7:30 pm", "2026-11-27T19:30:00+05:30")]),
            ("on the 5th of may at noon", &[("the 5th of may at noon", "2027-05-05T12:00:00+05:30")]),
            ("tomorrow at 8", &[("tomorrow at 8", "2026-11-26T08:00:00+05:30 | 2026-11-26T20:00:00+05:30")]),
            ("tomorrow evening at 8", &[("tomorrow evening at 8", "2026-11-26T20:00:00+05:30")]),
            ("tonight at 9", &[("tonight at 9", "2026-11-25T21:00:00+05:30")]),
            ("next monday, 10 am", &[("next monday, 10 am", "2026-11-30T10:00:00+05:30")]),
            ("monday 5 in the evening", &[("monday 5 in the evening", "2026-11-30T17:00:00+05:30")]),
            ("in 2 hours", &[("in 2 hours", "2026-11-25T17:30:00+05:30")]),
            ("in an hour and a half", &[("in an hour and a half", "2026-11-25T17:00:00+05:30")]),
            ("30 minutes ago", &[("30 minutes ago", "2026-11-25T15:00:00+05:30")]),
            ("now", &[("now", "2026-11-25T15:30:00+05:30")]),
            ("christmas eve at midnight", &[("christmas eve at midnight", "2026-12-24T00:00:00+05:30")]),
            ("friday 5pm EST", &[("friday 5pm EST", "2026-11-27T17:00:00-05:00")]),
            ("tomorrow", &[("tomorrow", "2026-11-26T00:00:00+05:30 …")]),
            ("tomorrow morning", &[("tomorrow morning", "2026-11-26T09:00:00+05:30 …")]),
            ("8 pm", &[("8 pm", "2026-11-25T20:00:00+05:30 …")]),
            ("2 pm", &[("2 pm", "2026-11-26T14:00:00+05:30 …")]),
            ("12/13/2026 10:15", &[("12/13/2026 10:15", "2026-12-13T10:15:00+05:30 | 2026-12-13T22:15:00+05:30")]),
            (
                "from 5 may 10 am to 6 may 11 am",
                &[("5 may 10 am", "2027-05-05T10:00:00+05:30"), ("6 may 11 am", "2027-05-06T11:00:00+05:30")],
            ),
            ("may I order", &[]),
            ("second floor please", &[]),
            ("I am one of them", &[]),
            ("hello", &[]),
        ],
    );
}

#[test]
fn rules() {
    let options = Options {
        preferred_times: Some((time(9, 0, 0, 0), time(18, 0, 0, 0))),
        only_future: true,
        ..Options::default()
    };
    check(
        &DateTimes::new(options),
        "en",
        &[
            ("tomorrow at 8", &[("tomorrow at 8", "2026-11-26T08:00:00+05:30 | 2026-11-26T20:00:00+05:30")]),
            ("tomorrow at 10", &[("tomorrow at 10", "2026-11-26T10:00:00+05:30")]),
            ("yesterday at 10 am", &[]),
            ("today at 1", &[]),
        ],
    );
}

#[test]
fn zones_with_summer_time() {
    use entities::{Extractor, Surroundings};
    let now = "2026-03-01T12:00:00[America/New_York]".parse().unwrap();
    let found = |text| DateTimes::default().find(text, &Surroundings { language: "en", now: &now })[0].value.clone();
    assert_eq!(found("tomorrow at noon"), "2026-03-02T12:00:00-05:00");
    assert_eq!(found("july 4 at noon"), "2026-07-04T12:00:00-04:00");
    // A time that does not exist is an hour later.
    assert_eq!(found("8 march 2026 at 2:30 am"), "2026-03-08T03:30:00-04:00");
}
