//! The bot definition as a lossless document: read, check, select, merge, edit, write.
//!
//! A definition is kept as the exact text that was uploaded ([`Document`]), with an index of its top-level members.
//! Whoever needs a part of it decodes that part; nobody turns a whole definition into a tree of values.
//!
//! Invariant: this crate knows no files, no SQL, no HTTP and no clock. Text and values go in, text and values come out.

pub mod document;
pub mod edit;
pub mod error;
mod json_string;
mod scan;
pub mod write;

pub use document::Document;
pub use edit::Edit;
pub use error::{ParseError, ShapeError};
