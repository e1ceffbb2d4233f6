//! Weighing what the experts say: one meaning wins, several are asked back about, or none is there.
//!
//! The rules are those of `conversation.md` §10, "Resolver". Every target that any expert named is in the ranking, with
//! what became of it, so that a trace can show why an answer was given.

use std::collections::BTreeMap;
use std::ops::Range;

use definition::nlp::Thresholds;

use crate::candidate::{Candidate, Certainty, Expert, Reason, Target};

/// What a message means.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One thing, clearly.
    Found(Target),
    /// Several things alike: the user is asked which.
    Ambiguous(Vec<Target>),
    /// Nothing for sure, but questions or tasks that are close: "did you mean".
    DidYouMean(Vec<Target>),
    /// Nothing the bot knows.
    Nothing,
}

/// Why a target is out of the race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elimination {
    /// A negative pattern matched, or it was negated.
    RuledOut,
    /// It is not in scope: a sub-intent of a dialog that does not run, or a follow-up while none does.
    OutOfScope,
    /// Events or the flow of an app start it, or it is hidden: only its exact name means it.
    Internal,
    /// A context tag or trait that it needs is not there.
    Precondition,
    /// Its words are part of the words of a longer name or pattern.
    Covered,
    /// It stands behind another intent that is certain; that one comes first.
    Later,
    /// Others say so of the whole message, this one of a part.
    Partial,
    /// The message is the name of another task, word for word.
    NotTheName,
    /// The message is nothing but a value of an entity.
    OnlyValue,
    /// Words of its name are among others, and the classifier is sure of something else.
    OnlyAName,
    /// A certain match makes it irrelevant.
    NotDefinitive,
    /// Its score is lower than the winner's by more than the tolerance.
    Outscored,
    /// Small talk says so of the whole message, this one only has a learned resemblance; or it is small talk beside an
    /// intent.
    SmallTalk,
}

/// A target with all that speaks for it, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// What.
    pub target: Target,
    /// The best certainty any expert gives it.
    pub certainty: Certainty,
    /// All scores together, 0 to 1.
    pub total: f32,
    /// What the experts said, the surest first.
    pub candidates: Vec<Candidate>,
    /// Why it did not win; `None` for the winner, and for each of several between which the user must choose.
    pub eliminated: Option<Elimination>,
}

impl Ranked {
    /// The score an expert gave, if it named the target.
    pub fn score_of(&self, expert: Expert) -> Option<f32> {
        self.candidates.iter().filter(|it| it.expert == expert).map(|it| it.score).max_by(f32::total_cmp)
    }

    fn is_definitive(&self) -> bool {
        self.certainty == Certainty::Definitive
    }

    fn is_learned_only(&self) -> bool {
        self.certainty < Certainty::Definitive && self.candidates.iter().all(|it| it.expert == Expert::Ml)
    }

    /// The words that names and patterns rest on; `None` if something rests on the whole message.
    fn place(&self) -> Option<Range<usize>> {
        let sure = self.candidates.iter().filter(|it| it.certainty == Certainty::Definitive);
        sure.map(|it| it.range.clone())
            .reduce(|a, b| if a.is_empty() || b.is_empty() { 0..0 } else { a.start.min(b.start)..a.end.max(b.end) })
            .filter(|it| !it.is_empty())
    }
}

/// What the resolver has to know besides the candidates.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Where certainty begins.
    pub thresholds: &'a Thresholds,
    /// So many tasks are asked about at the most, where none is meant for sure.
    pub suggestions: usize,
    /// The words of the message, from the first to the last, in bytes.
    pub message: &'a Range<usize>,
    /// The message is nothing but values of entities.
    pub only_values: bool,
}

/// Weighs candidates. `excluded` says of a target why it may not be found at all, whatever speaks for it.
pub fn resolve(
    candidates: Vec<Candidate>,
    circumstances: Circumstances<'_>,
    excluded: impl Fn(Target) -> Option<Elimination>,
) -> (Outcome, Vec<Ranked>) {
    let mut ranking = rank(candidates);
    for entry in &mut ranking {
        entry.eliminated = excluded(entry.target);
    }
    if circumstances.only_values {
        eliminate(&mut ranking, Elimination::OnlyValue, Ranked::is_learned_only);
    }
    settle_names(&mut ranking, circumstances.message);
    settle_small_talk(&mut ranking, circumstances.message);
    let outcome = if circumstances.thresholds.resolver.prefers_definitive && alive(&ranking).any(Ranked::is_definitive)
    {
        eliminate(&mut ranking, Elimination::NotDefinitive, |it| !it.is_definitive());
        settle_definitive(&mut ranking, circumstances.message)
    } else {
        settle_probable(&mut ranking, &circumstances)
    };
    ranking.sort_by(|a, b| {
        let rank = |it: &Ranked| (it.eliminated.is_some(), std::cmp::Reverse(it.certainty));
        rank(a).cmp(&rank(b)).then(b.total.total_cmp(&a.total)).then(a.target.cmp(&b.target))
    });
    (outcome, ranking)
}

