//! Values that would be half read: a part of what was said belongs to the value and was not understood.
//!
//! "12,50 euros" is no 50 euros, "half seven" no 7 o'clock, "not today, wednesday" not today. What is taken wrongly nobody
//! sees; what is asked again costs a sentence. So where something next to a value looks like a part of it, no value was said.

use std::cell::OnceCell;
use std::ops::Range;

use crate::language::{self, base};
use crate::list::spelling::distance;
use crate::spoken;
use crate::tokens::{Token, tokens};
use crate::tongue::{self, Beside, Script, Tongue};
use crate::{Extractor, Found, Kind, Surroundings, number};

/// What words next to a value do to it, in a language.
struct Words {
    /// The value after it is not meant.
    not: &'static [&'static str],
    /// The value before it is not meant.
    not_behind: &'static [&'static str],
    /// All but the value after it is meant.
    except: &'static [&'static str],
    /// All but the value before it is meant.
    except_behind: &'static [&'static str],
    /// This value or another one.
    or: &'static [&'static str],
    /// Up to the value after it, where a number stands before it.
    to: &'static [&'static str],
    /// The value after it is more, or less.
    before: &'static [&'static str],
    /// The day or time after it is another one.
    before_moment: &'static [&'static str],
    /// The value before it is more, or less.
    behind: &'static [&'static str],
    /// The day or time before it is another one.
    behind_moment: &'static [&'static str],
    /// The same, with a number behind: "vendredi en huit".
    behind_with_number: &'static [&'static str],
    /// Stands between a value and what makes it more.
    joins: &'static [&'static str],
}

const fn words(language: &str) -> Option<Words> {
    Some(match language.as_bytes() {
        b"en" => Words {
            not: &["not"],
            not_behind: &[],
            except: &["except", "excluding", "but"],
            except_behind: &[],
            or: &["or"],
            to: &["to", "and"],
            before: &["half", "between", "least", "most", "than", "under"],
            before_moment: &["fortnight"],
            behind: &["half"],
            behind_moment: &["week"],
            behind_with_number: &[],
            joins: &["and", "a"],
        },
        b"fr" => Words {
            not: &["pas"],
            not_behind: &[],
            except: &["sauf", "excepté", "hormis"],
            except_behind: &[],
            or: &["ou"],
            to: &["à", "et"],
            before: &["entre"],
            before_moment: &["après", "apres"],
            behind: &["demi", "demie", "moins"],
            behind_moment: &["quart"],
            behind_with_number: &["en"],
            joins: &["et", "le", "à"],
        },
        b"de" => Words {
            not: &["nicht"],
            not_behind: &[],
            except: &["außer", "ausser"],
            except_behind: &[],
            or: &["oder"],
            to: &["bis", "und"],
            before: &["halb", "halbes", "halbe", "viertel", "dreiviertel", "komma", "anderthalb", "zwischen"],
            before_moment: &["vor", "nach"],
            behind: &["komma", "halb"],
            behind_moment: &[],
            behind_with_number: &["in"],
            joins: &["und", "um"],
        },
        b"es" => Words {
            not: &["no"],
            not_behind: &["no"],
            except: &["menos", "excepto", "salvo"],
            except_behind: &[],
            or: &["o", "u"],
            to: &["a", "y"],
            before: &["menos", "entre"],
            before_moment: &["pasado"],
            behind: &["medio", "media", "mil", "millones", "coma", "menos"],
            behind_moment: &["cuarto", "p"],
            behind_with_number: &[],
            joins: &["y", "con", "las"],
        },
        b"pt" => Words {
            not: &["não", "nao"],
            not_behind: &["não", "nao"],
            except: &["menos", "exceto", "salvo"],
            except_behind: &[],
            or: &["ou"],
            to: &["a", "e"],
            before: &["menos", "entre"],
            before_moment: &[],
            behind: &["meio", "meia", "mil", "milhão", "milhões", "vírgula", "menos"],
            behind_moment: &["quarto", "p"],
            behind_with_number: &[],
            joins: &["e", "com", "às"],
        },
        b"it" => Words {
            not: &["non"],
            not_behind: &["no"],
            except: &["tranne", "eccetto", "salvo"],
            except_behind: &[],
            or: &["o", "oppure"],
            to: &["a", "e"],
            before: &["meno", "tra", "fra"],
            before_moment: &["dopo", "mezza", "mezzo", "quarto"],
            behind: &["mezzo", "mezza", "mila", "milioni", "virgola", "meno"],
            behind_moment: &["quarto"],
            behind_with_number: &["a"],
            joins: &["e", "un", "alle", "ore"],
        },
        b"hi" => Words {
            not: &["not"],
            not_behind: &["नहीं", "नही", "nahi", "nahin"],
            except: &[],
            except_behind: &["छोड़कर", "chhodkar", "chodkar"],
            or: &["या", "ya"],
            to: &["से", "se"],
            before: &["साढ़े", "सवा", "पौने", "डेढ़", "ढाई", "sadhe", "saadhe", "sava", "sawa", "paune", "dedh", "dhai"],
            before_moment: &[],
            behind: &["सौ", "हज़ार", "हजार", "लाख", "करोड़", "sau", "hazaar", "hazar", "lakh", "crore", "karod"],
            behind_moment: &[],
            behind_with_number: &[],
            joins: &[],
        },
        _ => return None,
    })
}

