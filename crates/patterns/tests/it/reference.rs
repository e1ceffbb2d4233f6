//! The engine against a naive matcher that tries every way through a pattern.

use std::collections::BTreeSet;

use crate::message::stem;
use patterns::{Concepts, Kind, Options, Pattern, Word};
use proptest::prelude::*;

/// A pattern as the test makes it; rendered for the parser and walked by the naive matcher.
#[derive(Debug, Clone)]
enum Piece {
    Word(&'static str),
    Phrase(Vec<&'static str>),
    Group(Vec<Piece>),
    Choice(Vec<Piece>),
    Optional(Vec<Piece>),
    AnyOrder(Vec<Piece>),
    Wildcard,
    Exactly(usize),
    UpTo(usize),
    Not(&'static str),
    NotNext(&'static str),
    Start,
    End,
}

fn render(pieces: &[Piece]) -> String {
    pieces.iter().map(render_one).collect::<Vec<_>>().join(" ")
}

fn render_one(piece: &Piece) -> String {
    match piece {
        Piece::Word(word) => (*word).to_owned(),
        Piece::Phrase(words) => words.join("_"),
        Piece::Group(pieces) => format!("({})", render(pieces)),
        Piece::Choice(pieces) => format!("[{}]", render(pieces)),
        Piece::Optional(pieces) => format!("{{{}}}", render(pieces)),
        Piece::AnyOrder(pieces) => format!("<< {} >>", render(pieces)),
        Piece::Wildcard => "*".to_owned(),
        Piece::Exactly(number) => format!("*{number}"),
        Piece::UpTo(number) => format!("*~{number}"),
        Piece::Not(word) => format!("!{word}"),
        Piece::NotNext(word) => format!("!!{word}"),
        Piece::Start => "<".to_owned(),
        Piece::End => ">".to_owned(),
    }
}

/// Where a way through the pattern has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    position: usize,
    /// First and last token taken so far.
    taken: Option<(usize, usize)>,
    /// Whether words may be passed over before the next piece.
    gap_due: bool,
}

impl Way {
    fn take(self, from: usize, to: usize, gap_due: bool) -> Self {
        let taken = match self.taken {
            _ if from == to => self.taken,
            None => Some((from, to)),
            Some((first, last)) => Some((first.min(from), last.max(to))),
        };
        Self { position: to, taken, gap_due }
    }
}

fn is_word(words: &[Word], position: usize, text: &str) -> bool {
    words.get(position).is_some_and(|word| word.lower == text)
}

fn count(words: &[Word]) -> usize {
    words.iter().filter(|word| word.kind == Kind::Word).count()
}

/// All ends of skipping `least` to `most` words.
fn skips(words: &[Word], from: usize, least: usize, most: usize) -> Vec<usize> {
    (from..=words.len()).filter(|to| (least..=most).contains(&count(&words[from..*to]))).collect()
}

fn ways_of_all(words: &[Word], pieces: &[Piece], start: Way) -> BTreeSet<Way> {
    let mut ways = BTreeSet::from([start]);
    let mut begun = false;
    for piece in pieces {
        let rewinds = begun && matches!(piece, Piece::Start);
        ways = ways.into_iter().flat_map(|way| ways_of(words, piece, way, rewinds)).collect();
        begun |= !matches!(piece, Piece::Not(_) | Piece::NotNext(_));
    }
    ways
}

/// The ways of a piece that is an element of its own: gaps before it, then its inside.
fn ways_of(words: &[Word], piece: &Piece, way: Way, rewinds: bool) -> Vec<Way> {
    let at = way.position;
    let leading = words.iter().take_while(|word| word.kind == Kind::Mark).count();
    match piece {
        Piece::Wildcard => wildcard(words, way, skips(words, at, 0, usize::MAX)),
        Piece::Exactly(0) => vec![Way { gap_due: false, ..way }],
        Piece::Exactly(number) => wildcard(words, way, skips(words, at, *number, *number)),
        Piece::UpTo(0) => vec![Way { gap_due: false, ..way }],
        Piece::UpTo(number) => wildcard(words, way, skips(words, at, 0, *number)),
        Piece::Not(word) => {
            if (at..words.len()).any(|position| is_word(words, position, word)) {
                vec![]
            } else {
                vec![way]
            }
        }
        Piece::NotNext(word) => {
            if is_word(words, at, word) {
                vec![]
            } else {
                vec![way]
            }
        }
        Piece::Start if rewinds => (0..=leading).map(|position| Way { position, gap_due: false, ..way }).collect(),
        Piece::Start => {
            if at <= leading {
                vec![Way { gap_due: false, ..way }]
            } else {
                vec![]
            }
        }
        Piece::End => {
            if count(&words[at..]) == 0 {
                vec![Way { gap_due: false, ..way }]
            } else {
                vec![]
            }
        }
        Piece::Optional(pieces) => {
            let mut ways = ways_of(words, &Piece::Choice(pieces.clone()), way, false);
            ways.push(way);
            ways
        }
        _ => {
            let from = if way.gap_due { skips(words, at, 0, 3) } else { vec![at] };
            let inside = |position| inside(words, piece, Way { position, gap_due: false, ..way });
            from.into_iter().flat_map(inside).map(|way| Way { gap_due: true, ..way }).collect()
        }
    }
}

fn wildcard(words: &[Word], way: Way, ends: Vec<usize>) -> Vec<Way> {
    let mut ways = Vec::new();
    for end in ends {
        let (mut from, mut to) = (way.position, end);
        while from < to && words[from].kind == Kind::Mark {
            from += 1;
        }
        while from < to && words[to - 1].kind == Kind::Mark {
            to -= 1;
        }
        ways.push(Way { position: end, ..way.take(from, to, false) });
    }
    ways
}

fn inside(words: &[Word], piece: &Piece, way: Way) -> Vec<Way> {
    let at = way.position;
    match piece {
        Piece::Word(word) => {
            if is_word(words, at, word) {
                vec![way.take(at, at + 1, true)]
            } else {
                vec![]
            }
        }
        Piece::Phrase(phrase) => {
            let all = phrase.iter().enumerate().all(|(offset, word)| is_word(words, at + offset, word));
            if all { vec![way.take(at, at + phrase.len(), true)] } else { vec![] }
        }
        Piece::Group(pieces) => ways_of_all(words, pieces, way).into_iter().collect(),
        Piece::Choice(pieces) => pieces.iter().flat_map(|piece| ways_of(words, piece, way, false)).collect(),
        Piece::AnyOrder(pieces) => {
            let mut ways = vec![way];
            for piece in pieces {
                let mut longer = Vec::new();
                for way in ways {
                    for position in at..=words.len() {
                        for found in ways_of(words, piece, Way { position, gap_due: false, ..way }, false) {
                            longer.push(Way { position: found.position.max(way.position), ..found });
                        }
                    }
                }
                ways = longer;
            }
            ways
        }
        _ => unreachable!("an element with an inside"),
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c"])
}

fn bound_piece() -> impl Strategy<Value = Piece> {
    let leaf = prop_oneof![
        4 => word().prop_map(Piece::Word),
        1 => prop::collection::vec(word(), 2..3).prop_map(Piece::Phrase),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::option::of(filler()), inner.clone()).prop_map(|(first, middle, last)| Piece::Group(
                [Some(first), middle, Some(last)].into_iter().flatten().collect()
            )),
            prop::collection::vec(inner.clone(), 1..3).prop_map(Piece::Choice),
            prop::collection::vec(inner, 1..4).prop_map(Piece::AnyOrder),
        ]
    })
}

/// What may stand between two bound pieces.
fn filler() -> impl Strategy<Value = Piece> {
    prop_oneof![
        Just(Piece::Wildcard),
        (0..3usize).prop_map(Piece::Exactly),
        (0..3usize).prop_map(Piece::UpTo),
        word().prop_map(Piece::Not),
        word().prop_map(Piece::NotNext),
        word().prop_map(|word| Piece::Optional(vec![Piece::Word(word)])),
        Just(Piece::Start),
    ]
}

/// Whole patterns. A wildcard never stands last, where it would take the rest.
fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let leading = prop::option::of(prop_oneof![
        Just(Piece::Start),
        Just(Piece::Wildcard),
        word().prop_map(|word| Piece::Optional(vec![Piece::Word(word)])),
    ]);
    let trailing = prop::option::of(prop_oneof![
        Just(Piece::End),
        word().prop_map(Piece::Not),
        word().prop_map(|word| Piece::Optional(vec![Piece::Word(word)])),
    ]);
    let middle = prop::collection::vec((prop::option::of(filler()), bound_piece()), 0..3);
    (leading, bound_piece(), middle, trailing).prop_map(|(leading, first, middle, trailing)| {
        let mut pieces: Vec<Piece> = leading.into_iter().collect();
        pieces.push(first);
        for (filler, piece) in middle {
            pieces.extend(filler);
            pieces.push(piece);
        }
        pieces.extend(trailing);
        pieces
    })
}

