//! Import of a bot: verify, merge, check, and swap the draft in one transaction, or leave everything as it was.

use definition::changes::{Changes, changes};
use definition::check::{Report, check};
use definition::finding::{Code, listed};
use definition::merge::full::keeps_something;
use definition::merge::selection_of_partial;
use definition::parts::{Family, Part};
use definition::select::SubTasks;
use definition::summary::{LEGACY_UNIVERSAL, Summary};
use definition::tasks::{Kind as TaskKind, named_tasks};
use definition::{Config, Document, Finding, ImportOptions, merge, merge_config};
use domain::task::{BotImport, BotImportResult, Target};
use domain::{BotId, DefinitionFile};
use serde_json::{Value, json};
use store::{Bot, Content, Failure, NamedBlob, NewChange, Store, Swap};

use crate::documents::{Documents, blocking, text_bytes};
use crate::failure::{chain, failure_of, line_of};
use crate::import_files::Incoming;
use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

/// How many warnings the record of an import lists.
const LISTED_WARNINGS: usize = 50;

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let imported = import(context, attempt, attempt.request.asked()?).await;
    if let Err(JobError::Refused(failure)) = &imported {
        // The log says which step failed and why; the last line ends it as clients expect.
        attempt.log(json!({"taskType": "Bot Definition", "taskName": name_in_log(attempt), "status": "failed",
            "reason": failure.message, "failure": failure}));
        attempt.log(json!({"taskType": "importBot", "taskName": name_in_log(attempt), "status": "failed"}));
    }
    imported
}

fn name_in_log(attempt: &Attempt) -> String {
    attempt.request.log.first().and_then(|line| line["taskName"].as_str()).unwrap_or_default().to_owned()
}

/// The bot as it will be, checked.
struct Prepared {
    definition: Document,
    config: Config,
    secured: Vec<(String, String)>,
    summary: Summary,
    report: Report,
    changes: Changes,
    lines: Vec<Value>,
    findings: Vec<Finding>,
}

async fn import(context: &Context, attempt: &Attempt, asked: BotImport) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let bot_id = request.bot.clone().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let incoming = Incoming::load(context, &request.account, &asked.files).await?;
    attempt.progress(20).await?;

    let current = match asked.target {
        Target::New => None,
        Target::Existing => {
            let bot = store.bot(&bot_id).await?;
            let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {bot_id} was deleted meanwhile")))?;
            let documents = Documents::load(store, &bot.content).await?;
            Some((bot, documents))
        }
    };
    let mut options = ImportOptions::from_json(&asked.body);
    let (bot, documents) = current.unzip();
    let Incoming { definition, definition_file, config, functions, icon, room: _room } = incoming;
    let mut notes = Vec::new();
    if options.parts.is_none()
        && let Some(documents) = &documents
        && let Some(selection) = selection_of_partial(&documents.definition, &definition)?
    {
        let ignored_variables = std::mem::take(&mut options.ignored_variables);
        options = ImportOptions { ignored_variables, options_at: options.options_at, ..selection };
        notes.push("the file is a partial export: only the parts it has were imported".to_owned());
    }
    let takes_everything = options.parts.is_none();
    let is_partial = !notes.is_empty();
    let mut prepared = blocking(move || prepare(definition, config, documents.as_ref(), &options)).await?;
    let listed_warnings = prepared.report.warnings.iter().take(LISTED_WARNINGS).map(line_of);
    let warnings: Vec<String> = notes.into_iter().chain(listed_warnings).collect();
    let mut findings = std::mem::take(&mut prepared.findings);
    if is_partial {
        let text = "The definition is a partial export, so only the parts that it says it has were imported; export all of \
                    the bot to replace all of it.";
        findings.insert(0, Finding::new("/exportOptions", Code::PartialFile, text));
    }
    let mut result = BotImportResult {
        stream_id: bot_id.to_string(),
        changes: json!(prepared.changes),
        warnings: Some(warnings),
        findings: listed(findings, &asked.body),
        dry_run: Some(asked.dry_run),
        revision: None,
    };
    if asked.dry_run {
        attempt.log(json!({"taskType": "dryRun", "taskName": name_in_log(attempt), "status": "success"}));
        return Done::without_effect::<BotImport>(&result);
    }
    attempt.progress(50).await?;

    let previous = bot.as_ref().map(|bot| bot.content.clone());
    let (icon, icon_file) = match icon {
        Some((name, bytes)) => {
            let (icon, file) = store.put_icon(&request.account, &request.created_by, name, bytes).await?;
            (Some(icon), Some(file))
        }
        None => (previous.as_ref().and_then(|content| content.icon.clone()), None),
    };
    let mut files = Vec::new();
    for (name, source) in functions {
        files.push(NamedBlob { name, digest: store.blobs().put_content(source).await? });
    }
    if let Some(previous) = &previous {
        // Files of functions are not part of an archive of the original, so an import without any keeps those there.
        let kept = previous.functions.iter().filter(|old| files.iter().all(|new| new.name != old.name));
        let kept: Vec<NamedBlob> = kept.cloned().collect();
        if !takes_everything || files.is_empty() {
            files.splice(0..0, kept);
        }
    }
    let Prepared { definition, config, secured, summary, lines, .. } = prepared;
    let content = Content {
        definition: store.blobs().put_content(text_bytes(definition.into_text())).await?,
        definition_file,
        config: store.blobs().put_content(text_bytes(config.text().to_owned())).await?,
        functions: files,
        icon,
    };
    for line in lines {
        attempt.log(line);
    }
    attempt.progress(80).await?;

    let name = summary.name.clone().or_else(|| config.name()).unwrap_or_default();
    let sealed: Vec<(String, String)> =
        secured.iter().map(|(key, value)| (key.clone(), store.seal_variable(&bot_id, key, value))).collect();
    let entry = NewChange {
        user: request.created_by.clone(),
        resource_id: Some(request.id.to_string()),
        resource_type: "Import",
        message: "Import request completed".to_owned(),
    }
    .entry(store, &request.account, &bot_id);
    let now = store.clock().now();
    let change = match bot {
        None => Change::Create(Box::new(new_bot(attempt, &bot_id, &asked, &summary, name, content, now))),
        Some(bot) => {
            let mut swap = bot.swap(content, &request.created_by, now);
            // A partial import of tasks or training data leaves the bot's name and settings alone; a full one does not.
            if takes_everything {
                name_swap(&mut swap, &summary, name);
            }
            Change::Swap(Box::new(swap))
        }
    };
    attempt.log(json!({"taskType": "importBot", "taskName": name_in_log(attempt), "status": "success"}));
    result.revision = Some(match &change {
        Change::Create(bot) => bot.revision,
        Change::Swap(swap) => swap.base + 1,
    });
    Done::new::<BotImport>(
        &result,
        Box::new(move |tx| {
            Box::pin(async move {
                match change {
                    Change::Create(bot) => bot.insert(tx).await?,
                    Change::Swap(swap) => Bot::apply_swap(tx, &bot_id, &swap).await?,
                }
                for (key, sealed) in &sealed {
                    Store::put_secured_value(tx, &bot_id, key, sealed, now).await?;
                }
                if let Some(file) = icon_file {
                    file.insert(tx).await?;
                }
                entry.insert(tx).await
            })
        }),
    )
}

