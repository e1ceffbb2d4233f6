//! Bot variables as the variables API imports and exports them.
//!
//! Environment variables live in `config.json` (`envVariables`), content variables in the definition
//! (`contentVariables`). The API speaks of both in one list, and names namespaces where the files hold their `refId`s.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::catalogue::list;
use crate::config::Config;
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::finding::{Code, Finding, find_unknown_members, find_wrong_type, shown};
use crate::links::text;
use crate::parts::{flag, member, unwrapped};
use crate::select::HASHES;
use crate::summary::default_language;

/// What an import of variables leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedVariables {
    /// Text of `botDefinition.json`; as it was if no content variable changed.
    pub definition: String,
    /// Text of `config.json`; as it was if no environment variable changed.
    pub config: String,
    /// Variables in the request, those that changed nothing included, for the reply's
    /// `"2 Variables imported/updated successfully."`.
    pub count: usize,
    /// What the body names and the bot has not, and what of it did nothing.
    pub findings: Vec<Finding>,
}

/// Why variables cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VariablesError {
    /// The body is `{}`, for which the vendor's own tests expect an internal server error.
    #[error("the body is an empty object; send a list of variables, or an object with botVariables")]
    Empty,
    /// The body is something else.
    #[error("the body holds no variables; send a list of variables, or an object with botVariables")]
    NotVariables,
    /// A variable without the one member it needs.
    #[error("the variable at {pointer} has no key; give it a name")]
    NoKey {
        /// Its place in the body.
        pointer: String,
    },
    /// A variable of a type that there is not.
    #[error("there is no type {given} of variables; give `env` or `locale`, or leave it out")]
    BadType {
        /// Its place in the body.
        pointer: String,
        /// What was given, as a text repeats it.
        given: String,
    },
    /// What should say which namespaces a variable is in is no list.
    #[error("`vNameSpace` must be a list of ids of namespaces; leave it out for the one that every bot has")]
    BadNamespaces {
        /// Its place in the body.
        pointer: String,
    },
    /// A namespace that the bot has not.
    #[error("the bot has no namespace {given}; give the id of one that it has ({known}), or leave `vNameSpace` out")]
    UnknownNamespace {
        /// Its place in the body.
        pointer: String,
        /// What was given, as a text repeats it.
        given: String,
        /// Those that the bot has.
        known: String,
    },
    /// Another variable has the key that one is to get.
    #[error("the bot has a variable {key:?} already; choose another key, or change that one")]
    Taken {
        /// The key.
        key: String,
    },
    /// A stored member is not of the expected shape.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// Members of the object form of the body that list variables.
const VARIABLE_LISTS: [&str; 2] = ["botVariables", "botCollectionVariables"];
/// The member of that form that lists namespaces.
const COLLECTIONS: &str = "botCollections";

/// Imports variables: those with a known key of their type get the given members, all others are added. Members that
/// the request does not give keep their values, members this version does not know are stored as given, and so are
/// scopes (`onInstall` and `askOnInstall` are the same thing under two names). A variable is a content variable if
/// `variableType` says `locale`, or if it says nothing and there is `localeData`. A secured variable that comes with an
/// empty value, as exports write it, keeps its value.
///
/// # Errors
/// [`VariablesError`].
pub fn import_variables(
    config: &Config,
    definition: &Document,
    body: &Value,
) -> Result<ImportedVariables, VariablesError> {
    let mut findings = Vec::new();
    let variables = variables_in(body, &mut findings)?;
    let mut namespaces = list(definition, "namespaces")?;
    let namespaces_before = namespaces.len();
    for collection in member(body, COLLECTIONS).and_then(Value::as_array).into_iter().flatten() {
        let is_known = |other: &Value| text(other, "refId") == text(collection, "refId");
        if text(collection, "refId").is_some() && !namespaces.iter().any(is_known) {
            namespaces.push(collection.clone());
        }
    }

    let mut env = list(config.document(), "envVariables")?;
    let mut content = list(definition, "contentVariables")?;
    let language = default_language(definition);
    let count = variables.len();
    for (pointer, mut variable) in variables {
        judge_type(&variable, &pointer)?;
        drop_empty_type(&mut variable);
        if let Some(spaces) = variable.get_mut("vNameSpace") {
            for (at, given) in unknown_namespaces(spaces, &namespaces) {
                let text = format!(
                    "The bot has no namespace {given}, so the variable is in none by it; correct it, or send the namespace in \
                     `botCollections`."
                );
                findings.push(Finding::new(format!("{pointer}/vNameSpace{at}"), Code::UnknownNamespace, text));
            }
            *spaces = namespace_ids(spaces, &namespaces);
        }
        if is_content_variable(&variable) {
            put_content_variable(&mut content, variable, &language);
        } else {
            put_env_variable(&mut env, variable);
        }
    }

    let namespaces = (namespaces.len() > namespaces_before).then_some(namespaces);
    let (definition, config) = with_variables(config, definition, env, content, namespaces)?;
    Ok(ImportedVariables { definition, config, count, findings })
}

