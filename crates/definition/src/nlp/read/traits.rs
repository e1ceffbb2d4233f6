//! Groups of traits.

use serde_json::Value;

use super::Locale;
use super::tolerant::{each_once, items, list, number, object, text, texts};
use crate::document::Document;
use crate::error::ShapeError;
use crate::nlp::TraitGroup;

/// Least score of a learned trait where the export names none.
const DEFAULT_SCORE: f64 = 0.5;

/// The groups of a language. Exports repeat them: one group twice in `traits`, and again beside the questions that use
/// it. Groups of one name are one.
pub(super) fn read(definition: &Document, graphs: &[Value], locale: &Locale) -> Result<Vec<TraitGroup>, ShapeError> {
    let mut groups: Vec<TraitGroup> = Vec::new();
    let own = list(definition, "traits")?;
    let beside_questions = graphs.iter().flat_map(|graph| items(&graph["faqs"]["traitGroups"]));
    for written in own.iter().chain(beside_questions).filter(|group| locale.is_of(&group["language"])) {
        let name = text(&written["groupName"]).trim();
        let place = groups.iter().position(|group| group.name.eq_ignore_ascii_case(name)).unwrap_or(groups.len());
        if place == groups.len() {
            groups.push(group(name, written));
        }
        add_traits(&mut groups[place].traits, &written["traits"]);
    }
    groups.retain(|group| !group.traits.is_empty());
    Ok(groups)
}

fn group(name: &str, written: &Value) -> TraitGroup {
    let strategy = text(&written["matchStrategy"]);
    let score = number(&written["scoreThreshold"]).unwrap_or(DEFAULT_SCORE);
    TraitGroup {
        name: name.to_owned(),
        match_strategy: if strategy.is_empty() { "probability" } else { strategy }.to_owned(),
        score_threshold: if score > 1.0 { score / 100.0 } else { score },
        traits: Vec::new(),
    }
}

fn add_traits(traits: &mut Vec<(String, Vec<String>)>, written: &Value) {
    for (name, one) in object(written) {
        let phrases = texts(if one.is_array() { one } else { &one["data"] });
        match traits.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => {
                known.extend(phrases);
                each_once(known);
            }
            None => traits.push((name.clone(), phrases)),
        }
    }
}
