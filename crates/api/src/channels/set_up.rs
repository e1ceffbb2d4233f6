//! How a channel is set up, by whichever call. (api-families-2.md §12.)
//!
//! A channel has what its vendor's forms ask for, which differs by type and is kept as it came. Of `rtm` and `ivr` this
//! server reads some itself; what other types hold waits for a connector, so what is secret in it is kept sealed.

use access::Secret;
use domain::UserId;
use serde_json::{Map, Value, json};
use store::{Bot, Channel, NewChannel};

use super::secrets;
use crate::webhook::require_callable_post;
use crate::{ApiError, Platform};

/// Names of types that are longer are none. Bytes.
const LONGEST_KIND: usize = 40;

impl Platform {
    /// Sets a channel up, or changes the one of that type, which keeps what is not given; a member that is null goes. A new one
    /// is enabled unless `enable` is false. `pointer` is where the details stand in the body.
    pub(crate) async fn set_channel_up(
        &self,
        bot: &Bot,
        kind: String,
        mut details: Map<String, Value>,
        pointer: &str,
        by: UserId,
    ) -> Result<Channel, ApiError> {
        require_callable_post(self, &kind, &details, pointer)?;
        let earlier = self.store().channel(&bot.id, &kind).await?;
        let enabled = match details.shift_remove("enable") {
            Some(Value::Bool(enabled)) => enabled,
            Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
            _ => earlier.as_ref().is_none_or(|channel| channel.enabled),
        };
        self.add_own_members(&kind, &mut details, earlier.as_ref());
        if has_secrets(&kind) {
            let purpose = format!("channel {kind} of {}", bot.id);
            let kept = earlier.as_ref().map(|channel| &channel.details);
            secrets::seal(self.store(), &purpose, &mut details, kept).map_err(|lost| {
                let detail =
                    "this is what is shown in the place of a secret, and none is kept there: give the secret, or null";
                ApiError::invalid_arguments(detail).at(format!("{pointer}{lost}"))
            })?;
        }
        if let Some(channel) = earlier {
            let mut changed = channel.details;
            changed.extend(details);
            details = changed;
        }
        details.retain(|_, value| !value.is_null());
        let new = NewChannel { kind, enabled, details, by };
        Ok(self.store().put_channel(bot, new).await?)
    }

    /// Adds what the server makes: it is made once, and stays when the channel is set up again.
    fn add_own_members(&self, kind: &str, details: &mut Map<String, Value>, earlier: Option<&Channel>) {
        let ids = self.store().ids();
        let kept = |name: &str| earlier.and_then(|channel| channel.details.get(name)).cloned();
        match kind {
            "rtm" => {
                let keys = kept("embedWebClientDetails").unwrap_or_else(|| {
                    json!({
                        // No web client is hosted here yet, so there is nothing to include and nothing to open.
                        "scriptTag": "",
                        "cssTag": "",
                        "domains": [],
                        "apiKey": Secret::access_token(ids).expose(),
                        "testAPIKey": Secret::access_token(ids).expose(),
                        "chatURL": "",
                        "isURLEnabled": false,
                    })
                });
                details.insert("embedWebClientDetails".into(), keys);
            }
            "slack" => {
                let account = kept("streamUserAccountId").unwrap_or_else(|| json!(ids.prefixed("su")));
                details.insert("streamUserAccountId".into(), account);
            }
            _ => {}
        }
    }
}

/// Whether what a channel of this type is set up with is secret, and read by nothing here.
fn has_secrets(kind: &str) -> bool {
    !matches!(kind, "rtm" | "ivr")
}

/// Refuses what can be the name of no type of channel. Which types there are is the vendor's matter, and changes.
pub(crate) fn require_kind(kind: &str) -> Result<(), ApiError> {
    if kind.len() <= LONGEST_KIND && kind.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        return Ok(());
    }
    let detail = format!("the type of the channel is `{kind}`: give a word such as `rtm`");
    Err(ApiError::invalid_arguments(detail).at("/type"))
}

/// What a channel was set up with as it is shown: no secret comes back. The documented answer to `slack` has more than
/// was given.
pub(crate) fn shown(channel: &Channel) -> Map<String, Value> {
    let mut details = channel.details.clone();
    if has_secrets(&channel.kind) {
        secrets::mask(&mut details);
    }
    if channel.kind == "slack" {
        let named = ["name", "displayName", "botName"].into_iter().find_map(|name| details.get(name)).cloned();
        details.entry("name").or_insert(named.unwrap_or_else(|| json!("")));
        details.entry("verificationToken").or_insert_with(|| json!(""));
        details.entry("notification").or_insert_with(|| json!({"acl": []}));
    }
    details.insert("type".into(), json!(channel.kind));
    details.insert("enable".into(), json!(channel.enabled));
    details
}
