//! The webhook channel: both forms, polling, what is refused, and order.

use access::AppKind;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::server::token;
use crate::support::talk::{bubbles, message};
use crate::support::{Stub, TestServer};

fn description(service: &str) -> Value {
    json!({"name": "Doorman",
        "events": {"INTENT_UNIDENTIFIED": "Count Words", "ON_CONNECT_EVENT": {"say": "Welcome."}},
        "dialogs": [
            {"name": "Say Two", "nodes": [{"id": "One", "message": "one"}, {"id": "Two", "message": "two"}]},
            {"name": "Ask Twice", "nodes": [{"id": "Sure", "confirm": "Sure?", "lists": true,
                "next": [{"if": {"dialogAct": "yes"}, "then": "Yes"}, {"default": "end"}]}, {"id": "Yes", "message": "yes"}]},
            {"name": "Show Markup", "nodes": [{"id": "Markup", "message": "<b>bold</b> <i>thin</i> 'q' & \"d\" 1 < 2 <script>alert(1)</script><a href=\"https://a.example\">a</a>"}]},
            {"name": "Show Buttons", "nodes": [{"id": "Buttons", "message": {"js": "print(JSON.stringify({type: 'template', payload: {template_type: 'button', text: 'Pick', buttons: [{type: 'postback', title: 'Pay', payload: 'pay now'}]}}));"}}]},
            {"name": "Echo Words", "nodes": [{"id": "Words", "entity": "label", "prompt": "What?"}, {"id": "Echo", "message": "{{context.entities.Words}}"}]},
            {"name": "Take Long", "nodes": [{"id": "Fetch", "service": {"url": format!("{service}/held"), "timeout": 20}}, {"id": "Done", "message": "Done {{context.Fetch.response.body.n}}"}]},
            {"name": "Count Words", "hidden": true, "nodes": [
                {"id": "Count", "script": "BotUserSession.put('n', (BotUserSession.get('n') || 0) + 1);"},
                {"id": "Told", "message": "{{BotUserSession.get('n')}} {{context.userInputs.originalInput.sentence}}"}]}]})
}

