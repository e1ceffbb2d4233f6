//! The parts of a bot that export and import options name, and which top-level members of a definition hold them.
//!
//! The words are those of real `exportOptions` (268 exports) and of the public API; the member lists come from one bot
//! exported four ways by the vendor, checked against every other export.

use serde_json::{Map, Value};

/// The member of an options object under which a part is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// `tasks`: what the bot can do.
    Tasks,
    /// `nlpData`: what it learns from.
    NlpData,
    /// `settings`: how it is set up.
    Settings,
    /// `AgentAI`: parts of a product this crate does not know; they are accepted and echoed, and select nothing.
    AgentAi,
    /// `botComponents`: parts of a universal bot (import only).
    BotComponents,
}

impl Family {
    /// Every family, in the order in which an export lists those the request did not name.
    pub const ALL: [Family; 5] =
        [Family::Tasks, Family::NlpData, Family::Settings, Family::AgentAi, Family::BotComponents];

    /// The member name on the wire and in an exported file.
    pub fn wire_name(self) -> &'static str {
        match self {
            Family::Tasks => "tasks",
            Family::NlpData => "nlpData",
            Family::Settings => "settings",
            Family::AgentAi => "AgentAI",
            Family::BotComponents => "botComponents",
        }
    }
}

/// A part of a bot that can be exported or imported on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Dialogs and their components, with what hangs on them (storyboard scenes, legacy actions and alerts, widgets).
    BotTask,
    /// The knowledge graph: FAQs.
    KnowledgeGraph,
    /// Small talk.
    SmallTalk,
    /// Digital forms.
    Forms,
    /// Events, thresholds and other settings of language understanding.
    NlpSettings,
    /// Utterances that intents are trained with.
    Utterances,
    /// Patterns of intents and entities.
    Patterns,
    /// Overridden standard responses.
    StandardResponses,
    /// Traits.
    Traits,
    /// Rules that tie traits to intents; they live inside the components.
    TraitRules,
    /// Custom concepts: synonyms whose key starts with `~`.
    Concepts,
    /// Bot synonyms, under their newer name.
    Synonyms,
    /// Bot synonyms.
    BotSynonyms,
    /// Utterances and patterns, under their older name. Every real request that says it also says those two.
    TrainingData,
    /// The dialog that starts when no intent was found.
    DefaultDialog,
    /// General settings.
    BotSettings,
    /// Environment variables (`config.json`), content variables and their namespaces.
    BotVariables,
    /// Voice channels.
    IvrSettings,
    /// Language models and prompts.
    GenAiAndLlmSettings,
    /// A part of Agent AI.
    AgentRules,
    /// A part of Agent AI.
    Playbooks,
    /// A part of Agent AI.
    WidgetSettings,
    /// A part of Agent AI.
    LayoutSettings,
    /// The bots that a universal bot is linked to.
    LinkedBots,
    /// Small talk of a universal bot.
    UniversalSmallTalk,
}

/// Every part with its family and its word. The order within a family is the order of a full request.
const VOCABULARY: [(Part, Family, &str); 26] = [
    (Part::BotTask, Family::Tasks, "botTask"),
    (Part::KnowledgeGraph, Family::Tasks, "knowledgeGraph"),
    (Part::SmallTalk, Family::Tasks, "smallTalk"),
    (Part::Forms, Family::Tasks, "forms"),
    (Part::NlpSettings, Family::NlpData, "nlpSettings"),
    (Part::Utterances, Family::NlpData, "utterances"),
    (Part::Patterns, Family::NlpData, "patterns"),
    (Part::StandardResponses, Family::NlpData, "standardResponses"),
    (Part::Traits, Family::NlpData, "traits"),
    (Part::TraitRules, Family::NlpData, "traitRules"),
    (Part::TraitRules, Family::NlpData, "rules"),
    (Part::Concepts, Family::NlpData, "concepts"),
    (Part::Synonyms, Family::NlpData, "synonyms"),
    (Part::BotSynonyms, Family::NlpData, "bot_synonyms"),
    (Part::TrainingData, Family::NlpData, "training_data"),
    (Part::DefaultDialog, Family::NlpData, "defaultDialog"),
    (Part::BotSettings, Family::Settings, "botSettings"),
    (Part::BotVariables, Family::Settings, "botVariables"),
    (Part::IvrSettings, Family::Settings, "ivrSettings"),
    (Part::GenAiAndLlmSettings, Family::Settings, "genAIandLLMSettings"),
    (Part::AgentRules, Family::AgentAi, "rules"),
    (Part::Playbooks, Family::AgentAi, "playbooks"),
    (Part::WidgetSettings, Family::AgentAi, "widgetSettings"),
    (Part::LayoutSettings, Family::AgentAi, "layoutSettings"),
    (Part::LinkedBots, Family::BotComponents, "linkedBots"),
    (Part::UniversalSmallTalk, Family::BotComponents, "smallTalk"),
];

impl Part {
    /// The canonical word for this part.
    pub fn wire_name(self) -> &'static str {
        let found = VOCABULARY.iter().find(|(part, _, _)| *part == self);
        found.map(|(_, _, word)| *word).expect("the vocabulary holds every part")
    }

    /// Reads a word as clients write it: letter case, punctuation and a plural `s` do not matter.
    pub fn from_wire(family: Family, word: &str) -> Option<Part> {
        let wanted = folded(word);
        let found = VOCABULARY.iter().find(|(_, of, name)| *of == family && folded(name) == wanted);
        found.map(|(part, _, _)| *part)
    }
}

