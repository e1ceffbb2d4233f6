//! What scripts use that does not exist here: publish says so by name.

use crate::{protocol::Position, source::end_of};

/// What is told of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// What it is, as an author would write it: `koreUtil.rrule`.
    pub name: String,
    /// Where it stands first.
    pub position: Position,
}

/// Members of libraries that are absent: the library, as a script writes it, and their names. The rest is there, which
/// `tests/originals` holds against the packages themselves.
const LIBRARIES: [(&str, &[&str]); 4] = [
    // What waits: nothing of a run is left that could be called later.
    ("_", &["debounce", "defer", "delay", "throttle"]),
    // What is about lodash itself is no method of its chains.
    ("_([])", &["debounce", "defer", "delay", "mixin", "noConflict", "runInContext", "throttle"]),
    // The data that zones are made of, and which country has which.
    ("moment.tz", &["add", "countries", "load", "unpack", "unpackBase60", "zonesForCountry"]),
    ("moment.tz.zone(\"UTC\")", &["abbrs", "countries", "offsets", "population", "untils"]),
];

/// Methods of moment's own data about languages, which no script can need: they are told of nowhere else.
const LOCALE_DATA: [&str; 7] = [
    "eras",
    "erasAbbrRegex",
    "erasConvertYear",
    "erasNameRegex",
    "erasNarrowRegex",
    "erasParse",
    "longDateFormatRegex",
];

/// All that `koreUtil` has.
const KORE_UTIL: [&str; 14] = [
    "ClearAuthProfiles",
    "_",
    "autoTranslate",
    "clearAuthProfiles",
    "closeConversationSession",
    "getAmbiguousIntents",
    "getCurrentOptions",
    "getLanguage",
    "getSessionId",
    "hash",
    "intl",
    "moment",
    "momenttz",
    "xml2js",
];

/// Languages that moment knows here.
const LANGUAGES: [&str; 8] = ["de", "en", "es", "fr", "it", "nl", "pt", "pt-br"];

/// All that `Intl` has.
const INTL: [&str; 2] = ["DateTimeFormat", "NumberFormat"];

/// Globals of Node and of browsers that authors know. A script may have a name of its own for each.
const GLOBALS: [&str; 16] = [
    "AbortController",
    "Buffer",
    "FormData",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "XMLHttpRequest",
    "clearInterval",
    "clearTimeout",
    "fetch",
    "process",
    "require",
    "setImmediate",
    "setInterval",
    "setTimeout",
];

/// Whether this member of a library is known to be absent.
pub fn is_absent(library: &str, name: &str) -> bool {
    LIBRARIES.iter().any(|(of, names)| *of == library && names.contains(&name))
        || library == "moment.localeData()" && LOCALE_DATA.contains(&name)
}

/// What a script uses that does not exist here, each once, in the order in which it is used first. The text is read word by
/// word: what stands in comments and texts is none, and what the script declares itself is its own.
pub fn absent_in(source: &str) -> Vec<Absent> {
    let words = words_of(source);
    let is_own = |name: &str| {
        words.windows(2).any(|pair| {
            let [before, word] = pair else { return false };
            word.text == name && matches!(before.text, "var" | "let" | "const" | "function" | "class")
        })
    };
    let mut found: Vec<Absent> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(name) = absent_at(&words, at, word) else { continue };
        let first = name.split('.').next().unwrap_or_default();
        let is_known = found.iter().any(|one| one.name == name) || (first == name && is_own(&name));
        if !is_known {
            found.push(Absent { name, position: end_of(&source[..word.at]) });
        }
    }
    found
}

