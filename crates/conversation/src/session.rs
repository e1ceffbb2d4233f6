//! Sessions: what is kept of one, how it begins and when its time is over.

use std::time::Duration;

use dialog::State;
use dialog::reply::Reply;
use dialog::turn::TaskEnd;
use domain::{Limits, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Containment, EndedSession, NewSession, Session, Tag};

use crate::bots::{Pinned, Ready};
use crate::shape::Shape;
use crate::shared::Shared;
use crate::{Error, Incoming, IncomingEvent, PostTo, Tags};

/// What a session's row holds of the conversation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Document {
    /// Where the dialogs stand.
    pub(crate) state: State,
    /// The version of the bot it stays with.
    pub(crate) pinned: Option<Pinned>,
    /// The last turn, to be told again when its message comes twice.
    pub(crate) last: Option<LastTurn>,
    /// How services are called, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) services: Option<services::Mode>,
    /// A human served the user at some time.
    pub(crate) had_agent: bool,
    /// Late answers that were promised.
    #[serde(skip_serializing_if = "Promised::is_none")]
    pub(crate) promised: Promised,
    /// How the user was reached last: that is where the last words of the session go.
    pub(crate) reached: Reached,
}

/// How a user is reached, as far as the conversation itself does not say it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Reached {
    /// Where answers are posted to, on channels that do not wait for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) post: Option<PostTo>,
    /// The channel whose texts are said, where it is not the channel itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) speaks_as: Option<String>,
    /// Where the user is, as a name of the time-zone database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timezone: Option<String>,
}

/// The late answers of a session that were promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Promised {
    /// How many.
    pub(crate) count: u64,
    /// The last of them did not come yet.
    pub(crate) is_open: bool,
}

impl Promised {
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The id of the late answer that did not come yet.
    pub(crate) fn open(self, session: &SessionId) -> Option<String> {
        self.is_open.then(|| format!("{session}.{}", self.count))
    }
}

/// The last turn of a session. Beside its message it is kept, too; there the message says whose it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LastTurn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    #[serde(default)]
    pub(crate) replies: Vec<Reply>,
    #[serde(default)]
    pub(crate) end: Option<TaskEnd>,
}

impl Shape for LastTurn {
    const WHAT: &'static str = "the turn";
}

impl Shape for Document {
    const WHAT: &'static str = "the state of the session";
}

/// What a session holds is not what was written. The log says more.
#[derive(Debug)]
pub(crate) struct Damaged;

/// A session that cannot go on because it is damaged ends as it is.
pub(crate) fn ended_damaged(session: Session, now: Timestamp) -> EndedSession {
    EndedSession { session, at: now, messages: Vec::new() }
}

impl Document {
    /// Reads what a session holds. A damaged one is named in the log; nothing can go on from it.
    pub(crate) fn of(session: &Session) -> Result<Self, Damaged> {
        Self::of_kept(&session.state).map_err(|error| {
            tracing::error!(
                %error, table = "sessions", column = "state", row = %session.id, user.id = %session.user,
                "the state of a session cannot be read: the session ends, and what was written is kept in its row"
            );
            Damaged
        })
    }

    /// How the user was served, if the session ended now.
    pub(crate) fn containment(&self) -> Containment {
        if self.had_agent || self.state.with_agent {
            Containment::Agent
        } else if self.state.is_waiting() || !self.state.held.is_empty() {
            Containment::DropOff
        } else {
            Containment::SelfService
        }
    }
}

impl Shared {
    /// A session that begins now.
    pub(crate) fn begin_session(
        &self,
        incoming: &Incoming,
        ready: &Ready,
        before: Option<&Document>,
        returning: bool,
    ) -> (Session, Document) {
        let key = incoming.key();
        let mut document =
            Document { pinned: Some(ready.version.clone()), services: incoming.services, ..Default::default() };
        let state = &mut document.state;
        state.returning = returning;
        if let Some(before) = before
            && ready.bot.settings.language_choice == dialog::bot::LanguageChoice::Lifetime
        {
            state.language.clone_from(&before.state.language);
        }
        if state.language.is_empty() {
            state.language.clone_from(&ready.bot.default_language);
        }
        let session = self.store.new_session(NewSession {
            account: key.account,
            bot: key.bot,
            user: key.user,
            identity: key.identity,
            channel: key.channel,
            interactive: incoming.text().is_some(),
            developer: incoming.developer,
            language: state.language.clone(),
            call_id: None,
            state: json!({}),
        });
        (session, document)
    }

