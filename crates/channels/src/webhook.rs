//! The webhook channel: one request per message, answered at once, by polling, or by posts to an address of the customer.

mod answer;
mod inbound;
mod read;
mod template;

pub use answer::{SpokenReply, Turn, accepted, answer, async_messages, closure, in_progress};
pub use inbound::{BadPayload, Inbound, Kind, Tags};
pub use read::read;
use serde::{Deserialize, Serialize};

/// The two forms of the channel, told apart by their path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Version {
    /// `/chatbot/hooks/…`: `message.text`, answered by `text`.
    V1,
    /// `/chatbot/v2/webhook/…`: `message.val`, answered by `data`.
    V2,
}

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TemplateForm {
    /// As JSON.
    Object,
    /// As text: its JSON, with the special characters of HTML escaped.
    EscapedText,
}

impl Version {
    /// How templates are written where nobody wants them otherwise.
    pub const fn templates(self) -> TemplateForm {
        match self {
            Self::V1 => TemplateForm::EscapedText,
            Self::V2 => TemplateForm::Object,
        }
    }
}