/// Changes the variable that has this key and the type of `variable`: it gets the given members, the key among them. What
/// refers to the variable by its old key is not changed.
///
/// # Errors
/// [`VariablesError::NoKey`], [`VariablesError::Taken`], or a stored list is not a list.
pub fn change_variable(
    config: &Config,
    definition: &Document,
    old_key: &str,
    mut variable: Value,
) -> Result<ImportedVariables, VariablesError> {
    let mut env = list(config.document(), "envVariables")?;
    let mut content = list(definition, "contentVariables")?;
    let is_content = is_content_variable(&variable);
    let variables = if is_content { &mut content } else { &mut env };
    let key = text(&variable, "key").filter(|key| !key.trim().is_empty()).map(str::to_owned);
    let key = key.ok_or_else(|| VariablesError::NoKey { pointer: String::new() })?;
    if key != old_key {
        if variables.iter().any(|other| text(other, "key") == Some(&key)) {
            return Err(VariablesError::Taken { key });
        }
        if let Some(renamed) = variables.iter_mut().find(|other| text(other, "key") == Some(old_key)) {
            renamed["key"] = json!(key);
        }
    }
    if let Some(spaces) = variable.get_mut("vNameSpace") {
        *spaces = namespace_ids(spaces, &list(definition, "namespaces")?);
    }
    if is_content {
        put_content_variable(&mut content, variable, &default_language(definition));
    } else {
        put_env_variable(&mut env, variable);
    }
    let (definition, config) = with_variables(config, definition, env, content, None)?;
    Ok(ImportedVariables { definition, config, count: 1, findings: Vec::new() })
}

/// Refuses a variable that says it is of a type that there is not, or in a namespace that neither the bot nor any of its
/// variables knows. `pointer` leads to the variable in the body.
///
/// # Errors
/// [`VariablesError`].
pub fn judge_variable(
    config: &Config,
    definition: &Document,
    variable: &Value,
    pointer: &str,
) -> Result<(), VariablesError> {
    judge_type(variable, pointer)?;
    let pointer = format!("{pointer}/vNameSpace");
    let spaces = variable.get("vNameSpace").unwrap_or(&Value::Null);
    if !spaces.is_array() && !spaces.is_null() && *spaces != "" {
        return Err(VariablesError::BadNamespaces { pointer });
    }
    let namespaces = list(definition, "namespaces")?;
    let mut unknown = unknown_namespaces(spaces, &namespaces);
    if unknown.is_empty() {
        return Ok(());
    }
    // What was imported without its namespace is sent back as it was read.
    let mut stored = list(config.document(), "envVariables")?;
    stored.extend(list(definition, "contentVariables")?);
    let is_stored = |at: &str| {
        let given = spaces.pointer(at);
        let mut used = stored.iter().filter_map(|variable| variable.get("vNameSpace")?.as_array()).flatten();
        given.is_some_and(Value::is_string) && used.any(|used| Some(used) == given)
    };
    unknown.retain(|(at, _)| !is_stored(at));
    let Some((at, given)) = unknown.into_iter().next() else { return Ok(()) };
    let id = |one: &Value| text(one, "_id").or_else(|| text(one, "refId")).map(shown);
    let named = |one: &Value| Some(format!("{} for {}", id(one)?, shown(text(one, "name")?)));
    let known: Vec<String> = namespaces.iter().take(NAMED).filter_map(|one| named(one).or_else(|| id(one))).collect();
    let known = if known.is_empty() { "it has none".to_owned() } else { known.join(", ") };
    Err(VariablesError::UnknownNamespace { pointer: format!("{pointer}{at}"), given, known })
}

/// How many of the namespaces that there are an error names.
const NAMED: usize = 10;

fn judge_type(variable: &Value, pointer: &str) -> Result<(), VariablesError> {
    let given = match variable.get("variableType") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(kind)) if ["", "env", "locale"].iter().any(|it| kind.eq_ignore_ascii_case(it)) => {
            return Ok(());
        }
        Some(Value::String(kind)) => shown(kind),
        Some(other) => shown(&other.to_string()),
    };
    Err(VariablesError::BadType { pointer: format!("{pointer}/variableType"), given })
}

/// Leaves out a type that says nothing, so that it does not take the place of the stored one.
fn drop_empty_type(variable: &mut Value) {
    let is_empty = |kind: &Value| kind.is_null() || *kind == "";
    if variable.get("variableType").is_some_and(is_empty)
        && let Some(members) = variable.as_object_mut()
    {
        members.shift_remove("variableType");
    }
}

