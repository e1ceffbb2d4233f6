//! How well questions of real bots are told apart: each phrasing is taken out and asked of the rest.

use std::path::Path;

use definition::nlp::{Faq, NlpData, PathTerm, Phrasing};
use nlu::candidate::Target;
use nlu::faq::{Expert, State};
use nlu::lexicon::Lexicon;
use serde_json::Value;

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `!!Label|| || /one/two:trait`.
fn term(text: &str) -> PathTerm {
    let (label, rest) = text.split_once("|| || ").unwrap_or((text, ""));
    let (synonyms, traits) = rest.split_once(':').unwrap_or((rest, ""));
    let parts = |text: &str| text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    PathTerm {
        label: label.trim_start_matches(['!', '*']).to_owned(),
        mandatory: label.starts_with("!!"),
        organizer: label.starts_with("**"),
        synonyms: parts(synonyms),
        traits: parts(traits),
    }
}

fn phrasing(value: &Value) -> Phrasing {
    let text = value["question"].as_str().unwrap_or_default();
    Phrasing {
        text: text.trim_start_matches("||").to_owned(),
        is_pattern: text.starts_with("||"),
        path: list(&value["terms"]).iter().filter_map(Value::as_str).map(term).collect(),
        tags: Vec::new(),
    }
}

fn bots(corpus: &Path) -> Vec<NlpData> {
    let mut bots = Vec::new();
    for bot in ["ecommerce-en-id", "travel-assistant", "travel-en-de"] {
        let text = std::fs::read_to_string(corpus.join(bot).join("botDefinition.json")).expect("an export");
        let definition: Value = serde_json::from_str(&text).expect("JSON");
        for task in list(&definition["knowledgeTasks"]) {
            let faqs = list(&task["faqs"]["faqs"]).iter().map(|faq| Faq {
                question: phrasing(faq),
                alternates: list(&faq["alternateQuestions"]).iter().map(phrasing).collect(),
                ..Faq::default()
            });
            let language = task["language"].as_str().unwrap_or("en").to_owned();
            bots.push(NlpData { language, faqs: faqs.collect(), ..NlpData::default() });
        }
    }
    bots
}

#[test]
fn questions_left_out_find_their_answers() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus"));
    if !corpus.exists() {
        println!("skipped: no ../shared");
        return;
    }
    for ignores_paths in [false, true] {
        // Right and wrong best questions by likeness: below 60, below 80, below 95, above; and none at all.
        let (mut right, mut wrong, mut none) = ([0; 4], [0; 4], 0);
        for mut data in bots(corpus) {
            data.thresholds.faq.ignores_paths = ignores_paths;
            for faq in 0..data.faqs.len() {
                for left_out in 0..data.faqs[faq].alternates.len() {
                    let mut rest = data.clone();
                    let asked = rest.faqs[faq].alternates.remove(left_out);
                    let lexicon = Lexicon::new(&rest);
                    let expert = Expert::new(&rest, &lexicon);
                    let looks = expert.explain(&lexicon, &lexicon.read(&asked.text), &State::default());
                    let Some(best) = looks.iter().find(|look| look.qualifies) else {
                        none += 1;
                        continue;
                    };
                    let level = [0.6, 0.8, 0.95].iter().filter(|least| best.likeness >= **least).count();
                    if Target::Faq(best.faq) == Target::Faq(faq) {
                        right[level] += 1
                    } else {
                        wrong[level] += 1
                    }
                    if best.faq != faq && level > 0 {
                        println!("{:.2} wrong: {} -> {}", best.likeness, asked.text, best.question);
                    }
                }
            }
        }
        println!("ignores paths {ignores_paths}: right {right:?}, wrong {wrong:?}, none {none}");
        let (rights, wrongs): (i32, i32) = (right.iter().sum(), wrong.iter().sum());
        assert!(rights > 3 * wrongs, "right {right:?}, wrong {wrong:?}");
        assert!(wrong[2] + wrong[3] <= 2, "sure and wrong: {wrong:?}");
    }
}
