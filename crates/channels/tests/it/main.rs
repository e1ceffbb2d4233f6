//! Tests of the crate's public functions.

mod answers;
mod html;
mod requests;
mod texts;
