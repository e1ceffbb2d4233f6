//! AskUbuntu: 53 questions to learn from. Its class `None` counts like an intent, as in what is published about it.

use nlu::measure::Classification;
use nlu::text::Language;

use super::data::DataSets;
use super::{Aim, BenchError, Row, best, train};

const NAME: &str = "AskUbuntu micro-F1";

pub(super) fn measure(data: &DataSets) -> Result<Row, BenchError> {
    let [examples, test] = match data.read(["braun/askubuntu_train.tsv", "braun/askubuntu_test.tsv"])? {
        Ok(sets) => sets,
        Err(missing) => return Ok(Row::skipped(NAME, &missing)),
    };
    let language = Language::of("en");
    let expert = train(&language, &examples)?;
    let judged = Classification::of(
        test.rows.iter().map(|(intent, text)| (Some(intent.as_str()), Some(best(&expert, &language, text).0))),
    );
    Ok(Row::held(NAME, judged.micro_f1(), "", Aim::AtLeast(0.915)))
}
