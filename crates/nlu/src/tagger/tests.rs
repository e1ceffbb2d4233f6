use proptest::prelude::*;

use super::*;

const CITIES: [&str; 8] = ["Berlin", "Paris", "New York", "Oslo", "San Jose", "Rome", "Cape Town", "Lima"];

/// Flights as people ask for them.
fn flights() -> Vec<(String, &'static str, &'static str)> {
    let frames = ["fly from # to @", "I need a flight to @ from #", "book me a ticket from # to @ please"];
    let pair = |place: usize| (CITIES[place % 8], CITIES[(3 * place + 1) % 8]);
    (0..24)
        .map(|place| {
            (frames[place % 3].replace('#', pair(place).0).replace('@', pair(place).1), pair(place).0, pair(place).1)
        })
        .collect()
}

fn marks(text: &str, from: &str, to: &str) -> Vec<Mark<'static>> {
    let mark = |entity, lead: &str, value: &str| {
        let start = text.find(&format!("{lead} {value}")).unwrap() + lead.len() + 1;
        Mark { entity, range: start..start + value.len() }
    };
    vec![mark("from", "from", from), mark("to", "to", to)]
}

fn annotated(flights: &[(String, &'static str, &'static str)]) -> Vec<Annotated<'static>> {
    let text = |text: &str| -> &'static str { text.to_owned().leak() };
    let of =
        |(it, from, to): &(String, &str, &str)| Annotated { text: text(it), marks: marks(it, from, to), hints: vec![] };
    flights.iter().map(of).collect()
}

fn found<'a>(tagger: &'a Tagger, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let tagged = tagger.tag(&Language::of("en"), text, &[]);
    tagged.iter().for_each(|it| assert!((0.0..=1.0).contains(&it.score), "{it:?}"));
    tagged.iter().map(|it| (it.entity, &text[it.start..it.end])).collect()
}

