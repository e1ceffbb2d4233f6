//! The members that an import takes as a whole or element by element, by part.

use serde_json::Value;

use super::options::ImportOptions;
use crate::links::{same_name, text};
use crate::parts::{AGENT_ASSIST, GEN_AI_SETTINGS, GENERAL_SETTINGS, IVR_SETTINGS, Part};

/// Settings of language understanding that are replaced as they are.
const NLP_SETTINGS: &[&str] = &[
    "isNLEnabled",
    "interruptOptions",
    "detectMultiIntent",
    "assignAllChildBots",
    "recentBotLimit",
    "isCsMatchEnabled",
    "enableAutoUtteranceAddition",
    "amendConfig",
    "confidenceConfigs",
    "defaultDialogId",
    "botSentimentEvents",
    "enableNegativePatterns",
    "advancedNLSettings",
    "botEvents",
];

/// Settings that every export has, with or without `settings`.
const LANGUAGE_SETTINGS: &[&str] = &["languagePreferences", "multiLingualConfigurations", "supportedLanguages"];

/// Lists that come with dialogs.
const TASK_LISTS: &[&str] =
    &["idpConfigurations", "actions", "alerts", "widgets", "panels", "widgetThemes", "customTemplates"];

/// How a top-level member is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The incoming value takes the place of the current one.
    Replace,
    /// Incoming elements take the place of those that are the same thing; new ones are added, the others stay.
    Merge(Sameness),
    /// Only elements that are new are added; all current ones stay.
    Add(Sameness),
    /// As `Merge`, by language and state, but see [`replace_ml_params`].
    MlParams,
}

/// When two elements of a list are the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sameness {
    /// Same `refId`, or same name or `_id` where one of them has no `refId`.
    Task,
    /// Same `refId` or same name.
    Name,
    /// Same language, and same `refId` or name if there is one.
    Language,
    /// Same `groupName` and language.
    Group,
    /// Same `Key` and language.
    Response,
    /// Same `key`.
    Variable,
    /// Same language and state.
    Model,
}

impl Sameness {
    /// Whether the two elements are the same thing.
    pub(super) fn holds(self, one: &Value, other: &Value) -> bool {
        let equal = |key: &str| text(one, key).is_some() && text(one, key) == text(other, key);
        match self {
            Sameness::Task => match (text(one, "refId"), text(other, "refId")) {
                (Some(one), Some(other)) => one == other,
                _ => equal("_id") || equal("name") || equal("theme"),
            },
            Sameness::Name => equal("refId") || equal("name"),
            Sameness::Language => {
                let named = text(one, "name").zip(text(other, "name"));
                let is_same_graph = named.is_none_or(|(one, other)| same_name(one, other)) || equal("refId");
                text(one, "language") == text(other, "language") && is_same_graph
            }
            Sameness::Group => equal("groupName") && text(one, "language") == text(other, "language"),
            Sameness::Response => equal("Key") && text(one, "language") == text(other, "language"),
            Sameness::Variable => equal("key"),
            Sameness::Model => ["language", "state"].iter().all(|key| text(one, key) == text(other, key)),
        }
    }
}

