//! Below the threshold is not silence: tasks that a message resembles are asked about.

use serde_json::{Value, json};

use crate::support::TestServer;

/// A bot of an airline with twelve tasks.
fn flyer() -> Value {
    serde_json::from_str(include_str!("../fixtures/flyer.json")).unwrap()
}

/// Brings a bot, with a threshold for what is learned, and the answers to some messages, each by a user of its own.
async fn answers(server: &TestServer, description: &Value, conversations: &[&[&str]]) -> Vec<Vec<String>> {
    let admin = server.admin().await;
    let bot = admin.bring(description).await;
    let configurations = format!("/api/public/bot/{bot}/configurations?language=en");
    admin.post(&configurations, &json!({"ml": {"minThreshold": 0.5}})).await.json();
    admin.publish(&bot, "surer").await;
    let mut answers = Vec::new();
    for (user, said) in conversations.iter().enumerate() {
        let mut lines = Vec::new();
        for text in *said {
            lines.extend(admin.say(&bot, &format!("user-{user}"), text).await);
        }
        answers.push(lines);
    }
    answers
}

const ASKED: &str = "Did you mean? \n a) Lounge";

#[tokio::test]
async fn tasks_that_are_close_are_asked_about() {
    let server = TestServer::start().await;
    let found = answers(
        &server,
        &flyer(),
        &[
            &["my bag is somewhere quiet", "yes"],
            &["my bag is somewhere quiet", "a"],
            &["my bag is somewhere quiet", "may my dog fly"],
            &["my bag is somewhere quiet", "banana", "banana"],
            // Not one word of it is the bot's.
            &["zebra crossing"],
            // Within a task the task is answered.
            &["count guests", "my bag is somewhere quiet"],
        ],
    )
    .await;
    let lost = found[4][0].as_str();
    assert!(lost.starts_with("I "), "{lost}");
    let others = [found[3][1].as_str(), found[3][2].as_str()];
    assert!(others.iter().all(|it| it.starts_with("I ")), "{others:?}");
    let expected: [&[&str]; 6] = [
        &[ASKED, "Lounge it is."],
        &[ASKED, "Lounge it is."],
        &[ASKED, "Pets it is."],
        &[ASKED, others[0], others[1]],
        &[lost],
        &["How many?", "Please give a number."],
    ];
    assert_eq!(found, expected);
    server.finish().await;
}

#[tokio::test]
async fn who_has_a_task_for_the_unknown_or_wants_no_questions_gets_none() {
    let server = TestServer::start().await;
    let mut bot = flyer();
    bot["events"] = json!({"INTENT_UNIDENTIFIED": {"dialog": "Lost"}});
    let found = answers(&server, &bot, &[&["my bag is somewhere quiet"]]).await;
    assert_eq!(found, [["Let me find somebody."]]);
    server.finish().await;

    let server = TestServer::start_with(|setup| setup.config.nlu.suggest_from = 1.0).await;
    let found = answers(&server, &flyer(), &[&["my bag is somewhere quiet"]]).await;
    assert!(found[0][0].starts_with("I "), "{found:?}");
    server.finish().await;
}
