//! Messages that wait: for their turn, and for being posted.

use std::collections::HashMap;
use std::time::Duration;

use domain::Timestamp;
use serde_json::{Value, json};
use store::{
    ConversationKey, Delivery, Error, InboxDone, InboxMessage, InboxResult, NewDelivery, NewInboxMessage, Store,
    TurnCommit,
};

use crate::conversations::{first_turn, key, said};
use crate::place::{Place, no_content};

async fn put(store: &Store, key: &ConversationKey, text: &str, poll_id: Option<&str>) -> InboxMessage {
    let (id, poll_id) = (store.ids().object_id(), poll_id.map(str::to_owned));
    store.put_inbox(NewInboxMessage { id, conversation: key.clone(), payload: json!(text), poll_id }).await.unwrap()
}

async fn pending(store: &Store, key: &ConversationKey) -> Vec<Value> {
    let pending = store.pending_inbox(&key.bot, &key.user, &key.channel).await.unwrap();
    pending.into_iter().map(|message| message.payload).collect()
}

/// A turn that does nothing but answer a message of the inbox.
fn answer(key: &ConversationKey, message: &InboxMessage, result: Value) -> TurnCommit {
    let done = InboxDone { id: message.id.clone(), result, has_journal: false };
    TurnCommit { inbox_done: Some(done), ..TurnCommit::of(key.clone(), None) }
}

#[tokio::test]
async fn a_message_that_was_acknowledged_is_answered_once() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let (ann, bob) = (key(&place, &bot, "ann"), key(&place, &bot, "bob"));
    let first = put(store, &ann, "first", None).await;
    let second = put(store, &ann, "second", Some("poll-2")).await;
    put(store, &bob, "of bob", None).await;
    let third = put(store, &ann, "third", Some("poll-3")).await;
    assert_eq!(pending(store, &ann).await, ["first", "second", "third"]);
    assert_eq!(pending(store, &bob).await, ["of bob"]);
    let (id, poll_id) = (store.ids().object_id(), Some("poll-2".to_owned()));
    let same = NewInboxMessage { id, conversation: bob.clone(), payload: json!("x"), poll_id };
    assert!(matches!(store.put_inbox(same).await, Err(Error::Exists(_))));

    let mut turn = first_turn(store, &ann, said("1", &["Hello"]));
    turn.inbox_done = Some(InboxDone { id: first.id.clone(), result: json!("nobody polls"), has_journal: false });
    let session = store.commit_turn(turn.clone()).await.unwrap().session.unwrap();
    assert_eq!(pending(store, &ann).await, ["second", "third"]);
    // Answered again, it changes nothing.
    let again = TurnCommit { session: Some(session), expected_session: turn.session.map(|new| new.id), ..turn };
    assert!(matches!(store.commit_turn(again).await, Err(Error::Conflict(_))));

    let turn = async |message, result| {
        let conversation = store.conversation(&ann.bot, &ann.user, &ann.channel).await.unwrap().unwrap();
        let expected_session = conversation.session.map(|session| session.id);
        store.commit_turn(TurnCommit { expected_session, ..answer(&ann, message, result) }).await
    };
    let take = async |poll_id: &str| store.take_polled(&bot.id, poll_id, Value::is_string, |_| true).await.unwrap();
    assert_eq!(take("poll-2").await, Some(InboxResult::Pending));
    turn(&second, json!({"data": ["two"]})).await.unwrap();
    turn(&third, json!(null)).await.unwrap();
    assert_eq!(pending(store, &ann).await, Vec::<Value>::new());
    assert!(matches!(turn(&second, json!("again")).await, Err(Error::Conflict(_))));
    let other = place.bot(no_content()).await.id;
    let of_other = store.take_polled(&other, "poll-2", Value::is_string, |_| true).await.unwrap();
    assert_eq!(of_other, None, "it is of another bot");
    let two = InboxResult::Done(json!({"data": ["two"]}), 0);
    assert_eq!((take("poll-2").await, take("poll-2").await), (Some(two), None));

    // An answer that nobody takes goes in the end; a message that waits does not.
    place.hand.advance(Duration::from_secs(60));
    let now = store.clock().now();
    assert_eq!(store.drop_inbox_results(now.minus(Duration::from_secs(61)), 5).await.unwrap(), 0);
    assert_eq!(store.drop_inbox_results(now, 5).await.unwrap(), 1);
    assert_eq!((take("poll-3").await, pending(store, &bob).await), (None, vec![json!("of bob")]));
    place.close().await;
}

#[tokio::test]
async fn after_a_restart_those_that_wait_are_found() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let keys = ["ann", "bob", "cleo", "dan"].map(|name| key(&place, &bot, name));
    for key in &keys[..3] {
        put(store, key, "hello", None).await;
        place.hand.advance(Duration::from_secs(1));
    }
    let first = put(store, &keys[0], "hello?", None).await;
    let found = async |limit| store.inbox_conversations(limit).await.unwrap();
    assert_eq!(found(10).await, keys[..3]);
    assert_eq!(found(2).await, keys[..2]);
    // What a node works on is left to it until its lease lapses.
    let until = store.clock().now().plus(Duration::from_secs(10));
    assert!(store.claim_conversation(&keys[1], "node", until).await.unwrap());
    assert_eq!(found(10).await, [keys[0].clone(), keys[2].clone()]);
    place.hand.advance(Duration::from_secs(10));
    assert_eq!(found(10).await, keys[..3]);
    store.commit_turn(answer(&keys[0], &first, json!(null))).await.unwrap();
    assert_eq!(pending(store, &keys[0]).await, ["hello"]);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_put_in_at_once_have_places_of_their_own() {
    let place = Place::open().await;
    let other = place.another().await;
    let bot = place.bot(no_content()).await;
    let ann = key(&place, &bot, "ann");
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = if number % 2 == 0 { place.store.clone() } else { other.clone() };
        let ann = ann.clone();
        tasks.spawn(async move { put(&store, &ann, &number.to_string(), None).await });
    }
    let mut kept = tasks.join_all().await;
    kept.sort_by_key(|message| message.position);
    assert_eq!(kept.iter().map(|message| message.position).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    let waiting = other.pending_inbox(&ann.bot, &ann.user, &ann.channel).await.unwrap();
    assert_eq!(waiting, kept);
    other.close().await;
    place.close().await;
}

