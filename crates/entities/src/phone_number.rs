//! Telephone numbers.

use serde_json::Value;

use crate::{Extractor, Found, Surroundings};

/// How many digits a number of one country may have.
const NATIONAL: std::ops::RangeInclusive<usize> = 3..=12;
/// How many digits a number with the code of its country may have.
const MOST_INTERNATIONAL: usize = 15;

/// Finds telephone numbers: 3 to 12 digits, up to 15 after `+`, with brackets, points, hyphens and blanks between them.
///
/// The value is a string of the digits; `+` is kept. Digits that belong to a word, a date in digits (`2021-04-03`), a
/// decimal or an amount of money (`$500`) are no telephone number.
#[derive(Clone, Copy, Debug, Default)]
pub struct PhoneNumbers;

impl Extractor for PhoneNumbers {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let starts = rest.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '('));
            let free =
                !text[..at].ends_with(|before: char| before.is_alphanumeric() || "@#$€£₹_/:.=%-+".contains(before));
            let length = if starts { run(rest) } else { 0 };
            if length == 0 {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            if free && let Some(number) = number(rest, length) {
                let range = at..at + number.length;
                found.push(Found { range, value: Value::from(number.value), others: Vec::new(), incomplete: false });
            }
            at += length;
        }
        found
    }
}

/// The length of the digits and separators at the beginning.
fn run(text: &str) -> usize {
    let mut length = 0;
    let mut separators = 0;
    for (index, character) in text.char_indices() {
        match character {
            '0'..='9' => separators = 0,
            '+' if index == 0 => {}
            '+' => break,
            ' ' | '\u{a0}' | '.' | '-' | '(' | ')' if separators < 3 => {
                separators += 1;
                continue;
            }
            _ => break,
        }
        length = index + 1;
    }
    length
}

struct Number {
    length: usize,
    value: String,
}

fn number(text: &str, length: usize) -> Option<Number> {
    let run = &text[..length];
    let after = text[length..].chars().next();
    let far = text[length..].chars().nth(1);
    let continues = after.is_some_and(|after| after.is_alphanumeric() || "@_%/:€£$".contains(after));
    let decimal = after.is_some_and(|after| ",.-".contains(after)) && far.is_some_and(char::is_alphanumeric);
    if continues || decimal || is_date(run) || is_decimal(run) || !brackets_match(run) {
        return None;
    }
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let fits = match run.starts_with('+') {
        true => (NATIONAL.start() + 2..=MOST_INTERNATIONAL).contains(&digits.len()),
        false => NATIONAL.contains(&digits.len()),
    };
    let value = if run.starts_with('+') { format!("+{digits}") } else { digits };
    fits.then_some(Number { length, value })
}

/// 2021-04-03, 3.4.2021, 12-05-99.
fn is_date(run: &str) -> bool {
    let pieces: Vec<&str> = run.split(['-', '.']).collect();
    let [first, second, third] = pieces[..] else { return false };
    let short = |piece: &str| matches!(piece.len(), 1 | 2) && piece.bytes().all(|byte| byte.is_ascii_digit());
    let year = |piece: &str| piece.len() == 4 && (piece.starts_with("19") || piece.starts_with("20"));
    short(second) && ((short(first) && (year(third) || short(third))) || (year(first) && short(third)))
}

/// 12.5, 1.234: one point, and too few digits around it for a telephone number.
fn is_decimal(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    run.bytes().filter(|byte| *byte == b'.').count() == 1
        && digits < 7
        && run.bytes().all(|b| b == b'.' || b.is_ascii_digit())
}

fn brackets_match(run: &str) -> bool {
    let mut open = 0;
    for byte in run.bytes() {
        match byte {
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if !(0..=1).contains(&open) {
            return false;
        }
    }
    open == 0
}
