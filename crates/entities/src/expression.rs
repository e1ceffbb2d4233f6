//! Regular expressions of authors.
//!
//! Authors write those of JavaScript. They are read by `fancy-regex`, which runs what has no look-around and no reference
//! back in linear time (the engine of `regex`), and the rest with a limit of steps, so that no expression can hold up a
//! message; an engine that reads JavaScript natively has no such limit. What the two notations write differently is
//! rewritten first. `\b` knows all letters, not only those of ASCII.

use std::sync::Arc;

use fancy_regex::{Regex, RegexBuilder};
use patterns::{Concepts, Matcher, Options, Pattern};
use serde_json::Value;

use crate::extractor::{Extractor, Found, Surroundings};
use crate::text::Language;
use crate::words::pattern_words;

/// Most steps of one search that goes back and forth.
const STEPS: usize = 100_000;
/// Largest compiled expression, in bytes.
const SIZE: usize = 2 << 20;
/// Longest text, in bytes, that is searched with look-around or references back: each step of those may look at all of
/// the text. Utterances have 3 000 characters at most.
const LONGEST: usize = 4_096;
/// Most values of one text.
const MOST: usize = 100;

/// An expression; the value is what it matches.
pub struct Expression(Way);

enum Way {
    Regex { regex: Box<Regex>, goes_back: bool },
    Concept(Box<Pattern>, Arc<Concepts>),
}

impl Expression {
    /// Reads an expression: plain, `/…/i`, or `~concept`. Variables must be put in before. `None` where there is none
    /// (empty, `null`).
    ///
    /// # Errors
    ///
    /// What the engine says of an expression that it cannot read.
    pub fn new(written: &str, language: &str, concepts: &Arc<Concepts>) -> Result<Option<Self>, String> {
        let written = written.trim();
        if matches!(written, "" | "null" | "undefined" | "//") {
            return Ok(None);
        }
        if written.starts_with('~') && !written.contains(char::is_whitespace) {
            let language = Language::of(language);
            let pattern = Pattern::parse(written, &|word| language.stem(word).into_owned());
            let pattern = pattern.map_err(|error| error.to_string())?;
            return Ok(Some(Self(Way::Concept(Box::new(pattern), Arc::clone(concepts)))));
        }
        let (source, flags) = literal(written).unwrap_or((written, ""));
        let mut text = String::new();
        let known: String = ['i', 'm', 's'].into_iter().filter(|flag| flags.contains(*flag)).collect();
        if !known.is_empty() {
            text = format!("(?{known})");
        }
        text.push_str(&rewritten(source));
        let mut builder = RegexBuilder::new(&text);
        let regex =
            builder.backtrack_limit(STEPS).delegate_size_limit(SIZE).build().map_err(|error| error.to_string())?;
        Ok(Some(Self(Way::Regex { regex: Box::new(regex), goes_back: goes_back(&text) })))
    }
}

/// The parts of `/…/flags`.
fn literal(written: &str) -> Option<(&str, &str)> {
    let (source, flags) = written.strip_prefix('/')?.rsplit_once('/')?;
    flags.chars().all(|c| matches!(c, 'd' | 'g' | 'i' | 'm' | 's' | 'u' | 'v' | 'y')).then_some((source, flags))
}

/// A JavaScript expression in the notation of the engine.
fn rewritten(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut text = String::new();
    let mut in_class = false;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let rest = &chars[at + 1..];
        at += 1;
        match c {
            '\\' => at += escape(rest, in_class, &mut text),
            '[' if in_class => text.push_str("\\["),
            '[' => match rest {
                ['^', ']', ..] => {
                    text.push_str("(?s:.)");
                    at += 2;
                }
                [']', ..] => {
                    text.push_str("(?!)");
                    at += 1;
                }
                _ => {
                    in_class = true;
                    text.push('[');
                    if rest.first() == Some(&'^') {
                        text.push('^');
                        at += 1;
                    }
                }
            },
            ']' if in_class => {
                in_class = false;
                text.push(']');
            }
            '&' | '~' if in_class => text.extend(['\\', c]),
            '-' if in_class && rest.first() == Some(&'-') => text.push_str("\\-"),
            '{' if !in_class && !is_count(rest) => text.push_str("\\{"),
            c => text.push(c),
        }
    }
    text
}

