//! Yes or no: the answer to a confirmation.

use std::cmp::Reverse;

use patterns::{Concepts, Matcher, Options, Pattern};

use crate::lexicon::{Lexicon, Message};
use crate::rule::form::NEGATIONS;

/// A negation reaches this many words.
const NEGATION_REACH: usize = 2;

/// An answer to a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes, in any words.
    Yes,
    /// No, in any words.
    No,
}

/// What counts as yes and as no: the concepts `~yes` and `~no` that ship in nearly every export, and what the author adds.
pub struct YesNo {
    patterns: Vec<(Answer, Pattern)>,
}

/// What stands in for `~yes` in exports from before the platform put it there.
const YES: [&str; 14] = [
    "yes",
    "yeah",
    "yep",
    "yup",
    "< y >",
    "< ok",
    "< okay",
    "< sure",
    "< right",
    "< correct",
    "of course",
    "certainly",
    "definitely",
    "absolutely",
];
/// What stands in for `~no`.
const NO: [&str; 10] = [
    "no",
    "nope",
    "nah",
    "< n >",
    "< not",
    "of course not",
    "certainly not",
    "definitely not",
    "absolutely not",
    "never",
];

/// What counts as yes and as no in other languages, whatever the concepts of a bot say: those that ship are English.
fn of_language(code: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match code {
        "es" => (
            &["sí", "< si", "claro", "por supuesto", "< vale", "de acuerdo", "correcto", "desde luego"],
            &["no", "nunca", "para nada", "en absoluto", "claro que no", "por supuesto que no"],
        ),
        "fr" => (
            &["oui", "ouais", "bien sûr", "d'accord", "exactement", "tout à fait", "volontiers"],
            &["non", "pas du tout", "jamais", "bien sûr que non", "surtout pas"],
        ),
        "de" => (
            &["ja", "jawohl", "jep", "klar", "genau", "gerne", "in ordnung", "selbstverständlich", "natürlich"],
            &["nein", "nö", "nee", "niemals", "< nicht", "auf keinen fall", "natürlich nicht", "lieber nicht"],
        ),
        "pt" => (
            &["sim", "claro", "com certeza", "< certo", "pode ser", "isso mesmo"],
            &["não", "nao", "nunca", "de jeito nenhum", "claro que não"],
        ),
        "it" => (
            &["sì", "< si", "certo", "certamente", "va bene", "esatto", "d'accordo"],
            &["no", "mai", "per niente", "certo che no", "assolutamente no"],
        ),
        "nl" => (
            &["ja", "jawel", "zeker", "natuurlijk", "prima", "klopt", "graag"],
            &["nee", "nooit", "< niet", "zeker niet", "natuurlijk niet", "liever niet"],
        ),
        _ => (&[], &[]),
    }
}

/// The answer that a whole message is in one of some languages (codes): where several are spoken, a plain "ja" is heard in
/// each.
pub fn said_in<'c>(text: &str, languages: impl IntoIterator<Item = &'c str>) -> Option<Answer> {
    let text = text.trim().trim_matches(['.', '!', '¡']).to_lowercase();
    languages.into_iter().find_map(|language| {
        let code = language.split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase();
        let (yes, no) = if code == "en" { (&YES[..], &NO[..]) } else { of_language(&code) };
        let has = |words: &[&str]| words.iter().any(|word| word.trim_matches(['<', '>', ' ']) == text);
        match (has(yes), has(no)) {
            (true, _) => Some(Answer::Yes),
            (_, true) => Some(Answer::No),
            _ => None,
        }
    })
}

impl YesNo {
    /// Collects the words: the platform's, and those of a confirmation (`synonyms.yes`, `synonyms.no`).
    pub fn new<'t>(
        lexicon: &Lexicon,
        yes: impl IntoIterator<Item = &'t str>,
        no: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let own = yes.into_iter().map(|text| (Answer::Yes, text)).chain(no.into_iter().map(|text| (Answer::No, text)));
        let known = |concept: &'static str, instead: &'static [&'static str]| {
            if lexicon.concepts().contains(concept) { vec![concept] } else { instead.to_vec() }
        };
        let (local_yes, local_no) = of_language(lexicon.language().code());
        let nos = known("~no", &NO).into_iter().chain(local_no.iter().copied()).map(|text| (Answer::No, text));
        let yeses = known("~yes", &YES).into_iter().chain(local_yes.iter().copied()).map(|text| (Answer::Yes, text));
        let all = nos.chain(yeses).chain(own);
        let patterns = all.filter_map(|(answer, text)| Some((answer, lexicon.pattern(text).ok()?)));
        Self { patterns: patterns.collect() }
    }

    /// The answer in a message. Where both are said, the first one counts, and of two that begin alike the longer one:
    /// "of course not" is no. A yes behind a negation is no, a no behind one is nothing for sure; and no words count that a
    /// negation stands between, as in "do not change it" for "do it".
    pub fn answer(&self, concepts: &Concepts, message: &Message) -> Option<Answer> {
        let negates = |at: usize| NEGATIONS.contains(&message.words[at].lower.as_str());
        let mut matcher = Matcher::new(&message.words, concepts, Options::INTENT);
        let found = self.patterns.iter().enumerate().filter_map(|(number, (answer, pattern))| {
            let words =
                matcher.find(pattern).filter(|hit| hit.gap_words == 0 || !hit.words.clone().any(negates))?.words;
            Some((words.start, Reverse(words.end), number, *answer))
        });
        let (start, .., answer) = found.min_by_key(|(start, end, number, _)| (*start, *end, *number))?;
        let is_negated = (start.saturating_sub(NEGATION_REACH)..start).any(negates);
        match (is_negated, answer) {
            (true, Answer::Yes) => Some(Answer::No),
            (true, Answer::No) => None,
            (false, answer) => Some(answer),
        }
    }
}
