//! Models of what real people wrote, asked what others wrote. Each figure is of all rows: a question back is not right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use definition::Document;
use definition::nlp::{Intent, NlpData, Utterance};
use jiff::Zoned;
use nlu::candidate::Target;
use nlu::resolver::Outcome;
use nlu::{Learned, Model, Question, State};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no {}", path.display());
    None
}

fn rows(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| line.split_once('\t').map(|(intent, text)| (intent.to_owned(), text.to_owned()));
    text.lines().filter_map(row).collect()
}

fn model_of(data: NlpData) -> Model {
    let (learned, _) = Learned::train(&data);
    Model::new(data, learned)
}

/// The name of the task that a text is taken for.
fn found(model: &Model, text: &str) -> Option<String> {
    let now = Zoned::default();
    match model.understand(&Question { text, now: &now, state: State::default() }).outcome {
        Outcome::Found(Target::Intent(at)) => Some(model.data().intents[at].label.clone()),
        Outcome::Found(_) => Some("no task".to_owned()),
        _ => None,
    }
}

/// People say the same in many ways, and authors write all of them down: that makes no bot deaf.
#[test]
fn what_is_written_down_again_in_other_ways_makes_nobody_deaf() {
    let Some(folder) = shared("nlu") else { return };
    const INTENTS: usize = 25;
    let mut intents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (intent, text) in rows(&folder.join("fewshot/clinc150/train_10.tsv")) {
        intents.entry(intent.replace('_', " ")).or_default().push(text);
    }
    let intents: Vec<(String, Vec<String>)> = intents.into_iter().take(INTENTS).collect();
    let asked = rows(&folder.join("clinc150/test.tsv"));
    let right = |ways: &[fn(&str) -> String]| -> f64 {
        let utterances = |texts: &[String]| {
            let all = texts.iter().flat_map(|text| ways.iter().map(move |way| way(text)));
            all.map(|text| Utterance { text, ..Utterance::default() }).collect()
        };
        let intent = |(name, texts): &(String, Vec<String>)| Intent {
            component_id: name.clone(),
            name: name.clone(),
            label: name.clone(),
            utterances: utterances(texts),
            ..Intent::default()
        };
        let intents: Vec<Intent> = intents.iter().map(intent).collect();
        let model = model_of(NlpData { language: "en".to_owned(), intents, ..NlpData::default() });
        let names: Vec<&String> = model.data().intents.iter().map(|intent| &intent.label).collect();
        let rows: Vec<(String, &String)> = asked
            .iter()
            .map(|(intent, text)| (intent.replace('_', " "), text))
            .filter(|(intent, _)| names.contains(&intent))
            .collect();
        let right = rows.iter().filter(|(intent, text)| found(&model, text).as_ref() == Some(intent)).count();
        right as f64 / rows.len() as f64
    };
    let plain: fn(&str) -> String = str::to_owned;
    let once = right(&[plain]);
    let often = right(&[
        plain,
        |text| format!("please {text}"),
        |text| format!("hi, {text}"),
        |text| format!("{text} please"),
        |text| format!("{text} thanks"),
    ]);
    println!("of all rows right: {once:.3} with each utterance once, {often:.3} with each in five ways");
    assert!(once > 0.7 && often > once - 0.04, "{once} {often}");
}

/// What people may say to a real shop with 2,023 utterances: 25 sentences that mean one of its tasks, and 15 that mean none.
const SHOP: &str = include_str!("shop.tsv");

#[test]
fn a_shop_with_many_like_utterances_understands_what_is_new() {
    let Some(folder) = shared("corpus/ecommerce-en-id") else { return };
    let bytes = std::fs::read(folder.join("botDefinition.json")).unwrap();
    let document = Document::parse(bytes, "botDefinition.json").unwrap();
    let model = model_of(NlpData::read(&document, "en").unwrap());
    let mut wrong = Vec::new();
    let mut right = [0, 0];
    for line in SHOP.lines() {
        let (task, text) = line.split_once('\t').unwrap();
        let expected = (task != "-").then(|| task.to_lowercase());
        let found = found(&model, text).map(|name| name.to_lowercase());
        if found == expected {
            right[usize::from(task == "-")] += 1;
        } else {
            wrong.push(format!("{text}: {found:?}, not {expected:?}"));
        }
    }
    println!("{right:?} of [25, 15]; {wrong:#?}");
    assert!(right[0] >= 23 && right[1] >= 14, "{right:?} {wrong:#?}");
}
