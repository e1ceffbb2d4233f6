//! What else a BotKit server calls: sessions, tasks, and what it reads.

use access::AppKind;
use serde_json::json;

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_are_given_up_and_sessions_end() {
    let scene = Scene::open().await;
    assert_eq!(scene.bubbles("ann", "leave note").await, ["What shall I write down?"]);
    let asked = scene.kit.asked("on_user_message").await;
    assert_eq!(scene.kit.call("resetBot", &asked, json!({})).await.0, 200);
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"], "nothing waits for a note");

    let feedback = scene.kit.call("sendFeedbackMessage", &asked, json!({})).await.0;
    assert_eq!((feedback, scene.said_to("ann").await.len()), (200, 4));

    assert_eq!(scene.bubbles("ann", "leave note").await, ["What shall I write down?"]);
    assert_eq!(scene.kit.call("clearConversationSession", &asked, json!({})).await.0, 200);
    let path = format!("/api/public/bot/{}/getSessions", scene.bot);
    let sessions = scene.admin.post(&path, &json!({"userId": "ann"})).await.json();
    assert_eq!((&sessions["total"], &sessions["sessions"][0]["sessionStatus"]), (&json!(1), &json!("closed")));
    // The ids of a session go with it.
    for call in ["sendUserMessage", "sendBotMessage", "startAgentSession"] {
        let (status, body) = scene.kit.call(call, &asked, json!({"message": "late"})).await;
        assert_eq!((status, &body["errors"][0]["msg"]), (400, &json!("Invalid request ID")), "{call}");
    }
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);
    let sessions = scene.admin.post(&path, &json!({"userId": "ann"})).await.json();
    assert_eq!(sessions["total"], 2);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_registered_app_calls_and_reads() {
    let scene = Scene::open().await;
    scene.bubbles("ann", "greet").await;
    let asked = scene.kit.asked("on_user_message").await;
    let base = asked.body["baseUrl"].as_str().unwrap();
    let request = asked.body["requestId"].as_str().unwrap();

    let own = scene.server.client(&scene.app);
    let bound = scene.server.app(AppKind::Builder, &[&scene.bot]).await;
    let other = scene.server.client(&bound);
    for path in [format!("sendUserMessage/{request}"), format!("extendcallid/{request}")] {
        let url = format!("{base}/{path}");
        other.post(&url, &json!({"message": "x"})).await.refused(401, "Invalid SDK credentials");
        scene.server.anonymous().post(&url, &json!({})).await.refused(401, "Invalid SDK credentials");
    }
    own.post(&format!("{base}/extendcallid/{request}"), &json!({})).await.json();
    for call in ["extendcallid", "sendUserMessage"] {
        own.post(&format!("{base}/{call}/unknown"), &json!({"message": "x"})).await.refused(400, "Invalid request ID");
    }
    own.post(&format!("{base}/sendNothing/{request}"), &json!({})).await.refused(404, "Not Found");
    let unreadable = own.post(&format!("{base}/sendUserMessage/{request}"), &json!({"message": 1})).await;
    unreadable.refused(412, "Validation errors/ Invalid arguments");

    let messages = scene.kit.get(&format!("{base}/getMessages?userId=ann&limit=2")).await;
    let texts: Vec<&str> = messages["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["components"][0]["data"]["text"].as_str().unwrap())
        .collect();
    assert_eq!((&messages["total"], &messages["moreAvailable"]), (&json!(3), &json!(true)));
    assert_eq!(texts, ["All good?", "Hello there."], "the newest first");
    own.get(&format!("{base}/getMessages")).await.refused(412, "Validation errors/ Invalid arguments");

    let variables = scene.kit.get(&format!("{base}/getBotVariables")).await;
    assert_eq!((&variables[0]["key"], &variables[0]["value"]), (&json!("DESK"), &json!("front")));
    let all = scene.kit.get(&format!("{base}/getDialog")).await;
    assert_eq!(all.as_array().unwrap().len(), 5);
    let by_name = scene.kit.get(&format!("{base}/getDialog?dialogName=leave%20note")).await;
    assert_eq!(by_name["localeData"]["en"]["name"], "Leave Note");
    let id = by_name["_id"].as_str().unwrap();
    assert_eq!(scene.kit.get(&format!("{base}/getDialog?dialogId={id}")).await, by_name);
    own.get(&format!("{base}/getDialog?dialogId=dg-none")).await.refused(404, "There is no such dialog");
    for path in ["getMessages?userId=ann", "getBotVariables", "getDialog"] {
        other.get(&format!("{base}/{path}")).await.refused(401, "Invalid SDK credentials");
    }
    scene.close().await;
}
