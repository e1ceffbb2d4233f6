//! JSON text as the vendor's platform writes it: `JSON.stringify(value, null, 4)`.
//!
//! Four spaces per level, `[]` and `{}` when empty, no space before a colon and one after it, only the escapes that
//! `JSON.stringify` uses, no line break at the end (reference: `export-format.md` §1). Numbers keep the text they have
//! in the source, which is how the vendor wrote them.

use serde_json::Value;

use crate::json_string::canonical;
use crate::scan::string_end;

/// Writes `value` at nesting level 0.
pub fn value(value: &Value) -> String {
    let mut text = String::new();
    append_value(&mut text, value, 0);
    text
}

/// Appends `value` as it looks at nesting `level`: the first line is not indented, the following ones are.
pub fn append_value(text: &mut String, value: &Value, level: usize) {
    append_text(text, &value.to_string(), level);
}

/// Appends the JSON text `json` in the vendor's layout. Text that already has that layout at this `level` comes out
/// byte for byte. Text that is not valid JSON comes out as nonsense, but does not panic.
pub fn append_text(text: &mut String, json: &str, level: usize) {
    let bytes = json.as_bytes();
    let mut level = level;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => at += 1,
            b'{' | b'[' => {
                text.push(char::from(*byte));
                at = after_space(bytes, at + 1);
                if let Some(closing @ (b'}' | b']')) = bytes.get(at) {
                    text.push(char::from(*closing));
                    at += 1;
                } else {
                    level += 1;
                    start_line(text, level);
                }
            }
            b'}' | b']' => {
                level = level.saturating_sub(1);
                start_line(text, level);
                text.push(char::from(*byte));
                at += 1;
            }
            b',' => {
                text.push(',');
                start_line(text, level);
                at += 1;
            }
            b':' => {
                text.push_str(": ");
                at += 1;
            }
            b'"' => {
                let end = string_end(bytes, at).min(bytes.len());
                text.push('"');
                text.push_str(&canonical(json.get(at + 1..end - 1).unwrap_or_default()));
                text.push('"');
                at = end;
            }
            _ => {
                let rest = &bytes[at..];
                let length = rest.iter().position(|byte| b",]}: \n\r\t\"{[".contains(byte)).unwrap_or(rest.len());
                text.push_str(&json[at..at + length]);
                at += length;
            }
        }
    }
}

/// Starts a new line at nesting `level`.
pub(crate) fn start_line(text: &mut String, level: usize) {
    text.push('\n');
    for _ in 0..level {
        text.push_str("    ");
    }
}

fn after_space(bytes: &[u8], at: usize) -> usize {
    let space = bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    at + space
}
