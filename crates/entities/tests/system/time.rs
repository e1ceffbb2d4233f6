use entities::time::{Options, Times};
use jiff::civil::time;

use crate::check;

#[test]
fn english() {
    check(
        &Times::default(),
        "en",
        &[
            ("10 pm", &[("10 pm", "T22:00:00+05:30")]),
            ("10pm", &[("10pm", "T22:00:00+05:30")]),
            ("10 p.m. please", &[("10 p.m.", "T22:00:00+05:30")]),
            ("12 am", &[("12 am", "T00:00:00+05:30")]),
            ("12pm", &[("12pm", "T12:00:00+05:30")]),
            ("8:30 pm", &[("8:30 pm", "T20:30:00+05:30")]),
            ("8.30pm", &[("8.30pm", "T20:30:00+05:30")]),
            ("20:00", &[("20:00", "T20:00:00+05:30")]),
            ("08:15", &[("08:15", "T08:15:00+05:30")]),
            ("18:00:05", &[("18:00:05", "T18:00:05+05:30")]),
            ("8:30", &[("8:30", "T08:30:00+05:30 | T20:30:00+05:30")]),
            ("at 8", &[("at 8", "T08:00:00+05:30 | T20:00:00+05:30")]),
            ("at 3", &[("at 3", "T15:00:00+05:30 | T03:00:00+05:30")]),
            ("8 o'clock", &[("8 o'clock", "T08:00:00+05:30 | T20:00:00+05:30")]),
            ("eight pm", &[("eight pm", "T20:00:00+05:30")]),
            ("eight thirty pm", &[("eight thirty pm", "T20:30:00+05:30")]),
            ("half past eight", &[("half past eight", "T08:30:00+05:30 | T20:30:00+05:30")]),
            ("quarter to nine pm", &[("quarter to nine pm", "T20:45:00+05:30")]),
            ("quarter past 2", &[("quarter past 2", "T14:15:00+05:30 | T02:15:00+05:30")]),
            ("at twenty past five in the afternoon", &[("at twenty past five in the afternoon", "T17:20:00+05:30")]),
            ("10 minutes to 12", &[("10 minutes to 12", "T11:50:00+05:30 | T23:50:00+05:30")]),
            ("noon", &[("noon", "T12:00:00+05:30")]),
            ("midnight", &[("midnight", "T00:00:00+05:30")]),
            ("5 in the morning", &[("5 in the morning", "T05:00:00+05:30")]),
            ("at 9 at night", &[("at 9 at night", "T21:00:00+05:30")]),
            ("in the evening", &[("in the evening", "T19:00:00+05:30 …")]),
            ("this evening at 7", &[("this evening at 7", "T19:00:00+05:30")]),
            ("in 2 hours", &[("in 2 hours", "T17:30:00+05:30")]),
            ("in half an hour", &[("in half an hour", "T16:00:00+05:30")]),
            ("now", &[("now", "T15:30:00+05:30")]),
            ("5pm EST", &[("5pm EST", "T17:00:00-05:00")]),
            ("1830 hours", &[("1830 hours", "T18:30:00+05:30")]),
            ("10am and 3pm", &[("10am", "T10:00:00+05:30"), ("3pm", "T15:00:00+05:30")]),
            ("wake me at 6:45 am tomorrow", &[("at 6:45 am tomorrow", "T06:45:00+05:30")]),
            ("today at 2", &[("today at 2", "T14:00:00+05:30 | T02:00:00+05:30")]),
            ("today at 8", &[("today at 8", "T20:00:00+05:30 | T08:00:00+05:30")]),
            ("8 sharp", &[]),
            ("second floor please", &[]),
            ("I am one of them", &[]),
            ("give me a second", &[]),
            ("call me at 5551234", &[]),
            ("at 20 Main Street", &[]),
            ("2 apples", &[]),
            ("good morning", &[]),
            ("5:2 for them", &[]),
            ("25:00", &[]),
            ("ratio 1:2:3:4", &[]),
            ("I am 8", &[]),
            ("tomorrow", &[]),
            ("at 5% interest", &[]),
        ],
    );
}

#[test]
fn rules() {
    let evening = Times::new(Options { preferred_times: Some((time(12, 0, 0, 0), time(23, 0, 0, 0))), range: None });
    check(&evening, "en", &[("at 8", &[("at 8", "T20:00:00+05:30")]), ("8 am", &[("8 am", "T08:00:00+05:30")])]);
    let open = Times::new(Options { preferred_times: None, range: Some((time(9, 0, 0, 0), time(17, 0, 0, 0))) });
    check(&open, "en", &[("8 am or 3 pm", &[("3 pm", "T15:00:00+05:30")]), ("at 4", &[("at 4", "T16:00:00+05:30")])]);
}
