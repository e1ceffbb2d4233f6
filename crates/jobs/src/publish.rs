//! Publish of a bot: compile the draft, have its scripts read, train its models, and put it in force as a numbered
//! version. A model is a function of the definition, so it is there before the version is, and no message waits for it.

use std::time::Duration;

use definition::compile::{Compiled, Part, ScriptKind, Subject, compile};
use domain::task::{Publish, PublishResult};
use script::protocol::{Kind as CheckKind, Outcome, Position, Script};
use serde_json::{Value, json};
use store::{Bot, NewChange, Version};

use crate::documents::{Documents, blocking};
use crate::failure::{failure_of, line_of};
use crate::runner::{Attempt, Done};
use crate::training::report_of;
use crate::{Context, JobError};

/// How many warnings the summary of one resource lists.
const LISTED_WARNINGS: usize = 20;

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let id = request.bot.clone().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = store.bot(&id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let asked: Publish = request.asked()?;
    let channels = enabled_channels(context, &bot).await?;
    if channels.is_empty() && context.settings.publish_needs_channel {
        return Err(JobError::refused("the bot has no enabled channel; enable one and publish again"));
    }
    // The draft, or, where an earlier version is published again, that version.
    let content = match asked.version {
        None => bot.content.clone(),
        Some(number) => {
            let version = store.version(&id, number).await?;
            version.ok_or_else(|| JobError::refused(format!("the bot has no version {number}")))?.content
        }
    };
    let documents = Documents::load(store, &content).await?;
    attempt.progress(20).await?;

    let (compiled, unrunnable) = blocking(move || {
        let Documents { definition, config, functions } = &documents;
        let compiled = compile(definition, config, functions);
        // Whatever the engine would not run is told before anybody meets it.
        let ready = dialog::Bot::read(definition, config, functions, &[]);
        Ok((compiled, ready.map(|bot| bot.findings).unwrap_or_default()))
    })
    .await?;
    attempt.progress(40).await?;

    let mut syntax = read_scripts(context, &compiled).await?;
    let evaluated = evaluate_functions(context, &compiled).await;
    let settings = compiled.parts.iter().position(|part| matches!(part.subject, Subject::Settings));
    if let Some(of_settings) = settings.and_then(|place| syntax.get_mut(place)) {
        of_settings.extend(evaluated);
    }
    attempt.progress(60).await?;

    let trainings = if asked.initiate_training { train(context, &content.definition, &bot).await? } else { Vec::new() };
    attempt.progress(80).await?;

    let mut warnings = 0;
    for (part, syntax) in compiled.parts.iter().zip(&syntax) {
        let mut others = syntax.clone();
        if matches!(part.subject, Subject::NaturalLanguage) {
            others.extend(trainings.iter().flat_map(|(language, report)| {
                report.findings.iter().map(move |finding| format!("{language}: {finding}"))
            }));
        }
        others.extend(unrunnable.iter().filter(|finding| is_about(finding, &part.subject)).map(of_node));
        warnings += part.warnings.len() + others.len();
        let mut of_part = summary_line(part, &others, &bot);
        if matches!(part.subject, Subject::NaturalLanguage) {
            let reports = trainings.iter().map(|(language, report)| (language.clone(), report_of(report)));
            of_part["training"] = Value::Object(reports.collect());
        }
        attempt.log(of_part);
        if matches!(part.subject, Subject::Settings) {
            let status = if channels.is_empty() { vec!["no channel is enabled".to_owned()] } else { Vec::new() };
            attempt.log(line("CHANNELS", "Channels", json!(channels), &[], &status));
        }
    }
    let errors: Vec<_> = compiled.parts.iter().flat_map(|part| part.errors.clone()).collect();
    if let Some(failure) = failure_of(&errors, "the bot cannot be published") {
        return Err(JobError::Refused(Box::new(failure)));
    }
    attempt.progress(90).await?;

    let comment = asked.version_comment;
    let number = bot.last_version + 1;
    let entry = NewChange {
        user: request.created_by.clone(),
        resource_id: Some(request.id.to_string()),
        resource_type: "stream",
        message: format!("Bot published as version {number}: {comment}"),
    }
    .entry(store, &request.account, &id);
    let (request_id, by, now) = (request.id.clone(), request.created_by.clone(), store.clock().now());
    let result = PublishResult { version: number, warnings, definition: content.definition.clone() };
    Done::new::<Publish>(
        &result,
        Box::new(move |tx| {
            Box::pin(async move {
                // What was checked is what gets published: a draft that changed meanwhile is checked again.
                let current = Bot::lock(tx, &id).await?;
                if current.is_none_or(|it| it.revision != bot.revision || it.last_version != bot.last_version) {
                    return Err(store::Error::Conflict(format!("the bot {id}")));
                }
                Version::publish(tx, &id, &content, &comment, &request_id, &by, now).await?;
                entry.insert(tx).await
            })
        }),
    )
}

