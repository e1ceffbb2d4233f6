//! Walks through one bot (docs/walk.md).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use conversation::{Incoming, IncomingEvent, Rehearsal, Rehearsed};
use dialog::Bot;
use dialog::bot::Dialog;
use dialog::reply::Reply;
use serde_json::json;

use super::answers::{Answer, Aside, AsideKind, Client, answers, asides, questions, small_talk};
use super::judge::Turn;
use super::ledger::{Ledger, Place};
use super::report::BotWalks;
use super::seen::Seen;
use super::stage::{Shown, Stage};
use super::unreached::{explain, unreached};
use super::ways::{Way, ways};
use super::{Options, channels};
use crate::Error;

/// So often the same answer is given at the same place, coming there in different ways.
const TRIES: u32 = 3;
/// So many answers are given in one dialog, on one channel.
const TURNS: usize = 400;
/// So many answers in a row may show nothing new before a dialog is left.
const PATIENCE: usize = 60;
/// So often the same wrong answer is given before the bot has to have enough of it.
const MOST_WRONG: usize = 12;
/// So many questions, and so much small talk, are said by themselves.
const MOST_ALONE: usize = 60;

/// Walks through all dialogs of a bot.
pub(super) async fn walk_bot(stage: &Stage, shown: &Shown, place: &str, options: &Options) -> Result<BotWalks, Error> {
    let first = rehearsal(stage, shown, channels::FIRST, options).await?;
    let bot = Arc::clone(first.bot());
    let mut walker = Walker {
        stage,
        bot: Arc::clone(&bot),
        client: Client { custom_data: options.custom_data.clone() },
        channel: channels::FIRST.to_owned(),
        walks: BotWalks {
            bot: shown.bot.name.clone(),
            place: place.to_owned(),
            nodes: bot.dialogs.iter().map(|dialog| dialog.nodes.len()).sum(),
            ..BotWalks::default()
        },
        ledger: Ledger::default(),
        seen: Seen::default(),
        asked_aside: BTreeSet::new(),
        expressions: BTreeSet::new(),
        fullest: None,
    };
    walker.walk_channel(first, &(0..bot.dialogs.len()).collect::<Vec<_>>()).await?;
    for channel in shown.channels.iter().filter(|channel| *channel != channels::FIRST) {
        let own: Vec<usize> =
            (0..bot.dialogs.len()).filter(|at| channels::has_own(&bot.dialogs[*at], channel)).collect();
        let others = bot.dialogs.len() - own.len();
        if others > 0 {
            let note =
                format!("{others} dialogs have nothing of their own for {channel}, and were not walked again on it");
            walker.walks.note(note);
        }
        walker.channel.clone_from(channel);
        walker.asked_aside.clear();
        let rehearsal = rehearsal(stage, shown, channel, options).await?;
        walker.walk_channel(rehearsal, &own).await?;
    }
    Ok(walker.told())
}

/// A new session of a new user on empty tables.
async fn rehearsal(stage: &Stage, shown: &Shown, channel: &str, options: &Options) -> Result<Rehearsal, Error> {
    let bot = &shown.bot;
    let mut incoming = Incoming::of(&bot.account, &bot.id, "walker@example.com", channel, IncomingEvent::Connect);
    incoming.connects = channels::connects(channel);
    incoming.services = options.replays.then_some(services::Mode::Replay);
    incoming.custom_data = options.custom_data.clone().unwrap_or_default();
    for (name, value) in [("firstName", "Ada"), ("lastName", "Lovelace"), ("email", "walker@example.com")] {
        incoming.user_info.insert(name.to_owned(), json!(value));
    }
    Ok(stage.conversations.rehearse(incoming).await?)
}

/// Walks through a bot.
pub(super) struct Walker<'a> {
    stage: &'a Stage,
    pub(super) bot: Arc<Bot>,
    pub(super) client: Client,
    /// The channel of the walks.
    pub(super) channel: String,
    pub(super) walks: BotWalks,
    pub(super) ledger: Ledger,
    /// What was seen in contexts.
    pub(super) seen: Seen,
    /// Where asides were said, on the channel.
    asked_aside: BTreeSet<String>,
    /// Templates that were looked into.
    pub(super) expressions: BTreeSet<String>,
    /// Where a walk stood that had put the most rows into data tables.
    fullest: Option<Rehearsal>,
}

