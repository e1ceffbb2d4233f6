//! What turns did, as developers of a bot read it.

use std::time::Duration;

use access::{AppKind, Scope};
use domain::{Clock, Timestamp};
use serde_json::{Value, json};

use crate::forms::say;
use crate::support::TestServer;

/// What came in, of each entry.
fn inputs(answer: &Value) -> Vec<&str> {
    answer["logs"].as_array().unwrap().iter().map(|log| log["input"]["message"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn turns_are_told_as_asked() {
    let (clock, hand) = Clock::manual(Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| setup.options.sources.clock = clock).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    admin.publish(&bot, "for logs").await;
    let builder = server.builder(&[&bot]).await;
    for (user, text) in [("ada", "leave feedback"), ("ada", "ada@example.com"), ("ben", "hello")] {
        say(&admin, &bot, user, text).await;
        hand.advance(Duration::from_secs(24 * 3600));
    }

    let table: [(&str, &[&str], i64, bool); 10] = [
        ("", &["hello", "ada@example.com", "leave feedback"], 3, false),
        ("?limit=2", &["hello", "ada@example.com"], 3, true),
        ("?limit=2&offset=2", &["leave feedback"], 3, false),
        ("?identity=ada", &["ada@example.com", "leave feedback"], 2, false),
        ("?identity=nobody", &[], 0, false),
        ("?channelType=ivr&identity=ben", &["hello"], 1, false),
        ("?channelType=rtm", &[], 0, false),
        ("?dateFrom=2026-03-12", &["hello"], 1, false),
        ("?dateTo=2026-03-11&dateFrom=2026-03-11", &["ada@example.com"], 1, false),
        ("?limit==&offset==", &["hello", "ada@example.com", "leave feedback"], 3, false),
    ];
    for (query, expected, total, more) in table {
        let answer = builder.get(&format!("/api/1.1/{bot}/debuglogs{query}")).await.json();
        assert_eq!(inputs(&answer), expected, "{query}");
        assert_eq!((&answer["total"], &answer["moreAvailable"]), (&json!(total), &json!(more)), "{query}");
    }

    let first = builder.get(&format!("/api/1.1/{bot}/debuglogs?offset=2")).await.json()["logs"][0].clone();
    assert_eq!((&first["botId"], &first["identity"]), (&json!(bot), &json!("ada")));
    assert_eq!((&first["channelType"], &first["turn"]), (&json!("ivr"), &json!(1)), "{first}");
    assert_eq!((&first["createdOn"], &first["errors"]), (&json!("2026-03-10T12:00:00.000Z"), &json!([])));
    assert_eq!(first["understood"][0]["input"], "leave feedback", "{first}");
    let path = first["path"].as_array().unwrap();
    assert!(path.iter().all(|node| node["dialog"].as_str().is_some_and(|id| id.starts_with("dg-"))), "{first}");
    assert!(path.len() >= 2 && first["steps"].as_array().unwrap().len() > path.len(), "{first}");
    assert!(!first["output"].as_array().unwrap().is_empty(), "{first}");

    let path = format!("/api/{bot}/debuglogs");
    builder.get(&format!("{path}?dateFrom=soon")).await.refused(412, "Validation errors/ Invalid arguments");
    server.anonymous().get(&path).await.refused(401, "Invalid SDK credentials");
    let other = server.builder(&["st-other"]).await;
    other.get(&path).await.refused(401, "Invalid SDK credentials");
    let poor = server.client_with_scopes(AppKind::Builder, &[&bot], &[Scope::ChatHistory]).await;
    poor.get(&path).await.refused(401, "Permission denied. Scope is incorrect!");
    server.finish().await;
}