/// What stands right behind a value in Japanese, without a blank, and makes it another one.
const JAPANESE_BEHIND: [&str; 12] = ["万", "億", "千", "百", "半", "か", "じゃな", "ではな", "以外", "〜", "～", "前"];
/// What stands right before a value there.
const JAPANESE_BEFORE: [&str; 6] = ["〜", "～", "から", "か", "万", "千"];

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
/// where the first of them is half read, or, where several are wanted (`many`), any.
pub(crate) fn in_full(
    kind: Kind,
    many: bool,
    text: &str,
    found: Vec<Found>,
    surroundings: &Surroundings<'_>,
) -> Vec<Found> {
    if found.is_empty() {
        return found;
    }
    if let Some(tongue) = tongue::of(surroundings.language) {
        return in_full_in_tongue(tongue, kind, many, text, found, surroundings);
    }
    let (tokens, words) = (tokens(text), words(base(surroundings.language)));
    let numbers = OnceCell::new();
    let said = Said { kind, many, text, surroundings, all: found.iter().map(|it| it.range.clone()).collect() };
    let mut kept: Vec<Found> = Vec::new();
    for found in found {
        let around = Around::of(&tokens, &found.range);
        let next_to = |word: Option<&Token>, list: &[&str]| word.is_some_and(|it| list.contains(&it.lower.as_str()));
        if let Some(words) = &words {
            let is_negated = next_to(around.before(0), words.not)
                || (next_to(around.behind(0), words.not_behind) && said.all.len() > 1);
            if is_negated {
                continue;
            }
        }
        let is_number = |token: &&Token| {
            token.is_digits()
                || numbers
                    .get_or_init(|| number::Numbers::default().find(text, surroundings))
                    .binary_search_by_key(&token.range.start, |number| number.range.start)
                    .is_ok()
        };
        let is_vague = is_vague(kind, &found);
        let goes_on = is_vague || words.as_ref().is_some_and(|words| said.goes_on(words, &around, next_to, is_number));
        if said.is_glued(&found.range)
            || said.is_torn(&found.range)
            || is_another_weekday(text, &found, surroundings)
            || goes_on
        {
            if many || kept.is_empty() {
                return Vec::new();
            }
            continue;
        }
        let is_choice = words.as_ref().is_some_and(|words| next_to(around.before(0), words.or));
        match kept.last_mut() {
            Some(first) if is_choice && around.touches(&first.range, 1) => first.others.push(found.value),
            _ => kept.push(found),
        }
    }
    kept
}