/// What is named as a namespace and is none: the pointer from the list of namespaces on, and a text for it.
fn unknown_namespaces(spaces: &Value, namespaces: &[Value]) -> Vec<(String, String)> {
    let spaces = spaces.as_array().map(Vec::as_slice).unwrap_or_default();
    let unknown = spaces.iter().enumerate().filter(|(_, space)| namespace_of(space, namespaces).is_none());
    let told = |space: &Value| match space.as_str().or_else(|| text(space, "name")).or_else(|| text(space, "refId")) {
        Some(name) => shown(name),
        None => shown(&space.to_string()),
    };
    unknown.map(|(at, space)| (format!("/{at}"), told(space))).collect()
}

/// The texts of `botDefinition.json` and `config.json` with these variables; each as it was if nothing in it changed.
fn with_variables(
    config: &Config,
    definition: &Document,
    env: Vec<Value>,
    content: Vec<Value>,
    namespaces: Option<Vec<Value>>,
) -> Result<(String, String), ShapeError> {
    let mut definition_text = definition.text().to_string();
    if content != list(definition, "contentVariables")? || namespaces.is_some() {
        let mut edit = Edit::of(definition);
        edit.set("contentVariables", &Value::Array(content));
        if let Some(namespaces) = namespaces {
            edit.set("namespaces", &Value::Array(namespaces));
        }
        for hash in HASHES {
            edit.remove(hash);
        }
        definition_text = edit.write();
    }
    let mut config_text = config.text().to_string();
    if env != list(config.document(), "envVariables")? {
        let mut edit = Edit::of(config.document());
        edit.set("envVariables", &Value::Array(env));
        config_text = edit.write();
    }
    Ok((definition_text, config_text))
}

/// All variables as they are stored: environment variables, then content variables, each in its order, with the `_id` of
/// each namespace in the place of its `refId`, as the builder names them. Secured values are empty.
///
/// # Errors
/// A stored list is not a list.
pub fn stored_variables(config: &Config, definition: &Document) -> Result<Vec<Value>, ShapeError> {
    unexposed(config, definition, |namespace, _| text(namespace, "_id").map(|id| json!(id)))
}

/// The `refId` of the namespace that a variable is in which names none: the one every bot has from its start.
///
/// # Errors
/// `namespaces` is not a list.
pub fn default_namespace(definition: &Document) -> Result<Option<String>, ShapeError> {
    let namespaces = list(definition, "namespaces")?;
    let made_with_the_bot = namespaces.iter().find(|one| text(one, "type") == Some("system"));
    let named = || namespaces.iter().find(|one| text(one, "name") == Some("default"));
    Ok(made_with_the_bot.or_else(named).and_then(|one| text(one, "refId")).map(str::to_owned))
}

/// All variables, without the values of those that are secured. `named` says what stands for a namespace in the place of its
/// `refId`; nothing leaves that there.
fn unexposed(
    config: &Config,
    definition: &Document,
    named: impl Fn(&Value, &Value) -> Option<Value>,
) -> Result<Vec<Value>, ShapeError> {
    let namespaces = list(definition, "namespaces")?;
    let mut variables = list(config.document(), "envVariables")?;
    variables.extend(list(definition, "contentVariables")?);
    for variable in &mut variables {
        if flag(variable.get("isSecured")) == Some(true) {
            variable["value"] = json!("");
        }
        for space in variable.get_mut("vNameSpace").and_then(Value::as_array_mut).into_iter().flatten() {
            let namespace = namespaces.iter().find(|one| text(one, "refId") == space.as_str());
            if let Some(name) = namespace.and_then(|namespace| named(namespace, space)) {
                *space = name;
            }
        }
    }
    Ok(variables)
}

/// All variables as the variables API exports them: environment variables, then content variables, each in its order.
/// Secured values are empty.
///
/// # Errors
/// A stored list is not a list.
pub fn export_variables(config: &Config, definition: &Document) -> Result<Vec<Value>, ShapeError> {
    unexposed(config, definition, |namespace, space| {
        text(namespace, "name").map(|name| json!({ "name": name, "refId": space }))
    })
}

