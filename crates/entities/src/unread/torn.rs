//! Values that were torn out of a run of letters and digits: "12" of "12,50".

use std::ops::Range;

use super::Said;
use crate::Kind;

impl Said<'_> {
    /// Whether letters or digits of the same run were left out: "12" of "12,50", "000" of "12 000", "quatre" of "quatre-vingts".
    /// Where several values are wanted, "1,2,3" are three.
    pub(super) fn is_torn(&self, range: &Range<usize>) -> bool {
        let (before, own, behind) = (&self.text[..range.start], &self.text[range.clone()], &self.text[range.end..]);
        let (mut left, mut right) = (before.chars().rev(), behind.chars());
        let (last, next) = (left.next(), right.next());
        let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        // The letter beyond the one next to the value, where it belongs to no other of them.
        let is_free = |place: Option<usize>| place.is_some_and(|place| !(self.wanted.many && self.is_found(place)));
        let beyond_left =
            left.next().filter(|c| is_free(last.map(|last| range.start - last.len_utf8() - c.len_utf8())));
        let beyond_right = right.next().filter(|_| is_free(next.map(|next| range.end + next.len_utf8())));
        let (begins, ends) = (is_digit(own.chars().next()), is_digit(own.chars().next_back()));
        let is_mark = |c: Option<char>| matches!(c, Some('.' | ',' | '、' | '\'' | '’' | '/' | ':'));
        // "10^6", "5+2"
        let is_power = |c: Option<char>| matches!(c, Some('²' | '³'));
        let is_sum = |c: Option<char>| matches!(c, Some('^' | '*' | '×' | '+'));
        if ends && (is_power(next) || (is_sum(next) && is_digit(beyond_right))) {
            return true;
        }
        if (begins && is_mark(last) && is_digit(beyond_left)) || (ends && is_mark(next) && is_digit(beyond_right)) {
            return true;
        }
        // "2pm-4pm"
        let is_dash = |c: Option<char>| matches!(c, Some('-' | '–'));
        if matches!(self.wanted.kind, Kind::Time | Kind::DateTime) && is_dash(next) && is_digit(beyond_right) {
            return true;
        }
        let is_space = |c: Option<char>| matches!(c, Some(' ' | '\u{a0}' | '\u{202f}'));
        let three = |digits: &str| digits.chars().take_while(char::is_ascii_digit).count() == 3;
        // Groups of three digits with a space between, whatever kind of space.
        if begins && three(own) && is_space(last) && is_digit(beyond_left) {
            return true;
        }
        if self.is_day() {
            return false;
        }
        let is_fraction = |text: &str| {
            text.split_once('/').is_some_and(|(above, below)| {
                !above.is_empty() && above.chars().all(|c| c.is_ascii_digit()) && is_digit(below.chars().next())
            })
        };
        let rest = behind.trim_start();
        if ends && is_space(next) && beyond_right.is_some() && (three(rest) || is_fraction(rest)) {
            return true;
        }
        let is_hyphen = |c: Option<char>| matches!(c, Some('-' | '–'));
        let is_spelled = !own.chars().any(|c| c.is_ascii_digit());
        let is_of_run = |hyphen: Option<char>, beyond: Option<char>| {
            is_hyphen(hyphen) && (is_digit(beyond) || (is_spelled && beyond.is_some_and(char::is_alphabetic)))
        };
        is_of_run(last, beyond_left) || is_of_run(next, beyond_right)
    }
}
