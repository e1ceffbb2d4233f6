//! What a request names and a definition has not: parts without content, names of no task.

use serde_json::Value;

use crate::catalogue::{Catalogue, is_named, is_unnamed_form_list, list};
use crate::document::Document;
use crate::error::ShapeError;
use crate::experience_flows::is_flow_named;
use crate::finding::{Code, Finding, shown};
use crate::parts::{AGENT_ASSIST, Family, Part, PartList};
use crate::select::SubTasks;

/// What a request names, and what of it there is.
#[derive(Debug, Default)]
pub(crate) struct Unmet {
    /// What there is not.
    pub(crate) findings: Vec<Finding>,
    /// Whether anything that is named is there.
    pub(crate) is_anything_met: bool,
}

impl Unmet {
    fn find(&mut self, pointer: &str, code: Code, text: impl Into<String>) {
        self.findings.push(Finding::new(pointer, code, text));
    }
}

/// Parts that a request names at the pointer `at`, and of which `definition` (the bot or the file, as `holder` calls it)
/// can hold nothing. Lists that every definition has may be empty; that is no finding.
pub(crate) fn unmet_parts(definition: &Document, holder: &str, parts: &PartList, at: &str) -> Unmet {
    let has_flows = definition.raw("experienceFlows").is_some_and(|raw| raw != "[]");
    let has_agent_assist = definition.raw(AGENT_ASSIST).is_some();
    let mut unmet = Unmet::default();
    for (family, spelling, named) in parts.families() {
        let pointer = format!("{at}/{spelling}");
        let met: Vec<Part> = named
            .iter()
            .copied()
            .filter(|part| match part {
                Part::Flows => has_flows,
                Part::AgentRules | Part::Playbooks => has_agent_assist,
                Part::WidgetSettings | Part::LayoutSettings => false,
                _ => family != Family::QualityAi,
            })
            .collect();
        unmet.is_anything_met |= !met.is_empty();
        if met.len() < named.len() {
            let words = named.iter().filter(|part| !met.contains(part)).map(|part| format!("`{}`", part.wire_name()));
            let words = words.collect::<Vec<_>>().join(", ");
            let text = format!("{holder} holds nothing of {words}, so that did nothing; remove it from `{spelling}`.");
            unmet.find(&pointer, Code::NotApplied, text);
        }
        if met.contains(&Part::AgentRules) != met.contains(&Part::Playbooks) {
            let text = format!("The rules and playbooks of `{spelling}` are one text, so both were taken.");
            unmet.find(&pointer, Code::TakenWhole, text);
        }
        if named.contains(&Part::TraitRules) && !parts.has(Part::BotTask) {
            let text = "Trait rules are in the components of dialogs, so `traitRules` (or `rules`) did nothing; select the task `botTask` \
                        too.";
            unmet.find(&pointer, Code::NotApplied, text);
        }
    }
    unmet
}

/// Names in `subTasks` (at the pointer `at`) that name no task of `definition`, and lists of kinds that are not selected.
pub(crate) fn unmet_tasks(
    definition: &Document,
    holder: &str,
    catalogue: &Catalogue,
    flows: &[Value],
    parts: &PartList,
    named: &SubTasks,
    at: &str,
) -> Result<Unmet, ShapeError> {
    let (alerts, actions) = (list(definition, "alerts")?, list(definition, "actions")?);
    let of = |key, noun, words, tasks, is_selected| Kind { key, noun, words, tasks, is_selected };
    // Dialogs, alerts and actions that are named select utterances too, so they do something without `botTask`.
    let kinds = [
        of("dialogs", "dialog", &named.dialogs, &catalogue.dialogs, true),
        of("alerts", "alert", &named.alerts, &alerts, true),
        of("actions", "action", &named.actions, &actions, true),
        of("forms", "form", &named.forms, &catalogue.forms, parts.has(Part::Forms)),
        of("experienceFlows", "experience flow", &named.experience_flows, flows, parts.has(Part::Flows)),
    ];
    let mut unmet = Unmet::default();
    for kind in kinds.iter().filter(|kind| !kind.words.is_empty()) {
        let pointer = format!("{at}/{}", kind.key);
        if !kind.is_selected {
            let part = if kind.key == "forms" { "forms" } else { "flows" };
            let text =
                format!("The tasks `{part}` are not selected, so this list did nothing; select them too or remove it.");
            unmet.find(&pointer, Code::NotApplied, text);
            continue;
        }
        if kind.key == "forms" && is_unnamed_form_list(kind.words) {
            let text = "No export holds these ids of forms, so all forms were taken; name forms by name or `refId`.";
            unmet.find(&pointer, Code::TakenWhole, text);
            continue;
        }
        for (index, word) in kind.words.iter().enumerate() {
            if kind.holds(word) {
                unmet.is_anything_met = true;
                continue;
            }
            let text =
                format!("{holder} has no {} {}, so it was passed over; correct or remove it.", kind.noun, shown(word));
            unmet.find(&format!("{pointer}/{index}"), Code::UnknownTask, text);
        }
    }
    Ok(unmet)
}

/// One list of `subTasks`.
struct Kind<'a> {
    key: &'a str,
    /// What people call such a task.
    noun: &'a str,
    words: &'a [String],
    tasks: &'a [Value],
    is_selected: bool,
}

impl Kind<'_> {
    fn holds(&self, word: &str) -> bool {
        let is_meant = if self.key == "experienceFlows" { is_flow_named } else { is_named };
        self.tasks.iter().any(|task| is_meant(task, word))
    }
}
