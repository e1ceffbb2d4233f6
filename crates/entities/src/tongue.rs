//! What the words of a language say of numbers, days and times of day: a table per language, in `data/tongues/`.
//!
//! A table has a line for each thing that is said, and the ways to say it: `ten 30: treinta`, `day 2: pasado mañana`. The grammar
//! that reads them is one for all: [`number`] and [`when`]. How languages differ in it, lines that begin with `rule` say.

pub(crate) mod number;
mod rest;
mod sense;
pub(crate) mod when;

pub(crate) use sense::{Length, Sense};

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use crate::language::base;
use crate::tokens::{self, Shape, Token};

/// How a language differs from others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grammar {
    /// "drei und zwanzig".
    pub units_first: bool,
    /// "soixante dix", "quatre-vingt onze".
    pub vigesimal: bool,
    /// "halb acht" is half past seven.
    pub half_next: bool,
    /// An hour may have a fraction: "साढ़े नौ बजे".
    pub fractional_hours: bool,
    /// Hours are counted by ordinals.
    pub ordinal_hours: bool,
    /// Minutes follow the hour without a word for it: "seis quince".
    pub minutes_follow: bool,
    /// Words are not set apart.
    pub unspaced: bool,
    /// Numbers are written in one word.
    pub compounds: bool,
    /// "12 000" is one number.
    pub space_groups: bool,
    /// A word before an apostrophe is one of its own: "l'una".
    pub apostrophes: bool,
    /// 7:30 may be in the evening.
    pub twelve_hours: bool,
    /// For many, weeks begin with Sunday.
    pub sunday_first: bool,
}

/// The words of a language.
pub(crate) struct Tongue {
    /// What differs.
    pub grammar: Grammar,
    phrases: HashMap<String, Vec<(Vec<String>, Sense)>>,
    longest: usize,
    /// What words say that end so and are in no other line: "-enge".
    endings: Vec<(String, Sense)>,
    /// Letters that are written in one with the word behind them: "و".
    prefixes: Vec<String>,
}

/// The tables, by the code of the language.
const TABLES: &[(&str, &str)] = &[
    ("de", include_str!("../data/tongues/de.txt")),
    ("es", include_str!("../data/tongues/es.txt")),
    ("fr", include_str!("../data/tongues/fr.txt")),
    ("it", include_str!("../data/tongues/it.txt")),
    ("pt", include_str!("../data/tongues/pt.txt")),
    ("ja", include_str!("../data/tongues/ja.txt")),
    ("hi", include_str!("../data/tongues/hi.txt")),
    ("ar", include_str!("../data/tongues/ar.txt")),
    ("el", include_str!("../data/tongues/el.txt")),
    ("tr", include_str!("../data/tongues/tr.txt")),
];

/// The words of a language, if there is a table of it.
pub(crate) fn of(language: &str) -> Option<&'static Tongue> {
    static READ: [OnceLock<Tongue>; TABLES.len()] = [const { OnceLock::new() }; TABLES.len()];
    let at = TABLES.iter().position(|(code, _)| *code == base(language))?;
    Some(READ[at].get_or_init(|| Tongue::read(TABLES[at].1).unwrap_or_else(|line| panic!("{}: {line}", TABLES[at].0))))
}

/// A text in the pieces that the grammar of its language reads.
pub(crate) fn tokens(text: &str, language: &str) -> Vec<Token> {
    of(language).map_or_else(|| tokens::tokens(text), |tongue| tongue.tokens(text))
}

/// Small letters, without the accents of Latin, Greek and Arabic, and without the dot below of Devanagari.
pub(crate) fn fold(text: &str) -> String {
    let is_accent =
        |c: &char| matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{640}' | '\u{670}' | '\u{93c}');
    let plain = |c: char| match c {
        '\u{2019}' => '\'',
        'ı' => 'i',
        'ς' => 'σ',
        'ة' => 'ه',
        'ى' => 'ي',
        '\u{901}' => '\u{902}',
        c => c,
    };
    text.nfkd().filter(|c| !is_accent(c)).flat_map(char::to_lowercase).filter(|c| !is_accent(c)).map(plain).collect()
}

