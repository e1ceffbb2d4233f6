//! Numbers in a text, in digits and in words: what numbers, shares, amounts of money and quantities start from.

use std::ops::Range;

use crate::decimal::Decimal;
use crate::tokens::{Token, stands_alone, without_overlaps};
use crate::tongue::number::Said;
use crate::tongue::{self, Script, Sense, Tongue};
use crate::{Surroundings, duckling, language, spoken};

/// More groups than this are no number, and are not looked at.
const MOST_PIECES: usize = 10;

/// A number in a text.
#[derive(Clone, Debug)]
pub(crate) struct Numeral {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub value: Decimal,
    /// It is a plain run of digits, nothing else.
    pub plain: bool,
    /// The token after it.
    pub next: usize,
    /// Its first token.
    pub first: usize,
    /// It is the word for one alone, which mostly is no number.
    pub bare_one: bool,
}

/// The numbers of a text, in order. `tokens` are those of the text.
pub(crate) fn numerals(text: &str, tokens: &[Token], surroundings: &Surroundings<'_>) -> Vec<Numeral> {
    if let Some(tongue) = tongue::of(surroundings.language) {
        return in_tongue(&Script::new(tongue, text, tokens, surroundings.language));
    }
    let english = language::is_english(surroundings.language);
    let comma = language::has_decimal_comma(surroundings.language);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let numeral = if tokens[at].is_word() {
            english.then(|| in_words(tokens, at)).flatten()
        } else {
            in_digits(text, tokens, at, comma)
        };
        match numeral {
            Some(numeral) => {
                at = numeral.next;
                found.push(numeral);
            }
            // A run of digits that is no number is left as a whole.
            None if tokens[at].is_digits() => at = end_of_chain(tokens, at),
            None => at += 1,
        }
    }
    if !english {
        found.extend(foreign(text, tokens, surroundings));
        found = without_overlaps(found, |numeral| numeral.range.clone());
    }
    found
}

/// The numbers of a text in a language that has a table of its words.
fn in_tongue(script: &Script<'_>) -> Vec<Numeral> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < script.tokens.len() {
        if let Some(next) = script.after(at, Sense::Nothing) {
            at = next;
            continue;
        }
        let Some(said) = script.number(at) else {
            at = if script.tokens[at].is_digits() { end_of_chain(script.tokens, at) } else { at + 1 };
            continue;
        };
        let Said { value, next, first, plain, bare_one, .. } = said;
        // With nothing but words like "please" the article is a number.
        let bare_one = bare_one && !(script.is_beginning(first) && script.is_end(next));
        found.push(Numeral { range: script.range(first, next), value, plain, next, first, bare_one });
        at = next;
    }
    found
}

/// An English number in words.
fn in_words(tokens: &[Token], at: usize) -> Option<Numeral> {
    let (value, next) = spoken::number(tokens, at)?;
    let range = tokens[at].range.start..tokens[next - 1].range.end;
    Some(Numeral { range, value, plain: false, next, first: at, bare_one: next == at + 1 && tokens[at].lower == "one" })
}

/// Digits that begin at a token, with a sign or without (the second of the pair).
pub(crate) fn digits(
    text: &str,
    tokens: &[Token],
    at: usize,
    decimal_comma: bool,
    tongue: &Tongue,
) -> Option<(Said, bool)> {
    let unspaced = tongue.grammar.unspaced;
    tokens.get(at)?;
    let (mut said, signed) = signed(text, tokens, at, decimal_comma, unspaced)?;
    // "1,5k"
    let letter = tokens.get(said.next).filter(|token| token.glued && token.is_word());
    let times = letter.and_then(|letter| match letter.lower.as_str() {
        "k" => Some(1_000),
        "mn" | "mm" | "mio" => Some(1_000_000),
        "bn" | "mrd" => Some(1_000_000_000),
        _ => None,
    });
    if let Some(times) = times {
        said.value = said.value.times(Decimal::whole(times))?;
        said.next += 1;
        said.plain = false;
    }
    Some((said, signed))
}

fn in_digits(text: &str, tokens: &[Token], at: usize, decimal_comma: bool) -> Option<Numeral> {
    let (said, is_signed) = signed(text, tokens, at, decimal_comma, false)?;
    let Said { mut value, mut next, first, mut plain, .. } = said;
    let is_negative = is_signed && tokens[at].lower != "+";
    if let Some((times, after)) = multiplier(tokens, next) {
        value = value.times(Decimal::whole(times))?;
        plain = false;
        next = after;
        if times >= 1000
            && let Some((rest, after)) = tail(tokens, next, times)
        {
            value = value.plus(Decimal::whole(if is_negative { -rest } else { rest }))?;
            next = after;
        }
    }
    let range = tokens[first].range.start..tokens[next - 1].range.end;
    Some(Numeral { range, value, plain, next, first, bare_one: false })
}

