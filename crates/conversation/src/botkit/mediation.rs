//! A turn with a BotKit server in its middle.

use std::time::Duration;

use dialog::reply::{Reply, Source};
use dialog::state::Waiting;
use dialog::turn::TaskEnd;
use dialog::{Event, Message, Outcome};
use serde_json::Value;

use super::body::context;
use super::kind;
use super::talk::{DEFAULT, Enough, Heard, Question, Standing, Talk, broken_off, enough_for_user};
use super::{BotKit, BotKitOrder};
use crate::journal::{Journal, PassOn};
use crate::session::Document;
use crate::turn::Turn;
use crate::{Conversations, Error, Incoming, IncomingEvent};

/// What is said for a BotKit server that cannot be reached.
const UNREACHABLE: &str = "Sorry, I cannot help you at the moment. Please try again in a while.";

/// A turn, and what is to be done when it is kept.
pub(crate) struct Mediation {
    conversations: Conversations,
    after: Option<After>,
}

/// What is to be done when the turn is kept.
pub(super) struct After {
    pub(super) talk: Talk,
    /// Orders that are turns of their own.
    later: Vec<BotKitOrder>,
    /// Tasks that ended, and the context then.
    pub(super) ended: Vec<TaskEnd>,
    pub(super) context: Value,
}

impl Mediation {
    pub(crate) fn new(conversations: Conversations) -> Self {
        Self { conversations, after: None }
    }

    /// Lets happen what the turn is about.
    pub(crate) async fn take_turn(
        &mut self,
        turn: &Turn<'_>,
        document: &mut Document,
        journal: &mut Journal<'_>,
    ) -> Result<Outcome, Error> {
        let talk = Talk::begin(self.conversations.clone(), turn).await?;
        // A human spoke through that server: where it is gone, nobody else would ever give the bot back.
        document.state.with_agent &= talk.kit.is_some();
        let mut act = Act { turn, document, talk, journal, outcome: Outcome::default(), later: Vec::new() };
        match &turn.incoming.event {
            IncomingEvent::BotKit(order) => act.obey(order.clone()).await?,
            IncomingEvent::Message { text, .. } => match act.hearer() {
                Some(kit) => {
                    for order in act.ask_about_user(&kit, text).await? {
                        act.obey(order).await?;
                    }
                }
                None => act.let_happen(&turn.incoming.event).await?,
            },
            event => act.let_happen(event).await?,
        }
        act.end().await?;
        let Act { talk, mut outcome, later, document, journal, .. } = act;
        outcome.replies = journal.take_said();
        let ended = if talk.hears("onevent") { outcome.ended.clone() } else { Vec::new() };
        let context = if ended.is_empty() { Value::Null } else { context(turn, &document.state) };
        self.after = Some(After { talk, later, ended, context });
        Ok(outcome)
    }

    /// The turn is kept: its ends are told. What is to happen as turns of their own is given back.
    pub(crate) fn finish(self) -> Vec<Incoming> {
        let Some(mut after) = self.after else { return Vec::new() };
        let later = std::mem::take(&mut after.later);
        let later = later.into_iter().map(|order| after.talk.incoming(order)).collect();
        if !after.ended.is_empty() {
            let supervisor = self.conversations.shared().store.supervisor().clone();
            tokio::spawn(async move { supervisor.contain("BotKit event", after.tell_ends()).await });
        }
        later
    }
}

/// A turn as it goes on.
struct Act<'a, 'j> {
    turn: &'a Turn<'a>,
    document: &'a mut Document,
    talk: Talk,
    journal: &'a mut Journal<'j>,
    outcome: Outcome,
    later: Vec<BotKitOrder>,
}

impl Act<'_, '_> {
    /// The server that is to hear what the user said.
    fn hearer(&self) -> Option<BotKit> {
        let kit = self.talk.kit.clone()?;
        (self.document.state.with_agent || kit.hears("onmessage")).then_some(kit)
    }

