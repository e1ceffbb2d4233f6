//! Values that would be half read: a part of what was said belongs to the value and was not understood.
//!
//! "12,50 euros" is no 50 euros, "half seven" no 7 o'clock, "not today, wednesday" not today. What is taken wrongly nobody
//! sees; what is asked again costs a sentence. So where something next to a value looks like a part of it, no value was said.

mod english;
mod one;
mod torn;

use std::ops::Range;

use self::english::English;
pub(crate) use self::one::one;
use crate::language;
use crate::tokens::Token;
use crate::tongue::{self, Script};
use crate::{Found, Kind, Surroundings};

/// What the words beside a value do to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Nothing.
    Nothing,
    /// It is not meant.
    Denied,
    /// It is only a part of what is meant, or all but it is meant.
    Half,
    /// It is one of two, with the one before it.
    Choice,
    /// It is the end of what begins with the one before it, or one more: "du lundi au vendredi".
    End,
}

/// What values are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// Their kind.
    pub kind: Kind,
    /// More than one.
    pub many: bool,
    /// They were asked for: the text is the answer to the question.
    pub asked: bool,
}

/// Whether values of a kind are read from parts that can be left over.
pub(crate) fn can_be(kind: Kind) -> bool {
    use Kind::{
        Airport, City, Country, Currency, CurrencyV2, Date, DateTime, Location, Number, Percentage, Quantity, Time,
    };
    matches!(
        kind,
        Number
            | Percentage
            | Currency
            | CurrencyV2
            | Quantity
            | Date
            | DateTime
            | Time
            | City
            | Country
            | Airport
            | Location
    )
}

/// The values that were said in full. Of two that stand beside an "or" the second is another reading of the first. None at all
/// where the first of them is half read, or, where several are wanted or it was asked for, any.
pub(crate) fn in_full(wanted: Wanted, text: &str, found: Vec<Found>, surroundings: &Surroundings<'_>) -> Vec<Found> {
    if found.is_empty() {
        return found;
    }
    let language = surroundings.language;
    let tokens = tongue::tokens(text, language);
    let script = tongue::of(language).map(|tongue| Script::new(tongue, text, &tokens, language));
    let said = Said { wanted, text, all: found.iter().map(|it| it.range.clone()).collect() };
    let english = language::is_english(language).then(|| English::new(&said, &tokens, surroundings));
    let mut kept: Vec<Found> = Vec::new();
    for found in found {
        let range = &found.range;
        let around = Around::of(&tokens, range);
        let beside = match (&script, &english) {
            (Some(script), _) => script.beside(wanted, range, said.all.len() == 1, |place| said.is_found(place)),
            (None, Some(english)) => english.beside(&found, &around),
            (None, None) => Beside::Nothing,
        };
        let is_open_group = script.is_some() && has_open_group(&text[range.clone()], language);
        let is_half = is_vague(wanted.kind, &found) || said.is_torn(range) || is_open_group;
        match beside {
            Beside::Denied => {}
            _ if is_half || beside == Beside::Half => {
                if wanted.many || wanted.asked || kept.is_empty() {
                    return Vec::new();
                }
            }
            // Who is asked for one value and says two has to choose.
            Beside::Choice | Beside::End
                if (beside == Beside::Choice || !wanted.many)
                    && kept.last().is_some_and(|first| around.touches(&first.range, 3)) =>
            {
                kept.last_mut().into_iter().for_each(|first| first.others.push(found.value.clone()));
            }
            _ => kept.push(found),
        }
    }
    kept
}

/// Whether a value stands for what was not said: a month or a week for its first day, a part of a day for one of its hours, a
/// day for its midnight.
fn is_vague(kind: Kind, found: &Found) -> bool {
    found.incomplete && matches!(kind, Kind::Date | Kind::DateTime | Kind::Time)
}

/// "12,000" where the comma is that of decimals: three digits behind it may be a group as well.
fn has_open_group(own: &str, language: &str) -> bool {
    let Some((whole, rest)) = own.split_once(',').filter(|_| language::has_decimal_comma(language)) else {
        return false;
    };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let goes_on = rest[digits..].starts_with(['.', ',']);
    digits == 3 && !goes_on && whole.chars().rev().take_while(char::is_ascii_digit).count() <= 3 && !whole.contains('.')
}

/// A text and where values were found in it.
struct Said<'t> {
    wanted: Wanted,
    text: &'t str,
    all: Vec<Range<usize>>,
}

impl Said<'_> {
    fn is_day(&self) -> bool {
        matches!(self.wanted.kind, Kind::Date | Kind::DateTime)
    }

    /// Whether a place belongs to one of the values.
    fn is_found(&self, place: usize) -> bool {
        let at = self.all.partition_point(|range| range.end <= place);
        self.all.get(at).is_some_and(|range| range.contains(&place))
    }
}

/// The words on both sides of a value.
struct Around<'t> {
    before: &'t [Token],
    behind: &'t [Token],
}

impl<'t> Around<'t> {
    fn of(tokens: &'t [Token], range: &Range<usize>) -> Self {
        let start = tokens.partition_point(|token| token.range.end <= range.start);
        let end = tokens.partition_point(|token| token.range.start < range.end);
        Self { before: &tokens[..start], behind: &tokens[end..] }
    }

    /// The first word before that is none of these.
    fn before_leads(&self, leads: &[&str]) -> Option<&'t Token> {
        self.before.iter().rev().find(|token| !leads.contains(&token.lower.as_str()))
    }

    /// The word so many words before.
    fn before(&self, words: usize) -> Option<&'t Token> {
        self.before.iter().rev().nth(words)
    }

    /// The word so many words behind.
    fn behind(&self, words: usize) -> Option<&'t Token> {
        self.behind.get(words)
    }

    /// The first word behind that is none of these.
    fn words_behind(&self, joins: &[&str]) -> Option<&'t Token> {
        self.behind.iter().find(|token| !joins.contains(&token.lower.as_str()))
    }

    /// Whether only so many words lie between this value and one before it.
    fn touches(&self, range: &Range<usize>, words: usize) -> bool {
        self.before.iter().rev().take_while(|token| token.range.start >= range.end).count() <= words
    }
}
