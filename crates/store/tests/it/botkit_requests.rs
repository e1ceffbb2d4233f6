//! Answers of BotKit servers reach whoever waits for them, or are acted on, and none does both.

use std::time::Duration;

use serde_json::{Value, json};
use store::{BotKitAnswer, ClosedBotKitRequest, NewBotKitRequest};

use crate::conversations::{key, new_session};
use crate::place::{Place, no_content};

/// How long the turns of these tests wait at the most.
const WAIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn an_answer_is_awaited_or_late_or_too_late() {
    use BotKitAnswer::{Awaited, Late, TooLate};
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let conversation = key(&place, &bot, "ann");
    let session = new_session(store, &conversation).id;
    let put = async |id: &str| {
        let new = NewBotKitRequest {
            id: id.to_owned(),
            conversation: conversation.clone(),
            session: session.clone(),
            kind: "on_user_message".to_owned(),
            payload: json!({"of": id}),
            waits_until: store.clock().now().plus(WAIT),
        };
        store.put_botkit_request(new).await
    };
    for id in ["answered", "missed", "died"] {
        assert!(!put(id).await.unwrap());
    }
    assert!(!put("missed").await.unwrap(), "asked again, it has no answer either");
    let answer =
        async |id: &str, text: &str, decides| store.answer_botkit_request(id, json!(text), decides).await.unwrap();
    let awaited = async |id: &str| store.botkit_answers(id).await.unwrap();

    assert_eq!(answer("unknown", "x", true).await, None);
    assert_eq!(awaited("unknown").await, Vec::<Value>::new());
    assert_eq!(answer("answered", "one", false).await, Some(Awaited));
    assert_eq!(answer("answered", "two", true).await, Some(Awaited));
    assert_eq!(awaited("answered").await, ["one", "two"]);
    assert!(put("answered").await.unwrap(), "a turn that is taken again needs not send it again");
    assert_eq!(awaited("answered").await, ["one", "two"]);
    let close =
        ["missed", "answered", "unknown"].map(|id| ClosedBotKitRequest { id: id.to_owned(), missed: id == "missed" });
    let closed = store.close_botkit_requests(close.into()).await.unwrap();
    assert_eq!(closed, [vec![], vec![json!("one"), json!("two")], vec![]]);

    place.hand.advance(WAIT);
    let table = [
        ("answered", true, Late),
        ("missed", false, Late),
        ("missed", true, TooLate),
        ("missed", true, Late),
        // Whoever waited for it died.
        ("died", true, Late),
    ];
    for (id, decides, expected) in table {
        assert_eq!(answer(id, "later", decides).await, Some(expected), "{id}");
    }
    assert_eq!(awaited("answered").await, ["one", "two"], "what is acted on is not kept");

    let request = store.botkit_request(&bot.id, "missed").await.unwrap().unwrap();
    assert_eq!((request.conversation, request.session), (conversation, session));
    assert_eq!((request.kind.as_str(), request.payload), ("on_user_message", json!({"of": "missed"})));
    let other = place.bot(no_content()).await;
    assert_eq!(store.botkit_request(&other.id, "missed").await.unwrap(), None, "it is of another bot");
    place.close().await;
}

#[tokio::test]
async fn a_request_goes_when_nobody_used_it_for_long_or_with_its_bot() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let conversation = key(&place, &bot, "ann");
    for id in ["used", "idle"] {
        let new = NewBotKitRequest {
            id: id.to_owned(),
            conversation: conversation.clone(),
            session: new_session(store, &conversation).id,
            kind: String::new(),
            payload: json!({}),
            waits_until: store.clock().now(),
        };
        store.put_botkit_request(new).await.unwrap();
    }
    place.hand.advance(WAIT);
    let now = store.clock().now();
    assert!(store.touch_botkit_request(&bot.id, "used").await.unwrap());
    assert!(!store.touch_botkit_request(&bot.id, "unknown").await.unwrap());
    assert_eq!(store.drop_botkit_requests(now, 10).await.unwrap(), 1);
    let is_there = async |id: &str| store.botkit_request(&bot.id, id).await.unwrap().is_some();
    assert_eq!((is_there("used").await, is_there("idle").await), (true, false));
    assert!(store.delete_bot(&bot.id).await.unwrap());
    assert!(!is_there("used").await);
    place.close().await;
}
