//! The messages of conversations.

use std::fmt;
use std::str::FromStr;

use domain::{AccountId, BotId, MessageId, SessionId, Timestamp, UserId};
use serde_json::Value;

use crate::bots::stored;
use crate::conditions::Conditions;
use crate::sessions::demand_user;
use crate::sql::{Connection, Row, kept, key};
use crate::{Error, Page, Session, Store, Tag, TagFilter, TagKind, args};

/// A message. Never changed after it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The id, `ms-…`.
    pub id: MessageId,
    /// The session.
    pub session: SessionId,
    /// The bot.
    pub bot: BotId,
    /// The user of the session.
    pub user: UserId,
    /// The channel.
    pub channel: String,
    /// Whose message it is.
    pub direction: Direction,
    /// Its place in the session, from 1 without gaps.
    pub sequence: i64,
    /// The id the client gave it, unique in the session.
    pub client_id: Option<String>,
    /// The language.
    pub language: String,
    /// Its parts, such as `{"_id":"cp-…","cT":"text","data":{"text":"Hello"},"thumbnails":[]}`.
    pub components: Vec<Value>,
    /// The tags of the message.
    pub tags: Vec<Tag>,
    /// What to show in its place, such as the title of the button whose payload it is.
    pub alternative_texts: Vec<String>,
    /// What ties it to traces of other systems.
    pub trace_id: Option<String>,
    /// Whether an alert or an action task made it, not a dialog.
    pub of_task: bool,
    /// What it was answered with, as who answers writes it; only messages with an id of the client have it.
    pub answer: Option<Value>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// What a new message of a session is made from.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Whose message it is.
    pub direction: Direction,
    /// The id the client gave it.
    pub client_id: Option<String>,
    /// The language.
    pub language: String,
    /// Its parts.
    pub components: Vec<Value>,
    /// The tags of the message.
    pub tags: Vec<Tag>,
    /// What to show in its place.
    pub alternative_texts: Vec<String>,
    /// What ties it to traces of other systems.
    pub trace_id: Option<String>,
    /// Whether an alert or an action task made it.
    pub of_task: bool,
    /// What it was answered with, to be said again when it comes again.
    pub answer: Option<Value>,
}

/// Whose a message is, seen from the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The user's.
    Incoming,
    /// The bot's.
    Outgoing,
}

/// No direction has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a direction: give incoming or outgoing")]
pub struct UnknownDirection(String);

impl Direction {
    /// The name, as the original writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Direction {
    type Err = UnknownDirection;

    /// In any letter case.
    fn from_str(name: &str) -> Result<Self, UnknownDirection> {
        let found = [Self::Incoming, Self::Outgoing].into_iter().find(|way| way.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownDirection(name.to_owned()))
    }
}

/// Which way a list of messages runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Back in time.
    NewestFirst,
    /// Forward in time.
    OldestFirst,
}

/// Which messages to list. What is absent does not matter.
#[derive(Clone, Debug)]
pub struct MessageFilter {
    /// The account.
    pub account: AccountId,
    /// The bots; all of the account when absent.
    pub bots: Option<Vec<BotId>>,
    /// The sessions.
    pub sessions: Option<Vec<SessionId>>,
    /// The user: an id, the identity on a channel, or the address of somebody of the account.
    pub user: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// Whose messages.
    pub direction: Option<Direction>,
    /// Written at this moment or later.
    pub from: Option<Timestamp>,
    /// Written at this moment or earlier.
    pub to: Option<Timestamp>,
    /// Tags of the user, the session or the message.
    pub tags: Option<TagFilter>,
    /// Whether messages of alert and action tasks are left out.
    pub without_tasks: bool,
    /// Which way the list runs.
    pub order: Order,
    /// The message behind which the list begins, in the list's order; ignored when there is no such message.
    pub after: Option<MessageId>,
    /// How many to pass over.
    pub offset: i64,
    /// How many to give at the most.
    pub limit: i64,
}

