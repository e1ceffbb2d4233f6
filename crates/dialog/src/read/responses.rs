//! Standard responses an author changed (`koraResponses`).

use definition::{Document, ShapeError};
use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, is_on, items, text};
use super::parts::{Parts, list};
use super::texts::{channel, response};
use crate::bot::{Condition, Entry, StandardResponses, Texts};

/// Which words of a key or condition mean what. All words of a row have to occur; the first row that fits counts, so the
/// narrower ones stand above.
const MEANINGS: &[(&[&str], Condition)] = &[
    (&["long word"], Condition::LongWord),
    (&["word", "length"], Condition::LongWord),
    (&["loop"], Condition::Loop),
    (&["language"], Condition::ChooseLanguage),
    (&["session", "clos"], Condition::SessionClosed),
    (&["session", "end"], Condition::SessionClosed),
    (&["session", "expire"], Condition::SessionClosed),
    (&["closing", "conversation"], Condition::SessionClosed),
    (&["inactiv"], Condition::SessionClosed),
    (&["attempts"], Condition::RetriesExceeded),
    (&["retr", "exceed"], Condition::RetriesExceeded),
    (&["did you mean"], Condition::DidYouMean),
    (&["discard", "nothing"], Condition::NothingToDiscard),
    (&["discard", "no task"], Condition::NothingToDiscard),
    (&["ambigu", "value"], Condition::AmbiguousValue),
    (&["ambigu", "entit"], Condition::AmbiguousValue),
    (&["ambigu", "option"], Condition::AmbiguousValue),
    (&["ambigu"], Condition::AmbiguousIntents),
    (&["multiple", "intent"], Condition::AmbiguousIntents),
    (&["multiple", "task"], Condition::AmbiguousIntents),
    (&["several matches"], Condition::AmbiguousIntents),
    (&["not a valid option"], Condition::WrongChoice),
    (&["wrong", "choice"], Condition::WrongChoice),
    (&["invalid", "choice"], Condition::WrongChoice),
    (&["invalid", "option"], Condition::WrongChoice),
    (&["resum", "cancel"], Condition::ResumeDeclined),
    (&["resum", "declin"], Condition::ResumeDeclined),
    (&["previous task", "cancel"], Condition::ResumeDeclined),
    (&["resum", "confirm"], Condition::ConfirmResume),
    (&["resum", "should"], Condition::ConfirmResume),
    (&["continue", "previous task"], Condition::ConfirmResume),
    (&["resum"], Condition::Resuming),
    (&["switch", "confirm"], Condition::ConfirmSwitch),
    (&["switch", "would"], Condition::ConfirmSwitch),
    (&["switch"], Condition::Switching),
    (&["follow", "up"], Condition::FollowUps),
    (&["identified the following"], Condition::FollowUps),
    (&["answer", "not available"], Condition::AnswerMissing),
    (&["task", "not available"], Condition::TaskNotAvailable),
    (&["no transitions"], Condition::EmptyDialog),
    (&["understand"], Condition::Unidentified),
    (&["unable to find an answer"], Condition::Unidentified),
    (&["went wrong"], Condition::TaskFailure),
    (&["task", "fail"], Condition::TaskFailure),
    (&["discard"], Condition::Discarded),
    (&["cancel", "task"], Condition::Discarded),
    (&["list of tasks"], Condition::Help),
    (&["tasks i can perform"], Condition::Help),
    (&["help"], Condition::Help),
    (&["thank"], Condition::Thanks),
    (&["who are you"], Condition::WhoAreYou),
    (&["your name"], Condition::WhoAreYou),
    (&["greet"], Condition::Greeting),
    (&["hello"], Condition::Greeting),
];

/// The standard responses of the bot.
///
/// # Errors
/// `koraResponses` is not a list.
pub(super) fn read(
    definition: &Document,
    parts: &Parts,
    findings: &mut Findings,
) -> Result<StandardResponses, ShapeError> {
    let mut responses = StandardResponses::default();
    for changed in list(definition, "koraResponses")? {
        let texts = texts(&changed, &parts.default_language);
        if texts.is_empty() {
            continue;
        }
        let (condition, key) = (text(&changed["Condition"]), text(&changed["Key"]));
        let named = if condition.is_empty() { key } else { condition };
        match meaning(condition).or_else(|| meaning(key)) {
            Some(condition) => responses.changed.push((condition, texts)),
            None => {
                findings.add(format!("the standard response '{named}' stands for nothing that is said here"));
                responses.unknown.push(named.to_owned());
            }
        }
        for map in items(&changed["channelUXMaps"]) {
            if ["taskUXMaps", "fieldUXMaps"].iter().any(|member| !items(&map[*member]).is_empty()) {
                findings.add(format!(
                    "the standard response '{named}' has texts for single tasks or fields: that of the bot is said for all"
                ));
            }
        }
    }
    Ok(responses)
}

fn meaning(named: &str) -> Option<Condition> {
    let named = named.to_lowercase().replace('’', "'");
    MEANINGS.iter().find(|(words, _)| words.iter().all(|word| named.contains(word))).map(|(_, condition)| *condition)
}

/// The texts per channel; the changed original messages where there is none for all channels.
fn texts(changed: &Value, default_language: &str) -> Texts {
    let language = id(&changed["language"]).unwrap_or(default_language);
    let entry =
        |channel: String, written: &str| Entry { channel, texts: vec![(language.to_owned(), response(written))] };
    let maps = items(&changed["channelUXMaps"]).iter();
    let mut entries: Vec<Entry> = maps.map(|map| entry(channel(map), text(&map["botUXMap"]["uXMap"]))).collect();
    entries.retain(|entry| entry.texts.iter().any(|(_, text)| !text.is_empty()));
    let has_default = entries.iter().any(|entry| entry.channel.eq_ignore_ascii_case("default"));
    let hides_originals = is_on(&changed["hideOriginalMessages"]) && !entries.is_empty();
    if !has_default && !hides_originals {
        let originals = items(&changed["Original Message"]).iter().filter_map(Value::as_str);
        entries.extend(originals.map(|original| entry("default".to_owned(), original)));
    }
    Texts(entries)
}
