//! Events of a conversation (`export-format.md` §6).

use definition::{Document, ShapeError};
use serde_json::Value;

use super::findings::Findings;
use super::lenient::{flag, id, is_on, members, number, text, words};
use super::parts::{Parts, list, member};
use super::texts::{messages, script};
use crate::bot::{BotEvent, Events, FirstMessage, SentimentEvent, Text, WhatToDo};

/// All events of the bot.
///
/// # Errors
/// `botSentimentEvents` is not a list.
pub(super) fn read(definition: &Document, parts: &Parts, findings: &mut Findings) -> Result<Events, ShapeError> {
    let mut events = Events::default();
    for (name, event) in members(&member(definition, "botEvents")) {
        let place = match name.as_str() {
            "ON_CONNECT_EVENT" => &mut events.on_connect,
            "WELCOME_MESSAGE_EVENT" => {
                events.first_message = first_message(&event["manageFirstMessage"]);
                &mut events.welcome
            }
            "INTENT_UNIDENTIFIED" => &mut events.unidentified,
            "TASK_FAILURE_EVENT" => &mut events.task_failure,
            "CONVERSATION_END" => &mut events.end_of_task,
            "REPEAT_RESPONSE_EVENT" => &mut events.repeat,
            "MULTI_INTENT_EVENT" => &mut events.several,
            "ANSWER_GENERATION_EVENT" => &mut events.answer,
            "INTERACTION_INTENTS" => &mut events.interaction,
            "AGENT_TRANSFER_EVENT" => &mut events.agent,
            "RESTART_CONVERSATION_EVENT" => &mut events.restart,
            "TASK_END_EVENT" => &mut events.conversation_end,
            // Every app has it switched on for voice, without a dialog.
            "TELEPHONY_WELCOME_EVENT" if text(&event["action"]) == "triggerDialog" && id(&event["task"]).is_none() => {
                continue;
            }
            name if name.contains("AMBIGU") => &mut events.ambiguity,
            name => {
                if is_on(&event["enabled"]) {
                    findings.add(format!("the event {name} is switched on, but does not happen here"));
                }
                continue;
            }
        };
        *place = enabled(event, name, parts, findings);
    }
    // What names nothing does nothing: the first message is understood as itself, and choices are listed.
    for event in [&mut events.on_connect, &mut events.welcome, &mut events.ambiguity, &mut events.several] {
        if event.as_ref().is_some_and(|event| event.what.is_nothing()) {
            *event = None;
        }
    }
    for event in list(definition, "botSentimentEvents")? {
        events.sentiment.extend(sentiment(&event, parts, findings));
    }
    Ok(events)
}

/// What happens at an event that is switched on. `name` is for messages.
pub(super) fn enabled(event: &Value, name: &str, parts: &Parts, findings: &mut Findings) -> Option<BotEvent> {
    if !is_on(&event["enabled"]) {
        return None;
    }
    let channels = words(&event["pre_conditions"]["channels"]);
    if !channels.is_empty() {
        findings.add(format!(
            "the event {name} is meant for the channels {}, but happens on all of them",
            channels.join(", ")
        ));
    }
    what(event, name, parts, findings).map(|what| BotEvent { what })
}

fn what(event: &Value, name: &str, parts: &Parts, findings: &mut Findings) -> Option<WhatToDo> {
    let task = || dialog(&event["task"], name, parts);
    let action = text(&event["action"]);
    match action {
        "triggerDialog" => {
            let (dialog, missing) = task();
            missing.into_iter().for_each(|missing| findings.add(missing));
            Some(WhatToDo::Dialog(dialog))
        }
        "showMsg" => Some(WhatToDo::Message(messages(&event["msg"]))),
        "runScript" | "script" | "customScript" => {
            Some(WhatToDo::Script(script(&event["script"]).unwrap_or_else(|| Text::script(""))))
        }
        "" => {
            // Old exports, and failures of dialogs, do not say: what is there is done.
            let said = messages(&event["msg"]);
            match task() {
                (Some(dialog), _) => Some(WhatToDo::Dialog(Some(dialog))),
                _ if !said.is_empty() => Some(WhatToDo::Message(said)),
                _ => None,
            }
        }
        other => {
            findings.add(format!("the event {name} does '{other}', which is not run here: nothing happens"));
            None
        }
    }
}

/// The dialog an event starts, or a sentence that says why there is none.
fn dialog(task: &Value, name: &str, parts: &Parts) -> (Option<usize>, Option<String>) {
    let found = parts.dialog(task);
    let missing = match (found, id(task)) {
        (None, None) => Some(format!("the event {name} names no dialog to start: nothing happens")),
        (None, Some(task)) => {
            Some(format!("the event {name} starts the dialog {task}, which is not in the bot: nothing happens"))
        }
        (Some(place), _) if parts.is_stub(place) => {
            Some(format!("the dialog that the event {name} starts has no nodes: nothing happens"))
        }
        (Some(_), _) => None,
    };
    (found, missing)
}

/// `displayWelcomeMsg` and `triggerWelcomeDialog` welcome; `respondToUserInput`, and nothing, answer.
fn first_message(settings: &Value) -> FirstMessage {
    let welcomes = |kind: &str| !matches!(text(&settings[kind]), "" | "respondToUserInput");
    FirstMessage {
        welcomes_greeting: welcomes("greetings"),
        welcomes_faq: welcomes("faq"),
        welcomes_task: welcomes("task"),
    }
}

fn sentiment(event: &Value, parts: &Parts, findings: &mut Findings) -> Option<SentimentEvent> {
    if flag(&event["enabled"]) == Some(false) {
        return None;
    }
    let name = text(&event["name"]).to_owned();
    let what = what(event, &name, parts, findings)?;
    let mut tones = Vec::new();
    for (member, of_dialog) in [("messageTone", false), ("dialogTone", true)] {
        for (tone, range) in members(&event["emotionConfig"][member]) {
            let least = number(&range["min"]).unwrap_or(LEAST_TONE);
            tones.push((of_dialog, tone.clone(), least, number(&range["max"]).unwrap_or(MOST_TONE)));
        }
    }
    if tones.is_empty() {
        findings.add(format!("the event {name} names no mood: it never happens"));
        return None;
    }
    let on_completion = text(&event["setting"]) == "onTaskCompletion";
    Some(SentimentEvent { name, event: BotEvent { what }, on_completion, tones })
}

/// The lowest level of a tone.
const LEAST_TONE: f64 = -3.0;
/// The highest level of a tone.
const MOST_TONE: f64 = 3.0;
