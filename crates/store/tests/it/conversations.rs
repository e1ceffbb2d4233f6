//! Turns of conversations: what is refused, what is kept, who works on what.

use std::time::Duration;

use domain::{AccountId, SessionId};
use serde_json::{Value, json};
use store::{
    Bot, ConversationKey, Direction, EndedSession, Error, Message, NewMessage, NewSession, Session, Store, TurnCommit,
    TurnLog, TurnLogFilter, ValueChange, ValueOwner,
};

use crate::place::{Place, no_content};

pub fn key(place: &Place, bot: &Bot, identity: &str) -> ConversationKey {
    ConversationKey {
        account: place.account.clone(),
        bot: bot.id.clone(),
        user: domain::UserId::stored(format!("u-{identity}")),
        identity: identity.to_owned(),
        channel: "rtm".to_owned(),
    }
}

pub fn message(direction: Direction, client_id: Option<&str>, text: &str) -> NewMessage {
    NewMessage {
        direction,
        client_id: client_id.map(str::to_owned),
        language: "en".to_owned(),
        components: vec![json!({"cT": "text", "data": {"text": text}})],
        tags: Vec::new(),
        alternative_texts: Vec::new(),
        trace_id: None,
        of_task: false,
        answer: None,
    }
}

pub fn said(client_id: &str, answers: &[&str]) -> Vec<NewMessage> {
    let mut messages = vec![message(Direction::Incoming, Some(client_id), client_id)];
    messages.extend(answers.iter().map(|answer| message(Direction::Outgoing, None, answer)));
    messages
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.components[0]["data"]["text"].as_str().unwrap()).collect()
}

pub fn new_session(store: &Store, key: &ConversationKey) -> Session {
    store.new_session(NewSession {
        account: key.account.clone(),
        bot: key.bot.clone(),
        user: key.user.clone(),
        identity: key.identity.clone(),
        channel: key.channel.clone(),
        interactive: true,
        developer: false,
        language: "en".to_owned(),
        call_id: None,
        state: json!({}),
    })
}

/// The first turn of a conversation.
pub fn first_turn(store: &Store, key: &ConversationKey, messages: Vec<NewMessage>) -> TurnCommit {
    TurnCommit { session: Some(new_session(store, key)), messages, ..TurnCommit::of(key.clone(), None) }
}

async fn active(store: &Store, key: &ConversationKey) -> Option<Session> {
    store.conversation(&key.bot, &key.user, &key.channel).await.unwrap().and_then(|conversation| conversation.session)
}

fn next_turn(key: &ConversationKey, session: &Session, messages: Vec<NewMessage>) -> TurnCommit {
    TurnCommit { session: Some(session.clone()), messages, ..TurnCommit::of(key.clone(), Some(session.id.clone())) }
}

