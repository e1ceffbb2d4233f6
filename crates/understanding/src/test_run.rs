//! Running a batch test: every case against a model, and what came of it.

use std::collections::BTreeMap;

use definition::nlp::NlpData;
use nlu::candidate::Target;
use nlu::measure::Classification;
use nlu::resolver::Outcome;
use nlu::{Model, Question, State, Understanding};
use serde::Serialize;

use crate::test_cases::{TestCase, as_text};

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestedCase {
    /// The case.
    pub case: TestCase,
    /// What it should be understood as, by the name files use; empty for nothing.
    pub expected: String,
    /// What was understood, by the name files use; empty for nothing.
    pub found: String,
    /// How expected and found go together.
    pub verdict: Verdict,
    /// Expected entity values that were not found: name, and the values found instead.
    pub missed_entities: Vec<(String, String)>,
}

/// How expected and found go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The intent that was expected.
    #[serde(rename = "TP")]
    TruePositive,
    /// Nothing, as expected.
    #[serde(rename = "TN")]
    TrueNegative,
    /// An intent that was not expected.
    #[serde(rename = "FP")]
    FalsePositive,
    /// Nothing, although an intent was expected.
    #[serde(rename = "FN")]
    FalseNegative,
}

impl Verdict {
    /// `TP`, `TN`, `FP` or `FN`.
    pub fn word(self) -> &'static str {
        match self {
            Self::TruePositive => "TP",
            Self::TrueNegative => "TN",
            Self::FalsePositive => "FP",
            Self::FalseNegative => "FN",
        }
    }
}

/// What came of a batch test.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestReport {
    /// The cases, in their order.
    pub cases: Vec<TestedCase>,
}

impl TestReport {
    /// How many cases ended so.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.cases.iter().filter(|it| it.verdict == verdict).count()
    }

    /// Counts per intent, by the names files use, and the confusions.
    pub fn classification(&self) -> Classification {
        let named = |name: &'_ str| (!name.is_empty()).then(|| name.to_owned());
        let pairs: Vec<(Option<String>, Option<String>)> =
            self.cases.iter().map(|it| (named(&it.expected), named(&it.found))).collect();
        Classification::of(pairs.iter().map(|(expected, found)| (expected.as_deref(), found.as_deref())))
    }

    /// How many entity values were expected, and how many of them were found.
    pub fn entities(&self) -> (usize, usize) {
        let expected = self.cases.iter().map(|it| it.case.entities.len()).sum::<usize>();
        let missed = self.cases.iter().map(|it| it.missed_entities.len()).sum::<usize>();
        (expected, expected - missed)
    }
}

/// Runs cases against a model. `now` is the time that relative dates count from.
pub fn run_test(model: &Model, cases: &[TestCase], now: &jiff::Zoned) -> TestReport {
    let names = Names::of(model.data());
    let test = |case: &TestCase| {
        let dialogs: Vec<String> = model.dialog_named(&case.parent_intent).map(str::to_owned).into_iter().collect();
        let state = State { dialogs: &dialogs, ..State::default() };
        let understood = model.understand(&Question { text: &case.input, now, state });
        let found = found_name(model.data(), &understood);
        // A name that the bot does not know stands for itself: it is expected and cannot be found.
        let expected = names.present(&case.intent);
        let verdict = match (expected.is_empty(), found.is_empty()) {
            (true, true) => Verdict::TrueNegative,
            (false, true) => Verdict::FalseNegative,
            (_, false) if expected == found => Verdict::TruePositive,
            (_, false) => Verdict::FalsePositive,
        };
        let missed_entities = missed(model.data(), case, &understood);
        TestedCase { case: case.clone(), expected, found, verdict, missed_entities }
    };
    TestReport { cases: cases.iter().map(test).collect() }
}

/// What was understood, by the name files use. Of several meanings none counts: the user would have been asked.
fn found_name(data: &NlpData, understood: &Understanding) -> String {
    match understood.outcome {
        Outcome::Found(Target::Intent(at)) => data.intents[at].name.clone(),
        Outcome::Found(Target::Faq(at)) => data.faqs[at].question.text.clone(),
        Outcome::Found(Target::SmallTalk(_)) | Outcome::Ambiguous(_) | Outcome::DidYouMean(_) | Outcome::Nothing => {
            String::new()
        }
    }
}

/// The expected values that were not found, with what was found instead.
fn missed(data: &NlpData, case: &TestCase, understood: &Understanding) -> Vec<(String, String)> {
    let mut missed = Vec::new();
    for (name, value) in &case.entities {
        let of_entity =
            understood.entities.iter().filter(|it| data.entities[it.entity].name.eq_ignore_ascii_case(name));
        let found: Vec<String> = of_entity.flat_map(|it| &it.found).map(|it| as_text(&it.value)).collect();
        if !found.iter().any(|it| it.eq_ignore_ascii_case(value)) {
            missed.push((name.clone(), found.join(", ")));
        }
    }
    missed
}

/// The intents and questions of a bot by every name a file may call them.
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    pub(crate) fn of(data: &NlpData) -> Self {
        let mut names = BTreeMap::new();
        let mut add = |name: &str, present: &str| {
            names.entry(folded(name)).or_insert_with(|| present.to_owned());
        };
        for intent in &data.intents {
            add(&intent.name, &intent.name);
        }
        for intent in &data.intents {
            add(&intent.label, &intent.name);
            add(&intent.dialog_name, &intent.name);
        }
        for faq in &data.faqs {
            add(&faq.question.text, &faq.question.text);
        }
        Self(names)
    }

    /// Whether something is called so.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(&folded(name))
    }

    fn present(&self, name: &str) -> String {
        self.0.get(&folded(name)).cloned().unwrap_or_else(|| name.to_owned())
    }
}

/// Names are compared without regard to case, and `_` is a blank.
pub(crate) fn folded(name: &str) -> String {
    name.trim().replace('_', " ").to_lowercase()
}
