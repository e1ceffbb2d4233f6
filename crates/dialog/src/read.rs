//! Makes a definition ready to run.
//!
//! Real exports of all eras must be readable, and an import checked their structure before: everything here is tolerant.
//! A member that is `null` or of an odd type counts as absent. What cannot be run becomes a [`Finding`] that says what
//! happens instead.
//!
//! [`Finding`]: crate::bot::Finding

mod agent;
mod asking;
mod assignments;
mod auth;
mod detection;
mod dialogs;
mod events;
mod findings;
mod flows;
mod forms;
mod functions;
mod interruption;
mod lenient;
mod model;
mod nodes;
mod options;
mod parts;
mod responses;
mod service;
mod settings;
mod texts;
mod transitions;
mod variables;

use definition::nlp::languages;
use definition::{Config, Document, ShapeError};

use self::findings::Findings;
use self::lenient::{per_language, text};
use self::parts::{Parts, list, member};
use crate::bot::{Bot, Dialog};
use crate::node::{Kind, Node};

impl Bot {
    /// Compiles a definition and its configuration. `functions` are the uploaded files of bot functions, name and source;
    /// `secured` the values of secured variables by their keys, which no export contains.
    ///
    /// # Errors
    /// A top-level list is not a list, or an environment variable has no key.
    pub fn read(
        definition: &Document,
        config: &Config,
        functions: &[(String, String)],
        secured: &[(String, String)],
    ) -> Result<Bot, ShapeError> {
        let languages = languages(definition);
        let parts = Parts::of(definition, languages.first().map_or("en", String::as_str))?;
        let mut findings = Findings::default();
        let dialogs = dialogs::read(&parts, &mut findings);
        findings.leave();
        let default_dialog = member(definition, "defaultDialogId");
        let flows = flows::read(definition, &parts, &mut findings)?;
        let bot = Bot {
            id: definition.id().unwrap_or_default().into_owned(),
            names: names(definition, config, &parts),
            default_language: parts.default_language.clone(),
            settings: settings::read(definition, &mut findings)?,
            events: events::read(definition, &parts, &mut findings)?,
            default_dialog: parts.dialog(&default_dialog),
            flow: flows.entry,
            no_agents: flows.no_agents,
            model_features_off: agent::features_off(definition),
            detection: detection::read(definition, &parts.default_language),
            forms: forms::read(definition, &mut findings)?,
            responses: responses::read(definition, &parts, &mut findings)?,
            variables: variables::read(definition, config, secured)?,
            functions: functions.to_vec(),
            function_names: functions::names(functions),
            auth_profiles: auth::read(definition, &mut findings)?,
            languages,
            dialog_places: parts.dialog_places.clone(),
            dialogs,
            findings: Vec::new(),
        };
        add_tables(&bot.dialogs, &mut findings);
        let english: Vec<&str> =
            bot.languages.iter().map(String::as_str).filter(|it| !crate::engine::speaks(it)).collect();
        if !english.is_empty() {
            findings.add(format!(
                "what the platform says by itself is English in {}, where no standard response of the bot says it",
                english.join(", ")
            ));
        }
        add_tasks(definition, &mut findings)?;
        Ok(Bot { findings: findings.into_list(), ..bot })
    }
}

/// What the bot is called: per language, else as the configuration says.
fn names(definition: &Document, config: &Config, parts: &Parts) -> Vec<(String, String)> {
    let mut names = per_language(&member(definition, "localeData"), "name");
    if names.is_empty() {
        names.extend(config.name().map(|name| (parts.default_language.clone(), name)));
    }
    names
}

/// Definitions of data tables are in no export.
fn add_tables(dialogs: &[Dialog], findings: &mut Findings) {
    for name in dialogs.iter().flat_map(|dialog| &dialog.nodes).flat_map(tables) {
        findings.add(format!(
            "the data table '{name}' is used, but no export contains its columns: it is made when it is first written to, \
             with the columns that are written"
        ));
    }
}

/// The names of the tables that a node uses, also inside of a bot action; those that are known before it runs.
fn tables(node: &Node) -> Vec<&str> {
    match &node.kind {
        Kind::Table(table) => table.name.as_constant().into_iter().collect(),
        Kind::Action(inner, _) => inner.iter().flat_map(tables).collect(),
        _ => Vec::new(),
    }
}

/// Kinds of tasks that do not converse here.
fn add_tasks(definition: &Document, findings: &mut Findings) -> Result<(), ShapeError> {
    for (key, kind) in [("actions", "action"), ("alerts", "alert")] {
        for task in list(definition, key)? {
            let named = per_language(&task["localeData"], "name").into_iter().next().map(|(_, name)| name);
            let name = named.unwrap_or_else(|| text(&task["name"]).to_owned());
            findings.add(format!("the {kind} task '{name}' is kept, but does not run here"));
        }
    }
    Ok(())
}
