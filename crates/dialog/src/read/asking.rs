//! Nodes that ask: entities and confirmations.

use definition::nlp::ChoicesFrom;
use serde_json::Value;

use super::lenient::{count, flag, id, is_on, items, members, text, words};
use super::parts::Parts;
use super::texts::{messages, own_or};
use crate::node::{Asking, Confirmation, Entity, Reuse};

/// Wrong answers after which a task ends where its author says nothing.
const MOST_RETRIES: u32 = 5;

/// Types whose values are chosen from a list. What other types say of one is left over from a change of their type.
const LISTS: [&str; 3] = ["list_of_values", "list_of_items_lookup", "list_of_items_enumerated"];

/// An entity node.
pub(super) fn entity(node: &Value, component: &Value, parts: &Parts) -> Entity {
    let options = &node["nodeOptions"];
    let retry = &options["eventOptions"]["defaultMaxRetry"];
    let jumps = text(&retry["action"]) == "executeNode";
    let defaults = [&options["defaultValue"], &component["defaultValue"]];
    Entity {
        prompt: own_or(&options["message"], &component["message"]),
        error: own_or(&options["errorMessage"], &component["errorMessage"]),
        errors_in_order: is_on(&options["errorPromptSequencing"]),
        entity_type: text(&component["entityType"]).to_owned(),
        asking: asking(options),
        reuse: reuse(&options["reuseOptions"]),
        keeps_words: is_on(&options["notForReuse"]),
        most_retries: count(&retry["retry_limit"]).filter(|limit| *limit > 0).unwrap_or(MOST_RETRIES),
        retries_target: id(&retry["ref"]).filter(|_| jumps).map(str::to_owned),
        lists_choices: is_on(&component["applyDefaultTemplate"]),
        choices_from: LISTS
            .contains(&text(&component["entityType"]))
            .then(|| choices_from(&component["localeData"], parts))
            .flatten(),
        executes_intent: text(&options["inputHandlingOptions"]) == "executeIntent",
        discard_is_command: has_rule(options, component, "discardAsCommand"),
        default: defaults.into_iter().find(|value| !is_blank(value)).cloned(),
        many: is_on(&component["isArray"]),
        sensitive: is_on(&component["isSensitive"]),
    }
}

/// A confirmation node.
pub(super) fn confirmation(node: &Value, component: &Value) -> Confirmation {
    let own = messages(&node["nodeOptions"]["message"]);
    let synonyms = |answer: &str| -> Vec<(String, Vec<String>)> {
        let locales = members(&component["localeData"]);
        let words = locales.map(|(language, locale)| (language.clone(), words(&locale["synonyms"][answer])));
        words.filter(|(_, words)| !words.is_empty()).collect()
    };
    Confirmation {
        prompt: if own.is_empty() { messages(&component["message"]) } else { own },
        lists_choices: is_on(&component["applyDefaultTemplate"]),
        yes: synonyms("yes"),
        no: synonyms("no"),
    }
}

fn asking(options: &Value) -> Asking {
    match text(&options["promptOptions"]) {
        "optional" => Asking::Optional,
        "hidden" => Asking::Hidden,
        "prompt" => Asking::Always,
        "" if is_on(&options["isOptional"]) => Asking::Optional,
        // `required`, and values that only a slip of the builder can have left there, such as `userInputCorrection`.
        _ => Asking::Required,
    }
}

/// A digit in the exports, with or without quotes.
fn reuse(option: &Value) -> Reuse {
    match count(option) {
        Some(2) => Reuse::All,
        Some(3) => Reuse::None,
        _ => Reuse::Unused,
    }
}

/// A list that a script leaves in the context, unless there are values in the definition.
fn choices_from(locales: &Value, parts: &Parts) -> Option<ChoicesFrom> {
    let own = &locales[&parts.default_language]["allowedValues"];
    let mut all = std::iter::once(own).chain(members(locales).map(|(_, locale)| &locale["allowedValues"]));
    let allowed = all.find(|allowed| allowed.is_object())?;
    if !items(&allowed["values"]).is_empty() {
        return None;
    }
    let key = |name: &str| text(&allowed[name]).to_owned();
    id(&allowed["variable"]).map(|variable| ChoicesFrom {
        variable: variable.to_owned(),
        title_key: key("titleKey"),
        value_key: key("valueKey"),
        synonyms_key: key("synonymsKey"),
    })
}

/// Whether a rule is set: `{rule: true}`, or an element of a list with that name and no value that denies it.
fn has_rule(options: &Value, component: &Value, rule: &str) -> bool {
    let denies = |value: &Value| flag(value) == Some(false);
    let is_named = |element: &Value| {
        let names = [element, &element["name"], &element["rule"], &element["key"]];
        names.into_iter().any(|name| text(name) == rule) && !denies(&element["value"])
    };
    let mut places = [&options["entityRules"], &component["entityRules"], &component["entityFields"]].into_iter();
    places.any(|rules| is_on(&rules[rule]) || items(rules).iter().any(is_named))
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}
