//! A message as words, where the bot's entities have a say in what is misspelt.

use std::collections::BTreeSet;
use std::ops::Range;

use entities::{Kind, Surroundings};

use crate::lexicon::Message;
use crate::model::Model;
use crate::understand::Question;
use crate::values;

impl Model {
    /// The words of a message, misspelt ones as they were meant; what is a value of an entity is what it is.
    pub(crate) fn read(&self, text: &str, question: &Question<'_>) -> Message {
        let message = self.lexicon.read(text);
        if message.corrections.is_empty() {
            return message;
        }
        let values = self.value_places(&message, question);
        if values.is_empty() { message } else { self.lexicon.read_with_values(text, &values) }
    }

    /// Where values of the bot's entities may stand in a message, whatever it means.
    fn value_places(&self, message: &Message, question: &Question<'_>) -> Vec<Range<usize>> {
        let text = message.text.as_str();
        let surroundings = Surroundings { language: &self.data.language, now: question.now };
        let mut seen = BTreeSet::new();
        let mut places = Vec::new();
        for (entity, described) in self.entities.iter().zip(&self.data.entities) {
            let Some(kind) = entity.kind else { continue };
            // Entities of one kind find the same, unless their author has a say in it.
            let is_own = matches!(kind, Kind::ListOfValues | Kind::Regex) || !described.patterns.is_empty();
            if is_own || seen.insert(kind) {
                places.extend(entity.values(text, &surroundings, &[], &[]).into_iter().map(|found| found.range));
            }
        }
        // What takes everything for a value says nothing.
        let all = message.extent();
        places.retain(|place| *place != all);
        let language = self.lexicon.language();
        if let Some(tagger) = &self.learned.tagger {
            let tagged = tagger.tag(language, text, &self.lists.find(language, text));
            places.extend(tagged.iter().filter(|it| it.score >= values::LEAST_SCORE).map(|it| it.start..it.end));
        }
        places
    }
}
