//! What one release keeps and another one finds: rows as the release before wrote them, and rows of a newer one.

use domain::{BotId, SessionId};
use serde_json::{Value, json};
use store::sql::{Arg, Sql};
use store::{ConversationKey, NewBotKitRequest, NewDelivery, NewInboxMessage, TurnCommit};

use crate::botkit::scene::{Scene, told};
use crate::botkit::server::{Asked, Entry};
use crate::support::talk::{bubbles, message};

/// A kept document as the first release wrote it.
macro_rules! kept {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../../fixtures/kept/", $name, ".json"))).unwrap()
    };
}

/// The same document as a release wrote it whose shapes this one does not know.
fn of_newer(mut kept: Value) -> Value {
    kept["v"] = json!(99);
    kept
}

/// A scene whose BotKit server hears of webhook nodes only, and is where answers are posted by old rows.
async fn scene() -> Scene {
    let scene = Scene::open_with(|setup| setup.config.conversation.keeper_interval_ms = 20).await;
    scene.register(&json!({"events": ["onhook"]})).await;
    scene
}

fn conversation(scene: &Scene, user: &str) -> ConversationKey {
    let bot = BotId::stored(scene.bot.as_str());
    conversation::conversation_of(&scene.server.premises().account.id, &bot, user, "ivr")
}

/// An old payload, as if it had been kept on this server.
fn at_home(scene: &Scene, user: &str, mut payload: Value) -> Value {
    payload["account"] = json!(scene.server.premises().account.id);
    payload["bot"] = json!(scene.bot);
    payload["identity"] = json!(user);
    if payload["post"].is_object() {
        payload["post"]["url"] = json!(format!("{}/answers", scene.kit.url));
    }
    payload
}

async fn write(scene: &Scene, sql: &'static str, args: Vec<Arg>) {
    let sql: Sql = sql.into();
    let written = scene.server.store().write(move |tx| Box::pin(tx.execute(sql, args))).await.unwrap();
    assert_eq!(written, 1, "one row is meant");
}

/// Lets a user have a session that stands as a kept document says.
async fn session(scene: &Scene, user: &str, state: &Value) -> SessionId {
    assert_eq!(scene.bubbles(user, "greet").await, ["Hello there.", "All good?"]);
    let sql = "UPDATE sessions SET state = $1 WHERE user_id = $2 AND ended_at IS NULL";
    let key = conversation(scene, user);
    write(scene, sql, store::args![state, &key.user]).await;
    let kept = scene.server.store().conversation(&key.bot, &key.user, &key.channel).await.unwrap().unwrap();
    kept.session.unwrap().id
}

async fn receive(scene: &Scene, user: &str, payload: Value) {
    let id = scene.server.store().ids().object_id();
    let new = NewInboxMessage { id, conversation: conversation(scene, user), payload, poll_id: None };
    scene.server.store().put_inbox(new).await.unwrap();
}

/// Has a request of a webhook node wait for its answer; what the server was asked.
async fn request(scene: &Scene, user: &str, session: SessionId, id: &str, payload: Value) -> Asked {
    let store = scene.server.store();
    let new = NewBotKitRequest {
        id: id.to_owned(),
        conversation: conversation(scene, user),
        session,
        kind: "on_webhook".to_owned(),
        payload,
        waits_until: store.clock().now(),
    };
    store.put_botkit_request(new).await.unwrap();
    let base = format!("{}/api/botsdk/stream/{}", scene.server.url(), scene.bot);
    let body = json!({"requestId": id, "baseUrl": base, "context": {"order": "43"}});
    Asked { event: "on_webhook".to_owned(), component: None, token: String::new(), body }
}

async fn deliver(scene: &Scene, user: &str, bodies: &[Value]) {
    let url = format!("{}/answers", scene.kit.url);
    let mut commit = TurnCommit::of(conversation(scene, user), None);
    commit.outbox = bodies.iter().map(|body| NewDelivery { url: url.clone(), body: body.clone() }).collect();
    scene.server.store().commit_turn(commit).await.unwrap();
}

/// Keeps an answer that is asked for by an id.
async fn keep_answer(scene: &Scene, user: &str, poll: &str, answer: &Value) {
    let sql = "INSERT INTO inbox (id, bot_id, user_id, channel, position, payload, poll_id, done, result, created_at, \
               attempts, due_at) VALUES ($1, $2, $3, 'ivr', 1, '{}', $1, TRUE, $4, $5, 1, $5)";
    let ConversationKey { bot, user, .. } = conversation(scene, user);
    write(scene, sql, store::args![poll, &bot, &user, answer, scene.server.store().clock().now()]).await;
}

