//! Nodes that ask others: a BotKit server, a human, a language model.

use serde_json::{Map, Value, json};

use super::Engine;
use super::flow::FlowEnd;
use super::run::{Said, Then};
use crate::host::{Code, Fault, Generated, Host, Prompt, WebhookAnswer, WebhookCall};
use crate::node::{Generative, Node};
use crate::state::Waiting;

/// Why a node that needs a language model is skipped.
pub(crate) const NO_MODEL: &str = "no language model is configured";

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn webhook_node(&mut self, node: &'a Node) -> Result<Then<'a>, Fault> {
        let call = self.webhook_call(node);
        self.tell_host();
        match self.host.webhook(call).await? {
            WebhookAnswer::Context(context) => {
                self.take_context(context);
                Ok(Then::Next)
            }
            WebhookAnswer::Later => Ok(Then::Wait(Waiting::Server)),
        }
    }

    pub(crate) async fn transfer_node(&mut self, node: &'a Node) -> Result<Then<'a>, Fault> {
        let call = self.webhook_call(node);
        self.tell_host();
        match self.host.transfer(call).await {
            Ok(true) => {
                self.remember(json!({"dialogState": "transferredToAgent"}));
                self.state.with_agent = true;
                self.out.transferred = true;
                return Ok(Then::EndAll);
            }
            // Nobody is there to take over. Where the flow leads on, it says so.
            Ok(false) if !self.flow_takes_transfers() => self.say_no_agents().await,
            Ok(false) => {}
            // Whoever could not be reached is apologised for by who asked.
            Err(fault) => self.log_fault(&fault),
        }
        // The bot has the conversation still, as after a talk with a human: what was interrupted for one is not taken up.
        self.flow_end = Some(FlowEnd::Transfer);
        self.drop_held();
        Ok(Then::EndAll)
    }

    /// The BotKit server answers later.
    pub(crate) async fn server_answers(&mut self, context: Value) {
        let waits = self.state.frame().is_some_and(|frame| frame.waiting == Waiting::Server);
        let Some((_, node)) = self.place().filter(|_| waits) else { return };
        self.take_context(context);
        self.move_to(&node.id);
        self.follow(node, &Said::default()).await;
    }

    /// Tells the host what was said so far, but for what may still be taken back.
    pub(crate) fn tell_host(&mut self) {
        let settled = self.held_back.unwrap_or(self.out.replies.len());
        self.host.hears(&self.out.replies[..settled]);
    }

    fn webhook_call(&self, node: &'a Node) -> WebhookCall {
        let dialog = self.place().map_or_else(String::new, |(dialog, _)| dialog.intent.clone());
        WebhookCall { name: node.name.clone(), dialog, context: self.whole_context(), message: self.said.clone() }
    }

    fn take_context(&mut self, context: Value) {
        let mut ran = crate::host::Ran { context: Some(context), ..Default::default() };
        if let Err(fault) = self.take_over(&mut ran) {
            self.log_fault(&fault);
        }
    }

    /// Whether a feature of the app may ask a language model, and there is one.
    pub(crate) fn can_ask(&self, feature: &str, integration: &str) -> bool {
        self.bot.lets_model(feature) && self.host.has_model(integration)
    }

    /// Asks a language model for a feature of the app; `None` where it may not, or there is none.
    pub(crate) async fn ask_model(&mut self, feature: &str, prompt: Prompt) -> Result<Option<Generated>, Fault> {
        if !self.can_ask(feature, &prompt.model.integration) {
            return Ok(None);
        }
        self.tell_host();
        let generated = self.host.generate(prompt).await?;
        if let Some(generated) = &generated {
            self.log("generated", json!({"characters": generated.text.chars().count()}));
        }
        Ok(generated)
    }

    pub(crate) async fn generative_node(
        &mut self,
        node: &'a Node,
        generative: &'a Generative,
    ) -> Result<Then<'a>, Fault> {
        if let Some(before) = generative.before.as_ref().filter(|script| !script.is_empty()) {
            self.script(Code::Body(before.pieces.clone())).await?;
        }
        let mut filled = self.fill_all(&[&generative.prompt, &generative.system]).await?.into_iter();
        let prompt = Prompt {
            name: node.name.clone(),
            prompt: filled.next().unwrap_or_default(),
            talk: Vec::new(),
            tools: Vec::new(),
            system: filled.next().unwrap_or_default(),
            model: generative.model.clone(),
            sample: generative.sample.clone(),
        };
        let generated = self.ask_model("generativeai", prompt).await.map_err(|fault| Fault {
            message: format!("the language model of '{}': {}", node.name, fault.message),
            ..fault
        })?;
        let Some(generated) = generated else {
            self.leave_generated(&node.name, json!({}), json!({}), json!({"response": {}}));
            return Ok(self.skip(NO_MODEL));
        };
        self.check_answer(&format!("the answer of the language model of '{}'", node.name), &generated.raw)?;
        // Bots read `context.GenerativeAINode.<name>.text`; newer ones `context.<name>.response.text`.
        let answer = json!({"text": generated.text, "response": {"text": generated.text, "body": generated.raw}});
        self.leave_generated(&node.name, answer.clone(), generated.raw, answer);
        if let Some(after) = generative.after.as_ref().filter(|script| !script.is_empty()) {
            self.script(Code::Body(after.pieces.clone())).await?;
        }
        Ok(Then::Next)
    }

    /// Leaves what a model said: in `GenerativeAINode.<name>`, all of it in `GenAIPrompt.<name>`, and in `<name>`.
    fn leave_generated(&mut self, name: &str, answer: Value, raw: Value, own: Value) {
        let context = self.context_mut();
        for (holder, value) in [("GenerativeAINode", answer), ("GenAIPrompt", raw)] {
            let all = context.entry(holder).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(all) = all {
                all.insert(name.to_owned(), value);
            }
        }
        context.insert(name.to_owned(), own);
    }
}
