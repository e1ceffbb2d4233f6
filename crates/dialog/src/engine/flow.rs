//! Flows: how a conversation with an app is entered, and what comes after its dialogs (export-format-xo11.md §4.3).

use serde_json::json;

use super::Engine;
use super::detect::Meant;
use crate::bot::{Automation, Condition, Dialog, Flow, FlowAct, FlowRule, FlowStep, Next, Piece, Text};
use crate::host::{Fault, Host, WebhookCall};
use crate::node::{Kind, Node};
use crate::reply::Source;
use crate::state::FlowState;
use crate::turn::Reason;

/// How the automation step of a flow is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlowEnd {
    /// A dialog handed control back.
    Return,
    /// A dialog wants a human.
    Transfer,
    /// The dialog that the step had started failed.
    Failure,
    /// The dialog that the step had started came to its end.
    Success,
}

/// Who enters a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes<'t> {
    /// Somebody who said nothing yet.
    Silent,
    /// Somebody who said this.
    Saying(&'t str),
}

/// So many steps may run one after the other.
const MOST_STEPS: usize = 100;

/// Words that greet and say nothing else, besides the bot's own small talk.
const GREETINGS: [&str; 22] = [
    "hi",
    "hii",
    "hello",
    "hey",
    "hi there",
    "hello there",
    "hey there",
    "good morning",
    "good afternoon",
    "good evening",
    "greetings",
    "hallo",
    "guten tag",
    "guten morgen",
    "guten abend",
    "servus",
    "hola",
    "buenos días",
    "ciao",
    "buongiorno",
    "bonjour",
    "salut",
];

