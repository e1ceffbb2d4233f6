//! Sessions that somebody wants closed.

use domain::{AccountId, BotId, SessionId, Timestamp};

use super::demand_user;
use crate::conditions::Conditions;
use crate::sql::Row;
use crate::{ConversationKey, Error, NewChange, Store};

/// Which active sessions of a bot to close. What is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct CloseFilter {
    /// The sessions, if they are named.
    pub sessions: Vec<SessionId>,
    /// The user: an id, the identity on a channel, or the address of somebody of the account.
    pub user: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// Only sessions in which the user said something, or only the others.
    pub interactive: Option<bool>,
}

/// An active session, and whether some node works on its conversation.
#[derive(Clone, Debug)]
pub struct ActiveSession {
    /// The session.
    pub id: SessionId,
    /// Its conversation.
    pub conversation: ConversationKey,
    /// A node holds a lease on the conversation. Never where one process has the database.
    pub is_claimed: bool,
    /// The user said something in it.
    pub interactive: bool,
    /// It is a developer's trial.
    pub developer: bool,
    /// When it began.
    pub started_at: Timestamp,
}

impl CloseFilter {
    fn demand(&self, conditions: &mut Conditions, table: &'static str, account: &AccountId, bot: &BotId) {
        let bot_id = conditions.bind(bot);
        conditions.demand(format!("{table}bot_id = {bot_id} AND {table}ended_at IS NULL"));
        if !self.sessions.is_empty() {
            let sessions = conditions.bind_list(self.sessions.iter());
            conditions.demand(format!("{table}id IN ({sessions})"));
        }
        if let Some(user) = &self.user {
            demand_user(conditions, table, account, user);
        }
        if let Some(channel) = &self.channel {
            let channel = conditions.bind(channel);
            conditions.demand(format!("{table}channel = {channel}"));
        }
        if let Some(interactive) = self.interactive {
            let interactive = conditions.bind(interactive);
            conditions.demand(format!("{table}interactive = {interactive}"));
        }
    }
}

impl Store {
    /// Conversations of a bot that somebody works on, or whose messages wait, and that have no active session: one may begin.
    /// Those of the user and the channel that a filter names.
    pub async fn beginning_conversations(
        &self,
        account: &AccountId,
        bot: &BotId,
        filter: &CloseFilter,
    ) -> Result<Vec<ConversationKey>, Error> {
        let mut conditions = Conditions::default();
        let (bot, now) = (conditions.bind(bot), conditions.bind(self.clock.now()));
        conditions.demand(format!("c.bot_id = {bot}"));
        if let Some(user) = &filter.user {
            demand_user(&mut conditions, "c.", account, user);
        }
        if let Some(channel) = &filter.channel {
            let channel = conditions.bind(channel);
            conditions.demand(format!("c.channel = {channel}"));
        }
        let sql = format!(
            "SELECT c.account_id, c.bot_id, c.user_id, c.identity, c.channel FROM conversations c WHERE {} \
             AND (c.lease_owner IS NOT NULL AND c.lease_until > {now} OR EXISTS (SELECT 1 FROM inbox i \
                 WHERE i.bot_id = c.bot_id AND i.user_id = c.user_id AND i.channel = c.channel AND NOT i.done)) \
             AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = c.session_id AND s.ended_at IS NULL)",
            conditions.text()
        );
        let rows = self.rows(sql, conditions.args()).await?;
        rows.iter().map(ConversationKey::read).collect()
    }

    /// The active sessions of a bot that a filter lets through.
    pub async fn active_sessions(
        &self,
        account: &AccountId,
        bot: &BotId,
        filter: &CloseFilter,
    ) -> Result<Vec<ActiveSession>, Error> {
        let mut conditions = Conditions::default();
        let now = conditions.bind(self.clock.now());
        filter.demand(&mut conditions, "s.", account, bot);
        let sql = format!(
            "SELECT s.id, s.account_id, s.bot_id, s.user_id, s.identity, s.channel, s.interactive, \
                 s.developer, s.started_at, \
                 COALESCE(c.lease_owner IS NOT NULL AND c.lease_until > {now}, FALSE) AS is_claimed \
             FROM sessions s LEFT JOIN conversations c \
                 ON c.bot_id = s.bot_id AND c.user_id = s.user_id AND c.channel = s.channel \
             WHERE {}",
            conditions.text()
        );
        let rows = self.rows(sql, conditions.args()).await?;
        let read = |row: &Row| {
            Ok(ActiveSession {
                id: SessionId::stored(row.get::<String>("id")?),
                conversation: ConversationKey::read(row)?,
                is_claimed: row.get("is_claimed")?,
                interactive: row.get("interactive")?,
                developer: row.get("developer")?,
                started_at: row.time("started_at")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Closes active sessions of a bot, but for those in `except`, and logs `change`, given how many there were, when there
    /// was one; the ids of those it closed.
    ///
    /// A turn that runs meanwhile cannot commit any more.
    pub async fn close_sessions(
        &self,
        account: &AccountId,
        bot: &BotId,
        filter: &CloseFilter,
        except: &[SessionId],
        change: impl FnOnce(usize) -> NewChange + Send + 'static,
    ) -> Result<Vec<SessionId>, Error> {
        let mut conditions = Conditions::default();
        let now = conditions.bind(self.clock.now());
        filter.demand(&mut conditions, "", account, bot);
        if !except.is_empty() {
            let except = conditions.bind_list(except.iter());
            conditions.demand(format!("id NOT IN ({except})"));
        }
        let sql = format!(
            "UPDATE sessions SET ended_at = {now}, revision = revision + 1 WHERE {} RETURNING id",
            conditions.text()
        );
        let (account, bot, store) = (account.clone(), bot.clone(), self.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let rows = tx.rows(sql, conditions.args()).await?;
                let read = |row: &Row| Ok(SessionId::stored(row.get::<String>("id")?));
                let ids: Vec<SessionId> = rows.iter().map(read).collect::<Result<_, Error>>()?;
                if !ids.is_empty() {
                    change(ids.len()).entry(&store, &account, &bot).insert(tx).await?;
                }
                Ok(ids)
            })
        })
        .await
    }
}
