//! What a turn may say in all, also where others than the bot say it.

use dialog::reply::{Content, Reply};
use dialog::turn::{Outcome, Step};
use domain::{Limits, TooLarge, json_size};
use serde_json::json;

/// The words about a failure come on top of what a turn may say. Bubbles, and bytes.
const LAST_WORDS: (usize, usize) = (10, 64 * 1024);

/// Whether these are more than a turn may say, or cannot be kept as they are.
pub(crate) fn are_too_many(replies: &[Reply], limits: &Limits) -> bool {
    let is_too_deep = |reply: &Reply| match &reply.content {
        Content::Template(value) => json_size(value).depth > limits.json_depth,
        Content::Text(_) => false,
    };
    let bytes: usize = replies.iter().map(bytes_of).sum();
    replies.len() > limits.turn_bubbles || bytes > limits.turn_bytes || replies.iter().any(is_too_deep)
}

/// Leaves out what is more than a turn may say, and notes it in the log: a BotKit server may say anything.
pub(crate) fn bound_said(outcome: &mut Outcome, limits: &Limits) {
    let most = (limits.turn_bubbles + LAST_WORDS.0, limits.turn_bytes + LAST_WORDS.1);
    let mut bytes = 0;
    let mut fits = 0;
    for reply in &mut outcome.replies {
        if let Content::Template(value) = &reply.content
            && json_size(value).depth > limits.json_depth
        {
            // A conversation could not be read again with it.
            let too_deep = TooLarge::check("the template", json_size(value).depth, limits.json_depth, "levels");
            reply.content = Content::Text(too_deep.err().map_or_else(String::new, |error| error.to_string()));
        }
        bytes += bytes_of(reply);
        if fits == most.0 || bytes > most.1 {
            break;
        }
        fits += 1;
    }
    let left_out = outcome.replies.len() - fits;
    if left_out > 0 {
        outcome.replies.truncate(fits);
        let message = format!(
            "{left_out} bubbles were left out: a turn says at most {} bubbles and {} bytes",
            limits.turn_bubbles, limits.turn_bytes
        );
        outcome.log.push(Step {
            kind: "error".to_owned(),
            dialog: String::new(),
            node: String::new(),
            name: String::new(),
            detail: json!({"message": message}),
        });
    }
}

fn bytes_of(reply: &Reply) -> usize {
    match &reply.content {
        Content::Text(text) => text.len(),
        Content::Template(value) => json_size(value).bytes,
    }
}
