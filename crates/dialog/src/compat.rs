//! Rules the original does not document, each a setting (conversation.md §20).

use serde::{Deserialize, Serialize};

/// How undocumented rules are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Compat {
    /// `eq` and `neq` ignore letter case.
    pub eq_ignore_case: bool,
    /// `eq` and `neq` of a list's value also look at the title of the item, ignoring letter case.
    pub eq_list_titles: bool,
    /// At a question for a text, these words discard the task although any text is an answer.
    pub discard_words_at_texts: Vec<String>,
    /// Words that discard the running task where they are no answer.
    pub discard_words: Vec<String>,
    /// A confirmation without an else answers as if nothing was understood, and waits on.
    pub confirmation_waits: bool,
    /// A message that waits, and has no else, does the same where none of its ways is for the answer; else its dialog ends.
    pub message_waits: bool,
    /// An entity that has a value is not asked for again when the dialog comes back to it.
    pub filled_entity_is_skipped: bool,
    /// The words of a task's name, when the user said all of them, are not looked at for values of its entities.
    pub name_words_are_used: bool,
    /// Of several variants of a text: any, by the seed; or always the first.
    pub variants: Variants,
    /// A node that runs more often than this without the user saying anything ends its task.
    pub most_visits: u32,
    /// So many dialogs may be entered without the user saying anything.
    pub most_dialogs: u32,
    /// So deep may dialogs call dialogs.
    pub most_depth: usize,
    /// So many nodes may run in one turn.
    pub most_steps: u32,
    /// A message with a longer word than this is not understood. Characters.
    pub longest_word: usize,
    /// A message of more words than this is not understood.
    pub most_words: usize,
    /// The context of a dialog may be so large; a task that makes more of it fails. Bytes of JSON.
    pub largest_context: usize,
    /// How values are filled into texts of JSON in the bodies of services.
    pub json_bodies: JsonBodies,
    /// What an agent node does where no language model is configured.
    pub agent_without_model: WithoutModel,
    /// A running conversation stays on the version it began with; else the next message meets the new one.
    pub pins_version: bool,
}

/// How values are filled into texts of JSON in the bodies of services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonBodies {
    /// Quotes and line ends of values are escaped where the body is JSON only with that.
    #[default]
    Escaped,
    /// As they are, which may break the JSON.
    Plain,
}

/// What an agent node does where no language model is configured (export-format-xo11.md §3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutModel {
    /// Its values are asked for one by one, and the dialog goes on with them.
    #[default]
    Collect,
    /// The task fails, as the original's would.
    Fail,
}

/// How flows of apps run (export-format-xo11.md §4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Flows {
    /// The flow of an app is how its conversations are entered. Without it an app behaves as a bot whose welcome says
    /// nothing.
    pub run: bool,
    /// What the flow says before its first dialog is also said when the user comes with a text; the answer follows.
    pub greet_on_first_text: bool,
    /// An answered question is a task that ends, as it is in bots without a flow: the event of that happens (§11, 4).
    pub questions_are_tasks: bool,
}

impl Default for Flows {
    fn default() -> Self {
        Self { run: true, greet_on_first_text: true, questions_are_tasks: false }
    }
}

/// Which of several variants of a text is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variants {
    /// Any.
    #[default]
    Random,
    /// The first.
    First,
}

impl Default for Compat {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self {
            eq_ignore_case: false,
            eq_list_titles: true,
            discard_words_at_texts: words(&["discard"]),
            discard_words: words(&["discard", "cancel", "exit", "quit", "stop", "abort", "start over"]),
            confirmation_waits: true,
            message_waits: true,
            filled_entity_is_skipped: true,
            name_words_are_used: true,
            variants: Variants::Random,
            most_visits: 10,
            most_dialogs: 25,
            most_depth: 100,
            most_steps: 2_000,
            longest_word: 1_200,
            most_words: 6_000,
            largest_context: 1_024 * 1_024,
            json_bodies: JsonBodies::Escaped,
            agent_without_model: WithoutModel::Collect,
            pins_version: true,
        }
    }
}
