//! Where a turn that takes long is told of the message of the inbox that it answers.

/// Where a turn that takes long is told of the inbox message it answers.
#[derive(Default)]
pub(crate) struct Slot(tokio::sync::Mutex<SlotState>);

#[derive(Default)]
pub(crate) enum SlotState {
    /// Nobody was told yet that the message is taken.
    #[default]
    Open,
    /// This message of the inbox stands for it.
    Taken(String),
    /// The turn is written or over: too late to put it into the inbox.
    Closed,
}

impl Slot {
    /// A slot for a message of the inbox.
    pub(crate) fn taken(inbox: String) -> Self {
        Self(tokio::sync::Mutex::new(SlotState::Taken(inbox)))
    }

    /// Ends the slot: its turn is over, however it ended.
    pub(crate) async fn close(&self) {
        let mut state = self.0.lock().await;
        if let SlotState::Open = *state {
            *state = SlotState::Closed;
        }
    }

    /// Holds the slot: nothing is written meanwhile.
    pub(crate) async fn hold(&self) -> tokio::sync::MutexGuard<'_, SlotState> {
        self.0.lock().await
    }
}
