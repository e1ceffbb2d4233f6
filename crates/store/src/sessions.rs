//! Sessions of conversations.
//!
//! A session is one stretch of talk of one user with one bot on one channel. It is active until it has an end. Whoever
//! works on a session loads it and commits it: what it wrote counts only if nobody changed or closed the session
//! meanwhile, which the revision tells.

mod close;

use std::fmt;
use std::str::FromStr;

use domain::{AccountId, BotId, SessionId, Timestamp, UserId};
use serde_json::Value;

use crate::bots::stored;
use crate::conditions::Conditions;
use crate::sql::{Connection, Row, kept};
use crate::{Error, Message, NewMessage, Page, Store, Tag, TagFilter, TagKind, args};

pub use self::close::{ActiveSession, CloseFilter};

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// The bot.
    pub bot: BotId,
    /// The user, as this platform calls them.
    pub user: UserId,
    /// The user, as the channel or the customer calls them: an address or any other name.
    pub identity: String,
    /// The channel, such as `rtm` or `ivr`.
    pub channel: String,
    /// Whether the user said anything; a session the bot began is not interactive until then.
    pub interactive: bool,
    /// Whether it is a developer's trial.
    pub developer: bool,
    /// The languages it was held in, in the order they were used.
    pub languages: Vec<String>,
    /// The tags of the user.
    pub user_tags: Vec<Tag>,
    /// The tags of the session.
    pub session_tags: Vec<Tag>,
    /// How the user was served, as far as it is known; for an active session: if it ended now.
    pub containment: Option<Containment>,
    /// How many messages were exchanged: the sequence number of the newest.
    pub messages: i64,
    /// How many tasks were executed.
    pub tasks: i64,
    /// The telephone call it is, on voice channels.
    pub call_id: Option<String>,
    /// The conversation engine's own document.
    pub state: Value,
    /// Grows with every change.
    pub revision: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When something happened last.
    pub active_at: Timestamp,
    /// When it was closed; it is active when absent.
    pub ended_at: Option<Timestamp>,
    /// When it is to be closed if nothing happens until then; never by itself when absent.
    pub expires_at: Option<Timestamp>,
}

/// What a new session is made from.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The account.
    pub account: AccountId,
    /// The bot.
    pub bot: BotId,
    /// The user, as this platform calls them.
    pub user: UserId,
    /// The user, as the channel or the customer calls them.
    pub identity: String,
    /// The channel.
    pub channel: String,
    /// Whether the user began it.
    pub interactive: bool,
    /// Whether it is a developer's trial.
    pub developer: bool,
    /// The language it begins in.
    pub language: String,
    /// The telephone call it is, on voice channels.
    pub call_id: Option<String>,
    /// The conversation engine's own document.
    pub state: Value,
}

/// How a user was served in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Containment {
    /// The user left in the middle of a task.
    DropOff,
    /// The bot alone served the user.
    SelfService,
    /// A human agent took over.
    Agent,
}

/// No containment has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a containment type: give dropOff, selfService or agent")]
pub struct UnknownContainment(String);

impl Containment {
    const ALL: [Self; 3] = [Self::DropOff, Self::SelfService, Self::Agent];

    /// The name, as the original writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DropOff => "dropOff",
            Self::SelfService => "selfService",
            Self::Agent => "agent",
        }
    }
}

impl fmt::Display for Containment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Containment {
    type Err = UnknownContainment;

    /// In any letter case, as clients write it.
    fn from_str(name: &str) -> Result<Self, UnknownContainment> {
        let found = Self::ALL.into_iter().find(|containment| containment.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownContainment(name.to_owned()))
    }
}

/// Which sessions to list. What is absent does not matter.
#[derive(Clone, Debug)]
pub struct SessionFilter {
    /// The account.
    pub account: AccountId,
    /// The bots; all of the account when absent.
    pub bots: Option<Vec<BotId>>,
    /// The user: an id, the identity on a channel, or the address of somebody of the account.
    pub user: Option<String>,
    /// Begun at this moment or later.
    pub from: Option<Timestamp>,
    /// Begun at this moment or earlier.
    pub to: Option<Timestamp>,
    /// How the user was served.
    pub containment: Option<Containment>,
    /// Whether the user said anything.
    pub interactive: Option<bool>,
    /// The telephone call.
    pub call_id: Option<String>,
    /// Tags of the user or the session.
    pub tags: Option<TagFilter>,
    /// How many to pass over.
    pub offset: i64,
    /// How many to give at the most.
    pub limit: i64,
}

