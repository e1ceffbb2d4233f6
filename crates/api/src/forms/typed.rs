//! What stands in the fields of a form: what the author put there, or what was filled in.

use std::collections::HashMap;

use dialog::bot::{Field, FieldKind, Form};
use serde_json::{Map, Value};

/// The texts of each field, by its name: one for most, one for each that is chosen where several may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed(HashMap<String, Vec<String>>);

impl Typed {
    /// What the author put into the fields.
    pub(super) fn defaults(form: &Form) -> Self {
        let fields = form.fields.iter().filter(|field| field.kind != FieldKind::Password);
        Self(fields.map(|field| (field.name.clone(), default_of(field))).collect())
    }

    /// The fields of a form as browsers send it.
    pub(super) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, text) in pairs {
            typed.0.entry(name).or_default().push(text);
        }
        typed
    }

    /// The values a client gives as JSON: texts, numbers, `true` for a tick, and lists of them. An object stands for its
    /// `value`, as clients send what was chosen from a list.
    pub(super) fn from_values(values: &Map<String, Value>) -> Self {
        Self(values.iter().map(|(name, value)| (name.clone(), texts_of(value))).collect())
    }

    /// What stands in a field.
    pub(super) fn of(&self, field: &Field) -> &[String] {
        self.0.get(&field.name).map_or(&[], Vec::as_slice)
    }
}

fn default_of(field: &Field) -> Vec<String> {
    if field.options.is_empty() {
        return [&field.default].into_iter().filter(|text| !text.is_empty()).cloned().collect();
    }
    let chosen = field.options.iter().filter(|option| option.selected || option.value == field.default);
    chosen.map(|option| option.value.clone()).collect()
}

fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(false) => Vec::new(),
        Value::Bool(true) => vec!["true".to_owned()],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts_of).collect(),
        Value::Object(members) => members.get("value").map_or_else(|| vec![value.to_string()], texts_of),
    }
}

#[cfg(test)]
mod tests {
    use dialog::bot::Choice;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_browsers_fill_in_the_same() {
        let field = Field { name: "a".to_owned(), ..Field::default() };
        for (value, pairs) in [
            (json!("x"), vec!["x"]),
            (json!(2.50), vec!["2.5"]),
            (json!(true), vec!["true"]),
            (json!(false), vec![]),
            (json!(null), vec![]),
            (json!(["x", 1, {"title": "Why", "value": "y"}]), vec!["x", "1", "y"]),
            (json!({"street": "Main"}), vec![r#"{"street":"Main"}"#]),
        ] {
            let values = Map::from_iter([("a".to_owned(), value.clone())]);
            let sent = pairs.iter().map(|text| ("a".to_owned(), (*text).to_owned())).collect();
            assert_eq!(Typed::from_values(&values).of(&field), Typed::from_pairs(sent).of(&field), "{value}");
        }
    }

    #[test]
    fn fields_hold_at_first_what_the_author_put_there() {
        let choice = |value: &str, selected| Choice { title: value.to_uppercase(), value: value.to_owned(), selected };
        let options = vec![choice("a", false), choice("b", true), choice("c", false)];
        let form = Form {
            fields: vec![
                Field { name: "text".into(), default: "me".into(), ..Field::default() },
                Field { name: "empty".into(), ..Field::default() },
                Field { name: "list".into(), kind: FieldKind::Radio, default: "c".into(), options, ..Field::default() },
                Field { name: "word".into(), kind: FieldKind::Password, default: "pw".into(), ..Field::default() },
            ],
            ..Form::default()
        };
        let typed = Typed::defaults(&form);
        let held: Vec<String> = form.fields.iter().map(|field| typed.of(field).join("+")).collect();
        assert_eq!(held, ["me", "", "b+c", ""]);
    }
}
