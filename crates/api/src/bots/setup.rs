//! `PUT /api/public/bot/{id}/setup`: finishes what adding a sample bot began. (api.md §18.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};
use services::Mode;
use store::{Bot, NewChange};

use crate::body::{Call, required_text};
use crate::platform::Caller;
use crate::route::{Demand, Limit, demand};
use crate::variables::import_into_draft;
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotCreate], Limit::Bot);

/// Sets name, colour and state of a bot (`{"updateSet": {"name", "color", "state"}}`), or variables of it
/// (`{"variableUpdate": true, "updateSet": [variable, …]}`).
///
/// `updateSet.servicesMode` is ours: `live`, `replay` or `record` say where the answers of the bot's services come from,
/// whatever the server is set to; an empty text takes that back.
#[utoipa::path(put, path = "/api/public/bot/{botId}/setup", tag = "Bots", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the bot as it is now"), (status = 412, description = "`updateSet` is missing or holds something else")), security(("token" = [])))]
pub(crate) async fn setup(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let mut body = call.members().await?;
    let id = bot.id.clone();
    match body.remove("updateSet") {
        Some(variables @ Value::Array(_)) => {
            import_into_draft(&platform, caller.user(), bot, variables).await?;
        }
        Some(Value::Object(members)) => set_members(&platform, &caller, &bot, &members).await?,
        _ => {
            let detail = "`updateSet` must be an object with `name`, `color` or `state`, or a list of variables";
            return Err(ApiError::invalid_arguments(detail).at("/updateSet"));
        }
    }
    let bot = platform.store().bot(&id).await?.ok_or_else(ApiError::invalid_stream)?;
    Ok(Json(platform.full_bot(&call, &bot).await?))
}

async fn set_members(
    platform: &Platform,
    caller: &Caller,
    bot: &Bot,
    members: &Map<String, Value>,
) -> Result<(), ApiError> {
    let given = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(_) => required_text(members, name).map(Some).map_err(|error| error.at(format!("/updateSet/{name}"))),
    };
    let (name, color, state) = (given("name")?, given("color")?, given("state")?);
    let mode = match members.get("servicesMode") {
        None => None,
        Some(Value::String(word)) if word.is_empty() => Some(None),
        Some(word) => Some(Some(serde_json::from_value::<Mode>(word.clone()).map_err(|_| {
            let detail = format!("`servicesMode` is {word}: give live, replay, record or an empty text");
            ApiError::invalid_arguments(detail).at("/updateSet/servicesMode")
        })?)),
    };
    let change = NewChange {
        user: caller.user().clone(),
        resource_id: None,
        resource_type: "stream",
        message: "Bot updated".to_owned(),
    };
    let edit = move |bot: &mut Bot| {
        if let Some(name) = name {
            bot.name = name;
        }
        if let Some(color) = color {
            bot.color = color;
        }
        if let Some(state) = state {
            bot.settings.insert("state".into(), json!(state));
        }
        match mode {
            None => {}
            Some(None) => drop(bot.settings.remove("servicesMode")),
            Some(Some(mode)) => drop(bot.settings.insert("servicesMode".into(), json!(mode))),
        }
    };
    platform.store().edit_bot(bot, change, edit).await?;
    Ok(())
}
