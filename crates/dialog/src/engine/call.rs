//! Dialogs that run other dialogs; how a dialog ends, and what goes on then.

use serde_json::{Value, json};

use super::Engine;
use super::bounds::UNMEASURED_BYTES;
use super::run::Said;
use crate::bot::{Condition, Dialog, WhatToDo};
use crate::host::{Cause, Fault, Host};
use crate::node::{Assignment, Call, Kind, Node};
use crate::path;
use crate::reply::Source;
use crate::state::Frame;
use crate::turn::Reason;

impl<'a, H: Host> Engine<'a, H> {
    /// Runs another dialog, above this one or in its place.
    pub(crate) async fn call(&mut self, call: &'a Call) {
        let bot = self.bot;
        let Some(dialog) = call.dialog.and_then(|place| bot.dialogs.get(place)) else {
            let fault =
                Fault::of(Cause::Bot, format!("the dialog '{}' that the node calls is not in the bot", call.named));
            self.fail(&fault).await;
            return;
        };
        self.call_dialog(dialog, &call.before, call.replaces).await;
    }

    /// Runs a dialog above this one or in its place, with these values in it.
    pub(crate) async fn call_dialog(&mut self, dialog: &'a Dialog, before: &'a [Assignment], replaces: bool) {
        self.dialogs += 1;
        if self.dialogs > self.at.compat.most_dialogs || self.state.stack.len() >= self.at.compat.most_depth {
            self.log_fault(&Fault::of(Cause::Bot, "dialogs call each other without end"));
            let in_language = super::standard_texts::text(Condition::TaskFailure, &self.state.language);
            let text = in_language.unwrap_or("Sorry something went wrong and I cannot complete your request now");
            self.say_text(Source::Failure, text);
            self.discard_stack(Reason::Failed);
            return;
        }
        let values = match self.values_of(before).await {
            Ok(values) => values,
            Err(fault) => return self.fail(&fault).await,
        };
        let replaced = if replaces { self.state.stack.pop() } else { self.collapse(dialog) };
        if !self.start(dialog, "", replaced.as_ref().is_some_and(|frame| frame.of_event)) {
            // A dialog without nodes ends at once.
            self.say_empty(dialog).await;
            match replaced {
                Some(frame) => self.task_is_over(&frame, Reason::Fulfilled),
                None => {
                    if let Some((_, node)) = self.place() {
                        self.follow(node, &Said::default()).await;
                    }
                }
            }
            return;
        }
        if let (Some(frame), Some(replaced)) = (self.state.stack.last_mut(), &replaced) {
            frame.linked = replaced.linked;
        }
        if let Err(fault) = self.assign(values) {
            self.fail(&fault).await;
        }
    }

    /// Dialogs that call each other in turn, each as its last step, would pile up with every round. Where a dialog is called
    /// that runs already, and nothing is left to do in it and in those above it, they end, and it begins anew in its own
    /// place: its frame, to be replaced.
    fn collapse(&mut self, dialog: &Dialog) -> Option<Frame> {
        let place = self.state.stack.iter().rposition(|frame| frame.dialog == dialog.id)?;
        if !self.state.stack[place..].iter().all(|frame| self.is_at_last_step(frame)) {
            return None;
        }
        while self.state.stack.len() > place + 1 {
            let ended = self.state.stack.last()?.clone();
            self.ended(&ended, Reason::FulfilledLinkedDialog);
            self.state.stack.pop();
        }
        self.log("collapsed", json!({"message": "the dialog begins anew; nothing was left to do in it"}));
        self.variables = None;
        self.state.stack.pop()
    }

    /// Whether a dialog ends with the call it is at, whatever comes of it.
    fn is_at_last_step(&self, frame: &Frame) -> bool {
        let Some(dialog) = self.dialog(&frame.dialog) else { return false };
        let Some(node) = dialog.node(&frame.node) else { return false };
        let gives_back = match &node.kind {
            Kind::Dialog(call) => !call.after.is_empty(),
            Kind::Dynamic(dynamic) => !dynamic.after.is_empty(),
            _ => true,
        };
        let goes_on = node.transitions.iter().any(|way| way.target.is_some() || way.returns);
        !gives_back && !goes_on && !frame.aside && dialog.lists_follow_ups.is_none()
    }

    /// Ends the dialog that runs: its caller goes on, or its task is over.
    pub(crate) async fn end_dialog(&mut self) {
        if let Some(caller) = self.end_one().await {
            self.follow(caller, &Said::default()).await;
        }
    }

