//! Hostile calls of every route: whatever is sent, no call is answered with a fault of the server.
//!
//! The routes are those of the description. What each is given is a good call with one thing in it made bad: characters no
//! database keeps, halves of characters, long and deep and wrong values. Characters alone must not get past the door.

mod archives;
mod bodies;
mod names;
mod scripts;

use std::sync::Arc;
use std::time::Duration;

use access::{AppKind, Secret};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::bodies::{Body, bodies};
use crate::support::TestServer;
use crate::support::client::Client;

/// How many calls are under way at once.
const AT_ONCE: usize = 12;

/// What ids and names in paths, and values in queries, are made to be, as addresses write it.
const ADDRESSES: [&str; 11] = [
    "%00",
    "st-%00",
    "a%00b",
    "%ff",
    "%ed%a0%80",
    "%F0%9F%98%80",
    "%25%30%30",
    "..%2f..%2fetc%2fpasswd",
    "-9223372036854775809",
    "99999999999999999999999999999999999999",
    "%7B%22and%22%3A%5B1%5D%7D",
];

/// What every call of the sweep needs.
struct Sweep {
    app: Client,
    /// May do what only apps of builders may.
    builder: Client,
    app_token: String,
    person_token: String,
    names: Vec<(&'static str, String)>,
}

impl Sweep {
    /// A server's owner and an app that may do all; with a published bot, its session, and things to find.
    async fn on(server: &TestServer) -> Self {
        let app = server.app(AppKind::Admin, &[]).await;
        let client = server.client(&app);
        let bot = client
            .bring(&json!({"name": "Target", "dialogs": [
            {"name": "Say Hello", "nodes": [{"id": "Hello", "message": "Hello"}]}]}))
            .await;
        client.say(&bot, "ada", "say hello").await;
        let builder = server.builder(&[&bot]).await;
        let owner = server.premises().owner.clone();
        let token = Secret::access_token(server.store().ids()).expose().to_owned();
        let until = server.store().clock().now().plus(Duration::from_secs(3_600));
        server.store().add_access_token(&access::hash_of_token(&token), &owner.id, until).await.unwrap();
        let file = client.upload("suite.json", br#"[{"input": "hello", "intent": "Say Hello"}]"#.to_vec()).await;
        // What calls do to an app, they do to this one.
        let other = server.app(AppKind::Admin, &[]).await;
        let registration = json!({"sdkClientId": app.client_id, "sdkHostUri": "http://127.0.0.1:9", "events": []});
        client.post(&format!("/api/public/bot/{bot}/agentintegrations/chat/custom"), &registration).await;
        let session = client.sessions_of(&bot, "ada").await[0]["sessionId"].as_str().unwrap_or_default().to_owned();
        let names = vec![
            ("botId", bot.clone()),
            ("streamId", bot),
            ("userId", owner.id.to_string()),
            ("orgId", server.premises().account.organization.to_string()),
            ("clientId", other.client_id.to_string()),
            ("fileId", file),
            ("sessionId", session),
            ("number", "1".to_owned()),
            ("call", "sendUserMessage".to_owned()),
            ("type", "rtm".to_owned()),
            ("channelType", "rtm".to_owned()),
        ];
        Self { app_token: client.token().to_owned(), app: client, builder, person_token: token, names }
    }

    /// Checks that the calls got past the door: they would all be refused if one of them had taken the rights away.
    async fn is_still_let_in(&self) {
        for path in ["/api/public/bot/{botId}/getMessages?userId=ada", "/api/users/{userId}/builder/streams/{botId}"] {
            let reply = self.app.send(self.request(&Method::GET, &self.path(path, None))).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        }
    }

    /// The value that stands where a name is asked for.
    fn named(&self, name: &str) -> &str {
        self.names.iter().find(|(it, _)| *it == name).map_or("x", |(_, value)| value)
    }

    /// The path with a good value in each place; in the place of `bad`, that one.
    fn path(&self, template: &str, bad: Option<(&str, &str)>) -> String {
        let segments =
            template.split('/').map(|segment| match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                Some(name) if bad.is_some_and(|(place, _)| place == name) => bad.map_or("", |(_, value)| value),
                Some(name) => self.named(name),
                None => segment,
            });
        segments.collect::<Vec<_>>().join("/")
    }

