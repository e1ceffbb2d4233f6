//! BotKit: the registration of a customer's server for a bot, and what that server calls. (channels.md §11.)

mod callback;
mod dialog;
mod messages;
mod registration;
mod variables;

use store::Bot;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Call;
use crate::documents::Documents;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(registration::show, registration::create, registration::change, registration::remove))
        .routes(routes!(callback::callback))
        .routes(routes!(messages::messages))
        .routes(routes!(variables::variables))
        .routes(routes!(dialog::dialog))
}

/// Being the app that the server is registered with is enough.
const DEMAND: Demand = demand(&[], Limit::Bot);

/// The bot a BotKit server calls about: the token must be of the app the server is registered with.
async fn bot_of_server(platform: &Platform, call: &Call, bot: &str) -> Result<Bot, ApiError> {
    let (caller, bot) = platform.bot_caller(call, bot, DEMAND).await?;
    let registered = bot.settings.get("botkit").and_then(|botkit| botkit["clientId"].as_str());
    if registered != Some(caller.app.client_id.as_str()) {
        tracing::debug!(client.id = %caller.app.client_id, bot.id = %bot.id, "an app without a BotKit server called");
        return Err(ApiError::invalid_credentials());
    }
    Ok(bot)
}

/// The documents users of a bot meet: of the published version, else of the draft.
async fn documents_of(platform: &Platform, bot: &Bot) -> Result<Documents, ApiError> {
    let published = match bot.published_version {
        Some(number) => platform.store().version(&bot.id, number).await?,
        None => None,
    };
    let content = published.map_or_else(|| bot.content.clone(), |version| version.content);
    Documents::load(platform.store(), &content).await
}
