//! Hiding personal data: what is kept of a conversation shows it as the author wants; entities and conditions see it.

use std::fmt;

use entities::expression::Expression;
use entities::{Extractor, Surroundings};
use serde_json::Value;

use crate::bot::{Pii, PiiDisplay};

/// The patterns of a bot, ready to hide what they match.
#[derive(Default)]
pub struct Hiding {
    patterns: Vec<(Expression, Pii)>,
}

impl fmt::Debug for Hiding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.patterns.iter().map(|(_, pii)| &pii.name)).finish()
    }
}

impl Hiding {
    /// Makes patterns ready. One that is no expression hides nothing; publish tells.
    pub fn new(patterns: &[Pii]) -> Self {
        let ready = patterns.iter().filter_map(|pii| {
            let written = if pii.ignores_case { format!("/{}/i", pii.regex) } else { pii.regex.clone() };
            Some((Expression::new(&written, "en", &Default::default()).ok()??, pii.clone()))
        });
        Self { patterns: ready.collect() }
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// A text with everything hidden.
    pub fn text(&self, text: &str) -> String {
        let mut hidden = text.to_owned();
        let now = jiff::Zoned::default();
        let surroundings = Surroundings { language: "en", now: &now };
        for (expression, pii) in &self.patterns {
            // From the end, so that places before stay where they are.
            for found in expression.find(&hidden.clone(), &surroundings).iter().rev() {
                if !found.range.is_empty() {
                    let shown = shown(pii, &hidden[found.range.clone()]);
                    hidden.replace_range(found.range.clone(), &shown);
                }
            }
        }
        hidden
    }

    /// A value with everything hidden in its texts.
    pub fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(list) => list.iter_mut().for_each(|item| self.value(item)),
            Value::Object(object) => object.values_mut().for_each(|item| self.value(item)),
            _ => {}
        }
    }
}

fn shown(pii: &Pii, said: &str) -> String {
    match &pii.display {
        PiiDisplay::Redacted => format!("[{}]", if pii.name.is_empty() { "hidden" } else { &pii.name }),
        PiiDisplay::Replaced(text) => text.clone(),
        PiiDisplay::Masked { first, last, mask } => {
            let count = said.chars().count();
            let kept = |at: usize| at < *first || count - at <= *last;
            said.chars().enumerate().map(|(at, c)| if kept(at) { c.to_string() } else { mask.clone() }).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_match_is_hidden_as_the_author_wants() {
        let pii = |name: &str, regex: &str, display| Pii {
            name: name.to_owned(),
            regex: regex.to_owned(),
            ignores_case: true,
            display,
            entities: Vec::new(),
        };
        let hiding = Hiding::new(&[
            pii("Email", r"[a-z.]+@[a-z.]+", PiiDisplay::Redacted),
            pii("Card", r"\d{16}", PiiDisplay::Masked { first: 4, last: 2, mask: "*".to_owned() }),
            pii("Name", r"\bada\b", PiiDisplay::Replaced("somebody".to_owned())),
            pii("Broken", "(", PiiDisplay::Redacted),
        ]);
        let table = [
            ("mail Ada@x.org, please", "mail [Email], please"),
            ("card 1234567890123456!", "card 1234**********56!"),
            ("I am Ada", "I am somebody"),
            ("nothing here", "nothing here"),
        ];
        for (text, expected) in table {
            assert_eq!(hiding.text(text), expected, "{text}");
        }
        let mut value = serde_json::json!({"a": ["x@y.z", 1, {"b": "Ada"}]});
        hiding.value(&mut value);
        assert_eq!(value, serde_json::json!({"a": ["[Email]", 1, {"b": "somebody"}]}));
    }
}
