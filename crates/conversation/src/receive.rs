//! A turn: from what was received to what is kept and answered.

use std::sync::Arc;
use std::time::Duration;

use dialog::host::Put;
use dialog::turn::{Outcome, Reason, TaskEnd};
use dialog::{Circumstances, Event};
use domain::Timestamp;
use serde_json::{Value, json};
use store::{
    ConversationKey, Direction, EndedSession, InboxDone, NewDelivery, NewMessage, Session, Store, Tag, TurnCommit,
    TurnLog, ValueChange, ValueOwner,
};
use tokio::time::Instant;
use understanding::Models;

use crate::answer::{Answer, Spoken, outgoing, reply_of};
use crate::botkit::{Bells, Mediation, Talk};
use crate::bots::{Bots, Ready};
use crate::host::WorldHost;
use crate::incoming::{Incoming, IncomingEvent, PostTo};
use crate::queue::Queue;
use crate::session::{Document, LastTurn, add, bot_of, closes_at, is_over, over_at, tag};
use crate::{Error, Options};

/// Holds conversations. Cheap to clone.
#[derive(Clone)]
pub struct Conversations(Arc<Shared>);

/// What all turns share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) models: Models,
    pub(crate) scripts: script::Pool,
    pub(crate) services: services::Client,
    pub(crate) options: Options,
    pub(crate) bots: Bots,
    pub(crate) queue: Queue,
    pub(crate) bells: Bells,
    /// Where users reach this server, for links in messages.
    pub(crate) public_url: String,
    /// Who this process is, when it holds leases.
    pub(crate) owner: String,
}

/// What a turn is about.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'a> {
    pub(crate) incoming: &'a Incoming,
    pub(crate) key: &'a ConversationKey,
    pub(crate) ready: &'a Ready,
    pub(crate) session: &'a Session,
    pub(crate) now: Timestamp,
}

/// So often a turn is taken again when the conversation changed under it.
const ATTEMPTS: usize = 5;
/// A lease on a conversation is good for longer than a turn may take.
const LEASE_GRACE: Duration = Duration::from_secs(30);
/// How long to wait for another node that works on the conversation.
const LEASE_LOOK: Duration = Duration::from_millis(20);

impl std::fmt::Debug for Conversations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversations").finish_non_exhaustive()
    }
}

