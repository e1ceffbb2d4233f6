//! Export archives: bounded zip reading, deterministic zip writing, and tolerant multipart reading.
//!
//! Everything here is synchronous and works on bytes that strangers sent. Three rules hold throughout: no number read
//! from the input decides how much memory is taken, no name read from the input reaches a file system, and every refusal
//! says what is wrong, where, and what to do about it.
//!
//! The zip format is read and written here rather than through a general zip library because an upload has to be
//! refused with precise reasons (duplicate names, overlapping entries, path tricks) that such a library repairs or hides,
//! and because four deflated entries need very little of the format.

pub mod multipart;
pub mod read;
pub mod write;

pub use read::{Archive, Entry, Limits, Part, ReadError};
