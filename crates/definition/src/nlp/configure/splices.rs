//! Edits of single places in a text.

use std::ops::Range;

use serde_json::Value;

use crate::document::Document;
use crate::json_string::push_quoted;
use crate::select::HASHES;
use crate::write::{append_value, start_line};

/// Replacements in the text of a document, to be made together.
pub(super) struct Splices<'a> {
    document: &'a Document,
    list: Vec<(Range<usize>, String)>,
    /// Members to be added at the end of the document.
    new_members: Vec<(&'a str, Value)>,
}

impl<'a> Splices<'a> {
    pub(super) fn in_document(document: &'a Document) -> Splices<'a> {
        Splices { document, list: Vec::new(), new_members: Vec::new() }
    }

    /// Replaces a part of the document that stands at nesting `level`, unless it is written that way already.
    pub(super) fn replace(&mut self, part: &str, value: &Value, level: usize) {
        let mut text = String::new();
        append_value(&mut text, value, level);
        if text != part {
            self.list.push((self.range(part), text));
        }
    }

    /// Sets a top-level member: in its place, or at the end of the document.
    pub(super) fn set_top_member(&mut self, key: &'a str, value: &Value) {
        match self.document.raw(key) {
            Some(raw) => self.replace(raw, value, 1),
            None => self.new_members.push((key, value.clone())),
        }
    }

    /// Adds members at the end of an object whose members stand at nesting `level`.
    pub(super) fn add_members(&mut self, object: &str, members: &[(&str, &Value)], level: usize) {
        let texts = members.iter().map(|(key, value)| {
            let mut text = String::new();
            push_quoted(&mut text, key);
            text.push_str(": ");
            append_value(&mut text, value, level);
            text
        });
        self.add(object, &texts.collect::<Vec<_>>(), level);
    }

    /// Adds elements at the end of a list whose elements stand at nesting `level`.
    pub(super) fn add_elements(&mut self, list: &str, elements: &[Value], level: usize) {
        let texts = elements.iter().map(|element| {
            let mut text = String::new();
            append_value(&mut text, element, level);
            text
        });
        self.add(list, &texts.collect::<Vec<_>>(), level);
    }

    fn add(&mut self, container: &str, items: &[String], level: usize) {
        if items.is_empty() {
            return;
        }
        let inner = container[1..container.len() - 1].trim_end();
        let mut text = String::new();
        for (at, item) in items.iter().enumerate() {
            if at > 0 || !inner.is_empty() {
                text.push(',');
            }
            start_line(&mut text, level);
            text.push_str(item);
        }
        let range = self.range(container);
        let end = range.start + 1 + inner.len();
        if inner.is_empty() {
            start_line(&mut text, level - 1);
            self.list.push((end..range.end - 1, text));
        } else {
            self.list.push((end..end, text));
        }
    }

    /// The text with all replacements made, and without the hashes if there are any.
    pub(super) fn applied(mut self) -> String {
        let document = self.document;
        let source = document.text();
        let new: Vec<(&str, &Value)> = self.new_members.iter().map(|(key, value)| (*key, value)).collect();
        let object = source.trim_start_matches('\u{feff}').trim();
        let mut additions = Splices::in_document(document);
        additions.add_members(object, &new, 1);
        self.list.append(&mut additions.list);
        if self.list.is_empty() {
            return source.to_owned();
        }
        let mut end_of_last = 0;
        let mut hashes: Vec<_> = HASHES.iter().filter_map(|hash| self.member_with_comma(hash)).collect();
        hashes.sort_by_key(|range| range.start);
        // Two that share a comma cannot both go; known files have them at their end.
        hashes.retain(|range| range.start >= std::mem::replace(&mut end_of_last, range.end));
        self.list.extend(hashes.into_iter().map(|range| (range, String::new())));
        // What is added at the end of a member that goes comes after it.
        self.list.sort_by_key(|(range, _)| range.start);
        let mut text = String::with_capacity(source.len() + 64);
        let mut copied = 0;
        for (range, new) in &self.list {
            text.push_str(&source[copied..range.start]);
            text.push_str(new);
            copied = range.end;
        }
        text.push_str(&source[copied..]);
        text
    }

    /// Where a top-level member stands, with the comma that parts it from the others. The only member of a document has
    /// none, and stays.
    fn member_with_comma(&self, key: &str) -> Option<Range<usize>> {
        let text = self.document.text();
        let value = self.range(self.document.raw(key)?);
        let start = text[..value.start].rfind(&format!("\"{key}\""))?;
        if let Some(before) = text[..start].trim_end().strip_suffix(',') {
            return Some(before.len()..value.end);
        }
        let after = text[value.end..].trim_start().strip_prefix(',')?;
        Some(start..text.len() - after.trim_start().len())
    }

    fn range(&self, part: &str) -> Range<usize> {
        self.document.range_of(part).expect("only parts of the document are edited")
    }
}
