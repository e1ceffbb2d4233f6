//! How fast passwords may be tried.
//!
//! Failed attempts fill buckets that empty with time; who finds one full has to wait. There are three kinds, each against
//! another way to guess:
//!
//! - a name from one address: guessing one password after the other;
//! - one address: trying one password at many names;
//! - a name: guessing from many addresses.
//!
//! The last two stop only who comes from a place that this name has not signed in from before. So whatever others do, at
//! the same address or at the same name, a person gets in at the usual places; the only difference is that a few attempts
//! have to do where somebody tries many names. Elsewhere a full bucket lets an attempt through again and again, so nobody
//! is locked out for good.
//!
//! The buckets are this node's own and in memory.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

/// How many attempts a bucket holds, and how long it takes until one of them is forgotten.
struct Pace {
    burst: u32,
    every: Duration,
}

/// A name from an address it has not signed in from.
const PAIR: Pace = Pace { burst: 10, every: Duration::from_secs(30) };
/// A name from one of its usual places. Others may be there, too, and guess.
const USUAL_PAIR: Pace = Pace { burst: 20, every: Duration::from_secs(10) };
/// The same while the bucket of the address is full: somebody there tries many names, perhaps this one among them.
const USUAL_PAIR_AMONG_GUESSERS: Pace = Pace { burst: 3, ..USUAL_PAIR };
/// An address, whatever the names.
const ADDRESS: Pace = Pace { burst: 30, every: Duration::from_secs(10) };
/// A name, whatever the addresses.
const NAME: Pace = Pace { burst: 30, every: Duration::from_secs(30) };

/// Empty buckets are dropped when this many are kept, and then whenever there are twice as many as were left.
const SWEEP_AT: usize = 10_000;

/// What attempts from one place have in common: the address, of IPv6 the network of 64 bits that one customer has.
/// Nothing where the address is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place(Option<IpAddr>);

impl Place {
    pub(super) fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
            address => address,
        }))
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(address) => write!(f, "{address}"),
            None => f.write_str("an unknown address"),
        }
    }
}

/// An attempt to sign in.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    /// The SHA-256 of the name in lower case: names that are tried may have any length.
    name: String,
    place: Place,
    is_usual: bool,
}

#[derive(PartialEq, Eq, Hash)]
enum Bucket {
    Pair(String, Place),
    Address(Place),
    Name(String),
}

impl Attempt {
    /// An attempt at a name; `is_usual` when the name has signed in from there before.
    pub(super) fn new(name: &str, place: Place, is_usual: bool) -> Self {
        Self { name: access::digest::sha256(name.to_lowercase().as_bytes()), place, is_usual }
    }

    /// The buckets it fills.
    fn buckets(&self) -> Vec<(Bucket, &'static Pace)> {
        let pair = Bucket::Pair(self.name.clone(), self.place);
        let address = (Bucket::Address(self.place), &ADDRESS);
        if self.is_usual {
            return vec![(pair, &USUAL_PAIR), address];
        }
        vec![(pair, &PAIR), address, (Bucket::Name(self.name.clone()), &NAME)]
    }
}

/// The buckets that are not empty.
pub(super) struct Attempts(Mutex<Buckets>);

struct Buckets {
    /// When each bucket will be empty, if nothing is added.
    empty_at: HashMap<Bucket, Timestamp>,
    sweep_at: usize,
}

impl Default for Attempts {
    fn default() -> Self {
        Self(Mutex::new(Buckets { empty_at: HashMap::new(), sweep_at: SWEEP_AT }))
    }
}

