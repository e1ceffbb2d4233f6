//! The parts of a bot that export and import options name, and which top-level members of a definition hold them.
//!
//! The words are those of real `exportOptions` (268 exports) and of the public API; the member lists come from one bot
//! exported four ways by the vendor, checked against every other export.

use serde_json::{Map, Value};

use crate::finding::{Code, Finding, below, find_unknown_members, find_wrong_type, shown};

/// The member of an options object under which a part is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// `tasks`: what the bot can do.
    Tasks,
    /// `nlpData`: what it learns from.
    NlpData,
    /// `settings`: how it is set up.
    Settings,
    /// `AgentAssist`, in older texts `AgentAI`: coaching of human agents.
    AgentAssist,
    /// `qualityAI`: assessment of conversations. No definition holds anything of it.
    QualityAi,
    /// `botComponents`: parts of a universal bot (import only).
    BotComponents,
}

impl Family {
    /// Every family.
    pub const ALL: [Family; 6] = [
        Family::Tasks,
        Family::NlpData,
        Family::Settings,
        Family::AgentAssist,
        Family::QualityAi,
        Family::BotComponents,
    ];

    /// The member name on the wire and in an exported file.
    pub fn wire_name(self) -> &'static str {
        match self {
            Family::Tasks => "tasks",
            Family::NlpData => "nlpData",
            Family::Settings => "settings",
            Family::AgentAssist => "AgentAssist",
            Family::QualityAi => "qualityAI",
            Family::BotComponents => "botComponents",
        }
    }

    /// The family of a member and the spelling to echo it under. Letter case does not matter.
    fn from_wire(key: &str) -> Option<(Family, &'static str)> {
        if key.eq_ignore_ascii_case("AgentAI") {
            return Some((Family::AgentAssist, "AgentAI"));
        }
        let found = Family::ALL.into_iter().find(|family| family.wire_name().eq_ignore_ascii_case(key));
        found.map(|family| (family, family.wire_name()))
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
    /// Experience flows of apps.
    Flows,
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
    /// Coaching rules of Agent Assist, in `agentAssistExport` together with the playbooks.
    AgentRules,
    /// Playbooks of Agent Assist, in `agentAssistExport` together with the rules.
    Playbooks,
    /// A part of Agent Assist that no definition holds.
    WidgetSettings,
    /// A part of Agent Assist that no definition holds.
    LayoutSettings,
    /// A part of Quality AI.
    Taxonomy,
    /// A part of Quality AI.
    Connectors,
    /// A part of Quality AI.
    AutoQa,
    /// The bots that a universal bot is linked to.
    LinkedBots,
    /// Small talk of a universal bot.
    UniversalSmallTalk,
}

/// Every part with its family and its word. The order within a family is the order of a full request.
const VOCABULARY: [(Part, Family, &str); 31] = [
    (Part::BotTask, Family::Tasks, "botTask"),
    (Part::KnowledgeGraph, Family::Tasks, "knowledgeGraph"),
    (Part::SmallTalk, Family::Tasks, "smallTalk"),
    (Part::Forms, Family::Tasks, "forms"),
    (Part::Flows, Family::Tasks, "flows"),
    (Part::Flows, Family::Tasks, "experienceFlows"),
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
    (Part::AgentRules, Family::AgentAssist, "rules"),
    (Part::Playbooks, Family::AgentAssist, "playbooks"),
    (Part::WidgetSettings, Family::AgentAssist, "widgetSettings"),
    (Part::LayoutSettings, Family::AgentAssist, "layoutSettings"),
    (Part::Taxonomy, Family::QualityAi, "taxonomy"),
    (Part::Connectors, Family::QualityAi, "connectors"),
    (Part::AutoQa, Family::QualityAi, "autoQA"),
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
    /// Each family under the spelling it came in.
    families: Vec<(Family, &'static str, Vec<Part>)>,
}

impl PartList {
    /// Reads the families from an options object. Words that name nothing are ignored, repeated ones count once, and
    /// a single string stands for a list of one.
    pub fn from_json(options: &Value) -> PartList {
        PartList::read(options, "", &[], &mut Vec::new())
    }

    /// The same, and finds what is ignored. `at` is the pointer of the object, `others` are its members that are no
    /// families.
    pub(crate) fn read(options: &Value, at: &str, others: &[&str], findings: &mut Vec<Finding>) -> PartList {
        let mut list = PartList::default();
        let Some(members) = options.as_object() else {
            find_wrong_type(options, at, "an object of lists of words, such as {\"tasks\": [\"botTask\"]}", findings);
            return list;
        };
        let families = Family::ALL.map(Family::wire_name);
        let known: Vec<&str> = families.into_iter().chain(["AgentAI"]).chain(others.iter().copied()).collect();
        find_unknown_members(options, at, &known, findings);
        for (key, words) in members {
            let Some((family, spelling)) = Family::from_wire(key) else { continue };
            let parts = words_of(family, words, &below(at, key), findings);
            list.families.push((family, spelling, parts));
        }
        list
    }

    /// What a full export of a bot lists.
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
        PartList::of(families)
    }

    /// What a full export of an app lists, in the order of all known ones.
    pub fn full_of_app() -> PartList {
        let families = [
            (
                Family::NlpData,
                vec![
                    Part::NlpSettings,
                    Part::Utterances,
                    Part::Patterns,
                    Part::Synonyms,
                    Part::Traits,
                    Part::TraitRules,
                    Part::StandardResponses,
                    Part::Concepts,
                ],
            ),
            (Family::Tasks, vec![Part::SmallTalk, Part::KnowledgeGraph, Part::Forms, Part::BotTask, Part::Flows]),
            (
                Family::Settings,
                vec![Part::BotSettings, Part::BotVariables, Part::IvrSettings, Part::GenAiAndLlmSettings],
            ),
            (Family::AgentAssist, vec![Part::AgentRules, Part::Playbooks]),
        ];
        PartList::of(families)
    }

    fn of(families: impl IntoIterator<Item = (Family, Vec<Part>)>) -> PartList {
        let named = |(family, parts): (Family, Vec<Part>)| (family, family.wire_name(), parts);
        PartList { families: families.into_iter().map(named).collect() }
    }

    /// The families with their spelling and the named parts.
    pub(crate) fn families(&self) -> impl Iterator<Item = (Family, &'static str, &[Part])> {
        self.families.iter().map(|(family, spelling, parts)| (*family, *spelling, parts.as_slice()))
    }

    /// Whether the part was named.
    pub fn has(&self, part: Part) -> bool {
        self.families.iter().any(|(_, _, parts)| parts.contains(&part))
    }

    /// Whether any part of the family was named.
    pub fn has_any(&self, family: Family) -> bool {
        self.families.iter().any(|(of, _, parts)| *of == family && !parts.is_empty())
    }

    /// Whether nothing was named.
    pub fn is_empty(&self) -> bool {
        self.families.iter().all(|(_, _, parts)| parts.is_empty())
    }

    /// The families as an export file lists them: those of the request in its order, then the three that every file
    /// has.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        let mut members = Map::new();
        for (_, spelling, parts) in self.families() {
            let words = parts.iter().map(|part| Value::from(part.wire_name())).collect::<Vec<_>>();
            members.insert(spelling.to_string(), Value::from(words));
        }
        for family in [Family::Tasks, Family::NlpData, Family::Settings] {
            members.entry(family.wire_name()).or_insert_with(|| Value::Array(Vec::new()));
        }
        members
    }
}

