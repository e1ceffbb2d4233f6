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
    /// Whether the understanding takes it for a value of what is asked; of what is no value it is not known.
    pub(super) is_value: bool,
}

/// What a client sends besides what is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Client {
    /// `customData`, where it was asked for.
    pub(super) custom_data: Option<Value>,
}

/// So many samples are tried at one place, besides items of lists, buttons and what conditions compare with.
const MOST: usize = 6;
/// A text that any text is as good as.
const ANY_TEXT: &str = "Something I typed";

impl Answer {
    fn of(label: &str, event: IncomingEvent) -> Self {
        Self { label: label.to_owned(), event, is_value: true }
    }
}

impl Client {
    /// Something said.
    pub(super) fn says(&self, text: &str) -> Answer {
        Answer::of(text, self.message(text, Vec::new()))
    }

    fn message(&self, text: &str, attachments: Vec<Value>) -> IncomingEvent {
        let mut raw = json!({
            "resourceid": "/bot.message", "message": {"body": text, "attachments": attachments},
            "from": {"id": "walker@example.com"}, "botInfo": {"chatBot": "", "taskBotId": ""}, "id": 1, "client": "rtm"
        });
        if let Some(data) = &self.custom_data {
            raw["customData"] = data.clone();
            raw["message"]["customData"] = data.clone();
            raw["botInfo"]["customData"] = data.clone();
        }
        IncomingEvent::Message { text: text.to_owned(), raw, attachments, shown: None }
    }
}

/// What there is to answer to what was said last. Valid answers only; none where nothing waits, or nothing is valid.
pub(super) async fn answers(
    client: &Client,
    at: &Rehearsal,
    last: &[Reply],
    now: &jiff::Zoned,
) -> Result<Vec<Answer>, Error> {
    let state = at.state();
    if let Some(pending) = &state.pending {
        return Ok(pending.choices.iter().map(|choice| client.says(&choice.title)).collect());
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
            vec![Answer::of("(the BotKit server answers)", event)]
        }
        (Waiting::Form, NodeKind::Form(form)) => {
            let values = at.bot().form(&form.form).map(samples::of_form);
            let event = IncomingEvent::Form { form: form.form.clone(), values };
            vec![Answer::of("(the form is sent)", event)]
        }
        (_, NodeKind::Entity(entity)) if entity.entity_type == "attachment" => {
            vec![Answer::of("(a file)", client.message("", vec![samples::attachment()]))]
        }
        (_, NodeKind::Entity(entity)) => {
            let (texts, is_value) = of_entity(at, &model, node, entity, last, now);
            texts.iter().map(|text| Answer { is_value, ..client.says(text) }).collect()
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
            words.iter().map(|word| client.says(word)).collect()
        }
        (_, NodeKind::Message(_)) => {
            let mut texts = buttons(last);
            texts.push(ANY_TEXT.to_owned());
            texts.iter().map(|text| client.says(text)).collect()
        }
        (_, NodeKind::Agent(agent)) => {
            let asking = frame.agent.as_ref().and_then(|talk| talk.asking.as_deref());
            let entity = agent.entities.iter().find(|entity| Some(entity.name.as_str()) == asking);
            let kind = entity.and_then(|entity| Kind::of(&entity.entity_type)).unwrap_or(Kind::Label);
            vec![client.says(samples::of_entity(kind).first().copied().unwrap_or(ANY_TEXT))]
        }
        _ => vec![client.says(ANY_TEXT)],
    };
    Ok(answers)
}

/// Texts that answer an entity, and whether the understanding takes them.
fn of_entity(
    at: &Rehearsal,
    model: &Model,
    node: &Node,
    entity: &Entity,
    last: &[Reply],
    now: &jiff::Zoned,
) -> (Vec<String>, bool) {
    let shown = at.state().frame().map_or(&[][..], |frame| frame.shown.as_slice());
    if Kind::of(&entity.entity_type) == Some(Kind::ListOfValues) {
        return (distinct(shown.iter().map(|choice| choice.title.clone()).collect()), true);
    }
    let made = with_rules_of_scripts(at, model, node);
    let ready = made.as_ref().or_else(|| model.entity(&node.component_id));
    let ready = ready.or_else(|| model.entity(&node.component_ref));
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
        // Any text is an answer; but where there are buttons, they are what people are to press, or to type past.
        texts.extend(samples.skip(usize::from(has_buttons)));
        return (distinct(texts), true);
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
    if valid.is_empty() { (texts.into_iter().take(1).collect(), false) } else { (valid, true) }
}

