//! Times of day.

use jiff::civil::Time;
use serde_json::Value;

use crate::calendar::{Reading, dial, mentions};
use crate::{Extractor, Found, Surroundings};

/// What a bot says of a time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Rule `preferredTimes`: the hours in which a time is expected, the first and the last one; "at 8" is in them.
    pub preferred_times: Option<(Time, Time)>,
    /// Rule `range`: the times that are accepted, the first and the last one.
    pub range: Option<(Time, Time)>,
}

/// Finds times: `8 pm`, `20:00`, `half past eight`, `at 7`, `noon`, `in 2 hours`.
///
/// The value is `"T22:00:00+05:30"`, in the zone of [`Surroundings::now`] unless the words name another one. Of a time
/// without "am" and "pm" the other half of the day is another value. A part of the day is an incomplete value: the
/// morning 9:00, the afternoon 15:00, the evening 19:00, the night 21:00.
#[derive(Clone, Debug, Default)]
pub struct Times {
    options: Options,
}

impl Times {
    /// Finds times of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Extractor for Times {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let now = surroundings.now;
        let accepted = |time: &Time| self.options.range.is_none_or(|(from, to)| (from..=to).contains(time));
        mentions(text, &Reading::new(surroundings))
            .into_iter()
            .filter_map(|mention| {
                let clock = mention.clock?;
                let day = mention.days.map(|days| days.first);
                let readings = dial::choose(&clock, self.options.preferred_times, day, now);
                let mut values = std::iter::once(readings.time)
                    .chain(readings.other)
                    .filter(accepted)
                    .map(|time| Value::from(dial::write_time(time, clock.offset, now)));
                let value = values.next()?;
                let others = values.collect();
                Some(Found { range: mention.range, value, others, incomplete: clock.part.is_some() })
            })
            .collect()
    }
}
