//! A text as words, runs of digits and marks: what every scanner of this crate reads.

use std::ops::Range;

/// What a piece of text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters, with an apostrophe between them.
    Word,
    /// Digits, in any script; [`Token::lower`] has them as 0 to 9.
    Digits,
    /// One character of any other sort.
    Mark,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What it is made of.
    pub shape: Shape,
    /// The piece in small letters, with a straight apostrophe.
    pub lower: String,
    /// No blank stands before it.
    pub glued: bool,
}

impl Token {
    /// Whether it is this mark.
    pub fn is_mark(&self, mark: &str) -> bool {
        self.shape == Shape::Mark && self.lower == mark
    }

    /// Whether it is a run of digits.
    pub fn is_digits(&self) -> bool {
        self.shape == Shape::Digits
    }

    /// Whether it is a word.
    pub fn is_word(&self) -> bool {
        self.shape == Shape::Word
    }
}

/// Cuts a text into its pieces; blanks are left out.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut characters = text.char_indices().peekable();
    let mut end_before = 0;
    while let Some((start, first)) = characters.next() {
        if first.is_whitespace() {
            continue;
        }
        let shape = shape_of(first);
        let mut end = start + first.len_utf8();
        while let Some(&(at, next)) = characters.peek() {
            let apostrophe =
                matches!(next, '\'' | '’') && text[at + next.len_utf8()..].starts_with(char::is_alphabetic);
            let continues = match shape {
                Shape::Mark => false,
                Shape::Digits => digit(next).is_some(),
                Shape::Word => shape_of(next) == Shape::Word || apostrophe || is_joining(next),
            };
            if !continues {
                break;
            }
            characters.next();
            end = at + next.len_utf8();
        }
        let glued = start == end_before && start > 0;
        let written = &text[start..end];
        let lower = match shape {
            Shape::Digits => written.chars().filter_map(digit).collect(),
            _ => written.to_lowercase().replace('’', "'"),
        };
        tokens.push(Token { range: start..end, shape, lower, glued });
        end_before = end;
    }
    tokens
}

/// The digit that a character is: `3`, `３`, `३`, `٣`.
fn digit(character: char) -> Option<char> {
    const ZEROS: [u32; 7] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
    let code = u32::from(character);
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

fn shape_of(character: char) -> Shape {
    match character {
        _ if digit(character).is_some() => Shape::Digits,
        _ if character.is_alphabetic() => Shape::Word,
        _ => Shape::Mark,
    }
}

/// Vowel signs and accents that belong to the letter before them.
fn is_joining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{200d}')
}

/// Whether the place is not inside a word or a run of digits: "l" in "call" is not.
pub(crate) fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let inside = |left: Option<char>, right: Option<char>| match (left, right) {
        (Some(left), Some(right)) => {
            (left.is_alphabetic() && right.is_alphabetic()) || (left.is_ascii_digit() && right.is_ascii_digit())
        }
        _ => false,
    };
    let (Some(before), Some(within), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return false;
    };
    !inside(before.chars().next_back(), within.chars().next())
        && !inside(within.chars().next_back(), after.chars().next())
}

/// Keeps the first and longest of what overlaps; the rest in the order of the text.
pub(crate) fn without_overlaps<T>(mut found: Vec<T>, range: impl Fn(&T) -> Range<usize>) -> Vec<T> {
    found.sort_by_key(|item| (range(item).start, std::cmp::Reverse(range(item).end)));
    let mut end = 0;
    found.retain(|item| {
        let keep = range(item).start >= end;
        if keep {
            end = range(item).end;
        }
        keep
    });
    found
}
