//! What bodies of calls about users hold.

use domain::{AccountId, BotId, RoleId, UserId};
use serde_json::{Map, Value, json};
use store::{Assignment, RoleKind, User};

use crate::body::{Call, optional_text};
use crate::platform::Caller;
use crate::{ApiError, Platform};

/// What an entry says of a user.
pub(super) struct UserEntry {
    pub(super) email: String,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) can_create_bot: Option<bool>,
    pub(super) is_developer: Option<bool>,
    pub(super) groups: Vec<String>,
    /// Role and bot, as they were named.
    roles: Vec<(String, Option<String>)>,
    /// The other members of `userInfo`.
    pub(super) details: Map<String, Value>,
}

/// An entry that is passed over, and why. The others are carried out.
pub(super) struct Refusal {
    email: String,
    first_name: Option<String>,
    reason: String,
}

impl Refusal {
    pub(super) fn new(email: &str, reason: impl Into<String>) -> Self {
        Self { email: email.to_owned(), first_name: None, reason: reason.into() }
    }
}

/// The entries of a call.
pub(super) async fn entries(call: &Call) -> Result<Vec<Value>, ApiError> {
    match call.members().await?.remove("users") {
        Some(Value::Array(entries)) if !entries.is_empty() => Ok(entries),
        _ => Err(ApiError::invalid_arguments("`users` must be a list with at least one user").at("/users")),
    }
}

/// The answer of a call about many users: what was done if it was for any of them, and who was passed over. The status is
/// 200 even when that is everybody. Each reason stands in one place only: clients look for it anywhere in the answer.
pub(super) fn answer(done: &str, count: usize, refusals: &[Refusal]) -> Value {
    let mut answer = Map::new();
    if refusals.len() < count {
        answer.insert("msg".into(), json!(done));
    }
    if !refusals.is_empty() {
        let failed = |refusal: &Refusal| {
            let mut info = json!({"emailId": refusal.email, "status": "failure", "reason": refusal.reason});
            if let Some(name) = &refusal.first_name {
                info["firstName"] = json!(name);
            }
            json!({"userInfo": info})
        };
        answer.insert("failedUserDetails".into(), refusals.iter().map(failed).collect());
    }
    Value::Object(answer)
}

impl UserEntry {
    pub(super) fn read(entry: &Value) -> Result<Self, Refusal> {
        let Value::Object(members) = entry else { return Err(Refusal::new("", "Invalid user")) };
        let mut details = match members.get("userInfo") {
            Some(Value::Object(info)) => info.clone(),
            _ => Map::new(),
        };
        let email = optional_text(&details, "emailId").or_else(|| optional_text(members, "emailId"));
        let email = email.unwrap_or_default();
        let first_name = optional_text(&details, "firstName");
        if !is_address(&email) {
            return Err(Refusal { first_name, ..Refusal::new(&email, "Invalid emailId") });
        }
        let last_name = optional_text(&details, "lastName");
        let right = |name: &str| members.get(name).or_else(|| details.get(name)).and_then(flag);
        let (can_create_bot, is_developer) = (right("canCreateBot"), right("isDeveloper"));
        for known in ["emailId", "firstName", "lastName", "canCreateBot", "isDeveloper", "password"] {
            details.shift_remove(known);
        }
        let mut roles = Vec::new();
        for role in list(members.get("roles")) {
            let Value::Object(role) = role else { continue };
            // Forms of the original send entries without a role.
            if let Some(id) = optional_text(role, "roleId").filter(|id| id != "None") {
                roles.push((id, optional_text(role, "botId")));
            }
        }
        let groups = list(members.get("groups")).iter().filter_map(group_name).collect();
        Ok(Self { email, first_name, last_name, can_create_bot, is_developer, groups, roles, details })
    }

    /// The roles the entry names, found in the account; refused when one does not exist.
    pub(super) async fn roles(
        &self,
        platform: &Platform,
        account: &AccountId,
    ) -> Result<Result<Vec<FoundRole>, Refusal>, ApiError> {
        let mut found = Vec::with_capacity(self.roles.len());
        for (role, bot) in &self.roles {
            let Some(role) = platform.store().role(account, &RoleId::stored(role.clone())).await? else {
                return Ok(Err(Refusal::new(&self.email, "Invalid roleId")));
            };
            let bot = match role.kind {
                RoleKind::Admin => None,
                RoleKind::Bot => {
                    let id = BotId::stored(bot.clone().unwrap_or_default());
                    let bot = platform.store().bot(&id).await?.filter(|bot| bot.account == *account);
                    if bot.is_none() {
                        return Ok(Err(Refusal::new(&self.email, "Invalid botId")));
                    }
                    Some(id)
                }
            };
            found.push(FoundRole { role: role.id, bot });
        }
        Ok(Ok(found))
    }
}

impl Platform {
    /// Gives a user the roles and puts them into the groups an entry names. What they had stays.
    pub(super) async fn give_roles_and_groups(
        &self,
        caller: &Caller,
        user: &User,
        roles: Vec<FoundRole>,
        entry: UserEntry,
    ) -> Result<(), ApiError> {
        let account = &caller.app.account;
        if !roles.is_empty() {
            let changes = roles.into_iter().map(|role| role.assign_to(&user.id)).collect();
            self.store().assign_roles(account, changes).await?;
        }
        if !entry.groups.is_empty() {
            self.store().join_groups(account, &user.id, entry.groups).await?;
        }
        Ok(())
    }
}

/// A role to give to a user.
pub(super) struct FoundRole {
    role: RoleId,
    bot: Option<BotId>,
}

impl FoundRole {
    pub(super) fn assign_to(self, user: &UserId) -> Assignment {
        Assignment {
            role: self.role,
            bot: self.bot,
            add_users: vec![user.to_string()],
            remove_users: Vec::new(),
            add_groups: Vec::new(),
            remove_groups: Vec::new(),
        }
    }
}

/// A list of addresses in a body, empty ones among them: they are nobody's, which whoever sent them is to be told. Nothing when
/// it is not a list of texts.
pub(super) fn addresses(value: Option<&Value>) -> Option<Vec<String>> {
    value?.as_array()?.iter().map(|value| value.as_str().map(|text| text.trim().to_owned())).collect()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A group is given by its id or name, or as an object with one of them.
fn group_name(value: &Value) -> Option<String> {
    let member = |name: &str| value.get(name).and_then(Value::as_str);
    let text = value.as_str().or_else(|| member("groupId")).or_else(|| member("_id")).or_else(|| member("name"))?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text != "None")
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(set) => Some(*set),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// Whether a text can be an address: something, one `@`, and a domain with a dot inside.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dotted = domain.split_once('.').is_some_and(|(first, rest)| !first.is_empty() && !rest.is_empty());
    let plain = !text.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    plain && dotted && !local.is_empty() && !domain.contains('@') && !domain.ends_with('.') && text.len() <= 254
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for (text, expected) in [
            ("ann@example.com", true),
            ("ann+test@mail.example.com", true),
            ("ann", false),
            ("ann@", false),
            ("@example.com", false),
            ("ann@example", false),
            ("ann@example.", false),
            ("ann@.com", false),
            ("ann@b@example.com", false),
            ("an n@example.com", false),
            ("", false),
        ] {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }
}
