//! The words of a list, so arranged that a text touches only the items it shares words with.

use std::collections::{BTreeSet, HashMap};

use crate::stop::is_small;
use crate::text::{Language, Token};

/// Words of a name that are compared one after the other; longer names are known as written, and by single words.
const LONGEST_NAME: usize = 64;

/// How much of a name has to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// Any word that carries meaning.
    Any,
    /// All words.
    All,
    /// All words and nothing else.
    Whole,
}

/// One way to name an item.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub item: usize,
    pub need: Need,
    /// How many different words of it carry meaning.
    pub weight: usize,
    /// How many words it has.
    pub length: usize,
}

/// All ways to name all items.
#[derive(Default)]
pub(super) struct Index {
    pub forms: Vec<Form>,
    /// Numbers of the words: stems, and with `'` before them words that stand as they are.
    words: HashMap<String, u32>,
    /// For each word the forms in which it carries meaning.
    postings: Vec<Vec<usize>>,
    /// From a node by a word to the next; 0 is the root.
    ways: HashMap<(u32, u32), u32>,
    /// For each node the forms that end there.
    ends: Vec<Vec<usize>>,
    /// Items by a whole name as it is written, lower case.
    pub written: HashMap<String, Vec<usize>>,
    /// Every word of the list in lower case, for spelling, in order.
    pub dictionary: BTreeSet<String>,
}

/// Which words have no stem and which do not count.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub language: &'a Language,
    pub ignored: &'a [String],
    pub unstemmed: &'a [String],
    pub no_stems: bool,
}

impl Reading<'_> {
    pub(super) fn is_small(&self, token: &Token) -> bool {
        self.ignored.contains(&token.lower)
            || is_small(self.language.code(), &token.lower)
                && !(token.surface.len() == 1 && token.surface != token.lower && token.surface != "I")
    }

    fn key(&self, token: &Token, exact: bool) -> String {
        if exact || self.no_stems || self.unstemmed.contains(&token.lower) {
            format!("'{}", token.lower)
        } else {
            token.stem.clone()
        }
    }
}

/// Words, numbers and emoji; not punctuation.
pub(super) fn counts(token: &Token) -> bool {
    token.is_word()
        || token.lower.chars().any(|c| !c.is_ascii() && !matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'))
}

/// A text as it is compared when it is compared as a whole.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Index {
    pub(super) fn add(&mut self, item: usize, name: &str, reading: Reading<'_>) {
        let (name, need) = unwrapped(name.trim());
        let (name, exact) = name.strip_prefix('\'').map_or((name, false), |rest| (rest, true));
        let name = name.trim();
        if name.is_empty() {
            return;
        }
        let items = self.written.entry(folded(name)).or_default();
        if items.last() != Some(&item) {
            items.push(item);
        }
        let tokens: Vec<Token> = reading.language.tokens(name).into_iter().filter(counts).collect();
        if tokens.is_empty() {
            return;
        }
        let number = self.forms.len();
        let mut node = 0;
        let mut carrying = BTreeSet::new();
        for token in &tokens {
            let word = self.number(reading.key(token, exact));
            if !reading.is_small(token) {
                carrying.insert(word);
            }
            if !token.lower.chars().any(char::is_numeric) {
                self.dictionary.insert(token.lower.clone());
            }
            node = self.step(node, word);
        }
        self.ends[node as usize].push(number);
        for word in &carrying {
            self.postings[*word as usize].push(number);
        }
        self.forms.push(Form { item, need, weight: carrying.len(), length: tokens.len() });
    }

    fn number(&mut self, word: String) -> u32 {
        let next = self.words.len() as u32;
        let number = *self.words.entry(word).or_insert(next);
        if number == next {
            self.postings.push(Vec::new());
        }
        number
    }

    fn step(&mut self, node: u32, word: u32) -> u32 {
        if self.ends.is_empty() {
            self.ends.push(Vec::new());
        }
        let next = self.ends.len() as u32;
        let to = *self.ways.entry((node, word)).or_insert(next);
        if to == next {
            self.ends.push(Vec::new());
        }
        to
    }

    /// The numbers a word of a text has in the list: by its stem and as it stands.
    pub(super) fn numbers_of(&self, lower: &str, stem: &str) -> Vec<u32> {
        [self.words.get(stem), self.words.get(format!("'{lower}").as_str())].into_iter().flatten().copied().collect()
    }

    pub(super) fn forms_with(&self, word: u32) -> &[usize] {
        &self.postings[word as usize]
    }

    /// The forms that stand at the beginning of some words, with their lengths; shortest first.
    pub(super) fn standing(&self, words: &[Vec<u32>], found: &mut dyn FnMut(usize, usize)) {
        let mut nodes = vec![0];
        let words = &words[..words.len().min(LONGEST_NAME)];
        for (place, numbers) in words.iter().enumerate() {
            let mut next = Vec::new();
            for node in &nodes {
                next.extend(numbers.iter().filter_map(|word| self.ways.get(&(*node, *word)).copied()));
            }
            next.sort_unstable();
            next.dedup();
            for node in &next {
                for form in &self.ends[*node as usize] {
                    found(*form, place + 1);
                }
            }
            if next.is_empty() {
                return;
            }
            nodes = next;
        }
    }
}

/// Takes `"…"` and `<…>` off a name.
fn unwrapped(name: &str) -> (&str, Need) {
    if let Some(inner) = name.strip_prefix('<') {
        return (inner.strip_suffix('>').unwrap_or(inner).trim().trim_matches('"'), Need::Whole);
    }
    let quoted = [('"', '"'), ('“', '”')];
    for (open, close) in quoted {
        if let Some(inner) = name.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return (inner, Need::All);
        }
    }
    (name, Need::Any)
}
