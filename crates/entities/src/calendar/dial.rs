//! Which half of the day "at 8" is in, and how times are written.

use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::Clock;
use crate::timezone;

/// The hours of the day that a bot expects, the first and the last one.
pub(crate) type Hours = (Time, Time);

/// A time with the other one that the words may mean.
pub(crate) struct Readings {
    /// The better one.
    pub time: Time,
    /// The other one, where there is doubt.
    pub other: Option<Time>,
}

/// Chooses: the half that the bot expects; else what is still to come of today; else 7 to 11 are before noon, the rest after.
pub(crate) fn choose(clock: &Clock, expected: Option<Hours>, day: Option<Date>, now: &Zoned) -> Readings {
    if !clock.either_half {
        return Readings { time: clock.time, other: None };
    }
    let (early, late) = match clock.time < clock.other_half() {
        true => (clock.time, clock.other_half()),
        false => (clock.other_half(), clock.time),
    };
    if let Some((from, to)) = expected {
        match ((from..=to).contains(&early), (from..=to).contains(&late)) {
            (true, false) => return Readings { time: early, other: None },
            (false, true) => return Readings { time: late, other: None },
            _ => {}
        }
    }
    let over = day == Some(now.date()) && early <= now.time() && late > now.time();
    let time = if over || early.hour() < 7 { late } else { early };
    let other = if time == early { late } else { early };
    Readings { time, other: Some(other) }
}

/// `2017-10-10T18:00:00+05:30`.
pub(crate) fn write_moment(moment: DateTime, said: Option<Offset>, now: &Zoned) -> String {
    let zoned = || now.time_zone().to_ambiguous_zoned(moment).compatible().ok();
    let (moment, offset) = match said {
        Some(offset) => (moment, offset),
        // A time that the clock skips in spring is an hour later.
        None => zoned().map_or_else(|| (moment, now.offset()), |zoned| (zoned.datetime(), zoned.offset())),
    };
    format!("{}T{}{}", moment.date(), written(moment.time()), timezone::written(offset))
}

/// `T22:00:00+05:30`.
pub(crate) fn write_time(time: Time, said: Option<Offset>, now: &Zoned) -> String {
    format!("T{}{}", written(time), timezone::written(said.unwrap_or_else(|| now.offset())))
}

fn written(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}