enum Change {
    Create(Box<Bot>),
    Swap(Box<Swap>),
}

fn prepare(
    incoming: Document,
    incoming_config: Config,
    current: Option<&Documents>,
    options: &ImportOptions,
) -> Result<Prepared, JobError> {
    let given = Summary::of(&incoming)?;
    if given.is_legacy_universal {
        return Err(JobError::refused(LEGACY_UNIVERSAL));
    }
    if let Some(current) = current {
        let kind = Summary::of(&current.definition)?.bot_type.unwrap_or_default();
        if let Some(reason) = given.misfit(&kind) {
            return Err(JobError::refused(reason));
        }
    }
    if let Some(current) = current.filter(|_| options.parts.is_some()) {
        let is = Summary::of(&current.definition)?.definition_file;
        if is != given.definition_file {
            return Err(refused_at(
                "/importOptions",
                format!(
                    "parts of {} cannot be merged into {}: their tasks and settings are not made of the same parts; \
                     import all of it, which replaces the bot, or import it as a new bot",
                    generation(given.definition_file),
                    generation(is),
                ),
            ));
        }
    }
    // What arrives is judged on its own first, so that a finding names the uploaded file and not a merged one. What it
    // consists of is read at the same time: both only look at the same text, and take long for a large one.
    let keeps = |current: &Documents| keeps_something(&current.definition, &incoming, options);
    let is_merged = current.is_some_and(|current| options.parts.is_some() || keeps(current));
    let mut findings = findings_of(&incoming, &incoming_config, &given, current, options)?;
    let before = current.map(|current| &current.definition);
    let (report, compared) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            (!is_merged)
                .then(|| (log_lines(&incoming, &given, options, &SubTasks::default()), changes(before, &incoming)))
        });
        let report = check(&incoming, &incoming_config);
        let compared = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (report, compared)
    });
    if let Some(failure) = failure_of(&report.errors, "the bot cannot be imported") {
        return Err(JobError::Refused(Box::new(failure)));
    }
    let (definition, config, report, summary, changes, lines) = match (current, compared) {
        (_, Some((lines, changes))) => (incoming, incoming_config, report, given, changes?, lines),
        (None, None) => unreachable!("only an import into a bot is merged"),
        (Some(current), None) => {
            let merged = merge(&current.definition, &incoming, options)
                .map_err(|error| refused_at("/importOptions", chain(&error)))?;
            findings.extend(merged.findings);
            let lines = log_lines(&incoming, &given, options, &merged.taken);
            let config = merge_config(&current.config, &incoming_config, options)?;
            let file = incoming.file().to_owned();
            // Nothing is read of it any more, and the merged one takes as much memory again.
            drop(incoming);
            let definition = Document::parse(merged.text, &file)?;
            let config = Config::parse(config, "config.json")?;
            let report = check(&definition, &config);
            if let Some(failure) = failure_of(&report.errors, "the parts do not fit into this bot") {
                return Err(JobError::Refused(Box::new(failure)));
            }
            let summary = Summary::of(&definition)?;
            let changes = changes(before, &definition)?;
            (definition, config, report, summary, changes, lines)
        }
    };
    let (without_secrets, secured) = config.without_secured_values()?;
    let config = Config::parse(without_secrets, "config.json")?;
    Ok(Prepared { definition, config, secured, summary, report, changes, lines, findings })
}

