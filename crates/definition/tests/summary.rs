//! What lists and status logs say about a bot.

mod corpus;

use definition::summary::Summary;
use definition::tasks::{Kind, resources, tasks};
use definition::{Config, Document};

fn parse(text: &str) -> Document {
    Document::parse(text, "bot.json").expect("the test document is valid")
}

#[test]
fn a_summary_reads_names_and_refuses_nothing_it_can_do_without() {
    let definition = parse(
        r##"{"_id": "st-1", "refId": "r1", "type": "default", "purpose": "customer", "color": "#009dab",
        "defaultLanguage": "de", "supportedLanguages": ["en", "de"], "botEvents": 3,
        "localeData": {"en": {"name": "Travel"}, "de": {"name": "Reise", "description": "Plant"}, "fr": {}},
        "knowledgeTasks": [{"faqs": {"faqs": [1, 2]}}, {"faqs": null}, {}], "forms": {}, "sentences": [{}, {}]}"##,
    );
    let summary = Summary::of(&definition).unwrap();
    assert_eq!(summary.name.as_deref(), Some("Reise"));
    assert_eq!(summary.names.len(), 2);
    assert_eq!(summary.description.as_deref(), Some("Plant"));
    assert_eq!(summary.supported_languages, ["en", "de"]);
    assert_eq!((summary.counts.faqs, summary.counts.sentences, summary.counts.forms), (2, 2, 0));
    assert!(!summary.is_legacy_universal);

    let bare = Summary::of(&parse("{}")).unwrap();
    assert_eq!((bare.name, bare.default_language.as_str()), (None, "en"));
    let other_language = parse(r#"{"defaultLanguage": "en", "localeData": {"fr": {"name": "Voyage"}}}"#);
    assert_eq!(Summary::of(&other_language).unwrap().name.as_deref(), Some("Voyage"));
    assert!(Summary::of(&parse(r#"{"localeData": []}"#)).is_err());
}

#[test]
fn old_universal_bots_are_told_from_newer_ones() {
    let table = [
        (r#"{"type": "universalbot"}"#, true),
        (r#"{"type": "universalbot", "linkedBotsDetails": []}"#, true),
        (r#"{"type": "universalbot", "universalBotVersion": 1}"#, true),
        (r#"{"type": "universalbot", "universalBotVersion": "1"}"#, true),
        (r#"{"type": "universalbot", "universalBotVersion": null}"#, true),
        (r#"{"type": "UniversalBot", "universalBotVersion": 2}"#, false),
        (r#"{"type": "universalbot", "universalBotVersion": "2"}"#, false),
        (r#"{"type": "universalbot", "universalBotVersion": 3}"#, false),
        (r#"{"type": "default", "universalBotVersion": 1}"#, false),
        ("{}", false),
    ];
    for (text, is_legacy) in table {
        assert_eq!(Summary::of(&parse(text)).unwrap().is_legacy_universal, is_legacy, "{text}");
    }
}

#[test]
fn tasks_come_in_a_fixed_order_with_events_last() {
    let definition = parse(
        r#"{"defaultLanguage": "en", "botEvents": {"WELCOME_MESSAGE_EVENT": {}, "TASK_FAILURE_EVENT": {}},
        "panels": [{"name": "Home"}], "widgets": [{"refId": "w1", "localeData": {"en": {"title": "Chart"}}}],
        "dialogs": [{"_id": "dg-1", "refId": "r1", "lname": "pay bill", "localeData": {"de": {"name": "Zahlen"}, "en": {"name": "Pay"}}},
                    7, {"_id": "dg-2", "lname": "stub"}],
        "alerts": "none"}"#,
    );
    let listed: Vec<_> = tasks(&definition).into_iter().map(|task| (task.kind.wire_name(), task.name)).collect();
    let expected = [
        ("Dialog", "Pay"),
        ("Dialog", "stub"),
        ("Widget", "Chart"),
        ("Panel", "Home"),
        ("Event", "WELCOME_MESSAGE_EVENT"),
        ("Event", "TASK_FAILURE_EVENT"),
    ];
    assert_eq!(listed, expected.map(|(kind, name)| (kind, name.to_owned())));
    let dialog = resources(&definition).remove(0);
    assert_eq!((dialog.kind, dialog.id.as_str(), dialog.ref_id.as_str()), (Kind::Dialog, "dg-1", "r1"));
    assert_eq!((dialog.languages, dialog.version.as_str()), (vec!["de".to_owned(), "en".to_owned()], "1.0"));
}

#[test]
fn every_corpus_bot_has_an_identity_and_tasks() {
    for export in corpus::exports() {
        let definition = Document::parse(export.definition, &export.name).unwrap();
        let summary = Summary::of(&definition).unwrap();
        assert!(summary.id.is_some_and(|id| id.starts_with("st-")), "{}", export.name);
        assert!(summary.ref_id.is_some() && summary.name.is_some() && summary.purpose.is_some(), "{}", export.name);
        assert!(!summary.is_legacy_universal, "{}", export.name);
        assert!(summary.counts.dialogs > 0 && summary.counts.components > 0, "{}", export.name);
        let config = Config::parse(export.config, &export.name).unwrap();
        assert!(config.name().is_some(), "{}", export.name);
        assert_eq!(config.secured_values().unwrap(), [], "{}: exports have no secrets", export.name);
        assert_eq!(config.without_secured_values().unwrap().0, config.text(), "{}", export.name);
        let tasks = tasks(&definition);
        assert!(tasks.iter().all(|task| !task.name.is_empty()), "{}: {tasks:?}", export.name);
        let dialogs = resources(&definition).into_iter().filter(|resource| resource.kind == Kind::Dialog);
        for dialog in dialogs {
            assert!(dialog.id.starts_with("dg-") && !dialog.ref_id.is_empty(), "{}: {dialog:?}", export.name);
        }
        if export.name == "ecommerce-en-id" {
            assert_eq!(summary.supported_languages, ["en", "id"]);
            let count = |kind| tasks.iter().filter(|task| task.kind == kind).count();
            assert_eq!(
                (count(Kind::Dialog), count(Kind::Widget), count(Kind::Panel), count(Kind::Event)),
                (21, 9, 3, 5)
            );
        }
    }
}
