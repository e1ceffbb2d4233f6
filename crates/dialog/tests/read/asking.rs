//! Entities and confirmations.

use definition::nlp::ChoicesFrom;
use dialog::node::{Asking, Confirmation, Entity, Kind, Reuse};
use serde_json::{Value, json};

use super::{node, said, shown};

fn entity(options: Value, component: Value) -> Entity {
    let (found, findings) = node(json!({"type": "entity", "nodeOptions": options}), component);
    assert_eq!(findings, [""; 0]);
    match found.kind {
        Kind::Entity(entity) => *entity,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_entity_is_read() {
    let read = entity(
        json!({
            "promptOptions": "optional", "reuseOptions": "3", "notForReuse": true, "errorPromptSequencing": true,
            "inputHandlingOptions": "executeIntent", "entityRules": {"discardAsCommand": true},
            "eventOptions": {"defaultMaxRetry": {"retry_limit": 3, "action": "executeNode", "ref": "other"}},
        }),
        json!({
            "entityType": "label", "isArray": true, "isSensitive": true, "applyDefaultTemplate": true, "defaultValue": 7,
            "message": said("How%20many%3F"), "errorMessage": said("That's no number."),
        }),
    );
    assert_eq!(shown(&read.prompt), ["default/en: How many?"]);
    assert_eq!(shown(&read.error), ["default/en: That's no number."]);
    assert_eq!((read.asking, read.reuse, read.most_retries), (Asking::Optional, Reuse::None, 3));
    assert_eq!((read.retries_target.as_deref(), read.default), (Some("other"), Some(json!(7))));
    assert!(read.keeps_words && read.errors_in_order && read.executes_intent && read.discard_is_command);
    assert!(read.many && read.sensitive && read.lists_choices && read.choices_from.is_none());
}

#[test]
fn an_entity_that_says_little_is_asked_for_until_it_is_there() {
    let read = entity(json!({}), json!({}));
    assert_eq!((read.asking, read.reuse, read.most_retries), (Asking::Required, Reuse::Unused, 5));
    assert_eq!((read.retries_target, read.default), (None, None));
    assert!(!read.keeps_words && !read.executes_intent && !read.discard_is_command && !read.many && !read.sensitive);
}

#[test]
fn options_are_digits_or_words() {
    let table = [
        (json!("required"), Asking::Required),
        (json!("optional"), Asking::Optional),
        (json!("hidden"), Asking::Hidden),
        (json!("prompt"), Asking::Always),
        (json!("userInputCorrection"), Asking::Required),
        (json!(null), Asking::Required),
    ];
    for (option, expected) in table {
        assert_eq!(entity(json!({"promptOptions": option}), json!({})).asking, expected, "{option}");
    }
    assert_eq!(entity(json!({"isOptional": true}), json!({})).asking, Asking::Optional);
    assert_eq!(entity(json!({"isOptional": true, "promptOptions": "required"}), json!({})).asking, Asking::Required);
    let table =
        [(json!("1"), Reuse::Unused), (json!(2), Reuse::All), (json!("2"), Reuse::All), (json!(3), Reuse::None)];
    for (option, expected) in table {
        assert_eq!(entity(json!({"reuseOptions": option}), json!({})).reuse, expected, "{option}");
    }
    let table = [
        (json!({"retry_limit": "2", "action": "endOfDialog", "ref": "other"}), 2, None),
        (json!({"retry_limit": 0, "action": "executeNode", "ref": ""}), 5, None),
        (json!({"action": "executeNode", "ref": "other"}), 5, Some("other")),
    ];
    for (retry, limit, target) in table {
        let read = entity(json!({"eventOptions": {"defaultMaxRetry": retry}}), json!({}));
        assert_eq!((read.most_retries, read.retries_target.as_deref()), (limit, target), "{retry}");
    }
}

#[test]
fn a_node_says_its_own_messages_if_it_has_any() {
    let component = || json!({"message": said("of the component"), "errorMessage": said("its error")});
    let own = entity(json!({"message": said("of the node"), "errorMessage": []}), component());
    assert_eq!(shown(&own.prompt), ["default/en: of the node"]);
    assert_eq!(shown(&own.error), ["default/en: its error"]);
    let blank = entity(json!({"message": said(" ")}), component());
    assert_eq!(shown(&blank.prompt), ["default/en: of the component"]);
}

#[test]
fn lists_come_from_the_context_where_there_are_no_values() {
    let from = |values: Value| {
        json!({"entityType": "list_of_values", "localeData": {"de": {"allowedValues": 5}, "en": {"allowedValues": {
            "values": values, "variable": "context.items", "titleKey": "t", "valueKey": "v", "synonymsKey": "s"}}}})
    };
    let expected = ChoicesFrom {
        variable: "context.items".to_owned(),
        title_key: "t".to_owned(),
        value_key: "v".to_owned(),
        synonyms_key: "s".to_owned(),
    };
    assert_eq!(entity(json!({}), from(json!([]))).choices_from, Some(expected));
    assert_eq!(entity(json!({}), from(json!([{"title": "a"}]))).choices_from, None);
    let mut number = from(json!([]));
    number["entityType"] = json!("number");
    assert_eq!(entity(json!({}), number).choices_from, None, "left over from a change of its type");
}

#[test]
fn rules_are_objects_or_lists() {
    let table = [
        (json!({"discardAsCommand": "true"}), true),
        (json!({"discardAsCommand": false}), false),
        (json!(["discardAsCommand"]), true),
        (json!([{"name": "discardAsCommand", "value": false}]), false),
        (json!([{"rule": "discardAsCommand", "value": true}]), true),
        (json!([{"rule": "digits", "value": "3"}]), false),
    ];
    for (rules, expected) in table {
        let of_node = entity(json!({"entityRules": rules}), json!({}));
        let of_component = entity(json!({}), json!({"entityFields": rules}));
        assert_eq!((of_node.discard_is_command, of_component.discard_is_command), (expected, expected), "{rules}");
    }
}

#[test]
fn a_confirmation_is_read() {
    let component = json!({
        "message": said("Sure?"), "applyDefaultTemplate": true,
        "localeData": {"en": {"synonyms": {"yes": ["place it"], "no": ["change it", ""]}}, "de": {"synonyms": []}},
    });
    let (found, _) = node(json!({"type": "dialogAct"}), component);
    let Kind::Confirmation(Confirmation { prompt, lists_choices, yes, no }) = found.kind else { panic!("a question") };
    assert_eq!((shown(&prompt), lists_choices), (vec!["default/en: Sure?".to_owned()], true));
    assert_eq!(yes, [("en".to_owned(), vec!["place it".to_owned()])]);
    assert_eq!(no, [("en".to_owned(), vec!["change it".to_owned()])]);
}
