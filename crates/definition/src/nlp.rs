//! What a bot knows of one language, as typed data: the part of a definition that language understanding learns from.
//!
//! The names follow the export (`export-format.md` §7). Texts are decoded: no percent encoding, no HTML escapes.

mod configure;
mod findings;
mod read;

use std::ops::Range;

pub use self::configure::{ConfigureError, configure};
pub use self::findings::{Finding, findings};
pub use self::read::languages;

/// Everything that understanding needs to know of a bot in one language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NlpData {
    /// Code of the language, as the definition writes it (`en`, `zh_CN`).
    pub language: String,
    /// Name of the bot in this language.
    pub bot_name: String,
    /// What users can want: the root intent of each dialog, then the sub-intents inside dialogs. In document order.
    pub intents: Vec<Intent>,
    /// The entities that dialogs ask for, in document order.
    pub entities: Vec<Entity>,
    /// Questions with answers, in document order.
    pub faqs: Vec<Faq>,
    /// The terms that questions hang on: the ontology of the knowledge graph.
    pub terms: Vec<Term>,
    /// Synonyms of the knowledge graph: a word of a question, tag or term and the words that stand for it. Where it is
    /// a tag or a term, they are among the synonyms of that one, too.
    pub faq_synonyms: Vec<(String, Vec<String>)>,
    /// Small talk: groups in document order, each in the order of its `seq`.
    pub small_talk: Vec<SmallTalk>,
    /// Groups of traits.
    pub trait_groups: Vec<TraitGroup>,
    /// Bot synonyms: a term and the words that stand for it. A word list may name concepts (`~product`).
    pub synonyms: Vec<(String, Vec<String>)>,
    /// Concepts, with their `~`: the platform's, which ship in every export, and the bot's own.
    pub concepts: Vec<(String, Vec<String>)>,
    /// Where certainty begins.
    pub thresholds: Thresholds,
    /// Switches of the engines.
    pub settings: Settings,
}

/// Something a user can want.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intent {
    /// Store id of the intent component, `dc-…`.
    pub component_id: String,
    /// Id of the component that survives export and import.
    pub component_ref: String,
    /// Name of the component; what ML files and API answers call the intent.
    pub name: String,
    /// What people call it in this language (`localeData.<lang>.intent`), else the dialog's name, else `name`.
    pub label: String,
    /// Store id of the dialog that it starts, `dg-…`; empty for a sub-intent that starts none.
    pub dialog_id: String,
    /// Id of that dialog that survives export and import.
    pub dialog_ref: String,
    /// Name of that dialog in this language.
    pub dialog_name: String,
    /// The dialogs (store ids) in which this is a sub-intent; empty for a root intent, which is in scope everywhere.
    pub scopes: Vec<String>,
    /// What an app says the task is for: descriptions of the dialog and of its intent. Empty for bots.
    pub descriptions: Vec<String>,
    /// Answers by which dialogs of an app lead to this one, with the titles and synonyms of the choices. Empty for bots.
    pub choices: Vec<String>,
    /// What its dialog of an app asks for: names of values, and what there is to choose. Empty for bots.
    pub asks: Vec<String>,
    /// Of an app: events or the flow start the dialog, or it is hidden; users only get it by its exact name.
    pub internal: bool,
    /// The dialog does not show in help.
    pub hidden: bool,
    /// The dialog cannot be started by an utterance while no other runs (`isFollowUp`).
    pub follow_up: bool,
    /// What people say, in this language.
    pub utterances: Vec<Utterance>,
    /// Patterns that mean this intent.
    pub patterns: Vec<String>,
    /// Patterns that rule it out.
    pub negative_patterns: Vec<String>,
    /// Any of these lists of traits, all of a list present, means this intent.
    pub trait_rules: Vec<Vec<String>>,
    /// Context tags or traits that must be there before the intent can be found.
    pub preconditions: Vec<String>,
    /// Ids (store ids) of the entities that nodes of its dialog ask for, in the order of the nodes.
    pub entities: Vec<String>,
}

/// A training utterance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Utterance {
    /// The sentence.
    pub text: String,
    /// The entity values marked in it.
    pub marks: Vec<Mark>,
    /// Id of the row, 24 hexadecimal digits; empty where the export has none.
    pub id: String,
}

/// An entity value marked in an utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Store id of the entity component.
    pub entity_id: String,
    /// Where the value stands, in bytes of the sentence.
    pub range: Range<usize>,
}

