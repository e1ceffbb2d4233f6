//! A bot made ready to run: what publish makes of a definition, once, for every conversation to share.
//!
//! Texts are decoded and taken apart at their templates, references are places in lists, JSON texts inside of the
//! definition are parsed. Nothing here changes while a bot runs. Each kind of node has a file in [`node`](crate::node).

mod event;
mod flow;
mod form;
mod interruption;
mod response;
mod settings;
mod text;
mod variables;

use std::collections::HashMap;

pub use event::{BotEvent, Events, FirstMessage, SentimentEvent, WhatToDo};
pub use flow::{Automation, Flow, FlowAct, FlowRule, FlowStep, Next};
pub use form::{Choice, Field, FieldKind, Form};
pub use interruption::{AnsweredAside, Holding, Interruption, Resuming, Who};
pub use response::{Condition, StandardResponses};
pub use settings::{AuthField, AuthProfile, LanguageChoice, Pii, PiiDisplay, Session, Settings};
pub use text::{Button, Buttons, Entry, Piece, Text, Texts};
pub use variables::{Variable, Variables};

use crate::node::{ModelChoice, Node};

/// A bot, ready to run.
#[derive(Clone, Debug, Default)]
pub struct Bot {
    /// The bot's own id, as the definition has it (`st-…`); a bot imported as new has another one, see
    /// [`Circumstances`](crate::turn::Circumstances).
    pub id: String,
    /// What the bot is called, per language; users see it as `<display-bot-name>`.
    pub names: Vec<(String, String)>,
    /// The language spoken where nothing else is said.
    pub default_language: String,
    /// The languages it speaks, the default first.
    pub languages: Vec<String>,
    /// Settings of the whole bot.
    pub settings: Settings,
    /// All dialogs, in document order.
    pub dialogs: Vec<Dialog>,
    /// Dialogs by `_id` and by `refId`.
    pub dialog_places: HashMap<String, usize>,
    /// What happens at the events of a conversation.
    pub events: Events,
    /// What runs where nothing was understood (`defaultDialogId`), a place in [`Self::dialogs`].
    pub default_dialog: Option<usize>,
    /// The flow by which conversations on text channels are entered, of an app.
    pub flow: Option<Flow>,
    /// What an app does where nobody takes a conversation over.
    pub no_agents: Option<Flow>,
    /// Features of language models that the app has switched off (`llmConfiguration[].featureList`): as if no model were
    /// configured for them.
    pub model_features_off: Vec<String>,
    /// The language model that finds out what users of an app mean; `None` where the app has none do it.
    pub detection: Option<ModelChoice>,
    /// Digital forms.
    pub forms: Vec<Form>,
    /// Standard responses the author changed.
    pub responses: StandardResponses,
    /// Content and environment variables.
    pub variables: Variables,
    /// Uploaded files of bot functions: name and source.
    pub functions: Vec<(String, String)>,
    /// The names that those files declare, to tell which scripts need them: those that hold one. The empty name is in all.
    pub function_names: Vec<String>,
    /// Ways to prove who calls, that service nodes name.
    pub auth_profiles: Vec<AuthProfile>,
    /// What cannot be run, each in a sentence that says where and what: for publish and lint.
    pub findings: Vec<Finding>,
}

/// Something a bot uses that does not run here, or cannot run at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The dialog it stands in (`_id`); empty where it is of the whole bot.
    pub dialog: String,
    /// The node (`nodeId`); empty where it is of the whole dialog.
    pub node: String,
    /// What is wrong, and what happens instead.
    pub message: String,
}

/// A dialog task.
#[derive(Clone, Debug, Default)]
pub struct Dialog {
    /// Store id, `dg-…`.
    pub id: String,
    /// Id that survives export and import.
    pub ref_id: String,
    /// What people call it, per language.
    pub names: Vec<(String, String)>,
    /// Its name in lower case (`lname`), which channels report as `completedTaskName`.
    pub lower_name: String,
    /// Name of its intent component: `context.intent`.
    pub intent: String,
    /// It does not show in help.
    pub hidden: bool,
    /// No utterance starts it while nothing else runs (`isFollowUp`).
    pub follow_up: bool,
    /// Its nodes, in document order.
    pub nodes: Vec<Node>,
    /// Nodes by `nodeId`.
    pub node_places: HashMap<String, usize>,
    /// The node it starts with; `None` for the stub of a partial export.
    pub start: Option<usize>,
    /// Groups of nodes with sub-intents of their own.
    pub groups: Vec<Group>,
    /// How it is interrupted, where it differs from the bot.
    pub interruption: Option<Interruption>,
    /// What happens when it fails, where it differs from the bot.
    pub on_failure: Option<BotEvent>,
    /// Whether identified follow-up tasks are listed at its end, and with which words.
    pub lists_follow_ups: Option<Texts>,
    /// Namespaces (`vNameSpace`) whose variables it sees.
    pub namespaces: Vec<String>,
}

/// A group of nodes: while one of them waits, the sub-intents of the group can be said.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Name.
    pub name: String,
    /// The nodes inside (`nodeId`).
    pub nodes: Vec<String>,
    /// Ids of intent components and of nodes that can be meant while one of them waits.
    pub sub_intents: Vec<String>,
}

impl Bot {
    /// The dialog with this `_id` or `refId`.
    pub fn dialog(&self, id: &str) -> Option<&Dialog> {
        self.dialog_places.get(id).map(|place| &self.dialogs[*place])
    }

    /// What the bot is called in a language.
    pub fn name(&self, language: &str) -> &str {
        in_language(&self.names, language, &self.default_language).map_or("", String::as_str)
    }

    /// Whether the app lets a feature use a language model: `dynamicEntity`, `generativeai`, `answerGeneration` …
    pub fn lets_model(&self, feature: &str) -> bool {
        !self.model_features_off.iter().any(|off| off.eq_ignore_ascii_case(feature))
    }

    /// The form with this `refId`.
    pub fn form(&self, ref_id: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.ref_id == ref_id)
    }
}

impl Dialog {
    /// What people call it in a language.
    pub fn name(&self, language: &str, default_language: &str) -> &str {
        in_language(&self.names, language, default_language).map_or(&self.lower_name, String::as_str)
    }

    /// The node with this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.node_places.get(id).map(|place| &self.nodes[*place])
    }
}

/// What stands for a language: its own entry, else that of the bot's default language, else any.
pub(crate) fn in_language<'a, T>(entries: &'a [(String, T)], language: &str, default_language: &str) -> Option<&'a T> {
    let of = |wanted: &str| entries.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    of(language).or_else(|| of(default_language)).or_else(|| entries.first()).map(|(_, entry)| entry)
}