/// Where a walk stands.
#[derive(Clone)]
pub(super) struct Stand {
    pub(super) rehearsal: Rehearsal,
    /// What was said last.
    pub(super) last: Vec<Reply>,
    /// The dialog and the answers so far.
    pub(super) walk: Vec<String>,
    /// The nodes that ran in the walk.
    pub(super) ran: BTreeSet<Place>,
    /// A node was skipped for want of a language model.
    pub(super) lacks_model: bool,
}

/// An answer to give.
struct Step {
    from: Arc<Stand>,
    place: String,
    answer: Answer,
}

impl Step {
    fn key(&self) -> (String, String) {
        (self.place.clone(), self.answer.label.clone())
    }
}

impl Stand {
    async fn take(&mut self, answer: &Answer) -> Result<Rehearsed, Error> {
        self.walk.push(answer.label.clone());
        let done = self.rehearsal.take(answer.event.clone()).await?;
        self.last.clone_from(&done.outcome.replies);
        for step in done.outcome.log.iter().filter(|step| step.kind == "node") {
            self.ran.insert((step.dialog.clone(), step.node.clone()));
        }
        let lacks = |step: &dialog::turn::Step| step.detail["cause"].as_str().is_some_and(is_for_want_of_model);
        self.lacks_model |= done.outcome.log.iter().any(|step| step.kind == "skipped" && lacks(step));
        Ok(done)
    }

    /// The node that waits, and whether the platform asks something of its own.
    fn place(&self) -> String {
        let state = self.rehearsal.state();
        let question = state.pending.as_ref().map(|pending| pending.question);
        let frame = state.frame();
        let (dialog, node) = frame.map_or(("", ""), |frame| (&frame.dialog, &frame.node));
        format!("{dialog}/{node}/{question:?}")
    }

    fn waits(&self) -> bool {
        self.rehearsal.state().is_waiting() && !self.rehearsal.state().with_agent
    }

    /// Whether a dialog runs, or is held.
    fn has_on_stack(&self, dialog: &str) -> bool {
        let state = self.rehearsal.state();
        state.held.iter().chain([&state.stack]).flatten().any(|frame| frame.dialog == dialog)
    }
}

/// Whether a node was skipped because no language model is configured.
pub(super) fn is_for_want_of_model(cause: &str) -> bool {
    cause.contains("language model")
}

/// How a conversation was opened.
struct Opened {
    stand: Stand,
    /// The dialogs that ran.
    ran: BTreeSet<String>,
}

