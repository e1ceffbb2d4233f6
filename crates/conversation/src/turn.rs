//! What a turn is about, for everybody who works on it.

use domain::{SessionId, Timestamp};
use store::ConversationKey;

use crate::Incoming;
use crate::bots::Ready;
use crate::notes::Notes;

/// What a turn is about.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'a> {
    pub(crate) incoming: &'a Incoming,
    pub(crate) key: &'a ConversationKey,
    pub(crate) ready: &'a Ready,
    pub(crate) session: &'a SessionId,
    pub(crate) now: Timestamp,
    /// What is noted of a turn that is tried out.
    pub(crate) notes: Option<&'a Notes>,
}
