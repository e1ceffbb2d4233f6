//! Paths into the context: `context.entities.Size`, `body.items[0]['name'].length`.

use serde_json::{Map, Value};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of an object; `length` counts lists and texts.
    Key(String),
    /// A place in a list.
    Index(usize),
}

/// The most steps of a path: what is set at a longer one nests deeper than anything reads.
const MOST_STEPS: usize = 64;

/// Reads a path. `None` for anything else: an expression with operators or calls, an empty text, a path of too many steps.
pub fn parse(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    let mut expects_key = true;
    while !rest.is_empty() {
        if steps.len() >= MOST_STEPS {
            return None;
        }
        if let Some(inner) = rest.strip_prefix('[') {
            if steps.is_empty() {
                return None;
            }
            let (step, after) = bracketed(inner)?;
            steps.push(step);
            rest = after;
            expects_key = false;
            continue;
        }
        if !expects_key {
            rest = rest.strip_prefix("?.").or_else(|| rest.strip_prefix('.'))?;
            if rest.starts_with('[') {
                continue;
            }
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let key = &rest[..end];
        if key.is_empty() || key.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        steps.push(Step::Key(key.to_owned()));
        rest = &rest[end..];
        expects_key = false;
    }
    (!steps.is_empty()).then_some(steps)
}

fn bracketed(inner: &str) -> Option<(Step, &str)> {
    let trimmed = inner.trim_start();
    if let Some(quote) = trimmed.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (key, after) = trimmed[1..].split_once(quote)?;
        if key.contains('\\') {
            return None;
        }
        return Some((Step::Key(key.to_owned()), after.trim_start().strip_prefix(']')?));
    }
    let (number, after) = trimmed.split_once(']')?;
    Some((Step::Index(number.trim().parse().ok()?), after))
}

/// What stands at a path below a value. `length` of lists and texts is answered by `computed`.
pub fn get<'v>(value: &'v Value, steps: &[Step]) -> Option<Found<'v>> {
    let mut at = value;
    for (place, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Key(key) => match at {
                Value::Object(object) => object.get(key),
                Value::Array(list) if key == "length" && place + 1 == steps.len() => {
                    return Some(Found::Length(list.len()));
                }
                Value::String(text) if key == "length" && place + 1 == steps.len() => {
                    return Some(Found::Length(text.encode_utf16().count()));
                }
                _ => None,
            },
            Step::Index(index) => match at {
                Value::Array(list) => list.get(*index),
                Value::Object(object) => object.get(&index.to_string()),
                _ => None,
            },
        };
        at = next?;
    }
    Some(Found::Value(at))
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found<'v> {
    /// A value.
    Value(&'v Value),
    /// The length of a list or a text.
    Length(usize),
}

impl Found<'_> {
    /// The value, copied.
    pub fn to_value(self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Length(length) => Value::from(length),
        }
    }
}

/// Puts a value at a path below an object; `None` removes it. Objects on the way are made; a list grows by one at most.
pub fn set(object: &mut Map<String, Value>, steps: &[Step], value: Option<Value>) {
    let Some((Step::Key(first), rest)) = steps.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => drop(object.insert(first.clone(), value)),
            None => drop(object.shift_remove(first)),
        }
        return;
    }
    let inner = object.entry(first.clone()).or_insert(Value::Null);
    set_in(inner, rest, value);
}

fn set_in(at: &mut Value, steps: &[Step], value: Option<Value>) {
    let Some((first, rest)) = steps.split_first() else {
        *at = value.unwrap_or(Value::Null);
        return;
    };
    match first {
        Step::Index(index) => {
            if let Value::Array(list) = at
                && *index <= list.len()
            {
                if *index == list.len() {
                    list.push(Value::Null);
                }
                set_in(&mut list[*index], rest, value);
            }
        }
        Step::Key(_) => {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            if let Value::Object(object) = at {
                set(object, steps, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_read_and_anything_else_is_not() {
        let value = json!({"a": {"b": [{"c d": 7}, "é!"]}, "x": {"0": "zero"}});
        let table = [
            ("a.b[0]['c d']", Some(json!(7))),
            ("a.b[0][\"c d\"]", Some(json!(7))),
            ("a.b.length", Some(json!(2))),
            ("a.b[1].length", Some(json!(2))),
            ("a?.b?.[1]", Some(json!("é!"))),
            ("x[0]", Some(json!("zero"))),
            ("a.c.d", None),
            ("a.b[7]", None),
        ];
        for (text, expected) in table {
            let steps = parse(text).unwrap_or_else(|| panic!("{text} is a path"));
            assert_eq!(get(&value, &steps).map(Found::to_value), expected, "{text}");
        }
        for text in ["", "a + b", "f(a)", "a.", "[0]", "a[b]", "1a", "a.b()", "`a`"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn setting_makes_what_is_missing() {
        let mut object = Map::new();
        let steps = |text| parse(text).expect("a path");
        set(&mut object, &steps("a.b.c"), Some(json!(1)));
        set(&mut object, &steps("a.l"), Some(json!([1])));
        set(&mut object, &steps("a.l[1].x"), Some(json!(2)));
        set(&mut object, &steps("a.b.c.d"), Some(json!(3)));
        set(&mut object, &steps("gone"), Some(json!(1)));
        set(&mut object, &steps("gone"), None);
        assert_eq!(Value::Object(object), json!({"a": {"b": {"c": {"d": 3}}, "l": [1, {"x": 2}]}}));
    }
}
