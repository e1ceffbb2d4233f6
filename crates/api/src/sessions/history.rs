//! Lists of messages: what they are asked for, and their shape. (api.md §12.)

use domain::{AccountId, BotId, MessageId, SessionId};
use serde_json::{Map, Value, json};
use store::{Account, Direction, MessageFilter, Order, SpokenMessage};

use super::channel_word::channel_of;
use super::parameters::Parameters;
use super::tag_filter;
use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform, period};

/// The most messages of one call of `getMessages`.
pub(super) const MAX_LIMIT: i64 = 100;
/// The most messages of one call of `getMessagesV2`.
pub(super) const MAX_LIMIT_V2: i64 = 10_000;
/// The most sessions one call may name; ours, no source has one.
const MAX_SESSIONS: usize = 1000;

/// Whose messages a call lists, and what differs between the calls.
pub(super) struct Listing {
    /// The account.
    pub(super) account: AccountId,
    /// The bots; all of the account when absent.
    pub(super) bots: Option<Vec<BotId>>,
    /// The link to the bot's icon; empty when there is none.
    pub(super) icon: String,
    /// The most messages of one call.
    pub(super) max_limit: i64,
    /// Whether messages of alert and action tasks are left out.
    pub(super) without_tasks: bool,
    /// The channel whose messages are meant when none is named.
    pub(super) default_channel: Option<String>,
}

/// Ids of sessions, if they are not too many.
pub(super) fn session_ids(given: Vec<String>) -> Result<Vec<SessionId>, ApiError> {
    if given.len() > MAX_SESSIONS {
        let detail = format!("`sessionId` names {} sessions: at most {MAX_SESSIONS} are possible", given.len());
        return Err(ApiError::invalid_arguments(detail).at("/sessionId"));
    }
    Ok(given.into_iter().map(SessionId::stored).collect())
}

/// Answers a call for messages.
pub(super) async fn answer(platform: &Platform, call: &Call, listing: Listing) -> Result<Map<String, Value>, ApiError> {
    let parameters = Parameters::read(call).await?;
    let sessions = session_ids(parameters.texts("sessionId")?)?;
    let channel = parameters.text("channelType")?.or(listing.default_channel).map(|word| channel_of(&word));
    let filter = MessageFilter {
        account: listing.account,
        bots: listing.bots,
        sessions: Some(sessions).filter(|sessions| !sessions.is_empty()),
        user: parameters.text("userId")?,
        channel,
        direction: parameters.word::<Direction>("direction")?,
        from: period::begin("dateFrom", parameters.text("dateFrom")?.as_deref())?,
        to: period::end("dateTo", parameters.text("dateTo")?.as_deref())?,
        tags: tag_filter::read(parameters.member("tags"))?,
        without_tasks: listing.without_tasks,
        order: if parameters.flag("forward") { Order::OldestFirst } else { Order::NewestFirst },
        after: parameters.text("msgId")?.map(MessageId::stored),
        offset: parameters.offset(),
        limit: parameters.limit(listing.max_limit),
    };
    let page = platform.store().messages(&filter).await?;
    let account = platform.store().account().await?;
    let with_trace = parameters.flag("includeTraceId");
    let messages: Vec<Value> = page
        .items
        .iter()
        .map(|spoken| {
            let mut record = record(spoken, &account);
            if let (true, Some(trace)) = (with_trace, &spoken.message.trace_id) {
                record.insert("traceId".into(), json!(trace));
            }
            Value::Object(record)
        })
        .collect();
    let reached = filter.offset.saturating_add(i64::try_from(messages.len()).unwrap_or(i64::MAX));
    Ok(object(json!({
        "total": page.total,
        "moreAvailable": reached < page.total,
        "icon": listing.icon,
        "messages": messages,
    })))
}

/// Refuses a call that does not say whose messages it wants. An empty `userId` means everybody's: clients send it so.
pub(super) fn require_user(call: &Call) -> Result<(), ApiError> {
    if call.query().names("userId") {
        return Ok(());
    }
    Err(ApiError::invalid_arguments("`userId` is missing: say whose messages to list").at("/userId"))
}

/// A message as clients read it.
fn record(spoken: &SpokenMessage, account: &Account) -> Map<String, Value> {
    let message = &spoken.message;
    // A message of ours is stored in the commit that hands it to the channel.
    let status = match message.direction {
        Direction::Incoming => "received",
        Direction::Outgoing => "delivered",
    };
    let alternatives: Vec<Value> = message.alternative_texts.iter().map(|text| json!({"value": text})).collect();
    object(json!({
        "_id": message.id,
        "type": message.direction.name(),
        "status": status,
        "channels": [{"type": message.channel, "channelUId": spoken.identity}],
        "createdBy": message.user,
        "lmodifiedBy": message.user,
        "createdOn": message.created_at,
        "lmodifiedOn": message.created_at,
        "botId": message.bot,
        "orgId": account.organization,
        "accountId": account.id,
        // No source says what the original means by these two; clients do not read them.
        "isBB": 0,
        "ms": 0,
        "chnl": message.channel,
        "isD": i64::from(spoken.developer),
        "components": message.components,
        "timestampValue": message.created_at.as_millis(),
        "__v": 0,
        "lang": message.language,
        "sT": 1,
        "sessionId": message.session,
        "resourceid": "messagestore",
        "tags": {
            "messageTags": message.tags,
            "userTags": spoken.user_tags,
            "sessionTags": spoken.session_tags,
            "altText": alternatives,
        },
    }))
}
