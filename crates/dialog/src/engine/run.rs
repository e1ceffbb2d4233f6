//! Running a dialog from node to node until it waits, ends or fails.

use serde_json::json;

use super::Engine;
use super::flow::FlowEnd;
use crate::bot::Condition;
use crate::condition;
use crate::host::{Cause, Fault, Host};
use crate::node::{Kind, Node};
use crate::state::Waiting;
use crate::turn::Reason;

/// What comes after a node.
pub(crate) enum Then<'a> {
    /// Its transitions decide.
    Next,
    /// This node; the end where there is none.
    Go(Option<String>),
    /// The user, a form or a server.
    Wait(Waiting),
    /// Another dialog.
    Call(&'a crate::node::Call),
    /// A dialog that was found while the node ran; its own dialog ends where it `replaces` it.
    Run {
        /// Which.
        dialog: &'a crate::bot::Dialog,
        /// Set in it.
        before: &'a [crate::node::Assignment],
        /// The calling dialog ends.
        replaces: bool,
    },
    /// Its default way: the node did nothing.
    Skip,
    /// The end of this dialog and of those above.
    EndAll,
}

/// What the transitions of a node look at besides the context.
#[derive(Clone, Default)]
pub(crate) struct Said {
    /// The answer to a confirmation.
    pub(crate) yes: Option<bool>,
    /// The sub-intent that was said: its node.
    pub(crate) intent: Option<String>,
    /// The node did nothing: only its default way is open.
    pub(crate) skipped: bool,
}

impl Said {
    /// What is known of a node that did nothing.
    pub(crate) fn skipped() -> Self {
        Self { skipped: true, ..Self::default() }
    }
}

impl<'a, H: Host> Engine<'a, H> {
    /// Runs what is on the stack until it waits or nothing is left.
    pub(crate) async fn run(&mut self) {
        while let Some(frame) = self.state.frame() {
            if frame.waiting != Waiting::Nothing || self.state.pending.is_some() {
                break;
            }
            let Some((_, node)) = self.place() else {
                let missing = format!("the node {} of the dialog {} is not in the bot", frame.node, frame.dialog);
                self.fail(&Fault::of(Cause::Bot, missing)).await;
                continue;
            };
            if !self.may_go_on(node).await {
                continue;
            }
            match Box::pin(self.execute(node)).await {
                Ok(then) => Box::pin(self.go(node, then)).await,
                Err(fault) => Box::pin(self.fail(&fault)).await,
            }
        }
    }

    /// Guards against what never ends.
    async fn may_go_on(&mut self, node: &'a Node) -> bool {
        self.steps += 1;
        let compat = &self.at.compat;
        let (most_visits, most_steps) = (compat.most_visits, compat.most_steps);
        let Some(frame) = self.state.stack.last_mut() else { return false };
        let visits = frame.visits.entry(node.id.clone()).or_default();
        *visits += 1;
        if *visits > most_visits {
            let message = format!("the node ran more than {most_visits} times in one turn");
            self.log_fault(&Fault::of(Cause::Bot, message));
            self.say_standard(Condition::Loop, &[("<node>", node.name.as_str())]).await;
            self.discard_stack(Reason::Failed);
            return false;
        }
        if self.steps > most_steps || self.host.is_out_of_time() {
            self.log_fault(&Fault::new("the turn took too long"));
            self.say_standard(Condition::TaskFailure, &[]).await;
            self.discard_stack(Reason::Failed);
            return false;
        }
        true
    }

