//! The queue of requests: leases that lapse, order on a bot, acknowledged submissions.

use std::collections::HashMap;
use std::time::Duration;

use domain::BotId;
use serde_json::json;
use store::{Beat, Error, NewChange, Outcome, Request, State};

use crate::place::{Place, no_content};

const LEASE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_worker_that_lost_its_lease_changes_nothing() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await;
    let id = store.submit(place.export_of(&bot), None).await.unwrap().request.id;
    let first = store.claim("first", LEASE).await.unwrap().unwrap();
    assert_eq!((&first.id, first.attempt), (&id, 1));
    assert!(store.claim("second", LEASE).await.unwrap().is_none(), "it is taken");

    // A lease that was renewed in time holds; one that lapsed does not.
    place.hand.advance(Duration::from_secs(9));
    assert_eq!(store.beat(&first.lease(), LEASE).await.unwrap(), Beat::Held);
    place.hand.advance(Duration::from_secs(9));
    assert!(store.claim("second", LEASE).await.unwrap().is_none(), "it was renewed");
    place.hand.advance(Duration::from_secs(2));
    let second = store.claim("second", LEASE).await.unwrap().unwrap();
    assert_eq!((&second.id, second.attempt), (&id, 2));

    let late = first.lease();
    assert_eq!(store.beat(&late, LEASE).await.unwrap(), Beat::Lost);
    assert_eq!(store.progress(&late, 99).await.unwrap(), Beat::Lost);
    store.hand_back(&late, store.clock().now()).await.unwrap();
    let effect = entry(&place, &bot.id, "of the first");
    let lease = late.clone();
    let now = store.clock().now();
    let ended = store
        .write(move |tx| {
            Box::pin(async move {
                effect.insert(tx).await?;
                Request::finish(tx, &lease, &Outcome::Succeeded(json!("first")), &[], now).await
            })
        })
        .await;
    assert!(matches!(ended, Err(Error::LeaseLost(_))), "{ended:?}");
    assert_eq!(place.changes(&bot.id).await, Vec::<String>::new(), "the effect went with the end");
    let held = store.request(&place.account, &id).await.unwrap().unwrap();
    assert_eq!((held.state, held.attempt, held.progress), (State::Running, 2, 0));

    store.finish(&second.lease(), Outcome::Succeeded(json!("second")), Vec::new()).await.unwrap();
    let twice = store.finish(&second.lease(), Outcome::Cancelled, Vec::new()).await;
    assert!(matches!(twice, Err(Error::LeaseLost(_))), "it ends once: {twice:?}");
    let done = store.request(&place.account, &id).await.unwrap().unwrap();
    assert_eq!((done.state, done.result), (State::Succeeded, Some(json!("second"))));
    place.hand.advance(LEASE * 10);
    assert!(store.claim("third", LEASE).await.unwrap().is_none(), "what has ended is not taken");
    place.close().await;
}

fn entry(place: &Place, bot: &BotId, message: &str) -> store::ChangeEntry {
    let change =
        NewChange { user: place.user.clone(), resource_id: None, resource_type: "test", message: message.to_owned() };
    change.entry(&place.store, &place.account, bot)
}

const BOTS: usize = 4;
const SUBMISSIONS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn submissions_at_once_are_all_kept_and_taken_in_their_order() {
    let place = Place::open().await;
    let mut bots = Vec::new();
    for _ in 0..BOTS {
        bots.push(place.bot(no_content()).await);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..SUBMISSIONS {
        let (store, new) = (place.store.clone(), place.export_of(&bots[number % BOTS]));
        tasks.spawn(async move { store.submit(new, None).await.unwrap().request });
    }
    let mut acknowledged: HashMap<BotId, Vec<i64>> = HashMap::new();
    for request in tasks.join_all().await {
        acknowledged.entry(request.bot.unwrap()).or_default().push(request.sequence);
    }
    // What was acknowledged is what another process finds, and each bot counts its own without a gap.
    let other = place.another().await;
    assert_eq!(other.open_requests().await.unwrap(), (SUBMISSIONS as i64, 0));
    for sequences in acknowledged.values_mut() {
        sequences.sort_unstable();
        let first = sequences[0];
        assert_eq!(*sequences, (first..first + (SUBMISSIONS / BOTS) as i64).collect::<Vec<_>>());
    }

    // Workers of two processes take them, never two of one bot at a time.
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..8 {
        let store = if number % 2 == 0 { place.store.clone() } else { other.clone() };
        workers.spawn(async move {
            let mut taken = Vec::new();
            while store.open_requests().await.unwrap() != (0, 0) {
                if let Some(request) = store.claim(&format!("worker {number}"), LEASE).await.unwrap() {
                    let lease = request.lease();
                    taken.push((request.bot.unwrap(), request.sequence, request.attempt));
                    store.finish(&lease, Outcome::Succeeded(json!(null)), Vec::new()).await.unwrap();
                }
            }
            taken
        });
    }
    let mut taken: HashMap<BotId, Vec<i64>> = HashMap::new();
    for of_worker in workers.join_all().await {
        let mut last: HashMap<BotId, i64> = HashMap::new();
        for (bot, sequence, attempt) in of_worker {
            assert_eq!(attempt, 1, "{bot} {sequence}");
            let before = last.insert(bot.clone(), sequence);
            assert!(before.is_none_or(|before| before < sequence), "{bot}: {before:?} before {sequence}");
            taken.entry(bot).or_default().push(sequence);
        }
    }
    taken.values_mut().for_each(|sequences| sequences.sort_unstable());
    assert_eq!(taken, acknowledged, "each was taken once");
    other.close().await;
    place.close().await;
}

#[tokio::test]
async fn a_request_waits_for_the_earlier_ones_of_its_bot_only() {
    let place = Place::open().await;
    let store = &place.store;
    let (bot, other) = (place.bot(no_content()).await, place.bot(no_content()).await);
    let submit = async |bot| {
        // Of requests that are due at the same moment any may be the first.
        place.hand.advance(Duration::from_millis(1));
        store.submit(place.export_of(bot), None).await.unwrap().request.id
    };
    let (first, second, of_other) = (submit(&bot).await, submit(&bot).await, submit(&other).await);
    let claim = async || store.claim("worker", LEASE).await.unwrap();

    let running = claim().await.unwrap();
    assert_eq!(running.id, first);
    assert_eq!(claim().await.unwrap().id, of_other, "another bot does not wait");
    assert!(claim().await.is_none());
    // Handed back for later, the first one still keeps its place.
    store.hand_back(&running.lease(), store.clock().now().plus(Duration::from_secs(5))).await.unwrap();
    assert!(claim().await.is_none());
    assert!(!store.has_due_request().await.unwrap());
    place.hand.advance(Duration::from_secs(5));
    let again = claim().await.unwrap();
    assert_eq!((&again.id, again.attempt), (&first, 2));
    store.finish(&again.lease(), Outcome::Cancelled, Vec::new()).await.unwrap();
    assert_eq!(claim().await.unwrap().id, second);
    place.close().await;
}
