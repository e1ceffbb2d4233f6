//! Values that would be half read: a part of what was said belongs to the value and was not understood.
//!
//! "12,50 euros" is no 50 euros, "half seven" no 7 o'clock, "not today, wednesday" not today. What is taken wrongly nobody
//! sees; what is asked again costs a sentence. So where something next to a value looks like a part of it, no value was said.

use std::ops::Range;

use crate::language::base;
use crate::tokens::{Token, tokens};
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
    /// With a number behind, it makes another one of the day before it: "vendredi en huit".
    behind_moment: &'static [&'static str],
    /// Stands between a value and what makes it more.
    joins: &'static [&'static str],
}

const fn words(language: &str) -> Option<Words> {
    Some(match language.as_bytes() {
        b"en" => Words {
            not: &["not"],
            not_behind: &[],
            except: &["except", "excluding"],
            except_behind: &[],
            or: &["or"],
            to: &["to", "and"],
            before: &["half"],
            before_moment: &["fortnight"],
            behind: &["half"],
            behind_moment: &["week"],
            joins: &["and", "a"],
        },
        b"fr" => Words {
            not: &["pas"],
            not_behind: &[],
            except: &["sauf", "excepté", "hormis"],
            except_behind: &[],
            or: &["ou"],
            to: &["à", "et"],
            before: &[],
            before_moment: &["après", "apres"],
            behind: &["demi", "demie", "quart", "moins"],
            behind_moment: &["en"],
            joins: &["et", "le", "à"],
        },
        b"de" => Words {
            not: &["nicht"],
            not_behind: &[],
            except: &["außer", "ausser"],
            except_behind: &[],
            or: &["oder"],
            to: &["bis", "und"],
            before: &["halb", "halbes", "halbe", "viertel", "dreiviertel", "komma", "anderthalb"],
            before_moment: &["vor", "nach"],
            behind: &["komma", "halb"],
            behind_moment: &["in"],
            joins: &["und", "um"],
        },
        b"es" => Words {
            not: &["no"],
            not_behind: &["no"],
            except: &["menos", "excepto", "salvo"],
            except_behind: &[],
            or: &["o", "u"],
            to: &["a", "y"],
            before: &["menos"],
            before_moment: &["pasado"],
            behind: &["medio", "media", "cuarto", "mil", "millones", "coma", "menos", "p"],
            behind_moment: &[],
            joins: &["y", "con", "las"],
        },
        b"pt" => Words {
            not: &["não", "nao"],
            not_behind: &["não", "nao"],
            except: &["menos", "exceto", "salvo"],
            except_behind: &[],
            or: &["ou"],
            to: &["a", "e"],
            before: &["menos"],
            before_moment: &[],
            behind: &["meio", "meia", "quarto", "mil", "milhão", "milhões", "vírgula", "menos", "p"],
            behind_moment: &[],
            joins: &["e", "com", "às"],
        },
        b"it" => Words {
            not: &["non"],
            not_behind: &["no"],
            except: &["tranne", "eccetto", "salvo"],
            except_behind: &[],
            or: &["o", "oppure"],
            to: &["a", "e"],
            before: &["meno"],
            before_moment: &["dopo", "tra", "fra", "mezza", "mezzo", "quarto"],
            behind: &["mezzo", "mezza", "quarto", "mila", "milioni", "virgola", "meno"],
            behind_moment: &["a"],
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
    matches!(kind, Kind::Number | Kind::Currency | Kind::Quantity | Kind::Date | Kind::DateTime | Kind::Time)
}

/// The values that were said in full. None at all where the first of them is half read. Of two that stand beside an "or" the
/// second is another reading of the first.
pub(crate) fn in_full(kind: Kind, text: &str, found: Vec<Found>, surroundings: &Surroundings<'_>) -> Vec<Found> {
    if found.is_empty() {
        return found;
    }
    let tokens = tokens(text);
    let words = words(base(surroundings.language));
    let number_at = |range: &Range<usize>| {
        let rest = text.get(range.start..).unwrap_or_default();
        let numbers = number::Numbers::default().find(rest, surroundings);
        numbers.first().is_some_and(|number| number.range.start == 0)
    };
    let all: Vec<Range<usize>> = found.iter().map(|found| found.range.clone()).collect();
    let mut kept: Vec<Found> = Vec::new();
    for found in found {
        let around = Around::of(&tokens, &found.range);
        let is_number = |token: &&Token| token.is_digits() || number_at(&token.range);
        let is_glued = base(surroundings.language) == "ja"
            && (JAPANESE_BEHIND.iter().any(|it| text[found.range.end..].starts_with(it))
                || JAPANESE_BEFORE.iter().any(|it| text[..found.range.start].ends_with(it)));
        if is_glued || is_torn(kind, text, &found.range) || is_another_weekday(text, &found, surroundings) {
            if kept.is_empty() {
                return Vec::new();
            }
            continue;
        }
        let Some(words) = &words else {
            kept.push(found);
            continue;
        };
        let one_of =
            |token: Option<&Token>, list: &[&str]| token.is_some_and(|token| list.contains(&token.lower.as_str()));
        let (last, next) = (around.before(0), around.behind(0));
        if one_of(last, words.not) || (one_of(next, words.not_behind) && all.len() > 1) {
            continue;
        }
        let joined = around.words_behind(words.joins);
        let is_other = joined.is_some_and(|token| {
            all.iter().any(|range| range.start <= token.range.start && token.range.end <= range.end)
        });
        let goes_on =
            !is_other && (one_of(joined, words.behind) || (kind != Kind::Date && joined.filter(is_number).is_some()));
        let is_moment = matches!(kind, Kind::Date | Kind::DateTime | Kind::Time);
        let is_moved = is_moment
            && (one_of(last, words.before_moment)
                || one_of(next, words.behind_moment)
                    && (base(surroundings.language) == "en" || around.behind(1).filter(is_number).is_some()));
        let is_span = one_of(last, words.to) && around.before(1).filter(is_number).is_some() && kind != Kind::Date;
        if one_of(last, words.except)
            || one_of(next, words.except_behind)
            || one_of(last, words.before)
            || goes_on
            || is_moved
            || is_span
        {
            if kept.is_empty() {
                return Vec::new();
            }
            continue;
        }
        match kept.last_mut() {
            Some(first) if one_of(last, words.or) && around.touches(&first.range, 1) => first.others.push(found.value),
            _ => kept.push(found),
        }
    }
    kept
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

/// Whether letters or digits of the same run were left out: "12" of "12,50", "000" of "12 000", "quatre" of "quatre-vingts".
fn is_torn(kind: Kind, text: &str, range: &Range<usize>) -> bool {
    let (before, own, behind) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut left = before.chars().rev();
    let mut right = behind.chars();
    let (last, next) = (left.next(), right.next());
    let (last_but_one, next_but_one) = (left.next(), right.next());
    let is_mark = |c: Option<char>| matches!(c, Some('.' | ',' | '\'' | '’' | '/' | ':'));
    let ends = is_digit(own.chars().next_back());
    let begins = is_digit(own.chars().next());
    if (begins && is_mark(last) && is_digit(last_but_one)) || (ends && is_mark(next) && is_digit(next_but_one)) {
        return true;
    }
    // Digits of other scripts are parted in the same way.
    let is_lone_point = is_mark(next) && next_but_one.is_some_and(char::is_numeric);
    if own.chars().next_back().is_some_and(char::is_numeric) && is_lone_point {
        return true;
    }
    // Groups of three digits with a space between, whatever kind of space.
    let three = |digits: &str| digits.chars().take_while(char::is_ascii_digit).count() == 3;
    let is_space = |c: Option<char>| matches!(c, Some(' ' | '\u{a0}' | '\u{202f}'));
    if (begins && three(own) && is_space(last) && is_digit(last_but_one))
        || (ends && is_space(next) && three(behind.trim_start()) && kind != Kind::Date && kind != Kind::DateTime)
    {
        return true;
    }
    // A fraction behind a number.
    if ends
        && is_space(next)
        && behind.trim_start().split_once('/').is_some_and(|(one, other)| {
            !one.is_empty() && one.chars().all(|c| c.is_ascii_digit()) && is_digit(other.chars().next())
        })
        && kind != Kind::Date
        && kind != Kind::DateTime
    {
        return true;
    }
    let is_hyphen = |c: Option<char>| matches!(c, Some('-' | '–'));
    let is_spelled = own.chars().all(|c| !c.is_ascii_digit());
    let of_run = |hyphen: Option<char>, other: Option<char>| {
        is_hyphen(hyphen)
            && (is_digit(other) || (is_spelled && other.is_some_and(char::is_alphabetic)))
            && kind != Kind::Date
            && kind != Kind::DateTime
    };
    of_run(last, last_but_one) || of_run(next, next_but_one)
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