pub(crate) const COLUMNS: &str = "id, account_id, bot_id, user_id, identity, channel, interactive, developer, languages, \
    user_tags, session_tags, containment, messages, tasks, call_id, state, revision, started_at, active_at, ended_at, \
    expires_at";

impl Session {
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: SessionId::stored(row.get::<String>("id")?),
            account: AccountId::stored(row.get::<String>("account_id")?),
            bot: BotId::stored(row.get::<String>("bot_id")?),
            user: UserId::stored(row.get::<String>("user_id")?),
            identity: row.get("identity")?,
            channel: row.get("channel")?,
            interactive: row.get("interactive")?,
            developer: row.get("developer")?,
            languages: row.json("languages")?,
            user_tags: row.json("user_tags")?,
            session_tags: row.json("session_tags")?,
            containment: row.word_option("containment")?,
            messages: row.get("messages")?,
            tasks: row.get("tasks")?,
            call_id: row.get("call_id")?,
            // What is no JSON is kept as it is, for who looks after it; whoever goes on from it finds that it is damaged.
            state: match row.json("state") {
                Err(Error::Stored { .. }) => Value::String(row.get("state")?),
                read => read?,
            },
            revision: row.get("revision")?,
            started_at: row.time("started_at")?,
            active_at: row.time("active_at")?,
            ended_at: row.time_option("ended_at")?,
            expires_at: row.time_option("expires_at")?,
        })
    }

    pub(crate) async fn insert(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        let sql = format!(
            "INSERT INTO sessions ({COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
        );
        tx.execute(
            sql,
            args![
                &self.id,
                &self.account,
                &self.bot,
                &self.user,
                kept(&*self.identity),
                &self.channel,
                self.interactive,
                self.developer,
                stored(&self.languages),
                stored(&self.user_tags),
                stored(&self.session_tags),
                self.containment.map(Containment::name),
                self.messages,
                self.tasks,
                kept(self.call_id.as_deref()),
                &self.state,
                self.revision,
                self.started_at,
                self.active_at,
                self.ended_at,
                self.expires_at,
            ],
        )
        .await
        .map(drop)
    }

    /// Writes what may change, if the row has the revision before this one's; whoever closes a session changes that, too.
    pub(crate) async fn update(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        let written = tx
            .execute(
                "UPDATE sessions SET interactive = $3, languages = $4, user_tags = $5, session_tags = $6, \
                 containment = $7, messages = $8, tasks = $9, state = $10, active_at = $11, ended_at = $12, \
                 expires_at = $13, revision = $2 WHERE id = $1 AND revision = $2 - 1",
                args![
                    &self.id,
                    self.revision,
                    self.interactive,
                    stored(&self.languages),
                    stored(&self.user_tags),
                    stored(&self.session_tags),
                    self.containment.map(Containment::name),
                    self.messages,
                    self.tasks,
                    &self.state,
                    self.active_at,
                    self.ended_at,
                    self.expires_at,
                ],
            )
            .await?;
        if written == 0 { Err(Error::Conflict(format!("the session {}", self.id))) } else { Ok(()) }
    }
}

impl Store {
    /// Begins a session.
    pub async fn create_session(&self, new: NewSession) -> Result<Session, Error> {
        let session = Session { revision: 1, ..self.new_session(new) };
        let written = session.clone();
        self.write(move |tx| Box::pin(async move { written.insert(tx).await })).await?;
        Ok(session)
    }

    /// A session that begins now and is not written yet, which its revision 0 says; a
    /// [turn](Store::commit_turn) writes it.
    pub fn new_session(&self, new: NewSession) -> Session {
        let now = self.clock.now();
        Session {
            id: SessionId::new(&self.ids),
            account: new.account,
            bot: new.bot,
            user: new.user,
            identity: new.identity,
            channel: new.channel,
            interactive: new.interactive,
            developer: new.developer,
            languages: vec![new.language],
            user_tags: Vec::new(),
            session_tags: Vec::new(),
            containment: None,
            messages: 0,
            tasks: 0,
            call_id: new.call_id,
            state: new.state,
            revision: 0,
            started_at: now,
            active_at: now,
            ended_at: None,
            expires_at: None,
        }
    }

