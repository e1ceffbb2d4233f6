//! What a request asked that was not done as it was asked: told in the record of the request, never an error.

use serde::Serialize;
use serde_json::Value;

use crate::error::push_segment;
use crate::parts::unwrapped;

/// How many findings the record of one request lists. A broken tool can name ten thousand things that are not there, and
/// nobody reads ten thousand lines about it.
const LISTED: usize = 100;

/// How much of a word of the request is repeated. Characters.
const SHOWN_CHARACTERS: usize = 60;

/// One thing that a request asked and that was not done, or done in another way than one may think.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// JSON pointer into the body of the request, or into the definition or an uploaded file where `text` says so.
    pub pointer: String,
    /// What it is, for programs.
    pub code: Code,
    /// What it is and what to do, for people: whole sentences.
    pub text: String,
}

/// The kinds of findings. Their names on the wire (`unknown_task` …) never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A member that this request does not know.
    UnknownMember,
    /// A word that names no part of a bot.
    UnknownWord,
    /// A name or id of no task.
    UnknownTask,
    /// A name of no entity.
    UnknownEntity,
    /// A code of no language of the bot.
    UnknownLanguage,
    /// An identity of nobody of whom anything is kept.
    UnknownUser,
    /// A key of no variable.
    UnknownVariable,
    /// A name or id of no namespace.
    UnknownNamespace,
    /// A value of a type that cannot be read; it counts as absent.
    WrongType,
    /// Something that is known and did nothing here.
    NotApplied,
    /// Something that was done for more than what was named.
    TakenWhole,
    /// Dialogs are exported as names without nodes.
    NamesOnly,
    /// The request selects nothing, so nothing was changed.
    NothingSelected,
    /// An event is exported disabled, because its dialog is not exported.
    EventDisabled,
    /// The file is a partial export, so only the parts it has were imported.
    PartialFile,
    /// A bot took the place of an app, or the reverse.
    GenerationChanged,
    /// There are more findings than the record lists.
    MoreFindings,
}

impl Finding {
    /// A finding at a pointer.
    pub fn new(pointer: impl Into<String>, code: Code, text: impl Into<String>) -> Finding {
        Finding { pointer: pointer.into(), code, text: text.into() }
    }
}

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
