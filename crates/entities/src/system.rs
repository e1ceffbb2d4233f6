//! The extractors of system kinds: numbers, days, money and the like.

mod options;

use self::options::Options;
use crate::extractor::Extractor;
use crate::kind::Kind;
use crate::{
    currency, date, date_period, datetime, email, number, percentage, phone_number, quantity, time, timezone, url,
};

/// What a system kind has to know of its entity.
#[derive(Clone, Copy, Debug)]
pub struct SystemRules<'a> {
    /// The rules as an export has them: a name and the value as JSON text.
    pub rules: &'a [(String, String)],
    /// `unitType` of a quantity.
    pub unit_type: &'a str,
    /// `defaultUnit` of a quantity.
    pub default_unit: &'a str,
}

/// The extractor of a system kind; `None` for a kind that is none.
pub fn system(kind: Kind, rules: SystemRules<'_>) -> Option<Box<dyn Extractor>> {
    let options = Options::new(rules.rules);
    Some(match kind {
        Kind::Number => Box::new(number::Numbers::new(options.number())),
        Kind::Percentage => Box::new(percentage::Percentages::new(percentage::Options { range: options.range() })),
        Kind::Date => Box::new(date::Dates::new(options.date())),
        Kind::DateTime => Box::new(datetime::DateTimes::new(options.datetime())),
        Kind::Time => Box::new(time::Times::new(options.time())),
        Kind::DatePeriod => Box::new(date_period::DatePeriods::new(date_period::Options { date: options.date() })),
        Kind::Quantity => Box::new(quantity::Quantities::new(quantity::Options {
            measure: quantity::Measure::of(rules.unit_type),
            default_unit: quantity::Unit::named(rules.default_unit),
        })),
        Kind::Currency => Box::new(currency::Amounts::new(options.currency())),
        Kind::CurrencyV2 => {
            Box::new(currency::Amounts::new(currency::Options { array_like: true, ..options.currency() }))
        }
        Kind::PhoneNumber => Box::new(phone_number::PhoneNumbers),
        Kind::Email => Box::new(email::Emails),
        Kind::Url => Box::new(url::Urls),
        Kind::TimeZone => Box::new(timezone::TimeZones),
        _ => return None,
    })
}

/// Whether a rule has an effect on a system kind.
pub(crate) fn knows(rule: &str, kind: Kind) -> bool {
    use Kind::{Currency, CurrencyV2, Date, DatePeriod, DateTime, Number, Percentage, Time};
    match rule {
        "asString" | "digits" => kind == Number,
        "range" => matches!(kind, Number | Percentage | Date | DateTime | DatePeriod | Time),
        "referenceDate" | "preferredDateFormat" | "returnOnlyMonthYear" | "tense" => {
            matches!(kind, Date | DateTime | DatePeriod)
        }
        "preferredTimes" => matches!(kind, DateTime | Time),
        "defaultCode" | "currencyCodes" | "maxDigits" | "ignoreOnlyCode" => matches!(kind, Currency | CurrencyV2),
        _ => false,
    }
}