/// The variables of a request, each with a key and its place.
fn variables_in(body: &Value, findings: &mut Vec<Finding>) -> Result<Vec<(String, Value)>, VariablesError> {
    let mut lists = Vec::new();
    match body {
        Value::Array(variables) => lists.push((String::new(), variables.clone())),
        Value::Object(members) if members.is_empty() => return Err(VariablesError::Empty),
        _ => {
            for key in VARIABLE_LISTS {
                match member(body, key).map(unwrapped) {
                    Some(Value::Array(variables)) => lists.push((format!("/{key}"), variables)),
                    Some(other) => find_wrong_type(&other, &format!("/{key}"), "a list of variables", findings),
                    None => {}
                }
            }
            find_unknown_members(body, "", &[VARIABLE_LISTS[0], VARIABLE_LISTS[1], COLLECTIONS], findings);
        }
    }
    if lists.is_empty() && member(body, COLLECTIONS).is_none() {
        return Err(VariablesError::NotVariables);
    }
    let mut found = Vec::new();
    for (pointer, variables) in lists {
        for (index, variable) in variables.into_iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            if text(&variable, "key").is_none_or(|key| key.trim().is_empty()) {
                return Err(VariablesError::NoKey { pointer });
            }
            found.push((pointer, variable));
        }
    }
    Ok(found)
}

/// Whether a variable is one of content, which has a value per language, and not of the environment.
pub fn is_content_variable(variable: &Value) -> bool {
    match text(variable, "variableType").filter(|kind| !kind.is_empty()) {
        Some(kind) => kind.eq_ignore_ascii_case("locale"),
        None => variable.get("localeData").is_some_and(Value::is_object),
    }
}

/// The `refId`s of namespaces that a request names as `{name, refId}`, by `refId` or by `_id`. A namespace this bot has under that name wins
/// over the `refId`, which may be that of the bot the variables come from.
fn namespace_ids(spaces: &Value, namespaces: &[Value]) -> Value {
    let Some(spaces) = spaces.as_array() else { return json!([]) };
    let mut ids = Vec::new();
    for space in spaces {
        let given = space.as_str().or_else(|| text(space, "refId"));
        let known = namespace_of(space, namespaces).and_then(|one| text(one, "refId"));
        ids.extend(known.or(given).map(Value::from));
    }
    Value::Array(ids)
}

/// The namespace that one of the names stands for.
fn namespace_of<'n>(space: &Value, namespaces: &'n [Value]) -> Option<&'n Value> {
    let given = space.as_str().or_else(|| text(space, "refId"));
    let by_id =
        namespaces.iter().find(|one| given.is_some() && [text(one, "refId"), text(one, "_id")].contains(&given));
    let name = text(space, "name");
    by_id.or_else(|| namespaces.iter().find(|one| name.is_some() && text(one, "name") == name))
}

fn put_env_variable(variables: &mut Vec<Value>, variable: Value) {
    let defaults = json!({
        "key": variable["key"], "value": "", "variableType": "env", "hint": "", "scope": "prePopulated", "group": "",
        "propagateValue": false, "vNameSpace": [], "isSecured": false,
    });
    put(variables, variable, defaults);
}

/// A content variable has a value per language. A request may give just one value, which is that of the bot's default
/// language.
fn put_content_variable(variables: &mut Vec<Value>, mut variable: Value, language: &str) {
    if let Some(members) = variable.as_object_mut() {
        let value = members.shift_remove("value");
        let hint = members.shift_remove("hint");
        if !members.contains_key("localeData")
            && let Some(value) = value
        {
            let texts = json!({ "value": value, "hint": hint.unwrap_or_else(|| json!("")), "audioTag": "" });
            members.insert("localeData".into(), json!({ language: texts }));
        }
    }
    let defaults = json!({
        "key": variable["key"], "localeData": {}, "variableType": "locale", "scope": "prePopulated", "group": "",
        "propagateValue": false, "vNameSpace": [],
    });
    put(variables, variable, defaults);
}

/// Writes the members of `variable` into the one with its key, or into `defaults`, which is then added.
fn put(variables: &mut Vec<Value>, variable: Value, defaults: Value) {
    let known = variables.iter().position(|other| text(other, "key") == text(&variable, "key"));
    let index = known.unwrap_or(variables.len());
    if known.is_none() {
        variables.push(defaults);
    }
    let (Some(stored), Value::Object(given)) = (variables[index].as_object_mut(), variable) else { return };
    let is_secured = flag(given.get("isSecured").or_else(|| stored.get("isSecured"))) == Some(true);
    for (key, value) in given {
        match (key.as_str(), stored.get_mut(&key)) {
            ("value", Some(_)) if is_secured && value == json!("") => {}
            ("localeData", Some(Value::Object(languages))) => put_languages(languages, value),
            _ => {
                stored.insert(key, value);
            }
        }
    }
}

/// Writes the given texts into those of each language.
fn put_languages(languages: &mut Map<String, Value>, given: Value) {
    let Value::Object(given) = given else { return };
    for (language, texts) in given {
        match (languages.get_mut(&language).and_then(Value::as_object_mut), texts) {
            (Some(stored), Value::Object(texts)) => stored.extend(texts),
            (_, texts) => {
                languages.insert(language, texts);
            }
        }
    }
}
