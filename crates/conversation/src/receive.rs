//! A turn: from what was received to what is kept and answered.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use dialog::reply::{Reply, Source};
use dialog::turn::Outcome;
use dialog::{Circumstances, Event};
use domain::Timestamp;
use serde_json::json;
use store::{ConversationKey, InboxDone, Session, Store, TurnCommit};
use tokio::time::Instant;
use understanding::Models;

use crate::answer::Answer;
use crate::botkit::{Bells, Mediation, Talk};
use crate::bots::{Bots, Ready};
use crate::bounds::bound_said;
use crate::give_up::tried;
use crate::host::WorldHost;
use crate::incoming::{Incoming, IncomingEvent};
use crate::kept::Acted;
use crate::queue::Queue;
use crate::rehearsal::Journal;
use crate::session::{Document, bot_of, ended_damaged, is_over};
use crate::slot::{Slot, SlotState};
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
    /// What is noted of a turn that is tried out.
    pub(crate) journal: Option<&'a Journal>,
}

/// So often a turn is taken again when the conversation changed under it.
pub(crate) const ATTEMPTS: usize = 5;
/// How long nobody else takes a conversation whose node died.
const LEASE: Duration = Duration::from_secs(4);
/// How often a lease is renewed while a turn lasts.
const LEASE_RENEWAL: Duration = Duration::from_secs(1);
/// How long to wait for another node that works on the conversation.
pub(crate) const LEASE_LOOK: Duration = Duration::from_millis(20);

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
        pool.workers_per_bot = scripts.workers_per_bot;
        pool.waiting_per_bot = scripts.waiting_per_bot;
        pool.deadline = Duration::from_millis(scripts.deadline_ms);
        pool.memory_bytes = scripts.memory_bytes;
        pool.max_output_bytes = scripts.max_output_bytes;
        pool.store_bytes = store.limits().store_bytes;
        // With what the platform keeps in it, which is not counted where the context is judged.
        pool.max_context_bytes = options.compat.largest_context + (4 << 20);
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

    /// Starts a process that runs scripts, which logs what it should not be allowed and is. Nothing depends on it: scripts
    /// start theirs when they need one.
    pub async fn warm_up(&self) {
        if let Err(error) = self.0.scripts.warm_up().await {
            tracing::warn!(%error, "scripts cannot be run");
        }
    }

    /// What makes all calls to the outside.
    pub fn services(&self) -> &services::Client {
        &self.0.services
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
        // A turn is a large future: on the heap it leaves the stacks of those who wait alone.
        Box::pin(self.receive_in_turn(&incoming, &key, &Slot::default())).await
    }

    /// As [`Self::receive`], for who holds the turn already. The inbox message in `slot`, if there is one at the end, is
    /// done with it.
    pub(crate) async fn receive_in_turn(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        // On the heap, as all of it that is large.
        let turn = Box::pin(async {
            // What was acknowledged by a process that died is answered before.
            self.catch_up(key, true).await?;
            self.attempts(incoming, key, slot).await
        });
        self.0.claimed(key, turn).await
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
            let attempt = Box::pin(self.0.attempt(incoming, key, slot, &mut mediation));
            match self.0.contain("turn", attempt).await {
                // It changed meanwhile, or the same message was answered meanwhile: the next look tells.
                Err(Error::Store(store::Error::Conflict(what) | store::Error::Exists(what))) => {
                    tracing::debug!(what, "a turn is taken again: its conversation changed");
                }
                Ok(answer) => {
                    mediation.finish().await;
                    return Ok(answer);
                }
                // It would panic again: the task it panicked in is over, as after any other failure.
                Err(error @ Error::Panicked(_)) => {
                    return Box::pin(self.0.give_up(incoming, key, slot, &tried(error.to_string()))).await;
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Busy)
    }
}

impl Shared {
    /// Does work that fails alone when it panics.
    pub(crate) async fn contain<T>(
        &self,
        what: &str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        self.store.supervisor().contain(what, work).await.unwrap_or_else(|panicked| Err(panicked.into()))
    }

