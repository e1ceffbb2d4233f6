//! The name of the file that holds a bot's definition.

use serde::{Deserialize, Serialize};

/// The file that holds the definition of a bot. The platform writes one of two names; which one it was belongs to the bot,
/// for programs that unpack an export open it by its name. (export-format-xo11.md §1.)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DefinitionFile {
    /// `botDefinition.json`: of a bot.
    #[default]
    Bot,
    /// `appDefinition.json`: of an app, as the platform calls its bots today.
    App,
}

impl DefinitionFile {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::Bot, Self::App];

    /// The name as the platform writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bot => "botDefinition.json",
            Self::App => "appDefinition.json",
        }
    }

    /// The file of this name, whatever the case of its letters.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.name().eq_ignore_ascii_case(name))
    }

    /// Whether it is [`DefinitionFile::Bot`].
    pub fn is_bot(&self) -> bool {
        *self == Self::Bot
    }
}