/// Queues messages to be posted, in one turn.
async fn queue(store: &Store, key: &ConversationKey, bodies: &[&str]) {
    let post = |body: &&str| NewDelivery { url: "http://customer.example/post".to_owned(), body: json!(body) };
    let outbox = bodies.iter().map(post).collect();
    store.commit_turn(TurnCommit { outbox, ..TurnCommit::of(key.clone(), None) }).await.unwrap();
}

async fn claim(store: &Store, owner: &str, until: Timestamp, limit: i64) -> Vec<Delivery> {
    let mut claimed = store.claim_deliveries(owner, until, limit).await.unwrap();
    claimed.sort_by_key(|delivery| delivery.body.to_string());
    claimed
}

fn bodies(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().map(|delivery| delivery.body.as_str().unwrap()).collect()
}

#[tokio::test]
async fn messages_of_a_conversation_are_posted_one_after_the_other() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let (ann, bob) = (key(&place, &bot, "ann"), key(&place, &bot, "bob"));
    assert_eq!(store.next_delivery_at().await.unwrap(), None);
    let begun = store.clock().now();
    queue(store, &ann, &["a1", "a2"]).await;
    queue(store, &bob, &["b1"]).await;
    queue(store, &ann, &["a3"]).await;
    assert_eq!(store.next_delivery_at().await.unwrap(), Some(begun));
    let until = begun.plus(Duration::from_secs(10));

    assert_eq!(claim(store, "first", until, 1).await.len(), 1);
    place.hand.advance(Duration::from_secs(10));
    // Whoever took it died.
    let again = claim(store, "second", begun.plus(Duration::from_secs(20)), 10).await;
    assert_eq!(bodies(&again), ["a1", "b1"]);
    assert_eq!(again.iter().map(|delivery| delivery.attempt).sum::<i64>(), 3);
    assert_eq!(claim(store, "third", until, 10).await, [], "the others wait for them");
    assert_eq!(store.next_delivery_at().await.unwrap(), Some(begun.plus(Duration::from_secs(20))));

    // Postponed, it keeps those behind it waiting; another conversation goes on.
    let later = begun.plus(Duration::from_secs(60));
    store.postpone_delivery(&again[0], later).await.unwrap();
    store.delivered(&again[1]).await.unwrap();
    assert_eq!(claim(store, "first", later, 10).await, []);
    assert_eq!(store.next_delivery_at().await.unwrap(), Some(later));
    place.hand.advance(Duration::from_secs(50));
    let last = claim(store, "first", later.plus(Duration::from_secs(10)), 10).await;
    assert_eq!((bodies(&last), &last[0].id), (vec!["a1"], &again[0].id));
    // Whoever lost the lease changes nothing.
    store.postpone_delivery(&again[0], begun).await.unwrap();
    store.give_up_delivery(&again[0]).await.unwrap();
    assert_eq!(claim(store, "second", later, 10).await, []);
    store.give_up_delivery(&last[0]).await.unwrap();

    for expected in ["a2", "a3"] {
        let next = claim(store, "second", later.plus(Duration::from_secs(10)), 10).await;
        assert_eq!(bodies(&next), [expected]);
        store.delivered(&next[0]).await.unwrap();
    }
    assert_eq!(store.next_delivery_at().await.unwrap(), None);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deliverers_at_once_keep_the_order_and_post_nothing_twice() {
    const USERS: usize = 10;
    const MESSAGES: usize = 8;
    let place = Place::open().await;
    let other = place.another().await;
    let bot = place.bot(no_content()).await;
    for number in 0..USERS {
        let texts: Vec<String> = (0..MESSAGES).map(|message| message.to_string()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        queue(&place.store, &key(&place, &bot, &number.to_string()), &texts).await;
    }
    let posted = std::sync::Arc::new(std::sync::Mutex::new(HashMap::<String, Vec<i64>>::new()));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..6 {
        let store = if number % 2 == 0 { place.store.clone() } else { other.clone() };
        let posted = posted.clone();
        tasks.spawn(async move {
            let until = store.clock().now().plus(Duration::from_secs(10));
            while store.next_delivery_at().await.unwrap().is_some() {
                for delivery in claim(&store, &format!("node {number}"), until, 3).await {
                    let user = delivery.user.to_string();
                    posted.lock().unwrap().entry(user).or_default().push(delivery.position);
                    store.delivered(&delivery).await.unwrap();
                }
            }
        });
    }
    tasks.join_all().await;
    let posted = std::mem::take(&mut *posted.lock().unwrap());
    assert_eq!(posted.len(), USERS);
    for (user, positions) in posted {
        assert_eq!(positions, (1..=MESSAGES as i64).collect::<Vec<_>>(), "{user}");
    }
    other.close().await;
    place.close().await;
}
