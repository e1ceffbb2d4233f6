//! Values that would be half read: a part of what was said belongs to the value and was not understood.
//!
//! "12,50 euros" is no 50 euros, "half seven" no 7 o'clock, "not today, wednesday" not today. What is taken wrongly nobody
//! sees; what is asked again costs a sentence. So where something next to a value looks like a part of it, no value was said.

use std::cell::OnceCell;
use std::ops::Range;

use crate::calendar::{Reading, mentions};
use crate::language;
use crate::list::spelling::distance;
use crate::spoken;
use crate::tokens::{Token, tokens};
use crate::tongue::{self, Beside, Script, Tongue};
use crate::{Extractor, Found, Kind, Surroundings, currency, number};

/// What words next to an English value do to it. Other languages have tables (`tongue`).
mod english {
    /// The value after it is not meant.
    pub(super) const NOT: &[&str] = &["not"];
    /// All but the value after it is meant.
    pub(super) const EXCEPT: &[&str] = &["except", "excluding", "but"];
    /// This value or another one.
    pub(super) const OR: &[&str] = &["or"];
    /// Up to the value after it, where a number stands before it.
    pub(super) const TO: &[&str] = &["to", "and"];
    /// The value after it is more, or less.
    pub(super) const BEFORE: &[&str] = &[
        "half", "between", "least", "most", "than", "under", "minus", "negative", "plus", "times", "neither", "none",
        "quarter", "quarters", "third", "thirds", "nor",
    ];
    /// The day or time after it is another one.
    pub(super) const BEFORE_MOMENT: &[&str] =
        &["fortnight", "before", "after", "until", "till", "since", "every", "each", "mid"];
    /// The value before it is more, or less.
    pub(super) const BEHIND: &[&str] = &[
        "half",
        "quarter",
        "quarters",
        "third",
        "thirds",
        "fifths",
        "tenths",
        "plus",
        "minus",
        "times",
        "dozen",
        "dozens",
        "score",
        "hundred",
        "thousand",
        "million",
        "thousandths",
        "hundredths",
        "or",
        "off",
    ];
    /// The day or time before it is another one.
    pub(super) const BEHIND_MOMENT: &[&str] = &["week", "or"];
    /// Stands between a value and what denies or bounds it: "not on monday", "none of the 3".
    pub(super) const LEADS: &[&str] = &["on", "at", "the", "of", "for", "a", "an", "in", "any"];
    /// Stands between a value and what makes it more.
    pub(super) const JOINS: &[&str] = &["and", "a"];
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
/// where the first of them is half read, or, where several are wanted (`many`) or it was asked for (`asked`), any.
pub(crate) fn in_full(
    kind: Kind,
    many: bool,
    asked: bool,
    text: &str,
    found: Vec<Found>,
    surroundings: &Surroundings<'_>,
) -> Vec<Found> {
    if found.is_empty() {
        return found;
    }
    if let Some(tongue) = tongue::of(surroundings.language) {
        return in_full_in_tongue(tongue, kind, many, asked, text, found, surroundings);
    }
    let (tokens, numbers) = (tokens(text), OnceCell::new());
    let is_english = language::is_english(surroundings.language);
    let said = Said { kind, many, text, all: found.iter().map(|it| it.range.clone()).collect() };
    let mut kept: Vec<Found> = Vec::new();
    for found in found {
        let around = Around::of(&tokens, &found.range);
        let number_at = |token: &Token| {
            let numbers = numbers.get_or_init(|| number::Numbers::default().find(text, surroundings));
            let number = numbers.iter().find(|number| number.range.contains(&token.range.start));
            number.map(|it| it.range.clone()).or_else(|| token.is_digits().then(|| token.range.clone()))
        };
        let is_number = |token: &&Token| number_at(token).is_some();
        // A number that no word behind it counts.
        let is_uncounted = |token: &Token| {
            number_at(token).is_some_and(|range| {
                let behind = tokens.iter().find(|other| other.range.start >= range.end);
                !behind.is_some_and(|other| other.is_word() && !other.glued)
            })
        };
        let is_denied = around.before_leads(english::LEADS).is_some_and(|it| english::NOT.contains(&it.lower.as_str()));
        if is_english && is_denied {
            continue;
        }
        let is_half = is_vague(kind, &found)
            || said.is_torn(&found.range)
            || (is_english && (is_another_weekday(text, &found) || said.goes_on(&around, is_number, is_uncounted)));
        if is_half {
            if many || asked || kept.is_empty() {
                return Vec::new();
            }
            continue;
        }
        match kept.last_mut() {
            Some(first) if is_english && around.is_behind(english::OR) && around.touches(&first.range, 1) => {
                first.others.push(found.value);
            }
            _ => kept.push(found),
        }
    }
    kept
}

/// Of several values, where one was asked for, the one that is meant: what stands behind a correction ("5, no, 6"), else any of
/// them, and which one is for the user to say. None of more than a few.
pub(crate) fn one(kind: Kind, text: &str, found: Vec<Found>, surroundings: &Surroundings<'_>) -> Vec<Found> {
    const MOST: usize = 5;
    // Nobody means one of so many, and each is compared with the others.
    const MOST_LOOKED_AT: usize = 64;
    if found.len() > MOST_LOOKED_AT {
        return Vec::new();
    }
    let mut distinct: Vec<Found> = Vec::new();
    for found in without_those_of_others(kind, text, found, surroundings) {
        if distinct.iter().all(|other| other.value != found.value && !other.others.contains(&found.value)) {
            distinct.push(found);
        }
    }
    if distinct.len() > 1 {
        let last = distinct.len() - 1;
        let gap = text.get(distinct[last - 1].range.end..distinct[last].range.start).unwrap_or_default();
        if corrects(gap, surroundings.language) {
            // "tomorrow 5 pm, no, 6 pm": the day stays, and the words do not say so.
            let is_whole = kind != Kind::DateTime;
            return if is_whole { distinct.split_off(last) } else { Vec::new() };
        }
    }
    // "friday, I mean the day after": it is taken back, and what is meant was not understood.
    if let [only] = distinct.as_slice()
        && let Some(tail) = text.get(only.range.end..)
    {
        let next: Vec<&str> = tail.split_whitespace().take(3).collect();
        if corrects(&next.join(" "), surroundings.language) {
            return Vec::new();
        }
    }
    let mut all = distinct.into_iter();
    let Some(mut first) = all.next() else { return Vec::new() };
    for more in all {
        first.others.extend(std::iter::once(more.value).chain(more.others));
    }
    if first.others.len() < MOST { vec![first] } else { Vec::new() }
}

/// A number that is the hour of a moment or the price of something is none of its own: "table for 4, 7 pm". Nor is a number an
/// amount where another one has its currency: "50 dollars to account 1234".
fn without_those_of_others(kind: Kind, text: &str, found: Vec<Found>, surroundings: &Surroundings<'_>) -> Vec<Found> {
    if found.len() < 2 {
        return found;
    }
    let others: Vec<Range<usize>> = match kind {
        Kind::Number => {
            let moments = mentions(text, &Reading::new(surroundings)).into_iter().map(|it| it.range);
            let priced = currency::Amounts::default().find(text, surroundings).into_iter().map(|it| it.range);
            moments.chain(priced).collect()
        }
        _ => Vec::new(),
    };
    let is_of_another = |found: &Found| {
        let own = &found.range;
        let is_bare = || text[own.clone()].chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '\'' | ' '));
        match kind {
            Kind::Currency | Kind::CurrencyV2 => is_bare(),
            _ => others.iter().any(|it| it.start <= own.start && own.end <= it.end && it != own),
        }
    };
    match found.iter().all(is_of_another) {
        true => found,
        false => found.into_iter().filter(|found| !is_of_another(found)).collect(),
    }
}

