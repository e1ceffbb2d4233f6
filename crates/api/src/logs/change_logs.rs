//! `GET /api/public/bot/{id}/changelogs`: what happened to a bot. (api.md §14.)

use std::collections::HashMap;

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::UserId;
use serde_json::{Value, json};
use store::ChangeFilter;

use crate::body::Call;
use crate::people::{person, unknown_person};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, period};

const DEMAND: Demand = demand(&[Scope::ChangeLogs], Limit::Bot);
const MAX_LIMIT: i64 = 50;

/// Lists the changes of a bot, the newest first: at most 50 in one call.
#[utoipa::path(get, path = "/api/public/bot/{botId}/changelogs", tag = "Logs", params(("botId" = String, Path, description = "The bot, `st-…`"), ("offset" = Option<i64>, Query, description = "How many entries to pass over"), ("limit" = Option<i64>, Query, description = "How many entries to give"), ("startDate" = Option<String>, Query), ("endDate" = Option<String>, Query)),
    responses((status = 200, description = "a list of changes, not wrapped in an object"), (status = 412, description = "a date cannot be understood")), security(("token" = [])))]
pub(crate) async fn change_logs(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let query = call.query();
    let filter = ChangeFilter {
        from: period::begin("startDate", query.get("startDate"))?,
        to: period::end("endDate", query.get("endDate"))?,
        offset: query.number("offset", 0),
        limit: query.number("limit", MAX_LIMIT).clamp(1, MAX_LIMIT),
    };
    let entries = platform.store().changes(&bot.id, &filter).await?;
    let account = platform.store().account().await?;
    let mut people: HashMap<UserId, Value> = HashMap::new();
    let mut answer = Vec::with_capacity(entries.len());
    for entry in entries {
        if !people.contains_key(&entry.user) {
            let record = match platform.store().user(&entry.user).await? {
                Some(user) => person(&user, &account.organization),
                None => unknown_person(&entry.user, &account.organization),
            };
            people.insert(entry.user.clone(), record);
        }
        answer.push(json!({
            "_id": entry.id,
            "userId": people.get(&entry.user),
            "streamId": entry.bot,
            "resourceId": entry.resource_id,
            "resourceType": entry.resource_type,
            "message": entry.message,
            "createdOn": entry.created_at,
            "__v": 0,
        }));
    }
    Ok(Json(Value::Array(answer)))
}
