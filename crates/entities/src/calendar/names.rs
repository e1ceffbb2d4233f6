//! Months, weekdays and the days around today in the languages whose bots are most frequent, and dates with them:
//! "3. Mai 2027", "el 3 de mayo", "2027年5月3日", "mañana". The library reads some of these wrong, and others not at all.

use jiff::Span;
use jiff::civil::{Date, Time, Weekday};

use super::{Clock, Days, Reading};
use crate::language;
use crate::tokens::Token;

/// The words of a language.
struct Names {
    /// Twelve months; other spellings after a bar.
    months: [&'static str; 12],
    /// Seven days from Monday on.
    weekdays: [&'static str; 7],
    /// The day before yesterday, yesterday, today, tomorrow, the day after.
    around: [&'static str; 5],
}

#[rustfmt::skip]
fn names(code: &str) -> Option<Names> {
    Some(match language::base(code) {
        "de" => Names {
            months: ["januar|jan|jänner", "februar|feb", "märz|mrz", "april|apr", "mai", "juni|jun", "juli|jul", "august|aug",
                "september|sep|sept", "oktober|okt", "november|nov", "dezember|dez"],
            weekdays: ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"],
            around: ["vorgestern", "gestern", "heute", "morgen", "übermorgen"],
        },
        "fr" => Names {
            months: ["janvier|janv", "février|fév|fevrier", "mars", "avril|avr", "mai", "juin", "juillet|juil", "août|aout",
                "septembre|sept", "octobre|oct", "novembre|nov", "décembre|déc|decembre"],
            weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
            around: ["avant-hier", "hier", "aujourd'hui", "demain", "après-demain"],
        },
        "es" => Names {
            months: ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre|setiembre",
                "octubre", "noviembre", "diciembre"],
            weekdays: ["lunes", "martes", "miércoles|miercoles", "jueves", "viernes", "sábado|sabado", "domingo"],
            around: ["anteayer", "ayer", "hoy", "mañana", "pasado mañana"],
        },
        "pt" => Names {
            months: ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
                "novembro", "dezembro"],
            weekdays: ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
            around: ["anteontem", "ontem", "hoje", "amanhã", "depois de amanhã"],
        },
        "it" => Names {
            months: ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
                "ottobre", "novembre", "dicembre"],
            weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
            around: ["l'altro ieri", "ieri", "oggi", "domani", "dopodomani"],
        },
        "nl" => Names {
            months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
                "november", "december"],
            weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
            around: ["eergisteren", "gisteren", "vandaag", "morgen", "overmorgen"],
        },
        _ => return None,
    })
}

/// The days that begin at a token, and the token after them.
pub(super) fn days(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    if matches!(language::base(reading.language), "ja" | "zh" | "ko") {
        return with_signs(tokens, at, reading);
    }
    let names = names(reading.language)?;
    of_month(tokens, at, &names, reading).or_else(|| around(tokens, at, &names, reading)).or_else(|| {
        let (number, next) = find(tokens, at, &names.weekdays)?;
        let weekday = Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok()?;
        let day = reading.today.nth_weekday(if reading.past { -1 } else { 1 }, weekday).ok()?;
        Some((Days { weekday: true, ..Days::day(day) }, next))
    })
}

/// "3. Mai 2027", "3 de mayo de 2027", "1er mai".
fn of_month(tokens: &[Token], at: usize, names: &Names, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let digits = tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 2)?;
    if !super::digits::begins(tokens, at) {
        return None;
    }
    let skip = |at: usize, words: &[&str]| {
        at + usize::from(tokens.get(at).is_some_and(|token| words.contains(&token.lower.as_str())))
    };
    let start = skip(at + 1, &[".", "de", "er", "º", "°", "di"]);
    let (month, next) = find(tokens, start, &names.months)?;
    let day: i8 = digits.lower.parse().ok()?;
    let of_year = |year: i16| Date::new(year, i8::try_from(month + 1).ok()?, day).ok();
    let year_at = skip(next, &["de", "del", ",", "."]);
    let year = tokens.get(year_at).filter(|token| token.is_digits() && token.lower.len() == 4);
    if let Some(date) = year.and_then(|year| of_year(year.lower.parse().ok()?)) {
        return Some((Days::day(date), year_at + 1));
    }
    Some((Days::day(reading.yearly(of_year)?), next))
}

