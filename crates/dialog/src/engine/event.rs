//! Events of a conversation: connect, welcome, nothing understood, end of tasks, moods (conversation.md §15).

use serde_json::{Value, json};

use super::Engine;
use crate::bot::{BotEvent, Condition, WhatToDo};
use crate::host::{Code, Fault, Host};
use crate::reply::{Reply, Source};
use crate::state::Waiting;
use crate::turn::{Reason, TaskEnd};

impl<'a, H: Host> Engine<'a, H> {
    /// A user came and said nothing yet.
    pub(crate) async fn connect(&mut self) {
        let (bot, user) = (self.bot, self.at.user_id.clone());
        self.note_channel(&user);
        if self.state.welcomed {
            return;
        }
        if bot.events.on_connect.is_none() && self.connect_flow().await {
            return;
        }
        if let Some(event) = &bot.events.on_connect {
            self.state.welcomed = true;
            self.let_happen(&event.what, Source::Event).await;
        }
    }

    /// The first message of a session is welcomed.
    pub(crate) async fn welcome(&mut self) {
        let bot = self.bot;
        if let Some(event) = &bot.events.welcome {
            self.let_happen(&event.what, Source::Event).await;
        }
    }

    /// A dialog is started from outside.
    pub(crate) async fn start_named(&mut self, named: &str, entities: Value) {
        let bot = self.bot;
        let by_name = || bot.dialogs.iter().find(|dialog| dialog.lower_name.eq_ignore_ascii_case(named));
        let Some(dialog) = bot.dialog(named).or_else(by_name) else {
            self.log_fault(&Fault::new(format!("there is no dialog '{named}' to start")));
            return;
        };
        self.discard_stack(Reason::Interrupted);
        if !self.start(dialog, "", false) {
            self.say_empty(dialog).await;
            return;
        }
        if let (Value::Object(entities), Some(frame)) = (entities, self.state.stack.last_mut()) {
            frame.entities_mut().extend(entities);
        }
    }

    /// Nothing was understood.
    pub(crate) async fn unidentified(&mut self, text: &str) {
        self.out.unidentified = true;
        self.tell("resultsFound", json!(false));
        self.log("unidentified", json!({"input": text}));
        let bot = self.bot;
        let before = self.out.replies.len();
        match bot.events.unidentified.as_ref().map(|event| &event.what) {
            Some(what @ (WhatToDo::Dialog(Some(_)) | WhatToDo::Message(_) | WhatToDo::Script(_))) => {
                self.let_happen(what, Source::Event).await;
                let is_message = matches!(what, WhatToDo::Message(_) | WhatToDo::Script(_));
                if is_message && self.out.replies.len() == before {
                    self.say_standard(Condition::Unidentified, &[]).await;
                }
            }
            _ => match bot.default_dialog {
                Some(place) => self.start_event_dialog(place).await,
                None => self.say_standard(Condition::Unidentified, &[]).await,
            },
        }
    }

    /// Does what an event is for.
    pub(crate) async fn let_happen(&mut self, what: &'a WhatToDo, source: Source) {
        match what {
            WhatToDo::Dialog(Some(place)) => self.start_event_dialog(*place).await,
            // The dialog is not in the bot: the event is passed over.
            WhatToDo::Dialog(None) => {}
            WhatToDo::Message(texts) => {
                if let Some(text) = self.variant(texts) {
                    match self.content(text).await {
                        Ok(Some(content)) => self.speak(Reply { content, ..Reply::text(source, "") }),
                        Ok(None) => {}
                        Err(fault) => self.log_fault(&fault),
                    }
                }
            }
            WhatToDo::Script(script) => match self.script(Code::Body(script.pieces.clone())).await {
                Ok(ran) => {
                    if let Some(printed) = ran.printed.filter(|text| !text.trim().is_empty()) {
                        let content = Reply::content_of(printed);
                        self.speak(Reply { content, ..Reply::text(source, "") });
                    }
                }
                Err(fault) => self.log_fault(&fault),
            },
        }
    }

    /// Starts the dialog of an event. A task that waits is set aside, and taken up again without a word.
    async fn start_event_dialog(&mut self, place: usize) {
        let bot = self.bot;
        let Some(dialog) = bot.dialogs.get(place) else { return };
        if !self.state.stack.is_empty() {
            // An event that runs already is not let happen inside of itself.
            if self.state.stack.iter().any(|frame| frame.dialog == dialog.id) {
                return;
            }
            let mut stack = std::mem::take(&mut self.state.stack);
            if let Some(frame) = stack.last_mut() {
                frame.quiet = true;
            }
            self.state.held.push(stack);
        }
        let said = self.said.clone();
        if !self.start(dialog, &said, true) {
            self.say_empty(dialog).await;
        }
    }

