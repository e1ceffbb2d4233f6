//! Small talk: things people say without wanting anything.

use definition::nlp::NlpData;
use patterns::{Matcher, Options, Pattern};

use crate::candidate::{Candidate, Certainty, Expert as Who, Reason, Target};
use crate::lexicon::{Lexicon, Message};

/// The small talk of a bot, ready to be looked for.
pub struct Expert {
    nodes: Vec<Node>,
    findings: Vec<String>,
}

struct Node {
    id: String,
    parent: String,
    patterns: Vec<(String, Pattern)>,
}

impl Expert {
    /// Reads the small talk of a bot. Patterns that cannot be read are left out: see [`findings`](Self::findings).
    pub fn new(data: &NlpData, lexicon: &Lexicon) -> Self {
        let mut findings = Vec::new();
        let mut nodes = Vec::new();
        for talk in &data.small_talk {
            let mut patterns = Vec::new();
            for text in &talk.utterances {
                match lexicon.pattern(text) {
                    Ok(pattern) => {
                        for missing in lexicon.concepts().unknown_in(&pattern) {
                            findings.push(format!(
                                "the small talk `{text}` of the group '{}' names the concept `~{missing}`, which does not \
                                 exist; define it, or take it out",
                                talk.group
                            ));
                        }
                        patterns.push((text.clone(), pattern));
                    }
                    Err(error) => findings
                        .push(format!("the small talk `{text}` of the group '{}' cannot be read: {error}", talk.group)),
                }
            }
            nodes.push(Node { id: talk.node_id.clone(), parent: talk.parent_id.clone(), patterns });
        }
        Self { nodes, findings }
    }

    /// What is wrong with the patterns, each in a sentence that says where and what to do.
    pub fn findings(&self) -> &[String] {
        &self.findings
    }

    /// The small talk in a message. What follows `parent`, the small talk answered just before, is looked for first; where
    /// nothing of it fits, and where there is no parent, what stands at the top.
    pub fn find(&self, lexicon: &Lexicon, message: &Message, parent: Option<&str>) -> Vec<Candidate> {
        if let Some(parent) = parent.filter(|parent| !parent.is_empty()) {
            let followed = self.below(parent, lexicon, message);
            if !followed.is_empty() {
                return followed;
            }
        }
        self.below("", lexicon, message)
    }

    /// The words that the captures of a node's pattern (`_`) stand for, in order; empty for a capture of nothing.
    pub fn words(&self, lexicon: &Lexicon, message: &Message, at: usize) -> Vec<String> {
        let Some(node) = self.nodes.get(at) else { return Vec::new() };
        let mut matcher = Matcher::new(&message.words, lexicon.concepts(), Options::INTENT);
        let hit = node.patterns.iter().find_map(|(_, pattern)| matcher.find(pattern));
        let captures = hit.map(|hit| hit.captures).unwrap_or_default();
        let words = |range| message.text.get(message.bytes(&range)).unwrap_or_default().to_owned();
        captures.into_iter().map(|range| range.map(words).unwrap_or_default()).collect()
    }

    fn below(&self, parent: &str, lexicon: &Lexicon, message: &Message) -> Vec<Candidate> {
        let mut matcher = Matcher::new(&message.words, lexicon.concepts(), Options::INTENT);
        let mut found = Vec::new();
        for (at, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.parent == parent && node.id != parent) {
            for (text, pattern) in &node.patterns {
                let Some(hit) = matcher.find(pattern) else { continue };
                found.push(Candidate {
                    target: Target::SmallTalk(at),
                    expert: Who::SmallTalk,
                    certainty: Certainty::Definitive,
                    score: 1.0,
                    reason: Reason::Pattern { pattern: text.clone(), skipped: hit.gap_words },
                    range: message.bytes(&hit.words),
                });
                break;
            }
        }
        found
    }
}
