//! Between marks in a text and labels of its tokens.

use std::ops::Range;

use super::Mark;
use crate::text::Token;

/// A label of a token: nothing, the beginning of an entity, or its continuation.
pub(super) type Label = u16;

/// No entity.
pub(super) const OUTSIDE: Label = 0;

/// More entities than this cannot be told apart; the rest is not learned.
pub(super) const MOST_ENTITIES: usize = 8_000;

pub(super) fn begin(entity: usize) -> Label {
    (1 + 2 * entity) as Label
}

pub(super) fn inside(entity: usize) -> Label {
    (2 + 2 * entity) as Label
}

pub(super) fn entity(label: Label) -> Option<usize> {
    usize::from(label).checked_sub(1).map(|it| it / 2)
}

/// Whether the label goes on with an entity.
pub(super) fn continues(label: Label) -> bool {
    label != OUTSIDE && label.is_multiple_of(2)
}

/// The tokens that a range of the text means: those it covers at least half, or else the one it touches most.
pub(super) fn snap(tokens: &[Token], range: &Range<usize>) -> Option<Range<usize>> {
    let covered = |token: &Token| token.end.min(range.end).saturating_sub(token.start.max(range.start));
    let first = tokens.partition_point(|token| token.end <= range.start);
    let last = tokens.partition_point(|token| token.start < range.end);
    let touched = tokens.get(first..last)?;
    let half = |token: &Token| 2 * covered(token) >= token.end - token.start;
    match (touched.iter().position(half), touched.iter().rposition(half)) {
        (Some(from), Some(to)) => Some(first + from..first + to + 1),
        _ => {
            let (most, _) = touched.iter().enumerate().rev().max_by_key(|(_, token)| covered(token))?;
            Some(first + most..first + most + 1)
        }
    }
}

/// The marks that can be used, as tokens and the place of the mark; of overlapping ones the longest.
pub(super) fn usable(tokens: &[Token], marks: &[Mark<'_>]) -> Vec<(Range<usize>, usize)> {
    let mut spans: Vec<(Range<usize>, usize)> =
        marks.iter().enumerate().filter_map(|(place, mark)| Some((snap(tokens, &mark.range)?, place))).collect();
    spans.sort_by_key(|(span, place)| (usize::MAX - span.len(), span.start, *place));
    let mut taken = vec![false; tokens.len()];
    spans.retain(|(span, _)| {
        let free = !taken[span.clone()].contains(&true);
        if free {
            taken[span.clone()].fill(true);
        }
        free
    });
    spans.sort_by_key(|(span, _)| span.start);
    spans
}
