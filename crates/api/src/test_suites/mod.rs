//! Batch tests of language understanding: suites, their runs, and what came of them. (api-other-families.md §1.)

mod delete;
mod delete_run;
mod export;
mod import;
mod list;
mod run;
mod status;

use definition::finding::{Code, Finding};
use domain::RequestId;
use domain::task::{BatchTest, Kind};
use serde_json::{Value, json};
use store::{Bot, Request, State, TestSuite};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{ApiError, Platform};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(import::import))
        .routes(routes!(run::run))
        .routes(routes!(status::status))
        .routes(routes!(export::export))
        .routes(routes!(delete::delete))
        .routes(routes!(delete_run::delete_run))
}

/// The key of the suite that every bot has: all utterances its developers wrote.
const DEVELOPERS_KEY: &str = "AllMlUtterances";
/// Its name.
const DEVELOPERS_NAME: &str = "Developer defined utterances";

/// A suite that a path names.
enum Suite {
    /// All utterances its developers wrote.
    Developers,
    /// One that was imported.
    Imported(Box<TestSuite>),
}

impl Suite {
    /// The suite with this name, id or key.
    async fn of(platform: &Platform, bot: &Bot, name: &str) -> Result<Self, ApiError> {
        if name.eq_ignore_ascii_case(DEVELOPERS_NAME) || name == DEVELOPERS_KEY {
            return Ok(Self::Developers);
        }
        let found = platform.store().test_suite(&bot.id, name).await?;
        found.map(|suite| Self::Imported(Box::new(suite))).ok_or_else(|| ApiError::bad_request("Test Suite not found"))
    }

    fn id(&self) -> &str {
        match self {
            Self::Developers => DEVELOPERS_KEY,
            Self::Imported(suite) => &suite.id,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Developers => DEVELOPERS_NAME,
            Self::Imported(suite) => &suite.name,
        }
    }

    /// The run of this suite with this id.
    async fn run(&self, platform: &Platform, bot: &Bot, id: &str) -> Result<Request, ApiError> {
        let found = platform.store().request(&bot.account, &RequestId::stored(id)).await?;
        let run = found.filter(|it| it.kind == Kind::BatchTest && it.bot.as_ref() == Some(&bot.id));
        match run {
            Some(run) if run.asked::<BatchTest>()?.suite_key == self.id() => Ok(run),
            _ => Err(ApiError::bad_request("Test Result not found.")),
        }
    }
}

/// Finds a choice of an engine, which does nothing: a bot is tested as its users are understood.
fn find_engine(body: &Value, findings: &mut Vec<Finding>) {
    if body.get("engine").is_some_and(|engine| !engine.is_null()) {
        let text = "`engine` did nothing: a bot is tested with the engines that understand its users. Leave it out.";
        findings.push(Finding::new("/engine", Code::NotApplied, text));
    }
}

/// A run in the list of suites.
fn run_summary(run: &Request, asked: &BatchTest) -> Result<Value, ApiError> {
    let mut summary = json!({
        "_id": run.id,
        "version": asked.version,
        "status": status_word(run.state),
        "createdOn": run.created_at,
    });
    if let Some(result) = run.outcome::<BatchTest>()? {
        summary["results"] = result.results;
        summary["recall"] = json!(result.recall);
        summary["precision"] = json!(result.precision);
        summary["f1_score"] = json!(result.f1_score);
    }
    Ok(summary)
}

fn status_word(state: State) -> &'static str {
    match state {
        State::Pending | State::Running => "running",
        State::Succeeded => "completed",
        State::Failed | State::Cancelled => "failed",
    }
}