    /// Asks what becomes of the user's message.
    async fn ask_about_user(&mut self, kit: &BotKit, text: &str) -> Result<Vec<BotKitOrder>, Error> {
        let asked = self.journal.question(kind::USER_MESSAGE, &Value::from(text));
        if let Some(known) = self.journal.known::<Heard>(&asked) {
            return Ok(self.talk.heard_before(known.map_err(broken_off)?));
        }
        let with_agent = self.document.state.with_agent;
        let question = self.question(kind::USER_MESSAGE, text);
        let place = self.talk.ask(self.journal.request_id(&asked), kit, question).await?;
        let orders = self.user_orders(place, with_agent).await?;
        let heard = self.journal.keep(asked, Ok(self.talk.heard(place, orders))).await;
        Ok(heard.map_err(broken_off)?.orders)
    }

    /// Waits for what becomes of the user's message.
    async fn user_orders(&mut self, place: usize, with_agent: bool) -> Result<Vec<BotKitOrder>, Error> {
        let options = &self.talk.conversations.options().botkit;
        let limit = Duration::from_millis(if with_agent { options.agent_limit_ms } else { options.limit_ms });
        if with_agent {
            // An agent answers when it is time; the message only has to arrive.
            let mut orders = Vec::new();
            let is_heard = self.talk.was_heard(place).await.is_ok();
            if !is_heard || self.turn.incoming.is_waited_for() {
                orders = self.talk.orders(place, limit, enough_for_user).await?;
            }
            if !is_heard && orders.is_empty() {
                orders.push(apology());
            }
            return Ok(orders);
        }
        let mut orders = self.talk.orders(place, limit, enough_for_user).await?;
        if orders.is_empty() {
            self.talk.miss(place);
            orders.push(apology());
        }
        Ok(orders)
    }

    fn question<'q>(&self, kind: &'static str, message: &'q str) -> Question<'q> {
        Question {
            kind,
            component: DEFAULT,
            dialog: "",
            message,
            with_agent: self.document.state.with_agent,
            context: context(self.turn, &self.document.state),
            event: None,
            original: None,
        }
    }

    /// Does what the server wants done.
    async fn obey(&mut self, order: BotKitOrder) -> Result<(), Error> {
        match self.obey_at_once(order) {
            Some(BotKitOrder::Hear { text, language }) => {
                let languages = &self.turn.ready.bot.languages;
                let spoken = language.and_then(|code| languages.iter().find(|it| it.eq_ignore_ascii_case(&code)));
                if let Some(language) = spoken {
                    self.document.state.language.clone_from(language);
                }
                let (raw, attachments) = match &self.turn.incoming.event {
                    IncomingEvent::Message { raw, attachments, .. } => (raw.clone(), attachments.clone()),
                    _ => (Value::Null, Vec::new()),
                };
                self.let_bot_act(Event::Message(Message { text, raw, attachments })).await
            }
            Some(BotKitOrder::Resume(context)) => {
                self.let_bot_act(Event::Server(super::body::without_added(context))).await
            }
            _ => Ok(()),
        }
    }

    /// Does what can be done at once; gives back what has the bot act.
    fn obey_at_once(&mut self, order: BotKitOrder) -> Option<BotKitOrder> {
        match order {
            BotKitOrder::Say(reply) => self.journal.say(*reply),
            BotKitOrder::Drop => {}
            BotKitOrder::Agent(has_it) => self.document.state.with_agent = has_it,
            BotKitOrder::Reset => self.outcome.ended.append(&mut dialog::turn::abandon(&mut self.document.state)),
            BotKitOrder::Close => self.outcome.closes_session = true,
            order @ (BotKitOrder::Hear { .. } | BotKitOrder::Resume(_)) => return Some(order),
        }
        None
    }

    /// Lets the bot hear of what happened.
    async fn let_happen(&mut self, event: &IncomingEvent) -> Result<(), Error> {
        match event.clone().for_bot() {
            Some(event) => self.let_bot_act(event).await,
            None => Ok(()),
        }
    }

