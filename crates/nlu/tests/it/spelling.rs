//! What the classifier reads of misspelt messages: the word that was meant, where that is clear, and nothing else changed.

use definition::nlp::{Choice, Entity, Faq, NlpData, Phrasing, SmallTalk};
use nlu::{Learned, Model, Question, State};

use crate::shop::intent;

/// A message, and what is read of it; nothing where it is read as it stands.
const TABLE: &str = include_str!("spelling.tsv");

fn question(text: &str) -> Faq {
    Faq { question: Phrasing { text: text.to_owned(), ..Phrasing::default() }, ..Faq::default() }
}

fn entity(name: &str, entity_type: &str, choices: &[&str]) -> Entity {
    let choices = choices.iter().map(|title| Choice { title: (*title).to_owned(), ..Choice::default() });
    Entity {
        component_id: format!("dc-{name}"),
        name: name.to_owned(),
        entity_type: entity_type.to_owned(),
        choices: choices.collect(),
        ..Entity::default()
    }
}

/// A bot with few sentences.
fn data() -> NlpData {
    let mut travel =
        intent("Book Flight", &["book a flight to the coast", "I want to fly home", "which plane is it"], &[]);
    travel.entities = vec!["dc-City".to_owned(), "dc-Day".to_owned()];
    NlpData {
        language: "en".to_owned(),
        intents: vec![
            travel,
            intent("Cancel Booking", &["cancel my booking", "please cancel the reservation"], &[]),
            intent(
                "Track Order",
                &[
                    "track my order",
                    "where is my package",
                    "has my package been sent",
                    "when is the delivery coming",
                    "the delivery is late",
                    "I can pick it up later",
                ],
                &[],
            ),
            intent("Wire Money", &["wire money to my brother", "transfer money abroad"], &[]),
            intent("Open Account", &["open an account", "a free account please"], &[]),
            intent("Close Account", &["close my account", "does it still match my plan"], &[]),
            intent("Opening Hours", &["what are your opening hours", "are you open on sundays"], &[]),
            intent("Change Address", &["how do I change my address"], &[]),
            intent("Reset Password", &["I forgot my password", "reset my password"], &[]),
            intent(
                "Order Food",
                &[
                    "order a drink",
                    "bring me a clean plate",
                    "one sausage",
                    "I tried the soup",
                    "two pairs of sausages",
                ],
                &[],
            ),
            intent("Lost Card", &["I lost my card", "my bags are gone", "I hurt my back"], &[]),
        ],
        faqs: vec![question("do you sell gift vouchers"), question("do you sell candy")],
        entities: vec![
            entity("City", "city", &[]),
            entity("Day", "date", &[]),
            entity("Drink", "list_of_values", &["Latte", "Espresso", "Cappuccino"]),
        ],
        synonyms: vec![("order".to_owned(), vec!["purchase".to_owned()])],
        concepts: vec![("~stone".to_owned(), vec!["granite".to_owned()])],
        small_talk: vec![SmallTalk {
            node_id: "smn-joke".to_owned(),
            utterances: vec!["tell me a joke".to_owned()],
            replies: "[]".to_owned(),
            ..SmallTalk::default()
        }],
        ..NlpData::default()
    }
}

#[test]
fn the_classifier_reads_what_was_meant() {
    let data = data();
    let learned = Learned::train(&data).0;
    let model = Model::new(data, learned);
    let now = "2026-03-04T10:00:00[UTC]".parse().unwrap();
    let rows = TABLE.lines().filter_map(|line| line.split_once('\t'));
    let mut wrong = String::new();
    let mut count = 0;
    for (said, meant) in rows {
        let understood = model.understand(&Question { text: said, now: &now, state: State::default() });
        let expected = if meant.is_empty() { said } else { meant };
        let read = understood.message.as_meant();
        if read != expected {
            wrong += &format!("`{said}` is read as `{read}`, not as `{expected}`\n");
        }
        assert_eq!(understood.message.text, said);
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 60, "{count} rows");
}
