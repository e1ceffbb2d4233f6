//! Spanish and Portuguese numbers in words, up to 999 999: "doscientos cinco", "trinta e três".

use super::Spoken;
use crate::decimal::Decimal;
use crate::tokens::Token;

/// What one word says, a thousand included.
fn value(word: &str, language: &str) -> Option<i64> {
    match language {
        "es" => spanish(word),
        "pt" => portuguese(word),
        _ => None,
    }
}

/// Whether a language's numbers are read here.
pub(crate) fn is_read(language: &str) -> bool {
    matches!(language, "es" | "pt")
}

/// A number in words from a token on, the longest.
pub(crate) fn number(tokens: &[Token], at: usize, language: &str) -> Option<Spoken> {
    let value_at = |index: usize| {
        let token = tokens.get(index).filter(|token| token.is_word())?;
        value(&token.lower, language)
    };
    let (mut thousands, mut total, mut last) = (0, value_at(at)?, value_at(at)?);
    let mut next = at + 1;
    loop {
        let joins = tokens.get(next).is_some_and(|token| matches!(token.lower.as_str(), "y" | "e"));
        let place = next + usize::from(joins);
        let Some(more) = value_at(place) else { break };
        let fits = match more {
            1000 => thousands == 0 && total < 1000 && total > 0 && last != 1000 && !joins,
            0 => false,
            // "treinta y tres", "duzentos e trinta", "mil duzentos"
            more => last == 1000 || (last >= 100 && more < 100) || (last >= 20 && last % 10 == 0 && more < 10),
        };
        if !fits {
            break;
        }
        if more == 1000 {
            (thousands, total) = (total * 1000, 0);
        } else if last == 1000 && thousands == 0 {
            (thousands, total) = (total, more);
        } else {
            total += more;
        }
        (last, next) = (more, place + 1);
    }
    Some((Decimal::whole(thousands + total), next))
}

fn spanish(word: &str) -> Option<i64> {
    Some(match word {
        "cero" => 0,
        "uno" | "un" | "una" => 1,
        "dos" => 2,
        "tres" => 3,
        "cuatro" => 4,
        "cinco" => 5,
        "seis" => 6,
        "siete" => 7,
        "ocho" => 8,
        "nueve" => 9,
        "diez" => 10,
        "once" => 11,
        "doce" => 12,
        "trece" => 13,
        "catorce" => 14,
        "quince" => 15,
        "dieciséis" | "dieciseis" => 16,
        "diecisiete" => 17,
        "dieciocho" => 18,
        "diecinueve" => 19,
        "veinte" => 20,
        "veintiuno" | "veintiún" | "veintiun" | "veintiuna" => 21,
        "veintidós" | "veintidos" => 22,
        "veintitrés" | "veintitres" => 23,
        "veinticuatro" => 24,
        "veinticinco" => 25,
        "veintiséis" | "veintiseis" => 26,
        "veintisiete" => 27,
        "veintiocho" => 28,
        "veintinueve" => 29,
        "treinta" => 30,
        "cuarenta" => 40,
        "cincuenta" => 50,
        "sesenta" => 60,
        "setenta" => 70,
        "ochenta" => 80,
        "noventa" => 90,
        "cien" | "ciento" => 100,
        "doscientos" | "doscientas" => 200,
        "trescientos" | "trescientas" => 300,
        "cuatrocientos" | "cuatrocientas" => 400,
        "quinientos" | "quinientas" => 500,
        "seiscientos" | "seiscientas" => 600,
        "setecientos" | "setecientas" => 700,
        "ochocientos" | "ochocientas" => 800,
        "novecientos" | "novecientas" => 900,
        "mil" => 1000,
        _ => return None,
    })
}

fn portuguese(word: &str) -> Option<i64> {
    Some(match word {
        "zero" => 0,
        "um" | "uma" => 1,
        "dois" | "duas" => 2,
        "três" | "tres" => 3,
        "quatro" => 4,
        "cinco" => 5,
        "seis" => 6,
        "sete" => 7,
        "oito" => 8,
        "nove" => 9,
        "dez" => 10,
        "onze" => 11,
        "doze" => 12,
        "treze" => 13,
        "catorze" | "quatorze" => 14,
        "quinze" => 15,
        "dezesseis" | "dezasseis" => 16,
        "dezessete" | "dezassete" => 17,
        "dezoito" => 18,
        "dezenove" | "dezanove" => 19,
        "vinte" => 20,
        "trinta" => 30,
        "quarenta" => 40,
        "cinquenta" | "cinqüenta" => 50,
        "sessenta" => 60,
        "setenta" => 70,
        "oitenta" => 80,
        "noventa" => 90,
        "cem" | "cento" => 100,
        "duzentos" | "duzentas" => 200,
        "trezentos" | "trezentas" => 300,
        "quatrocentos" | "quatrocentas" => 400,
        "quinhentos" | "quinhentas" => 500,
        "seiscentos" | "seiscentas" => 600,
        "setecentos" | "setecentas" => 700,
        "oitocentos" | "oitocentas" => 800,
        "novecentos" | "novecentas" => 900,
        "mil" => 1000,
        _ => return None,
    })
}
