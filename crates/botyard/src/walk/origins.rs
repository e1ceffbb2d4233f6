//! Where the inputs of scripts come from, and what else each of them may be.

use std::collections::BTreeSet;

use conversation::Rehearsal;
use dialog::Bot;
use dialog::node::{Entity, Kind as NodeKind, Node};
use entities::Kind;
use nlu::Model;
use script::Run;
use serde_json::{Value, json};

use super::inputs::{Path, get, shapes};
use super::platform_keys::{PLATFORM_KEYS, PLATFORM_SESSION_KEYS};
use super::samples;
use super::seen::Seen;
use super::setters::{sets, sets_always};
use crate::Error;

/// Another value of an input.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The input, with its root.
    pub(super) path: Path,
    /// What it becomes; `None` takes it away.
    pub(super) value: Option<Value>,
    pub(super) means: Means,
}

/// What another value of an input stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// The definition allows it.
    Allowed {
        /// Whose value it is.
        what: String,
    },
    /// A client may send it, or not.
    Client,
    /// The bot itself was seen to put it there, or has a script that does.
    Own,
    /// Another answer of a service than the recorded ones.
    OtherAnswer,
    /// A variable that the export does not have.
    Variable,
    /// A BotKit server may set it.
    Server,
    /// Nothing sets it.
    Nobody,
    /// Another form of a value than the platform gives.
    OtherForm,
    /// The platform is to set it.
    Platform,
    /// A node that ran in the walk was to set it.
    Lost {
        /// Its name.
        by: String,
    },
}

impl Means {
    /// What is told first, where several changes help.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Platform | Self::Lost { .. } => 0,
            Self::Allowed { .. } => 1,
            Self::Client => 2,
            Self::Own => 3,
            Self::OtherAnswer => 4,
            Self::Variable => 5,
            Self::Server => 6,
            Self::Nobody => 7,
            Self::OtherForm => 8,
        }
    }
}

/// Those of the context that language models fill.
const OF_MODELS: [&str; 2] = ["AI_Assisted_Dialogs", "GenerativeAINode"];
/// So many values of one input are tried.
const MOST_VALUES: usize = 10;

/// What there is to know of where inputs come from.
pub(super) struct Origins<'a> {
    pub(super) bot: &'a Bot,
    /// The dialog whose script it is (`_id`).
    pub(super) dialog: &'a str,
    /// The node whose script it is.
    pub(super) node: &'a str,
    /// The nodes that ran in the walk: dialog and node.
    pub(super) ran: &'a BTreeSet<(String, String)>,
    pub(super) seen: &'a Seen,
    /// Whether a node was skipped for want of a language model.
    pub(super) lacks_model: bool,
    pub(super) now: &'a jiff::Zoned,
}

