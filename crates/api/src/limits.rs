//! Rate limits, as the original has them; off unless configured. (api.md §0.6.)
//!
//! Each call counts against one key (a bot, a request, an account) in two rolling windows. The counts are this node's
//! own: a limit protects a node from a client, it does not meter usage.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// How many calls a key may make in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The length. Seconds.
    pub seconds: u64,
    /// The most calls.
    pub calls: usize,
}

/// The limits in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimits {
    /// Whether calls are limited at all.
    pub enabled: bool,
    /// The windows a call must fit into, each of them.
    pub windows: Vec<Window>,
}

impl Default for RateLimits {
    fn default() -> Self {
        let windows = vec![Window { seconds: 60, calls: 60 }, Window { seconds: 3600, calls: 1800 }];
        Self { enabled: false, windows }
    }
}

/// The calls of the last hour, by key.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: RateLimits,
    calls: Mutex<HashMap<String, VecDeque<Timestamp>>>,
}

/// Keys without a recent call are dropped when this many are kept.
const SWEEP_AT: usize = 10_000;

impl Limiter {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self { limits, calls: Mutex::default() }
    }

    /// Counts a call, or says how long to wait until it fits.
    pub(crate) fn take(&self, key: &str, now: Timestamp) -> Result<(), Duration> {
        if !self.limits.enabled {
            return Ok(());
        }
        let longest = self.limits.windows.iter().map(|window| window.seconds).max().unwrap_or(0);
        let horizon = now.minus(Duration::from_secs(longest));
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() >= SWEEP_AT {
            calls.retain(|_, times| times.back().is_some_and(|last| *last > horizon));
        }
        let times = calls.entry(key.to_owned()).or_default();
        while times.front().is_some_and(|first| *first <= horizon) {
            times.pop_front();
        }
        for window in &self.limits.windows {
            let length = Duration::from_secs(window.seconds);
            let begin = now.minus(length);
            let inside = times.iter().rev().take_while(|time| **time > begin).count();
            if inside >= window.calls {
                // The call fits again when the oldest of the last `calls` ones leaves the window.
                let oldest = times.len().checked_sub(window.calls).and_then(|at| times.get(at));
                return Err(oldest.map_or(length, |oldest| oldest.plus(length).since(now)));
            }
        }
        times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_over_the_limit_is_told_when_to_come_back() {
        let windows = vec![Window { seconds: 10, calls: 2 }, Window { seconds: 100, calls: 3 }];
        let limiter = Limiter::new(RateLimits { enabled: true, windows });
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let seconds = |taken: Result<(), Duration>| taken.map_err(|pause| pause.as_secs());
        let table = [(0, Ok(())), (4, Ok(())), (5, Err(5)), (10, Ok(())), (30, Err(70)), (100, Ok(())), (101, Err(3))];
        for (now, expected) in table {
            assert_eq!(seconds(limiter.take("st-1", at(now))), expected, "at {now}");
        }
        assert_eq!(limiter.take("st-2", at(101)), Ok(()));
        let off = Limiter::new(RateLimits { enabled: false, windows: vec![Window { seconds: 10, calls: 0 }] });
        assert_eq!(off.take("st-1", at(0)), Ok(()));
    }
}
