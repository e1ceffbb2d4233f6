//! Which item of a list a text names.

use std::sync::Arc;

use entities::list::{Choice, List, ListOptions};
use patterns::Concepts;

use crate::choices;

/// The values named: tied ones joined by `?`, several by `+`.
fn named(list: &List, text: &str) -> String {
    let one =
        |items: &[usize]| items.iter().map(|item| list.items()[*item].value.clone()).collect::<Vec<_>>().join("?");
    list.named(text).iter().map(|naming| one(&naming.items)).collect::<Vec<_>>().join("+")
}

/// The items of a list, then texts with what they name.
type Table = (&'static [&'static str], &'static [(&'static str, &'static str)]);

#[test]
fn one_item_is_named() {
    const FRUIT: [&str; 3] = ["Mango Fruit|mango", "Apple Fruit|apple", "Banana|banana|yellow thing|'bananas_only"];
    const PAY: [&str; 4] = [
        "Debit Card|debit|bank card",
        "Credit Card|credit|plastic",
        "Wallet|wallet|\"Pay TM\"|<cash>",
        "No, Thanks|none|No",
    ];
    const SHOP: [&str; 3] = ["Update Pickup Location|pickup", "Update Cab Type|cab", "Update|update"];
    const NUMBERS: [&str; 7] = ["1|one", "2|two", "10|ten", "Plan B|b", "Vitamin A|va", "C++|cpp", "C#|csharp"];
    const EXACT: [&str; 3] = ["'Mouse|'mouse", "Keys|keys|'Keyboards", "All of it|all"];
    const ACCOUNTS: [&str; 4] = [
        "Everyday|E|\"checking\",\"current account\"",
        "Rainy day|R|savings,nest egg",
        "Card|C|plastic, \"credit card\"",
        "Old|O|\"Smith, John\"",
    ];
    let tables: [Table; 6] = [
        (
            &ACCOUNTS,
            &[
                ("checking", "E"),
                ("my current account", "E"),
                // What stands in quotes has to be said as a whole.
                ("current", ""),
                ("savings", "R"),
                ("nest egg", "R"),
                ("savings,nest egg", "R"),
                ("plastic", "C"),
                ("credit card", "C"),
                ("credit", ""),
                ("smith john", "O"),
                ("smith", ""),
            ],
        ),
        (
            &FRUIT,
            &[
                ("Fruit", "mango?apple"),
                ("fruits", "mango?apple"),
                ("Mango", "mango"),
                ("mangos please", "mango"),
                ("I would like the apple", "apple"),
                ("apple fruit", "apple"),
                ("APPLE  FRUIT", "apple"),
                ("something yellow", "banana"),
                ("two bananas", "banana"),
                ("mango or apple", "mango?apple"),
                ("the of and", ""),
                ("", ""),
                ("pear", ""),
            ],
        ),
        (
            &PAY,
            &[
                ("debit", "debit"),
                ("my bank card", "debit"),
                ("bank", "debit"),
                ("card", "debit?credit"),
                ("credit card", "credit"),
                ("debit card or wallet", "debit"),
                ("pay", ""),
                ("tm", ""),
                ("pay with pay tm", "wallet"),
                ("I use Pay TM", "wallet"),
                ("cash", "wallet"),
                ("with cash", ""),
                ("No", "none"),
                ("no thanks", "none"),
                ("plastic!", "credit"),
            ],
        ),
        (
            &SHOP,
            &[
                ("update", "update"),
                ("update cab", "cab?update"),
                ("update cab type", "cab"),
                ("the type", "cab"),
                ("change my pickup", "pickup"),
                ("location", "pickup"),
            ],
        ),
        (
            &NUMBERS,
            &[
                ("2", "two"),
                ("10", "ten"),
                ("I take 1", "one"),
                ("plan b", "b"),
                ("vitamin", "va"),
                ("c++", "cpp"),
                ("C#", "csharp"),
                ("100", ""),
            ],
        ),
        (
            &EXACT,
            &[
                ("mouse", "'mouse"),
                ("mouses", ""),
                ("keyboard", ""),
                ("the keyboards", "keys"),
                ("key", "keys"),
                ("all of it", "all"),
                ("it", ""),
            ],
        ),
    ];
    for (items, cases) in tables {
        let list = List::new(choices(items), "en", ListOptions::default());
        for (text, expected) in cases {
            assert_eq!(named(&list, text), *expected, "{text:?} in {items:?}");
        }
    }
}

#[test]
fn several_items_are_named() {
    let items = ["Red", "Green", "Dark Blue|navy", "Light Blue|sky", "Fish and Chips|fish"];
    let list = List::new(choices(&items), "en", ListOptions { many: true, ..ListOptions::default() });
    for (text, expected) in [
        ("red", "Red"),
        ("green and red", "Green+Red"),
        ("red, dark blue, green", "Red+navy+Green"),
        ("red green", "Red+Green"),
        ("red and red", "Red"),
        ("dark and red", "navy+Red"),
        ("blue, green", "navy?sky+Green"),
        ("fish and chips & red", "fish+Red"),
        ("purple, red", "Red"),
        ("red, navy, purple, green", "Red+navy+Green"),
        ("nothing", ""),
    ] {
        assert_eq!(named(&list, text), expected, "{text:?}");
    }
}

