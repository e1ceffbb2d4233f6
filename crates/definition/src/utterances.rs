//! ML utterances as their own file: the listing of an export, and the import of such a listing.
//!
//! The file is a JSON list of rows or a CSV text with the header `taskName,sentence,type,language`. `taskName` is the
//! name of an intent. The names in a definition's `sentences` are those that intents had when the rows were made, so
//! the listing takes the present name from the component, and the import falls back on the historic ones.

mod file;
mod import;

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

pub use self::file::{FileError, read_rows};
pub use self::import::{ImportMode, ImportedRows, RejectedRow, Rejection, import_rows};
use crate::catalogue::{Catalogue, list};
use crate::document::Document;
use crate::error::ShapeError;
use crate::links::{folded_name, text};
use crate::write;

/// What `type` says in every known row.
const DIALOG_INTENT: &str = "DialogIntent";

/// One utterance as a file lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Where it stands in the file it was read from: line of a CSV, position in a JSON list, both counted from 1; 0 in a
    /// listing.
    #[serde(skip)]
    pub line: usize,
    /// Name of the intent.
    pub task_name: String,
    /// The utterance.
    pub sentence: String,
    /// `DialogIntent`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Marked entities, `{startIndex, endIndex, entityId}`. CSV files have none.
    pub entities: Vec<Value>,
    /// Language code; empty for the default language of the bot.
    pub language: String,
}

/// The utterances of a definition in their order.
///
/// # Errors
/// `sentences` or `dialogComponents` is not a list.
pub fn export_rows(definition: &Document) -> Result<Vec<Row>, ShapeError> {
    let components = list(definition, "dialogComponents")?;
    let mut names = HashMap::new();
    for component in &components {
        names.extend(text(component, "_id").zip(text(component, "name")));
    }
    let mut rows = Vec::new();
    for sentence in list(definition, "sentences")? {
        let member = |key: &str| text(&sentence, key).unwrap_or_default().to_string();
        let present_name = text(&sentence, "taskId").and_then(|id| names.get(id).copied());
        rows.push(Row {
            line: 0,
            task_name: present_name.map_or_else(|| member("taskName"), str::to_string),
            sentence: member("sentence"),
            kind: text(&sentence, "type").unwrap_or(DIALOG_INTENT).to_string(),
            entities: sentence.get("entities").and_then(Value::as_array).cloned().unwrap_or_default(),
            language: member("language"),
        });
    }
    Ok(rows)
}

/// A listing as a JSON file.
pub fn to_json(rows: &[Row]) -> String {
    let value = serde_json::to_value(rows).expect("rows hold nothing but strings and JSON values");
    write::value(&value)
}

/// A listing as a CSV file. Entities have no place in it.
pub fn to_csv(rows: &[Row]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 4]| writer.write_record(cells).expect("a vector takes all that is written");
    write(["taskName", "sentence", "type", "language"]);
    for row in rows {
        write([&row.task_name, &row.sentence, &row.kind, &row.language]);
    }
    let bytes = writer.into_inner().expect("a vector takes all that is written");
    String::from_utf8(bytes).expect("cells are UTF-8, and so are the commas between them")
}

/// The ids and present names of intents by every name an utterance may call them, in folded form.
struct IntentNames {
    ids: HashMap<String, (String, String)>,
}

impl IntentNames {
    /// Collects the names. Where two intents share one, the order of preference is: name of the component, label of the
    /// intent, name of its dialog, names that stored utterances use.
    fn of(catalogue: &Catalogue, sentences: &[Value]) -> IntentNames {
        let intents = catalogue.components.iter().filter(|component| text(component, "type") == Some("intent"));
        let intents = intents.filter_map(|intent| Some((intent, text(intent, "_id")?, text(intent, "name")?)));
        let intents = intents.collect::<Vec<_>>();
        let mut ids = HashMap::new();
        let mut add = |name: &str, id: &str, present_name: &str| {
            if !name.is_empty() {
                ids.entry(folded_name(name)).or_insert_with(|| (id.to_string(), present_name.to_string()));
            }
        };
        for (_, id, name) in &intents {
            add(name, id, name);
        }
        for (intent, id, name) in &intents {
            for label in locales(intent).filter_map(|locale| text(locale, "intent")) {
                add(label, id, name);
            }
        }
        for (intent, id, name) in &intents {
            let Some(dialog) = catalogue.dialog_of_intent(intent) else { continue };
            let dialog = &catalogue.dialogs[dialog];
            let names = locales(dialog).filter_map(|locale| text(locale, "name"));
            for dialog_name in names.chain(text(dialog, "lname")) {
                add(dialog_name, id, name);
            }
        }
        for sentence in sentences {
            if let (Some(old_name), Some(id)) = (text(sentence, "taskName"), text(sentence, "taskId")) {
                let component = catalogue.component(id).map(|index| &catalogue.components[index]);
                let present_name = component.and_then(|component| text(component, "name"));
                add(old_name, id, present_name.unwrap_or(old_name));
            }
        }
        IntentNames { ids }
    }

    /// Id and present name of the intent that is called `name`.
    fn find(&self, name: &str) -> Option<&(String, String)> {
        self.ids.get(&folded_name(name))
    }
}

/// The values of `localeData`.
fn locales(value: &Value) -> impl Iterator<Item = &Value> {
    value.get("localeData").and_then(Value::as_object).into_iter().flat_map(|locales| locales.values())
}