    /// The session with this id.
    pub async fn session(&self, id: &SessionId) -> Result<Option<Session>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM sessions WHERE id = $1");
        self.row(sql, args![id]).await?.as_ref().map(Session::read).transpose()
    }

    /// Writes a session as a turn of the conversation left it, with the messages of the turn behind those it has.
    ///
    /// Nothing is written and the error is [`Error::Conflict`] when the session was changed or closed since it was
    /// loaded, and [`Error::Exists`] when it has a message with the same client id already.
    pub async fn commit_session(
        &self,
        session: &Session,
        messages: Vec<NewMessage>,
    ) -> Result<(Session, Vec<Message>), Error> {
        let mut session = session.clone();
        session.revision += 1;
        session.active_at = self.clock.now();
        let written = self.number_messages(&mut session, messages);
        self.write(move |tx| {
            Box::pin(async move {
                session.update(tx).await?;
                Message::insert_all(tx, &written).await?;
                Ok((session, written))
            })
        })
        .await
    }

    /// The sessions a filter lets through, the newest first.
    pub async fn sessions(&self, filter: &SessionFilter) -> Result<Page<Session>, Error> {
        let mut conditions = Conditions::default();
        demand_bots(&mut conditions, &filter.account, filter.bots.as_deref());
        if let Some(user) = &filter.user {
            demand_user(&mut conditions, "", &filter.account, user);
        }
        if let Some(from) = filter.from {
            let from = conditions.bind(from);
            conditions.demand(format!("started_at >= {from}"));
        }
        if let Some(to) = filter.to {
            let to = conditions.bind(to);
            conditions.demand(format!("started_at <= {to}"));
        }
        if let Some(containment) = filter.containment {
            let containment = conditions.bind(containment.name());
            conditions.demand(format!("containment = {containment}"));
        }
        if let Some(interactive) = filter.interactive {
            let interactive = conditions.bind(interactive);
            conditions.demand(format!("interactive = {interactive}"));
        }
        if let Some(call_id) = &filter.call_id {
            let call_id = conditions.bind(call_id);
            conditions.demand(format!("call_id = {call_id}"));
        }
        if let Some(tags) = &filter.tags {
            let columns = [(TagKind::User, "user_tags"), (TagKind::Session, "session_tags")];
            let clause = tags.clause(&columns, &mut conditions);
            conditions.demand(clause);
        }
        let sql = format!("SELECT COUNT(*) AS total FROM sessions WHERE {}", conditions.text());
        let count = self.row(sql, conditions.args()).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let (limit, offset) = (conditions.bind(filter.limit), conditions.bind(filter.offset));
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions WHERE {} ORDER BY started_at DESC, id DESC LIMIT {limit} OFFSET {offset}",
            conditions.text()
        );
        let rows = self.rows(sql, conditions.args()).await?;
        Ok(Page { items: rows.iter().map(Session::read).collect::<Result<_, _>>()?, total })
    }

    /// The sessions with these ids, as far as they exist within these bots; the newest first.
    pub async fn sessions_by_id(
        &self,
        account: &AccountId,
        bots: Option<&[BotId]>,
        ids: &[SessionId],
    ) -> Result<Vec<Session>, Error> {
        let mut conditions = Conditions::default();
        demand_bots(&mut conditions, account, bots);
        let ids = conditions.bind_list(ids);
        conditions.demand(format!("id IN ({ids})"));
        let sql =
            format!("SELECT {COLUMNS} FROM sessions WHERE {} ORDER BY started_at DESC, id DESC", conditions.text());
        let rows = self.rows(sql, conditions.args()).await?;
        rows.iter().map(Session::read).collect()
    }
}

fn demand_bots(conditions: &mut Conditions, account: &AccountId, bots: Option<&[BotId]>) {
    let account = conditions.bind(account);
    conditions.demand(format!("account_id = {account}"));
    if let Some(bots) = bots {
        let bots = conditions.bind_list(bots);
        conditions.demand(format!("bot_id IN ({bots})"));
    }
}

/// Demands that a session is of a user, who is named in any way: by id, by the identity on the channel, or by the address
/// of somebody of the account. Addresses are compared in any letter case. `table` is what columns are named by: empty, or
/// an alias with a dot.
pub(crate) fn demand_user(conditions: &mut Conditions, table: &'static str, account: &AccountId, user: &str) {
    let name = conditions.bind(user);
    let mut clause = format!("{table}user_id = {name} OR {table}identity = {name}");
    if user.contains('@') {
        let (address, account) = (conditions.bind(user.to_lowercase()), conditions.bind(account));
        clause.push_str(&format!(
            " OR LOWER({table}identity) = {address} OR {table}user_id IN \
             (SELECT users.id FROM users WHERE users.account_id = {account} AND users.email = {address})"
        ));
    }
    conditions.demand(format!("({clause})"));
}
