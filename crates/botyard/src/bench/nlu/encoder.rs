//! What an encoder costs: the time of a message, by one thread.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use super::data::DataSets;
use super::{Aim, BenchError, Row};

const TABLE: f64 = 0.2;
const LAYERS: f64 = 15.0;
/// So many messages are asked about.
const ASKED: usize = 500;

pub(super) fn measure(data: &DataSets, path: &Path) -> Result<Vec<Row>, BenchError> {
    let broken =
        |error: understanding::EncoderError| BenchError::Data { path: path.to_owned(), what: error.to_string() };
    let encoder = understanding::read_encoder(path).map_err(broken)?;
    let [p50, p99] = ["encoder, a message, p50", "encoder, a message, p99"];
    // In a folder that is a set itself, its own messages.
    let own = data.path("test.tsv");
    let file = if own.is_file() { "test.tsv" } else { "clinc150/test.tsv" };
    let [test] = match data.read([file])? {
        Ok(sets) => sets,
        Err(missing) => return Ok([p50, p99].map(|name| Row::skipped(name, &missing)).into()),
    };
    let step = test.rows.len().div_ceil(ASKED).max(1);
    let mut times: Vec<Duration> = test
        .rows
        .iter()
        .step_by(step)
        .map(|(_, text)| {
            let start = Instant::now();
            black_box(encoder.embed(text));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let millis =
        |share: usize| times.get(times.len().saturating_sub(1) * share / 100).map_or(0.0, |it| it.as_secs_f64() * 1e3);
    let most = if encoder.is_table() { TABLE } else { LAYERS };
    Ok(vec![Row::held(p50, millis(50), "ms", Aim::AtMost(most)), Row::told(p99, millis(99), "ms")])
}
