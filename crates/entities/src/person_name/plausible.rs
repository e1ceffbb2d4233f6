//! Names that no list has: what is said at a question for a name, and means nothing else.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{PersonNames, cue_before, is_known};
use crate::data::is_no_name;
use crate::extractor::Found;
use crate::gazetteer::{Piece, fold, pieces, span};
use crate::stop::is_small;

/// Words of a name that are written small.
pub(super) const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "van", "von", "der", "den", "ter",
    "zu", "bin", "ibn", "bint", "al", "el", "abu", "y", "e", "san",
];
/// What is said behind a name, folded.
const BEHIND: &[&str] = &[
    "here",
    "speaking",
    "this side",
    "calling",
    "on the line",
    "please",
    "thanks",
    "thank you",
    "bitte",
    "danke",
    "hier",
    "am apparat",
    "a l'appareil",
    "s'il vous plait",
    "merci",
    "svp",
    "por favor",
    "gracias",
    "al habla",
    "obrigado",
    "obrigada",
    "aqui",
    "per favore",
    "grazie",
    "hai",
    "hain",
    "hu",
    "hun",
    "hoon",
    "hoo",
    "ji",
    "bol raha hu",
    "bol raha hoon",
    "bol rahi hu",
    "bol rahi hoon",
    "है",
    "हूँ",
    "हूं",
    "जी",
    "बोल रहा हूँ",
    "बोल रही हूँ",
    "बोल रहा हूं",
    "बोल रही हूं",
    "efendim",
    "lutfen",
];
/// The same where words are not set apart.
const JOINED_BEHIND: &[&str] =
    &["でございます", "と申します", "ともうします", "といいます", "と言います", "っていいます", "です", "だよ", "だ"];
/// What is said before a name there.
const JOINED_BEFORE: &[&str] = &["私の名前は", "わたしの名前は", "名前は", "私は", "わたしは", "僕は"];
/// Most words of a name, and most letters of one that is written without blanks.
const MOST_WORDS: usize = 5;
const MOST_JOINED: usize = 8;

impl PersonNames {
    /// The name that an answer is, where nothing else was heard in it: one of words that are nothing else. `is_word` says
    /// whether a lower-case word is one of every day, or of the bot.
    pub(crate) fn plausible(&self, text: &str, language: &str, is_word: &dyn Fn(&str) -> bool) -> Option<Found> {
        let said = text.trim();
        if said.is_empty()
            || said.contains(['?', '？', '؟', '@', '/', ':', ';', '\n'])
            || self.is_ruled_out(text, language)
        {
            return None;
        }
        let range = match said.chars().any(is_unspaced) {
            true => joined(text)?,
            false => self.set_apart(text, language, is_word)?,
        };
        let value = serde_json::Value::from(&text[range.clone()]);
        Some(Found { range, value, others: Vec::new(), incomplete: false })
    }

