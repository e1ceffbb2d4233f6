//! Character references: `&amp;` `&#39;` `&#x27;`.

/// A character reference at the start of a text.
pub(super) struct Reference {
    /// Its length in bytes, from `&` to `;`.
    pub(super) len: usize,
    /// What it stands for.
    pub(super) character: char,
}

/// Names that stay references in addresses and attributes. What is not here (`&colon;`, `&Tab;` …) is text there, so that
/// nothing hides in an address.
const NAMES: [(&str, char); 36] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("shy", '\u{ad}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("deg", '°'),
    ("middot", '·'),
    ("bull", '•'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("larr", '←'),
    ("rarr", '→'),
    ("times", '×'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("sect", '§'),
    ("para", '¶'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
];

/// The longest reference, `&#1114111;` or a name, and a few leading zeros.
const MAX_BYTES: usize = 16;

/// The longest name that HTML has, `CounterClockwiseContourIntegral`, with both marks.
const MAX_BYTES_OF_NAMES: usize = 33;

/// The length of the reference that a text of a page begins with, if it does: any that HTML has.
pub(super) fn length_in_text(text: &str) -> Option<usize> {
    if let Some(reference) = read(text) {
        return Some(reference.len);
    }
    let end = text.bytes().take(MAX_BYTES_OF_NAMES).position(|byte| byte == b';')?;
    let written = &text[..=end];
    let is_name = written[1..end].bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_name && html_escape::decode_html_entities(written) != written).then_some(written.len())
}

/// The character reference that an address or the value of an attribute begins with, if it does.
pub(super) fn read(text: &str) -> Option<Reference> {
    let inside = text.strip_prefix('&')?;
    let end = inside.bytes().take(MAX_BYTES).position(|byte| byte == b';')?;
    let body = &inside[..end];
    let character = match body.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => NAMES.iter().find(|(name, _)| *name == body)?.1,
    };
    Some(Reference { len: end + 2, character })
}

/// The character of a number; `None` where it is none, which is then text.
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would accept a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}
