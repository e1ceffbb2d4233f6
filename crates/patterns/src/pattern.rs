//! A pattern that was read.

use crate::concepts::Concepts;
use crate::error::Error;
use crate::matcher::{Match, Matcher, Options};
use crate::node::{self, Node};
use crate::parse;
use crate::word::Word;

/// A pattern, ready to be looked for. Parse once, find often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub(crate) root: Node,
    pub(crate) captures: usize,
    strays: Vec<Stray>,
}

/// A closing bracket that nothing opened; the parser passed it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Where it stands, in characters from 0.
    pub position: usize,
    /// The bracket.
    pub bracket: &'static str,
}

impl Pattern {
    /// Most levels of groups inside groups.
    pub const MAX_DEPTH: usize = 32;
    /// Most words, operators and groups of one pattern.
    pub const MAX_ELEMENTS: usize = 512;

    /// Reads a pattern. HTML entities must be resolved before (`&lt;` is not `<`). `stem` gives the canonical form of a
    /// lower-case word and must be the one the message's words are made with.
    ///
    /// # Errors
    ///
    /// The first thing that cannot be read, with its position.
    pub fn parse(text: &str, stem: &dyn Fn(&str) -> String) -> Result<Self, Error> {
        let parsed = parse::parse(text, stem, true)?;
        let mut root = parsed.root;
        node::widen_leading_negations(&mut root);
        node::stretch_trailing_wildcards(&mut root);
        Ok(Self { root, captures: parsed.captures, strays: parsed.strays })
    }

    /// Closing brackets without an opening one, passed over by the parser; worth a warning to the author.
    pub fn strays(&self) -> &[Stray] {
        &self.strays
    }

    /// Names of the concepts the pattern speaks of (lower case, without `~`), each once, in order.
    pub fn concepts(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.root.collect_concepts(&mut names);
        names
    }

    /// The first match in a message; [`Matcher::find`] for several patterns on one message.
    pub fn find(&self, words: &[Word], concepts: &Concepts, options: Options) -> Option<Match> {
        Matcher::new(words, concepts, options).find(self)
    }
}
