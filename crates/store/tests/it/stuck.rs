//! Messages that were given up, and what panics in a transaction.

use std::time::Duration;

use serde_json::json;
use store::{Error, GivenUp, InboxDone, NewInboxMessage, StuckFilter, TurnCommit};

use crate::conversations::key;
use crate::place::{Place, no_content};

#[tokio::test]
async fn attempts_count_before_the_work_and_what_is_given_up_is_set_aside() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let ann = key(&place, &bot, "ann");
    let new = |text: &str| NewInboxMessage {
        id: place.store.ids().object_id(),
        conversation: ann.clone(),
        payload: json!({"said": text}),
        poll_id: None,
    };
    let first = store.put_inbox(new("first")).await.unwrap();
    assert_eq!((first.attempts, first.due_at), (1, store.clock().now()), "who keeps it takes it");
    let waiting = async || store.inbox_conversations(10).await.unwrap().len();
    assert_eq!(waiting().await, 1);
    let later = store.clock().now().plus(Duration::from_secs(10));
    assert_eq!(store.take_inbox_message(&first.id, later).await.unwrap(), Some(2));
    store.put_inbox(new("second")).await.unwrap();
    assert_eq!(waiting().await, 0, "the first message is not due, and holds the second up");
    store.postpone_inbox_message(&first.id, store.clock().now()).await.unwrap();
    assert_eq!(waiting().await, 1);
    let [found, _] = &store.pending_inbox(&ann.bot, &ann.user, &ann.channel).await.unwrap()[..] else {
        panic!("two wait")
    };
    assert_eq!((&found.id, found.attempts), (&first.id, 2));

    let give_up = async |id: &str, untried| {
        let mut turn = TurnCommit::of(ann.clone(), None);
        turn.inbox_done = Some(InboxDone { id: id.to_owned(), result: json!(null), has_journal: false });
        turn.given_up = Some(GivenUp { reason: "it is too heavy".to_owned(), untried });
        store.commit_turn(turn).await
    };
    give_up(&first.id, true).await.unwrap();
    assert!(matches!(give_up(&first.id, true).await, Err(Error::Conflict(_))));
    assert_eq!(store.take_inbox_message(&first.id, later).await.unwrap(), None);
    let filter = StuckFilter { account: place.account.clone(), bots: None, offset: 0, limit: 10 };
    let stuck = store.stuck_messages(&filter).await.unwrap().items;
    let [message] = &stuck[..] else { panic!("{stuck:?}") };
    assert_eq!((&message.id, &message.conversation, message.attempts), (&first.id, &ann, 1));
    assert_eq!((&message.payload, &*message.reason), (&json!({"said": "first"}), "it is too heavy"));
    let of_none = StuckFilter { bots: Some(Vec::new()), ..filter.clone() };
    assert!(store.stuck_messages(&of_none).await.unwrap().items.is_empty());

    // Tried again it comes behind the others, with all attempts before it.
    assert!(store.retry_stuck_message(message, json!({"said": "once more"})).await.unwrap());
    assert!(!store.retry_stuck_message(message, json!({})).await.unwrap());
    let waiting = store.pending_inbox(&ann.bot, &ann.user, &ann.channel).await.unwrap();
    assert_eq!(waiting.iter().map(|it| &it.payload["said"]).collect::<Vec<_>>(), ["second", "once more"]);
    assert_eq!((&waiting[1].id, waiting[1].attempts), (&first.id, 0));
    give_up(&first.id, false).await.unwrap();
    assert_eq!(store.count_stuck_messages().await.unwrap(), 1);

    // It goes with its age, or when it is dropped, or with its user.
    assert_eq!(store.drop_old_stuck_messages(store.clock().now(), 10).await.unwrap(), 0);
    place.hand.advance(Duration::from_secs(1));
    assert_eq!(store.drop_old_stuck_messages(store.clock().now(), 10).await.unwrap(), 1);
    give_up(&waiting[0].id, false).await.unwrap();
    assert!(store.drop_stuck_message(&place.account, &waiting[0].id).await.unwrap());
    let third = store.put_inbox(new("third")).await.unwrap();
    give_up(&third.id, false).await.unwrap();
    let users = store::EraseFilter { account: place.account.clone(), bots: None, users: vec![ann.user.to_string()] };
    assert_eq!(store.erase_users(&users).await.unwrap().inbox, 1);
    assert_eq!(store.count_stuck_messages().await.unwrap(), 0);
    place.close().await;
}

#[tokio::test]
async fn an_erasure_is_taken_by_one_and_due_again_after_a_pause() {
    let place = Place::open().await;
    let store = &place.store;
    let wish = store.create_erase_request(&place.account, json!({})).await.unwrap();
    let take = async || store.take_erase_request(&wish.id, |count| Duration::from_secs(count as u64)).await.unwrap();
    assert_eq!((take().await, take().await), (Some(1), None));
    assert!(store.open_erase_requests(10).await.unwrap().is_empty());
    place.hand.advance(Duration::from_secs(1));
    assert_eq!(store.open_erase_requests(10).await.unwrap().len(), 1);
    assert_eq!(take().await, Some(2));
    place.close().await;
}

#[tokio::test]
async fn a_transaction_that_panics_is_undone_and_the_store_goes_on() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let ann = key(&place, &bot, "ann");
    let insert = "INSERT INTO stuck_messages (id, account_id, bot_id, user_id, identity, channel, payload, attempts, \
                  reason, created_at, given_up_at) VALUES ('x', 'a', $1, 'u', 'i', 'c', '{}', 0, '', 0, 0)";
    let id = bot.id.clone();
    let panicked = store.write(move |tx| {
        Box::pin(async move {
            tx.execute(insert, store::args![&id]).await?;
            if id.as_str().starts_with("st-") {
                panic!("in the middle");
            }
            Ok(())
        })
    });
    // Another one of the same group is not touched.
    let new = NewInboxMessage {
        id: place.store.ids().object_id(),
        conversation: ann.clone(),
        payload: json!({}),
        poll_id: None,
    };
    let (panicked, kept) = tokio::join!(panicked, store.put_inbox(new));
    let error = panicked.unwrap_err();
    assert!(matches!(&error, Error::Panicked(it) if it.message == "in the middle"), "{error}");
    assert!(!error.is_transient());
    kept.unwrap();
    assert_eq!(store.pending_inbox(&ann.bot, &ann.user, &ann.channel).await.unwrap().len(), 1);
    assert_eq!(store.count_stuck_messages().await.unwrap(), 0);
    assert_eq!(store.supervisor().panics(), [("transaction".to_owned(), 1)]);
    assert_eq!(store.supervisor().failed(), []);
    place.close().await;
}
