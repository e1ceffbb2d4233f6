//! Tests of the pattern language, all through the crate's public door.

mod concepts;
mod corpus;
mod errors;
mod hostile;
mod message;
mod operators;
mod reference;
