//! The knowledge expert: which question of the bot a message asks.
//!
//! A message is compared with every question and alternate by the words they share: telling words count more, function
//! words little, misspelt words and synonyms nearly as much as the word itself. Then the path counts: mandatory terms
//! must be said, and a share of the others.

mod path;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use definition::nlp::{FaqThresholds, NlpData};
use patterns::{Matcher, Options, Pattern};

use self::path::{Coverage, Graph, Path, has};
use self::vocabulary::{Slot, Vocabulary};
use crate::candidate::{Candidate, Certainty, Expert as Who, Reason, Target};
use crate::lexicon::{Lexicon, Message};

/// So many phrasings, the likest by their words, are looked at closely.
const CLOSE_LOOKS: usize = 64;
/// How alike a synonym is to its word.
const SYNONYM: f32 = 0.95;
/// The share of the likeness that rests on the order of the words.
const ORDER: f32 = 0.07;
/// What is left of the likeness where a word is missing, is too many, or stands elsewhere: a rewording of a question is
/// likely, not without doubt.
const REWORDED: f32 = 0.95;
/// Longest bot synonym in words.
const LONGEST_SYNONYM: usize = 4;

/// What of the conversation decides which questions can be found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    context_tags: BTreeSet<String>,
    traits: BTreeSet<String>,
}

impl State {
    /// The context tags that hold, and the traits of the message. Case does not count.
    pub fn new<'t>(context_tags: impl IntoIterator<Item = &'t str>, traits: impl IntoIterator<Item = &'t str>) -> Self {
        let lower = |text: &str| text.to_lowercase();
        Self {
            context_tags: context_tags.into_iter().map(lower).collect(),
            traits: traits.into_iter().map(lower).collect(),
        }
    }
}

/// A question that was looked at, for the trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Its place in [`NlpData::faqs`].
    pub faq: usize,
    /// The phrasing that fits best.
    pub question: String,
    /// Likeness, 0 to 1.
    pub likeness: f32,
    /// Share of the path that was said, 0 to 1.
    pub coverage: f32,
    /// Terms and tags of the path that were said.
    pub matched: Vec<String>,
    /// Mandatory terms that were not.
    pub missed_mandatory: Vec<String>,
    /// It can be the answer; else it was dropped for its path.
    pub qualifies: bool,
}

/// One way to ask, ready to be compared.
struct Asked {
    faq: usize,
    text: String,
    /// Its words, each once, in order.
    words: Vec<u32>,
    weight: f32,
    path: Path,
    pattern: Option<Pattern>,
}

/// The knowledge of a bot, ready to be asked.
pub struct Expert {
    thresholds: FaqThresholds,
    vocabulary: Vocabulary,
    asked: Vec<Asked>,
    /// Which phrasings have a word.
    index: Vec<Vec<u32>>,
    /// Phrasings by all their words.
    exact: HashMap<Vec<String>, Vec<u32>>,
    patterns: Vec<u32>,
    /// Bot synonyms: the words said, and the words meant.
    synonyms: HashMap<Vec<String>, Vec<u32>>,
}

