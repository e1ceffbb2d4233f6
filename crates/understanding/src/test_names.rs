//! What the cases of a batch test name that the bot has not.

use std::collections::HashMap;

use definition::finding::{Code, Finding, shown};
use definition::nlp::NlpData;

use crate::test_cases::TestCase;
use crate::test_run::{Names, folded};

/// What the cases name that the bot has not: one finding for each name, at the first case that has it. Pointers lead into
/// the list of cases, as a suite is exported as JSON.
pub fn unknown_names(data: &NlpData, cases: &[TestCase]) -> Vec<Finding> {
    let names = Names::of(data);
    let is_entity = |name: &str| data.entities.iter().any(|entity| entity.name.eq_ignore_ascii_case(name));
    let mut unknown = Unknown::default();
    for (at, case) in cases.iter().enumerate() {
        if !case.bot_name.is_empty() {
            // What the linked bot is taught is not known here.
            unknown.add(What::LinkedBot, &case.bot_name, || format!("/{at}/botName"));
        } else if !case.intent.is_empty() && !names.has(&case.intent) {
            unknown.add(What::Intent, &case.intent, || format!("/{at}/intent"));
        }
        if !case.parent_intent.is_empty() && data.dialog_named(&case.parent_intent).is_none() {
            unknown.add(What::Parent, &case.parent_intent, || format!("/{at}/parentIntent"));
        }
        for (place, (name, _)) in case.entities.iter().enumerate() {
            if !is_entity(name) {
                unknown.add(What::Entity, name, || format!("/{at}/entities/{place}/entityName"));
            }
        }
    }
    unknown.found.into_iter().map(Found::finding).collect()
}

/// Whether any case can show something: one that expects nothing, or what the bot has, or what a linked bot may have.
pub fn can_be_run(data: &NlpData, cases: &[TestCase]) -> bool {
    let names = Names::of(data);
    cases.iter().any(|case| case.intent.is_empty() || !case.bot_name.is_empty() || names.has(&case.intent))
}

/// What a name is taken for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Intent,
    Parent,
    Entity,
    LinkedBot,
}

struct Found {
    what: What,
    name: String,
    pointer: String,
    /// How many places name it.
    count: usize,
}

#[derive(Default)]
struct Unknown {
    found: Vec<Found>,
    places: HashMap<(What, String), usize>,
}

impl Unknown {
    fn add(&mut self, what: What, name: &str, pointer: impl FnOnce() -> String) {
        let place = *self.places.entry((what, folded(name))).or_insert(self.found.len());
        match self.found.get_mut(place) {
            Some(found) => found.count += 1,
            None => self.found.push(Found { what, name: name.to_owned(), pointer: pointer(), count: 1 }),
        }
    }
}

impl Found {
    fn finding(self) -> Finding {
        let name = shown(&self.name);
        let cases = match self.count {
            1 => "In the cases of the suite, one".to_owned(),
            count => format!("In the cases of the suite, {count} (this is the first)"),
        };
        let (code, text) = match self.what {
            What::Intent => (
                Code::UnknownTask,
                format!(
                    "{cases} should be understood as {name}, and no task and no question of the bot is called so; \
                         such a case counts as failed. Correct the name, or bring the task into the bot."
                ),
            ),
            What::Parent => (
                Code::UnknownTask,
                format!(
                    "{cases} should be said while {name} runs, and no task of the bot is called so; such a case is \
                         tested as if nothing ran. Correct the name."
                ),
            ),
            What::LinkedBot => (
                Code::NotApplied,
                format!(
                    "{cases} should be understood by the linked bot {name}; linked bots are not asked here, so such a \
                         case is tested against the universal bot's own tasks."
                ),
            ),
            What::Entity if self.name.is_empty() => (
                Code::NotApplied,
                format!(
                    "{cases} should give a value, and does not say to which entity: `entityName`, or the name of the column, is \
                         missing or empty. Such a value counts as missed. Name the entity, or take the value out."
                ),
            ),
            What::Entity => (
                Code::UnknownEntity,
                format!(
                    "{cases} should give a value to {name}, and no entity of the bot is called so; such a value \
                         counts as missed. Correct the name."
                ),
            ),
        };
        Finding::new(self.pointer, code, text)
    }
}
