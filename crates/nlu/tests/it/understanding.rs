//! A message from its words to its meaning, and the laws that hold for any bot and any message.

use nlu::candidate::Target;
use nlu::resolver::{Elimination, Outcome};
use nlu::{Learned, Model, Question, State, Unreadable};
use proptest::prelude::*;

use crate::shop;

fn model(data: definition::nlp::NlpData) -> Model {
    let (learned, _) = Learned::train(&data);
    Model::new(data, learned)
}

fn outcome(model: &Model, text: &str, state: State<'_>) -> Outcome {
    let now = "2026-03-04T10:00:00[UTC]".parse().unwrap();
    model.understand(&Question { text, now: &now, state }).outcome
}

#[test]
fn scope_decides_what_can_be_meant() {
    let mut data = shop::data();
    let mut sub = shop::intent("Change Colour", &["make it red instead", "another colour please"], &[]);
    sub.scopes = vec!["dg-Send Flowers".to_owned()];
    sub.dialog_id = String::new();
    data.intents.push(sub);
    data.intents[2].follow_up = true;
    data.intents[4].preconditions = vec!["customer".to_owned()];
    let model = model(data);
    let running = ["dg-Send Flowers".to_owned()];
    let in_dialog = State { dialogs: &running, ..State::default() };
    let tags = ["customer".to_owned()];
    let as_customer = State { context_tags: &tags, ..State::default() };
    let found = |at| Outcome::Found(Target::Intent(at));
    for (text, state, expected) in [
        ("change colour", State::default(), Outcome::Nothing),
        ("change colour", in_dialog, found(5)),
        ("make it red instead", in_dialog, found(5)),
        ("opening hours", State::default(), Outcome::Nothing),
        ("opening hours", in_dialog, found(2)),
        ("care tips", State::default(), Outcome::Nothing),
        ("care tips", as_customer, found(4)),
    ] {
        assert_eq!(outcome(&model, text, state), expected, "{text} {state:?}");
    }
    let now = "2026-03-04T10:00:00[UTC]".parse().unwrap();
    let understood = model.understand(&Question { text: "care tips", now: &now, state: State::default() });
    assert!(understood.ranking.iter().any(|it| it.eliminated == Some(Elimination::Precondition)), "{understood:?}");
}

#[test]
fn what_is_denied_is_not_meant() {
    let mut data = shop::data();
    data.intents[4].utterances.extend(shop::intent("", &["I don't want to water it too much"], &[]).utterances);
    let model = model(data);
    let found = |at| Outcome::Found(Target::Intent(at));
    for (text, expected) in [
        ("cancel delivery", found(1)),
        ("I don't want to cancel delivery", Outcome::Nothing),
        ("never asked you to cancel delivery", Outcome::Nothing),
        ("I don't want to cancel delivery, send flowers", found(0)),
        ("don't cancel delivery, opening hours", found(2)),
        // It cannot be done, or the opposite is meant, or authors wrote it down.
        ("why can't I cancel delivery", found(1)),
        ("I do not want the bouquet any more", found(1)),
        ("I don't want to water it too much", found(4)),
    ] {
        assert_eq!(outcome(&model, text, State::default()), expected, "{text}");
    }
    let now = "2026-03-04T10:00:00[UTC]".parse().unwrap();
    let text = "I don't want to cancel delivery";
    let understood = model.understand(&Question { text, now: &now, state: State::default() });
    assert_eq!(understood.message.text, text);
    assert!(understood.ranking.iter().any(|it| it.eliminated == Some(Elimination::RuledOut)), "{understood:?}");
    assert_eq!(outcome(&model.with_denials(false), text, State::default()), found(1));
}