impl Walker<'_> {
    /// Walks through dialogs on a channel.
    async fn walk_channel(&mut self, rehearsal: Rehearsal, places: &[usize]) -> Result<(), Error> {
        self.walks.channels.push(self.channel.clone());
        let stand = Stand { rehearsal, last: Vec::new(), walk: Vec::new(), ran: BTreeSet::new(), lacks_model: false };
        let opened = self.open(stand).await?;
        let bot = Arc::clone(&self.bot);
        for &place in places {
            let dialog = &bot.dialogs[place];
            if dialog.start.is_some() {
                self.walk_dialog(&opened, place, dialog).await?;
            }
        }
        if self.channel == channels::FIRST {
            self.walk_again(&opened, places).await?;
            self.say_alone(&opened.stand).await?;
        }
        Ok(())
    }

    /// Walks dialogs again that showed not all their nodes, as a user who came before: the data tables are as the walk left
    /// them that put the most rows in.
    async fn walk_again(&mut self, opened: &Opened, places: &[usize]) -> Result<(), Error> {
        let Some(fullest) = self.fullest.take() else { return Ok(()) };
        let mut again = Opened { stand: opened.stand.clone(), ran: opened.ran.clone() };
        again.stand.rehearsal.take_tables_of(&fullest);
        again.stand.walk.push(format!("(with {} rows in data tables)", fullest.table_rows()));
        let bot = Arc::clone(&self.bot);
        for &place in places {
            let dialog = &bot.dialogs[place];
            let is_whole = dialog.nodes.iter().all(|node| self.ledger.has_reached(&dialog.id, &node.id));
            if !is_whole && self.ledger.entered.contains(&dialog.id) {
                self.walk_dialog(&again, place, dialog).await?;
            }
        }
        Ok(())
    }

    /// A user comes.
    async fn open(&mut self, mut stand: Stand) -> Result<Opened, Error> {
        if channels::connects(&self.channel) {
            let connect = Answer { label: "(connect)".to_owned(), event: IncomingEvent::Connect, is_value: true };
            let done = stand.take(&connect).await?;
            self.judge(Turn { from: None, to: &stand, answer: None, done: &done, root: "" }).await?;
        }
        let ran = stand.ran.iter().map(|(dialog, _)| dialog.clone()).collect();
        Ok(Opened { stand, ran })
    }

    async fn walk_dialog(&mut self, opened: &Opened, place: usize, dialog: &Dialog) -> Result<(), Error> {
        let model = opened.stand.rehearsal.model().await?;
        let bot = Arc::clone(&self.bot);
        let ways = ways(&self.client, &bot, &model, place);
        for way in &ways.ways {
            if let Some(first) = self.enter(opened, dialog, way).await? {
                return self.explore(first, dialog).await;
            }
        }
        if ways.needs_model {
            self.ledger.explained.insert(dialog.id.clone());
        }
        self.ledger.unentered.insert(dialog.id.clone(), ways.otherwise);
        Ok(())
    }

    /// Tries a way into a dialog. `None` where it leads elsewhere; what happened on such a way is not judged.
    async fn enter(&mut self, opened: &Opened, dialog: &Dialog, way: &Way) -> Result<Option<Stand>, Error> {
        if way.said.is_empty() && !way.clears {
            return Ok(opened.ran.contains(&dialog.id).then(|| opened.stand.clone()));
        }
        let mut stand = opened.stand.clone();
        if way.clears {
            if !stand.waits() {
                return Ok(None);
            }
            stand.take(&self.client.says("discard all")).await?;
        }
        stand.walk.push(format!("[{}]", dialog.lower_name));
        for answer in &way.said {
            let before = stand.clone();
            let had = before.has_on_stack(&dialog.id);
            let done = stand.take(answer).await?;
            let ran = done.outcome.log.iter().any(|step| step.kind == "node" && step.dialog == dialog.id);
            if ran && !had {
                self.walks.turns += 1;
                self.judge(Turn { from: None, to: &stand, answer: None, done: &done, root: &dialog.id }).await?;
                return Ok(Some(stand));
            }
        }
        Ok(None)
    }

    /// Gives all answers from where a walk stands.
    async fn explore(&mut self, first: Stand, dialog: &Dialog) -> Result<(), Error> {
        let mut steps = VecDeque::new();
        self.look_on(first, &mut steps).await?;
        let mut tries: BTreeMap<(String, String), u32> = BTreeMap::new();
        let (mut since_new, mut turns) = (0, 0);
        loop {
            let tried = |step: &Step| tries.get(&step.key()).copied().unwrap_or(0);
            let Some(next) = (0..steps.len()).min_by_key(|at| tried(&steps[*at])) else { break };
            let Some(step) = steps.remove(next) else { break };
            let times = tries.entry(step.key()).or_default();
            *times += 1;
            if *times > TRIES || since_new > PATIENCE {
                break;
            }
            if turns == TURNS {
                let left = steps.len() + 1;
                let cut = format!("after {TURNS} answers on {}, with {left} more to give", self.channel);
                self.walks.note(format!("{}: cut off {cut}", dialog.lower_name));
                self.ledger.cut.insert(dialog.id.clone(), cut);
                break;
            }
            turns += 1;
            let known = self.ledger.reached();
            let is_new_answer = *times == 1;
            let mut stand = (*step.from).clone();
            let done = stand.take(&step.answer).await?;
            self.walks.turns += 1;
            let turn =
                Turn { from: Some(&step.from), to: &stand, answer: Some(&step.answer), done: &done, root: &dialog.id };
            self.judge(turn).await?;
            since_new = if is_new_answer || self.ledger.reached() > known { 0 } else { since_new + 1 };
            self.look_on(stand, &mut steps).await?;
        }
        Ok(())
    }

    /// What can be done where a walk stands.
    async fn look_on(&mut self, stand: Stand, steps: &mut VecDeque<Step>) -> Result<(), Error> {
        self.seen.look(&stand.rehearsal);
        let rows = stand.rehearsal.table_rows();
        if rows > self.fullest.as_ref().map_or(0, Rehearsal::table_rows) {
            self.fullest = Some(stand.rehearsal.clone());
        }
        if !stand.waits() {
            self.walks.walks += 1;
            return Ok(());
        }
        let place = stand.place();
        if self.asked_aside.insert(place.clone()) {
            for aside in asides(&self.client, &stand.rehearsal).await? {
                self.say_aside(&stand, &aside).await?;
            }
        }
        let now = self.now();
        let answers = answers(&self.client, &stand.rehearsal, &stand.last, &now).await?;
        if answers.is_empty() {
            self.walks.walks += 1;
            let (dialog, node) = names(&stand.rehearsal);
            self.walks.note(format!("{dialog} / {node}: there is nothing to choose from"));
            return Ok(());
        }
        let from = Arc::new(stand);
        steps.extend(answers.into_iter().map(|answer| Step { from: Arc::clone(&from), place: place.clone(), answer }));
        Ok(())
    }

    /// Says something where a question waits that does not answer it.
    async fn say_aside(&mut self, from: &Stand, aside: &Aside) -> Result<(), Error> {
        let place = from.place();
        let mut stand = from.clone();
        for _ in 0..MOST_WRONG {
            let before = stand.clone();
            let done = stand.take(&aside.answer).await?;
            self.walks.turns += 1;
            // What another task does wrong is not this one's.
            self.judge(Turn { from: None, to: &stand, answer: None, done: &done, root: "" }).await?;
            self.judge_aside(&before, &stand, aside, &done);
            if aside.kind != AsideKind::Wrong || !stand.waits() || stand.place() != place {
                break;
            }
        }
        self.walks.walks += 1;
        Ok(())
    }

    /// Says every question and all small talk by itself.
    async fn say_alone(&mut self, opened: &Stand) -> Result<(), Error> {
        let mut first = opened.clone();
        if first.waits() {
            first.take(&self.client.says("discard all")).await?;
        }
        let model = first.rehearsal.model().await?;
        let mut said: Vec<(String, &str, String)> = Vec::new();
        said.extend(questions(&model).take(MOST_ALONE).map(|text| (text.to_owned(), "faq", text.to_owned())));
        let small = small_talk(&model).take(MOST_ALONE);
        said.extend(small.map(|(text, node)| (text.to_owned(), "smallTalk", node.to_owned())));
        let left = (questions(&model).count() + small_talk(&model).count()).saturating_sub(said.len());
        if left > 0 {
            self.walks
                .note(format!("{left} questions and small talk were not said: no more than {MOST_ALONE} of each are"));
        }
        for (text, kind, about) in said {
            let mut stand = first.clone();
            let done = stand.take(&self.client.says(&text)).await?;
            self.walks.turns += 1;
            self.walks.asides += 1;
            self.judge(Turn { from: None, to: &stand, answer: None, done: &done, root: "" }).await?;
            let member = if kind == "faq" { "question" } else { "node" };
            let is_answered =
                done.outcome.log.iter().any(|step| step.kind == kind && step.detail[member] == about.as_str());
            if !is_answered {
                self.walks.asides_misunderstood.push(text);
            }
        }
        Ok(())
    }

    pub(super) fn now(&self) -> jiff::Zoned {
        self.stage.premises.store.clock().now().to_utc()
    }

    fn told(mut self) -> BotWalks {
        self.walks.reached = self.ledger.reached();
        explain(&self.bot, &mut self.ledger);
        self.walks.unreached = unreached(&self.bot, &self.ledger);
        (self.walks.dialogs, self.walks.unclean) = self.ledger.fared(&self.bot);
        self.walks
    }
}

/// The names of the dialog and the node that wait.
pub(super) fn names(rehearsal: &Rehearsal) -> (String, String) {
    let Some(frame) = rehearsal.state().frame() else { return Default::default() };
    let Some(dialog) = rehearsal.bot().dialog(&frame.dialog) else { return Default::default() };
    let node = dialog.node(&frame.node).map_or("", |node| node.name.as_str());
    (dialog.lower_name.clone(), node.to_owned())
}
