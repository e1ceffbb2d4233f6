//! What was understood and why, in the members the original's `findIntent` answers with. What does not apply is not there:
//! the score of an expert that said nothing, the hits of one that has none. Only the places that scripts index into without
//! asking (`ml`, `fm`, `faq`, and the lists of `finalResolver`) are always there, and empty where nothing was found.
//! (api.md §17, corrections.md.)

use definition::nlp::{Answer, NlpData};
use nlu::candidate::{Candidate, Certainty, Expert, Reason, Target};
use nlu::faq::Look;
use nlu::resolver::{Elimination, Outcome, Ranked};
use nlu::{EntityValues, Found, Model, State as Standing, Understanding};
use serde_json::{Map, Value, json};

use crate::record::object;

/// An answer's members, and who won.
pub(super) struct Trace<'m> {
    pub(super) winner: Option<Named<'m>>,
    pub(super) members: Map<String, Value>,
}

/// A target by its names.
pub(super) struct Named<'m> {
    /// What files of utterances call it.
    pub(super) name: &'m str,
    /// What people call it.
    pub(super) label: &'m str,
    /// The dialog's id, the question's, or the small talk's.
    pub(super) id: &'m str,
    /// `dialog`, `faq` or `smallTalk`.
    pub(super) kind: &'static str,
}

/// The word for an outcome.
pub(super) fn result_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Found(Target::SmallTalk(_)) => "successsmalltalk",
        Outcome::Found(_) => "successintent",
        Outcome::Ambiguous(_) | Outcome::DidYouMean(_) => "ambiguousintent",
        Outcome::Nothing => "failintent",
    }
}

/// Describes what was understood.
pub(super) fn trace<'m>(
    model: &'m Model,
    understood: &Understanding,
    standing: Standing<'_>,
    state: &str,
    expand: bool,
) -> Trace<'m> {
    let data = model.data();
    let winners: Vec<Target> = match &understood.outcome {
        Outcome::Found(target) if understood.parts.is_empty() => vec![*target],
        Outcome::Found(_) => understood.parts.iter().map(|part| part.target).collect(),
        Outcome::Ambiguous(targets) | Outcome::DidYouMean(targets) => targets.clone(),
        Outcome::Nothing => Vec::new(),
    };
    let of = |target: &Target| understood.ranking.iter().find(|it| it.target == *target);
    let first = winners.first();
    let deciding = first.and_then(of).and_then(|ranked| ranked.candidates.first());
    let mut members = Map::new();
    members.insert("debugTitle".into(), json!(title(&understood.outcome, deciding)));
    if let Some(deciding) = deciding {
        members.insert("identifiedVia".into(), json!(expert_word(deciding.expert)));
    }
    members.insert("nlProcessing".into(), processing(understood));
    for (member, expert) in [("ml", Expert::Ml), ("fm", Expert::Rule), ("faq", Expert::Faq)] {
        members.insert(member.into(), said_by(data, understood, expert).into());
    }
    // The original is not known to tell of small talk here.
    insert_some(&mut members, "smallTalk", said_by(data, understood, Expert::SmallTalk).into());
    let winning: Vec<Value> = winners.iter().map(|target| winning(data, *target, of(target), state, expand)).collect();
    let ranking: Vec<Value> = understood.ranking.iter().map(|ranked| rank_entry(data, ranked)).collect();
    let considered = model.questions_considered(understood, standing);
    if !considered.is_empty() {
        members["faq"]["considered"] = considered.iter().map(|look| considered_entry(data, look)).collect();
    }
    let mut resolver = json!({
        "userInput": understood.message.text,
        "winningIntent": winning,
        "ranking": ranking,
        "entities": entities(data, understood),
    });
    if !understood.parts.is_empty() {
        let part = |range: &std::ops::Range<usize>| understood.message.text.get(range.clone()).unwrap_or_default();
        resolver["parts"] = understood
            .parts
            .iter()
            .map(|it| json!({"input": part(&it.range), "intent": named(data, it.target).name}))
            .collect();
    }
    members.insert("finalResolver".into(), resolver);
    // What the user would be asked about was not found yet, even where it is a single thing.
    let is_found = matches!(understood.outcome, Outcome::Found(_));
    Trace { winner: first.filter(|_| is_found).map(|it| named(data, *it)), members }
}

