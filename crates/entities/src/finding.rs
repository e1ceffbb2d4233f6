//! Where the values of an entity come from, in a text whose words may be used already.

use std::ops::Range;

use patterns::{Matcher, Options};

use crate::entity::{Entity, Way};
use crate::extractor::{Found, Surroundings};
use crate::kind::Kind;
use crate::language::base;
use crate::person_name::PersonNames;
use crate::rules::Ownership;
use crate::unread::{self, Wanted};
use crate::words::pattern_words;

impl Entity {
    /// The values of an answer to the entity's own question: an exact option, a choice from what was `shown` (places of
    /// the list's items), what is found in the text, and for a text the answer itself.
    pub fn answer(&self, text: &str, surroundings: &Surroundings<'_>, shown: &[usize]) -> Vec<Found> {
        if let Way::List(list) = &self.way {
            let whole = |item: usize| Found {
                range: 0..text.len(),
                value: list.stored(item),
                others: Vec::new(),
                incomplete: false,
            };
            if let Some(item) = list.exact(text) {
                return vec![whole(item)];
            }
            let chosen = list.chosen(text, shown);
            if !chosen.is_empty() {
                return chosen.into_iter().map(whole).collect();
            }
        }
        let found = match self.kind.filter(|kind| (unread::can_be(*kind) || *kind == Kind::PersonName) && !self.many) {
            // Who is asked for one value and says two is asked which.
            Some(kind) => {
                let pointed = self.pointed_at(text, surroundings, &[], &[]);
                match pointed.is_empty() {
                    true => unread::one(kind, text, self.all_guessed(text, surroundings, &[], true), surroundings),
                    false => pointed,
                }
            }
            None => self.values(text, surroundings, &[], &[]),
        };
        match &self.way {
            Way::Answer(rules) if found.is_empty() && !self.rules.patterns_only => {
                rules.answer(text).into_iter().collect()
            }
            _ => found,
        }
    }

    /// The value that an answer to the entity's own question may be, where nothing else was heard in it: a name that no list
    /// has. `is_word` says whether a lower-case word is one of every day, or of the bot.
    pub fn plausible(
        &self,
        text: &str,
        surroundings: &Surroundings<'_>,
        is_word: &dyn Fn(&str) -> bool,
    ) -> Option<Found> {
        if self.kind != Some(Kind::PersonName) || self.rules.patterns_only {
            return None;
        }
        let names = PersonNames {
            ignored: self.rules.ignore_words.clone(),
            negative_patterns: self.rules.negative_patterns.clone(),
        };
        let found = names.plausible(text, base(surroundings.language), is_word)?;
        self.accepted(text, vec![found]).pop()
    }

    /// Values that an exact option, a pattern or a mark points at.
    pub(crate) fn pointed_at(
        &self,
        text: &str,
        surroundings: &Surroundings<'_>,
        used: &[Range<usize>],
        marks: &[Range<usize>],
    ) -> Vec<Found> {
        if let Way::List(list) = &self.way
            && used.is_empty()
            && let Some(item) = list.exact(text)
        {
            let value = list.stored(item);
            return self.accepted(text, vec![Found { range: 0..text.len(), value, others: vec![], incomplete: false }]);
        }
        let mut candidates = self.by_patterns(text);
        candidates.extend(marks.iter().filter(|range| text.get((*range).clone()).is_some()).cloned());
        let mut found: Vec<Found> = Vec::new();
        for range in candidates {
            if is_free(&range, used) && found.iter().all(|other| is_free(&range, std::slice::from_ref(&other.range))) {
                found.extend(self.value_of(text, range, surroundings));
            }
        }
        let mut found = self.accepted(text, found);
        // The first way that has a value wins, not the first place.
        found.truncate(if self.many { found.len() } else { 1 });
        found
    }

    /// Values that nothing points at.
    pub(crate) fn guessed(&self, text: &str, surroundings: &Surroundings<'_>, used: &[Range<usize>]) -> Vec<Found> {
        let mut found = self.all_guessed(text, surroundings, used, false);
        found.truncate(if self.many { found.len() } else { 1 });
        found
    }

    /// The same, and those that nobody asked for. `asked` says that it is the answer to the entity's own question.
    fn all_guessed(
        &self,
        text: &str,
        surroundings: &Surroundings<'_>,
        used: &[Range<usize>],
        asked: bool,
    ) -> Vec<Found> {
        if self.rules.patterns_only {
            return Vec::new();
        }
        let free = without(text, used);
        let found = self.by_kind(&free, surroundings);
        let found = found.into_iter().filter(|found| is_free(&found.range, used)).collect();
        let found = self.accepted(text, found);
        match self.kind.filter(|kind| unread::can_be(*kind)) {
            Some(kind) => unread::in_full(Wanted { kind, many: self.many, asked }, &free, found, surroundings),
            None => found,
        }
    }

    fn by_kind(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        match &self.way {
            Way::Kind(extractor) => extractor.find(text, surroundings),
            Way::List(list) => list.named(text).iter().filter_map(|naming| list.found(naming)).collect(),
            Way::Answer(_) | Way::Nowhere => Vec::new(),
        }
    }

