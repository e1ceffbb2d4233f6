//! Reading a message: all experts, then the resolver, then the entities of what was meant.

use std::collections::BTreeSet;
use std::ops::Range;

use definition::nlp::Intent;
use entities::{Entity, Surroundings};

use crate::candidate::{Candidate, Certainty, Expert, Reason, Target};
use crate::denial;
use crate::described::Said;
use crate::faq;
use crate::lexicon::Message;
use crate::model::Model;
use crate::resolver::{Circumstances, Elimination, Outcome, Ranked, resolve, rests_on_all};
use crate::split::split;
use crate::text::Token;
use crate::values::{self, EntityValues};

/// An answer of more words than this is a sentence.
const LONGEST_VALUE: usize = 4;
/// A message that falls into more parts is no list of tasks.
const MOST_PARTS: usize = 6;

/// A message and where the conversation stands.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What was said.
    pub text: &'a str,
    /// What time it is where the user is.
    pub now: &'a jiff::Zoned,
    /// Where the conversation stands.
    pub state: State<'a>,
}

/// Where a conversation stands, as far as it decides what a message can mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct State<'a> {
    /// The dialogs that run (store ids), the innermost first. None while nothing runs.
    pub dialogs: &'a [String],
    /// The context tags that are set.
    pub context_tags: &'a [String],
    /// The small talk that was answered just before (`smn-…`).
    pub small_talk: Option<&'a str>,
}

/// What a message means, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Understanding {
    /// The message as words.
    pub message: Message,
    /// What it means.
    pub outcome: Outcome,
    /// Everything it might have meant, the winner first.
    pub ranking: Vec<Ranked>,
    /// The traits it has.
    pub traits: Vec<String>,
    /// Values of the entities that the intent's dialog asks for.
    pub entities: Vec<EntityValues>,
    /// Where the bot looks for several tasks in a message and there are several: each with its meaning, in the order in
    /// which they are to be done. Empty otherwise.
    pub parts: Vec<Part>,
}

impl Understanding {
    /// Whether every word is accounted for: the message is a name, a training utterance, a question, small talk, or all of it
    /// fits a pattern.
    pub fn is_beyond_doubt(&self) -> bool {
        let Outcome::Found(target) = self.outcome else { return false };
        let winner = self.ranking.iter().find(|ranked| ranked.target == target);
        let rests = |it: &Candidate| rests_on_all(it, &self.message.extent());
        matches!(target, Target::SmallTalk(_)) || winner.is_some_and(|it| it.candidates.iter().any(rests))
    }
}

/// A part of a message that means something of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it stands, in bytes of the message.
    pub range: Range<usize>,
    /// What it means.
    pub target: Target,
}

impl Model {
    /// What a message means. Takes microseconds to a few milliseconds and never fails: what cannot be understood is an
    /// [`Outcome::Nothing`].
    pub fn understand(&self, question: &Question<'_>) -> Understanding {
        let as_said = self.understand_once(question.text, question, Said::Whole);
        if let Some(rest) = self.without_denied(&as_said, question.text) {
            let mut understood = self.with_parts(
                self.understand_once(&rest, &Question { text: &rest, ..*question }, Said::Whole),
                &Question { text: &rest, ..*question },
            );
            // Who denies may mean just that, by what authors wrote down.
            let means_denial =
                matches!(as_said.outcome, Outcome::Found(Target::Intent(at)) if self.denying.contains(&at));
            if means_denial && !matches!(understood.outcome, Outcome::Found(_)) {
                return self.with_parts(as_said, question);
            }
            question.text.clone_into(&mut understood.message.text);
            let is_new = |it: &Ranked| understood.ranking.iter().all(|other| other.target != it.target);
            let denied = as_said.ranking.into_iter().filter(is_new);
            let denied = denied.map(|it| Ranked { eliminated: it.eliminated.or(Some(Elimination::RuledOut)), ..it });
            let denied: Vec<Ranked> = denied.collect();
            understood.ranking.extend(denied);
            return understood;
        }
        self.with_parts(as_said, question)
    }

    /// The message without what it denies, as long as it is; nothing where it denies nothing that it would otherwise mean.
    fn without_denied(&self, as_said: &Understanding, text: &str) -> Option<String> {
        let is_started = |target: &Target| matches!(target, Target::Intent(_));
        let starts = match &as_said.outcome {
            Outcome::Found(target) => is_started(target),
            Outcome::Ambiguous(targets) | Outcome::DidYouMean(targets) => targets.iter().any(is_started),
            Outcome::Nothing => false,
        };
        if !self.hears_denials || !starts || self.lexicon.has_phrase(text) {
            return None;
        }
        denial::without_denied(self.lexicon.language().code(), text)
    }

