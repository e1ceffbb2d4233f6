//! Transitions and their conditions (conversation.md §5).

use std::cmp::Ordering;

use serde_json::Value;

use crate::scope::shown;

/// A way out of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// When it is taken; `None` is the default.
    pub condition: Option<Condition>,
    /// Where it leads: a node; `None` ends the dialog.
    pub target: Option<String>,
    /// Its end hands control back to the flow of the app.
    pub returns: bool,
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A value in the context.
    Value {
        /// What is looked at.
        left: Left,
        /// How it is compared.
        op: Operator,
        /// With what: a text, or a path (`context.…`, `env.…`, `content.…`), or a text with templates.
        right: crate::bot::Text,
    },
    /// The answer to a confirmation.
    Answer {
        /// Yes, else no.
        yes: bool,
    },
    /// The sub-intent that was said, by `nodeId`; one without a name is never met.
    Intent(String),
    /// All of these.
    All(Vec<Condition>),
    /// Any of these.
    Any(Vec<Condition>),
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Left {
    /// The value of an entity, by its name; the second place is the store id of the component.
    Entity(String, String),
    /// A path in the context, as written.
    Path(String),
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// There is one.
    Exists,
    /// There is none.
    Missing,
    /// They are equal.
    Equal,
    /// They are not.
    NotEqual,
    /// It is greater.
    Greater,
    /// It is greater or equal.
    GreaterOrEqual,
    /// It is less.
    Less,
    /// It is less or equal.
    LessOrEqual,
    /// It holds the other.
    Contains,
}

impl Condition {
    /// The texts that the list `context.<name>` is searched for.
    pub(crate) fn texts_compared_with(&self, name: &str) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().flat_map(|part| part.texts_compared_with(name)).collect()
            }
            Self::Value { left: Left::Path(path), op: Operator::Contains, right }
                if path.strip_prefix("context.").unwrap_or(path) == name =>
            {
                right.as_constant().into_iter().collect()
            }
            Self::Value { .. } | Self::Answer { .. } | Self::Intent(_) => Vec::new(),
        }
    }
}

impl Operator {
    /// Compares a value with a text. `ignore_case` is about equality of texts only.
    ///
    /// Numbers are compared where both sides read as numbers; a value that is missing meets no comparison.
    pub fn holds(self, left: Option<&Value>, right: &str, ignore_case: bool) -> bool {
        let left = left.filter(|value| !value.is_null());
        // Blank is empty, as it is for entities.
        let exists = left.is_some_and(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()));
        match (self, left) {
            (Self::Exists, _) => exists,
            (Self::Missing, _) => !exists,
            (_, None) => false,
            (Self::Equal, Some(left)) => is_equal(left, right, ignore_case),
            (Self::NotEqual, Some(left)) => !is_equal(left, right, ignore_case),
            (Self::Contains, Some(Value::Array(list))) => list.iter().any(|item| is_item(item, right, ignore_case)),
            (Self::Contains, Some(left)) => contains(&shown(Some(left)), right, ignore_case),
            (Self::Greater, Some(left)) => order(left, right).is_some_and(|order| order == Ordering::Greater),
            (Self::GreaterOrEqual, Some(left)) => order(left, right).is_some_and(|order| order != Ordering::Less),
            (Self::Less, Some(left)) => order(left, right).is_some_and(|order| order == Ordering::Less),
            (Self::LessOrEqual, Some(left)) => order(left, right).is_some_and(|order| order != Ordering::Greater),
        }
    }
}

fn is_equal(left: &Value, right: &str, ignore_case: bool) -> bool {
    let left = shown(Some(left));
    let (left, right) = (left.trim(), right.trim());
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return left == right;
    }
    left == right || (ignore_case && left.to_lowercase() == right.to_lowercase())
}

/// Whether an item of a list is the one; of an object, any of its values names it: a task in `FollowupIntents`, say.
fn is_item(item: &Value, right: &str, ignore_case: bool) -> bool {
    match item {
        Value::Object(members) => members.values().any(|member| is_equal(member, right, ignore_case)),
        plain => is_equal(plain, right, ignore_case),
    }
}

fn contains(left: &str, right: &str, ignore_case: bool) -> bool {
    left.contains(right) || (ignore_case && left.to_lowercase().contains(&right.to_lowercase()))
}

fn order(left: &Value, right: &str) -> Option<Ordering> {
    let left = shown(Some(left));
    let (left, right) = (left.trim(), right.trim());
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right),
        // Days and times in their ISO forms are in order as texts.
        (None, None) => Some(left.cmp(right)),
        _ => None,
    }
}

/// A text that reads as a plain number.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain && text.bytes().any(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use Operator::{Contains, Equal, Exists, Greater, GreaterOrEqual, Less, LessOrEqual, Missing, NotEqual};

    #[test]
    fn values_are_compared_as_authors_expect() {
        let table = [
            (json!("10"), Greater, "9", true),
            (json!(10), Equal, "10.0", true),
            (json!("b"), Greater, "a", true),
            (json!("10"), Greater, "a", false),
            (json!("2026-01-05"), LessOrEqual, "2026-01-05", true),
            (json!(true), Equal, "true", true),
            (json!(false), NotEqual, "true", true),
            (json!(" Blue "), Equal, "Blue", true),
            (json!("blue"), Equal, "Blue", false),
            (json!(["a", "b"]), Contains, "b", true),
            (json!(["ab"]), Contains, "b", false),
            (json!([{"refId": "a", "name": "b"}]), Contains, "b", true),
            (json!([{"refId": "a"}]), Contains, "refId", false),
            (json!("abc"), Contains, "b", true),
            (json!(["a", "b"]), Equal, "a,b", true),
            (json!(null), NotEqual, "a", false),
            (json!(null), Missing, "", true),
            (json!(""), Exists, "", false),
            (json!("  "), Exists, "", false),
            (json!("  "), Missing, "", true),
            (json!(0), Exists, "", true),
            (json!([]), Exists, "", true),
            (json!("0123"), Equal, "123", true),
            (json!(3), Less, "3", false),
            (json!(3), GreaterOrEqual, "3", true),
        ];
        for (left, op, right, expected) in table {
            assert_eq!(op.holds(Some(&left), right, false), expected, "{left} {op:?} {right}");
        }
        assert!(Equal.holds(Some(&json!("blue")), "Blue", true));
        assert!(!Equal.holds(None, "", false) && !NotEqual.holds(None, "a", false) && Missing.holds(None, "", false));
    }
}
