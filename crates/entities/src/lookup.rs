//! Lists that are large or that a service keeps.

use serde_json::{Value, json};

use crate::list::{Choice, List, ListOptions, Shape};

/// A list whose items are kept here: matched like any list, and stored as `{title, value, synonyms}`.
pub fn fixed(items: Vec<Choice>, language: &str, options: ListOptions) -> List {
    List::new(items, language, ListOptions { shape: Shape::Item, ..options })
}

/// What a service that keeps the list is given as `context.inputData`: the text, what earlier entities took of it, and
/// whether several items are wanted.
pub fn input_data(text: &str, used: &[std::ops::Range<usize>], many: bool) -> Value {
    let taken: Vec<&str> = used.iter().filter_map(|range| text.get(range.clone())).collect();
    json!({"input": text, "usedUp": taken, "isMultiItem": many})
}
