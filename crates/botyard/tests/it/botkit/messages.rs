//! Messages that pass through a BotKit server.

use access::{Algorithm, VerificationKey};
use serde_json::{Value, json};

use super::scene::{Scene, told};
use super::server::{Act, Asked, Entry, FakeBotKit, pass};

/// A case: who says what, what the server does about that, and what about each bubble; the bubbles that arrive.
struct Case {
    user: &'static str,
    says: &'static str,
    of_user: Vec<Act>,
    of_bot: fn(&str) -> Act,
    expected: Vec<Value>,
}

fn template(text: &str) -> Value {
    json!({"type": "template", "payload": {"template_type": "button", "text": text,
           "buttons": [{"type": "postback", "title": "Blue", "payload": "blue", "value": "blue"}]}})
}

fn cases() -> Vec<Case> {
    let untouched = |_: &str| Act::Call("sendUserMessage", json!({}));
    let to_bot = |members: Value| vec![Act::Call("sendBotMessage", members)];
    let case = |user, says, of_user, of_bot: fn(&str) -> Act, expected: Value| Case {
        user,
        says,
        of_user,
        of_bot,
        expected: expected.as_array().unwrap().clone(),
    };
    vec![
        case("untouched", "greet", to_bot(json!({})), untouched, json!(["Hello there.", "All good?"])),
        case("template", "pick room", to_bot(json!({})), untouched, json!([template("Which room?")])),
        case("heard", "bonjour", to_bot(json!({"message": "greet"})), untouched, json!(["Hello there.", "All good?"])),
        case(
            "overheard",
            "bonjour",
            to_bot(json!({"overrideMessagePayload": {"body": "greet", "isTemplate": false}})),
            untouched,
            json!(["Hello there.", "All good?"]),
        ),
        case(
            "changed",
            "greet",
            to_bot(json!({})),
            |message| Act::Call("sendUserMessage", json!({"message": format!("{message}!")})),
            json!(["Hello there.!", "All good?!"]),
        ),
        case(
            "overridden",
            "greet",
            to_bot(json!({})),
            |message| {
                let payload = json!({"body": template(message).to_string(), "isTemplate": true});
                Act::Call("sendUserMessage", json!({"message": "passed over", "overrideMessagePayload": payload}))
            },
            json!([template("Hello there."), template("All good?")]),
        ),
        case(
            "skipped",
            "greet",
            to_bot(json!({})),
            |message| {
                let call = if message == "Hello there." { "skipUserMessage" } else { "sendUserMessage" };
                Act::Call(call, json!({}))
            },
            json!(["All good?"]),
        ),
        case("ignored", "greet", vec![Act::Call("skipUserMessage", json!({}))], untouched, json!([])),
        case(
            "answered",
            "greet",
            vec![Act::Call("sendUserMessage", json!({"message": "The bot is asleep."}))],
            untouched,
            json!(["The bot is asleep."]),
        ),
        case(
            "announced",
            "greet",
            vec![Act::Call("sendUserMessage", json!({"message": "Wait."})), Act::Call("sendBotMessage", json!({}))],
            untouched,
            json!(["Wait.", "Hello there.", "All good?"]),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_passes_on_changes_drops_and_answers() {
    // Time enough for a second call to follow a first one.
    let scene = Scene::open_with(|setup| setup.config.conversation.botkit.settle_ms = 3_000).await;
    scene.register(&json!({"events": ["onMessage"]})).await;
    for calls_first in [true, false] {
        scene.kit.call_first(calls_first);
        for Case { user, says, of_user, of_bot, expected } in cases() {
            let user = format!("{user} {calls_first}");
            scene.kit.behave(move |asked| match asked.event.as_str() {
                "on_user_message" => of_user.clone(),
                "on_bot_message" => vec![of_bot(asked.message())],
                other => panic!("the server did not ask for {other}"),
            });
            assert_eq!(scene.bubbles(&user, says).await, expected, "{user}");
            // What is kept is what arrived.
            let kept = expected.iter().map(|bubble| bubble.as_str().map_or_else(|| bubble.to_string(), str::to_owned));
            assert_eq!(scene.said_to(&user).await, kept.collect::<Vec<_>>(), "{user}");
            let happened = scene.kit.take();
            let refused: Vec<&Entry> =
                happened.iter().filter(|entry| matches!(entry, Entry::Called(_, status) if *status != 200)).collect();
            assert!(refused.is_empty(), "{user}: {refused:?}");
        }
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_asked_in_order_and_told_what_it_needs() {
    let scene = Scene::open().await;
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);
    let event = scene.kit.asked("on_event").await;
    assert_eq!(
        (&event.body["event"]["eventType"], &event.body["event"]["completedTaskName"]),
        (&json!("endDialog"), &json!("greet"))
    );
    assert_eq!(event.component, None);
    let happened = scene.kit.take();
    let expected = [
        "on_user_message greet",
        "sendBotMessage 200",
        "on_bot_message Hello there.",
        "sendUserMessage 200",
        "on_bot_message All good?",
        "sendUserMessage 200",
        "on_event",
    ];
    assert_eq!(told(&happened), expected);

    let asked: Vec<&Asked> = happened
        .iter()
        .filter_map(|entry| match entry {
            Entry::Asked(asked) => Some(asked),
            _ => None,
        })
        .collect();
    let key = VerificationKey::new(Algorithm::Hs256, scene.app.secret.expose()).unwrap();
    for Asked { token, body, event, .. } in &asked {
        let claims = access::verify(token, &key, scene.server.store().clock().now()).unwrap();
        assert_eq!(claims.client_id().as_ref(), Some(&scene.app.client_id));
        assert_eq!(body["botId"], json!(scene.bot));
        assert_eq!(body["agent_transfer"], false);
        // The vendor's server takes the bot from this place in every address.
        for (member, url) in
            body.as_object().unwrap().iter().filter(|(member, _)| member.to_lowercase().ends_with("url"))
        {
            assert_eq!(url.as_str().unwrap().split('/').nth(6), Some(scene.bot.as_str()), "{event}: {member}");
        }
        let session = &body["context"]["session"];
        assert!(session["BotUserSession"]["conversationSessionId"].is_string(), "{event}: {session}");
        assert_eq!(session["UserContext"]["identities"][0]["val"], "ann");
        assert_eq!(session["opts"]["streamId"], json!(scene.bot));
    }
    let mut ids: Vec<&Value> = asked.iter().map(|asked| &asked.body["requestId"]).collect();
    ids.dedup();
    assert_eq!(ids.len(), asked.len(), "each request has an id of its own");
    assert_eq!(asked[0].component.as_deref(), Some("default"));
    assert_eq!((asked[0].user(), &asked[0].body["channel"]["type"]), ("ann", &json!("ivr")));
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_holds_nothing_up_for_long() {
    const SORRY: &str = "Sorry, I cannot help you at the moment. Please try again in a while.";
    let scene = Scene::open_with(|setup| setup.config.conversation.botkit.limit_ms = 500).await;
    // It hears, and never calls back.
    scene.kit.behave(|_| Vec::new());
    assert_eq!(scene.bubbles("silent", "greet").await, [SORRY]);
    let asked = scene.kit.asked("on_user_message").await;
    // The user was told that it failed, so what would have been heard is not heard any more.
    assert_eq!(scene.kit.call("sendBotMessage", &asked, json!({})).await.0, 200);
    assert_eq!(scene.kit.call("sendUserMessage", &asked, json!({"message": "Back again."})).await.0, 200);
    assert_eq!(scene.said_to("silent").await, [SORRY, "Back again."]);

    // Bubbles go out as they were, and the second one is not asked about.
    scene.kit.take();
    scene.kit.behave(|asked| if asked.event == "on_bot_message" { Vec::new() } else { pass(asked) });
    assert_eq!(scene.bubbles("half", "greet").await, ["Hello there.", "All good?"]);
    let bubble = scene.kit.asked("on_bot_message").await;
    assert_eq!(bubble.message(), "Hello there.");
    let late = [json!({}), json!({"message": "Really."})];
    for members in late {
        assert_eq!(scene.kit.call("sendUserMessage", &bubble, members).await.0, 200);
    }
    assert_eq!(scene.said_to("half").await, ["Hello there.", "All good?", "Really."]);

    // It is there, and broken.
    scene.kit.behave(|asked| {
        let answers = if asked.user() == "broken" { "on_user_message" } else { "on_bot_message" };
        if asked.event == answers { vec![Act::Answer(500, json!({}))] } else { pass(asked) }
    });
    assert_eq!(scene.bubbles("broken", "greet").await, [SORRY]);
    assert_eq!(scene.bubbles("deaf", "greet").await, ["Hello there.", "All good?"]);

    // It is not there.
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let nowhere = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    scene.register(&json!({"sdkHostUri": nowhere})).await;
    assert_eq!(scene.bubbles("alone", "greet").await, [SORRY]);
    scene.register(&json!({"sdkHostUri": nowhere, "events": ["onhook"]})).await;
    assert_eq!(scene.bubbles("unbothered", "greet").await, ["Hello there.", "All good?"]);

    // It takes calls, and answers none.
    let mute = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let there = format!("http://{}", mute.local_addr().unwrap());
    scene.register(&json!({"sdkHostUri": there})).await;
    assert_eq!(scene.bubbles("mute", "greet").await, [SORRY]);
    scene.register(&json!({"sdkHostUri": there, "events": ["onagenttransfer"]})).await;
    assert_eq!(scene.bubbles("unhelped", "get human").await, ["One moment.", SORRY]);
    assert_eq!(scene.bubbles("unhelped", "greet").await, ["Hello there.", "All good?"]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_messages_under_one_id_follow_by_themselves() {
    let scene = Scene::open().await;
    scene.kit.behave(|asked| match asked.event.as_str() {
        "on_user_message" => {
            ["One", "Two", "Three"].map(|text| Act::Call("sendUserMessage", json!({"message": text}))).into()
        }
        _ => Vec::new(),
    });
    // How many come with the answer is a matter of time; all come, in their order.
    let answered = scene.bubbles("ann", "hi").await;
    assert_eq!(answered[0], "One");
    scene.wait_until_said("ann", "Three").await;
    assert_eq!(scene.said_to("ann").await, ["One", "Two", "Three"]);
    let asked = scene.kit.asked("on_user_message").await;
    for text in ["Four", "Five"] {
        assert_eq!(scene.kit.call("sendUserMessage", &asked, json!({"message": text})).await.0, 200);
    }
    let alert = json!({"overrideMessagePayload": {"body": "Six", "isTemplate": false}});
    assert_eq!(scene.kit.call("sendAlertMessage", &asked, alert).await.0, 200);
    assert_eq!(scene.said_to("ann").await, ["One", "Two", "Three", "Four", "Five", "Six"]);

    // The bot hears something by itself; what it says passes through the server.
    scene.kit.behave(|asked| match asked.event.as_str() {
        "on_bot_message" => vec![Act::Call("sendUserMessage", json!({"message": format!("{}!", asked.message())}))],
        _ => Vec::new(),
    });
    assert_eq!(scene.kit.call("sendBotMessage", &asked, json!({"message": "greet"})).await.0, 200);
    scene.wait_until_said("ann", "All good?!").await;
    assert_eq!(scene.said_to("ann").await[6..], ["Hello there.!", "All good?!"]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_may_receive_what_a_turn_waits_for() {
    let scene = Scene::open().await;
    if !scene.server.store().is_shared() {
        println!("skipped: two nodes need PostgreSQL");
        return scene.close().await;
    }
    let other = scene.server.another().await;
    let kit = FakeBotKit::start(other.url().unwrap(), &scene.app).await;
    scene.register(&json!({"sdkHostUri": kit.url})).await;
    for calls_first in [true, false] {
        kit.call_first(calls_first);
        assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);
    }
    let asked = kit.asked("on_user_message").await;
    assert_eq!(kit.call("sendUserMessage", &asked, json!({"message": "Bye."})).await.0, 200);
    scene.wait_until_said("ann", "Bye.").await;
    kit.stop();
    other.stop().await.unwrap();
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_later_is_posted_where_answers_are_posted() {
    let scene = Scene::open().await;
    scene.post_answers().await;
    assert_eq!(scene.say("ann", "greet").await["status"], "ok");
    let is = |text: &'static str| move |entry: &Entry| matches!(entry, Entry::Posted(body) if body["data"][0]["val"] == text);
    let late = |text: &str| json!({"message": text});
    scene.kit.wait_for(is("All good?")).await;
    let asked = scene.kit.asked("on_user_message").await;
    assert_eq!(scene.kit.call("sendUserMessage", &asked, late("Still there?")).await.0, 200);
    let posted = scene.kit.wait_for(is("Still there?")).await;
    assert!(matches!(posted, Entry::Posted(body) if body["to"] == "ann" && body["_v"] == "v2"));

    // So are what comes after a webhook node, and the words of an agent.
    scene.kit.behave(|asked| if asked.event == "on_webhook" { vec![Act::Answer(202, json!({}))] } else { pass(asked) });
    assert_eq!(scene.say("ben", "check order").await["status"], "ok");
    let asked = scene.kit.asked("on_webhook").await;
    scene.kit.wait_for(is("I look it up.")).await;
    let mut context = asked.body["context"].clone();
    context["order"] = json!("43");
    assert_eq!(scene.kit.call("serviceCallback", &asked, json!({"context": context})).await.0, 200);
    scene.kit.wait_for(is("Your order is 43.")).await;
    assert_eq!(scene.say("cid", "get human").await["status"], "ok");
    let asked = scene.kit.asked("on_agent_transfer").await;
    scene.kit.wait_for(is("One moment.")).await;
    assert_eq!(scene.kit.call("sendUserMessage", &asked, late("Ann is here.")).await.0, 200);
    scene.kit.wait_for(is("Ann is here.")).await;
    scene.close().await;
}
