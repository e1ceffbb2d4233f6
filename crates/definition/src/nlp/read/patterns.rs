//! Patterns of intents and entities.

use std::collections::HashMap;

use serde_json::Value;

use super::Locale;
use super::intents::{Components, Intents};
use super::tolerant::{each_once, items, list, text};
use crate::document::Document;
use crate::error::ShapeError;
use crate::links::folded_name;
use crate::nlp::Entity;
use crate::texts::unescape_html;

/// Adds the patterns to the intents and entities they belong to: first those inside components, where exports up to
/// 2021 have them, then those of the top-level `patterns`.
pub(super) fn read(
    definition: &Document,
    locale: &Locale,
    components: &Components,
    intents: &mut Intents,
    entities: &mut [Entity],
) -> Result<(), ShapeError> {
    let mut entity_places = HashMap::new();
    for (entity, (place, _)) in components.of_kind("entity").enumerate() {
        entity_places.insert(place, entity);
    }
    let mut add = |place: usize, locales: &Value| {
        let found = &locales[&locale.language];
        if let Some(intent) = intents.of_component(place) {
            let intent = &mut intents.list[intent];
            add_patterns(&mut intent.patterns, &found["patterns"]);
            add_patterns(&mut intent.negative_patterns, &found["negativePatterns"]);
        } else if let Some(entity) = entity_places.get(&place) {
            add_patterns(&mut entities[*entity].patterns, &found["patterns"]);
        }
    };
    let mut by_name = HashMap::new();
    for (place, component) in components.list.iter().enumerate() {
        add(place, &component["localeData"]);
        let kind = text(&component["type"]);
        by_name.entry((kind, folded_name(text(&component["name"])))).or_insert(place);
    }
    for row in &list(definition, "patterns")? {
        let named = || by_name.get(&(text(&row["taskType"]), folded_name(text(&row["taskName"])))).copied();
        if let Some(place) = components.find(text(&row["refId"])).or_else(named) {
            add(place, &row["localeData"]);
        }
    }
    for intent in &mut intents.list {
        each_once(&mut intent.patterns);
        each_once(&mut intent.negative_patterns);
    }
    for entity in entities {
        each_once(&mut entity.patterns);
    }
    Ok(())
}

/// A pattern is a string or `{value, original}`: `value` is what the platform compares with, `original` what was typed.
fn add_patterns(patterns: &mut Vec<String>, found: &Value) {
    for pattern in items(found) {
        let written =
            [pattern, &pattern["value"], &pattern["original"]].map(|text| text.as_str().unwrap_or_default().trim());
        let Some(written) = written.into_iter().find(|written| !written.is_empty()) else { continue };
        patterns.push(unescape_html(written).into_owned());
    }
}