impl Expert {
    /// Reads the questions of a bot.
    pub fn new(data: &NlpData, lexicon: &Lexicon) -> Self {
        let mut vocabulary = Vocabulary::new(lexicon.language());
        let read = |text: &str| vocabulary::words(&lexicon.read(text));
        let graph = Graph::new(&data.terms);
        let mut forms: HashMap<String, Vec<u32>> = HashMap::new();
        let mut exact: HashMap<Vec<String>, Vec<u32>> = HashMap::new();
        let (mut asked, mut patterns, mut found) = (Vec::new(), Vec::new(), Vec::<u32>::new());
        for (faq, entry) in data.faqs.iter().enumerate() {
            let mut of_faq = BTreeSet::new();
            for phrasing in [&entry.question].into_iter().chain(&entry.alternates) {
                let number = asked.len() as u32;
                let pattern = phrasing.is_pattern.then(|| lexicon.pattern(&phrasing.text).ok()).flatten();
                let mut words = Vec::new();
                if phrasing.is_pattern {
                    patterns.extend(pattern.is_some().then_some(number));
                } else {
                    let all = read(&phrasing.text);
                    let mut seen = HashSet::new();
                    words = all.iter().map(|word| vocabulary.number(word.clone())).collect();
                    words.retain(|word| seen.insert(*word));
                    of_faq.extend(words.iter().copied());
                    if !all.is_empty() {
                        exact.entry(all).or_default().push(number);
                    }
                }
                let path = Path::new(phrasing, &graph, &mut |text| {
                    let form = || read(text).into_iter().map(|word| vocabulary.number(word)).collect();
                    forms.entry(text.to_owned()).or_insert_with(form).clone()
                });
                asked.push(Asked { faq, text: phrasing.text.clone(), words, weight: 0.0, path, pattern });
            }
            found.resize(vocabulary.len(), 0);
            of_faq.iter().for_each(|word| found[*word as usize] += 1);
        }
        let mut synonyms = HashMap::new();
        if data.thresholds.faq.use_bot_synonyms {
            for (term, others) in &data.synonyms {
                let meant: Vec<u32> = read(term).into_iter().map(|word| vocabulary.number(word)).collect();
                for said in others.iter().map(|other| read(other)) {
                    if !meant.is_empty() && (1..=LONGEST_SYNONYM).contains(&said.len()) {
                        synonyms.entry(said).or_insert_with(|| meant.clone());
                    }
                }
            }
        }
        vocabulary.weigh(&found, data.faqs.len());
        let mut index: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.len()];
        for (one, number) in asked.iter_mut().zip(0_u32..) {
            one.weight = one.words.iter().map(|word| vocabulary.weight(*word)).sum();
            // A synonym of a term leads to the questions that have the term.
            let named = one.path.wanted.iter().filter(|wanted| wanted.forms[0].iter().any(|w| one.words.contains(w)));
            let others = named.flat_map(|wanted| wanted.forms[1..].iter().flatten());
            for word in one.words.iter().chain(others).copied().collect::<BTreeSet<u32>>() {
                index[word as usize].push(number);
            }
        }
        Self { thresholds: data.thresholds.faq.clone(), vocabulary, asked, index, exact, patterns, synonyms }
    }

    /// The questions that a message may ask, best first; ties by their place in the definition. Questions that are only
    /// worth a question back are at most as many as the thresholds allow, and as close to the best.
    pub fn find(&self, lexicon: &Lexicon, message: &Message, state: &State) -> Vec<Candidate> {
        let limits = &self.thresholds;
        let looks: Vec<Look> = self.looks(lexicon, message, state).into_iter().filter(|look| look.qualifies).collect();
        let best = looks.first().map_or(0.0, |look| look.likeness);
        let mut suggestions = 0;
        let mut candidates = Vec::new();
        for look in looks {
            let percent = f64::from(look.likeness) * 100.0;
            let certainty = match percent {
                _ if percent >= limits.definitive => Certainty::Definitive,
                _ if percent >= limits.answer => Certainty::Probable,
                _ if percent >= limits.suggest => Certainty::Low,
                _ => break,
            };
            if certainty == Certainty::Low {
                let close = percent >= f64::from(best) * (100.0 - limits.tolerance);
                if !close || suggestions == limits.suggestions {
                    break;
                }
                suggestions += 1;
            }
            let reason = Reason::Question { question: look.question, likeness: look.likeness, coverage: look.coverage };
            candidates.push(Candidate {
                target: Target::Faq(look.faq),
                expert: Who::Faq,
                certainty,
                score: look.likeness,
                reason,
                range: 0..0,
            });
        }
        candidates
    }

    /// What [`find`](Self::find) considered, best first: every question it returns can be found here with its terms, and
    /// the three likest that were dropped for their path.
    pub fn explain(&self, lexicon: &Lexicon, message: &Message, state: &State) -> Vec<Look> {
        let mut dropped = 0;
        let mut looks = self.looks(lexicon, message, state);
        looks.retain(|look| {
            dropped += usize::from(!look.qualifies);
            look.qualifies || dropped <= 3
        });
        looks
    }

    /// The best look at each question.
    fn looks(&self, lexicon: &Lexicon, message: &Message, state: &State) -> Vec<Look> {
        let all = vocabulary::words(message);
        let mut slots = self.vocabulary.slots(&all);
        self.add_synonyms(&all, &mut slots);
        let said: HashSet<u32> = slots.iter().flat_map(|slot| &slot.readings).map(|(word, _)| *word).collect();
        let mut sure: BTreeMap<u32, f32> = BTreeMap::new();
        let same = self.exact.get(&all).into_iter().flatten().take(CLOSE_LOOKS);
        sure.extend(same.map(|number| (*number, 1.0)));
        let mut matcher = Matcher::new(&message.words, lexicon.concepts(), Options::INTENT);
        for number in &self.patterns {
            let pattern = self.asked[*number as usize].pattern.as_ref();
            if pattern.is_some_and(|pattern| matcher.find(pattern).is_some()) {
                sure.insert(*number, 1.0);
            }
        }
        for number in self.likely(&slots) {
            sure.entry(number).or_insert_with(|| self.likeness(&self.asked[number as usize], &slots, &said));
        }
        let mut best: BTreeMap<usize, Look> = BTreeMap::new();
        for (number, likeness) in sure {
            let asked = &self.asked[number as usize];
            if !asked.path.is_open(state) {
                continue;
            }
            let Coverage { share, matched, missed_mandatory } = asked.path.coverage(&said, state);
            let percent = f64::from(likeness) * 100.0;
            let enough =
                percent >= self.thresholds.definitive || f64::from(share) * 100.0 >= self.thresholds.path_coverage;
            let qualifies = self.thresholds.ignores_paths || (missed_mandatory.is_empty() && enough);
            let (faq, question) = (asked.faq, asked.text.clone());
            let look = Look { faq, question, likeness, coverage: share, matched, missed_mandatory, qualifies };
            match best.get(&faq) {
                Some(old) if (old.qualifies, old.likeness) >= (qualifies, likeness) => {}
                _ => drop(best.insert(faq, look)),
            }
        }
        let mut looks: Vec<Look> = best.into_values().collect();
        looks.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
        looks
    }

    /// Lets the words of bot synonyms stand for their terms.
    fn add_synonyms(&self, all: &[String], slots: &mut [Slot]) {
        if self.synonyms.is_empty() {
            return;
        }
        let mut distinct = HashMap::new();
        for word in all {
            let next = distinct.len();
            distinct.entry(word.as_str()).or_insert(next);
        }
        for length in 1..=LONGEST_SYNONYM.min(all.len()) {
            for window in all.windows(length) {
                for meant in self.synonyms.get(window).into_iter().flatten() {
                    for slot in window.iter().map(|word| distinct[word.as_str()]) {
                        let readings = &mut slots[slot].readings;
                        if readings.iter().all(|(word, _)| word != meant) {
                            readings.push((*meant, SYNONYM));
                        }
                    }
                }
            }
        }
    }

    /// The phrasings that share most with a message, by their words alone.
    fn likely(&self, slots: &[Slot]) -> Vec<u32> {
        let readings = || slots.iter().flat_map(|slot| slot.readings.iter().map(|reading| (slot.weight, *reading)));
        // Function words lead to questions only where nothing else does.
        let content = readings().any(|(_, (word, _))| !self.vocabulary.is_function(word));
        let mut shared = vec![0.0_f32; self.asked.len()];
        for (weight, (word, like)) in
            readings().filter(|(_, (word, _))| !content || !self.vocabulary.is_function(*word))
        {
            for number in &self.index[word as usize] {
                shared[*number as usize] += like * (weight + self.vocabulary.weight(word));
            }
        }
        let whole: f32 = slots.iter().map(|slot| slot.weight).sum();
        let mut likely: Vec<(f32, u32)> = shared
            .into_iter()
            .zip(0_u32..)
            .filter(|(shared, _)| *shared > 0.0)
            .map(|(shared, number)| (shared / (whole + self.asked[number as usize].weight), number))
            .collect();
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if likely.len() > CLOSE_LOOKS {
            likely.select_nth_unstable_by(CLOSE_LOOKS, order);
            likely.truncate(CLOSE_LOOKS);
        }
        likely.into_iter().map(|(_, number)| number).collect()
    }

    /// How alike a message and a phrasing are, 0 to 1: what they share of all their words, by weight, less a little where
    /// the order differs.
    fn likeness(&self, asked: &Asked, slots: &[Slot], said: &HashSet<u32>) -> f32 {
        let mut alike = vec![0.0_f32; asked.words.len()];
        let synonyms: Vec<(&[u32], &[u32])> = asked
            .path
            .wanted
            .iter()
            .flat_map(|wanted| wanted.forms[1..].iter().map(|form| (wanted.forms[0].as_slice(), form.as_slice())))
            .filter(|(label, form)| has(said, form) && label.iter().all(|word| asked.words.contains(word)))
            .collect();
        let place = |word: u32| asked.words.iter().position(|other| *other == word);
        let (mut shared, mut whole, mut pairs, mut in_order) = (0.0, asked.weight, 0_u32, 0_u32);
        let (mut last, mut all_said) = (None, true);
        for slot in slots {
            whole += slot.weight;
            let mut best: Option<(f32, usize)> = None;
            for (word, like) in &slot.readings {
                let direct = place(*word).map(|at| (*like, at));
                let other = || {
                    let (label, _) = synonyms.iter().find(|(_, form)| form.contains(word))?;
                    label.iter().filter_map(|word| place(*word)).min().map(|at| (SYNONYM * *like, at))
                };
                if let Some((like, at)) = direct.or_else(other) {
                    alike[at] = alike[at].max(like);
                    if best.is_none_or(|(old, _)| like > old) {
                        best = Some((like, at));
                    }
                }
            }
            let Some((like, at)) = best else {
                all_said = false;
                continue;
            };
            shared += like * slot.weight;
            if let Some(last) = last.replace(at) {
                pairs += 1;
                in_order += u32::from(at >= last);
            }
        }
        for word in synonyms.iter().flat_map(|(label, _)| *label) {
            if let Some(at) = place(*word) {
                alike[at] = alike[at].max(SYNONYM);
            }
        }
        shared += asked.words.iter().zip(&alike).map(|(word, like)| like * self.vocabulary.weight(*word)).sum::<f32>();
        let order = if pairs == 0 { 1.0 } else { in_order as f32 / pairs as f32 };
        let same_words = all_said && in_order == pairs && alike.iter().all(|like| *like > 0.0);
        let reworded = if same_words { 1.0 } else { REWORDED };
        (shared / whole.max(f32::MIN_POSITIVE) * (1.0 - ORDER + ORDER * order) * reworded).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests;