/// The name of something absent that ends in a word.
fn absent_at(words: &[Word<'_>], at: usize, word: &Word<'_>) -> Option<String> {
    let text_at = |back: usize| at.checked_sub(back).map_or("", |at| words[at].text);
    let next = words.get(at + 1).map_or("", |next| next.text);
    if text_at(1) != "." && text_at(1) != "?." {
        let is_used = matches!(next, "(" | "." | "[") && text_at(1) != "typeof" && text_at(1) != "function";
        return (is_used && GLOBALS.contains(&word.text)).then(|| word.text.into());
    }
    let member = |library: &str| Some(format!("{library}.{}", word.text));
    match text_at(2) {
        "koreUtil" if !KORE_UTIL.contains(&word.text) => member("koreUtil"),
        "Intl" | "intl" if !INTL.contains(&word.text) && word.text.starts_with(char::is_uppercase) => member("Intl"),
        "_" if is_absent("_", word.text) => member("_"),
        "tz" if is_absent("moment.tz", word.text) => member("moment.tz"),
        _ if next == "(" => language_at(words, at).and_then(|language| lacking_language(words, word.text, &language)),
        _ => None,
    }
}

/// The language that is the first argument of the call of a word, in lower case: `pt-br`. What is defined there, as it has
/// another argument for moment, is none.
fn language_at(words: &[Word<'_>], at: usize) -> Option<String> {
    let text = words.get(at + 2)?.text.strip_prefix(['\'', '"'])?;
    let language = text.trim_end_matches(['\'', '"']).to_lowercase().replace('_', "-");
    let is_defined = words[at].text == "locale" && words.get(at + 3).is_some_and(|after| after.text == ",");
    (!language.is_empty() && !is_defined).then_some(language)
}

/// The call by its name when it asks for a language that there is not.
fn lacking_language(words: &[Word<'_>], call: &str, language: &str) -> Option<String> {
    let general = language.split('-').next().unwrap_or_default();
    match call {
        "locale" => {
            let is_of_moment = words.iter().any(|word| word.text.starts_with("moment"));
            let is_known = LANGUAGES.contains(&language) || LANGUAGES.contains(&general);
            (is_of_moment && !is_known).then(|| format!("moment.locale('{language}')"))
        }
        "toLocaleString" | "toLocaleDateString" | "toLocaleTimeString" | "NumberFormat" | "DateTimeFormat" => {
            (general != "en").then(|| format!("{call}('{language}')"))
        }
        _ => None,
    }
}

/// A name, a text with its quotes, or a sign.
struct Word<'a> {
    text: &'a str,
    at: usize,
}

/// Takes JavaScript apart as far as is needed to tell names from texts and comments.
fn words_of(source: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if matches!(first, '\'' | '"' | '`') {
            text_length(rest, first)
        } else if rest.starts_with("?.") {
            2
        } else if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let is_comment = rest.starts_with("//") || rest.starts_with("/*");
        if !is_comment && !first.is_whitespace() {
            words.push(Word { text: &source[at..at + length], at });
        }
        at += length;
    }
    words
}

/// How long a text is, with its quotes; one without an end goes to the end of its line.
fn text_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' && !escaped => return at,
            c if c == quote && !escaped => return at + quote.len_utf8(),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_exist_is_named_where_it_is_used_first() {
        type Found = &'static [(&'static str, usize, usize)];
        let cases: [(&str, Found); 16] = [
            ("print(koreUtil.moment().format())", &[]),
            ("var r = new koreUtil.rrule(1);\nkoreUtil.rrule.x", &[("koreUtil.rrule", 1, 22)]),
            ("// koreUtil.rrule\nprint('koreUtil.rrule' /* koreUtil.rrule */)", &[]),
            ("var _ = koreUtil._;\n_.debounce(f, 5); koreUtil._.delay(f)", &[("_.debounce", 2, 3), ("_.delay", 2, 30)]),
            ("koreUtil.moment.tz.zonesForCountry('US')", &[("moment.tz.zonesForCountry", 1, 20)]),
            ("setTimeout(f, 5); setTimeout(f, 6)", &[("setTimeout", 1, 1)]),
            ("function fetch(x) { return x } print(fetch(1))", &[]),
            ("if (typeof require !== 'undefined') { x.require('y') }", &[]),
            ("var b = Buffer.from('a')", &[("Buffer", 1, 9)]),
            ("koreUtil.moment().locale('sv').format()", &[("moment.locale('sv')", 1, 19)]),
            ("koreUtil.moment.locale('de-AT'); s.locale(x)", &[]),
            ("koreUtil.moment.locale('xx', {months: []})", &[]),
            ("new Intl.PluralRules('en')", &[("Intl.PluralRules", 1, 10)]),
            ("(5).toLocaleString('de-DE')", &[("toLocaleString('de-de')", 1, 5)]),
            ("new Intl.NumberFormat('en-IN'); new Intl.DateTimeFormat()", &[]),
            ("koreUtil?.nothing()", &[("koreUtil.nothing", 1, 11)]),
        ];
        for (source, expected) in cases {
            let found: Vec<_> = absent_in(source);
            let found: Vec<_> =
                found.iter().map(|one| (one.name.as_str(), one.position.line, one.position.column)).collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
