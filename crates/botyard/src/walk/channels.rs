//! The channels that bots are walked on.

use dialog::bot::{Dialog, Piece, Text, Texts};
use dialog::node::{Kind as NodeKind, Node};
use serde_json::Value;

/// The first channel: that of web clients, which show everything.
pub(super) const FIRST: &str = "rtm";

/// Whether a channel connects before anything is said.
pub(super) fn connects(channel: &str) -> bool {
    channel == FIRST
}

/// The channels that an export enables, the first one before them.
pub(super) fn enabled(definition: &Value) -> Vec<String> {
    let mut channels = vec![FIRST.to_owned()];
    let listed = definition["channels"].as_array();
    for channel in listed.into_iter().flatten() {
        let is_on = channel["enable"].as_bool().unwrap_or(true);
        let kind = channel["type"].as_str().unwrap_or_default().to_lowercase();
        if is_on && !kind.is_empty() && !channels.contains(&kind) {
            channels.push(kind);
        }
    }
    channels
}

/// Whether a dialog has something that other channels do not have: texts for it, or scripts that look at the channel.
pub(super) fn has_own(dialog: &Dialog, channel: &str) -> bool {
    dialog.nodes.iter().any(|node| node_has_own(node, channel))
}

fn node_has_own(node: &Node, channel: &str) -> bool {
    let looks = |text: &Text| {
        text.pieces.iter().any(|piece| match piece {
            Piece::Expression(code) => code.contains("channel"),
            Piece::Text(code) => text.is_script && code.contains("channel"),
        })
    };
    let has = |texts: &Texts| {
        let entries = || texts.0.iter();
        entries().any(|entry| entry.channel.eq_ignore_ascii_case(channel))
            || entries().flat_map(|entry| &entry.texts).any(|(_, text)| looks(text))
    };
    match &node.kind {
        NodeKind::Message(message) => has(&message.texts),
        NodeKind::Entity(entity) => has(&entity.prompt) || has(&entity.error),
        NodeKind::Confirmation(confirmation) => has(&confirmation.prompt),
        NodeKind::Form(form) => has(&form.prompt) || has(&form.error) || has(&form.submitted),
        NodeKind::Script(script) => looks(script),
        NodeKind::Action(inner, _) => inner.iter().any(|node| node_has_own(node, channel)),
        _ => false,
    }
}