#[tokio::test]
async fn both_forms_say_the_same() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description("")).await;
    let first = async |user: &str, text: &str| {
        let body = json!({"session": {"new": true}, "message": {"text": text}, "from": {"id": user}});
        admin.post(&format!("/chatbot/hooks/{bot}/hookInstance/ivrInst-1"), &body).await.json()
    };
    let answer = first("ann", "say two").await;
    let id = answer["completedTaskId"].clone();
    assert!(id.as_str().unwrap().starts_with("dg-"), "{answer}");
    let end =
        json!({"endOfTask": true, "endReason": "Fulfilled", "completedTaskId": id, "completedTaskName": "say two"});
    let mut expected = json!({"text": ["one", "two"]});
    expected.as_object_mut().unwrap().extend(end.as_object().unwrap().clone());
    assert_eq!(answer, expected);
    assert_eq!(first("ann", "ask twice").await, json!({"text": ["Sure?\nYes, No, "]}));
    assert_eq!(
        first("ann", "help").await["text"].as_str().unwrap().lines().next(),
        Some("Here are the tasks I can perform for you. "),
        "what the platform says is one text"
    );
    let markup = "<b>bold</b> <i>thin</i> &#39;q&#39; &amp; &quot;d&quot; 1 &lt; 2 ";
    let said = first("ann", "show markup").await["text"][0].as_str().unwrap().to_owned();
    assert!(said.starts_with(markup) && !said.contains("<script") && said.contains("<a href="), "{said}");
    let buttons = first("ann", "show buttons").await;
    let template = buttons["text"][0].as_str().unwrap();
    assert!(template.starts_with("{&quot;type&quot;:&quot;template&quot;"), "{template}");
    assert_eq!(buttons["allPostbackButtons"][0]["value"], "pay now");

    let path = format!("/chatbot/v2/webhook/{bot}/hookInstance/ivrInst-1");
    let answer = admin.post(&path, &message("ben", "say two")).await.json();
    assert_eq!(bubbles(&answer), ["one", "two"]);
    assert_eq!([&answer["to"], &answer["from"], &answer["_v"]], [&json!("ben"), &json!(bot), &json!("v2")]);
    for (name, value) in end.as_object().unwrap() {
        assert_eq!(&answer[name], value, "{name}");
    }
    let bubble = &answer["data"][0];
    assert!(
        bubble["messageId"].as_str().unwrap().starts_with("ms-")
            && bubble["createdOn"].as_str().unwrap().ends_with('Z'),
        "{bubble}"
    );
    let buttons = admin.post_to(&bot, &message("ben", "show buttons")).await.json();
    assert_eq!(
        (&buttons["data"][0]["type"], &buttons["data"][0]["val"]["payload"]["buttons"][0]["value"]),
        (&json!("template"), &json!("pay now"))
    );

    // A button that was pressed sends its payload; events; a message of a client that says less.
    let connect = json!({"message": {"type": "event", "val": "ON_CONNECT"}, "from": {"id": "cleo"}});
    assert_eq!(bubbles(&admin.post_to(&bot, &connect).await.json()), ["Welcome."]);
    assert!(bubbles(&admin.post_to(&bot, &connect).await.json()).is_empty(), "once in a session");
    assert_eq!(
        bubbles(&admin.post_to(&bot, &json!({"message": "say two", "from": "dora"})).await.json()),
        ["one", "two"]
    );

    // What the user says comes back harmless.
    admin.say(&bot, "eve", "echo words").await;
    assert_eq!(admin.say(&bot, "eve", "<img src=x onerror=alert(1)> & <b>").await, ["<img src=\"x\"> &amp; <b>"]);
    server.finish().await;
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description("")).await;
    let path = format!("/chatbot/v2/webhook/{bot}");
    let problem = async |body: String| {
        let request = admin.request(reqwest::Method::POST, &path).header("accept", "application/problem+json");
        let reply = admin.send(request.header("content-type", "application/json").body(body)).await;
        let value = reply.value();
        (
            reply.status.as_u16(),
            value["title"].as_str().unwrap_or_default().to_owned(),
            value["pointer"].as_str().unwrap_or_default().to_owned(),
        )
    };
    for (body, pointer) in [
        ("", ""),
        ("{\"message\": ", ""),
        ("[]", ""),
        (r#"{"message": {"type": "text", "val": "cut \ud83d"}, "from": {"id": "ann"}}"#, "/message/val"),
        (r#"{"message": {"type": "text", "val": "hi", "id": {}}, "from": {"id": "ann"}}"#, "/message/id"),
        (r#"{"from": {"id": "ann"}}"#, "/message"),
        (r#"{"message": {"type": "text", "val": "  "}, "from": {"id": "ann"}}"#, "/message/val"),
        (r#"{"message": {"type": "text"}, "from": {"id": "ann"}}"#, "/message/val"),
        (r#"{"message": {"type": "event"}, "from": {"id": "ann"}}"#, "/message/val"),
        (r#"{"message": {"type": "event", "val": "DANCE"}, "from": {"id": "ann"}}"#, "/message/val"),
        (r#"{"message": {"type": "formData"}, "from": {"id": "ann"}}"#, "/message/val"),
    ] {
        let expected = (400, "Invalid Request Payload".to_owned(), pointer.to_owned());
        assert_eq!(problem(body.to_owned()).await, expected, "{body}");
    }
    let reply =
        admin.post(&format!("/chatbot/hooks/{bot}"), &json!({"message": {"text": ""}, "from": {"id": "ann"}})).await;
    assert_eq!(reply.error(), (400, "Invalid Request Payload".to_owned()));
    assert!(admin.sessions_of(&bot, "ann").await.is_empty(), "nothing of it happened");

    // Who calls: no token, a token of another bot's app, a token that speaks for somebody else.
    assert_eq!(server.anonymous().post_to(&bot, &message("ann", "say two")).await.status, 401);
    let other = admin.import_sample().await;
    assert_ne!(server.builder(&[&other]).await.post_to(&bot, &message("ann", "say two")).await.status, 200);
    let app = server.app(AppKind::Builder, &[&bot]).await;
    let client =
        server.client_with_token(&token(&app, &json!({"appId": app.client_id, "sub": "sub-1", "userIdentity": "ann"})));
    let refused = client.post_to(&bot, &message("ben", "say two")).await;
    assert_eq!((refused.status.as_u16(), &refused.value()["errors"][0]["code"]), (401, &json!(4002)));
    assert_eq!(client.say(&bot, "ann", "say two").await, ["one", "two"]);
    let unnamed = json!({"message": {"type": "text", "val": "say two"}});
    assert_eq!(client.post_to(&bot, &unnamed).await.json()["to"], "ann");
    let client = server.client_with_token(&token(&app, &json!({"appId": app.client_id, "sub": "sub-1"})));
    assert_eq!(client.post_to(&bot, &unnamed).await.json()["to"], "sub-1", "whom the token speaks for");
    let bearer = token(&app, &json!({"appId": app.client_id, "sub": "sub-2"}));
    let request =
        server.anonymous().request(reqwest::Method::POST, &path).header("authorization", format!("bearer {bearer}"));
    assert_eq!(admin.send(request.json(&unnamed)).await.json()["to"], "sub-2");
    assert_eq!(admin.post_to("st-00000000-0000-5000-8000-000000000000", &message("ann", "hi")).await.status, 400);

    // A channel that is switched off.
    let details =
        json!({"type": "ivr", "name": "Hook", "enable": false, "app": {"clientId": "cs-1", "appName": "Web"}});
    admin
        .post("/api/public/channels", &json!({"streamId": bot, "type": "ivr", "channelDetails": details}))
        .await
        .json();
    assert_eq!(problem(message("ann", "say two").to_string()).await.0, 400);
    server.finish().await;
}

#[tokio::test]
async fn an_answer_that_takes_long_is_asked_for() {
    let stub = Stub::start(|_| (200, "application/json", json!({"n": 7}).to_string())).await;
    let place = stub.place();
    let server = TestServer::start_with(|setup| {
        setup.config.conversation.sync_wait_ms = 100;
        setup.config.conversation.services.egress.allow = vec![place];
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&stub.url)).await;
    // What waits behind a slow turn waits with it, in order.
    let slow = admin.post_to(&bot, &message("ann", "take long")).await.json();
    let after = admin.post_to(&bot, &message("ann", "word after")).await.json();
    assert_eq!((&slow["data"], &slow["_v"], &slow["to"]), (&json!([]), &json!("v2"), &json!("ann")));
    let poll = |answer: &Value| format!("/chatbot/v2/webhook/{bot}/poll/{}", answer["pollId"].as_str().unwrap());
    let (slow, after) = (poll(&slow), poll(&after));
    for path in [&slow, &after] {
        let waiting = admin.get(path).await.json();
        assert_eq!((&waiting["status"], &waiting["_v"]), (&json!("Inprogress"), &json!("v2")));
        assert!(path.ends_with(waiting["pollId"].as_str().unwrap()));
    }
    // The first form of the channel has nowhere to ask; it is answered all the same.
    let first = admin
        .post(&format!("/chatbot/hooks/{bot}"), &json!({"message": {"text": "one more"}, "from": {"id": "ann"}}))
        .await;
    assert_eq!(first.error(), (504, "The request has been timed-out".to_owned()));
    assert_eq!(admin.say(&bot, "ben", "say two").await, ["one", "two"], "others are not held up");

    stub.release();
    let answered = async |path: &str| {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(20));
        for _ in 0..3_000 {
            pause.tick().await;
            let answer = admin.get(path).await.json();
            if answer.get("status").is_none() {
                return answer;
            }
        }
        panic!("{path} is never answered");
    };
    let answer = answered(&slow).await;
    assert_eq!(
        (bubbles(&answer), &answer["endReason"], &answer["to"]),
        (vec!["Done 7".to_owned()], &json!("Fulfilled"), &json!("ann"))
    );
    assert_eq!(answer.get("pollId"), None);
    assert_eq!(bubbles(&answered(&after).await), ["1 word after"]);
    for path in [slow, after, format!("/chatbot/v2/webhook/{bot}/poll/none")] {
        assert_eq!(admin.get(&path).await.error(), (400, "No data found".to_owned()), "given once");
    }
    let expected = ["< 1 word after", "> word after", "< Done 7", "> take long"];
    let mut transcript = admin.transcript(&bot, "ann").await;
    let late = transcript.iter().position(|line| line == "> one more");
    transcript.drain(..late.map_or(0, |at| at + 1));
    assert_eq!(transcript, expected);
    server.finish().await;
}

#[tokio::test]
async fn a_message_that_comes_twice_is_answered_the_same_and_counts_once() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description("")).await;
    let with_id = |text: &str, id: &str| {
        let mut body = message("ann", text);
        body["clientMessageId"] = json!(id);
        body
    };
    let first = admin.post_to(&bot, &with_id("word one", "c-1")).await.json();
    assert_eq!(bubbles(&first), ["1 word one"]);
    assert_eq!(admin.post_to(&bot, &with_id("word one", "c-1")).await.json(), first);
    let two = admin.post_to(&bot, &with_id("say two", "c-2")).await.json();
    let buttons = admin.post_to(&bot, &with_id("show buttons", "c-3")).await.json();
    assert_eq!(admin.post_to(&bot, &with_id("show buttons", "c-3")).await.json(), buttons);
    let sure = admin.post_to(&bot, &with_id("ask twice", "c-4")).await.json();
    assert_eq!(bubbles(&sure), ["Sure?\nYes, No,"]);
    let mut anew = with_id("help", "c-5");
    anew["session"]["new"] = json!(true);
    let help = admin.post_to(&bot, &anew).await.json();
    let hooks = json!({"message": {"text": "ask twice", "id": "c-6"}, "from": {"id": "ann"}});
    let hooks_path = format!("/chatbot/hooks/{bot}");
    let in_first_form = admin.post(&hooks_path, &hooks).await.json();
    // An older one too, whoever said it and in whichever session: choices, form and end of the task.
    for (body, answer) in [
        (with_id("say two", "c-2"), &two),
        (with_id("show buttons", "c-3"), &buttons),
        (with_id("ask twice", "c-4"), &sure),
        (anew, &help),
    ] {
        assert_eq!(&admin.post_to(&bot, &body).await.json(), answer);
    }
    assert_eq!(admin.say(&bot, "ann", "yes").await, ["yes"]);
    assert_eq!(admin.post(&hooks_path, &hooks).await.json(), in_first_form);
    // `message.id` and the header `Idempotency-Key` say the same.
    let mut named = message("cleo", "word one");
    named["message"]["id"] = json!("m-1");
    let path = format!("/chatbot/v2/webhook/{bot}");
    let keyed = |text: &str| {
        let request = admin.request(reqwest::Method::POST, &path).header("idempotency-key", "k-1");
        admin.send(request.json(&message("dora", text)))
    };
    let (by_id, by_key) = (admin.post_to(&bot, &named).await.json(), keyed("word one").await.json());
    assert_eq!((bubbles(&by_id), bubbles(&by_key)), (vec!["1 word one".to_owned()], vec!["1 word one".to_owned()]));
    assert_eq!((admin.post_to(&bot, &named).await.json(), keyed("word one").await.json()), (by_id, by_key));
    // The same id of another user is another message; at once, one of two is taken.
    let mut other = with_id("word two", "c-1");
    other["from"]["id"] = json!("ben");
    let answers = join_all((0..8).map(|_| admin.post_to(&bot, &other))).await;
    let answers: Vec<Value> = answers.iter().map(|answer| answer.json()).collect();
    assert!(
        answers.iter().all(|answer| *answer == answers[0]) && bubbles(&answers[0]) == ["1 word two"],
        "{answers:?}"
    );
    assert_eq!(admin.transcript(&bot, "ben").await, ["< 1 word two", "> word two"]);
    assert_eq!(admin.transcript(&bot, "ann").await.len(), 15);
    server.finish().await;
}

#[tokio::test]
async fn messages_of_one_user_are_answered_one_after_the_other() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description("")).await;
    const USERS: usize = 3;
    const EACH: usize = 15;
    let talk = (0..USERS * EACH).map(|n| {
        let (admin, bot) = (&admin, &bot);
        async move {
            let (user, text) = (format!("user-{}", n % USERS), format!("word-{}", n / USERS));
            let answer = admin.say(bot, &user, &text).await;
            assert!(answer.len() == 1 && answer[0].ends_with(&text), "{user}: {text}: {answer:?}");
        }
    });
    join_all(talk).await;
    for user in 0..USERS {
        let mut transcript = admin.transcript(&bot, &format!("user-{user}")).await;
        transcript.reverse();
        assert_eq!(transcript.len(), EACH * 2);
        for (n, turn) in transcript.chunks(2).enumerate() {
            let said = turn[0].strip_prefix("> ").unwrap();
            assert_eq!(turn[1], format!("< {} {said}", n + 1), "{transcript:?}");
        }
        assert_eq!(admin.sessions_of(&bot, &format!("user-{user}")).await.len(), 1);
    }
    server.finish().await;
}