    /// The parts of a message with what it means as a whole, where the bot looks for several tasks.
    fn with_parts(&self, mut whole: Understanding, question: &Question<'_>) -> Understanding {
        if self.data.settings.several_intents {
            whole.parts = self.parts(&whole, question);
            if let Some(first) = whole.parts.first() {
                whole.outcome = Outcome::Found(first.target);
                whole.entities = self.entities_of(first.target, question);
            }
        }
        whole
    }

    /// The questions that were considered for a message: those that were found, and the likest ones that were dropped because
    /// their path was not said. For traces.
    pub fn questions_considered(&self, understood: &Understanding, state: State<'_>) -> Vec<faq::Look> {
        let knowledge = knowledge(state, &understood.traits);
        self.faq.explain(&self.lexicon, &understood.message, &knowledge)
    }

    /// The intents that can be meant here and now, whether or not the words speak for them: places in
    /// [`NlpData::intents`](definition::nlp::NlpData::intents). First those that were weighed, in the order of the ranking.
    pub fn within_reach(&self, understood: &Understanding, state: State<'_>) -> Vec<usize> {
        let ranked = |at: &usize| understood.ranking.iter().position(|it| it.target == Target::Intent(*at));
        let can_be_meant = |at: &usize| {
            let intent = &self.data.intents[*at];
            let is_ruled_out =
                ranked(at).is_some_and(|place| understood.ranking[place].eliminated == Some(Elimination::RuledOut));
            !is_ruled_out
                && !intent.internal
                && !intent.hidden
                && out_of_reach(intent, state, &understood.traits).is_none()
        };
        let mut all: Vec<usize> = (0..self.data.intents.len()).filter(can_be_meant).collect();
        all.sort_by_key(|at| ranked(at).unwrap_or(usize::MAX));
        all
    }

    fn understand_once(&self, text: &str, question: &Question<'_>, said: Said) -> Understanding {
        let state = question.state;
        let message = self.read(text, question);
        let traits = self.traits.find(&self.lexicon, &message);
        let judgement = self.rule.judge(&self.lexicon, &message, &traits);
        let mut candidates = judgement.candidates;
        let learned = self.learned_opinion(&message, state);
        candidates.extend(learned.candidates);
        candidates.extend(self.faq.find(&self.lexicon, &message, &knowledge(state, &traits)));
        candidates.extend(self.small_talk.find(&self.lexicon, &message, state.small_talk));
        let ruled_out: BTreeSet<usize> = judgement.vetoed.iter().map(|veto| veto.intent).collect();
        let circumstances = Circumstances {
            thresholds: &self.data.thresholds,
            suggestions: self.suggestions.most,
            message: &message.extent(),
            only_values: self.is_only_values(&message),
        };
        let can_be_meant =
            |at: usize| !ruled_out.contains(&at) && out_of_reach(&self.data.intents[at], state, &traits).is_none();
        let outweighed = self.outweighed(&candidates, &circumstances, can_be_meant);
        doubt_names(&mut candidates, &learned.doubted, &circumstances);
        let (outcome, ranking) = resolve(candidates, circumstances, |target| match target {
            Target::Intent(at) if ruled_out.contains(&at) => Some(Elimination::RuledOut),
            Target::Intent(at) if outweighed.contains(&at) => Some(Elimination::OnlyAName),
            Target::Intent(at) if self.is_internal(at, &message.text) => Some(Elimination::Internal),
            Target::Intent(at) => out_of_reach(&self.data.intents[at], state, &traits),
            _ => None,
        });
        let (outcome, ranking) = self.described((&message, said), state, &traits, outcome, ranking);
        let is_certain = ranking.iter().any(|it| it.eliminated.is_none() && it.certainty == Certainty::Definitive);
        let begun = if is_certain { None } else { self.begun(&message, state, &traits, &ruled_out) };
        let outcome = begun.unwrap_or(outcome);
        let entities = match outcome {
            Outcome::Found(target) => self.entities_of(target, question),
            _ => Vec::new(),
        };
        Understanding { message, outcome, ranking, traits, entities, parts: Vec::new() }
    }

