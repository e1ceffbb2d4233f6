//! What a bot is, in a few fields: for lists, status logs and refusals.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::DefinitionFile;
use serde_json::Value;

use crate::document::{self, Document, string_member, string_value};
use crate::error::ShapeError;

/// What an import says to a universal bot in the form of old versions. The first sentence is the original's.
pub const LEGACY_UNIVERSAL: &str = "The file contains the definition of the Universal Bots built using an older version. \
    Export the bot again from a current version and import that file.";

/// The identity and the size of a bot, read from its definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// `_id`: the bot's id in the installation it was exported from.
    pub id: Option<String>,
    /// `refId`: the id that survives export and import.
    pub ref_id: Option<String>,
    /// Name in the default language, else in the first language that has one.
    pub name: Option<String>,
    /// Name in each language that has one.
    pub names: BTreeMap<String, String>,
    /// Description in the default language.
    pub description: Option<String>,
    /// `default`, `taskbot` (2018) or `universalbot`.
    pub bot_type: Option<String>,
    /// `customer` or `employee`.
    pub purpose: Option<String>,
    /// Colour such as `#009dab`; absent in exports without settings.
    pub color: Option<String>,
    /// The language assumed where none is given.
    pub default_language: String,
    /// All languages the bot speaks, in the author's order.
    pub supported_languages: Vec<String>,
    /// A universal bot of the first version: `universalBotVersion` is absent or less than 2. No import accepts it
    /// (`api-families-2.md` §0, §11).
    pub is_legacy_universal: bool,
    /// The file that an export has it in, where nobody says otherwise: apps (`appType`) are in one of another name.
    pub definition_file: DefinitionFile,
    /// What the export contains, as the file says; `None` if it does not say.
    pub export_options: Option<Value>,
    /// How much of everything there is.
    pub counts: Counts,
}

/// Number of elements of the lists in a definition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// `dialogs`, stubs of partial exports included.
    pub dialogs: usize,
    /// `dialogComponents`.
    pub components: usize,
    /// `forms`.
    pub forms: usize,
    /// `widgets`.
    pub widgets: usize,
    /// `panels`.
    pub panels: usize,
    /// `actions`: legacy web-service tasks.
    pub actions: usize,
    /// `alerts`.
    pub alerts: usize,
    /// Questions in all `knowledgeTasks`, alternative wordings not counted.
    pub faqs: usize,
    /// `sentences`: training utterances.
    pub sentences: usize,
    /// `patterns`.
    pub patterns: usize,
    /// `traits`.
    pub traits: usize,
    /// `contentVariables`.
    pub content_variables: usize,
}

impl Summary {
    /// Reads the summary of a definition. Members of another type than expected count as absent;
    /// [`check`](crate::check::check) reports those.
    ///
    /// # Errors
    /// `localeData`, which holds the name, is there but is not an object.
    pub fn of(definition: &Document) -> Result<Self, ShapeError> {
        let locales = locales(definition)?;
        let default_language = default_language(definition);
        let mut names = BTreeMap::new();
        let mut first_name = None;
        for (language, locale) in &locales {
            if let Some(name) = string_member(locale, "name").filter(|name| !name.is_empty()) {
                first_name.get_or_insert_with(|| name.clone());
                names.insert(language.clone(), name);
            }
        }
        let name = names.get(&default_language).cloned().or(first_name);
        let own_locale = locales.iter().find(|(language, _)| *language == default_language);
        let bot_type = top_text(definition, "type");
        Ok(Self {
            id: top_text(definition, "_id"),
            ref_id: top_text(definition, "refId"),
            name,
            names,
            description: own_locale.and_then(|(_, locale)| string_member(locale, "description")),
            is_legacy_universal: is_legacy_universal(definition, bot_type.as_deref()),
            bot_type,
            purpose: top_text(definition, "purpose"),
            color: top_text(definition, "color"),
            supported_languages: supported_languages(definition, &default_language),
            default_language,
            definition_file: if is_app(definition) { DefinitionFile::App } else { DefinitionFile::Bot },
            export_options: definition.decode("exportOptions").ok().flatten(),
            counts: Counts::of(definition),
        })
    }
}

impl Summary {
    /// Whether it is a bot of bots.
    pub fn is_universal(&self) -> bool {
        self.bot_type.as_deref().is_some_and(is_universal)
    }

