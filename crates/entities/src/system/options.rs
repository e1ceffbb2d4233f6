//! The rules that authors set on entities of system kinds, as options of the kinds.

use jiff::civil::{Date, Time};
use serde_json::Value;

use crate::{currency, date, datetime, number, time};

/// Rules by name.
pub(super) struct Options(Vec<(String, Value)>);

impl Options {
    pub(super) fn new(rules: &[(String, String)]) -> Self {
        let value = |text: &String| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()));
        Self(rules.iter().map(|(name, text)| (name.clone(), value(text))).collect())
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    fn flag(&self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(on)) => *on,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A list, or a text with commas; in capitals.
    fn codes(&self, name: &str) -> Vec<String> {
        let texts: Vec<&str> = match self.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => text.split(',').collect(),
            _ => Vec::new(),
        };
        texts.into_iter().map(|text| text.trim().to_uppercase()).filter(|text| !text.is_empty()).collect()
    }

    /// `range`: `{"from": 1, "to": 5}`, `[1, 5]` or `1-5`.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        match self.get("range")? {
            Value::Object(ends) => {
                let end = |names: [&str; 3]| names.iter().find_map(|name| number(ends.get(*name)?));
                let (from, to) = (end(["from", "min", "least"]), end(["to", "max", "most"]));
                (from.is_some() || to.is_some()).then(|| (from.unwrap_or(f64::MIN), to.unwrap_or(f64::MAX)))
            }
            Value::Array(ends) => Some((number(ends.first()?)?, number(ends.get(1)?)?)),
            Value::String(text) => {
                let (from, to) = text.trim().split_once(['-', ','])?;
                Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
            }
            _ => None,
        }
    }

    pub(super) fn number(&self) -> number::Options {
        number::Options {
            as_string: self.flag("asString"),
            digits: self.text("digits").and_then(|text| number::digits(&text)),
            range: self.range(),
        }
    }

    pub(super) fn date(&self) -> date::Options {
        let day = |text: String| text.parse::<Date>().ok();
        date::Options {
            preferred_format: self.text("preferredDateFormat").and_then(|text| date::preferred_format(&text)),
            reference_date: self.text("referenceDate").and_then(day),
            range: self.days(),
            month_and_year: self.flag("returnOnlyMonthYear"),
            past: self.text("tense").is_some_and(|tense| tense.eq_ignore_ascii_case("past")),
        }
    }

    /// `range` of days: `{"from": "2026-01-01", "to": "currentDate"}`.
    fn days(&self) -> date::Range {
        let bound = |value: Option<&Value>| {
            let text = value?.as_str()?.trim().to_owned();
            if text.eq_ignore_ascii_case("currentDate") || text.eq_ignore_ascii_case("today") {
                return Some(date::Bound::FromToday(0));
            }
            text.parse::<Date>().ok().map(date::Bound::On)
        };
        match self.get("range") {
            Some(Value::Object(ends)) => date::Range { from: bound(ends.get("from")), to: bound(ends.get("to")) },
            _ => date::Range::default(),
        }
    }

    pub(super) fn time(&self) -> time::Options {
        time::Options { preferred_times: self.hours("preferredTimes"), range: self.hours("range") }
    }

    pub(super) fn datetime(&self) -> datetime::Options {
        let only_future = matches!(self.get("range"), Some(Value::String(text)) if text.eq_ignore_ascii_case("now"));
        datetime::Options { date: self.date(), preferred_times: self.hours("preferredTimes"), only_future }
    }

    /// Two times: `{"from": "08:00", "to": "17:00"}` or `08:00-17:00`.
    fn hours(&self, name: &str) -> Option<(Time, Time)> {
        let time = |text: &str| text.trim().parse::<Time>().ok();
        match self.get(name)? {
            Value::Object(ends) => Some((time(ends.get("from")?.as_str()?)?, time(ends.get("to")?.as_str()?)?)),
            Value::String(text) => {
                let (from, to) = text.split_once('-')?;
                Some((time(from)?, time(to)?))
            }
            _ => None,
        }
    }

    pub(super) fn currency(&self) -> currency::Options {
        currency::Options {
            default_code: self.text("defaultCode").map(|code| code.to_ascii_uppercase()),
            currency_codes: self.codes("currencyCodes"),
            array_like: false,
            max_digits: self.text("maxDigits").and_then(|text| text.parse().ok()),
            // Who is asked for an amount and names a currency has not answered, unless the author takes that.
            ignore_only_code: self.get("ignoreOnlyCode").is_none() || self.flag("ignoreOnlyCode"),
        }
    }
}
