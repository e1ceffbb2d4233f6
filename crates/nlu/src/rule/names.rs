//! Names of tasks in a message: whole or in part, in any number and order, by synonym.

use std::ops::Range;

use definition::nlp::Intent;

use crate::lexicon::{Lexicon, Meaning, Message};
use crate::text::Token;

/// A name as its words.
pub(super) struct Name {
    stems: Vec<String>,
    /// All its words in lower case, those of little meaning included: more than one way of writing may have the same stems.
    spelled: Vec<Vec<String>>,
    /// The same words in lower case.
    lowers: Vec<String>,
    /// The whole name as one word, words of little meaning included.
    glued: String,
    /// It has words of little meaning, and at most one other.
    is_of_little_meaning: bool,
}

/// How much of a name a message says, and how.
pub(super) struct Cover {
    /// From the first to the last token that says a part of the name.
    pub(super) tokens: Range<usize>,
    /// The words, as the message has them.
    pub(super) words: Vec<String>,
    /// Words said by a synonym: as said, and as in the name.
    pub(super) synonyms: Vec<(String, String)>,
    /// Where the whole name stands word for word, in bytes; case, marks and the way components are written make no difference.
    pub(super) spelled: Option<Range<usize>>,
    /// The share of the name that is said, 0 to 1.
    pub(super) coverage: f32,
    /// The words stand near each other: at most three others between two of them.
    pub(super) is_close: bool,
    /// The words stand in the order of the name.
    pub(super) in_order: bool,
    /// 0 to 1: coverage, and a little for order and closeness.
    pub(super) score: f32,
    /// Content words of the message that say nothing of the name.
    pub(super) rest: usize,
    /// The name has words of little meaning, and at most one other: what is said of it says little.
    pub(super) is_of_little_meaning: bool,
    /// The name of one word begins the message, or follows nothing but function words.
    pub(super) is_whole_name_said_early: bool,
}

/// The most other words between two words of a name.
const GAP: usize = 3;
/// Longer names are sentences; nobody says them by chance.
const LONGEST: usize = 12;

/// The different names of an intent.
pub(super) fn of(intent: &Intent, lexicon: &Lexicon) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for text in [&intent.label, &intent.dialog_name, &intent.name] {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        let glued: String = letters.flat_map(char::to_lowercase).collect();
        let tokens: Vec<Token> = words_of(lexicon, &spaced(text));
        let spelled: Vec<String> = tokens.iter().map(|token| token.lower.clone()).collect();
        let tokens = tokens.into_iter();
        let (content, function): (Vec<_>, Vec<_>) = tokens.partition(|token| !lexicon.is_function_word(&token.lower));
        let is_of_little_meaning = content.len() < 2 && !function.is_empty();
        // A name such as "Get" is all it has.
        let words = if content.is_empty() { function } else { content };
        let (stems, lowers): (Vec<String>, Vec<String>) =
            words.into_iter().take(LONGEST).map(|token| (lexicon.canonical(&token.lower), token.lower)).unzip();
        match names.iter_mut().find(|name| name.stems == stems) {
            Some(name) => name.spelled.push(spelled),
            None if stems.is_empty() => {}
            None => names.push(Name { stems, spelled: vec![spelled], lowers, glued, is_of_little_meaning }),
        }
    }
    names
}

/// The words of a text as they are written.
pub(super) fn words_of(lexicon: &Lexicon, text: &str) -> Vec<Token> {
    lexicon.language().tokens(text).into_iter().filter(|token| token.is_word()).collect()
}

/// `Search_Products` and `GetWeatherForecast` as words with blanks.
pub(crate) fn spaced(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    let mut after_lower = false;
    for letter in name.chars() {
        if after_lower && letter.is_uppercase() {
            text.push(' ');
        }
        after_lower = letter.is_lowercase();
        text.push(if letter == '_' || letter == '-' { ' ' } else { letter });
    }
    text
}

/// Where a word of a name is said.
#[derive(Clone)]
struct Said {
    tokens: Range<usize>,
    by_synonym: bool,
}

