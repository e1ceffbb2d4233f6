//! Words in the pieces that are likeliest together: the method of SentencePiece's unigram models.

use super::Vocabulary;

/// What stands for the blank before a word.
const BLANK: char = '\u{2581}';
/// How much less likely than the least likely piece a character is that no piece has.
const PENALTY: f64 = 10.0;

#[derive(Clone)]
pub(super) struct Unigram {
    /// The logarithm of the probability of each piece.
    scores: Vec<f32>,
    unknown: u32,
    of_unknown: f64,
}

/// The likeliest way to a place in a word: its score, where its last piece begins, and that piece.
type Way = (f64, usize, u32);

impl Unigram {
    pub(super) fn new(scores: Vec<f32>, unknown: u32) -> Self {
        let least = scores.iter().copied().fold(f32::INFINITY, f32::min);
        let of_unknown = if least.is_finite() { f64::from(least) - PENALTY } else { -PENALTY };
        Self { scores, unknown, of_unknown }
    }

    pub(super) fn score(&self, piece: usize) -> f32 {
        self.scores.get(piece).copied().unwrap_or(0.0)
    }

    /// Cuts a word with the blank before it. Neighbouring characters that no piece has are one unknown piece.
    pub(super) fn cut(&self, word: &str, vocabulary: &Vocabulary, found: &mut Vec<u32>) {
        let mut text = String::from(BLANK);
        text.push_str(word);
        let mut best: Vec<Option<Way>> = vec![None; text.len() + 1];
        best[0] = Some((0.0, 0, self.unknown));
        for (start, first) in text.char_indices() {
            let Some((before, ..)) = best[start] else { continue };
            let mut improve = |end: usize, score: f64, piece: u32| {
                if best[end].is_none_or(|(known, ..)| before + score > known) {
                    best[end] = Some((before + score, start, piece));
                }
            };
            let mut is_known = false;
            let letters = text[start..].char_indices().take(vocabulary.longest);
            for (at, letter) in letters {
                let end = start + at + letter.len_utf8();
                if let Some(piece) = vocabulary.get(&text[start..end]) {
                    is_known |= at == 0;
                    improve(end, f64::from(self.score(piece as usize)), piece);
                }
            }
            if !is_known {
                improve(start + first.len_utf8(), self.of_unknown, self.unknown);
            }
        }
        let mut pieces = Vec::new();
        let mut at = text.len();
        while at > 0 {
            let Some((_, start, piece)) = best[at] else { break };
            if piece != self.unknown || pieces.last() != Some(&piece) {
                pieces.push(piece);
            }
            at = start;
        }
        found.extend(pieces.into_iter().rev());
    }
}