    /// A name of words that are set apart by blanks.
    fn set_apart(&self, text: &str, language: &str, is_word: &dyn Fn(&str) -> bool) -> Option<std::ops::Range<usize>> {
        let mut words = pieces(text);
        let cue = (1..=words.len().min(MOST_WORDS)).rev().find(|at| cue_before(&words, *at).is_some());
        words.drain(..cue.unwrap_or(0));
        while let Some(length) = said_behind(&words) {
            words.truncate(words.len() - length);
        }
        if words.is_empty() || words.len() > MOST_WORDS || words.iter().any(is_said_instead) {
            return None;
        }
        let is_name_like = |piece: &Piece<'_>| {
            piece
                .text
                .chars()
                .all(|c| c.is_alphabetic() || is_mark_of_letters(c) || matches!(c, '\'' | '’' | '-' | '.'))
                && !self.is_ignored(piece)
        };
        let joins = |pair: &[Piece<'_>]| {
            let between = text[pair[0].range.end..pair[1].range.start].trim();
            matches!(between, "" | "-" | "." | "'" | "’")
        };
        if !words.iter().all(is_name_like) || !words.windows(2).all(joins) {
            return None;
        }
        // What is left out at both ends has to be a cue, or marks.
        let has_case = |piece: &Piece<'_>| piece.text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        let is_particle = |piece: &Piece<'_>| PARTICLES.contains(&piece.folded.as_str());
        let is_of_every_day = |piece: &Piece<'_>| {
            let lower = piece.text.to_lowercase();
            is_word(&lower) || is_small(language, &piece.folded) || is_small(language, &lower)
        };
        let told: Vec<&Piece<'_>> = words.iter().filter(|piece| !is_particle(piece)).collect();
        let first = told.first()?;
        let is_told = match (cue.is_some(), has_case(first)) {
            // "my name is Will"
            (true, true) => told.iter().all(|it| it.is_capital() || is_known(it) || !is_of_every_day(it)),
            (false, true) if told.iter().all(|it| it.is_capital()) => {
                told.iter().any(|it| !is_of_every_day(it)) && told.iter().all(|it| !is_of_every_day(it) || is_known(it))
            }
            (false, true) => told.len() <= 2 && told.iter().all(|it| !is_of_every_day(it)),
            (_, false) => told.len() <= 3 && told.iter().all(|it| !is_of_every_day(it)),
        };
        let letters: usize = told.iter().map(|it| it.text.chars().filter(|c| c.is_alphabetic()).count()).sum();
        (is_told && letters > 1).then(|| span(&words, &(0..words.len())))
    }
}

/// Whether a word is said where a name is asked for, and is none.
pub(super) fn is_said_instead(piece: &Piece<'_>) -> bool {
    is_no_name(&plain(&piece.folded))
}

/// A folded word, with letters that Turkish and German have of their own as plain ones.
fn plain(folded: &str) -> String {
    folded.replace('ı', "i").replace('ß', "ss")
}

/// How many words at the end are said behind a name.
pub(super) fn said_behind(words: &[Piece<'_>]) -> Option<usize> {
    static SAID: LazyLock<HashSet<String>> = LazyLock::new(|| BEHIND.iter().map(|it| fold(it)).collect());
    (1..words.len().min(MOST_WORDS)).rev().find(|length| {
        let last: Vec<&str> = words[words.len() - length..].iter().map(|it| it.folded.as_str()).collect();
        SAID.contains(&last.join(" "))
    })
}

/// A name in letters that are not set apart: "田中です".
fn joined(text: &str) -> Option<std::ops::Range<usize>> {
    let mut start = text.len() - text.trim_start().len();
    let mut end = text.trim_end().trim_end_matches(['。', '、', '！', '.', '!']).len();
    let mut is_cued = false;
    if let Some(cue) = JOINED_BEFORE.iter().find(|it| text[start..end].starts_with(**it)) {
        (start, is_cued) = (start + cue.len(), true);
    }
    if let Some(cue) =
        JOINED_BEHIND.iter().find(|it| text[start..end].ends_with(**it) && text[start..end].len() > it.len())
    {
        (end, is_cued) = (end - cue.len(), true);
    }
    let name = text.get(start..end)?.trim_matches(' ');
    let is_letter = |c: char| is_unspaced(c) || matches!(c, '・' | 'ー' | '々' | ' ' | '　');
    let letters = name.chars().count();
    let is_verb =
        ["ます", "ください", "たい", "する", "して", "ない", "ません", "か", "よ", "ね", "を", "に", "は", "が", "の"]
            .iter()
            .any(|it| name.ends_with(it));
    let is_name = (2..=MOST_JOINED).contains(&letters)
        && name.chars().all(is_letter)
        && !is_no_name(name)
        && (is_cued || !is_verb);
    is_name.then(|| {
        let from = start + text[start..end].find(name).unwrap_or(0);
        from..from + name.len()
    })
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Vowel signs and the like, which are no letters of their own.
pub(super) fn is_mark_of_letters(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}')
}
