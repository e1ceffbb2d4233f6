//! Webhook nodes: answered at once, later, or not at all.

use serde_json::{Value, json};

use super::scene::Scene;
use super::server::{Act, Asked, pass};

/// The context that came, with an order in it.
fn context(asked: &Asked, order: &str) -> Value {
    let mut context = asked.body["context"].clone();
    context["order"] = json!(order);
    json!({"context": context})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_goes_on_with_the_context_of_the_answer() {
    let scene = Scene::open().await;
    let found = ["I look it up.", "Your order is 42."];
    for (user, calls_first) in [("at once", true), ("later", false), ("too early", true), ("by a word", false)] {
        scene.kit.call_first(calls_first);
        scene.kit.behave(move |asked| match (asked.event.as_str(), user) {
            ("on_webhook", "at once") => vec![Act::Answer(200, context(asked, "42"))],
            ("on_webhook", "by a word") => vec![
                Act::Answer(200, json!({"customCode": "ASYNC_RESPONSE"})),
                Act::Call("serviceCallback", context(asked, "42")),
            ],
            ("on_webhook", _) => {
                vec![Act::Answer(202, json!({})), Act::Call("serviceCallback", context(asked, "42"))]
            }
            _ => pass(asked),
        });
        assert_eq!(scene.bubbles(user, "check order").await, found, "{user}");
        let asked = scene.kit.asked("on_webhook").await;
        assert_eq!((asked.component.as_deref(), asked.message()), (Some("Look Up"), "check order"), "{user}");
        assert_eq!(asked.body["context"]["intent"], "Check Order");
        scene.kit.take();
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_answered_late_goes_on_by_itself() {
    let scene = Scene::open_with(|setup| setup.config.conversation.botkit.limit_ms = 500).await;
    scene.register(&json!({"events": ["onhook"]})).await;
    scene.kit.behave(|_| vec![Act::Answer(202, json!({}))]);
    let first = scene.say("ann", "check order").await;
    assert_eq!((&first["data"][0]["val"], first.get("endOfTask")), (&json!("I look it up."), None), "{first}");
    let asked = scene.kit.asked("on_webhook").await;
    let (status, body) = scene.kit.call("serviceCallback", &asked, json!({"context": "none"})).await;
    assert_eq!((status, &body["errors"][0]["code"]), (412, &json!(412)));
    assert!(scene.waits(&first).await, "{first}");
    assert_eq!(scene.kit.call("serviceCallback", &asked, context(&asked, "43")).await.0, 200);
    let second = scene.poll(&first).await;
    assert_eq!((&second["data"][0]["val"], second.get("pollId")), (&json!("Your order is 43."), None), "{second}");
    assert_eq!(second["completedTaskName"], "check order");
    // It went on once.
    assert_eq!(scene.kit.call("serviceCallback", &asked, context(&asked, "44")).await.0, 200);
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);
    let said = scene.said_to("ann").await;
    assert_eq!(said, ["I look it up.", "Your order is 43.", "Hello there.", "All good?"]);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_not_answered_fails_its_task() {
    let scene = Scene::open().await;
    scene.kit.behave(|asked| match asked.event.as_str() {
        "on_webhook" => vec![Act::Answer(500, json!({}))],
        _ => pass(asked),
    });
    let broken = scene.say("broken", "check order").await;
    assert_eq!(broken["endReason"], "Failed", "{broken}");
    scene.register(&json!({"events": ["onevent"]})).await;
    let unheard = scene.say("unheard", "check order").await;
    assert_eq!(unheard["endReason"], "Failed", "{unheard}");
    scene.close().await;
}
