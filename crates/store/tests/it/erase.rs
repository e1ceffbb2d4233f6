//! What is kept about users goes when it shall, and nothing else does.

use bytes::Bytes;
use domain::UserId;
use serde_json::json;
use store::{
    Bot, ConversationKey, EraseFilter, EraseStatus, Erased, InboxDone, MessageFilter, NewAttachment, NewBotKitRequest,
    NewDelivery, NewInboxMessage, NewUser, Order, TurnCommit, TurnLog, TurnLogFilter, ValueChange, ValueOwner,
};

use crate::conversations::{first_turn, key, said};
use crate::place::{Place, no_content};

/// Has a user talk with a bot, leaving something of every kind; the file that the user sent.
async fn talk(place: &Place, bot: &Bot, key: &ConversationKey, answers: usize) -> String {
    let store = &place.store;
    let answers: Vec<String> = (0..answers).map(|number| number.to_string()).collect();
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    let mut turn = first_turn(store, key, said("1", &answers));
    let session = turn.session.as_ref().unwrap().id.clone();
    turn.log = Some(TurnLog { session, turn: 1, entry: json!({}) });
    turn.outbox = vec![NewDelivery { url: String::new(), body: json!({}) }];
    turn.values = owners(bot, key)
        .into_iter()
        .map(|owner| ValueChange { owner, name: "seat".to_owned(), value: Some(json!("4C")), expires_at: None })
        .collect();
    let put = async |poll_id: String| {
        let id = store.ids().object_id();
        let new = NewInboxMessage { id, conversation: key.clone(), payload: json!({}), poll_id: Some(poll_id) };
        store.put_inbox(new).await.unwrap()
    };
    let done = put(format!("done {} {}", bot.id, key.identity)).await;
    put(format!("pending {} {}", bot.id, key.identity)).await;
    let asked = NewBotKitRequest {
        id: format!("asked {} {}", bot.id, key.user),
        conversation: key.clone(),
        session: turn.session.as_ref().unwrap().id.clone(),
        kind: String::new(),
        payload: json!({}),
        waits_until: store.clock().now(),
    };
    store.put_botkit_request(asked).await.unwrap();
    turn.inbox_done = Some(InboxDone { id: done.id, result: json!({}), has_journal: false });
    store.commit_turn(turn).await.unwrap();
    let new = NewAttachment {
        account: place.account.clone(),
        user: key.user.clone(),
        name: "photo.png".to_owned(),
        extension: "png".to_owned(),
        expires_at: None,
    };
    store.put_attachment(new, Bytes::from_static(b"photo")).await.unwrap().id.into_string()
}

fn owners(bot: &Bot, key: &ConversationKey) -> [ValueOwner; 5] {
    let (account, user) = (key.account.clone(), key.user.clone());
    [
        ValueOwner::BotUser(bot.id.clone(), user.clone()),
        ValueOwner::User(account.clone(), user.clone()),
        ValueOwner::UserTags(account.clone(), user),
        ValueOwner::Bot(bot.id.clone()),
        ValueOwner::Enterprise(account),
    ]
}

/// What there is of a user with a bot: messages, logs, messages that wait, whether there is a conversation, and values by
/// owner.
async fn left(place: &Place, bot: &Bot, key: &ConversationKey) -> (i64, i64, usize, bool, [usize; 5]) {
    let store = &place.store;
    let messages = MessageFilter {
        account: place.account.clone(),
        bots: Some(vec![bot.id.clone()]),
        sessions: None,
        user: Some(key.identity.clone()),
        channel: None,
        direction: None,
        from: None,
        to: None,
        tags: None,
        without_tasks: false,
        order: Order::OldestFirst,
        after: None,
        offset: 0,
        limit: 1,
    };
    let logs = TurnLogFilter {
        account: place.account.clone(),
        bot: bot.id.clone(),
        user: Some(key.identity.clone()),
        channel: None,
        from: None,
        to: None,
        offset: 0,
        limit: 1,
    };
    let mut values = [0; 5];
    for (count, owner) in values.iter_mut().zip(owners(bot, key)) {
        *count = store.context_values(&[owner]).await.unwrap().len();
    }
    (
        store.messages(&messages).await.unwrap().total,
        store.turn_logs(&logs).await.unwrap().total,
        store.pending_inbox(&bot.id, &key.user, &key.channel).await.unwrap().len(),
        store.conversation(&bot.id, &key.user, &key.channel).await.unwrap().is_some(),
        values,
    )
}

