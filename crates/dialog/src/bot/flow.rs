//! The flow of an app: what happens before the first dialog of a conversation, and between dialogs (`experienceFlows`,
//! export-format-xo11.md §4).

use super::{Text, Texts};

/// A flow: steps, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// `_id`, `cf-…`.
    pub id: String,
    /// What its author calls it.
    pub name: String,
    /// Its steps, in document order.
    pub steps: Vec<FlowStep>,
    /// The step it starts with.
    pub start: Next,
}

/// The place of the step that comes next; nothing where none is connected, which ends the flow.
pub type Next = Option<usize>;

/// A step of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowStep {
    /// `_id`, `cfst-…`.
    pub id: String,
    /// Its name, under which `context.branch` keeps how it ended.
    pub name: String,
    /// What it does.
    pub act: FlowAct,
}

/// What a step of a flow does.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowAct {
    /// Decides by values.
    Split {
        /// Looked at in order; the first that holds is followed.
        rules: Vec<FlowRule>,
        /// Where none holds.
        otherwise: Next,
    },
    /// Says something.
    Prompt {
        /// What.
        says: Texts,
        /// What comes then.
        next: Next,
    },
    /// Lets dialogs converse, until one of them hands control back.
    Automation(Box<Automation>),
    /// Hands over to a human.
    Transfer {
        /// What is said first.
        says: Texts,
        /// Where nobody takes over.
        on_error: Next,
    },
    /// Ends the flow: the next message starts another one.
    End {
        /// What is said.
        says: Texts,
    },
    /// The start, and steps that have no part in a conversation here: they lead on.
    Pass {
        /// What comes then.
        next: Next,
    },
}

/// A rule of a split: two sides, as text.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowRule {
    /// A path in the flow's context, or a text with templates.
    pub left: Text,
    /// What it is compared with.
    pub right: Text,
    /// Whether they have to be equal, else to differ.
    pub equal: bool,
    /// Where the rule leads.
    pub next: Next,
}

/// The step in which dialogs converse.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Automation {
    /// What is said when the user comes without a word.
    pub says: Texts,
    /// The dialog it starts with (a place in [`Bot::dialogs`](super::Bot::dialogs)), where it does not wait for the user.
    pub starts: Option<usize>,
    /// A dialog handed over to a human.
    pub on_transfer: Next,
    /// A dialog handed control back (`retToFlow`).
    pub on_return: Next,
    /// The dialog it started with came to its end; nothing where dialogs go on conversing.
    pub on_success: Next,
    /// The dialog it started with failed; nothing where dialogs go on conversing.
    pub on_failure: Next,
}

impl Flow {
    /// Whether a step that may be come to from the start converses or hands over.
    pub fn converses(&self) -> bool {
        let mut seen: Vec<usize> = Vec::new();
        let mut open: Vec<usize> = self.start.into_iter().collect();
        while let Some(place) = open.pop() {
            let Some(step) = self.steps.get(place).filter(|_| !seen.contains(&place)) else { continue };
            seen.push(place);
            match &step.act {
                FlowAct::Automation(_) | FlowAct::Transfer { .. } => return true,
                FlowAct::Pass { next } | FlowAct::Prompt { next, .. } => open.extend(*next),
                FlowAct::Split { rules, otherwise } => {
                    open.extend(rules.iter().filter_map(|rule| rule.next).chain(*otherwise));
                }
                FlowAct::End { .. } => {}
            }
        }
        false
    }
}