/// The same in a language that has a table of its words.
fn in_full_in_tongue(
    tongue: &'static Tongue,
    kind: Kind,
    many: bool,
    text: &str,
    found: Vec<Found>,
    surroundings: &Surroundings<'_>,
) -> Vec<Found> {
    let tokens = tongue.tokens(text);
    let script = Script::new(tongue, text, &tokens, surroundings.language);
    let said = Said { kind, many, text, surroundings, all: found.iter().map(|it| it.range.clone()).collect() };
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
            Beside::Half if many || kept.is_empty() => return Vec::new(),
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
    surroundings: &'t Surroundings<'t>,
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
        words: &Words,
        around: &Around<'t>,
        next_to: impl Fn(Option<&Token>, &[&str]) -> bool,
        is_number: impl Fn(&&'t Token) -> bool,
    ) -> bool {
        let (last, next) = (around.before(0), around.behind(0));
        let behind = around.words_behind(words.joins);
        let joined = behind.filter(|token| !self.is_found(token.range.start));
        // English is read by a grammar of our own, to its end: a number behind a value is another one.
        let is_open = self.kind != Kind::Date && base(self.surroundings.language) != "en";
        let is_moment = self.is_day() || self.kind == Kind::Time;
        let is_number_like = !is_moment && base(self.surroundings.language) == "en";
        let number_before = around.before(1).filter(|token| is_number(token) && !self.is_found(token.range.start));
        next_to(last, words.except)
            || next_to(next, words.except_behind)
            || next_to(last, words.before)
            || next_to(if self.many { joined } else { behind }, words.behind)
            || (is_open && joined.filter(&is_number).is_some())
            || (self.is_day() && base(self.surroundings.language) == "en" && self.is_year(around))
            || (is_number_like && [last, next].into_iter().flatten().any(is_misspelt_number))
            || (self.kind != Kind::Date
                && (next_to(last, words.to) || next_to(last, words.or))
                && number_before.is_some())
            || (is_moment
                && (next_to(last, words.before_moment)
                    || next_to(joined, words.behind_moment)
                    || (next_to(next, words.behind_with_number) && around.behind(1).filter(&is_number).is_some())))
    }

    /// Whether two digits stand behind a day that nothing counts: "16 May 17".
    fn is_year(&self, around: &Around<'_>) -> bool {
        let is_two = |token: &&Token| token.is_digits() && token.lower.len() == 2 && !self.is_found(token.range.start);
        around.behind(0).filter(is_two).is_some()
            && around.behind(1).is_none_or(|token| !token.is_word() && !token.glued)
    }

    /// What stands next to a Japanese value without a blank.
    fn is_glued(&self, range: &Range<usize>) -> bool {
        base(self.surroundings.language) == "ja"
            && (JAPANESE_BEHIND.iter().any(|it| self.text[range.end..].starts_with(it))
                || JAPANESE_BEFORE.iter().any(|it| self.text[..range.start].ends_with(it)))
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
        if (begins && is_mark(last) && is_digit(beyond_left)) || (ends && is_mark(next) && is_digit(beyond_right)) {
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

/// The days of the week as they are said, Monday first: beginnings that no other day has.
const WEEKDAYS: [(&str, [&str; 7]); 6] = [
    ("en", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
    ("fr", ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]),
    ("de", ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]),
    ("es", ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]),
    ("pt", ["segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"]),
    ("it", ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]),
];

/// Whether a day was named by its number and by a day of the week that it is not. A "Monday, 21 July" that is a Tuesday is one
/// of two days.
fn is_another_weekday(text: &str, found: &Found, surroundings: &Surroundings<'_>) -> bool {
    let Some(day) = found.value.as_str().and_then(|value| value.get(..10)?.parse::<jiff::civil::Date>().ok()) else {
        return false;
    };
    let Some((_, days)) = WEEKDAYS.iter().find(|(language, _)| *language == base(surroundings.language)) else {
        return false;
    };
    let own = text[found.range.clone()].to_lowercase();
    if !own.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let words = own.split(|c: char| !c.is_alphabetic());
    // "mon" is a day, "monday" too, "month" is none.
    let is_day = |word: &str, day: &str| {
        word.strip_prefix(day).is_some_and(|rest| rest.is_empty() || rest.ends_with("day") || day.len() > 3)
    };
    let mut named = words.filter_map(|word| days.iter().position(|day| is_day(word, day)));
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
