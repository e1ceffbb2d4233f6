//! Import into an existing bot: which parts of an incoming definition take the place of which current ones.
//!
//! | option | taken from the incoming bot | left alone |
//! |---|---|---|
//! | none at all | everything, the text as it is; into an app see [`full`] | nothing |
//! | `botTask` | dialogs with their components, matched by `refId`, then by name: replaced or added; their scenes; `actions`, `alerts`, `widgets`, `panels`, `idpConfigurations`, `widgetThemes`, `customTemplates` element by element | dialogs that the incoming bot has not, or has as stubs |
//! | `subTasks` | of each kind, only the named tasks and the rows that belong to them | other tasks |
//! | `flows` | experience flows, by `refId`, then by name | other flows |
//! | `IncludeDependentTasks` | tasks that taken ones refer to, too | |
//! | `knowledgeGraph` | knowledge graphs, replaced by language and name | graphs that the incoming bot has not |
//! | `smallTalk` | small talk, replaced by language | other languages |
//! | `forms` | forms, by `refId`, then by name | other forms |
//! | `utterances`, `patterns`, `training_data` (both) | rows; `replace`: those of intents that the incoming bot has give way; `append`: added unless present; neither: utterances of apps are added, all else replaced | rows of other intents |
//! | `nlpSettings` | events, sentiment events, thresholds, ML parameters, default dialog; in `localeData` thresholds, keywords and counts | |
//! | `defaultDialog` | the default dialog | |
//! | `standardResponses`, `traits` | responses by key and language; traits by group and language | others |
//! | `synonyms`, `concepts`, `bot_synonyms` (both) | terms of `localeData`, term by term | other terms |
//! | `botSettings` | general settings and languages; new namespaces | `_id`, `refId`, `type`, `purpose`, the bot's name and description |
//! | `ivrSettings` | voice settings | |
//! | `genAIandLLMSettings` | models, prompts, detection of intents (`dialogGPTSettings`), `answers`; `tools` by `refId` | connections to providers, other tools |
//! | `AgentAssist` `rules`, `playbooks` | `agentAssistExport`, which holds both | |
//! | `botVariables` | content variables by key; new namespaces; `envVariables` of `config.json` by key | other variables, and those that `options.botVariables` ignores |
//! | `storyBoardScenes`, `customDashboard` | all scenes; dashboards by `refId` or name | other scenes, dashboards |
//! | `botComponents` | `linkedBots`: the link members; `smallTalk`: as above | |
//! | `traitRules`, `rules` | nothing: they live inside components | |
//!
//! A member that the incoming file lacks, or has only as the empty remains of a partial export, is never taken.
//! Members that are not taken keep their bytes, unless they refer to something that was replaced under another id: then
//! the new id is written in. Taken content keeps its ids; its references to tasks that are not taken get the ids that
//! those have in the current bot. Tasks that are referred to but missing in the current bot are taken although not
//! selected ([`Merged::added_tasks`]). So references never dangle. What is named and not there is told
//! ([`Merged::findings`]).

mod flows;
pub mod full;
mod integrations;
mod members;
mod merger;
pub mod options;
mod pairs;
mod partial;
mod rows;

use serde_json::Value;
use thiserror::Error;

use self::flows::Flows;
use self::members::{Sameness, merge_list, replace, taken_members};
use self::merger::Merger;
pub use self::options::{ImportOptions, RowMode};
use self::pairs::{Pairs, Renames, is_whole};
pub use self::partial::selection_of_partial;
use crate::catalogue::{Catalogue, Tasks, display_name, list, named, named_forms};
use crate::config::Config;
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::finding::Finding;
use crate::links::text;
use crate::parts::{Part, PartList};
use crate::select::SubTasks;
use crate::unmet::{unmet_parts, unmet_tasks};