    /// Lets the bot act, as long as the server answers its webhook nodes.
    async fn let_bot_act(&mut self, mut event: Event) -> Result<(), Error> {
        loop {
            let conversations = self.talk.conversations.clone();
            self.journal.begin_act();
            self.stand();
            let shared = conversations.shared();
            let acted = shared.take_turn(self.turn, event, self.document, &mut self.talk, self.journal).await?;
            let said = self.absorb(acted);
            self.journal.hear_all(said);
            self.stand();
            self.talk.pass_on(self.journal).await?;
            for order in std::mem::take(&mut self.talk.deferred) {
                let later = self.obey_at_once(order);
                self.later.extend(later);
            }
            match self.resumed().await? {
                Some(context) => event = Event::Server(super::body::without_added(context)),
                None => return Ok(()),
            }
        }
    }

    /// Notes where the conversation stands, for a server that hears what the bot says.
    fn stand(&mut self) {
        if self.talk.hears("onmessage") {
            let state = &self.document.state;
            self.talk.standing = Standing { context: context(self.turn, state), with_agent: state.with_agent };
        }
    }

    /// Takes over what came of an act of the bot; what it said is given back.
    fn absorb(&mut self, mut acted: Outcome) -> Vec<Reply> {
        let all = &mut self.outcome;
        all.ended.append(&mut acted.ended);
        all.started.append(&mut acted.started);
        all.puts.append(&mut acted.puts);
        all.tags.append(&mut acted.tags);
        all.log.append(&mut acted.log);
        all.closes_session |= acted.closes_session;
        all.clears_auth |= acted.clears_auth;
        all.transferred |= acted.transferred;
        all.unidentified |= acted.unidentified;
        acted.replies
    }

    /// The context with which a webhook node goes on, if the turn can wait for it and it comes in time.
    async fn resumed(&mut self) -> Result<Option<Value>, Error> {
        let waits = self.document.state.frame().is_some_and(|frame| frame.waiting == Waiting::Server);
        let Some(place) = self.talk.awaits.take().filter(|_| waits && self.turn.incoming.is_waited_for()) else {
            return Ok(None);
        };
        let limit = Duration::from_millis(self.talk.conversations.options().botkit.limit_ms);
        let resumes = |orders: &[BotKitOrder]| match orders.iter().any(|it| matches!(it, BotKitOrder::Resume(_))) {
            true => Enough::Yes,
            false => Enough::No,
        };
        let asked = self.journal.question("serviceCallback", &Value::Null);
        let orders = match self.journal.known::<Heard>(&asked) {
            Some(known) => self.talk.heard_before(known.map_err(broken_off)?),
            None => {
                let orders = self.journal.meanwhile(self.talk.orders(place, limit, resumes)).await?;
                let heard = self.journal.keep(asked, Ok(self.talk.heard(place, orders))).await;
                heard.map_err(broken_off)?.orders
            }
        };
        let mut resumed = None;
        for order in orders {
            match self.obey_at_once(order) {
                Some(BotKitOrder::Resume(context)) if resumed.is_none() => resumed = Some(context),
                later => self.later.extend(later),
            }
        }
        Ok(resumed)
    }

    /// Sees to what came besides.
    async fn end(&mut self) -> Result<(), Error> {
        match self.talk.transfer {
            // A human whom nobody called does not come.
            Some(false) => {
                self.document.state.with_agent = false;
                self.obey_at_once(apology());
            }
            // The first words of an agent come with the answer.
            Some(true) if self.turn.incoming.is_waited_for() => {
                let settle = Duration::from_millis(self.talk.conversations.options().botkit.settle_ms);
                tokio::time::sleep(settle).await;
            }
            Some(true) | None => {}
        }
        for order in self.talk.close().await? {
            let later = self.obey_at_once(order);
            self.later.extend(later);
        }
        Ok(())
    }
}

fn apology() -> BotKitOrder {
    BotKitOrder::Say(Box::new(Reply::text(Source::Platform, UNREACHABLE)))
}
