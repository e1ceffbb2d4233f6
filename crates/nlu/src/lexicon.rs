//! The words of a bot: how a message becomes words that the experts compare.

mod emoji;
mod english;
mod familiar;
mod spelling;
mod substitutions;
mod synonyms;
mod verbatim;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use definition::nlp::NlpData;
use entities::words::pattern_words;
use patterns::{Concepts, Error, Pattern, Word};

pub(crate) use self::familiar::Familiar;
use self::spelling::Speller;
use self::substitutions::Substitutions;
pub use self::synonyms::Meaning;
use self::synonyms::Synonyms;
use crate::function_words;
use crate::text::{Language, Token, is_unspaced};

/// The words of a bot in one language.
pub struct Lexicon {
    language: Language,
    concepts: Concepts,
    function_words: HashSet<&'static str>,
    /// Base forms of irregular words; empty but for English.
    base_forms: HashMap<&'static str, &'static str>,
    substitutions: Substitutions,
    synonyms: Synonyms,
    speller: Speller,
    /// Fingerprints of what users say by the bot's own account: names of tasks, training phrases, questions, small talk.
    phrases: HashSet<u64>,
}

/// A message as words.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What was said, unchanged. All places count in its bytes.
    pub text: String,
    /// Its words and marks, misspelt ones with the form and stem of the word that was meant.
    pub tokens: Vec<Token>,
    /// The same as the pattern language wants them; one for one with `tokens`.
    pub words: Vec<Word>,
    /// What was taken for misspelt, in the order of their places.
    pub corrections: Vec<Correction>,
}

/// A word that was taken for misspelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Where it stands, in bytes of the message.
    pub range: Range<usize>,
    /// What was meant, in lower case.
    pub meant: String,
}

impl Message {
    /// What was said, with the words that were meant in the place of misspelt ones.
    pub fn as_meant(&self) -> Cow<'_, str> {
        let mut meant = String::new();
        let mut end = 0;
        for correction in &self.corrections {
            meant.push_str(&self.text[end..correction.range.start]);
            meant.push_str(&correction.meant);
            end = correction.range.end;
        }
        if end == 0 {
            return Cow::Borrowed(&self.text);
        }
        meant.push_str(&self.text[end..]);
        Cow::Owned(meant)
    }

    /// From the first to the last word, in bytes; empty where there is none.
    pub fn extent(&self) -> Range<usize> {
        let mut words = self.tokens.iter().filter(|token| token.is_word());
        match words.next() {
            Some(first) => first.start..words.next_back().unwrap_or(first).end,
            None => 0..0,
        }
    }

    /// The bytes that some tokens take.
    pub fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        match self.tokens.get(tokens.clone()) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.start..only.end,
            _ => 0..0,
        }
    }
}

/// What users say by the bot's own account.
fn phrases(data: &NlpData) -> impl Iterator<Item = &str> {
    let intents = data.intents.iter().flat_map(|intent| {
        let said = intent.utterances.iter().map(|utterance| utterance.text.as_str());
        [intent.label.as_str(), intent.dialog_name.as_str()].into_iter().chain(said)
    });
    let faqs = data.faqs.iter().flat_map(|faq| std::iter::once(&faq.question).chain(&faq.alternates));
    let talk = data.small_talk.iter().flat_map(|talk| talk.utterances.iter().map(String::as_str));
    intents.chain(faqs.map(|phrasing| phrasing.text.as_str())).chain(talk).filter(|phrase| !phrase.is_empty())
}

/// A number that texts of the same words share.
fn fingerprint(language: &Language, text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for token in language.tokens(text).iter().filter(|token| token.is_word()) {
        token.lower.hash(&mut hasher);
    }
    hasher.finish()
}

impl Lexicon {
    /// Collects the words of a bot.
    pub fn new(data: &NlpData) -> Self {
        let language = Language::of(&data.language);
        let is_english = language.code() == "en";
        let base_forms = if is_english { english::base_forms() } else { HashMap::new() };
        let stem = |word: &str| canonical(&language, &base_forms, word);
        let forms = |member: &String| {
            let plain = plain_pattern(is_english, member).into_owned();
            // As written, too: entities look for concepts in texts whose contractions are not expanded.
            let written = (plain != *member).then(|| member.clone());
            [Some(plain), emoji::spelt_out(member), written].into_iter().flatten()
        };
        let lists: Vec<(&str, Vec<String>)> = data
            .concepts
            .iter()
            .map(|(name, members)| (name.as_str(), members.iter().flat_map(forms).collect()))
            .collect();
        let borrowed = lists.iter().map(|(name, members)| (*name, members.iter().map(String::as_str).collect()));
        let concepts = Concepts::new(borrowed, &stem);
        let function_words: HashSet<&'static str> =
            function_words::of(language.code()).split(' ').filter(|word| !word.is_empty()).collect();
        let substitutions = Substitutions::new(data, &language);
        let synonyms = Synonyms::new(data, &language, &concepts, &stem);
        let speller = Speller::new(data, &language);
        let phrases = phrases(data).map(|phrase| fingerprint(&language, phrase)).collect();
        Self { language, concepts, function_words, base_forms, substitutions, synonyms, speller, phrases }
    }

