//! Concepts: named lists of words, phrases, patterns and other concepts.

use std::collections::{HashMap, HashSet};

use crate::circles::circles;
use crate::error::Error;
use crate::node::{Literal, Node};
use crate::parse;
use crate::pattern::Pattern;
use crate::sentence::Sentence;
use crate::word::Word;

/// The concepts of one bot in one language, ready to be looked up.
///
/// The words of a member stand next to each other (`Air India` is not found in "air to India"), and `<` and `>` in a
/// member tie it to the start and the end of the sentence. Members may be patterns of their own and may name other
/// concepts. A concept that is a member of itself, directly or through others, adds nothing to itself.
#[derive(Debug, Clone, Default)]
pub struct Concepts {
    lists: HashMap<String, List>,
    findings: Vec<Finding>,
}

/// Something in the lists that its author should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The member cannot be read and was left out.
    Unreadable {
        /// The concept, in lower case and without `~`.
        concept: String,
        /// The member as written.
        member: String,
        /// What is wrong with it.
        error: Error,
    },
    /// A concept is named that no list defines; it matches nothing.
    Unknown {
        /// The concept that has the member.
        concept: String,
        /// The missing one.
        missing: String,
    },
    /// A pattern inside the concept leads back to the concept; that member matches nothing where it does.
    Circular {
        /// The concept, in lower case and without `~`.
        concept: String,
    },
}

/// A concept after its plain members were indexed.
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    fixed: Vec<Fixed>,
    by_lower: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
    /// Members that are more than words side by side.
    pub(crate) patterns: Vec<Node>,
    /// Concepts that are members as a whole.
    aliases: Vec<String>,
}

/// Words side by side, perhaps tied to the ends of the sentence.
#[derive(Debug, Clone)]
struct Fixed {
    words: Vec<Literal>,
    at_start: bool,
    at_end: bool,
}

impl Concepts {
    /// Most concepts inside member patterns of concepts; deeper ones match nothing. Concepts that are members as a whole
    /// do not count.
    pub const MAX_DEPTH: usize = 8;

    /// Reads named lists. A name may have its `~` and is compared without regard to case; two lists of one name are
    /// joined. HTML entities must be resolved before. Members that cannot be read are left out: see [`Self::findings`].
    pub fn new<'t>(lists: impl IntoIterator<Item = (&'t str, Vec<&'t str>)>, stem: &dyn Fn(&str) -> String) -> Self {
        let mut concepts = Self::default();
        for (name, members) in lists {
            let name = name.strip_prefix('~').unwrap_or(name).to_lowercase();
            for member in members {
                match parse::parse(member, stem, false) {
                    Ok(parsed) => concepts.lists.entry(name.clone()).or_default().add(parsed.root),
                    Err(error) => concepts.findings.push(Finding::Unreadable {
                        concept: name.clone(),
                        member: member.to_owned(),
                        error,
                    }),
                }
            }
            concepts.lists.entry(name).or_default();
        }
        concepts.cut_circles();
        concepts.find_unknown();
        concepts
    }

    /// Whether a list of this name exists (with or without `~`, in any case).
    pub fn contains(&self, name: &str) -> bool {
        self.lists.contains_key(&name.strip_prefix('~').unwrap_or(name).to_lowercase())
    }

    /// What is wrong with the lists themselves, in a stable order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Names of the concepts a pattern speaks of that no list defines. They match nothing.
    pub fn unknown_in(&self, pattern: &Pattern) -> Vec<String> {
        pattern.concepts().into_iter().filter(|name| !self.lists.contains_key(name)).collect()
    }

    /// The list itself and all lists that are members of it as a whole, each once.
    pub(crate) fn lists_of(&self, name: &str) -> Vec<&List> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![name];
        while let Some(name) = waiting.pop() {
            let Some((name, list)) = self.lists.get_key_value(name) else { continue };
            if seen.insert(name.as_str()) {
                found.push(list);
                waiting.extend(list.aliases.iter().map(String::as_str));
            }
        }
        found
    }

    /// Patterns that lead back to their own concept would be searched for ever: the way back is closed.
    fn cut_circles(&mut self) {
        let mut names: Vec<String> = self.lists.keys().cloned().collect();
        names.sort();
        let references = self.lists.iter().map(|(name, list)| (name.clone(), list.references())).collect();
        let circle_of = circles(&references);
        for name in &names {
            let leads_back = |other: &str| circle_of.get(other) == circle_of.get(name);
            let Some(list) = self.lists.get_mut(name) else { continue };
            let mut cut = false;
            for pattern in &mut list.patterns {
                cut |= close_ways(pattern, &leads_back);
            }
            if cut {
                self.findings.push(Finding::Circular { concept: name.clone() });
            }
        }
    }

    fn find_unknown(&mut self) {
        let mut names: Vec<&String> = self.lists.keys().collect();
        names.sort();
        for name in names {
            for missing in self.lists[name].references() {
                if !self.lists.contains_key(&missing) {
                    self.findings.push(Finding::Unknown { concept: name.clone(), missing });
                }
            }
        }
    }
}

