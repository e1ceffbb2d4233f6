//! Texts an author wrote: which one is said depends on the channel and the language.

use super::in_language;

/// All versions of a message: one per channel and language, and variants among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts(pub Vec<Entry>);

/// One variant of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Channel it is for, `default` for all that have none of their own.
    pub channel: String,
    /// Its text per language.
    pub texts: Vec<(String, Text)>,
}

/// A text, taken apart at its templates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// It is JavaScript that prints what is to be said.
    pub is_script: bool,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
    /// Buttons that it is shown with (`payload` of a message entry).
    pub buttons: Option<Box<Buttons>>,
}

/// Buttons that a text is shown with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Buttons {
    /// `template_type`: `button` or `quick_replies`.
    pub kind: String,
    /// The member of the template that holds them: `buttons` or `quick_replies`.
    pub member: String,
    /// The buttons, in order.
    pub all: Vec<Button>,
}

/// A button.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Button {
    /// What people see.
    pub title: Text,
    /// What is sent when it is pressed, and stored by the question that shows it.
    pub payload: Text,
    /// All of it, as its author wrote it.
    pub written: serde_json::Value,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// A JavaScript expression, from `{{…}}`.
    Expression(String),
}

impl Texts {
    /// The variants for a channel: those made for it, else the default ones. Empty texts do not count.
    pub fn for_channel<'a>(&'a self, channel: &str, language: &str, default_language: &str) -> Vec<&'a Text> {
        let of = |wanted: &str| -> Vec<&'a Text> {
            let entries = self.0.iter().filter(|entry| entry.channel.eq_ignore_ascii_case(wanted));
            let texts = entries.filter_map(|entry| in_language(&entry.texts, language, default_language));
            texts.filter(|text| !text.is_empty()).collect()
        };
        let own = of(channel);
        if own.is_empty() { of("default") } else { own }
    }

    /// The channels that something is said on, where it is not said on every channel; empty where it is, or never.
    pub fn only_channels(&self) -> Vec<&str> {
        let is_filled = |entry: &&Entry| entry.texts.iter().any(|(_, text)| !text.is_empty());
        let mut channels: Vec<&str> = self.0.iter().filter(is_filled).map(|entry| entry.channel.as_str()).collect();
        channels.dedup();
        if channels.iter().any(|channel| channel.eq_ignore_ascii_case("default")) { Vec::new() } else { channels }
    }

    /// Whether nothing is ever said.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|entry| entry.texts.iter().all(|(_, text)| text.is_empty()))
    }
}

impl Text {
    /// Takes a plain text apart.
    pub fn plain(text: &str) -> Self {
        Self { pieces: pieces(text, false), ..Self::default() }
    }

    /// Takes JavaScript apart.
    pub fn script(text: &str) -> Self {
        Self { is_script: true, pieces: pieces(text, true), buttons: None }
    }

    /// Whether there is nothing in it but white space.
    pub fn is_empty(&self) -> bool {
        self.buttons.is_none()
            && self.pieces.iter().all(|piece| matches!(piece, Piece::Text(text) if text.trim().is_empty()))
    }

    /// The text, if it has no templates and is no script.
    pub fn as_constant(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            _ if self.buttons.is_some() => None,
            [] => Some(""),
            [Piece::Text(text)] if !self.is_script => Some(text),
            _ => None,
        }
    }
}

/// Takes a text apart at its templates. JavaScript has double braces of its own, in nested blocks and in `${{…}}`; those
/// hold statements or follow a dollar sign, which templates do not.
fn pieces(text: &str, is_script: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut copied = 0;
    for template in definition::texts::templates(text) {
        let is_code = text[..template.range.start].ends_with('$')
            || template.expression.is_empty()
            || template.expression.contains([';', '\n']);
        if is_script && is_code {
            continue;
        }
        if copied < template.range.start {
            pieces.push(Piece::Text(text[copied..template.range.start].to_owned()));
        }
        if !template.expression.is_empty() {
            pieces.push(Piece::Expression(template.expression.to_owned()));
        }
        copied = template.range.end;
    }
    if copied < text.len() {
        pieces.push(Piece::Text(text[copied..].to_owned()));
    }
    pieces
}
