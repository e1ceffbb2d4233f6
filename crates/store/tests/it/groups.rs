//! Transactions that are committed together: each stands or falls by itself.

use store::{Error, NewChange};

use crate::place::{Place, no_content};

/// How a transaction of the test ends, after it wrote its entry.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Succeeds,
    Refuses,
    FailsInSql,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_fails_leaves_no_trace_and_its_neighbours_alone() {
    let place = Place::open().await;
    let bot = place.bot(no_content()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..300 {
        let end = [End::Succeeds, End::Refuses, End::FailsInSql][number % 3];
        let message = format!("{number:03} {end:?}");
        let change =
            NewChange { user: place.user.clone(), resource_id: None, resource_type: "test", message: message.clone() };
        let entry = change.entry(&place.store, &place.account, &bot.id);
        let store = place.store.clone();
        tasks.spawn(async move {
            let written = store
                .write(move |tx| {
                    Box::pin(async move {
                        entry.insert(tx).await?;
                        match end {
                            End::Succeeds => Ok(()),
                            End::Refuses => Err(Error::Conflict("the test".to_owned())),
                            // The id is taken, by itself.
                            End::FailsInSql => entry.insert(tx).await,
                        }
                    })
                })
                .await;
            (message, end, written)
        });
    }
    let mut kept = Vec::new();
    for (message, end, written) in tasks.join_all().await {
        match (end, &written) {
            (End::Succeeds, Ok(())) => kept.push(message),
            (End::Refuses, Err(Error::Conflict(_))) | (End::FailsInSql, Err(Error::Database(_))) => {}
            _ => panic!("{message}: {written:?}"),
        }
    }
    kept.sort();
    assert_eq!(kept.len(), 100);
    assert_eq!(place.changes(&bot.id).await, kept);
    place.close().await;
}

#[tokio::test]
async fn a_transaction_that_panics_does_not_take_the_writer_with_it() {
    let place = Place::open().await;
    let bot = place.bot(no_content()).await;
    let store = place.store.clone();
    let panicked = tokio::spawn(async move {
        store.write(|_| Box::pin(async { if true { panic!("of the test") } else { Ok(()) } })).await
    });
    // Where the panic surfaces depends on the engine; that it did not succeed does not.
    assert!(!matches!(panicked.await, Ok(Ok(()))));
    place.store.submit(place.export_of(&bot), None).await.unwrap();
    assert_eq!(place.store.open_requests().await.unwrap(), (1, 0));
    place.close().await;
}
