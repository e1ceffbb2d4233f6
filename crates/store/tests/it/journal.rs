//! Journals of turns.

use serde_json::{Value, json};
use store::{
    ConversationKey, Error, InboxDone, InboxResult, JournalBegin, JournalWrite, KeptJournal, TableOp, TableResult,
    TurnCommit, TurnEffect,
};

use crate::conversations::key;
use crate::place::{Place, no_content};

fn effect(place: &str, answer: Value) -> TurnEffect {
    TurnEffect { place: place.to_owned(), fingerprint: format!("question {place}"), answer }
}

fn write(id: &str, begins: Option<JournalBegin>, effects: &[TurnEffect], said: Option<Value>) -> JournalWrite {
    JournalWrite { id: id.to_owned(), begins, effects: effects.to_vec(), said }
}

fn begin(payload: Option<Value>) -> Option<JournalBegin> {
    Some(JournalBegin { payload, frame: json!({"now": 1}) })
}

fn put_row(name: &str) -> TableOp {
    let data = json!({"name": name}).as_object().cloned().unwrap();
    TableOp::Insert { table: "people".to_owned(), data }
}

async fn rows(place: &Place, key: &ConversationKey) -> usize {
    let query = TableOp::Query { table: "people".to_owned(), filter: None, sort: None, skip: 0, limit: None };
    match place.store.data_table(&key.bot, query).await.unwrap() {
        TableResult::Found { total, .. } => total,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_a_turn_was_answered_is_kept_until_its_end() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let ann = key(&place, &bot, "ann");
    let before = store.turn_commits();

    // The first answer keeps the message, which stands in the inbox from then on.
    let first = write("turn", begin(Some(json!("hi"))), &[effect("1", json!("one"))], Some(json!(["a"])));
    store.keep_effects(&ann, first.clone()).await.unwrap();
    store.keep_effects(&ann, write("turn", None, &[effect("2", json!("two"))], None)).await.unwrap();
    let pending = store.pending_inbox(&ann.bot, &ann.user, &ann.channel).await.unwrap();
    assert_eq!((pending.len(), &pending[0].payload, pending[0].attempts), (1, &json!("hi"), 1));
    let mut kept = store.journal("turn").await.unwrap().unwrap();
    kept.effects.sort_by(|a, b| a.place.cmp(&b.place));
    let expected = KeptJournal {
        frame: Some(json!({"now": 1})),
        said: Some(json!(["a"])),
        effects: vec![effect("1", json!("one")), effect("2", json!("two"))],
    };
    assert_eq!(kept, expected);

    // Somebody else who got as far, or begins it again, is refused; with a table, nothing is written to that either.
    for again in [write("turn", None, &[effect("2", json!("other"))], None), write("turn", begin(None), &[], None)] {
        assert!(matches!(store.keep_effects(&ann, again).await, Err(Error::Conflict(_))));
    }
    let in_turn = |place: &'static str| {
        store.data_table_in_turn(&ann, put_row("Ann"), write("turn", None, &[], None), move |_| effect(place, json!(1)))
    };
    assert!(matches!(in_turn("2").await, Err(Error::Conflict(_))));
    assert_eq!(rows(&place, &ann).await, 0);
    in_turn("3").await.unwrap();
    assert_eq!(rows(&place, &ann).await, 1);

    // Who polls is told once of what went out; the end says how much that was.
    assert!(store.poll_inbox("turn", "poll", 0).await.unwrap());
    let take = async || store.take_polled(&bot.id, "poll", Value::is_string, |_| true).await.unwrap();
    let said = InboxResult::Said { payload: json!("hi"), said: vec![json!("a")] };
    assert_eq!((take().await, take().await), (Some(said), Some(InboxResult::Pending)));
    let done = InboxDone { id: "turn".to_owned(), result: json!("end"), has_journal: true };
    let end = TurnCommit { inbox_done: Some(done), ..TurnCommit::of(ann.clone(), None) };
    store.commit_turn(end).await.unwrap();
    assert_eq!(store.journal("turn").await.unwrap(), None);
    assert_eq!((take().await, take().await), (Some(InboxResult::Done(json!("end"), 1)), None));
    assert!(matches!(store.keep_effects(&ann, write("turn", None, &[], None)).await, Err(Error::Conflict(_))));
    assert_eq!(store.turn_commits() - before, 4, "two answers, a row, the end");
    place.close().await;
}