#[tokio::test]
async fn everything_about_a_user_goes_and_nothing_of_others() {
    let place = Place::open().await;
    let store = &place.store;
    let (bot, other) = (place.bot(no_content()).await, place.bot(no_content()).await);
    let of = |bot: &Bot, name: &str| key(&place, bot, name);
    let mut files = Vec::new();
    // More messages than one transaction removes.
    for (bot, name, answers) in [(&bot, "ann", 1100), (&other, "ann", 1), (&bot, "bob", 2)] {
        files.push(talk(&place, bot, &of(bot, name), answers).await);
    }
    let ann_at_bot = || of(&bot, "ann");
    let untouched = |messages| (messages, 1, 1, true, [1; 5]);
    assert_eq!(left(&place, &bot, &ann_at_bot()).await, untouched(1101));

    let erase = async |users: &[&str], bots: Option<Vec<domain::BotId>>| {
        let users = users.iter().map(|&user| user.to_owned()).collect();
        store.erase_users(&EraseFilter { account: place.account.clone(), bots, users }).await.unwrap()
    };
    assert_eq!(erase(&["nobody"], None).await, Erased::default());
    assert_eq!(erase(&[], None).await, Erased::default());

    // A turn that runs meanwhile is refused.
    let running = store.conversation(&bot.id, &ann_at_bot().user, "rtm").await.unwrap().unwrap().session.unwrap();
    let one_bot = Erased {
        conversations: 1,
        sessions: 1,
        messages: 1101,
        values: 1,
        inbox: 2,
        outbox: 1,
        botkit_requests: 1,
        turn_logs: 1,
        attachments: 0,
    };
    assert_eq!(erase(&["ann"], Some(vec![bot.id.clone()])).await, one_bot);
    let expected = Some(running.id.clone());
    let late = TurnCommit { session: Some(running), ..TurnCommit::of(ann_at_bot(), expected) };
    assert!(matches!(store.commit_turn(late).await, Err(store::Error::Conflict(_))));
    assert_eq!(left(&place, &bot, &ann_at_bot()).await, (0, 0, 0, false, [0, 1, 1, 1, 1]));
    assert_eq!(left(&place, &other, &of(&other, "ann")).await, untouched(2));

    // By id, with all bots: what belongs to no bot goes as well.
    let all_bots = Erased { messages: 2, values: 3, attachments: 2, ..one_bot };
    assert_eq!(erase(&["u-ann", "ann"], None).await, all_bots);
    assert_eq!(left(&place, &other, &of(&other, "ann")).await, (0, 0, 0, false, [0, 0, 0, 1, 1]));
    let user = |name: &str| UserId::stored(format!("u-{name}"));
    for (id, name, is_there) in [(&files[0], "ann", false), (&files[1], "ann", false), (&files[2], "bob", true)] {
        let file = store.attachment(&place.account, &user(name), id).await.unwrap();
        assert_eq!(file.is_some(), is_there, "{name}");
    }
    assert_eq!(store.attachment(&place.account, &user("ann"), &files[2]).await.unwrap(), None, "it is of bob");
    assert_eq!(left(&place, &bot, &of(&bot, "bob")).await, untouched(3));
    place.close().await;
}

#[tokio::test]
async fn somebody_of_the_account_is_found_by_address() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let person = NewUser {
        email: "ann@example.com".to_owned(),
        first_name: String::new(),
        last_name: String::new(),
        password_hash: None,
        is_owner: false,
        can_create_bot: false,
        is_developer: false,
        details: json!({}),
    };
    let person = store.create_user(&place.account, person).await.unwrap();
    let by_id = ConversationKey { user: person.id, ..key(&place, &bot, "identity") };
    let by_identity = key(&place, &bot, "Ann@Example.com");
    for key in [&by_id, &by_identity] {
        talk(&place, &bot, key, 1).await;
    }
    let users = vec!["ANN@example.com".to_owned()];
    let filter = EraseFilter { account: place.account.clone(), bots: None, users };
    assert_eq!(store.erase_users(&filter).await.unwrap().sessions, 2);
    for key in [&by_id, &by_identity] {
        assert_eq!(left(&place, &bot, key).await, (0, 0, 0, false, [0, 0, 0, 1, 1]));
    }
    place.close().await;
}

#[tokio::test]
async fn a_wish_is_kept_until_it_ended_once() {
    let place = Place::open().await;
    let store = &place.store;
    let first = store.create_erase_request(&place.account, json!({"users": ["ann"]})).await.unwrap();
    place.hand.advance(std::time::Duration::from_secs(1));
    let second = store.create_erase_request(&place.account, json!({"users": ["bob"]})).await.unwrap();
    assert!(first.id.starts_with("eud-"), "{}", first.id);
    assert_eq!(store.open_erase_requests(10).await.unwrap(), [first.clone(), second.clone()]);
    let result = json!({"sessions": 1});
    assert!(store.finish_erase_request(&first.id, EraseStatus::Completed, &result).await.unwrap());
    assert!(!store.finish_erase_request(&first.id, EraseStatus::Failed, &json!({})).await.unwrap());
    let kept = store.erase_request(&place.account, &first.id).await.unwrap().unwrap();
    assert_eq!((kept.status, kept.detail, kept.finished_at), (EraseStatus::Completed, result, Some(second.created_at)));
    assert_eq!(store.open_erase_requests(10).await.unwrap(), [second]);
    let other = domain::AccountId::stored("other");
    assert_eq!(store.erase_request(&other, &first.id).await.unwrap(), None);
    place.close().await;
}
