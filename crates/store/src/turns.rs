//! Turns of conversations: what one message of a user, or one event, led to. All of it is kept or none.

use domain::{BotId, MessageId, SessionId, Timestamp, UserId};
use serde_json::Value;

use crate::bots::stored;
use crate::sql::Connection;
use crate::{
    ChangeEntry, ConversationKey, Error, InboxDone, JournalWrite, Message, NewDelivery, NewMessage, Session, Store,
    StuckMessage, Tag, TurnLog, ValueChange, args, messages,
};

/// What a turn leaves behind.
#[derive(Clone, Debug)]
pub struct TurnCommit {
    /// The conversation. It begins to exist by its first turn.
    pub conversation: ConversationKey,
    /// The session that was active when the turn began, if one was.
    pub expected_session: Option<SessionId>,
    /// An earlier session that the turn ended before it began or left `session`.
    pub ended: Option<EndedSession>,
    /// The session the turn is part of, as it left it: the expected one, or one made by
    /// [`new_session`](Store::new_session). An end in it ends it.
    pub session: Option<Session>,
    /// The messages of the turn, which become the newest of `session`.
    pub messages: Vec<NewMessage>,
    /// The ids of the messages, where they were given; others are made.
    pub message_ids: Vec<MessageId>,
    /// What to keep of the conversation over its sessions; what it has stays when absent.
    pub details: Option<Value>,
    /// Changes of what the bot remembers outside of the session.
    pub values: Vec<ValueChange>,
    /// What to tell who develops the bot.
    pub log: Option<TurnLog>,
    /// The message of the inbox that the turn answered.
    pub inbox_done: Option<InboxDone>,
    /// What the answer to the message of the inbox is asked for by, if it was promised before there was the message.
    pub promised: Option<String>,
    /// Why the message of the inbox is given up, if it is: it is set aside for the operator.
    pub given_up: Option<GivenUp>,
    /// Messages to be posted to the customer's server, in this order.
    pub outbox: Vec<NewDelivery>,
    /// What the change log of the bot is told, where somebody wanted the turn.
    pub change: Option<ChangeEntry>,
    /// What the turn keeps where this is not its end: what it said goes out before it is over.
    pub journal: Option<JournalWrite>,
    /// `session` was closed while the turn ran: what was said belongs to it all the same.
    pub was_closed: bool,
    /// What is known by now of a message that was written before the end of its turn.
    pub answered: Option<AnsweredMessage>,
}

/// What the end of a turn says of the message that began it, where that was written before.
#[derive(Clone, Debug)]
pub struct AnsweredMessage {
    /// The message.
    pub id: MessageId,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// What it was answered with, to be answered again.
    pub answer: Option<Value>,
}

/// A message that is given up.
#[derive(Clone, Debug)]
pub struct GivenUp {
    /// Why.
    pub reason: String,
    /// It was not tried any more when it was taken last.
    pub untried: bool,
}

/// A session that ends.
#[derive(Clone, Debug)]
pub struct EndedSession {
    /// The session as it is left, with how the user was served.
    pub session: Session,
    /// When it ended.
    pub at: Timestamp,
    /// Its last messages, such as the one that it is closed.
    pub messages: Vec<NewMessage>,
}

/// What a turn wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct CommittedTurn {
    /// The session, at its new revision.
    pub session: Option<Session>,
    /// The messages of the turn.
    pub messages: Vec<Message>,
    /// The session that ended before.
    pub ended: Option<Session>,
    /// The last messages of the session that ended before.
    pub closing_messages: Vec<Message>,
}

impl TurnCommit {
    /// A turn that changes nothing yet, to be filled in.
    pub fn of(conversation: ConversationKey, expected_session: Option<SessionId>) -> Self {
        Self {
            conversation,
            expected_session,
            ended: None,
            session: None,
            messages: Vec::new(),
            message_ids: Vec::new(),
            details: None,
            values: Vec::new(),
            log: None,
            inbox_done: None,
            promised: None,
            given_up: None,
            outbox: Vec::new(),
            journal: None,
            was_closed: false,
            answered: None,
            change: None,
        }
    }

