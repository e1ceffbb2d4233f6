//! HINT3 Curekart: what real people asked, half of it nothing the bot knows, with the threshold that training learned.

use nlu::measure::Classification;
use nlu::text::Language;

use super::data::DataSets;
use super::{Aim, BenchError, Row, best, train};

const NAME: &str = "HINT3 Curekart accuracy, own threshold";
/// What the data set calls the intent of utterances that mean nothing the bot knows.
const NONE: &str = "NO_NODES_DETECTED";

pub(super) fn measure(data: &DataSets) -> Result<Row, BenchError> {
    let [examples, test] = match data.read(["hint3/v1_curekart_train.tsv", "hint3/v1_curekart_test.tsv"])? {
        Ok(sets) => sets,
        Err(missing) => return Ok(Row::skipped(NAME, &missing)),
    };
    let language = Language::of("en");
    let expert = train(&language, &examples)?;
    let judged = Classification::of(test.rows.iter().map(|(intent, text)| {
        let (answer, score) = best(&expert, &language, text);
        (Some(intent.as_str()).filter(|it| *it != NONE), Some(answer).filter(|_| score >= expert.threshold()))
    }));
    Ok(Row::held(NAME, judged.accuracy(), "", Aim::AtLeast(0.73)))
}
