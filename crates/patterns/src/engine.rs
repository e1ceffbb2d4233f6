//! The engine: how an element moves positions forward.
//!
//! A pattern is not tried from one start after the other. The engine moves the set of *all* positions reached so far
//! through the pattern, one element at a time; each position carries the cheapest label that leads to it. An element
//! costs one pass over the sentence, so a search takes `elements × words` steps whatever the pattern looks like: there
//! is nothing to backtrack into.
//!
//! A label is two numbers in one: the high half is what the caller tells positions apart by (for a search: where the
//! match started), the low half counts the words that gaps and wildcards passed over. The smaller label wins.

use std::collections::VecDeque;

use crate::concepts::Concepts;
use crate::matcher::Entity;
use crate::node::Node;
use crate::sentence::Sentence;

/// Label of a position that was not reached.
pub(crate) const NONE: u64 = u64::MAX;

/// Labels of all positions of a sentence.
pub(crate) type Labels = Vec<u64>;

/// How far `!!x` looks ahead, in tokens.
const LOOK_AHEAD: usize = 32;

/// One sentence being searched.
pub(crate) struct Engine<'a> {
    pub sentence: Sentence<'a>,
    pub concepts: &'a Concepts,
    pub entities: &'a [Entity],
    /// Most words between two elements.
    pub gap: u32,
    /// What passing over one word adds to a label.
    pub unit: u64,
    /// Work done so far, in positions looked at.
    pub steps: u64,
    /// Concepts being advanced through, one inside the other.
    pub depth: usize,
    /// Work at which the engine stops moving; what it says then is worthless.
    pub limit: u64,
}

