//! Tasks found by what their app says of them: names, descriptions, choices, utterances (export-format-xo11.md §6.4). For
//! apps whose platform leaves this to a language model, where the experts found nothing.
//!
//! A task is a document of words, and most tasks do one thing with something: they make it, change it, show it or call it
//! off. Who names the thing and another thing to do with it does not mean the task, however many words they share. Who
//! says every word of a name means that task; else the task whose words fit best is taken, if it fits clearly better than
//! the next. Rather nothing is found than a wrong task.

use std::collections::{BTreeSet, HashMap};

use definition::nlp::{Intent, NlpData};

use crate::lexicon::{Lexicon, Message};

/// What the words of a message say about tasks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Described {
    /// Place of the intent.
    pub(crate) intent: usize,
    /// How well it fits; comparable within one message.
    pub(crate) score: f32,
    /// The words that speak for it, as the message has them.
    pub(crate) words: Vec<String>,
    /// Every word of its name is said.
    pub(crate) is_named: bool,
}

/// Tasks as documents.
pub(crate) struct Expert {
    documents: Vec<Document>,
    /// In how many documents a term stands.
    frequencies: HashMap<String, f32>,
    /// The heads (numbered lists of synonyms) of a stem.
    heads: HashMap<String, Vec<usize>>,
    is_english: bool,
}

struct Document {
    intent: usize,
    /// The content words of each name.
    names: Vec<Vec<String>>,
    /// All words of each name.
    whole_names: Vec<Vec<String>>,
    /// Weight of each term.
    terms: HashMap<String, f32>,
    /// Terms of its names, choices and sentences: what it is about for sure.
    telling: BTreeSet<String>,
    /// What the task does, where its name or its description says so.
    action: Option<Action>,
}

/// What is done with something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Make,
    Change,
    Show,
    CallOff,
}

/// How much of what was said a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// All of it.
    Whole,
    /// A part between others, which may only tell why.
    Part,
}

/// A word of a message.
struct Spoken {
    stem: String,
    /// As the message has it.
    surface: String,
}

/// The best task has to fit this much better than the next.
const LEAD: f32 = 1.3;
/// A task that fits less is not meant.
const FLOOR: f32 = 0.6;
/// How much the words of a name, of an utterance, of what is asked for, and of anything else weigh.
const NAME: f32 = 3.0;
const UTTERANCE: f32 = 2.0;
const ASKED: f32 = 0.5;
const OTHER: f32 = 1.0;
/// Where the weight of a term is half of what it can be.
const SATURATION: f32 = 1.2;

/// What is done, in English: base forms.
const ACTIONS: [(Action, &[&str]); 4] = [
    (Action::Make, &["book", "reserve", "schedule", "arrange", "make", "buy", "purchase", "order", "create", "set"]),
    (
        Action::Change,
        &[
            "change",
            "modify",
            "reschedule",
            "update",
            "edit",
            "alter",
            "move",
            "postpone",
            "switch",
            "push",
            "shift",
            "correct",
            "fix",
            "adjust",
            "amend",
            "delay",
            "rebook",
        ],
    ),
    (
        Action::Show,
        &[
            "show", "view", "check", "find", "retrieve", "fetch", "display", "lookup", "look", "tell", "remind",
            "lose", "forget",
        ],
    ),
    (Action::CallOff, &["cancel", "delete", "remove", "drop", "withdraw", "call", "scrap"]),
];

/// Things that go by several names, beside the bot's own synonyms. English.
const THINGS: [&[&str]; 4] = [
    &["detail", "information", "info", "status"],
    &["booking", "reservation"],
    &["appointment", "visit", "consultation", "meeting", "checkup", "slot"],
    &["flight", "fly", "plane", "airplane", "ticket", "seat"],
];

