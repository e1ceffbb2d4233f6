//! Leaving a task for another one, and coming back (conversation.md §9).

use serde_json::{Value, json};

use super::Engine;
use super::detect::Meant;
use super::run::Said;
use crate::bot::{AnsweredAside, Condition, Dialog, Holding, Interruption, Resuming, Texts, Who};
use crate::host::Host;
use crate::node::{GroupIntent, Kind, Node};
use crate::reply::{Choice, Source};
use crate::state::{Frame, Meaning, Pending, Question, Waiting};
use crate::turn::Reason;

impl<'a, H: Host> Engine<'a, H> {
    /// How the task that runs is interrupted: as its node says, else its dialog, else the bot.
    pub(crate) fn policy(&self) -> Interruption {
        let bot = self.bot.settings.interruption.clone();
        let Some((dialog, node)) = self.place() else { return bot };
        let of_dialog = dialog.interruption.as_ref().map_or_else(|| bot.clone(), |own| own.over(&bot));
        node.options.interruption.as_ref().map_or_else(|| of_dialog.clone(), |own| own.over(&of_dialog))
    }

    /// Does what a message means beside the question that waits. `false` where it may not, or means nothing.
    pub(crate) async fn take_aside(&mut self, meant: Meant<'a>, text: &str) -> bool {
        let policy = self.policy();
        match meant {
            Meant::Nothing => false,
            Meant::SubIntent(node) => {
                self.run_sub_intent(&node, text).await;
                true
            }
            // Switched off, the dialog takes nothing but answers; sub-intents are its own.
            _ if policy.enabled == Some(false) => false,
            Meant::Task(dialog) => self.interrupt(dialog, text).await,
            Meant::Faq(place) => {
                self.answer_question(place, true).await;
                if self.state.frame().is_some_and(|frame| frame.waiting != Waiting::Nothing) {
                    match policy.faq.unwrap_or(AnsweredAside::AndAsksAgain) {
                        AnsweredAside::AndAsksAgain => self.ask_again(),
                        AnsweredAside::AsTask => self.come_back(&policy).await,
                    }
                }
                true
            }
            Meant::SmallTalk(place) => {
                self.answer_small_talk(place).await;
                match policy.small_talk.unwrap_or(AnsweredAside::AndAsksAgain) {
                    AnsweredAside::AndAsksAgain => self.ask_again(),
                    AnsweredAside::AsTask => self.come_back(&policy).await,
                }
                true
            }
            Meant::Which(_) | Meant::Suggest(_) if policy.shows_ambiguous == Some(false) => false,
            Meant::Which(targets) => {
                self.ask_which(&targets, text).await;
                true
            }
            Meant::Suggest(targets) => {
                self.suggest(&targets, text).await;
                true
            }
            Meant::Interaction(interaction) => self.let_interact(interaction).await,
            Meant::Search => self.answer_from_texts().await,
        }
    }

    async fn come_back(&mut self, policy: &Interruption) {
        if policy.resuming == Some(Resuming::Tell) {
            let name = self.task_name();
            self.say_standard(Condition::Resuming, &[("<previous-task>", &name)]).await;
        }
        self.ask_again();
    }

    /// Another task is wanted while one waits. `false` where the one that waits does not let go.
    pub(crate) async fn interrupt(&mut self, dialog: &'a Dialog, text: &str) -> bool {
        let policy = self.policy();
        let runs_already = self.state.stack.iter().any(|frame| frame.dialog == dialog.id);
        if policy.enabled == Some(false) || runs_already {
            return false;
        }
        let name = dialog.name(&self.state.language, &self.bot.default_language).to_owned();
        self.log(
            "interrupted",
            json!({"by": name, "who": format!("{:?}", policy.who), "holding": format!("{:?}", policy.holding)}),
        );
        match policy.who {
            Some(Who::EndUser) => {
                let choices = self.say_yes_no(Condition::ConfirmSwitch, &[("<interrupting-task>", &name)]).await;
                let meanings = vec![Meaning::Yes, Meaning::No, Meaning::Dialog(dialog.id.clone())];
                let text = text.to_owned();
                self.state.pending = Some(Pending { question: Question::Switch, choices, meanings, text });
            }
            Some(Who::NoHolding) => self.switch_to(dialog, text, Holding::DiscardSilently).await,
            Some(Who::Developer) | None => {
                let holding = policy.holding.unwrap_or(Holding::DiscardSilently);
                self.switch_to(dialog, text, holding).await;
            }
        }
        true
    }

