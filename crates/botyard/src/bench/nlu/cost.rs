//! What understanding costs: training, answers, room. Taken on CLINC150, which is as large as bots become.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use nlu::text::Language;

use super::super::memory::kilobytes;
use super::data::{DataSets, Labelled};
use super::{Aim, BenchError, Row, best, train};

const NAMES: [&str; 7] = [
    "training, 1,900 utterances / 64 intents",
    "training, 15,000 utterances / 150 intents",
    "answer, p50",
    "answer, p99",
    "model at 15,000 utterances, stored",
    "model at 15,000 utterances, in memory",
    "peak memory of training 15,000 utterances",
];
/// A bot of middling size.
const INTENTS: usize = 64;
const UTTERANCES: usize = 1_900;

pub(super) fn measure(data: &DataSets) -> Result<Vec<Row>, BenchError> {
    let [examples, test] = match data.read(["clinc150/train.tsv", "clinc150/test.tsv"])? {
        Ok(sets) => sets,
        Err(missing) => return Ok(NAMES.map(|name| Row::skipped(name, &missing)).into()),
    };
    let [small, large, p50, p99, stored, held, peak] = NAMES;
    let language = Language::of("en");
    let middling = middling(&examples);
    let (_, small_time) = timed(|| train(&language, &middling));
    let before = kilobytes(std::process::id(), "VmRSS:");
    let (expert, large_time) = timed(|| train(&language, &examples));
    let after = kilobytes(std::process::id(), "VmHWM:");
    let expert = expert?;
    let mut answers: Vec<Duration> = Vec::with_capacity(test.rows.len());
    for (_, text) in &test.rows {
        let start = Instant::now();
        black_box(best(&expert, &language, text));
        answers.push(start.elapsed());
    }
    answers.sort_unstable();
    let micros = |share: usize| answers[(answers.len() - 1) * share / 100].as_secs_f64() * 1e6;
    let mut rows = vec![
        Row::held(small, small_time.as_secs_f64(), "s", Aim::AtMost(0.5)),
        Row::held(large, large_time.as_secs_f64(), "s", Aim::AtMost(3.0)),
        Row::told(p50, micros(50), "µs"),
        Row::held(p99, micros(99), "µs", Aim::AtMost(100.0)),
        Row::held(stored, expert.to_bytes().len() as f64 / 1e6, "MB", Aim::AtMost(25.0)),
        Row::told(held, expert.size() as f64 / 1e6, "MB"),
    ];
    if let (Some(before), Some(after)) = (before, after) {
        rows.push(Row::told(peak, (after - before) * 1024.0 / 1e6, "MB"));
    }
    Ok(rows)
}

/// The first intents, with as many utterances each as it takes.
fn middling(all: &Labelled) -> Labelled {
    let mut intents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (intent, text) in &all.rows {
        intents.entry(intent).or_default().push(text);
    }
    let each = UTTERANCES.div_ceil(INTENTS);
    let rows = intents
        .into_iter()
        .take(INTENTS)
        .flat_map(|(intent, texts)| texts.into_iter().take(each).map(move |text| (intent.to_owned(), text.to_owned())));
    Labelled { path: all.path.clone(), rows: rows.take(UTTERANCES).collect() }
}

/// What came of some work, and the time that this thread was at it; where the system does not tell, the time that passed.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (before, start) = (processor_time(), Instant::now());
    let result = work();
    let time = match (before, processor_time()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed(),
    };
    (result, time)
}

/// The first number that Linux tells about a thread's turns: nanoseconds on a processor.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
