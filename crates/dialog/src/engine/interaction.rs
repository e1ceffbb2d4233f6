//! What users of an app say about the conversation itself: again, wait, no, start over, that is all, a human
//! (export-format-xo11.md §5, §6.4). Each is an event of the app; one that is switched off does not happen.

use serde_json::{Value, json};

use super::Engine;
use super::flow::FlowEnd;
use crate::bot::{BotEvent, Condition, WhatToDo};
use crate::host::Host;
use crate::node::Kind;
use crate::reply::Source;
use crate::turn::Reason;

/// Something said about the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interaction {
    Repeat,
    Pause,
    Refuse,
    Agent,
    Restart,
    End,
}

/// Whole messages that say so, in lower case, without marks at their end.
const PHRASES: [(Interaction, &[&str]); 6] = [
    (
        Interaction::Repeat,
        &[
            "repeat",
            "repeat that",
            "say that again",
            "say it again",
            "come again",
            "pardon",
            "can you repeat that",
            "could you repeat that",
            "what did you say",
        ],
    ),
    (
        Interaction::Pause,
        &[
            "wait",
            "hold on",
            "hold",
            "one moment",
            "just a moment",
            "one second",
            "just a second",
            "give me a minute",
            "give me a moment",
            "wait a minute",
        ],
    ),
    (
        Interaction::Refuse,
        &[
            "why do you ask",
            "why do you need that",
            "why do you need this",
            "i don't want to tell you",
            "i do not want to tell you",
            "i won't tell you",
            "i don't want to share that",
            "i'd rather not say",
            "i would rather not say",
        ],
    ),
    (
        Interaction::Agent,
        &[
            "agent",
            "human",
            "live agent",
            "real person",
            "talk to an agent",
            "talk to a human",
            "talk to a person",
            "speak to an agent",
            "speak to a human",
            "speak to a person",
            "connect me to an agent",
            "connect me to a human",
            "i want to talk to an agent",
            "i want to talk to a human",
            "i want to speak to an agent",
            "i want to speak to a human",
            "talk to a representative",
            "speak to a representative",
            "customer service",
            "representative",
            "transfer me to an agent",
        ],
    ),
    (Interaction::Restart, &["restart", "start over", "start again", "begin again", "restart the conversation"]),
    (
        Interaction::End,
        &[
            "bye",
            "goodbye",
            "good bye",
            "bye bye",
            "that's all",
            "that is all",
            "that will be all",
            "nothing else",
            "end the conversation",
            "end conversation",
            "end chat",
            "we are done",
            "i am done",
            "i'm done",
        ],
    ),
];

/// What a whole message says about the conversation.
pub(crate) fn said_in(text: &str) -> Option<Interaction> {
    let plain = text.trim().trim_end_matches(['.', '!', '?']).to_lowercase();
    let plain = plain.strip_suffix("please").unwrap_or(&plain).trim_end_matches([',', ' ']);
    let plain = plain.strip_prefix("please ").unwrap_or(plain);
    PHRASES.iter().find(|(_, phrases)| phrases.contains(&plain)).map(|(interaction, _)| *interaction)
}

impl Interaction {
    const ALL: [Self; 6] = [Self::Repeat, Self::Pause, Self::Refuse, Self::Agent, Self::Restart, Self::End];

    /// The platform's name for it, which dialogs of apps compare with.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Repeat => "Repeat",
            Self::Pause => "Pause_Interaction",
            Self::Refuse => "Refuse_to_answer",
            Self::Agent => "Agent_Transfer",
            Self::Restart => "Restart_Conversation",
            Self::End => "End_Conversation",
        }
    }

    /// What the user wants, for a language model.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Repeat => "the user wants to hear the last answer again",
            Self::Pause => "the user wants the bot to wait",
            Self::Refuse => "the user does not want to say what the bot asks for, or asks what it is needed for",
            Self::Agent => "the user wants to talk to a human",
            Self::Restart => "the user wants to start the conversation over",
            Self::End => "the user is done and leaves",
        }
    }
}

impl<'a, H: Host> Engine<'a, H> {
    /// Does what is said about the conversation, where the app has an event for it. Whether it was that.
    pub(crate) async fn interact(&mut self, text: &str) -> bool {
        match said_in(text) {
            Some(interaction) => self.let_interact(interaction).await,
            None => false,
        }
    }