impl Conversations {
    /// Conversations over a store. `worker` is the program that runs scripts, with its arguments.
    ///
    /// # Errors
    /// The settings of services cannot be used.
    pub fn new(
        store: Store,
        models: Models,
        options: Options,
        public_url: String,
        worker: (std::path::PathBuf, Vec<std::ffi::OsString>),
    ) -> Result<Self, services::SetupError> {
        let mut pool = script::PoolOptions::new(worker.0, worker.1);
        let scripts = &options.scripts;
        if scripts.workers > 0 {
            pool.workers = scripts.workers;
        }
        pool.deadline = Duration::from_millis(scripts.deadline_ms);
        pool.memory_bytes = scripts.memory_bytes;
        pool.max_output_bytes = scripts.max_output_bytes;
        let services = services::Client::new(&options.services, store.clock().clone())?;
        let owner = store.ids().object_id();
        Ok(Self(Arc::new(Shared {
            scripts: script::Pool::new(pool),
            services,
            bots: Bots::default(),
            queue: Queue::default(),
            bells: Bells::default(),
            store,
            models,
            options,
            public_url,
            owner,
        })))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Ends the processes that run scripts. Turns after this fail.
    pub async fn close(&self) {
        self.0.scripts.close().await;
    }

    /// Answers something that happened on a channel. Turns of one conversation follow each other in the order of these
    /// calls; when this returns, the answer is kept.
    ///
    /// # Errors
    /// The bot cannot be run, or the store failed. Nothing of the turn happened then, but for what services did.
    pub async fn receive(&self, incoming: Incoming) -> Result<Answer, Error> {
        let key = incoming.key();
        let _turn = self.0.queue.enter(&key).await;
        self.receive_in_turn(&incoming, &key, &Slot::default()).await
    }

    /// As [`Self::receive`], for who holds the turn already. The inbox message in `slot`, if there is one at the end, is
    /// done with it.
    pub(crate) async fn receive_in_turn(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        let shared = &self.0;
        shared.claim(key).await?;
        // What was acknowledged by a process that died is answered before.
        let answered = match self.catch_up(key, true).await {
            Ok(()) => self.attempts(incoming, key, slot).await,
            Err(error) => Err(error),
        };
        shared.release(key).await;
        answered
    }

    /// Takes a turn, again where the conversation changed under it.
    pub(crate) async fn attempts(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        let mut mediation = Mediation::new(self.clone());
        for _ in 0..ATTEMPTS {
            match self.0.attempt(incoming, key, slot, &mut mediation).await {
                // It changed meanwhile, or the same message was answered meanwhile: the next look tells.
                Err(Error::Store(store::Error::Conflict(what) | store::Error::Exists(what))) => {
                    tracing::debug!(what, "a turn is taken again: its conversation changed");
                }
                Ok(answer) => {
                    mediation.finish().await;
                    return Ok(answer);
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Busy)
    }
}

/// Where a turn that takes long is told of the inbox message it answers.
#[derive(Default)]
pub(crate) struct Slot(tokio::sync::Mutex<SlotState>);

#[derive(Default)]
pub(crate) enum SlotState {
    /// Nobody was told yet that the message is taken.
    #[default]
    Open,
    /// This message of the inbox stands for it.
    Taken(String),
    /// The turn is written or over: too late to put it into the inbox.
    Closed,
}

impl Slot {
    /// A slot for a message of the inbox.
    pub(crate) fn taken(inbox: String) -> Self {
        Self(tokio::sync::Mutex::new(SlotState::Taken(inbox)))
    }

    /// Ends the slot: its turn is over, however it ended.
    pub(crate) async fn close(&self) {
        let mut state = self.0.lock().await;
        if let SlotState::Open = *state {
            *state = SlotState::Closed;
        }
    }

    /// Holds the slot: nothing is written meanwhile.
    pub(crate) async fn hold(&self) -> tokio::sync::MutexGuard<'_, SlotState> {
        self.0.lock().await
    }
}

impl Shared {
    /// Takes the conversation from other nodes.
    pub(crate) async fn claim(&self, key: &ConversationKey) -> Result<(), Error> {
        if !self.store.is_shared() {
            // One process has the database: its queue is enough, and the commit refuses whoever comes between.
            return Ok(());
        }
        let lease = self.longest_turn() + LEASE_GRACE;
        let mut look = tokio::time::interval(LEASE_LOOK);
        loop {
            let until = self.store.clock().now().plus(lease);
            if self.store.claim_conversation(key, &self.owner, until).await? {
                return Ok(());
            }
            look.tick().await;
        }
    }

    /// Gives the conversation back.
    pub(crate) async fn release(&self, key: &ConversationKey) {
        if self.store.is_shared()
            && let Err(error) = self.store.release_conversation(key, &self.owner).await
        {
            tracing::warn!(%error, "a lease on a conversation lapses by itself");
        }
    }

    /// How long the bot may take in a turn.
    pub(crate) fn turn_limit(&self) -> Duration {
        Duration::from_millis(self.options.turn_limit_ms)
    }

    /// How long a turn may take, with all it waits for.
    pub(crate) fn longest_turn(&self) -> Duration {
        self.turn_limit() * 2 + Duration::from_millis(self.options.botkit.limit_ms) * 2
    }

    /// One attempt at a turn.
    async fn attempt(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
        mediation: &mut Mediation,
    ) -> Result<Answer, Error> {
        let bot = bot_of(self, incoming).await?;
        let conversation = self.store.conversation(&key.bot, &key.user, &key.channel).await?;
        let active = conversation.as_ref().and_then(|it| it.session.clone());
        if let Some(client_id) = &incoming.client_id
            && let Some(answer) = self.earlier_answer(key, active.as_ref(), client_id).await?
        {
            if let SlotState::Taken(id) = &*slot.hold().await {
                // The message of the inbox came a second time: it waits for nothing any more.
                let mut commit = TurnCommit::of(key.clone(), active.map(|session| session.id));
                let result = serde_json::to_value(&answer).unwrap_or(Value::Null);
                commit.inbox_done = Some(InboxDone { id: id.clone(), result });
                self.store.commit_turn(commit).await?;
            }
            return Ok(answer);
        }
        let expected = active.as_ref().map(|session| session.id.clone());
        let now = self.store.clock().now();
        let before = active.as_ref().map(Document::of);
        let pinned = before.as_ref().and_then(|it| it.pinned.clone()).filter(|_| self.options.compat.pins_version);
        let draft = incoming.developer;
        let mut ready = self.bots.ready(&self.store, &bot, pinned.as_ref(), draft).await?;

        // Which session the turn belongs to.
        let mut commit = TurnCommit::of(key.clone(), expected);
        let mut current = None;
        if let (Some(session), Some(document)) = (&active, &before) {
            let is_over = is_over(session, &ready, now) && !self.goes_on(incoming, &ready, document).await?;
            let comes_anew = matches!(incoming.event, IncomingEvent::Connect) && document.state.interactive;
            if is_over || incoming.new_session || comes_anew {
                commit.ended = Some(self.ended(session.clone(), document.clone(), &ready, now, is_over));
            } else {
                current = Some((session.clone(), document.clone()));
            }
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
        Self::tell_user(incoming, &mut document);
        self.load_values(key, &mut document, &mut session).await?;
        let is_first = incoming.text().is_some() && !document.state.interactive;
        self.choose_language(incoming, &ready, &mut document, is_first).await?;

        // The turn itself.
        let turn = Turn { incoming, key, ready: &ready, session: &session, now };
        let outcome = mediation.take_turn(&turn, &mut document).await?;

        // What is kept of it.
        session.interactive |= incoming.text().is_some();
        session.developer |= incoming.developer;
        let language = document.state.language.clone();
        if session.languages.last() != Some(&language) {
            session.languages.retain(|it| *it != language);
            session.languages.push(language.clone());
        }
        let known_tags = session.user_tags.len();
        tag(&mut session, &incoming.tags);
        let of_level = |level: &str| -> Vec<(String, String)> {
            let mine = outcome.tags.iter().filter(|(of, ..)| of == level);
            mine.map(|(_, name, value)| (name.clone(), value.clone())).collect()
        };
        add(&mut session.session_tags, &of_level("session"));
        add(&mut session.user_tags, &of_level("user"));
        session.tasks = i64::from(document.state.tasks);
        document.had_agent |= document.state.with_agent;
        session.containment = Some(document.containment());
        session.expires_at = closes_at(&ready, now);
        // While a task waits, the end of what an event had started is nobody's business.
        let is_told = |end: &&TaskEnd| end.reason != Reason::FulfilledEvent || document.state.stack.is_empty();
        let end = outcome.ended.iter().rev().find(is_told).cloned();
        document.last = Some(LastTurn {
            client_id: incoming.client_id.clone(),
            replies: outcome.replies.clone(),
            end: end.clone(),
        });
        commit.messages = self.messages(incoming, &outcome, &language, &of_level("message"));
        let new_tags = session.user_tags.get(known_tags..).unwrap_or_default();
        commit.values = changes(key, &outcome.puts, new_tags, now);
        if self.options.debug_log_s > 0 {
            let turn = i64::try_from(document.state.turns).unwrap_or(i64::MAX);
            commit.log = Some(TurnLog { session: session.id.clone(), turn, entry: entry(incoming, &outcome) });
        }
        if !ready.hiding.is_empty() {
            let said = commit.messages.iter_mut().flat_map(|message| &mut message.components);
            let texts = said.filter_map(|component| component.pointer_mut("/data"));
            texts.chain(commit.log.iter_mut().map(|log| &mut log.entry)).for_each(|kept| ready.hiding.value(kept));
        }
        if outcome.closes_session {
            dialog::turn::abandon(&mut document.state);
            session.ended_at = Some(now);
        }
        session.state = document.to_value();
        let mut answer = Answer {
            session: session.id.clone(),
            user: key.user.clone(),
            identity: key.identity.clone(),
            spoken: Vec::new(),
            end,
            session_closed: outcome.closes_session,
            session_ended_before: ended_before,
            with_agent: document.state.with_agent,
        };
        commit.session = Some(session);
        commit.outbox = incoming.post.iter().flat_map(|to| deliveries(to, incoming, &outcome, &answer)).collect();
        let mut held = slot.hold().await;
        if let SlotState::Taken(id) = &*held {
            answer.spoken = outcome.replies.iter().map(|reply| Spoken::new(reply.clone(), "", now)).collect();
            let result = serde_json::to_value(&answer).unwrap_or(Value::Null);
            commit.inbox_done = Some(InboxDone { id: id.clone(), result });
        }
        let committed = self.store.commit_turn(commit).await?;
        if !matches!(&*held, SlotState::Taken(_)) {
            *held = SlotState::Closed;
        }
        drop(held);
        let said = committed.messages.iter().filter(|message| message.direction == Direction::Outgoing);
        answer.spoken = outcome
            .replies
            .into_iter()
            .zip(said)
            .map(|(reply, message)| Spoken::new(reply, message.id.as_str(), message.created_at))
            .collect();
        Ok(answer)
    }

    /// Lets the bot act, unless a human has the conversation.
    pub(crate) async fn take_turn(
        &self,
        turn: &Turn<'_>,
        event: Event,
        document: &mut Document,
        talk: &mut Talk,
    ) -> Result<Outcome, Error> {
        let Turn { incoming, key, ready, session, now } = *turn;
        if document.state.with_agent {
            return Ok(Outcome::default());
        }
        let model = self.models.model(&ready.definition, &document.state.language).await?;
        let zone = incoming.timezone.as_deref().and_then(|name| jiff::tz::TimeZone::get(name).ok());
        let at = Circumstances {
            bot_id: key.bot.to_string(),
            user_id: key.user.to_string(),
            session_id: session.id.to_string(),
            channel: incoming.speaks_as.clone().unwrap_or_else(|| key.channel.clone()),
            now: now.to_utc().with_time_zone(zone.unwrap_or(jiff::tz::TimeZone::UTC)),
            seed: seed_of(&session.id, document.state.turns),
            connects: incoming.connects,
            compat: self.options.compat.clone(),
            hiding: std::sync::Arc::clone(&ready.hiding),
        };
        let mut host = WorldHost {
            shared: self,
            bot: &ready.bot,
            key,
            session: session.id.to_string(),
            language: document.state.language.clone(),
            turn: document.state.turns,
            now,
            mode: document.services,
            talk,
            ends_at: Instant::now() + self.turn_limit(),
        };
        Ok(dialog::turn(&ready.bot, &model, &mut document.state, event, &at, &mut host).await)
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
        Ok(dialog::answers(&ready.bot, &model, &document.state, text, &now))
    }

    /// A session that ends now, or did when its time was over, with what it says last.
    pub(crate) fn ended(
        &self,
        mut session: Session,
        mut document: Document,
        ready: &Ready,
        now: Timestamp,
        for_want_of_messages: bool,
    ) -> EndedSession {
        let at = if for_want_of_messages { over_at(&session, ready, now) } else { now };
        session.containment = Some(document.containment());
        let mut messages = Vec::new();
        if for_want_of_messages && !ready.bot.settings.session.closes_silently && document.state.interactive {
            let text = dialog::closing_text(&ready.bot, &session.channel, &document.state.language);
            let reply = dialog::reply::Reply::text(dialog::reply::Source::Platform, text);
            messages.push(outgoing(&reply, &document.state.language, self.store.ids()));
        }
        dialog::turn::abandon(&mut document.state);
        session.state = document.to_value();
        EndedSession { session, at, messages }
    }

    /// What is kept outside of the session: values of the account, the bot and the user.
    async fn load_values(
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
                    add(&mut session.user_tags, &[(name, text)]);
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

    fn messages(
        &self,
        incoming: &Incoming,
        outcome: &Outcome,
        language: &str,
        tags: &[(String, String)],
    ) -> Vec<NewMessage> {
        let ids = self.store.ids();
        let mut messages = Vec::new();
        if let IncomingEvent::Message { text, attachments, shown, .. } = &incoming.event {
            let mut components =
                vec![json!({"_id": ids.prefixed("cp"), "cT": "text", "data": {"text": text}, "thumbnails": []})];
            for file in attachments {
                components.push(json!({"_id": ids.prefixed("cp"), "cT": "attachment", "data": file, "thumbnails": []}));
            }
            let all = incoming.tags.message.iter().chain(tags);
            messages.push(NewMessage {
                direction: Direction::Incoming,
                client_id: incoming.client_id.clone(),
                language: language.to_owned(),
                components,
                tags: all.map(|(name, value)| Tag { name: name.clone(), value: value.clone() }).collect(),
                alternative_texts: shown.iter().cloned().collect(),
                trace_id: None,
                of_task: false,
            });
        }
        messages.extend(outcome.replies.iter().map(|reply| outgoing(reply, language, ids)));
        messages
    }

    /// The answer to a message that was answered before.
    async fn earlier_answer(
        &self,
        key: &ConversationKey,
        active: Option<&Session>,
        client_id: &str,
    ) -> Result<Option<Answer>, Error> {
        let found = self.store.messages_of_turn(&key.bot, &key.user, &key.channel, client_id).await?;
        let Some(messages) = found else { return Ok(None) };
        let last = active.map(Document::of).and_then(|document| document.last);
        let last = last.filter(|last| last.client_id.as_deref() == Some(client_id));
        let said: Vec<_> = messages.iter().filter(|message| message.direction == Direction::Outgoing).collect();
        let replies = match &last {
            Some(last) if last.replies.len() == said.len() => last.replies.clone(),
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
        }))
    }
}

impl Spoken {
    fn new(reply: dialog::reply::Reply, message_id: &str, created_on: Timestamp) -> Self {
        Self { reply, message_id: message_id.to_owned(), created_on }
    }
}

/// The seed of a turn: the same turn, taken again, draws the same.
fn seed_of(session: &domain::SessionId, turn: u64) -> u64 {
    let hash = access::digest::sha256(format!("{session}/{turn}").as_bytes());
    u64::from_str_radix(&hash[..16], 16).unwrap_or(0)
}

/// What a turn changes outside of its session.
fn changes(key: &ConversationKey, puts: &[Put], user_tags: &[Tag], now: Timestamp) -> Vec<ValueChange> {
    let mut changes = Vec::new();
    for put in puts {
        let owner = match put.store.as_str() {
            "EnterpriseContext" => ValueOwner::Enterprise(key.account.clone()),
            "BotContext" => ValueOwner::Bot(key.bot.clone()),
            "UserSession" => ValueOwner::User(key.account.clone(), key.user.clone()),
            _ => ValueOwner::BotUser(key.bot.clone(), key.user.clone()),
        };
        let lifetime = put.ttl_minutes.filter(|minutes| *minutes > 0.0 && minutes.is_finite());
        let expires_at = lifetime.map(|minutes| now.plus(Duration::from_secs_f64((minutes * 60.0).min(1e9))));
        changes.push(ValueChange { owner, name: put.key.clone(), value: put.value.clone(), expires_at });
    }
    for tag in user_tags {
        let owner = ValueOwner::UserTags(key.account.clone(), key.user.clone());
        changes.push(ValueChange { owner, name: tag.name.clone(), value: Some(json!(tag.value)), expires_at: None });
    }
    changes
}

/// What the debug log keeps of a turn.
fn entry(incoming: &Incoming, outcome: &Outcome) -> Value {
    let input = match &incoming.event {
        IncomingEvent::Message { text, .. } => json!({"message": text}),
        IncomingEvent::Connect => json!({"event": "ON_CONNECT"}),
        IncomingEvent::Form { form, values } => json!({"form": form, "sent": values.is_some()}),
        IncomingEvent::Server(_) => json!({"event": "serviceCallback"}),
        IncomingEvent::BotKit(order) => json!({"botkit": order}),
        IncomingEvent::Start { dialog, .. } => json!({"dialog": dialog}),
    };
    let said: Vec<String> = outcome.replies.iter().map(dialog::reply::Reply::plain_text).collect();
    json!({"input": input, "steps": outcome.log, "output": said, "ended": outcome.ended})
}

/// What is posted to a customer's server: one message each, then the end of the task. Whoever posts gives it its form.
fn deliveries(to: &PostTo, incoming: &Incoming, outcome: &Outcome, answer: &Answer) -> Vec<NewDelivery> {
    let body = |what: &str, value: Value, is_last: bool| NewDelivery {
        url: to.url.clone(),
        body: json!({"form": to.form, "to": incoming.identity, "from": incoming.bot, "last": is_last, what: value}),
    };
    let count = outcome.replies.len();
    let replies = outcome.replies.iter().enumerate();
    let mut deliveries: Vec<NewDelivery> =
        replies.map(|(at, reply)| body("reply", json!(reply), at + 1 == count)).collect();
    deliveries.extend(answer.end.iter().map(|end| body("end", json!(end), true)));
    deliveries
}
