//! The talk that a language model leads: what it is told, and what becomes of its answers.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::Engine;
use super::answer::{self, Answer};
use super::collect::{is_text, plain, question};
use crate::bot::Text;
use crate::host::{Fault, Host, Prompt};
use crate::node::{Agent, Node};

/// How a round came out.
pub(super) enum Round {
    /// No model is configured, or the app lets none lead its agents.
    NoModel,
    /// The user is to answer.
    Waits,
    /// The model ended the talk: its values are left, and the dialog goes on.
    Ended,
}

/// The feature that an app may switch off.
const FEATURE: &str = "dynamicEntity";
/// So many messages of a talk a model is told.
const LONGEST_TALK: usize = 40;
/// So often a model may call tools before it answers the user.
const MOST_CALLS: usize = 5;

impl<'a, H: Host> Engine<'a, H> {
    /// Lets the model answer the user.
    pub(super) async fn round(&mut self, node: &'a Node, agent: &'a Agent, text: &str) -> Result<Round, Fault> {
        if !self.can_ask(FEATURE, &agent.model.integration) {
            return Ok(Round::NoModel);
        }
        let system = self.instructions(node, agent).await;
        let mut talk = self.talk(node).map(|talk| talk.talk.clone()).unwrap_or_default();
        let said = if text.trim().is_empty() { "(The user has said nothing yet.)" } else { text };
        talk.push(json!({"role": "user", "content": said}));
        let mut calls = 0;
        // A model that calls a tool again with the same arguments is told the same: nothing is booked twice for a message.
        let mut told: HashMap<(String, String), String> = HashMap::new();
        let generated = loop {
            let prompt = Prompt {
                name: node.name.clone(),
                talk: talk.clone(),
                tools: if calls < MOST_CALLS {
                    agent.tools.iter().map(super::tools::offered).collect()
                } else {
                    Vec::new()
                },
                system: system.clone(),
                model: agent.model.clone(),
                ..Prompt::default()
            };
            let Some(generated) = self.ask_model(FEATURE, prompt).await? else { return Ok(Round::NoModel) };
            if generated.calls.is_empty() || agent.tools.is_empty() || calls >= MOST_CALLS {
                break generated;
            }
            calls += 1;
            talk.push(generated.raw.pointer("/choices/0/message").cloned().unwrap_or_default());
            for call in &generated.calls {
                let same = (call.name.clone(), call.arguments.clone());
                let result = match told.get(&same) {
                    Some(result) => result.clone(),
                    None => self.use_tool(node, agent, call).await?,
                };
                told.insert(same, result.clone());
                talk.push(json!({"role": "tool", "tool_call_id": call.id, "content": result}));
            }
        };
        talk.push(json!({"role": "assistant", "content": generated.text}));
        let surplus = talk.len().saturating_sub(LONGEST_TALK);
        talk.drain(..surplus);
        let Answer { mut bot, values, ended } = answer::read(&generated.text);
        self.take_model_values(agent, values);
        if let Some(state) = self.talk_mut() {
            state.talk = talk;
            state.rounds += 1;
        }
        if bot.is_empty() && !ended {
            // Nobody is left without a word.
            let values = self.talk(node).map(|talk| talk.values.clone()).unwrap_or_default();
            let missing = agent.entities.iter().find(|entity| !values.contains_key(&entity.name));
            bot = missing.map_or_else(|| "How can I help you?".to_owned(), |entity| question(&entity.name));
        }
        if !bot.is_empty() {
            self.say_in_talk(bot);
        }
        self.leave_results(node, agent);
        if ended {
            self.hand_over_values(agent);
        }
        self.run_if_any(agent.after.as_ref()).await?;
        if ended {
            self.leave_talk();
            return Ok(Round::Ended);
        }
        Ok(Round::Waits)
    }

    /// Takes the values of a model: those the agent knows, and where their type has a form of its own, in that form. What
    /// does not fit is kept as the text it is.
    fn take_model_values(&mut self, agent: &Agent, values: serde_json::Map<String, Value>) {
        for (name, value) in values {
            let Some(entity) = agent.entities.iter().find(|entity| entity.name == name) else {
                self.log(
                    "agent",
                    json!({"message": format!("the model names '{name}', which the agent does not collect")}),
                );
                continue;
            };
            let text = crate::scope::shown(Some(&value)).into_owned();
            if text.trim().is_empty() {
                continue;
            }
            let found = if is_text(entity) {
                None
            } else {
                self.model.answer(&self.ready(entity), &text, &[], &self.at.now).into_iter().next()
            };
            let value = found.map_or_else(|| json!(text.trim()), |found| plain(&found, &text));
            self.keep(&name, value);
        }
    }

    /// What the model is told about its part.
    async fn instructions(&mut self, node: &'a Node, agent: &'a Agent) -> String {
        let mut told = vec![self.free(&agent.system).await];
        for (heading, list) in [("Rules:", &agent.rules), ("The conversation is over:", &agent.exits)] {
            let mut lines = Vec::new();
            for text in list {
                lines.push(format!("- {}", self.free(text).await));
            }
            if !lines.is_empty() {
                told.push(format!("{heading}\n{}", lines.join("\n")));
            }
        }
        let entities: Vec<String> = agent
            .entities
            .iter()
            .map(|entity| format!("- {} ({})", entity.name, entity.entity_type.replace('_', " ")))
            .collect();
        if !entities.is_empty() {
            told.push(format!("Collect these values from the user:\n{}", entities.join("\n")));
        }
        let known = self.talk(node).map(|talk| talk.values.clone()).unwrap_or_default();
        if !known.is_empty() {
            told.push(format!("Known so far: {}", Value::Object(known)));
        }
        told.push(format!("Speak the language with the code \"{}\".", self.state.language));
        told.push(
            "Answer with one JSON object and nothing else: {\"bot\": \"what you say to the user\", \"entities\": \
             [{\"name of a value\": \"the value\"}], \"conv_status\": \"ongoing\"}. List only values that the user gave. \
             Write \"ended\" for conv_status when the conversation is over."
                .to_owned(),
        );
        told.retain(|part| !part.trim().is_empty());
        told.join("\n\n")
    }

    /// A text for the model, its templates filled in; where that goes wrong, as it was written.
    async fn free(&mut self, text: &Text) -> String {
        match self.fill(text).await {
            Ok(filled) => filled,
            Err(fault) => {
                self.log("log", json!({"message": format!("a text for the model: {}", fault.message)}));
                let pieces = text.pieces.iter().map(|piece| match piece {
                    crate::bot::Piece::Text(text) => text.clone(),
                    crate::bot::Piece::Expression(expression) => format!("{{{{{expression}}}}}"),
                });
                pieces.collect()
            }
        }
    }
}