impl Tongue {
    fn read(table: &'static str) -> Result<Self, &'static str> {
        let mut tongue = Self {
            grammar: Grammar::default(),
            phrases: HashMap::new(),
            longest: 0,
            endings: Vec::new(),
            prefixes: Vec::new(),
        };
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (says, ways) = line.split_once(": ").ok_or(line)?;
            let (kind, value) = says.split_once(' ').unwrap_or((says, ""));
            match kind {
                "rule" => tongue.rule(value).ok_or(line)?,
                "prefix" => tongue.prefixes.extend(ways.split('|').map(|it| fold(it.trim()))),
                _ => {
                    let sense = sense::sense(kind, value).ok_or(line)?;
                    for way in ways.split('|') {
                        tongue.add(way.trim(), sense);
                    }
                }
            }
        }
        for ways in tongue.phrases.values_mut() {
            ways.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Ok(tongue)
    }

    fn rule(&mut self, name: &str) -> Option<()> {
        let grammar = &mut self.grammar;
        *match name {
            "units-first" => &mut grammar.units_first,
            "vigesimal" => &mut grammar.vigesimal,
            "half-next" => &mut grammar.half_next,
            "fractional-hours" => &mut grammar.fractional_hours,
            "ordinal-hours" => &mut grammar.ordinal_hours,
            "minutes-follow" => &mut grammar.minutes_follow,
            "unspaced" => &mut grammar.unspaced,
            "compounds" => &mut grammar.compounds,
            "space-groups" => &mut grammar.space_groups,
            "apostrophes" => &mut grammar.apostrophes,
            "twelve-hours" => &mut grammar.twelve_hours,
            "sunday-first" => &mut grammar.sunday_first,
            _ => return None,
        } = true;
        Some(())
    }

    fn add(&mut self, way: &str, sense: Sense) {
        if let Some(ending) = way.strip_prefix('-') {
            self.endings.push((fold(ending), sense));
            return;
        }
        let tokens = self.apart(way, tokens::tokens(way)).into_iter();
        let mut words = tokens.filter(|token| !token.is_mark("-")).map(|it| fold(&it.lower));
        let Some(first) = words.next() else { return };
        self.longest = self.longest.max(first.chars().count());
        self.phrases.entry(first).or_default().push((words.collect(), sense));
    }

    /// A text in the pieces that the grammar reads: words of numbers in one are taken apart, and where words are not set apart,
    /// those that are known.
    pub(crate) fn tokens(&self, text: &str) -> Vec<Token> {
        let mut pieces = Vec::new();
        for token in self.apart(text, tokens::tokens(text)) {
            if !token.is_word() {
                pieces.push(if self.grammar.unspaced { narrow(token) } else { token });
            } else if self.grammar.unspaced {
                self.cut(text, &token, &mut pieces);
            } else {
                self.take_apart(text, token, &mut pieces);
            }
        }
        pieces
    }

    /// Words that an apostrophe or a hyphen joins, apart: "l'una", "vingt-trois". The hyphen is left out.
    fn apart(&self, text: &str, tokens: Vec<Token>) -> Vec<Token> {
        if self.grammar.unspaced {
            return tokens;
        }
        let mut pieces: Vec<Token> = Vec::new();
        let mut following = tokens.into_iter().peekable();
        while let Some(token) = following.next() {
            let joins = token.is_mark("-") && token.glued && pieces.last().is_some_and(Token::is_word);
            if joins && following.peek().is_some_and(|next| next.glued && next.is_word()) {
                continue;
            }
            let (start, end) = (token.range.start, token.range.end);
            let is_apart = self.grammar.apostrophes && token.is_word();
            let marks: Vec<(usize, char)> = match is_apart {
                true => text[start..end].char_indices().filter(|(_, c)| matches!(c, '\'' | '’')).collect(),
                false => Vec::new(),
            };
            if marks.is_empty() {
                pieces.push(token);
                continue;
            }
            let mut from = start;
            for (at, mark) in marks {
                let (at, behind) = (start + at, start + at + mark.len_utf8());
                if from < at {
                    pieces.push(piece(text, from, at, from > start || token.glued));
                }
                pieces.push(Token { shape: Shape::Mark, ..piece(text, at, behind, true) });
                from = behind;
            }
            pieces.push(piece(text, from, end, true));
        }
        pieces
    }

    /// Words of a number in one: "zweihundertfünf".
    fn take_apart(&self, text: &str, token: Token, pieces: &mut Vec<Token>) {
        let written = &text[token.range.clone()];
        let folded = fold(written);
        let is_known = |word: &str| self.phrases.contains_key(word);
        if is_known(&folded) {
            pieces.push(token);
            return;
        }
        if let Some(prefix) = self.prefixes.iter().find(|it| folded.starts_with(it.as_str()))
            && let Some(length) = folded_prefix(written, prefix)
            && is_known(&folded[prefix.len()..])
        {
            let middle = token.range.start + length;
            pieces.push(piece(text, token.range.start, middle, token.glued));
            pieces.push(piece(text, middle, token.range.end, true));
            return;
        }
        const LONGEST_COMPOUND: usize = 80;
        if self.grammar.compounds && written.len() <= LONGEST_COMPOUND {
            let mut ends = Vec::new();
            if self.morphemes(written, 0, &mut ends, &mut vec![false; written.len() + 1]) {
                let mut start = 0;
                for end in ends {
                    let glued = start > 0 || token.glued;
                    pieces.push(piece(text, token.range.start + start, token.range.start + end, glued));
                    start = end;
                }
                return;
            }
        }
        pieces.push(token);
    }

    /// Where the words of a number end that are written in one from a place on; `dead` are places from which nothing leads on.
    fn morphemes(&self, written: &str, from: usize, ends: &mut Vec<usize>, dead: &mut [bool]) -> bool {
        if from == written.len() {
            return true;
        }
        if dead[from] {
            return false;
        }
        let places: Vec<usize> = written[from..].char_indices().map(|(at, c)| from + at + c.len_utf8()).collect();
        for end in places.into_iter().rev() {
            if self.is_of_numbers(&fold(&written[from..end])) {
                ends.push(end);
                if self.morphemes(written, end, ends, dead) {
                    return true;
                }
                ends.pop();
            }
        }
        dead[from] = true;
        false
    }

    fn is_of_numbers(&self, word: &str) -> bool {
        use Sense::{And, AndHalf, Half, Hundred, One, Ordinal, Part, Ten, Times, Unit, Value, Weekday};
        let senses = self.phrases.get(word).into_iter().flatten().filter(|(rest, _)| rest.is_empty());
        senses.into_iter().any(|(_, sense)| {
            matches!(
                sense,
                Unit(_) | One | Ten(_) | Hundred(_) | Times(_) | And | AndHalf | Half | Value(_) | Ordinal(_)
                    // "Freitagabend"
                    | Weekday(_) | Part(_)
            )
        })
    }

    /// Known words of a run of letters, the longest first; what lies between them stays in one.
    fn cut(&self, text: &str, token: &Token, pieces: &mut Vec<Token>) {
        let run = &text[token.range.clone()];
        let places: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let (mut at, mut unknown_from) = (0, 0);
        let mut push = |from: usize, to: usize| {
            if from < to {
                let (from, to) = (token.range.start + places[from], token.range.start + places[to]);
                pieces.push(piece(text, from, to, token.glued || from > token.range.start));
            }
        };
        while at + 1 < places.len() {
            let most = (at + self.longest).min(places.len() - 1);
            let known =
                (at + 1..=most).rev().find(|end| self.phrases.contains_key(&fold(&run[places[at]..places[*end]])));
            match known {
                Some(end) => {
                    push(unknown_from, at);
                    push(at, end);
                    (at, unknown_from) = (end, end);
                }
                None => at += 1,
            }
        }
        push(unknown_from, places.len() - 1);
    }

    /// What begins at each token, the longest first, with the token after it.
    fn senses(&self, tokens: &[Token]) -> Vec<Vec<(Sense, usize)>> {
        let folded: Vec<String> = tokens.iter().map(|token| fold(&token.lower)).collect();
        let matches = |at: usize, rest: &[String]| {
            let mut next = at + 1;
            for word in rest {
                let is_hyphen = tokens.get(next).is_some_and(|token| token.is_mark("-") && token.glued);
                next += usize::from(is_hyphen && tokens.get(next + 1).is_some_and(|token| token.glued));
                if folded.get(next) != Some(word) {
                    return None;
                }
                next += 1;
            }
            Some(next)
        };
        let begins = |at: usize| {
            let ways = self.phrases.get(&folded[at]).into_iter().flatten();
            let mut found: Vec<(Sense, usize)> =
                ways.filter_map(|(rest, sense)| Some((*sense, matches(at, rest)?))).collect();
            if !self.phrases.contains_key(&folded[at]) {
                let fits = |ending: &str| folded[at].len() > ending.len() && folded[at].ends_with(ending);
                found.extend(self.endings.iter().find(|(it, _)| fits(it)).map(|(_, sense)| (*sense, at + 1)));
            }
            if let Some((Sense::Nothing, end)) = found.first().copied() {
                found.retain(|(_, next)| *next == end);
            }
            found
        };
        (0..tokens.len()).map(begins).collect()
    }
}

/// Wide marks as narrow ones: "：", "（", "、".
fn narrow(mut token: Token) -> Token {
    if token.shape == Shape::Mark {
        token.lower = match token.lower.as_str() {
            "、" => ",".to_owned(),
            "〜" => "~".to_owned(),
            mark if mark.chars().all(|c| matches!(c, '\u{ff01}'..='\u{ff5e}' | '￥')) => fold(mark),
            _ => token.lower,
        };
    }
    token
}

fn piece(text: &str, from: usize, to: usize, glued: bool) -> Token {
    Token { range: from..to, shape: Shape::Word, lower: text[from..to].to_lowercase().replace('’', "'"), glued }
}

/// How many bytes of a word a prefix takes, which is folded.
fn folded_prefix(written: &str, prefix: &str) -> Option<usize> {
    let ends = written.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take_while(|end| fold(&written[..*end]).len() <= prefix.len()).last()
}

/// A text with what its words say.
pub(crate) struct Script<'t> {
    /// Whose words they are.
    pub tongue: &'static Tongue,
    /// The text.
    pub text: &'t str,
    /// Its pieces.
    pub tokens: &'t [Token],
    /// Whether 1,5 is one and a half.
    pub decimal_comma: bool,
    senses: Vec<Vec<(Sense, usize)>>,
}

