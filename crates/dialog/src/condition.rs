//! Transitions and their conditions (conversation.md §5).

/// A way out of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// When it is taken; `None` is the default.
    pub condition: Option<Condition>,
    /// Where it leads: a node; `None` ends the dialog.
    pub target: Option<String>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A value in the context.
    Value {
        /// What is looked at.
        left: Left,
        /// How it is compared.
        op: Operator,
        /// With what: a text, or a path (`context.…`, `env.…`, `content.…`), or a text with templates.
        right: crate::bot::Text,
    },
    /// The answer to a confirmation.
    Answer {
        /// Yes, else no.
        yes: bool,
    },
    /// The sub-intent that was said, by `nodeId`; one without a name is never met.
    Intent(String),
    /// All of these.
    All(Vec<Condition>),
    /// Any of these.
    Any(Vec<Condition>),
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Left {
    /// The value of an entity, by its name; the second place is the store id of the component.
    Entity(String, String),
    /// A path in the context, as written.
    Path(String),
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// There is one.
    Exists,
    /// There is none.
    Missing,
    /// They are equal.
    Equal,
    /// They are not.
    NotEqual,
    /// It is greater.
    Greater,
    /// It is greater or equal.
    GreaterOrEqual,
    /// It is less.
    Less,
    /// It is less or equal.
    LessOrEqual,
    /// It holds the other.
    Contains,
}