fn sentence() -> impl Strategy<Value = Vec<Word>> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "x", ","]), 1..8).prop_map(|texts| {
        let word = |(number, text): (usize, &str)| Word {
            lower: text.to_owned(),
            stem: text.to_owned(),
            start: 2 * number,
            end: 2 * number + 1,
            kind: if text == "," { Kind::Mark } else { Kind::Word },
            sentence: 0,
        };
        texts.into_iter().enumerate().map(word).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_finds_what_trying_everything_finds(pieces in pieces(), words in sentence()) {
        let text = render(&pieces);
        let pattern = Pattern::parse(&text, &stem).unwrap();
        let found = pattern.find(&words, &Concepts::default(), Options::INTENT);
        let mut expected = BTreeSet::new();
        for position in 0..=words.len() {
            expected = ways_of_all(&words, &pieces, Way { position, taken: None, gap_due: false });
            if !expected.is_empty() {
                break;
            }
        }
        let ranges: Vec<_> = expected.iter().filter_map(|way| way.taken).map(|(from, to)| from..to).collect();
        match found {
            Some(found) => prop_assert!(ranges.contains(&found.words), "`{text}`: {:?}, not in {ranges:?}", found.words),
            None => prop_assert!(ranges.is_empty(), "`{text}` is not found, but stands at {ranges:?}"),
        }
    }
}