/// The parts that the words of one family name.
fn words_of(family: Family, words: &Value, at: &str, findings: &mut Vec<Finding>) -> Vec<Part> {
    let single;
    let words = match words {
        Value::Array(words) => words,
        Value::String(word) if !word.trim().is_empty() => {
            single = vec![Value::from(word.as_str())];
            &single
        }
        other => {
            find_wrong_type(other, at, "a list of words", findings);
            return Vec::new();
        }
    };
    let mut parts = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let at = below(at, &index.to_string());
        let Some(word) = word.as_str() else {
            find_wrong_type(word, &at, "a word", findings);
            continue;
        };
        match Part::from_wire(family, word) {
            Some(part) if !parts.contains(&part) => parts.push(part),
            Some(_) => {}
            None => findings.push(Finding::new(at, Code::UnknownWord, unknown_word(family, word))),
        }
    }
    parts
}

fn unknown_word(family: Family, word: &str) -> String {
    let known = VOCABULARY.iter().filter(|(_, of, _)| *of == family).map(|(_, _, word)| *word);
    let known = known.collect::<Vec<_>>().join(", ");
    let name = family.wire_name();
    match Family::ALL.into_iter().find(|other| Part::from_wire(*other, word).is_some()) {
        Some(other) => format!(
            "{} is no word of `{name}` but one of `{}`, so it did nothing; name it there.",
            shown(word),
            other.wire_name()
        ),
        None => format!("{} is no word of `{name}`, so it did nothing. Known are: {known}.", shown(word)),
    }
}

/// `"Bot_Tasks"` → `"bottask"`.
fn folded(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters.trim_end_matches('s').to_string()
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

/// A flag, and a finding if there is something else in its place.
pub(crate) fn read_flag(value: Option<&Value>, at: &str, findings: &mut Vec<Finding>) -> Option<bool> {
    let read = flag(value);
    if let (None, Some(value)) = (read, value) {
        find_wrong_type(value, at, "true or false", findings);
    }
    read
}

/// Names as a request lists them, a single string for a list of one. What is no text is kept as JSON, so that it is found
/// as unknown at its place in the list.
pub(crate) fn read_names(value: Option<&Value>, at: &str, findings: &mut Vec<Finding>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => {
            let as_text = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_string);
            items.iter().map(as_text).collect()
        }
        Some(Value::String(text)) if !text.trim().is_empty() => vec![text.clone()],
        Some(other) => {
            find_wrong_type(other, at, "a list of names", findings);
            Vec::new()
        }
        None => Vec::new(),
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

/// What else belongs to language models in apps. Unlike settings these members are in every file of an app.
pub(crate) const GEN_AI_OF_APPS: &[&str] = &["dialogGPTSettings", "answers", "tools"];

/// The member of Agent Assist: a text that holds JSON.
pub(crate) const AGENT_ASSIST: &str = "agentAssistExport";

/// Whether a member is exported only together with settings.
pub(crate) fn is_settings_member(key: &str) -> bool {
    GENERAL_SETTINGS.contains(&key) || IVR_SETTINGS.contains(&key) || GEN_AI_SETTINGS.contains(&key)
}
