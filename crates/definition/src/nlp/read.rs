//! Reading the data out of a definition.
//!
//! Real exports of all eras must be readable, so everything here is tolerant: what is missing is empty, and an element
//! of an odd shape is left out ([`check`](mod@crate::check) reports shapes). Only a top-level list that is no list is
//! an error.

mod descriptions;
mod entities;
mod faqs;
mod intents;
mod patterns;
mod phrasings;
mod settings;
mod small_talk;
mod thresholds;
mod tolerant;
mod traits;
mod utterances;
mod words;

use serde_json::Value;

use self::tolerant::{flag, object, text, texts};
use super::NlpData;
use crate::document::Document;
use crate::error::ShapeError;

/// The language that the platform takes where a definition names none.
const FALLBACK_LANGUAGE: &str = "en";

impl NlpData {
    /// The store id of the dialog that is called so: by its name, the name or label of its intent, or an id.
    pub fn dialog_named(&self, name: &str) -> Option<&str> {
        let is_it = |it: &&super::Intent| {
            let names = [&it.dialog_name, &it.name, &it.label, &it.dialog_id, &it.dialog_ref];
            names.iter().any(|other| !other.is_empty() && other.eq_ignore_ascii_case(name))
        };
        let intent = self.intents.iter().filter(|it| !it.dialog_id.is_empty()).find(is_it)?;
        Some(&intent.dialog_id)
    }

    /// The data of `definition` in `language`, a code as [`languages`] lists it. For a language that the bot does not
    /// have, the data holds what does not depend on one: names, thresholds, switches.
    ///
    /// # Errors
    /// One of the top-level lists that hold the data is not a list.
    pub fn read(definition: &Document, language: &str) -> Result<NlpData, ShapeError> {
        let locales = part(definition, "localeData");
        let locale = Locale { language: language.to_owned(), default: default_language(definition, &locales) };
        let components = intents::Components::of(definition)?;
        let dialogs = intents::dialogs(definition)?;
        let mut intents = intents::read(&dialogs, &components, &locale);
        let mut entities = entities::read(&dialogs, &components, &locale);
        patterns::read(definition, &locale, &components, &mut intents, &mut entities)?;
        utterances::read(definition, &locale, &components, &mut intents)?;
        let own = &locales[language];
        let words = words::read(&locales, &locale);
        let graphs = tolerant::list(definition, "knowledgeTasks")?;
        let knowledge = faqs::read(&graphs, &locale);
        let switches = settings::Switches::of(definition, &locale)?;
        let mut thresholds = thresholds::read(own, &part(definition, "confidenceConfigs"), &switches);
        let mut settings = switches.settings();
        settings.by_description = descriptions::are_in_use(definition, &locale);
        if settings.by_description {
            descriptions::read(definition, &dialogs, &components, &locale, &mut intents.list);
            // That names do not count is a setting of the engine that is not in use. (export-format-xo11.md §6.4.)
            thresholds.rule.label_match = true;
            let events = part(definition, "botEvents");
            settings.several_intents |= flag(&events["MULTI_INTENT_EVENT"]["enabled"]) == Some(true);
        }
        Ok(NlpData {
            language: language.to_owned(),
            bot_name: tolerant::localised(&locales, "name", &locale).as_str().unwrap_or_default().to_owned(),
            intents: intents.list,
            entities,
            faqs: knowledge.faqs,
            terms: knowledge.terms,
            faq_synonyms: knowledge.synonyms,
            small_talk: small_talk::read(definition, &locale)?,
            trait_groups: traits::read(definition, &graphs, &locale)?,
            synonyms: words.synonyms,
            concepts: words.concepts,
            thresholds,
            settings,
        })
    }
}

/// The languages in which the bot is switched on, the default language first. At least one.
pub fn languages(definition: &Document) -> Vec<String> {
    let locales = part(definition, "localeData");
    let configurations = part(definition, "languageConfigurations");
    let mut supported = texts(&part(definition, "supportedLanguages"));
    if supported.is_empty() {
        // Exports of today have entries for languages that are not switched on, which have no name.
        let has_name = |locale: &Value| locale["name"].is_string();
        let some_have = object(&locales).any(|(_, locale)| has_name(locale));
        let on = object(&locales).filter(|(_, locale)| !some_have || has_name(locale));
        supported = on.map(|(language, _)| language.clone()).collect();
    }
    let mut found = vec![default_language(definition, &locales)];
    for language in supported {
        let is_off = flag(&configurations[&language]["enabled"]) == Some(false);
        if !is_off && !found.contains(&language) {
            found.push(language);
        }
    }
    found
}

/// The language that is read, and the one whose texts stand in for missing ones.
struct Locale {
    language: String,
    default: String,
}

impl Locale {
    /// Whether an element that says it is of `language` belongs to the language that is read. Rows of old exports say
    /// nothing: they are of the bot's default language.
    fn is_of(&self, language: &Value) -> bool {
        let language = language.as_str().unwrap_or_default();
        let language = if language.is_empty() { &self.default } else { language };
        language == self.language
    }
}

fn default_language(definition: &Document, locales: &Value) -> String {
    let named = part(definition, "defaultLanguage");
    let first = || object(locales).next().map(|(language, _)| language.as_str());
    let named = Some(text(&named)).filter(|language| !language.is_empty());
    named.or_else(first).unwrap_or(FALLBACK_LANGUAGE).to_owned()
}

/// A top-level member of any shape; `null` if there is none.
fn part(definition: &Document, key: &str) -> Value {
    definition.decode(key).ok().flatten().unwrap_or_default()
}