    /// What may be said about the conversation here and now.
    pub(crate) fn possible_interactions(&self) -> Vec<Interaction> {
        Interaction::ALL.into_iter().filter(|it| self.event_of(*it).is_some()).collect()
    }

    /// The event at which something said about the conversation is heard. Only a question can be refused. What names
    /// nothing does nothing, but for the events with something built in.
    fn event_of(&self, interaction: Interaction) -> Option<&'a BotEvent> {
        let events = &self.bot.events;
        let event = match interaction {
            Interaction::Refuse if self.state.stack.is_empty() => return None,
            Interaction::Repeat | Interaction::Pause | Interaction::Refuse => events.interaction.as_ref()?,
            Interaction::Agent => events.agent.as_ref()?,
            Interaction::Restart => return events.restart.as_ref(),
            Interaction::End => return events.conversation_end.as_ref(),
        };
        (!event.what.is_nothing()).then_some(event)
    }

    /// Does what is said about the conversation. Whether the app has an event for it.
    pub(crate) async fn let_interact(&mut self, interaction: Interaction) -> bool {
        let Some(event) = self.event_of(interaction) else { return false };
        if self.words_itself(event) && self.interact_plainly(interaction) {
            return true;
        }
        match interaction {
            Interaction::Repeat | Interaction::Pause | Interaction::Refuse | Interaction::Agent => {
                self.let_happen_about(event, "conversation_intent", &[interaction.name().to_owned()], &[]).await;
            }
            Interaction::Restart => {
                self.drop_everything();
                if !event.what.is_nothing() {
                    self.let_happen(&event.what, Source::Event).await;
                } else if !self.restart_flow().await {
                    self.say_standard(Condition::Discarded, &[]).await;
                }
            }
            Interaction::End => {
                self.drop_everything();
                if !event.what.is_nothing() {
                    self.let_happen(&event.what, Source::Event).await;
                } else if self.in_flow() {
                    self.flow_end = Some(FlowEnd::Return);
                } else {
                    self.say_standard(Condition::Goodbye, &[]).await;
                }
            }
        }
        true
    }

    /// Whether the dialog of an event has a language model find the words, and there is none.
    fn words_itself(&self, event: &BotEvent) -> bool {
        let WhatToDo::Dialog(Some(place)) = event.what else { return false };
        let nodes = self.bot.dialogs.get(place).map_or(&[][..], |dialog| dialog.nodes.as_slice());
        let asked = nodes.iter().find_map(|node| match &node.kind {
            Kind::Generative(generative) => Some(generative),
            _ => None,
        });
        asked.is_some_and(|generative| !self.can_ask("generativeai", &generative.model.integration))
    }

    /// Does without a model what is said about the conversation: says the last words again, or asks its question again.
    fn interact_plainly(&mut self, interaction: Interaction) -> bool {
        match interaction {
            Interaction::Repeat if !self.state.last_replies.is_empty() => {
                let last = self.state.last_replies.clone();
                last.into_iter().for_each(|reply| self.speak(reply));
                true
            }
            Interaction::Pause | Interaction::Refuse if !self.state.stack.is_empty() => {
                self.ask_again();
                true
            }
            _ => false,
        }
    }

    /// Lets an event happen whose dialog asks what was found (`context.dialogGPTInfo`).
    pub(crate) async fn let_happen_about(
        &mut self,
        event: &'a BotEvent,
        kind: &str,
        intents: &[String],
        plan: &[String],
    ) {
        let info = json!({"fulfillment_type": kind, "winning_intents": intents, "execution_plan": plan});
        let before = self.state.stack.len();
        self.let_happen(&event.what, Source::Event).await;
        if let Some(frame) = self.state.stack.last_mut().filter(|frame| frame.of_event || before == 0) {
            frame.context.insert("dialogGPTInfo".to_owned(), Value::clone(&info));
        }
    }

    /// Ends what runs and what is held.
    fn drop_everything(&mut self) {
        self.discard_stack(Reason::Canceled);
        self.drop_held();
        self.happened.insert("end of task");
    }

    /// Ends what is held, and what was to come after it.
    pub(crate) fn drop_held(&mut self) {
        for frames in std::mem::take(&mut self.state.held) {
            if let Some(outermost) = frames.first() {
                self.ended(outermost, Reason::Canceled);
            }
        }
        self.state.queued.clear();
    }
}
