//! Lists of sessions: what they are asked for, and their shape. (api.md §11.)

use std::str::FromStr;
use std::time::Duration;

use domain::{AccountId, BotId, SessionId};
use serde_json::{Map, Value, json};
use store::{Containment, Session, SessionFilter};

use super::parameters::Parameters;
use super::tag_filter;
use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform, period};

/// The most sessions of one call; clients ask for up to this many.
const MAX_LIMIT: i64 = 1000;
/// The most sessions one call may name.
const MAX_IDS: usize = 50;
/// How far back a list goes when it is not said.
const WINDOW: Duration = Duration::from_secs(7 * 24 * 3600);

/// Answers a call for sessions of these bots, or of all bots of the account.
pub(super) async fn answer(
    platform: &Platform,
    call: &Call,
    account: AccountId,
    bots: Option<Vec<BotId>>,
) -> Result<Map<String, Value>, ApiError> {
    let parameters = Parameters::read(call).await?;
    let ids = parameters.texts("sessionId")?;
    if !ids.is_empty() {
        return by_id(platform, &account, bots.as_deref(), ids).await;
    }
    let to = period::end("dateTo", parameters.text("dateTo")?.as_deref())?;
    let from = period::begin("dateFrom", parameters.text("dateFrom")?.as_deref())?;
    let from = from.unwrap_or_else(|| to.unwrap_or_else(|| platform.now()).minus(WINDOW));
    let filter = SessionFilter {
        account,
        bots,
        user: parameters.text("userId")?,
        from: Some(from),
        to,
        containment: parameters.word::<Containment>("containmentType")?,
        interactive: parameters.word::<SessionType>("sessionType")?.map(|kind| kind == SessionType::Interactive),
        call_id: parameters.text("callId")?,
        tags: tag_filter::read(parameters.member("tags"))?,
        offset: parameters.offset(),
        limit: parameters.limit(MAX_LIMIT),
    };
    let page = platform.store().sessions(&filter).await?;
    let reached = filter.offset.saturating_add(i64::try_from(page.items.len()).unwrap_or(i64::MAX));
    Ok(object(json!({
        "total": page.total,
        "moreAvailable": reached < page.total,
        "sessions": page.items.iter().map(record).collect::<Vec<_>>(),
    })))
}

/// Sessions that are named: nothing else of the call matters then.
async fn by_id(
    platform: &Platform,
    account: &AccountId,
    bots: Option<&[BotId]>,
    ids: Vec<String>,
) -> Result<Map<String, Value>, ApiError> {
    if ids.len() > MAX_IDS {
        let detail = format!("`sessionId` names {} sessions: at most {MAX_IDS} are possible", ids.len());
        return Err(ApiError::invalid_arguments(detail).at("/sessionId"));
    }
    let ids: Vec<SessionId> = ids.into_iter().map(SessionId::stored).collect();
    let sessions = platform.store().sessions_by_id(account, bots, &ids).await?;
    let invalid: Vec<&SessionId> = ids.iter().filter(|id| !sessions.iter().any(|session| session.id == **id)).collect();
    Ok(object(json!({
        "total": sessions.len(),
        "moreAvailable": false,
        "sessions": sessions.iter().map(record).collect::<Vec<_>>(),
        "invalidSessions": invalid,
    })))
}

/// A session as clients read it. What is not there yet (an end, a containment) is left out.
fn record(session: &Session) -> Map<String, Value> {
    let mut record = object(json!({
        "sessionId": session.id,
        "botId": session.bot,
        "channel": session.channel,
        "userId": session.user,
        "start_time": session.started_at,
        "end_time": session.ended_at,
        "session_lang": session.languages,
        "sessionType": if session.interactive { SessionType::INTERACTIVE } else { SessionType::NON_INTERACTIVE },
        "isDeveloper": session.developer,
        "sessionStatus": if session.ended_at.is_some() { "closed" } else { "active" },
        // Alternative texts belong to messages; the list is there because clients expect it.
        "tags": {"userTags": session.user_tags, "sessionTags": session.session_tags, "altText": []},
        "noOfMessagesExchanged": session.messages,
        "noOfTasksExecuted": session.tasks,
        "containmentType": session.containment.map(Containment::name),
    }));
    record.retain(|_, value| !value.is_null());
    record
}

/// Whether the user said anything in a session.
#[derive(Clone, Copy, PartialEq)]
enum SessionType {
    Interactive,
    NonInteractive,
}

impl SessionType {
    const INTERACTIVE: &str = "interactive";
    const NON_INTERACTIVE: &str = "non-interactive";
}

impl FromStr for SessionType {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.to_ascii_lowercase().as_str() {
            Self::INTERACTIVE => Ok(Self::Interactive),
            Self::NON_INTERACTIVE | "noninteractive" => Ok(Self::NonInteractive),
            _ => Err(format!("`{word}` is not a session type: give interactive or non-interactive")),
        }
    }
}
