//! Talking to bots over the webhook channel, and reading what was kept of it.

use serde_json::{Value, json};

use super::bots::BotFiles;
use super::client::{Client, Reply};
use super::fixture;

/// A message on the second form of the channel.
pub fn message(user: &str, text: &str) -> Value {
    json!({"message": {"type": "text", "val": text}, "from": {"id": user}})
}

/// The bubbles of an answer, as texts.
pub fn bubbles(answer: &Value) -> Vec<String> {
    let text = |bubble: &Value| match &bubble["val"] {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    answer["data"].as_array().unwrap_or_else(|| panic!("no data in {answer}")).iter().map(text).collect()
}

impl Client {
    /// Imports the bot that a description stands for and publishes it; its id.
    pub async fn bring(&self, description: &Value) -> String {
        let files: BotFiles = fixture::bot(description);
        let bot = self.import_new(&files).await.bot;
        self.publish(&bot, "to talk to").await;
        bot
    }

    /// Posts a body to the second form of the channel.
    pub async fn post_to(&self, bot: &str, body: &Value) -> Reply {
        self.post(&format!("/chatbot/v2/webhook/{bot}"), body).await
    }

    /// Says something; the bubbles of the answer.
    pub async fn say(&self, bot: &str, user: &str, text: &str) -> Vec<String> {
        bubbles(&self.post_to(bot, &message(user, text)).await.json())
    }

    /// The sessions of a user with a bot, the newest first.
    pub async fn sessions_of(&self, bot: &str, user: &str) -> Vec<Value> {
        let body = json!({"userId": user, "limit": 100, "dateFrom": "2000-01-01"});
        let found = self.post(&format!("/api/public/bot/{bot}/getSessions"), &body).await.json();
        found["sessions"].as_array().unwrap().clone()
    }

    /// What was said between a user and a bot, the newest first: `> text` by the user, `< text` by the bot.
    pub async fn transcript(&self, bot: &str, user: &str) -> Vec<String> {
        let body = json!({"userId": user, "limit": 10000, "skip": 0, "dateFrom": "2000-01-01"});
        let found = self.post(&format!("/api/public/bot/{bot}/getMessagesV2"), &body).await.json();
        let line = |message: &Value| {
            let sign = if message["type"] == "incoming" { '>' } else { '<' };
            format!("{sign} {}", message["components"][0]["data"]["text"].as_str().unwrap_or_default().trim())
        };
        found["messages"].as_array().unwrap().iter().map(line).collect()
    }
}
