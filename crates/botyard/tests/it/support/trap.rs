//! A clock that panics where a test wants it to.

use std::backtrace::Backtrace;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Clock;

/// Makes code panic that asks for the time while a function of a certain source file is at work.
#[derive(Clone, Default)]
pub struct Trap(Arc<Mutex<Option<&'static str>>>);

impl Trap {
    /// The clock to give to a server.
    pub fn clock(&self) -> Clock {
        let (trap, system) = (self.clone(), Clock::system());
        Clock::asked(move || {
            trap.spring();
            system.now()
        })
    }

    /// From now on whoever asks for the time from within this file panics, each time: `jobs/src/bot_export.rs`.
    pub fn set(&self, place: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }

    /// Nothing panics any more.
    pub fn disarm(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn spring(&self) {
        let place = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = place else { return };
        if Backtrace::force_capture().to_string().contains(place) {
            panic!("the clock broke in {place}");
        }
    }
}
