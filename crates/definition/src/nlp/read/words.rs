//! Bot synonyms and concepts: `synonyms` of a language. A key that begins with `~` is a concept.

use serde_json::Value;

use super::Locale;
use super::tolerant::{object, texts};

/// The concepts that the platform puts into every bot, in the default language and in those it has word lists for.
const PLATFORM_CONCEPTS: [&str; 13] = [
    "~you",
    "~your",
    "~emohowzit",
    "~emohello",
    "~emohappy",
    "~emothanks",
    "~emogoodbye",
    "~positiveackwords",
    "~helpwords",
    "~ibedone",
    "~done",
    "~yes",
    "~no",
];

pub(super) struct Words {
    pub(super) synonyms: Vec<(String, Vec<String>)>,
    pub(super) concepts: Vec<(String, Vec<String>)>,
}

/// The words of a language.
///
/// A language that the platform has word lists for (`de`) comes with all platform concepts; one that it has none for
/// (`id`) comes without any words. Then those of the default language stand in, each where the language has none of
/// that name: a confirmation must understand *ok* and 👍 in any language, and small talk that was written with the
/// concepts must stay reachable. Concepts that the author made are words of one language and are not lent.
pub(super) fn read(locales: &Value, locale: &Locale) -> Words {
    let of = |language: &str| {
        object(&locales[language]["synonyms"]).map(|(key, words)| (key.trim().to_owned(), texts(words)))
    };
    let named = of(&locale.language).filter(|(key, words)| !key.trim_matches('~').is_empty() && !words.is_empty());
    let named = named.map(|(key, words)| if key.starts_with('~') { (key, members_of(&words)) } else { (key, words) });
    let (mut concepts, synonyms): (Vec<_>, Vec<_>) = named.partition(|(key, _)| key.starts_with('~'));
    for (key, words) in of(&locale.default) {
        let is_known = |known: &[(String, Vec<String>)]| known.iter().any(|(name, _)| *name == key);
        if PLATFORM_CONCEPTS.contains(&key.as_str()) && !words.is_empty() && !is_known(&concepts) {
            concepts.push((key, words));
        }
    }
    Words { synonyms, concepts }
}

/// The members of a concept: one that is written with quotes is several, with commas between, each in its quotes or not.
fn members_of(words: &[String]) -> Vec<String> {
    let parts = |word: &String| -> Vec<String> {
        if !word.contains('"') {
            return vec![word.clone()];
        }
        let mut is_quoted = false;
        let parts = word.split(|c| {
            is_quoted ^= c == '"';
            c == ',' && !is_quoted
        });
        parts.map(|part| part.trim().trim_matches('"').trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    words.iter().flat_map(parts).collect()
}
