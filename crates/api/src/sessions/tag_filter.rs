//! `tags` of a list of sessions or messages: `{"and":[{"name":…,"values":[…],"type":…}],"or":[…]}`. (api.md §11, §12.)

use serde_json::{Map, Value};
use store::{TagFilter, TagKind};

use super::parameters::plain_text;
use crate::ApiError;

/// A filter with more values than this costs more than it can be worth.
const MAX_VALUES: usize = 100;

/// Reads the filter; nothing when it demands nothing.
///
/// `and` and `or` may stand side by side, and both must hold then; inside of them groups may stand in place of tags. A
/// bare list is an `and`.
pub(super) fn read(tags: Option<&Value>) -> Result<Option<TagFilter>, ApiError> {
    let filter = match tags {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(entries)) => TagFilter::All(list(entries)?),
        Some(Value::Object(members)) => match group(members)? {
            Some(filter) => filter,
            None if members.is_empty() => return Ok(None),
            None => tag(members)?,
        },
        Some(_) => return Err(wrong("must be an object with `and` or `or`")),
    };
    if weight(&filter) > MAX_VALUES {
        return Err(wrong("has more than 100 values"));
    }
    Ok(Some(filter).filter(|filter| *filter != TagFilter::All(Vec::new())))
}

/// The group an object is, if it is one.
fn group(members: &Map<String, Value>) -> Result<Option<TagFilter>, ApiError> {
    let mut parts = Vec::new();
    for word in ["and", "or"] {
        let Some(value) = members.get(word) else { continue };
        let Value::Array(entries) = value else { return Err(wrong(&format!("has an `{word}` that is not a list"))) };
        let entries = list(entries)?;
        // An empty list demands nothing, whichever word it stands behind.
        if entries.is_empty() {
            continue;
        }
        parts.push(if word == "and" { TagFilter::All(entries) } else { TagFilter::Any(entries) });
    }
    let is_group = members.contains_key("and") || members.contains_key("or");
    Ok(is_group.then_some(TagFilter::All(parts)))
}

fn list(entries: &[Value]) -> Result<Vec<TagFilter>, ApiError> {
    let mut filters = Vec::with_capacity(entries.len());
    for entry in entries {
        let Value::Object(members) = entry else { return Err(wrong("has an entry that is not an object")) };
        filters.push(match group(members)? {
            Some(filter) => filter,
            None => tag(members)?,
        });
    }
    Ok(filters)
}

fn tag(members: &Map<String, Value>) -> Result<TagFilter, ApiError> {
    let name = members.get("name").and_then(plain_text).ok_or_else(|| wrong("has an entry without a `name`"))?;
    let values = match members.get("values").or_else(|| members.get("value")) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.iter().filter_map(plain_text).collect(),
        Some(value) => plain_text(value).into_iter().collect(),
    };
    let kind = match members.get("type").and_then(Value::as_str).map(str::to_lowercase) {
        None => None,
        Some(word) if word.is_empty() => None,
        Some(word) if word.starts_with("user") => Some(TagKind::User),
        Some(word) if word.starts_with("session") => Some(TagKind::Session),
        Some(word) if word.starts_with("message") => Some(TagKind::Message),
        Some(word) => {
            return Err(wrong(&format!("has the type `{word}`: give userTags, sessionTags or messageTags")));
        }
    };
    Ok(TagFilter::Tag { kind, name, values })
}

fn weight(filter: &TagFilter) -> usize {
    match filter {
        TagFilter::Tag { values, .. } => values.len().max(1),
        TagFilter::All(filters) | TagFilter::Any(filters) => filters.iter().map(weight).sum(),
    }
}

fn wrong(what: &str) -> ApiError {
    ApiError::invalid_arguments(format!("`tags` {what}")).at("/tags")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_have_many_forms() {
        let tag = |kind: Option<TagKind>, name: &str, values: &[&str]| TagFilter::Tag {
            kind,
            name: name.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let (a, b) = (tag(Some(TagKind::User), "a", &["1", "2"]), tag(None, "b", &[]));
        let all = |filters: &[&TagFilter]| TagFilter::All(filters.iter().map(|filter| (*filter).clone()).collect());
        let any = |filters: &[&TagFilter]| TagFilter::Any(filters.iter().map(|filter| (*filter).clone()).collect());
        const A: &str = r#"{"name":"a","values":["1",2],"type":"userTags"}"#;
        const B: &str = r#"{"name":"b"}"#;
        for (text, expected) in [
            ("null".to_owned(), Some(None)),
            ("{}".to_owned(), Some(None)),
            (r#"{"and":[]}"#.to_owned(), Some(None)),
            (r#"{"and":[],"or":[]}"#.to_owned(), Some(None)),
            (format!("[{A},{B}]"), Some(Some(all(&[&a, &b])))),
            (format!(r#"{{"and":[{A}]}}"#), Some(Some(all(&[&all(&[&a])])))),
            (format!(r#"{{"and":[{A}],"or":[{A},{B}]}}"#), Some(Some(all(&[&all(&[&a]), &any(&[&a, &b])])))),
            (format!(r#"{{"and":[{{"or":[{A},{B}]}}]}}"#), Some(Some(all(&[&all(&[&all(&[&any(&[&a, &b])])])])))),
            (A.to_owned(), Some(Some(a.clone()))),
            (r#"{"and":[{"values":["1"]}]}"#.to_owned(), None),
            (r#"{"and":{"name":"a"}}"#.to_owned(), None),
            (r#"{"and":["a"]}"#.to_owned(), None),
            (r#"{"and":[{"name":"a","type":"colour"}]}"#.to_owned(), None),
            (r#""a""#.to_owned(), None),
        ] {
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read(Some(&value)).ok(), expected, "{text}");
        }
        let many: Vec<String> = (0..=MAX_VALUES).map(|number| number.to_string()).collect();
        assert!(read(Some(&serde_json::json!({"and": [{"name": "a", "values": many}]}))).is_err());
    }
}
