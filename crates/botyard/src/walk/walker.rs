//! Walks through one bot.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use conversation::{Incoming, IncomingEvent, Rehearsal};
use dialog::bot::Dialog;
use dialog::node::Kind as NodeKind;
use dialog::reply::Reply;
use dialog::turn::Outcome;
use serde_json::{Value, json};

use super::answers::{Answer, answers};
use super::fault::{Fault, Kind};
use super::report::BotWalks;
use super::stage::Stage;
use crate::Error;

/// So often the same answer is given at the same place, coming there in different ways.
const TRIES: u32 = 3;
/// So many answers are given in one dialog.
const TURNS: usize = 200;
/// So many answers in a row may show nothing new before a dialog is left.
const PATIENCE: usize = 40;
/// The channel: that of web clients, which show everything.
const CHANNEL: &str = "rtm";

/// Walks through all dialogs of a bot.
pub(super) async fn walk_bot(stage: &Stage, bot: &store::Bot, place: &str, replays: bool) -> Result<BotWalks, Error> {
    let mut incoming = Incoming::of(&bot.account, &bot.id, "walker@example.com", CHANNEL, IncomingEvent::Connect);
    incoming.connects = true;
    incoming.services = replays.then_some(services::Mode::Replay);
    for (name, value) in [("firstName", "Ada"), ("lastName", "Lovelace"), ("email", "walker@example.com")] {
        incoming.user_info.insert(name.to_owned(), json!(value));
    }
    let rehearsal = stage.conversations.rehearse(incoming).await?;
    let compiled = Arc::clone(rehearsal.bot());
    let mut walker = Walker {
        stage,
        walks: BotWalks {
            bot: bot.name.clone(),
            place: place.to_owned(),
            dialogs: compiled.dialogs.len(),
            nodes: compiled.dialogs.iter().map(|dialog| dialog.nodes.len()).sum(),
            ..BotWalks::default()
        },
        reached: BTreeSet::new(),
        skipped: BTreeSet::new(),
        worked: BTreeSet::new(),
    };
    // Users come and say something before a dialog runs: scripts look at what that was.
    let mut opened = Stand { rehearsal, last: Vec::new(), walk: vec!["(connect)".to_owned()] };
    let outcome = opened.take(IncomingEvent::Connect).await?;
    walker.judge(&opened, &outcome, None);
    opened.take(Answer::text("discard all").event).await?;
    opened.walk.clear();
    for dialog in &compiled.dialogs {
        walker.walk_dialog(&opened, dialog).await?;
    }
    walker.walks.reached = walker.reached.len();
    for dialog in &compiled.dialogs {
        let unreached =
            dialog.nodes.iter().filter(|node| !walker.reached.contains(&(dialog.id.clone(), node.id.clone())));
        walker.walks.unreached.extend(unreached.map(|node| format!("{} / {}", dialog.lower_name, node.name)));
    }
    Ok(walker.walks)
}

struct Walker<'a> {
    stage: &'a Stage,
    walks: BotWalks,
    /// Nodes that ran: dialog and node.
    reached: BTreeSet<(String, String)>,
    /// Nodes that were skipped in the walks of the present dialog.
    skipped: BTreeSet<(String, String)>,
    /// Nodes that did their work in them.
    worked: BTreeSet<(String, String)>,
}

/// Where a walk stands.
#[derive(Clone)]
struct Stand {
    rehearsal: Rehearsal,
    /// What was said last.
    last: Vec<Reply>,
    /// The dialog and the answers so far.
    walk: Vec<String>,
}

/// An answer to give.
struct Step {
    from: Arc<Stand>,
    place: String,
    answer: Answer,
}

