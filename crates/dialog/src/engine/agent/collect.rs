//! Without a language model: values are taken from what was said, and the missing ones are asked for in order.

use std::ops::Range;

use entities::{Entity as Ready, Found};
use nlu::Earlier;
use serde_json::{Value, json};

use super::super::Engine;
use super::super::entity::TEXTS;
use crate::host::{Fault, Host};
use crate::node::{Agent, AgentEntity, Node};

impl<'a, H: Host> Engine<'a, H> {
    /// Values that the dialog has already.
    pub(super) fn take_known_values(&mut self, agent: &Agent) {
        for entity in &agent.entities {
            if self.is_filled(&entity.name)
                && let Some(value) = self.state.entity(&entity.name).cloned()
            {
                self.keep(&entity.name, value);
            }
        }
    }

    /// Values in what the user said before in this dialog.
    pub(super) fn take_values_said(&mut self, agent: &Agent) {
        let Some(frame) = self.state.frame() else { return };
        let said: Vec<(String, Vec<Range<usize>>)> =
            frame.inputs.iter().rev().map(|input| (input.text.clone(), input.used.clone())).collect();
        for (text, used) in said {
            self.take_values_in(agent, &text, &used);
        }
    }

    /// Values in a text, for what is missing and is not any text.
    fn take_values_in(&mut self, agent: &Agent, text: &str, used: &[Range<usize>]) {
        let missing: Vec<&AgentEntity> =
            agent.entities.iter().filter(|entity| !self.has(&entity.name) && !is_text(entity)).collect();
        let ready: Vec<Ready> = missing.iter().map(|entity| self.ready(entity)).collect();
        let wanted: Vec<(&str, &Ready)> = missing.iter().map(|entity| entity.name.as_str()).zip(&ready).collect();
        let allocated = self.model.values(&wanted, Earlier { text, used }, &self.at.now);
        for values in allocated {
            if let Some(found) = values.found.first() {
                self.keep(&missing[values.entity].name, plain(found, text));
            }
        }
    }

    /// Asks for the first value that is missing; `false` where none is.
    pub(super) fn ask_for_next(&mut self, agent: &Agent) -> bool {
        let Some(entity) = agent.entities.iter().find(|entity| !self.has(&entity.name)) else { return false };
        if let Some(talk) = self.talk_mut() {
            talk.asking = Some(entity.name.clone());
        }
        self.log("agent", json!({"asks": entity.name}));
        self.say_in_talk(question(&entity.name));
        true
    }

    /// The user answers the question for a value.
    pub(super) async fn answer_value(&mut self, node: &'a Node, agent: &'a Agent, asked: &str, text: &str) {
        let Some(entity) = agent.entities.iter().find(|entity| entity.name == asked) else {
            // The agent was changed meanwhile.
            self.leave_talk();
            return self.ask_again();
        };
        let value = if is_text(entity) {
            Some(json!(text.trim())).filter(|_| !text.trim().is_empty())
        } else {
            let found = self.model.answer(&self.ready(entity), text, &[], &self.at.now);
            found.first().map(|found| (plain(found, text), found.range.clone())).map(|(value, range)| {
                // The rest of the answer may say more.
                self.keep(&entity.name, value.clone());
                self.take_values_in(agent, text, std::slice::from_ref(&range));
                value
            })
        };
        let Some(value) = value else { return self.wrong_value(agent, entity).await };
        self.hear(text, true);
        self.keep(&entity.name, value);
        if self.ask_for_next(agent) {
            return;
        }
        match self.finish_collecting(node, agent).await {
            Ok(()) => self.go_on(node).await,
            Err(fault) => self.fail(&fault).await,
        }
    }

    async fn wrong_value(&mut self, agent: &'a Agent, entity: &AgentEntity) {
        let Some(talk) = self.talk_mut() else { return };
        talk.rounds += 1;
        if talk.rounds >= agent.most_rounds {
            return self.too_many_rounds(agent).await;
        }
        let kind = entity.entity_type.replace('_', " ");
        self.say_in_talk(format!("I'm sorry, I am unable to recognize the {kind}. Please enter again."));
    }

    /// All values are there.
    pub(super) async fn finish_collecting(&mut self, node: &'a Node, agent: &'a Agent) -> Result<(), Fault> {
        let values = self.talk(node).map(|talk| talk.values.clone()).unwrap_or_default();
        let noted: Vec<String> = agent
            .entities
            .iter()
            .map(|entity| format!("{}: {}", words(&entity.name), crate::scope::shown(values.get(&entity.name))))
            .collect();
        if let Some(talk) = self.talk_mut() {
            // Not sent: bots print the last words of the agent by themselves.
            talk.said = format!("Thank you. I have noted {}.", noted.join(", "));
        }
        self.leave_results(node, agent);
        self.hand_over_values(agent);
        self.run_if_any(agent.after.as_ref()).await?;
        self.leave_talk();
        Ok(())
    }

    /// An entity of the agent, made ready to be looked for.
    pub(super) fn ready(&self, entity: &AgentEntity) -> Ready {
        self.model.entity_of_type(&entity.name, &entity.entity_type)
    }

    fn has(&self, name: &str) -> bool {
        self.state.frame().and_then(|frame| frame.agent.as_ref()).is_some_and(|talk| talk.values.contains_key(name))
    }

    pub(super) fn keep(&mut self, name: &str, value: Value) {
        self.log("agent", json!({"entity": name, "value": value}));
        if let Some(talk) = self.talk_mut() {
            talk.values.insert(name.to_owned(), value);
        }
    }
}

/// Whether any text is a value.
pub(super) fn is_text(entity: &AgentEntity) -> bool {
    entity.entity_type.is_empty() || TEXTS.contains(&entity.entity_type.as_str())
}

/// A value as a model would give it: a plain one; what is made of parts, in the words of the user.
pub(super) fn plain(found: &Found, text: &str) -> Value {
    match &found.value {
        Value::Object(_) | Value::Array(_) => json!(text.get(found.range.clone()).unwrap_or(text).trim()),
        plain => plain.clone(),
    }
}

/// The question for a value.
pub(super) fn question(name: &str) -> String {
    format!("Please provide the {}.", words(name))
}

/// A name as people say it: `doctorType` and `doctor_type` are `doctor type`.
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if matches!(character, '_' | '-' | ' ') {
            words.push(' ');
        } else {
            if character.is_uppercase() && (before.is_lowercase() || before.is_numeric()) {
                words.push(' ');
            }
            words.extend(character.to_lowercase());
        }
        before = character;
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_asked_for_as_people_say_them() {
        for (name, said) in [
            ("doctorType", "Please provide the doctor type."),
            ("preferred_date", "Please provide the preferred date."),
            ("patientID", "Please provide the patient id."),
            ("Name", "Please provide the name."),
        ] {
            assert_eq!(question(name), said);
        }
    }
}
