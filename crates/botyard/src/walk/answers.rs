//! What there is to answer where a dialog waits.

use conversation::{IncomingEvent, Rehearsal};
use dialog::condition::{Condition, Left, Transition};
use dialog::node::{Entity, Kind as NodeKind, Node};
use dialog::reply::{Content, Reply};
use dialog::state::Waiting;
use entities::Kind;
use nlu::Model;
use nlu::yes_no::Answer as YesNo;
use serde_json::{Value, json};

use super::{expression, samples};
use crate::Error;

/// An answer to try.
#[derive(Clone)]
pub(super) struct Answer {
    /// How it reads in the story of a walk.
    pub(super) label: String,
    /// What happens.
    pub(super) event: IncomingEvent,
}

/// So many answers are tried at one place.
const MOST: usize = 6;

impl Answer {
    /// Something said.
    pub(super) fn text(text: &str) -> Self {
        Self { label: text.to_owned(), event: said(text, Vec::new()) }
    }
}

fn said(text: &str, attachments: Vec<Value>) -> IncomingEvent {
    let raw = json!({
        "resourceid": "/bot.message", "message": {"body": text, "attachments": attachments, "customData": {}},
        "from": {"id": "walker@example.com"}, "customData": {},
        "botInfo": {"chatBot": "", "taskBotId": "", "customData": {}}, "id": 1, "client": "rtm"
    });
    IncomingEvent::Message { text: text.to_owned(), raw, attachments, shown: None }
}

/// What there is to answer to what was said last. Valid answers only; none where nothing waits, or nothing is valid.
pub(super) async fn answers(at: &Rehearsal, last: &[Reply], now: &jiff::Zoned) -> Result<Vec<Answer>, Error> {
    let state = at.state();
    if let Some(pending) = &state.pending {
        return Ok(pending.choices.iter().take(1).map(|choice| Answer::text(&choice.title)).collect());
    }
    let Some(frame) = state.frame() else { return Ok(Vec::new()) };
    let Some(node) = at.bot().dialog(&frame.dialog).and_then(|dialog| dialog.node(&frame.node)) else {
        return Ok(Vec::new());
    };
    let model = at.model().await?;
    let answers = match (frame.waiting, &node.kind) {
        (Waiting::Nothing, _) => Vec::new(),
        (Waiting::Server, _) => {
            let event = IncomingEvent::Server(Value::Object(frame.context.clone()));
            vec![Answer { label: "(the BotKit server answers)".to_owned(), event }]
        }
        (Waiting::Form, NodeKind::Form(form)) => {
            let values = at.bot().form(&form.form).map(samples::of_form);
            let event = IncomingEvent::Form { form: form.form.clone(), values };
            vec![Answer { label: "(the form is sent)".to_owned(), event }]
        }
        (_, NodeKind::Entity(entity)) if entity.entity_type == "attachment" => {
            let event = said("", vec![samples::attachment()]);
            vec![Answer { label: "(a file)".to_owned(), event }]
        }
        (_, NodeKind::Entity(entity)) => {
            of_entity(at, &model, node, entity, last, now).iter().map(|text| Answer::text(text)).collect()
        }
        (_, NodeKind::Confirmation(confirmation)) => {
            let own = |words: &[(String, Vec<String>)]| words.iter().flat_map(|(_, words)| words.clone()).collect();
            let (yes, no): (Vec<String>, Vec<String>) = (own(&confirmation.yes), own(&confirmation.no));
            let word = |common: [&str; 4], of: &[String], wanted: YesNo| {
                let all = common.iter().map(|&word| word.to_owned()).chain(of.iter().cloned());
                let mut fits = all.filter(|word| model.yes_or_no(word, &yes, &no) == Some(wanted));
                fits.next().unwrap_or_else(|| common[0].to_owned())
            };
            let words = [
                word(["yes", "ja", "ya", "si"], &yes, YesNo::Yes),
                word(["no", "nein", "tidak", "no"], &no, YesNo::No),
            ];
            words.iter().map(|word| Answer::text(word)).collect()
        }
        (_, NodeKind::Message(_)) => {
            let mut texts = buttons(last);
            texts.push("Something I typed".to_owned());
            texts.truncate(MOST);
            texts.iter().map(|text| Answer::text(text)).collect()
        }
        (_, NodeKind::Agent(agent)) => {
            let asking = frame.agent.as_ref().and_then(|talk| talk.asking.as_deref());
            let entity = agent.entities.iter().find(|entity| Some(entity.name.as_str()) == asking);
            let kind = entity.and_then(|entity| Kind::of(&entity.entity_type)).unwrap_or(Kind::Label);
            let texts = samples::of_entity(kind).first().copied().unwrap_or("Something I typed");
            vec![Answer::text(texts)]
        }
        _ => vec![Answer::text("Something I typed")],
    };
    Ok(answers)
}

