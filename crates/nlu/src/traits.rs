//! Traits: what a message is like (urgent, a complaint), at most one of each group.

use std::collections::HashSet;

use definition::nlp::NlpData;
use patterns::{Matcher, Options, Pattern};

use crate::lexicon::{Lexicon, Message};

/// The traits of a bot, ready to be looked for.
pub struct Traits {
    groups: Vec<Group>,
}

struct Group {
    least: f32,
    traits: Vec<(String, Vec<Sign>)>,
}

/// What speaks for a trait.
enum Sign {
    Pattern(Pattern),
    /// The stems of the content words of a phrase.
    Phrase(Vec<String>),
}

impl Traits {
    /// Reads the traits of a bot.
    pub fn new(data: &NlpData, lexicon: &Lexicon) -> Self {
        let mut groups = Vec::new();
        for group in &data.trait_groups {
            let by_pattern = group.match_strategy.eq_ignore_ascii_case("pattern");
            let sign = |text: &String| {
                if by_pattern {
                    return lexicon.pattern(text).ok().map(Sign::Pattern);
                }
                let tokens = lexicon.language().tokens(text).into_iter().filter(|token| token.is_word());
                let words = tokens.filter(|token| !lexicon.is_function_word(&token.lower));
                let stems: Vec<String> = words.map(|token| token.stem).collect();
                (!stems.is_empty()).then_some(Sign::Phrase(stems))
            };
            let traits =
                group.traits.iter().map(|(name, texts)| (name.clone(), texts.iter().filter_map(sign).collect()));
            groups.push(Group { least: group.score_threshold as f32, traits: traits.collect() });
        }
        Self { groups }
    }

    /// The traits of a message, in the order of their groups.
    pub fn find(&self, lexicon: &Lexicon, message: &Message) -> Vec<String> {
        let stems: HashSet<&str> = message.tokens.iter().map(|token| token.stem.as_str()).collect();
        let mut matcher = Matcher::new(&message.words, lexicon.concepts(), Options::INTENT);
        let mut found: Vec<String> = Vec::new();
        for group in &self.groups {
            let mut best: Option<(f32, &String)> = None;
            for (name, signs) in &group.traits {
                let scores = signs.iter().map(|sign| match sign {
                    Sign::Pattern(pattern) => f32::from(u8::from(matcher.find(pattern).is_some())),
                    Sign::Phrase(words) => {
                        let share = words.iter().filter(|word| stems.contains(word.as_str())).count() as f32
                            / words.len() as f32;
                        // Half of a phrase says less than half of what the phrase says.
                        share * share
                    }
                });
                let score = scores.fold(0.0, f32::max);
                if score > 0.0 && score >= group.least && best.is_none_or(|(most, _)| score > most) {
                    best = Some((score, name));
                }
            }
            if let Some((_, name)) = best.filter(|(_, name)| !found.contains(name)) {
                found.push(name.clone());
            }
        }
        found
    }
}
