//! Entity values in a message: which entities are looked for, in which order, and who gets which words.

use std::ops::Range;
use std::sync::Arc;

use definition::nlp::NlpData;
use entities::list::Choice;
use entities::{Description, Entity, Found, Given, Kind, Surroundings, allocate};
use patterns::Concepts;

use crate::lexicon::Lexicon;
use crate::tagger::{Gazetteers, Tagged};

/// Values of one entity in a message.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityValues {
    /// Its place in [`NlpData::entities`].
    pub entity: usize,
    /// The values, in the order of their places; more than one only where the entity takes many.
    pub found: Vec<Found>,
}

/// From this probability on a place that the tagger marks is looked at.
pub(crate) const LEAST_SCORE: f32 = 0.3;

/// The entities of a bot made ready, in their order.
pub(crate) fn entities(data: &NlpData, concepts: &Arc<Concepts>) -> Vec<Entity> {
    let ready = data.entities.iter().map(|entity| Entity::new(&description(entity), &data.language, concepts));
    ready.collect()
}

/// An entity as its author described it.
pub(crate) fn description(entity: &definition::nlp::Entity) -> Description {
    let choices = entity.choices.iter().map(|choice| Choice {
        title: choice.title.clone(),
        value: choice.value.clone(),
        synonyms: choice.synonyms.clone(),
    });
    Description {
        name: entity.name.clone(),
        kind: Kind::of(&entity.entity_type),
        many: entity.many,
        choices: choices.collect(),
        regex: entity.regex.clone(),
        spell_threshold: entity.spell_threshold,
        patterns: entity.patterns.clone(),
        rules: entity.rules.clone(),
        unit_type: entity.unit_type.clone(),
        default_unit: entity.default_unit.clone(),
        // No known export describes the parts of a composite.
        parts: Vec::new(),
    }
}

/// What of the entities cannot be used, each in a sentence that says where and what.
pub(crate) fn findings(entities: &[Entity], data: &NlpData) -> Vec<String> {
    let mut findings = Vec::new();
    for (entity, described) in entities.iter().zip(&data.entities) {
        // Partial exports have stubs of entities, without a type.
        let faults = entity.faults().iter().filter(|_| !described.entity_type.is_empty());
        findings.extend(faults.map(|fault| format!("the entity '{}': {fault}", entity.name)));
        for rule in entity.unsupported_rules().into_iter().filter(|_| !described.entity_type.is_empty()) {
            findings.push(format!(
                "the rule `{rule}` of the entity '{}' has no effect on values of its type here",
                entity.name
            ));
        }
    }
    findings
}

/// The items of the bot's lists, as hints for the tagger.
pub(crate) fn lists(data: &NlpData, lexicon: &Lexicon) -> Gazetteers {
    let phrases = data.entities.iter().flat_map(|entity| {
        let names = entity.choices.iter().flat_map(|it| [&it.title, &it.value].into_iter().chain(&it.synonyms));
        names.map(|name| (entity.component_id.as_str(), name.as_str()))
    });
    Gazetteers::new(lexicon.language(), phrases)
}

/// The values of entities in a message, each with its place in the bot's list and its id; what the tagger marks is looked
/// at first.
pub(crate) fn read(
    wanted: &[(usize, &str, &Entity)],
    text: &str,
    surroundings: &Surroundings<'_>,
    tagged: &[Tagged<'_>],
) -> Vec<EntityValues> {
    let mut marks: Vec<(usize, Range<usize>)> = Vec::new();
    for mark in tagged.iter().filter(|mark| mark.score >= LEAST_SCORE) {
        let place = wanted.iter().position(|(_, id, _)| *id == mark.entity);
        marks.extend(place.map(|place| (place, mark.start..mark.end)));
    }
    let entities: Vec<&Entity> = wanted.iter().map(|(_, _, entity)| *entity).collect();
    let allocated = allocate(&entities, text, surroundings, Given { marks: &marks, ..Given::default() });
    allocated.into_iter().map(|it| EntityValues { entity: wanted[it.entity].0, found: it.found }).collect()
}