    /// Leaves the task that waits for another one.
    pub(crate) async fn switch_to(&mut self, dialog: &'a Dialog, text: &str, holding: Holding) {
        match holding {
            Holding::Continue => {
                self.follow_up(dialog, text);
                self.ask_again();
                return;
            }
            Holding::Hold => {
                let most = self.policy().most_held.unwrap_or(1);
                if self.state.held.len() >= most {
                    self.ask_again();
                    return;
                }
                self.remember(json!({"state": "pause"}));
                let stack = std::mem::take(&mut self.state.stack);
                self.state.held.push(stack);
            }
            Holding::Discard => {
                let name = dialog.name(&self.state.language, &self.bot.default_language).to_owned();
                self.say_standard(Condition::Switching, &[("<interrupting-task>", &name)]).await;
                self.discard_stack(Reason::Interrupted);
            }
            Holding::DiscardSilently => self.discard_stack(Reason::Interrupted),
        }
        self.variables = None;
        self.begin(dialog, text).await;
    }

    /// Remembers a task for later, in the dialog that runs.
    pub(crate) fn follow_up(&mut self, dialog: &'a Dialog, text: &str) {
        if self.state.stack.iter().any(|frame| frame.dialog == dialog.id) {
            return;
        }
        let name = dialog.name(&self.state.language, &self.bot.default_language).to_owned();
        self.remember_follow_up(json!({"intent": name, "taskId": dialog.id, "refId": dialog.ref_id,
            "usersUtterance": text}));
    }

    /// A node whose transitions ask for sub-intents (`FollowupIntents` contains one) decides by those in its answer. Whether
    /// one is in it.
    pub(crate) fn heed_intents(&mut self, node: &'a Node, text: &str) -> bool {
        let conditions = node.transitions.iter().filter_map(|transition| transition.condition.as_ref());
        let wanted: Vec<&str> =
            conditions.flat_map(|condition| condition.texts_compared_with("FollowupIntents")).collect();
        if wanted.is_empty() {
            return false;
        }
        if let Some(Value::Array(entries)) = self.context_mut().get_mut("FollowupIntents") {
            // Those of an earlier answer at the same place were decided by.
            entries.retain(|entry| !wanted.iter().any(|id| entry["refId"] == *id || entry["taskId"] == *id));
        }
        let Meant::SubIntent(id) = self.meant_aside(text) else { return false };
        let Some(target) = self.place().and_then(|(dialog, _)| dialog.node(&id)) else { return false };
        let is_wanted = [&target.component_ref, &target.component_id].iter().any(|id| wanted.contains(&id.as_str()));
        if is_wanted {
            self.remember_follow_up(json!({"intent": target.name, "taskId": target.component_id,
                "refId": target.component_ref, "usersUtterance": text}));
        }
        is_wanted
    }

    fn remember_follow_up(&mut self, entry: Value) {
        let list = self.context_mut().entry("FollowupIntents").or_insert_with(|| json!([]));
        if let Value::Array(entries) = list {
            entries.retain(|other| other["taskId"] != entry["taskId"]);
            entries.push(entry);
        }
    }

    /// Lists the tasks that were remembered, at the end of a dialog.
    pub(crate) async fn list_follow_ups(&mut self, texts: &'a Texts) {
        let is_task = |entry: &&Value| entry["taskId"].as_str().is_some_and(|id| self.dialog(id).is_some());
        let entries: Vec<Value> = match self.context().get("FollowupIntents") {
            Some(Value::Array(entries)) => entries.iter().filter(is_task).cloned().collect(),
            _ => return,
        };
        if entries.is_empty() {
            return;
        }
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let choices: Vec<Choice> =
            entries.iter().map(|entry| Choice { title: text(entry, "intent"), value: text(entry, "intent") }).collect();
        let meanings: Vec<Meaning> = entries.iter().map(|entry| Meaning::Dialog(text(entry, "taskId"))).collect();
        if matches!(self.say(texts, Source::Dialog).await, Ok(true)) {
            self.show_choices(choices.clone(), false);
        } else {
            self.say_choices(Condition::FollowUps, &choices, &[]).await;
        }
        self.state.pending = Some(Pending { question: Question::FollowUp, choices, meanings, text: String::new() });
    }

    /// Runs a sub-intent of the dialog that waits. Where its way leads back into the dialog, the dialog goes there; where
    /// it does not, it runs beside, and the dialog asks its question again.
    async fn run_sub_intent(&mut self, node: &str, text: &str) {
        let Some((dialog, _)) = self.place() else { return };
        let Some(target) = dialog.node(node) else { return };
        let entry = json!({"intent": target.name, "entities": [], "groupName": "", "identifiedAt": self.at.now.timestamp().to_string()});
        let list = self.context_mut().entry("identifiedSub-Intents").or_insert_with(|| json!([]));
        if let Value::Array(entries) = list {
            entries.insert(0, entry);
        }
        self.hear(text, false);
        if let Kind::SubIntent { group: Some(group), .. } = &target.kind {
            return self.fulfil(group).await;
        }
        if rejoins(dialog, &target.id) {
            self.move_to(&target.id);
            return;
        }
        let Some(frame) = self.state.stack.last_mut() else { return };
        frame.waiting = Waiting::Input;
        let mut beside = Frame::new(&dialog.id, &target.id);
        beside.context = frame.context.clone();
        beside.inputs.clone_from(&frame.inputs);
        beside.aside = true;
        self.state.stack.push(beside);
        self.variables = None;
    }

