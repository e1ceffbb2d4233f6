//! Functions that the model of an agent calls.

use serde_json::{Value, json};

use super::super::Engine;
use crate::host::{Fault, Host, ToolCall};
use crate::node::{Agent, Kind, Node, Tool};

/// A tool as a model is offered it.
pub(super) fn offered(tool: &Tool) -> Value {
    json!({"type": "function", "function": {"name": tool.name, "description": tool.description,
        "parameters": tool.parameters}})
}

impl<'a, H: Host> Engine<'a, H> {
    /// Does what a model calls for: what it is told about it. What goes wrong is told to the model, which may tell the user.
    pub(super) async fn use_tool(
        &mut self,
        node: &'a Node,
        agent: &'a Agent,
        call: &ToolCall,
    ) -> Result<String, Fault> {
        let Some(tool) = agent.tools.iter().find(|tool| tool.name == call.name) else {
            self.log("tool", json!({"tool": call.name, "error": "there is no such tool"}));
            return Ok(json!({"error": format!("there is no tool '{}'", call.name)}).to_string());
        };
        let Ok(arguments @ Value::Object(_)) = serde_json::from_str::<Value>(&call.arguments) else {
            self.log("tool", json!({"tool": call.name, "error": "its arguments are no JSON object"}));
            return Ok(json!({"error": "the arguments are no JSON object"}).to_string());
        };
        self.leave_results(node, agent);
        if let Some(Value::Object(own)) = self.agents().get_mut(&node.name) {
            own.insert("active_tool_args".to_owned(), arguments);
        }
        let mut last = None;
        for action in &tool.actions {
            let done = match &action.kind {
                Kind::Service(service) => Box::pin(self.service_node(action, service)).await.map(|_| ()),
                Kind::Script(script) => self.run_if_any(Some(script)).await,
                _ => continue,
            };
            if let Err(fault) = done {
                self.log("tool", json!({"tool": call.name, "error": fault.message}));
                return Ok(json!({"error": fault.message}).to_string());
            }
            last = Some(action);
        }
        self.log("tool", json!({"tool": call.name}));
        self.see_variables();
        let answer = self.scope().condition_path(&tool.answer);
        let own = || self.context().get(&last?.name)?.get("response")?.get("body").cloned();
        Ok(answer.or_else(own).unwrap_or_else(|| json!({"done": true})).to_string())
    }
}
