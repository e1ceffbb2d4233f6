//! Lines and columns of an author's text, from what the engine says of the text that was made of it.

use crate::protocol::Position;

/// Splits a text into lines as the language does: at CR LF, LF, CR and the two separators of Unicode.
pub(crate) fn lines_of(source: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, character) in source.char_indices() {
        let next = at + character.len_utf8();
        let first_of_two = character == '\r' && source[next..].starts_with('\n');
        if matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}') && !first_of_two {
            lines.push(&source[start..at]);
            start = next;
        }
    }
    lines.push(&source[start..]);
    lines
}

/// The position behind the last character of a text.
pub(crate) fn end_of(text: &str) -> Position {
    let lines = lines_of(text);
    let last = lines.last().map_or(0, |line| line.chars().count());
    Position { line: lines.len(), column: last + 1 }
}

/// The position of a byte in a line, both from 1. `None` when the text has no such line.
pub(crate) fn position_in(source: &str, line: usize, byte_column: usize) -> Option<Position> {
    let text = *lines_of(source).get(line.checked_sub(1)?)?;
    let before = text.char_indices().take_while(|(at, _)| at + 1 < byte_column).count();
    Some(Position { line, column: before + 1 })
}

/// Finds the first line of the engine's stack trace that is in a file `is_wanted` accepts: the file, and line and column
/// (in bytes) from 1. Such a line is `    at script:3:14` or `    at twice (script:3:14)`.
pub(crate) fn first_frame(stack: &str, is_wanted: impl Fn(&str) -> bool) -> Option<(&str, usize, usize)> {
    stack.lines().find_map(|line| {
        let frame = line.trim().strip_prefix("at ")?;
        let place = frame.rsplit_once(" (").map_or(frame, |(_, place)| place.trim_end_matches(')'));
        let (rest, column) = place.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        is_wanted(file).then_some((file, line.parse().ok()?, column.parse().ok()?))
    })
}