/// Digits with their sign, if they have one.
fn signed(text: &str, tokens: &[Token], at: usize, decimal_comma: bool, unspaced: bool) -> Option<(Said, bool)> {
    let mut first = at;
    let mut digits_at = at;
    let signed = tokens[at].is_mark("-") || tokens[at].is_mark("−") || tokens[at].is_mark("+");
    if signed {
        if tokens[at].glued && !text[..tokens[at].range.start].ends_with(['$', '€', '£', '(']) {
            return None;
        }
        digits_at += 1;
    }
    let point = tokens.get(digits_at).is_some_and(|token| token.is_mark(".") && (!token.glued || digits_at > at));
    let start = digits_at + usize::from(point);
    let head = tokens.get(start).filter(|token| token.is_digits())?;
    if (start > at && !head.glued) || (start == at && !unspaced && is_part_of_a_name(tokens, at)) {
        return None;
    }
    if unspaced && joins_more(tokens, start) {
        return None;
    }
    let (value, next, plain) = if point {
        (Decimal::read("", &head.lower)?, start + 1, false)
    } else {
        let (value, next) = grouped(tokens, start, decimal_comma)?;
        (value, next, next == start + 1)
    };
    let (value, next, plain) = match with_fraction(tokens, next, value).filter(|_| plain) {
        Some((value, next)) => (value, next, false),
        None => (value, next, plain),
    };
    let is_plus = tokens[at].is_mark("+");
    first += usize::from(is_plus);
    let value = if signed && !is_plus { value.negated() } else { value };
    Some((Said { value, next, first, plain: plain && !signed, bare_one: false, in_words: false }, signed))
}

/// "3 1/2", "3½": halves and quarters behind a whole number.
fn with_fraction(tokens: &[Token], at: usize, whole: Decimal) -> Option<(Decimal, usize)> {
    let lower = |at: usize| tokens.get(at).map(|token| token.lower.as_str());
    let is_glued = |at: usize| tokens.get(at).is_some_and(|token| token.glued);
    let (hundredths, next) = match lower(at)? {
        "½" => ("5", at + 1),
        "¼" => ("25", at + 1),
        "¾" => ("75", at + 1),
        above if lower(at + 1) == Some("/") && is_glued(at + 1) && is_glued(at + 2) && !is_glued(at) => {
            let goes_on = is_glued(at + 3) && !matches!(lower(at + 3), Some("." | "," | "!" | "?"));
            let hundredths = match (above, lower(at + 2)?) {
                ("1", "2") => "5",
                ("1", "4") => "25",
                ("3", "4") => "75",
                _ => return None,
            };
            (!goes_on).then_some((hundredths, at + 3))?
        }
        _ => return None,
    };
    Some((whole.plus(Decimal::read("", hundredths)?)?, next))
}

/// "5 thousand two hundred": what follows the thousands.
fn tail(tokens: &[Token], at: usize, scale: i64) -> Option<(i64, usize)> {
    let and = usize::from(tokens.get(at)?.lower == "and");
    let (rest, next) = spoken::cardinal(tokens, at + and)?;
    (rest > 0 && rest < scale && (and == 0 || rest < 100)).then_some((rest, next))
}

/// Digits glued to what makes them part of a name, a date, a version: "A12", "NLP-1234", "10/12", "2021-04-03".
fn is_part_of_a_name(tokens: &[Token], at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).map(|index| &tokens[index]);
    let glued_to = |token: Option<&Token>, next: &Token| token.filter(|_| next.glued).map(|token| token.lower.clone());
    let Some(left) = glued_to(before(1), &tokens[at]) else { return joins_more(tokens, at) };
    let farther = before(1).and_then(|mark| glued_to(before(2), mark));
    let word_or_digits = |piece: &Option<String>| {
        piece.as_ref().is_some_and(|piece| piece.chars().next().is_some_and(char::is_alphanumeric))
    };
    match left.as_str() {
        // "Rs.500"
        "." if farther.as_ref().is_some_and(|piece| is_currency_prefix(piece)) => joins_more(tokens, at),
        "-" | "–" | "." | "," => {
            (word_or_digits(&farther) && !farther.as_ref().is_some_and(|piece| piece.as_bytes()[0].is_ascii_digit()))
                || joins_more(tokens, at)
        }
        "/" | ":" | "_" | "@" => word_or_digits(&farther),
        "#" | "'" => false,
        _ => before(1).is_some_and(Token::is_word) && !is_currency_prefix(&left) || joins_more(tokens, at),
    }
}

/// "$" and the like may be letters: "Rs500", "USD20".
fn is_currency_prefix(word: &str) -> bool {
    matches!(word, "rs" | "रु" | "रू" | "tl") || crate::currency::is_code(&word.to_ascii_uppercase())
}

/// A date, a time, a version, a telephone number: three runs joined, or two by a slash or colon.
fn joins_more(tokens: &[Token], at: usize) -> bool {
    let mut index = at;
    let mut hyphens = 0;
    while let (Some(mark), Some(after)) = (tokens.get(index + 1), tokens.get(index + 2)) {
        if index > at + MOST_PIECES || !(mark.glued && after.glued && after.is_digits()) {
            break;
        }
        match mark.lower.as_str() {
            "/" | ":" => return true,
            "-" | "–" => hyphens += 1,
            "." | "," => {}
            _ => break,
        }
        index += 2;
    }
    hyphens >= 2
}

