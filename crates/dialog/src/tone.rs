//! The mood of a message: how angry, sad or glad its words are, from -3 to 3. A small list of words, no more: moods decide
//! about events that few bots have.

/// Words and the tone and level they stand for.
const WORDS: [(&str, &str, f64); 64] = [
    ("angry", "angry", 2.0),
    ("furious", "angry", 3.0),
    ("mad", "angry", 2.0),
    ("annoyed", "angry", 1.0),
    ("annoying", "angry", 1.0),
    ("frustrated", "angry", 2.0),
    ("frustrating", "angry", 2.0),
    ("ridiculous", "angry", 2.0),
    ("outrageous", "angry", 3.0),
    ("unacceptable", "angry", 3.0),
    ("stupid", "angry", 2.0),
    ("idiot", "angry", 3.0),
    ("useless", "angry", 2.0),
    ("hate", "angry", 3.0),
    ("damn", "angry", 2.0),
    ("hell", "angry", 2.0),
    ("disgusting", "disgust", 3.0),
    ("disgusted", "disgust", 3.0),
    ("gross", "disgust", 2.0),
    ("awful", "disgust", 2.0),
    ("nasty", "disgust", 2.0),
    ("terrible", "disgust", 2.0),
    ("horrible", "disgust", 2.0),
    ("sick", "disgust", 1.0),
    ("afraid", "fear", 2.0),
    ("scared", "fear", 2.0),
    ("worried", "fear", 1.0),
    ("worry", "fear", 1.0),
    ("fear", "fear", 2.0),
    ("panic", "fear", 3.0),
    ("nervous", "fear", 1.0),
    ("frightened", "fear", 3.0),
    ("sad", "sad", 2.0),
    ("unhappy", "sad", 2.0),
    ("disappointed", "sad", 2.0),
    ("disappointing", "sad", 2.0),
    ("sorry", "sad", 1.0),
    ("upset", "sad", 2.0),
    ("depressed", "sad", 3.0),
    ("miserable", "sad", 3.0),
    ("lonely", "sad", 2.0),
    ("cry", "sad", 2.0),
    ("happy", "joy", 2.0),
    ("glad", "joy", 2.0),
    ("delighted", "joy", 3.0),
    ("wonderful", "joy", 3.0),
    ("love", "joy", 3.0),
    ("enjoy", "joy", 2.0),
    ("fun", "joy", 1.0),
    ("excited", "joy", 2.0),
    ("amazing", "joy", 3.0),
    ("fantastic", "joy", 3.0),
    ("awesome", "joy", 3.0),
    ("great", "positive", 2.0),
    ("good", "positive", 1.0),
    ("nice", "positive", 1.0),
    ("thanks", "positive", 1.0),
    ("thank", "positive", 1.0),
    ("excellent", "positive", 3.0),
    ("perfect", "positive", 3.0),
    ("helpful", "positive", 2.0),
    ("best", "positive", 2.0),
    ("fine", "positive", 1.0),
    ("well", "positive", 1.0),
];

/// Words that turn the next one around.
const NEGATIONS: [&str; 6] = ["not", "no", "never", "isn't", "don't", "wasn't"];

/// The tones of a message: the strongest level of each, at most 3.
pub(crate) fn tones(text: &str) -> Vec<(&'static str, f64)> {
    let mut tones: Vec<(&'static str, f64)> = Vec::new();
    let mut negated = false;
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty()) {
        let lower = word.to_lowercase();
        if let Some((_, tone, level)) = WORDS.iter().find(|(known, ..)| *known == lower) {
            let shouted = word.len() > 2 && word.chars().all(char::is_uppercase);
            let level = (level + if shouted { 1.0 } else { 0.0 }).min(3.0) * if negated { -1.0 } else { 1.0 };
            match tones.iter_mut().find(|(known, _)| known == tone) {
                Some((_, known)) if known.abs() < level.abs() => *known = level,
                Some(_) => {}
                None => tones.push((tone, level)),
            }
        }
        negated = NEGATIONS.contains(&lower.as_str());
    }
    tones
}

#[cfg(test)]
mod tests {
    use super::tones;

    #[test]
    fn moods_are_heard_in_words() {
        let table: [(&str, &[(&str, f64)]); 5] = [
            ("where is my order", &[]),
            ("this is AWFUL and I am angry", &[("disgust", 3.0), ("angry", 2.0)]),
            ("not happy at all", &[("joy", -2.0)]),
            ("good, really excellent", &[("positive", 3.0)]),
            ("I hate you, idiot!", &[("angry", 3.0)]),
        ];
        for (text, expected) in table {
            assert_eq!(tones(text), expected, "{text}");
        }
    }
}