/// Inserts a list or an object, unless it is empty.
fn insert_some(into: &mut Map<String, Value>, member: &str, value: Value) {
    let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
    if !is_empty {
        into.insert(member.to_owned(), value);
    }
}

/// Names of a target.
pub(super) fn named(data: &NlpData, target: Target) -> Named<'_> {
    match target {
        Target::Intent(at) => {
            let intent = &data.intents[at];
            let id = if intent.dialog_id.is_empty() { &intent.component_id } else { &intent.dialog_id };
            Named { name: &intent.name, label: &intent.label, id, kind: "dialog" }
        }
        Target::Faq(at) => {
            let question = &data.faqs[at].question.text;
            Named { name: question, label: question, id: &data.faqs[at].ref_id, kind: "faq" }
        }
        Target::SmallTalk(at) => {
            let talk = &data.small_talk[at];
            let name = talk.utterances.first().unwrap_or(&talk.group);
            Named { name, label: name, id: &talk.node_id, kind: "smallTalk" }
        }
    }
}

fn winning(data: &NlpData, target: Target, ranked: Option<&Ranked>, state: &str, expand: bool) -> Value {
    let Named { label, id, kind, .. } = named(data, target);
    let mut entry = json!({
        "intent": label,
        "name": label,
        "taskId": id,
        "activityType": kind,
        "state": state,
        "score": ranked.map_or(1.0, |it| rounded(it.total)),
    });
    if let Target::Faq(at) = target {
        match &data.faqs[at].answer {
            Answer::Dialog { dialog_ref } => entry["dialogRefId"] = json!(dialog_ref),
            Answer::Message { answer, alternates } if expand => {
                entry["answer"] = parsed(answer);
                entry["alternateAnswers"] = parsed(alternates);
            }
            Answer::Message { .. } => {}
        }
    }
    entry
}

/// A part of the definition that was kept as text; it was JSON there.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn rank_entry(data: &NlpData, ranked: &Ranked) -> Value {
    let Named { label, id, kind, .. } = named(data, ranked.target);
    let total = ("totalScore", rounded(ranked.total));
    let of_experts = [("mlScore", Expert::Ml), ("score", Expert::Rule), ("faqScore", Expert::Faq)];
    let given = of_experts.into_iter().filter_map(|(member, expert)| Some((member, rounded(ranked.score_of(expert)?))));
    let scores: Map<String, Value> =
        std::iter::once(total).chain(given).map(|(member, score)| (member.to_owned(), json!(score))).collect();
    let mut entry = object(json!({
        "intent": label,
        "name": label,
        "taskId": id,
        "activityType": kind,
        "matchType": certainty_word(ranked.certainty),
    }));
    entry.extend(scores.clone());
    entry.insert("scoring".into(), scores.into());
    entry.insert("reasons".into(), ranked.candidates.iter().map(reason).collect());
    if let Some(why) = ranked.eliminated {
        entry.insert("eliminated".into(), json!(elimination(why)));
        if is_only_a_sub_intent(data, ranked.target, why) {
            entry.insert("eliminationInfo".into(), json!({"reason": "subIntent"}));
        }
    }
    entry.into()
}

/// Whether an intent is out because it is a sub-intent of a dialog that does not run. Where sub-intents are learned per dialog
/// (`Multiple_Intent_Models`) the original does not tell of it. (api-families-2.md, `builder/streams/{st}/findIntent`.)
fn is_only_a_sub_intent(data: &NlpData, target: Target, why: Elimination) -> bool {
    let is_sub_intent = matches!(target, Target::Intent(at) if !data.intents[at].scopes.is_empty());
    why == Elimination::OutOfScope && is_sub_intent && !data.settings.model_per_dialog
}