/// A definition with parts of another one in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Text of `botDefinition.json`.
    pub text: String,
    /// Names of dialogs that were taken although not selected, because taken parts need them.
    pub added_tasks: Vec<String>,
    /// What `subTasks` names, and the dialogs and forms that were taken besides. Empty lists stand for all tasks.
    pub taken: SubTasks,
    /// Utterances that were left out or dropped because their intent is not in the merged bot.
    pub dropped_utterances: usize,
    /// Patterns that were left out or dropped because their intent or entity is not in the merged bot.
    pub dropped_patterns: usize,
    /// What the request names and the file has not. Pointers are into the body of the request.
    pub findings: Vec<Finding>,
}

/// Why two definitions cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MergeError {
    /// A member that has to be looked into has another shape.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A taken part refers to a dialog that neither bot has whole.
    #[error(
        "a selected part refers to the dialog {name:?}, which is not in this bot and only named in the file; export it whole, or select botTask"
    )]
    MissingDialog {
        /// Name of the dialog.
        name: String,
    },
}

/// Brings the selected parts of `incoming` into `current`. Without options the result is the incoming text, but for
/// what [`full`] keeps.
///
/// # Errors
/// [`MergeError`].
pub fn merge(current: &Document, incoming: &Document, options: &ImportOptions) -> Result<Merged, MergeError> {
    let Some(parts) = &options.parts else {
        return Ok(Merged {
            text: full::replaced(current, incoming, options)?,
            added_tasks: Vec::new(),
            taken: SubTasks::default(),
            dropped_utterances: 0,
            dropped_patterns: 0,
            findings: Vec::new(),
        });
    };
    let members = taken_members(options).into_iter().filter(|(key, _)| is_carried(incoming, key)).collect::<Vec<_>>();
    let ours = Catalogue::of(current)?;
    let theirs = Catalogue::of(incoming)?;
    let pairs = Pairs::of(&ours, &theirs);
    let flows = Flows::of(current, incoming, options)?;
    let mut referring = flows.taken().cloned().collect::<Vec<_>>();
    for (key, _) in &members {
        if *key != "mlParams" {
            referring.push(incoming.decode::<Value>(key)?.unwrap_or_default());
        }
    }
    let taken = pairs.take(selected_tasks(&theirs, parts, options), options, &referring);
    if let Some(dialog) = taken.missing_dialog {
        return Err(MergeError::MissingDialog { name: display_name(&theirs.dialogs[dialog]).to_string() });
    }

    let mut renames = pairs.renames(&taken);
    flows.add_renames(&mut renames);
    rename_namespaces(current, incoming, &mut renames)?;
    let mut merger =
        Merger { current, incoming, options, pairs: &pairs, taken: &taken, renames, edit: Edit::of(current) };
    merger.take_tasks();
    merger.take_scenes(parts)?;
    merger.take_flows(&flows);
    for (key, manner) in members {
        merger.take_member(key, manner)?;
    }
    merger.take_locales()?;
    let (dropped_utterances, dropped_patterns) = merger.take_rows(parts)?;
    merger.rename_what_stays()?;
    let text = merger.text();
    let added = taken.added_dialogs.iter().map(|index| display_name(&theirs.dialogs[*index]).to_string());
    Ok(Merged {
        text,
        added_tasks: added.collect(),
        taken: taken_by_name(&theirs, &taken.tasks, &options.sub_tasks),
        dropped_utterances,
        dropped_patterns,
        findings: unmet(incoming, &theirs, &flows, parts, options)?,
    })
}

/// The named tasks with those that were taken besides. A list without names stays so.
fn taken_by_name(theirs: &Catalogue, taken: &Tasks, named: &SubTasks) -> SubTasks {
    let mut all = named.clone();
    let kinds = [(&mut all.dialogs, &theirs.dialogs, &taken.dialogs), (&mut all.forms, &theirs.forms, &taken.forms)];
    for (words, tasks, taken) in kinds {
        if !words.is_empty() {
            words.extend(taken.iter().filter_map(|index| text(&tasks[*index], "refId")).map(str::to_string));
        }
    }
    all
}

