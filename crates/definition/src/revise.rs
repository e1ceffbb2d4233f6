//! Single changes of a bot, as a person makes them in the builder: its settings, and elements of its lists.
//!
//! A change that would leave the bot with a broken structure it did not have before is refused. What is not named stays
//! byte for byte as it was.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::check::{Finding, LOST_REFERENCES, Report, check};
use crate::config::Config;
use crate::document::Document;
use crate::edit::Edit;
use crate::error::{ParseError, ShapeError};
use crate::parts::is_settings_member;
use crate::raw::{kind_of, string_member};
use crate::select::HASHES;
use crate::summary::default_language;

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReviseError {
    /// An element of the change is not an object.
    #[error("every element must be an object with the member {member:?}")]
    NotAnElement {
        /// Its place in the change.
        pointer: String,
        /// The member by which it is found.
        member: &'static str,
    },
    /// The bot has no such element.
    #[error("the bot has no element {id:?} in {list}")]
    UnknownElement {
        /// Its place in the change.
        pointer: String,
        /// The id that was given.
        id: String,
        /// The list that was looked through.
        list: String,
    },
    /// The member says what the bot is, and never changes.
    #[error("{member:?} cannot be changed; it is {current}")]
    Fixed {
        /// Its place in the change.
        pointer: String,
        /// The member.
        member: String,
        /// Its value as JSON text.
        current: String,
    },
    /// The member is of another type than before.
    #[error("{member:?} must be {expected}")]
    WrongType {
        /// Its place in the change.
        pointer: String,
        /// The member.
        member: String,
        /// The type in words.
        expected: &'static str,
    },
    /// The bot would have a broken structure.
    #[error("at {pointer} of the changed bot: {message}; {advice}")]
    Broken {
        /// The place in the changed definition.
        pointer: String,
        /// What is wrong.
        message: String,
        /// What to do about it.
        advice: &'static str,
    },
    /// The changed text cannot be read.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// A stored member is not of the expected shape.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

impl ReviseError {
    /// The place in the change, as a JSON pointer; empty where it is about the whole.
    pub fn pointer(&self) -> &str {
        match self {
            Self::NotAnElement { pointer, .. }
            | Self::UnknownElement { pointer, .. }
            | Self::Fixed { pointer, .. }
            | Self::WrongType { pointer, .. } => pointer,
            Self::Broken { .. } | Self::Parse(_) | Self::Shape(_) => "",
        }
    }
}

/// A bot with changed settings.
#[derive(Debug, Clone)]
pub struct Revised {
    /// The changed definition.
    pub definition: Document,
    /// The changed configuration.
    pub config: Config,
    /// Members of the change that are no settings of a bot.
    pub ignored: Vec<String>,
}

/// Members that hold what a bot says and does, or that describe an export: everything else is a setting.
const CONTENT: [&str; 31] = [
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
    "namespaces",
    "advancedNLSettings",
    "scenes",
    "sceneComponents",
    "widgetThemes",
    "customDashboards",
    "customTemplates",
    "feedbackSurveys",
    "paramMaps",
    "taskDgParamMaps",
    "unexportedTasks",
    "idpConfigurations",
    "exportOptions",
    "environmentVersionInfo",
    "latestEncryptedHash",
    "encryptedHash",
];

/// Members that say what the bot is.
const FIXED: [&str; 4] = ["_id", "refId", "type", "purpose"];

/// The settings of a bot: all members but those that hold its content.
///
/// # Errors
/// A member cannot be decoded.
pub fn settings(definition: &Document) -> Result<Map<String, Value>, ShapeError> {
    let mut settings = Map::new();
    for (key, raw) in definition.members().filter(|(key, _)| !CONTENT.contains(&key.as_ref())) {
        let value = definition.decode_part(raw, &format!("/{key}"))?;
        settings.insert(key.into_owned(), value);
    }
    Ok(settings)
}

/// Changes settings. `localeData` is changed member by member within each language; `name` and `description` stand for
/// those in the default language and win over it; other members are replaced. Members that are no settings are listed as ignored, so
/// that a client may send back a whole record it was given.
///
/// # Errors
/// [`ReviseError`].
pub fn revise_settings(
    definition: &Document,
    config: &Config,
    changes: &Map<String, Value>,
) -> Result<Revised, ReviseError> {
    let language = default_language(definition);
    let mut locales: Map<String, Value> = definition.decode("localeData")?.unwrap_or_default();
    let locales_before = locales.clone();
    if let Some(given) = changes.get("localeData") {
        set_locales(&mut locales, given)?;
    }
    let mut edit = Edit::of(definition);
    let mut ignored = Vec::new();
    for (key, value) in changes {
        let pointer = format!("/{key}");
        let expect_kind = |expected: &'static str, holds: bool| {
            let error = || ReviseError::WrongType { pointer: pointer.clone(), member: key.clone(), expected };
            if holds { Ok(()) } else { Err(error()) }
        };
        let current = definition.raw(key);
        match key.as_str() {
            "name" | "description" => {
                let empty_name = key == "name" && value.as_str().is_some_and(|name| name.trim().is_empty());
                expect_kind("a text with something in it", value.is_string() && !empty_name)?;
                set_locale(&mut locales, &language, key, value);
            }
            "localeData" => {}
            fixed if FIXED.contains(&fixed) => {
                let stored: Option<Value> = definition.decode(fixed)?;
                if stored.as_ref() != Some(value) {
                    let current = current.unwrap_or("not set").to_owned();
                    return Err(ReviseError::Fixed { pointer, member: key.clone(), current });
                }
            }
            content if CONTENT.contains(&content) => ignored.push(key.clone()),
            // Universal bots of the first version have no such member, and get one when they are moved on.
            "universalBotVersion" => edit.set(key, value),
            other if current.is_none() && !is_settings_member(other) => ignored.push(key.clone()),
            _ => {
                if let Some(current) = current.filter(|raw| *raw != "null" && !value.is_null()) {
                    let expected = kind_of(current);
                    expect_kind(expected, kind_of(&value.to_string()) == expected)?;
                }
                edit.set(key, value);
            }
        }
    }

    let name = locales.get(&language).and_then(|locale| locale.get("name")).cloned();
    if locales != locales_before {
        edit.set("localeData", &Value::Object(locales));
    }
    let mut config_edit = Edit::of(config.document());
    if let Some(name) =
        name.filter(|name| name.as_str() != config.name().as_deref() && changes_name(changes, &language))
    {
        config_edit.set("name", &name);
    }
    let config_file = config.document().file();
    let config = Config::parse(config_edit.write(), config_file)?;
    let definition = finish(definition, edit, &config)?;
    Ok(Revised { definition, config, ignored })
}

