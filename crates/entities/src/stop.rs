//! Small words: they carry no meaning of their own and never name an item alone.

/// Whether a lower-case word is a small word of the language.
pub(crate) fn is_small(language: &str, word: &str) -> bool {
    let words: &[&str] = match language {
        "en" => &[
            "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "as", "is",
            "are", "am", "be", "was", "were", "do", "does", "did", "i", "you", "he", "she", "it", "we", "they", "me",
            "my", "your", "his", "her", "its", "our", "their", "this", "that", "these", "those", "one", "some", "any",
            "can", "could", "will", "would", "should", "shall", "may", "might", "please", "want", "like", "need",
            "i'd", "i'm", "it's", "let", "us", "so", "just", "about", "into", "there", "here", "what", "which", "who",
            "have", "has",
        ],
        "de" => &[
            "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "und", "oder", "in",
            "im", "an", "am", "auf", "von", "vom", "zu", "zum", "zur", "mit", "für", "ist", "sind", "ich", "du", "sie",
            "er", "es", "wir", "ihr", "mir", "mich", "mein", "meine", "bitte", "möchte", "will", "kann", "aus", "bei",
        ],
        "fr" => &[
            "le", "la", "les", "l", "un", "une", "des", "de", "du", "d", "et", "ou", "à", "au", "aux", "en", "dans",
            "pour", "par", "avec", "sur", "je", "tu", "il", "elle", "nous", "vous", "ils", "mon", "ma", "mes", "ce",
            "cette", "est", "sont", "veux", "voudrais",
        ],
        "es" => &[
            "el", "la", "los", "las", "un", "una", "unos", "unas", "de", "del", "y", "o", "a", "al", "en", "por",
            "para", "con", "sobre", "yo", "tú", "mi", "mis", "su", "sus", "es", "son", "quiero", "este", "esta", "que",
        ],
        "pt" => &[
            "o", "a", "os", "as", "um", "uma", "de", "do", "da", "dos", "das", "e", "ou", "em", "no", "na", "por",
            "para", "com", "sobre", "eu", "meu", "minha", "é", "são", "quero", "este", "esta", "que",
        ],
        "it" => &[
            "il", "lo", "la", "i", "gli", "le", "un", "una", "uno", "di", "del", "della", "e", "o", "a", "al", "in",
            "per", "con", "su", "io", "mio", "mia", "è", "sono", "voglio", "questo", "questa", "che",
        ],
        _ => &[],
    };
    words.contains(&word)
}
