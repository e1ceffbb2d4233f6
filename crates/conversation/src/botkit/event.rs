//! What BotKit servers are told about the end of tasks.

use dialog::turn::TaskEnd;
use serde_json::{Value, json};

use super::kind;
use super::mediation::After;
use super::talk::{DEFAULT, Question};

impl After {
    /// Tells which tasks ended, one after the other. Nothing hangs on it: a server that does not hear is not told again.
    pub(super) async fn tell_ends(mut self) {
        let Some(kit) = self.talk.kit.clone() else { return };
        for end in std::mem::take(&mut self.ended) {
            let question = Question {
                kind: kind::EVENT,
                component: DEFAULT,
                dialog: &end.name,
                message: "",
                with_agent: false,
                context: self.context.clone(),
                event: Some(event(&end)),
                original: None,
            };
            let id = self.talk.conversations.shared().store.ids().object_id();
            let told = match self.talk.ask(id, &kit, question).await {
                Ok(place) => self.talk.was_heard(place).await,
                Err(error) => Err(error.to_string()),
            };
            if let Err(reason) = told {
                tracing::warn!(reason, task = end.name, "a BotKit server was not told that a task ended");
            }
        }
    }
}

fn event(end: &TaskEnd) -> Value {
    let kind = if end.dialog.is_empty() { "endFAQ" } else { "endDialog" };
    json!({
        "eventType": kind, "completedTaskId": end.dialog, "completedTaskName": end.name, "endReason": end.reason.name(),
        "endOfTask": true,
    })
}