/// Whether the words between two values take the first one back.
fn corrects(gap: &str, language: &str) -> bool {
    const WORDS: &[&str] = &[
        "no",
        "nope",
        "wait",
        "sorry",
        "actually",
        "rather",
        "mean",
        "meant",
        "nein",
        "sondern",
        "non",
        "enfin",
        "plutôt",
        "pardon",
        "mejor",
        "perdón",
        "digo",
        "não",
        "aliás",
        "anzi",
        "hayır",
        "yok",
        "yani",
        "لا",
        "όχι",
        "nahi",
        "nahin",
        "नहीं",
        "नही",
    ];
    const OTHERWISE: &[&str] = &["of", "than", "or", "de", "que"];
    let lower = gap.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !(c.is_alphabetic() || is_sign(c))).collect();
    // In Portuguese it is "in the".
    let is_of_language = |word: &str| word != "no" || !matches!(language::base(language), "pt" | "ja");
    (words.iter().any(|word| WORDS.contains(word) && is_of_language(word))
        && !words.iter().any(|word| OTHERWISE.contains(word)))
        || ["いや", "じゃなく", "ではなく", "やっぱり"].iter().any(|it| lower.contains(it))
}

/// Vowel signs of Devanagari, which are parts of words.
fn is_sign(c: char) -> bool {
    ('\u{900}'..='\u{903}').contains(&c) || ('\u{93a}'..='\u{94f}').contains(&c)
}

