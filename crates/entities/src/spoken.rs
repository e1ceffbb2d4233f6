//! English numbers in words.

use crate::decimal::Decimal;
use crate::tokens::Token;

/// A number that words stand for, and the token after it.
pub(crate) type Spoken = (Decimal, usize);

/// Zero to ninety: what one word says.
pub(crate) fn small(word: &str) -> Option<i64> {
    Some(match word {
        "zero" | "nil" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

/// Words that multiply what stands before them.
pub(crate) fn scale(word: &str) -> Option<i64> {
    Some(match word {
        "dozen" => 12,
        "hundred" | "hundreds" => 100,
        "thousand" | "thousands" => 1_000,
        "lakh" | "lakhs" | "lac" | "lacs" => 100_000,
        "million" | "millions" | "mio" | "mln" | "mil" => 1_000_000,
        "crore" | "crores" => 10_000_000,
        "billion" | "billions" | "bln" => 1_000_000_000,
        "trillion" | "trillions" => 1_000_000_000_000,
        _ => return None,
    })
}

/// A number in words from a token on, the longest: "two hundred and five", "one two three", "two point five".
pub(crate) fn number(tokens: &[Token], at: usize) -> Option<Spoken> {
    let word = |index: usize| tokens.get(index).filter(|token| token.is_word()).map(|token| token.lower.as_str());
    if matches!(word(at)?, "minus" | "negative") {
        let (value, next) = positive(tokens, at + 1)?;
        return Some((value.negated(), next));
    }
    positive(tokens, at)
}

fn positive(tokens: &[Token], at: usize) -> Option<Spoken> {
    let word = |index: usize| tokens.get(index).filter(|token| token.is_word()).map(|token| token.lower.as_str());
    // "half a dozen"
    if word(at) == Some("half")
        && let Some(scale) = word(at + 1).filter(|word| *word == "a").and_then(|_| word(at + 2)).and_then(scale)
    {
        return Some((Decimal::whole(scale).times(Decimal::read("", "5")?)?, at + 3));
    }
    if let Some(sequence) = sequence(tokens, at) {
        return Some(sequence);
    }
    let (whole, mut next) = cardinal(tokens, at)?;
    let mut value = Decimal::whole(whole);
    if word(next) == Some("point") {
        let digits: String = tokens[next + 1..].iter().map_while(digit).collect();
        if !digits.is_empty() {
            value = value.plus(Decimal::read("", &digits)?)?;
            next += 1 + digits.len();
        }
    } else if (word(next), word(next + 1), word(next + 2)) == (Some("and"), Some("a"), Some("half")) {
        value = value.plus(Decimal::read("", "5")?)?;
        next += 3;
    }
    match word(next).and_then(scale) {
        // "two point five million", "one and a half thousand"
        Some(scale) if value.to_i64().is_none() => Some((value.times(Decimal::whole(scale))?, next + 1)),
        _ => Some((value, next)),
    }
}

/// What a digit is called where digits are read one by one.
fn digit(token: &Token) -> Option<char> {
    match token.lower.as_str() {
        "oh" | "o" => Some('0'),
        word => small(word).filter(|value| *value < 10).and_then(|value| char::from_digit(value as u32, 10)),
    }
}

/// Digits read one by one ("one two three", "double five six") or in pairs ("twenty twenty").
fn sequence(tokens: &[Token], at: usize) -> Option<Spoken> {
    let mut digits = String::new();
    let mut next = at;
    let mut words = 0;
    while let Some(token) = tokens.get(next).filter(|token| token.is_word()) {
        let times = match token.lower.as_str() {
            "double" => 2,
            "triple" => 3,
            _ => 1,
        };
        let said = tokens.get(next + usize::from(times > 1)).and_then(digit);
        let Some(said) = said.filter(|_| words > 0 || !matches!(token.lower.as_str(), "oh" | "o")) else { break };
        digits.extend(std::iter::repeat_n(said, times));
        next += 1 + usize::from(times > 1);
        words += times;
        if digits.len() > crate::decimal::MAX_DIGITS {
            return None;
        }
    }
    // "one two thousand" is one, then two thousand.
    if tokens.get(next).is_some_and(|token| scale(&token.lower).is_some()) {
        return None;
    }
    if words >= 2 {
        return Some((Decimal::read(&digits, "")?, next));
    }
    let pair = |index| {
        let (value, next) = tens(tokens, index)?;
        (10..100).contains(&value).then_some((value, next))
    };
    let (first, next) = pair(at)?;
    let (second, next) = pair(next)?;
    Some((Decimal::whole(first * 100 + second), next))
}

/// Up to ninety-nine.
fn tens(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let value = small(&tokens.get(at)?.lower)?;
    if value < 20 {
        return Some((value, at + 1));
    }
    let hyphen = usize::from(tokens.get(at + 1).is_some_and(|token| token.is_mark("-")));
    match tokens.get(at + 1 + hyphen).and_then(|token| small(&token.lower)) {
        Some(ones @ 1..=9) => Some((value + ones, at + 2 + hyphen)),
        _ => Some((value, at + 1)),
    }
}

/// A whole number, with hundreds and thousands.
pub(crate) fn cardinal(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let word = |index: usize| tokens.get(index).map(|token| token.lower.as_str());
    let mut next = at;
    let (mut total, mut part): (i64, Option<i64>) = (0, None);
    let mut last_scale = i64::MAX;
    if matches!(word(at)?, "a" | "an") {
        scale(word(at + 1)?)?;
        part = Some(1);
        next += 1;
    }
    loop {
        let joined = word(next) == Some("and") && (last_scale != i64::MAX || part.is_some_and(|part| part >= 100));
        let here = next + usize::from(joined);
        if let Some((value, after)) = tens(tokens, here).filter(|_| part.is_none_or(|part| part % 100 == 0 && part > 0))
        {
            part = Some(part.unwrap_or(0) + value);
            next = after;
        } else if let Some(scale) = word(here).and_then(scale).filter(|_| !joined) {
            match scale {
                100 if part.map_or_else(|| word(here) != Some("hundreds"), |part| part < 100) => {
                    part = Some(part.unwrap_or(1) * 100)
                }
                // "hundreds" are any number of them.
                _ if part.is_none() && word(here).is_some_and(|word| word.ends_with('s')) => break,
                _ if scale < last_scale && scale != 100 && (part.is_some() || next == at) => {
                    total = total.checked_add(part.take().unwrap_or(1).checked_mul(scale)?)?;
                    last_scale = scale;
                }
                _ => break,
            }
            next = here + 1;
        } else {
            break;
        }
    }
    (next > at).then_some((total.checked_add(part.unwrap_or(0))?, next))
}

/// "first", "21st", "twenty first": the number and the token after it.
pub(crate) fn ordinal(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let token = tokens.get(at)?;
    if token.is_digits() {
        let suffix = tokens.get(at + 1).filter(|suffix| matches!(suffix.lower.as_str(), "st" | "nd" | "rd" | "th"))?;
        return suffix.glued.then(|| token.lower.parse().ok()).flatten().map(|value| (value, at + 2));
    }
    if let Some(value) = ordinal_word(&token.lower) {
        return Some((value, at + 1));
    }
    let tens = small(&token.lower).filter(|value| matches!(value, 20 | 30))?;
    let hyphen = usize::from(tokens.get(at + 1).is_some_and(|token| token.is_mark("-")));
    let ones = ordinal_word(&tokens.get(at + 1 + hyphen)?.lower).filter(|value| *value < 10)?;
    Some((tens + ones, at + 2 + hyphen))
}

fn ordinal_word(word: &str) -> Option<i64> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}
