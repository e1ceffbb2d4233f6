//! CLINC150 with five examples for each intent.

use nlu::measure::Classification;
use nlu::text::Language;

use super::data::DataSets;
use super::{Aim, BenchError, Row, best, train};

const NAME: &str = "CLINC150 5-shot accuracy";

pub(super) fn measure(data: &DataSets) -> Result<Row, BenchError> {
    let [examples, test] = match data.read(["fewshot/clinc150/train_5.tsv", "clinc150/test.tsv"])? {
        Ok(sets) => sets,
        Err(missing) => return Ok(Row::skipped(NAME, &missing)),
    };
    let language = Language::of("en");
    let expert = train(&language, &examples)?;
    let judged = Classification::of(
        test.rows.iter().map(|(intent, text)| (Some(intent.as_str()), Some(best(&expert, &language, text).0))),
    );
    Ok(Row::held(NAME, judged.accuracy(), "", Aim::AtLeast(0.735)))
}
