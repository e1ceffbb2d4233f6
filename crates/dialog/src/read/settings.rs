//! Settings of the whole bot.

use definition::{Document, ShapeError};
use serde_json::Value;

use super::findings::Findings;
use super::interruption;
use super::lenient::{count, flag, id, is_on, number, printed, text, words};
use super::parts::{list, member};
use crate::bot::{LanguageChoice, Pii, PiiDisplay, Session, Settings};

/// A session without a message is not kept longer: 14 days. Milliseconds.
const LONGEST_SESSION_MS: f64 = 14.0 * 24.0 * 3_600_000.0;

/// The settings.
///
/// # Errors
/// `pii_patterns` is not a list.
pub(super) fn read(definition: &Document, findings: &mut Findings) -> Result<Settings, ShapeError> {
    let of = |key: &str| member(definition, key);
    let mut interruption = interruption::read(&of("interruptOptions"));
    if flag(&of("interruptsEnabled")) == Some(false) {
        interruption.enabled = Some(false);
    }
    let custom = of("runCustomScript");
    if is_on(&custom["enable"]) {
        findings.add("the script that is to run at the end of a session does not run here".to_owned());
    }
    if is_on(&of("amendConfig")["enabled"]) {
        findings.add("amending what was said before does not work here: the words are read as any others".to_owned());
    }
    let patterns = list(definition, "pii_patterns")?;
    let enabled = patterns.iter().filter(|pattern| is_on(&pattern["enabled"]));
    Ok(Settings {
        interruption,
        session: session(&of),
        language_choice: match text(&of("languagePreferences")["type"]) {
            "perSession" => LanguageChoice::PerSession,
            "lifeTime" | "lifetime" => LanguageChoice::Lifetime,
            _ => LanguageChoice::PerVolley,
        },
        several_intents: is_on(&of("detectMultiIntent")),
        pii: enabled.filter_map(|pattern| pii(pattern, findings)).collect(),
    })
}

fn session(of: &impl Fn(&str) -> Value) -> Session {
    let usual = Session::default();
    let inactive = number(&of("sessionInactiveTime")).filter(|ms| *ms >= 1.0).map(|ms| ms.min(LONGEST_SESSION_MS));
    let process = of("sessionClosureProcess");
    Session {
        inactive_ms: inactive.map_or(usual.inactive_ms, |ms| ms as i64),
        closes_at_once: number(&process).map_or(usual.closes_at_once, |process| process != 0.0),
        closes_silently: is_on(&of("skipSessionMessage")),
        clears_auth: is_on(&of("clearAllAuthTokens")),
    }
}

fn pii(pattern: &Value, findings: &mut Findings) -> Option<Pii> {
    let name = ["pii_type", "name"].iter().find_map(|member| id(&pattern[*member])).unwrap_or_default().to_owned();
    let Some(regex) = id(&pattern["regex"]) else {
        findings.add(format!("the pattern '{name}' of personal data has no expression: it hides nothing"));
        return None;
    };
    Some(Pii {
        name,
        regex: regex.to_owned(),
        ignores_case: is_on(&pattern["ignoreCase"]),
        display: display(&pattern["display"]),
        entities: words(&pattern["mappedEntities"]),
    })
}

/// Known exports only redact; of the other two kinds, the members are looked for under the names that speak for
/// themselves.
fn display(display: &Value) -> PiiDisplay {
    let first_of = |members: &[&str]| {
        members.iter().map(|member| printed(&display[*member])).find(|text| !text.is_empty()).unwrap_or_default()
    };
    let characters = |members: &[&str]| {
        let found = members.iter().find_map(|member| count(&display[*member])).unwrap_or_default();
        usize::try_from(found).unwrap_or_default()
    };
    let kind = text(&display["type"]).to_ascii_lowercase();
    if kind.starts_with("replace") {
        PiiDisplay::Replaced(first_of(&["value", "replaceWith", "replacement", "text"]))
    } else if kind.starts_with("mask") {
        let mask = first_of(&["maskCharacter", "maskWith", "mask", "character", "value"]);
        PiiDisplay::Masked {
            first: characters(&["first", "firstCharacters", "startIndex", "prefix"]),
            last: characters(&["last", "lastCharacters", "endIndex", "suffix"]),
            mask: if mask.is_empty() { "*".to_owned() } else { mask },
        }
    } else {
        PiiDisplay::Redacted
    }
}
