//! `context`, as scripts, BotKit servers and webhooks see it (conversation.md §14).
//!
//! What the platform knows is said anew whenever somebody looks and cannot be changed; what nothing has filled yet is there
//! and empty, so that scripts read and fill members without asking whether they exist. Neither is kept with the conversation.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::Engine;
use crate::host::Host;

/// Members that are there before anything fills them.
static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let empty = json!({
        "entities": {}, "entityRules": {}, "inputData": {}, "UserQuery": {},
        "traits": [], "currentTraits": [], "history": [],
        "FollowupIntents": [], "identifiedSub-Intents": [], "mappedIntents": [],
        "synonymsUsed": [], "ambiguousEntityValues": [],
        "message_tone": [], "dialog_tone": [],
        "userInputs": {"originalInput": {}},
        "NLAnalysis": {"userInput": "", "intents": {"successIntents": [], "nerInfo": {}}},
    });
    match empty {
        Value::Object(members) => members,
        _ => Map::new(),
    }
});

impl<H: Host> Engine<'_, H> {
    /// What the platform says in `context`, whatever stands there.
    pub(super) fn platform(&self) -> Map<String, Value> {
        let held = self.state.held.iter().filter_map(|stack| stack.first());
        let held: Vec<&Value> = held.filter_map(|frame| frame.context.get("intent")).collect();
        let historic: Vec<Value> = self.state.historic_tags.iter().map(|tags| json!({"tags": tags})).collect();
        let said = [
            ("bot", json!(self.bot.name(&self.state.language))),
            ("botid", json!(self.at.bot_id)),
            ("currentLanguage", json!(self.state.language)),
            ("currentTags", json!({"tags": self.state.tags})),
            ("historicTags", json!(historic)),
            ("onHoldTasks", json!(held)),
            ("suggestedLanguages", json!(self.state.suggested_languages)),
            ("updatedOn", json!(self.at.now.timestamp().to_string())),
        ];
        said.into_iter().map(|(member, value)| (member.to_owned(), value)).collect()
    }

    /// `context` as scripts and services see it.
    pub(crate) fn whole_context(&self) -> Value {
        let mut context = self.context().clone();
        for (member, empty) in EMPTY.iter().filter(|(member, _)| !self.context().contains_key(*member)) {
            context.insert(member.clone(), empty.clone());
        }
        context.extend(self.platform());
        context.insert("session".to_owned(), self.state.stores.to_value(&self.at.user_id, &self.at.bot_id));
        Value::Object(context)
    }

    /// Takes out of a context that a script gave back what only [`Self::whole_context`] put into it.
    pub(super) fn without_what_was_added(&self, context: &mut Map<String, Value>) {
        for member in self.platform().keys() {
            context.shift_remove(member);
        }
        for (member, empty) in EMPTY.iter().filter(|(member, _)| !self.context().contains_key(*member)) {
            if context.get(member) == Some(empty) {
                context.shift_remove(member);
            }
        }
    }

    /// Leaves what was found about a message, for the task that runs and for those that begin with it.
    pub(super) fn tell(&mut self, member: &str, value: Value) {
        if let Some(frame) = self.state.stack.last_mut() {
            frame.context.insert(member.to_owned(), value.clone());
        }
        self.idle.insert(member.to_owned(), value);
    }
}
