//! A turn's dealings with the BotKit server of its bot: what it asks, and the orders it waits for.

use std::time::Duration;

use dialog::host::{Fault, WebhookAnswer, WebhookCall};
use dialog::reply::Reply;
use domain::SessionId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{ClosedBotKitRequest, NewBotKitRequest};
use tokio::time::Instant;

use super::body::{Payload, without_added};
use super::post::Post;
use super::{BotKit, BotKitOrder, kind};
use crate::bells::Bell;
use crate::fault::fault_of;
use crate::journal::{Journal, PassOn};
use crate::shape::Shape;
use crate::turn::Turn;
use crate::{Conversations, Error, Incoming};

/// The component of what is about no node.
pub(super) const DEFAULT: &str = "default";

/// How often it is looked for orders that another node received.
const LOOK: Duration = Duration::from_secs(1);

/// A turn's dealings with a BotKit server.
pub(crate) struct Talk {
    pub(super) conversations: Conversations,
    /// The server; none where the bot has none.
    pub(super) kit: Option<BotKit>,
    of: Incoming,
    session: SessionId,
    bot_name: String,
    /// All waiting of the turn ends here.
    ends_at: Instant,
    asked: Vec<Asked>,
    /// So many bubbles the server was asked about.
    bubbles: u32,
    /// The request of the webhook node that is answered later, as a place in `asked`.
    pub(super) awaits: Option<usize>,
    /// A human was asked for, and whether somebody heard.
    pub(super) transfer: Option<bool>,
    /// The server left a question unanswered: nothing more is asked in this turn.
    pub(super) is_silent: bool,
    /// What the server is told of the conversation when the bot says something.
    pub(super) standing: Standing,
    /// What it wants done when the act of the bot is over.
    pub(super) deferred: Vec<BotKitOrder>,
}

/// Where a conversation stands, for the server.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    pub(super) context: Value,
    pub(super) with_agent: bool,
}

/// What came of a request, as the journal keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Heard {
    /// The request.
    request: String,
    /// So many orders were taken.
    taken: usize,
    /// Nobody decided: it was decided without the server.
    missed: bool,
    pub(super) orders: Vec<BotKitOrder>,
}

/// What a webhook node was answered, as the journal keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeHeard {
    request: String,
    status: u16,
    body: Value,
}

/// A request of a turn.
struct Asked {
    id: String,
    post: Post,
    bell: Bell,
    /// So many of its orders were taken.
    taken: usize,
    missed: bool,
}

/// What a request keeps for those who answer late.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// How an order comes in: the conversation, without the message.
    pub(super) incoming: Incoming,
    /// What the bot said, if the request is about that.
    #[serde(default)]
    pub(super) original: Option<Reply>,
}

impl Shape for Kept {
    const WHAT: &'static str = "the request";
}

/// Whether orders are enough to go on.
#[derive(PartialEq, Eq)]
pub(super) enum Enough {
    /// More are needed.
    No,
    /// They are, but others may follow at once.
    Soon,
    /// They are.
    Yes,
}

/// What a request is about.
pub(super) struct Question<'a> {
    pub(super) kind: &'static str,
    pub(super) component: &'a str,
    pub(super) dialog: &'a str,
    pub(super) message: &'a str,
    pub(super) with_agent: bool,
    pub(super) context: Value,
    pub(super) event: Option<Value>,
    pub(super) original: Option<Reply>,
}

