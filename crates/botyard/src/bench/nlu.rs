//! Understanding, measured: how much of public data sets it gets right, how long it takes, how big it is.
//!
//! One subject is one file and gives rows. A data set that is not there gives a row that says so.

mod askubuntu;
mod bots;
mod clinc;
mod cost;
mod data;
mod door;
mod encoder;
mod few_shot;
mod hint3;
mod intents_bot;
mod slots;

use std::path::Path;

use nlu::ml::{Example, Expert};
use nlu::text::Language;
use serde::Serialize;

use super::{Aim, BenchError};
use data::{DataSets, Labelled};

/// One figure of understanding.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// A word for it.
    pub name: String,
    /// The number; nothing when it was not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The unit; empty for shares, which are 0 to 1.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub unit: &'static str,
    /// What is to be held; nothing for numbers that are only told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<Aim>,
    /// Whether it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meets: Option<bool>,
    /// Why it was not measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

impl Row {
    fn held(name: impl Into<String>, value: f64, unit: &'static str, floor: Aim) -> Self {
        let meets = Some(floor.is_met(value));
        Self { name: name.into(), value: Some(value), unit, floor: Some(floor), meets, skipped: None }
    }

    fn told(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value: Some(value), unit, floor: None, meets: None, skipped: None }
    }

    fn skipped(name: impl Into<String>, missing: &Path) -> Self {
        let why = format!("{} is not there", missing.display());
        Self { name: name.into(), value: None, unit: "", floor: None, meets: None, skipped: Some(why) }
    }

    /// The row in one line, for people.
    pub fn line(&self) -> String {
        let Some(value) = self.value else {
            return format!("{:<40} skipped: {}", self.name, self.skipped.as_deref().unwrap_or_default());
        };
        let number = format!("{:<40} {value:>9.4} {:<3}", self.name, self.unit);
        let (sign, floor) = match self.floor {
            Some(Aim::AtLeast(floor)) => ("≥", floor),
            Some(Aim::AtMost(floor)) => ("≤", floor),
            None => return number.trim_end().to_owned(),
        };
        let verdict = if self.meets == Some(true) { "met" } else { "NOT met" };
        format!("{number}  floor {sign} {floor}, {verdict}")
    }
}

/// Measures all there are data sets for in a folder, and the bots below another one, if there is one; or, in a folder that has
/// a `train.tsv` and a `test.tsv` itself, that set. First the classifier alone, by one thread, then understanding as users meet
/// it, over a server of its own. With an encoder (`embeddings`) only what it costs and what users meet with it. `tell` hears
/// what is going on.
///
/// # Errors
/// When the folder is not there, or a data set in it cannot be read; when no server could be started.
pub async fn run(
    folder: &Path,
    bots: Option<&Path>,
    embeddings: Option<&Path>,
    tell: impl Fn(&str),
) -> Result<Vec<Row>, BenchError> {
    let data = DataSets::open(folder)?;
    let mut rows = Vec::new();
    if let Some(path) = embeddings {
        tell("the encoder");
        rows.extend(encoder::measure(&data, path)?);
    }
    if embeddings.is_some() || door::is_set(folder) {
        rows.extend(door::measure(&data, embeddings, &tell).await?);
        return Ok(rows);
    }
    // What is measured first has a process to itself: its peak of memory is not that of another subject.
    tell("time and size");
    rows.extend(cost::measure(&data)?);
    tell("CLINC150");
    rows.extend(clinc::measure(&data)?);
    tell("few examples");
    rows.push(few_shot::measure(&data)?);
    tell("HINT3 Curekart");
    rows.push(hint3::measure(&data)?);
    tell("AskUbuntu");
    rows.push(askubuntu::measure(&data)?);
    tell("Snips");
    rows.push(slots::measure(&data)?);
    if let Some(folder) = bots {
        tell("bots");
        rows.extend(bots::measure(folder)?);
    }
    rows.extend(door::measure(&data, None, &tell).await?);
    Ok(rows)
}

/// An expert trained on all of a data set.
fn train(language: &Language, set: &Labelled) -> Result<Expert, BenchError> {
    let examples: Vec<Example<'_>> = set.rows.iter().map(|(intent, text)| Example { intent, text }).collect();
    Expert::train(language, &examples, &[])
        .ok_or_else(|| BenchError::Data { path: set.path.clone(), what: "has fewer than two intents".to_owned() })
}

/// The best intent and its score.
fn best<'e>(expert: &'e Expert, language: &Language, text: &str) -> (&'e str, f32) {
    let ranked = expert.rank(language, text);
    (ranked[0].intent, ranked[0].score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn absent_data_is_skipped_and_broken_data_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = run(folder.path(), None, None, |_| ()).await.expect("nothing to read");
        assert!(rows.iter().all(|row| row.skipped.is_some() && row.line().contains("is not there")), "{rows:?}");
        std::fs::create_dir(folder.path().join("braun")).expect("a folder");
        for name in ["askubuntu_train.tsv", "askubuntu_test.tsv"] {
            std::fs::write(folder.path().join("braun").join(name), "a\tone\nb two\n").expect("a file");
        }
        let message = run(folder.path(), None, None, |_| ()).await.expect_err("no tab").to_string();
        assert!(message.contains("askubuntu_train.tsv line 2"), "{message}");
        assert!(run(&folder.path().join("absent"), None, None, |_| ()).await.is_err());
    }
}