    /// The intents for which nothing speaks but their names among other words, where the classifier means something else and is
    /// sure of it. It knows nothing of intents without utterances: their names count.
    fn outweighed(
        &self,
        candidates: &[Candidate],
        circumstances: &Circumstances<'_>,
        can_be_meant: impl Fn(usize) -> bool,
    ) -> BTreeSet<usize> {
        let learned = candidates.iter().filter(|it| it.expert == Expert::Ml && it.certainty > Certainty::Low);
        let intents = learned.filter_map(|it| match it.target {
            Target::Intent(at) if can_be_meant(at) => Some((at, it.score)),
            _ => None,
        });
        let Some((best, _)) = intents.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else {
            return BTreeSet::new();
        };
        let is_part = |it: &Candidate| is_name_among_others(it, circumstances.message);
        let named = candidates.iter().filter(|it| is_part(it)).filter_map(|it| match it.target {
            Target::Intent(at) if at != best => Some(at),
            _ => None,
        });
        let speaks_more = |at: usize| {
            let mut own = candidates.iter().filter(|it| it.target == Target::Intent(at));
            own.any(|it| it.expert != Expert::Ml && !is_part(it))
        };
        named.filter(|at| !self.data.intents[*at].utterances.is_empty() && !speaks_more(*at)).collect()
    }

    /// Whether users of an app do not ask for an intent, unless they say its very name.
    fn is_internal(&self, intent: usize, text: &str) -> bool {
        let intent = &self.data.intents[intent];
        let is_name = |name: &String| name.trim().eq_ignore_ascii_case(text.trim());
        intent.internal && ![&intent.label, &intent.dialog_name].into_iter().any(is_name)
    }

    /// Several tasks whose names begin with what was said, and go on: the user is asked which, whatever the words resemble
    /// besides. The beginning of a single name says nothing by itself.
    fn begun(
        &self,
        message: &Message,
        state: State<'_>,
        traits: &[String],
        ruled_out: &BTreeSet<usize>,
    ) -> Option<Outcome> {
        let begun = self.rule.begun(&self.lexicon, message).into_iter();
        let can_be_meant = |at: &usize| {
            let intent = &self.data.intents[*at];
            let is_shown = !intent.internal && !intent.hidden && !ruled_out.contains(at);
            is_shown && out_of_reach(intent, state, traits).is_none()
        };
        let targets: Vec<Target> = begun.filter(can_be_meant).map(Target::Intent).collect();
        (targets.len() > 1).then_some(Outcome::Ambiguous(targets))
    }

    /// What an app says of its tasks, where the experts are not certain. The few sentences of an app teach little: where a
    /// name was said, the name counts; where the two disagree, the user is asked.
    fn described(
        &self,
        (message, said): (&Message, Said),
        state: State<'_>,
        traits: &[String],
        outcome: Outcome,
        mut ranking: Vec<Ranked>,
    ) -> (Outcome, Vec<Ranked>) {
        let Some(expert) = &self.described else { return (outcome, ranking) };
        let is_certain = match &outcome {
            Outcome::Found(Target::Intent(_)) => ranking.first().is_some_and(|it| is_beyond_doubt(it, message)),
            Outcome::Found(_) => true,
            _ => false,
        };
        if is_certain {
            return (outcome, ranking);
        }
        let mut found = expert.find(&self.lexicon, message, said);
        found.retain(|it| out_of_reach(&self.data.intents[it.intent], state, traits).is_none());
        let is_named = found.first().is_some_and(|it| it.is_named);
        let mut targets: Vec<Target> = found.iter().map(|it| Target::Intent(it.intent)).collect();
        if targets.is_empty() {
            return (outcome, ranking);
        }
        if !is_named {
            let others = match outcome {
                Outcome::Found(target) => vec![target],
                Outcome::Ambiguous(others) => others,
                Outcome::DidYouMean(_) | Outcome::Nothing => Vec::new(),
            };
            let both: Vec<Target> = targets.iter().filter(|it| others.contains(it)).copied().collect();
            if both.is_empty() {
                targets.extend(others);
            } else {
                targets = both;
            }
        }
        ranking.retain(|it| found.iter().all(|mine| it.target != Target::Intent(mine.intent)));
        let ranked = found.into_iter().filter(|it| targets.contains(&Target::Intent(it.intent))).map(|it| {
            let certainty = if it.is_named { Certainty::Definitive } else { Certainty::Probable };
            let total = it.score / (it.score + 1.0);
            let target = Target::Intent(it.intent);
            let reason = Reason::Described { words: it.words, named: it.is_named };
            let candidate = Candidate { target, expert: Expert::Rule, certainty, score: total, reason, range: 0..0 };
            Ranked { target, certainty, total, candidates: vec![candidate], eliminated: None }
        });
        ranking.splice(0..0, ranked);
        let outcome = match targets.as_slice() {
            [only] => Outcome::Found(*only),
            _ => Outcome::Ambiguous(targets),
        };
        (outcome, ranking)
    }

