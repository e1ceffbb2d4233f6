//! Experience flows of an incoming app: matched by `refId`, then by name.

use serde_json::Value;

use super::options::ImportOptions;
use super::pairs::Renames;
use crate::catalogue::list;
use crate::document::Document;
use crate::error::ShapeError;
use crate::experience_flows::{content, is_flow_named, paired_flows};
use crate::links::{rename, text};
use crate::parts::Part;

/// The flows of both apps, and which incoming ones are taken.
#[derive(Debug)]
pub(super) struct Flows {
    pub(super) incoming: Vec<Value>,
    current: Vec<Value>,
    /// For every incoming flow the current one that it is a version of.
    pairs: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl Flows {
    /// The flows of both, with those taken that the request selects.
    pub(super) fn of(current: &Document, incoming: &Document, options: &ImportOptions) -> Result<Flows, ShapeError> {
        let (current, incoming) = (list(current, "experienceFlows")?, list(incoming, "experienceFlows")?);
        let pairs = paired_flows(&current, &incoming);
        let words = &options.sub_tasks.experience_flows;
        let is_selected = options.parts.as_ref().is_none_or(|parts| parts.has(Part::Flows));
        let is_taken = incoming
            .iter()
            .map(|flow| is_selected && (words.is_empty() || words.iter().any(|word| is_flow_named(flow, word))));
        let is_taken = is_taken.collect();
        Ok(Flows { incoming, current, pairs, is_taken })
    }

    /// The taken flows.
    pub(super) fn taken(&self) -> impl Iterator<Item = &Value> {
        self.incoming.iter().zip(&self.is_taken).filter(|(_, is_taken)| **is_taken).map(|(flow, _)| flow)
    }

    /// Adds the ids that change: other flows refer to a flow by them.
    pub(super) fn add_renames(&self, renames: &mut Renames) {
        for (index, flow) in self.incoming.iter().enumerate() {
            let Some(pair) = self.pairs[index] else { continue };
            for key in ["_id", "refId"] {
                let ids = text(content(flow), key).zip(text(content(&self.current[pair]), key));
                let Some((theirs, ours)) = ids.filter(|(theirs, ours)| theirs != ours) else { continue };
                if self.is_taken[index] {
                    renames.current.insert(ours.to_string(), theirs.to_string());
                } else {
                    renames.incoming.insert(theirs.to_string(), ours.to_string());
                }
            }
        }
    }

    /// The current flows with taken ones in the places of their pairs, and the new ones behind.
    pub(super) fn merged(&self, renames: &Renames) -> Vec<Value> {
        let mut flows = self.current.clone();
        flows.iter_mut().for_each(|flow| rename(flow, &renames.current));
        for (index, flow) in self.incoming.iter().enumerate().filter(|(index, _)| self.is_taken[*index]) {
            let mut flow = flow.clone();
            rename(&mut flow, &renames.incoming);
            match self.pairs[index] {
                Some(pair) => flows[pair] = flow,
                None => flows.push(flow),
            }
        }
        flows
    }

    /// The current flows that no incoming one is a version of.
    pub(super) fn only_current(&self) -> impl Iterator<Item = &Value> {
        let is_left = |index: &usize| !self.pairs.contains(&Some(*index));
        (0..self.current.len()).filter(is_left).map(|index| &self.current[index])
    }
}
