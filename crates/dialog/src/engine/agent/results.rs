//! What an agent leaves in the context, in the form in which scripts read it.

use serde_json::{Map, Value, json};

use super::super::Engine;
use crate::host::Host;
use crate::node::{Agent, Node};
use crate::scope::AGENTS;

impl<H: Host> Engine<'_, H> {
    /// Leaves what was collected so far: one object for each value, in the declared order, all of them, empty where there
    /// is no value. Scripts read `entities[1]["patientName"]`, or the only key of each.
    pub(super) fn leave_results(&mut self, node: &Node, agent: &Agent) {
        let (values, said) = match self.talk(node) {
            Some(talk) => (talk.values.clone(), talk.said.clone()),
            None => (Map::new(), String::new()),
        };
        let entities: Vec<Value> = agent
            .entities
            .iter()
            .map(|entity| json!({entity.name.as_str(): values.get(&entity.name).cloned().unwrap_or_else(|| json!(""))}))
            .collect();
        let agents = self.agents();
        agents.insert(node.name.clone(), json!({"entities": entities}));
        agents.insert("bot_response".to_owned(), json!({"bot": said}));
    }

    /// Puts the values among those of the dialog, unless it has them.
    pub(super) fn hand_over_values(&mut self, agent: &Agent) {
        let values = self.talk_mut().map(|talk| talk.values.clone()).unwrap_or_default();
        for entity in &agent.entities {
            let Some(value) = values.get(&entity.name).filter(|_| !self.is_filled(&entity.name)) else { continue };
            if let Some(frame) = self.state.stack.last_mut() {
                frame.entities_mut().insert(entity.name.clone(), value.clone());
            }
        }
    }

    /// `context.AI_Assisted_Dialogs`.
    pub(super) fn agents(&mut self) -> &mut Map<String, Value> {
        let agents = self.context_mut().entry(AGENTS).or_insert_with(|| Value::Object(Map::new()));
        // A script may have put anything there.
        if !agents.is_object() {
            *agents = Value::Object(Map::new());
        }
        agents.as_object_mut().expect("made an object above")
    }
}
