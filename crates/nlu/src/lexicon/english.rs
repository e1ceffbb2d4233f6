//! English forms that no stemmer brings together: contractions and irregular words.
//!
//! Patterns and the word lists of exports are written in base forms without contractions: `< who be ~you >`, `get_it`,
//! `< I do not think so >`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::text::Language;

/// What a contraction stands for: "don't" is "do not". `None` for any other word; a possessive `'s` stays.
pub(super) fn expanded(word: &str) -> Option<[&str; 2]> {
    let irregular = match word {
        "can't" | "cant" | "cannot" => ["can", "not"],
        "won't" | "wont" => ["will", "not"],
        "shan't" => ["shall", "not"],
        "ain't" => ["is", "not"],
        "let's" => ["let", "us"],
        "dont" => ["do", "not"],
        "doesnt" => ["does", "not"],
        "didnt" => ["did", "not"],
        "isnt" => ["is", "not"],
        "arent" => ["are", "not"],
        "wasnt" => ["was", "not"],
        "couldnt" => ["could", "not"],
        "wouldnt" => ["would", "not"],
        "shouldnt" => ["should", "not"],
        "havent" => ["have", "not"],
        "hasnt" => ["has", "not"],
        "im" => ["i", "am"],
        "ive" => ["i", "have"],
        "thats" => ["that", "is"],
        "whats" => ["what", "is"],
        _ => return regular(word),
    };
    Some(irregular)
}

fn regular(word: &str) -> Option<[&str; 2]> {
    if let Some(verb) = word.strip_suffix("n't").filter(|verb| VERBS.contains(verb)) {
        return Some([verb, "not"]);
    }
    let (who, verb) = word.split_once('\'')?;
    let verb = match verb {
        "m" if who == "i" => "am",
        "re" if PERSONS.contains(&who) || ASKING.contains(&who) => "are",
        "ve" if PERSONS.contains(&who) || VERBS.contains(&who) => "have",
        "ll" if PERSONS.contains(&who) || ASKING.contains(&who) => "will",
        "d" if PERSONS.contains(&who) => "would",
        "s" if ["he", "she", "it", "that", "there", "here"].contains(&who) || ASKING.contains(&who) => "is",
        _ => return None,
    };
    Some([who, verb])
}

const VERBS: [&str; 17] = [
    "do", "does", "did", "is", "are", "was", "were", "have", "has", "had", "could", "would", "should", "might", "must",
    "need", "may",
];
const PERSONS: [&str; 9] = ["i", "you", "he", "she", "it", "we", "they", "that", "there"];
const ASKING: [&str; 6] = ["what", "who", "how", "where", "when", "why"];

/// Base forms, each with its irregular forms. Left out are forms that are as often another word: left, rose, saw, done.
const IRREGULAR: &str = "be am is are was were been|have has had|do does did|get got gotten|go goes went gone|\
    make made|say said|tell told|give gave given|take took taken|come came|buy bought|sell sold|send sent|pay paid|\
    keep kept|lose lost|find found|think thought|understand understood|know knew known|see seen|write wrote written|\
    choose chose chosen|break broke broken|speak spoke spoken|forget forgot forgotten|fly flew flown|eat ate eaten|\
    drink drank drunk|drive drove driven|run ran|sit sat|sleep slept|spend spent|stand stood|steal stole stolen|\
    teach taught|wear wore worn|win won|begin began begun|bring brought|build built|catch caught|deal dealt|\
    draw drew drawn|fall fell fallen|feel felt|fight fought|freeze froze frozen|grow grew grown|hear heard|hold held|\
    hide hid hidden|lead led|lend lent|mean meant|meet met|ride rode ridden|ring rang rung|shake shook shaken|\
    shoot shot|throw threw thrown|wake woke woken|withdraw withdrew withdrawn|child children|man men|woman women|\
    person people|foot feet|tooth teeth";

/// What people write every day, in base forms, and some names of persons and places. It tells a word from a slip: "horse" is not
/// a misspelt "house".
const WORDS: &str = include_str!("english_words.txt");

/// Whether a lower-case word, or one of the same stem, is a word of every day.
pub(super) fn is_common(word: &str, stem: &str) -> bool {
    static COMMON: LazyLock<(HashSet<&str>, HashSet<String>)> = LazyLock::new(|| {
        let language = Language::of("en");
        let words = || WORDS.split_whitespace().chain(IRREGULAR.split(['|', ' ']));
        (words().collect(), words().map(|word| language.stem(word).into_owned()).collect())
    });
    let (words, stems) = &*COMMON;
    words.contains(word) || stems.contains(stem)
}

/// The base form of each irregular form.
pub(super) fn base_forms() -> HashMap<&'static str, &'static str> {
    let families = IRREGULAR.split('|').filter_map(|family| family.trim().split_once(' '));
    families.flat_map(|(base, forms)| forms.split(' ').map(move |form| (form, base))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_are_told_from_possessives() {
        for (word, expected) in [
            ("don't", Some(["do", "not"])),
            ("can't", Some(["can", "not"])),
            ("what's", Some(["what", "is"])),
            ("i'd", Some(["i", "would"])),
            ("we're", Some(["we", "are"])),
            ("dont", Some(["do", "not"])),
            ("anna's", None),
            ("o'clock", None),
            ("'", None),
            ("well", None),
            ("", None),
        ] {
            assert_eq!(expanded(word), expected, "{word}");
        }
    }

    #[test]
    fn every_form_has_one_base() {
        let forms = base_forms();
        assert_eq!(
            forms.len(),
            IRREGULAR.split(['|', ' ']).filter(|word| !word.trim().is_empty()).count() - IRREGULAR.split('|').count()
        );
        assert_eq!(forms["are"], "be");
        assert!(forms.values().all(|base| !forms.contains_key(base)));
    }
}