impl Expert {
    /// Reads the tasks of an app; nothing where they are not found this way.
    pub(crate) fn new(data: &NlpData, lexicon: &Lexicon) -> Option<Self> {
        if !data.settings.by_description {
            return None;
        }
        let is_english = lexicon.language().code() == "en";
        let mut groups: Vec<Vec<String>> = Vec::new();
        if is_english {
            let own = ACTIONS.iter().map(|(_, words)| *words).chain(THINGS);
            groups.extend(own.map(|group| group.iter().map(|word| (*word).to_owned()).collect()));
        }
        for (term, words) in &data.synonyms {
            groups.push(std::iter::once(term).chain(words).cloned().collect());
        }
        let mut heads: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, group) in groups.iter().enumerate() {
            for word in group {
                let mut tokens = lexicon.language().tokens(word).into_iter().filter(|token| token.is_word());
                // Of several words none stands for all of them.
                if let (Some(only), None) = (tokens.next(), tokens.next()) {
                    let numbers = heads.entry(stem_of(lexicon, &only.lower)).or_default();
                    if numbers.last() != Some(&number) {
                        numbers.push(number);
                    }
                }
            }
        }
        let mut expert = Self { documents: Vec::new(), frequencies: HashMap::new(), heads, is_english };
        for (at, intent) in data.intents.iter().enumerate() {
            if intent.scopes.is_empty() && !intent.internal && !intent.follow_up {
                expert.documents.push(expert.document(at, intent, lexicon));
            }
        }
        for document in &expert.documents {
            for term in document.terms.keys() {
                *expert.frequencies.entry(term.clone()).or_default() += 1.0;
            }
        }
        Some(expert)
    }

    fn document(&self, at: usize, intent: &Intent, lexicon: &Lexicon) -> Document {
        let mut names: Vec<Vec<String>> = Vec::new();
        let mut whole_names: Vec<Vec<String>> = Vec::new();
        let mut terms: HashMap<String, f32> = HashMap::new();
        let mut add = |words: &[String], weight: f32| {
            for term in words.iter().flat_map(|word| self.terms_of(word)) {
                *terms.entry(term).or_default() += weight;
            }
        };
        for name in [&intent.label, &intent.dialog_name, &intent.name] {
            let words = content_words(&spaced(name), lexicon);
            if !words.is_empty() && !names.contains(&words) {
                names.push(words);
            }
            whole_names.push(stems(&spaced(name), lexicon));
        }
        for name in &names {
            add(name, NAME / names.len() as f32);
        }
        for other in intent.descriptions.iter().chain(&intent.choices) {
            add(&content_words(other, lexicon), OTHER);
        }
        for asked in &intent.asks {
            add(&content_words(&spaced(asked), lexicon), ASKED);
        }
        for utterance in &intent.utterances {
            add(&content_words(&utterance.text, lexicon), UTTERANCE / intent.utterances.len() as f32);
        }
        let told = [&intent.label, &intent.dialog_name, &intent.name].into_iter().chain(&intent.descriptions);
        let action = told.into_iter().find_map(|text| self.action_of(&stems(&spaced(text), lexicon)));
        let sure = names.iter().flatten().cloned();
        let said = intent.choices.iter().chain(intent.utterances.iter().map(|utterance| &utterance.text));
        let telling = sure.chain(said.flat_map(|text| content_words(text, lexicon)));
        let telling = telling.flat_map(|word| self.terms_of(&word)).collect();
        Document { intent: at, names, whole_names, terms, telling, action }
    }

    /// A word and the heads it stands under, as terms.
    fn terms_of(&self, stem: &str) -> Vec<String> {
        let heads = self.heads.get(stem).into_iter().flatten().map(|number| format!("#{number}"));
        std::iter::once(stem.to_owned()).chain(heads).collect()
    }

    /// What the first of some words that does something does. "get" does it only in names: who wants to get something has
    /// many ways to.
    fn action_of(&self, stems: &[String]) -> Option<Action> {
        stems.iter().find_map(|stem| if stem == "get" { Some(Action::Show) } else { self.action(stem) })
    }

    fn action(&self, stem: &str) -> Option<Action> {
        let numbers = self.heads.get(stem).filter(|_| self.is_english)?;
        numbers.iter().find_map(|number| ACTIONS.get(*number).map(|(action, _)| *action))
    }

    /// The tasks that a message means, as far as their words say so: one, several alike, or none.
    pub(crate) fn find(&self, lexicon: &Lexicon, message: &Message, extent: Said) -> Vec<Described> {
        let (mut action, said) = self.wanted(lexicon, message, extent);
        if said.is_empty() {
            return Vec::new();
        }
        let asks = self.is_english && message.tokens.iter().any(|token| QUESTION_WORDS.contains(&token.lower.as_str()));
        if action.is_none() && extent == Said::Part {
            return Vec::new();
        }
        let is_bare = said.len() == 1 && !wants(message);
        if action.is_none() && self.is_english && !asks && !is_own(message) && !is_bare {
            // Who asks for a thing and does not say what is to be done with it wants one. Who only names it, or has one, may
            // want anything.
            action = Some(Action::Make);
        } else if action.is_none() && asks && said.iter().all(|word| self.is_known(&word.stem)) {
            // Who asks about a thing of their own wants to be shown it.
            action = is_own(message).then_some(Action::Show);
        }
        let all: Vec<String> =
            message.tokens.iter().filter(|token| token.is_word()).map(|it| stem_of(lexicon, &it.lower)).collect();
        let mut named: Vec<(usize, Described)> = Vec::new();
        let mut fitting: Vec<Described> = Vec::new();
        for document in &self.documents {
            // Whoever wants something else done does not mean it, unless they say its very name; what is done may also be
            // one of its choices.
            let is_whole = |name: &Vec<String>| name.len() > 1 && name.iter().all(|word| all.contains(word));
            let is_said_whole = document.whole_names.iter().any(is_whole);
            let disagrees = match (document.action, action) {
                (Some(does), Some(wanted)) if !is_said_whole => does != wanted && !self.has_action(document, wanted),
                _ => false,
            };
            if disagrees {
                continue;
            }
            let covered = |name: &&Vec<String>| name.len() > 1 && name.iter().all(|word| self.is_said(word, &said));
            if let Some(name) = document.names.iter().filter(covered).max_by_key(|name| name.len()) {
                named.push((name.len(), self.judge(document, &said, action, true)));
                continue;
            }
            let judged = self.judge(document, &said, action, false);
            // One word among others may just happen to be there.
            let rests_on_things = self.rests_on_things(document, &said);
            let is_chance = judged.words.len() == 1 && said.len() > 1 && action != document.action;
            if judged.score >= FLOOR
                && !judged.words.is_empty()
                && !is_chance
                && rests_on_things
                && self.is_telling(document, &said, action)
            {
                fitting.push(judged);
            }
        }
        // The longest name that is said is meant; several of one length are asked about.
        if let Some(longest) = named.iter().map(|(length, _)| *length).max() {
            return named.into_iter().filter(|(length, _)| *length == longest).map(|(_, it)| it).collect();
        }
        fitting.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.intent.cmp(&b.intent)));
        let Some(best) = fitting.first().map(|best| best.score) else { return fitting };
        // Of what has a thing that was only named, any may be meant.
        let any = self.is_english && is_bare && action.is_none();
        fitting.retain(|it| any || it.score * LEAD >= best);
        fitting
    }

    /// What a message wants done, and its words that carry meaning.
    fn wanted(&self, lexicon: &Lexicon, message: &Message, extent: Said) -> (Option<Action>, Vec<Spoken>) {
        let mut said: Vec<Spoken> = Vec::new();
        let (mut wanted, mut is_vague, mut done) = (None, false, None);
        for token in message.tokens.iter().filter(|token| token.is_word()) {
            let stem = stem_of(lexicon, &token.lower);
            let does = self.action(&stem);
            match does {
                // "the flight I booked" tells which flight; "have it corrected" what is wanted.
                Some(action) if token.lower.ends_with("ed") => {
                    done = done.or_else(|| Some(action).filter(|it| *it != Action::Make));
                    continue;
                }
                // The first thing is what is wanted; "I can't make it" wants nothing made.
                Some(action) if wanted.is_none() || is_vague => {
                    is_vague = VAGUE.contains(&token.lower.as_str());
                    wanted = Some(action);
                }
                Some(_) => continue,
                None => {}
            }
            if does.is_some() || !is_empty_word(lexicon, &token.lower) {
                said.push(Spoken { stem, surface: token.surface.clone() });
            }
        }
        let vague = wanted.filter(|_| is_vague && extent == Said::Whole);
        let wanted = if is_vague { done.or(vague) } else { wanted.or(done) };
        (wanted, said)
    }

    /// Whether any task has a word, or one for the same.
    fn is_known(&self, stem: &str) -> bool {
        self.terms_of(stem).iter().any(|term| self.frequencies.contains_key(term))
    }

    fn has_action(&self, document: &Document, action: Action) -> bool {
        let number = ACTIONS.iter().position(|(other, _)| *other == action);
        number.is_some_and(|number| document.terms.contains_key(&format!("#{number}")))
    }

    /// Whether a word, or one that asks for the same, is said.
    fn is_said(&self, word: &str, said: &[Spoken]) -> bool {
        let wanted: BTreeSet<String> = self.terms_of(word).into_iter().collect();
        said.iter().any(|word| self.terms_of(&word.stem).iter().any(|term| wanted.contains(term)))
    }

    /// Whether a word is said that at most half of the tasks have; what is done counts as one.
    fn is_telling(&self, document: &Document, said: &[Spoken], action: Option<Action>) -> bool {
        let half = (self.documents.len() as f32 / 2.0).max(1.0);
        let is_rare = |term: &String| self.frequencies.get(term).is_some_and(|count| *count <= half);
        let tells =
            |word: &Spoken| self.terms_of(&word.stem).iter().any(|it| document.terms.contains_key(it) && is_rare(it));
        said.iter().any(tells) || (document.action.is_some() && document.action == action)
    }

    /// Whether a thing is said that the name, the choices or the sentences of a task are about, or several that its
    /// descriptions are about: a single word of a description is nothing to go by.
    fn rests_on_things(&self, document: &Document, said: &[Spoken]) -> bool {
        let mut described = BTreeSet::new();
        for word in said.iter().filter(|word| self.action(&word.stem).is_none()) {
            let terms = self.terms_of(&word.stem);
            if terms.iter().any(|term| document.telling.contains(term)) {
                return true;
            }
            if terms.iter().any(|term| document.terms.contains_key(term)) {
                described.insert(&word.stem);
            }
        }
        described.len() > 1
    }

    /// How well the words of a message fit a task.
    fn judge(&self, document: &Document, said: &[Spoken], action: Option<Action>, is_named: bool) -> Described {
        let count = self.documents.len() as f32;
        let mut score = 0.0;
        let mut words = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for word in said {
            if !seen.insert(&word.stem) {
                continue;
            }
            let terms = self.terms_of(&word.stem);
            let gains = terms.iter().filter_map(|term| {
                let weight = document.terms.get(term)?;
                let frequency = self.frequencies.get(term)?;
                // 1 for a word of one task alone, about a half for one that all have: apps have few tasks.
                let rarity = (1.0 + count / frequency).ln() / (1.0 + count).ln();
                Some(rarity * weight / (weight + SATURATION))
            });
            let best = gains.fold(0.0_f32, f32::max);
            if best > 0.0 {
                score += best;
                words.push(word.surface.clone());
            }
        }
        if document.action.is_some() && document.action == action && !words.is_empty() {
            score += 0.5;
        }
        Described { intent: document.intent, score, words, is_named }
    }
}