#[test]
fn misspelt_words_are_taken_from_a_threshold_on() {
    let items = ["Restaurant", "Hotel", "Flight", "Model X250|x250"];
    let at = |spell_threshold| List::new(choices(&items), "en", ListOptions { spell_threshold, ..Default::default() });
    for (text, none, eighty, sixty) in [
        ("restuarant", "", "Restaurant", "Restaurant"),
        ("hotl", "", "Hotel", "Hotel"),
        ("a hottel please", "", "Hotel", "Hotel"),
        ("fligth", "", "Flight", "Flight"),
        ("flght", "", "Flight", "Flight"),
        ("fit", "", "", ""),
        ("x251", "", "", ""),
        ("flat", "", "", ""),
        ("hotel", "Hotel", "Hotel", "Hotel"),
    ] {
        for (threshold, expected) in [(0.0, none), (80.0, eighty), (60.0, sixty)] {
            assert_eq!(named(&at(threshold), text), expected, "{text} at {threshold}");
        }
    }
}

#[test]
fn options_change_what_counts() {
    let items = ["Savings Account", "Current Account"];
    let with = |options| List::new(choices(&items), "en", options);
    let ignoring = with(ListOptions { ignored: vec!["account".to_owned()], ..Default::default() });
    assert_eq!(named(&ignoring, "my account"), "");
    assert_eq!(named(&ignoring, "my saving"), "Savings Account");
    let plain = with(ListOptions { no_stems: true, ..Default::default() });
    assert_eq!(named(&plain, "my saving"), "");
    let one = with(ListOptions { unstemmed: vec!["savings".to_owned()], ..Default::default() });
    assert_eq!(
        (named(&one, "saving"), named(&one, "accounts")),
        (String::new(), "Savings Account?Current Account".into())
    );
}

#[test]
fn concepts_name_items() {
    let concepts = [("~drink", vec!["tea", "orange juice"]), ("~snack", vec!["peanut"])];
    let concepts = Concepts::new(concepts, &|word| word.to_owned());
    let list = List::new(
        choices(&["Beverage|drink|~drink|~nothing", "Meal|meal", "Snack|snack|\"~snack\",\"potato crisps\""]),
        "en",
        ListOptions { concepts: Arc::new(concepts), ..Default::default() },
    );
    let cases = [
        ("tea", "drink"),
        ("some orange juice", "drink"),
        ("orange", ""),
        ("a meal", "meal"),
        ("a peanut", "snack"),
        ("potato crisps", "snack"),
        ("potato", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(named(&list, text), expected, "{text}");
    }
}

#[test]
fn a_list_that_was_shown_is_chosen_from() {
    let items = choices(&["Red", "Green", "Blue"]);
    let one = List::new(items.clone(), "en", ListOptions::default());
    let many = List::new(items.clone(), "en", ListOptions { many: true, ..Default::default() });
    let none = List::new(items, "en", ListOptions { no_index: true, ..Default::default() });
    for (text, single, several) in [
        ("b", vec![1], vec![1]),
        ("3", vec![2], vec![2]),
        ("the last one", vec![2], vec![2]),
        ("a, c", vec![], vec![0, 2]),
        ("1 and 3", vec![], vec![0, 2]),
        ("a and a", vec![], vec![0]),
        ("a and red", vec![], vec![]),
        ("z", vec![], vec![]),
    ] {
        assert_eq!(one.chosen(text, &[0, 1, 2]), single, "{text}");
        assert_eq!(many.chosen(text, &[0, 1, 2]), several, "{text}");
        assert!(none.chosen(text, &[0, 1, 2]).is_empty());
    }
    assert_eq!(one.chosen("a", &[2, 1]), [2], "of what was shown, not of the list");
}

#[test]
fn hostile_lists_and_texts_are_read() {
    let long = "word ".repeat(5_000);
    let repeated = "buffalo ".repeat(200);
    let mut items = choices(&["", "   ", "\"", "<", "<>", "~", "'", "'\u{0}", "🍎", "\u{202e}x", "((((", "~(((("]);
    items.push(Choice { title: long.clone(), ..Choice::default() });
    items.push(Choice { title: repeated.clone(), ..Choice::default() });
    let options = ListOptions { many: true, spell_threshold: 50.0, ..Default::default() };
    let list = List::new(items, "en", options);
    for text in ["", " ", "\u{0}", "🍎", "🍎, 🍎", &long, &repeated, &"x,".repeat(5_000), &"é".repeat(10_000)] {
        for naming in list.named(text) {
            assert!(text.get(naming.range.clone()).is_some(), "{:?}", naming.range);
        }
    }
    assert_eq!(list.named("an 🍎").len(), 1);
}

#[test]
fn large_lists_are_found_in() {
    let mut items: Vec<Choice> = (0..20_000)
        .map(|n| Choice { title: format!("Product kind{} size{}", n % 997, n), value: n.to_string(), synonyms: vec![] })
        .collect();
    items.push(Choice { title: "Zebra".into(), value: "z".into(), synonyms: vec![] });
    let list = List::new(items, "en", ListOptions { spell_threshold: 80.0, ..Default::default() });
    assert_eq!(named(&list, "I want the product size777 kind777"), "777");
    assert_eq!(named(&list, "a zebrra"), "z");
    assert_eq!(list.named("product")[0].items.len(), 20_000);
}
