use definition::nlp::{Answer, Faq, PathTerm, Phrasing, Term};
use proptest::prelude::*;

use super::*;

fn term(label: &str) -> PathTerm {
    PathTerm { label: label.to_owned(), ..PathTerm::default() }
}

fn asked(text: &str, path: &[PathTerm]) -> Phrasing {
    Phrasing { text: text.to_owned(), path: path.to_vec(), ..Phrasing::default() }
}

fn faq(ways: &[&str], path: &[PathTerm]) -> Faq {
    let mut ways = ways.iter().map(|text| asked(text, path));
    let question = ways.next().unwrap_or_default();
    Faq { question, alternates: ways.collect(), ..Faq::default() }
}

/// A town library.
fn library() -> NlpData {
    let root = term("Library");
    let fines = PathTerm { synonyms: vec!["penalty".into(), "late fee".into()], ..term("Fines") };
    let card = PathTerm { mandatory: true, synonyms: vec!["pass".into()], ..term("card") };
    let desk = PathTerm { organizer: true, ..term("Front desk") };
    let rooms = PathTerm { traits: vec!["Study".into()], ..term("rooms") };
    let mut loans = faq(&["How long can I keep a borrowed book?", "loan period of books"], std::slice::from_ref(&root));
    loans
        .alternates
        .push(Phrasing { is_pattern: true, ..asked("<< renew [novel comic] >>", std::slice::from_ref(&root)) });
    NlpData {
        language: "en".to_owned(),
        faqs: vec![
            loans,
            faq(&["How are fines calculated for overdue books?"], &[fines, root.clone()]),
            faq(&["Where do I replace a lost card?"], &[card, desk, root.clone()]),
            faq(&["Which places are quiet on Sunday evening?"], &[rooms, root.clone()]),
            faq(&["When does the reading garden close?"], &[term("Members"), root.clone()]),
            faq(&["Who repairs damaged bindings?", "bookbinder workshop visit"], &[root]),
        ],
        terms: vec![Term {
            node_id: "m".into(),
            label: "Members".into(),
            preconditions: vec!["member".into()],
            ..Term::default()
        }],
        synonyms: vec![("book".into(), vec!["tome".into(), "bound volume".into()])],
        ..NlpData::default()
    }
}

fn ask(data: &NlpData, text: &str, state: &State) -> Vec<(usize, Certainty)> {
    let lexicon = Lexicon::new(data);
    let found = Expert::new(data, &lexicon).find(&lexicon, &lexicon.read(text), state);
    let place = |target| if let Target::Faq(place) = target { place } else { usize::MAX };
    found.into_iter().map(|candidate| (place(candidate.target), candidate.certainty)).collect()
}

#[test]
fn each_rule_decides() {
    use Certainty::{Definitive, Low, Probable};
    let (none, member, study) = (State::default(), State::new(["Member"], []), State::new([], ["study"]));
    for (text, state, expected) in [
        ("How long can I keep a borrowed BOOKS", &none, Some((0, Some(Definitive)))),
        ("how long can I keep borrowed books", &none, Some((0, Some(Probable)))),
        ("how long can I keep a borowed book", &none, Some((0, Some(Definitive)))),
        ("books period loan", &none, Some((0, Some(Probable)))),
        ("please renew that old comic", &none, Some((0, Some(Definitive)))),
        ("please renew that old card", &none, None),
        ("how is the penalty calculated for overdue books", &none, Some((1, None))),
        ("where do I replace a lost card?", &none, Some((2, Some(Definitive)))),
        ("where do I replace a lost pass?", &none, Some((2, None))),
        ("where do I replace a lost umbrella?", &none, None),
        ("quiet places on Sunday evening", &none, None),
        ("quiet places on Sunday evening", &study, Some((3, Some(Probable)))),
        ("when does the reading garden close", &none, None),
        ("when does the reading garden close", &member, Some((4, Some(Definitive)))),
        ("bookbinder visit tomorrow", &none, Some((5, Some(Low)))),
        ("I want pizza", &none, None),
        ("what is the", &none, None),
        ("", &none, None),
    ] {
        let best = ask(&library(), text, state).first().copied();
        let agrees = match (best, expected) {
            (Some((faq, certainty)), Some((wanted, sure))) => {
                faq == wanted && sure.is_none_or(|sure| sure == certainty)
            }
            (best, wanted) => best.is_none() && wanted.is_none(),
        };
        assert!(agrees, "{text}: {best:?}, expected {expected:?}");
    }
}

#[test]
fn dropped_questions_say_what_they_missed() {
    let data = library();
    let lexicon = Lexicon::new(&data);
    let expert = Expert::new(&data, &lexicon);
    let looks = expert.explain(&lexicon, &lexicon.read("where do I replace a lost umbrella"), &State::default());
    assert_eq!((looks[0].faq, looks[0].qualifies), (2, false));
    assert_eq!(looks[0].missed_mandatory, ["card"]);
    let looks = expert.explain(&lexicon, &lexicon.read("is there a late fee for overdue books"), &State::default());
    assert!(looks.iter().any(|look| look.faq == 1 && look.matched == ["Fines"]), "{looks:?}");
}

