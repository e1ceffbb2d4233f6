//! What is understood by rule, as tables over the flower shop.

use definition::nlp::NlpData;
use nlu::candidate::Certainty::{self, Definitive, Probable};
use nlu::candidate::{Reason, Target};
use nlu::lexicon::{Correction, Lexicon};
use nlu::rule::{Expert, Form, form_of};
use nlu::traits::Traits;
use nlu::yes_no::{Answer, YesNo};
use nlu::{languages, small_talk};
use patterns::Options;
use proptest::prelude::*;

use crate::shop;

/// The best of what the rules say, and what they rule out.
fn judged(data: &NlpData, text: &str) -> (Option<(String, Certainty)>, Vec<usize>) {
    let lexicon = Lexicon::new(data);
    let message = lexicon.read(text);
    let traits = Traits::new(data, &lexicon).find(&lexicon, &message);
    let judgement = Expert::new(data, &lexicon).judge(&lexicon, &message, &traits);
    let best =
        judgement.candidates.iter().max_by(|a, b| a.certainty.cmp(&b.certainty).then(a.score.total_cmp(&b.score)));
    let best = best.map(|it| match it.target {
        Target::Intent(at) => (data.intents[at].label.clone(), it.certainty),
        other => panic!("a rule speaks of {other:?}"),
    });
    (best, judgement.vetoed.iter().map(|veto| veto.intent).collect())
}

#[test]
fn names_patterns_phrases_and_traits() {
    let data = shop::data();
    let table: &[(&str, Option<(&str, Certainty)>)] = &[
        // Names: any case, number and order; with words between; by synonym; written as one.
        ("send flowers", Some(("Send Flowers", Definitive))),
        ("SEND a FLOWER please", Some(("Send Flowers", Definitive))),
        ("ship some peonies", Some(("Send Flowers", Definitive))),
        ("ship a bunch of roses", Some(("Send Flowers", Definitive))),
        ("call off the delivery", Some(("Cancel Delivery", Definitive))),
        ("getcaretips", Some(("GetCareTips", Definitive))),
        ("care tips", Some(("GetCareTips", Definitive))),
        // One word of a name in a longer sentence is not enough.
        ("the hours pass slowly here in town", None),
        // A question about a task that is otherwise ordered.
        ("how do I send flowers to my aunt in Spain", Some(("Send Flowers", Probable))),
        // Misspelt words of the bot.
        ("sned flowres", Some(("Send Flowers", Definitive))),
        ("cancle delivery", Some(("Cancel Delivery", Definitive))),
        // Patterns.
        ("could you deliver two dozen roses", Some(("Send Flowers", Definitive))),
        ("open", Some(("Opening Hours", Definitive))),
        ("deliver them as soon as ever you can with a rose", Some(("Send Flowers", Probable))),
        // Phrases, as they stand and nearly.
        ("When are you OPEN?", Some(("Opening Hours", Definitive))),
        ("I would like a bouquet of rose", Some(("Send Flowers", Definitive))),
        // Traits.
        ("this is totally unacceptable", Some(("Make Complaint", Definitive))),
        ("lovely work", None),
        // Irregular forms, and what is written without contractions.
        ("I've sent some flowers", Some(("Send Flowers", Definitive))),
        // Against the order of the name, with more around it, it may be chance.
        ("the delivery that he cancelled yesterday", Some(("Cancel Delivery", Probable))),
        ("delivery cancel", Some(("Cancel Delivery", Definitive))),
        ("", None),
        ("???", None),
    ];
    for (text, expected) in table {
        let expected = expected.map(|(label, certainty)| (label.to_owned(), certainty));
        assert_eq!(judged(&data, text).0, expected, "{text}");
    }
}

#[test]
fn negative_patterns_and_negations_rule_out() {
    let mut data = shop::data();
    assert_eq!(judged(&data, "cancel my subscription").1, [1]);
    assert_eq!(judged(&data, "please don't send flowers").1, Vec::<usize>::new());
    data.settings.drops_negated = true;
    assert_eq!(judged(&data, "please don't send flowers").1, [0]);
    data.settings.ignores_negative_patterns = true;
    assert_eq!(judged(&data, "cancel my subscription").1, Vec::<usize>::new());
}

