//! Days.

use jiff::civil::Date;
use serde_json::Value;

use crate::calendar::{Days, Reading, mentions};
use crate::{Extractor, Found, Surroundings};

pub use crate::language::DayOrder;

/// What a bot says of a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Rule `preferredDateFormat`: what 03/04/2021 is; see [`preferred_format`]. Else both are values, that of the
    /// language first.
    pub preferred_format: Option<DayOrder>,
    /// Rule `referenceDate`: "tomorrow" and a day without its year count from here; else from today.
    pub reference_date: Option<Date>,
    /// Rule `range`: the days that are accepted.
    pub range: Range,
    /// Rule `returnOnlyMonthYear`: where only a month was said, the value is `YYYY-MM`.
    pub month_and_year: bool,
    /// A day that comes again ("5 May", "friday") is the last one; else the next one. Without it, a range that ends today
    /// or earlier says the same.
    pub past: bool,
}

/// The days that are accepted, the first and the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first one; none: any.
    pub from: Option<Bound>,
    /// The last one; none: any.
    pub to: Option<Bound>,
}

/// A day of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// This day.
    On(Date),
    /// So many days after today; -1 is yesterday. `lessThan` the `currentDate` is `to` yesterday.
    FromToday(i32),
}

/// Reads the rule `preferredDateFormat`: `DD/MM/YYYY`, `MM-DD`, in any case and with any separator.
pub fn preferred_format(rule: &str) -> Option<DayOrder> {
    let rule = rule.to_ascii_uppercase();
    match (rule.find('D')?, rule.find('M')?) {
        (day, month) if day < month => Some(DayOrder::DayFirst),
        _ => Some(DayOrder::MonthFirst),
    }
}

impl Bound {
    fn day(self, today: Date) -> Option<Date> {
        match self {
            Self::On(day) => Some(day),
            Self::FromToday(days) => today.checked_add(jiff::Span::new().try_days(days).ok()?).ok(),
        }
    }
}

impl Range {
    /// Whether a day is in the range.
    pub(crate) fn contains(&self, day: Date, today: Date) -> bool {
        let from = self.from.and_then(|bound| bound.day(today));
        let to = self.to.and_then(|bound| bound.day(today));
        from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
    }
}

impl Options {
    /// How a text is to be read for this bot.
    pub(crate) fn reading<'a>(&self, surroundings: &Surroundings<'a>) -> Reading<'a> {
        let mut reading = Reading::new(surroundings);
        if let Some(order) = self.preferred_format {
            reading.order = order;
            reading.order_is_chosen = true;
        }
        let today = reading.today;
        let ended = self.range.to.and_then(|bound| bound.day(today)).is_some_and(|last| last <= today);
        reading.past = self.past || ended;
        reading.today = self.reference_date.unwrap_or(today);
        reading
    }

    /// The days that the words may mean and the range allows, best first.
    pub(crate) fn accepted(&self, days: &Days, today: Date) -> Vec<Date> {
        let all = std::iter::once(&days.first).chain(&days.others).copied();
        all.filter(|day| self.range.contains(*day, today)).collect()
    }
}

/// Finds days: `tomorrow`, `next friday`, `1st of May`, `in 3 days`, `end of month`, `03/04/2021`, `christmas`.
///
/// The value is `"2026-11-25"`. A week, a month or a year is its first day, and incomplete. "Next friday" is that of the
/// next week (from Monday on), and may be that of this one; "friday" is the first one after today.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    options: Options,
}

impl Dates {
    /// Finds days of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Extractor for Dates {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let reading = self.options.reading(surroundings);
        let today = surroundings.now.date();
        mentions(text, &reading)
            .into_iter()
            .filter_map(|mention| {
                let days = mention.days?;
                if days.month && self.options.month_and_year {
                    let value = Value::from(format!("{:04}-{:02}", days.first.year(), days.first.month()));
                    return Some(Found { range: mention.range, value, others: Vec::new(), incomplete: false });
                }
                let mut values =
                    self.options.accepted(&days, today).into_iter().map(|day| Value::from(day.to_string()));
                let value = values.next()?;
                Some(Found { range: mention.range, value, others: values.collect(), incomplete: !days.is_day() })
            })
            .collect()
    }
}
