//! Bots converse, through the webhook channel: fixture bots, a family of features each, with what users say and what they
//! expect (`tests/fixtures/conversations/<family>/bot.json` and `cases.txt`).
//!
//! A case begins with `# name` and is talked by a user of its own. `> text` says something; each `< text` after it is one
//! bubble of the answer, all of them in order. `<~ text` only has to be a part of the bubble, `<| a | b` any of these, and
//! `<!` says that nothing comes. `= Reason` is why a task ended in this turn; `= -` that none did. `+ 900s` lets time pass.
//! `>> {json}` sends a whole request. A line that begins with `//` is a comment.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{TestServer, fixture};

/// Talks all cases of a family; what went otherwise than expected.
async fn talk(family: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conversations").join(family);
    let description = std::fs::read_to_string(folder.join("bot.json")).unwrap();
    let description: Value = serde_json::from_str(&description).unwrap_or_else(|error| panic!("{family}: {error}"));
    let cases = std::fs::read_to_string(folder.join("cases.txt")).unwrap();
    let start = domain::Timestamp::parse("2026-03-02T10:00:00.000Z").unwrap();
    let (clock, hand) = domain::Clock::manual(start);
    let server = TestServer::start_with(|setup| {
        setup.options.sources.clock = clock;
        setup.config.conversation.compat.variants = dialog::compat::Variants::First;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.import_new(&fixture::bot(&description)).await.bot;
    admin.publish(&bot, "for conversations").await;
    let mut faults = Vec::new();
    for (at, case) in cases.split("\n# ").enumerate() {
        let case = case.trim_start_matches("# ");
        if case.trim().is_empty() || case.starts_with("//") {
            continue;
        }
        if let Err(fault) = talk_case(&hand, &admin, &bot, &format!("user-{at}"), case).await {
            faults.push(fault);
        }
    }
    server.finish().await;
    assert!(faults.is_empty(), "{family}: {} cases went wrong\n{}", faults.len(), faults.join("\n"));
}

async fn talk_case(
    clock: &domain::ManualClock,
    client: &Client,
    bot: &str,
    user: &str,
    case: &str,
) -> Result<(), String> {
    let mut lines = case.lines();
    let name = lines.next().unwrap_or_default().to_owned();
    let mut answer: Option<Answer> = None;
    let mut said = String::new();
    let finished = |answer: &Option<Answer>, said: &str| match answer {
        Some(answer) if !answer.left.is_empty() => {
            Err(format!("{name}: to '{said}' there was more than expected: {:?}", answer.left))
        }
        _ => Ok(()),
    };
    for line in lines.map(str::trim_end).filter(|line| !line.trim().is_empty() && !line.starts_with("//")) {
        let wrong = |what: String| format!("{name}: to '{said}' {what}");
        let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
        match sign {
            ">" | ">>" => {
                finished(&answer, &said)?;
                said = rest.to_owned();
                let body = if sign == ">" {
                    json!({"session": {"new": false}, "message": {"type": "text", "val": rest}, "from": {"id": user}})
                } else {
                    let mut body: Value =
                        serde_json::from_str(rest).map_err(|error| format!("{name}: {rest}: {error}"))?;
                    body["from"]["id"] = json!(user);
                    body
                };
                let reply = client.post(&format!("/chatbot/v2/webhook/{bot}"), &body).await;
                answer = Some(Answer::of(reply.json()));
            }
            "+" => {
                let seconds: u64 = rest.trim_end_matches('s').parse().map_err(|_| format!("{name}: {line}"))?;
                clock.advance(Duration::from_secs(seconds));
            }
            "<" | "<~" | "<|" => {
                let Some(answer) = &mut answer else { return Err(format!("{name}: nothing was said before {line}")) };
                if answer.left.is_empty() {
                    return Err(wrong(format!("nothing more came, but {line:?} was expected; {}", answer.body)));
                }
                let bubble = answer.left.remove(0);
                let rest = rest.replace("\\n", "\n");
                let fits = match sign {
                    "<" => bubble.trim() == rest.trim(),
                    "<~" => bubble.contains(rest.trim()),
                    _ => rest.split(" | ").any(|one| one.trim() == bubble.trim()),
                };
                if !fits {
                    return Err(wrong(format!("'{bubble}' came, but {line:?} was expected")));
                }
            }
            "<!" => {
                let empty = answer.as_ref().is_some_and(|answer| answer.left.is_empty());
                if !empty {
                    return Err(wrong(format!("something came: {:?}", answer.map(|it| it.left))));
                }
            }
            "=" => {
                let end = answer.as_ref().and_then(|answer| answer.body["endReason"].as_str().map(str::to_owned));
                if end.as_deref().unwrap_or("-") != rest {
                    return Err(wrong(format!("the end was {end:?}, but {line:?} was expected")));
                }
            }
            _ => return Err(format!("{name}: the line {line:?} means nothing")),
        }
    }
    finished(&answer, &said)
}

/// An answer, and the bubbles of it that nobody asked for yet.
struct Answer {
    body: Value,
    left: Vec<String>,
}

impl Answer {
    fn of(body: Value) -> Self {
        let bubbles = body["data"].as_array().cloned().unwrap_or_default();
        let text = |bubble: &Value| match &bubble["val"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self { left: bubbles.iter().map(text).collect(), body }
    }
}

#[tokio::test]
async fn entities_are_asked_for_until_there_is_a_value() {
    talk("entities").await;
}
