//! A BotKit server of a test: it does what the test says, and remembers what happened.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use access::App;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::client::Client;
use crate::support::server::token;

/// Something that happened, in order.
#[derive(Clone, Debug)]
pub enum Entry {
    /// The platform asked something.
    Asked(Asked),
    /// A call back to the platform was answered: its name and the status.
    Called(String, u16),
    /// An answer was posted to the customer's address.
    Posted(Value),
}

/// Something the platform asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub event: String,
    pub component: Option<String>,
    pub token: String,
    pub body: Value,
}

impl Asked {
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap()
    }

    /// Who the user is, as the channel says.
    pub fn user(&self) -> &str {
        self.body["channel"]["handle"]["userId"].as_str().unwrap()
    }
}

/// What a server does about what it is asked, in this order.
#[derive(Clone, Debug)]
pub enum Act {
    /// Calls back, with these members in the payload.
    Call(&'static str, Value),
    /// Answers the call that asked. Without it that is done with 200: at the end, or at first, as the server likes it.
    Answer(u16, Value),
}

type Behaviour = Box<dyn Fn(&Asked) -> Vec<Act> + Send + Sync>;

/// How long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, as long as the test needs it.
pub struct FakeBotKit {
    pub url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    entries: watch::Sender<Vec<Entry>>,
    behaviour: Mutex<Behaviour>,
    /// Whether callbacks are made before the call that asked is answered.
    calls_first: Mutex<bool>,
    platform: Client,
}

impl FakeBotKit {
    /// Starts a server that lets everything pass. `platform` is where it calls back to.
    pub async fn start(platform: String, app: &App) -> Self {
        // A time with a fraction, as the vendor's server writes it.
        let claims = json!({"appId": app.client_id, "exp": 4_102_444_800.25});
        let shared = Arc::new(Shared {
            entries: watch::Sender::new(Vec::new()),
            behaviour: Mutex::new(Box::new(pass)),
            calls_first: Mutex::new(true),
            platform: Client::new(platform, Some(token(app, &claims))),
        });
        let router = Router::new()
            .route("/sdk/bots/{bot}/components/{component}/{event}", axum::routing::post(of_component))
            .route("/sdk/bots/{bot}/{event}", axum::routing::post(of_bot))
            .route("/answers", axum::routing::post(posted))
            .with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared, task }
    }

    /// Does this from now on.
    pub fn behave(&self, behaviour: impl Fn(&Asked) -> Vec<Act> + Send + Sync + 'static) {
        *self.shared.behaviour.lock().unwrap() = Box::new(behaviour);
    }

    /// Makes its calls before it answers the one that asked, or after that.
    pub fn call_first(&self, calls_first: bool) {
        *self.shared.calls_first.lock().unwrap() = calls_first;
    }

    /// All that happened so far, and forgets it.
    pub fn take(&self) -> Vec<Entry> {
        let mut taken = Vec::new();
        self.shared.entries.send_modify(|entries| taken = std::mem::take(entries));
        taken
    }

    /// Waits for something the platform asks, now or earlier.
    pub async fn asked(&self, event: &str) -> Asked {
        let is_meant = |entry: &Entry| matches!(entry, Entry::Asked(asked) if asked.event == event);
        match self.wait_for(is_meant).await {
            Entry::Asked(asked) => asked,
            other => panic!("{other:?} is not asked"),
        }
    }

    /// Waits for something to happen, now or earlier; the last such thing.
    pub async fn wait_for(&self, is_meant: impl Fn(&Entry) -> bool) -> Entry {
        let mut watched = self.shared.entries.subscribe();
        let found = tokio::time::timeout(PATIENCE, watched.wait_for(|entries| entries.iter().any(&is_meant))).await;
        let entries =
            found.unwrap_or_else(|_| panic!("it did not happen: {:?}", self.shared.entries.borrow())).unwrap();
        entries.iter().rev().find(|entry| is_meant(entry)).unwrap().clone()
    }

    /// Calls back about something it was asked earlier; the status and the body of the answer.
    pub async fn call(&self, name: &str, about: &Asked, members: Value) -> (u16, Value) {
        self.shared.call(name, about, members).await
    }

    /// What the platform answers to a call that is about nothing that was asked.
    pub async fn get(&self, url: &str) -> Value {
        self.shared.platform.get(url).await.json()
    }

    pub fn stop(self) {
        self.task.abort();
    }
}

/// Lets everything pass, as the vendor's template of a server does.
pub fn pass(asked: &Asked) -> Vec<Act> {
    match asked.event.as_str() {
        "on_user_message" => vec![Act::Call("sendBotMessage", json!({}))],
        "on_bot_message" => vec![Act::Call("sendUserMessage", json!({}))],
        _ => Vec::new(),
    }
}

impl Shared {
    fn note(&self, entry: Entry) {
        self.entries.send_modify(|entries| entries.push(entry));
    }

    async fn call(&self, name: &str, about: &Asked, members: Value) -> (u16, Value) {
        let mut payload = about.body.clone();
        for (member, value) in members.as_object().unwrap() {
            payload[member] = value.clone();
        }
        let base = payload["baseUrl"].as_str().unwrap();
        // Behind a balancer a call reaches any node, whichever asked.
        let path = &base[base.find("/api/").unwrap()..];
        let path = format!("{path}/{name}/{}", payload["requestId"].as_str().unwrap());
        let reply = self.platform.post(&path, &payload).await;
        let status = reply.status.as_u16();
        self.note(Entry::Called(name.to_owned(), status));
        (status, reply.value())
    }

    async fn act(self: Arc<Self>, asked: Asked) -> (StatusCode, axum::Json<Value>) {
        self.note(Entry::Asked(asked.clone()));
        let acts = (self.behaviour.lock().unwrap())(&asked);
        let calls_first = *self.calls_first.lock().unwrap();
        let answer = acts.iter().find_map(|act| match act {
            Act::Answer(status, body) => Some((*status, body.clone())),
            Act::Call(..) => None,
        });
        let (status, body) = answer.unwrap_or((200, json!({})));
        let shared = Arc::clone(&self);
        let calls = tokio::spawn(async move {
            for act in acts {
                if let Act::Call(name, members) = act {
                    shared.call(name, &asked, members).await;
                }
            }
        });
        if calls_first {
            calls.await.unwrap();
        }
        (StatusCode::from_u16(status).unwrap(), axum::Json(body))
    }
}

async fn of_component(
    State(shared): State<Arc<Shared>>,
    Path((_, component, event)): Path<(String, String, String)>,
    headers: HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> impl IntoResponse {
    shared.act(Asked { event, component: Some(component), token: token_of(&headers), body }).await
}

async fn of_bot(
    State(shared): State<Arc<Shared>>,
    Path((_, event)): Path<(String, String)>,
    headers: HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> impl IntoResponse {
    shared.act(Asked { event, component: None, token: token_of(&headers), body }).await
}

async fn posted(State(shared): State<Arc<Shared>>, axum::Json(body): axum::Json<Value>) {
    shared.note(Entry::Posted(body));
}

fn token_of(headers: &HeaderMap) -> String {
    headers["token"].to_str().unwrap().to_owned()
}