#[test]
fn switches_count() {
    let mut data = library();
    assert_eq!(ask(&data, "loan period of tomes", &State::default()).first(), Some(&(0, Certainty::Low)));
    data.thresholds.faq.use_bot_synonyms = true;
    for text in ["loan period of tomes", "loan period of bound volumes"] {
        let best = ask(&data, text, &State::default())[0];
        assert!(best.0 == 0 && best.1 > Certainty::Low, "{text} {best:?}");
    }
    data.thresholds.faq.ignores_paths = true;
    assert_eq!(ask(&data, "quiet places on Sunday evening", &State::default())[0].0, 3);
}

#[test]
fn ties_keep_the_order_and_suggestions_are_few() {
    let mut data = NlpData { language: "xx".into(), ..NlpData::default() };
    data.faqs = (0..6).map(|at| faq(&[&format!("red green blue tint{at}")], &[])).collect();
    let found = ask(&data, "red green blue", &State::default());
    assert_eq!(found, [(0, Certainty::Low), (1, Certainty::Low), (2, Certainty::Low)]);
}

#[test]
fn scripts_without_blanks_are_compared() {
    let data = NlpData {
        language: "zh".into(),
        faqs: vec![faq(&["图书馆几点关门"], &[]), faq(&["怎样办理借书证"], &[])],
        ..NlpData::default()
    };
    assert_eq!(ask(&data, "怎样办理借书证?", &State::default()), [(1, Certainty::Definitive)]);
    assert_eq!(ask(&data, "请问怎样办理借书证", &State::default())[0].0, 1);
    assert_eq!(ask(&data, "今天天气很好", &State::default()), []);
}

#[test]
fn answers_survive() {
    let mut data = library();
    data.faqs[0].answer = Answer::Dialog { dialog_ref: "d".into() };
    data.faqs[1].answer = Answer::Message { answer: r#"["a","b"]"#.into(), alternates: r#"[["c"]]"#.into() };
    let before = data.clone();
    let place = ask(&data, "loan period of books", &State::default())[0].0;
    assert_eq!(data.faqs[place].answer, Answer::Dialog { dialog_ref: "d".into() });
    assert_eq!(data, before);
}

#[test]
fn hostile_input_is_read() {
    for text in
        ["a".repeat(200_000), "book ".repeat(20_000), "\u{0}\u{202e}\u{fffd}".repeat(1_000), "书".repeat(20_000)]
    {
        ask(&library(), &text, &State::default());
    }
    let mut data = library();
    data.faqs.push(Faq::default());
    data.faqs.push(faq(&[""], &[term(""), term("")]));
    data.faqs[0].alternates.push(Phrasing { is_pattern: true, ..asked("[[[ (", &[]) });
    assert_eq!(ask(&data, "loan period of books", &State::default())[0], (0, Certainty::Definitive));
}

proptest! {
    #[test]
    fn an_exact_question_is_without_doubt(text in "[a-z ]{1,30}", others in prop::collection::vec("[a-z ]{1,30}", 0..8)) {
        prop_assume!(!text.trim().is_empty());
        let mut data = NlpData { language: "en".into(), ..NlpData::default() };
        data.faqs = others.iter().map(|other| faq(&[other], &[term("leaf"), term("root")])).collect();
        data.faqs.push(faq(&[&text], &[term("leaf"), term("root")]));
        let found = ask(&data, &text.to_uppercase(), &State::default());
        prop_assert!(found.contains(&(others.len(), Certainty::Definitive)), "{found:?}");
    }

    #[test]
    fn scores_are_shares(text in "\\PC{0,60}", seen in "\\PC{0,60}") {
        let data = NlpData { language: "en".into(), faqs: vec![faq(&[&seen], &[term("a"), term("r")])], ..NlpData::default() };
        let lexicon = Lexicon::new(&data);
        for look in Expert::new(&data, &lexicon).explain(&lexicon, &lexicon.read(&text), &State::default()) {
            prop_assert!((0.0..=1.0).contains(&look.likeness) && (0.0..=1.0).contains(&look.coverage));
        }
    }

    /// Words of questions that have nothing in common with a message change only how telling the others are.
    #[test]
    fn an_unrelated_question_changes_little(extra in "(q[x-z]{4} ){3}") {
        let score = |data: &NlpData| {
            let lexicon = Lexicon::new(data);
            let message = lexicon.read("loan period for novels");
            Expert::new(data, &lexicon).explain(&lexicon, &message, &State::default())[0].clone()
        };
        let mut data = library();
        let before = score(&data);
        data.faqs.push(faq(&[&extra], &[]));
        let after = score(&data);
        prop_assert_eq!(before.faq, after.faq);
        prop_assert!((before.likeness - after.likeness).abs() < 0.05);
    }
}