/// The members that the request takes, apart from dialogs, components, forms, scenes, rows and `localeData`.
pub(super) fn taken_members(options: &ImportOptions) -> Vec<(&'static str, Manner)> {
    let Some(parts) = &options.parts else { return Vec::new() };
    let mut members = Vec::new();
    if parts.has(Part::NlpSettings) {
        members.push(("mlParams", Manner::MlParams));
    }
    let mut replace_all = |keys: &[&'static str]| members.extend(keys.iter().map(|key| (*key, Manner::Replace)));
    if parts.has(Part::NlpSettings) {
        replace_all(NLP_SETTINGS);
    } else if parts.has(Part::DefaultDialog) {
        replace_all(&["defaultDialogId"]);
    }
    if parts.has(Part::BotSettings) {
        replace_all(GENERAL_SETTINGS);
        replace_all(LANGUAGE_SETTINGS);
    }
    if parts.has(Part::IvrSettings) {
        replace_all(IVR_SETTINGS);
    }
    if parts.has(Part::GenAiAndLlmSettings) {
        replace_all(GEN_AI_SETTINGS);
        replace_all(&["dialogGPTSettings", "answers"]);
    }
    if parts.has(Part::AgentRules) || parts.has(Part::Playbooks) {
        replace_all(&[AGENT_ASSIST]);
    }
    if parts.has(Part::LinkedBots) {
        replace_all(&["linkedBotsDetails", "fallbackDetails", "inclusiveDetails"]);
    }
    if parts.has(Part::BotTask) {
        members.extend(TASK_LISTS.iter().map(|key| (*key, Manner::Merge(Sameness::Task))));
    }
    if parts.has(Part::GenAiAndLlmSettings) {
        members.push(("tools", Manner::Merge(Sameness::Name)));
    }
    if parts.has(Part::KnowledgeGraph) {
        members.push(("knowledgeTasks", Manner::Merge(Sameness::Language)));
    }
    if parts.has(Part::SmallTalk) || parts.has(Part::UniversalSmallTalk) {
        members.push(("smallTalk", Manner::Merge(Sameness::Language)));
    }
    if parts.has(Part::StandardResponses) {
        members.push(("koraResponses", Manner::Merge(Sameness::Response)));
    }
    if parts.has(Part::Traits) {
        members.push(("traits", Manner::Merge(Sameness::Group)));
    }
    if parts.has(Part::BotVariables) {
        members.push(("contentVariables", Manner::Merge(Sameness::Variable)));
        members.push(("variables", Manner::Replace));
    }
    if parts.has(Part::BotVariables) || parts.has(Part::BotSettings) {
        members.push(("namespaces", Manner::Add(Sameness::Name)));
    }
    if options.custom_dashboards {
        members.push(("customDashboards", Manner::Merge(Sameness::Name)));
    }
    members
}

/// Brings the elements of one list into another: `meet` decides what becomes of two that are the same thing, new ones
/// are added. Where a list holds the same thing twice, the first incoming one meets the first current one, and so on.
pub(super) fn merge_list(
    list: &mut Vec<Value>,
    incoming: Vec<Value>,
    sameness: Sameness,
    meet: impl Fn(&mut Value, Value),
) {
    let mut met = vec![false; list.len()];
    for element in incoming {
        match (0..met.len()).find(|index| !met[*index] && sameness.holds(&list[*index], &element)) {
            Some(index) => {
                met[index] = true;
                meet(&mut list[index], element);
            }
            None => list.push(element),
        }
    }
}

/// The incoming element takes the place of the current one.
pub(super) fn replace(current: &mut Value, incoming: Value) {
    *current = incoming;
}

/// The current element stays.
pub(super) fn keep(_current: &mut Value, _incoming: Value) {}

/// The incoming ML parameters take the place of the current ones. A partial export without tasks leaves `dialogIntents`
/// out; then the current ones stay.
pub(super) fn replace_ml_params(current: &mut Value, incoming: Value) {
    let (Some(current), Value::Object(incoming)) = (current.as_object_mut(), incoming) else { return };
    current.retain(|key, _| key == "dialogIntents" || incoming.contains_key(key));
    current.extend(incoming);
}

/// Brings the selected members of `localeData` in. The bot keeps its own name and description. A language that the
/// current bot lacks comes as a whole, with general settings only.
pub(super) fn merge_locales(current: &mut Value, incoming: &Value, options: &ImportOptions) {
    let Some(parts) = &options.parts else { return };
    let (Some(own), Some(languages)) = (current.as_object_mut(), incoming.as_object()) else { return };
    let takes_settings = parts.has(Part::BotSettings);
    let takes_synonyms = parts.has(Part::Synonyms) || parts.has(Part::BotSynonyms);
    let takes_concepts = parts.has(Part::Concepts) || parts.has(Part::BotSynonyms);
    for (language, members) in languages {
        let Some(members) = members.as_object() else { continue };
        let Some(own) = own.get_mut(language) else {
            if takes_settings {
                own.insert(language.clone(), Value::Object(members.clone()));
            }
            continue;
        };
        let Some(own) = own.as_object_mut() else { continue };
        for (key, value) in members {
            let is_nlp = key == "confidenceConfigs" || key.starts_with("nl") || key.starts_with("keywords");
            let is_taken = match key.as_str() {
                "name" | "description" | "synonyms" => false,
                _ if is_nlp => parts.has(Part::NlpSettings),
                _ => takes_settings,
            };
            if is_taken {
                own.insert(key.clone(), value.clone());
            }
        }
        let Some(terms) = members.get("synonyms").and_then(Value::as_object) else { continue };
        let is_taken = |term: &str| if term.starts_with('~') { takes_concepts } else { takes_synonyms };
        if !terms.keys().any(|term| is_taken(term)) {
            continue;
        }
        let own_terms = own.entry("synonyms").or_insert_with(|| Value::Object(serde_json::Map::new()));
        let Some(own_terms) = own_terms.as_object_mut() else { continue };
        for (term, synonyms) in terms {
            if is_taken(term) {
                own_terms.insert(term.clone(), synonyms.clone());
            }
        }
    }
}