    /// Why this cannot be imported into a bot of the type `kind`, which a universal bot and one of another type would both
    /// lose by: the one its tasks, the other its links.
    pub fn misfit(&self, kind: &str) -> Option<&'static str> {
        match (self.is_universal(), is_universal(kind)) {
            (true, false) => Some(
                "The file contains the definition of a universal bot, and the bot it is imported into is none. Import it as a new \
                 bot, or into a universal bot.",
            ),
            (false, true) => Some(
                "The bot is a universal bot, and the file contains the definition of a bot that is none. Import it as a new bot, and \
                 link that.",
            ),
            _ => None,
        }
    }
}

/// Whether a type of bots, as `type` has it, is that of universal bots.
pub fn is_universal(kind: &str) -> bool {
    kind.eq_ignore_ascii_case(UNIVERSAL)
}

/// The type of universal bots.
pub const UNIVERSAL: &str = "universalbot";

impl Counts {
    fn of(definition: &Document) -> Self {
        let count = |key| definition.elements(key).map_or(0, Iterator::count);
        Self {
            dialogs: count("dialogs"),
            components: count("dialogComponents"),
            forms: count("forms"),
            widgets: count("widgets"),
            panels: count("panels"),
            actions: count("actions"),
            alerts: count("alerts"),
            faqs: count_faqs(definition),
            sentences: count("sentences"),
            patterns: count("patterns"),
            traits: count("traits"),
            content_variables: count("contentVariables"),
        }
    }
}

/// Whether a definition is one of an app, not of a bot.
pub(crate) fn is_app(definition: &Document) -> bool {
    top_text(definition, "appType").is_some()
}

/// The default language, `en` where the definition does not name one.
pub fn default_language(definition: &Document) -> String {
    let named = top_text(definition, "defaultLanguage").filter(|language| !language.is_empty());
    named.unwrap_or_else(|| String::from("en"))
}

/// The first version of universal bots that imports accept, and that new ones have.
pub const UNIVERSAL_BOT_VERSION: u32 = 2;

/// Whether a value of `universalBotVersion`, a number or its text, is one of a version that imports accept.
pub fn is_current_universal(version: &Value) -> bool {
    let number = version.as_f64().or_else(|| version.as_str()?.trim().parse().ok());
    number.is_some_and(|number| number >= f64::from(UNIVERSAL_BOT_VERSION))
}

/// What its links look like tells nothing: bots of both versions have been seen with and without them.
fn is_legacy_universal(definition: &Document, bot_type: Option<&str>) -> bool {
    let version = || definition.decode::<Value>("universalBotVersion").ok().flatten().unwrap_or_default();
    bot_type.is_some_and(is_universal) && !is_current_universal(&version())
}

/// All languages a bot speaks, in the author's order; the default one where the definition names none.
pub(crate) fn supported_languages(definition: &Document, default_language: &str) -> Vec<String> {
    let listed =
        definition.elements("supportedLanguages").map(|raws| raws.filter_map(string_value).collect::<Vec<_>>());
    match listed {
        Ok(languages) if !languages.is_empty() => languages.into_iter().map(Cow::into_owned).collect(),
        _ => vec![default_language.to_owned()],
    }
}

/// Languages of the top-level `localeData` with the raw text of each.
fn locales(definition: &Document) -> Result<Vec<(String, &str)>, ShapeError> {
    let raw = definition.raw("localeData").unwrap_or("null");
    if raw == "null" {
        return Ok(Vec::new());
    }
    let Some(members) = document::members(raw) else {
        let message = String::from("expected an object with one member per language");
        return Err(definition.shape_error_at(raw, String::from("/localeData"), message));
    };
    Ok(members.map(|(language, locale)| (language.into_owned(), locale)).collect())
}

fn count_faqs(definition: &Document) -> usize {
    let Ok(tasks) = definition.elements("knowledgeTasks") else {
        return 0;
    };
    let lists = tasks.filter_map(|task| document::member(document::member(task, "faqs")?, "faqs"));
    lists.filter_map(document::elements).map(Iterator::count).sum()
}

fn top_text(definition: &Document, key: &str) -> Option<String> {
    string_value(definition.raw(key)?).map(Cow::into_owned)
}
