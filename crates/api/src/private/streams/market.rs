//! `POST /api/market/streams`: what the console sends after it made a bot, or in order to make one.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};

use super::create::add_ignored_icon;
use crate::body::{Call, optional_text};
use crate::private::person::require_creator;
use crate::{ApiError, Platform};

/// Puts a bot on show: with `_id`, sets the name, description and colour of that bot; without, makes a new one.
#[utoipa::path(post, path = "/api/market/streams", tag = "Private tier", request_body = Object,
    responses((status = 200, description = "the bot"), (status = 400, description = "there is no such bot"), (status = 412, description = "the bot has no name")), security(("bearer" = [])))]
pub(crate) async fn market(State(platform): State<Platform>, call: Call) -> Result<Json<Map<String, Value>>, ApiError> {
    let caller = platform.user(&call).await?;
    let body = call.members().await?;
    let named = optional_text(&body, "_id").or_else(|| optional_text(&body, "streamId"));
    let is_new = named.is_none();
    let bot = match named {
        None => {
            require_creator(&caller)?;
            platform.create_bot(&caller, &body).await?
        }
        Some(id) => {
            let bot = platform.bot_for(&caller, &id).await?;
            let shown = |key: &String| matches!(key.as_str(), "name" | "description" | "color");
            let changes = body.clone().into_iter().filter(|(key, value)| shown(key) && value.is_string()).collect();
            platform.revise_settings(&caller, bot, changes).await?.0
        }
    };
    let mut record = platform.bot_with_settings(&call, &bot).await?;
    if is_new {
        add_ignored_icon(&mut record, &body, &bot);
    }
    Ok(Json(record))
}