/// Brings the candidates of each target together.
fn rank(candidates: Vec<Candidate>) -> Vec<Ranked> {
    let mut by_target: BTreeMap<Target, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        by_target.entry(candidate.target).or_default().push(candidate);
    }
    by_target
        .into_iter()
        .map(|(target, mut candidates)| {
            candidates.sort_by(|a, b| b.certainty.cmp(&a.certainty).then(b.score.total_cmp(&a.score)));
            let certainty = candidates.iter().map(|it| it.certainty).max().unwrap_or(Certainty::Low);
            Ranked { target, certainty, total: total(&candidates), candidates, eliminated: None }
        })
        .collect()
}

/// How much a partial match of a name or pattern counts beside a probability.
const RULE_WEIGHT: f32 = 0.7;

/// Independent evidence: what is left of the doubt after each expert has spoken.
fn total(candidates: &[Candidate]) -> f32 {
    let doubt = [Expert::Rule, Expert::Ml, Expert::Faq, Expert::SmallTalk].into_iter().map(|expert| {
        let best = candidates
            .iter()
            .filter(|it| it.expert == expert)
            .max_by(|a, b| a.certainty.cmp(&b.certainty).then(a.score.total_cmp(&b.score)));
        best.map_or(1.0, |it| {
            let weight =
                if it.expert == Expert::Rule && it.certainty < Certainty::Definitive { RULE_WEIGHT } else { 1.0 };
            1.0 - weight * it.score.clamp(0.0, 1.0)
        })
    });
    1.0 - doubt.product::<f32>()
}

fn alive(ranking: &[Ranked]) -> impl Iterator<Item = &Ranked> {
    ranking.iter().filter(|it| it.eliminated.is_none())
}

fn eliminate(ranking: &mut [Ranked], why: Elimination, which: impl Fn(&Ranked) -> bool) {
    for entry in ranking.iter_mut().filter(|it| it.eliminated.is_none() && which(it)) {
        entry.eliminated = Some(why);
    }
}

/// Who says the very name of a task means that task, whatever else its words stand for: only a question with an answer in
/// the same words is as good. A name that is said word for word among others beats what only synonyms find in its words.
fn settle_names(ranking: &mut [Ranked], message: &Range<usize>) {
    let spelled = |it: &Candidate| matches!(it.reason, Reason::Name { spelled: true, .. });
    let is_name = |it: &Ranked| it.candidates.iter().any(|it| spelled(it) && rests_on_all(it, message));
    if alive(ranking).any(is_name) {
        let is_same_question = |it: &Ranked| {
            matches!(it.target, Target::Faq(_)) && it.candidates.iter().any(|it| rests_on_all(it, message))
        };
        eliminate(ranking, Elimination::NotTheName, |it| !is_name(it) && !is_same_question(it));
        return;
    }
    let of_names = |it: &Ranked| it.candidates.iter().filter(|it| spelled(it)).map(|it| it.range.clone()).collect();
    let names: Vec<Range<usize>> = alive(ranking).flat_map(|it| -> Vec<_> { of_names(it) }).collect();
    let overlaps = |own: &Range<usize>, name: &Range<usize>| own.start < name.end && name.start < own.end;
    let contains = |outer: &Range<usize>, inner: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    eliminate(ranking, Elimination::Covered, |it| {
        it.candidates.iter().all(|it| match &it.reason {
            // Words around a name may make it a longer name.
            Reason::Name { spelled: false, synonyms, .. } => names.iter().any(|name| {
                contains(name, &it.range)
                    || (!synonyms.is_empty() && overlaps(&it.range, name) && !contains(&it.range, name))
            }),
            _ => false,
        })
    });
}

/// Small talk loses to anything else, except to a learned resemblance where it is all that the message says.
fn settle_small_talk(ranking: &mut [Ranked], message: &Range<usize>) {
    let is_talk = |it: &Ranked| matches!(it.target, Target::SmallTalk(_));
    let says_all = |it: &Ranked| is_talk(it) && it.candidates.iter().any(|it| covers(&it.range, message));
    if alive(ranking).any(says_all) {
        eliminate(ranking, Elimination::SmallTalk, Ranked::is_learned_only);
    }
    if alive(ranking).any(|it| !is_talk(it) && it.certainty > Certainty::Low) {
        eliminate(ranking, Elimination::SmallTalk, is_talk);
    } else if alive(ranking).any(is_talk) {
        eliminate(ranking, Elimination::SmallTalk, |it| !is_talk(it));
        let best = alive(ranking).max_by(|a, b| a.total.total_cmp(&b.total).then(b.target.cmp(&a.target)));
        if let Some(best) = best.map(|it| it.target) {
            eliminate(ranking, Elimination::Outscored, |it| it.target != best);
        }
    }
}

/// An empty range stands for the whole message.
fn covers(range: &Range<usize>, message: &Range<usize>) -> bool {
    range.is_empty() || (range.start <= message.start && range.end >= message.end)
}

