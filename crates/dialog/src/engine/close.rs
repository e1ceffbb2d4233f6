//! A session that somebody closes: what its bot says last.

use serde_json::json;

use super::Engine;
use crate::Bot;
use crate::bot::Condition;
use crate::host::Host;
use crate::reply::{Reply, Source};
use crate::turn::{Outcome, abandon};

impl<H: Host> Engine<'_, H> {
    /// The session ends because somebody closes it. What runs is given up; then happens what the bot does at the end of
    /// tasks, up to where it would wait for an answer; then the author's closing words are said. The platform has none of
    /// its own: those speak of a user who said nothing for long.
    pub(crate) async fn close(mut self) -> Outcome {
        self.out.ended = abandon(self.state);
        let bot = self.bot;
        if let Some(event) = &bot.events.end_of_task {
            self.happened.insert("end of task");
            self.tell_end_of_task();
            self.let_happen(&event.what, Source::Event).await;
            Box::pin(self.run()).await;
            if let Err(fault) = self.within_bounds() {
                self.log_fault(&fault);
            }
        }
        if !bot.settings.session.closes_silently
            && let Some(content) = self.changed_response(Condition::SessionClosed, &[], &[]).await
        {
            self.speak(Reply { content, ..Reply::text(Source::Platform, "") });
        }
        self.out.closes_session = true;
        self.out
    }

    /// Tells what runs next which task ended, and why.
    pub(super) fn tell_end_of_task(&mut self) {
        if let Some(end) = self.out.ended.last() {
            let task = json!({"endOfTask": true, "endReason": end.reason.name(), "completedTaskName": end.name});
            self.idle.insert("taskExecution".to_owned(), task);
        }
    }
}

/// Whether a bot says or does anything when somebody closes a session.
pub fn has_last_words(bot: &Bot) -> bool {
    let has_event = bot.events.end_of_task.as_ref().is_some_and(|event| !event.what.is_nothing());
    let closes_with = |condition: &Condition| *condition == Condition::SessionClosed;
    let has_text = bot.responses.changed.iter().any(|(condition, _)| closes_with(condition));
    has_event || has_text && !bot.settings.session.closes_silently
}