impl PassOn for Talk {
    /// Passes on what the bot said so far, one bubble after the other, as the server lets it.
    async fn pass_on(&mut self, journal: &mut Journal<'_>) -> Result<(), Error> {
        while let Some(reply) = journal.pass_next() {
            let kit = self.kit.clone().filter(|kit| kit.hears("onmessage") && !self.is_silent);
            let Some(kit) = kit else {
                journal.say(reply);
                continue;
            };
            let text = reply.plain_text();
            self.bubbles += 1;
            let question =
                journal.question_at(format!("bubble {}", self.bubbles), kind::BOT_MESSAGE, &Value::from(&*text));
            let orders = match journal.known::<Heard>(&question) {
                Some(known) => self.heard_before(known.map_err(broken_off)?),
                None => {
                    let Standing { context, with_agent } = self.standing.clone();
                    let asked = Question {
                        kind: kind::BOT_MESSAGE,
                        component: DEFAULT,
                        dialog: "",
                        message: &text,
                        with_agent,
                        context,
                        event: None,
                        original: Some(reply.clone()),
                    };
                    let place = self.ask(journal.request_id(&question), &kit, asked).await?;
                    let limit = Duration::from_millis(self.conversations.options().botkit.limit_ms);
                    let orders = journal.meanwhile(self.orders(place, limit, enough_for_bot)).await?;
                    if !orders.iter().any(decides_on_bot) {
                        self.miss(place);
                    }
                    let heard = journal.keep(question, Ok(self.heard(place, orders))).await;
                    heard.map_err(broken_off)?.orders
                }
            };
            if !orders.iter().any(decides_on_bot) {
                journal.say(reply);
            }
            for order in orders {
                match order {
                    BotKitOrder::Say(reply) => journal.say(*reply),
                    order => self.deferred.push(order),
                }
            }
        }
        Ok(())
    }
}

impl Talk {
    /// The dealings of a turn that begins.
    pub(super) async fn begin(conversations: Conversations, turn: &Turn<'_>) -> Result<Self, Error> {
        let shared = conversations.shared();
        let kit = shared.botkit(&turn.key.bot).await?;
        let ends_at = Instant::now() + shared.longest_turn().saturating_sub(shared.turn_limit());
        Ok(Self {
            kit,
            of: turn.incoming.clone(),
            session: turn.session.clone(),
            bot_name: turn.ready.bot.name(&turn.ready.bot.default_language).to_owned(),
            ends_at,
            asked: Vec::new(),
            bubbles: 0,
            awaits: None,
            transfer: None,
            is_silent: false,
            standing: Standing::default(),
            deferred: Vec::new(),
            conversations,
        })
    }

    /// Whether the server wants to hear of something.
    pub(super) fn hears(&self, event: &str) -> bool {
        self.kit.as_ref().is_some_and(|kit| kit.hears(event))
    }

    /// Asks the server something: the request is kept first, then sent, unless it was answered in an attempt before. The
    /// place of the request.
    pub(super) async fn ask(&mut self, id: String, kit: &BotKit, question: Question<'_>) -> Result<usize, Error> {
        let shared = self.conversations.shared();
        let Question { kind, component, dialog, message, with_agent, context, event, original } = question;
        let now = shared.store.clock().now();
        let kept = Kept { incoming: self.of.without_message(), original };
        let new = NewBotKitRequest {
            id: id.clone(),
            conversation: self.of.key(),
            session: self.session.clone(),
            kind: kind.to_owned(),
            payload: kept.to_kept(),
            // Nobody waits for what may come of an event.
            waits_until: now.plus(if event.is_some() { Duration::ZERO } else { shared.longest_turn() }),
        };
        let bell = shared.bells.hang(&id);
        let is_answered = shared.store.put_botkit_request(new).await?;
        let is_of_bot = event.is_some();
        let payload = Payload { request: &id, component, dialog, message, with_agent, context, event };
        let body = shared.botkit_payload(&self.of, self.session.as_str(), &self.bot_name, payload);
        let post = match is_answered {
            true => Post::heard_before(),
            false => shared.post_to_botkit(kit, &self.of.bot, (!is_of_bot).then_some(component), kind, body),
        };
        self.asked.push(Asked { id, post, bell, taken: 0, missed: false });
        Ok(self.asked.len() - 1)
    }

