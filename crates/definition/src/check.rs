//! Judging a definition: strict on what cannot be read, soft on everything else.
//!
//! What the platform itself writes is never refused. An *error* is what makes the document unreadable or ambiguous to us:
//! a member of the wrong type, two things with one id. An import refuses it. Everything else is a *warning*: content that
//! works, but probably not as its author meant it; at run time the most sensible way is taken, and the advice of the
//! warning says which. Nothing is ever repaired. ([Decision 7](../../../docs/decisions/0007-what-imports-refuse.md).)

mod bot;
mod content;
mod dialogs;
mod references;

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::document::{Document, string_member};
use crate::error::ShapeError;
use crate::summary::default_language;
use crate::tasks::display_name;

/// Findings of one rule that a report lists; the rest is counted. A broken tool can damage every dialog of a bot, and
/// nobody reads ten thousand lines about it.
pub const LISTED_PER_RULE: usize = 100;

/// The rules on references inside a definition: what breaks one of them leads nowhere, or to something else than meant.
pub const LOST_REFERENCES: [&str; 7] = [
    "unknown-component",
    "component-type",
    "missing-start",
    "start-of-another-dialog",
    "unknown-node",
    "unknown-dialog",
    "unknown-form",
];

/// What [`check`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What makes the definition unusable.
    pub errors: Vec<Finding>,
    /// What the author should look at.
    pub warnings: Vec<Finding>,
    /// Findings beyond [`LISTED_PER_RULE`], not listed. Where a list holds many elements of a wrong type, its rest is
    /// not looked at.
    pub omitted: usize,
}

/// One thing that is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable name of the rule, such as `unknown-component`.
    pub rule: &'static str,
    /// File the pointer is for: the definition or the configuration, by the name it was parsed with.
    pub file: String,
    /// JSON pointer of the place.
    pub pointer: String,
    /// The task it belongs to, where there is one.
    pub resource: Option<ResourceName>,
    /// What is wrong, naming the things involved.
    pub message: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// Names a task or another part of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceName {
    /// `dialog`, `component`, `form`, `event`, …
    pub kind: &'static str,
    /// Its store id, or its reference id where it has no other.
    pub id: String,
    /// Its name as people know it.
    pub name: String,
}

