//! Several entities in one.

use patterns::{Concepts, Matcher, Options, Pattern};
use serde_json::{Map, Value};

use crate::extractor::{Extractor, Found, Surroundings};
use crate::text::Language;
use crate::words::pattern_words;

/// An entity of entities: the value is an object with a key for each part that was said.
///
/// Patterns name the parts with `@`: `@make @model`. Where there are none, all parts of a text make one value. A text that
/// is a JSON object is the value as it is.
pub struct Composite {
    /// The parts, by name.
    pub parts: Vec<(String, Box<dyn Extractor>)>,
    /// The patterns, parsed with the stemmer of the language; the first one that matches counts.
    pub patterns: Vec<Pattern>,
    /// The value is the texts of the parts side by side, without blanks (`modelNumber`).
    pub joined: bool,
}

impl Composite {
    fn value(&self, text: &str, parts: &[(usize, &Found)]) -> Value {
        if self.joined {
            let texts = parts.iter().filter_map(|(_, found)| text.get(found.range.clone()));
            return Value::from(texts.flat_map(str::split_whitespace).collect::<String>());
        }
        let mut object = Map::new();
        for (part, found) in parts {
            object.entry(self.parts[*part].0.clone()).or_insert_with(|| found.value.clone());
        }
        Value::Object(object)
    }
}

impl Extractor for Composite {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let found = |range, value| Found { range, value, others: Vec::new(), incomplete: false };
        if text.trim_start().starts_with('{')
            && let Ok(value @ Value::Object(_)) = serde_json::from_str(text)
        {
            return vec![found(0..text.len(), value)];
        }
        let values: Vec<Vec<Found>> = self.parts.iter().map(|(_, part)| part.find(text, surroundings)).collect();
        let mut said: Vec<(usize, &Found)> = values
            .iter()
            .enumerate()
            .flat_map(|(part, values)| values.iter().map(move |found| (part, found)))
            .collect();
        said.sort_by_key(|(part, found)| (found.range.start, *part));
        if self.patterns.is_empty() {
            let Some(start) = said.first().map(|(_, found)| found.range.start) else { return Vec::new() };
            let end = said.iter().map(|(_, found)| found.range.end).max().unwrap_or(start);
            return vec![found(start..end, self.value(text, &said))];
        }
        let words = pattern_words(&Language::of(surroundings.language).tokens(text));
        let entities: Vec<patterns::Entity> = said
            .iter()
            .map(|(part, found)| {
                let start = words.partition_point(|word| word.end <= found.range.start);
                let end = words.partition_point(|word| word.start < found.range.end);
                patterns::Entity { name: self.parts[*part].0.clone(), words: start..end }
            })
            .collect();
        let concepts = Concepts::default();
        let mut matcher = Matcher::new(&words, &concepts, Options::ENTITY).with_entities(&entities);
        let Some(matched) = self.patterns.iter().find_map(|pattern| matcher.find(pattern)) else { return Vec::new() };
        let inside = |entity: &patterns::Entity| {
            matched.words.start <= entity.words.start && entity.words.end <= matched.words.end
        };
        let taken: Vec<(usize, &Found)> =
            said.iter().zip(&entities).filter(|(_, entity)| inside(entity)).map(|(said, _)| *said).collect();
        let Some(last) = matched.words.end.checked_sub(1).filter(|_| !matched.words.is_empty()) else {
            return Vec::new();
        };
        vec![found(words[matched.words.start].start..words[last].end, self.value(text, &taken))]
    }
}
