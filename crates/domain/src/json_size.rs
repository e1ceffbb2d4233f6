//! How large and how deep JSON is, found without writing it and without a stack that grows with it.

use serde_json::{Map, Value};

/// How large a value is as JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonSize {
    /// Bytes of its JSON, without white space.
    pub bytes: usize,
    /// Levels of lists and objects; 0 for a plain value.
    pub depth: usize,
}

/// How large a value is as JSON, and how deep.
pub fn json_size(value: &Value) -> JsonSize {
    let mut size = JsonSize::default();
    add_all(&mut size, value, 0);
    size
}

/// How many bytes an object has as JSON.
pub fn json_bytes(object: &Map<String, Value>) -> usize {
    let fields = object.iter().map(|(key, value)| text_bytes(key) + 2 + json_size(value).bytes);
    fields.sum::<usize>() + 1 + usize::from(object.is_empty())
}

/// How deep JSON nests, without reading it into a value: what stands between the brackets is not judged.
pub fn json_depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_text, mut is_escaped) = (false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn add_all(size: &mut JsonSize, value: &Value, depth: usize) {
    let mut left = vec![(value, depth)];
    while let Some((value, depth)) = left.pop() {
        size.depth = size.depth.max(depth);
        size.bytes += match value {
            Value::Null | Value::Bool(true) => 4,
            Value::Bool(false) => 5,
            // A number is kept as it was written, and may be as long as a text.
            Value::Number(number) => number.as_str().len(),
            Value::String(text) => text_bytes(text),
            Value::Array(items) => {
                size.depth = size.depth.max(depth + 1);
                left.extend(items.iter().map(|item| (item, depth + 1)));
                items.len().max(1) + 1
            }
            Value::Object(fields) => {
                size.depth = size.depth.max(depth + 1);
                left.extend(fields.values().map(|item| (item, depth + 1)));
                fields.keys().map(|key| text_bytes(key) + 2).sum::<usize>() + 1 + usize::from(fields.is_empty())
            }
        };
    }
}

/// A text with its quotes and what has to be escaped in it.
fn text_bytes(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..=31 => 5,
        _ => 0,
    });
    text.len() + 2 + escapes.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_are_those_of_the_json() {
        for (value, depth) in [
            (json!(null), 0),
            (json!([true, false, 0, -10, 18_446_744_073_709_551_615_u64, "a\"\u{1}\n\\ü"]), 1),
            (json!({"a": {}, "b": [[]], "c\n": "x"}), 3),
            (json!([]), 1),
        ] {
            let bytes = value.to_string().len();
            assert_eq!(json_size(&value), JsonSize { bytes, depth }, "{value}");
            assert_eq!(json_depth(value.to_string().as_bytes()), depth, "{value}");
        }
        assert_eq!(json_bytes(json!({"a": 1, "b": {"c": "d"}}).as_object().unwrap()), r#"{"a":1,"b":{"c":"d"}}"#.len());
        assert_eq!(json_depth(br#"{"]]\"[[[": ["}"]}"#), 2);
        assert_eq!(json_depth(&b"[".repeat(1_000_000)), 1_000_000);
    }
}
