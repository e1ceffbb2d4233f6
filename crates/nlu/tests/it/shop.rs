//! A bot made by hand: a flower shop, with a little of everything that is understood without learning.

use definition::nlp::{Intent, NlpData, SmallTalk, TraitGroup, Utterance};

/// A dialog's root intent.
pub fn intent(label: &str, utterances: &[&str], patterns: &[&str]) -> Intent {
    let utterances = utterances.iter().map(|text| Utterance { text: (*text).to_owned(), ..Utterance::default() });
    Intent {
        component_id: format!("dc-{label}"),
        name: label.replace(' ', "_"),
        label: label.to_owned(),
        dialog_id: format!("dg-{label}"),
        dialog_name: label.to_owned(),
        utterances: utterances.collect(),
        patterns: patterns.iter().map(|text| (*text).to_owned()).collect(),
        ..Intent::default()
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn talk(id: &str, parent: &str, utterances: &[&str]) -> SmallTalk {
    SmallTalk {
        node_id: id.to_owned(),
        parent_id: parent.to_owned(),
        group: "greetings".to_owned(),
        utterances: texts(utterances),
        replies: "[]".to_owned(),
    }
}

/// The shop.
pub fn data() -> NlpData {
    let mut cancel = intent("Cancel Delivery", &["stop my delivery", "I do not want the bouquet any more"], &[]);
    cancel.negative_patterns = texts(&["cancel * subscription"]);
    let mut complain = intent("Make Complaint", &[], &[]);
    complain.trait_rules = vec![texts(&["angry"])];
    NlpData {
        language: "en".to_owned(),
        bot_name: "Petals".to_owned(),
        intents: vec![
            intent(
                "Send Flowers",
                &["I would like a bouquet of roses", "have tulips brought to my aunt"],
                &["deliver * [rose tulip lily]"],
            ),
            cancel,
            intent("Opening Hours", &["when are you open", "how late can I come"], &["< open > ", "*4 closing *"]),
            complain,
            intent("GetCareTips", &["my orchid is dying"], &[]),
        ],
        small_talk: vec![
            talk("smn-hello", "", &["~greeting"]),
            talk("smn-joke", "", &["tell * joke"]),
            talk("smn-more", "smn-joke", &["[another more]"]),
        ],
        trait_groups: vec![TraitGroup {
            name: "mood".to_owned(),
            match_strategy: "probability".to_owned(),
            score_threshold: 0.5,
            traits: vec![
                ("angry".to_owned(), texts(&["totally unacceptable", "worst shop ever"])),
                ("happy".to_owned(), texts(&["lovely work"])),
            ],
        }],
        synonyms: vec![
            ("flower".to_owned(), texts(&["bouquet", "bunch of roses", "~bloom"])),
            ("send".to_owned(), texts(&["ship"])),
            ("cancel".to_owned(), texts(&["call off"])),
        ],
        concepts: vec![
            ("~greeting".to_owned(), texts(&["hello", "hi", "good_morning", "👋"])),
            ("~bloom".to_owned(), texts(&["peony", "dahlia"])),
            ("~yes".to_owned(), texts(&["< yes >", "yes", "sure", "of_course", "👍"])),
            ("~no".to_owned(), texts(&["no", "not", "of_course_not", "< nope"])),
            ("~bot_substitutions".to_owned(), texts(&["wanna|want to", "gonna|going to"])),
        ],
        ..NlpData::default()
    }
}
