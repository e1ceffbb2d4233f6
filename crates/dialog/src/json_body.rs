//! Bodies of requests that are JSON with templates in its texts.
//!
//! Whether the original escapes what stands for a template there is not documented. A body that is JSON as it is filled in
//! goes out as it is; one that is none, because a value has a quote or a line end, goes out with its values escaped, if that
//! makes it JSON (`compat.json_bodies`).

use serde_json::Value;

use crate::bot::Piece;

/// Follows a JSON text, for whether it is within a string.
#[derive(Default)]
struct Strings {
    inside: bool,
    escapes: bool,
}

impl Strings {
    fn follow(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                _ if self.escapes => self.escapes = false,
                '\\' if self.inside => self.escapes = true,
                '"' => self.inside = !self.inside,
                _ => {}
            }
        }
    }
}

/// Whether templates of a body stand within texts of JSON.
pub(crate) fn fills_strings(pieces: &[Piece]) -> bool {
    if !pieces.first().is_some_and(|piece| matches!(piece, Piece::Text(text) if looks_like_json(text))) {
        return false;
    }
    let mut strings = Strings::default();
    pieces.iter().any(|piece| match piece {
        Piece::Text(text) => {
            strings.follow(text);
            false
        }
        Piece::Expression(_) => strings.inside,
    })
}

/// A body of its pieces and what each was filled in as, its values escaped where that and only that makes it JSON; nothing
/// where they stay as they are.
pub(crate) fn escaped(pieces: &[Piece], filled: &[String]) -> Option<String> {
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    if !fills_strings(pieces) || is_json(&filled.concat()) {
        return None;
    }
    let mut strings = Strings::default();
    let mut body = String::new();
    for (piece, text) in pieces.iter().zip(filled) {
        if matches!(piece, Piece::Expression(_)) && strings.inside {
            let quoted = Value::String(text.clone()).to_string();
            body.push_str(&quoted[1..quoted.len() - 1]);
        } else {
            strings.follow(text);
            body.push_str(text);
        }
    }
    is_json(&body).then_some(body)
}

fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::Text;

    #[test]
    fn values_are_escaped_where_that_alone_makes_json() {
        let body = |template: &str, value: &str| {
            let pieces = Text::plain(template).pieces;
            let filled: Vec<String> = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Expression(_) => value.to_owned(),
                })
                .collect();
            escaped(&pieces, &filled).unwrap_or_else(|| filled.concat())
        };
        for (template, value, expected) in [
            (r#"{"a": "{{x}}"}"#, r#"say "hi""#, r#"{"a": "say \"hi\""}"#),
            (r#"{"a": "{{x}}"}"#, "two\nlines", r#"{"a": "two\nlines"}"#),
            (r#"["b {{x}} c", {{x}}]"#, "1", r#"["b 1 c", 1]"#),
            // JSON as it is: stays, whatever the author did about quotes.
            (r#"{"a": "{{x}}"}"#, r#"say \"hi\""#, r#"{"a": "say \"hi\""}"#),
            (r#"{"a": {{x}}}"#, r#"{"b": "c"}"#, r#"{"a": {"b": "c"}}"#),
            // A value outside of a text is no text, whatever it holds.
            (r#"{"a": {{x}}}"#, r#"say "hi""#, r#"{"a": say "hi"}"#),
            // Escaping makes no JSON of it either.
            (r#"{"a": "{{x}}""#, "\"", r#"{"a": """"#),
            // No JSON at all.
            (r#"<a b="{{x}}"/>"#, "\"", r#"<a b="""/>"#),
            (r#"{"a\"": "{{x}}"}"#, "\"", r#"{"a\"": "\""}"#),
        ] {
            assert_eq!(body(template, value), expected, "{template} with {value}");
        }
    }
}