impl Stand {
    async fn take(&mut self, event: IncomingEvent) -> Result<Outcome, Error> {
        let outcome = self.rehearsal.take(event).await?;
        self.last.clone_from(&outcome.replies);
        Ok(outcome)
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
}

impl Walker<'_> {
    async fn walk_dialog(&mut self, opened: &Stand, dialog: &Dialog) -> Result<(), Error> {
        let name = dialog.lower_name.clone();
        self.skipped.clear();
        self.worked.clear();
        if dialog.start.is_none() {
            self.walks.notes.push(format!("{name}: the dialog has no nodes"));
        }
        let mut first = opened.clone();
        first.walk.push(format!("[{name}]"));
        let event = IncomingEvent::Start { dialog: dialog.id.clone(), entities: Value::Null };
        let outcome = first.take(event).await?;
        let mut is_clean = self.judge(&first, &outcome, None);
        let mut steps = VecDeque::new();
        self.look_on(first, &mut steps).await?;
        let mut tries: BTreeMap<(String, String), u32> = BTreeMap::new();
        let mut since_new = 0;
        for _ in 0..TURNS {
            let tried = |step: &Step| tries.get(&step.key()).copied().unwrap_or(0);
            let Some(next) = (0..steps.len()).min_by_key(|at| tried(&steps[*at])) else { break };
            let Some(step) = steps.remove(next) else { break };
            let times = tries.entry(step.key()).or_default();
            *times += 1;
            if *times > TRIES || since_new > PATIENCE {
                break;
            }
            let known = self.reached.len();
            let is_new_answer = *times == 1;
            let mut stand = (*step.from).clone();
            stand.walk.push(step.answer.label.clone());
            let outcome = stand.take(step.answer.event).await?;
            self.walks.turns += 1;
            is_clean &= self.judge(&stand, &outcome, Some(&step.from));
            since_new = if is_new_answer || self.reached.len() > known { 0 } else { since_new + 1 };
            self.look_on(stand, &mut steps).await?;
        }
        // What was only ever skipped has not been tried.
        let is_tried = self.skipped.is_subset(&self.worked);
        self.walks.clean += usize::from(is_clean && is_tried);
        Ok(())
    }

    /// What can be done where a walk stands.
    async fn look_on(&mut self, stand: Stand, steps: &mut VecDeque<Step>) -> Result<(), Error> {
        if !stand.waits() {
            self.walks.walks += 1;
            return Ok(());
        }
        let now = self.stage.premises.store.clock().now().to_utc();
        let answers = answers(&stand.rehearsal, &stand.last, &now).await?;
        if answers.is_empty() {
            self.walks.walks += 1;
            let (dialog, node) = names(&stand.rehearsal);
            let note = format!("{dialog} / {node}: there is nothing to choose from");
            if !self.walks.notes.contains(&note) {
                self.walks.notes.push(note);
            }
            return Ok(());
        }
        let place = stand.place();
        let from = Arc::new(stand);
        steps.extend(answers.into_iter().map(|answer| Step { from: Arc::clone(&from), place: place.clone(), answer }));
        Ok(())
    }

    /// Notes what ran and what went wrong in a turn; whether nothing did.
    fn judge(&mut self, stand: &Stand, outcome: &Outcome, from: Option<&Stand>) -> bool {
        let bot = Arc::clone(stand.rehearsal.bot());
        let name = |id: &str| bot.dialog(id).map_or("", |dialog| dialog.lower_name.as_str());
        let mut faults = Vec::new();
        for step in &outcome.log {
            if step.kind == "node" && step.detail.get("inner").is_none() {
                self.reached.insert((step.dialog.clone(), step.node.clone()));
            }
        }
        let has_skipped = self.note_skipped(outcome, name);
        faults.extend(outcome.faults().map(|step| Fault::of(step, name(&step.dialog), &stand.walk)));
        if faults.is_empty() {
            // A message that tells what a skipped node was to find has nothing to tell.
            if !has_skipped {
                faults.extend(silent(stand, outcome));
            }
            faults.extend(from.and_then(|from| refused(from, stand, outcome)));
        }
        let is_clean = faults.is_empty();
        faults.into_iter().for_each(|fault| self.walks.add(fault));
        is_clean
    }
}

