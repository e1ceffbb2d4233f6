//! Tests of the crate's public functions.
#![expect(clippy::unwrap_used, reason = "clippy.toml allows it in test functions; this covers what they call")]

mod malformed_zip;
mod multipart_forms;
mod tolerated_zip;
mod written_zip;
mod zip_builder;
