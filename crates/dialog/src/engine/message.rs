//! The message node: says something, and may wait for what the user says to it.

use super::Engine;
use super::run::{Said, Then};
use crate::host::{Fault, Host};
use crate::node::{Message, Node};
use crate::reply::Source;
use crate::state::Waiting;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn message_node(&mut self, message: &'a Message) -> Result<Then<'a>, Fault> {
        self.say(&message.texts, Source::Dialog).await?;
        Ok(if message.waits { Then::Wait(Waiting::Input) } else { Then::Next })
    }

    /// The user answered a message that waits: a sub-intent decides, else the default.
    pub(crate) async fn answer_message(&mut self, node: &'a Node, text: &str) {
        let understood = self.understand(text);
        let intent = self.sub_intent_node(&understood.outcome);
        self.move_to(&node.id);
        self.follow(node, &Said { intent, ..Said::default() }).await;
    }
}
