//! Tests of understanding as a whole, and of its verdicts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and the line says where")]

mod apps;
mod faq_corpus;
mod real_words;
mod resolver;
mod rules;
mod semantic;
mod shop;
mod spelling;
mod understanding;
