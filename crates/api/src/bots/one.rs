//! `GET /api/public/bot/{id}`: one bot. An addition of this server.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// Who may work on a bot, or list bots, may see it.
const DEMAND: Demand = demand(
    &[
        Scope::BotImport,
        Scope::BotExport,
        Scope::BotCreate,
        Scope::PublishRequest,
        Scope::PublishStatus,
        Scope::RoleManagement,
    ],
    Limit::Bot,
);

/// A bot: what lists show of it, its languages, and the numbers of its draft's revision and its versions.
#[utoipa::path(get, path = "/api/public/bot/{botId}", tag = "Bots", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the bot")), security(("token" = [])))]
pub(crate) async fn one(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    Ok(Json(platform.full_bot(&call, &bot).await?))
}
