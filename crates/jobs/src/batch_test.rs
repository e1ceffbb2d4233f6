//! Run of a suite of batch tests against the draft or the published version of a bot.

use definition::finding::{Finding, listed};
use domain::task::{BatchTest, BatchTestResult, TestedVersion};
use nlu::measure::IntentMeasure;
use serde_json::{Value, json};
use store::Failure;
use understanding::{TestCase, TestReport, Verdict, can_be_run, run_test, unknown_names};

use crate::documents::blocking;
use crate::runner::{Attempt, Done};
use crate::{Context, JobError, export_file};

/// After how many cases the progress is shown.
const STEP: usize = 250;

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let id = request.bot.as_ref().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = store.bot(id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let asked: BatchTest = request.asked()?;
    let definition = if asked.version == TestedVersion::Published {
        let version = store.published_version(&bot).await?;
        let version = version.ok_or_else(|| {
            JobError::refused("the bot was never published; publish it first, or test the version `inDevelopment`")
        })?;
        version.content.definition
    } else {
        bot.content.definition.clone()
    };
    let (cases, language) = match &asked.suite_id {
        Some(suite_id) => {
            let suite = store.test_suite(id, suite_id).await?;
            let suite = suite.ok_or_else(|| JobError::refused("the test suite was removed meanwhile"))?;
            let cases: Vec<TestCase> = serde_json::from_value(suite.cases)
                .map_err(|error| JobError::refused(format!("the stored test suite is damaged: {error}")))?;
            (Some(cases), suite.language)
        }
        None => (None, asked.language.unwrap_or(bot.default_language)),
    };
    let model = context.models.model(&definition, &language).await?;
    // Without a suite, everything the bot's developers wrote is tested.
    let cases = cases.unwrap_or_else(|| developers_cases(model.data()));
    let findings = unknown_names(model.data(), &cases);
    if !cases.is_empty() && !can_be_run(model.data(), &cases) {
        return Err(nothing_left(findings));
    }
    attempt.progress(10).await?;

    let now = store.clock().now().to_utc();
    let mut report = TestReport::default();
    for (number, chunk) in cases.chunks(STEP).enumerate() {
        let (model, chunk, now) = (model.clone(), chunk.to_vec(), now.clone());
        report.cases.extend(blocking(move || Ok(run_test(&model, &chunk, &now))).await?.cases);
        let ran = ((number + 1) * STEP).min(cases.len());
        attempt.progress(10 + i64::try_from(ran * 80 / cases.len().max(1)).unwrap_or(0)).await?;
    }

    let name = format!("{} results.csv", asked.suite_name.as_deref().unwrap_or("test"));
    let file = export_file::write(context, attempt, name, "csv", csv_of(&report)).await?;
    let result = BatchTestResult {
        file_id: file.id.to_string(),
        language,
        findings: listed(findings, &Value::Null),
        ..result_of(&report)
    };
    Done::new::<BatchTest>(&result, Box::new(move |tx| Box::pin(async move { file.insert(tx).await })))
}

/// The failure of a run whose cases all name what the bot has not: figures of it would say nothing.
fn nothing_left(findings: Vec<Finding>) -> JobError {
    let first = findings.into_iter().next();
    let example = first.as_ref().map(|finding| format!(" {}", finding.text)).unwrap_or_default();
    JobError::Refused(Box::new(Failure {
        message: format!(
            "no case of the suite names a task or question that the bot has, so none can be tested.{example}"
        ),
        pointer: first.map(|finding| finding.pointer),
        ..Failure::default()
    }))
}

/// The utterances of a bot with the intents they were written for.
fn developers_cases(data: &definition::nlp::NlpData) -> Vec<TestCase> {
    let intents = data.intents.iter();
    let cases = intents.flat_map(|intent| {
        let parent = intent.scopes.first().cloned().unwrap_or_default();
        intent.utterances.iter().map(move |utterance| TestCase {
            input: utterance.text.clone(),
            intent: intent.name.clone(),
            parent_intent: parent.clone(),
            ..TestCase::default()
        })
    });
    cases.collect()
}

fn result_of(report: &TestReport) -> BatchTestResult {
    let count = |verdict| report.count(verdict);
    let (tp, tn) = (count(Verdict::TruePositive), count(Verdict::TrueNegative));
    let (fp, fn_) = (count(Verdict::FalsePositive), count(Verdict::FalseNegative));
    let classification = report.classification();
    let sum = |part: fn(&IntentMeasure) -> usize| classification.intents.iter().map(part).sum::<usize>();
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let (expected, answered, right) = (sum(|it| it.expected), sum(|it| it.answered), sum(|it| it.right));
    let intents: Vec<Value> = classification
        .intents
        .iter()
        .map(|it| {
            json!({
                "intent": it.intent,
                "expected": it.expected,
                "found": it.answered,
                "precision": it.precision(),
                "recall": it.recall(),
                "f1_score": it.f1(),
            })
        })
        .collect();
    let word = |name: &Option<String>| name.clone().unwrap_or_else(|| "None".to_owned());
    let confusions: Vec<Value> = classification
        .confusions
        .iter()
        .map(|it| json!({"expected": word(&it.expected), "found": word(&it.answered), "count": it.count}))
        .collect();
    let (values, found_values) = report.entities();
    BatchTestResult {
        utterances: report.cases.len(),
        precision: share(right, answered),
        recall: share(right, expected),
        f1_score: classification.micro_f1(),
        results: json!({
            "TP": tp, "TN": tn, "FP": fp, "FN": fn_,
            "success": tp + tn,
            "failure": fp + fn_,
            "entities": {"expected": values, "right": found_values, "recall": share(found_values, values)},
            "intents": intents,
            "confusions": confusions,
        }),
        ..BatchTestResult::default()
    }
}

fn csv_of(report: &TestReport) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 6]| writer.write_record(cells).expect("a vector takes all that is written");
    write(["input", "expectedIntent", "foundIntent", "result", "parentIntent", "missedEntities"]);
    for tested in &report.cases {
        let missed: Vec<String> = tested
            .missed_entities
            .iter()
            .map(|(name, found)| if found.is_empty() { name.clone() } else { format!("{name} (found {found})") })
            .collect();
        let word = |name: &'_ str| if name.is_empty() { "None".to_owned() } else { name.to_owned() };
        write([
            &tested.case.input,
            &word(&tested.case.intent),
            &word(&tested.found),
            tested.verdict.word(),
            &tested.case.parent_intent,
            &missed.join("; "),
        ]);
    }
    let bytes = writer.into_inner().expect("a vector takes all that is written");
    String::from_utf8(bytes).expect("cells are UTF-8, and so are the commas between them")
}
