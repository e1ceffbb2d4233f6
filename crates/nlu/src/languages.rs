//! Which of a bot's languages a message is in.

use crate::lexicon::Lexicon;
use crate::text::is_unspaced;

/// One language must be so much more familiar than the next to be believed against the current one.
const LEAD: f32 = 0.15;
/// What the script of a message weighs; the rest is how many of its words are known.
const SCRIPT: f32 = 0.2;

/// What people begin with in a language, whatever a bot is for: greetings, thanks, and what they say to the platform.
fn is_common(code: &str, text: &str) -> bool {
    let words: &[&str] = match code {
        "es" => &[
            "hola",
            "buenos días",
            "buenas tardes",
            "buenas noches",
            "gracias",
            "muchas gracias",
            "ayuda",
            "cancelar",
            "adiós",
        ],
        "fr" => &["bonjour", "bonsoir", "salut", "merci", "merci beaucoup", "aide", "annuler", "au revoir"],
        "de" => &[
            "hallo",
            "guten tag",
            "guten morgen",
            "guten abend",
            "servus",
            "danke",
            "danke schön",
            "hilfe",
            "abbrechen",
            "tschüss",
        ],
        "pt" => {
            &["olá", "oi", "bom dia", "boa tarde", "boa noite", "obrigado", "obrigada", "ajuda", "cancelar", "tchau"]
        }
        "it" => {
            &["ciao", "buongiorno", "buonasera", "salve", "grazie", "grazie mille", "aiuto", "annulla", "arrivederci"]
        }
        "nl" => &["hallo", "goedemorgen", "goedemiddag", "goedenavond", "dank je", "bedankt", "hulp", "annuleren"],
        "id" => &[
            "halo",
            "hai",
            "selamat pagi",
            "selamat siang",
            "selamat sore",
            "selamat malam",
            "terima kasih",
            "bantuan",
            "tolong",
        ],
        _ => return false,
    };
    let text = text.trim().trim_matches(['.', '!', '?', '¡', '¿']).to_lowercase();
    words.contains(&text.as_str())
}

/// How familiar a message looks in each language, the most familiar first: its words are looked for among the function
/// words of the language and in all texts of the bot in it. Languages are the keys; scores are 0 to 1.
pub fn rank<'l>(lexicons: &[(&'l str, &Lexicon)], text: &str) -> Vec<(&'l str, f32)> {
    let mut ranked: Vec<(&str, f32)> = lexicons
        .iter()
        .map(|(language, lexicon)| {
            let script = if is_in_script_of(lexicon.language().code(), text) { 1.0 } else { 0.0 };
            (*language, (1.0 - SCRIPT) * lexicon.familiarity(text) + SCRIPT * script)
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked
}

/// Which languages a message may be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The language it is taken for.
    pub language: String,
    /// All languages it may be in, the likeliest first; none where nothing speaks for any.
    pub suggested: Vec<String>,
}

impl Heard {
    fn of(language: &str, suggested: &[&str]) -> Self {
        Self { language: language.to_owned(), suggested: suggested.iter().map(|&it| it.to_owned()).collect() }
    }
}

/// The language of a message: one in which the bot itself has these very words, else the most familiar one, or `current`
/// where that is as likely.
pub fn language_of(lexicons: &[(&str, &Lexicon)], text: &str, current: &str) -> Heard {
    let own = lexicons.iter().filter(|(_, lexicon)| lexicon.has_phrase(text)).map(|(language, _)| *language);
    let mut own: Vec<&str> = own.collect();
    if own.is_empty() {
        let common = lexicons.iter().filter(|(_, lexicon)| is_common(lexicon.language().code(), text));
        own.extend(common.map(|(language, _)| *language));
    }
    if let Some(first) = own.first() {
        return Heard::of(if own.contains(&current) { current } else { first }, &own);
    }
    let ranked = rank(lexicons, text);
    let of_current = ranked.iter().find(|(language, _)| *language == current).map_or(0.0, |(_, score)| *score);
    let best = ranked.first().map_or(0.0, |(_, score)| *score);
    let language = match ranked.first() {
        Some((language, score)) if *score >= of_current + LEAD => language,
        _ => current,
    };
    // A script alone speaks for no language.
    let likely = ranked.iter().filter(|(_, score)| *score > SCRIPT && best < *score + LEAD);
    Heard::of(language, &likely.map(|(language, _)| *language).collect::<Vec<_>>())
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
