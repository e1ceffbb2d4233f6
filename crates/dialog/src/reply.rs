//! What is said to the user, before a channel gives it its form.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What nests deeper is no template but a text: a conversation could not be read again with it.
const TEMPLATE_DEPTH: usize = 100;

/// One thing said: one bubble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// What.
    pub content: Content,
    /// Who says it.
    pub source: Source,
    /// What there is to choose, where the platform shows it (`applyDefaultTemplate`, its own questions).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// The choices are yes and no, which channels show in a form of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_yes_no: bool,
    /// A form to fill in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormOffer>,
    /// The dialog that says it (store id); empty where none does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dialog: String,
    /// The node that says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// Tags of the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
    /// What reports show in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternative_texts: Vec<String>,
}

/// What a reply is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    /// A text.
    Text(String),
    /// A template for rich clients: what a script printed as JSON, unchanged.
    Template(Value),
}

/// Who says something. Channels form some of them differently: the webhook channel puts answers of dialogs and questions
/// in a list, everything else in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A node of a dialog.
    Dialog,
    /// A question of the knowledge graph.
    Faq,
    /// Small talk.
    SmallTalk,
    /// The platform (standard responses).
    Platform,
    /// An event of the conversation.
    Event,
    /// The event of a failure.
    Failure,
}

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What people see.
    pub title: String,
    /// What is sent when it is chosen.
    pub value: String,
}

/// A form to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormOffer {
    /// `refId` of the form.
    pub form: String,
    /// Where it is filled in.
    pub link: String,
    /// `pop-up` or `inline`.
    pub render: String,
    /// The form as the export has it.
    pub definition: Value,
}

impl Reply {
    /// A text of somebody.
    pub fn text(source: Source, text: impl Into<String>) -> Self {
        Self {
            content: Content::Text(text.into()),
            source,
            choices: Vec::new(),
            is_yes_no: false,
            form: None,
            dialog: String::new(),
            node: String::new(),
            tags: Vec::new(),
            alternative_texts: Vec::new(),
        }
    }

    /// What a script printed, or a text came to: a template where it is the JSON of one, else the text.
    ///
    /// An object is a template where it says so: it has a `type` with a `payload`, or `attachments`.
    pub fn content_of(printed: String) -> Content {
        let trimmed = printed.trim();
        if trimmed.starts_with('{')
            && domain::json_depth(trimmed.as_bytes()) < TEMPLATE_DEPTH
            && let Ok(value) = serde_json::from_str::<Value>(trimmed)
            && (value.get("type").is_some() || value.get("payload").is_some() || value.get("attachments").is_some())
        {
            return Content::Template(value);
        }
        Content::Text(printed)
    }

    /// What is read out: the text, or the text inside of a template.
    pub fn plain_text(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Template(value) => {
                let inner = value.pointer("/payload/text").or_else(|| value.pointer("/payload/heading"));
                inner
                    .or_else(|| value.get("text"))
                    .and_then(Value::as_str)
                    .map_or_else(|| value.to_string(), str::to_owned)
            }
        }
    }
}

/// The letter in front of a choice: a, b, … z, aa, ab …
pub fn letter(place: usize) -> String {
    let mut place = place;
    let mut letters = Vec::new();
    loop {
        letters.push(b'a' + u8::try_from(place % 26).expect("less than 26"));
        match place / 26 {
            0 => break,
            more => place = more - 1,
        }
    }
    letters.reverse();
    String::from_utf8(letters).expect("letters are ASCII")
}
