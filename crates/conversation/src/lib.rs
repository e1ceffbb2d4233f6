//! Conversations: what users say, taken in order, and what bots answer, kept.
//!
//! A turn is one transaction. It loads the conversation, lets the dialog engine work (whose scripts, services and tables
//! this crate performs) and commits state, messages and log together, if nobody else changed the conversation meanwhile.
//! What is acknowledged before its turn is done waits in the inbox, and is answered by whichever node lives, or given up
//! when that fails again and again.
//!
//! Knows no channel: it takes [`Incoming`] and gives [`Answer`].

#![warn(missing_docs)]

mod act;
mod answer;
mod bells;
mod book;
mod botkit;
mod bots;
mod bounds;
mod close;
mod erase;
mod error;
mod fault;
mod form;
mod form_link;
mod frame;
mod give_up;
mod host;
mod inbox;
mod incoming;
mod journal;
mod keep;
mod keeper;
mod key;
mod language;
mod last_words;
mod late;
mod notes;
mod options;
mod queue;
mod receive;
mod rehearsal;
mod resume;
mod session;
mod shape;
mod shared;
mod slot;
mod turn;
mod written;

pub use answer::{Answer, Spoken};
pub use botkit::{BotKit, BotKitCall, BotKitOrder, Called, UnknownCall};
pub use bots::Ready;
pub use error::Error;
pub use form::FormPage;
pub use form_link::FormToken;
pub use give_up::retry_stuck;
pub use host::WorldHost;
pub use inbox::{Accepted, Polled, Waited};
pub use incoming::{Closing, Incoming, IncomingEvent, PostTo, Tags};
pub use keeper::{Form, Keeper};
pub use key::{conversation_of, user_of};
pub use notes::ScriptRun;
pub use options::{BotKitWaits, LanguageModel, ModelKey, Options, Scripts};
pub use queue::Place;
pub use rehearsal::{Rehearsal, Rehearsed};
pub use shared::Conversations;
