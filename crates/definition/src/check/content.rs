//! What authors wrote: texts that cannot be decoded, and variables that nobody defined.

use std::collections::HashSet;

use serde_json::Value;

use crate::check::{Findings, Index, ResourceName, Severity, elements};
use crate::config::Config;
use crate::document::{self, Document};
use crate::places::{self, Written};
use crate::texts::Encoding;

const UNDECODABLE: (&str, &str) =
    ("undecodable-text", "the text is shown as it is stored; write it anew in the builder, as UTF-8");
const UNKNOWN_VARIABLE: (&str, &str) =
    ("unknown-env-variable", "add the variable to the configuration; until then its value is undefined");

pub(super) fn check(definition: &Document, config: &Config, index: &Index, findings: &mut Findings) {
    let variables = env_keys(definition, config);
    for (at, raw) in elements(definition, "dialogComponents").enumerate() {
        let pointer = format!("/dialogComponents/{at}");
        let Ok(component) = definition.decode_part::<Value>(raw, &pointer) else {
            continue;
        };
        let id = component["_id"].as_str().unwrap_or_default();
        let name = index.components.get(id).map_or("", String::as_str);
        let resource = ResourceName { kind: "component", id: id.to_owned(), name: name.to_owned() };
        places::in_component(&component, &pointer, &mut |written| {
            judge(&written, &resource, variables.as_ref(), findings);
        });
    }
    let events = definition.raw("botEvents").and_then(document::members);
    for (name, raw) in events.into_iter().flatten() {
        let pointer = format!("/botEvents/{name}");
        let Ok(event) = definition.decode_part::<Value>(raw, &pointer) else {
            continue;
        };
        let resource = ResourceName { kind: "event", id: name.to_string(), name: name.to_string() };
        places::in_event(&event, &pointer, &mut |written| judge(&written, &resource, variables.as_ref(), findings));
    }
}

/// Keys of the variables, where the export contains them: with other settings, or with no variables at all, nothing
/// can be said about a name.
fn env_keys(definition: &Document, config: &Config) -> Option<HashSet<String>> {
    let options: Value = definition.decode("exportOptions").ok()??;
    let exported = options["settings"].as_array()?.iter().any(|setting| setting == "botVariables");
    let variables = config.env_variables().ok()?;
    exported.then(|| variables.into_iter().map(|variable| variable.key).collect())
}

fn judge(written: &Written<'_>, resource: &ResourceName, variables: Option<&HashSet<String>>, findings: &mut Findings) {
    if written.encoding == Encoding::Undecodable {
        let message = format!("the {} looks percent-encoded, but is not UTF-8", written.place);
        findings.add(Severity::Warning, UNDECODABLE, written.pointer.clone(), Some(resource), message);
    }
    let Some(variables) = variables else { return };
    let mut reported = HashSet::new();
    for name in env_names(&written.text) {
        if !variables.contains(name) && reported.insert(name) {
            let message = format!("the {} uses env.{name}, which config.json does not define", written.place);
            findings.add(Severity::Warning, UNKNOWN_VARIABLE, written.pointer.clone(), Some(resource), message);
        }
    }
}

/// Names read as `env.<name>`.
fn env_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("env.").filter_map(|(at, found)| {
        let is_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '$');
        let before = text[..at].chars().next_back();
        if before.is_some_and(|character| is_word(character) || character == '.') {
            return None;
        }
        let rest = &text[at + found.len()..];
        let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
        let name = &rest[..length];
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_').then_some(name)
    })
}