/// An entity: what it is called and what counts as a value of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entity {
    /// Store id of the component, `dc-…`.
    pub component_id: String,
    /// Id of the component that survives export and import.
    pub component_ref: String,
    /// Key in `context.entities`.
    pub name: String,
    /// What people call it in this language.
    pub label: String,
    /// `entityType` as the export writes it: `label`, `number`, `list_of_values` …; empty in the stubs of partial exports.
    pub entity_type: String,
    /// More than one value is taken.
    pub many: bool,
    /// Other words for the entity itself.
    pub synonyms: Vec<String>,
    /// Values of a static list (`allowedValues.values` or `lookupValues`).
    pub choices: Vec<Choice>,
    /// A list that a script fills instead: where it is and how its items are read.
    pub choices_from: Option<ChoicesFrom>,
    /// The expression of a `regex` entity.
    pub regex: String,
    /// `unitType` of a quantity.
    pub unit_type: String,
    /// `defaultUnit` of a quantity.
    pub default_unit: String,
    /// Least similarity, in percent, at which a misspelt list value is taken; 0 takes none.
    pub spell_threshold: f64,
    /// Entity patterns of this language.
    pub patterns: Vec<String>,
    /// The rules of the component and of the nodes that use it, `(name, value as JSON text)`, as the export has them.
    pub rules: Vec<(String, String)>,
    /// The dialogs (store ids) with a node that asks for it.
    pub dialogs: Vec<String>,
}

/// One value of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What people see.
    pub title: String,
    /// What is stored.
    pub value: String,
    /// Other words for it.
    pub synonyms: Vec<String>,
}

/// A list of values in the context.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChoicesFrom {
    /// Path of the list, as written.
    pub variable: String,
    /// Key of an item's title; empty where items are plain texts.
    pub title_key: String,
    /// Key of an item's value.
    pub value_key: String,
    /// Key of an item's synonyms.
    pub synonyms_key: String,
}

/// A question with its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faq {
    /// Id that survives export and import.
    pub ref_id: String,
    /// The primary question.
    pub question: Phrasing,
    /// Other ways to ask.
    pub alternates: Vec<Phrasing>,
    /// What the question is answered with.
    pub answer: Answer,
}

/// One way to ask, with the terms it hangs on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phrasing {
    /// The question, or a pattern where [`is_pattern`](Self::is_pattern).
    pub text: String,
    /// The alternate was written with `||` before it: it is a pattern.
    pub is_pattern: bool,
    /// The path from the leaf to the root.
    pub path: Vec<PathTerm>,
    /// Tags: words that count like terms.
    pub tags: Vec<PathTerm>,
}

/// A term on the path of a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathTerm {
    /// The word or words.
    pub label: String,
    /// Without it (or a synonym) the question is not asked (`**` before the term or tag, or the node's `termUsage`).
    pub mandatory: bool,
    /// It organises the graph and need not be said (`!!` before the term, or the node's `termUsage`).
    pub organizer: bool,
    /// Other words for it, on this path.
    pub synonyms: Vec<String>,
    /// Traits that stand for it, after the `:` of the path.
    pub traits: Vec<String>,
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Texts, one bubble each, in order; then the variants to choose from or to show on "read more". Both as the JSON text
    /// of the export's `answer` and `alternateAnswers`.
    Message {
        /// `answer` as JSON text.
        answer: String,
        /// `alternateAnswers` as JSON text.
        alternates: String,
    },
    /// A dialog is run (its `refId`).
    Dialog {
        /// Id of the dialog that survives export and import.
        dialog_ref: String,
    },
}

impl Default for Answer {
    fn default() -> Self {
        Self::Message { answer: "[]".to_owned(), alternates: "[]".to_owned() }
    }
}

/// A node of the knowledge graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    /// Its id.
    pub node_id: String,
    /// Ids of the nodes above.
    pub parents: Vec<String>,
    /// The word or words.
    pub label: String,
    /// Other words for it.
    pub synonyms: Vec<String>,
    /// `default`, `mandatory` or `organizer`.
    pub usage: String,
    /// Traits that stand for it: any of these lists, all of a list.
    pub trait_rules: Vec<Vec<String>>,
    /// Context tags that must be there before questions below it can be found.
    pub preconditions: Vec<String>,
    /// Context tags that a question below it leaves.
    pub context_tags: Vec<String>,
}

/// Something people say without wanting anything, and what is said back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SmallTalk {
    /// Id of the node, `smn-…`.
    pub node_id: String,
    /// Id of the node it follows; empty at the top. It is looked for only directly after that one.
    pub parent_id: String,
    /// Name of its group.
    pub group: String,
    /// Phrases or patterns.
    pub utterances: Vec<String>,
    /// The replies as the JSON text of the export's `botUtterances`.
    pub replies: String,
}

