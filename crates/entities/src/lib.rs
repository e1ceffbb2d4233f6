//! Values of entities in a text: dates, numbers, lists, names and places, under the rules of a bot.
//!
//! Pure: no I/O and no clock; the caller says what time it is and where ([`Surroundings`]). The crate knows no bot and no
//! dialog. One kind of entity is one file; each has an [`Extractor`].

mod extractor;
mod kind;

pub use extractor::{Extractor, Found, Surroundings};
pub use kind::Kind;
