//! Tasks of real apps, which have few utterances or none: found by what the apps say of them, or not at all.

use std::path::Path;

use definition::Document;
use definition::nlp::NlpData;
use nlu::candidate::Target;
use nlu::resolver::Outcome;
use nlu::{Learned, Model, Question, State};

/// The model of a shared app; nothing, and a line that says so, when it is not there.
fn app(name: &str) -> Option<Model> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/apps").join(name);
    let Ok(bytes) = std::fs::read(folder.join("appDefinition.json")) else {
        println!("skipped: no ../shared/apps/{name}");
        return None;
    };
    let document = Document::parse(bytes, "appDefinition.json").expect("a definition");
    let data = NlpData::read(&document, "en").expect("a list is a list");
    let learned = Learned::train(&data).0;
    Some(Model::new(data, learned))
}

/// What a message means, in a few words.
fn meaning(model: &Model, text: &str) -> String {
    let now = jiff::Zoned::default();
    let understood = model.understand(&Question { text, now: &now, state: State::default() });
    let name = |target: &Target| match target {
        Target::Intent(at) => model.data().intents[*at].dialog_name.clone(),
        Target::Faq(_) => "a question".to_owned(),
        Target::SmallTalk(_) => "small talk".to_owned(),
    };
    match &understood.outcome {
        Outcome::Found(target) => name(target),
        Outcome::Ambiguous(targets) | Outcome::DidYouMean(targets) => {
            format!("which of {}", targets.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        Outcome::Nothing => "nothing".to_owned(),
    }
}

#[test]
fn tasks_of_apps_are_found_by_what_is_said_of_them() {
    let table = [
        ("medical", "I need to see a doctor, book an appointment", "Book An Appointment"),
        ("medical", "change my appointment", "Modify Appointment Details"),
        ("medical", "show me my appointment", "Get Appointment Details"),
        ("medical", "get appointment details", "Get Appointment Details"),
        ("medical", "reschedule my visit", "Modify Appointment Details"),
        ("medical", "what is the weather like on the moon", "nothing"),
        ("travel", "cancel my flight", "Cancel Booking"),
        ("travel", "book a flight to Delhi", "Book Flight"),
        ("travel", "delete my reservation", "Cancel Booking"),
        ("travel", "I would like to fly to Mumbai", "Book Flight"),
        ("travel", "tell me a recipe for soup", "nothing"),
        ("travel-en-it-de", "retrieve my booking", "Retrieve booking details"),
        ("travel-en-it-de", "get flight details", "Retrieve booking details"),
        ("travel-en-it-de", "modify reservation", "Modify Flight Booking"),
        ("travel-en-it-de", "Cancel Flight", "Cancel flight"),
    ];
    let mut wrong = Vec::new();
    for name in ["medical", "travel", "travel-en-it-de"] {
        let Some(model) = app(name) else { return };
        for (_, text, expected) in table.iter().filter(|(app, ..)| *app == name) {
            let found = meaning(&model, text);
            if found != *expected {
                let now = jiff::Zoned::default();
                let understood = model.understand(&Question { text, now: &now, state: State::default() });
                let why: Vec<_> = understood.ranking.iter().take(3).map(|it| (it.total, &it.candidates)).collect();
                wrong.push(format!("{name}: {text:?} means {found}, not {expected}: {why:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What ordinary users say to the three apps, written by somebody who had seen the apps and nothing of this: the app, what
/// is said, and the task that is meant or `-`.
const SAID: &str = include_str!("apps.tsv");
/// The same by somebody who looked for what goes wrong.
const SAID_BY_AN_ENEMY: &str = include_str!("apps_unfriendly.tsv");

#[test]
fn no_wrong_task_is_started_and_most_are_understood() {
    judge(SAID, 60, 51);
}

#[test]
fn no_wrong_task_is_started_by_weak_words() {
    judge(SAID_BY_AN_ENEMY, 74, 66);
}

/// So many of `count` sentences have to mean what was meant; the others may mean nothing or ask, but never start another task.
fn judge(said: &str, count: usize, least_right: usize) {
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), count);
    let (mut right, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
    for name in ["medical", "travel", "travel-en-it-de"] {
        let Some(model) = app(name) else { return };
        for row in rows.iter().filter(|row| row[0] == name) {
            let (text, expected) = (row[1], row[2]);
            let found = meaning(&model, text);
            let starts = model.data().intents.iter().any(|intent| intent.dialog_name == found);
            if found == expected || (expected == "-" && !starts) {
                right += 1;
            } else if starts {
                let now = jiff::Zoned::default();
                let why = model.understand(&Question { text, now: &now, state: State::default() });
                let why: Vec<_> = why.ranking.iter().take(2).map(|it| &it.candidates).collect();
                wrong.push(format!("{name}: {text:?} starts {found}, not {expected}: {why:?}"));
            } else {
                missed.push(format!("{name}: {text:?} means {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty() && right >= least_right, "{right} right\n{}\n{}", wrong.join("\n"), missed.join("\n"));
}