/// What the request names and the file has not.
fn unmet(
    incoming: &Document,
    theirs: &Catalogue,
    flows: &Flows,
    parts: &PartList,
    options: &ImportOptions,
) -> Result<Vec<Finding>, ShapeError> {
    const HOLDER: &str = "The file";
    let mut findings = unmet_parts(incoming, HOLDER, parts, "/importOptions").findings;
    let (named, at) = (&options.sub_tasks, &options.sub_tasks_at);
    findings.extend(unmet_tasks(incoming, HOLDER, theirs, &flows.incoming, parts, named, at)?.findings);
    Ok(findings)
}

/// Brings the environment variables of `incoming` into `current`, if the options select variables: replaced by key, new
/// ones added, others left alone. A secured variable comes without its value; it keeps the one it has. Without options
/// the result is the incoming text. Variables that the request ignores stay as they are.
///
/// # Errors
/// `envVariables` is not a list.
pub fn merge_config(current: &Config, incoming: &Config, options: &ImportOptions) -> Result<String, ShapeError> {
    let ignored = &options.ignored_variables;
    let Some(parts) = &options.parts else { return full::replaced_config(current, incoming, ignored) };
    if !parts.has(Part::BotVariables) {
        return Ok(current.text().to_string());
    }
    let before = list(current.document(), "envVariables")?;
    let mut variables = before.clone();
    for mut variable in list(incoming.document(), "envVariables")? {
        if ignored.holds_environment(&variable) {
            continue;
        }
        let present = before.iter().find(|other| Sameness::Variable.holds(other, &variable));
        let is_emptied = text(&variable, "value") == Some("") && variable.get("isSecured") == Some(&Value::Bool(true));
        if let (Some(value), true) = (present.and_then(|present| present.get("value")), is_emptied) {
            variable["value"] = value.clone();
        }
        merge_list(&mut variables, vec![variable], Sameness::Variable, replace);
    }
    if variables == before {
        return Ok(current.text().to_string());
    }
    let mut edit = Edit::of(current.document());
    edit.set("envVariables", &Value::Array(variables));
    Ok(edit.write())
}

/// Whether the incoming file has something to take for this member. Partial exports empty the members they leave out.
fn is_carried(incoming: &Document, key: &str) -> bool {
    let Some(raw) = incoming.raw(key) else { return false };
    if raw != "[]" && raw != "{}" {
        return true;
    }
    let part = match key {
        "botEvents" => Part::NlpSettings,
        "sentences" => Part::Utterances,
        "patterns" => Part::Patterns,
        "llmConfiguration" | "promptLibraries" | "dialogGPTSettings" => Part::GenAiAndLlmSettings,
        _ => return true,
    };
    match incoming.decode::<Value>("exportOptions") {
        Ok(Some(options)) => PartList::from_json(&options).has(part),
        _ => true,
    }
}

/// The tasks that the request names and the incoming file has whole.
fn selected_tasks(theirs: &Catalogue, parts: &PartList, options: &ImportOptions) -> Tasks {
    let mut tasks = Tasks::default();
    if parts.has(Part::BotTask) {
        tasks.dialogs = named(&theirs.dialogs, &options.sub_tasks.dialogs);
        tasks.dialogs.retain(|index| is_whole(&theirs.dialogs[*index]));
    }
    if parts.has(Part::Forms) {
        tasks.forms = named_forms(&theirs.forms, &options.sub_tasks.forms);
    }
    tasks
}

/// Content that comes from a bot whose namespaces have the same names uses the current bot's namespaces.
fn rename_namespaces(current: &Document, incoming: &Document, renames: &mut Renames) -> Result<(), ShapeError> {
    let own = list(current, "namespaces")?;
    for namespace in list(incoming, "namespaces")? {
        let same = own.iter().find(|other| Sameness::Name.holds(other, &namespace));
        let ids = text(&namespace, "refId").zip(same.and_then(|same| text(same, "refId")));
        if let Some((theirs, ours)) = ids
            && theirs != ours
        {
            renames.incoming.insert(theirs.to_string(), ours.to_string());
        }
    }
    Ok(())
}