    fn conflict(&self) -> Error {
        let ConversationKey { bot, identity, channel, .. } = &self.conversation;
        Error::Conflict(format!("the conversation of {identity} with the bot {bot} on {channel}"))
    }

    /// Enters the conversation if its active session is the expected one; the last position it gave out before this turn.
    async fn enter(&self, tx: &mut Connection<'_>, now: Timestamp) -> Result<i64, Error> {
        let positions = self.outbox.len() + self.journal.as_ref().map_or(0, JournalWrite::positions);
        let entry = self.conversation.enter(tx, positions, self.details.as_ref(), now).await?;
        let active = match &entry.session {
            Some(session) => {
                // Its own statement, behind the lock: it sees what another turn committed just before.
                let lock = tx.for_update(" FOR UPDATE");
                let sql = format!("SELECT id FROM sessions WHERE id = $1 AND ended_at IS NULL{lock}");
                tx.row(sql, args![session]).await?.is_some().then_some(session)
            }
            None => None,
        };
        let remaining = active.filter(|&id| self.ended.as_ref().is_none_or(|ended| ended.session.id != *id));
        let fits = match &self.session {
            Some(new) if new.revision == 0 => remaining.is_none(),
            Some(session) => self.was_closed || remaining == Some(&session.id),
            None => true,
        };
        if fits && active == self.expected_session.as_ref() {
            Ok(entry.last_position - positions as i64)
        } else {
            Err(self.conflict())
        }
    }
}

impl Store {
    /// Writes what a turn led to, all of it or nothing.
    ///
    /// [`Error::Conflict`] when the conversation's active session is not the expected one any more, when a session was
    /// changed or closed since it was loaded, or when the message of the inbox was answered by someone else: load the
    /// conversation again and repeat. Of turns that begin the first session of a conversation at once, one succeeds.
    /// [`Error::Exists`] when the session has a message with the same client id already:
    /// [`messages_of_turn`](Self::messages_of_turn) has the answer that was given.
    pub async fn commit_turn(&self, mut turn: TurnCommit) -> Result<CommittedTurn, Error> {
        let now = self.clock.now();
        let mut committed =
            CommittedTurn { session: None, messages: Vec::new(), ended: None, closing_messages: Vec::new() };
        if let Some(EndedSession { session, at, messages }) = &turn.ended {
            let mut session = session.clone();
            session.revision += 1;
            session.ended_at = Some(*at);
            if !messages.is_empty() {
                session.active_at = *at;
            }
            committed.closing_messages = self.number_messages(&mut session, messages.clone());
            committed.ended = Some(session);
        }
        if let Some(session) = &turn.session {
            let mut session = session.clone();
            session.revision += 1;
            session.active_at = now;
            committed.messages = self.number_messages(&mut session, std::mem::take(&mut turn.messages));
            for (message, id) in committed.messages.iter_mut().zip(std::mem::take(&mut turn.message_ids)) {
                message.id = id;
            }
            committed.session = Some(session);
        }
        // Locks on rows that conversations share are taken in one order, so that no two turns wait for each other.
        turn.values.sort_by_cached_key(ValueChange::place);
        let log_id = self.ids.object_id();
        let deliveries: Vec<_> = turn.outbox.iter().map(|_| self.ids.object_id()).collect();
        let announced = turn.inbox_done.is_some() || !turn.outbox.is_empty();
        let written = self
            .write_turn(move |tx| {
                Box::pin(async move {
                    let mut position = turn.enter(tx, now).await?;
                    if let Some(done) = &turn.inbox_done {
                        if let Some(given_up) = &turn.given_up {
                            StuckMessage::set_aside(tx, &done.id, &turn.conversation, given_up, now).await?;
                        }
                        if let Some(poll_id) = &turn.promised {
                            done.ask_by(tx, poll_id).await?;
                        }
                        if !done.write(tx).await? {
                            return Err(turn.conflict());
                        }
                    }
                    if let Some(session) = &committed.ended {
                        session.update(tx).await?;
                        Message::insert_all(tx, &committed.closing_messages).await?;
                    }
                    if let Some(session) = &committed.session {
                        session.write(tx, &turn.conversation).await?;
                        Message::insert_all(tx, &committed.messages).await?;
                    }
                    for change in &turn.values {
                        change.apply(tx).await?;
                    }
                    if let Some(log) = &turn.log {
                        log.insert(tx, log_id, &turn.conversation, now).await?;
                    }
                    if let Some(change) = &turn.change {
                        change.insert(tx).await?;
                    }
                    if let Some(AnsweredMessage { id, tags, answer }) = &turn.answered {
                        let sql = "UPDATE messages SET tags = $2, answer = $3 WHERE id = $1";
                        tx.execute(sql, args![id, stored(tags), answer.as_ref().map(stored)]).await?;
                    }
                    for (id, delivery) in deliveries.into_iter().zip(&turn.outbox) {
                        position += 1;
                        delivery.insert(tx, id, &turn.conversation, position, now).await?;
                    }
                    if let Some(journal) = &turn.journal {
                        journal.write(tx, &turn.conversation, position + 1, now).await?;
                    }
                    Ok(committed)
                })
            })
            .await?;
        if announced {
            self.wakeups.announce();
        }
        Ok(written)
    }

