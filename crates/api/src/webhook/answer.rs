//! The answer of a bot in the form of the channel.

use channels::webhook::{self, SpokenReply, Turn, Version};
use conversation::{Answer, Spoken};
use dialog::reply::Reply;
use dialog::turn::TaskEnd;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The answer to a message, or to a poll.
pub(super) fn answer_body(version: Version, user: &str, bot: &str, answer: &Answer) -> Value {
    // The first form was never told of late answers.
    let poll = answer.poll.as_deref().filter(|_| version == Version::V2);
    body(version, (user, bot), &answer.spoken, answer.end.as_ref(), poll)
}

/// What was said until now; the rest is asked for under `poll`.
pub(super) fn partial_body(version: Version, user: &str, bot: &str, said: &[Spoken], poll: &str) -> Value {
    body(version, (user, bot), said, None, Some(poll))
}

fn body(
    version: Version,
    (user, bot): (&str, &str),
    said: &[Spoken],
    end: Option<&TaskEnd>,
    poll_id: Option<&str>,
) -> Value {
    let times: Vec<String> = said.iter().map(|spoken| spoken.created_on.to_string()).collect();
    let of = |(spoken, created_on): (&'_ Spoken, &'_ String)| -> (Reply, String, String) {
        (spoken.reply.clone(), spoken.message_id.clone(), created_on.clone())
    };
    let owned: Vec<(Reply, String, String)> = said.iter().zip(&times).map(of).collect();
    let replies: Vec<SpokenReply<'_>> =
        owned.iter().map(|(reply, message_id, created_on)| SpokenReply { reply, message_id, created_on }).collect();
    let turn = Turn { user, bot, replies: &replies, end, poll_id, templates: version.templates() };
    webhook::answer(version, &turn)
}

/// The form of a delivery: what is posted to a customer's server.
pub fn post_form(delivery: &Value) -> Value {
    let version = if delivery["form"] == "v1" { Version::V1 } else { Version::V2 };
    let text = |name: &str| delivery[name].as_str().unwrap_or_default();
    let reply: Option<Reply> = part_of(delivery, "reply");
    let end: Option<TaskEnd> = part_of(delivery, "end");
    let replies: Vec<SpokenReply<'_>> =
        reply.iter().map(|reply| SpokenReply { reply, message_id: "", created_on: "" }).collect();
    let turn = Turn {
        user: text("to"),
        bot: text("from"),
        replies: &replies,
        end: end.as_ref(),
        poll_id: None,
        templates: version.templates(),
    };
    let mut body = webhook::async_messages(version, &turn).into_iter().next().unwrap_or_else(|| json!({}));
    if delivery["last"] == false
        && let Some(body) = body.as_object_mut()
    {
        body.shift_remove("endOfMessage");
    }
    body
}

/// A part of a delivery that may be absent. One that cannot be read is damaged, and named in the log.
fn part_of<T: DeserializeOwned>(delivery: &Value, name: &str) -> Option<T> {
    let part = delivery.get(name).filter(|part| !part.is_null())?;
    let unreadable = |error: &serde_json::Error| {
        let to = &delivery["to"];
        tracing::error!(%error, table = "outbox", part = name, user = %to, "a delivery cannot be read; it is posted without this");
    };
    T::deserialize(part).inspect_err(unreadable).ok()
}

/// The word a delivery names a form of the channel by.
pub(super) fn version_word(version: Version) -> &'static str {
    match version {
        Version::V1 => "v1",
        Version::V2 => "v2",
    }
}
