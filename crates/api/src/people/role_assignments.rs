//! `POST /api/public/btroles/assignments` and `/adminroles/assignments`: gives roles and takes them away.
//! (api-other-families.md §3.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use domain::{AccountId, BotId, RoleId};
use serde_json::{Map, Value, json};
use store::{Assigned, Assignment, NewChange, RoleKind};

use crate::body::{Call, optional_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

/// Gives roles on bots to users and groups, and takes them away.
///
/// The body is a list of `{roleId, botId, addUsers, removeUsers, addGroups, removeGroups}`; users are named by id or
/// address, groups by id or name. The answer has an entry for each: what does not exist is listed in its `notFound` and
/// does not keep the rest from being done. Empty names and the role `None` are passed over.
#[utoipa::path(post, path = "/api/public/btroles/assignments", tag = "People",
    request_body = Vec<Object>, responses((status = 200, description = "what came of each entry"), (status = 412, description = "the body is not a list of objects")), security(("token" = [])))]
pub(crate) async fn on_bots(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    assign(&platform, &call, RoleKind::Bot).await
}

/// Gives roles in the account to users and groups, and takes them away: like `btroles/assignments`, without `botId`.
#[utoipa::path(post, path = "/api/public/adminroles/assignments", tag = "People",
    request_body = Vec<Object>, responses((status = 200, description = "what came of each entry"), (status = 412, description = "the body is not a list of objects")), security(("token" = [])))]
pub(crate) async fn in_account(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    assign(&platform, &call, RoleKind::Admin).await
}

async fn assign(platform: &Platform, call: &Call, kind: RoleKind) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(call, DEMAND).await?;
    let account = &caller.app.account;
    let entries = match call.json().await? {
        Value::Array(entries) => entries,
        entry @ Value::Object(_) => vec![entry],
        _ => return Err(ApiError::invalid_arguments("the body must be a list of assignments")),
    };
    platform.ensure_roles(account).await?;
    let mut readings = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let Value::Object(entry) = entry else {
            return Err(ApiError::invalid_arguments("an assignment must be an object").at(format!("/{at}")));
        };
        readings.push(read(platform, account, kind, entry).await?);
    }
    let changes: Vec<Assignment> = readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Change(change) => Some(change.clone()),
            Reading::Nothing | Reading::Refused(_) => None,
        })
        .collect();
    let outcomes = platform.store().assign_roles(account, changes.clone()).await?;
    for (change, outcome) in changes.iter().zip(&outcomes) {
        if outcome.changed == 0 {
            continue;
        }
        let description = format!("Changed who has the role {} ({} changes)", change.role, outcome.changed);
        if let Some(bot) = &change.bot {
            let change = NewChange {
                user: caller.user().clone(),
                resource_id: Some(change.role.to_string()),
                resource_type: "role",
                message: "Role assignments updated".to_owned(),
            };
            platform.store().log_change(account, bot, change).await?;
        }
        platform.log_people_event(&caller, "Role Management", &description).await?;
    }
    let mut outcomes = outcomes.iter();
    let answer: Vec<Value> = readings
        .iter()
        .map(|reading| match reading {
            Reading::Change(_) => outcome_record(outcomes.next()),
            Reading::Nothing => outcome_record(None),
            Reading::Refused(reason) => json!({"status": "failure", "reason": reason}),
        })
        .collect();
    Ok(Json(Value::Array(answer)))
}

/// What an entry of the body asks for.
enum Reading {
    Change(Assignment),
    Nothing,
    Refused(&'static str),
}

async fn read(
    platform: &Platform,
    account: &AccountId,
    kind: RoleKind,
    entry: &Map<String, Value>,
) -> Result<Reading, ApiError> {
    let Some(role) = optional_text(entry, "roleId").filter(|id| id != "None") else { return Ok(Reading::Nothing) };
    let role = RoleId::stored(role);
    if platform.store().role(account, &role).await?.is_none_or(|role| role.kind != kind) {
        return Ok(Reading::Refused("Invalid roleId"));
    }
    let bot = match kind {
        RoleKind::Admin => None,
        RoleKind::Bot => {
            let id = BotId::stored(optional_text(entry, "botId").unwrap_or_default());
            if platform.store().bot(&id).await?.is_none_or(|bot| bot.account != *account) {
                return Ok(Reading::Refused("Invalid botId"));
            }
            Some(id)
        }
    };
    Ok(Reading::Change(Assignment {
        role,
        bot,
        add_users: names(entry, "addUsers"),
        remove_users: names(entry, "removeUsers"),
        add_groups: names(entry, "addGroups"),
        remove_groups: names(entry, "removeGroups"),
    }))
}

/// The names in a list, without empty ones; one name may stand without a list.
fn names(entry: &Map<String, Value>, member: &str) -> Vec<String> {
    let values = match entry.get(member) {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let texts = values.iter().filter_map(Value::as_str).map(str::trim);
    texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn outcome_record(outcome: Option<&Assigned>) -> Value {
    match outcome {
        Some(outcome) if !outcome.unknown.is_empty() => json!({"status": "success", "notFound": outcome.unknown}),
        _ => json!({"status": "success"}),
    }
}