fn end_of_chain(tokens: &[Token], at: usize) -> usize {
    let mut index = at + 1;
    while tokens.get(index).is_some_and(|token| token.glued) && !tokens[index].is_word() {
        index += 1;
    }
    index
}

/// A run of digits with separators, from a token on: the number, and the token after it.
fn grouped(tokens: &[Token], at: usize, decimal_comma: bool) -> Option<(Decimal, usize)> {
    let mut pieces: Vec<&str> = vec![&tokens[at].lower];
    let mut marks: Vec<char> = Vec::new();
    let mut next = at + 1;
    while let (Some(mark), Some(digits)) = (tokens.get(next), tokens.get(next + 1)) {
        let Some(separator) = mark.lower.chars().next().filter(|mark| matches!(mark, '.' | ',' | '\'')) else { break };
        if pieces.len() > MOST_PIECES || !(mark.glued && digits.glued && digits.is_digits()) {
            break;
        }
        marks.push(separator);
        pieces.push(&digits.lower);
        next += 2;
    }
    let usual = if decimal_comma { (',', '.') } else { ('.', ',') };
    let read = |(point, group): (char, char)| read_groups(&pieces, &marks, point, group);
    let both = marks.contains(&'.') && marks.contains(&',');
    let value = match read(usual) {
        Some(value) => Some(value),
        None if both => read((usual.1, usual.0)),
        // Groups as they are written in Switzerland: "1'000.50".
        None if marks.contains(&'\'') && marks.contains(&'.') => read(('.', ',')),
        // "1.5" where 1,5 is usual.
        None if marks == ['.'] => read(('.', ',')),
        // "1'000.50": Switzerland.
        None if marks.contains(&'\'') => read(('.', '\'')),
        None => None,
    };
    match value {
        Some(value) => Some((value, next)),
        // "1,5" in English: a list of two; 6'2": feet and inches.
        None if marks.iter().all(|mark| matches!(mark, ',' | '\'')) => Some((Decimal::read(pieces[0], "")?, at + 1)),
        None => None,
    }
}

fn read_groups(pieces: &[&str], marks: &[char], point: char, group: char) -> Option<Decimal> {
    let points = marks.iter().filter(|mark| **mark == point).count();
    if points > 1 || (points == 1 && marks.last() != Some(&point)) {
        return None;
    }
    let (whole, fraction) = pieces.split_at(pieces.len() - points);
    let groups = |mark: &char| *mark == group || *mark == '\'';
    if !marks[..marks.len() - points].iter().all(groups) {
        return None;
    }
    if whole.len() > 1 {
        let (first, rest) = whole.split_first()?;
        let (last, middle) = rest.split_last()?;
        // India groups in pairs: 12,34,567.
        let pairs = middle.iter().all(|piece| piece.len() == 2);
        let threes = middle.iter().all(|piece| piece.len() == 3);
        if first.len() > 3 || last.len() != 3 || !(pairs || threes) {
            return None;
        }
    }
    Decimal::read(&whole.concat(), &fraction.concat())
}

/// "k", "million": how much more, and the token after it.
fn multiplier(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let token = tokens.get(at).filter(|token| token.is_word())?;
    let times = match token.lower.as_str() {
        "k" if token.glued => 1_000,
        // "m" may be a metre: whoever asks for numbers or money decides.
        "mn" | "mm" if token.glued => 1_000_000,
        "b" | "bn" if token.glued => 1_000_000_000,
        "cr" => 10_000_000,
        "duizend" | "tusen" | "tusind" => 1_000,
        "miljoen" | "miljoner" | "millioner" => 1_000_000,
        "milliard" => 1_000_000_000,
        word => spoken::scale(word).filter(|_| word != "mil")?,
    };
    Some((times, at + 1))
}

/// Numbers in words of other languages.
fn foreign(text: &str, tokens: &[Token], surroundings: &Surroundings<'_>) -> Vec<Numeral> {
    let numbers = duckling::numbers(text, surroundings.language, surroundings.now);
    let written_out = numbers.into_iter().filter(|found| {
        let words = &text[found.range.clone()];
        !words.contains(|character: char| character.is_ascii_digit()) && stands_alone(text, &found.range)
    });
    written_out
        .filter_map(|found| {
            let value = found.value.to_string();
            let (whole, fraction) = value.split_once('.').unwrap_or((&value, ""));
            let negative = whole.starts_with('-');
            let read = Decimal::read(whole.trim_start_matches('-'), fraction)?;
            let first = tokens.partition_point(|token| token.range.end <= found.range.start);
            let next = tokens.partition_point(|token| token.range.start < found.range.end);
            Some(Numeral {
                value: if negative { read.negated() } else { read },
                plain: false,
                next,
                first,
                // "un", "eine": an article.
                bare_one: found.value == 1.0,
                range: found.range,
            })
        })
        .collect()
}
