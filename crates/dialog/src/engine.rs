//! The engine: what it works on in a turn, and what every part of it does: fill in texts, say something, run scripts.

mod agent;
mod answers;
mod aside;
mod bounds;
mod call;
mod choose;
mod close;
mod command;
mod confirmation;
mod context;
mod detect;
mod dialog_gpt;
mod dynamic;
mod entity;
mod event;
mod extract;
mod flow;
mod form;
mod interaction;
mod interrupt;
mod keys;
mod message;
mod outside;
mod report;
mod run;
mod say;
mod scripts;
mod search;
mod service;
mod standard;
mod standard_texts;
mod template;
mod unconnected;

pub(crate) use standard_texts::are_in as speaks;

pub use answers::answers;
pub use close::has_last_words;
pub use standard::{closing_text, failure_text, plain_failure_text};

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use nlu::Model;

use crate::Bot;
use crate::bot::Dialog;
use crate::host::{Fault, Host};
use crate::node::Node;
use crate::scope::Scope;
use crate::state::{Frame, State};
use crate::turn::{Circumstances, Outcome, Reason, TaskEnd};

/// Works on one turn.
pub(crate) struct Engine<'a, H> {
    pub(crate) bot: &'a Bot,
    pub(crate) model: &'a Model,
    pub(crate) state: &'a mut State,
    pub(crate) at: &'a Circumstances,
    pub(crate) host: &'a mut H,
    pub(crate) out: Outcome,
    /// The context where no dialog runs.
    idle: Map<String, Value>,
    /// Variables as the node that runs sees them.
    variables: Option<Seen>,
    /// Nodes that ran.
    steps: u32,
    /// Dialogs that were entered.
    dialogs: u32,
    /// What is said behind so many replies may be taken back.
    held_back: Option<usize>,
    /// Random numbers that were drawn.
    draws: u64,
    /// What the user said in this turn.
    said: String,
    /// The choice among values that this message is not one of.
    open_choice: Option<crate::state::Pending>,
    /// What was said is words that all choices of a list share.
    said_nothing: bool,
    /// The small talk that was answered just before.
    after_small_talk: Option<String>,
    /// What was meant was not clear: what `koreUtil.getAmbiguousIntents()` tells.
    ambiguous: Value,
    /// Files that came with it.
    attachments: Vec<Value>,
    /// The way that was taken last hands control back to the flow.
    returns: bool,
    /// How the automation step of the flow is left after what runs.
    flow_end: Option<flow::FlowEnd>,
    /// What the turn said and logged so far.
    spent: bounds::Spent,
    /// What was assigned since the context was measured. Bytes.
    assigned_bytes: usize,
    /// Events that were let happen already; none happens twice in a turn.
    happened: BTreeSet<&'static str>,
}

/// What a node sees besides what dialogs and users left.
struct Seen {
    /// The namespaces it sees.
    namespaces: Vec<String>,
    /// `env`.
    env: Value,
    /// `content`.
    content: Value,
    /// What the platform says in `context`: bot and language.
    platform: Map<String, Value>,
}

