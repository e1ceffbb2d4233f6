//! Language models of an incoming app: its models and prompts are taken, the connections to their providers stay.

use serde_json::Value;

use super::members::{Sameness, keep, merge_list};

/// Puts the connections of the current `llmConfiguration` into the incoming one: those it has stay as they are, others
/// are added. They hold keys, which exports may lack and which must not change under a running app.
pub(super) fn keep_integrations(current: &Value, incoming: &mut Value) {
    let (Some(current), Some(incoming)) = (current.as_array(), incoming.as_array_mut()) else { return };
    for (own, models) in current.iter().zip(incoming) {
        let Some(models) = models.as_object_mut() else { continue };
        if let Some(own) = own.get("integrations").and_then(Value::as_object) {
            let integrations = models.entry("integrations").or_insert_with(|| Value::Object(serde_json::Map::new()));
            if let Some(integrations) = integrations.as_object_mut() {
                for (provider, connection) in own {
                    integrations.insert(provider.clone(), connection.clone());
                }
            }
        }
        // The member is spelled like this.
        if let Some(own) = own.get("customeIntegrations").and_then(Value::as_array) {
            let custom = models.entry("customeIntegrations").or_insert_with(|| Value::Array(Vec::new()));
            if let Some(custom) = custom.as_array_mut() {
                let new = std::mem::replace(custom, own.clone());
                merge_list(custom, new, Sameness::Name, keep);
            }
        }
    }
}
