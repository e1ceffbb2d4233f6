//! The bot definition as a lossless document: read, check, select, merge, edit, write.
//!
//! A definition is kept as the exact text that was uploaded ([`Document`]), with an index of its top-level members.
//! Whoever needs a part of it decodes that part; nobody turns a whole definition into a tree of values.
//!
//! Invariant: this crate knows no files, no SQL, no HTTP and no clock. Text and values go in, text and values come out.

pub mod blank;
mod catalogue;
pub mod changes;
pub mod check;
pub mod compile;
pub mod config;
pub mod document;
pub mod edit;
pub mod error;
mod experience_flows;
pub mod finding;
mod flow;
pub mod ignored;
mod json_string;
mod links;
pub mod merge;
pub mod nlp;
pub mod parts;
mod places;
mod raw;
pub mod revise;
mod scan;
pub mod select;
pub mod summary;
pub mod tasks;
pub mod texts;
mod unmet;
pub mod utterances;
pub mod variables;
pub mod write;

pub use blank::{Blank, blank};
pub use config::Config;
pub use document::Document;
pub use edit::Edit;
pub use error::{ParseError, ShapeError};
pub use finding::Finding;
pub use flow::{RETURN_TO_FLOW, is_end};
pub use merge::{ImportOptions, MergeError, Merged, merge, merge_config};
pub use select::{ExportOptions, ExportOptionsError, SelectError, Selected, select};
