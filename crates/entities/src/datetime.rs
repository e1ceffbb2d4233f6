//! Days with a time.

use jiff::civil::{Date, Time};
use serde_json::Value;

use crate::calendar::{Clock, dial, mentions};
use crate::{Extractor, Found, Surroundings, date};

/// What a bot says of a day with a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What it says of the day.
    pub date: date::Options,
    /// Rule `preferredTimes`: the hours in which a time is expected, the first and the last one.
    pub preferred_times: Option<(Time, Time)>,
    /// Rule `range` from `now` on: what is over is not accepted.
    pub only_future: bool,
}

/// Finds days with a time: `tomorrow at 8 pm`, `2017-10-10T18:00:00+05:30`, `in 2 hours`, `friday noon`.
///
/// The value is `"2017-10-10T18:00:00+05:30"`, in the zone of [`Surroundings::now`] on that day unless the words name
/// another one. A day without a time is an incomplete value at midnight; a time without a day is one of today, or of
/// tomorrow if it is over.
#[derive(Clone, Debug, Default)]
pub struct DateTimes {
    options: Options,
}

impl DateTimes {
    /// Finds days with times of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    fn moments(&self, days: &[Date], clock: Option<&Clock>, surroundings: &Surroundings<'_>) -> Vec<Value> {
        let now = surroundings.now;
        let mut values = Vec::new();
        let mut add = |day: Date, time: Time| {
            let moment = day.to_datetime(time);
            let offset = clock.and_then(|clock| clock.offset);
            let over = match offset {
                Some(offset) => offset.to_timestamp(moment).is_ok_and(|moment| moment < now.timestamp()),
                None => moment < now.datetime(),
            };
            if !(over && self.options.only_future && clock.is_some()) {
                values.push(Value::from(dial::write_moment(moment, offset, now)));
            }
        };
        for day in days {
            match clock {
                Some(clock) => {
                    let readings = dial::choose(clock, self.options.preferred_times, Some(*day), now);
                    add(*day, readings.time);
                    if let Some(other) = readings.other {
                        add(*day, other);
                    }
                }
                None => add(*day, Time::midnight()),
            }
        }
        values
    }
}

impl Extractor for DateTimes {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let options = &self.options;
        let (today, now) = (surroundings.now.date(), surroundings.now);
        mentions(text, &options.date.reading(surroundings))
            .into_iter()
            .filter_map(|mention| {
                let days = match (&mention.days, &mention.clock) {
                    (Some(days), _) => options.date.accepted(days, today),
                    (None, Some(clock)) => {
                        let time = dial::choose(clock, options.preferred_times, Some(today), now).time;
                        vec![if time < now.time() { today.tomorrow().ok()? } else { today }]
                    }
                    (None, None) => return None,
                };
                let mut values = self.moments(&days, mention.clock.as_ref(), surroundings).into_iter();
                let value = values.next()?;
                let whole = mention.days.is_some_and(|days| days.is_day())
                    && mention.clock.is_some_and(|clock| clock.part.is_none());
                Some(Found { range: mention.range, value, others: values.collect(), incomplete: !whole })
            })
            .collect()
    }
}
