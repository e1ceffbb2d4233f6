//! What a request asked that was not done as it was asked: told in the record of the request, never an error.

pub use domain::{Code, Finding};
use serde_json::Value;

use crate::error::push_segment;
use crate::parts::unwrapped;

/// How many findings the record of one request lists. A broken tool can name ten thousand things that are not there, and
/// nobody reads ten thousand lines about it.
const LISTED: usize = 100;

/// How much of a word of the request is repeated. Characters.
const SHOWN_CHARACTERS: usize = 60;

/// The findings as a record lists them: their pointers as the body spells the members, and not too many.
pub fn listed(mut findings: Vec<Finding>, body: &Value) -> Vec<Finding> {
    let omitted = findings.len().saturating_sub(LISTED);
    findings.truncate(LISTED);
    for finding in &mut findings {
        finding.pointer = spelled_as_in(body, &finding.pointer);
    }
    if omitted > 0 {
        let text = format!("{omitted} more findings are not listed; correct those that are, and ask again.");
        findings.push(Finding::new("", Code::MoreFindings, text));
    }
    findings
}

/// The pointer with the members as `body` writes them: clients write them in any letter case, one string for a list of
/// one, and in form-encoded bodies whole objects as text, into which the pointer leads. What the body does not have stays
/// as it is.
pub fn spelled_as_in(body: &Value, pointer: &str) -> String {
    let names = pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    let mut spelled = String::with_capacity(pointer.len());
    spell(Some(body), &names.collect::<Vec<_>>(), &mut spelled);
    spelled
}

fn spell(at: Option<&Value>, names: &[String], spelled: &mut String) {
    let Some((name, rest)) = names.split_first() else { return };
    match at {
        Some(Value::Object(members)) => {
            let exact = members.get_key_value(name);
            let found = exact.or_else(|| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
            push_segment(spelled, found.map_or(name, |(key, _)| key));
            spell(found.map(|(_, value)| value), rest, spelled);
        }
        Some(Value::Array(items)) => {
            push_segment(spelled, name);
            spell(name.parse::<usize>().ok().and_then(|index| items.get(index)), rest, spelled);
        }
        Some(text @ Value::String(_)) => match unwrapped(text) {
            Value::String(_) => {}
            inside => spell(Some(&inside), names, spelled),
        },
        _ => {
            push_segment(spelled, name);
            spell(None, rest, spelled);
        }
    }
}

/// A pointer one segment longer.
pub(crate) fn below(pointer: &str, segment: &str) -> String {
    let mut longer = pointer.to_string();
    push_segment(&mut longer, segment);
    longer
}

/// A word of the request as a finding repeats it: not all of it if it is long.
pub fn shown(word: &str) -> String {
    match word.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("`{}…`", &word[..end]),
        None => format!("`{word}`"),
    }
}

/// Finds the members of an object that are none of `known`. Letter case does not matter.
pub fn find_unknown_members(object: &Value, at: &str, known: &[&str], findings: &mut Vec<Finding>) {
    for key in object.as_object().into_iter().flatten().map(|(key, _)| key) {
        if !known.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            let text = format!(
                "The member {} is not known here, so it did nothing; correct or remove it. Known are: {}.",
                shown(key),
                known.join(", ")
            );
            findings.push(Finding::new(below(at, key), Code::UnknownMember, text));
        }
    }
}

/// Finds a value that is there but not `expected` (in words), so that it counts as absent.
pub fn find_wrong_type(value: &Value, at: &str, expected: &str, findings: &mut Vec<Finding>) {
    let found = match value {
        Value::Null => return,
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => return,
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let text = format!("This must be {expected} but is {found}, so it counts as absent; correct or remove it.");
    findings.push(Finding::new(at, Code::WrongType, text));
}
