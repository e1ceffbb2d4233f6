//! A new document made from the members of another one.

use std::borrow::Cow;

use serde_json::Value;

use crate::document::Document;
use crate::error::ParseError;
use crate::json_string::push_quoted;
use crate::write;

/// The top-level members of a document to be: taken over, replaced, added and removed, then written in the vendor's
/// layout. Members taken over are not decoded; they come out byte for byte when the source has that layout.
#[derive(Debug, Clone, Default)]
pub struct Edit<'a> {
    members: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Edit<'a> {
    /// Starts with no members.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Starts with all members of `document`.
    pub fn of(document: &'a Document) -> Self {
        Self { members: document.members().map(|(key, raw)| (key, Cow::Borrowed(raw))).collect() }
    }

    /// The raw text of a member as it stands now.
    pub fn raw(&self, key: &str) -> Option<&str> {
        self.members.iter().find(|(name, _)| name == key).map(|(_, raw)| raw.as_ref())
    }

    /// Names of the members in their order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(key, _)| key.as_ref())
    }

    /// Keeps only the members whose names `wanted` accepts.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.members.retain(|(key, _)| wanted(key));
    }

    /// Removes a member; nothing happens if there is none of this name.
    pub fn remove(&mut self, key: &str) {
        self.members.retain(|(name, _)| name != key);
    }

    /// Replaces the value of a member in its place, or adds the member at the end.
    pub fn set(&mut self, key: &str, value: &Value) {
        self.set_text(key, value.to_string());
    }

    /// Like [`Edit::set`], with the value as JSON text, usually a part of some document. It must be valid JSON;
    /// [`Edit::finish`] reports it if it is not.
    pub fn set_text(&mut self, key: &str, json: impl Into<Cow<'a, str>>) {
        let json = json.into();
        match self.members.iter_mut().find(|(name, _)| name == key) {
            Some(member) => member.1 = json,
            None => self.members.push((Cow::Owned(key.to_owned()), json)),
        }
    }

    /// Like [`Edit::set_text`], with a list whose elements are JSON texts.
    pub fn set_elements<'e>(&mut self, key: &str, elements: impl IntoIterator<Item = &'e str>) {
        let mut list = String::from("[");
        for element in elements {
            if list.len() > 1 {
                list.push(',');
            }
            list.push_str(element);
        }
        list.push(']');
        self.set_text(key, list);
    }

    /// Adds a member, or moves and replaces it, so that it follows the member `after`; at the end if there is no such
    /// member, at the start for `None`.
    pub fn insert_after(&mut self, after: Option<&str>, key: &str, value: &Value) {
        self.remove(key);
        let index = match after {
            None => 0,
            Some(name) => {
                let found = self.members.iter().position(|(key, _)| key == name);
                found.map_or(self.members.len(), |index| index + 1)
            }
        };
        self.members.insert(index, (Cow::Owned(key.to_owned()), Cow::Owned(value.to_string())));
    }

    /// The text of the new document in the vendor's layout.
    pub fn write(&self) -> String {
        if self.members.is_empty() {
            return String::from("{}");
        }
        let size: usize = self.members.iter().map(|(key, raw)| key.len() + raw.len() + 16).sum();
        let mut text = String::with_capacity(size + 2);
        text.push('{');
        for (index, (key, raw)) in self.members.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            write::start_line(&mut text, 1);
            push_quoted(&mut text, key);
            text.push_str(": ");
            write::append_text(&mut text, raw, 1);
        }
        text.push_str("\n}");
        text
    }

    /// Writes the new document and reads it back as one, under the file name `file`.
    ///
    /// # Errors
    /// A text given to [`Edit::set_text`] or [`Edit::set_elements`] was not valid JSON.
    pub fn finish(&self, file: &str) -> Result<Document, ParseError> {
        Document::parse(self.write(), file)
    }
}
