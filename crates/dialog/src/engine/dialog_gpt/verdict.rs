//! What a model answers that is asked what a message means.

use serde_json::{Map, Value};

/// What a model says a message means; choices are places in the list it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// This.
    One(usize),
    /// All of these, in this order.
    Several(Vec<usize>),
    /// One of these.
    Which(Vec<usize>),
    /// Something that only the app's own texts can answer.
    Search,
    /// An answer to what the bot waits for.
    Continue,
    /// Nothing of what is there.
    Nothing,
}

impl Verdict {
    /// The platform's word for it (`fulfillment_type`).
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::One(_) => "single_intent",
            Self::Several(_) => "multiple_intents",
            Self::Which(_) => "ambiguous_intents",
            Self::Search => "generate_answer",
            Self::Continue => "continue",
            Self::Nothing => "none",
        }
    }

    /// What was chosen.
    pub(super) fn choices(&self) -> Vec<usize> {
        match self {
            Self::One(at) => vec![*at],
            Self::Several(all) | Self::Which(all) => all.clone(),
            Self::Search | Self::Continue | Self::Nothing => Vec::new(),
        }
    }
}

/// Reads an answer; `None` where it is none. `candidates` are the names by which a model may choose each: what it names
/// beside them is dropped, and an answer of which nothing is left is none.
pub(super) fn read(text: &str, candidates: &[[&str; 2]]) -> Option<Verdict> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    let read: Map<String, Value> = serde_json::from_str(text.get(start..=end)?).ok()?;
    let list = |member: &str| chosen(read.get(member).unwrap_or(&Value::Null), candidates);
    let kind = read.get("fulfillment_type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    let winners = list("winning_intents");
    if is(&["multi", "several"]) {
        let plan = list("execution_plan");
        return one_or(if plan.is_empty() { winners } else { plan }, Verdict::Several);
    }
    if is(&["none", "no_intent", "unidentified", "not_found"]) {
        return Some(Verdict::Nothing);
    }
    if is(&["continu"]) {
        return Some(Verdict::Continue);
    }
    if is(&["answer", "search", "knowledge"]) && winners.is_empty() {
        return Some(Verdict::Search);
    }
    one_or(winners, Verdict::Which)
}

fn one_or(mut chosen: Vec<usize>, several: fn(Vec<usize>) -> Verdict) -> Option<Verdict> {
    match chosen.len() {
        0 => None,
        1 => chosen.pop().map(Verdict::One),
        _ => Some(several(chosen)),
    }
}

/// The candidates that a list names, each once: by id, by name, or by both with a colon between, as the platform writes them.
fn chosen(list: &Value, candidates: &[[&str; 2]]) -> Vec<usize> {
    let single = std::slice::from_ref(list);
    let named = list.as_array().map_or(single, Vec::as_slice).iter().filter_map(Value::as_str);
    let mut chosen = Vec::new();
    for name in named.map(str::trim) {
        let is = |wanted: &str| candidates.iter().position(|all| all.iter().any(|it| it.eq_ignore_ascii_case(wanted)));
        let found = is(name).or_else(|| name.split_once(':').and_then(|(id, _)| is(id.trim())));
        chosen.extend(found.filter(|at| !chosen.contains(at)));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Continue, Nothing, One, Search, Several, Which};
    use super::*;

    #[test]
    fn answers_count_as_far_as_they_name_what_can_be_meant() {
        let candidates = [["t1", "Book a ride"], ["t2", "Cancel a ride"], ["q1", "What does it cost?"]];
        for (text, expected) in [
            (r#"{"fulfillment_type": "single_intent", "winning_intents": ["t2"]}"#, Some(One(1))),
            (r#"{"fulfillment_type": "single", "winning_intents": ["cancel a ride"]}"#, Some(One(1))),
            (r#"{"winning_intents": ["t1:Book a ride"]}"#, Some(One(0))),
            (r#"{"winning_intents": "q1"}"#, Some(One(2))),
            (
                "Sure!\n```json\n{\"fulfillment_type\": \"single_intent\", \"winning_intents\": [\"t1\"]}\n```",
                Some(One(0)),
            ),
            (r#"{"fulfillment_type": "single_intent", "winning_intents": ["t9"]}"#, None),
            (r#"{"fulfillment_type": "single_intent", "winning_intents": []}"#, None),
            (r#"{"fulfillment_type": "single_intent", "winning_intents": ["t9", "t1"]}"#, Some(One(0))),
            (
                r#"{"fulfillment_type": "ambiguous_intents", "winning_intents": ["t1", "t2", "t1"]}"#,
                Some(Which(vec![0, 1])),
            ),
            (r#"{"fulfillment_type": "ambiguous_intents", "winning_intents": ["t1", "t9"]}"#, Some(One(0))),
            (
                r#"{"fulfillment_type": "multiple_intents", "winning_intents": ["t1"], "execution_plan": ["t2", "t1"]}"#,
                Some(Several(vec![1, 0])),
            ),
            (r#"{"fulfillment_type": "multiple_intents", "winning_intents": ["t1", "t2"]}"#, Some(Several(vec![0, 1]))),
            (r#"{"fulfillment_type": "generate_answer", "winning_intents": []}"#, Some(Search)),
            (r#"{"fulfillment_type": "generate_answer", "winning_intents": ["q1"]}"#, Some(One(2))),
            (r#"{"fulfillment_type": "continue"}"#, Some(Continue)),
            (r#"{"fulfillment_type": "none", "winning_intents": ["t1"]}"#, Some(Nothing)),
            ("I think it is t1.", None),
            (r#"{"fulfillment_type": "single_intent", "winning_intents": ["#, None),
            (r#"{"fulfillment_type": 7, "winning_intents": [7, null, {}]}"#, None),
        ] {
            assert_eq!(read(text, &candidates), expected, "{text}");
        }
    }
}