/// The request is at fault, at this place of its body.
fn refused_at(pointer: &str, message: String) -> JobError {
    JobError::Refused(Box::new(Failure { message, pointer: Some(pointer.to_owned()), ..Failure::default() }))
}

/// What the request asked of this bot that is not done as it was asked, before the parts are looked at.
fn findings_of(
    incoming: &Document,
    incoming_config: &Config,
    given: &Summary,
    current: Option<&Documents>,
    options: &ImportOptions,
) -> Result<Vec<Finding>, JobError> {
    let Some(current) = current else { return Ok(Vec::new()) };
    let mut findings =
        options.unknown_variables(&[(incoming, incoming_config), (&current.definition, &current.config)])?;
    let is = Summary::of(&current.definition)?.definition_file;
    if is != given.definition_file {
        let text = format!(
            "The definition is that of {} and took the place of {}: nothing of what was there before is left.",
            generation(given.definition_file),
            generation(is),
        );
        findings.push(Finding::new("/appType", Code::GenerationChanged, text));
    }
    Ok(findings)
}

/// What people call bots whose definitions are in such files.
fn generation(file: DefinitionFile) -> &'static str {
    match file {
        DefinitionFile::Bot => "a bot (botDefinition.json)",
        DefinitionFile::App => "an app (appDefinition.json)",
    }
}

/// The lines of the log, in the original's order and spelling. Steps are logged even when nothing was selected for them;
/// tasks only when they were, of named ones only these.
fn log_lines(incoming: &Document, given: &Summary, options: &ImportOptions, taken: &SubTasks) -> Vec<Value> {
    let bot = given.name.as_deref().unwrap_or_default();
    let line = |kind: &str, name: &str| json!({"taskType": kind, "taskName": name, "status": "success"});
    let mut lines = vec![
        line("Bot Definition", bot),
        line("IdpConfigurations", "IdpConfigurations"),
        line("CustomTemplates", "CustomTemplates"),
        line("BotFunctions", "Bot Functions"),
    ];
    let takes = |kind: TaskKind| match &options.parts {
        None => true,
        Some(parts) => match kind {
            TaskKind::Form => parts.has(Part::Forms),
            TaskKind::Event => parts.has(Part::NlpSettings),
            TaskKind::Flow => parts.has(Part::Flows),
            _ => parts.has(Part::BotTask),
        },
    };
    for task in named_tasks(incoming, taken) {
        if takes(task.kind) {
            lines.push(line(task.kind.wire_name(), &task.name));
        }
    }
    // The original's own spelling of the second one.
    for step in ["KnowledgeTasks", "Utterences", "Patterns", "BotVariables", "SmallTalk"] {
        lines.push(line(step, step));
    }
    let takes_language_data = options.parts.as_ref().is_none_or(|parts| parts.has_any(Family::NlpData));
    if takes_language_data && incoming.raw("koraResponses").is_some_and(|responses| responses != "[]") {
        lines.push(line("Standard Responses", "Standard Responses"));
    }
    lines
}

fn new_bot(
    attempt: &Attempt,
    id: &BotId,
    asked: &BotImport,
    summary: &Summary,
    name: String,
    content: Content,
    now: domain::Timestamp,
) -> Bot {
    let request = &attempt.request;
    let chosen = |given: &Option<String>, own: &Option<String>, default: &str| {
        given.clone().or_else(|| own.clone()).unwrap_or_else(|| default.to_owned())
    };
    Bot {
        id: id.clone(),
        account: request.account.clone(),
        reference_id: asked.stream_ref_id.clone(),
        name: asked.name.clone().unwrap_or(name),
        description: summary.description.clone().unwrap_or_default(),
        kind: chosen(&None, &summary.bot_type, "default"),
        purpose: chosen(&asked.purpose, &summary.purpose, "customer"),
        color: chosen(&asked.color, &summary.color, "#009dab"),
        default_language: summary.default_language.clone(),
        languages: summary.supported_languages.clone(),
        content,
        revision: 1,
        last_version: 0,
        published_version: None,
        settings: asked.settings.clone(),
        created_by: request.created_by.clone(),
        created_at: now,
        modified_by: request.created_by.clone(),
        modified_at: now,
    }
}

fn name_swap(swap: &mut Swap, summary: &Summary, name: String) {
    if !name.is_empty() {
        swap.name = name;
    }
    if let Some(description) = &summary.description {
        swap.description.clone_from(description);
    }
    if let Some(color) = &summary.color {
        swap.color.clone_from(color);
    }
    swap.default_language.clone_from(&summary.default_language);
    swap.languages.clone_from(&summary.supported_languages);
}
