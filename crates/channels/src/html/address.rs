//! Addresses in attributes.

use super::reference;

/// Schemes of addresses that run script, or show what one made.
const REFUSED: [&str; 3] = ["javascript", "vbscript", "data"];

/// Whether an address may stand in a link or an image. `value` is as written, with its character references.
///
/// Addresses without a scheme and schemes of apps are fine. Browsers ignore tabs and line breaks anywhere in an address
/// and control characters and blanks in front of it, so all of them are passed over here.
pub(super) fn is_safe(value: &str) -> bool {
    let scheme: String = decoded(value)
        .filter(|character| *character > ' ' && !character.is_control())
        .take_while(|character| !matches!(character, ':' | '/' | '?' | '#'))
        .map(|character| character.to_ascii_lowercase())
        .collect();
    !REFUSED.contains(&scheme.as_str())
}

/// The characters that a browser makes of the value.
fn decoded(value: &str) -> impl Iterator<Item = char> {
    let mut rest = value;
    std::iter::from_fn(move || {
        if let Some(reference) = reference::read(rest) {
            rest = &rest[reference.len..];
            return Some(reference.character);
        }
        let character = rest.chars().next()?;
        rest = &rest[character.len_utf8()..];
        Some(character)
    })
}