#[test]
fn the_name_as_spelled_is_the_task() {
    let names = ["Get Card", "Get My Card", "Gets Cards", "Run Order", "Orders", "My Order", "Plan trip", "Plan party"];
    let mut data = shop::data();
    data.intents = names.iter().map(|name| shop::intent(name, &[], &[])).collect();
    data.intents[3].utterances = shop::intent("", &["my order"], &[]).utterances;
    data.synonyms = vec![
        ("run".to_owned(), vec!["get".to_owned(), "fetch".to_owned()]),
        ("order".to_owned(), vec!["card".to_owned(), "item".to_owned()]),
    ];
    let mut quiet = data.clone();
    quiet.thresholds.rule.label_match = false;
    let quiet = self::model(quiet);
    let model = self::model(data);
    let found = |at| Outcome::Found(Target::Intent(at));
    let which = |some: &[usize]| Outcome::Ambiguous(some.iter().copied().map(Target::Intent).collect());
    // Where words of names do not count, the whole name does.
    for (text, expected) in
        [("orders", found(4)), ("ORDERS?", found(4)), ("my orders", Outcome::Nothing), ("plan", which(&[6, 7]))]
    {
        assert_eq!(outcome(&quiet, text, State::default()), expected, "{text}");
    }
    for (text, expected) in [
        // Synonyms, function words and number make other names of it: none of them is the name.
        ("Get Card", found(0)),
        ("GET CARD!", found(0)),
        ("get my card", found(1)),
        ("gets cards", found(2)),
        ("orders", found(4)),
        // A sentence of another task is not its name either.
        ("my order", found(5)),
        // Word for word in a sentence, where synonyms find another name in the same words.
        ("please get card now", found(0)),
        // What nobody spelled: all that it may be.
        ("fetch item", found(3)),
        // The beginning of several names, and of one.
        ("plan", which(&[6, 7])),
        ("plans", which(&[6, 7])),
        ("run", Outcome::Nothing),
    ] {
        assert_eq!(outcome(&model, text, State::default()), expected, "{text}");
    }
}

#[test]
fn a_word_that_only_tasks_without_sentences_have_means_no_other_one() {
    let mut data = shop::data();
    data.intents = vec![
        shop::intent("Pay bill", &["i want to pay my bill", "settle the invoice", "pay what i owe"], &[]),
        shop::intent("Store hours", &["when do you open", "until when are you there", "opening times please"], &[]),
        shop::intent("Track parcel status", &[], &[]),
    ];
    let mut sub = shop::intent("Change First", &["redo the first one"], &[]);
    sub.scopes = vec!["dg-Pay bill".to_owned()];
    data.intents.push(sub);
    let model = model(data);
    for text in ["status", "parcel", "track", "redo", "first"] {
        assert_eq!(outcome(&model, text, State::default()), Outcome::Nothing, "{text}");
    }
    assert_eq!(outcome(&model, "track parcel status", State::default()), Outcome::Found(Target::Intent(2)));
}

#[test]
fn several_tasks_in_one_message() {
    let mut data = shop::data();
    data.settings.several_intents = true;
    let model = model(data);
    let now = "2026-03-04T10:00:00[UTC]".parse().unwrap();
    let parts = |text: &str| -> Vec<(String, Target)> {
        let understood = model.understand(&Question { text, now: &now, state: State::default() });
        understood.parts.iter().map(|part| (text[part.range.clone()].to_owned(), part.target)).collect()
    };
    assert_eq!(
        parts("send flowers and then cancel delivery"),
        [("send flowers".to_owned(), Target::Intent(0)), ("cancel delivery".to_owned(), Target::Intent(1))]
    );
    assert_eq!(parts("send flowers and vases"), []);
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let data = shop::data();
    let (learned, report) = Learned::train(&data);
    let bytes = learned.to_bytes();
    assert_eq!(Learned::train(&data).0.to_bytes(), bytes);
    assert_eq!(Learned::from_bytes(&bytes).as_ref(), Ok(&learned));
    assert_eq!((report.intents, report.utterances), (5, 7));
    for end in 0..bytes.len() {
        assert_eq!(Learned::from_bytes(&bytes[..end]), Err(Unreadable), "cut at {end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_message_is_understood_in_some_way(text in "\\PC{0,80}", seen in "[a-z~*<>!|\\[\\](){}_ ]{0,30}") {
        let mut data = shop::data();
        data.intents[0].patterns.push(seen.clone());
        data.small_talk[0].utterances.push(seen);
        let model = model(data);
        let now = "2026-03-04T10:00:00[UTC]".parse().unwrap();
        let question = Question { text: &text, now: &now, state: State::default() };
        let understood = model.understand(&question);
        for ranked in &understood.ranking {
            prop_assert!((0.0..=1.0).contains(&ranked.total));
            for candidate in &ranked.candidates {
                prop_assert!(text.get(candidate.range.clone()).is_some());
            }
        }
        prop_assert_eq!(model.understand(&question), understood);
    }
}

#[test]
fn long_messages_end_soon() {
    let model = model(shop::data());
    for text in ["send flowers ".repeat(3_000), "x".repeat(50_000), "😀 ".repeat(6_000), "don't ".repeat(6_000)] {
        let _ = outcome(&model, &text, State::default());
    }
}
