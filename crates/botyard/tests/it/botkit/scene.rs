//! A published bot with a BotKit server in the middle, and users who talk to it on the webhook channel.

use access::{App, AppKind};
use serde_json::{Value, json};

use super::server::{Entry, FakeBotKit};
use crate::support::client::Client;
use crate::support::server::Setup;
use crate::support::{TestServer, fixture};

pub struct Scene {
    pub server: TestServer,
    pub admin: Client,
    pub app: App,
    pub bot: String,
    pub kit: FakeBotKit,
}

impl Scene {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Setup)) -> Self {
        let server = TestServer::start_with(change).await;
        let admin = server.admin().await;
        let description = include_str!("../../fixtures/botkit.json");
        let bot = admin.import_new(&fixture::bot(&serde_json::from_str(description).unwrap())).await.bot;
        admin.publish(&bot, "for its server").await;
        let app = server.app(AppKind::Builder, &[&bot]).await;
        let kit = FakeBotKit::start(server.url(), &app).await;
        let scene = Self { server, admin, app, bot, kit };
        scene.register(&json!({})).await;
        scene
    }

    /// Where the bot's server is registered.
    pub fn registration(&self) -> String {
        format!("/api/public/bot/{}/agentintegrations/chat/custom", self.bot)
    }

    /// Registers the server, with these members besides.
    pub async fn register(&self, members: &Value) {
        let mut body = json!({"sdkClientId": self.app.client_id, "sdkHostUri": self.kit.url});
        for (member, value) in members.as_object().unwrap() {
            body[member] = value.clone();
        }
        self.admin.post(&self.registration(), &body).await.json();
    }

    /// What a user gets for saying something.
    pub async fn say(&self, user: &str, text: &str) -> Value {
        let body = json!({"session": {"new": false}, "message": {"type": "text", "val": text}, "from": {"id": user}});
        self.admin.post(&format!("/chatbot/v2/webhook/{}", self.bot), &body).await.json()
    }

    /// The bubbles a user gets for saying something.
    pub async fn bubbles(&self, user: &str, text: &str) -> Vec<Value> {
        let answer = self.say(user, text).await;
        answer["data"].as_array().unwrap().iter().map(|bubble| bubble["val"].clone()).collect()
    }

    /// The answer that is asked for by the `pollId` of another one, when it is there.
    pub async fn poll(&self, answer: &Value) -> Value {
        let path = format!("/chatbot/v2/webhook/{}/poll/{}", self.bot, answer["pollId"].as_str().unwrap());
        let mut look = tokio::time::interval(std::time::Duration::from_millis(20));
        for _ in 0..1_000 {
            let polled = self.admin.get(&path).await.json();
            if polled["status"] != "Inprogress" {
                return polled;
            }
            look.tick().await;
        }
        panic!("nothing ever came for {answer}");
    }

    /// Whether there is nothing yet for the `pollId` of an answer.
    pub async fn waits(&self, answer: &Value) -> bool {
        let poll = &answer["pollId"];
        let path = format!("/chatbot/v2/webhook/{}/poll/{}", self.bot, poll.as_str().unwrap());
        self.admin.get(&path).await.json() == json!({"status": "Inprogress", "pollId": poll, "_v": "v2"})
    }

    /// Has answers posted to the kit.
    pub async fn post_answers(&self) {
        let details = json!({"app": {"clientId": self.app.client_id, "appName": "x"}, "isAsync": true,
            "postUrl": format!("{}/answers", self.kit.url)});
        let channel = json!({"streamId": self.bot, "type": "ivr", "channelDetails": details});
        self.admin.post("/api/public/channels", &channel).await.json();
    }

    /// Everything the bot or an agent ever said to a user.
    pub async fn said_to(&self, user: &str) -> Vec<String> {
        let path = format!("/api/public/bot/{}/getMessages?userId={user}&channelType=ivr&forward=true", self.bot);
        let messages = self.admin.get(&path).await.json()["messages"].clone();
        let said = messages.as_array().unwrap().iter().filter(|message| message["type"] == "outgoing");
        said.map(|message| message["components"][0]["data"]["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the last thing ever said to a user is this: of what is done by itself nobody is told.
    pub async fn wait_until_said(&self, user: &str, text: &str) {
        let mut look = tokio::time::interval(std::time::Duration::from_millis(20));
        for _ in 0..1_000 {
            if self.said_to(user).await.last().is_some_and(|last| last == text) {
                return;
            }
            look.tick().await;
        }
        panic!("'{text}' was never said to {user}: {:?}", self.said_to(user).await);
    }

    pub async fn close(self) {
        self.kit.stop();
        self.server.finish().await;
    }
}

/// What happened, in words.
pub fn told(entries: &[Entry]) -> Vec<String> {
    let tell = |entry: &Entry| match entry {
        Entry::Asked(asked) => format!("{} {}", asked.event, asked.message()).trim_end().to_owned(),
        Entry::Called(name, status) => format!("{name} {status}"),
        Entry::Posted(body) => format!("posted {}", body["data"][0]["val"]),
    };
    entries.iter().map(tell).collect()
}