impl Name {
    /// How a message says the name; `None` where it says nothing of it. `written` are the words of the message as written.
    pub(super) fn cover(
        &self,
        lexicon: &Lexicon,
        message: &Message,
        written: &[Token],
        meanings: &[Meaning<'_>],
    ) -> Option<Cover> {
        let places = self.places(message, meanings);
        let chosen = choose(&places);
        let said: Vec<(usize, &Said)> =
            chosen.iter().enumerate().filter_map(|(at, it)| Some((at, it.as_ref()?))).collect();
        let start = said.iter().map(|(_, it)| it.tokens.start).min()?;
        let end = said.iter().map(|(_, it)| it.tokens.end).max()?;
        let mut ranges: Vec<Range<usize>> = said.iter().map(|(_, it)| it.tokens.clone()).collect();
        let in_order = ranges.windows(2).all(|two| two[0].start <= two[1].start);
        ranges.sort_by_key(|range| range.start);
        ranges.dedup();
        let words_between = |a: &Range<usize>, b: &Range<usize>| {
            message.tokens[a.end.min(b.start)..b.start].iter().filter(|token| token.is_word()).count()
        };
        let gaps: Vec<usize> = ranges.windows(2).map(|two| words_between(&two[0], &two[1])).collect();
        let is_near = gaps.iter().all(|gap| *gap == 0);
        let coverage = said.len() as f32 / self.stems.len() as f32;
        let of_name = |at: usize| ranges.iter().any(|range| range.contains(&at));
        let is_content = |at: usize| {
            let token = &message.tokens[at];
            token.is_word() && !lexicon.is_function_word(&token.lower)
        };
        let rest = (0..message.tokens.len()).filter(|at| is_content(*at) && !of_name(*at)).count();
        let text = |range: &Range<usize>| message.text[message.bytes(range)].to_owned();
        let synonyms = said.iter().filter(|(_, it)| it.by_synonym);
        Some(Cover {
            words: ranges.iter().map(text).collect(),
            synonyms: synonyms.map(|(at, it)| (text(&it.tokens), self.stems[*at].clone())).collect(),
            spelled: self.spelled_in(written),
            coverage,
            in_order,
            is_close: gaps.iter().all(|gap| *gap <= GAP),
            score: (coverage * (0.9 + if in_order { 0.05 } else { 0.0 } + if is_near { 0.05 } else { 0.0 })).min(1.0),
            rest,
            is_of_little_meaning: self.is_of_little_meaning,
            is_whole_name_said_early: coverage >= 1.0 && !(0..start).any(is_content),
            tokens: start..end,
        })
    }

    fn spelled_in(&self, written: &[Token]) -> Option<Range<usize>> {
        self.spelled.iter().find_map(|name| {
            let is_name = |words: &&[Token]| words.iter().map(|word| &word.lower).eq(name);
            let words = written.windows(name.len().max(1)).find(is_name)?;
            Some(words.first()?.start..words.last()?.end)
        })
    }

    /// Whether a message is the beginning of the name, in any number.
    pub(super) fn begins_with(&self, lexicon: &Lexicon, written: &[Token]) -> bool {
        let is_word =
            |word: &Token, own: &String| word.lower == *own || lexicon.canonical(&word.lower) == lexicon.canonical(own);
        let begins = |name: &Vec<String>| {
            name.len() > written.len() && written.iter().zip(name).all(|(word, own)| is_word(word, own))
        };
        !written.is_empty() && self.spelled.iter().any(begins)
    }

    /// The words of the name that a word consists of, where it is written the way components are ("SearchProducts").
    fn glued_in(&self, word: &str) -> Option<Range<usize>> {
        if word == self.glued {
            return Some(0..self.stems.len());
        }
        let starts = 0..self.lowers.len();
        starts.into_iter().find_map(|first| {
            let mut rest = word.strip_prefix(self.lowers[first].as_str())?;
            let mut end = first + 1;
            while let Some(shorter) = self.lowers.get(end).and_then(|next| rest.strip_prefix(next.as_str())) {
                (rest, end) = (shorter, end + 1);
            }
            (rest.is_empty() && end > first + 1).then_some(first..end)
        })
    }

    /// For each word of the name, where it is said.
    fn places(&self, message: &Message, meanings: &[Meaning<'_>]) -> Vec<Vec<Said>> {
        let mut places: Vec<Vec<Said>> = vec![Vec::new(); self.stems.len()];
        for (at, token) in message.words.iter().enumerate() {
            for (place, stem) in places.iter_mut().zip(&self.stems) {
                if token.stem == *stem || token.lower == *stem {
                    place.push(Said { tokens: at..at + 1, by_synonym: false });
                }
            }
        }
        for (at, token) in message.tokens.iter().enumerate() {
            if let Some(glued) = self.glued_in(&token.lower) {
                for place in &mut places[glued] {
                    place.push(Said { tokens: at..at + 1, by_synonym: true });
                }
            }
        }
        for meaning in meanings {
            for first in 0..self.stems.len() {
                if self.stems[first..].starts_with(meaning.term) {
                    for place in &mut places[first..first + meaning.term.len()] {
                        place.push(Said { tokens: meaning.tokens.clone(), by_synonym: true });
                    }
                }
            }
        }
        places
    }
}

/// One place for each word, near each other: every place of the first word that is said is tried as the start, and each
/// further word takes the place nearest to the one before.
fn choose(places: &[Vec<Said>]) -> Vec<Option<Said>> {
    let mut best: Option<(usize, Vec<Option<Said>>)> = None;
    let anchor = places.iter().position(|place| !place.is_empty()).unwrap_or(0);
    // A word that is said a hundred times says no more than one that is said a few times.
    for start in places.get(anchor).into_iter().flatten().take(8) {
        let mut chosen: Vec<Option<Said>> = vec![None; anchor];
        let mut last = start.clone();
        let mut span = 0;
        for place in &places[anchor..] {
            // Two words of a name are not said by one word, unless by a synonym for both.
            let is_free =
                |it: &&Said| it.by_synonym || chosen.iter().flatten().all(|other: &Said| other.tokens != it.tokens);
            let nearest =
                place.iter().filter(is_free).min_by_key(|it| (distance(&last, it), it.by_synonym, it.tokens.start));
            if let Some(nearest) = nearest {
                span += distance(&last, nearest);
                last = nearest.clone();
            }
            chosen.push(nearest.cloned());
        }
        if best.as_ref().is_none_or(|(least, _)| span < *least) {
            best = Some((span, chosen));
        }
    }
    best.map_or_else(|| vec![None; places.len()], |(_, chosen)| chosen)
}

fn distance(a: &Said, b: &Said) -> usize {
    if b.tokens.start >= a.tokens.end {
        b.tokens.start - a.tokens.end
    } else if a.tokens.start >= b.tokens.end {
        // Against the order is a little further.
        a.tokens.start - b.tokens.end + 1
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_components_are_words() {
        for (name, words) in [
            ("Search_Products", "Search Products"),
            ("GetWeatherForecast", "Get Weather Forecast"),
            ("Book a Flight", "Book a Flight"),
            ("ÜberOrt", "Über Ort"),
            ("FAQ", "FAQ"),
        ] {
            assert_eq!(spaced(name), words);
        }
    }
}
