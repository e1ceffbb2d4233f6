//! The pattern language of bots: one engine for intents, entities, small talk, yes and no, help words and lists.
//!
//! A pattern such as `< who be ~you { ? } >` says which words a message must have, in which order and how far apart. The
//! language is the dialect of ChatScript that bot exports are written in. This crate reads patterns ([`Pattern::parse`]),
//! keeps the named word lists they refer to ([`Concepts`]) and finds them in a message ([`Matcher`]). It knows nothing of
//! how a text becomes words: the caller splits the message into [`Word`]s and hands over the stem of each, and gives the
//! same stemmer to the parser.
//!
//! | syntax | meaning |
//! |---|---|
//! | `a b` | the words in this order, up to [`Options::gap`] words between them |
//! | `(a b)` | the same, as one element |
//! | `a_b` | next to each other; joins groups too: `{my}_[order parcel]` |
//! | `[a b (c d)]` | one of |
//! | `{a b}` | one of, or nothing |
//! | `<<a b>>` | all of them, in any order and at any distance |
//! | `<` … `>` | start and end of the sentence; `<` after other words goes back to the start |
//! | `*` `*3` `*0` `*~3` | any number of words, exactly three, none, up to three |
//! | `!x` | no `x` from here to the end of the sentence; at the start of a pattern: nowhere in the sentence |
//! | `!!x` | `x` does not follow here |
//! | `~name` | a member of the concept |
//! | `'word` | this very form; other words match by their stem as well |
//! | `_x` | remembers what `x` matched |
//! | `"a b"` | the words next to each other |
//! | `@name` | an entity value found by the caller |
//! | `a b\|c` | alternatives |
//!
//! Real exports bend the rules, and the parser follows them: `` a`b `` is `a_b` (translated concepts have it), the `_` of
//! `have_a_` joins nothing, `:)` and `:ok_hand:` are words, and a closing bracket that nothing opened is passed over
//! (reported by [`Pattern::strays`]).
//!
//! Punctuation marks are tokens that a pattern may ask for. They do not count as words of a gap or a wildcard, and may
//! stand before the first and after the last word of a sentence whatever `<` and `>` say.

#![warn(missing_docs)]

mod circles;
mod concepts;
mod engine;
mod error;
mod matcher;
mod node;
mod parse;
mod pattern;
mod sentence;
mod trace;
mod word;

pub use concepts::{Concepts, Finding};
pub use error::{Error, Problem};
pub use matcher::{Entity, Match, Matcher, Options, Sentences};
pub use pattern::{Pattern, Stray};
pub use word::{Kind, Word, number_sentences};
