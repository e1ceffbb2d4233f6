//! `DELETE /api/public/bot/eraseUsersData`: asks for an erasure.

use access::Scope;
use axum::Json;
use axum::extract::State;
use conversation::user_of;
use domain::BotId;
use serde_json::{Map, Value, json};
use store::EraseFilter;

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::DeleteUserData], Limit::Account);

/// Erases what bots and the platform keep about users: sessions and messages, what bots remember of them, logs of turns
/// and, where the data of all bots goes, the files they sent.
///
/// `userIds` names users by id, by their identity on a channel or by address. `botIds` says of which bots;
/// `RemoveDataFromAllBots` stands for all of the account. What is erased cannot be had back.
#[utoipa::path(delete, path = "/api/public/bot/eraseUsersData", tag = "People", request_body = Object,
    responses((status = 200, description = "`requestId`, and `status` `in-progress`"), (status = 400, description = "there is no such bot"), (status = 412, description = "nobody is named, or neither bots nor all of them")), security(("token" = [])))]
pub(crate) async fn start(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let account = &caller.app.account;
    let members = call.members().await?;
    let users = names(&members, "userIds")?;
    if users.is_empty() {
        return Err(ApiError::invalid_arguments("`userIds` must name at least one user").at("/userIds"));
    }
    let bots = if all_bots(&members)? { None } else { Some(bots(&platform, account, &members).await?) };
    let (asked, of_bots) = (users.len(), json!(bots));
    // Who sent files and never said anything is known by no row but theirs.
    let ids = users.iter().map(|identity| user_of(account, identity).to_string()).collect::<Vec<_>>();
    let filter = EraseFilter { account: account.clone(), bots, users: [users, ids].concat() };
    // What stands beside the filter outlives it, as proof of what was done.
    let detail = json!({"users": asked, "bots": of_bots, "filter": filter});
    let request = platform.store().create_erase_request(account, detail).await?;
    let description = format!("Asked for the data of {asked} users to be erased: {}", request.id);
    platform.log_people_event(&caller, "User Management", &description).await?;
    Ok(Json(json!({"requestId": request.id, "status": request.status.name()})))
}

/// A list of texts, without those that hold nothing. Numbers count as their digits: identities are often numbers.
///
/// Anything else is refused, not passed over: a list that was misread would erase less than was promised.
fn names(members: &Map<String, Value>, name: &str) -> Result<Vec<String>, ApiError> {
    let wrong = || ApiError::invalid_arguments(format!("`{name}` must be a list of texts")).at(format!("/{name}"));
    let values = match members.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(values)) => values.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut names = Vec::new();
    for value in values {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return Err(wrong()),
        };
        if !text.is_empty() && !names.contains(&text) {
            names.push(text);
        }
    }
    Ok(names)
}

/// `RemoveDataFromAllBots`. A word that is neither yes nor no is refused: too much may be erased by mistake.
fn all_bots(members: &Map<String, Value>) -> Result<bool, ApiError> {
    const NAME: &str = "RemoveDataFromAllBots";
    let given = members.iter().find(|(name, _)| name.eq_ignore_ascii_case(NAME)).map(|(_, value)| value);
    match given {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(all)) => Ok(*all),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(_) => Err(ApiError::invalid_arguments(format!("`{NAME}` must be true or false")).at(format!("/{NAME}"))),
    }
}

async fn bots(
    platform: &Platform,
    account: &domain::AccountId,
    members: &Map<String, Value>,
) -> Result<Vec<BotId>, ApiError> {
    let mut bots = Vec::new();
    for name in names(members, "botIds")? {
        let bot = platform.store().bot(&BotId::stored(name.clone())).await?;
        let bot = bot
            .filter(|bot| bot.account == *account)
            .ok_or_else(|| ApiError::invalid_stream().with_detail(format!("there is no bot {name}")).at("/botIds"))?;
        bots.push(bot.id);
    }
    if bots.is_empty() {
        let detail = "`botIds` must name at least one bot, unless `RemoveDataFromAllBots` is true";
        return Err(ApiError::invalid_arguments(detail).at("/botIds"));
    }
    Ok(bots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_misread() {
        for (body, users, all) in [
            (json!({}), Some(vec![]), Some(false)),
            (json!({"userIds": ["a", " a ", "", 7]}), Some(vec!["a", "7"]), Some(false)),
            (json!({"userIds": "a", "RemoveDataFromAllBots": true}), Some(vec!["a"]), Some(true)),
            (json!({"userIds": [null], "removeDataFromAllBots": "TRUE"}), None, Some(true)),
            (json!({"userIds": {"a": 1}, "RemoveDataFromAllBots": "yes"}), None, None),
            (json!({"userIds": null, "RemoveDataFromAllBots": 1}), Some(vec![]), None),
        ] {
            let members = crate::record::object(body.clone());
            let users = users.map(|users| users.into_iter().map(str::to_owned).collect());
            assert_eq!((names(&members, "userIds").ok(), all_bots(&members).ok()), (users, all), "{body}");
        }
    }
}
