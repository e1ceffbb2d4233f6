//! What each element of a found match took.

use std::ops::Range;

use crate::engine::{Engine, NONE};
use crate::node::Node;

/// The low half of a label.
const LOW: u64 = 0xffff_ffff;

/// Everything a match is made of, as positions in the sentence.
#[derive(Default)]
pub(crate) struct Trace {
    /// Tokens taken by words, concepts, entities and wildcards.
    pub extent: Option<Range<usize>>,
    pub wildcards: Vec<Range<usize>>,
    pub gap_words: usize,
    pub captures: Vec<Option<Range<usize>>>,
}

impl Trace {
    fn take(&mut self, from: usize, to: usize) {
        if from < to {
            self.extent = Some(match self.extent.take() {
                Some(extent) => extent.start.min(from)..extent.end.max(to),
                None => from..to,
            });
        }
    }
}

impl Engine<'_> {
    /// Follows the cheapest way of `node` from one position to another. The engine's labels are turned round for it: the
    /// words passed over come first, the position come from second.
    pub(crate) fn trace(&mut self, node: &Node, from: usize, to: usize, trace: &mut Trace) {
        self.unit = 1 << 32;
        match node {
            Node::Word(_) | Node::Concept(_) | Node::Entity(_) => trace.take(from, to),
            Node::Sequence(nodes) => {
                let stops = self.stops(nodes, from, to);
                for (node, ends) in nodes.iter().zip(stops.windows(2)) {
                    self.trace(node, ends[0], ends[1], trace);
                }
            }
            Node::Choice(nodes) => {
                let start = self.only(from, 0);
                let mut best = (NONE, None);
                for node in nodes {
                    let cost = self.advance(node, &start)[to];
                    if cost < best.0 {
                        best = (cost, Some(node));
                    }
                }
                if let (_, Some(node)) = best {
                    self.trace(node, from, to, trace);
                }
            }
            Node::Optional(node) if from != to => self.trace(node, from, to, trace),
            Node::AnyOrder(nodes) => self.trace_any_order(nodes, from, to, trace),
            Node::Gap => trace.gap_words += (self.sentence.counts[to] - self.sentence.counts[from]) as usize,
            Node::Wildcard { .. } | Node::Rest { .. } => {
                let (from, to) = self.sentence.without_outer_marks(from, to);
                trace.wildcards.push(from..to);
                trace.take(from, to);
            }
            Node::Capture(number, node) => {
                let range = match node.as_ref() {
                    Node::Wildcard { .. } | Node::Rest { .. } => self.sentence.without_outer_marks(from, to),
                    _ => (from, to),
                };
                trace.captures[*number] = Some(range.0..range.1);
                self.trace(node, from, to, trace);
            }
            _ => {}
        }
    }

    /// The positions between the elements of a sequence, from its start to its end.
    fn stops(&mut self, nodes: &[Node], from: usize, to: usize) -> Vec<usize> {
        let mut layers = Vec::with_capacity(nodes.len());
        let mut labels = self.only(from, from as u64);
        for node in nodes {
            let reached = self.advance(node, &labels);
            labels = reached.clone();
            for (position, label) in labels.iter_mut().enumerate() {
                if *label != NONE {
                    *label = (*label & !LOW) | position as u64;
                }
            }
            layers.push(reached);
        }
        let mut stops = vec![to];
        let mut position = to;
        for layer in layers.iter().rev() {
            position = (layer[position] & LOW) as usize;
            stops.push(position);
        }
        stops.reverse();
        stops
    }

    /// For each element of `<< >>` one occurrence between the two positions; one of them ends at the last.
    fn trace_any_order(&mut self, nodes: &[Node], from: usize, to: usize, trace: &mut Trace) {
        for node in nodes {
            let starts = self.latest_starts(node);
            let occurs = |end: usize| starts[end].filter(|start| *start >= from).map(|start| (start, end));
            let nearest = (from..=to).rev().find_map(occurs);
            if let Some((start, end)) = nearest {
                self.trace(node, start, end, trace);
            }
        }
    }
}
