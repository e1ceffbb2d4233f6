//! Values of entities in a text: dates, numbers, lists, names and places, under the rules of a bot.
//!
//! Pure: no I/O and no clock; the caller says what time it is and where ([`Surroundings`]). The crate knows no bot and no
//! dialog. One kind of entity is one file; each has an [`Extractor`].

pub mod address;
pub mod airport;
pub mod attachment;
mod calendar;
pub mod city;
pub mod color;
pub mod company;
pub mod composite;
pub mod country;
pub mod currency;
pub mod data;
pub mod date;
pub mod date_period;
pub mod datetime;
mod decimal;
pub mod duckling;
pub mod email;
mod entity;
pub mod expression;
mod extractor;
mod finding;
mod gazetteer;
mod kind;
pub mod label;
mod language;
pub mod list;
pub mod number;
mod numerals;
pub mod percentage;
pub mod person_name;
pub mod phone_number;
pub mod quantity;
mod rules;
mod spoken;
mod stop;
mod system;
pub mod text;
pub mod time;
pub mod timezone;
mod tokens;
mod tongue;
mod unread;
pub mod url;
pub mod words;
pub mod zip_code;

pub use entity::{Description, Entity};
pub use extractor::{Extractor, Found, Surroundings};
pub use finding::{Allocated, Given, allocate};
pub use kind::Kind;
pub use rules::{Ownership, Rules};
pub use system::{SystemRules, system};