#[test]
fn names_within_longer_names_are_only_likely() {
    let mut data = shop::data();
    data.intents.push(shop::intent("Cancel Delivery Insurance", &[], &[]));
    let (lexicon, expert) = (Lexicon::new(&data), Expert::new(&data, &Lexicon::new(&data)));
    let judgement = expert.judge(&lexicon, &lexicon.read("cancel the delivery insurance"), &[]);
    let certain: Vec<Target> =
        judgement.candidates.iter().filter(|it| it.certainty == Definitive).map(|it| it.target).collect();
    assert_eq!(certain, [Target::Intent(5)]);
}

#[test]
fn utterances_count_as_read_and_with_a_slip_of_the_finger() {
    let mut data = shop::data();
    data.intents[2].utterances = shop::intent("", &["I wanna know if you aren't open today"], &[]).utterances;
    for text in ["i wanna know if you aren't open today", "I want to know if you are not open today!"] {
        assert_eq!(judged(&data, text).0, Some(("Opening Hours".to_owned(), Definitive)), "{text}");
    }
    let (lexicon, expert) = (Lexicon::new(&data), Expert::new(&data, &Lexicon::new(&data)));
    let found = expert.judge(&lexicon, &lexicon.read("I want to know if you are not opn today"), &[]).candidates;
    assert!(matches!(found[0].reason, Reason::Utterance { likeness, .. } if likeness > 0.95), "{found:?}");
    let other = expert.judge(&lexicon, &lexicon.read("I want to know if they are not open on Monday"), &[]).candidates;
    assert!(other.is_empty(), "{other:?}");
}

#[test]
fn names_count_as_the_bot_wants_them_to() {
    let mut data = shop::data();
    data.thresholds.rule.label_match = false;
    let sending = Some(("Send Flowers".to_owned(), Definitive));
    assert_eq!(judged(&data, "send flowers").0, sending, "the whole name counts in every bot");
    assert_eq!(judged(&data, "send a flower").0, None);
    data.thresholds.rule.exact_name = true;
    assert_eq!(judged(&data, "send a flower").0, sending);
    assert_eq!(judged(&data, "send flowers to Rome").0, None);
}

#[test]
fn patterns_that_cannot_be_read_are_told() {
    let mut data = shop::data();
    data.intents[0].patterns.push("send (flowers".to_owned());
    data.intents[0].patterns.push("send ~nothing".to_owned());
    data.small_talk[0].utterances.push("[".to_owned());
    data.trait_groups[0].match_strategy = "pattern".to_owned();
    data.trait_groups[0].traits[0].1.push("(bad".to_owned());
    let trained = nlu::Learned::train(&data).1.findings.join("\n");
    for part in ["`send (flowers`", "`~nothing`", "`[`", "`(bad` of the trait 'angry'"] {
        assert!(trained.contains(part), "{part}: {trained}");
    }
    let lexicon = Lexicon::new(&data);
    let findings = Expert::new(&data, &lexicon).findings().join("\n");
    assert!(findings.contains("`send (flowers` of the intent 'Send_Flowers'"), "{findings}");
    assert!(findings.contains("`~nothing`"), "{findings}");
    assert_eq!(small_talk::Expert::new(&data, &lexicon).findings().len(), 1);
}

#[test]
fn orders_and_questions() {
    let lexicon = Lexicon::new(&shop::data());
    for (text, form) in [
        ("cancel my order", Form::Command),
        ("can you cancel my order", Form::Command),
        ("I want to cancel", Form::Command),
        ("how do I cancel an order", Form::Question),
        ("hi, what is a bouquet", Form::Question),
        ("is there a fee", Form::Question),
        ("", Form::Command),
    ] {
        assert_eq!(form_of(&lexicon.read(text)), form, "{text}");
    }
}

