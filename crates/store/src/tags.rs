//! Tags of users, sessions and messages, and filters by them.
//!
//! A list of tags is one JSON text that this server wrote, so a tag in it is a piece of text that is always the same:
//! `{"name":"…","value":"…"}`. Such a piece cannot occur inside a name or a value, whose quotes are escaped. Filters look
//! for it with `REPLACE`, the one search for plain text that both engines have.

use serde::{Deserialize, Serialize};

use crate::bots::stored;
use crate::conditions::Conditions;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// What a tag is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagKind {
    /// The user, in all their sessions.
    User,
    /// One session.
    Session,
    /// One message.
    Message,
}

/// Which tags something must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagFilter {
    /// A tag of this name with one of these values; with any value when none is given.
    Tag {
        /// What the tag is about; anything when absent.
        kind: Option<TagKind>,
        /// The name.
        name: String,
        /// The values.
        values: Vec<String>,
    },
    /// Each of these.
    All(Vec<TagFilter>),
    /// At least one of these.
    Any(Vec<TagFilter>),
}

impl TagFilter {
    /// The filter as a clause over the columns that hold tags of each kind.
    pub(crate) fn clause(&self, columns: &[(TagKind, &'static str)], conditions: &mut Conditions) -> String {
        match self {
            Self::All(filters) if filters.is_empty() => "TRUE".to_owned(),
            Self::All(filters) => join(filters, " AND ", columns, conditions),
            Self::Any(filters) if filters.is_empty() => "FALSE".to_owned(),
            Self::Any(filters) => join(filters, " OR ", columns, conditions),
            Self::Tag { kind, name, values } => {
                let pieces = if values.is_empty() {
                    vec![format!("{{\"name\":{},\"value\":", stored(name))]
                } else {
                    values.iter().map(|value| stored(&Tag { name: name.clone(), value: value.clone() })).collect()
                };
                let mut clauses = Vec::new();
                for piece in pieces {
                    let piece = conditions.bind(piece);
                    for (of, column) in columns {
                        if kind.is_none_or(|kind| kind == *of) {
                            clauses.push(format!("REPLACE({column}, {piece}, '') <> {column}"));
                        }
                    }
                }
                if clauses.is_empty() { "FALSE".to_owned() } else { format!("({})", clauses.join(" OR ")) }
            }
        }
    }
}

fn join(filters: &[TagFilter], word: &str, columns: &[(TagKind, &'static str)], conditions: &mut Conditions) -> String {
    let clauses: Vec<String> = filters.iter().map(|filter| filter.clause(columns, conditions)).collect();
    format!("({})", clauses.join(word))
}
