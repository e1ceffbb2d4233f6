//! `DELETE /api/public/bot/eraseUsersData`: asks for an erasure.

use access::Scope;
use axum::Json;
use axum::extract::State;
use conversation::user_of;
use definition::finding::{Code, Finding, find_unknown_members, listed};
use domain::{AccountId, BotId};
use serde_json::{Map, Value, json};
use store::EraseFilter;

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::DeleteUserData], Limit::Account);

/// The member that stands for all bots.
const ALL_BOTS: &str = "RemoveDataFromAllBots";

/// Of how many users the call looks whether anything is kept of them.
const LOOKED_UP: usize = 200;

/// Erases what bots and the platform keep about users: sessions and messages, what bots remember of them, logs of turns
/// and, where the data of all bots goes, the files they sent.
///
/// `findings` (ours, absent without any) list `{pointer, code, text}`: users of whom nothing is kept, as far as the first
/// hundreds of a list go, ids that are empty, and members that did nothing.
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
    let findings = findings_of(&platform, account, &Value::Object(members)).await?;
    // What stands beside the filter outlives it, as proof of what was done.
    let mut detail = json!({"users": asked, "bots": of_bots, "filter": filter});
    if !findings.is_empty() {
        detail["findings"] = json!(findings);
    }
    let request = platform.store().create_erase_request(account, detail).await?;
    let description = format!("Asked for the data of {asked} users to be erased: {}", request.id);
    platform.log_people_event(&caller, "User Management", &description).await?;
    let mut record = json!({"requestId": request.id, "status": request.status.name()});
    if !findings.is_empty() {
        record["findings"] = json!(findings);
    }
    Ok(Json(record))
}

/// What a body names that is not there, and what of it did nothing. The texts name nobody: they are kept as long as the
/// account.
async fn findings_of(platform: &Platform, account: &AccountId, body: &Value) -> Result<Vec<Finding>, ApiError> {
    let mut findings = Vec::new();
    find_unknown_members(body, "", &["userIds", "botIds", ALL_BOTS], &mut findings);
    let members = body.as_object();
    if members.is_some_and(|members| all_bots(members).unwrap_or(false)) && !body["botIds"].is_null() {
        let text = "`botIds` did nothing, for the data of all bots goes. Leave one of the two out.";
        findings.push(Finding::new("/botIds", Code::NotApplied, text));
    }
    for (member, what) in [("userIds", "nobody, so nothing is erased by it"), ("botIds", "no bot, so it did nothing")] {
        for (pointer, _) in named(body, member).into_iter().filter(|(_, name)| name.is_empty()) {
            let text = format!("An empty text names {what}. Give an id, or take it out of the list.");
            findings.push(Finding::new(pointer, Code::NotApplied, text));
        }
    }
    let users = named(body, "userIds").into_iter().filter(|(_, name)| !name.is_empty());
    for (pointer, name) in users.take(LOOKED_UP) {
        if !platform.store().knows_user(account, &name, &user_of(account, &name)).await? {
            let text = "Nothing is kept of a user with this id, identity or address, so nothing of them is erased. If that is \
                        not so, ask again with the name the bot knows them by.";
            findings.push(Finding::new(pointer, Code::UnknownUser, text));
        }
    }
    Ok(listed(findings, body))
}

/// The names in a member, each with the pointer to it; empty ones, too.
fn named(body: &Value, member: &str) -> Vec<(String, String)> {
    let of = |pointer: String, value: &Value| name_of(value).map(|name| (pointer, name));
    match &body[member] {
        Value::Array(values) => {
            values.iter().enumerate().filter_map(|(at, value)| of(format!("/{member}/{at}"), value)).collect()
        }
        one => of(format!("/{member}"), one).into_iter().collect(),
    }
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
        let text = name_of(value).ok_or_else(wrong)?;
        if !text.is_empty() && !names.contains(&text) {
            names.push(text);
        }
    }
    Ok(names)
}

/// The text of one name.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `RemoveDataFromAllBots`. A word that is neither yes nor no is refused: too much may be erased by mistake.
fn all_bots(members: &Map<String, Value>) -> Result<bool, ApiError> {
    let given = members.iter().find(|(name, _)| name.eq_ignore_ascii_case(ALL_BOTS)).map(|(_, value)| value);
    match given {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(all)) => Ok(*all),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(_) => {
            Err(ApiError::invalid_arguments(format!("`{ALL_BOTS}` must be true or false")).at(format!("/{ALL_BOTS}")))
        }
    }
}

async fn bots(platform: &Platform, account: &AccountId, members: &Map<String, Value>) -> Result<Vec<BotId>, ApiError> {
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
