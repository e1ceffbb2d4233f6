//! Language understanding: what a text means to a bot, and the training of its models.

mod configurations;
mod faqs_train;
mod faqs_train_status;
mod find_intent;
mod ml_train;
mod ml_train_status;
mod trace;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use store::{Bot, Version};

use crate::body::Call;
use crate::{ApiError, Platform};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(find_intent::find_intent))
        .routes(routes!(ml_train::train))
        .routes(routes!(ml_train_status::status))
        .routes(routes!(faqs_train::train))
        .routes(routes!(faqs_train_status::status))
        .routes(routes!(configurations::configure_bot))
}

/// The language a call is about: `language` of the query, the header `bot-language`, else the bot's default; spelt as
/// the bot spells it. A language that the bot does not speak is refused.
pub(crate) fn language_of(call: &Call, bot: &Bot) -> Result<String, ApiError> {
    let wanted = match call.query().get("language") {
        Some(language) => Some(language.to_owned()),
        None => call.header("bot-language").map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned),
    };
    match wanted {
        None => Ok(bot.default_language.clone()),
        Some(wanted) => spoken(&wanted, bot),
    }
}

/// A language code as the bot spells it.
pub(super) fn spoken(wanted: &str, bot: &Bot) -> Result<String, ApiError> {
    let found = bot.languages.iter().chain([&bot.default_language]).find(|it| it.eq_ignore_ascii_case(wanted));
    found.cloned().ok_or_else(|| {
        let detail = format!("the bot does not speak `{wanted}`; it speaks {}", bot.languages.join(", "));
        ApiError::bad_request("Invalid language").with_detail(detail)
    })
}

/// Which state of a bot a call is about: `configured` is the draft, `published` the version in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BotState {
    Configured,
    Published,
}

impl BotState {
    /// The state with this name, in any letter case.
    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::Configured, Self::Published].into_iter().find(|state| state.word().eq_ignore_ascii_case(word))
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Published => "published",
        }
    }

    /// The digest of the definition of a bot in this state.
    pub(super) async fn definition(self, platform: &Platform, bot: &Bot) -> Result<String, ApiError> {
        match self {
            Self::Configured => Ok(bot.content.definition.clone()),
            Self::Published => {
                let version: Option<Version> = platform.store().published_version(bot).await?;
                let version = version.ok_or_else(|| {
                    ApiError::bad_request("The bot is not published")
                        .with_detail("publish the bot, or ask for its draft with `fetchConfiguredTasks=true`")
                })?;
                Ok(version.content.definition)
            }
        }
    }
}
