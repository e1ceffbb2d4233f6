//! The ways into a dialog (docs/walk.md).

use conversation::IncomingEvent;
use dialog::Bot;
use dialog::bot::{BotEvent, Dialog, FlowAct, WhatToDo};
use dialog::node::{Kind as NodeKind, Node};
use nlu::Model;
use serde_json::Value;

use super::answers::{Answer, Client, NONSENSE, questions};

/// A way into a dialog, to be tried.
pub(super) struct Way {
    /// What is said after the conversation was opened, and after what runs then was given up.
    pub(super) said: Vec<Answer>,
    /// What runs after the opening is given up first.
    pub(super) clears: bool,
}

/// The ways into a dialog, in the order they are tried, and why there is none where all of them lead elsewhere.
pub(super) struct Ways {
    pub(super) ways: Vec<Way>,
    pub(super) otherwise: String,
    /// Only what a language model says would lead there.
    pub(super) needs_model: bool,
}

/// So many training phrases are tried.
const PHRASES: usize = 3;
/// So many pairs of tasks are said in one message.
const PAIRS: usize = 12;

/// Events, by their names, with what is said to bring each about.
fn events<'b>(bot: &'b Bot, model: &Model) -> Vec<(&'static str, Option<&'b BotEvent>, Vec<String>)> {
    let events = &bot.events;
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let named: Vec<&str> = bot
        .dialogs
        .iter()
        .filter(|dialog| !dialog.hidden && !dialog.follow_up && dialog.start.is_some())
        .map(|dialog| dialog.lower_name.as_str())
        .collect();
    let paired =
        named.iter().flat_map(|one| named.iter().filter(move |other| *other != one).map(move |other| (one, other)));
    let pairs = paired.take(PAIRS).map(|(one, other)| format!("{one} and {other}")).collect();
    let asked = questions(model).take(PHRASES).map(str::to_owned).collect();
    let mut all = vec![
        ("ON_CONNECT_EVENT", events.on_connect.as_ref(), Vec::new()),
        ("WELCOME_MESSAGE_EVENT", events.welcome.as_ref(), texts(&["hello"])),
        ("INTENT_UNIDENTIFIED", events.unidentified.as_ref(), texts(&[NONSENSE])),
        ("TASK_FAILURE_EVENT", events.task_failure.as_ref(), Vec::new()),
        ("AMBIGUITY", events.ambiguity.as_ref(), Vec::new()),
        ("CONVERSATION_END", events.end_of_task.as_ref(), Vec::new()),
        ("REPEAT_RESPONSE_EVENT", events.repeat.as_ref(), texts(&["repeat that"])),
        ("MULTI_INTENT_EVENT", events.several.as_ref(), pairs),
        ("ANSWER_GENERATION_EVENT", events.answer.as_ref(), asked),
        ("INTERACTION_INTENTS", events.interaction.as_ref(), texts(&["wait", "repeat that"])),
        ("AGENT_TRANSFER_EVENT", events.agent.as_ref(), texts(&["talk to a human"])),
        ("RESTART_CONVERSATION_EVENT", events.restart.as_ref(), texts(&["start over"])),
        ("TASK_END_EVENT", events.conversation_end.as_ref(), texts(&["bye"])),
    ];
    for mood in &events.sentiment {
        let said = ["I am so angry, this is terrible and disgusting", "I am so happy, this is wonderful, thank you"];
        all.push(("a mood", Some(&mood.event), texts(&said)));
    }
    all
}

/// The ways into a dialog.
pub(super) fn ways(client: &Client, bot: &Bot, model: &Model, place: usize) -> Ways {
    let dialog = &bot.dialogs[place];
    let is_started = |event: &BotEvent| matches!(event.what, WhatToDo::Dialog(Some(started)) if started == place);
    let callers = callers(bot, place);
    let by_event = events(bot, model).iter().any(|(_, event, _)| event.is_some_and(is_started));
    let mut said: Vec<String> = Vec::new();
    // What is hidden from users and has another way in is not asked for by them.
    if !dialog.follow_up && !(dialog.hidden && (by_event || !callers.is_empty())) {
        said.push(dialog.lower_name.clone());
        let own = model.data().intents.iter().filter(|intent| is_of(dialog, &intent.dialog_id, &intent.dialog_ref));
        let phrases = own.flat_map(|intent| &intent.utterances).map(|utterance| utterance.text.clone());
        said.extend(phrases.take(PHRASES));
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, event, texts) in events(bot, model) {
        if event.is_some_and(is_started) {
            names.push(name);
            said.extend(texts);
        }
    }
    if bot.default_dialog == Some(place) {
        names.push("INTENT_UNIDENTIFIED");
        said.push(NONSENSE.to_owned());
    }
    let flows = [&bot.flow, &bot.no_agents].into_iter().flatten().flat_map(|flow| &flow.steps);
    let in_flow = flows.filter(|step| match &step.act {
        FlowAct::Automation(automation) => automation.starts == Some(place),
        _ => false,
    });
    let mut ways = vec![Way { said: Vec::new(), clears: false }];
    ways.extend(said.iter().map(|text| Way { said: vec![client.says(text)], clears: false }));
    ways.extend(said.iter().map(|text| Way { said: vec![client.says(text)], clears: true }));
    let mut needs_model = false;
    let otherwise = if !callers.is_empty() {
        format!("its callers were not led there: {}", callers.join(", "))
    } else if names == ["ANSWER_GENERATION_EVENT"] {
        needs_model = true;
        "the app answers its questions itself, and no language model words answers to others".to_owned()
    } else if names == ["MULTI_INTENT_EVENT"] && !model.data().settings.several_intents {
        needs_model = true;
        "the app looks for one task in a message, and no language model finds several".to_owned()
    } else if !names.is_empty() {
        format!("{} did not happen by anything that was said", names.join(", "))
    } else if in_flow.count() > 0 {
        "the flow did not come to it".to_owned()
    } else {
        // Nothing in the export enters it: whoever does comes from outside.
        let event = IncomingEvent::Start { dialog: dialog.id.clone(), entities: Value::Null };
        let label = "(started from outside)".to_owned();
        ways.push(Way { said: vec![Answer { label, event, is_value: true }], clears: false });
        "it cannot be started".to_owned()
    };
    Ways { ways, otherwise, needs_model }
}

fn is_of(dialog: &Dialog, id: &str, ref_id: &str) -> bool {
    dialog.id == id || (!ref_id.is_empty() && dialog.ref_id == ref_id)
}

/// The dialogs that call one, by their names; itself is none.
fn callers(bot: &Bot, place: usize) -> Vec<String> {
    fn calls(node: &Node, place: usize) -> bool {
        match &node.kind {
            NodeKind::Dialog(call) => call.dialog == Some(place),
            NodeKind::Action(inner, _) => inner.iter().any(|node| calls(node, place)),
            _ => false,
        }
    }
    let others = bot.dialogs.iter().enumerate().filter(|(other, _)| *other != place);
    let calling = others.filter(|(_, dialog)| dialog.nodes.iter().any(|node| calls(node, place)));
    calling.map(|(_, dialog)| dialog.lower_name.clone()).collect()
}