    /// Whether every word that carries meaning belongs to an item of a list: the message answers something, and what is
    /// learned from whole sentences says nothing about it.
    fn is_only_values(&self, message: &Message) -> bool {
        let is_content = |token: &&Token| token.is_word() && !self.lexicon.is_function_word(&token.lower);
        let words: Vec<&Token> = message.tokens.iter().filter(is_content).collect();
        if words.is_empty() || words.len() > LONGEST_VALUE {
            return false;
        }
        let mut lists = self.entities.iter().filter_map(Entity::list);
        lists.any(|list| list.exact(message.text.trim()).is_some())
    }

    /// The values of the entities that the dialog of an intent asks for.
    fn entities_of(&self, target: Target, question: &Question<'_>) -> Vec<EntityValues> {
        let Target::Intent(at) = target else { return Vec::new() };
        let intent = &self.data.intents[at];
        let mut wanted = Vec::new();
        for id in &intent.entities {
            let number = self.data.entities.iter().position(|entity| entity.component_id == *id);
            let Some(number) = number else { continue };
            wanted.push((number, id.as_str(), &self.entities[number]));
        }
        if wanted.is_empty() {
            return Vec::new();
        }
        let tagger = self.learned.tagger.as_ref();
        let language = self.lexicon.language();
        let hints = self.lists.find(language, question.text);
        let tagged = tagger.map_or_else(Vec::new, |it| it.tag(language, question.text, &hints));
        let surroundings = Surroundings { language: &self.data.language, now: question.now };
        values::read(&wanted, question.text, &surroundings, &tagged)
    }

    /// The parts of a message that mean tasks of their own; none where there are not at least two different ones.
    fn parts(&self, whole: &Understanding, question: &Question<'_>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let ranges = split(&whole.message.tokens);
        if !(2..=MOST_PARTS).contains(&ranges.len()) {
            return parts;
        }
        for range in ranges {
            let understood = self.understand_once(&question.text[range.clone()], question, Said::Part);
            if let Outcome::Found(target @ Target::Intent(_)) = understood.outcome
                && parts.iter().all(|part| part.target != target)
            {
                parts.push(Part { range, target });
            }
        }
        if parts.len() < 2 { Vec::new() } else { parts }
    }
}

/// The name of an intent among other words, where the classifier knows the intent well and does not take the message for it, is
/// worth a question back, not more.
fn doubt_names(candidates: &mut [Candidate], doubted: &BTreeSet<usize>, circumstances: &Circumstances<'_>) {
    for candidate in candidates.iter_mut().filter(|it| is_name_among_others(it, circumstances.message)) {
        if let Target::Intent(at) = candidate.target
            && doubted.contains(&at)
        {
            candidate.certainty = Certainty::Low;
        }
    }
}

/// Whether a candidate rests on the name of a task, or words of it, in a message that says more.
fn is_name_among_others(candidate: &Candidate, message: &Range<usize>) -> bool {
    matches!(candidate.reason, Reason::Name { .. }) && !rests_on_all(candidate, message)
}

/// Whether more than the words of a name among others speak for a task.
fn is_beyond_doubt(ranked: &Ranked, message: &Message) -> bool {
    let is_sure = |it: &&Candidate| it.certainty == Certainty::Definitive;
    ranked.candidates.iter().filter(is_sure).any(|it| match it.reason {
        Reason::Name { .. } => it.range == message.extent(),
        _ => true,
    })
}

fn knowledge(state: State<'_>, traits: &[String]) -> faq::State {
    faq::State::new(state.context_tags.iter().map(String::as_str), traits.iter().map(String::as_str))
}

/// Why an intent cannot be found now, if it cannot.
fn out_of_reach(intent: &Intent, state: State<'_>, traits: &[String]) -> Option<Elimination> {
    let runs = |dialog: &String| state.dialogs.contains(dialog);
    if !intent.scopes.is_empty() && !intent.scopes.iter().any(runs) {
        return Some(Elimination::OutOfScope);
    }
    // A follow-up continues something.
    if intent.follow_up && state.dialogs.is_empty() {
        return Some(Elimination::OutOfScope);
    }
    let met = |tag: &String| state.context_tags.contains(tag) || traits.contains(tag);
    (!intent.preconditions.iter().all(met)).then_some(Elimination::Precondition)
}
