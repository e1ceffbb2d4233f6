//! The verdict as a table: what experts say, and what becomes of it.

use std::ops::Range;

use definition::nlp::Thresholds;
use nlu::candidate::Certainty::{Definitive, Low, Probable};
use nlu::candidate::Target::{Faq, Intent, SmallTalk};
use nlu::candidate::{Candidate, Certainty, Expert, Reason, Target};
use nlu::resolver::{Circumstances, Elimination, Outcome, resolve};

/// The words of the message that all cases are about.
const MESSAGE: Range<usize> = 0..30;

fn said(
    target: Target,
    expert: Expert,
    certainty: Certainty,
    score: f32,
    range: Range<usize>,
    reason: Reason,
) -> Candidate {
    Candidate { target, expert, certainty, score, reason, range }
}

fn learned(intent: usize, certainty: Certainty, score: f32) -> Candidate {
    said(Intent(intent), Expert::Ml, certainty, score, 0..0, Reason::Learned(score))
}

fn name(intent: usize, coverage: f32, range: Range<usize>) -> Candidate {
    let certainty = if coverage >= 1.0 { Definitive } else { Probable };
    let reason = Reason::Name { words: Vec::new(), coverage, synonyms: Vec::new(), spelled: false };
    said(Intent(intent), Expert::Rule, certainty, coverage, range, reason)
}

fn pattern(intent: usize, skipped: usize, range: Range<usize>) -> Candidate {
    let certainty = if skipped < 3 { Definitive } else { Probable };
    said(Intent(intent), Expert::Rule, certainty, 1.0, range, Reason::Pattern { pattern: "a *".into(), skipped })
}

fn utterance(intent: usize, likeness: f32) -> Candidate {
    let reason = Reason::Utterance { utterance: "u".into(), likeness };
    said(Intent(intent), Expert::Rule, Definitive, likeness, 0..0, reason)
}

fn question(faq: usize, likeness: f32) -> Candidate {
    let certainty = match likeness {
        it if it >= 0.95 => Definitive,
        it if it >= 0.8 => Probable,
        _ => Low,
    };
    let reason = Reason::Question { question: "q".into(), likeness, coverage: 1.0 };
    said(Faq(faq), Expert::Faq, certainty, likeness, 0..0, reason)
}

fn talk(at: usize, range: Range<usize>) -> Candidate {
    let reason = Reason::Pattern { pattern: "~hi".into(), skipped: 0 };
    said(SmallTalk(at), Expert::SmallTalk, Definitive, 1.0, range, reason)
}

fn verdict(candidates: &[Candidate], change: impl FnOnce(&mut Thresholds)) -> Outcome {
    let mut thresholds = Thresholds::default();
    change(&mut thresholds);
    let circumstances =
        Circumstances { thresholds: &thresholds, suggestions: 3, message: &MESSAGE, only_values: false };
    resolve(candidates.to_vec(), circumstances, |_| None).0
}