#[tokio::test]
async fn a_conversation_knows_its_active_session() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let key = key(&place, &bot, "ann");
    assert_eq!(store.conversation(&key.bot, &key.user, &key.channel).await.unwrap(), None);

    let mut first = first_turn(store, &key, said("1", &["Hello", "How are you?"]));
    first.details = Some(json!({"returning": true}));
    let first = store.commit_turn(first).await.unwrap();
    let session = first.session.unwrap();
    assert_eq!((session.revision, session.messages), (1, 3));
    assert_eq!(first.messages.iter().map(|message| message.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    let kept = store.conversation(&key.bot, &key.user, &key.channel).await.unwrap().unwrap();
    assert_eq!((&kept.key, &kept.details), (&key, &json!({"returning": true})));
    assert_eq!(kept.session.as_ref(), Some(&session));

    // The next turn keeps the details and moves the session on.
    place.hand.advance(Duration::from_secs(1));
    let mut changed = Session { state: json!({"turn": 2}), ..session.clone() };
    changed.expires_at = Some(store.clock().now().plus(Duration::from_secs(60)));
    let second = store.commit_turn(next_turn(&key, &changed, said("2", &[]))).await.unwrap().session.unwrap();
    assert_eq!((second.revision, second.messages), (2, 4));
    let kept = store.conversation(&key.bot, &key.user, &key.channel).await.unwrap().unwrap();
    assert_eq!((kept.details, kept.session.as_ref()), (json!({"returning": true}), Some(&second)));
    assert_eq!((kept.created_at, kept.active_at), (session.started_at, second.active_at));

    // A session that is closed from outside is not the conversation's any more, and another may begin.
    let filter = store::CloseFilter { sessions: vec![second.id.clone()], ..Default::default() };
    let change = store::NewChange {
        user: place.user.clone(),
        resource_id: None,
        resource_type: "session",
        message: "closed".to_owned(),
    };
    store.close_sessions(&place.account, &bot.id, &filter, &[], |_| change).await.unwrap();
    assert_eq!(active(store, &key).await, None);
    let third = store.commit_turn(first_turn(store, &key, said("1", &[]))).await.unwrap().session.unwrap();
    assert_eq!(active(store, &key).await, Some(third));
    place.close().await;
}

#[tokio::test]
async fn a_turn_ends_an_earlier_session_and_begins_another() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let key = key(&place, &bot, "ann");
    let old = store.commit_turn(first_turn(store, &key, said("1", &["Hello"]))).await.unwrap().session.unwrap();
    place.hand.advance(Duration::from_secs(3600));
    let at = store.clock().now().minus(Duration::from_secs(60));
    let left = Session { containment: Some(store::Containment::DropOff), ..old.clone() };
    let closing = vec![message(Direction::Outgoing, None, "I am closing")];
    let mut turn = TurnCommit {
        ended: Some(EndedSession { session: left, at, messages: closing }),
        expected_session: Some(old.id.clone()),
        ..first_turn(store, &key, said("1", &["Welcome back"]))
    };
    // Not beside an active one: that would leave two.
    let beside = TurnCommit { ended: None, ..turn.clone() };
    assert!(matches!(store.commit_turn(beside).await, Err(Error::Conflict(_))));

    turn.log = Some(TurnLog { session: turn.session.as_ref().unwrap().id.clone(), turn: 1, entry: json!("log") });
    let committed = store.commit_turn(turn.clone()).await.unwrap();
    let ended = store.session(&old.id).await.unwrap().unwrap();
    assert_eq!(committed.ended.as_ref(), Some(&ended));
    assert_eq!((ended.ended_at, ended.messages, ended.revision), (Some(at), 3, 2));
    assert_eq!(ended.containment, Some(store::Containment::DropOff));
    assert_eq!(texts(&committed.closing_messages), ["I am closing"]);
    assert_eq!(committed.closing_messages[0].created_at, at);
    assert_eq!(texts(&committed.messages), ["1", "Welcome back"]);
    assert_eq!(active(store, &key).await, committed.session);
    assert!(matches!(store.commit_turn(turn).await, Err(Error::Conflict(_))), "it ends once");

    // An end of the session itself leaves the conversation without one.
    let session = Session { ended_at: Some(store.clock().now()), ..committed.session.unwrap() };
    store.commit_turn(next_turn(&key, &session, Vec::new())).await.unwrap();
    assert_eq!(active(store, &key).await, None);
    place.close().await;
}

/// What happens to a conversation behind the back of a turn that loaded it.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    AnotherTurn,
    Closed,
    Ended,
    Restarted,
}