    /// Ends the dialog that runs, and no other: the node that called it, whose transitions are followed next.
    pub(crate) async fn end_one(&mut self) -> Option<&'a Node> {
        let frame = self.state.stack.last()?;
        let aside = frame.aside;
        let follow_ups = self.dialog(&frame.dialog).and_then(|dialog| dialog.lists_follow_ups.as_ref());
        if let Some(texts) = follow_ups {
            self.list_follow_ups(texts).await;
        }
        if aside {
            self.end_aside();
            return None;
        }
        if self.state.stack.len() < 2 {
            if let Some(frame) = self.state.stack.pop() {
                self.task_is_over(&frame, Reason::Fulfilled);
            }
            return None;
        }
        // What is given back is read where it was left.
        let caller = &self.state.stack[self.state.stack.len() - 2];
        let call = self.dialog(&caller.dialog).and_then(|dialog| dialog.node(&caller.node));
        let after = match call.map(|node| &node.kind) {
            Some(Kind::Dialog(call)) => call.after.as_slice(),
            Some(Kind::Dynamic(dynamic)) => dynamic.after.as_slice(),
            _ => &[],
        };
        let values = match self.values_of(after).await {
            Ok(values) => values,
            Err(fault) => {
                self.fail(&fault).await;
                return None;
            }
        };
        if let Some(frame) = self.state.stack.pop() {
            self.ended(&frame, Reason::FulfilledLinkedDialog);
        }
        self.variables = None;
        if let Err(fault) = self.assign(values) {
            self.fail(&fault).await;
            return None;
        }
        self.place().map(|(_, node)| node)
    }

    /// What ran beside a dialog ended: that one asks its question again, if it still has to.
    fn end_aside(&mut self) {
        let Some(aside) = self.state.stack.pop() else { return };
        if let Some(frame) = self.state.stack.last_mut() {
            frame.context = aside.context;
            frame.waiting = crate::state::Waiting::Nothing;
        }
        self.variables = None;
    }

    /// The last dialog of a task ended.
    pub(crate) fn task_is_over(&mut self, frame: &crate::state::Frame, reason: Reason) {
        self.ended(frame, reason);
        let tags = std::mem::take(&mut self.state.tags);
        if !tags.is_empty() {
            self.state.historic_tags.insert(0, tags);
            self.state.historic_tags.truncate(10);
        }
        self.variables = None;
    }

    /// Ends everything on the stack, for one reason.
    pub(crate) fn discard_stack(&mut self, reason: Reason) {
        self.state.pending = None;
        let mut frames = std::mem::take(&mut self.state.stack);
        if frames.is_empty() {
            return;
        }
        self.task_is_over(&frames.remove(0), reason);
    }

    /// Something went wrong in the dialog that runs: its event, or the bot's, says so; the task is over.
    pub(crate) async fn fail(&mut self, fault: &Fault) {
        self.log_fault(fault);
        let frames = &self.state.stack;
        let of_event = frames.iter().any(|frame| frame.of_event);
        let bot = self.bot;
        let own = frames.iter().rev().find_map(|frame| self.dialog(&frame.dialog)?.on_failure.as_ref());
        let event = own.or(bot.events.task_failure.as_ref());
        self.discard_stack(Reason::Failed);
        self.idle.insert("error".to_owned(), json!({"message": fault.message}));
        self.state.queued.clear();
        // What is done about a failure may fail itself.
        let event = event.filter(|_| self.happened.insert("failure"));
        match event.map(|event| &event.what) {
            Some(WhatToDo::Message(texts)) => {
                if !matches!(self.say(texts, Source::Failure).await, Ok(true)) {
                    self.say_standard(Condition::TaskFailure, &[]).await;
                }
            }
            // A failing dialog that a failure started would start it again.
            Some(what) if !of_event => self.let_happen(what, Source::Failure).await,
            _ => self.say_standard(Condition::TaskFailure, &[]).await,
        }
    }

    /// Sets values in the context that runs.
    pub(crate) async fn assign_here(&mut self, assignments: &'a [Assignment]) -> Result<(), Fault> {
        for assignment in assignments {
            // One after the other: a later one may look at what an earlier one set.
            let value = self.value_of(&assignment.value).await?;
            self.assign(vec![(assignment.path.clone(), value)])?;
        }
        Ok(())
    }

    async fn values_of(&mut self, assignments: &'a [Assignment]) -> Result<Vec<(String, Option<Value>)>, Fault> {
        let mut values = Vec::new();
        let mut bytes = 0;
        for assignment in assignments {
            let value = self.value_of(&assignment.value).await?;
            bytes += value.as_ref().map_or(0, |value| domain::json_size(value).bytes);
            self.check_filled(bytes)?;
            values.push((assignment.path.clone(), value));
        }
        Ok(values)
    }

    /// Sets values. What would make the context or a store larger than it may be is a fault.
    fn assign(&mut self, values: Vec<(String, Option<Value>)>) -> Result<(), Fault> {
        let before = self.context_bytes();
        for (written, value) in values {
            let Some(mut steps) = path::parse(&written) else {
                // The builder of today leaves such keys; what they would set, nobody could read.
                self.log("log", json!({"message": format!("'{written}' is not a path that can be set")}));
                continue;
            };
            let is = |steps: &[path::Step], at: usize, name: &str| matches!(steps.get(at), Some(path::Step::Key(key)) if key == name);
            if is(&steps, 0, "context") {
                steps.remove(0);
            }
            if is(&steps, 0, "session") {
                steps.remove(0);
                let Some(path::Step::Key(store)) = steps.first().cloned() else { continue };
                if let (Some(store_map), Some(path::Step::Key(key))) =
                    (self.state.stores.named(&store), steps.get(1).cloned())
                {
                    if let Err(reason) = domain::check_key(&key) {
                        self.log_fault(&Fault::of(Cause::Bot, format!("a key of `{store}` {reason}")));
                        continue;
                    }
                    let mut after = store_map.clone();
                    path::set(&mut after, &steps[1..], value);
                    let value = after.get(&key).cloned();
                    self.check_store(&store, &after)?;
                    if let Some(store) = self.state.stores.named_mut(&store) {
                        *store = after;
                    }
                    if store != "BotUserSession" {
                        self.out.puts.push(crate::host::Put { store, key, value, ttl_minutes: None });
                    }
                }
                continue;
            }
            self.assigned_bytes += value.as_ref().map_or(0, |value| domain::json_size(value).bytes);
            path::set(self.context_mut(), &steps, value);
            if self.assigned_bytes > UNMEASURED_BYTES {
                self.assigned_bytes = 0;
                self.check_context(before)?;
            }
        }
        Ok(())
    }
}