    /// Does what a sub-intent of a group is for.
    async fn fulfil(&mut self, group: &'a GroupIntent) {
        let done = match self.assign_here(&group.sets).await {
            Ok(()) => self.say(&group.says, Source::Dialog).await.map(|_| ()),
            Err(fault) => Err(fault),
        };
        match (done, &group.target) {
            (Err(fault), _) => self.fail(&fault).await,
            (Ok(()), Some(target)) => self.move_to(target),
            (Ok(()), None) if group.ends => {
                if let Some(caller) = self.end_one().await {
                    self.follow(caller, &Said::default()).await;
                }
            }
            (Ok(()), None) => self.ask_again(),
        }
    }

    /// After a task: what was asked for next, what was held, the event of its end. Whether there is something to run.
    pub(crate) async fn after_task(&mut self) -> bool {
        if !self.state.stack.is_empty() || self.state.pending.is_some() || self.state.with_agent {
            return false;
        }
        let failed = self.out.ended.last().is_some_and(|end| matches!(end.reason, Reason::Failed | Reason::Canceled));
        if failed {
            self.state.queued.clear();
        }
        while !self.state.queued.is_empty() {
            let next = self.state.queued.remove(0);
            if let Some(dialog) = self.dialog(&next.dialog) {
                self.begin(dialog, &next.text).await;
                return true;
            }
        }
        if let Some(held) = self.state.held.last() {
            let is_quiet = held.last().is_some_and(|frame| frame.quiet);
            let before = held.first().map(|frame| frame.dialog.clone()).unwrap_or_default();
            let name = self
                .dialog(&before)
                .map(|dialog| dialog.name(&self.state.language, &self.bot.default_language).to_owned())
                .unwrap_or_default();
            let policy = self.policy_of_held();
            let single = self.out.replies.len() == 1 && policy.resumes_after_single_reply == Some(true);
            let resuming =
                if is_quiet || single { Resuming::Silently } else { policy.resuming.unwrap_or(Resuming::Silently) };
            match resuming {
                Resuming::Ask => {
                    let choices = self.say_yes_no(Condition::ConfirmResume, &[("<previous-task>", &name)]).await;
                    let meanings = vec![Meaning::Yes, Meaning::No];
                    self.state.pending =
                        Some(Pending { question: Question::Resume, choices, meanings, text: String::new() });
                    return false;
                }
                Resuming::Tell => {
                    self.say_standard(Condition::Resuming, &[("<previous-task>", &name)]).await;
                    self.resume_held();
                }
                Resuming::Silently => self.resume_held(),
            }
            return true;
        }
        self.end_of_tasks().await
    }

    /// Takes up the task that was held last.
    pub(crate) fn resume_held(&mut self) {
        if let Some(stack) = self.state.held.pop() {
            self.state.stack = stack;
            self.remember(json!({"state": "resume"}));
            match self.state.stack.last_mut() {
                // An event said something in between: the question stands as it was asked.
                Some(frame) if frame.quiet => frame.quiet = false,
                _ => self.ask_again(),
            }
        }
    }

    fn policy_of_held(&mut self) -> Interruption {
        let Some(held) = self.state.held.pop() else { return Interruption::default() };
        let stack = std::mem::replace(&mut self.state.stack, held);
        let policy = self.policy();
        let held = std::mem::replace(&mut self.state.stack, stack);
        self.state.held.push(held);
        policy
    }

    fn task_name(&self) -> String {
        let dialog = self.state.stack.first().and_then(|frame| self.dialog(&frame.dialog));
        dialog
            .map_or_else(String::new, |dialog| dialog.name(&self.state.language, &self.bot.default_language).to_owned())
    }
}

/// Whether the way of a sub-intent leads to a node that the dialog comes to by itself.
fn rejoins(dialog: &Dialog, from: &str) -> bool {
    let reached = |start: &str, without: Option<&str>| {
        let mut seen: Vec<String> = Vec::new();
        let mut open = vec![start.to_owned()];
        while let Some(id) = open.pop() {
            if seen.contains(&id) || without == Some(id.as_str()) {
                continue;
            }
            if let Some(node) = dialog.node(&id) {
                open.extend(node.transitions.iter().filter_map(|transition| transition.target.clone()));
                match &node.kind {
                    Kind::Entity(entity) => open.extend(entity.retries_target.clone()),
                    Kind::Agent(agent) => open.extend(agent.rounds_target.clone()),
                    _ => {}
                }
            }
            seen.push(id);
        }
        seen
    };
    let Some(start) = dialog.start.map(|place| dialog.nodes[place].id.as_str()) else { return false };
    let main = reached(start, Some(from));
    reached(from, None).iter().any(|id| main.contains(id))
}
