//! Which nodes set a key of the context.

use dialog::bot::{Piece, Text, Texts};
use dialog::node::{Assignment, Kind as NodeKind, Node};

/// Whether a node sets something, anywhere in it.
pub(super) fn sets(node: &Node, written: &str, key: &str) -> bool {
    let assigned = |assignments: &[Assignment]| assignments.iter().any(|it| it.path == written);
    let puts = format!("put('{key}'");
    let in_text = |text: &Text| {
        let source = source(text);
        assigns(&source, written) || source.replace('"', "'").contains(&puts)
    };
    let in_texts = |texts: &Texts| texts.0.iter().flat_map(|entry| &entry.texts).any(|(_, text)| in_text(text));
    let in_any = |texts: [&Option<Text>; 2]| texts.into_iter().flatten().any(in_text);
    match &node.kind {
        NodeKind::Script(script) => in_text(script),
        NodeKind::Message(message) => in_texts(&message.texts),
        NodeKind::Entity(entity) => in_texts(&entity.prompt) || in_texts(&entity.error),
        NodeKind::Confirmation(confirmation) => in_texts(&confirmation.prompt),
        NodeKind::Service(service) => in_any([&service.before, &service.after]),
        NodeKind::Table(table) => in_any([&table.before, &table.after]),
        NodeKind::Generative(generative) => in_any([&generative.before, &generative.after]),
        NodeKind::Logic(assignments) => assigned(assignments),
        NodeKind::Dialog(call) => assigned(&call.before) || assigned(&call.after),
        NodeKind::Dynamic(call) => assigned(&call.before) || assigned(&call.after),
        NodeKind::Action(inner, _) => inner.iter().any(|node| sets(node, written, key)),
        NodeKind::SubIntent { group: Some(group), .. } => assigned(&group.sets),
        _ => false,
    }
}

/// Whether a node sets something whenever it runs: an assignment, or the outermost level of a script.
pub(super) fn sets_always(node: &Node, written: &str) -> bool {
    match &node.kind {
        NodeKind::Logic(assignments) => assignments.iter().any(|it| it.path == written),
        NodeKind::Script(script) => {
            let source = source(script);
            // A script without blocks runs from its first line to its last.
            !source.contains('{') && !source.contains("return") && !source.contains("if") && assigns(&source, written)
        }
        _ => false,
    }
}

fn source(text: &Text) -> String {
    let pieces = text.pieces.iter().map(|piece| match piece {
        Piece::Text(text) | Piece::Expression(text) => text.as_str(),
    });
    pieces.collect()
}

/// Whether a source assigns a path.
fn assigns(source: &str, written: &str) -> bool {
    source.match_indices(written).any(|(at, _)| {
        let rest = &source[at + written.len()..];
        if rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '$')) {
            return false;
        }
        // A member of it is set where it is there already.
        let mut next = rest.trim_start().chars();
        match (next.next(), next.next()) {
            (Some('='), other) => other != Some('='),
            (Some('+' | '-'), Some('+' | '-' | '=')) => true,
            _ => false,
        }
    })
}
