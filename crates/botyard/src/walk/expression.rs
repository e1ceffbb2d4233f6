//! Texts that regular expressions match.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A short text that an expression matches as a whole; `None` for expressions that are not read here, such as those that
/// look ahead.
pub(super) fn text_of(expression: &str) -> Option<String> {
    let mut text = String::new();
    write(&regex_syntax::parse(expression).ok()?, &mut text)?;
    Some(text)
}

/// Repetitions that may be left out are taken once, so that the text is not empty.
const TIMES: u32 = 1;
/// Characters that people type, in the order they are preferred.
const PREFERRED: &str = "5ax1bcdefghijklmnopqrstuvwyz02346789ABCDEFGHIJKLMNOPQRSTUVWXYZ@-_./ #";

fn write(expression: &Hir, text: &mut String) -> Option<()> {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character_of(class)?),
        HirKind::Repetition(repetition) => {
            let times = repetition.min.max(TIMES.min(repetition.max.unwrap_or(TIMES)));
            for _ in 0..times {
                write(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text))?,
        HirKind::Alternation(parts) => write(parts.first()?, text)?,
    }
    Some(())
}

fn character_of(class: &Class) -> Option<char> {
    let holds = |wanted: char| match class {
        Class::Unicode(class) => class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&wanted)),
        Class::Bytes(class) => {
            class.ranges().iter().any(|range| (char::from(range.start())..=char::from(range.end())).contains(&wanted))
        }
    };
    PREFERRED.chars().find(|it| holds(*it)).or_else(|| match class {
        Class::Unicode(class) => class.ranges().first().map(|range| range.start()),
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    })
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn common_expressions_are_met() {
        for (expression, expected) in [
            (r"^\d{4}$", Some("5555")),
            (r"[A-Z]{3}-?[0-9]{2,5}", Some("AAA-55")),
            (r"(cat|dog)s?", Some("cats")),
            (r"\w+@[a-z]+\.com", Some("5@a.com")),
            (r"(?i)nlp-\d*", None),
            ("", Some("")),
            (r"(?=x)x", None),
            ("[", None),
        ] {
            let made = text_of(expression);
            match expected {
                Some(expected) => assert_eq!(made.as_deref(), Some(expected), "{expression}"),
                // Letters of either case are as good.
                None => assert!(made.is_none_or(|text| text.eq_ignore_ascii_case("nlp-5")), "{expression}"),
            }
        }
    }
}
