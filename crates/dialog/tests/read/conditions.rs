//! Transitions and their conditions.

use dialog::bot::Text;
use dialog::condition::{Condition, Left, Operator, Transition};
use serde_json::{Value, json};

use super::node;

fn transitions(written: Value) -> (Vec<Transition>, Vec<String>) {
    let (node, findings) = node(json!({"type": "script", "transitions": written}), json!({}));
    (node.transitions, findings)
}

fn value(left: Left, op: Operator, right: &str) -> Condition {
    Condition::Value { left, op, right: Text::plain(right) }
}

#[test]
fn conditions_are_read() {
    let path = |path: &str| Left::Path(path.to_owned());
    let other = || Left::Entity("Other".to_owned(), "dc-other".to_owned());
    let table = [
        (
            json!({"context": "context.a.b[0]", "op": "eq", "value": "x"}),
            value(path("context.a.b[0]"), Operator::Equal, "x"),
        ),
        (json!({"context": "bare"}), value(path("bare"), Operator::Exists, "")),
        (json!({"context": "a", "op": "", "value": ""}), value(path("a"), Operator::Exists, "")),
        (json!({"context": "a", "op": "dne"}), value(path("a"), Operator::Missing, "")),
        (json!({"context": "a", "op": "NEQ", "value": 5}), value(path("a"), Operator::NotEqual, "5")),
        (json!({"context": "a", "op": "cnt", "value": true}), value(path("a"), Operator::Contains, "true")),
        (
            json!({"field": "other", "op": "gte", "value": "{{env.X}}"}),
            value(other(), Operator::GreaterOrEqual, "{{env.X}}"),
        ),
        (json!({"field": "other", "op": "gt", "value": "2"}), value(other(), Operator::Greater, "2")),
        (json!({"field": "other", "op": "lt", "value": "2"}), value(other(), Operator::Less, "2")),
        (json!({"field": "other", "op": "lte", "value": "2"}), value(other(), Operator::LessOrEqual, "2")),
        (json!({"dialogAct": "yes"}), Condition::Answer { yes: true }),
        (json!({"dialogAct": "no"}), Condition::Answer { yes: false }),
        (json!({"intent": ""}), Condition::Intent(String::new())),
        (json!({"intent": "other", "op": "eq"}), Condition::Intent("other".to_owned())),
        (
            json!({"conjoin": "and", "tests": [{"field": "other"}, {"context": "b", "op": "dne"}]}),
            Condition::All(vec![value(other(), Operator::Exists, ""), value(path("b"), Operator::Missing, "")]),
        ),
        (
            json!({"conjoin": "OR", "tests": [{"dialogAct": "no"}]}),
            Condition::Any(vec![Condition::Answer { yes: false }]),
        ),
    ];
    for (written, expected) in table {
        let (read, findings) = transitions(json!([{"if": written, "then": "other"}]));
        let expected = Transition { condition: Some(expected), target: Some("other".to_owned()), returns: false };
        assert_eq!(read, [expected], "{written}");
        assert_eq!(findings, [""; 0], "{written}");
    }
}

#[test]
fn what_is_not_understood_is_never_met_and_told() {
    let table = [
        (json!({"context": "a", "op": "like", "value": "x"}), "a condition compares with 'like', which is not known"),
        (json!({"field": "gone", "op": "eq", "value": "x"}), "a condition looks at the node gone, which is not there"),
        (json!({"context": "", "op": "", "value": ""}), "a condition does not say what it looks at"),
        (json!({}), "a condition does not say what it looks at"),
        (json!(7), "a condition does not say what it looks at"),
        (json!({"dialogAct": "maybe"}), "a condition asks for the answer 'maybe', not yes or no"),
    ];
    for (written, expected) in table {
        let (read, findings) = transitions(json!([{"if": written, "then": "end"}]));
        assert_eq!(
            read,
            [Transition { condition: Some(Condition::Any(Vec::new())), target: None, returns: false }],
            "{written}"
        );
        assert_eq!(findings, [format!("{expected}: it is never met")], "{written}");
    }
}

#[test]
fn the_default_is_last_and_dialogs_end_where_nothing_is_connected() {
    let written = json!([
        {"default": "other", "metadata": {}},
        {"if": {"dialogAct": "yes"}, "then": ""},
        {"if": {"dialogAct": "no"}, "then": "end"},
        {"default": "n"},
        {"if": {"intent": "x"}},
        "odd",
    ]);
    let (read, findings) = transitions(written);
    let targets: Vec<_> = read.iter().map(|way| (way.condition.is_some(), way.target.as_deref())).collect();
    assert_eq!(targets, [(true, None), (true, None), (true, None), (false, Some("other"))]);
    assert_eq!(findings, [""; 0]);

    let (read, findings) = transitions(json!([{"default": "gone"}]));
    assert_eq!(read[0].target.as_deref(), None);
    assert_eq!(findings, ["a way leads to the node gone, which is not there: the dialog ends on it"]);

    // Every way of writing the end; one of them hands control back to the flow of an app.
    for (end, returns) in [("end", false), ("END", false), ("", false), ("retToFlow", true), ("RETTOFLOW", true)] {
        let (read, findings) = transitions(json!([{"default": end}]));
        assert_eq!((read[0].target.as_deref(), read[0].returns), (None, returns), "{end}");
        assert_eq!(findings, [""; 0], "{end}");
    }
}