impl Origins<'_> {
    /// Whether a language model was to set an input, and there is none.
    pub(super) fn lacks_model(&self, path: &[String]) -> bool {
        self.lacks_model && path.get(1).is_some_and(|key| OF_MODELS.contains(&key.as_str()))
    }

    /// All that the inputs of a script may be besides what they were; those of one input follow each other in turn, so that
    /// a few of each are among the first.
    pub(super) async fn changes(&self, at: &Rehearsal, run: &Run, paths: &[Path]) -> Result<Vec<Change>, Error> {
        let model = at.model().await?;
        let mut inputs: Vec<Path> = Vec::new();
        for input in paths.iter().filter_map(|path| input_of(path)) {
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        let mut by_input: Vec<std::vec::IntoIter<Change>> = Vec::new();
        for input in inputs {
            let root = match input[0].as_str() {
                "env" => &run.env,
                "content" => &run.content,
                _ => &run.context,
            };
            let now = get(root, &input[1..]).filter(|value| !value.is_null());
            let mut changes = self.changes_of(&model, &input, now, paths);
            changes.retain(|change| change.value.as_ref() != now);
            by_input.push(changes.into_iter());
        }
        let mut all = Vec::new();
        loop {
            let before = all.len();
            all.extend(by_input.iter_mut().filter_map(Iterator::next));
            if all.len() == before {
                return Ok(all);
            }
        }
    }

    fn changes_of(&self, model: &Model, input: &Path, now: Option<&Value>, paths: &[Path]) -> Vec<Change> {
        let change = |value: Option<Value>, means: Means| Change { path: input.clone(), value, means };
        let shaped = |means: Means| -> Vec<Change> {
            shapes(input, paths).into_iter().map(|value| change(Some(value), means.clone())).collect()
        };
        let names: Vec<&str> = input.iter().map(String::as_str).collect();
        match names.as_slice() {
            ["env" | "content", _] => match now {
                None => shaped(Means::Variable),
                Some(_) => Vec::new(),
            },
            ["context", "entities", name] => self.entity_changes(model, input, name, now),
            ["context", "session", "UserContext", ..] => self.with_absent(input, shaped(Means::Client)),
            ["context", "session", _, "lastMessage", ..] => self.with_absent(input, shaped(Means::Client)),
            ["context", "forms", form] => {
                let form = self.bot.forms.iter().find(|it| it.ref_id == **form);
                let what = "the form sent".to_owned();
                let sent = form.map(|form| change(Some(samples::of_form(form)), Means::Allowed { what }));
                sent.into_iter().chain(shaped(Means::Own)).collect()
            }
            ["context", "session", "BotUserSession", key] if PLATFORM_SESSION_KEYS.contains(key) => {
                platform_changes(input, now, paths)
            }
            ["context", "session", _, _] => self.own_changes(input, now, paths),
            ["context", key] if PLATFORM_KEYS.contains(key) => platform_changes(input, now, paths),
            ["context", key] => match self.node_named(key) {
                Some((owner, node)) => self.answer_changes(input, owner, node, now, paths),
                None => self.own_changes(input, now, paths),
            },
            _ => Vec::new(),
        }
    }

    fn with_absent(&self, input: &Path, mut changes: Vec<Change>) -> Vec<Change> {
        changes.push(Change { path: input.clone(), value: None, means: Means::Client });
        changes
    }

    /// Values of an entity: what its definition allows, nothing, and other forms of what it is.
    fn entity_changes(&self, model: &Model, input: &Path, name: &str, now: Option<&Value>) -> Vec<Change> {
        let change = |value: Option<Value>, means: Means| Change { path: input.clone(), value, means };
        let Some((node, entity)) = self.entity_named(name) else {
            // It is no entity of the bot: a script keeps something there.
            return self.own_changes(input, now, &[]);
        };
        let allowed = |value| change(value, Means::Allowed { what: format!("a value of the entity '{name}'") });
        let mut values: Vec<Value> = self.seen.values(input).to_vec();
        let ready = model.entity(&node.component_id).or_else(|| model.entity(&node.component_ref));
        if let Some(list) = ready.and_then(|ready| ready.list()) {
            values.extend((0..list.items().len()).map(|item| list.stored(item)));
        }
        let kind = Kind::of(&entity.entity_type).unwrap_or(Kind::Label);
        for text in samples::of_entity(kind) {
            let found = ready.map(|ready| model.answer(ready, text, &[], self.now)).unwrap_or_default();
            values.extend(found.into_iter().next().map(|found| found.value));
        }
        let mut distinct: Vec<Value> = Vec::new();
        for value in values {
            let value = if entity.many && !value.is_array() { json!([value]) } else { value };
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        distinct.truncate(MOST_VALUES);
        let mut changes: Vec<Change> = distinct.into_iter().map(|value| allowed(Some(value))).collect();
        changes.push(allowed(None));
        if let Some(now) = now {
            changes.extend(other_forms(now).into_iter().map(|value| change(Some(value), Means::OtherForm)));
        }
        changes
    }

    /// What a node leaves in the context.
    fn answer_changes(
        &self,
        input: &Path,
        owner: &str,
        node: &Node,
        now: Option<&Value>,
        paths: &[Path],
    ) -> Vec<Change> {
        let change = |value: Value, means: Means| Change { path: input.clone(), value: Some(value), means };
        let what = format!("what '{}' leaves", node.name);
        let has_run = self.ran.contains(&(owner.to_owned(), node.id.clone()));
        let means = match now {
            // It ran, and nothing is there of it.
            None if has_run && owner == self.dialog => Means::Lost { by: node.name.clone() },
            _ => Means::Allowed { what },
        };
        let left =
            |body: Value| json!({"response": {"statusCode": 200, "body": body, "headers": {}}, "statusCode": 200});
        let mut changes: Vec<Change> = Vec::new();
        if let NodeKind::Service(service) = &node.kind {
            let recorded = service.sample.iter().flat_map(recorded).map(left);
            changes.extend(recorded.map(|value| change(value, means.clone())));
        }
        if let NodeKind::Table(_) = &node.kind {
            let body = json!({"total": 0, "hasMore": false, "meta": [], "queryResult": []});
            changes.push(change(left(body), means.clone()));
        }
        changes.extend(self.seen.values(input).iter().map(|value| change(value.clone(), means.clone())));
        match now {
            Some(now) => {
                let body = get(now, &["response".to_owned(), "body".to_owned()]);
                // The platform reads bodies: one in another form is of its making, another body of the service's.
                let text = body.filter(|body| !body.is_string()).map(|body| json!(body.to_string()));
                changes.extend(text.map(|body| change(left(body), Means::OtherForm)));
                let read = body.and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok());
                changes.extend(read.map(|body: Value| change(left(body), Means::OtherForm)));
                let listed = body.filter(|body| !body.is_array()).map(|body| json!([body]));
                let first = body.and_then(Value::as_array).and_then(|list| list.first()).cloned();
                let others = [listed, first, Some(json!([])), Some(json!({}))].into_iter().flatten();
                changes.extend(others.map(|body| change(left(body), Means::OtherAnswer)));
            }
            None => changes.extend(shapes(input, paths).into_iter().map(|value| change(value, means.clone()))),
        }
        changes
    }

    /// What the bot's own scripts and assignments put there; where none does, what somebody else may.
    fn own_changes(&self, input: &Path, now: Option<&Value>, paths: &[Path]) -> Vec<Change> {
        let change = |value: Option<Value>, means: Means| Change { path: input.clone(), value, means };
        let written = input.join(".");
        let key = input.last().map_or("", String::as_str);
        let is_shared = input.get(1).is_some_and(|it| it == "session");
        let mut setters = self.nodes().filter(|(_, node)| sets(node, &written, key)).peekable();
        let is_set = setters.peek().is_some() || !self.seen.values(input).is_empty();
        let ran_before = setters.find(|(owner, node)| {
            let is_seen = is_shared || *owner == self.dialog;
            is_seen && node.id != self.node && self.ran.contains(&((*owner).to_owned(), node.id.clone()))
        });
        let has_server = self.nodes().any(|(_, node)| matches!(node.kind, NodeKind::Webhook));
        let means = match (now, is_set) {
            // A script need not set it each time: whether it was lost is told by its own condition only.
            (None, true) if ran_before.is_some_and(|(_, node)| sets_always(node, &written)) => {
                Means::Lost { by: ran_before.map_or_else(String::new, |(_, node)| node.name.clone()) }
            }
            (_, true) => Means::Own,
            (_, false) if has_server => Means::Server,
            (_, false) => Means::Nobody,
        };
        let mut changes: Vec<Change> =
            self.seen.values(input).iter().map(|value| change(Some(value.clone()), means.clone())).collect();
        match now {
            None => changes.extend(shapes(input, paths).into_iter().map(|value| change(Some(value), means.clone()))),
            Some(_) => changes.push(change(None, means)),
        }
        changes
    }

    /// All nodes of the bot with the ids of their dialogs, those of bot actions under the node of the action.
    fn nodes(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.bot.dialogs.iter().flat_map(|dialog| dialog.nodes.iter().map(|node| (dialog.id.as_str(), node)))
    }

    fn entity_named(&self, name: &str) -> Option<(&Node, &Entity)> {
        let entity = |node: &'_ Node| match &node.kind {
            NodeKind::Entity(_) => node.name == name,
            _ => false,
        };
        let mut nodes: Vec<(&str, &Node)> = self.nodes().filter(|(_, node)| entity(node)).collect();
        nodes.sort_by_key(|(owner, _)| *owner != self.dialog);
        nodes.first().and_then(|(_, node)| match &node.kind {
            NodeKind::Entity(entity) => Some((*node, &**entity)),
            _ => None,
        })
    }

    /// A node, or one inside of a bot action, that leaves an answer under its name.
    fn node_named(&self, name: &str) -> Option<(&str, &Node)> {
        let answers = |node: &Node| {
            let leaves = matches!(
                node.kind,
                NodeKind::Service(_)
                    | NodeKind::Table(_)
                    | NodeKind::Generative(_)
                    | NodeKind::Search(_)
                    | NodeKind::Unconnected(_)
                    | NodeKind::Form(_)
            );
            leaves && node.name == name
        };
        let all = self.nodes().flat_map(|(owner, node)| {
            let inner = match &node.kind {
                NodeKind::Action(inner, _) => inner.as_slice(),
                _ => &[],
            };
            std::iter::once((owner, node)).chain(inner.iter().map(move |node| (owner, node)))
        });
        let mut named: Vec<(&str, &Node)> = all.filter(|(_, node)| answers(node)).collect();
        named.sort_by_key(|(owner, _)| *owner != self.dialog);
        named.first().copied()
    }
}