/// Words that do something only where no other word does.
const VAGUE: [&str; 6] = ["make", "set", "order", "call", "look", "forget"];

/// Words that ask about something.
const QUESTION_WORDS: [&str; 8] = ["when", "what", "which", "where", "who", "how", "why", "does"];

/// Whether a message is about something of the user's own.
fn is_own(message: &Message) -> bool {
    let has = |words: &[&str]| message.tokens.iter().any(|token| words.contains(&token.lower.as_str()));
    has(&["my", "mine"]) || (has(&["i"]) && has(&["have", "did"]) && has(&QUESTION_WORDS))
}

/// Whether a message says that something is wanted.
fn wants(message: &Message) -> bool {
    let words = ["want", "need", "like", "looking", "get", "please", "would", "require"];
    message.tokens.iter().any(|token| words.contains(&token.lower.as_str()))
}

/// The stems of the words of a text that carry meaning.
fn content_words(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let tokens = lexicon.language().tokens(text).into_iter().filter(|token| token.is_word());
    tokens.filter(|it| !is_empty_word(lexicon, &it.lower)).map(|it| stem_of(lexicon, &it.lower)).collect()
}

/// The stems of all words of a text.
fn stems(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let tokens = lexicon.language().tokens(text).into_iter().filter(|token| token.is_word());
    tokens.map(|it| stem_of(lexicon, &it.lower)).collect()
}

/// The stem of a word; a booking is a thing, and to book is to make one.
fn stem_of(lexicon: &Lexicon, lower: &str) -> String {
    match lower {
        "booking" | "bookings" => "booking".to_owned(),
        "reservation" | "reservations" => "reservation".to_owned(),
        _ => lexicon.canonical(lower),
    }
}

/// "show" does something here, though it is an empty word in a question.
fn is_empty_word(lexicon: &Lexicon, word: &str) -> bool {
    (lexicon.is_function_word(word) && word != "show") || says_nothing(word)
}

/// Words that any sentence to a bot may have, whatever it is about.
pub(crate) fn says_nothing(word: &str) -> bool {
    ["help", "assist", "assistance", "support", "need", "want", "all"].contains(&word)
}

/// Names of components as words.
fn spaced(name: &str) -> String {
    crate::rule::names::spaced(name)
}
