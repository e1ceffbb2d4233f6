//! Collects what a bot uses that does not run here.

use crate::bot::Finding;

/// The findings so far, and where the reader is.
#[derive(Default)]
pub(super) struct Findings {
    dialog: String,
    node: String,
    list: Vec<Finding>,
    fills_json: Vec<String>,
}

/// So many services are named where many do the same.
const NAMED: usize = 5;

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

    /// This service fills values into texts of JSON.
    pub(super) fn fills_json(&mut self, service: &str) {
        if !self.fills_json.iter().any(|named| named == service) {
            self.fills_json.push(service.to_owned());
        }
    }

    /// All of them, in the order they were found.
    pub(super) fn into_list(mut self) -> Vec<Finding> {
        if !self.fills_json.is_empty() {
            self.leave();
            let named =
                self.fills_json.iter().take(NAMED).map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
            let more = match self.fills_json.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            self.add(format!(
                "values are filled into the JSON of {named}{more}: a quote or a line end in one is escaped here \
                 (conversation.compat.json_bodies), which other servers may not do; JSON.stringify in the template is safe everywhere"
            ));
        }
        self.list
    }
}