    /// Does work on a conversation that no other node works on meanwhile.
    pub(crate) async fn claimed<T>(
        &self,
        key: &ConversationKey,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        // Whatever becomes of it, the claim is given back.
        let work = self.contain("conversation", work);
        if !self.store.is_shared() {
            // One process has the database: its queue is enough, and the commit refuses whoever comes between.
            return work.await;
        }
        let mut look = tokio::time::interval(LEASE_LOOK);
        while !self.claim(key).await? {
            look.tick().await;
        }
        let done = tokio::select! {
            done = work => done,
            never = self.keep_claim(key) => match never {},
        };
        if let Err(error) = self.store.release_conversation(key, &self.owner).await {
            tracing::warn!(%error, "a lease on a conversation lapses by itself");
        }
        done
    }

    async fn claim(&self, key: &ConversationKey) -> Result<bool, Error> {
        let until = self.store.clock().now().plus(LEASE);
        Ok(self.store.claim_conversation(key, &self.owner, until).await?)
    }

    /// Renews the claim again and again. One that was lost does no harm: the commit decides.
    async fn keep_claim(&self, key: &ConversationKey) -> Infallible {
        loop {
            tokio::time::sleep(LEASE_RENEWAL).await;
            if let Err(error) = self.claim(key).await {
                tracing::warn!(%error, "a lease on a conversation could not be renewed");
            }
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
                let result = answer.to_value();
                commit.inbox_done = Some(InboxDone { id: id.clone(), result });
                self.store.commit_turn(commit).await?;
            }
            return Ok(answer);
        }
        let expected = active.as_ref().map(|session| session.id.clone());
        let now = self.store.clock().now();
        let read = active.as_ref().map(Document::of).transpose();
        let is_damaged = read.is_err();
        let before = read.unwrap_or_default();
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
                self.end_session(&mut commit, (session.clone(), document.clone()), &ready, now, is_over);
            } else {
                current = Some((session.clone(), document.clone()));
            }
        }
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
        let limits = *self.store.limits();
        Self::tell_user(incoming, &mut document, &limits);
        self.load_values(key, &mut document, &mut session).await?;
        let is_first = incoming.text().is_some() && !document.state.interactive;
        self.choose_language(incoming, &ready, &mut document, is_first).await?;

        // The turn itself.
        let turn = Turn { incoming, key, ready: &ready, session: &session, now, journal: None };
        let mut outcome = if is_damaged {
            // The user is told that what was begun is lost; the next message finds a conversation that works.
            let text = dialog::failure_text(&ready.bot, &document.state, &key.channel);
            Outcome { replies: vec![Reply::text(Source::Failure, text)], ..Outcome::default() }
        } else {
            Box::pin(mediation.take_turn(&turn, &mut document)).await?
        };
        bound_said(&mut outcome, &limits);

        let acted = Acted { incoming, key, ready: &ready, now, session, document, outcome };
        Box::pin(self.keep_turn(acted, commit, slot)).await
    }

    /// Lets the bot act, unless a human has the conversation.
    pub(crate) async fn take_turn(
        &self,
        turn: &Turn<'_>,
        event: Event,
        document: &mut Document,
        talk: &mut Talk,
    ) -> Result<Outcome, Error> {
        let Turn { incoming, key, ready, session, now, journal } = *turn;
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
            flows: self.options.flows.clone(),
            compat: self.options.compat.clone(),
            hiding: std::sync::Arc::clone(&ready.hiding),
            limits: *self.store.limits(),
        };
        let mut host = WorldHost {
            shared: self,
            bot: &ready.bot,
            key,
            session: session.id.to_string(),
            language: document.state.language.clone(),
            turn: document.state.turns,
            calls: 0,
            now,
            mode: document.services,
            talk,
            ends_at: Instant::now() + self.turn_limit(),
            pace: &ready.pace,
            journal,
        };
        // A turn is a large type of many parts: whoever awaits it need not know them.
        let turn: Pin<Box<dyn Future<Output = Outcome> + Send + '_>> =
            Box::pin(dialog::turn(&ready.bot, &model, &mut document.state, event, &at, &mut host));
        Ok(turn.await)
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

/// The seed of a turn: the same turn, taken again, draws the same.
fn seed_of(session: &domain::SessionId, turn: u64) -> u64 {
    let hash = access::digest::sha256(format!("{session}/{turn}").as_bytes());
    u64::from_str_radix(&hash[..16], 16).unwrap_or(0)
}