#[tokio::test]
async fn a_turn_that_was_overtaken_writes_nothing() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    for meanwhile in [Meanwhile::AnotherTurn, Meanwhile::Closed, Meanwhile::Ended, Meanwhile::Restarted] {
        let key = key(&place, &bot, &format!("{meanwhile:?}"));
        let loaded = store.commit_turn(first_turn(store, &key, said("1", &[]))).await.unwrap().session.unwrap();
        let end = || EndedSession { session: loaded.clone(), at: store.clock().now(), messages: Vec::new() };
        let expected = Some(loaded.id.clone());
        match meanwhile {
            Meanwhile::AnotherTurn => drop(store.commit_turn(next_turn(&key, &loaded, said("2", &[]))).await.unwrap()),
            Meanwhile::Closed => {
                let filter = store::CloseFilter { user: Some(key.identity.clone()), ..Default::default() };
                let message = "closed".to_owned();
                let user = place.user.clone();
                let change = store::NewChange { user, resource_id: None, resource_type: "session", message };
                let closed = store.close_sessions(&place.account, &bot.id, &filter, &[], |_| change).await.unwrap();
                assert_eq!(closed, std::slice::from_ref(&loaded.id));
            }
            Meanwhile::Ended => {
                let turn = TurnCommit { ended: Some(end()), ..TurnCommit::of(key.clone(), expected.clone()) };
                store.commit_turn(turn).await.unwrap();
            }
            Meanwhile::Restarted => {
                let turn = TurnCommit {
                    ended: Some(end()),
                    expected_session: expected.clone(),
                    ..first_turn(store, &key, said("2", &[]))
                };
                store.commit_turn(turn).await.unwrap();
            }
        }
        let before = store.conversation(&key.bot, &key.user, &key.channel).await.unwrap();
        let owner = ValueOwner::BotUser(key.bot.clone(), key.user.clone());
        let change =
            ValueChange { owner: owner.clone(), name: "seat".to_owned(), value: Some(json!("4C")), expires_at: None };
        place.hand.advance(Duration::from_secs(1));
        let late = TurnCommit {
            details: Some(json!({"late": true})),
            values: vec![change],
            ..next_turn(&key, &loaded, said("3", &["late"]))
        };
        let refused = store.commit_turn(late).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{meanwhile:?}: {refused:?}");
        assert_eq!(store.conversation(&key.bot, &key.user, &key.channel).await.unwrap(), before, "{meanwhile:?}");
        assert_eq!(store.context_values(&[owner]).await.unwrap(), []);
        assert_eq!(store.messages_of_turn(&key.bot, &key.user, &key.channel, "3").await.unwrap(), None);
    }
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_first_turns_at_once_one_succeeds() {
    let place = Place::open().await;
    let other = place.another().await;
    let bot = place.bot(no_content()).await;
    for round in 0..20 {
        let key = key(&place, &bot, &format!("user {round}"));
        let mut tasks = tokio::task::JoinSet::new();
        for (number, store) in [&place.store, &other, &place.store, &other].into_iter().enumerate() {
            let turn = first_turn(store, &key, said(&number.to_string(), &["Hello"]));
            let store = store.clone();
            tasks.spawn(async move { store.commit_turn(turn).await });
        }
        let mut begun = Vec::new();
        for outcome in tasks.join_all().await {
            match outcome {
                Ok(turn) => begun.push(turn.session.unwrap()),
                Err(error) => assert!(matches!(error, Error::Conflict(_)), "round {round}: {error:?}"),
            }
        }
        assert_eq!(begun.len(), 1, "round {round}");
        assert_eq!(active(&place.store, &key).await, begun.pop());
    }
    other.close().await;
    place.close().await;
}

