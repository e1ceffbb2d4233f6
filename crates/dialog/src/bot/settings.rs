//! Settings of a whole bot.

use super::{Interruption, Text};

/// Settings of a whole bot.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How tasks are interrupted.
    pub interruption: Interruption,
    /// When sessions end.
    pub session: Session,
    /// When the language of a user is looked for.
    pub language_choice: LanguageChoice,
    /// An utterance is looked at for several tasks (`detectMultiIntent`).
    pub several_intents: bool,
    /// What is hidden of messages (`pii_patterns` that are switched on).
    pub pii: Vec<Pii>,
}

/// When sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// After so long without a message. Milliseconds.
    pub inactive_ms: i64,
    /// It is closed at that moment (`sessionClosureProcess` 1), else when the user comes back with something new.
    pub closes_at_once: bool,
    /// Closing says nothing (`skipSessionMessage`).
    pub closes_silently: bool,
    /// Closing forgets the tokens of services (`clearAllAuthTokens`).
    pub clears_auth: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self { inactive_ms: 900_000, closes_at_once: true, closes_silently: false, clears_auth: false }
    }
}

/// When the language of a user is looked for (`languagePreferences.type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LanguageChoice {
    /// At every message that no task waits for.
    #[default]
    PerVolley,
    /// At the first message of a session.
    PerSession,
    /// Once.
    Lifetime,
}

/// What is hidden of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Pii {
    /// Name of the pattern.
    pub name: String,
    /// The expression.
    pub regex: String,
    /// Letter case does not count.
    pub ignores_case: bool,
    /// How it is shown.
    pub display: PiiDisplay,
    /// Store ids of the entities that see the original.
    pub entities: Vec<String>,
}

/// How something hidden is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PiiDisplay {
    /// A random text of its own for each.
    Redacted,
    /// This text.
    Replaced(String),
    /// So many characters stay at the start and at the end, the others are this one.
    Masked {
        /// Characters kept at the start.
        first: usize,
        /// Characters kept at the end.
        last: usize,
        /// Stands for every other one.
        mask: String,
    },
}

/// A way to prove who calls a service (`idpConfigurations`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuthProfile {
    /// `refId` and `name`, by which service components name it.
    pub ref_id: String,
    /// Name.
    pub name: String,
    /// `sso_type`: `basic`, `oauth2`, `apikey` …
    pub kind: String,
    /// Header, query or payload fields it adds.
    pub fields: Vec<AuthField>,
    /// All of it as JSON, for kinds with settings of their own (token address, client).
    pub details: serde_json::Value,
}

/// A field an [`AuthProfile`] adds to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuthField {
    /// `header`, `payload`, `query`, `pathparam`.
    pub place: String,
    /// Name.
    pub key: String,
    /// Value, with `{{field}}` templates.
    pub value: Text,
}

impl Settings {
    /// Whether anything depends on the mood of messages.
    pub(crate) fn reads_moods(&self, events: &super::Events) -> bool {
        !events.sentiment.is_empty()
    }
}