/// Whether something that does not run is of a part: of its dialog, or of the whole bot.
fn is_about(finding: &dialog::bot::Finding, subject: &Subject) -> bool {
    match subject {
        Subject::Task(resource) => !finding.dialog.is_empty() && resource.id == finding.dialog,
        Subject::Settings => finding.dialog.is_empty(),
        _ => false,
    }
}

fn of_node(finding: &dialog::bot::Finding) -> String {
    if finding.node.is_empty() {
        finding.message.clone()
    } else {
        format!("node {}: {}", finding.node, finding.message)
    }
}

/// Trains every language of the bot.
async fn train(context: &Context, definition: &str, bot: &Bot) -> Result<Vec<(String, nlu::Report)>, JobError> {
    let published = context.store.published_version(bot).await?;
    let before = published.as_ref().map(|version| version.content.definition.as_str());
    let mut reports = Vec::new();
    for language in &bot.languages {
        reports.push((language.clone(), context.models.train(definition, language, before).await?));
    }
    Ok(reports)
}

async fn enabled_channels(context: &Context, bot: &Bot) -> Result<Vec<String>, JobError> {
    let channels = context.store.channels(&bot.id).await?;
    Ok(channels.into_iter().filter(|channel| channel.enabled).map(|channel| channel.kind).collect())
}

/// What is wrong with the scripts of each part, in words.
async fn read_scripts(context: &Context, compiled: &Compiled) -> Result<Vec<Vec<String>>, JobError> {
    let scripts: Vec<Script> = compiled
        .parts
        .iter()
        .flat_map(|part| &part.scripts)
        .map(|script| Script { kind: check_kind(script.kind), source: script.source.clone() })
        .collect();
    let limit = Duration::from_millis(context.settings.script_check_ms);
    let outcomes = if scripts.is_empty() {
        Vec::new()
    } else {
        context.checker.check(&scripts, limit).await.map_err(|error| JobError::Transient(error.to_string()))?
    };
    let mut outcomes = outcomes.into_iter();
    let mut problems = Vec::with_capacity(compiled.parts.len());
    for part in &compiled.parts {
        let mut of_part = Vec::new();
        for (script, outcome) in part.scripts.iter().zip(outcomes.by_ref()) {
            match outcome {
                Outcome::Valid => of_part.extend(script::absent_in(&script.source).into_iter().map(|absent| {
                    let (name, Position { line, column }) = (absent.name, absent.position);
                    format!("{}: {name} does not exist here (line {line}, column {column})", script.place)
                })),
                Outcome::SyntaxError { message, position } => {
                    let at = position.map_or(String::new(), |at| format!(" (line {}, column {})", at.line, at.column));
                    of_part.push(format!("{}: {message}{at}", script.place));
                }
                Outcome::Unreadable { reason } => of_part.push(format!("{}: not readable: {reason}", script.place)),
            }
        }
        problems.push(of_part);
    }
    Ok(problems)
}