/// What the platform is to set, or a member of it: where something is there, the first member on each path that is not.
fn platform_changes(input: &Path, now: Option<&Value>, paths: &[Path]) -> Vec<Change> {
    let mut missing: Vec<Path> = Vec::new();
    for path in paths.iter().filter(|path| path.starts_with(input)) {
        let has = |length: &usize| now.is_some_and(|now| get(now, &path[input.len()..*length]).is_some());
        let lacking = (input.len()..=path.len()).find(|length| !has(length));
        if let Some(path) = lacking.map(|length| path[..length].to_vec())
            && !missing.contains(&path)
        {
            missing.push(path);
        }
    }
    let shaped = |path: Path| {
        let values = shapes(&path, paths);
        values.into_iter().map(move |value| Change { path: path.clone(), value: Some(value), means: Means::Platform })
    };
    missing.into_iter().flat_map(shaped).collect()
}

/// The input that a path is read off.
fn input_of(path: &[String]) -> Option<Path> {
    let length = match path.get(1)?.as_str() {
        _ if path[0] != "context" => 2,
        "entities" | "forms" => 3,
        "session" => 4,
        _ => 2,
    };
    (path.len() >= length).then(|| path[..length].to_vec())
}

/// Other forms of a value: a text for anything else, what the text reads as, a list of it, the first of a list.
fn other_forms(now: &Value) -> Vec<Value> {
    let mut forms = Vec::new();
    match now {
        Value::String(text) => {
            forms.extend(text.trim().parse::<f64>().ok().map(|number| json!(number)));
            forms.push(json!({"value": text}));
        }
        Value::Array(list) => {
            forms.extend(list.first().cloned());
            forms.push(json!(now.to_string()));
        }
        Value::Object(object) => {
            forms.push(json!(now.to_string()));
            forms.extend(object.values().find(|value| value.is_string()).cloned());
        }
        other => forms.push(json!(other.to_string())),
    }
    if !now.is_array() {
        forms.push(json!([now]));
    }
    forms
}

/// The bodies of recorded answers.
fn recorded(sample: &Value) -> Vec<Value> {
    let of = |one: &Value| -> Option<Value> {
        let answer = one.get("response").unwrap_or(one);
        let answer = match answer {
            Value::String(text) => serde_json::from_str(text).ok()?,
            other => other.clone(),
        };
        Some(answer.get("body").cloned().unwrap_or(answer))
    };
    match sample {
        Value::Array(list) => list.iter().filter_map(of).collect(),
        other => of(other).into_iter().collect(),
    }
}