/// A message with what its session says about the user.
#[derive(Clone, Debug, PartialEq)]
pub struct SpokenMessage {
    /// The message.
    pub message: Message,
    /// The user, as the channel or the customer calls them.
    pub identity: String,
    /// Whether the session is a developer's trial.
    pub developer: bool,
    /// The tags of the user.
    pub user_tags: Vec<Tag>,
    /// The tags of the session.
    pub session_tags: Vec<Tag>,
}

pub(crate) const COLUMNS: &str = "id, session_id, bot_id, user_id, channel, direction, sequence, client_id, language, components, \
    tags, alternative_texts, trace_id, of_task, answer, created_at";

/// How many messages one statement writes at the most; engines bound the parameters of a statement.
const BATCH: usize = 100;

impl Message {
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: MessageId::stored(row.get::<String>("id")?),
            session: SessionId::stored(row.get::<String>("session_id")?),
            bot: BotId::stored(row.get::<String>("bot_id")?),
            user: UserId::stored(row.get::<String>("user_id")?),
            channel: row.get("channel")?,
            direction: row.word("direction")?,
            sequence: row.get("sequence")?,
            client_id: row.get("client_id")?,
            language: row.get("language")?,
            components: row.json("components")?,
            tags: row.json("tags")?,
            alternative_texts: row.json("alternative_texts")?,
            trace_id: row.get("trace_id")?,
            of_task: row.get("of_task")?,
            answer: row.json_option("answer")?,
            created_at: row.time("created_at")?,
        })
    }

    /// Writes messages of one session; [`Error::Exists`] when it has one with the client id of one of them.
    pub(crate) async fn insert_all(tx: &mut Connection<'_>, messages: &[Self]) -> Result<(), Error> {
        for batch in messages.chunks(BATCH) {
            let mut values = Conditions::default();
            let rows: Vec<String> = batch.iter().map(|message| message.values(&mut values)).collect();
            let sql = format!(
                "INSERT INTO messages ({COLUMNS}) VALUES {} \
                 ON CONFLICT (session_id, client_id) WHERE client_id IS NOT NULL DO NOTHING",
                rows.join(", ")
            );
            if tx.execute(sql, values.args()).await? < batch.len() as u64 {
                let ids: Vec<&str> = batch.iter().filter_map(|message| message.client_id.as_deref()).collect();
                return Err(Error::Exists(format!(
                    "a message `{}` of the session {}",
                    ids.join("`, `"),
                    batch[0].session
                )));
            }
        }
        Ok(())
    }

    /// The row in brackets, to stand behind `VALUES`.
    fn values(&self, values: &mut Conditions) -> String {
        let row = values.bind_list(args![
            &self.id,
            &self.session,
            &self.bot,
            &self.user,
            &self.channel,
            self.direction.name(),
            self.sequence,
            key("the client's id of a message", self.client_id.as_deref()),
            kept(&*self.language),
            stored(&self.components),
            stored(&self.tags),
            stored(&self.alternative_texts),
            kept(self.trace_id.as_deref()),
            self.of_task,
            self.answer.as_ref().map(stored),
            self.created_at,
        ]);
        format!("({row})")
    }
}