#[test]
fn small_talk_follows_its_parent() {
    let data = shop::data();
    let lexicon = Lexicon::new(&data);
    let expert = small_talk::Expert::new(&data, &lexicon);
    let find = |text: &str, parent: Option<&str>| -> Vec<String> {
        let found = expert.find(&lexicon, &lexicon.read(text), parent);
        let id = |target: Target| match target {
            Target::SmallTalk(at) => data.small_talk[at].node_id.clone(),
            other => panic!("small talk speaks of {other:?}"),
        };
        found.iter().map(|it| id(it.target)).collect()
    };
    assert_eq!(find("Good morning!", None), ["smn-hello"]);
    assert_eq!(find("👋", None), ["smn-hello"]);
    assert_eq!(find("tell me a joke", None), ["smn-joke"]);
    assert_eq!(find("another", None), [""; 0]);
    assert_eq!(find("another", Some("smn-joke")), ["smn-more"]);
    assert_eq!(find("hello", Some("smn-joke")), ["smn-hello"]);
    assert_eq!(find("another", Some("smn-more")), [""; 0]);
}

#[test]
fn patterns_meet_what_people_write() {
    let mut data = shop::data();
    data.concepts.push(("~you".to_owned(), ["you", "u"].map(str::to_owned).to_vec()));
    data.concepts.push(("~applause".to_owned(), [":+1:", "< :woman-bowing: >"].map(str::to_owned).to_vec()));
    let lexicon = Lexicon::new(&data);
    for (pattern, text, expected) in [
        ("< who be ~you { ? } >", "Who are you?", true),
        ("< who be ~you { ? } >", "who's you", true),
        ("get_it", "Got it!", true),
        ("< I_do_not_think_so >", "I don’t think so", true),
        ("[stop don't] * ring", "dont ring", true),
        ("< I be done >", "I'm done.", true),
        ("'is", "are", false),
        ("~applause", "👍🏽", true),
        ("~applause", ":+1:", true),
        ("~applause", "🙇🏿‍♀️", true),
        ("~applause", "👎", false),
        ("!y of_course", "of course", true),
        ("!y of_course", "y of course", false),
    ] {
        let pattern = lexicon.pattern(pattern).expect("a pattern");
        let message = lexicon.read(text);
        let found = pattern.find(&message.words, lexicon.concepts(), Options::INTENT).is_some();
        assert_eq!(found, expected, "{pattern:?} in {text}");
    }
    assert_eq!(lexicon.pattern("don't (").expect_err("nothing in it").position, 7);
}

proptest! {
    #[test]
    fn any_message_is_read_with_places_in_it(text in "(?s).{0,40}( don't| wanna|👍🏽| I’m|flowres|\\PC{0,9}){0,6}") {
        let lexicon = Lexicon::new(&shop::data());
        let message = lexicon.read(&text);
        prop_assert_eq!(message.tokens.len(), message.words.len());
        for (token, word) in message.tokens.iter().zip(&message.words) {
            prop_assert!(text.get(token.start..token.end).is_some_and(|said| !said.is_empty()));
            prop_assert_eq!((token.start, token.end), (word.start, word.end));
        }
        prop_assert!(message.tokens.windows(2).all(|two| two[0].start <= two[1].start));
        prop_assert_eq!(message.as_meant() == text, message.corrections.is_empty());
    }
}

#[test]
fn messages_are_read_with_their_places() {
    let lexicon = Lexicon::new(&shop::data());
    let message = lexicon.read("I wanna ship  bouqet!");
    let lowers: Vec<&str> = message.tokens.iter().map(|token| token.lower.as_str()).collect();
    assert_eq!(lowers, ["i", "want", "to", "ship", "bouquet", "!"]);
    assert_eq!(message.corrections, [Correction { range: 14..20, meant: "bouquet".to_owned() }]);
    assert_eq!(message.as_meant(), "I wanna ship  bouquet!");
    assert_eq!(message.bytes(&(1..3)), 2..7);
    assert_eq!(&message.text[message.bytes(&(4..5))], "bouqet");
    assert_eq!(message.extent(), 0..20);
    assert_eq!(lexicon.read("…").extent(), 0..0);
}

#[test]
fn yes_and_no_in_many_words() {
    let data = shop::data();
    let lexicon = Lexicon::new(&data);
    let answers = YesNo::new(&lexicon, ["go ahead"], ["change it"]);
    for (text, expected) in [
        ("yes", Some(Answer::Yes)),
        ("Sure, why not", Some(Answer::Yes)),
        ("of course not", Some(Answer::No)),
        ("of course", Some(Answer::Yes)),
        ("👍", Some(Answer::Yes)),
        ("nope", Some(Answer::No)),
        ("please go ahead", Some(Answer::Yes)),
        ("Change it", Some(Answer::No)),
        ("do not go ahead", Some(Answer::No)),
        ("go not ahead", Some(Answer::No)),
        ("please don't change it", Some(Answer::No)),
        ("yes but no", Some(Answer::Yes)),
        ("no do go ahead", Some(Answer::No)),
        ("maybe", None),
        ("", None),
    ] {
        assert_eq!(answers.answer(lexicon.concepts(), &lexicon.read(text)), expected, "{text}");
    }
}

