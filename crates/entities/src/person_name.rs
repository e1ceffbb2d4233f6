//! Names of people.

mod plausible;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use patterns::{Concepts, Matcher, Options, Pattern};
use serde_json::Value;

use crate::data::{is_first_name, is_last_name};
use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{Piece, fold, pieces, span};
use crate::stop::is_small;
use crate::text::Language;
use crate::words::pattern_words;
use plausible::{PARTICLES, is_mark_of_letters, is_said_instead, said_behind};

/// What people say before their name, folded.
const CUES: &[&str] = &[
    "my name is",
    "my name's",
    "name is",
    "call me",
    "i am",
    "i'm",
    "this is",
    "mr",
    "mrs",
    "ms",
    "dr",
    "ich heiße",
    "ich heisse",
    "mein name ist",
    "ich bin",
    "me llamo",
    "mi nombre es",
    "soy",
    "je m'appelle",
    "mon nom est",
    "meu nome e",
    "me chamo",
    "mi chiamo",
    "nama saya",
    "mein name ist",
    "hier ist",
    "hier spricht",
    "le habla",
    "les habla",
    "habla",
    "moi c'est",
    "c'est",
    "ici",
    "je suis",
    "mon prénom est",
    "sono",
    "il mio nome è",
    "sou",
    "sou o",
    "sou a",
    "eu sou o",
    "eu sou a",
    "aqui é o",
    "aqui é a",
    "fala a",
    "meu nome é",
    "mera naam",
    "mera nam",
    "main",
    "mai",
    "मेरा नाम",
    "मैं",
    "benim adım",
    "adım",
    "ben",
    "με λένε",
    "είμαι ο",
    "είμαι η",
    "το όνομά μου είναι",
    "اسمي",
    "أنا",
];
/// Cues that are followed by other things as well: the name has to look like one.
const WEAK_CUES: &[&str] = &[
    "i am",
    "i'm",
    "this is",
    "ich bin",
    "soy",
    "call me",
    "c'est",
    "ici",
    "je suis",
    "hier ist",
    "habla",
    "sono",
    "sou",
    "main",
    "mai",
    "मैं",
    "ben",
    "أنا",
];
/// What stands before the last name of a list, folded.
const AND: &[&str] = &["and", "und", "et", "y", "e", "en", "dan"];
/// Most words of a name.
const LONGEST: usize = 5;

/// Finds names of people: what follows "my name is", known names, and runs of capitalised words with a known one.
#[derive(Clone, Debug, Default)]
pub struct PersonNames {
    /// Lower-case words that are never part of a name.
    pub ignored: Vec<String>,
    /// Patterns of texts that say no name.
    pub negative_patterns: Vec<String>,
}

impl PersonNames {
    fn is_ruled_out(&self, text: &str, language: &str) -> bool {
        if self.negative_patterns.is_empty() {
            return false;
        }
        let language = Language::of(language);
        let words = pattern_words(&language.tokens(text));
        let concepts = Concepts::default();
        let mut matcher = Matcher::new(&words, &concepts, Options::ENTITY);
        self.negative_patterns.iter().any(|pattern| {
            let pattern = Pattern::parse(pattern, &|word| language.stem(word).into_owned());
            pattern.is_ok_and(|pattern| matcher.find(&pattern).is_some())
        })
    }

    /// Whether a word can be part of a name at all.
    fn may_be(&self, piece: &Piece<'_>, language: &str) -> bool {
        piece.text.chars().all(|c| c.is_alphabetic() || is_mark_of_letters(c) || matches!(c, '\'' | '’' | '-'))
            && !self.is_ignored(piece)
            && !is_small(language, &piece.folded)
    }

    fn is_ignored(&self, piece: &Piece<'_>) -> bool {
        self.ignored.contains(&piece.text.to_lowercase())
    }

