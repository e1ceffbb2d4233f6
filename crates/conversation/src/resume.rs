//! The beginning of a turn: where the conversation stands, which session and which version of the bot the turn belongs to;
//! and, of a turn that was taken before, everything it began with and was answered.

use domain::{MessageId, SessionId, Timestamp};
use serde_json::json;
use store::{ConversationKey, Direction, InboxDone, KeptJournal, Session, TurnCommit, ValueOwner};

use crate::Error;
use crate::answer::{Answer, Spoken, reply_of};
use crate::book::{Book, MESSAGE};
use crate::bots::Ready;
use crate::frame::{Ends, Frame};
use crate::incoming::{Incoming, IncomingEvent};
use crate::journal::Journal;
use crate::session::{Document, LastTurn, add, bot_of, ended_damaged, is_over};
use crate::shape::Shape;
use crate::shared::Shared;
use crate::slot::Slot;

/// What a turn is to do.
pub(crate) enum Resumed<'a> {
    /// Nothing: the message was answered before.
    Answered(Answer),
    /// To act.
    Begun(Box<Begun<'a>>),
}

/// A turn that is about to act.
pub(crate) struct Begun<'a> {
    pub(crate) ready: Ready,
    pub(crate) now: Timestamp,
    pub(crate) document: Document,
    /// What was kept of the session cannot be read: the user is told, and nothing else happens.
    pub(crate) is_damaged: bool,
    pub(crate) journal: Journal<'a>,
}

impl<'a> Begun<'a> {
    /// A turn that is kept in a book, with what was kept of it before.
    pub(crate) fn of(book: Book<'a>, kept: KeptJournal, document: Document, is_damaged: bool) -> Result<Self, Error> {
        let (ready, now) = (book.ready.clone(), book.frame.now);
        Ok(Self { ready, now, document, is_damaged, journal: Journal::of(book, kept)? })
    }
}

