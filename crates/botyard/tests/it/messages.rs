//! The messages of conversations, written through the store as those of `sessions` are.

use reqwest::Method;
use serde_json::{Value, json};
use store::{Direction, NewMessage};

use crate::sessions::{HOUR, begin, message, start, tag};

/// The texts of an answer's messages.
fn texts(answer: &Value) -> Vec<&str> {
    let messages = answer["messages"].as_array().unwrap();
    messages.iter().map(|message| message["components"][0]["data"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn messages_are_listed_as_asked() {
    let (server, hand) = start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let store = server.store();
    let mut ann = begin(&server, &bot, "ann@example.com", "rtm").await;
    ann.user_tags = vec![tag("plan", "gold")];
    let traced = NewMessage {
        tags: vec![tag("mood", "good")],
        alternative_texts: vec!["Hello!".to_owned()],
        trace_id: Some("t-1".to_owned()),
        ..message(Direction::Incoming, "a1")
    };
    let (ann, _) = store.commit_session(&ann, vec![traced, message(Direction::Outgoing, "a2")]).await.unwrap();
    hand.advance(24 * HOUR);
    let alert = NewMessage { of_task: true, ..message(Direction::Outgoing, "a3") };
    let (ann, middle) = store.commit_session(&ann, vec![alert, message(Direction::Outgoing, "a4")]).await.unwrap();
    hand.advance(HOUR);
    let ben = begin(&server, &bot, "ben", "ivr").await;
    let (ben, _) = store.commit_session(&ben, vec![message(Direction::Incoming, "b1")]).await.unwrap();

    let middle = middle[0].id.as_str();
    let user = "userId=ANN@example.com";
    let plan = json!([{"name": "plan", "values": ["gold"]}]);
    let mood = json!([{"name": "mood", "values": ["good"], "type": "messageTags"}]);
    let gets: Vec<(String, &[&str])> = vec![
        (user.to_owned(), &["a4", "a3", "a2", "a1"]),
        (format!("{user}&forward=true"), &["a1", "a2", "a3", "a4"]),
        (format!("{user}&msgId={middle}"), &["a2", "a1"]),
        (format!("{user}&msgId={middle}&forward=true"), &["a4"]),
        (format!("{user}&msgId=ms-gone&limit=1"), &["a4"]),
        (format!("{user}&direction=Incoming&getAgentsInfo=true"), &["a1"]),
        (format!("{user}&skip=1&limit=2"), &["a3", "a2"]),
        (format!("{user}&offset=3&limit=="), &["a1"]),
        (format!("{user}&dateTo=2026-03-10"), &["a2", "a1"]),
        (format!("{user}&dateFrom=2026-03-11T12:00:00Z"), &["a4", "a3"]),
        (format!("{user}&channelType=ivr"), &[]),
        ("userId=ben".to_owned(), &["b1"]),
        ("userId=ben&channelType=rtm".to_owned(), &[]),
        ("userId=ben&channelType=Webhook".to_owned(), &["b1"]),
        ("&userId=".to_owned(), &["b1", "a4", "a3", "a2", "a1"]),
    ];
    // BotKit sends a body with each call that reads, and nothing in it.
    let path = format!("/api/public/stream/{bot}/getMessages?userId=ben");
    let nothing = admin.request(reqwest::Method::GET, &path).header("content-type", "application/json").body("null");
    assert_eq!(texts(&admin.send(nothing).await.json()), ["b1"]);
    for (query, expected) in gets {
        let answer = admin.get(&format!("/api/public/stream/{bot}/getMessages?{query}")).await.json();
        assert_eq!(texts(&answer), expected, "{query}");
    }
    let posts: Vec<(&str, Value, &[&str])> = vec![
        ("getMessages", json!({}), &["b1", "a4", "a3", "a2", "a1"]),
        ("getMessagesV2", json!({}), &["b1", "a4", "a2", "a1"]),
        (
            "getMessagesV2?&userId=",
            json!({"sessionId": [ann.id, ben.id], "skip": 0, "limit": 10000}),
            &["b1", "a4", "a2", "a1"],
        ),
        ("getMessages", json!({"sessionId": [ben.id]}), &["b1"]),
        ("getMessages", json!({"sessionId": ["nonsense"]}), &[]),
        ("getMessages", json!({"userId": "u-ben"}), &["b1"]),
        ("getMessages", json!({"tags": {"and": plan}}), &["a4", "a3", "a2", "a1"]),
        ("getMessages", json!({"tags": {"and": plan, "or": mood}}), &["a1"]),
        ("getMessages", json!({"tags": {"and": mood}, "forward": true}), &["a1"]),
    ];
    for (call, body, expected) in posts {
        let answer = admin.post(&format!("/api/public/bot/{bot}/{call}"), &body).await.json();
        assert_eq!(texts(&answer), expected, "{call} {body}");
        assert_eq!(
            (&answer["total"], &answer["moreAvailable"]),
            (&json!(expected.len()), &json!(false)),
            "{call} {body}"
        );
    }
    assert_eq!(texts(&admin.post("/api/public/getMessages", &json!({"limit": 2})).await.json()), ["b1", "a4"]);

    let body = json!({"userId": "ann@example.com", "forward": "true", "limit": 1, "includeTraceId": "true"});
    let answer = admin.post(&format!("/api/public/bot/{bot}/getMessages"), &body).await.json();
    assert_eq!((&answer["total"], &answer["moreAvailable"]), (&json!(4), &json!(true)));
    let icon = admin.download(answer["icon"].as_str().unwrap()).await;
    assert!(!icon.is_empty());
    let mut first = answer["messages"][0].clone();
    let id = first["_id"].take();
    assert!(id.as_str().unwrap().starts_with("ms-"), "{id}");
    let account = &server.premises().account;
    assert_eq!(
        first,
        json!({
            "_id": null, "type": "incoming", "status": "received",
            "channels": [{"type": "rtm", "channelUId": "ann@example.com"}],
            "createdBy": "u-ann@example.com", "lmodifiedBy": "u-ann@example.com",
            "createdOn": "2026-03-10T12:00:00.000Z", "lmodifiedOn": "2026-03-10T12:00:00.000Z",
            "botId": bot, "orgId": account.organization, "accountId": account.id, "isBB": 0, "ms": 0, "chnl": "rtm",
            "isD": 0, "components": [{"_id": "cp-1", "cT": "text", "data": {"text": "a1"}, "thumbnails": []}],
            "timestampValue": 1_773_144_000_000_i64, "__v": 0, "lang": "en", "sT": 1, "sessionId": ann.id,
            "resourceid": "messagestore",
            "tags": {
                "messageTags": [{"name": "mood", "value": "good"}], "userTags": [{"name": "plan", "value": "gold"}],
                "sessionTags": [], "altText": [{"value": "Hello!"}],
            },
            "traceId": "t-1",
        })
    );
    server.finish().await;
}

#[tokio::test]
async fn long_histories_are_cut_at_the_limit_of_the_call_and_compressed() {
    let (server, _) = start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let session = begin(&server, &bot, "ann", "rtm").await;
    let talk = (1..=150).map(|number| message(Direction::Incoming, &format!("message {number}"))).collect();
    server.store().commit_session(&session, talk).await.unwrap();
    for (call, count, more) in [("getMessages", 100, true), ("getMessagesV2", 150, false)] {
        let answer = admin.post(&format!("/api/public/bot/{bot}/{call}"), &json!({"limit": 99_999})).await.json();
        assert_eq!((texts(&answer).len(), &answer["moreAvailable"]), (count, &json!(more)), "{call}");
        assert_eq!((&answer["total"], texts(&answer)[0]), (&json!(150), "message 150"), "{call}");
    }
    let path = format!("/api/public/bot/{bot}/getMessagesV2?userId=ann&limit=10000");
    let plain = admin.get(&path).await;
    for encoding in ["gzip", "br"] {
        let request = admin.request(Method::GET, &path).header("accept-encoding", encoding);
        let reply = admin.send(request).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-encoding")), (200, encoding));
        assert!(reply.body.len() < plain.body.len() / 5, "{encoding}: {} bytes", reply.body.len());
    }
    // Errors are sent plain, whichever form they are asked for in.
    for accept in ["*/*", "application/problem+json"] {
        let path = format!("/api/public/bot/{bot}/getMessagesV2");
        let request = admin.request(Method::GET, &path).header("accept-encoding", "gzip").header("accept", accept);
        let reply = admin.send(request).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-encoding")), (412, ""), "{accept}");
        assert!(reply.value().is_object(), "{accept}");
    }
    server.finish().await;
}