/// Traits that exclude each other: at most one of a group holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraitGroup {
    /// Name of the group.
    pub name: String,
    /// `probability` (learned from the phrases) or `pattern`.
    pub match_strategy: String,
    /// Least score of a learned trait, 0 to 1.
    pub score_threshold: f64,
    /// The traits: name and phrases or patterns.
    pub traits: Vec<(String, Vec<String>)>,
}

/// Where certainty begins: `confidenceConfigs` of the language, with the platform's defaults where a mode is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// The ML expert.
    pub ml: MlThresholds,
    /// The knowledge expert. Percent.
    pub faq: FaqThresholds,
    /// The rule expert.
    pub rule: RuleThresholds,
    /// Ranking and resolving.
    pub resolver: ResolverThresholds,
}

/// Thresholds of the ML expert (`mode: "ml"`).
#[derive(Clone, Debug, PartialEq)]
pub struct MlThresholds {
    /// Least probability of a probable match, 0 to 1. `None` where the author left the platform's default (.3; for
    /// few-shot models .6; in 2018 0), so that a threshold learned from the bot's own utterances may be used.
    pub least: Option<f64>,
    /// From this on a match is definitive, 0 to 1: of the probability, or of the likeness to a training utterance.
    pub definitive: f64,
}

/// Thresholds of the knowledge expert (`mode: "faq"`).
#[derive(Clone, Debug, PartialEq)]
pub struct FaqThresholds {
    /// From this score on a question is suggested. Percent.
    pub suggest: f64,
    /// From this score on a question is answered. Percent.
    pub answer: f64,
    /// From this score on a question is meant without doubt. Percent.
    pub definitive: f64,
    /// Least share of the words on its path that a message must have. Percent.
    pub path_coverage: f64,
    /// How many questions are suggested at most.
    pub suggestions: usize,
    /// Questions that score this close to the best are as good. Percent.
    pub tolerance: f64,
    /// Bot synonyms count for questions too.
    pub use_bot_synonyms: bool,
    /// `subType: "embeddingKG"`: paths do not count, only the likeness of questions.
    pub ignores_paths: bool,
}

/// Thresholds of the rule expert (`mode: "cs"`).
#[derive(Clone, Debug, PartialEq)]
pub struct RuleThresholds {
    /// Least share of the words of a task name that a message must have. Percent.
    pub word_coverage: f64,
    /// Whether parts of task names count (`labelMatch`); the whole name counts where `exact_name` says so.
    pub label_match: bool,
    /// Whether only the exact name of a task counts (`exactTaskNameMatch`).
    pub exact_name: bool,
}

/// Thresholds of ranking (`mode: "rr"`).
#[derive(Clone, Debug, PartialEq)]
pub struct ResolverThresholds {
    /// Definitive matches end the search.
    pub prefers_definitive: bool,
    /// Probable matches are scored again together.
    pub rescores: bool,
    /// Matches that score this close to the best are as good. Percent.
    pub tolerance: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            ml: MlThresholds { least: None, definitive: 0.95 },
            faq: FaqThresholds {
                suggest: 60.0,
                answer: 80.0,
                definitive: 95.0,
                path_coverage: 50.0,
                suggestions: 3,
                tolerance: 5.0,
                use_bot_synonyms: false,
                ignores_paths: false,
            },
            rule: RuleThresholds { word_coverage: 60.0, label_match: true, exact_name: false },
            resolver: ResolverThresholds { prefers_definitive: true, rescores: true, tolerance: 2.0 },
        }
    }
}

/// Switches of the engines (`advancedNLSettings`, `mlParams`, top level), with the platform's defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// An utterance is looked at for several tasks (`detectMultiIntent`).
    pub several_intents: bool,
    /// Sub-intents are learned per dialog (`Multiple_Intent_Models`).
    pub model_per_dialog: bool,
    /// Negative patterns count (`enableNegativePatterns`); on unless switched off.
    pub ignores_negative_patterns: bool,
    /// A negated intent is dropped (`f_negation`).
    pub drops_negated: bool,
    /// A class of its own for what means nothing is learned (`NoneIntent`).
    pub none_intent: bool,
    /// Tasks are found by what is said of them (`dialogGPTSettings` of an app), where the experts find none.
    pub by_description: bool,
    /// Every other setting as the export has it: key and value as JSON text, in document order.
    pub other: Vec<(String, String)>,
}