#[test]
fn values_never_seen_are_found_by_their_surroundings() {
    let tagger = Tagger::train(&Language::of("en"), &annotated(&flights())).unwrap();
    for (text, expected) in [
        ("fly from Quito to Hong Kong", vec![("from", "Quito"), ("to", "Hong Kong")]),
        ("i need a flight to sofia from oslo", vec![("to", "sofia"), ("from", "oslo")]),
        ("please book", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(found(&tagger, text), expected, "{text}");
    }
}

#[test]
fn the_same_examples_give_the_same_bytes_and_those_the_same_tagger() {
    let mut examples = annotated(&flights());
    let tagger = Tagger::train(&Language::of("en"), &examples).unwrap();
    examples.reverse();
    examples.extend(examples.clone());
    let bytes = postcard::to_allocvec(&tagger).unwrap();
    assert_eq!(bytes, postcard::to_allocvec(&Tagger::train(&Language::of("en"), &examples)).unwrap()[1..]);
    assert_eq!(postcard::from_bytes::<Tagger>(&bytes).unwrap(), tagger);
}

#[test]
fn marks_are_snapped_to_words_or_dropped() {
    let tokens = Language::of("en").tokens("to New York, 7pm");
    for (range, expected) in [
        (3..11, Some(1..3)),
        (2..12, Some(1..4)),
        (2..11, Some(1..3)),
        (1..10, Some(0..3)),
        (4..11, Some(1..3)),
        (13..14, Some(4..5)),
        (2..3, None),
        (40..50, None),
        (Range { start: 9, end: 4 }, None),
        (0..usize::MAX, Some(0..5)),
    ] {
        assert_eq!(spans::snap(&tokens, &range), expected, "{range:?}");
    }
    let mark = |range| Mark { entity: "city", range };
    let usable = spans::usable(&tokens, &[mark(3..6), mark(3..11), mark(7..11), mark(13..16)]);
    assert_eq!(usable, [(1..3, 1), (4..5, 3)], "the longest of overlapping ones");
    let nothing = Annotated { text: "hi", marks: vec![mark(7..9)], hints: vec![] };
    assert_eq!(Tagger::train(&Language::of("en"), &[nothing]), None);
}

#[test]
fn gazetteers_find_the_longest_phrases_of_each_list() {
    let language = Language::of("en");
    let lists = [("city", "New York"), ("city", "York"), ("paper", "New York Times"), ("pet", "dog")];
    let gazetteers = Gazetteers::new(&language, lists);
    let text = "Dogs of new york times york";
    let found: Vec<(&str, &str)> =
        gazetteers.find(&language, text).into_iter().map(|it| (it.kind, &text[it.range])).collect();
    assert_eq!(found, [("pet", "Dogs"), ("city", "new york"), ("paper", "new york times"), ("city", "york")]);
    assert_eq!(Gazetteers::default().find(&language, text), []);
}

#[test]
fn hints_help_where_words_do_not() {
    let language = Language::of("en");
    let texts: Vec<String> = ["qa", "rb", "sc", "td", "ue", "vf"].map(|it| format!("{it} z{it}")).into();
    let example = |(place, text): (usize, &'static String)| Annotated {
        text,
        marks: if place % 2 == 0 { vec![Mark { entity: "code", range: 3..6 }] } else { vec![] },
        hints: if place % 2 == 0 { vec![Hint { kind: "known", range: 3..6 }] } else { vec![] },
    };
    let texts: &'static Vec<String> = Box::leak(Box::new(texts));
    let tagger = Tagger::train(&language, &texts.iter().enumerate().map(example).collect::<Vec<_>>()).unwrap();
    assert_eq!(tagger.tag(&language, "xy wvu", &[]), []);
    assert_eq!(tagger.tag(&language, "xy wvu", &[Hint { kind: "known", range: 3..6 }]).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_text_with_any_marks(text in "(\\PC| |to|from|[\u{0}-\u{20}]){0,40}", ranges in prop::collection::vec((0..90usize, 0..90usize), 0..5)) {
        let language = Language::of("en");
        let mut examples = annotated(&flights()[..4]);
        let marks = ranges.iter().map(|(start, end)| Mark { entity: "odd", range: *start..*end }).collect();
        let hints: Vec<Hint<'_>> = ranges.iter().map(|(start, end)| Hint { kind: "odd", range: *start..*end }).collect();
        examples.push(Annotated { text: &text, marks, hints: hints.clone() });
        let tagger = Tagger::train(&language, &examples).unwrap();
        let mut last = 0;
        for tagged in tagger.tag(&language, &text, &hints) {
            prop_assert!(last <= tagged.start && tagged.start < tagged.end && text.get(tagged.start..tagged.end).is_some());
            prop_assert!((0.0..=1.0).contains(&tagged.score));
            last = tagged.end;
        }
    }

    #[test]
    fn the_best_labels_are_the_best_of_all(
        scores in prop::collection::vec(-3.0..3.0f32, 15),
        weights in prop::collection::vec(-3.0..3.0f32, 8),
    ) {
        let mut chain = Transitions::new(5, [(0, 1), (2, 3), (3, 0)]);
        let count = chain.weights.len();
        chain.weights.copy_from_slice(&weights[..count]);
        let score = |labels: &[u16]| -> Option<f32> {
            let mut score = 0.0;
            for (place, label) in labels.iter().enumerate() {
                let last = place.checked_sub(1).map(|it| labels[it]);
                if spans::continues(*label) && last != Some(*label) && last != Some(label - 1) {
                    return None;
                }
                score += scores[place * 5 + usize::from(*label)] + last.map_or(0.0, |last| chain.weights[chain.place(last, *label)]);
            }
            Some(score)
        };
        let all: Vec<Vec<u16>> = (0..125u16).map(|it| vec![it / 25, it / 5 % 5, it % 5]).collect();
        let most = all.iter().filter_map(|it| score(it)).fold(f32::MIN, f32::max);
        prop_assert!((score(&chain.best(&scores)).unwrap() - most).abs() < 1e-4);
        let sum: f64 = all.iter().filter_map(|it| score(it)).map(|it| f64::from(it).exp()).sum();
        let posterior = chain.posterior(&scores);
        for label in 0..5 {
            let of: f64 = all.iter().filter(|it| it[1] == label).filter_map(|it| score(it)).map(|it| f64::from(it).exp()).sum();
            prop_assert!((posterior.of(1, label) - of / sum).abs() < 1e-4);
        }
        let exactly = |it: &&Vec<u16>| it[0] == 1 && it[1] == 2 && it[2] != 2;
        let of: f64 = all.iter().filter(exactly).filter_map(|it| score(it)).map(|it| f64::from(it).exp()).sum();
        prop_assert!((chain.confidence(&posterior, 1, 0..2) - of / sum).abs() < 1e-4);
    }
}