impl<'t> Script<'t> {
    /// Reads the pieces of a text.
    pub(crate) fn new(tongue: &'static Tongue, text: &'t str, tokens: &'t [Token], language: &str) -> Self {
        let decimal_comma = crate::language::has_decimal_comma(language);
        Self { tongue, text, tokens, decimal_comma, senses: tongue.senses(tokens) }
    }

    /// What begins at a token, the longest first, with the token after it.
    pub(crate) fn senses(&self, at: usize) -> &[(Sense, usize)] {
        self.senses.get(at).map_or(&[], Vec::as_slice)
    }

    /// The first of them that fits, and the token after it.
    pub(crate) fn pick<T>(&self, at: usize, fits: impl Fn(Sense) -> Option<T>) -> Option<(T, usize)> {
        self.senses(at).iter().find_map(|(sense, next)| Some((fits(*sense)?, *next)))
    }

    /// The month that begins at a token, January is 1.
    pub(crate) fn month(&self, at: usize) -> Option<(i8, usize)> {
        self.pick(at, |it| if let Sense::Month(month) = it { Some(month) } else { None })
    }

    /// The day of the week that begins at a token, Monday is 0.
    pub(crate) fn weekday(&self, at: usize) -> Option<(i8, usize)> {
        self.pick(at, |it| if let Sense::Weekday(day) = it { Some(day) } else { None })
    }

