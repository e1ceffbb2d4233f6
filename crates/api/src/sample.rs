//! Bots that come with the server.

/// A bot that comes with the server and may be added to an account as often as wanted.
#[derive(Clone, Copy)]
pub struct Sample {
    /// The id that calls name it by, `st-…`.
    pub id: &'static str,
    /// The name.
    pub name: &'static str,
    /// What it shows.
    pub description: &'static str,
    /// `botDefinition.json`.
    pub definition: &'static [u8],
    /// `config.json`.
    pub config: &'static [u8],
    /// `icon.png`.
    pub icon: &'static [u8],
    /// `botFunctions.js`, if it has any.
    pub functions: Option<&'static [u8]>,
}