impl Engine<'_> {
    /// Labels with a single position reached.
    pub(crate) fn only(&self, position: usize, label: u64) -> Labels {
        let mut labels = vec![NONE; self.sentence.len() + 1];
        labels[position] = label;
        labels
    }

    /// Where an element ends if it starts at the labelled positions.
    pub(crate) fn advance(&mut self, node: &Node, input: &[u64]) -> Labels {
        let mut output = vec![NONE; input.len()];
        self.steps += input.len() as u64;
        if self.steps > self.limit || input.iter().all(|label| *label == NONE) {
            return output;
        }
        match node {
            Node::Word(literal) => {
                for (position, label) in reached(input) {
                    if let Some(length) = self.sentence.literal_at(literal, position) {
                        lower(&mut output[position + length], label);
                    }
                }
            }
            Node::Concept(name) => self.advance_concept(name, input, &mut output),
            Node::Entity(name) => {
                for entity in self.entities.iter().filter(|entity| entity.name.eq_ignore_ascii_case(name)) {
                    let start = entity.words.start.wrapping_sub(self.sentence.base);
                    let end = entity.words.end.wrapping_sub(self.sentence.base);
                    if start < end && end < output.len() {
                        lower(&mut output[end], input[start]);
                    }
                }
            }
            Node::Sequence(nodes) => {
                output.copy_from_slice(input);
                for node in nodes {
                    output = self.advance(node, &output);
                }
            }
            Node::Choice(nodes) => {
                for node in nodes {
                    merge(&mut output, &self.advance(node, input));
                }
            }
            Node::Optional(node) => {
                output.copy_from_slice(input);
                merge(&mut output, &self.advance(node, input));
            }
            Node::AnyOrder(nodes) => return self.advance_any_order(nodes, input),
            Node::Gap => return self.skip(input, 0, self.gap),
            Node::Wildcard { least: 0, most: Some(0) } => output.copy_from_slice(input),
            Node::Wildcard { least, most } => return self.skip(input, *least, most.unwrap_or(u32::MAX)),
            Node::Rest { least, most } => self.advance_rest(*least, *most, input, &mut output),
            Node::Start => {
                if let Some(start) = self.sentence.start_until {
                    output[..=start].copy_from_slice(&input[..=start]);
                }
            }
            Node::End => {
                if let Some(end) = self.sentence.end_from {
                    output[end..].copy_from_slice(&input[end..]);
                }
            }
            Node::Rewind => {
                if let Some(start) = self.sentence.start_until {
                    let best = input.iter().copied().min().unwrap_or(NONE);
                    output[..=start].fill(best);
                }
            }
            Node::Absent { node, everywhere } => {
                let latest = self.latest_starts(node).into_iter().flatten().max();
                for (position, label) in reached(input) {
                    if latest.is_none_or(|start| !everywhere && start < position) {
                        output[position] = label;
                    }
                }
            }
            Node::NotNext(node) => {
                for (position, label) in reached(input) {
                    if !self.stands_at(node, position) {
                        output[position] = label;
                    }
                }
            }
            Node::Capture(_, node) => return self.advance(node, input),
            Node::Never => {}
        }
        output
    }

    fn advance_concept(&mut self, name: &str, input: &[u64], output: &mut Labels) {
        let concepts = self.concepts;
        for list in concepts.lists_of(name) {
            for (position, label) in reached(input) {
                self.steps += 1;
                self.steps += list.each_fixed_at(&self.sentence, position, &mut |end| lower(&mut output[end], label));
            }
            if self.depth < Concepts::MAX_DEPTH {
                self.depth += 1;
                for pattern in &list.patterns {
                    merge(output, &self.advance(pattern, input));
                }
                self.depth -= 1;
            }
        }
    }

    /// Passes over `least` to `most` words; marks between them are free. The minimum of a window that moves along.
    fn skip(&self, input: &[u64], least: u32, most: u32) -> Labels {
        let counts = &self.sentence.counts;
        let total = self.sentence.total();
        let mut output = vec![NONE; input.len()];
        // Candidates with rising labels. Labels are compared as if all of them went on to the end of the sentence.
        let mut window: VecDeque<(usize, u64)> = VecDeque::new();
        let mut next = 0;
        for position in 0..input.len() {
            while next <= position && counts[position] - counts[next] >= least {
                if input[next] != NONE {
                    let label = input[next] + u64::from(total - counts[next]) * self.unit;
                    while window.back().is_some_and(|(_, other)| *other > label) {
                        window.pop_back();
                    }
                    window.push_back((next, label));
                }
                next += 1;
            }
            while window.front().is_some_and(|(start, _)| counts[position] - counts[*start] > most) {
                window.pop_front();
            }
            if let Some((_, label)) = window.front() {
                output[position] = label - u64::from(total - counts[position]) * self.unit;
            }
        }
        output
    }

    /// As many words as allowed, up to the last one of the sentence.
    fn advance_rest(&self, least: u32, most: Option<u32>, input: &[u64], output: &mut Labels) {
        for (position, label) in reached(input) {
            let before = self.sentence.counts[position];
            let until = before.saturating_add(most.unwrap_or(u32::MAX)).min(self.sentence.total());
            if until - before < least {
                continue;
            }
            let end = if until == before { position } else { self.sentence.behind_word(until) };
            lower(&mut output[end], label + u64::from(until - before) * self.unit);
        }
    }

    /// For each position the latest start of a match of `node` that ends there.
    pub(crate) fn latest_starts(&mut self, node: &Node) -> Vec<Option<usize>> {
        let length = self.sentence.len();
        let labels: Labels = (0..=length).map(|position| ((length - position) as u64) << 32).collect();
        let unit = std::mem::replace(&mut self.unit, 1);
        let ends = self.advance(node, &labels);
        self.unit = unit;
        ends.into_iter().map(|label| (label != NONE).then(|| length - (label >> 32) as usize)).collect()
    }

    /// Every element somewhere behind the start. An end `e` is reached from all starts up to a latest one: where the
    /// element that ends at `e` starts, and before every other element's latest occurrence that ends by `e`.
    fn advance_any_order(&mut self, nodes: &[Node], input: &[u64]) -> Labels {
        let mut ends_here: Vec<Option<usize>> = vec![None; input.len()];
        let mut all_by_here: Vec<Option<usize>> = vec![Some(usize::MAX); input.len()];
        for node in nodes {
            let mut by_here = None;
            for (end, start) in self.latest_starts(node).into_iter().enumerate() {
                ends_here[end] = ends_here[end].max(start);
                by_here = by_here.max(start);
                all_by_here[end] = all_by_here[end].min(by_here);
            }
        }
        // The words from start to end count as passed over, so that the closest occurrences win.
        let counts = &self.sentence.counts;
        let total = self.sentence.total();
        let mut cheapest = Vec::with_capacity(input.len());
        let mut best = NONE;
        for (position, label) in input.iter().enumerate() {
            if *label != NONE {
                best = best.min(label + u64::from(total - counts[position]) * self.unit);
            }
            cheapest.push(best);
        }
        let mut output = vec![NONE; input.len()];
        for end in 0..input.len() {
            let Some(latest) = ends_here[end].min(all_by_here[end]) else { continue };
            if cheapest[latest] != NONE {
                output[end] = cheapest[latest] - u64::from(total - counts[end]) * self.unit;
            }
        }
        output
    }

    /// Whether the element starts at this position, within the next [`LOOK_AHEAD`] tokens.
    fn stands_at(&mut self, node: &Node, position: usize) -> bool {
        let window = self.sentence.window(position, LOOK_AHEAD);
        let mut engine = Engine { sentence: window, ..*self };
        let start = engine.only(0, 0);
        let ends = engine.advance(node, &start);
        self.steps = engine.steps;
        ends.iter().any(|label| *label != NONE)
    }
}

fn reached(labels: &[u64]) -> impl Iterator<Item = (usize, u64)> {
    labels.iter().copied().enumerate().filter(|(_, label)| *label != NONE)
}

fn lower(label: &mut u64, other: u64) {
    *label = (*label).min(other);
}

fn merge(labels: &mut Labels, others: &[u64]) {
    for (label, other) in labels.iter_mut().zip(others) {
        lower(label, *other);
    }
}
