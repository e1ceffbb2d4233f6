//! What the platform says by itself (conversation.md §13), where the author says nothing else.

use serde_json::Value;

use super::{Engine, standard_texts};
use crate::bot::{Condition, Dialog, Piece, WhatToDo};
use crate::host::{Code, Host};
use crate::reply::{Choice, Content, Reply, Source};

/// What the platform says, as observed or documented; `\n` and blanks included, since clients compare them.
fn default_texts(condition: Condition) -> &'static [&'static str] {
    match condition {
        Condition::Discarded => &["Ok, I am discarding the task for now. We can start over whenever you are ready."],
        Condition::RetriesExceeded => &[
            "You have exceeded the number of allowed attempts. Ok, I am discarding the task for now. We can start over \
             whenever you are ready.",
        ],
        Condition::RetriesExceededWhileHolding => {
            &["You have exceeded the number of allowed attempts. I am discarding the current task."]
        }
        Condition::WrongChoice => &["That is not a valid option. Let us try again."],
        Condition::AmbiguousValue => {
            &["The value you entered seems to be ambiguous. Tell me the option you would like to choose."]
        }
        Condition::AmbiguousIntents => &["I found several matches. Please choose one:"],
        Condition::DidYouMean => &["Did you mean?"],
        Condition::Help => &["Here are the tasks I can perform for you."],
        Condition::Thanks => &["You're welcome."],
        Condition::WhoAreYou => &["I'm <display-bot-name>."],
        Condition::Greeting => &["Hi!", "Hello", "Hi there!", "Hey :)"],
        Condition::SessionClosed => &[
            "I am closing our current conversation as I have not received any input from you. We can start over when you \
             need.",
        ],
        Condition::LongWord => &[
            "Looks like you have mistyped a really long word. Please check if you have missed a space or spelled a word \
             incorrectly.",
        ],
        Condition::Loop => &["Loop limit reached for node <node>"],
        Condition::TaskFailure => &["I am sorry, something went wrong and I had to discard your task. Please retry."],
        Condition::Goodbye => &["Thank you. Goodbye!"],
        Condition::NoAgents => &["All our agents are busy at the moment. Please try again later."],
        Condition::Unidentified => &[
            "I could not understand that. Can you rephrase?",
            "I am unable to find an answer. Please try something else.",
        ],
        Condition::AnswerMissing => &["Sorry, answer for your question is not available."],
        Condition::ConfirmSwitch => &["Do you want to switch to the task '<interrupting-task>'?"],
        Condition::Switching => &["Okay, switching to <interrupting-task> task."],
        Condition::ConfirmResume => &["Should we continue the previous task of '<previous-task>'?"],
        Condition::Resuming => &["Resuming the task '<previous-task>'."],
        Condition::ResumeDeclined => &["Alright, '<previous-task>' cancelled."],
        Condition::FollowUps => &["I have identified the following tasks from the conversation:"],
        Condition::TaskNotAvailable => &["The task '<task-name>' is not available here."],
        Condition::ChooseLanguage => &["Which language would you like to continue in?"],
        Condition::NothingToDiscard => &["There is no task to discard."],
        Condition::EmptyDialog => &["The task '<task-name>' has nothing to do yet."],
    }
}

/// What the platform says in a language, the first of its variants.
fn standard(condition: Condition, language: &str) -> &'static str {
    standard_texts::text(condition, language).unwrap_or_else(|| default_texts(condition)[0])
}

impl<'a, H: Host> Engine<'a, H> {
    /// Says something of the platform; `replacements` stand for placeholders such as `<task-name>`.
    pub(crate) async fn say_standard(&mut self, condition: Condition, replacements: &[(&str, &str)]) {
        self.say_choices(condition, &[], replacements).await;
    }

    /// Says something of the platform, with choices. An author's own text shows them only where it asks for them.
    pub(crate) async fn say_choices(
        &mut self,
        condition: Condition,
        choices: &[Choice],
        replacements: &[(&str, &str)],
    ) {
        if let Some(content) = self.changed_response(condition, choices, replacements).await {
            self.speak(Reply { content, ..Reply::text(Source::Platform, "") });
            return;
        }
        let text = match standard_texts::text(condition, &self.state.language) {
            Some(text) => text,
            None => {
                let texts = default_texts(condition);
                texts[self.draw(texts.len())]
            }
        };
        let mut reply = Reply::text(Source::Platform, self.with_placeholders(text, replacements));
        reply.choices = choices.to_vec();
        self.speak(reply);
    }