/// Checks a definition with its configuration.
pub fn check(definition: &Document, config: &Config) -> Report {
    let index = Index::of(definition);
    // The two halves only read, need nothing of each other, and take long for a large definition.
    let (mut findings, others) = std::thread::scope(|scope| {
        let others = scope.spawn(|| {
            let mut findings = Findings::new(definition.file());
            references::check(definition, &index, &mut findings);
            content::check(definition, config, &index, &mut findings);
            findings.report
        });
        let mut findings = Findings::new(definition.file());
        bot::check(definition, config, &mut findings);
        dialogs::check(definition, &index, &mut findings);
        (findings, others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    findings.append(others);
    findings.report
}

/// Ids of everything that can be referred to.
pub(crate) struct Index {
    /// Display names of dialogs by `_id`.
    pub(crate) dialogs: HashMap<String, ResourceName>,
    /// `refId`s of dialogs.
    pub(crate) dialog_refs: HashSet<String>,
    /// Names of components by `_id`.
    pub(crate) components: HashMap<String, String>,
    /// `refId`s of components, and of everything else that patterns are made for.
    pub(crate) component_refs: HashSet<String>,
    /// `refId`s of forms.
    pub(crate) forms: HashSet<String>,
    /// `_id`s and `refId`s of actions and alerts, which utterances may belong to.
    pub(crate) other_tasks: HashSet<String>,
}

impl Index {
    /// Collects the ids. Elements without one are left out; the checks of their lists report them.
    pub(crate) fn of(definition: &Document) -> Self {
        let default_language = default_language(definition);
        let mut dialogs = HashMap::new();
        let mut dialog_refs = HashSet::new();
        for raw in elements(definition, "dialogs") {
            let id = string_member(raw, "_id").unwrap_or_default();
            dialog_refs.extend(string_member(raw, "refId"));
            let name = display_name(raw, &default_language);
            dialogs.insert(id.clone(), ResourceName { kind: "dialog", id, name });
        }
        let mut components = HashMap::new();
        let mut component_refs = HashSet::new();
        for raw in elements(definition, "dialogComponents") {
            component_refs.extend(string_member(raw, "refId"));
            if let Some(id) = string_member(raw, "_id") {
                components.insert(id, string_member(raw, "name").unwrap_or_default());
            }
        }
        let forms = elements(definition, "forms").filter_map(|raw| string_member(raw, "refId")).collect();
        let mut other_tasks = HashSet::new();
        for raw in elements(definition, "actions").chain(elements(definition, "alerts")) {
            other_tasks.extend(string_member(raw, "_id"));
            other_tasks.extend(string_member(raw, "refId"));
        }
        Self { dialogs, dialog_refs, components, component_refs, forms, other_tasks }
    }
}

/// Collects findings, up to [`LISTED_PER_RULE`] of each rule.
pub(crate) struct Findings {
    file: String,
    report: Report,
    counts: HashMap<&'static str, usize>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    Error,
    Warning,
}

impl Findings {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), report: Report::default(), counts: HashMap::new() }
    }

    pub(crate) fn add(
        &mut self,
        severity: Severity,
        (rule, advice): (&'static str, &'static str),
        pointer: String,
        resource: Option<&ResourceName>,
        message: String,
    ) {
        let file = self.file.clone();
        self.push(severity, Finding { rule, file, pointer, resource: resource.cloned(), message, advice });
    }

    /// An error from decoding: a member of the wrong type.
    pub(crate) fn add_shape(&mut self, error: ShapeError, resource: Option<&ResourceName>) {
        let ShapeError { file, line, pointer, message, .. } = error;
        let finding = Finding {
            rule: "wrong-type",
            file,
            pointer,
            resource: resource.cloned(),
            message: format!("{message} (line {line})"),
            advice: "give the member the type it has in an export of the platform",
        };
        self.push(Severity::Error, finding);
    }

    /// Adds the findings of another half of the check.
    fn append(&mut self, other: Report) {
        self.report.omitted += other.omitted;
        other.errors.into_iter().for_each(|finding| self.push(Severity::Error, finding));
        other.warnings.into_iter().for_each(|finding| self.push(Severity::Warning, finding));
    }

    fn push(&mut self, severity: Severity, finding: Finding) {
        let count = self.counts.entry(finding.rule).or_default();
        *count += 1;
        if *count > LISTED_PER_RULE {
            self.report.omitted += 1;
            return;
        }
        match severity {
            Severity::Error => self.report.errors.push(finding),
            Severity::Warning => self.report.warnings.push(finding),
        }
    }

    /// Decodes the elements of a list one by one; those of another shape become findings. Finding the line of each takes
    /// a pass over the text, so a list is given up when enough have been found.
    fn decoded<T: DeserializeOwned>(&mut self, definition: &Document, key: &str) -> Vec<(usize, T)> {
        let mut decoded = Vec::new();
        for (index, raw) in elements(definition, key).enumerate() {
            match definition.decode_part(raw, &format!("/{key}/{index}")) {
                Ok(element) => decoded.push((index, element)),
                Err(error) => {
                    self.add_shape(error, None);
                    if self.counts.get("wrong-type").is_some_and(|count| *count > LISTED_PER_RULE) {
                        break;
                    }
                }
            }
        }
        decoded
    }
}

/// The elements of a top-level list; none if it is absent or, which `bot::check` reports, not a list.
pub(crate) fn elements<'a>(definition: &'a Document, key: &str) -> impl Iterator<Item = &'a str> {
    definition.elements(key).into_iter().flatten()
}
