//! Reading the answer to a question that a dialog asked: values of its entities, yes or no, commands.

use std::ops::Range;

use entities::list::Choice;
use entities::{Allocated, Description, Entity, Found, Given, Kind, Surroundings, allocate};
use patterns::{Matcher, Options};

use crate::model::Model;
use crate::values::{self, LEAST_SCORE};
use crate::yes_no::{Answer, YesNo};

/// Something said earlier, in which values are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// What was said.
    pub text: &'a str,
    /// The bytes that are used.
    pub used: &'a [Range<usize>],
}

impl Model {
    /// The entity with this component id, or its `refId`.
    pub fn entity(&self, component: &str) -> Option<&Entity> {
        Some(&self.entities[self.entity_place(component)?])
    }

    /// An entity that is no component of the bot, by its name and its type; of a type that is not known, any text is a
    /// value.
    pub fn entity_of_type(&self, name: &str, entity_type: &str) -> Entity {
        let kind = Kind::of(entity_type).or(Some(Kind::Label));
        let description = Description { name: name.to_owned(), kind, ..Description::default() };
        Entity::new(&description, &self.data.language, &self.concepts)
    }

    /// The same entity as a script changed it: with other choices, and with rules (name, value as JSON text) that go before
    /// its own.
    pub fn entity_changed(
        &self,
        component: &str,
        choices: Option<Vec<Choice>>,
        rules: &[(String, String)],
    ) -> Option<Entity> {
        let mut description = values::description(&self.data.entities[self.entity_place(component)?]);
        if let Some(choices) = choices {
            // Whatever it was, with a list to choose from it is one.
            description.kind = Some(Kind::ListOfValues);
            description.choices = choices;
        }
        description.rules.retain(|(name, _)| rules.iter().all(|(other, _)| other != name));
        description.rules.extend_from_slice(rules);
        Some(Entity::new(&description, &self.data.language, &self.concepts))
    }

    /// The values that entities find in something said earlier; words go to the entities as in
    /// [`understand`](Self::understand), so that none is used twice.
    pub fn values(&self, wanted: &[(&str, &Entity)], earlier: Earlier<'_>, now: &jiff::Zoned) -> Vec<Allocated> {
        let language = self.lexicon.language();
        let tagged = self.learned.tagger.as_ref().map_or_else(Vec::new, |tagger| {
            let hints = self.lists.find(language, earlier.text);
            tagger.tag(language, earlier.text, &hints)
        });
        let mut marks = Vec::new();
        for mark in tagged.iter().filter(|mark| mark.score >= LEAST_SCORE) {
            let place = wanted.iter().position(|(component, _)| *component == mark.entity);
            marks.extend(place.map(|place| (place, mark.start..mark.end)));
        }
        let entities: Vec<&Entity> = wanted.iter().map(|(_, entity)| *entity).collect();
        let given = Given { used: earlier.used, marks: &marks, ..Given::default() };
        allocate(&entities, earlier.text, &self.surroundings(now), given)
    }

    /// The values in the answer to an entity's own question; `shown` are the places of the choices that were shown.
    pub fn answer(&self, entity: &Entity, text: &str, shown: &[usize], now: &jiff::Zoned) -> Vec<Found> {
        entity.answer(text, &self.surroundings(now), shown)
    }

    /// The value that an answer may be where nothing else was heard in it: a name that no list has.
    pub fn plausible(&self, entity: &Entity, text: &str, now: &jiff::Zoned) -> Option<Found> {
        entity.plausible(text, &self.surroundings(now), &|word| self.lexicon.is_every_day(word))
    }

    /// Yes, no or neither. `yes` and `no` are the author's own words for them.
    pub fn yes_or_no(&self, text: &str, yes: &[String], no: &[String]) -> Option<Answer> {
        let words = YesNo::new(&self.lexicon, yes.iter().map(String::as_str), no.iter().map(String::as_str));
        words.answer(self.lexicon.concepts(), &self.lexicon.read(text))
    }

    /// The words that the captures of a small talk's pattern stand for in a message, in order.
    pub fn small_talk_words(&self, place: usize, text: &str) -> Vec<String> {
        self.small_talk.words(&self.lexicon, &self.lexicon.read(text), place)
    }

    /// Whether the whole message is a member of a concept (with its `~`).
    pub fn is_wholly(&self, text: &str, concept: &str) -> bool {
        if !self.lexicon.concepts().contains(concept) {
            return false;
        }
        let Ok(pattern) = self.lexicon.pattern(concept) else { return false };
        let message = self.lexicon.read(text);
        let mut matcher = Matcher::new(&message.words, self.lexicon.concepts(), Options::INTENT);
        let words = |range: &Range<usize>| message.tokens[range.clone()].iter().filter(|it| it.is_word()).count();
        let all = message.tokens.iter().filter(|token| token.is_word()).count();
        all > 0 && matcher.find_all(&pattern).iter().any(|found| words(&found.words) == all)
    }

    fn surroundings<'a>(&'a self, now: &'a jiff::Zoned) -> Surroundings<'a> {
        Surroundings { language: &self.data.language, now }
    }

    fn entity_place(&self, component: &str) -> Option<usize> {
        self.data.entities.iter().position(|it| it.component_id == component || it.component_ref == component)
    }
}
