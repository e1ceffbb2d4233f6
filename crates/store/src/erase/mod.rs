//! Erasure of everything that is kept about users: what they and bots said, and what bots remember of them.
//!
//! Rows go in transactions of [`BATCH`] rows, so that nobody waits long for the erasure of a talkative user. Turns that run
//! are waited for by who erases; one that runs nevertheless finds its session gone and is refused. The conversation goes
//! last, with the lease in it and the identity by which a user is found, so an erasure that broke off is done by doing it
//! again.
//!
//! Two things are not found by their user and stay: rows that bots put into tables, and the logs of changes and audits,
//! which are about people who build.

mod requests;

use std::collections::BTreeSet;
use std::ops::AddAssign;

use domain::{AccountId, BotId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

pub use requests::{EraseRequest, EraseStatus, UnknownEraseStatus};

use crate::attachments::ATTACHMENT;
use crate::conditions::Conditions;
use crate::sessions::demand_user;
use crate::{ConversationKey, Error, Store};

/// Whose data to erase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseFilter {
    /// The account.
    pub account: AccountId,
    /// The bots; all of the account when absent, and then also what does not belong to one bot.
    pub bots: Option<Vec<BotId>>,
    /// The users: ids, identities on a channel, or addresses of people of the account.
    pub users: Vec<String>,
}

/// How much was erased, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Erased {
    /// Conversations.
    pub conversations: u64,
    /// Sessions.
    pub sessions: u64,
    /// Messages.
    pub messages: u64,
    /// Values that bots remembered.
    pub values: u64,
    /// Messages that waited for their turn or were given up, and answers that waited for a poll.
    pub inbox: u64,
    /// Messages that waited to be posted.
    pub outbox: u64,
    /// What BotKit servers were asked.
    #[serde(default)]
    pub botkit_requests: u64,
    /// Logs of turns.
    pub turn_logs: u64,
    /// Attachments. Their bytes go with the next sweep of files.
    pub attachments: u64,
}

impl AddAssign for Erased {
    fn add_assign(&mut self, more: Self) {
        self.conversations += more.conversations;
        self.sessions += more.sessions;
        self.messages += more.messages;
        self.values += more.values;
        self.inbox += more.inbox;
        self.outbox += more.outbox;
        self.botkit_requests += more.botkit_requests;
        self.turn_logs += more.turn_logs;
        self.attachments += more.attachments;
    }
}

/// How many rows one transaction removes at the most.
const BATCH: u64 = 500;

/// How many users one statement names at the most.
const USERS_AT_ONCE: usize = 200;

impl Store {
    /// Erases what is kept about users; how much that was. Turns that run are not waited for.
    pub async fn erase_users(&self, filter: &EraseFilter) -> Result<Erased, Error> {
        let users: Vec<String> = self.users_to_erase(filter).await?.into_iter().collect();
        self.erase_ids(filter, &users, self.clock.now()).await
    }

    /// Erases what is kept about the users with these ids, of the account and the bots that a filter names; how much that
    /// was. Messages that were accepted after a moment, and wait, begin a conversation anew.
    pub async fn erase_ids(
        &self,
        filter: &EraseFilter,
        users: &[String],
        accepted_until: Timestamp,
    ) -> Result<Erased, Error> {
        let mut erased = Erased::default();
        for users in users.chunks(USERS_AT_ONCE) {
            let of_users = |conditions: &mut Conditions| {
                let (users, bots) = (conditions.bind_list(users), filter.bots(conditions));
                format!("user_id IN ({users}) AND bot_id IN ({bots})")
            };
            let by_session = |conditions: &mut Conditions| {
                let sessions = of_users(conditions);
                format!("session_id IN (SELECT id FROM sessions WHERE {sessions})")
            };
            let of_values = |conditions: &mut Conditions| match &filter.bots {
                Some(_) => of_users(conditions),
                None => {
                    let of_bots = of_users(conditions);
                    let (users, account) = (conditions.bind_list(users), conditions.bind(&filter.account));
                    format!("({of_bots} OR user_id IN ({users}) AND account_id = {account})")
                }
            };
            erased.values += self.erase("context_values", "(kind, owner, name)", of_values).await?;
            let of_messages = |conditions: &mut Conditions| {
                let until = conditions.bind(accepted_until);
                format!("{} AND created_at <= {until}", of_users(conditions))
            };
            erased.inbox += self.erase("inbox", "id", of_messages).await?;
            erased.inbox += self.erase("stuck_messages", "id", of_users).await?;
            erased.outbox += self.erase("outbox", "id", of_users).await?;
            erased.botkit_requests += self.erase("botkit_requests", "id", of_users).await?;
            erased.turn_logs += self.erase("turn_logs", "id", by_session).await?;
            erased.messages += self.erase("messages", "id", by_session).await?;
            erased.sessions += self.erase("sessions", "id", of_users).await?;
            if filter.bots.is_none() {
                erased.attachments += self.expire_attachments(&filter.account, users).await?;
            }
            let without_messages = |conditions: &mut Conditions| {
                format!(
                    "{} AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.bot_id = conversations.bot_id \
                     AND i.user_id = conversations.user_id AND i.channel = conversations.channel)",
                    of_users(conditions)
                )
            };
            erased.conversations += self.erase("conversations", "(bot_id, user_id, channel)", without_messages).await?;
            let mut conditions = Conditions::default();
            let sql = format!(
                "UPDATE conversations SET session_id = NULL, details = '{{}}' WHERE {}",
                of_users(&mut conditions)
            );
            self.execute(sql, conditions.args()).await?;
        }
        Ok(erased)
    }

