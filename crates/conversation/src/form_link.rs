//! Links to forms.

use serde::{Deserialize, Serialize};

use crate::shared::Shared;

/// What a link to a form stands for. It is good as long as the dialog of that session waits for the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormToken {
    /// The bot.
    pub bot: String,
    /// The user, as the channel calls them.
    pub identity: String,
    /// The channel.
    pub channel: String,
    /// The session.
    pub session: String,
    /// `refId` of the form.
    pub form: String,
}

/// What the purpose of sealing is, so that nothing else sealed can stand for a form.
pub(crate) const PURPOSE: &str = "form link";

impl Shared {
    /// Where a form is filled in.
    pub(crate) fn form_link(&self, token: &FormToken) -> String {
        let text = serde_json::to_string(token).expect("a token is a few texts");
        let sealed = self.store.key().seal(PURPOSE, &text, self.store.ids());
        format!("{}/api/1.1/UIFlow/forms/token?hash={}", self.public_url.trim_end_matches('/'), escaped(&sealed))
    }
}

/// A text as a part of a URL.
pub(crate) fn escaped(text: &str) -> String {
    let escape = |byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}
