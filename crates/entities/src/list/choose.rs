//! Choosing from a list that was shown: by letter, by number, by place.

/// The place (from 0) that an answer names in a list of `length` items: `b`, `b)`, `2`, `option 2`, `the second one`,
/// `last`. `None` where the answer is anything else.
pub fn place(answer: &str, length: usize) -> Option<usize> {
    let lower = answer.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '.' | '#' | '"' | '\'' | ',' | '!' | ':'))
        .filter(|word| !word.is_empty())
        .take(8)
        .collect();
    let named: Vec<&str> = match words.as_slice() {
        [only] => vec![*only],
        words => words.iter().copied().filter(|word| !is_filling(word)).collect(),
    };
    let number = match named.as_slice() {
        [] if words.last() == Some(&"one") => 1,
        ["second" | "next", "last"] | ["last", "but"] => length.checked_sub(1)?,
        [only] => by_number(only).or_else(|| by_ordinal(only, length)).or_else(|| by_letters(only))?,
        _ => return None,
    };
    (1..=length).contains(&number).then(|| number - 1)
}

fn is_filling(word: &str) -> bool {
    matches!(word, "the" | "one" | "option" | "number" | "no" | "choice" | "item" | "please" | "letter" | "answer")
}

fn by_number(word: &str) -> Option<usize> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let short = digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
    short.then(|| digits.parse().ok()).flatten()
}

fn by_ordinal(word: &str, length: usize) -> Option<usize> {
    const ORDINALS: [[&str; 2]; 12] = [
        ["first", "one"],
        ["second", "two"],
        ["third", "three"],
        ["fourth", "four"],
        ["fifth", "five"],
        ["sixth", "six"],
        ["seventh", "seven"],
        ["eighth", "eight"],
        ["ninth", "nine"],
        ["tenth", "ten"],
        ["eleventh", "eleven"],
        ["twelfth", "twelve"],
    ];
    match word {
        "last" => Some(length),
        word => ORDINALS.iter().position(|names| names.contains(&word)).map(|place| place + 1),
    }
}

/// a, b, … z, aa, ab …
fn by_letters(word: &str) -> Option<usize> {
    let short = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    short.then(|| word.bytes().fold(0, |number, b| number * 26 + usize::from(b - b'a') + 1))
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_are_letters_numbers_and_words() {
        for (answer, length, expected) in [
            ("a", 3, Some(0)),
            ("B)", 3, Some(1)),
            ("(c)", 3, Some(2)),
            ("d", 3, None),
            ("aa", 30, Some(26)),
            ("AB", 30, Some(27)),
            ("2", 3, Some(1)),
            ("0", 3, None),
            ("3.", 3, Some(2)),
            ("4", 3, None),
            ("option 2", 3, Some(1)),
            ("number two please", 3, Some(1)),
            ("the second one", 3, Some(1)),
            ("2nd", 3, Some(1)),
            ("the last one", 3, Some(2)),
            ("second last", 3, Some(1)),
            ("first", 0, None),
            ("one", 2, Some(0)),
            ("99999999999999999999", 3, None),
            ("a b", 3, None),
            ("book a flight", 30, None),
            ("", 3, None),
        ] {
            assert_eq!(place(answer, length), expected, "{answer}");
        }
    }
}