impl Attempts {
    /// Counts an attempt as failed, so that attempts made at the same time cannot outrun the count; or says how long to
    /// wait until one fits, and counts nothing.
    pub(super) fn begin(&self, attempt: &Attempt, now: Timestamp) -> Result<(), Duration> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.empty_at.len() >= buckets.sweep_at {
            buckets.empty_at.retain(|_, empty_at| *empty_at > now);
            buckets.sweep_at = SWEEP_AT.max(2 * buckets.empty_at.len());
        }
        let mut filled = Vec::new();
        let (mut pause, mut among_guessers) = (Duration::ZERO, false);
        for (bucket, pace) in attempt.buckets() {
            let before = buckets.empty_at.get(&bucket).copied().unwrap_or(now).max(now);
            let full_at = now.plus(pace.every * pace.burst);
            let mut empty_at = before.plus(pace.every);
            if attempt.is_usual && matches!(bucket, Bucket::Address(_)) {
                among_guessers = empty_at > full_at;
                empty_at = empty_at.min(full_at);
            }
            pause = pause.max(empty_at.since(full_at));
            filled.push((bucket, empty_at));
        }
        if among_guessers && let Some((_, empty_at)) = filled.first() {
            let pace = USUAL_PAIR_AMONG_GUESSERS;
            pause = pause.max(empty_at.since(now.plus(pace.every * pace.burst)));
        }
        if !pause.is_zero() {
            return Err(pause);
        }
        buckets.empty_at.extend(filled);
        Ok(())
    }

    /// Takes back what was counted for an attempt that succeeded, and forgets the failed ones of the same person.
    pub(super) fn succeeded(&self, attempt: &Attempt) {
        self.take_back(attempt);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.empty_at.remove(&Bucket::Pair(attempt.name.clone(), attempt.place));
    }

    /// Takes back what was counted for an attempt whose password was not looked at.
    pub(super) fn take_back(&self, attempt: &Attempt) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, pace) in attempt.buckets() {
            if let Some(empty_at) = buckets.empty_at.get_mut(&bucket) {
                *empty_at = empty_at.minus(pace.every);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who tries, from where, how often, at which second, and whether it is a usual place; then how many attempts may be
    /// made, and how many seconds the next one has to wait.
    type Row = (&'static str, &'static str, u32, i64, bool, u32, u64);

    fn check(rows: &[Row]) {
        let attempts = Attempts::default();
        for (name, from, times, second, is_usual, made, pause) in rows {
            let attempt = Attempt::new(name, Place::of(Some(from.parse().unwrap())), *is_usual);
            let now = Timestamp::from_millis(second * 1000);
            let results: Vec<_> = (0..*times).map(|_| attempts.begin(&attempt, now)).collect();
            let passed = results.iter().filter(|result| result.is_ok()).count();
            let last = results.last().and_then(|result| result.err()).unwrap_or_default().as_secs();
            assert_eq!((passed, last), (*made as usize, *pause), "{name} from {from} at {second}");
        }
    }

    #[test]
    fn guessing_one_name_from_one_address_is_slow_and_meets_nobody_else() {
        check(&[
            ("ada", "192.0.2.1", 11, 0, false, 10, 30),
            ("ADA", "192.0.2.1", 1, 0, false, 0, 30),
            ("ben", "192.0.2.1", 1, 0, false, 1, 0),
            ("ada", "192.0.2.2", 1, 0, false, 1, 0),
            ("ada", "192.0.2.1", 2, 30, false, 1, 30),
            ("ada", "192.0.2.1", 3, 90, false, 2, 30),
            ("ada", "2001:db8::1", 10, 90, false, 10, 0),
            ("ada", "2001:db8::2", 1, 90, false, 0, 30),
            ("ada", "2001:db8:0:1::2", 1, 90, false, 1, 0),
        ]);
    }

    #[test]
    fn trying_many_names_from_one_address_is_slow_and_locks_out_nobody_who_is_usually_there() {
        let sprayed: Vec<Row> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
            .map(|name| (name, "192.0.2.1", 3, 0, false, 3, 0))
            .to_vec();
        let after: [Row; 6] = [
            ("k", "192.0.2.1", 1, 0, false, 0, 10),
            ("ada", "192.0.2.1", 4, 0, true, 3, 10),
            ("ada", "192.0.2.3", 21, 0, true, 20, 10),
            ("k", "192.0.2.2", 1, 0, false, 1, 0),
            ("k", "192.0.2.1", 2, 10, false, 1, 10),
            ("l", "192.0.2.1", 7, 70, false, 6, 10),
        ];
        check(&[&sprayed[..], &after].concat());
    }

    #[test]
    fn guessing_one_name_from_many_addresses_is_slow_and_does_not_lock_it_out_at_home() {
        let spread = (1..=10).map(|last| {
            (
                last,
                [
                    "192.0.2.1",
                    "192.0.2.2",
                    "192.0.2.3",
                    "192.0.2.4",
                    "192.0.2.5",
                    "192.0.2.6",
                    "192.0.2.7",
                    "192.0.2.8",
                    "192.0.2.9",
                    "192.0.2.10",
                ][last - 1],
            )
        });
        let spread: Vec<Row> = spread.map(|(_, from)| ("ada", from, 3, 0, false, 3, 0)).collect();
        let after: [Row; 4] = [
            ("ada", "203.0.113.1", 1, 0, false, 0, 30),
            ("ada", "203.0.113.2", 20, 0, true, 20, 0),
            ("ben", "203.0.113.1", 1, 0, false, 1, 0),
            ("ada", "203.0.113.1", 1, 30, false, 1, 0),
        ];
        check(&[&spread[..], &after].concat());
    }

    #[test]
    fn success_is_no_failure() {
        let attempts = Attempts::default();
        let now = Timestamp::from_millis(0);
        let attempt = |name: &str| Attempt::new(name, Place::of(None), false);
        for _ in 0..100 {
            attempts.begin(&attempt("ada"), now).unwrap();
            attempts.succeeded(&attempt("ada"));
            attempts.begin(&attempt("ben"), now).unwrap();
            attempts.take_back(&attempt("ben"));
        }
        for _ in 0..9 {
            attempts.begin(&attempt("ada"), now).unwrap();
        }
        attempts.begin(&attempt("ada"), now).unwrap();
        attempts.succeeded(&attempt("ada"));
        assert_eq!(
            (0..11).filter(|_| attempts.begin(&attempt("ada"), now).is_ok()).count(),
            10,
            "the failed ones are forgotten"
        );
    }
}