/// What one expert said, sorted as the original sorts it.
fn said_by(data: &NlpData, understood: &Understanding, expert: Expert) -> Map<String, Value> {
    let mut lists: [(&str, Certainty, Vec<Value>); 3] = [
        ("definitive", Certainty::Definitive, Vec::new()),
        ("possible", Certainty::Probable, Vec::new()),
        ("low", Certainty::Low, Vec::new()),
    ];
    for ranked in &understood.ranking {
        for candidate in ranked.candidates.iter().filter(|it| it.expert == expert) {
            for (_, certainty, list) in &mut lists {
                if *certainty == candidate.certainty {
                    list.push(hit(data, ranked.target, candidate));
                }
            }
        }
    }
    let eliminated: Vec<Value> = understood
        .ranking
        .iter()
        .filter(|it| it.candidates.iter().any(|candidate| candidate.expert == expert))
        .filter_map(|it| Some(json!({"task": named(data, it.target).label, "reason": elimination(it.eliminated?)})))
        .collect();
    let mut said = Map::new();
    for (word, _, list) in lists {
        insert_some(&mut said, word, list.into());
    }
    insert_some(&mut said, "eliminated", eliminated.into());
    said
}

/// One thing that an expert named.
fn hit(data: &NlpData, target: Target, candidate: &Candidate) -> Value {
    let Named { label, id, .. } = named(data, target);
    let mut entry = json!({
        "task": label,
        "taskId": id,
        "score": rounded(candidate.score),
        "matchType": certainty_word(candidate.certainty),
        "reason": reason(candidate),
    });
    if let Target::Faq(at) = target {
        entry["faqScore"] = entry["score"].clone();
        entry["primaryQuestion"] = json!(data.faqs[at].question.text);
    }
    entry
}

fn considered_entry(data: &NlpData, look: &Look) -> Value {
    let mut entry = object(json!({
        "question": data.faqs[look.faq].question.text,
        "likeness": rounded(look.likeness),
        "pathCoverage": rounded(look.coverage),
    }));
    insert_some(&mut entry, "matchedTerms", json!(look.matched));
    if !look.qualifies {
        insert_some(&mut entry, "missedMandatoryTerms", json!(look.missed_mandatory));
        entry.insert("eliminated".into(), json!("too little of its path was said"));
    }
    entry.into()
}

fn processing(understood: &Understanding) -> Value {
    let message = &understood.message;
    let mut members = object(json!({
        "original": message.text,
        "tokenizedInput": message.tokens.iter().map(|it| it.surface.as_str()).collect::<Vec<_>>().join(" "),
        "lemmatized": message.tokens.iter().map(|it| it.stem.as_str()).collect::<Vec<_>>().join(" "),
        "sentences": message.words.last().map_or(0, |word| word.sentence + 1),
    }));
    let words = message.tokens.iter().filter(|it| it.is_word());
    insert_some(&mut members, "wordAnalysis", words.map(|it| json!({"original": it.surface})).collect());
    insert_some(&mut members, "traits", json!(understood.traits));
    members.into()
}

/// Entity values. A list value that may be several is none yet: the user would be asked which.
fn entities(data: &NlpData, understood: &Understanding) -> Value {
    let entry = |values: &EntityValues| {
        let entity = &data.entities[values.entity];
        let place = |range: &std::ops::Range<usize>| understood.message.text.get(range.clone()).unwrap_or_default();
        let is_open = |found: &&Found| entity.entity_type == "list_of_values" && !found.others.is_empty();
        let values_of = |found: &Found| [&found.value].into_iter().chain(&found.others).cloned().collect::<Vec<_>>();
        let (open, settled): (Vec<&Found>, Vec<&Found>) = values.found.iter().partition(is_open);
        let mut members = object(json!({
            "field": entity.name,
            "value": settled.iter().map(|it| it.value.clone()).collect::<Vec<_>>(),
            "entityType": entity.entity_type,
            "text": values.found.iter().map(|it| place(&it.range)).collect::<Vec<_>>(),
        }));
        insert_some(&mut members, "ambiguous", open.iter().flat_map(|it| values_of(it)).collect());
        insert_some(&mut members, "otherValues", settled.iter().flat_map(|it| it.others.clone()).collect());
        Value::Object(members)
    };
    understood.entities.iter().map(entry).collect()
}

