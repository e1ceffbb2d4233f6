//! Typed views of the parts of a definition that refer to each other. They hold only the members that the platform
//! needs to walk a dialog; everything else stays in the text.
//!
//! A member that is `null` counts as absent, as it does in the exports. A member of another type is an error of the
//! element it stands in.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An element of `dialogs`.
#[derive(Debug, Deserialize)]
pub(crate) struct Dialog {
    #[serde(rename = "_id", default, deserialize_with = "or_default")]
    pub(crate) id: String,
    #[serde(rename = "refId", default, deserialize_with = "or_default")]
    pub(crate) ref_id: String,
    /// Absent in the stubs of exports without tasks.
    pub(crate) nodes: Option<Vec<Node>>,
}

/// A node of a dialog.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    #[serde(rename = "nodeId", default, deserialize_with = "or_default")]
    pub(crate) id: String,
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(crate) kind: String,
    #[serde(rename = "componentId", default, deserialize_with = "or_default")]
    pub(crate) component_id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) transitions: Vec<Transition>,
    #[serde(rename = "flowTaskId", default, deserialize_with = "or_default")]
    pub(crate) flow_task_id: String,
    /// The chain of a bot action, repeated from its component.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) nodes: Vec<ActionNode>,
    #[serde(rename = "nodeOptions", default)]
    options: Value,
    /// Tools of an agent node, with the components they run.
    #[serde(rename = "toolInstances", default)]
    tools: Value,
    #[serde(rename = "contextMap", default)]
    pub(crate) context_map: Value,
    #[serde(rename = "postContextMap", default)]
    pub(crate) post_context_map: Value,
}

impl Node {
    /// Where the dialog goes when an entity was asked for too often, if the author chose a node for that.
    pub(crate) fn retry_target(&self) -> Option<&str> {
        self.options.pointer("/eventOptions/defaultMaxRetry/ref")?.as_str().filter(|target| !target.is_empty())
    }
}

impl Node {
    /// The components that the tools of the node run.
    pub(crate) fn tool_components(&self) -> impl Iterator<Item = &str> {
        let nodes = self.tools.as_array().into_iter().flatten().filter_map(|tool| tool["nodes"].as_array());
        nodes.flatten().filter_map(|node| node["componentId"].as_str())
    }
}

/// A node of a bot action.
#[derive(Debug, Deserialize)]
pub(crate) struct ActionNode {
    #[serde(rename = "nodeId", default, deserialize_with = "or_default")]
    pub(crate) id: String,
    #[serde(rename = "componentId", default, deserialize_with = "or_default")]
    pub(crate) component_id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) transitions: Vec<Transition>,
}

/// A way out of a node.
#[derive(Debug, Deserialize)]
pub(crate) struct Transition {
    #[serde(rename = "if")]
    pub(crate) condition: Option<Value>,
    then: Option<String>,
    default: Option<String>,
}

impl Transition {
    /// Whether it is taken when no other one is.
    pub(crate) fn is_default(&self) -> bool {
        self.condition.is_none()
    }

    /// The node it leads to; `None` where the dialog ends.
    pub(crate) fn target(&self) -> Option<&str> {
        let target = self.then.as_deref().or(self.default.as_deref())?;
        (!is_end(target)).then_some(target)
    }

    /// What the target is written as: a node, which may be called like an end, or an end.
    pub(crate) fn written(&self) -> Option<&str> {
        self.then.as_deref().or(self.default.as_deref())
    }

    /// Name of the member that holds the target, for pointers.
    pub(crate) fn target_member(&self) -> &'static str {
        if self.then.is_some() { "then" } else { "default" }
    }
}

/// An element of `dialogComponents`.
#[derive(Debug, Deserialize)]
pub(crate) struct Component {
    #[serde(rename = "_id", default, deserialize_with = "or_default")]
    pub(crate) id: String,
    #[serde(rename = "refId", default, deserialize_with = "or_default")]
    pub(crate) ref_id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub(crate) kind: String,
    /// The dialog that an intent starts.
    #[serde(rename = "dialogId", default, deserialize_with = "or_default")]
    pub(crate) dialog_id: String,
    #[serde(rename = "entityType", default, deserialize_with = "or_default")]
    pub(crate) entity_type: String,
    /// The form that a form node shows.
    #[serde(rename = "resourceId", default, deserialize_with = "or_default")]
    pub(crate) resource_id: String,
    /// The chain of a bot action.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) nodes: Vec<ActionNode>,
}

/// The target of a way that hands control back to the flow of the app.
pub const RETURN_TO_FLOW: &str = "retToFlow";

/// Whether a way that leads to `target` ends the dialog. The platform writes the end in several ways; the case of its
/// letters says nothing. (export-format-xo11.md §4.1.)
pub fn is_end(target: &str) -> bool {
    target.is_empty() || target.eq_ignore_ascii_case("end") || target.eq_ignore_ascii_case(RETURN_TO_FLOW)
}

/// The node with which every dialog starts.
pub(crate) const START: &str = "intent0";

/// Reads `null` like an absent member.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