#[test]
fn yes_and_no_in_other_languages() {
    for (language, yes, no) in [
        ("es", &["Sí", "si, gracias", "claro que sí", "vale"][..], &["no", "No, gracias", "claro que no"][..]),
        ("fr", &["Oui", "bien sûr", "d'accord"], &["non merci", "bien sûr que non", "pas du tout"]),
        ("de", &["ja", "Ja, bitte", "na klar"], &["nein", "natürlich nicht"]),
        ("pt_BR", &["sim", "com certeza"], &["não", "nao quero"]),
        ("it", &["sì", "va bene", "d'accordo"], &["no", "certo che no"]),
        ("nl", &["ja graag", "zeker"], &["nee", "zeker niet"]),
    ] {
        let lexicon = Lexicon::new(&NlpData { language: language.to_owned(), ..NlpData::default() });
        let answers = YesNo::new(&lexicon, [], []);
        for (texts, expected) in [(yes, Answer::Yes), (no, Answer::No)] {
            for text in texts {
                let answer = answers.answer(lexicon.concepts(), &lexicon.read(text));
                assert_eq!(answer, Some(expected), "{language}: {text}");
            }
        }
    }
}

#[test]
fn the_language_of_a_message() {
    let english = shop::data();
    let german = NlpData {
        language: "de".to_owned(),
        intents: vec![shop::intent("Blumen schicken", &["ich möchte einen Strauß Rosen", "send it"], &[])],
        ..NlpData::default()
    };
    let spoken = |language: &str, phrase: &str| NlpData {
        language: language.to_owned(),
        intents: vec![shop::intent(phrase, &[], &[])],
        ..NlpData::default()
    };
    let [es, fr, pt, it] =
        [("es", "Enviar flores"), ("fr", "Envoyer des fleurs"), ("pt", "Enviar flores"), ("it", "Inviare fiori")]
            .map(|(language, phrase)| Lexicon::new(&spoken(language, phrase)));
    let (en, de) = (Lexicon::new(&english), Lexicon::new(&german));
    let lexicons = [("en", &en), ("de", &de), ("es", &es), ("fr", &fr), ("pt", &pt), ("it", &it)];
    for (text, current, expected) in [
        ("I would like to send flowers", "de", "en"),
        ("ich möchte Blumen schicken", "en", "de"),
        ("wann ist das möglich", "en", "de"),
        // The very words of one of its phrases, whatever they look like.
        ("Send it!", "en", "de"),
        ("zzz", "de", "de"),
        ("", "en", "en"),
        // Long plain sentences of which the bot itself says next to nothing.
        ("Quisiera saber si es posible que me lleven un paquete a la casa de mi hermana antes del viernes", "en", "es"),
        ("Est-ce que vous pourriez me dire combien il faut payer pour un colis que j'ai reçu hier matin ?", "en", "fr"),
        ("Können Sie mir bitte sagen, wie lange der Laden am Samstag geöffnet hat und ob ich parken kann?", "en", "de"),
        ("Gostaria de saber se vocês podem me ajudar com uma encomenda que ainda não chegou à minha casa", "en", "pt"),
        ("Vorrei sapere se è possibile ricevere il pacco a casa mia prima della fine della settimana", "en", "it"),
        ("Could you please tell me how much I would have to pay for a parcel that I got yesterday?", "es", "en"),
        ("De nada", "en", "es"),
    ] {
        assert_eq!(languages::language_of(&lexicons, text, current).language, expected, "{text}");
    }
    for (text, suggested) in [("Send it!", &["de"][..]), ("Enviar flores", &["es", "pt"]), ("zzz", &[]), ("", &[])] {
        assert_eq!(languages::language_of(&lexicons, text, "en").suggested, suggested, "{text}");
    }
}