fn of_entity(
    at: &Rehearsal,
    model: &Model,
    node: &Node,
    entity: &Entity,
    last: &[Reply],
    now: &jiff::Zoned,
) -> Vec<String> {
    let shown = at.state().frame().map_or(&[][..], |frame| frame.shown.as_slice());
    if Kind::of(&entity.entity_type) == Some(Kind::ListOfValues) {
        return distinct(shown.iter().map(|choice| choice.title.clone()).collect());
    }
    let ready = model.entity(&node.component_id).or_else(|| model.entity(&node.component_ref));
    let kind = ready.and_then(|ready| ready.kind).unwrap_or(Kind::Label);
    let mut texts = buttons(last);
    let has_buttons = !texts.is_empty();
    texts.extend(compared_with(at, node));
    if kind == Kind::Regex {
        let described = model.data().entities.iter().find(|it| it.component_id == node.component_id);
        let texts_of = described.and_then(|described| expression::text_of(&described.regex));
        texts.extend(texts_of.filter(|text| !text.is_empty()));
    }
    let samples = samples::of_entity(kind).iter().map(|&text| text.to_owned());
    if matches!(kind, Kind::Label | Kind::Description) {
        // Any text is an answer; but where there are buttons, they are what people are to press.
        if !has_buttons {
            texts.truncate(MOST - samples.len());
            texts.extend(samples);
        }
        texts = distinct(texts);
        texts.truncate(MOST);
        return texts;
    }
    texts.extend(samples);
    let texts = distinct(texts);
    let is_value = |text: &&String| {
        ready.is_none_or(|ready| {
            let found = model.answer(ready, text, &[], now);
            found.first().is_some_and(|found| found.others.is_empty())
        })
    };
    let valid: Vec<String> = texts.iter().filter(is_value).take(MOST).cloned().collect();
    // Where none of them is taken, that is told as a fault.
    if valid.is_empty() { texts.into_iter().take(1).collect() } else { valid }
}

fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = Vec::new();
    for text in texts {
        if !text.trim().is_empty() && !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

/// What the buttons of what was said last send.
fn buttons(last: &[Reply]) -> Vec<String> {
    fn collect(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(payload)) = object.get("payload") {
                    texts.push(payload.clone());
                }
                object.values().for_each(|inner| collect(inner, texts));
            }
            Value::Array(list) => list.iter().for_each(|inner| collect(inner, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for reply in last {
        if let Content::Template(template) = &reply.content {
            collect(template, &mut texts);
        }
    }
    distinct(texts)
}

/// The values that the transitions of the dialog compare an entity with: the answers that lead to different places.
fn compared_with(at: &Rehearsal, node: &Node) -> Vec<String> {
    fn collect(condition: &Condition, node: &Node, texts: &mut Vec<String>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, node, texts)),
            Condition::Value { left, right, .. } => {
                let is_mine = match left {
                    Left::Entity(name, _) => *name == node.name,
                    Left::Path(path) => {
                        path.contains("entities") && path.trim_end_matches(['\'', '"', ']']).ends_with(&node.name)
                    }
                };
                let Some(text) = right.as_constant().map(str::trim).filter(|_| is_mine) else { return };
                let is_path = ["context.", "env.", "content."].iter().any(|root| text.starts_with(root));
                if let Ok(number) = text.parse::<i64>() {
                    texts.extend([number, number + 1, number - 1].map(|number| number.to_string()));
                } else if !is_path {
                    texts.push(text.to_owned());
                }
            }
            Condition::Answer { .. } | Condition::Intent(_) => {}
        }
    }
    let dialog = at.state().frame().and_then(|frame| at.bot().dialog(&frame.dialog));
    let transitions = dialog.into_iter().flat_map(|dialog| &dialog.nodes).flat_map(|node| &node.transitions);
    let mut texts = Vec::new();
    for Transition { condition, .. } in transitions {
        if let Some(condition) = condition {
            collect(condition, node, &mut texts);
        }
    }
    distinct(texts)
}
