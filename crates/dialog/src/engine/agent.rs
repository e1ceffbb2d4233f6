//! The agent node: a talk in which values are collected (export-format-xo11.md §3.2). A language model leads it where one is
//! configured; else the values are asked for one by one.

mod answer;
mod collect;
mod results;
mod talk;
mod tools;

use serde_json::json;

use self::talk::Round;
use super::Engine;
use super::outside::NO_MODEL;
use super::run::Then;
use crate::bot::Condition;
use crate::compat::WithoutModel;
use crate::host::{Cause, Fault, Host};
use crate::node::{Agent, Node, OnModelFailure};
use crate::reply::{Content, Source};
use crate::state::{AgentState, Waiting};
use crate::turn::Reason;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn arrive_at_agent(&mut self, node: &'a Node, agent: &'a Agent) -> Result<Then<'a>, Fault> {
        if let Some(talk) = self.talk(node) {
            // Something came in between: its question stands.
            let said = talk.said.clone();
            self.reply(Content::Text(said), Source::Dialog);
            return Ok(Then::Wait(Waiting::Input));
        }
        self.run_if_any(agent.before.as_ref()).await?;
        if let Some(frame) = self.state.stack.last_mut() {
            frame.agent = Some(AgentState { node: node.id.clone(), ..AgentState::default() });
        }
        self.take_known_values(agent);
        let said = self.said.clone();
        match self.round(node, agent, &said).await {
            Ok(Round::NoModel) => {}
            Ok(Round::Waits) => return Ok(Then::Wait(Waiting::Input)),
            Ok(Round::Ended) => return Ok(Then::Next),
            Err(fault) => return self.model_failed(node, agent, fault),
        }
        if self.at.compat.agent_without_model == WithoutModel::Fail {
            self.leave_talk();
            return Err(Fault::of(Cause::Service, format!("the agent '{}': {NO_MODEL}", node.name)));
        }
        if agent.entities.is_empty() {
            self.leave_results(node, agent);
            self.leave_talk();
            return Ok(self.skip(NO_MODEL));
        }
        self.take_values_said(agent);
        if self.ask_for_next(agent) {
            return Ok(Then::Wait(Waiting::Input));
        }
        self.finish_collecting(node, agent).await?;
        Ok(Then::Next)
    }

    /// The user says something in the talk.
    pub(crate) async fn answer_agent(&mut self, node: &'a Node, agent: &'a Agent, text: &str) {
        if self.interact(text).await {
            return;
        }
        // Whoever calls it off calls off the task: going on would book or send what nobody wants.
        if self.is_discard(text) && self.obey(text).await {
            return;
        }
        if agent.executes_intent
            && let Some(dialog) = self.dialog_called(text.trim()).filter(|dialog| !dialog.hidden)
            && self.take_aside(super::detect::Meant::Task(dialog), text).await
        {
            return;
        }
        let Some(talk) = self.talk(node) else { return self.ask_again() };
        if let Some(asking) = talk.asking.clone() {
            return self.answer_value(node, agent, &asking, text).await;
        }
        if talk.rounds >= agent.most_rounds {
            return self.too_many_rounds(agent).await;
        }
        self.hear(text, true);
        match self.round(node, agent, text).await {
            Ok(Round::Waits) => {}
            Ok(Round::Ended) => self.go_on(node).await,
            // The model is gone since: what is missing is asked for.
            Ok(Round::NoModel) if self.ask_for_next(agent) => {}
            Ok(Round::NoModel) => match self.finish_collecting(node, agent).await {
                Ok(()) => self.go_on(node).await,
                Err(fault) => self.fail(&fault).await,
            },
            Err(fault) => match self.model_failed(node, agent, fault) {
                Ok(then) => self.go(node, then).await,
                Err(fault) => self.fail(&fault).await,
            },
        }
    }

    /// The talk of an agent node that is under way.
    fn talk(&self, node: &Node) -> Option<&AgentState> {
        self.state.frame()?.agent.as_ref().filter(|talk| talk.node == node.id)
    }

    fn talk_mut(&mut self) -> Option<&mut AgentState> {
        self.state.stack.last_mut()?.agent.as_mut()
    }

    fn leave_talk(&mut self) {
        if let Some(frame) = self.state.stack.last_mut() {
            frame.agent = None;
        }
    }

    /// Says something of the talk.
    fn say_in_talk(&mut self, text: String) {
        if let Some(talk) = self.talk_mut() {
            talk.said.clone_from(&text);
        }
        self.reply(Content::Text(text), Source::Dialog);
    }

    /// The model failed: what the author wants to happen then.
    fn model_failed(&mut self, node: &Node, agent: &Agent, fault: Fault) -> Result<Then<'a>, Fault> {
        self.leave_talk();
        let message = format!("the language model of '{}': {}", node.name, fault.message);
        let target = match &agent.on_failure {
            OnModelFailure::Fail => return Err(Fault { message, ..fault }),
            OnModelFailure::End => None,
            OnModelFailure::Go(target) => Some(target.clone()),
        };
        self.log("generated", json!({"error": message}));
        Ok(Then::Go(target))
    }

    /// The talk took too long: the node that the author names, else the end of the task.
    async fn too_many_rounds(&mut self, agent: &Agent) {
        self.leave_talk();
        if let Some(target) = &agent.rounds_target {
            return self.move_to(target);
        }
        let holds = !self.state.held.is_empty();
        let condition = if holds { Condition::RetriesExceededWhileHolding } else { Condition::RetriesExceeded };
        self.say_standard(condition, &[]).await;
        self.discard_stack(Reason::Canceled);
    }
}