    async fn execute(&mut self, node: &'a Node) -> Result<Then<'a>, Fault> {
        self.see_variables();
        let previous = self.context().get("currentNodeId").cloned().unwrap_or_default();
        let context = self.context_mut();
        context.insert("previousNodeId".to_owned(), previous);
        context.insert("currentNodeId".to_owned(), json!(node.id));
        context.insert("currentNodeName".to_owned(), json!(node.name));
        self.log("node", json!({"type": node.kind.name()}));
        let before = self.context_bytes();
        let then = match &node.kind {
            Kind::Start | Kind::SubIntent { .. } => {
                if let Kind::Start = node.kind {
                    let intent = self.context().get("intent").and_then(|it| it.as_str()).unwrap_or_default().to_owned();
                    self.tag(&intent);
                }
                Then::Next
            }
            Kind::Message(message) => self.message_node(message).await?,
            Kind::Entity(entity) => self.arrive_at_entity(node, entity).await?,
            Kind::Confirmation(confirmation) => self.arrive_at_confirmation(confirmation).await?,
            Kind::Script(script) => {
                self.script(crate::host::Code::Body(script.pieces.clone())).await?;
                Then::Next
            }
            Kind::Service(service) => self.service_node(node, service).await?,
            Kind::Table(table) => self.table_node(node, table).await?,
            Kind::Action(inner, start) => self.action_node(inner, *start).await?,
            Kind::Dialog(call) => Then::Call(call),
            Kind::Logic(assignments) => {
                self.assign_here(assignments).await?;
                Then::Next
            }
            Kind::Form(form) => self.form_node(form).await?,
            Kind::AgentTransfer => self.transfer_node(node).await?,
            Kind::Webhook => self.webhook_node(node).await?,
            Kind::Generative(generative) => self.generative_node(node, generative).await?,
            Kind::Agent(agent) => self.arrive_at_agent(node, agent).await?,
            Kind::Search(search) => self.search_node(node, search).await?,
            Kind::Dynamic(dynamic) => self.dynamic_node(dynamic).await?,
            Kind::Unconnected(service) => self.unconnected_node(node, service),
            Kind::Unknown { cause, .. } => self.skip(cause),
        };
        self.leave_tags().await?;
        self.within_bounds()?;
        self.check_context(before)?;
        let state = if matches!(then, Then::Wait(_)) { "waitingForUserInput" } else { "processed" };
        self.remember_node(state);
        Ok(then)
    }

    /// The graph inside of a bot action: scripts, services, tables, assignments.
    async fn action_node(&mut self, inner: &'a [Node], start: Option<usize>) -> Result<Then<'a>, Fault> {
        let mut at = start;
        let mut ran = 0;
        while let Some(node) = at.and_then(|place| inner.get(place)) {
            ran += 1;
            if ran > self.at.compat.most_visits as usize * inner.len().max(1) {
                return Err(Fault::of(Cause::Bot, "the nodes of the bot action run in a circle"));
            }
            self.log("node", json!({"type": node.kind.name(), "inner": node.id, "name": node.name}));
            let then = self.inner_node(node).await;
            // The log names the bot action; which of its nodes failed is for the message to say.
            let then =
                then.map_err(|fault| Fault { message: format!("in '{}': {}", node.name, fault.message), ..fault })?;
            let next = match then {
                Then::Go(target) => target,
                Then::Skip => self.way_out(node, &Said::skipped()).await?.flatten(),
                _ => self.way_out(node, &Said::default()).await?.flatten(),
            };
            at = next.and_then(|id| inner.iter().position(|node| node.id == id));
        }
        Ok(Then::Next)
    }

    /// A node does nothing, and its default way is taken: told in the debug log, with the reason.
    pub(crate) fn skip(&mut self, cause: &str) -> Then<'a> {
        self.log("skipped", json!({"cause": cause}));
        Then::Skip
    }

    async fn inner_node(&mut self, node: &'a Node) -> Result<Then<'a>, Fault> {
        match &node.kind {
            Kind::Script(script) => {
                self.script(crate::host::Code::Body(script.pieces.clone())).await?;
                Ok(Then::Next)
            }
            Kind::Service(service) => self.service_node(node, service).await,
            Kind::Table(table) => self.table_node(node, table).await,
            Kind::Logic(assignments) => {
                self.assign_here(assignments).await?;
                Ok(Then::Next)
            }
            Kind::Generative(generative) => self.generative_node(node, generative).await,
            Kind::Search(search) => self.search_node(node, search).await,
            Kind::Unconnected(service) => Ok(self.unconnected_node(node, service)),
            Kind::Unknown { cause, .. } => Ok(self.skip(cause)),
            other => Err(Fault::new(format!("a bot action cannot run a node of the type '{}'", other.name()))),
        }
    }

    /// Goes where a node leads.
    pub(crate) async fn go(&mut self, node: &'a Node, then: Then<'a>) {
        match then {
            Then::Wait(waiting) => {
                if let Some(frame) = self.state.stack.last_mut() {
                    frame.waiting = waiting;
                }
            }
            Then::Next => self.follow(node, &Said::default()).await,
            Then::Go(Some(target)) => self.move_to(&target),
            Then::Go(None) => self.end_dialog().await,
            Then::Call(call) => self.call(call).await,
            Then::Run { dialog, before, replaces } => self.call_dialog(dialog, before, replaces).await,
            Then::Skip => self.follow(node, &Said::skipped()).await,
            Then::EndAll => self.discard_stack(Reason::Fulfilled),
        }
    }

    /// Follows the transitions of a node; where they end the dialog, those of the node that called it.
    pub(crate) async fn follow(&mut self, node: &'a Node, said: &Said) {
        let (mut node, mut said) = (node, said.clone());
        loop {
            match self.way_out(node, &said).await {
                Ok(Some(Some(target))) => return self.move_to(&target),
                // Control goes back to the flow, whoever called the dialog.
                Ok(Some(None)) if std::mem::take(&mut self.returns) && self.in_flow() => {
                    self.flow_end = Some(FlowEnd::Return);
                    return self.discard_stack(Reason::Fulfilled);
                }
                Ok(Some(None) | None) => match self.end_one().await {
                    Some(caller) => (node, said) = (caller, Said::default()),
                    None => return,
                },
                Err(fault) => return self.fail(&fault).await,
            }
        }
    }

    /// The first transition whose condition is met: `Some(target)`. `None` where there is none, not even a default.
    pub(crate) async fn way_out(&mut self, node: &'a Node, said: &Said) -> Result<Option<Option<String>>, Fault> {
        for transition in &node.transitions {
            let met = match &transition.condition {
                None => true,
                Some(_) if said.skipped => false,
                Some(condition) => self.holds(condition, said).await?,
            };
            if met {
                self.returns = transition.returns;
                return Ok(Some(transition.target.clone()));
            }
        }
        Ok(None)
    }

    async fn holds(&mut self, condition: &'a condition::Condition, said: &Said) -> Result<bool, Fault> {
        use condition::Condition::{All, Answer, Any, Intent, Value};
        match condition {
            All(parts) | Any(parts) => {
                let wants_all = matches!(condition, All(_));
                for part in parts {
                    // Conditions are not nested deeper than this in any export; a deeper one is never met.
                    let met = match part {
                        All(_) | Any(_) => false,
                        part => self.holds_alone(part, said).await?,
                    };
                    if met != wants_all {
                        return Ok(!wants_all);
                    }
                }
                Ok(wants_all && !parts.is_empty())
            }
            Answer { .. } | Intent(_) | Value { .. } => self.holds_alone(condition, said).await,
        }
    }

    async fn holds_alone(&mut self, condition: &'a condition::Condition, said: &Said) -> Result<bool, Fault> {
        match condition {
            condition::Condition::Answer { yes } => Ok(said.yes == Some(*yes)),
            condition::Condition::Intent(node) => Ok(!node.is_empty() && said.intent.as_deref() == Some(node)),
            condition::Condition::Value { left, op, right } => {
                let right = self.right_side(right).await?;
                self.see_variables();
                let ignore_case = self.at.compat.eq_ignore_case;
                match left {
                    condition::Left::Path(path) => {
                        let left = self.scope().condition_path(path);
                        Ok(op.holds(left.as_ref(), &right, ignore_case))
                    }
                    condition::Left::Entity(name, component) => {
                        let left = self.state.entity(name).cloned();
                        if op.holds(left.as_ref(), &right, ignore_case) {
                            return Ok(true);
                        }
                        let by_title = self.at.compat.eq_list_titles && *op == condition::Operator::Equal;
                        let title = left.filter(|_| by_title).and_then(|value| self.title_of(component, &value));
                        Ok(title.is_some_and(|title| title.trim().eq_ignore_ascii_case(right.trim())))
                    }
                }
            }
            condition::Condition::All(_) | condition::Condition::Any(_) => Ok(false),
        }
    }

    /// The right side of a comparison: a variable without braces, a text with templates, or the text.
    async fn right_side(&mut self, right: &crate::bot::Text) -> Result<String, Fault> {
        if let Some(constant) = right.as_constant() {
            self.see_variables();
            let trimmed = constant.trim();
            let is_path = ["context.", "env.", "content."].iter().any(|root| trimmed.starts_with(root));
            if is_path && let Some(found) = self.scope().path(trimmed) {
                return Ok(crate::scope::shown(found.as_ref()).into_owned());
            }
            return Ok(constant.to_owned());
        }
        self.fill(right).await
    }

    pub(crate) fn move_to(&mut self, target: &str) {
        if let Some(frame) = self.state.stack.last_mut() {
            frame.node = target.to_owned();
            frame.waiting = Waiting::Nothing;
            frame.shown.clear();
        }
        self.variables = None;
    }
}

impl Kind {
    /// Its name, as the export writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Start | Self::Dialog(_) | Self::SubIntent { .. } => "intent",
            Self::Message(_) => "message",
            Self::Entity(_) => "entity",
            Self::Confirmation(_) => "dialogAct",
            Self::Script(_) => "script",
            Self::Service(_) | Self::Table(_) => "service",
            Self::Action(..) => "botAction",
            Self::Logic(_) => "logic",
            Self::Form(_) => "form",
            Self::AgentTransfer => "agentTransfer",
            Self::Webhook => "webhook",
            Self::Generative(_) => "generativeai",
            Self::Agent(_) => "aiassist",
            Self::Search(_) => "searchai",
            Self::Dynamic(_) => "dynamicIntent",
            Self::Unconnected(_) => "service",
            Self::Unknown { kind, .. } => kind,
        }
    }
}