fn around(tokens: &[Token], at: usize, names: &Names, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let (index, next) = find(tokens, at, &names.around)?;
    let before = at.checked_sub(1).map(|index| tokens[index].lower.as_str());
    if index == 3 && is_greeting(before) {
        return None;
    }
    let day = reading.today.checked_add(Span::new().days(i64::try_from(index).ok()? - 2)).ok()?;
    Some((Days::day(day), next))
}

/// Whether "morgen" or "mañana" after this word is a morning: "guten Morgen", "por la mañana".
pub(super) fn is_greeting(word: Option<&str>) -> bool {
    let word = word.map(str::to_lowercase);
    matches!(word.as_deref(), Some("la" | "jeden" | "guten" | "goede"))
}

/// "um 20 Uhr", "alle 20", "à 15h": hours after noon, which need no other word. Those before are left to the library.
pub(super) fn hour(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Clock, usize)> {
    names(reading.language)?;
    let leads =
        matches!(tokens[at].lower.as_str(), "um" | "gegen" | "à" | "vers" | "las" | "alle" | "às" | "om" | "ore");
    let digits = at + usize::from(leads);
    let hour = tokens.get(digits).filter(|token| token.is_digits() && token.lower.len() == 2)?;
    let unit = tokens.get(digits + 1).map(|token| token.lower.as_str());
    let named = matches!(unit, Some("uhr" | "uur" | "h" | "heures" | "horas"));
    let goes_on = tokens.get(digits + 1 + usize::from(named)).is_some_and(|after| after.glued && !after.is_mark("."));
    let minutes = tokens.get(digits + 2).is_some_and(|after| named && after.is_digits());
    if !(leads || named) || goes_on || minutes || !super::digits::begins(tokens, digits) {
        return None;
    }
    let hour = hour.lower.parse().ok().filter(|hour| (13..24).contains(hour))?;
    Some((Clock::at(Time::new(hour, 0, 0, 0).ok()?), digits + 1 + usize::from(named)))
}

/// Which of the names stands at a token, the longest, and the token after it.
fn find(tokens: &[Token], at: usize, names: &[&str]) -> Option<(usize, usize)> {
    (1..=3).rev().filter(|count| at + count <= tokens.len()).find_map(|count| {
        let mut said = String::new();
        for (index, token) in tokens[at..at + count].iter().enumerate() {
            if index > 0 && !token.glued {
                said.push(' ');
            }
            said.push_str(&token.lower);
        }
        let index = names.iter().position(|spellings| spellings.split('|').any(|spelling| spelling == said))?;
        Some((index, at + count))
    })
}

/// "2027年5月3日", "5월 3일".
fn with_signs(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let part = |at: usize, signs: &[&str]| {
        let digits = tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 4)?;
        tokens.get(at + 1).filter(|sign| signs.iter().any(|start| sign.lower.starts_with(start)))?;
        digits.lower.parse::<i16>().ok()
    };
    let year = part(at, &["年", "년"]);
    let at = if year.is_some() { at + 2 } else { at };
    let month = i8::try_from(part(at, &["月", "월"])?).ok()?;
    let day = i8::try_from(part(at + 2, &["日", "일", "号"])?).ok()?;
    let of_year = |year| Date::new(year, month, day).ok();
    let date = match year {
        Some(year) => of_year(year)?,
        None => reading.yearly(of_year)?,
    };
    Some((Days::day(date), at + 4))
}
