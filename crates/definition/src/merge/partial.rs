//! A partial export that is imported as if it were a whole bot.

use std::collections::HashSet;

use serde_json::Value;

use super::{ImportOptions, RowMode};
use crate::document::{Document, member, string_member};
use crate::error::ShapeError;
use crate::parts::{Part, PartList};
use crate::summary::is_app;

/// What every whole export says it has, from the oldest known one (2018) on.
const OF_EVERY_WHOLE_EXPORT: [Part; 5] =
    [Part::BotTask, Part::NlpSettings, Part::Utterances, Part::BotSettings, Part::BotVariables];

/// What every whole export of an app says besides.
const OF_EVERY_WHOLE_APP: [Part; 3] = [Part::Flows, Part::GenAiAndLlmSettings, Part::AgentRules];

/// What an import without options can only mean when the file is a partial export: the parts the file says it has.
///
/// Taken as a whole, such a file would put stubs in the place of dialogs, or remove settings and training data that it
/// merely left out. `None` when it would not: the file is a whole bot, or the current bot lacks the same.
///
/// # Errors
/// `dialogs` is not a list, or `exportOptions` not readable.
pub fn selection_of_partial(current: &Document, incoming: &Document) -> Result<Option<ImportOptions>, ShapeError> {
    let (ours, theirs) = (parts_of(current)?, parts_of(incoming)?);
    // A file that does not say what it has is taken as whole.
    let has = |parts: &PartList, part| parts.is_empty() || parts.has(part);
    let is_between_apps = is_app(current) && is_app(incoming);
    let of_apps = OF_EVERY_WHOLE_APP.into_iter().filter(|_| is_between_apps);
    let mut of_whole = OF_EVERY_WHOLE_EXPORT.into_iter().chain(of_apps);
    let leaves_out = of_whole.any(|part| has(&ours, part) && !has(&theirs, part));
    if !leaves_out && !puts_stubs_over_dialogs(current, incoming)? {
        return Ok(None);
    }
    // Who does not select asks for what the file says, not for an addition to what there is.
    Ok(Some(ImportOptions { parts: Some(theirs), utterances: RowMode::Replace, ..ImportOptions::default() }))
}

/// The parts that a file says it has.
fn parts_of(definition: &Document) -> Result<PartList, ShapeError> {
    let said: Option<Value> = definition.decode("exportOptions")?;
    Ok(PartList::from_json(&said.unwrap_or_default()))
}

fn puts_stubs_over_dialogs(current: &Document, incoming: &Document) -> Result<bool, ShapeError> {
    let ref_id = |raw: &str| string_member(raw, "refId");
    let is_whole = |raw: &&str| member(raw, "nodes").is_some();
    let whole: HashSet<String> = current.elements("dialogs")?.filter(is_whole).filter_map(ref_id).collect();
    let mut stubs = incoming.elements("dialogs")?.filter(|raw| !is_whole(raw)).filter_map(ref_id);
    Ok(stubs.any(|stub| whole.contains(&stub)))
}
