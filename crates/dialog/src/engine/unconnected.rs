//! Services of the platform itself, which have no address: nothing leaves the server.

use serde_json::{Value, json};

use super::Engine;
use super::run::Then;
use crate::host::Host;
use crate::node::{Node, Unconnected};

/// The content variable with the thanks for a score.
const THANKS: &str = "SAT_CSAT_FEEDBACK";

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) fn unconnected_node(&mut self, node: &'a Node, service: &'a Unconnected) -> Then<'a> {
        match service {
            Unconnected::TextMessage => {
                let message = "text messages are not sent here";
                self.log("service", json!({"error": message}));
                let status = json!({"smsStatus": {"status": "FAILURE", "errorMessage": message}});
                self.context_mut().insert(node.name.clone(), status);
            }
            Unconnected::Score => {
                self.see_variables();
                let thanks = self.scope().content.get(THANKS).cloned().unwrap_or_else(|| json!(""));
                self.log("feedback", json!({"entities": self.context().get("entities")}));
                self.leave_response(&node.name, json!({"statusCode": 200, "body": thanks, "headers": {}}), Some(200));
            }
            Unconnected::Feedback(fields) => {
                let dialog = self.place().map(|(dialog, _)| dialog);
                let value = |id: &str| {
                    let asked = dialog.and_then(|dialog| dialog.node(id))?;
                    self.state.entity(&asked.name).cloned()
                };
                let score = fields.iter().map(|(field, id)| (field.clone(), value(id).unwrap_or(Value::Null)));
                let score: serde_json::Map<String, Value> = score.collect();
                self.log("feedback", json!({"score": score}));
                let response = json!({"statusCode": 200, "body": {"score": score}, "headers": {}});
                self.leave_response(&node.name, response, Some(200));
            }
        }
        Then::Next
    }
}
