//! Texts: the answer itself is the value.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::extractor::Found;

/// What is done with an answer before it is the value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelRules {
    /// All sentences of the answer, not only the first (a description).
    pub many_sentences: bool,
    /// Words or phrases to take away at the beginning (`stripLeading`).
    pub strip_leading: Vec<String>,
    /// Words or phrases to take away at the end (`stripTrailing`).
    pub strip_trailing: Vec<String>,
    /// A single word is no value (`avoidSingleWord`).
    pub avoid_single_word: bool,
    /// The answer is spelt: "b for bravo, double o" is `boo` (`letters`).
    pub letters: bool,
    /// Only the digits of the answer are the value (`extractOnlyNumbers`).
    pub only_numbers: bool,
}

impl LabelRules {
    /// The value of an answer. Not meant for utterances that answer nothing: any text is a value.
    pub fn answer(&self, text: &str) -> Option<Found> {
        let sentence = if self.many_sentences {
            text
        } else {
            text.split_sentence_bounds().find(|sentence| !sentence.trim().is_empty())?
        };
        let kept = self.stripped(sentence.trim());
        if kept.is_empty() || (self.avoid_single_word && kept.split_whitespace().count() < 2) {
            return None;
        }
        let start = kept.as_ptr() as usize - text.as_ptr() as usize;
        let value = match (self.only_numbers, self.letters) {
            (true, _) => kept.chars().filter_map(|c| c.to_digit(10)).map(|digit| digit.to_string()).collect(),
            (_, true) => spelt(kept)?,
            _ => kept.to_owned(),
        };
        let range = start..start + kept.len();
        (!value.is_empty()).then(|| Found { range, value: Value::from(value), others: Vec::new(), incomplete: false })
    }

    fn stripped<'t>(&self, text: &'t str) -> &'t str {
        let mut kept = text;
        let leading = |text: &'t str, word: &String| {
            let rest = text.get(word.len()..).filter(|_| text[..word.len()].eq_ignore_ascii_case(word))?;
            is_apart(rest.chars().next()).then(|| rest.trim_start_matches(is_gap))
        };
        let trailing = |text: &'t str, word: &String| {
            let cut = text.len().checked_sub(word.len()).filter(|cut| text.is_char_boundary(*cut))?;
            let ends = text[cut..].eq_ignore_ascii_case(word) && is_apart(text[..cut].chars().next_back());
            ends.then(|| text[..cut].trim_end_matches(is_gap))
        };
        let filled = |words: &'_ [String]| words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>();
        let (first, last) = (filled(&self.strip_leading), filled(&self.strip_trailing));
        while let Some(rest) = first.iter().find_map(|word| leading(kept, word)) {
            kept = rest;
        }
        while let Some(rest) = last.iter().find_map(|word| trailing(kept, word)) {
            kept = rest;
        }
        kept
    }
}

fn is_apart(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ':' | ';')
}

/// What letters that were said one by one spell; `None` where something else was said.
fn spelt(text: &str) -> Option<String> {
    let lower = text.to_lowercase().replace("x-ray", "xray");
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut spelt = String::new();
    let mut times = 1;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if let "double" | "triple" = *word {
            times = if *word == "double" { 2 } else { 3 };
            continue;
        }
        let letter = letter(word).or_else(|| (words.len() == 1).then(|| (*word).to_owned()))?;
        spelt.push_str(&letter.repeat(times));
        times = 1;
        // "b for bravo", "b as in boy": the example is passed over.
        match words.get(at..) {
            Some(["for", _, ..]) => at += 2,
            Some(["as", "in", _, ..]) => at += 3,
            _ => {}
        }
    }
    Some(spelt)
}

/// The letter or digits that a word stands for.
fn letter(word: &str) -> Option<String> {
    const ALPHABET: [&str; 26] = [
        "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima",
        "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey",
        "xray", "yankee", "zulu",
    ];
    const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let place = |names: &[&str]| names.iter().position(|name| *name == word);
    if word.chars().count() == 1 || word.bytes().all(|b| b.is_ascii_digit()) {
        return Some(word.to_owned());
    }
    match word {
        "alfa" => Some("a".to_owned()),
        "juliett" => Some("j".to_owned()),
        _ => place(&ALPHABET)
            .and_then(|place| ALPHABET[place].get(..1).map(str::to_owned))
            .or_else(|| place(&DIGITS).map(|digit| digit.to_string())),
    }
}
