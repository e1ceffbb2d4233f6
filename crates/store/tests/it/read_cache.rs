//! Answers that are kept are never old ones.

use store::{Bot, NewChange};

use crate::place::{Place, no_content};

#[tokio::test]
async fn what_another_process_commits_is_in_the_very_next_answer() {
    let place = Place::open().await;
    let other = place.another().await;
    let mut bot = place.bot(no_content()).await;
    for number in 0..100 {
        // Asked twice, the second answer is a kept one.
        for store in [&place.store, &place.store, &other, &other] {
            assert_eq!(store.bot(&bot.id).await.unwrap().unwrap().name, bot.name, "before change {number}");
        }
        let changing = if number % 2 == 0 { &other } else { &place.store };
        let message = "renamed".to_owned();
        let change = NewChange { user: place.user.clone(), resource_id: None, resource_type: "test", message };
        let rename = move |bot: &mut Bot| bot.name = format!("Changed {number}");
        bot = changing.edit_bot(&bot, change, rename).await.unwrap().unwrap();
    }
    assert!(other.delete_bot(&bot.id).await.unwrap());
    assert_eq!(place.store.bot(&bot.id).await.unwrap(), None);
    other.close().await;
    place.close().await;
}
