//! Which language model is asked, and how.

/// The model that an author chose, and how it is asked. The server's own settings decide which server answers
/// (`conversation.language_models`, by the name of the integration); the rest goes with the question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelChoice {
    /// Model, as the author names it.
    pub name: String,
    /// Integration, as the author names it (`azure`, `openai` …).
    pub integration: String,
    /// How free the answer is: 0 to 2.
    pub temperature: Option<f64>,
    /// Longest answer. Tokens.
    pub max_tokens: Option<u32>,
    /// The answer may take so long. Seconds.
    pub timeout_s: u32,
}
