//! Human agents behind a BotKit server.

use serde_json::{Value, json};

use super::scene::Scene;
use super::server::{Act, Entry, pass};
use crate::support::talk::{bubbles, message};

const NOTHING: [Value; 0] = [];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_talks_until_the_bot_has_the_conversation_again() {
    let scene = Scene::open_with(|setup| setup.config.conversation.botkit.agent_limit_ms = 1_000).await;
    scene.kit.behave(|asked| match (asked.event.as_str(), asked.message()) {
        ("on_agent_transfer", _) => vec![Act::Call("sendUserMessage", json!({"message": "Ann is here."}))],
        ("on_user_message", "is it late?") => {
            vec![Act::Call("sendUserMessage", json!({"message": "No, it is on time."}))]
        }
        ("on_user_message", "greet") if asked.body["agent_transfer"] == true => Vec::new(),
        ("on_user_message", "let go") => {
            vec![Act::Call("clearAgentSession", json!({})), Act::Call("sendBotMessage", json!({"message": "greet"}))]
        }
        _ => pass(asked),
    });
    assert_eq!(scene.bubbles("bob", "get human").await[0], "One moment.");
    scene.wait_until_said("bob", "Ann is here.").await;
    let transfer = scene.kit.asked("on_agent_transfer").await;
    assert_eq!((transfer.component.as_deref(), transfer.message()), (Some("Front Desk"), "get human"));

    // The agent answers; the bot is silent, even where nobody answers.
    assert_eq!(scene.bubbles("bob", "is it late?").await, ["No, it is on time."]);
    assert_eq!(scene.bubbles("bob", "greet").await, NOTHING);
    let silent = scene.kit.asked("on_user_message").await;
    assert_eq!((silent.message(), &silent.body["agent_transfer"]), ("greet", &json!(true)));
    // An old id is as good as a new one.
    assert_eq!(scene.kit.call("sendUserMessage", &transfer, json!({"message": "Anything else?"})).await.0, 200);
    assert_eq!(scene.said_to("bob").await.last().unwrap(), "Anything else?");

    // The bot again: by a call of the server's own, or while it is asked.
    assert_eq!(scene.kit.call("clearAgentSession", &transfer, json!({})).await.0, 200);
    assert_eq!(scene.bubbles("bob", "greet").await, ["Hello there.", "All good?"]);
    assert_eq!(scene.kit.asked("on_user_message").await.body["agent_transfer"], false);
    assert_eq!(scene.kit.call("startAgentSession", &silent, json!({})).await.0, 200);
    assert_eq!(scene.bubbles("bob", "greet").await, NOTHING);
    assert_eq!(scene.bubbles("bob", "let go").await, ["Hello there.", "All good?"]);

    // With the session the agent's part ends.
    assert_eq!(scene.kit.call("startAgentSession", &transfer, json!({})).await.0, 200);
    assert_eq!(scene.bubbles("bob", "discard all").await, NOTHING);
    let mut anew = message("bob", "greet");
    anew["session"] = json!({"new": true});
    let answer = scene.admin.post_to(&scene.bot, &anew).await.json();
    assert_eq!(bubbles(&answer), ["Hello there.", "All good?"]);

    let sessions = json!({"userId": "bob", "containmentType": "agent"});
    let path = format!("/api/public/bot/{}/getSessions?containmentType=agent", scene.bot);
    assert_eq!(scene.admin.post(&path, &sessions).await.json()["total"], 1);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_whom_nobody_takes_over_stays_with_the_bot() {
    let scene = Scene::open().await;
    scene.kit.behave(|asked| match asked.event.as_str() {
        "on_agent_transfer" => vec![Act::Answer(503, json!({}))],
        _ => pass(asked),
    });
    let sorry = "Sorry, I cannot help you at the moment. Please try again in a while.";
    assert_eq!(scene.bubbles("bob", "get human").await, ["One moment.", sorry]);
    assert_eq!(scene.bubbles("bob", "greet").await, ["Hello there.", "All good?"]);

    // An agent whose server went away does not answer either.
    let asked = scene.kit.asked("on_user_message").await;
    assert_eq!(scene.kit.call("startAgentSession", &asked, json!({})).await.0, 200);
    scene.kit.behave(|_| vec![Act::Answer(503, json!({}))]);
    assert_eq!(scene.bubbles("bob", "hello?").await, [sorry]);

    // Nor does one whose server is registered no more: the bot has the conversation.
    scene.admin.delete(&scene.registration()).await.json();
    assert_eq!(scene.bubbles("bob", "greet").await, ["Hello there.", "All good?"]);

    // A server that does not hear of transfers is no agent system.
    scene.register(&json!({"events": ["onMessage"]})).await;
    scene.kit.behave(pass);
    let busy = "All our agents are busy at the moment. Please try again later.";
    assert_eq!(scene.bubbles("ann", "get human").await, ["One moment.", busy]);
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_agent_says_when_it_is_time_is_asked_for() {
    let scene = Scene::open_with(|setup| setup.config.conversation.botkit.agent_limit_ms = 50).await;
    scene.kit.behave(|asked| match asked.event.as_str() {
        "on_user_message" if asked.body["agent_transfer"] == true => Vec::new(),
        _ => pass(asked),
    });
    let told = async |name: &'static str, members: Value| {
        let transfer = scene.kit.asked("on_agent_transfer").await;
        assert_eq!(scene.kit.call(name, &transfer, members).await.0, 200, "{name}");
    };
    let first = scene.say("bob", "get human").await;
    assert!(bubbles(&first) == ["One moment."] && scene.waits(&first).await, "{first}");
    told("sendUserMessage", json!({"message": "Ann is here."})).await;
    let second = scene.poll(&first).await;
    assert_eq!(bubbles(&second), ["Ann is here."]);
    // The next one has an id of its own, and messages in between are answered with it.
    let mut asked = message("bob", "hello?");
    asked["clientMessageId"] = json!("c-1");
    for _ in 0..2 {
        let answer = scene.admin.post_to(&scene.bot, &asked).await.json();
        assert_eq!((&answer["data"], &answer["pollId"]), (&json!([]), &second["pollId"]));
    }
    told("sendUserMessage", json!({"message": "Yes?"})).await;
    told("sendUserMessage", json!({"message": "Anything else?"})).await;
    let third = scene.poll(&second).await;
    let fourth = scene.poll(&third).await;
    assert_eq!([bubbles(&third), bubbles(&fourth)], [["Yes?"], ["Anything else?"]]);
    // Nothing more comes.
    told("clearAgentSession", json!({})).await;
    let last = scene.poll(&fourth).await;
    assert_eq!((&last["data"], last.get("pollId")), (&json!([]), None), "{last}");
    let given = format!("/chatbot/v2/webhook/{}/poll/{}", scene.bot, first["pollId"].as_str().unwrap());
    scene.admin.get(&given).await.refused(400, "No data found");
    let unknown = format!("/chatbot/v2/webhook/{}/poll/none.1", scene.bot);
    scene.admin.get(&unknown).await.refused(400, "No data found");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_may_take_the_user_over_by_itself() {
    let scene = Scene::open().await;
    scene.kit.behave(|asked| match asked.event.as_str() {
        "on_user_message" if asked.body["agent_transfer"] == false => vec![
            Act::Call("startAgentSession", json!({})),
            Act::Call("sendUserMessage", json!({"message": "Ann is here."})),
        ],
        "on_user_message" => vec![Act::Call("sendUserMessage", json!({"message": "Yes?"}))],
        _ => pass(asked),
    });
    let first = scene.bubbles("bob", "greet").await;
    scene.wait_until_said("bob", "Ann is here.").await;
    assert!(first.is_empty() || first == ["Ann is here."], "{first:?}");
    assert_eq!(scene.bubbles("bob", "greet").await, ["Yes?"]);
    let happened = scene.kit.take();
    let of_bot = happened.iter().any(|entry| matches!(entry, Entry::Asked(asked) if asked.event == "on_bot_message"));
    assert!(!of_bot, "the bot said nothing: {happened:?}");
    scene.close().await;
}
