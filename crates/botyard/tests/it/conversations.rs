//! Bots converse, through the webhook channel: fixture bots, a family of features each, with what users say and what they
//! expect (`tests/fixtures/conversations/<family>/bot.json` and `cases.txt`).
//!
//! A case begins with `# name` and is talked by a user of its own. `> text` says something; each `< text` after it is one
//! bubble of the answer, all of them in order. `<~ text` only has to be a part of the bubble, `<| a | b` any of these, and
//! `<!` says that nothing comes. `= Reason` is why a task ended in this turn, `= Reason name` also which; `= -` that none did.
//! `+ 900s` lets time pass. `>> {json}` sends a whole request. `>1 text` says something in the first form of the channel,
//! where `? list` and `? text` is the form of the answer. A line that begins with `//` is a comment. What follows a line
//! `@ {json}` is talked with another bot, which has these members in place of those of `bot.json`. Of several variants of a
//! text the first is said.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::server::Setup;
use crate::support::{TestServer, fixture};

/// Talks all cases of a family; what went otherwise than expected.
pub async fn talk(family: &str) {
    talk_with(family, &[], |_| {}).await;
}

/// The same with a server as a test wants it; `places` are words of the bot's description, and what stands for them.
pub async fn talk_with(family: &str, places: &[(&str, &str)], change: impl FnOnce(&mut Setup)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conversations").join(family);
    let mut description = std::fs::read_to_string(folder.join("bot.json")).unwrap();
    for (word, place) in places {
        description = description.replace(word, place);
    }
    let description: Value = serde_json::from_str(&description).unwrap_or_else(|error| panic!("{family}: {error}"));
    let cases = std::fs::read_to_string(folder.join("cases.txt")).unwrap();
    let start = domain::Timestamp::parse("2026-03-02T10:00:00.000Z").unwrap();
    let (clock, hand) = domain::Clock::manual(start);
    let server = TestServer::start_with(|setup| {
        setup.options.sources.clock = clock;
        setup.config.conversation.compat.variants = dialog::compat::Variants::First;
        change(setup);
    })
    .await;
    let admin = server.admin().await;
    let mut faults = Vec::new();
    for (number, part) in cases.split("\n@ ").enumerate() {
        let (changes, part) = if number == 0 { ("{}", part) } else { part.split_once('\n').unwrap() };
        let changes: Value =
            serde_json::from_str(changes).unwrap_or_else(|error| panic!("{family}: {changes}: {error}"));
        let mut description = description.clone();
        for (member, value) in changes.as_object().unwrap() {
            description[member] = value.clone();
        }
        let bot = admin.import_new(&fixture::bot(&description)).await.bot;
        admin.publish(&bot, "for conversations").await;
        faults.extend(talk_cases(&hand, &admin, &bot, &format!("user-{number}"), part).await);
    }
    server.finish().await;
    assert!(faults.is_empty(), "{family}: {} cases went wrong\n{}", faults.len(), faults.join("\n"));
}

/// Talks cases with a bot, each by a user whose id begins like this; what went otherwise than expected.
pub async fn talk_cases(
    hand: &domain::ManualClock,
    client: &Client,
    bot: &str,
    users: &str,
    cases: &str,
) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, case) in format!("\n{cases}").split("\n# ").enumerate().skip(1) {
        faults.extend(talk_case(hand, client, bot, &format!("{users}-{at}"), case).await.err());
    }
    faults
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
            ">" | ">1" | ">>" => {
                finished(&answer, &said)?;
                said = rest.to_owned();
                let message = match sign {
                    ">" => json!({"message": {"type": "text", "val": rest}}).to_string(),
                    ">1" => json!({"message": {"text": rest}}).to_string(),
                    _ => rest.to_owned(),
                };
                let mut body: Value =
                    serde_json::from_str(&message).map_err(|error| format!("{name}: {rest}: {error}"))?;
                body["from"]["id"] = json!(user);
                let door = if sign == ">1" { "/chatbot/hooks" } else { "/chatbot/v2/webhook" };
                let reply = client.post(&format!("{door}/{bot}"), &body).await;
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
                let of_end = |key: &str| answer.as_ref().and_then(|it| it.body[key].as_str().map(str::to_owned));
                let (reason, name) = (of_end("endReason"), of_end("completedTaskName"));
                let (wanted, task) = rest.split_once(' ').unwrap_or((rest, ""));
                if reason.as_deref().unwrap_or("-") != wanted || !task.is_empty() && name.as_deref() != Some(task) {
                    return Err(wrong(format!("the end was {reason:?} of {name:?}, but {line:?} was expected")));
                }
            }
            "?" => {
                let form = answer.as_ref().map_or("", |answer| answer.form);
                if form != rest {
                    return Err(wrong(format!("the form of the answer was a {form}, but {line:?} was expected")));
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
    /// `list` or `text`: how the first form of the channel holds what was said.
    form: &'static str,
}

impl Answer {
    fn of(body: Value) -> Self {
        let written = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let (left, form) = match (&body["data"], &body["text"]) {
            (Value::Array(bubbles), _) => (bubbles.iter().map(|bubble| written(&bubble["val"])).collect(), ""),
            (_, Value::Array(texts)) => (texts.iter().map(written).collect(), "list"),
            (_, text) => (vec![written(text)], "text"),
        };
        Self { left, body, form }
    }
}

#[tokio::test]
async fn entities_are_asked_for_until_there_is_a_value() {
    talk("entities").await;
}

#[tokio::test]
async fn confirmations_are_answered_in_many_words() {
    talk("confirmations").await;
}

#[tokio::test]
async fn transitions_are_followed_as_their_conditions_say() {
    talk("transitions").await;
}

#[tokio::test]
async fn dialogs_call_dialogs() {
    talk("subdialogs").await;
}

#[tokio::test]
async fn tasks_are_interrupted_and_taken_up_again() {
    talk("interruptions").await;
}

#[tokio::test]
async fn questions_are_answered() {
    talk("questions").await;
}

#[tokio::test]
async fn small_talk_goes_on_for_three_levels() {
    talk("smalltalk").await;
}

#[tokio::test]
async fn commands_and_names_of_tasks_are_understood() {
    talk("commands").await;
}

#[tokio::test]
async fn events_happen_when_they_should() {
    talk("events").await;
}
