//! What a model answers in the talk of an agent.

use serde_json::{Map, Value};

/// An answer of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Answer {
    /// What is said to the user.
    pub(super) bot: String,
    /// Values it found, by their names.
    pub(super) values: Map<String, Value>,
    /// The talk is over.
    pub(super) ended: bool,
}

/// Reads an answer; one that is not as it was asked for is a text to be said, and the talk goes on. What is data all the same
/// (JSON of another kind, cut off, a page) is no text for people: it says nothing.
pub(super) fn read(text: &str) -> Answer {
    let object = || -> Option<Map<String, Value>> {
        let (start, end) = (text.find('{')?, text.rfind('}')?);
        let read: Map<String, Value> = serde_json::from_str(text.get(start..=end)?).ok()?;
        ["bot", "entities", "conv_status"].iter().any(|member| read.contains_key(*member)).then_some(read)
    };
    let Some(read) = object() else {
        let said = if is_data(text.trim()) { "" } else { text.trim() };
        return Answer { bot: said.to_owned(), ..Answer::default() };
    };
    let word = |member: &str| read.get(member).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    Answer {
        bot: word("bot"),
        values: values(read.get("entities").unwrap_or(&Value::Null)),
        ended: word("conv_status").eq_ignore_ascii_case("ended"),
    }
}

/// Whether a text is nothing that people read: JSON, also cut off and in a code block, or a whole page. A link in brackets and
/// a word in tags are texts.
fn is_data(text: &str) -> bool {
    let inner = text.strip_prefix("```").map_or(text, |block| block.trim_start_matches("json").trim_matches('`'));
    let inner = inner.trim();
    let page = inner.get(..9).unwrap_or(inner).to_ascii_lowercase();
    inner.starts_with('{')
        || page.starts_with("<html")
        || page.starts_with("<!doctype")
        || inner == "undefined"
        || serde_json::from_str::<Value>(inner).is_ok_and(|value| value.is_null() || value.is_array())
}

/// Values as models write them: a list of objects of one or more names, of `{name, value}`, or one object.
fn values(written: &Value) -> Map<String, Value> {
    let mut values = Map::new();
    let single = std::slice::from_ref(written);
    for one in written.as_array().map_or(single, Vec::as_slice).iter().filter_map(Value::as_object) {
        match (one.get("name").and_then(Value::as_str), one.get("value")) {
            (Some(name), Some(value)) if one.len() <= 3 => drop(values.insert(name.to_owned(), value.clone())),
            _ => values.extend(one.clone()),
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_read_as_models_write_them() {
        let whole = r#"{"bot": "Hi", "entities": [{"a": "1"}, {"name": "b", "value": 2}], "conv_status": "ended"}"#;
        for (text, bot, values, ended) in [
            (whole.to_owned(), "Hi", json!({"a": "1", "b": 2}), true),
            (format!("```json\n{whole}\n```"), "Hi", json!({"a": "1", "b": 2}), true),
            (r#"{"bot": "More", "entities": {"a": "x"}}"#.to_owned(), "More", json!({"a": "x"}), false),
            (" I am a text {not JSON} ".to_owned(), "I am a text {not JSON}", json!({}), false),
            (r#"{"other": 1}"#.to_owned(), "", json!({}), false),
            (r#"{"bot": "Cut off", "entities": ["#.to_owned(), "", json!({}), false),
            ("<html>not json".to_owned(), "", json!({}), false),
            ("null".to_owned(), "", json!({}), false),
            ("[1, 2]".to_owned(), "", json!({}), false),
            ("```json\n{\"other\": 1}\n```".to_owned(), "", json!({}), false),
            (
                "[Our site](https://x.example) has `it`".to_owned(),
                "[Our site](https://x.example) has `it`",
                json!({}),
                false,
            ),
            ("<b>Hi</b> there".to_owned(), "<b>Hi</b> there", json!({}), false),
            ("42".to_owned(), "42", json!({}), false),
        ] {
            let answer = read(&text);
            assert_eq!(
                (answer.bot.as_str(), Value::Object(answer.values), answer.ended),
                (bot, values, ended),
                "{text}"
            );
        }
    }
}