impl Walker<'_> {
    /// Notes which nodes of a turn were skipped and which did their work; whether any was skipped.
    fn note_skipped<'b>(&mut self, outcome: &Outcome, name: impl Fn(&str) -> &'b str) -> bool {
        let of_node = |step: &dialog::turn::Step| (step.dialog.clone(), step.node.clone());
        let mut nodes: Vec<((String, String), bool)> = Vec::new();
        for step in &outcome.log {
            match step.kind.as_str() {
                "node" => nodes.push((of_node(step), false)),
                "skipped" => {
                    if let Some(last) = nodes.last_mut() {
                        last.1 = true;
                    }
                    let cause = step.detail["cause"].as_str().unwrap_or_default();
                    let note = format!("{} / {}: skipped: {cause}", name(&step.dialog), step.name);
                    if !self.walks.notes.contains(&note) {
                        self.walks.notes.push(note);
                    }
                }
                _ => {}
            }
        }
        let any = nodes.iter().any(|(_, skipped)| *skipped);
        for (node, skipped) in nodes {
            let list = if skipped { &mut self.skipped } else { &mut self.worked };
            list.insert(node);
        }
        any
    }
}

impl Step {
    fn key(&self) -> (String, String) {
        (self.place.clone(), self.answer.label.clone())
    }
}

/// Messages and questions that have texts and came to nothing.
fn silent(stand: &Stand, outcome: &Outcome) -> Vec<Fault> {
    let bot = stand.rehearsal.bot();
    let language = &stand.rehearsal.state().language;
    let mut faults: Vec<Fault> = Vec::new();
    for step in outcome.log.iter().filter(|step| step.kind == "node") {
        let Some(node) = bot.dialog(&step.dialog).and_then(|dialog| dialog.node(&step.node)) else { continue };
        let waits_here =
            stand.rehearsal.state().frame().is_some_and(|frame| frame.dialog == step.dialog && frame.node == step.node);
        let texts = match &node.kind {
            NodeKind::Message(message) => &message.texts,
            NodeKind::Entity(entity) if waits_here => &entity.prompt,
            NodeKind::Confirmation(confirmation) if waits_here => &confirmation.prompt,
            _ => continue,
        };
        let has_texts = !texts.for_channel(CHANNEL, language, &bot.default_language).is_empty();
        let is_said = outcome.replies.iter().any(|reply| reply.node == step.node && reply.dialog == step.dialog);
        if has_texts && !is_said {
            let name = bot.dialog(&step.dialog).map_or("", |dialog| dialog.lower_name.as_str());
            let cause = "its text comes to nothing".to_owned();
            faults.push(Fault::new(name, &node.name, Kind::Empty, cause, &stand.walk));
        }
    }
    faults
}

/// A valid answer that was not taken.
fn refused(from: &Stand, to: &Stand, outcome: &Outcome) -> Option<Fault> {
    let (before, after) = (from.rehearsal.state(), to.rehearsal.state());
    let frame = before.frame().filter(|_| before.pending.is_none())?;
    let node = from.rehearsal.bot().dialog(&frame.dialog)?.node(&frame.node)?;
    let retries = |state: &dialog::State| {
        let same = state.frame().filter(|it| it.dialog == frame.dialog)?;
        same.retries.get(&frame.node).copied()
    };
    let is_refused = match &node.kind {
        NodeKind::Entity(_) => retries(after) > retries(before),
        NodeKind::Confirmation(_) => outcome.unidentified,
        _ => false,
    };
    let (dialog, name) = names(&from.rehearsal);
    let answer = to.walk.last().map_or("", String::as_str);
    is_refused.then(|| {
        let cause = format!("the answer '{answer}' is not taken");
        Fault::new(&dialog, &name, Kind::Answer, cause, &to.walk)
    })
}

/// The names of the dialog and the node that wait.
fn names(rehearsal: &Rehearsal) -> (String, String) {
    let Some(frame) = rehearsal.state().frame() else { return Default::default() };
    let Some(dialog) = rehearsal.bot().dialog(&frame.dialog) else { return Default::default() };
    let node = dialog.node(&frame.node).map_or("", |node| node.name.as_str());
    (dialog.lower_name.clone(), node.to_owned())
}
