//! The list agrees with a reference that looks at every name of every item.

use std::collections::BTreeSet;

use entities::list::{Choice, Degree, List, ListOptions};
use proptest::prelude::*;

/// The items of the best score, by the plain reading of the rules; words of the test have no stems and are not small.
fn plainly(items: &[Choice], text: &str) -> Option<(Degree, Vec<usize>)> {
    let said: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let score = |name: &str| {
        let whole = name.starts_with('<');
        let all = name.starts_with('"');
        let words: Vec<&str> = name.trim_matches(['<', '>', '"']).split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return None;
        }
        let different: BTreeSet<&str> = words.iter().copied().collect();
        let hits = different.iter().filter(|word| said.contains(word)).count();
        let together = said.windows(words.len()).any(|piece| piece == words);
        let length = if together { words.len() } else { 0 };
        if words == said {
            return Some((Degree::Full, different.len(), length));
        }
        match hits {
            0 => None,
            _ if whole => None,
            hits if hits == different.len() => Some((Degree::Words, hits, length)),
            _ if all => None,
            hits => Some((Degree::Part, hits, 0)),
        }
    };
    let scores: Vec<_> = items
        .iter()
        .map(|item| {
            let names = [&item.title, &item.value].into_iter().chain(&item.synonyms);
            names.filter_map(|name| score(name)).max()
        })
        .collect();
    let best = scores.iter().flatten().max()?;
    // What is written like a whole name is that name, whatever its words are.
    let places = (0..items.len()).filter(|place| scores[*place].as_ref() == Some(best)).collect();
    Some((best.0, places))
}

fn name() -> impl Strategy<Value = String> {
    (prop::collection::vec("[b-f]", 1..4), 0..6).prop_map(|(words, kind)| {
        let words = words.join(" ");
        match kind {
            0 => format!("\"{words}\""),
            1 => format!("<{words}>"),
            _ => words,
        }
    })
}

proptest! {
    #[test]
    fn the_best_items_are_those_of_the_reference(
        names in prop::collection::vec((name(), prop::collection::vec(name(), 0..3)), 1..8),
        said in prop::collection::vec("[b-g]", 0..7),
    ) {
        let items: Vec<Choice> = names
            .into_iter()
            .map(|(title, synonyms)| Choice { value: title.clone(), title, synonyms })
            .collect();
        let text = said.join(" ");
        let list = List::new(items.clone(), "xx", ListOptions::default());
        let found = list.named(&text).pop().map(|naming| (naming.degree, naming.items));
        let expected = plainly(&items, &text);
        // Full names of the same words in the same order weigh the same.
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_text_is_read(text in any::<String>(), title in any::<String>(), many in any::<bool>()) {
        let items = vec![Choice { value: title.clone(), synonyms: vec![text.clone()], title }];
        let options = ListOptions { many, spell_threshold: 60.0, ..ListOptions::default() };
        for naming in List::new(items, "en", options).named(&text) {
            prop_assert!(text.get(naming.range).is_some());
        }
    }
}