    /// The turn that a message with this client id began: the message and what followed it up to the user's next one.
    /// Nothing when none of the user's [newest](NEWEST_SESSIONS) sessions has such a message.
    pub async fn messages_of_turn(
        &self,
        bot: &BotId,
        user: &UserId,
        channel: &str,
        client_id: &str,
    ) -> Result<Option<Vec<Message>>, Error> {
        let columns = messages::COLUMNS.replace(", ", ", m.");
        let sql = format!(
            "SELECT m.{columns} FROM messages f JOIN messages m ON m.session_id = f.session_id \
                 AND m.sequence >= f.sequence AND m.sequence < COALESCE((SELECT MIN(n.sequence) FROM messages n \
                     WHERE n.session_id = f.session_id AND n.sequence > f.sequence \
                     AND n.direction = 'incoming'), m.sequence + 1) \
             WHERE f.id = $1 ORDER BY m.sequence"
        );
        let Some(first) = self.message_of_client(bot, user, channel, client_id).await? else { return Ok(None) };
        let rows = self.rows(sql, args![&first]).await?;
        rows.iter().map(Message::read).collect::<Result<_, _>>().map(Some)
    }

    async fn message_of_client(
        &self,
        bot: &BotId,
        user: &UserId,
        channel: &str,
        client_id: &str,
    ) -> Result<Option<MessageId>, Error> {
        let row = self
            .row(
                "SELECT m.id FROM messages m WHERE m.client_id = $4 AND m.direction = 'incoming' \
                 AND m.session_id IN (SELECT s.id FROM sessions s WHERE s.bot_id = $1 AND s.user_id = $2 \
                     AND s.channel = $3 ORDER BY s.started_at DESC, s.id DESC LIMIT $5) \
                 ORDER BY m.created_at DESC LIMIT 1",
                args![bot, user, channel, client_id, NEWEST_SESSIONS],
            )
            .await?;
        row.map(|row| row.get("id").map(|id: String| MessageId::stored(id))).transpose()
    }
}

/// In how many of a user's sessions a message is looked for that may have been sent twice.
pub const NEWEST_SESSIONS: i64 = 5;

impl Session {
    /// Writes the session as a turn left it; a new one becomes the newest of its conversation.
    async fn write(&self, tx: &mut Connection<'_>, key: &ConversationKey) -> Result<(), Error> {
        if self.revision > 1 {
            return self.update(tx).await;
        }
        self.insert(tx).await?;
        tx.execute(
            "UPDATE conversations SET session_id = $4 WHERE bot_id = $1 AND user_id = $2 AND channel = $3",
            args![&key.bot, &key.user, &key.channel, &self.id],
        )
        .await
        .map(drop)
    }
}
