//! The terms a question hangs on, and which of them a message has.

use std::collections::{HashMap, HashSet};

use definition::nlp::{PathTerm, Phrasing, Term};

use super::State;

/// A term, ready to be looked for.
pub(super) struct Wanted {
    pub label: String,
    pub mandatory: bool,
    /// The label and its synonyms as numbers of words. The label is the first.
    pub forms: Vec<Vec<u32>>,
    trait_rules: Vec<Vec<String>>,
}

/// What a phrasing asks of a message besides likeness.
pub(super) struct Path {
    pub wanted: Vec<Wanted>,
    preconditions: Vec<String>,
}

/// What a message has of a path.
#[derive(Default)]
pub(super) struct Coverage {
    pub share: f32,
    pub matched: Vec<String>,
    pub missed_mandatory: Vec<String>,
}

/// The graph by label.
pub(super) struct Graph<'t> {
    by_label: HashMap<String, Vec<&'t Term>>,
}

impl<'t> Graph<'t> {
    pub(super) fn new(terms: &'t [Term]) -> Self {
        let mut by_label: HashMap<String, Vec<&Term>> = HashMap::new();
        for term in terms {
            by_label.entry(term.label.to_lowercase()).or_default().push(term);
        }
        Self { by_label }
    }

    /// The nodes of a path, from the leaf to the root as the path runs.
    fn nodes(&self, path: &[PathTerm]) -> Vec<Option<&'t Term>> {
        let mut above: Option<&Term> = None;
        let mut nodes: Vec<Option<&Term>> = Vec::with_capacity(path.len());
        for term in path.iter().rev() {
            let named = self.by_label.get(&term.label.to_lowercase()).map_or(&[][..], Vec::as_slice);
            let below = named.iter().find(|node| above.is_some_and(|above| node.parents.contains(&above.node_id)));
            above = below.or_else(|| named.first()).copied();
            nodes.push(above);
        }
        nodes.reverse();
        nodes
    }
}

impl Path {
    /// Reads the path and the tags of a phrasing; `form` makes words numbers.
    pub(super) fn new(phrasing: &Phrasing, graph: &Graph<'_>, form: &mut impl FnMut(&str) -> Vec<u32>) -> Self {
        let nodes = graph.nodes(&phrasing.path);
        let preconditions = nodes.iter().flatten().flat_map(|node| &node.preconditions).map(|tag| tag.to_lowercase());
        // The root names the bot or the graph: nobody says it, and exports mark it mandatory all the same.
        let below_root = phrasing.path.len().saturating_sub(1);
        let terms = phrasing.path.iter().zip(&nodes).take(below_root).map(|(term, node)| (term, *node));
        let tags = phrasing.tags.iter().map(|tag| (tag, None));
        let mut wanted = Vec::new();
        for (term, node) in terms.chain(tags).filter(|(term, _)| !term.organizer || term.mandatory) {
            let synonyms = term.synonyms.iter().chain(node.iter().flat_map(|node| &node.synonyms));
            let forms = [&term.label].into_iter().chain(synonyms).map(|text| form(text));
            let single = term.traits.iter().map(|name| vec![name.to_lowercase()]);
            let rules = node.iter().flat_map(|node| &node.trait_rules);
            let rules = rules.map(|rule| rule.iter().map(|name| name.to_lowercase()).collect());
            wanted.push(Wanted {
                label: term.label.clone(),
                mandatory: term.mandatory,
                forms: forms
                    .enumerate()
                    .filter(|(at, form)| *at == 0 || !form.is_empty())
                    .map(|(_, form)| form)
                    .collect(),
                trait_rules: single.chain(rules).filter(|rule: &Vec<String>| !rule.is_empty()).collect(),
            });
        }
        Self { preconditions: preconditions.collect(), wanted }
    }

    /// Whether the context lets questions on this path be found.
    pub(super) fn is_open(&self, state: &State) -> bool {
        self.preconditions.iter().all(|tag| state.context_tags.contains(tag) || state.traits.contains(tag))
    }

    /// What a message with these words has of the path.
    pub(super) fn coverage(&self, words: &HashSet<u32>, state: &State) -> Coverage {
        let mut coverage = Coverage::default();
        for wanted in &self.wanted {
            let said = wanted.forms.iter().any(|form| has(words, form));
            if said || wanted.trait_rules.iter().any(|rule| rule.iter().all(|name| state.traits.contains(name))) {
                coverage.matched.push(wanted.label.clone());
            } else if wanted.mandatory {
                coverage.missed_mandatory.push(wanted.label.clone());
            }
        }
        let all = self.wanted.len();
        coverage.share = if all == 0 { 1.0 } else { coverage.matched.len() as f32 / all as f32 };
        coverage
    }
}

/// Whether a message has all words of a form.
pub(super) fn has(words: &HashSet<u32>, form: &[u32]) -> bool {
    !form.is_empty() && form.iter().all(|word| words.contains(word))
}