    /// Who may call this: an app, or a person.
    fn request(&self, method: &Method, path: &str) -> reqwest::RequestBuilder {
        let is_persons = ["/api/users/", "/api/organization/", "/api/builder/", "/api/market/"];
        let is_persons = is_persons.iter().any(|start| path.starts_with(start));
        let bearer = if is_persons { &self.person_token } else { &self.app_token };
        let is_builders = path.contains("/builder/bot/") || path.contains("/debuglogs");
        let client = if is_builders { &self.builder } else { &self.app };
        client.request(method.clone(), path).bearer_auth(bearer).header("apikey", KEY)
    }
}

const KEY: &str = "key-of-the-hostile-tests";

/// A call, and whether the door has to refuse it.
struct Attack {
    name: String,
    request: reqwest::RequestBuilder,
    is_refused: bool,
}

async fn server() -> TestServer {
    TestServer::start_with(|setup| {
        setup.config.api.internal_api_key = Some(serde_json::from_value(json!(KEY)).unwrap());
        // The original answers 500 to one thing; here nothing may.
        setup.config.api.empty_variables_fail = false;
        setup.config.api.status_hold_ms = 0;
        setup.config.conversation.sync_wait_ms = 60_000;
    })
    .await
}

/// Makes the calls; what is wrong with the answers.
async fn attack(attacks: Vec<Attack>) -> Vec<String> {
    assert!(attacks.len() > 100, "only {} attacks", attacks.len());
    let (turnstile, mut calls) = (Arc::new(Semaphore::new(AT_ONCE)), JoinSet::new());
    for Attack { name, request, is_refused } in attacks {
        let turnstile = Arc::clone(&turnstile);
        calls.spawn(async move {
            let _turn = turnstile.acquire().await.unwrap();
            let reply = match request.send().await {
                Ok(reply) => reply,
                // The server closes the connection on a body it does not want to read.
                Err(error) => return (!error.is_request()).then(|| format!("{name}: {error:?}")),
            };
            let status = reply.status();
            let text = reply.text().await.unwrap_or_default();
            let is_wrong = status.is_server_error() || is_refused && status.is_success();
            is_wrong.then(|| format!("{name}: {status} {}", text.chars().take(200).collect::<String>()))
        });
    }
    let mut wrong = Vec::new();
    while let Some(done) = calls.join_next().await {
        wrong.extend(done.unwrap());
    }
    wrong.sort();
    wrong
}

/// Waits for the jobs that calls started.
async fn settle(server: &TestServer) {
    let mut pause = tokio::time::interval(Duration::from_millis(50));
    for _ in 0..2_000 {
        if server.store().open_requests().await.unwrap() == (0, 0) {
            return;
        }
        pause.tick().await;
    }
    panic!("jobs are still open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_is_answered_with_a_fault_of_the_server() {
    let server = server().await;
    let sweep = Sweep::on(&server).await;
    let long = ["a".repeat(3_000), "%C3%A9".repeat(5_000)];
    let values: Vec<&str> = ADDRESSES.into_iter().chain(long.iter().map(String::as_str)).collect();
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut attacks = Vec::new();
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let verb: Method = method.to_uppercase().parse().unwrap();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                for value in &values {
                    let path = match parameter["in"].as_str() {
                        Some("path") => sweep.path(template, Some((name, value))),
                        // What succeeds would take away what the others need.
                        Some("query") if verb != Method::DELETE => {
                            format!("{}?{name}={value}", sweep.path(template, None))
                        }
                        _ => continue,
                    };
                    let shown: String = value.chars().take(40).collect();
                    let name = format!("{method} {template} {name}={shown}");
                    let request = sweep.request(&verb, &path);
                    attacks.push(Attack { name, request, is_refused: value.contains("%00") });
                }
            }
        }
    }
    let wrong = attack(attacks).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    sweep.is_still_let_in().await;
    settle(&server).await;
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_body_is_answered_with_a_fault_of_the_server() {
    let server = server().await;
    let sweep = Sweep::on(&server).await;
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut attacks = Vec::new();
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation.get("requestBody").is_none() {
                continue;
            }
            let verb: Method = method.to_uppercase().parse().unwrap();
            let path = sweep.path(template, None);
            for Body { what, bytes } in bodies(&sweep, method, template) {
                let request = sweep.request(&verb, &path).header("content-type", "application/json").body(bytes);
                attacks.push(Attack { name: format!("{method} {template} {what}"), request, is_refused: false });
            }
        }
    }
    let wrong = attack(attacks).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    sweep.is_still_let_in().await;
    settle(&server).await;
    server.finish().await;
}

/// A value of JSON, as bytes.
fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

/// What the debug log tells of errors in a user's turns.
async fn errors_of(server: &TestServer, bot: &str, user: &str) -> Vec<String> {
    let steps = crate::conversing::steps(server, bot, user, "error").await;
    steps.iter().map(|step| step["detail"]["message"].to_string()).collect()
}
