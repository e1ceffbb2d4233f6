//! The top level: is this a bot, and do its members have the types the platform needs?

use crate::check::{Findings, Severity};
use crate::config::Config;
use crate::document::{self, Document, string_member};
use crate::raw::kind_of;
use crate::summary::default_language;

/// Members that are texts.
const STRINGS: [&str; 7] = ["_id", "refId", "type", "purpose", "defaultLanguage", "defaultDialogId", "encryptedHash"];

/// Members that are objects.
const OBJECTS: [&str; 5] = ["localeData", "botEvents", "exportOptions", "interruptOptions", "languageConfigurations"];

/// Members that are lists of objects.
const LISTS: [&str; 21] = [
    "dialogs",
    "dialogComponents",
    "forms",
    "widgets",
    "panels",
    "actions",
    "alerts",
    "knowledgeTasks",
    "smallTalk",
    "sentences",
    "patterns",
    "traits",
    "koraResponses",
    "contentVariables",
    "mlParams",
    "botSentimentEvents",
    "namespaces",
    "advancedNLSettings",
    "idpConfigurations",
    "scenes",
    "sceneComponents",
];

const WRONG_TYPE: (&str, &str) =
    ("wrong-type", "give the member the type it has in an export of the platform, or remove it");
const NOT_A_BOT: (&str, &str) = (
    "not-a-definition",
    "upload the botDefinition.json of an export as the definition and its config.json as configuration",
);
const NAME: (&str, &str) = ("missing-name", "give the bot a name in its default language");
const LANGUAGE: (&str, &str) = ("missing-language", "add the default language to supportedLanguages and localeData");
const EMPTY: (&str, &str) = ("empty-bot", "export the bot with its tasks, or add a dialog or a question");

pub(super) fn check(definition: &Document, config: &Config, findings: &mut Findings) {
    if definition.raw("localeData").is_none() && definition.raw("dialogs").is_none() {
        let looks_like_config = definition.raw("envVariables").is_some();
        let found = if looks_like_config { "a configuration (config.json)" } else { "something else" };
        let message =
            format!("expected the definition of a bot, which has localeData and dialogs, but this is {found}");
        findings.add(Severity::Error, NOT_A_BOT, String::new(), None, message);
        return;
    }
    for key in STRINGS {
        expect_kind(definition, key, '"', "a string", findings);
    }
    for key in OBJECTS {
        expect_kind(definition, key, '{', "an object", findings);
    }
    for key in LISTS {
        expect_kind(definition, key, '[', "a list", findings);
        expect_objects(definition, key, findings);
    }
    check_languages(definition, findings);
    let has_content = ["dialogs", "knowledgeTasks", "smallTalk", "actions", "linkedBotsDetails"];
    if has_content.iter().all(|key| definition.raw(key).is_none_or(|raw| matches!(raw, "[]" | "{}" | "null"))) {
        let message = String::from("the bot has no dialogs, no questions and no small talk");
        findings.add(Severity::Warning, EMPTY, String::new(), None, message);
    }
    if config.document().raw("dialogs").is_some() {
        let message = String::from("expected the configuration, but this is the definition of a bot");
        findings.add(Severity::Error, NOT_A_BOT, String::new(), None, message);
    }
    if let Err(error) = config.env_variables() {
        findings.add_shape(error, None);
    }
}

fn expect_kind(definition: &Document, key: &str, first: char, expected: &str, findings: &mut Findings) {
    let Some(raw) = definition.raw(key) else { return };
    if raw != "null" && !raw.starts_with(first) {
        let message = format!("expected {expected} but found {}", kind_of(raw));
        findings.add(Severity::Error, WRONG_TYPE, format!("/{key}"), None, message);
    }
}

fn expect_objects(definition: &Document, key: &str, findings: &mut Findings) {
    for (index, raw) in super::elements(definition, key).enumerate() {
        if !raw.starts_with('{') {
            let message = format!("expected an object but found {}", kind_of(raw));
            findings.add(Severity::Error, WRONG_TYPE, format!("/{key}/{index}"), None, message);
        }
    }
}

fn check_languages(definition: &Document, findings: &mut Findings) {
    if let Err(error) = definition.decode::<Vec<String>>("supportedLanguages") {
        findings.add_shape(error, None);
        return;
    }
    let language = default_language(definition);
    let supported: Vec<String> = definition.decode("supportedLanguages").ok().flatten().unwrap_or_default();
    if !supported.is_empty() && !supported.contains(&language) {
        let message = format!("the default language {language:?} is not among the supported ones {supported:?}");
        findings.add(Severity::Warning, LANGUAGE, String::from("/supportedLanguages"), None, message);
    }
    let Some(locales) = definition.raw("localeData").filter(|raw| raw.starts_with('{')) else {
        return;
    };
    for (name, locale) in document::members(locales).into_iter().flatten() {
        if !locale.starts_with('{') {
            let message = format!("expected an object but found {}", kind_of(locale));
            findings.add(Severity::Error, WRONG_TYPE, format!("/localeData/{name}"), None, message);
        }
    }
    match document::member(locales, &language) {
        None => {
            let message = format!("there is no content for the default language {language:?}");
            findings.add(Severity::Warning, LANGUAGE, String::from("/localeData"), None, message);
        }
        Some(locale) if string_member(locale, "name").is_none_or(|name| name.trim().is_empty()) => {
            let message = format!("the bot has no name in its default language {language:?}");
            findings.add(Severity::Warning, NAME, format!("/localeData/{language}/name"), None, message);
        }
        Some(_) => {}
    }
}
