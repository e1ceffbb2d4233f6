//! The message node: says something, and may wait for what the user says to it.

use super::Engine;
use super::detect::Meant;
use super::run::{Said, Then};
use crate::bot::Dialog;
use crate::condition::Condition;
use crate::host::{Fault, Host};
use crate::node::{Kind, Message, Node};
use crate::reply::Source;
use crate::state::Waiting;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn message_node(&mut self, message: &'a Message) -> Result<Then<'a>, Fault> {
        self.make_reports(&message.reports).await?;
        self.say(&message.texts, Source::Dialog).await?;
        Ok(if message.waits { Then::Wait(Waiting::Input) } else { Then::Next })
    }

    /// The user answered a message that waits. Tasks, questions and small talk are heard as at any node that waits; a
    /// sub-intent decides the way, else the default is taken.
    pub(crate) async fn answer_message(&mut self, node: &'a Node, text: &str) {
        let meant = self.found_aside(text).await;
        let own_way = if let Meant::Task(dialog) = &meant { self.way_to(node, dialog) } else { None };
        let is_own_task = |it: &Dialog| self.place().is_some_and(|(dialog, _)| dialog.id == it.id);
        if matches!(&meant, Meant::Task(dialog) if is_own_task(dialog)) && own_way.is_none() && !leads_on(node) {
            // Who names the task that waits is told again what it waits for.
            return self.ask_again();
        }
        let intent = match meant {
            Meant::SubIntent(node) => Some(node),
            Meant::Task(_) if own_way.is_some() => own_way,
            Meant::Task(_) | Meant::Faq(_) | Meant::SmallTalk(_) | Meant::Interaction(_) | Meant::Search => {
                if self.take_aside(meant, text).await {
                    return;
                }
                None
            }
            // One of several: which of them is asked, unless this message leads on by itself.
            Meant::Which(_) | Meant::Suggest(_) if !leads_on(node) => {
                if self.take_aside(meant, text).await {
                    return;
                }
                None
            }
            Meant::Nothing if !leads_on(node) && self.obey(text).await => return,
            Meant::Which(_) | Meant::Suggest(_) | Meant::Nothing => None,
        };
        let is_understood = intent.is_some() || leads_on(node);
        let said = Said { intent, ..Said::default() };
        if self.at.compat.message_waits
            && !node.transitions.is_empty()
            && matches!(self.way_out(node, &said).await, Ok(None))
        {
            // None of its ways is for this, and there is no else: as if nothing was understood, and the message stands.
            return self.unidentified(text).await;
        }
        self.move_to(&node.id);
        self.follow(node, &said).await;
        if !is_understood && self.state.stack.is_empty() && self.out.replies.is_empty() {
            // The dialog is over without a word: nobody is left without an answer.
            self.unidentified(text).await;
        }
    }

    /// The node by which a message leads to a dialog, where one of its conditions asks for that.
    fn way_to(&self, node: &'a Node, wanted: &Dialog) -> Option<String> {
        let (dialog, _) = self.place()?;
        let calls = |id: &String| match &dialog.node(id)?.kind {
            Kind::Dialog(call) => {
                let called = self.bot.dialogs.get(call.dialog?)?;
                (called.id == wanted.id).then(|| id.clone())
            }
            _ => None,
        };
        node.transitions.iter().find_map(|way| match way.condition.as_ref()? {
            Condition::Intent(id) => calls(id),
            _ => None,
        })
    }
}

/// Whether any answer to a message that waits leads to another node.
fn leads_on(node: &Node) -> bool {
    node.transitions.iter().any(|way| way.condition.is_none() && way.target.is_some())
}
