//! Where a turn and who waits for it agree on the message of the inbox that stands for it.

use tokio::sync::{Mutex, MutexGuard};

use crate::Spoken;

/// The message of the inbox that a turn answers: there from the start, or kept while the turn runs, by it or by who waits
/// for it.
pub(crate) struct Slot {
    /// The id it has, or would have.
    pub(crate) id: String,
    state: Mutex<SlotState>,
}

/// How far a turn and its message are.
#[derive(Default)]
pub(crate) struct SlotState {
    pub(crate) stage: Stage,
    /// What the turn said before its end, as messages of their own.
    pub(crate) delivered: Vec<Spoken>,
}

/// Whether the message is in the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is not.
    #[default]
    Open,
    /// It is: whatever happens to the turn, the message is answered.
    Kept,
    /// The turn is written or over: too late to put it there.
    Over,
}

impl Slot {
    /// A slot for a message that is not kept; it would have this id.
    pub(crate) fn open(id: String) -> Self {
        Self { id, state: Mutex::default() }
    }

    /// A slot for a message of the inbox.
    pub(crate) fn kept(id: String) -> Self {
        Self { id, state: Mutex::new(SlotState { stage: Stage::Kept, delivered: Vec::new() }) }
    }

    /// Whether the message is in the inbox now.
    pub(crate) async fn is_kept(&self) -> bool {
        self.hold().await.stage == Stage::Kept
    }

    /// Ends the slot: its turn is over, however it ended.
    pub(crate) async fn close(&self) {
        let mut held = self.hold().await;
        if held.stage == Stage::Open {
            held.stage = Stage::Over;
        }
    }

    /// Holds the slot: nothing is written meanwhile.
    pub(crate) async fn hold(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().await
    }
}