impl Shared {
    /// Begins a turn, or takes up one that did not come to its end.
    pub(crate) async fn resume<'a>(
        &'a self,
        incoming: &'a Incoming,
        key: &'a ConversationKey,
        slot: &'a Slot,
    ) -> Result<Resumed<'a>, Error> {
        if let Some(begun) = self.resume_kept(incoming, key, slot).await? {
            return Ok(Resumed::Begun(begun));
        }
        let bot = bot_of(self, incoming).await?;
        let conversation = self.store.conversation(&key.bot, &key.user, &key.channel).await?;
        let active = conversation.as_ref().and_then(|it| it.session.clone());
        if let Some(client_id) = &incoming.client_id
            && let Some(answer) = self.earlier_answer(key, active.as_ref(), client_id).await?
        {
            if slot.is_kept().await {
                // The message of the inbox came a second time: it waits for nothing any more.
                let mut commit = TurnCommit::of(key.clone(), active.map(|session| session.id));
                let result = answer.to_kept();
                commit.inbox_done = Some(InboxDone { id: slot.id.clone(), result, has_journal: false });
                self.store.commit_turn(commit).await?;
            }
            return Ok(Resumed::Answered(answer));
        }
        let expected = active.as_ref().map(|session| session.id.clone());
        let now = self.store.clock().now();
        let read = active.as_ref().map(Document::of).transpose();
        let is_damaged = read.is_err();
        let before = read.unwrap_or_default();
        let pinned = before.as_ref().and_then(|it| it.pinned.clone()).filter(|_| self.options.compat.pins_version);
        let closing = incoming.closing();
        if let Some(closing) = closing
            && (is_damaged || !expected.as_ref().is_some_and(|session| closing.means(session)))
        {
            return Ok(Resumed::Answered(self.close_silently(key, closing, slot).await?));
        }
        let draft = incoming.developer;
        let mut ready = self.bots.ready(&self.store, &bot, pinned.as_ref(), draft).await?;

        // Which session the turn belongs to.
        let mut commit = TurnCommit::of(key.clone(), expected);
        let mut current = None;
        let mut ends = None;
        if let (Some(session), Some(document)) = (&active, &before) {
            let is_over =
                closing.is_none() && is_over(session, &ready, now) && !self.goes_on(incoming, &ready, document).await?;
            let comes_anew = matches!(incoming.event, IncomingEvent::Connect) && document.state.interactive;
            if is_over || incoming.new_session || comes_anew {
                self.end_session(&mut commit, (session.clone(), document.clone()), &ready, now, is_over);
                ends = Some(Ends { session: session.id.clone(), is_over });
            } else {
                current = Some((session.clone(), document.clone()));
            }
        }
        let newest = conversation.as_ref().and_then(|it| it.newest_session.as_ref());
        let turn = turn_of(incoming, key, newest, slot);
        if is_damaged {
            commit.ended = active.map(|session| ended_damaged(session, now));
        }
        let ended_before = commit.ended.is_some();
        let returning = conversation.is_some_and(|it| it.session.is_some() || it.details.get("sessions").is_some());
        let is_new = current.is_none();
        if is_new && ended_before {
            // A new session takes the newest version.
            ready = self.bots.ready(&self.store, &bot, None, draft).await?;
        }
        let (mut session, mut document) =
            current.unwrap_or_else(|| self.begin_session(incoming, &ready, before.as_ref(), returning));
        if is_new {
            commit.details = Some(json!({"sessions": true}));
        }
        if let Some(mode) = incoming.services {
            document.services = Some(mode);
        }
        Self::tell_user(incoming, &mut document, self.store.limits());
        self.load_values(key, &mut document, &mut session).await?;
        let is_first = incoming.text().is_some() && !document.state.interactive;
        self.choose_language(incoming, &ready, &mut document, is_first).await?;
        let frame = Frame::of(turn, now, &session, ends, &ready.version, &document);
        let book = Book { shared: self, incoming, ready, slot, frame, is_begun: false, session, commit, message: None };
        let begun = Begun::of(book, KeptJournal::default(), document, is_damaged)?;
        Ok(Resumed::Begun(Box::new(begun)))
    }

    /// Takes up a turn that acted outside of the process and did not come to its end; nothing where the message has no such
    /// turn.
    ///
    /// # Errors
    /// [`store::Error::Conflict`] when somebody else ended it, [`Error::Diverged`] when what was kept cannot be read.
    pub(crate) async fn resume_kept<'a>(
        &'a self,
        incoming: &'a Incoming,
        key: &'a ConversationKey,
        slot: &'a Slot,
    ) -> Result<Option<Box<Begun<'a>>>, Error> {
        if !slot.is_kept().await {
            return Ok(None);
        }
        let kept = self.store.journal(&slot.id).await?;
        if kept.is_none() {
            // It may have gone with its bot.
            bot_of(self, incoming).await?;
        }
        let mut kept = kept.ok_or_else(|| store::Error::Conflict(format!("the turn of the message {}", slot.id)))?;
        let Some(frame) = kept.frame.take() else { return Ok(None) };
        let frame = Frame::read(&frame).map_err(|error| Error::Diverged(error.to_string()))?;
        let bot = bot_of(self, incoming).await?;
        let active = self.store.conversation(&key.bot, &key.user, &key.channel).await?.and_then(|it| it.session);
        let ready = self.bots.ready(&self.store, &bot, Some(&frame.pinned), incoming.developer).await?;
        let now = frame.now;
        let mut commit = TurnCommit::of(key.clone(), active.as_ref().map(|session| session.id.clone()));
        let written = match &active {
            Some(session) if session.id == frame.session => active.clone(),
            _ => self.store.session(&frame.session).await?,
        };
        let mut session = match written {
            Some(session) => {
                // Somebody closed it meanwhile: what is said belongs to it all the same.
                commit.was_closed = session.ended_at.is_some();
                session
            }
            None => {
                commit.details = Some(json!({"sessions": true}));
                // The one that ends before it may have ended by now; one that began meanwhile is over with it.
                if let Some(session) = active {
                    let is_over = frame.ends.as_ref().is_some_and(|ends| ends.session == session.id && ends.is_over);
                    match Document::of(&session) {
                        Ok(document) => self.end_session(&mut commit, (session, document), &ready, now, is_over),
                        Err(_) => commit.ended = Some(ended_damaged(session, now)),
                    }
                }
                let (session, _) = self.begin_session(incoming, &ready, None, false);
                Session { id: frame.session.clone(), started_at: now, ..session }
            }
        };
        frame.tag(&mut session);
        let document = frame.document.clone();
        let message = kept.effects.iter().find(|effect| effect.place == MESSAGE);
        let message = message.and_then(|effect| effect.answer.as_str()).map(MessageId::stored);
        let book = Book { shared: self, incoming, ready, slot, frame, is_begun: true, session, commit, message };
        let begun = Begun::of(book, kept, document, false)?;
        Ok(Some(Box::new(begun)))
    }

    /// What is kept outside of the session: values of the account, the bot and the user.
    pub(crate) async fn load_values(
        &self,
        key: &ConversationKey,
        document: &mut Document,
        session: &mut Session,
    ) -> Result<(), Error> {
        let owners = [
            ValueOwner::Enterprise(key.account.clone()),
            ValueOwner::Bot(key.bot.clone()),
            ValueOwner::User(key.account.clone(), key.user.clone()),
            ValueOwner::UserTags(key.account.clone(), key.user.clone()),
            ValueOwner::BotUser(key.bot.clone(), key.user.clone()),
        ];
        let stores = &mut document.state.stores;
        for value in self.store.context_values(&owners).await? {
            let name = value.name;
            match value.owner {
                ValueOwner::Enterprise(_) => drop(stores.enterprise.insert(name, value.value)),
                ValueOwner::Bot(_) => drop(stores.bot.insert(name, value.value)),
                ValueOwner::User(..) => drop(stores.user.insert(name, value.value)),
                ValueOwner::UserTags(..) => {
                    let text = value.value.as_str().unwrap_or_default().to_owned();
                    add(&mut session.user_tags, &[(name, text)], usize::MAX);
                }
                ValueOwner::BotUser(..) => {
                    let until = value.expires_at.map(|at| at.to_utc().timestamp().as_millisecond());
                    if let Some(until) = until {
                        stores.expires.insert(name.clone(), until);
                    }
                    stores.bot_user.insert(name, value.value);
                }
            }
        }
        Ok(())
    }

    /// The answer to a message that was answered before.
    pub(crate) async fn earlier_answer(
        &self,
        key: &ConversationKey,
        active: Option<&Session>,
        client_id: &str,
    ) -> Result<Option<Answer>, Error> {
        let found = self.store.messages_of_turn(&key.bot, &key.user, &key.channel, client_id).await?;
        let Some(messages) = found else { return Ok(None) };
        let document = active.and_then(|session| Document::of(session).ok());
        let promised = document.as_ref().zip(active).and_then(|(document, session)| document.promised(&session.id));
        let last = document.and_then(|document| document.last);
        let last = last.filter(|last| last.client_id.as_deref() == Some(client_id));
        let poll = promised.filter(|_| last.is_some());
        let last = last.or_else(|| LastTurn::of_kept(messages.first()?.answer.as_ref()?).ok());
        let said: Vec<_> = messages.iter().filter(|message| message.direction == Direction::Outgoing).collect();
        let replies = match &last {
            // What comes behind them was said without a message: at the end of the session, say.
            Some(last) if last.replies.len() <= said.len() => last.replies.clone(),
            _ => said.iter().map(|message| reply_of(message)).collect(),
        };
        let spoken = replies
            .into_iter()
            .zip(&said)
            .map(|(reply, message)| Spoken::new(reply, message.id.as_str(), message.created_at));
        let Some(session) = messages.first().map(|message| message.session.clone()) else { return Ok(None) };
        Ok(Some(Answer {
            session,
            user: key.user.clone(),
            identity: key.identity.clone(),
            spoken: spoken.collect(),
            end: last.and_then(|last| last.end),
            session_closed: false,
            session_ended_before: false,
            with_agent: false,
            poll,
        }))
    }

    /// Whether a message that comes after the time of its session still answers it: lazily closed sessions go on then.
    async fn goes_on(&self, incoming: &Incoming, ready: &Ready, document: &Document) -> Result<bool, Error> {
        if let IncomingEvent::BotKit(_) = incoming.event {
            return Ok(true);
        }
        if ready.bot.settings.session.closes_at_once {
            return Ok(false);
        }
        let Some(text) = incoming.text() else { return Ok(false) };
        let model = self.models.model(&ready.definition, &document.state.language).await?;
        let now = self.store.clock().now().to_utc();
        let answers = || dialog::answers(&ready.bot, &model, &document.state, text, &now);
        Ok(self.models.think(&ready.pace, text.len(), answers))
    }
}

/// What tells a turn from all others: the same when its message is taken again, and when it is sent again under the id its
/// client gave it. Clients count anew in each session.
fn turn_of(incoming: &Incoming, key: &ConversationKey, newest: Option<&SessionId>, slot: &Slot) -> String {
    let Some(client_id) = &incoming.client_id else { return slot.id.clone() };
    let newest = newest.map(SessionId::as_str).unwrap_or_default();
    let of = format!("{}/{}/{}/{newest}/{client_id}", key.bot, key.user, key.channel);
    access::digest::sha256(of.as_bytes())[..24].to_owned()
}
