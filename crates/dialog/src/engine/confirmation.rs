//! The confirmation node: asks yes or no.

use super::Engine;
use super::detect::Meant;
use super::run::{Said, Then};
use super::say::yes_and_no;
use crate::bot::in_language;
use crate::host::{Fault, Host};
use crate::node::{Confirmation, Node};
use crate::reply::Source;
use crate::state::Waiting;

impl<'a, H: Host> Engine<'a, H> {
    pub(crate) async fn arrive_at_confirmation(&mut self, confirmation: &'a Confirmation) -> Result<Then<'a>, Fault> {
        let said = self.say(&confirmation.prompt, Source::Dialog).await?;
        let choices = yes_and_no(&self.state.language);
        if said && confirmation.lists_choices {
            self.show_choices(choices.clone(), true);
        }
        if let Some(frame) = self.state.stack.last_mut() {
            frame.shown = choices;
        }
        Ok(Then::Wait(Waiting::Input))
    }

    /// Yes or no, in the language of the conversation or, where that is all that is said, in another one of the bot.
    pub(crate) fn yes_or_no(&self, text: &str, yes: &[String], no: &[String]) -> Option<nlu::yes_no::Answer> {
        let here = self.host.think(text.len(), || self.model.yes_or_no(text, yes, no));
        here.or_else(|| nlu::yes_no::said_in(text, self.bot.languages.iter().map(String::as_str)))
    }

    /// The user answered: yes, no, something else that the dialog expects, or something of its own.
    pub(crate) async fn answer_confirmation(&mut self, node: &'a Node, confirmation: &'a Confirmation, text: &str) {
        let words = |of: &'a [(String, Vec<String>)]| -> &'a [String] {
            in_language(of, &self.state.language, &self.bot.default_language).map_or(&[], Vec::as_slice)
        };
        let (yes, no) = (words(&confirmation.yes), words(&confirmation.no));
        let answer = self.yes_or_no(text, yes, no);
        let answer = answer.map(|answer| answer == nlu::yes_no::Answer::Yes);
        let by_place = match text.trim().to_lowercase().as_str() {
            "a" | "1" if confirmation.lists_choices => Some(true),
            "b" | "2" if confirmation.lists_choices => Some(false),
            _ => None,
        };
        let answer = answer.or(by_place);
        let needs_intent = answer.is_none() || node.options.intent_over_entity;
        if needs_intent {
            let meant = if answer.is_none() { self.found_aside(text).await } else { self.meant_aside(text) };
            let overrules = answer.is_none() || matches!(meant, Meant::Task(_));
            if overrules && self.take_aside(meant, text).await {
                return;
            }
        }
        if answer.is_none() && self.obey(text).await {
            return;
        }
        if answer.is_none() && !node.transitions.iter().any(|transition| transition.condition.is_none()) {
            // There is no else: as if nothing was understood, and the question stands.
            self.unidentified(text).await;
            if !self.at.compat.confirmation_waits {
                self.discard_stack(crate::turn::Reason::Canceled);
            }
            return;
        }
        self.hear(text, true);
        self.move_to(&node.id);
        self.follow(node, &Said { yes: answer, ..Said::default() }).await;
    }
}