/// The parts that a request selects, by family, both in the order of the request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartList {
    families: Vec<(Family, Vec<Part>)>,
}

impl PartList {
    /// Reads the families from an options object. Words that name nothing are ignored, repeated ones count once, and
    /// a single string stands for a list of one.
    pub fn from_json(options: &Value) -> PartList {
        let mut list = PartList::default();
        let Some(members) = options.as_object() else { return list };
        for (key, words) in members {
            let Some(family) = Family::ALL.into_iter().find(|f| f.wire_name().eq_ignore_ascii_case(key)) else {
                continue;
            };
            let mut parts = Vec::new();
            for word in string_list(words) {
                match Part::from_wire(family, &word) {
                    Some(part) if !parts.contains(&part) => parts.push(part),
                    _ => {}
                }
            }
            list.families.push((family, parts));
        }
        list
    }

    /// What a full export of today lists.
    pub fn full() -> PartList {
        let families = [
            (Family::Tasks, vec![Part::BotTask, Part::KnowledgeGraph, Part::SmallTalk, Part::Forms]),
            (
                Family::NlpData,
                vec![Part::NlpSettings, Part::Utterances, Part::Patterns, Part::StandardResponses, Part::Traits],
            ),
            (
                Family::Settings,
                vec![Part::BotSettings, Part::BotVariables, Part::IvrSettings, Part::GenAiAndLlmSettings],
            ),
        ];
        PartList { families: families.into() }
    }

    /// Whether the part was named.
    pub fn has(&self, part: Part) -> bool {
        self.families.iter().any(|(_, parts)| parts.contains(&part))
    }

    /// Whether any part of the family was named.
    pub fn has_any(&self, family: Family) -> bool {
        self.families.iter().any(|(of, parts)| *of == family && !parts.is_empty())
    }

    /// Whether nothing was named.
    pub fn is_empty(&self) -> bool {
        self.families.iter().all(|(_, parts)| parts.is_empty())
    }

    /// The families as an export file lists them: those of the request in its order, then the three that every file
    /// has.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut members = Map::new();
        for (family, parts) in &self.families {
            let words = parts.iter().map(|part| Value::from(part.wire_name())).collect::<Vec<_>>();
            members.insert(family.wire_name().to_string(), Value::from(words));
        }
        for family in [Family::Tasks, Family::NlpData, Family::Settings] {
            members.entry(family.wire_name()).or_insert_with(|| Value::Array(Vec::new()));
        }
        members
    }
}

/// `"Bot_Tasks"` → `"bottask"`.
fn folded(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters.trim_end_matches('s').to_string()
}

/// The strings of a list; a single string counts as a list of one, anything else as empty.
pub(crate) fn string_list(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_string).collect(),
        _ => Vec::new(),
    }
}

/// A flag as JSON or form-encoded bodies give it: `true`, `"true"`, `1`. `None` when it is absent or unreadable.
pub(crate) fn flag(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
        Value::Number(number) => number.as_i64().map(|n| n != 0),
        _ => None,
    }
}

/// The value of a member whose name may be written in any letter case.
pub(crate) fn member<'a>(object: &'a Value, key: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    let exact = members.get(key);
    exact.or_else(|| members.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value))
}

/// A value that may have arrived as JSON text inside a form field.
pub(crate) fn unwrapped(value: &Value) -> Value {
    let Value::String(text) = value else { return value.clone() };
    match serde_json::from_str(text) {
        Ok(inner @ (Value::Object(_) | Value::Array(_))) => inner,
        _ => value.clone(),
    }
}

/// Members that a definition has only when the export included some setting, without those of the two lists below.
pub(crate) const GENERAL_SETTINGS: &[&str] = &[
    "notifyUserViaEmail",
    "hasTenant",
    "hasUserEndpoint",
    "offKoraConfirmation",
    "skipMakeEditLinks",
    "variables",
    "showInMp",
    "enable_pii",
    "strict_pii",
    "pii_patterns",
    "languageConfigurations",
    "solutionBotSettings",
    "channels",
    "vNameSpace",
    "krVNameSpace",
    "evVNameSpace",
    "color",
    "demoVideoLink",
    "enableInputTranslation",
    "isSmartAssist",
    "sBannerColor",
    "bBannerColor",
    "categoryIds",
    "class",
    "featured",
    "sendVcf",
    "interruptsEnabled",
    "externalNluAdapters",
    "sessionInactiveTime",
    "sessionClosureProcess",
    "skipSessionMessage",
    "clearAllAuthTokens",
    "runCustomScript",
    "isDeflect",
    "languagesToBeIgnored",
    "translationEngines",
    "preBuiltIntegrations",
    "feedbackSurveys",
];

/// The settings members of voice channels.
pub(crate) const IVR_SETTINGS: &[&str] =
    &["ivrSettings", "twilioVoiceSettings", "audioCodesSettings", "korevgSettings"];

/// The settings members of language models.
pub(crate) const GEN_AI_SETTINGS: &[&str] = &["llmConfigsForStream", "llmConfiguration", "promptLibraries"];

/// Whether a member is exported only together with settings.
pub(crate) fn is_settings_member(key: &str) -> bool {
    GENERAL_SETTINGS.contains(&key) || IVR_SETTINGS.contains(&key) || GEN_AI_SETTINGS.contains(&key)
}