#[test]
fn verdicts() {
    use Outcome::{Ambiguous, DidYouMean, Found, Nothing};
    let table: Vec<(&str, Vec<Candidate>, Outcome)> = vec![
        ("nothing said", vec![], Nothing),
        ("one probable", vec![learned(0, Probable, 0.5)], Found(Intent(0))),
        ("the better of two", vec![learned(0, Probable, 0.5), learned(1, Probable, 0.3)], Found(Intent(0))),
        (
            "as good as each other",
            vec![learned(0, Probable, 0.5), learned(1, Probable, 0.495)],
            Ambiguous(vec![Intent(0), Intent(1)]),
        ),
        (
            "two experts agree",
            vec![learned(0, Probable, 0.5), learned(1, Probable, 0.48), name(1, 0.6, 0..10)],
            Found(Intent(1)),
        ),
        ("certain beats likely", vec![learned(0, Probable, 0.9), name(1, 1.0, 0..10)], Found(Intent(1))),
        (
            "two certain ones",
            vec![pattern(0, 0, 5..20), learned(1, Definitive, 0.97)],
            Ambiguous(vec![Intent(0), Intent(1)]),
        ),
        ("the whole message beats a part", vec![pattern(0, 1, 0..20), utterance(1, 1.0)], Found(Intent(1))),
        (
            "a nearly equal utterance does not",
            vec![pattern(0, 1, 0..20), utterance(1, 0.96)],
            Ambiguous(vec![Intent(0), Intent(1)]),
        ),
        ("the longer name", vec![name(0, 1.0, 5..15), name(1, 1.0, 5..22)], Found(Intent(1))),
        ("the earlier one", vec![name(0, 1.0, 20..28), name(1, 1.0, 5..15)], Found(Intent(1))),
        ("names that overlap", vec![name(0, 1.0, 5..15), name(1, 1.0, 10..22)], Ambiguous(vec![Intent(0), Intent(1)])),
        (
            "a task and a question, both certain",
            vec![utterance(0, 1.0), question(0, 1.0)],
            Ambiguous(vec![Intent(0), Faq(0)]),
        ),
        ("a question that is answered", vec![question(0, 0.85)], Found(Faq(0))),
        (
            "questions that are close",
            vec![question(0, 0.7), question(1, 0.69), question(2, 0.61)],
            DidYouMean(vec![Faq(0), Faq(1)]),
        ),
        ("a likely task beats close questions", vec![question(0, 0.7), learned(0, Probable, 0.4)], Found(Intent(0))),
        ("small talk alone", vec![talk(0, 0..30)], Found(SmallTalk(0))),
        ("small talk beside a task", vec![talk(0, 0..5), name(0, 1.0, 6..30)], Found(Intent(0))),
        ("small talk against a resemblance", vec![talk(0, 0..30), learned(0, Probable, 0.6)], Found(SmallTalk(0))),
        (
            "small talk as a part against a resemblance",
            vec![talk(0, 0..5), learned(0, Probable, 0.6)],
            Found(Intent(0)),
        ),
        ("small talk against close questions", vec![talk(0, 0..30), question(0, 0.7)], Found(SmallTalk(0))),
        ("two kinds of small talk", vec![talk(1, 0..30), talk(0, 0..30)], Found(SmallTalk(0))),
    ];
    for (case, candidates, expected) in table {
        assert_eq!(verdict(&candidates, |_| {}), expected, "{case}");
        let mut turned = candidates.clone();
        turned.reverse();
        assert_eq!(verdict(&turned, |_| {}), expected, "{case}, said in another order");
    }
}

#[test]
fn settings_change_verdicts() {
    use Outcome::{Ambiguous, DidYouMean, Found};
    let close = [learned(0, Probable, 0.5), learned(1, Probable, 0.45)];
    assert_eq!(verdict(&close, |_| {}), Found(Intent(0)));
    assert_eq!(verdict(&close, |it| it.resolver.tolerance = 15.0), Ambiguous(vec![Intent(0), Intent(1)]));
    let sure = [name(0, 1.0, 0..10), learned(0, Probable, 0.1), learned(1, Probable, 0.9)];
    assert_eq!(verdict(&sure, |_| {}), Found(Intent(0)));
    let agreed = [learned(0, Probable, 0.5), name(0, 0.7, 0..9), learned(1, Probable, 0.6)];
    assert_eq!(verdict(&agreed, |_| {}), Found(Intent(0)));
    assert_eq!(verdict(&agreed, |it| it.resolver.rescores = false), Found(Intent(0)), "the name alone says more");
    let questions: Vec<Candidate> = (0..9).map(|at| question(at, 0.7)).collect();
    assert_eq!(verdict(&questions, |it| it.faq.suggestions = 2), DidYouMean(vec![Faq(0), Faq(1)]));
}

#[test]
fn what_is_out_is_in_the_ranking_with_its_reason() {
    let thresholds = Thresholds::default();
    let circumstances = Circumstances { thresholds: &thresholds, suggestions: 3, message: &MESSAGE, only_values: true };
    let candidates = vec![
        name(0, 1.0, 0..10),
        name(1, 1.0, 0..30),
        learned(2, Probable, 0.8),
        name(3, 0.7, 0..10),
        talk(0, 0..4),
        name(4, 1.0, 2..8),
    ];
    let (outcome, ranking) = resolve(candidates, circumstances, |target| match target {
        Intent(0) => Some(Elimination::RuledOut),
        Intent(4) => Some(Elimination::OutOfScope),
        _ => None,
    });
    assert_eq!(outcome, Outcome::Found(Intent(1)));
    let why: Vec<(Target, Option<Elimination>)> = ranking.iter().map(|it| (it.target, it.eliminated)).collect();
    let expected = [
        (Intent(1), None),
        (Intent(0), Some(Elimination::RuledOut)),
        (Intent(4), Some(Elimination::OutOfScope)),
        (SmallTalk(0), Some(Elimination::SmallTalk)),
        (Intent(2), Some(Elimination::OnlyValue)),
        (Intent(3), Some(Elimination::NotDefinitive)),
    ];
    assert_eq!(why, expected);
}
