//! Digital forms.

use definition::{Document, ShapeError};
use serde_json::Value;

use super::findings::Findings;
use super::lenient::{flag, id, is_on, items, number, printed, text};
use super::parts::list;
use crate::bot::{Choice, Field, FieldKind, Form};

/// The forms of the bot.
///
/// # Errors
/// `forms` is not a list.
pub(super) fn read(definition: &Document, findings: &mut Findings) -> Result<Vec<Form>, ShapeError> {
    let forms = list(definition, "forms")?;
    Ok(forms.into_iter().map(|form| read_form(form, findings)).collect())
}

fn read_form(form: Value, findings: &mut Findings) -> Form {
    let name = text(&form["name"]).to_owned();
    let mut fields = Vec::new();
    add_fields(&form["components"], &name, &mut fields, findings);
    Form {
        ref_id: text(&form["refId"]).to_owned(),
        title: id(&form["displayName"]).unwrap_or(&name).to_owned(),
        name,
        fields,
        definition: form,
    }
}

/// Fields of a list and of the sections in it.
fn add_fields(components: &Value, form: &str, fields: &mut Vec<Field>, findings: &mut Findings) {
    for component in items(components) {
        let settings = &component["metaData"];
        let is_hidden = flag(&settings["isVisible"]) == Some(false);
        let name = [&component["name"], &settings["name"]].into_iter().find_map(id).unwrap_or_default();
        let kind_name = [&component["type"], &settings["type"]].into_iter().find_map(id).unwrap_or_default();
        let inner = &component["components"];
        if is_hidden {
            findings.add(format!("the field '{name}' of the form '{form}' is hidden: it is never shown"));
            continue;
        }
        if items(inner).is_empty() {
            fields.push(field(settings, name, kind(kind_name, settings), form, findings));
        } else {
            add_fields(inner, form, fields, findings);
        }
    }
}

fn field(settings: &Value, name: &str, kind: FieldKind, form: &str, findings: &mut Findings) -> Field {
    if let FieldKind::Other(other) = &kind {
        findings.add(format!(
            "the field '{name}' of the form '{form}' is of the kind '{other}', which is not known: it is one line of text"
        ));
    }
    let validations = &settings["validations"];
    if ["simpleRules", "advancedRules"].iter().any(|rules| !items(&validations[*rules]["rules"]).is_empty()) {
        findings.add(format!("the rules of the field '{name}' of the form '{form}' are not checked here"));
    }
    let places = [settings, validations];
    let limit = |members: &[&str]| {
        places.into_iter().find_map(|place| members.iter().find_map(|member| number(&place[*member])))
    };
    let regex = places.into_iter().find_map(|place| ["regex", "pattern"].iter().find_map(|it| id(&place[*it])));
    let default = ["defaultvalueInput", "defaultvalueDateInput", "defaultValue"].iter();
    Field {
        name: name.to_owned(),
        label: id(&settings["displayName"]).unwrap_or(name).to_owned(),
        placeholder: text(&settings["placeholder"]).to_owned(),
        required: is_on(&settings["required"]),
        least: limit(&["min", "minValue", "minLength"]),
        most: limit(&["max", "maxValue", "maxLength"]),
        regex: regex.unwrap_or_default().to_owned(),
        options: items(&settings["values"]).iter().filter_map(choice).collect(),
        default: default.map(|it| printed(&settings[*it])).find(|it| !it.is_empty()).unwrap_or_default(),
        kind,
    }
}

fn kind(name: &str, settings: &Value) -> FieldKind {
    match name.to_ascii_lowercase().as_str() {
        "textfield" | "text" | "input" => FieldKind::Line,
        "textarea" => FieldKind::Lines,
        "number" => FieldKind::Number,
        "email" => FieldKind::Email,
        "phonenumber" | "phone" => FieldKind::Phone,
        "url" => FieldKind::Url,
        "date" => FieldKind::Date,
        "radio" => FieldKind::Radio,
        "dropdown" | "select" => FieldKind::Dropdown { many: is_on(&settings["isMultiSelect"]) },
        "checkbox" => FieldKind::Checkbox,
        "password" => FieldKind::Password,
        "label" => FieldKind::Label,
        "button" if matches!(text(&settings["buttonAction"]), "" | "submit") => FieldKind::Submit,
        _ => FieldKind::Other(name.to_owned()),
    }
}

/// A choice: an object, of which the title may be missing, or a text.
fn choice(choice: &Value) -> Option<Choice> {
    let value = if choice.is_object() { printed(&choice["value"]) } else { printed(choice) };
    let title = ["title", "label", "displayName", "name"].iter().find_map(|member| id(&choice[*member]));
    let title = title.unwrap_or(&value).to_owned();
    let value = if value.is_empty() { title.clone() } else { value };
    (!value.is_empty()).then(|| Choice { title, value, selected: is_on(&choice["selected"]) })
}
