//! Language understanding: what is learned from a bot's definition at publish, and how utterances are read.
//!
//! Pure: no I/O, no clock, no async, and no randomness but a fixed seed, so that the same examples give the same model.
//!
//! The way of a message: [`lexicon`] makes it words; the experts ([`rule`], [`ml`], [`faq`], [`small_talk`]) say what it
//! may mean, each for itself, as [`candidate`]s; the resolver weighs them.

mod answers;
pub mod candidate;
mod denial;
mod described;
pub mod faq;
mod function_words;
pub mod languages;
mod learned;
mod learned_opinion;
pub mod lexicon;
pub mod measure;
pub mod ml;
mod model;
mod reading;
mod report;
pub mod resolver;
pub mod rule;
pub mod semantic;
pub mod small_talk;
mod split;
pub mod tagger;
pub mod traits;
mod understand;
mod values;
pub mod yes_no;

pub use answers::Earlier;
pub use entities::{Found, text};
pub use learned::{Learned, MIXTURE_VERSION, TRAINER_VERSION, Unreadable};
pub use learned_opinion::Suggestions;
pub use model::Model;
pub use report::Report;
pub use understand::{Part, Question, State, Understanding};
pub use values::EntityValues;
