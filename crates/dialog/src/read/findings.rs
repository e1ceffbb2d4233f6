//! Collects what a bot uses that does not run here.

use crate::bot::Finding;

/// The findings so far, and where the reader is.
#[derive(Default)]
pub(super) struct Findings {
    dialog: String,
    node: String,
    list: Vec<Finding>,
}

impl Findings {
    /// What follows is of this dialog, by its `_id`.
    pub(super) fn enter_dialog(&mut self, id: &str) {
        id.clone_into(&mut self.dialog);
        self.node.clear();
    }

    /// What follows is of this node.
    pub(super) fn enter_node(&mut self, id: &str) {
        id.clone_into(&mut self.node);
    }

    /// What follows is of the whole bot.
    pub(super) fn leave(&mut self) {
        self.dialog.clear();
        self.node.clear();
    }

    /// Something is found, once.
    pub(super) fn add(&mut self, message: impl Into<String>) {
        let finding = Finding { dialog: self.dialog.clone(), node: self.node.clone(), message: message.into() };
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    /// All of them, in the order they were found.
    pub(super) fn into_list(self) -> Vec<Finding> {
        self.list
    }
}