/// Several certain matches: the whole message beats a part, the longer words the shorter, the earlier the later; what is
/// left is asked back.
fn settle_definitive(ranking: &mut [Ranked], message: &Range<usize>) -> Outcome {
    let says_all =
        |it: &Ranked| it.candidates.iter().any(|it| it.certainty == Certainty::Definitive && rests_on_all(it, message));
    if alive(ranking).any(says_all) {
        eliminate(ranking, Elimination::Partial, |it| !says_all(it));
    }
    let places: Vec<(Target, Range<usize>)> = alive(ranking).filter_map(|it| Some((it.target, it.place()?))).collect();
    eliminate(ranking, Elimination::Covered, |it| {
        it.place().is_some_and(|own| {
            places.iter().any(|(_, other)| other.start <= own.start && own.end <= other.end && *other != own)
        })
    });
    let earliest_end = alive(ranking).filter_map(Ranked::place).min_by_key(|it| (it.start, it.end)).map(|it| it.end);
    if let Some(end) = earliest_end {
        eliminate(ranking, Elimination::Later, |it| it.place().is_some_and(|own| own.start >= end));
    }
    choose(alive(ranking))
}

/// Whether a candidate accounts for every word: the message is a training utterance, the full name, or a question.
pub(crate) fn rests_on_all(candidate: &Candidate, message: &Range<usize>) -> bool {
    match &candidate.reason {
        Reason::Utterance { likeness, .. } | Reason::Question { likeness, .. } => *likeness >= 1.0,
        Reason::Name { coverage, spelled, .. } => {
            (*coverage >= 1.0 || *spelled) && covers(&candidate.range, message) && !candidate.range.is_empty()
        }
        Reason::Pattern { skipped, .. } => {
            *skipped == 0 && covers(&candidate.range, message) && !candidate.range.is_empty()
        }
        Reason::Traits(_) | Reason::Learned(_) | Reason::Described { .. } => false,
    }
}

/// No certain match: the best total wins unless others are as good.
fn settle_probable(ranking: &mut [Ranked], circumstances: &Circumstances<'_>) -> Outcome {
    let thresholds = circumstances.thresholds;
    if alive(ranking).any(|it| it.certainty > Certainty::Low) {
        eliminate(ranking, Elimination::Outscored, |it| it.certainty == Certainty::Low);
        let tolerance = thresholds.resolver.tolerance;
        let score: fn(&Ranked) -> f32 = if thresholds.resolver.rescores { |it| it.total } else { own_score };
        keep_close(ranking, tolerance, score);
        return choose(alive(ranking));
    }
    // Questions and tasks are found close in different ways, which do not compare.
    let is_question = |it: &Ranked| matches!(it.target, Target::Faq(_));
    let best = alive(ranking).filter(|it| is_question(it)).map(|it| it.total).fold(0.0, f32::max);
    let least = least_close(best, thresholds.faq.tolerance);
    eliminate(ranking, Elimination::Outscored, |it| is_question(it) && it.total < least);
    let (questions, tasks): (Vec<&Ranked>, Vec<&Ranked>) = alive(ranking).partition(|it| is_question(it));
    let closest = |mut close: Vec<&Ranked>, most: usize| -> Vec<Target> {
        close.sort_by(|a, b| b.total.total_cmp(&a.total).then(a.target.cmp(&b.target)));
        close.into_iter().take(most).map(|it| it.target).collect()
    };
    let suggested =
        [closest(questions, thresholds.faq.suggestions.max(1)), closest(tasks, circumstances.suggestions)].concat();
    eliminate(ranking, Elimination::Outscored, |it| !suggested.contains(&it.target));
    if suggested.is_empty() { Outcome::Nothing } else { Outcome::DidYouMean(suggested) }
}

fn own_score(entry: &Ranked) -> f32 {
    entry.candidates.iter().map(|it| it.score).fold(0.0, f32::max)
}

/// Drops what scores lower than the best by more than `tolerance` percent of it.
fn keep_close(ranking: &mut [Ranked], tolerance: f64, score: impl Fn(&Ranked) -> f32) {
    let least = least_close(alive(ranking).map(&score).fold(0.0, f32::max), tolerance);
    eliminate(ranking, Elimination::Outscored, |it| score(it) < least);
}

fn least_close(best: f32, tolerance: f64) -> f32 {
    best * (1.0 - tolerance as f32 / 100.0)
}

fn choose<'r>(alive: impl Iterator<Item = &'r Ranked>) -> Outcome {
    let mut left: Vec<&Ranked> = alive.collect();
    left.sort_by(|a, b| b.total.total_cmp(&a.total).then(a.target.cmp(&b.target)));
    match left.as_slice() {
        [] => Outcome::Nothing,
        [only] => Outcome::Found(only.target),
        several => Outcome::Ambiguous(several.iter().map(|it| it.target).collect()),
    }
}
