//! The words every other crate shares: identifiers, points in time, how large things may be, and the two sources a test
//! must control (the clock and the id source); and what requests ask for ([`task`]).
//!
//! Nothing here does I/O beyond asking the operating system for the time and for random bytes, and only
//! [`Clock::system`] and [`IdSource::random`] do that.

mod clock;
mod definition_file;
mod finding;
mod ids;
mod json_size;
mod key;
mod limits;
pub mod task;

pub use clock::{Clock, ManualClock, ParseTimestampError, Timestamp};
pub use definition_file::DefinitionFile;
pub use finding::{Code, Finding};
pub use ids::{
    AccountId, AppId, BotId, ChangeId, FileId, GroupId, IdSource, InvalidId, MessageId, OrganizationId, RequestId,
    RoleId, SessionId, UserId, derived_uuid,
};
pub use json_size::{JsonSize, json_bytes, json_depth, json_size};
pub use key::{LONGEST_KEY, UnfitKey, check_key, check_no_nul, keepable};
pub use limits::{Limits, TooLarge};