    /// Whether a text is, but for case and marks, something that users say by the bot's own account.
    pub fn has_phrase(&self, text: &str) -> bool {
        self.phrases.contains(&fingerprint(&self.language, text))
    }

    /// What is particular about the language.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The named word lists.
    pub fn concepts(&self) -> &Concepts {
        &self.concepts
    }

    /// The form in which rules compare a lower-case word: its stem, of an irregular word that of its base form ("is" is
    /// "be").
    pub fn canonical(&self, word: &str) -> String {
        canonical(&self.language, &self.base_forms, word)
    }

    /// Reads a pattern in the way messages are read, contractions expanded.
    ///
    /// # Errors
    /// The pattern cannot be read. The position is that in `text`.
    pub fn pattern(&self, text: &str) -> Result<Pattern, Error> {
        let stem = |word: &str| self.canonical(word);
        Pattern::parse(&plain_pattern(self.language.code() == "en", text), &stem)
            .or_else(|_| Pattern::parse(text, &stem))
    }

    /// Whether a lower-case word carries little meaning (`the`, `please`).
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }

    /// Whether a lower-case word is one of every day, as far as they are known, or one of the bot's own texts.
    pub fn is_every_day(&self, word: &str) -> bool {
        let stem = self.language.stem(word);
        self.is_function_word(word)
            || self.speller.knows(word, &stem)
            // English is mixed into most other languages.
            || english::is_common(word, &stem)
    }

    /// The share of the words of a message that the bot's own texts, or the function words of the language, have: how much
    /// the message looks like this language. 0 for a message without words.
    pub fn familiarity(&self, text: &str) -> f32 {
        let tokens = self.language.tokens(text);
        let words: Vec<&Token> = tokens.iter().filter(|token| token.is_word()).collect();
        let known = words
            .iter()
            .filter(|it| self.is_function_word(&it.lower) || self.speller.knows(&it.lower, &it.stem))
            .count();
        known as f32 / words.len().max(1) as f32
    }

    /// Whether a word is a run of letters that the language does not set apart; of its words nothing is known.
    pub(crate) fn is_cut(&self, token: &Token) -> bool {
        matches!(self.language.code(), "ja" | "zh" | "ko" | "th" | "lo" | "km" | "my")
            && token.lower.chars().any(is_unspaced)
    }

    /// Whether intents are written with a word.
    fn is_of_intents(&self, token: &Token) -> bool {
        self.speller.is_of_intents(&token.stem) || self.is_cut(token)
    }

    /// How many words of a message carry meaning and are words that intents are written with.
    pub fn telling_words(&self, message: &Message) -> usize {
        let words = message.tokens.iter().filter(|token| token.is_word());
        let carries = |lower: &str| !self.is_function_word(lower) && !crate::described::says_nothing(lower);
        words.filter(|token| carries(&token.lower) && self.is_of_intents(token)).count()
    }

    /// The bot synonyms in a message: which words stand for which term.
    pub fn meanings(&self, message: &Message) -> Vec<Meaning<'_>> {
        self.synonyms.find(message, &self.concepts)
    }

    /// Reads a message.
    pub fn read(&self, text: &str) -> Message {
        self.read_with_values(text, &[])
    }

    /// The same, where it is known what of the message are values of entities: those are never misspelt words.
    pub(crate) fn read_with_values(&self, text: &str, values: &[Range<usize>]) -> Message {
        let mut tokens = self.substitutions.apply(&self.language, self.language.tokens(text));
        let mut corrections = Vec::new();
        for at in 0..tokens.len() {
            let token = &tokens[at];
            let range = token.start..token.end;
            let is_value = values.iter().any(|value| value.start < range.end && range.start < value.end);
            if is_value || !token.is_word() || self.is_function_word(&token.lower) {
                continue;
            }
            let Some(meant) = self.speller.correct(&self.language, token) else { continue };
            if verbatim::stands_for_itself(&self.language, text, &tokens, at) {
                continue;
            }
            meant.clone_into(&mut tokens[at].lower);
            tokens[at].stem = self.language.stem(meant).into_owned();
            corrections.push(Correction { range, meant: meant.to_owned() });
        }
        let mut words = pattern_words(&tokens);
        for word in &mut words {
            if let Some(base) = self.base_forms.get(word.lower.as_str()) {
                word.stem = self.language.stem(base).into_owned();
            }
            if let Cow::Owned(plain) = emoji::plain(&word.lower) {
                word.lower = plain;
            }
        }
        Message { text: text.to_owned(), tokens, words, corrections }
    }
}

fn canonical(language: &Language, base_forms: &HashMap<&str, &str>, word: &str) -> String {
    language.stem(base_forms.get(word).copied().unwrap_or(word)).into_owned()
}

/// A pattern or a member of a word list as messages are read.
fn plain_pattern(is_english: bool, text: &str) -> Cow<'_, str> {
    let text = emoji::plain(text);
    if is_english { Cow::Owned(substitutions::expanded_in(&text)) } else { text }
}