    /// Who the user is, as scripts see it, and how they are reached.
    pub(crate) fn tell_user(incoming: &Incoming, document: &mut Document, limits: &Limits) {
        // What else happens in a conversation, such as a form that is sent, does not come over its channel.
        if matches!(incoming.event, IncomingEvent::Message { .. } | IncomingEvent::Connect) {
            document.reached = Reached {
                post: incoming.post.clone(),
                speaks_as: incoming.speaks_as.clone(),
                timezone: incoming.timezone.clone(),
            };
        }
        let user = incoming.key().user.to_string();
        let context = &mut document.state.stores.user_context;
        // Each message may bring other facts. Those of the newest stay when all together are too many.
        let new = domain::json_bytes(&incoming.user_info) + domain::json_size(&incoming.custom_data).bytes;
        if !incoming.user_info.is_empty() && domain::json_bytes(context) + new > limits.store_bytes {
            context.clear();
        }
        context.insert("_id".to_owned(), json!(user));
        for (name, value) in &incoming.user_info {
            context.insert(name.clone(), value.clone());
        }
        if !context.contains_key("emailId") {
            let email = incoming.user_info.get("email").cloned();
            let email = email.or_else(|| incoming.identity.contains('@').then(|| json!(incoming.identity)));
            context.insert("emailId".to_owned(), email.unwrap_or_else(|| json!("")));
        }
        context.insert("identities".to_owned(), json!([{"val": incoming.identity, "type": "channel"}]));
        if !incoming.custom_data.is_null() {
            context.insert("customData".to_owned(), incoming.custom_data.clone());
        }
        // Scripts read these of every user: what no channel told is there and empty.
        for name in ["firstName", "lastName", "profImage", "profColour", "jTitle"] {
            context.entry(name).or_insert_with(|| json!(""));
        }
        context.entry("orgId").or_insert_with(|| json!(incoming.account));
    }
}

/// Whether the time of a session is over.
pub(crate) fn is_over(session: &Session, ready: &Ready, now: Timestamp) -> bool {
    let limit = u64::try_from(ready.bot.settings.session.inactive_ms).unwrap_or(0);
    limit > 0 && now.since(session.active_at) >= Duration::from_millis(limit)
}

/// When the time of a session was over; now, where it is not.
pub(crate) fn over_at(session: &Session, ready: &Ready, now: Timestamp) -> Timestamp {
    let limit = u64::try_from(ready.bot.settings.session.inactive_ms).unwrap_or(0);
    session.active_at.plus(Duration::from_millis(limit)).min(now)
}

/// When a session is to be closed, if it is closed at a moment and not lazily.
pub(crate) fn closes_at(ready: &Ready, now: Timestamp) -> Option<Timestamp> {
    let settings = ready.bot.settings.session;
    let limit = u64::try_from(settings.inactive_ms).ok().filter(|limit| *limit > 0)?;
    settings.closes_at_once.then(|| now.plus(Duration::from_millis(limit)))
}

/// Puts tags of a message on its session and user.
pub(crate) fn tag(session: &mut Session, tags: &Tags, most: usize) {
    add(&mut session.session_tags, &tags.session, most);
    add(&mut session.user_tags, &tags.user, most);
}

/// Adds tags that are not there yet, as long as there are no more than `most`.
pub(crate) fn add(all: &mut Vec<Tag>, new: &[(String, String)], most: usize) {
    for (name, value) in new {
        let tag = Tag { name: name.clone(), value: value.clone() };
        if !name.is_empty() && all.len() < most && !all.contains(&tag) {
            all.push(tag);
        }
    }
}

/// The bot of a session's row, if it is still there.
pub(crate) async fn bot_of(shared: &Shared, incoming: &Incoming) -> Result<store::Bot, Error> {
    let id = domain::BotId::stored(incoming.bot.clone());
    let bot = shared.store.bot(&id).await?.filter(|bot| bot.account.as_str() == incoming.account);
    bot.ok_or_else(|| Error::NoBot(incoming.bot.clone()))
}
