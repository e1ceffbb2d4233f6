//! Whether a message answers the question that waits.

use nlu::Model;

use crate::Bot;
use crate::node::Kind;
use crate::state::{State, Waiting};

/// Whether a message can be an answer to what the conversation waits for: a lazily closed session goes on with one.
pub fn answers(bot: &Bot, model: &Model, state: &State, text: &str, now: &jiff::Zoned) -> bool {
    let Some(frame) = state.frame().filter(|frame| frame.waiting == Waiting::Input) else { return false };
    let Some(node) = bot.dialog(&frame.dialog).and_then(|dialog| dialog.node(&frame.node)) else { return false };
    match &node.kind {
        Kind::Confirmation(_) => model.yes_or_no(text, &[], &[]).is_some(),
        Kind::Entity(_) => {
            let shown = super::choose::place_of(&frame.shown, text).is_some();
            let finds = |entity| !model.answer(entity, text, &[], now).is_empty();
            shown || model.entity(&node.component_id).is_some_and(finds)
        }
        // Whatever is said in its talk belongs to it.
        Kind::Agent(_) => true,
        _ => false,
    }
}
