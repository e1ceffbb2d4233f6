//! Which of a bot's languages a message is in.

use crate::lexicon::Lexicon;
use crate::text::is_unspaced;

/// One language must be so much more familiar than the next to be believed against the current one.
const LEAD: f32 = 0.15;

/// How familiar a message looks in each language, the most familiar first: its words are looked for among the function
/// words of the language and in all texts of the bot in it. Languages are the keys; scores are 0 to 1.
pub fn rank<'l>(lexicons: &[(&'l str, &Lexicon)], text: &str) -> Vec<(&'l str, f32)> {
    let mut ranked: Vec<(&str, f32)> = lexicons
        .iter()
        .map(|(language, lexicon)| {
            let script = if is_in_script_of(lexicon.language().code(), text) { 1.0 } else { 0.0 };
            (*language, 0.8 * lexicon.familiarity(text) + 0.2 * script)
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

/// The language of a message: one in which the bot itself has these very words, else the most familiar one, or `current`
/// where that is as likely.
pub fn language_of<'l>(lexicons: &[(&'l str, &Lexicon)], text: &str, current: &'l str) -> &'l str {
    let mut own = lexicons.iter().filter(|(_, lexicon)| lexicon.has_phrase(text)).map(|(language, _)| *language);
    if let Some(only) = own.next() {
        let is_shared = only == current || own.any(|language| language == current);
        return if is_shared { current } else { only };
    }
    let ranked = rank(lexicons, text);
    let of_current = ranked.iter().find(|(language, _)| *language == current).map_or(0.0, |(_, score)| *score);
    match ranked.first() {
        Some((language, score)) if *score >= of_current + LEAD => language,
        _ => current,
    }
}

/// Whether most letters of a text are of the script a language is written in.
fn is_in_script_of(code: &str, text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|letter| letter.is_alphabetic()).collect();
    let fits = |letter: &&char| {
        let number = u32::from(**letter);
        match code {
            "zh" | "ja" => is_unspaced(**letter),
            "ko" => (0xac00..=0xd7af).contains(&number),
            "th" => (0x0e00..=0x0e7f).contains(&number),
            "ru" | "uk" | "bg" => (0x0400..=0x04ff).contains(&number),
            "el" => (0x0370..=0x03ff).contains(&number),
            "ar" | "fa" | "ur" => (0x0600..=0x06ff).contains(&number),
            "he" => (0x0590..=0x05ff).contains(&number),
            "hi" | "mr" => (0x0900..=0x097f).contains(&number),
            "ta" => (0x0b80..=0x0bff).contains(&number),
            _ => number < 0x0250,
        }
    };
    2 * letters.iter().filter(fits).count() > letters.len()
}
