//! The paths and tags of questions, as texts: `**Fees|| || /charges/costs:price`.
//!
//! In real exports `**` stands before the terms whose node in the taxonomy has `termUsage: "mandatory"`, and `!!`
//! before those with `"organizer"`; no term without a prefix has another usage than `"default"`. The prefixes are
//! easily taken the other way round.

use crate::nlp::PathTerm;
use crate::texts::unescape_html;

/// Written after a term or tag that is to be taken as it is, by builds of 2023; it says nothing that is acted on here.
const EXACT: &str = "#*";

/// A term of a path: the label, then after the second `||` its synonyms, each after a slash, then its traits, each
/// after a colon.
pub(super) fn path_term(written: &str) -> Option<PathTerm> {
    let mut parts = written.splitn(3, "||");
    let mut term = label(parts.next()?)?;
    let words = parts.nth(1).unwrap_or_default();
    let (synonyms, traits) = words.split_once(':').unwrap_or((words, ""));
    term.synonyms = words_of(synonyms, &['/']);
    term.traits = words_of(traits, &[':', ',']);
    Some(term)
}

/// A tag: `**print/copy/reproduce`, the label and then its synonyms.
pub(super) fn tag(written: &str) -> Option<PathTerm> {
    let written = written.trim();
    let written = written.strip_suffix(EXACT).unwrap_or(written);
    let (own, synonyms) = written.split_once('/').unwrap_or((written, ""));
    let mut tag = label(own)?;
    tag.synonyms = words_of(synonyms, &['/']);
    Some(tag)
}

/// The label with its prefix.
fn label(written: &str) -> Option<PathTerm> {
    let written = written.trim();
    let written = written.strip_suffix(EXACT).unwrap_or(written);
    let (mandatory, organizer) = (written.starts_with("**"), written.starts_with("!!"));
    let bare = if mandatory || organizer { &written[2..] } else { written };
    let label = unescape_html(bare.trim()).into_owned();
    (!label.is_empty()).then(|| PathTerm { label, mandatory, organizer, ..PathTerm::default() })
}

fn words_of(written: &str, separators: &[char]) -> Vec<String> {
    let words = written.split(separators).map(|word| unescape_html(word.trim()).into_owned());
    words.filter(|word| !word.is_empty()).collect()
}