    /// All tasks ended: the event of that. Whether there is something to run.
    pub(crate) async fn end_of_tasks(&mut self) -> bool {
        let bot = self.bot;
        // What an event or the flow started is no task of the user's, but one that was chosen in it is.
        let questions_count = self.at.flows.questions_are_tasks || !self.has_flow();
        let is_users = |end: &TaskEnd| match end.reason {
            Reason::FulfilledEvent | Reason::FailedEvent => false,
            _ if end.dialog.is_empty() && !questions_count => false,
            Reason::FulfilledLinkedDialog => self.dialog(&end.dialog).is_some_and(|dialog| !dialog.hidden),
            _ => true,
        };
        let ended = self.out.ended.iter().any(is_users);
        if ended && bot.settings.reads_moods(&bot.events) {
            self.answer_mood(true).await;
            if !self.state.stack.is_empty() {
                return true;
            }
        }
        // Control went back to the flow, or to a human: nobody is asked for more.
        let goes_on_elsewhere =
            matches!(self.flow_end, Some(super::flow::FlowEnd::Return | super::flow::FlowEnd::Transfer));
        let ended = ended && !goes_on_elsewhere;
        let Some(event) = bot.events.end_of_task.as_ref().filter(|_| ended) else { return false };
        if !self.happened.insert("end of task") {
            return false;
        }
        self.tell_end_of_task();
        self.let_happen(&event.what, Source::Event).await;
        !self.state.stack.is_empty()
    }

    /// Hears the mood of a message, and lets happen what the bot does about it. Whether that takes the place of an answer.
    pub(crate) async fn feel(&mut self, text: &str) -> bool {
        let bot = self.bot;
        if !bot.settings.reads_moods(&bot.events) {
            return false;
        }
        let tones = self.host.think(text.len(), || crate::tone::tones(text));
        for (tone, level) in &tones {
            let total = self.state.tones.entry((*tone).to_owned()).or_default();
            total.level += level;
            total.count += 1;
        }
        let of_message: Vec<Value> =
            tones.iter().map(|(tone, level)| json!({"tone_name": tone, "level": level, "count": 1})).collect();
        let of_dialog: Vec<Value> = self
            .state
            .tones
            .iter()
            .map(|(tone, heard)| {
                json!({"tone_name": tone, "level": heard.level / f64::from(heard.count.max(1)), "count": heard.count})
            })
            .collect();
        let (message, dialog) = (Value::Array(of_message), Value::Array(of_dialog));
        for (key, value) in [("message_tone", message), ("dialog_tone", dialog)] {
            self.idle.insert(key.to_owned(), value.clone());
            if let Some(frame) = self.state.stack.last_mut() {
                frame.context.insert(key.to_owned(), value);
            }
        }
        let waited = self.state.stack.len();
        self.answer_mood(false).await;
        // A dialog about the mood comes first; what waits is asked again after it. Words about it are said besides.
        self.state.stack.len() != waited || self.state.frame().is_some_and(|frame| frame.waiting == Waiting::Nothing)
    }

    /// Lets happen what the bot does about a mood: of a message, or after a task.
    async fn answer_mood(&mut self, on_completion: bool) {
        let bot = self.bot;
        let tones = crate::tone::tones(&self.said);
        let mut moods = bot.events.sentiment.iter().filter(|event| event.on_completion == on_completion);
        let mood = moods.find(|event| self.is_in_mood(event, &tones));
        if let Some(mood) = mood
            && self.happened.insert("mood")
        {
            if on_completion {
                // What was felt about the task is settled.
                self.state.tones.clear();
            }
            let event: &'a BotEvent = &mood.event;
            self.let_happen(&event.what, Source::Event).await;
        }
    }

    fn is_in_mood(&self, event: &crate::bot::SentimentEvent, tones: &[(&'static str, f64)]) -> bool {
        let level = |of_dialog: bool, name: &str| -> Option<f64> {
            if of_dialog {
                let heard = self.state.tones.get(name)?;
                return Some(heard.level / f64::from(heard.count.max(1)));
            }
            tones.iter().find(|(tone, _)| *tone == name).map(|(_, level)| *level)
        };
        !event.tones.is_empty()
            && event.tones.iter().all(|(of_dialog, name, least, most)| {
                level(*of_dialog, &name.to_lowercase()).is_some_and(|level| (*least..=*most).contains(&level))
            })
    }
}