fn changes_name(changes: &Map<String, Value>, language: &str) -> bool {
    let in_locale = changes.get("localeData").and_then(|locales| locales.get(language)?.get("name"));
    changes.contains_key("name") || in_locale.is_some()
}

fn set_locales(locales: &mut Map<String, Value>, given: &Value) -> Result<(), ReviseError> {
    let Some(given) = given.as_object().filter(|given| given.values().all(Value::is_object)) else {
        let (pointer, member) = (String::from("/localeData"), String::from("localeData"));
        return Err(ReviseError::WrongType { pointer, member, expected: "an object with one object per language" });
    };
    for (language, members) in given {
        for (member, value) in members.as_object().into_iter().flatten() {
            set_locale(locales, language, member, value);
        }
    }
    Ok(())
}

fn set_locale(locales: &mut Map<String, Value>, language: &str, member: &str, value: &Value) {
    let locale = locales.entry(language).or_insert_with(|| json!({}));
    if let Some(locale) = locale.as_object_mut() {
        locale.insert(member.to_owned(), value.clone());
    }
}

/// Replaces elements of a top-level list, found by their `_id`. A `streamId` that readers were given with an element,
/// but that the document does not have, is left out.
///
/// # Errors
/// [`ReviseError`]; an element without a known `_id` is one.
pub fn revise_elements(
    definition: &Document,
    config: &Config,
    list: &str,
    given: &[Value],
) -> Result<Document, ReviseError> {
    let stored: Vec<&str> = definition.elements(list)?.collect();
    let mut texts: Vec<String> = stored.iter().map(|raw| (*raw).to_owned()).collect();
    for (index, element) in given.iter().enumerate() {
        let pointer = format!("/{index}");
        let id = element.get("_id").and_then(Value::as_str);
        let (Some(members), Some(id)) = (element.as_object(), id) else {
            return Err(ReviseError::NotAnElement { pointer, member: "_id" });
        };
        let position = stored.iter().position(|raw| string_member(raw, "_id").as_deref() == Some(id));
        let Some(position) = position else {
            return Err(ReviseError::UnknownElement { pointer, id: id.to_owned(), list: list.to_owned() });
        };
        let mut members = members.clone();
        if string_member(stored[position], "streamId").is_none() {
            members.shift_remove("streamId");
        }
        texts[position] = Value::Object(members).to_string();
    }
    let mut edit = Edit::of(definition);
    edit.set_elements(list, texts.iter().map(String::as_str));
    finish(definition, edit, config)
}

