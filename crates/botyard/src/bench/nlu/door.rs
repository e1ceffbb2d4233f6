//! Understanding as users meet it: a bot is made of a data set, imported, published, and asked over `findIntent` with
//! default settings. Beside it stands what the classifier alone would answer.
//!
//! Of every figure the denominator is all rows: a question back ("did you mean") is not right, and neither is silence.

use std::path::{Path, PathBuf};

use nlu::ml::{Example, Expert};
use nlu::text::Language;
use serde_json::{Value, json};

use super::super::connection::{Connection, post};
use super::super::export::archive_of;
use super::super::server::Served;
use super::data::{DataSets, Labelled};
use super::intents_bot::{documents, task_name};
use super::{Aim, BenchError, Row, best};

/// A set to be measured.
struct Set {
    name: String,
    language: &'static str,
    train: Labelled,
    test: Labelled,
    /// Utterances that mean nothing the bot knows.
    unknown: Vec<String>,
    /// The intent of rows that mean nothing the bot knows, in a set that has them among the others.
    none: &'static str,
    /// Least share of right answers, and of refused ones, each of all rows.
    floors: [Option<f64>; 2],
}

/// Sets that are known: their name, language, files, what they call rows without a meaning, and floors.
type Known = (&'static str, &'static str, [&'static str; 2], &'static [&'static str], &'static str, [Option<f64>; 2]);
const OUT_OF_SCOPE: &[&str] = &["clinc150/oos_test.tsv"];
const KNOWN: [Known; 15] = [
    ("CLINC150", "en", ["clinc150/train.tsv", "clinc150/test.tsv"], OUT_OF_SCOPE, "", [Some(0.855), Some(0.9)]),
    (
        "CLINC150 5-shot",
        "en",
        ["fewshot/clinc150/train_5.tsv", "clinc150/test.tsv"],
        OUT_OF_SCOPE,
        "",
        [Some(0.665), Some(0.82)],
    ),
    (
        "CLINC150 10-shot",
        "en",
        ["fewshot/clinc150/train_10.tsv", "clinc150/test.tsv"],
        OUT_OF_SCOPE,
        "",
        [Some(0.725), Some(0.86)],
    ),
    (
        "credit cards",
        "en",
        [
            "fewshot/clinc-single-domain-oos/credit_cards/train.tsv",
            "fewshot/clinc-single-domain-oos/credit_cards/test.tsv",
        ],
        &[
            "fewshot/clinc-single-domain-oos/credit_cards/id-oos/test.tsv",
            "fewshot/clinc-single-domain-oos/credit_cards/ood-oos/test.tsv",
        ],
        "",
        [Some(0.87), Some(0.88)],
    ),
    (
        "banking",
        "en",
        ["fewshot/clinc-single-domain-oos/banking/train.tsv", "fewshot/clinc-single-domain-oos/banking/test.tsv"],
        &[
            "fewshot/clinc-single-domain-oos/banking/id-oos/test.tsv",
            "fewshot/clinc-single-domain-oos/banking/ood-oos/test.tsv",
        ],
        "",
        [Some(0.85), Some(0.9)],
    ),
    (
        "HINT3 Curekart",
        "en",
        ["hint3/v1_curekart_train.tsv", "hint3/v1_curekart_test.tsv"],
        &[],
        "NO_NODES_DETECTED",
        [Some(0.75), Some(0.79)],
    ),
    ("AskUbuntu", "en", ["braun/askubuntu_train.tsv", "braun/askubuntu_test.tsv"], &[], "", [Some(0.8), None]),
    ("Chatbot", "en", ["braun/chatbot_train.tsv", "braun/chatbot_test.tsv"], &[], "", [Some(0.83), None]),
    ("xSID en", "en", ["xsid/en_valid.tsv", "xsid/en_test.tsv"], OUT_OF_SCOPE, "", [Some(0.83), None]),
    ("xSID de", "de", ["xsid/de_valid.tsv", "xsid/de_test.tsv"], &[], "", [Some(0.81), None]),
    ("xSID it", "it", ["xsid/it_valid.tsv", "xsid/it_test.tsv"], &[], "", [Some(0.83), None]),
    ("xSID tr", "tr", ["xsid/tr_valid.tsv", "xsid/tr_test.tsv"], &[], "", [Some(0.87), None]),
    ("xSID ja", "ja", ["xsid/ja_valid.tsv", "xsid/ja_test.tsv"], &[], "", [Some(0.86), None]),
    ("xSID ar", "ar", ["xsid/ar_valid.tsv", "xsid/ar_test.tsv"], &[], "", [Some(0.78), None]),
    ("xSID id", "id", ["xsid/id_valid.tsv", "xsid/id_test.tsv"], &[], "", [Some(0.83), None]),
];

/// The files of a set that is not known by its name: those of a folder, and below it.
const TRAIN: &str = "train.tsv";
const TEST: &str = "test.tsv";
const UNKNOWN: &str = "oos_test.tsv";

/// One row for each figure of each set: those that are known, or, in a folder that has a `train.tsv` and a `test.tsv` itself,
/// that one alone, as English (with an `oos_test.tsv`, if there is one).
pub(super) async fn measure(
    data: &DataSets,
    embeddings: Option<&Path>,
    tell: impl Fn(&str),
) -> Result<Vec<Row>, BenchError> {
    let mut rows = Vec::new();
    let mut sets = Vec::new();
    if let Some(own) = own_set(data)? {
        sets.push(own);
    } else {
        for known in KNOWN {
            match known_set(data, known)? {
                Ok(set) => sets.push(set),
                Err(missing) => rows.push(Row::skipped(format!("door, {}", known.0), &missing)),
            }
        }
    }
    if sets.is_empty() {
        return Ok(rows);
    }
    let server = Served::start_with(embeddings).await?;
    let mut connection = server.connect().await?;
    for set in sets {
        tell(&format!("door, {}", set.name));
        rows.extend(measure_set(&server, &mut connection, &set).await?);
    }
    Ok(rows)
}

fn known_set(data: &DataSets, known: Known) -> Result<Result<Set, PathBuf>, BenchError> {
    let (name, language, files, unknown_files, none, floors) = known;
    let [train, test] = match data.read(files)? {
        Ok(sets) => sets,
        Err(missing) => return Ok(Err(missing)),
    };
    let mut unknown = Vec::new();
    for file in unknown_files {
        match data.read([file])? {
            Ok([set]) => unknown.extend(set.rows.into_iter().map(|(_, text)| text)),
            Err(missing) => return Ok(Err(missing)),
        }
    }
    Ok(Ok(Set { name: name.to_owned(), language, train, test, unknown, none, floors }))
}

/// The set of a folder that is one itself.
fn own_set(data: &DataSets) -> Result<Option<Set>, BenchError> {
    let Ok([train, test]) = data.read([TRAIN, TEST])? else { return Ok(None) };
    let unknown = match data.read([UNKNOWN])? {
        Ok([set]) => set.rows.into_iter().map(|(_, text)| text).collect(),
        Err(_) => Vec::new(),
    };
    let name = data.path("").file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Some(Set { name, language: "en", train, test, unknown, none: "", floors: [None, None] }))
}

/// What `findIntent` said of a text.
struct Said {
    /// The task, where one was found.
    found: Option<String>,
    /// Its score.
    score: f64,
    /// What the user is asked about.
    asked: Vec<String>,
}

/// How a set was answered.
#[derive(Default)]
struct Counts {
    rows: usize,
    in_scope: usize,
    right: usize,
    answered: usize,
    answered_right: usize,
    asked: usize,
    among_three: usize,
    alone: usize,
    unknown: usize,
    refused: usize,
    asked_in_vain: usize,
    /// The score of what was found for each row in scope, and whether it was right.
    found: Vec<(f64, bool)>,
    /// The score of what was started for each row out of scope.
    started: Vec<f64>,
}

/// The scores from which an answer counts, on the curve.
const CURVE: [f64; 4] = [0.3, 0.5, 0.7, 0.9];

async fn measure_set(server: &Served, connection: &mut Connection, set: &Set) -> Result<Vec<Row>, BenchError> {
    let known = || set.train.rows.iter().filter(|(intent, _)| intent != set.none);
    let (definition, config) =
        documents(&set.name, set.language, known().map(|(intent, text)| (intent.as_str(), text.as_str())));
    let file = server.upload(connection, &archive_of(&definition, &config)?).await?;
    let (bot, _) = server.import(connection, &file).await?;
    server.publish(connection, &bot).await?;
    let language = Language::of(set.language);
    let examples: Vec<Example<'_>> = known().map(|(intent, text)| Example { intent, text }).collect();
    let expert = Expert::train(&language, &examples, &[]).ok_or_else(|| BenchError::Data {
        path: set.train.path.clone(),
        what: "has fewer than two intents".to_owned(),
    })?;
    let mut counts = Counts::default();
    for (intent, text) in &set.test.rows {
        let said = ask(server, connection, &bot, text).await?;
        counts.rows += 1;
        if intent == set.none {
            counts.unknown += 1;
            let is_refused = said.found.is_none();
            counts.refused += usize::from(is_refused);
            counts.started.extend((!is_refused).then_some(said.score));
            counts.asked_in_vain += usize::from(!said.asked.is_empty());
            counts.right += usize::from(is_refused);
            continue;
        }
        let task = task_name(intent);
        let is_right = said.found.as_ref() == Some(&task);
        counts.in_scope += 1;
        counts.right += usize::from(is_right);
        counts.answered += usize::from(said.found.is_some());
        counts.found.extend(said.found.is_some().then_some((said.score, is_right)));
        counts.answered_right += usize::from(is_right);
        counts.asked += usize::from(!said.asked.is_empty());
        counts.among_three += usize::from(is_right || said.asked.iter().take(3).any(|it| *it == task));
        counts.alone += usize::from(best(&expert, &language, text).0 == intent);
    }
    for text in &set.unknown {
        let said = ask(server, connection, &bot, text).await?;
        counts.unknown += 1;
        counts.refused += usize::from(said.found.is_none());
        counts.started.extend(said.found.is_some().then_some(said.score));
        counts.asked_in_vain += usize::from(!said.asked.is_empty());
    }
    Ok(rows_of(set, &counts))
}

fn rows_of(set: &Set, counts: &Counts) -> Vec<Row> {
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let name = |what: &str| format!("door, {}: {what}", set.name);
    let row = |what: &str, value: f64, floor: Option<f64>| match floor {
        Some(floor) => Row::held(name(what), value, "", Aim::AtLeast(floor)),
        None => Row::told(name(what), value, ""),
    };
    let mut rows = vec![
        row("right, of all rows", share(counts.right, counts.rows), set.floors[0]),
        row("classifier alone, of those in scope", share(counts.alone, counts.in_scope), None),
        row("answered, of those in scope", share(counts.answered, counts.in_scope), None),
        row("right, of those answered", share(counts.answered_right, counts.answered), None),
        row("asked back, of those in scope", share(counts.asked, counts.in_scope), None),
        row("right or among the first three asked about", share(counts.among_three, counts.in_scope), None),
    ];
    if counts.unknown > 0 {
        rows.push(row("nothing started, of those out of scope", share(counts.refused, counts.unknown), set.floors[1]));
        rows.push(row("asked back, of those out of scope", share(counts.asked_in_vain, counts.unknown), None));
    }
    // What would come of it if only such scores counted.
    for least in CURVE {
        let right = counts.found.iter().filter(|(score, is_right)| *is_right && *score >= least).count();
        let answered = counts.found.iter().filter(|(score, _)| *score >= least).count();
        let at = |what: &str| format!("{what}, scores from {least}");
        rows.push(row(&at("right, of those in scope"), share(right, counts.in_scope), None));
        rows.push(row(&at("right, of those answered"), share(right, answered), None));
        if counts.unknown > 0 {
            let started = counts.started.iter().filter(|score| **score >= least).count();
            rows.push(row(&at("nothing started"), share(counts.unknown - started, counts.unknown), None));
        }
    }
    rows
}

async fn ask(server: &Served, connection: &mut Connection, bot: &str, text: &str) -> Result<Said, BenchError> {
    let path = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=false");
    let answer = connection.call(&post(&path, &server.token, &json!({"input": text, "streamName": "bench"}))).await?;
    let response = &answer["response"];
    let named = |it: &Value| it["intent"].as_str().unwrap_or_default().to_owned();
    let winners: Vec<String> =
        response["finalResolver"]["winningIntent"].as_array().into_iter().flatten().map(named).collect();
    let is_found = response["result"].as_str().is_some_and(|word| word.starts_with("success"));
    let score = response["finalResolver"]["winningIntent"][0]["score"].as_f64().unwrap_or(0.0);
    Ok(if is_found {
        Said { found: winners.into_iter().next(), score, asked: Vec::new() }
    } else {
        Said { found: None, score, asked: winners }
    })
}

/// Whether a folder is a set itself.
pub(super) fn is_set(folder: &Path) -> bool {
    folder.join(TRAIN).is_file() && folder.join(TEST).is_file()
}