    /// Waits for orders under a request until there are enough, the server cannot be reached, or it takes too long; those
    /// that came since the last time.
    pub(super) async fn orders(
        &mut self,
        place: usize,
        limit: Duration,
        enough: impl Fn(&[BotKitOrder]) -> Enough,
    ) -> Result<Vec<BotKitOrder>, Error> {
        let shared = self.conversations.shared();
        let is_shared = shared.store.is_shared();
        let _outside = shared.queue.outside(&self.of.key());
        let mut woken = shared.store.wakeups().subscribe();
        let asked = &mut self.asked[place];
        let mut deadline = (Instant::now() + limit).min(self.ends_at);
        let mut settles = false;
        let mut is_over = false;
        loop {
            let answers = shared.store.botkit_answers(&asked.id).await?;
            let orders: Vec<BotKitOrder> = answers.iter().skip(asked.taken).filter_map(order_of).collect();
            let enough = enough(&orders);
            if enough == Enough::Yes || is_over {
                asked.taken = answers.len();
                return Ok(orders);
            }
            if enough == Enough::Soon && !settles {
                settles = true;
                let settled = Instant::now() + Duration::from_millis(shared.options.botkit.settle_ms);
                deadline = deadline.min(settled);
            }
            tokio::select! {
                () = asked.bell.rung() => {}
                Ok(()) = woken.changed(), if is_shared => {}
                () = tokio::time::sleep(LOOK), if is_shared => {}
                heard = asked.post.heard(), if !asked.post.is_done() => if let Err(reason) = heard {
                    tracing::warn!(reason, bot.id = self.of.bot, "a BotKit server cannot be reached");
                    is_over = true;
                },
                () = tokio::time::sleep_until(deadline) => is_over = true,
            }
        }
    }

    /// Takes over a request of an attempt before; its place.
    pub(super) fn take_over(&mut self, request: &str, taken: usize, missed: bool) -> usize {
        let bell = self.conversations.shared().bells.hang(request);
        self.asked.push(Asked { id: request.to_owned(), post: Post::heard_before(), bell, taken, missed });
        self.is_silent |= missed;
        self.asked.len() - 1
    }

    /// What came of a request so far, to be kept.
    pub(super) fn heard(&self, place: usize, orders: Vec<BotKitOrder>) -> Heard {
        let Asked { id, taken, missed, .. } = &self.asked[place];
        Heard { request: id.clone(), taken: *taken, missed: *missed, orders }
    }

    /// Takes over what came of a request in an attempt before.
    pub(super) fn heard_before(&mut self, heard: Heard) -> Vec<BotKitOrder> {
        let Heard { request, taken, missed, orders } = heard;
        match self.asked.iter_mut().find(|asked| asked.id == request) {
            Some(asked) => asked.taken = taken,
            None => drop(self.take_over(&request, taken, missed)),
        }
        orders
    }

    /// Waits until the server heard a request; the reason when it did not.
    pub(super) async fn was_heard(&mut self, place: usize) -> Result<(), String> {
        self.asked[place].post.heard().await
    }

    /// Notes that a request was decided without the server.
    pub(super) fn miss(&mut self, place: usize) {
        self.asked[place].missed = true;
        self.is_silent = true;
    }

    /// Ends all waiting; the orders that nobody took, in the order they were asked for.
    pub(super) async fn close(&mut self) -> Result<Vec<BotKitOrder>, Error> {
        let asked = std::mem::take(&mut self.asked);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let closed = asked.iter().map(|it| ClosedBotKitRequest { id: it.id.clone(), missed: it.missed }).collect();
        let answers = self.conversations.shared().store.close_botkit_requests(closed).await?;
        let left = asked.iter().zip(answers).flat_map(|(asked, answers)| answers.into_iter().skip(asked.taken));
        Ok(left.filter_map(|answer| order_of(&answer)).collect())
    }

    /// How an order of this conversation comes in.
    pub(super) fn incoming(&self, order: BotKitOrder) -> Incoming {
        Incoming { event: crate::IncomingEvent::BotKit(order), ..self.of.without_message() }
    }