/// Writes what stands behind a `\`; returns how many characters it took.
fn escape(rest: &[char], in_class: bool, text: &mut String) -> usize {
    let hex = |from: usize, digits: usize| {
        let digits = rest.get(from..from + digits)?;
        digits.iter().all(char::is_ascii_hexdigit).then(|| digits.iter().collect::<String>())
    };
    let Some(c) = rest.first() else {
        text.push_str("\\\\");
        return 0;
    };
    match c {
        'd' if in_class => text.push_str("0-9"),
        'd' => text.push_str("[0-9]"),
        'D' if !in_class => text.push_str("[^0-9]"),
        'w' if in_class => text.push_str("A-Za-z0-9_"),
        'w' => text.push_str("[A-Za-z0-9_]"),
        'W' if !in_class => text.push_str("[^A-Za-z0-9_]"),
        'b' if in_class => text.push_str("\\x08"),
        '0' => text.push_str("\\x00"),
        'u' => match hex(1, 4) {
            Some(code) => {
                text.push_str(&format!("\\x{{{code}}}"));
                return 5;
            }
            None if rest.get(1) == Some(&'{') => text.push_str("\\x"),
            None => text.push('u'),
        },
        'x' => match hex(1, 2) {
            Some(code) => {
                text.push_str(&format!("\\x{{{code}}}"));
                return 3;
            }
            None => text.push('x'),
        },
        'D' | 'W' | 's' | 'S' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' | 'k' | 'p' | 'P' | '1'..='9' => {
            text.extend(['\\', *c]);
        }
        c if c.is_alphanumeric() || !c.is_ascii() || matches!(c, '<' | '>') => text.push(*c),
        c => text.extend(['\\', *c]),
    }
    1
}

/// Whether a rewritten expression has look-around or references back.
fn goes_back(text: &str) -> bool {
    let reference = |at: usize| text[at + 1..].starts_with(|c: char| c == 'k' || c.is_ascii_digit());
    ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| text.contains(look))
        || text.match_indices('\\').any(|(at, _)| reference(at))
}

/// Whether `{` begins a count: `{3}`, `{3,}`, `{3,5}`.
fn is_count(rest: &[char]) -> bool {
    let Some(end) = rest.iter().take(16).position(|c| *c == '}') else { return false };
    let inner = &rest[..end];
    inner.first().is_some_and(char::is_ascii_digit)
        && inner.iter().all(|c| c.is_ascii_digit() || *c == ',')
        && inner.iter().filter(|c| **c == ',').count() <= 1
}

impl Extractor for Expression {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let ranges: Vec<std::ops::Range<usize>> = match &self.0 {
            Way::Regex { regex, goes_back } => {
                let text = if *goes_back { &text[..text.floor_char_boundary(LONGEST)] } else { text };
                regex.find_iter(text).map_while(Result::ok).take(MOST).map(|found| found.range()).collect()
            }
            Way::Concept(pattern, concepts) => {
                let words = pattern_words(&Language::of(surroundings.language).tokens(text));
                let found = Matcher::new(&words, concepts, Options::ENTITY).find_all(pattern);
                let filled = found.into_iter().filter(|found| !found.words.is_empty());
                filled.map(|found| words[found.words.start].start..words[found.words.end - 1].end).collect()
            }
        };
        ranges
            .into_iter()
            .filter(|range| !range.is_empty())
            .map(|range| Found {
                value: Value::from(&text[range.clone()]),
                range,
                others: Vec::new(),
                incomplete: false,
            })
            .collect()
    }
}