/// Sets advanced settings of language understanding: those the bot has, found by `_id` or else by
/// `configurationKeyName` and `language`, get the given members; others are added with what `new_id` gives for the
/// prefix of their `_id` and, for the empty prefix, for their `refId`.
///
/// # Errors
/// [`ReviseError`]; an element without `configurationKeyName` that is not there yet is one.
pub fn revise_nl_settings(
    definition: &Document,
    config: &Config,
    given: &[Value],
    language: &str,
    mut new_id: impl FnMut(&'static str) -> String,
) -> Result<Document, ReviseError> {
    const LIST: &str = "advancedNLSettings";
    let mut elements: Vec<Value> = definition.decode(LIST)?.unwrap_or_default();
    for (index, change) in given.iter().enumerate() {
        let text = |element: &Value, key: &str| element.get(key).and_then(Value::as_str).map(str::to_owned);
        let named = text(change, "configurationKeyName");
        let change_language = text(change, "language").unwrap_or_else(|| language.to_owned());
        let is_same = |element: &Value| match text(change, "_id") {
            Some(id) => text(element, "_id") == Some(id),
            None => {
                named.is_some()
                    && text(element, "configurationKeyName") == named
                    && text(element, "language").as_deref() == Some(change_language.as_str())
            }
        };
        let Some(members) = change.as_object().cloned() else {
            return Err(ReviseError::NotAnElement { pointer: format!("/{index}"), member: "configurationKeyName" });
        };
        let position = elements.iter().position(is_same);
        if let Some(element) = position.and_then(|position| elements[position].as_object_mut()) {
            element.extend(members);
            continue;
        }
        if named.is_none() {
            return Err(ReviseError::NotAnElement { pointer: format!("/{index}"), member: "configurationKeyName" });
        }
        let mut element = json!({
            "_id": new_id("anls"),
            "isCustom": false,
            "type": 1,
            "streamId": definition.id(),
            "language": change_language,
            "refId": new_id(""),
        });
        if let Some(element) = element.as_object_mut() {
            let foreign_id = |member: &str| matches!(member, "_id" | "streamId" | "refId");
            element.extend(members.into_iter().filter(|(member, _)| !foreign_id(member)));
        }
        elements.push(element);
    }
    let mut edit = Edit::of(definition);
    edit.set(LIST, &Value::Array(elements));
    finish(definition, edit, config)
}

/// Writes the changed definition, unless its structure is broken where that of the old one was not. Who changes one thing
/// by hand is told of a reference that leads nowhere; in a whole export it is what the platform wrote.
fn finish(before: &Document, mut edit: Edit<'_>, config: &Config) -> Result<Document, ReviseError> {
    // They are hashes of the vendor's over the old content.
    for hash in HASHES {
        edit.remove(hash);
    }
    let after = edit.finish(before.file())?;
    let broken = broken(&after, config);
    if broken.is_empty() {
        return Ok(after);
    }
    let known = self::broken(before, config);
    match broken.into_iter().find(|finding| !known.contains(finding)) {
        None => Ok(after),
        Some(Finding { pointer, message, advice, .. }) => Err(ReviseError::Broken { pointer, message, advice }),
    }
}

/// What makes a definition unreadable, and its references that lead nowhere.
fn broken(definition: &Document, config: &Config) -> Vec<Finding> {
    let Report { mut errors, warnings, .. } = check(definition, config);
    errors.extend(warnings.into_iter().filter(|finding| LOST_REFERENCES.contains(&finding.rule)));
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"{"_id": "st-1", "refId": "r", "type": "default", "purpose": "customer", "color": "#111111",
        "defaultLanguage": "en", "supportedLanguages": ["en"], "sessionInactiveTime": 900000,
        "localeData": {"en": {"name": "Old", "kept": 1}}, "encryptedHash": "x",
        "advancedNLSettings": [{"_id": "anls-1", "configurationKeyName": "network", "language": "en", "configurationValue": "a"}],
        "dialogs": [{"_id": "dg-1", "refId": "r1", "nodes": [
            {"nodeId": "intent0", "type": "intent", "componentId": "dc-1", "transitions": [{"default": "end"}]}]}],
        "dialogComponents": [
            {"_id": "dc-1", "refId": "r2", "name": "A", "type": "intent", "dialogId": "dg-1", "localeData": {"en": {"intent": "A"}}}]}"##;

    fn documents() -> (Document, Config) {
        let config = Config::parse(r#"{"name": "Old", "envVariables": []}"#, "config.json").expect("JSON");
        (Document::parse(TEXT, "botDefinition.json").expect("JSON"), config)
    }

    fn revised(changes: Value) -> Result<Revised, ReviseError> {
        let (definition, config) = documents();
        revise_settings(&definition, &config, changes.as_object().expect("an object"))
    }

    #[test]
    fn settings_change_and_content_does_not() {
        let changes = json!({"name": "New", "color": "#222222", "localeData": {"de": {"name": "Neu"}}, "_id": "st-1",
            "sessionInactiveTime": 1000, "dialogs": [], "createdOn": "today", "skipSessionMessage": true});
        let revised = revised(changes).expect("a good change");
        let after = settings(&revised.definition).expect("settings");
        assert_eq!(
            Value::Object(after),
            json!({"_id": "st-1", "refId": "r", "type": "default", "purpose": "customer", "color": "#222222",
                "defaultLanguage": "en", "supportedLanguages": ["en"], "sessionInactiveTime": 1000,
                "localeData": {"en": {"name": "New", "kept": 1}, "de": {"name": "Neu"}}, "skipSessionMessage": true})
        );
        assert_eq!(revised.config.name().as_deref(), Some("New"));
        assert_eq!(revised.ignored, ["dialogs", "createdOn"]);
        assert_eq!(revised.definition.elements("dialogs").expect("a list").count(), 1);
        assert_eq!(revised.definition.raw("encryptedHash"), None);
    }

    #[test]
    fn what_cannot_be_changed_is_named() {
        let table = [
            (json!({"name": " "}), "/name", "\"name\" must be a text"),
            (json!({"_id": "st-2"}), "/_id", "\"_id\" cannot be changed; it is \"st-1\""),
            (json!({"color": 7}), "/color", "\"color\" must be a string"),
            (json!({"localeData": {"en": "x"}}), "/localeData", "one object per language"),
            (json!({"supportedLanguages": [1]}), "", "at /supportedLanguages"),
        ];
        for (changes, pointer, expected) in table {
            let error = revised(changes.clone()).expect_err("a bad change");
            assert_eq!(error.pointer(), pointer, "{changes}");
            assert!(error.to_string().contains(expected), "{changes}: {error}");
        }
    }

    #[test]
    fn elements_are_replaced_by_their_ids() {
        let (definition, config) = documents();
        let mut component: Value =
            definition.decode::<Vec<Value>>("dialogComponents").expect("a list").expect("one")[0].clone();
        component["name"] = json!("B");
        component["streamId"] = json!("st-1");
        let after =
            revise_elements(&definition, &config, "dialogComponents", &[component.clone()]).expect("a good change");
        component.as_object_mut().expect("an object").shift_remove("streamId");
        assert_eq!(after.decode::<Value>("dialogComponents").expect("a list"), Some(json!([component])));

        component["dialogId"] = json!("dg-2");
        let table = [
            (json!(7), "/0", "member \"_id\""),
            (json!({"_id": "dc-9"}), "/0", "no element \"dc-9\""),
            (component, "", "dg-2"),
        ];
        for (element, pointer, expected) in table {
            let error =
                revise_elements(&definition, &config, "dialogComponents", &[element]).expect_err("a bad change");
            assert_eq!(error.pointer(), pointer);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn language_settings_are_set_or_added() {
        let (definition, config) = documents();
        let given = [
            json!({"configurationKeyName": "network", "configurationValue": "b"}),
            json!({"configurationKeyName": "network", "configurationValue": "c", "language": "de"}),
        ];
        let new_id = |prefix: &'static str| format!("{prefix}-new");
        let after = revise_nl_settings(&definition, &config, &given, "en", new_id).expect("a good change");
        assert_eq!(
            after.decode::<Value>("advancedNLSettings").expect("a list"),
            Some(json!([
                {"_id": "anls-1", "configurationKeyName": "network", "language": "en", "configurationValue": "b"},
                {"_id": "anls-new", "isCustom": false, "type": 1, "streamId": "st-1", "language": "de", "refId": "-new",
                    "configurationKeyName": "network", "configurationValue": "c"},
            ]))
        );
        let error = revise_nl_settings(&definition, &config, &[json!({"x": 1})], "en", new_id).expect_err("no name");
        assert_eq!(error.pointer(), "/0");
    }
}
