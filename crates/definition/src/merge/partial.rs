//! A partial export that is imported as if it were a whole bot.

use std::collections::HashSet;

use serde_json::Value;

use super::ImportOptions;
use crate::document::{Document, member, string_member};
use crate::error::ShapeError;
use crate::parts::PartList;

/// What an import without options can only mean when the file is a partial export: the parts the file says it has.
///
/// Taken as a whole, such a file would put stubs in the place of dialogs. `None` when it would not: the file is a whole
/// bot, or the current bot has only stubs there, too.
///
/// # Errors
/// `dialogs` is not a list, or `exportOptions` not readable.
pub fn selection_of_partial(current: &Document, incoming: &Document) -> Result<Option<ImportOptions>, ShapeError> {
    let ref_id = |raw: &str| string_member(raw, "refId");
    let is_whole = |raw: &&str| member(raw, "nodes").is_some();
    let whole: HashSet<String> = current.elements("dialogs")?.filter(is_whole).filter_map(ref_id).collect();
    let mut stubs = incoming.elements("dialogs")?.filter(|raw| !is_whole(raw)).filter_map(ref_id);
    if !stubs.any(|stub| whole.contains(&stub)) {
        return Ok(None);
    }
    let said: Option<Value> = incoming.decode("exportOptions")?;
    let parts = PartList::from_json(&said.unwrap_or_default());
    Ok(Some(ImportOptions { parts: Some(parts), ..ImportOptions::default() }))
}
