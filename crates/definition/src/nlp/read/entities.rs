//! Entities and what counts as a value of them.

use std::borrow::Cow;

use serde_json::Value;

use super::Locale;
use super::intents::{Components, asked_in};
use super::tolerant::{flag, items, localised, number, object, printed, text, texts};
use crate::nlp::{Choice, ChoicesFrom, Entity};
use crate::texts::unescape_html;

pub(super) fn read(dialogs: &[Value], components: &Components, locale: &Locale) -> Vec<Entity> {
    let mut entities = Vec::new();
    // Place of the entity by the place of its component.
    let mut places = vec![None; components.list.len()];
    for (place, component) in components.of_kind("entity") {
        places[place] = Some(entities.len());
        entities.push(entity(component, locale));
    }
    for dialog in dialogs {
        for entity in asked_in(dialog, components).into_iter().filter_map(|place| places[place]) {
            entities[entity].dialogs.push(text(&dialog["_id"]).to_owned());
        }
        for node in items(&dialog["nodes"]) {
            let options = &node["nodeOptions"]["entityRules"];
            let place = components.find(text(&node["componentId"])).and_then(|place| places[place]);
            if let Some(entity) = place {
                add_rules(&mut entities[entity].rules, options);
            }
        }
    }
    entities
}

fn entity(component: &Value, locale: &Locale) -> Entity {
    let locales = &component["localeData"];
    let name = text(&component["name"]);
    let label = text(localised(locales, "label", locale));
    let allowed = localised(locales, "allowedValues", locale);
    let lookup = [&component["lookupValues"], localised(locales, "lookupValues", locale)];
    let lists = [&allowed["values"]].into_iter().chain(lookup);
    let choices: Vec<Choice> = lists.map(choices).find(|choices| !choices.is_empty()).unwrap_or_default();
    let mut rules = Vec::new();
    for key in ["entityFields", "entityRules"] {
        add_rules(&mut rules, &component[key]);
    }
    Entity {
        component_id: text(&component["_id"]).to_owned(),
        component_ref: text(&component["refId"]).to_owned(),
        name: name.to_owned(),
        label: if label.is_empty() { name } else { label }.to_owned(),
        entity_type: text(&component["entityType"]).to_owned(),
        many: flag(&component["isArray"]) == Some(true),
        synonyms: texts(&locales[&locale.language]["synonyms"]),
        choices_from: if choices.is_empty() { choices_from(allowed) } else { None },
        choices,
        regex: text(&component["regexPattern"]).to_owned(),
        unit_type: text(&component["unitType"]).to_owned(),
        default_unit: text(&component["defaultUnit"]).to_owned(),
        spell_threshold: number(&component["spellcorrectThreshold"]).unwrap_or_default(),
        patterns: Vec::new(),
        rules,
        dialogs: Vec::new(),
    }
}

/// Values of a list: objects of a title, a value and synonyms, or plain texts. One of title and value stands for both.
fn choices(list: &Value) -> Vec<Choice> {
    let choices = items(list).iter().map(|item| match item {
        Value::Object(_) => {
            let (title, value) = (printed(&item["title"]), printed(&item["value"]));
            let synonyms =
                items(&item["synonyms"]).iter().map(printed).filter(|word| !word.trim().is_empty()).collect();
            let synonyms: Vec<String> = if item["synonyms"].is_string() { texts(&item["synonyms"]) } else { synonyms };
            Choice {
                title: if title.is_empty() { value.clone() } else { title.clone() },
                value: if value.is_empty() { title } else { value },
                synonyms,
            }
        }
        _ => Choice { title: printed(item), value: printed(item), synonyms: Vec::new() },
    });
    let choices = choices.map(|mut choice| {
        // Authors write HTML. What scripts compare with, the value, stays as it is; people may say it as it reads.
        choice.title = unescape_html(&choice.title).into_owned();
        choice.synonyms.iter_mut().for_each(|word| *word = unescape_html(word).into_owned());
        if let Cow::Owned(read) = unescape_html(&choice.value)
            && read != choice.title
        {
            choice.synonyms.push(read);
        }
        choice
    });
    choices.filter(|choice| !choice.title.is_empty()).collect()
}

/// A list that a script leaves in the context.
fn choices_from(allowed: &Value) -> Option<ChoicesFrom> {
    let variable = text(&allowed["variable"]).trim();
    let key = |name: &str| text(&allowed[name]).to_owned();
    (!variable.is_empty()).then(|| ChoicesFrom {
        variable: variable.to_owned(),
        title_key: key("titleKey"),
        value_key: key("valueKey"),
        synonyms_key: key("synonymsKey"),
    })
}

/// Rules are members of an object, or objects with a name in a list. Those without a value say nothing: every entity
/// has `{"cityAdvanced": []}`.
fn add_rules(rules: &mut Vec<(String, String)>, found: &Value) {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    let named = object(found).map(|(name, value)| (name.as_str(), value));
    let listed = items(found).iter().map(|rule| {
        let name = ["name", "rule", "key"].iter().map(|key| text(&rule[*key])).find(|name| !name.is_empty());
        (name.unwrap_or_default(), rule)
    });
    for (name, value) in named.chain(listed).filter(|(_, value)| !is_empty(value)) {
        let rule = (name.to_owned(), value.to_string());
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
}
