//! What an export request names and this bot has not, or no export takes apart.

use serde_json::Value;

use super::{ExportOptions, SelectError};
use crate::catalogue::{Catalogue, list};
use crate::config::Config;
use crate::document::Document;
use crate::finding::{Code, Finding};
use crate::parts::{Family, Part, PartList};
use crate::unmet::{unmet_parts, unmet_tasks};

/// How findings call what is exported.
const HOLDER: &str = "This bot";

/// What the request names and the bot has not.
pub(super) fn unmet(
    definition: &Document,
    config: &Config,
    catalogue: &Catalogue,
    flows: &[Value],
    parts: &PartList,
    options: &ExportOptions,
) -> Result<Vec<Finding>, SelectError> {
    let mut findings = Vec::new();
    if options.parts.is_some() {
        let unmet = unmet_parts(definition, HOLDER, parts, "/exportOptions");
        if !unmet.is_anything_met {
            return Err(nothing_left(&unmet.findings));
        }
        findings.extend(unmet.findings);
        findings.extend(inseparable(parts, catalogue));
    }
    let unmet = unmet_tasks(definition, HOLDER, catalogue, flows, parts, &options.sub_tasks, "/subTasks")?;
    let unknown = unmet.findings.iter().filter(|finding| finding.code == Code::UnknownTask);
    let unknown = unknown.cloned().collect::<Vec<_>>();
    if !unknown.is_empty() && !unmet.is_anything_met && parts.has_any(Family::Tasks) {
        return Err(nothing_left(&unknown));
    }
    findings.extend(unmet.findings);
    if !options.ignored_variables.keys.is_empty() {
        let mut variables = list(definition, "contentVariables")?;
        variables.extend(list(config.document(), "envVariables")?);
        options.ignored_variables.find_unknown(&variables, "/options", &mut findings);
    }
    Ok(findings)
}

/// What words of the request stand for that the file has, or has not, whatever they say: parts that no export takes apart.
fn inseparable(parts: &PartList, catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (family, spelling, named) in parts.families() {
        let pointer = format!("/exportOptions/{spelling}");
        let quoted = |parts: Vec<Part>| {
            let words: Vec<String> = parts.iter().map(|part| format!("`{}`", part.wire_name())).collect();
            words.join(", ")
        };
        // Requests for everything name everything.
        let usual = [Part::NlpSettings, Part::Utterances, Part::Patterns, Part::StandardResponses];
        let is_usual = usual.iter().all(|part| named.contains(part));
        let always = [Part::Concepts, Part::Synonyms, Part::BotSynonyms, Part::DefaultDialog, Part::Traits];
        let always = always.into_iter().filter(|part| named.contains(part) && !is_usual);
        let always: Vec<Part> = always.collect();
        if family == Family::NlpData && !always.is_empty() {
            let words = quoted(always);
            let text = format!("Every export has {words}, named or not, so naming that selected nothing; remove it.");
            findings.push(Finding::new(pointer.clone(), Code::NotApplied, text));
        }
        if family == Family::Settings && named.contains(&Part::IvrSettings) && !named.contains(&Part::BotSettings) {
            let text = "The settings of voice channels are exported with all others, so `botSettings` were taken, too.";
            findings.push(Finding::new(pointer.clone(), Code::TakenWhole, text));
        }
        let leaves_dialogs = named.contains(&Part::Flows) && !named.contains(&Part::BotTask);
        if family == Family::Tasks && leaves_dialogs && !catalogue.dialogs.is_empty() {
            let text = "The dialogs that flows start are in the file as names only; select `botTask` too where the file is to \
                        be imported as a new bot.";
            findings.push(Finding::new(pointer, Code::NamesOnly, text));
        }
    }
    findings
}

/// The first of the reasons why nothing is left, and how many others there are.
fn nothing_left(findings: &[Finding]) -> SelectError {
    let Some(first) = findings.first() else {
        let text = "No part of the request is one of a bot.".to_string();
        return SelectError::NothingLeft { pointer: "/exportOptions".to_string(), text };
    };
    let text = match findings.len() - 1 {
        0 => first.text.clone(),
        1 => format!("{} So it is with 1 other name.", first.text),
        others => format!("{} So it is with {others} other names.", first.text),
    };
    SelectError::NothingLeft { pointer: first.pointer.clone(), text }
}