impl<'a, H: Host> Engine<'a, H> {
    /// The flow by which the conversation is entered, where flows run.
    fn entry_flow(&self) -> Option<&'a Flow> {
        self.bot.flow.as_ref().filter(|_| self.at.flows.run)
    }

    /// Whether conversations are entered by a flow.
    pub(crate) fn has_flow(&self) -> bool {
        self.entry_flow().is_some()
    }

    /// The automation step that converses.
    fn automation(&self) -> Option<(&'a Flow, &'a FlowStep, &'a Automation)> {
        let flow = self.entry_flow()?;
        let at = self.state.flow.as_ref()?.step.as_ref()?;
        let step = flow.steps.iter().find(|step| step.id == *at)?;
        match &step.act {
            FlowAct::Automation(automation) => Some((flow, step, automation)),
            _ => None,
        }
    }

    /// The dialog with which the automation step that converses began.
    pub(crate) fn first_dialog_of_flow(&self) -> Option<&'a Dialog> {
        let (_, _, automation) = self.automation()?;
        let bot = self.bot;
        bot.dialogs.get(automation.starts?)
    }

    /// Whether the flow has the conversation: transfers and returns lead on in it.
    pub(crate) fn in_flow(&self) -> bool {
        self.automation().is_some()
    }

    /// Whether the flow has a way for those whom nobody takes over.
    pub(crate) fn flow_takes_transfers(&self) -> bool {
        self.automation().is_some_and(|(.., automation)| automation.on_transfer.is_some())
    }

    /// A user came and said nothing yet. Whether there is a flow that greets.
    pub(crate) async fn connect_flow(&mut self) -> bool {
        let Some(flow) = self.entry_flow() else { return false };
        if self.state.flow.is_none() {
            self.walk(flow, flow.start, Comes::Silent).await;
        }
        true
    }

    /// The user said something and nothing runs. Whether a flow took it: one begins with a conversation, and after its end.
    pub(crate) async fn enter_flow(&mut self, text: &str, is_first: bool) -> bool {
        let Some(flow) = self.entry_flow() else { return false };
        let begins = match &self.state.flow {
            // A conversation from before flows ran goes on where it is.
            None => is_first,
            Some(state) => state.step.is_none(),
        };
        // A flow that is over before anybody converses has heard nothing of it.
        begins && self.walk(flow, flow.start, Comes::Saying(text)).await
    }

    /// Begins the flow anew, as for somebody who just came. Whether there is one.
    pub(crate) async fn restart_flow(&mut self) -> bool {
        let Some(flow) = self.entry_flow() else { return false };
        self.walk(flow, flow.start, Comes::Silent).await;
        true
    }

    /// Takes one step after the other until dialogs converse or the flow is over. Whether what was said was heard.
    async fn walk(&mut self, flow: &'a Flow, from: Next, comes: Comes<'_>) -> bool {
        // Whom the app's own event greeted at the connect is not greeted by the flow, too.
        let is_greeted = self.state.welcomed && self.state.flow.is_none();
        self.state.welcomed = true;
        let returning = json!(self.state.returning);
        self.state.stores.bot_user.entry("isReturningUser").or_insert(returning);
        let greets = comes == Comes::Silent || (self.at.flows.greet_on_first_text && !is_greeted);
        let mut at = from;
        let mut taken: Vec<usize> = Vec::new();
        while let Some((place, step)) = at.and_then(|place| Some((place, flow.steps.get(place)?))) {
            if taken.contains(&place) {
                self.log("flow", json!({"flow": flow.name, "step": step.name, "message": "the flow comes back to this step: it is over"}));
                break;
            }
            taken.push(place);
            self.log("flow", json!({"flow": flow.name, "step": step.name}));
            self.stand_at(Some(step));
            at = match &step.act {
                FlowAct::Pass { next } => {
                    self.branch(step, "success");
                    *next
                }
                FlowAct::Split { rules, otherwise } => self.decide(rules, *otherwise).await,
                FlowAct::Prompt { says, next } => {
                    if greets {
                        self.say_of_flow(says).await;
                    }
                    self.branch(step, "success");
                    *next
                }
                FlowAct::Automation(automation) => {
                    self.converse(automation, comes).await;
                    return true;
                }
                FlowAct::Transfer { says, on_error } => {
                    self.say_of_flow(says).await;
                    if self.hand_over(step).await {
                        return true;
                    }
                    self.branch(step, "onError");
                    if on_error.is_none() {
                        self.say_no_agents().await;
                    }
                    *on_error
                }
                FlowAct::End { says } => {
                    self.say_of_flow(says).await;
                    None
                }
            };
        }
        // Over: what is said next begins another one.
        self.stand_at(None);
        false
    }

    /// The automation step: what was said is understood, else the step says its message or starts its dialog.
    async fn converse(&mut self, automation: &'a Automation, comes: Comes<'_>) {
        let bot = self.bot;
        let starts = automation.starts.and_then(|place| bot.dialogs.get(place));
        let Comes::Saying(text) = comes else {
            return match starts {
                None => self.say_of_flow(&automation.says).await,
                Some(dialog) => self.start_of_flow(dialog, "").await,
            };
        };
        if Box::pin(self.interact(text)).await {
            return;
        }
        let found = Box::pin(self.find(text)).await;
        let Some(dialog) = starts else {
            let greets_only = match &found.meant {
                Meant::SmallTalk(_) => true,
                Meant::Nothing => is_greeting(text),
                _ => false,
            };
            if greets_only && !automation.says.is_empty() {
                self.say_of_flow(&automation.says).await;
            } else if !text.is_empty() {
                Box::pin(self.act_on_found(found, text, false)).await;
            }
            return;
        };
        match &found.meant {
            Meant::Task(task) if task.id == dialog.id => self.start_of_flow(dialog, text).await,
            // What was said takes the place of the dialog.
            Meant::Task(_) | Meant::Which(_) | Meant::Interaction(_) | Meant::Search => {
                Box::pin(self.act_on_found(found, text, false)).await;
            }
            // It is answered, and the dialog asks its question.
            Meant::Faq(place) => {
                self.answer_question(*place, true).await;
                if self.state.stack.is_empty() {
                    self.start_of_flow(dialog, "").await;
                }
            }
            // A choice of its first question is taken for that; anything else is asked normally.
            Meant::SubIntent(_) | Meant::SmallTalk(_) | Meant::Suggest(_) | Meant::Nothing => {
                let offered = if self.is_first_choice(dialog, text) { text } else { "" };
                self.start_of_flow(dialog, offered).await;
            }
        }
    }

    async fn start_of_flow(&mut self, dialog: &'a Dialog, text: &str) {
        if !self.start(dialog, text, true) {
            self.say_empty(dialog).await;
        }
    }

    /// Whether a text is a choice of the first question of a dialog.
    fn is_first_choice(&mut self, dialog: &'a Dialog, text: &str) -> bool {
        let asks = |node: &'a Node| match &node.kind {
            Kind::Entity(entity) => Some((node, &**entity)),
            _ => None,
        };
        let Some((node, entity)) = dialog.nodes.iter().find_map(asks) else { return false };
        let bot = self.bot;
        let variants = entity.prompt.for_channel(&self.at.channel, &self.state.language, &bot.default_language);
        let mut titles = variants.into_iter().filter_map(|text| text.buttons.as_deref()).flat_map(|all| &all.all);
        let is_title = |title: &Text| title.as_constant().is_some_and(|it| it.trim().eq_ignore_ascii_case(text.trim()));
        titles.any(|button| is_title(&button.title))
            || self.with_entity(node, entity, |_, ready| ready.list().is_some_and(|list| list.exact(text).is_some()))
                == Some(true)
    }

    /// After everything of a turn that runs: whether the flow leads on, and to something that runs.
    pub(crate) async fn go_on_in_flow(&mut self) -> bool {
        let Some((flow, step, automation)) = self.automation() else { return false };
        if !self.state.stack.is_empty() || self.state.pending.is_some() || self.state.with_agent {
            return false;
        }
        let Some(end) = self.flow_end.take() else { return false };
        let (outcome, next) = match end {
            FlowEnd::Return => ("onreturnautomation", automation.on_return),
            FlowEnd::Transfer => ("agentTransfer", automation.on_transfer),
            FlowEnd::Failure => ("failure", automation.on_failure),
            FlowEnd::Success => ("success", automation.on_success),
        };
        self.branch(step, outcome);
        if next.is_none() {
            return false;
        }
        self.walk(flow, next, Comes::Silent).await;
        !self.state.stack.is_empty()
    }

    /// The dialog that the automation step had started is over.
    pub(crate) fn flow_dialog_ended(&mut self, dialog: &str, reason: Reason) {
        let Some((_, _, automation)) = self.automation() else { return };
        let is_first = self.first_dialog_of_flow().is_some_and(|it| it.id == dialog);
        let end = match reason {
            Reason::Failed | Reason::FailedEvent if automation.on_failure.is_some() => FlowEnd::Failure,
            Reason::Fulfilled | Reason::FulfilledEvent if automation.on_success.is_some() => FlowEnd::Success,
            _ => return,
        };
        if is_first && self.flow_end.is_none() {
            self.flow_end = Some(end);
        }
    }

    /// Asks for a human on behalf of a step. Whether somebody took over.
    async fn hand_over(&mut self, step: &'a FlowStep) -> bool {
        let call = WebhookCall {
            name: step.name.clone(),
            dialog: String::new(),
            context: self.whole_context(),
            message: self.said.clone(),
        };
        self.tell_host();
        match self.host.transfer(call).await {
            Ok(true) => {
                self.state.with_agent = true;
                self.out.transferred = true;
                true
            }
            Ok(false) => false,
            Err(fault) => {
                self.log_fault(&fault);
                false
            }
        }
    }

    /// Nobody can take over: what the app's own flow for that says, else that there is nobody.
    pub(crate) async fn say_no_agents(&mut self) {
        let bot = self.bot;
        let before = self.out.replies.len();
        if let Some(flow) = &bot.no_agents {
            let mut at = flow.start;
            for _ in 0..MOST_STEPS {
                let Some(step) = at.and_then(|place| flow.steps.get(place)) else { break };
                at = match &step.act {
                    FlowAct::Pass { next } => *next,
                    FlowAct::Split { rules, otherwise } => self.decide(rules, *otherwise).await,
                    FlowAct::Prompt { says, next } => {
                        self.say_of_flow(says).await;
                        *next
                    }
                    FlowAct::End { says } => {
                        self.say_of_flow(says).await;
                        None
                    }
                    FlowAct::Automation(_) | FlowAct::Transfer { .. } => None,
                };
            }
        }
        if self.out.replies.len() == before {
            self.say_standard(Condition::NoAgents, &[]).await;
        }
    }

    async fn say_of_flow(&mut self, texts: &'a crate::bot::Texts) {
        if let Err(fault) = self.say(texts, Source::Event).await {
            self.log_fault(&fault);
        }
    }

    async fn decide(&mut self, rules: &'a [FlowRule], otherwise: Next) -> Next {
        for rule in rules {
            let (left, right) = (self.side(&rule.left).await, self.side(&rule.right).await);
            if (left.trim() == right.trim()) == rule.equal {
                return rule.next;
            }
        }
        otherwise
    }

    /// A side of a rule as text. Stores stand directly below `context` in flows.
    async fn side(&mut self, text: &'a Text) -> String {
        if let [Piece::Expression(expression)] = text.pieces.as_slice() {
            let path = expression.trim();
            let inner = path.strip_prefix("context.").unwrap_or(path);
            if inner == "conversationType" {
                return "messaging".to_owned();
            }
            if let Some(branch) = inner.strip_prefix("branch.") {
                let branches = self.state.flow.as_ref().map(|flow| &flow.branches);
                return branches.and_then(|all| all.get(branch)).cloned().unwrap_or_default();
            }
            self.see_variables();
            if let Some(found) = self.scope().path(inner).or_else(|| self.scope().path(path)) {
                return crate::scope::shown(found.as_ref()).into_owned();
            }
        }
        match self.fill(text).await {
            Ok(filled) => filled,
            Err(fault) => {
                self.log_fault(&Fault { message: format!("a rule of the flow: {}", fault.message), ..fault });
                String::new()
            }
        }
    }

    fn stand_at(&mut self, step: Option<&FlowStep>) {
        let state = self.state.flow.get_or_insert_with(FlowState::default);
        state.step = step.map(|step| step.id.clone());
    }

    fn branch(&mut self, step: &FlowStep, outcome: &str) {
        let state = self.state.flow.get_or_insert_with(FlowState::default);
        state.branches.insert(step.name.clone(), outcome.to_owned());
    }
}

/// Whether a text greets and says nothing else.
fn is_greeting(text: &str) -> bool {
    let folded = text.trim().trim_end_matches(['!', '.', ',', '?', ' ']).to_lowercase();
    GREETINGS.contains(&folded.as_str())
}