fn title(outcome: &Outcome, deciding: Option<&Candidate>) -> String {
    let by = deciding.map(|it| format!("{} match: {}", certainty_word(it.certainty), reason(it)));
    match (outcome, by) {
        (Outcome::Found(_), Some(by)) => by,
        (Outcome::Found(_), None) => "one meaning".to_owned(),
        (Outcome::Ambiguous(targets), by) => {
            format!("{} meanings are alike; the first by {}", targets.len(), by.unwrap_or_default())
        }
        (Outcome::DidYouMean(targets), by) => {
            format!("no match, {} suggestions; the first by {}", targets.len(), by.unwrap_or_default())
        }
        (Outcome::Nothing, _) => "no match".to_owned(),
    }
}

fn expert_word(expert: Expert) -> &'static str {
    match expert {
        Expert::Rule => "fm",
        Expert::Ml => "ml",
        Expert::Faq => "faq",
        Expert::SmallTalk => "smallTalk",
    }
}

fn certainty_word(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Definitive => "definitive",
        Certainty::Probable => "probable",
        Certainty::Low => "low",
    }
}

fn reason(candidate: &Candidate) -> String {
    match &candidate.reason {
        Reason::Pattern { pattern, skipped: 0 } => format!("the pattern `{pattern}`"),
        Reason::Pattern { pattern, skipped } => format!("the pattern `{pattern}`, passing over {skipped} words"),
        Reason::Name { words, coverage, synonyms, .. } => {
            let share = (coverage * 100.0).round();
            let mut text = format!("{share} % of the name, by \"{}\"", words.join(" "));
            for (said, meant) in synonyms {
                text.push_str(&format!(", \"{said}\" standing for \"{meant}\""));
            }
            text
        }
        Reason::Utterance { utterance, likeness } if *likeness >= 1.0 => format!("the utterance \"{utterance}\""),
        Reason::Utterance { utterance, likeness } => {
            format!("{} % likeness to the utterance \"{utterance}\"", (likeness * 100.0).round())
        }
        Reason::Traits(traits) => format!("the traits {}", traits.join(", ")),
        Reason::Learned(probability) => format!("learned from utterances, probability {}", rounded(*probability)),
        Reason::Described { words, named } => {
            let what = if *named { "the whole name" } else { "what the app says of it" };
            format!("{what}: {}", words.join(", "))
        }
        Reason::Question { question, likeness, coverage } => format!(
            "{} % likeness to the question \"{question}\", {} % of its terms",
            (likeness * 100.0).round(),
            (coverage * 100.0).round()
        ),
    }
}

fn elimination(why: Elimination) -> &'static str {
    match why {
        Elimination::RuledOut => "a negative pattern or a negation rules it out",
        Elimination::OutOfScope => "it is a sub-intent or a follow-up of a dialog that does not run",
        Elimination::Internal => "events or the flow of the app start it; only its exact name means it",
        Elimination::Precondition => "a context tag or trait that it needs is not there",
        Elimination::Covered => "a longer name or pattern covers its words",
        Elimination::Later => "another intent that is certain comes first",
        Elimination::Partial => "another one accounts for the whole message",
        Elimination::NotTheName => "the message is the name of another task, word for word",
        Elimination::OnlyValue => "the message is nothing but a value of an entity",
        Elimination::OnlyAName => {
            "only its name speaks for it, and what was learned from utterances means something else"
        }
        Elimination::NotDefinitive => "there is a definitive match",
        Elimination::Outscored => "others score higher",
        Elimination::SmallTalk => "small talk and tasks exclude each other",
    }
}

/// Scores with four decimals: more would be noise.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}