    /// What the wildcards of the patterns took, in the order of the patterns.
    fn by_patterns(&self, text: &str) -> Vec<Range<usize>> {
        if self.patterns.is_empty() {
            return Vec::new();
        }
        let words = pattern_words(&self.language.tokens(text));
        let options = if self.kind == Some(Kind::Description) { Options::DESCRIPTION } else { Options::ENTITY };
        let mut matcher = Matcher::new(&words, &self.concepts, options);
        let mut ranges = Vec::new();
        for pattern in &self.patterns {
            for matched in matcher.find_all(pattern) {
                let captured: Vec<Range<usize>> = matched.captures.into_iter().flatten().collect();
                let taken = match (captured.is_empty(), matched.wildcards.is_empty()) {
                    (false, _) => captured,
                    (_, false) => matched.wildcards,
                    // A pattern without a wildcard names the value itself.
                    _ => vec![matched.words],
                };
                let filled = taken.into_iter().filter(|taken| !taken.is_empty());
                ranges.extend(filled.map(|taken| words[taken.start].start..words[taken.end - 1].end));
            }
        }
        ranges
    }

    /// The value in words that were pointed at.
    fn value_of(&self, text: &str, range: Range<usize>, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let said = &text[range.clone()];
        if let Way::Answer(rules) = &self.way {
            let found = rules.answer(said).into_iter();
            return found.map(|found| moved(found, range.start)).collect();
        }
        let found = self.by_kind(said, surroundings).into_iter();
        let limit = if self.many { usize::MAX } else { 1 };
        found.take(limit).map(|found| moved(found, range.start)).collect()
    }

    /// The values that the rules of words allow.
    fn accepted(&self, text: &str, found: Vec<Found>) -> Vec<Found> {
        let lower = |text: &str| -> Vec<String> {
            self.language.tokens(text).into_iter().filter(|token| token.is_word()).map(|token| token.lower).collect()
        };
        let rules = &self.rules;
        let asks = !(rules.include_words.is_empty() && rules.exclude_words.is_empty());
        if asks && !rules.allow(&lower(text)) {
            return Vec::new();
        }
        found
            .into_iter()
            .filter(|found| {
                let said = text[found.range.clone()].trim().to_lowercase();
                let owned = |found: &Found| rules.fits_owner(&lower(&text[..found.range.start]));
                !rules.ignore_words.contains(&said) && (rules.ownership == Ownership::Either || owned(found))
            })
            .collect()
    }
}

/// Values of one entity in a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocated {
    /// Place of the entity in the order given.
    pub entity: usize,
    /// Its values, one unless it takes many.
    pub found: Vec<Found>,
}

/// What is known of a whole message before its words are given to entities.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// Words that are not to be used, in bytes.
    pub used: &'a [Range<usize>],
    /// What a tagger marked: the place of the entity, and the bytes.
    pub marks: &'a [(usize, Range<usize>)],
    /// Places of the entities whose words others may have as well.
    pub sharing: &'a [usize],
}

/// Gives the words of a message to entities, in their order. What patterns and marks point at goes first, for all of them;
/// then each entity takes the first value among the words that are left. No word is taken twice.
pub fn allocate(entities: &[&Entity], text: &str, surroundings: &Surroundings<'_>, given: Given<'_>) -> Vec<Allocated> {
    let mut used = given.used.to_vec();
    let mut values: Vec<Vec<Found>> = vec![Vec::new(); entities.len()];
    let take = |place: usize, found: &[Found], used: &mut Vec<Range<usize>>| {
        if !given.sharing.contains(&place) {
            used.extend(found.iter().map(|found| found.range.clone()));
        }
    };
    for (place, entity) in entities.iter().enumerate() {
        let marked = given.marks.iter().filter(|(of, _)| *of == place);
        let marks: Vec<Range<usize>> = marked.map(|(_, range)| range.clone()).collect();
        values[place] = entity.pointed_at(text, surroundings, &used, &marks);
        take(place, &values[place], &mut used);
    }
    for (place, entity) in entities.iter().enumerate() {
        if !values[place].is_empty() && !entity.many {
            continue;
        }
        // A sharing entity does not find again what it has.
        let own = values[place].iter().map(|found| found.range.clone());
        let taken: Vec<Range<usize>> = used.iter().cloned().chain(own).collect();
        let more = entity.guessed(text, surroundings, &taken);
        take(place, &more, &mut used);
        values[place].extend(more);
        values[place].sort_by_key(|found| found.range.start);
    }
    let allocated = values.into_iter().enumerate().map(|(entity, found)| Allocated { entity, found });
    allocated.filter(|allocated| !allocated.found.is_empty()).collect()
}

fn moved(found: Found, by: usize) -> Found {
    Found { range: found.range.start + by..found.range.end + by, ..found }
}

fn is_free(range: &Range<usize>, used: &[Range<usize>]) -> bool {
    used.iter().all(|used| range.end <= used.start || range.start >= used.end)
}

/// The text with marks in place of the words that are used, byte for byte: what stands on both sides does not join.
fn without(text: &str, used: &[Range<usize>]) -> String {
    let mut free = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_free(&(at..at + c.len_utf8()), used) {
            free.push(c);
        } else {
            let begins = used.iter().any(|range| range.start == at);
            free.push(if begins { '|' } else { ' ' });
            free.extend(std::iter::repeat_n(' ', c.len_utf8() - 1));
        }
    }
    free
}
