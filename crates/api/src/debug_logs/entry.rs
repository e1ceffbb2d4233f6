//! A turn as the list shows it.

use serde_json::{Value, json};
use store::TurnLogEntry;

/// The record of a turn. `path`, `understood` and `errors` are taken out of the steps, which many only read for these.
pub(super) fn entry(written: &TurnLogEntry) -> Value {
    let (conversation, log) = (&written.conversation, &written.log);
    let steps: &[Value] = log.entry["steps"].as_array().map_or(&[], Vec::as_slice);
    json!({
        "_id": written.id,
        "botId": conversation.bot,
        "userId": conversation.user,
        "identity": conversation.identity,
        "channelType": conversation.channel,
        "sessionId": log.session,
        "turn": log.turn,
        "createdOn": written.created_at,
        "timestampValue": written.created_at.as_millis(),
        "input": log.entry["input"],
        "understood": details(steps, "understood"),
        "path": path(steps),
        "steps": steps,
        "errors": details(steps, "error"),
        "output": log.entry["output"],
        "ended": log.entry["ended"],
    })
}

/// The nodes the dialogs went through, in order.
fn path(steps: &[Value]) -> Vec<Value> {
    let nodes = steps.iter().filter(|step| step["kind"] == "node");
    nodes.map(|step| json!({"dialog": step["dialog"], "node": step["node"], "name": step["name"]})).collect()
}

/// What steps of a kind tell.
fn details(steps: &[Value], kind: &str) -> Vec<Value> {
    steps.iter().filter(|step| step["kind"] == kind).map(|step| step["detail"].clone()).collect()
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, BotId, SessionId, Timestamp, UserId};
    use store::{ConversationKey, TurnLog};

    use super::*;

    #[test]
    fn what_matters_is_taken_out_of_the_steps() {
        let step = |kind: &str, node: &str, detail: Value| json!({"kind": kind, "dialog": "dg-1", "node": node, "name": node.to_uppercase(), "detail": detail});
        let table = [
            (json!([]), json!([]), json!([]), json!([])),
            (Value::Null, json!([]), json!([]), json!([])),
            (
                json!([
                    step("understood", "", json!({"outcome": "task"})),
                    step("node", "a", json!({"type": "script"})),
                    step("error", "a", json!({"message": "x"})),
                    step("node", "b", json!({"type": "message"})),
                ]),
                json!([{"outcome": "task"}]),
                json!([
                    {"dialog": "dg-1", "node": "a", "name": "A"},
                    {"dialog": "dg-1", "node": "b", "name": "B"},
                ]),
                json!([{"message": "x"}]),
            ),
        ];
        for (steps, understood, path, errors) in table {
            let record = entry(&TurnLogEntry {
                id: "tl-1".to_owned(),
                conversation: ConversationKey {
                    account: AccountId::stored("a"),
                    bot: BotId::stored("st-1"),
                    user: UserId::stored("u-1"),
                    identity: "ada".to_owned(),
                    channel: "ivr".to_owned(),
                },
                log: TurnLog {
                    session: SessionId::stored("s"),
                    turn: 2,
                    entry: json!({"input": {"message": "hi"}, "steps": steps, "output": ["yes"], "ended": []}),
                },
                created_at: Timestamp::from_millis(0),
            });
            let shown = if steps.is_null() { json!([]) } else { steps };
            assert_eq!(
                record,
                json!({
                    "_id": "tl-1", "botId": "st-1", "userId": "u-1", "identity": "ada", "channelType": "ivr",
                    "sessionId": "s", "turn": 2, "createdOn": "1970-01-01T00:00:00.000Z", "timestampValue": 0,
                    "input": {"message": "hi"}, "understood": understood, "path": path, "steps": shown,
                    "errors": errors, "output": ["yes"], "ended": [],
                })
            );
        }
    }
}
