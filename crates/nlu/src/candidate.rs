//! What an expert says about a message.

use std::ops::Range;

/// What a message may mean. The numbers are places in the lists of [`definition::nlp::NlpData`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// An intent.
    Intent(usize),
    /// A question with an answer.
    Faq(usize),
    /// Small talk.
    SmallTalk(usize),
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Expert {
    /// Names, patterns and rules ("fundamental meaning", `fm` on the wire).
    Rule,
    /// What was learned from utterances (`ml`).
    Ml,
    /// Questions and the knowledge graph (`faq`).
    Faq,
    /// Small talk (`smallTalk`).
    SmallTalk,
}

/// How sure an expert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// Worth a question back ("did you mean"), not more.
    Low,
    /// Likely; others may be likelier.
    Probable,
    /// Without doubt.
    Definitive,
}

/// Why.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A pattern matched: the pattern as written, and how many words its wildcards passed over.
    Pattern {
        /// As written.
        pattern: String,
        /// Words that wildcards and gaps passed over.
        skipped: usize,
    },
    /// The name of the task was said, or part of it.
    Name {
        /// The words of the name that were said, as the message has them.
        words: Vec<String>,
        /// The share of the name that was said, 0 to 1.
        coverage: f32,
        /// Words of the name that were said by a synonym: the word of the message, then that of the name.
        synonyms: Vec<(String, String)>,
        /// The whole name stands in the message word for word.
        spelled: bool,
    },
    /// The message is a training utterance, or nearly (`likeness` 0 to 1).
    Utterance {
        /// The training utterance.
        utterance: String,
        /// 1 is the same.
        likeness: f32,
    },
    /// Traits of the message fit a rule.
    Traits(Vec<String>),
    /// The classifier says so, with this probability.
    Learned(f32),
    /// What the app says of the task fits these words of the message; `named` where they are all of its name.
    Described {
        /// The words, as the message has them.
        words: Vec<String>,
        /// Whether its whole name was said.
        named: bool,
    },
    /// A question is like it (`likeness` 0 to 1), and this share of its path was said.
    Question {
        /// The question or alternate that fits best.
        question: String,
        /// 1 is the same.
        likeness: f32,
        /// Share of the path, 0 to 1.
        coverage: f32,
    },
}

/// One thing a message may mean, in the opinion of one expert.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What.
    pub target: Target,
    /// Who says so.
    pub expert: Expert,
    /// How sure.
    pub certainty: Certainty,
    /// Score, 0 to 1, comparable within one expert.
    pub score: f32,
    /// Why.
    pub reason: Reason,
    /// The words it rests on, in bytes of the message; empty where it rests on all of it.
    pub range: Range<usize>,
}
