//! Points in time, and where the current one comes from.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// Written in JSON as the original does: ISO 8601, UTC, three decimals, `Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(i64);

/// The text is neither `yyyy-mm-dd` nor an ISO 8601 date and time.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a date: give yyyy-mm-dd or an ISO 8601 date and time such as 2026-01-31T10:00:00Z")]
pub struct ParseTimestampError(String);

impl Timestamp {
    /// The moment this many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved into the future; saturates at the end of time.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// This moment moved into the past; saturates at the beginning of time.
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This moment in UTC; the epoch for moments beyond the calendar (year 9999).
    pub fn to_utc(self) -> jiff::Zoned {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC)
    }

    /// Reads `yyyy-mm-dd` (midnight UTC) or an ISO 8601 date and time with or without an offset (UTC when absent).
    pub fn parse(text: &str) -> Result<Self, ParseTimestampError> {
        let text = text.trim();
        let utc = jiff::tz::TimeZone::UTC;
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(instant.as_millisecond()));
        }
        let civil = text
            .parse::<jiff::civil::DateTime>()
            .or_else(|_| text.parse::<jiff::civil::Date>().map(|date| date.at(0, 0, 0, 0)));
        match civil.and_then(|moment| moment.to_zoned(utc)) {
            Ok(zoned) => Ok(Self(zoned.timestamp().as_millisecond())),
            Err(_) => Err(ParseTimestampError(text.to_owned())),
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{}", instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// Where the current time comes from: the system, or a test's hand.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
    Asked(Arc<dyn Fn() -> Timestamp + Send + Sync>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Manual(_) => "Manual",
            Self::Asked(_) => "Asked",
        })
    }
}

impl Clock {
    /// The machine's own clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until its handle moves it.
    pub fn manual(start: Timestamp) -> (Self, ManualClock) {
        let now = Arc::new(AtomicI64::new(start.0));
        (Self(Source::Manual(Arc::clone(&now))), ManualClock(now))
    }

    /// A clock that asks a test for the time: one that jumps, or fails.
    pub fn asked(ask: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Source::Asked(Arc::new(ask)))
    }

    /// The current time.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the system's time enters")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp(jiff::Timestamp::now().as_millisecond()),
            Source::Manual(now) => Timestamp(now.load(Ordering::SeqCst)),
            Source::Asked(ask) => ask(),
        }
    }
}

/// Moves a [`Clock::manual`].
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        self.0.fetch_add(millis(duration), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form_clients_send_and_written_in_one() {
        for (text, written) in [
            ("2018-12-05T07:18:40.028Z", "2018-12-05T07:18:40.028Z"),
            ("2018-12-05T07:18:40Z", "2018-12-05T07:18:40.000Z"),
            ("2018-12-05", "2018-12-05T00:00:00.000Z"),
            ("2018-12-05T07:18:40", "2018-12-05T07:18:40.000Z"),
            ("2018-12-05T07:18:40+05:30", "2018-12-05T01:48:40.000Z"),
        ] {
            assert_eq!(Timestamp::parse(text).map(|t| t.to_string()).ok().as_deref(), Some(written), "{text}");
        }
        for text in ["", "yesterday", "2018-13-01", "12/05/2018"] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_manual_clock_moves_only_by_hand() {
        let (clock, hand) = Clock::manual(Timestamp::from_millis(1_000));
        assert_eq!(clock.now().as_millis(), 1_000);
        hand.advance(Duration::from_secs(2));
        assert_eq!(clock.now().as_millis(), 3_000);
        assert_eq!(clock.now().since(Timestamp::from_millis(2_500)), Duration::from_millis(500));
    }
}
