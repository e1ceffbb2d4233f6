//! CLINC150 in full: 150 intents, and utterances that mean none of them.

use nlu::measure::{Classification, auroc, recall_at_acceptance};
use nlu::text::Language;

use super::data::DataSets;
use super::{Aim, BenchError, Row, best, train};

const NAMES: [&str; 3] =
    ["CLINC150 accuracy in scope", "CLINC150 out of scope, AUROC", "CLINC150 out of scope, recall at 95 %"];
/// The share of utterances in scope that are to pass when the recall of the others is taken.
const ACCEPTED: f64 = 0.95;

pub(super) fn measure(data: &DataSets) -> Result<Vec<Row>, BenchError> {
    let files = ["clinc150/train.tsv", "clinc150/test.tsv", "clinc150/oos_test.tsv"];
    let [examples, test, unknown] = match data.read(files)? {
        Ok(sets) => sets,
        Err(missing) => return Ok(NAMES.map(|name| Row::skipped(name, &missing)).into()),
    };
    let language = Language::of("en");
    let expert = train(&language, &examples)?;
    let answers: Vec<(&str, f32)> = test.rows.iter().map(|(_, text)| best(&expert, &language, text)).collect();
    let expected = test.rows.iter().map(|(intent, _)| Some(intent.as_str()));
    let judged = Classification::of(expected.zip(answers.iter().map(|(intent, _)| Some(*intent))));
    let known: Vec<f32> = answers.iter().map(|(_, score)| *score).collect();
    let unknown: Vec<f32> = unknown.rows.iter().map(|(_, text)| best(&expert, &language, text).1).collect();
    let [accuracy, area, recall] = NAMES;
    Ok(vec![
        Row::held(accuracy, judged.accuracy(), "", Aim::AtLeast(0.925)),
        Row::held(area, auroc(&known, &unknown), "", Aim::AtLeast(0.95)),
        Row::held(recall, recall_at_acceptance(&known, &unknown, ACCEPTED), "", Aim::AtLeast(0.84)),
    ])
}