    /// Says a text of the engine's own.
    pub(crate) fn say_text(&mut self, source: Source, text: &str) {
        self.speak(Reply::text(source, text));
    }

    /// Tells that a dialog has nothing to do.
    pub(crate) async fn say_empty(&mut self, dialog: &'a Dialog) {
        let name = dialog.name(&self.state.language, &self.bot.default_language);
        self.say_standard(Condition::EmptyDialog, &[("<task-name>", name)]).await;
    }

    /// What the author says at a condition; `None` where nothing, or where it comes to nothing.
    pub(super) async fn changed_response(
        &mut self,
        condition: Condition,
        choices: &[Choice],
        replacements: &[(&str, &str)],
    ) -> Option<Content> {
        let bot = self.bot;
        let variants = bot.responses.of(condition, &self.at.channel, &self.state.language, &bot.default_language);
        let text = *variants.get(self.draw(variants.len()))?;
        let standard = self.with_placeholders(standard(condition, &self.state.language), replacements);
        let titles: Vec<String> = choices.iter().map(|choice| choice.title.clone()).collect();
        let pieces: Vec<Piece> = text
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Piece::Text(self.with_placeholders(text, replacements)),
                expression => expression.clone(),
            })
            .collect();
        let said = if text.is_script {
            let ambiguous = Value::Array(titles.iter().cloned().map(Value::String).collect());
            let ran = self.script_about(Code::Body(pieces), titles, standard, ambiguous).await;
            match ran {
                Ok(ran) => ran.printed.unwrap_or_default(),
                Err(fault) => {
                    self.log_fault(&fault);
                    return None;
                }
            }
        } else {
            let text = crate::bot::Text { pieces, ..Default::default() };
            self.fill_for_people(&text).await.ok()?
        };
        (!said.trim().is_empty()).then(|| Reply::content_of(said))
    }

    pub(crate) fn with_placeholders(&self, text: &str, replacements: &[(&str, &str)]) -> String {
        let mut filled = text.to_owned();
        let bot_name = self.bot.name(&self.state.language);
        for (placeholder, value) in
            replacements.iter().chain(&[("<display-bot-name>", bot_name), ("<bot-name>", bot_name)])
        {
            if filled.contains(placeholder) {
                filled = filled.replace(placeholder, value);
            }
        }
        filled
    }
}

/// What a bot says when it closes a session for want of messages: the author's words, if they are plain, else the
/// platform's.
pub fn closing_text(bot: &crate::Bot, channel: &str, language: &str) -> String {
    let own = bot.responses.of(Condition::SessionClosed, channel, language, &bot.default_language);
    let plain = own.iter().find_map(|text| text.as_constant()).filter(|text| !text.trim().is_empty());
    plain.unwrap_or_else(|| standard(Condition::SessionClosed, language)).to_owned()
}

/// What a bot says when a turn could not be taken: the author's words for a failure where they are plain, else the
/// platform's. Nothing is run for it, since running something is what may have failed.
pub fn failure_text(bot: &crate::Bot, state: &crate::State, channel: &str) -> String {
    let language = if state.language.is_empty() { &bot.default_language } else { &state.language };
    let of_task = state.stack.iter().rev().find_map(|frame| bot.dialog(&frame.dialog)?.on_failure.as_ref());
    let of_event = match of_task.or(bot.events.task_failure.as_ref()).map(|event| &event.what) {
        Some(WhatToDo::Message(texts)) => texts.for_channel(channel, language, &bot.default_language),
        _ => Vec::new(),
    };
    let changed = bot.responses.of(Condition::TaskFailure, channel, language, &bot.default_language);
    let mut plain = of_event.into_iter().chain(changed).filter_map(|text| text.as_constant());
    plain.find(|text| !text.trim().is_empty()).unwrap_or_else(|| standard(Condition::TaskFailure, language)).to_owned()
}

/// What the platform says of a failure where nothing is known of the bot.
pub fn plain_failure_text() -> &'static str {
    default_texts(Condition::TaskFailure)[0]
}