    /// So many months from this one: "nächsten Monat".
    pub(crate) fn months(&self, at: usize) -> Option<(i64, usize)> {
        self.pick(at, |it| if let Sense::Months(months) = it { Some(months) } else { None })
    }

    /// So many weeks from this one: "la semana que viene".
    pub(crate) fn weeks(&self, at: usize) -> Option<(i64, usize)> {
        self.pick(at, |it| if let Sense::Week(weeks) = it { Some(weeks) } else { None })
    }

    /// The token after a sense, if it begins here.
    pub(crate) fn after(&self, at: usize, sense: Sense) -> Option<usize> {
        self.pick(at, |it| (it == sense).then_some(())).map(|(_, next)| next)
    }

    /// The same, or the place itself.
    pub(crate) fn skip(&self, at: usize, sense: Sense) -> usize {
        self.after(at, sense).unwrap_or(at)
    }

    /// Whether nothing stands here that a number before it would count: "el 5", "le 5, merci".
    pub(crate) fn is_free(&self, at: usize) -> bool {
        use Sense::{At, ExceptBehind, Filler, NotBehind, Or, Part};
        let Some(token) = self.tokens.get(at) else { return true };
        let says_so = |it: Sense| matches!(it, Filler | At | Part(_) | Or | NotBehind | ExceptBehind).then_some(());
        (!token.is_word() && (!token.glued || token.is_mark(",") || token.is_mark(".")))
            || self.pick(at, says_so).is_some()
    }

    /// Whether only what says nothing stands from a token on.
    pub(crate) fn is_end(&self, mut at: usize) -> bool {
        while let Some(token) = self.tokens.get(at) {
            let filler = self.after(at, Sense::Filler).or_else(|| self.after(at, Sense::Nothing));
            let is_mark = !token.is_word() && !token.is_digits() && !"-/%$€£¥₹".contains(&token.lower);
            if filler.is_none() && !is_mark {
                return false;
            }
            at = filler.unwrap_or(at + 1);
        }
        true
    }

    /// Whether only what says nothing stands before a token.
    pub(crate) fn is_beginning(&self, at: usize) -> bool {
        let mut from = 0;
        while from < at {
            let filler = self.after(from, Sense::Filler).or_else(|| self.after(from, Sense::Nothing));
            if filler.is_none() && (self.tokens[from].is_word() || self.tokens[from].is_digits()) {
                return false;
            }
            from = filler.unwrap_or(from + 1);
        }
        from == at
    }

    /// Whether verbs say that something is still to come, or that it is over: `None` where they do not, or say both.
    pub(crate) fn is_to_come(&self) -> Option<bool> {
        let any = |sense: Sense| (0..self.tokens.len()).any(|at| self.after(at, sense).is_some());
        let (will, was) = (any(Sense::Will), any(Sense::Was));
        (will != was).then_some(will)
    }

    /// Where a stretch of tokens stands.
    pub(crate) fn range(&self, from: usize, next: usize) -> std::ops::Range<usize> {
        self.tokens[from].range.start..self.tokens[next - 1].range.end
    }
}