/// An entity with the rules that a script set for it (`context.entityRules`), where one did.
fn with_rules_of_scripts(at: &Rehearsal, model: &Model, node: &Node) -> Option<entities::Entity> {
    let context = &at.state().frame()?.context;
    let rules = context.get("entityRules")?.get(&node.name)?.as_object().filter(|rules| !rules.is_empty())?;
    let rules: Vec<(String, String)> = rules.iter().map(|(rule, value)| (rule.clone(), value.to_string())).collect();
    let changed = model.entity_changed(&node.component_id, None, &rules);
    changed.or_else(|| model.entity_changed(&node.component_ref, None, &rules))
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

/// What is said at a question that does not answer it.
#[derive(Clone)]
pub(super) struct Aside {
    pub(super) answer: Answer,
    pub(super) kind: AsideKind,
}

/// Kinds of what does not answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AsideKind {
    /// Nothing that could be an answer.
    Wrong,
    /// A form that is called off.
    CalledOff,
    /// Another task.
    Task,
    /// A question, or small talk.
    Question,
}

/// A text that is no value, no task and no question.
pub(super) const NONSENSE: &str = "qwzx vrblk";

/// What can be said where a question waits that does not answer it.
pub(super) async fn asides(client: &Client, at: &Rehearsal) -> Result<Vec<Aside>, Error> {
    let Some(frame) = at.state().frame() else { return Ok(Vec::new()) };
    let Some(node) = at.bot().dialog(&frame.dialog).and_then(|dialog| dialog.node(&frame.node)) else {
        return Ok(Vec::new());
    };
    let model = at.model().await?;
    let mut asides = Vec::new();
    let mut add = |answer: Answer, kind: AsideKind| asides.push(Aside { answer, kind });
    match (&node.kind, frame.waiting) {
        (_, Waiting::Server | Waiting::Nothing) => return Ok(Vec::new()),
        (NodeKind::Form(form), _) => {
            let event = IncomingEvent::Form { form: form.form.clone(), values: None };
            add(Answer::of("(the form is called off)", event), AsideKind::CalledOff);
        }
        _ => add(client.says(NONSENSE), AsideKind::Wrong),
    }
    let can_be_named = |dialog: &&dialog::bot::Dialog| !dialog.hidden && !dialog.follow_up && dialog.start.is_some();
    let other = at.bot().dialogs.iter().filter(can_be_named).find(|dialog| dialog.id != frame.dialog);
    if let Some(other) = other {
        add(client.says(&other.lower_name), AsideKind::Task);
    }
    if let Some(question) = questions(&model).next() {
        add(client.says(question), AsideKind::Question);
    }
    // What a bot has no words of its own for, the platform answers.
    let said = small_talk(&model).next().map_or("thanks", |(said, _)| said);
    add(client.says(said), AsideKind::Question);
    Ok(asides)
}

/// The questions that a bot answers, as their authors wrote them.
pub(super) fn questions(model: &Model) -> impl Iterator<Item = &str> {
    let plain = model.data().faqs.iter().filter(|faq| !faq.question.is_pattern);
    plain.map(|faq| faq.question.text.as_str()).filter(|text| is_sentence(text))
}

/// Whether a text is what people say, and no pattern for it.
fn is_sentence(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['~', '*', '!', '<', '>', '{', '}', '[', ']', '(', ')', '_', '$'])
}

/// Small talk that needs nothing before it: what is said, and the node.
pub(super) fn small_talk(model: &Model) -> impl Iterator<Item = (&str, &str)> {
    let first = model.data().small_talk.iter().filter(|talk| talk.parent_id.is_empty());
    first.filter_map(|talk| {
        let said = talk.utterances.iter().find(|text| is_sentence(text))?;
        Some((said.as_str(), talk.node_id.as_str()))
    })
}