/// What evaluating the files of bot functions comes to, where that fails: every script that needs them would. They are
/// evaluated as at the start of a conversation. What cannot be read at all is told by [`read_scripts`].
async fn evaluate_functions(context: &Context, compiled: &Compiled) -> Option<String> {
    let files = compiled.parts.iter().flat_map(|part| &part.scripts).filter(|it| it.kind == ScriptKind::File);
    let functions: Vec<(String, String)> = files.map(|file| (file.place.clone(), file.source.clone())).collect();
    if functions.is_empty() {
        return None;
    }
    let stores = ["EnterpriseContext", "BotContext", "UserContext", "UserSession", "BotUserSession"];
    let stores: serde_json::Map<String, Value> = stores.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    let run = script::Run {
        code: script::Code::Body(Vec::new()),
        functions,
        context: json!({"entities": {}, "session": stores}),
        env: json!({}),
        content: json!({}),
        now_ms: context.store.clock().now().as_millis(),
        seed: 0,
        choices: Vec::new(),
        message: String::new(),
        session_id: String::new(),
        language: "en".to_owned(),
        ambiguous: Value::Null,
    };
    let (program, args) = (context.checker.program.clone(), context.checker.args.clone());
    let pool = script::Pool::new(script::PoolOptions { workers: 1, ..script::PoolOptions::new(program, args) });
    match pool.run("", &run).await {
        Err(fault @ script::Fault::Threw { .. }) if !fault.to_string().starts_with("SyntaxError") => {
            Some(format!("scripts fail, since evaluating the bot functions before them fails: {fault}"))
        }
        Err(fault @ (script::Fault::TimedOut { .. } | script::Fault::OutOfMemory)) => {
            Some(format!("scripts fail, since evaluating the bot functions before them fails: {fault}"))
        }
        _ => None,
    }
}

fn check_kind(kind: ScriptKind) -> CheckKind {
    match kind {
        ScriptKind::Body => CheckKind::Body,
        ScriptKind::Expression => CheckKind::Expression,
        ScriptKind::File => CheckKind::File,
    }
}

/// The line of one part in `statusSummary`.
fn summary_line(part: &Part, syntax: &[String], bot: &Bot) -> Value {
    let errors: Vec<String> = part.errors.iter().map(line_of).collect();
    let warnings: Vec<String> = part.warnings.iter().map(line_of).chain(syntax.iter().cloned()).collect();
    match &part.subject {
        Subject::Settings => {
            let modules = ["general", "bot_variables", "pii", "ivr", "hold_resume", "custom_script", "advanced"];
            line("SETTINGS", "Settings", json!(modules), &errors, &warnings)
        }
        Subject::Languages => {
            let modules = json!({"enabledLanguages": bot.languages});
            line("BOTLANGUAGES", "Languages", modules, &errors, &warnings)
        }
        Subject::Extensions => {
            let modules = ["botkit", "agent_transfer", "websdk", "events"];
            line("EXTENSIONS", "Extensions", json!(modules), &errors, &warnings)
        }
        Subject::NaturalLanguage => line("NL", "Natural Language", json!(["nl_model", "settings"]), &errors, &warnings),
        Subject::Task(resource) => {
            let status = if errors.is_empty() { "SUCCESS" } else { "FAILED" };
            let state = if errors.is_empty() { "published" } else { "configured" };
            with_findings(
                json!({
                    "resourceId": resource.id,
                    "resourceVersion": resource.version,
                    "resourceType": resource.kind.resource_type(),
                    "approvalRequestedLanguages": resource.languages,
                    "name": resource.name,
                    "status": status,
                    "result": {"_id": resource.id, "refId": resource.ref_id, "name": resource.name, "state": state},
                }),
                &errors,
                &warnings,
            )
        }
    }
}

fn line(id: &str, name: &str, modules: Value, errors: &[String], warnings: &[String]) -> Value {
    let status = if errors.is_empty() { "SUCCESS" } else { "FAILED" };
    let mut result = json!({"resourceId": id, "resourceType": id, "name": name, "modules": modules});
    let mut line = result.clone();
    result["status"] = json!(status);
    line["result"] = result;
    line["status"] = json!(status);
    with_findings(line, errors, warnings)
}

/// Adds what is wrong, where something is. Clients of the original do not look for these members.
fn with_findings(mut line: Value, errors: &[String], warnings: &[String]) -> Value {
    if !errors.is_empty() {
        line["errors"] = json!(errors);
    }
    if !warnings.is_empty() {
        line["warnings"] = json!(warnings[..warnings.len().min(LISTED_WARNINGS)]);
        line["warningCount"] = json!(warnings.len());
    }
    line
}
