//! Calls to BotKit servers.

use std::time::Duration;

use serde_json::Value;
use services::Failure;
use tokio::task::JoinHandle;

use super::BotKit;
use crate::form_link::escaped;
use crate::shared::Shared;

/// A call on its way. It is made to its end even when nobody waits for that.
pub(super) struct Post(State);

enum State {
    Running(JoinHandle<Result<(u16, Value), Failure>>),
    Done(Result<(u16, Value), Failure>),
}

impl Shared {
    /// Calls a BotKit server about a bot: an event of a component, or of the bot.
    pub(super) fn post_to_botkit(
        &self,
        kit: &BotKit,
        bot: &str,
        component: Option<&str>,
        event: &str,
        body: Value,
    ) -> Post {
        let base = format!("{}/sdk/bots/{bot}", kit.callback_url.trim_end_matches('/'));
        let url = match component {
            Some(component) => format!("{base}/components/{}/{event}", escaped(component)),
            None => format!("{base}/{event}"),
        };
        let token = match kit.token(self.store.clock().now()) {
            Ok(token) => token,
            Err(error) => return Post(State::Done(Err(Failure::BadRequest { reason: error.to_string() }))),
        };
        let (services, supervisor) = (self.services.clone(), self.store.supervisor().clone());
        let limit = Duration::from_millis(self.options.botkit.limit_ms);
        Post(State::Running(tokio::spawn(async move {
            let headers = [("token".to_owned(), token)];
            let posted = supervisor.contain("BotKit post", services.post_json(&url, &headers, &body, limit)).await;
            posted.unwrap_or_else(|panicked| Err(Failure::Unreachable { reason: panicked.to_string() }))
        })))
    }
}

impl Post {
    /// A call that needs not be made: the server heard of it before.
    pub(super) fn heard_before() -> Self {
        Self(State::Done(Ok((202, Value::Null))))
    }

    /// Takes the call out, for who waits for it elsewhere and puts it back.
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::heard_before())
    }

    /// Waits for the end of the call: status and body of what was answered, or why nothing was.
    pub(super) async fn answer(&mut self) -> Result<(u16, Value), Failure> {
        if let State::Running(task) = &mut self.0 {
            let answer = task.await.unwrap_or_else(|_| Err(broken_off()));
            self.0 = State::Done(answer);
        }
        match &self.0 {
            State::Done(answer) => answer.clone(),
            State::Running(_) => Err(broken_off()),
        }
    }

    /// Waits until the server heard the call; the reason when it did not.
    pub(super) async fn heard(&mut self) -> Result<(), String> {
        let (status, _) = self.answer().await.map_err(|failure| failure.to_string())?;
        if status < 300 { Ok(()) } else { Err(format!("it answered {status}")) }
    }

    /// Whether the call has ended.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.0, State::Done(_))
    }
}

fn broken_off() -> Failure {
    Failure::Unreachable { reason: "the call was broken off, because this server stops".to_owned() }
}
