//! The dialogs and components of a definition, and how they are found.

use std::collections::HashMap;

use definition::{Document, ShapeError};
use serde_json::Value;

use super::lenient::{id, items, per_language, text};

/// What references inside of a definition lead to.
pub(super) struct Parts {
    /// The language that stands in for others.
    pub(super) default_language: String,
    /// Elements of `dialogs`.
    pub(super) dialogs: Vec<Value>,
    /// Places of dialogs by `_id` and by `refId`.
    pub(super) dialog_places: HashMap<String, usize>,
    /// `refId`s of forms.
    pub(super) forms: Vec<String>,
    /// `idp` of services to the `refId` or name of the profile.
    pub(super) profiles: HashMap<String, String>,
    /// Elements of `tools`: what models may call.
    pub(super) tools: Vec<Value>,
    components: Vec<Value>,
    component_places: HashMap<String, usize>,
}

impl Parts {
    pub(super) fn of(definition: &Document, default_language: &str) -> Result<Self, ShapeError> {
        let dialogs = list(definition, "dialogs")?;
        let components = list(definition, "dialogComponents")?;
        let mut profiles = HashMap::new();
        for profile in list(definition, "idpConfigurations")? {
            let (ref_id, name) = (id(&profile["refId"]), id(&profile["name"]));
            let Some(known) = ref_id.or(name) else { continue };
            let others = [id(&profile["_id"]), ref_id, name].into_iter().flatten();
            others.for_each(|other| {
                profiles.entry(other.to_owned()).or_insert_with(|| known.to_owned());
            });
        }
        let forms = list(definition, "forms")?;
        Ok(Self {
            default_language: default_language.to_owned(),
            dialog_places: places(&dialogs),
            dialogs,
            forms: forms.iter().filter_map(|form| id(&form["refId"])).map(str::to_owned).collect(),
            profiles,
            tools: list(definition, "tools")?,
            component_places: places(&components),
            components,
        })
    }

    /// The component of a node; `null` where there is none.
    pub(super) fn component_of(&self, node: &Value) -> &Value {
        let place = id(&node["componentId"]).and_then(|id| self.component_places.get(id));
        place.map_or(&Value::Null, |place| &self.components[*place])
    }

    /// The component with this `_id` or `refId`; `null` where there is none.
    pub(super) fn component(&self, reference: &str) -> &Value {
        self.component_places.get(reference).map_or(&Value::Null, |place| &self.components[*place])
    }

    /// All components of a kind.
    pub(super) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.components.iter().filter(move |component| text(&component["type"]) == kind)
    }

    /// Place of the dialog with this `_id` or `refId`.
    pub(super) fn dialog(&self, reference: &Value) -> Option<usize> {
        id(reference).and_then(|id| self.dialog_places.get(id)).copied()
    }

    /// Place of the dialog that people call so, in any language.
    pub(super) fn dialog_named(&self, name: &str) -> Option<usize> {
        let is = |text: &str| !name.is_empty() && text.trim().eq_ignore_ascii_case(name.trim());
        self.dialogs.iter().position(|dialog| {
            let names = per_language(&dialog["localeData"], "name");
            is(text(&dialog["lname"])) || names.iter().any(|(_, name)| is(name))
        })
    }

    /// Whether a dialog has nothing in it, as in an export without tasks.
    pub(super) fn is_stub(&self, dialog: usize) -> bool {
        items(&self.dialogs[dialog]["nodes"]).is_empty()
    }
}

/// The objects in a top-level list.
///
/// # Errors
/// The member is there, but is not a list.
pub(super) fn list(definition: &Document, key: &str) -> Result<Vec<Value>, ShapeError> {
    let decoded = definition.elements(key)?.filter_map(|raw| definition.decode_part::<Value>(raw, "").ok());
    Ok(decoded.filter(Value::is_object).collect())
}

/// A top-level member of any shape; `null` if there is none.
pub(super) fn member(definition: &Document, key: &str) -> Value {
    definition.decode(key).ok().flatten().unwrap_or_default()
}

/// Places in a list by `_id` and by `refId`. An `_id` goes before an equal `refId`.
fn places(list: &[Value]) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for key in ["_id", "refId"] {
        for (place, element) in list.iter().enumerate() {
            if let Some(id) = id(&element[key]) {
                places.entry(id.to_owned()).or_insert(place);
            }
        }
    }
    places
}
