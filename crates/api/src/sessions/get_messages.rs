//! `GET` and `POST /api/public/bot/{id}/getMessages`: the messages of a bot's conversations. (api.md §12.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};
use store::Bot;

use super::history::{self, Listing, MAX_LIMIT};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::ChatHistory], Limit::Bot);

/// Lists the messages of a user with a bot, the newest first: at most 100 in one call.
///
/// With `msgId` the list begins behind that message; with `forward=true` it runs forward in time.
#[utoipa::path(get, path = "/api/public/bot/{botId}/getMessages", tag = "Sessions", operation_id = "get_messages", params(("botId" = String, Path, description = "The bot, `st-…`"), ("userId" = String, Query, description = "The user: an id, an address or any other identity"), ("channelType" = Option<String>, Query, description = "The channel, such as `rtm` or `ivr` (`webhook`); all when absent, unless `api.messages_channel` names one"), ("skip" = Option<i64>, Query, description = "How many messages to pass over"), ("limit" = Option<i64>, Query, description = "How many messages to give"), ("dateFrom" = Option<String>, Query), ("dateTo" = Option<String>, Query), ("direction" = Option<String>, Query, description = "`incoming` (the user's) or `outgoing`"), ("msgId" = Option<String>, Query, description = "The message behind which the list begins"), ("forward" = Option<bool>, Query, description = "The oldest first")),
    responses((status = 200, description = "`total`, `moreAvailable`, `icon` and `messages`"), (status = 412, description = "`userId` is missing, or a date or a word cannot be understood")), security(("token" = [])))]
pub(crate) async fn get(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    history::require_user(&call)?;
    let listing = listing(&platform, &call, bot, platform.settings().messages_channel.clone()).await?;
    history::answer(&platform, &call, listing).await.map(Json)
}

/// Lists messages of a bot, the newest first: at most 100 in one call.
///
/// The body may hold what the query of the `GET` may, and `sessionId` (a list of ids), `tags`
/// (`{"and":[{"name":…,"values":[…],"type":…}]}`) and `includeTraceId`. All of it is optional.
#[utoipa::path(post, path = "/api/public/bot/{botId}/getMessages", tag = "Sessions", operation_id = "find_messages", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Option<Object>, responses((status = 200, description = "`total`, `moreAvailable`, `icon` and `messages`"), (status = 412, description = "the body, a date or a word cannot be understood")), security(("token" = [])))]
pub(crate) async fn post(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let listing = listing(&platform, &call, bot, None).await?;
    history::answer(&platform, &call, listing).await.map(Json)
}

/// The messages of a user with a bot, on every channel.
pub(crate) async fn messages_of_user(
    platform: &Platform,
    call: &Call,
    bot: Bot,
) -> Result<Map<String, Value>, ApiError> {
    history::require_user(call)?;
    history::answer(platform, call, listing(platform, call, bot, None).await?).await
}

async fn listing(
    platform: &Platform,
    call: &Call,
    bot: Bot,
    default_channel: Option<String>,
) -> Result<Listing, ApiError> {
    Ok(Listing {
        icon: platform.icon_link(call, &bot).await?,
        account: bot.account,
        bots: Some(vec![bot.id]),
        max_limit: MAX_LIMIT,
        without_tasks: false,
        default_channel,
    })
}