/// So many entries of its history a dialog keeps.
const HISTORY: usize = 50;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) fn new(
        bot: &'a Bot,
        model: &'a Model,
        state: &'a mut State,
        at: &'a Circumstances,
        host: &'a mut H,
    ) -> Self {
        if state.language.is_empty() {
            state.language.clone_from(&bot.default_language);
        }
        let now = at.now.timestamp().as_millisecond();
        let gone: Vec<String> =
            state.stores.expires.iter().filter(|(_, until)| **until <= now).map(|(key, _)| key.clone()).collect();
        for key in gone {
            state.stores.expires.remove(&key);
            state.stores.bot_user.shift_remove(&key);
        }
        state.turns += 1;
        Self {
            bot,
            model,
            state,
            at,
            host,
            out: Outcome::default(),
            idle: Map::new(),
            variables: None,
            steps: 0,
            dialogs: 0,
            held_back: None,
            draws: 0,
            said: String::new(),
            open_choice: None,
            said_nothing: false,
            after_small_talk: None,
            ambiguous: Value::Null,
            attachments: Vec::new(),
            returns: false,
            flow_end: None,
            spent: bounds::Spent::default(),
            assigned_bytes: 0,
            happened: BTreeSet::new(),
        }
    }

    /// A random number below `count`.
    pub(crate) fn draw(&mut self, count: usize) -> usize {
        if count < 2 || self.at.compat.variants == crate::compat::Variants::First {
            return 0;
        }
        let number = self.seed();
        usize::try_from(number % count as u64).unwrap_or(0)
    }

    /// The next seed.
    pub(crate) fn seed(&mut self) -> u64 {
        self.draws += 1;
        // SplitMix64: well mixed from numbers that follow each other.
        let mut mixed = self.at.seed.wrapping_add(self.draws.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The dialog and the node that run.
    pub(crate) fn place(&self) -> Option<(&'a Dialog, &'a Node)> {
        let frame = self.state.frame()?;
        let bot = self.bot;
        let dialog = bot.dialog(&frame.dialog)?;
        Some((dialog, dialog.node(&frame.node)?))
    }

    /// The context of what runs.
    pub(crate) fn context(&self) -> &Map<String, Value> {
        self.state.frame().map_or(&self.idle, |frame| &frame.context)
    }

    /// The context of what runs, to write.
    pub(crate) fn context_mut(&mut self) -> &mut Map<String, Value> {
        match self.state.stack.last_mut() {
            Some(frame) => &mut frame.context,
            None => &mut self.idle,
        }
    }

    /// The namespaces whose variables what runs sees.
    fn namespaces(&self) -> Vec<String> {
        let Some((dialog, node)) = self.place() else { return Vec::new() };
        let mut all = dialog.namespaces.clone();
        all.extend(node.namespaces.iter().cloned());
        all
    }

    /// Makes sure that variables are those of the node that runs.
    pub(crate) fn see_variables(&mut self) {
        let namespaces = self.namespaces();
        let platform = self.platform();
        if let Some(seen) = self.variables.as_mut().filter(|seen| seen.namespaces == namespaces) {
            seen.platform = platform;
            return;
        }
        let env = self.bot.variables.env(&namespaces);
        let content = self.bot.variables.content(&namespaces, &self.state.language, &self.bot.default_language);
        self.variables = Some(Seen { namespaces, env, content, platform });
    }

    /// What expressions see; after [`Self::see_variables`].
    pub(crate) fn scope(&self) -> Scope<'_> {
        static NOTHING: Value = Value::Null;
        let (env, content, platform) = match &self.variables {
            Some(seen) => (&seen.env, &seen.content, Some(&seen.platform)),
            None => (&NOTHING, &NOTHING, None),
        };
        Scope { context: self.context(), platform, stores: &self.state.stores, env, content }
    }

    /// Writes to the log.
    pub(crate) fn log(&mut self, kind: &str, detail: Value) {
        if !self.may_log(kind, &detail) {
            return;
        }
        let (dialog, node, name) = match self.place() {
            Some((dialog, node)) => (dialog.id.as_str(), node.id.as_str(), node.name.as_str()),
            None => ("", "", ""),
        };
        let step = Outcome::step(kind, dialog, node, name, detail);
        self.out.log.push(step);
    }

    /// Writes to the log what went wrong.
    pub(crate) fn log_fault(&mut self, fault: &Fault) {
        self.log("error", json!({"message": fault.message, "cause": fault.cause}));
    }

    /// Writes to the history of the dialog that runs.
    pub(crate) fn remember(&mut self, mut entry: Value) {
        entry["timestamp"] = json!(self.at.now.timestamp().to_string());
        let Some(frame) = self.state.stack.last_mut() else { return };
        let history = frame.context.entry("history").or_insert_with(|| json!([]));
        if let Value::Array(entries) = history {
            if entries.len() >= HISTORY {
                entries.remove(0);
            }
            entries.push(entry);
        }
    }

    /// Starts a dialog above what runs. Does nothing else yet: [`Self::run`] takes it from there. `false` for a dialog
    /// without nodes.
    pub(crate) fn start(&mut self, dialog: &'a Dialog, text: &str, of_event: bool) -> bool {
        let Some(start) = dialog.start else {
            self.log("stub", json!({"message": format!("the dialog '{}' has no nodes", dialog.lower_name)}));
            return false;
        };
        let mut frame = Frame::new(&dialog.id, &dialog.nodes[start].id);
        frame.of_event = of_event;
        frame.linked = !self.state.stack.is_empty();
        if !text.is_empty() {
            frame.inputs.push(crate::state::Input { text: text.to_owned(), ..Default::default() });
        }
        let traits = self.context().get("traits").cloned().unwrap_or_else(|| json!([]));
        let context = &mut frame.context;
        context.insert("intent".to_owned(), json!(dialog.intent));
        context.insert("intentType".to_owned(), json!("dialog"));
        context.insert("taskid".to_owned(), json!(dialog.id));
        context.insert("traits".to_owned(), traits);
        for key in ["userInputs", "NLAnalysis", "currentTraits", "mappedIntents", "UserQuery", "resultsFound"] {
            if let Some(found) = self.idle.get(key) {
                context.insert(key.to_owned(), found.clone());
            }
        }
        context.insert("message_tone".to_owned(), self.idle.get("message_tone").cloned().unwrap_or_else(|| json!([])));
        context.insert("dialog_tone".to_owned(), self.idle.get("dialog_tone").cloned().unwrap_or_else(|| json!([])));
        self.state.stack.push(frame);
        self.out.started.push(dialog.lower_name.clone());
        self.variables = None;
        true
    }

    /// A dialog by its store id, as long as the bot lives.
    pub(crate) fn dialog(&self, id: &str) -> Option<&'a Dialog> {
        let bot = self.bot;
        bot.dialog(id)
    }

    /// Notes that a task ended.
    pub(crate) fn ended(&mut self, frame: &Frame, reason: Reason) {
        let reason = match (reason, frame.of_event) {
            (Reason::Fulfilled, true) => Reason::FulfilledEvent,
            (Reason::Failed, true) => Reason::FailedEvent,
            (reason, _) => reason,
        };
        let name = self.dialog(&frame.dialog).map_or_else(String::new, |dialog| dialog.lower_name.clone());
        if matches!(reason, Reason::Fulfilled) {
            self.state.tasks += 1;
        }
        if self.state.stack.is_empty() {
            self.flow_dialog_ended(&frame.dialog, reason);
        }
        self.out.log.push(Outcome::step("ended", &frame.dialog, &frame.node, &name, json!({"reason": reason.name()})));
        self.out.ended.push(TaskEnd { dialog: frame.dialog.clone(), name, reason });
    }

    /// Whether the dialog with which the flow began took what was said for a value, and ended without a word: nobody asked for
    /// that dialog, so it was said to the bot. So once in a turn.
    fn was_swallowed(&mut self) -> bool {
        let is_idle = self.state.stack.is_empty() && self.state.pending.is_none() && !self.state.with_agent;
        let first = self.first_dialog_of_flow();
        let ended_alone = first
            .is_some_and(|first| !self.out.ended.is_empty() && self.out.ended.iter().all(|end| end.dialog == first.id));
        let is_silent = self.out.replies.is_empty() && self.out.started.is_empty() && !self.out.closes_session;
        is_idle && ended_alone && is_silent && !self.said.trim().is_empty() && self.happened.insert("swallowed")
    }

    /// Ends the turn: runs what is to run, and sees to what comes after a task.
    pub(crate) async fn finish(mut self) -> Outcome {
        loop {
            // What a turn may come to is large: each part of it is on the heap.
            Box::pin(self.run()).await;
            if let Err(fault) = self.within_bounds() {
                Box::pin(self.fail(&fault)).await;
                continue;
            }
            if Box::pin(self.after_task()).await || Box::pin(self.go_on_in_flow()).await {
                continue;
            }
            if !self.was_swallowed() {
                break;
            }
            let said = self.said.clone();
            Box::pin(self.detect(&said, false)).await;
        }
        self.bound_conversation().await;
        let is_idle = self.state.stack.is_empty() && self.state.pending.is_none();
        let did_nothing = self.out.replies.is_empty() && self.out.ended.is_empty() && self.out.started.is_empty();
        if !self.said.trim().is_empty() && is_idle && did_nothing && !self.state.with_agent {
            self.out.unidentified = true;
            self.say_standard(crate::bot::Condition::Unidentified, &[]).await;
        }
        if self.out.closes_session && !self.bot.settings.session.closes_silently {
            self.say_standard(crate::bot::Condition::SessionClosed, &[]).await;
        }
        if !self.out.replies.is_empty() {
            self.state.last_replies.clone_from(&self.out.replies);
            self.state.last_replies.truncate(10);
        }
        self.out
    }
}