/// The same in a language that has a table of its words.
fn in_full_in_tongue(
    tongue: &'static Tongue,
    kind: Kind,
    many: bool,
    asked: bool,
    text: &str,
    found: Vec<Found>,
    surroundings: &Surroundings<'_>,
) -> Vec<Found> {
    let tokens = tongue.tokens(text);
    let script = Script::new(tongue, text, &tokens, surroundings.language);
    let said = Said { kind, many, text, all: found.iter().map(|it| it.range.clone()).collect() };
    let mut kept: Vec<Found> = Vec::new();
    for found in found {
        let around = Around::of(&tokens, &found.range);
        let is_vague = is_vague(kind, &found);
        let mut beside = script.beside(kind, &found.range, said.all.len() == 1, |place| said.is_found(place));
        let is_one_of_two = kind == Kind::Number && !many && script.is_before_another(&found.range);
        let is_half = is_vague || is_one_of_two || said.is_torn(&found.range);
        if is_half || has_open_group(&text[found.range.clone()], surroundings.language) {
            beside = Beside::Half;
        }
        match beside {
            Beside::Denied => {}
            Beside::Half if many || asked || kept.is_empty() => return Vec::new(),
            Beside::Half => {}
            // Who is asked for one value and says two has to choose.
            Beside::Choice | Beside::End
                if (beside == Beside::Choice || !many)
                    && kept.last().is_some_and(|first| around.touches(&first.range, 3)) =>
            {
                kept.last_mut().into_iter().for_each(|first| first.others.push(found.value.clone()));
            }
            Beside::Choice | Beside::End | Beside::Nothing => kept.push(found),
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

/// A text and where values of a kind were found in it.
struct Said<'t> {
    kind: Kind,
    many: bool,
    text: &'t str,
    all: Vec<Range<usize>>,
}

impl Said<'_> {
    fn is_day(&self) -> bool {
        matches!(self.kind, Kind::Date | Kind::DateTime)
    }

    /// Whether a place belongs to one of the values.
    fn is_found(&self, place: usize) -> bool {
        let at = self.all.partition_point(|range| range.end <= place);
        self.all.get(at).is_some_and(|range| range.contains(&place))
    }

    /// Whether the words around a value go on with it, or mean all but it.
    fn goes_on<'t>(
        &self,
        around: &Around<'t>,
        is_number: impl Fn(&&'t Token) -> bool,
        is_uncounted: impl Fn(&'t Token) -> bool,
    ) -> bool {
        let next_to = |word: Option<&Token>, list: &[&str]| word.is_some_and(|it| list.contains(&it.lower.as_str()));
        let (last, next) = (around.before(0), around.behind(0));
        let led = around.before_leads(english::LEADS);
        let behind = around.words_behind(english::JOINS);
        let joined = behind.filter(|token| !self.is_found(token.range.start));
        let is_moment = self.is_day() || self.kind == Kind::Time;
        let number_before = around.before(1).filter(|token| is_number(token) && !self.is_found(token.range.start));
        next_to(last, english::EXCEPT)
            || next_to(last, english::BEFORE)
            || (!is_moment && next_to(led, english::BEFORE))
            || next_to(led, &["instead"])
            || next_to(if self.many { joined } else { behind }, english::BEHIND)
            || (self.kind != Kind::Date
                && (next_to(last, english::TO) || next_to(last, english::OR))
                && number_before.is_some())
            // "16 May 17", "dec 24 2026 2027"
            || (self.is_day()
                && next.is_some_and(|token| !self.is_found(token.range.start) && is_uncounted(token)))
            || (!is_moment && [last, next].into_iter().flatten().any(is_misspelt_number))
            || (is_moment && (next_to(last, english::BEFORE_MOMENT) || next_to(joined, english::BEHIND_MOMENT)))
            || (is_moment && self.counts_on(around, &is_number))
            // "3 euros 50", "6 ft 2", "5 dollars 5"; but "5 euros and 2 receipts" are two things.
            || (matches!(self.kind, Kind::Currency | Kind::CurrencyV2 | Kind::Quantity)
                && joined.is_some_and(is_uncounted))
    }

    /// "in a month and 2 days", "tuesday after next", "two fridays from now", "three weeks on saturday".
    fn counts_on<'t>(&self, around: &Around<'t>, is_number: impl Fn(&&'t Token) -> bool) -> bool {
        const LENGTHS: &[&str] = &[
            "day",
            "days",
            "week",
            "weeks",
            "fortnight",
            "month",
            "months",
            "year",
            "years",
            "hour",
            "hours",
            "minutes",
        ];
        let is = |token: Option<&Token>, list: &[&str]| token.is_some_and(|it| list.contains(&it.lower.as_str()));
        (is(around.behind(0), &["after"]) && is(around.behind(1), &["next"]))
            || (is(around.behind(0), &["from"]) && is(around.behind(1), &["now", "today"]))
            || (is(around.before(0), &["on", "from"]) && is(around.before(1), LENGTHS))
            // "Dec 3, 4 or 5"
            || (is(around.behind(0), &[","])
                && around.behind(1).filter(&is_number).is_some()
                && is(around.behind(2), &[",", "or", "and"]))
            || (is(around.behind(0), &["and"])
                && around.behind(1).filter(&is_number).is_some()
                && is(around.behind(2), LENGTHS))
    }

    /// Whether letters or digits of the same run were left out: "12" of "12,50", "000" of "12 000", "quatre" of "quatre-vingts".
    /// Where several values are wanted, "1,2,3" are three.
    fn is_torn(&self, range: &Range<usize>) -> bool {
        let (before, own, behind) = (&self.text[..range.start], &self.text[range.clone()], &self.text[range.end..]);
        let (mut left, mut right) = (before.chars().rev(), behind.chars());
        let (last, next) = (left.next(), right.next());
        let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        // The letter beyond the one next to the value, where it belongs to no other of them.
        let is_free = |place: Option<usize>| place.is_some_and(|place| !(self.many && self.is_found(place)));
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
        if matches!(self.kind, Kind::Time | Kind::DateTime) && is_dash(next) && is_digit(beyond_right) {
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

/// Whether a word is nearly one of a number: "nintey".
fn is_misspelt_number(token: &Token) -> bool {
    const NUMBERS: [&str; 24] = [
        "three",
        "seven",
        "eight",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
    ];
    let letters: Vec<char> = token.lower.chars().collect();
    let most = if letters.len() < 6 { 1 } else { 2 };
    token.is_word()
        && (5..=10).contains(&letters.len())
        && spoken::scale(&token.lower).is_none()
        && NUMBERS.iter().any(|number| {
            let number: Vec<char> = number.chars().collect();
            number.first() == letters.first() && (1..=most).contains(&distance(&letters, &number))
        })
}

/// The days of the week as they begin, Monday first.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Whether a day was named by its number and by a day of the week that it is not. A "Monday, 21 July" that is a Tuesday is one
/// of two days.
fn is_another_weekday(text: &str, found: &Found) -> bool {
    let Some(day) = found.value.as_str().and_then(|value| value.get(..10)?.parse::<jiff::civil::Date>().ok()) else {
        return false;
    };
    let own = text[found.range.clone()].to_lowercase();
    if !own.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // "mon" is a day, "monday" too, "month" is none.
    let is_day =
        |word: &str, day: &str| word.strip_prefix(day).is_some_and(|rest| rest.is_empty() || rest.ends_with("day"));
    let words = own.split(|c: char| !c.is_alphabetic());
    let mut named = words.filter_map(|word| WEEKDAYS.iter().position(|day| is_day(word, day)));
    named.next().is_some_and(|said| said != usize::from(day.weekday().to_monday_zero_offset().unsigned_abs()))
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

    /// Whether one of these words stands right before.
    fn is_behind(&self, list: &[&str]) -> bool {
        self.before(0).is_some_and(|it| list.contains(&it.lower.as_str()))
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