async fn stuck(scene: &Scene) -> Vec<Value> {
    let listed = scene.admin.get(&format!("/api/public/stuckmessages?botId={}", scene.bot)).await.json();
    listed["messages"].as_array().unwrap_or_else(|| panic!("{listed}")).clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_release_before_kept_is_gone_on_with() {
    let scene = scene().await;
    // Sessions: one whose user is asked something, and one whose webhook node waits.
    session(&scene, "ann", &kept!("session")).await;
    assert_eq!(scene.bubbles("ann", "Buy milk").await, ["Noted: Buy milk"]);
    let waiting = session(&scene, "ben", &kept!("session_waiting_for_a_server")).await;
    for (n, kept) in kept!("requests").as_array().unwrap().iter().enumerate() {
        let mut kept = kept.clone();
        kept["incoming"] = at_home(&scene, "ben", kept["incoming"].take());
        let asked = request(&scene, "ben", waiting.clone(), &format!("request-{n}"), kept).await;
        let (call, members) =
            if n == 0 { ("serviceCallback", json!({})) } else { ("sendUserMessage", json!({"message": "And more."})) };
        assert_eq!(scene.kit.call(call, &asked, members).await.0, 200, "{n}");
    }
    scene.wait_until_said("ben", "And more.").await;
    let said = ["Hello there.", "All good?", "Your order is 43.", "And more.", "And more."];
    assert_eq!(scene.said_to("ben").await, said);

    // Messages of every kind that wait to be heard.
    for kept in kept!("messages").as_array().unwrap() {
        receive(&scene, "cid", at_home(&scene, "cid", kept.clone())).await;
    }
    let ConversationKey { bot, user, .. } = conversation(&scene, "cid");
    let mut look = tokio::time::interval(std::time::Duration::from_millis(20));
    while !scene.server.store().pending_inbox(&bot, &user, "ivr").await.unwrap().is_empty() {
        look.tick().await;
    }
    let said = ["Hello there.", "All good?", "Ann is here.", "Hello there.", "All good?"];
    assert_eq!(scene.said_to("cid").await, said);
    assert!(stuck(&scene).await.is_empty(), "{:?}", stuck(&scene).await);

    // What waits to be posted.
    let mut bodies = kept!("deliveries");
    bodies.as_array_mut().unwrap().iter_mut().for_each(|body| body["to"] = json!("dot"));
    deliver(&scene, "dot", bodies.as_array().unwrap()).await;
    let is_of_dot = |entry: &Entry| matches!(entry, Entry::Posted(body) if body["to"] == "dot");
    scene.kit.wait_for(|entry| is_of_dot(entry) && told(std::slice::from_ref(entry)) == ["posted null"]).await;
    let posted: Vec<Entry> = scene.kit.take().into_iter().filter(is_of_dot).collect();
    assert_eq!(told(&posted), ["posted \"Hello there.\"", "posted \"All good?\"", "posted null"]);

    // Answers that are asked for, or asked for again.
    keep_answer(&scene, "eve", "poll-1", &kept!("answer")).await;
    let polled = scene.poll(&json!({"pollId": "poll-1"})).await;
    assert_eq!(polled["data"][0]["val"]["payload"]["text"], "Which room?", "{polled}");
    assert_eq!(polled["completedTaskName"], "pick room");
    let mut first = message("fay", "leave note");
    first["clientMessageId"] = json!("c-1");
    scene.admin.post_to(&scene.bot, &first).await.json();
    assert_eq!(scene.bubbles("fay", "Buy milk").await, ["Noted: Buy milk"]);
    write(&scene, "UPDATE messages SET answer = $1 WHERE client_id = 'c-1'", store::args![&kept!("repeated")]).await;
    let again = scene.admin.post_to(&scene.bot, &first).await.json();
    assert_eq!(bubbles(&again), ["What shall I write down?"]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_newer_release_kept_is_refused_and_not_misread() {
    let scene = scene().await;
    // A session ends as a damaged one does; what was written stays in its row.
    session(&scene, "ann", &of_newer(kept!("session"))).await;
    let lost = "I am sorry, something went wrong and I had to discard your task. Please retry.";
    assert_eq!(scene.bubbles("ann", "Buy milk").await, [lost]);
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);

    // A message is set aside, and says why.
    let kept = at_home(&scene, "ben", kept!("messages")[0].clone());
    receive(&scene, "ben", of_newer(kept)).await;
    let mut look = tokio::time::interval(std::time::Duration::from_millis(20));
    let aside = loop {
        look.tick().await;
        if let Some(aside) = stuck(&scene).await.pop() {
            break aside;
        }
    };
    let reason = aside["reason"].as_str().unwrap_or_else(|| panic!("{aside}"));
    assert!(reason.contains("version 99") && reason.contains("newer release"), "{reason}");

    // Calls about a request are refused, and an answer is left to who can read it.
    let session = session(&scene, "cid", &kept!("session_waiting_for_a_server")).await;
    let mut kept = kept!("requests")[0].clone();
    kept["incoming"] = at_home(&scene, "cid", kept["incoming"].take());
    let asked = request(&scene, "cid", session, "request-1", of_newer(kept)).await;
    assert_eq!(scene.kit.call("serviceCallback", &asked, json!({})).await.0, 400);
    keep_answer(&scene, "dot", "poll-1", &of_newer(kept!("answer"))).await;
    let path = format!("/chatbot/v2/webhook/{}/poll/poll-1", scene.bot);
    scene.admin.get(&path).await.refused(400, "No data found");
    write(&scene, "UPDATE inbox SET result = $1 WHERE poll_id = 'poll-1'", store::args![&kept!("answer")]).await;
    assert_eq!(scene.poll(&json!({"pollId": "poll-1"})).await["completedTaskName"], "pick room");

    // A delivery is posted by nobody who cannot read it, and waits.
    deliver(&scene, "eve", &[of_newer(kept!("deliveries")[0].clone())]).await;
    let tried = "UPDATE outbox SET url = url WHERE attempts > 0 AND lease_until = 0";
    let tried = async || {
        let tried: Sql = tried.into();
        scene.server.store().write(move |tx| Box::pin(tx.execute(tried, vec![]))).await.unwrap()
    };
    while tried().await == 0 {
        look.tick().await;
    }
    assert!(!scene.kit.take().iter().any(|entry| matches!(entry, Entry::Posted(_))));
    scene.close().await;
}