#[tokio::test]
async fn a_message_that_is_sent_twice_has_one_answer() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let key = key(&place, &bot, "ann");
    let mut session =
        store.commit_turn(first_turn(store, &key, said("1", &["a", "b"]))).await.unwrap().session.unwrap();
    for (client_id, answers) in [("2", &[][..]), ("3", &["c"])] {
        session =
            store.commit_turn(next_turn(&key, &session, said(client_id, answers))).await.unwrap().session.unwrap();
    }
    let twice = store.commit_turn(next_turn(&key, &session, said("1", &["again"]))).await;
    assert!(matches!(twice, Err(Error::Exists(_))), "{twice:?}");
    assert_eq!(active(store, &key).await, Some(session.clone()));

    let answers = async |client_id: &str| {
        let turn = store.messages_of_turn(&key.bot, &key.user, &key.channel, client_id).await.unwrap();
        turn.map(|turn| texts(&turn).into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let owned = |texts: &[&str]| Some(texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
    for _ in 0..2 {
        assert_eq!(answers("1").await, owned(&["1", "a", "b"]));
        assert_eq!(answers("2").await, owned(&["2"]));
        assert_eq!(answers("3").await, owned(&["3", "c"]));
        assert_eq!(answers("4").await, None);
        // In a session that has ended they are found as well; the second round looks there.
        if let Some(session) = active(store, &key).await {
            let session = Session { ended_at: Some(store.clock().now()), ..session };
            store.commit_turn(next_turn(&key, &session, Vec::new())).await.unwrap();
        }
    }
    let other = self::key(&place, &bot, "bob");
    assert_eq!(store.messages_of_turn(&other.bot, &other.user, &other.channel, "1").await.unwrap(), None);
    // A session takes more messages in a turn than a statement does.
    let many: Vec<String> = (0..250).map(|number| format!("answer {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    store.commit_turn(first_turn(store, &other, said("1", &many))).await.unwrap();
    let turn = store.messages_of_turn(&other.bot, &other.user, &other.channel, "1").await.unwrap().unwrap();
    assert_eq!(texts(&turn)[1..], many);
    place.close().await;
}

#[tokio::test]
async fn one_owner_at_a_time_has_a_conversation() {
    let place = Place::open().await;
    let bot = place.bot(no_content()).await;
    let other = place.another().await;
    let key = key(&place, &bot, "ann");
    let claim = async |store: &Store, owner: &str| {
        let until = store.clock().now().plus(Duration::from_secs(10));
        store.claim_conversation(&key, owner, until).await.unwrap()
    };
    assert!(claim(&place.store, "first").await, "the conversation begins to exist");
    assert!(!claim(&other, "second").await);
    place.hand.advance(Duration::from_secs(9));
    assert!(claim(&place.store, "first").await, "its own");
    place.hand.advance(Duration::from_secs(9));
    assert!(!claim(&other, "second").await, "it was kept for longer");
    place.hand.advance(Duration::from_secs(1));
    assert!(claim(&other, "second").await, "it lapsed");
    place.store.release_conversation(&key, "first").await.unwrap();
    assert!(!claim(&place.store, "first").await, "it was not the first one's to release");
    // Whoever writes a turn need not have the lease; the lease stays whose it is.
    place.store.commit_turn(first_turn(&place.store, &key, said("1", &[]))).await.unwrap();
    assert!(!claim(&place.store, "first").await);
    other.release_conversation(&key, "second").await.unwrap();
    assert!(claim(&place.store, "first").await);
    assert!(active(&place.store, &key).await.is_some());
    other.close().await;
    place.close().await;
}

#[tokio::test]
async fn idle_sessions_are_those_whose_time_is_over() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let begin = async |name: &str, minutes: Option<u64>| {
        let key = key(&place, &bot, name);
        let mut turn = first_turn(store, &key, said("1", &[]));
        let end = minutes.map(|minutes| store.clock().now().plus(Duration::from_secs(minutes * 60)));
        turn.session.as_mut().unwrap().expires_at = end;
        (key, store.commit_turn(turn).await.unwrap().session.unwrap())
    };
    begin("never", None).await;
    begin("later", Some(30)).await;
    let (second, first) = (begin("second", Some(20)).await, begin("first", Some(10)).await);
    let (closed, session) = begin("closed", Some(10)).await;
    let session = Session { ended_at: Some(store.clock().now()), ..session };
    store.commit_turn(next_turn(&closed, &session, Vec::new())).await.unwrap();

    assert_eq!(store.idle_sessions(10).await.unwrap(), []);
    place.hand.advance(Duration::from_secs(20 * 60));
    let idle = async |limit| -> Vec<(ConversationKey, SessionId)> {
        let idle = store.idle_sessions(limit).await.unwrap();
        idle.into_iter().map(|idle| (idle.conversation, idle.session)).collect()
    };
    let expected = [&first, &second].map(|(key, session)| (key.clone(), session.id.clone()));
    assert_eq!(idle(10).await, expected);
    assert_eq!(idle(1).await, expected[..1]);
    // A turn moves the end on.
    let moved = Session { expires_at: Some(store.clock().now().plus(Duration::from_secs(1))), ..first.1 };
    store.commit_turn(next_turn(&first.0, &moved, said("2", &[]))).await.unwrap();
    assert_eq!(idle(10).await, expected[1..]);
    place.close().await;
}

#[tokio::test]
async fn values_are_forgotten_in_time() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let key = key(&place, &bot, "ann");
    let (account, user) = (place.account.clone(), key.user.clone());
    let owners = [
        ValueOwner::BotUser(bot.id.clone(), user.clone()),
        ValueOwner::Enterprise(account.clone()),
        ValueOwner::Bot(bot.id.clone()),
        ValueOwner::User(account.clone(), user.clone()),
        ValueOwner::UserTags(account.clone(), user),
        ValueOwner::Enterprise(AccountId::stored("another")),
    ];
    let write = async |name: &str, value: Option<Value>, minutes: Option<u64>| {
        let expires_at = minutes.map(|minutes| store.clock().now().plus(Duration::from_secs(minutes * 60)));
        let change = |owner: &ValueOwner| {
            let value = value.clone().map(|value| json!([value, format!("{owner:?}")]));
            ValueChange { owner: owner.clone(), name: name.to_owned(), value, expires_at }
        };
        let values = owners.iter().map(change).collect();
        store.commit_turn(TurnCommit { values, ..TurnCommit::of(key.clone(), None) }).await.unwrap();
    };
    let read = async |owners: &[ValueOwner]| -> Vec<(String, Value)> {
        let values = store.context_values(owners).await.unwrap();
        for value in &values {
            assert_eq!(value.value[1], format!("{:?}", value.owner), "{}", value.name);
        }
        values.into_iter().map(|value| (value.name, value.value[0].clone())).collect()
    };
    write("kept", Some(json!(1)), None).await;
    write("short", Some(json!({"deep": [true]})), Some(1)).await;
    write("long", Some(json!(null)), Some(5)).await;
    let all = |names: &[(&str, Value)], owners: usize| -> Vec<(String, Value)> {
        std::iter::repeat_n(names, owners)
            .flat_map(|names| names.iter().map(|(name, value)| ((*name).to_owned(), value.clone())))
            .collect()
    };
    let (kept, short, long) = (("kept", json!(1)), ("short", json!({"deep": [true]})), ("long", json!(null)));
    assert_eq!(read(&owners).await, all(&[kept.clone(), long.clone(), short.clone()], 6));
    assert_eq!(read(&owners[1..3]).await, all(&[kept.clone(), long.clone(), short], 2));
    assert_eq!(read(&[]).await, []);

    place.hand.advance(Duration::from_secs(60));
    assert_eq!(read(&owners).await, all(&[kept.clone(), long.clone()], 6), "expired, though the rows are there");
    assert_eq!(store.drop_expired_values(4).await.unwrap(), 4);
    assert_eq!(store.drop_expired_values(4).await.unwrap(), 2);
    assert_eq!(store.drop_expired_values(4).await.unwrap(), 0);
    // Written again without a time, it stays; removed, it goes.
    write("long", Some(json!(2)), None).await;
    write("kept", None, None).await;
    place.hand.advance(Duration::from_secs(3600));
    assert_eq!(store.drop_expired_values(10).await.unwrap(), 0);
    assert_eq!(read(&owners).await, all(&[("long", json!(2))], 6));

    // What belongs to a bot goes with it.
    assert!(store.delete_bot(&bot.id).await.unwrap());
    assert_eq!(read(&owners).await, all(&[("long", json!(2))], 4));
    place.close().await;
}

#[tokio::test]
async fn logs_of_turns_are_listed_and_dropped() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let (ann, bob) =
        (key(&place, &bot, "ann"), ConversationKey { channel: "ivr".to_owned(), ..key(&place, &bot, "bob") });
    let begun = store.clock().now();
    for key in [&ann, &bob] {
        let mut turn = first_turn(store, key, said("1", &[]));
        for number in 1..=3 {
            let session = turn.session.as_ref().unwrap().id.clone();
            turn.log = Some(TurnLog { session, turn: number, entry: json!(format!("{} {number}", key.identity)) });
            let session = store.commit_turn(turn).await.unwrap().session.unwrap();
            turn = next_turn(key, &session, Vec::new());
            place.hand.advance(Duration::from_secs(1));
        }
    }
    let all = TurnLogFilter {
        account: place.account.clone(),
        bot: bot.id.clone(),
        user: None,
        channel: None,
        from: None,
        to: None,
        offset: 0,
        limit: 10,
    };
    let second = |number| Some(begun.plus(Duration::from_secs(number)));
    let cases: [(TurnLogFilter, i64, &[&str]); 7] = [
        (all.clone(), 6, &["bob 3", "bob 2", "bob 1", "ann 3", "ann 2", "ann 1"]),
        (TurnLogFilter { user: Some("ann".to_owned()), ..all.clone() }, 3, &["ann 3", "ann 2", "ann 1"]),
        (TurnLogFilter { user: Some("u-bob".to_owned()), offset: 1, limit: 1, ..all.clone() }, 3, &["bob 2"]),
        (TurnLogFilter { channel: Some("ivr".to_owned()), ..all.clone() }, 3, &["bob 3", "bob 2", "bob 1"]),
        (TurnLogFilter { from: second(2), to: second(3), ..all.clone() }, 2, &["bob 1", "ann 3"]),
        (TurnLogFilter { bot: domain::BotId::stored("st-other"), ..all.clone() }, 0, &[]),
        (TurnLogFilter { account: AccountId::stored("other"), ..all.clone() }, 0, &[]),
    ];
    for (filter, total, entries) in cases {
        let page = store.turn_logs(&filter).await.unwrap();
        let found: Vec<&Value> = page.items.iter().map(|item| &item.log.entry).collect();
        assert_eq!(
            (page.total, found),
            (total, entries.iter().map(|&entry| json!(entry)).collect::<Vec<_>>().iter().collect()),
            "{filter:?}"
        );
    }
    assert_eq!(store.drop_turn_logs(second(3).unwrap(), 2).await.unwrap(), 2);
    assert_eq!(store.drop_turn_logs(second(3).unwrap(), 2).await.unwrap(), 1);
    let left = store.turn_logs(&all).await.unwrap().items;
    assert!(left.iter().all(|entry| entry.conversation == bob), "{left:?}");
    place.close().await;
}