/// Replaces the concepts that lead back; says whether there were any.
fn close_ways(node: &mut Node, leads_back: &dyn Fn(&str) -> bool) -> bool {
    if let Node::Concept(name) = node
        && leads_back(name)
    {
        *node = Node::Never;
        return true;
    }
    let mut closed = false;
    for child in node.children_mut() {
        closed |= close_ways(child, leads_back);
    }
    closed
}

impl List {
    fn add(&mut self, member: Node) {
        if let Node::Concept(name) = member {
            if !self.aliases.contains(&name) {
                self.aliases.push(name);
            }
            return;
        }
        let Some(fixed) = as_fixed(&member) else {
            self.patterns.push(member);
            return;
        };
        let number = self.fixed.len();
        let first = &fixed.words[0];
        self.by_lower.entry(first.lower.clone()).or_default().push(number);
        match &first.stem {
            Some(stem) => self.by_stem.entry(stem.clone()).or_default().push(number),
            None => self.by_lower.entry(format!("'{}", first.lower)).or_default().push(number),
        }
        self.fixed.push(fixed);
    }

    fn references(&self) -> Vec<String> {
        let mut names = self.aliases.clone();
        for pattern in &self.patterns {
            pattern.collect_concepts(&mut names);
        }
        names
    }

    /// Calls `found` with the end of each plain member that starts at a position; returns how many were looked at.
    pub(crate) fn each_fixed_at(&self, sentence: &Sentence, position: usize, found: &mut dyn FnMut(usize)) -> u64 {
        let Some(word) = sentence.words.get(position) else { return 0 };
        let mut looked_at = 0;
        let by_form = self.by_lower.get(&word.lower).into_iter().flatten();
        let by_stem = self.by_stem.get(&word.stem).into_iter().flatten();
        for number in by_form.chain(by_stem) {
            let fixed = &self.fixed[*number];
            looked_at += fixed.words.len() as u64;
            if let Some(end) = fixed.end_at(sentence, position) {
                found(end);
            }
        }
        looked_at
    }
}

impl Fixed {
    fn end_at(&self, sentence: &Sentence, position: usize) -> Option<usize> {
        if self.at_start && sentence.start_until.is_none_or(|start| position > start) {
            return None;
        }
        let end = position + self.words.len();
        let words: &[Word] = sentence.words.get(position..end)?;
        if self.at_end && sentence.end_from.is_none_or(|last| end < last) {
            return None;
        }
        self.words.iter().zip(words).all(|(literal, word)| literal.fits(word)).then_some(end)
    }
}

/// The member as words side by side, if it is no more than that.
fn as_fixed(member: &Node) -> Option<Fixed> {
    let mut fixed = Fixed { words: Vec::new(), at_start: false, at_end: false };
    collect_fixed(member, &mut fixed)?;
    (!fixed.words.is_empty()).then_some(fixed)
}

fn collect_fixed(node: &Node, fixed: &mut Fixed) -> Option<()> {
    match node {
        Node::Word(literal) if !literal.compound && !fixed.at_end => fixed.words.push(literal.clone()),
        Node::Start if fixed.words.is_empty() => fixed.at_start = true,
        Node::End => fixed.at_end = true,
        Node::Sequence(nodes) => {
            for node in nodes {
                collect_fixed(node, fixed)?;
            }
        }
        _ => return None,
    }
    Some(())
}