    /// Whether anything is kept of a user, named as [`EraseFilter::users`] names one; `id` is who has the name as identity on
    /// a channel.
    pub async fn knows_user(&self, account: &AccountId, name: &str, id: &UserId) -> Result<bool, Error> {
        let ids = [name, id.as_str()];
        for table in ["sessions", "conversations"] {
            let mut conditions = Conditions::default();
            let owner = conditions.bind(account);
            conditions.demand(format!("account_id = {owner}"));
            demand_user(&mut conditions, "", account, name);
            let sql = format!("SELECT user_id FROM {table} WHERE {} LIMIT 1", conditions.text());
            if self.row(sql, conditions.args()).await?.is_some() {
                return Ok(true);
            }
        }
        let mut conditions = Conditions::default();
        let (owner, ids) = (conditions.bind(account), conditions.bind_list(ids));
        let sql = format!(
            "SELECT name FROM context_values WHERE user_id IN ({ids}) \
             AND (account_id = {owner} OR bot_id IN (SELECT id FROM bots WHERE account_id = {owner})) LIMIT 1"
        );
        if self.row(sql, conditions.args()).await?.is_some() {
            return Ok(true);
        }
        let mut conditions = Conditions::default();
        let (owner, ids) = (conditions.bind(account), conditions.bind_list([name, id.as_str()]));
        let (context, now) = (conditions.bind(ATTACHMENT), conditions.bind(self.clock.now()));
        let sql = format!(
            "SELECT id FROM files WHERE account_id = {owner} AND context = {context} AND created_by IN ({ids}) \
             AND (expires_at IS NULL OR expires_at > {now}) LIMIT 1"
        );
        Ok(self.row(sql, conditions.args()).await?.is_some())
    }

    /// The conversations of users, given by their ids, with the bots that a filter names.
    pub async fn conversations_to_erase(
        &self,
        filter: &EraseFilter,
        users: &BTreeSet<String>,
    ) -> Result<Vec<ConversationKey>, Error> {
        let mut found = Vec::new();
        let users: Vec<&String> = users.iter().collect();
        for users in users.chunks(USERS_AT_ONCE) {
            let mut conditions = Conditions::default();
            let (users, bots) = (conditions.bind_list(users.iter().copied()), filter.bots(&mut conditions));
            let sql = format!(
                "SELECT bot_id, user_id, channel, account_id, identity FROM conversations \
                 WHERE user_id IN ({users}) AND bot_id IN ({bots})"
            );
            for row in self.rows(sql, conditions.args()).await? {
                found.push(ConversationKey::read(&row)?);
            }
        }
        Ok(found)
    }

    /// The ids of the users a filter names. A name that is no identity is taken for an id.
    pub async fn users_to_erase(&self, filter: &EraseFilter) -> Result<BTreeSet<String>, Error> {
        let mut ids: BTreeSet<String> = filter.users.iter().cloned().collect();
        for user in &filter.users {
            for table in ["sessions", "conversations"] {
                let mut conditions = Conditions::default();
                let account = conditions.bind(&filter.account);
                conditions.demand(format!("account_id = {account}"));
                demand_user(&mut conditions, "", &filter.account, user);
                let sql = format!("SELECT DISTINCT user_id FROM {table} WHERE {}", conditions.text());
                for row in self.rows(sql, conditions.args()).await? {
                    ids.insert(row.get("user_id")?);
                }
            }
        }
        Ok(ids)
    }

    /// Removes the rows a clause lets through, batch by batch; how many.
    async fn erase(
        &self,
        table: &'static str,
        key: &'static str,
        clause: impl Fn(&mut Conditions) -> String,
    ) -> Result<u64, Error> {
        let mut conditions = Conditions::default();
        let clause = clause(&mut conditions);
        let columns = key.trim_matches(['(', ')']);
        let mut erased = 0;
        loop {
            let sql = format!(
                "DELETE FROM {table} WHERE {key} IN (SELECT {columns} FROM {table} WHERE {clause} LIMIT {BATCH})"
            );
            let gone = self.execute(sql, conditions.args()).await?;
            erased += gone;
            if gone < BATCH {
                return Ok(erased);
            }
        }
    }

    async fn expire_attachments(&self, account: &AccountId, users: &[String]) -> Result<u64, Error> {
        let mut conditions = Conditions::default();
        let (now, account) = (conditions.bind(self.clock.now()), conditions.bind(account));
        let (context, users) = (conditions.bind(ATTACHMENT), conditions.bind_list(users));
        let sql = format!(
            "UPDATE files SET expires_at = {now} WHERE account_id = {account} AND context = {context} \
             AND created_by IN ({users}) AND (expires_at IS NULL OR expires_at > {now})"
        );
        self.execute(sql, conditions.args()).await
    }
}

impl EraseFilter {
    /// What stands between the brackets of `bot_id IN (…)`.
    fn bots(&self, conditions: &mut Conditions) -> String {
        let account = conditions.bind(&self.account);
        let of_account = format!("SELECT id FROM bots WHERE account_id = {account}");
        match &self.bots {
            Some(bots) => format!("{of_account} AND id IN ({})", conditions.bind_list(bots)),
            None => of_account,
        }
    }
}