    /// Asks on behalf of a webhook node.
    pub(crate) async fn webhook(
        &mut self,
        journal: &mut Journal<'_>,
        call: WebhookCall,
    ) -> Result<WebhookAnswer, Fault> {
        let kit = self.kit.clone().filter(|kit| kit.hears("onhook")).ok_or_else(|| {
            Fault::new("no BotKit server hears of webhook nodes: register one as a custom agent integration")
        })?;
        let NodeHeard { request, status, body } = self.ask_about_node(journal, &kit, kind::WEBHOOK, &call).await?;
        if status == 202 || body["customCode"] == "ASYNC_RESPONSE" {
            self.awaits = self.asked.iter().position(|asked| asked.id == request);
            return Ok(WebhookAnswer::Later);
        }
        if status >= 300 {
            return Err(Fault::new(format!("the BotKit server answered {status}")));
        }
        let context = body.get("context").filter(|context| context.is_object()).cloned();
        Ok(WebhookAnswer::Context(context.map_or(call.context, without_added)))
    }

    /// Asks for a human on behalf of a transfer node.
    pub(crate) async fn transfer(&mut self, journal: &mut Journal<'_>, call: WebhookCall) -> Result<bool, Fault> {
        let Some(kit) = self.kit.clone().filter(|kit| kit.hears("onagenttransfer")) else { return Ok(false) };
        self.transfer = Some(false);
        let heard = self.ask_about_node(journal, &kit, kind::TRANSFER, &call).await?;
        if heard.status >= 300 {
            return Err(Fault::new(format!("it answered {}", heard.status)));
        }
        self.transfer = Some(true);
        Ok(true)
    }

    async fn ask_about_node(
        &mut self,
        journal: &mut Journal<'_>,
        kit: &BotKit,
        kind: &'static str,
        call: &WebhookCall,
    ) -> Result<NodeHeard, Fault> {
        let asked = journal.question(&format!("{kind} {}", call.name), &json!([call.dialog, call.message]));
        if let Some(known) = journal.known::<NodeHeard>(&asked) {
            let heard = known?;
            self.take_over(&heard.request, 0, false);
            return Ok(heard);
        }
        let question = Question {
            kind,
            component: &call.name,
            dialog: &call.dialog,
            message: &call.message,
            with_agent: false,
            context: call.context.clone(),
            event: None,
            original: None,
        };
        let request = journal.request_id(&asked);
        let place = self.ask(request.clone(), kit, question).await.map_err(|error| Fault::new(error.to_string()))?;
        let mut post = self.asked[place].post.take();
        let answered = async {
            let answered = post.answer().await;
            (answered, post)
        };
        let (answered, post) = journal.outside(self, answered).await;
        self.asked[place].post = post;
        let answer = answered.map_err(fault_of).map(|(status, body)| NodeHeard { request, status, body });
        journal.keep(asked, answer).await
    }
}

/// A user's message is settled when it is passed on or dropped; who answers it may have more to say.
pub(super) fn enough_for_user(orders: &[BotKitOrder]) -> Enough {
    if orders.iter().any(|order| matches!(order, BotKitOrder::Hear { .. } | BotKitOrder::Drop)) {
        return Enough::Yes;
    }
    if orders.is_empty() { Enough::No } else { Enough::Soon }
}

/// A bubble of the bot is settled when it is passed on, in whatever form, or dropped.
fn enough_for_bot(orders: &[BotKitOrder]) -> Enough {
    if orders.iter().any(decides_on_bot) { Enough::Yes } else { Enough::No }
}

fn decides_on_bot(order: &BotKitOrder) -> bool {
    matches!(order, BotKitOrder::Say(_) | BotKitOrder::Drop)
}

/// The turn cannot go on; its journal says why.
pub(super) fn broken_off(fault: Fault) -> Error {
    Error::Diverged(fault.message)
}

/// An order as it was kept.
fn order_of(kept: &Value) -> Option<BotKitOrder> {
    BotKitOrder::deserialize(kept)
        .inspect_err(|error| tracing::error!(%error, "an order of a BotKit server cannot be read and is passed over"))
        .ok()
}