impl MessageFilter {
    /// All conditions but the one for `after`, over messages `m` and sessions `s`.
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        let account = conditions.bind(&self.account);
        conditions.demand(format!("s.account_id = {account}"));
        if let Some(bots) = &self.bots {
            let bots = conditions.bind_list(bots);
            conditions.demand(format!("m.bot_id IN ({bots})"));
        }
        if let Some(sessions) = &self.sessions {
            let sessions = conditions.bind_list(sessions);
            conditions.demand(format!("m.session_id IN ({sessions})"));
        }
        if let Some(user) = &self.user {
            demand_user(&mut conditions, "s.", &self.account, user);
        }
        if let Some(channel) = &self.channel {
            let channel = conditions.bind(channel);
            conditions.demand(format!("m.channel = {channel}"));
        }
        if let Some(direction) = self.direction {
            let direction = conditions.bind(direction.name());
            conditions.demand(format!("m.direction = {direction}"));
        }
        if let Some(from) = self.from {
            let from = conditions.bind(from);
            conditions.demand(format!("m.created_at >= {from}"));
        }
        if let Some(to) = self.to {
            let to = conditions.bind(to);
            conditions.demand(format!("m.created_at <= {to}"));
        }
        if let Some(tags) = &self.tags {
            let columns =
                [(TagKind::User, "s.user_tags"), (TagKind::Session, "s.session_tags"), (TagKind::Message, "m.tags")];
            let clause = tags.clause(&columns, &mut conditions);
            conditions.demand(clause);
        }
        if self.without_tasks {
            conditions.demand("NOT m.of_task".to_owned());
        }
        conditions
    }
}

impl Store {
    /// New messages as the newest of a session, which counts them.
    pub(crate) fn number_messages(&self, session: &mut Session, new: Vec<NewMessage>) -> Vec<Message> {
        let number = |new: NewMessage| {
            session.messages += 1;
            Message {
                id: MessageId::new(&self.ids),
                session: session.id.clone(),
                bot: session.bot.clone(),
                user: session.user.clone(),
                channel: session.channel.clone(),
                direction: new.direction,
                sequence: session.messages,
                client_id: new.client_id,
                language: new.language,
                components: new.components,
                tags: new.tags,
                alternative_texts: new.alternative_texts,
                trace_id: new.trace_id,
                of_task: new.of_task,
                answer: new.answer,
                created_at: session.active_at,
            }
        };
        new.into_iter().map(number).collect()
    }

    /// The messages a filter lets through. Messages of one turn stay together, in the order of their sequence.
    pub async fn messages(&self, filter: &MessageFilter) -> Result<Page<SpokenMessage>, Error> {
        let mut conditions = filter.conditions();
        let (beyond, order) = match filter.order {
            Order::NewestFirst => ("<", "m.created_at DESC, m.session_id DESC, m.sequence DESC"),
            Order::OldestFirst => (">", "m.created_at, m.session_id, m.sequence"),
        };
        if let Some(after) = &filter.after {
            let sql = "SELECT m.created_at, m.session_id, m.sequence FROM messages m \
                       JOIN sessions s ON s.id = m.session_id WHERE m.id = $1 AND s.account_id = $2";
            if let Some(row) = self.row(sql, args![after, &filter.account]).await? {
                let at = conditions.bind(row.time("created_at")?);
                let session = conditions.bind(row.get::<String>("session_id")?);
                let sequence = conditions.bind(row.get::<i64>("sequence")?);
                let place = format!("({at}, {session}, {sequence})");
                conditions.demand(format!("(m.created_at, m.session_id, m.sequence) {beyond} {place}"));
            }
        }
        let found = format!("FROM messages m JOIN sessions s ON s.id = m.session_id WHERE {}", conditions.text());
        let count = self.row(format!("SELECT COUNT(*) AS total {found}"), conditions.args()).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let columns = COLUMNS.split(", ").map(|column| format!("m.{column}")).collect::<Vec<_>>().join(", ");
        let (limit, offset) = (conditions.bind(filter.limit), conditions.bind(filter.offset));
        let sql = format!(
            "SELECT {columns}, s.identity, s.developer, s.user_tags, s.session_tags {found} \
             ORDER BY {order} LIMIT {limit} OFFSET {offset}"
        );
        let rows = self.rows(sql, conditions.args()).await?;
        let read = |row: &Row| {
            Ok(SpokenMessage {
                message: Message::read(row)?,
                identity: row.get("identity")?,
                developer: row.get("developer")?,
                user_tags: row.json("user_tags")?,
                session_tags: row.json("session_tags")?,
            })
        };
        Ok(Page { items: rows.iter().map(read).collect::<Result<_, Error>>()?, total })
    }
}