    /// How many words from a place on may be a name, nothing but blanks, dots of initials and hyphens between them.
    fn run(&self, text: &str, words: &[Piece<'_>], from: usize, language: &str) -> usize {
        // "Juan de la Cruz": small words before a capital one.
        let is_particle = |place: usize| {
            let small = |piece: &&Piece<'_>| PARTICLES.contains(&piece.folded.as_str()) && !piece.is_capital();
            let behind = words[place..].iter().find(|piece| !small(piece));
            words.get(place).filter(small).is_some() && behind.is_some_and(Piece::is_capital)
        };
        let mut length = 0;
        while let Some(piece) = words.get(from + length).filter(|_| length < LONGEST) {
            let joined = length == 0 || {
                let last = &words[from + length - 1];
                let between = text[last.range.end..piece.range.start].trim();
                between.is_empty() || between == "-" || (between == "." && last.text.chars().count() == 1)
            };
            let is_inside = length > 0 && words[from].is_capital() && is_particle(from + length);
            if !joined || !(self.may_be(piece, language) || is_inside) {
                break;
            }
            length += 1;
        }
        length
    }

    /// The names that a text lists and says nothing else: "Ann, Bob and Carl". Each begins with a known first name, so that
    /// "Smith, John" is none.
    fn listed(&self, text: &str, words: &[Piece<'_>], language: &str) -> Option<Vec<Range<usize>>> {
        let mut names: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            if at > 0 && AND.contains(&words[at].folded.as_str()) {
                at += 1;
                continue;
            }
            let run = self.run(text, words, at, language);
            let length = words[at..at + run].iter().take_while(|it| !AND.contains(&it.folded.as_str())).count();
            if length == 0 || !is_first_name(&words[at].folded) {
                return None;
            }
            names.push(at..at + length);
            at += length;
        }
        (names.len() > 1).then_some(names)
    }

    fn name_at(&self, text: &str, words: &[Piece<'_>], at: usize, language: &str) -> Option<Range<usize>> {
        let run = self.run(text, words, at, language);
        let is_written_so = |piece: &&Piece<'_>| piece.is_capital() || PARTICLES.contains(&piece.folded.as_str());
        let capitals = match words[at].is_capital() {
            true => words[at..at + run].iter().take_while(is_written_so).count(),
            false => 0,
        };
        let known = |place: usize| words.get(place).is_some_and(|piece| is_known(piece));
        let cue = cue_before(words, at);
        if cue.is_some_and(|cue| !WEAK_CUES.contains(&cue)) {
            let mut length = if capitals > 0 { capitals } else { run.min(3) };
            while let Some(behind) = said_behind(&words[at..at + length]) {
                length -= behind;
            }
            return (length > 0).then(|| at..at + length);
        }
        let cued = cue.is_some();
        // "i am mary", and nothing else.
        if cued && at + run == words.len() && run <= 3 && is_first_name(&words[at].folded) {
            return Some(at..at + run);
        }
        if capitals > 0 && (cued || is_first_name(&words[at].folded)) {
            let single = capitals == 1 && !cued && words.len() > 1 && words[at].first;
            return (!single).then(|| at..at + capitals);
        }
        let is_cued_later = || (1..words.len().min(LONGEST + 1)).any(|at| cue_before(words, at).is_some());
        let is_no_name = || words[at..at + run].iter().all(is_said_instead);
        let alone = at == 0 && run == words.len() && run <= 4 && !is_cued_later() && !is_no_name();
        // "mi name iz dave" is none: of small words each has to be known.
        let all_known = words[at..at + run].iter().all(is_known);
        if alone && (capitals == run && run > 1 || (known(0) && (capitals > 0 || all_known))) {
            return Some(0..run);
        }
        // "Will May": words of little meaning, and a name from end to end.
        let is_of_names = |piece: &Piece<'_>| {
            piece.is_capital() && is_known(piece) && !self.is_ignored(piece) && !is_said_instead(piece)
        };
        if at == 0 && words.len() <= 4 && words.iter().all(is_of_names) {
            return Some(0..words.len());
        }
        let pair = run >= 2 && is_first_name(&words[at].folded) && is_last_name(&words[at + 1].folded);
        (pair && words[at].folded.len() > 2).then(|| at..at + 2)
    }
}

/// Family names that most names in Chinese characters begin with.
const CHINESE: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭羅謝許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚陸龍賀顧錢嚴湯";

/// Whether a text is a name in Chinese characters: a family name and one or two more, nothing else.
fn is_chinese(text: &str) -> bool {
    let is_character = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    (2..=3).contains(&text.chars().count())
        && text.chars().all(is_character)
        && text.chars().next().is_some_and(|first| CHINESE.contains(first))
}

fn is_known(piece: &Piece<'_>) -> bool {
    // "O'Brien"
    let is_irish = piece.text.strip_prefix("O'").or_else(|| piece.text.strip_prefix("O’")).is_some_and(|name| {
        name.chars().next().is_some_and(char::is_uppercase) && name.chars().skip(1).any(char::is_lowercase)
    });
    if is_irish {
        return true;
    }
    is_first_name(&piece.folded) || is_last_name(&piece.folded)
}

/// The cue that ends before a place; the longest.
fn cue_before(words: &[Piece<'_>], at: usize) -> Option<&'static str> {
    static FOLDED: LazyLock<HashMap<String, &str>> =
        LazyLock::new(|| CUES.iter().map(|cue| (fold(cue), *cue)).collect());
    (1..=LONGEST.min(at)).rev().find_map(|length| {
        let said: Vec<&str> = words[at - length..at].iter().map(|piece| piece.folded.as_str()).collect();
        FOLDED.get(&said.join(" ")).copied()
    })
}

impl Extractor for PersonNames {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        if self.is_ruled_out(text, surroundings.language) {
            return Vec::new();
        }
        if is_chinese(text.trim()) {
            let range = text.len() - text.trim_start().len()..text.trim_end().len();
            return vec![Found { value: Value::from(text.trim()), range, others: Vec::new(), incomplete: false }];
        }
        let language = Language::of(surroundings.language);
        let words = pieces(text);
        let names = self.listed(text, &words, language.code()).unwrap_or_else(|| {
            let mut names = Vec::new();
            let mut at = 0;
            while at < words.len() {
                let name = self.name_at(text, &words, at, language.code());
                at = name.as_ref().map_or(at + 1, |name| name.end);
                names.extend(name);
            }
            names
        });
        let found = |name: Range<usize>| {
            let range = span(&words, &name);
            let value = Value::from(&text[range.clone()]);
            Found { range, value, others: Vec::new(), incomplete: false }
        };
        names.into_iter().map(found).collect()
    }
}
