//! Requests as documented, and as real clients send them.

use channels::webhook::{Inbound, Kind, Version, read};
use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

/// What a request says, in short; or what is wrong with it.
fn said(version: Version, body: &Value) -> String {
    match read(version, body) {
        Ok(Inbound { kind: Kind::Text, text, .. }) => format!("text {text}"),
        Ok(Inbound { kind: Kind::Event(event), .. }) => format!("event {event}"),
        Ok(Inbound { kind: Kind::FormData(values), .. }) => format!("form {values}"),
        Err(error) => format!("error {error}"),
    }
}

#[test]
fn everything_of_a_request_is_read() {
    let body = json!({
        "session": {"new": false},
        "message": {
            "type": "text", "val": "Hi", "attachments": [{"fileId": "1", "fileName": "a.pdf", "fileType": "attachment"}],
        },
        "clientMessageId": 1_732_176_000_123_u64,
        "from": {"id": "user-1", "userInfo": {"firstName": "Ann", "email": ""}}, "to": {"id": "st-1"},
        "mergeIdentity": true, "preferredChannelForResponse": "rtm", "customData": {"k": 1}, "interactiveLanguage": "en",
        "metaTags": {
            "userLevelTags": [{"name": "vip", "value": "yes"}, {"name": " ", "value": "no name"}, 7, null],
            "sessionLevelTags": [{"name": "n", "value": 5}, {"name": "bare"}],
            "messageLevelTags": [{"name": "f", "value": false}],
            "altText": [{"value": "Hello"}, "there", {"value": 1}, {}],
        },
    });
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let inbound = read(Version::V2, &body).unwrap();
    assert_eq!((&inbound.kind, inbound.text.as_str()), (&Kind::Text, "Hi"));
    assert_eq!(inbound.client_message_id.as_deref(), Some("1732176000123"));
    assert!(!inbound.new_session && inbound.merge_identity);
    assert_eq!(inbound.from.as_deref(), Some("user-1"));
    assert_eq!(Value::Object(inbound.user_info), body["from"]["userInfo"]);
    assert_eq!(Value::Array(inbound.attachments), body["message"]["attachments"]);
    assert_eq!(inbound.custom_data, json!({"k": 1}));
    assert_eq!(inbound.tags.user, [pair("vip", "yes")]);
    assert_eq!(inbound.tags.session, [pair("n", "5"), pair("bare", "")]);
    assert_eq!(inbound.tags.message, [pair("f", "false")]);
    assert_eq!(inbound.alternative_texts, ["Hello", "there", "1"]);
    assert_eq!((inbound.language.as_deref(), inbound.preferred_channel.as_deref()), (Some("en"), Some("rtm")));
    assert_eq!(inbound.raw, body);
}

#[test]
fn what_is_not_there_is_not_made_up() {
    let inbound = read(Version::V1, &json!({"message": {"text": "Hi"}})).unwrap();
    let expected = Inbound {
        kind: Kind::Text,
        text: "Hi".to_owned(),
        client_message_id: None,
        client_message_id_at: "clientMessageId",
        new_session: false,
        from: None,
        user_info: Map::new(),
        attachments: Vec::new(),
        custom_data: Value::Null,
        tags: channels::webhook::Tags::default(),
        alternative_texts: Vec::new(),
        language: None,
        merge_identity: false,
        preferred_channel: None,
        raw: json!({"message": {"text": "Hi"}}),
    };
    assert_eq!(inbound, expected);
}

#[test]
fn messages_have_many_forms() {
    let cases = [
        // message, on v1, on v2
        (json!({"text": "Hi"}), "text Hi", "text Hi"),
        (json!({"val": "Hi"}), "text Hi", "text Hi"),
        (json!({"type": "text", "val": "v2", "text": "v1"}), "text v1", "text v2"),
        (json!({"val": "", "text": "Hi"}), "text Hi", "text Hi"),
        (json!({"val": null, "text": "Hi"}), "text Hi", "text Hi"),
        (json!("Hi "), "text Hi ", "text Hi "),
        (json!(42), "text 42", "text 42"),
        (serde_json::from_str(r#"{"val": 1.50}"#).unwrap(), "text 1.50", "text 1.50"),
        (json!({"val": true}), "text true", "text true"),
        (json!({"type": "template", "val": {"text": "Hi"}}), "text Hi", "text Hi"),
        (json!({"val": {"z": 1, "a": [2]}}), r#"text {"z":1,"a":[2]}"#, r#"text {"z":1,"a":[2]}"#),
        (json!({"type": "audio", "val": "Hi"}), "text Hi", "text Hi"),
        (json!({"type": 5, "val": "Hi"}), "text Hi", "text Hi"),
        (json!({"type": "event", "val": "ON_CONNECT"}), "event ON_CONNECT", "event ON_CONNECT"),
        (json!({"type": "Event", "val": " session_closure "}), "event SESSION_CLOSURE", "event SESSION_CLOSURE"),
        (json!({"type": "event", "val": {"type": "ON_CONNECT"}}), "event ON_CONNECT", "event ON_CONNECT"),
        (json!({"type": "formData", "val": {"a": 1}}), r#"form {"a":1}"#, r#"form {"a":1}"#),
        (json!({"type": "formdata", "val": "{\"a\":1}"}), r#"form {"a":1}"#, r#"form {"a":1}"#),
        (json!({"type": "formData", "val": "[1"}), r#"form "[1""#, r#"form "[1""#),
    ];
    for (message, v1, v2) in cases {
        let body = json!({"message": message});
        assert_eq!(said(Version::V1, &body), v1, "{body}");
        assert_eq!(said(Version::V2, &body), v2, "{body}");
    }
}

#[test]
fn a_request_that_says_nothing_is_refused() {
    let empty_v1 = "error message.text is empty: send a text or attachments";
    let empty_v2 = "error message.val is empty: send a text, an event or attachments";
    let no_message = "error message is missing: send a text, an event or attachments";
    let no_object = "error the request is not an object: send a JSON object with a message";
    let no_event = "error message.val names no event: send ON_CONNECT or SESSION_CLOSURE";
    let no_form = "error message.val is missing: send the values of the form";
    let cases = [
        (json!(null), no_object, no_object),
        (json!([{"message": "Hi"}]), no_object, no_object),
        (json!("Hi"), no_object, no_object),
        (json!({}), no_message, no_message),
        (json!({"message": null, "session": {"new": true}}), no_message, no_message),
        (json!({"message": {}}), empty_v1, empty_v2),
        (json!({"message": "  "}), empty_v1, empty_v2),
        (json!({"message": {"val": "", "text": " \n"}}), empty_v1, empty_v2),
        (json!({"message": {"val": {"text": ""}}}), empty_v1, empty_v2),
        (json!({"message": {"val": "", "attachments": []}}), empty_v1, empty_v2),
        (json!({"message": {"val": "", "attachments": [null]}}), empty_v1, empty_v2),
        (json!({"message": {"type": "event"}}), no_event, no_event),
        (json!({"message": {"type": "event", "val": ""}}), no_event, no_event),
        (json!({"message": {"type": "event", "val": {}}}), no_event, no_event),
        (json!({"message": {"type": "formData", "val": null}}), no_form, no_form),
    ];
    for (body, v1, v2) in cases {
        assert_eq!(said(Version::V1, &body), v1, "{body}");
        assert_eq!(said(Version::V2, &body), v2, "{body}");
    }
}

#[test]
fn what_is_wrong_can_be_pointed_at() {
    let cases = [
        (json!(1), ""),
        (json!({}), "/message"),
        (json!({"message": {}}), "/message/val"),
        (json!({"message": {"type": "event"}}), "/message/val"),
    ];
    for (body, expected) in cases {
        assert_eq!(read(Version::V2, &body).unwrap_err().pointer(), expected, "{body}");
    }
}

#[test]
fn files_need_no_text() {
    let file = json!({"fileId": "1"});
    for attachments in [json!([file]), json!([null, file]), file.clone()] {
        let body = json!({"message": {"text": "", "attachments": attachments}});
        let inbound = read(Version::V1, &body).unwrap();
        assert_eq!((inbound.text.as_str(), inbound.attachments.as_slice()), ("", &[file.clone()][..]), "{body}");
    }
}

#[test]
fn users_are_named_in_many_ways() {
    let cases = [
        (json!({"id": "u"}), Some("u")),
        (json!({"id": " u "}), Some("u")),
        (json!({"id": 4_915_112_345_678_u64}), Some("4915112345678")),
        (json!("u"), Some("u")),
        (json!(7), Some("7")),
        (json!({"id": ""}), None),
        (json!({"id": null}), None),
        (json!({"id": {}}), None),
        (json!({}), None),
        (json!([]), None),
        (json!(null), None),
    ];
    for (from, expected) in cases {
        let body = json!({"message": "Hi", "from": from});
        assert_eq!(read(Version::V2, &body).unwrap().from.as_deref(), expected, "{body}");
    }
}

#[test]
fn flags_and_ids_are_read_however_they_are_written() {
    let flags = [
        (json!(true), true),
        (json!("true"), true),
        (json!(" TRUE"), true),
        (json!(1), true),
        (json!(false), false),
        (json!("false"), false),
        (json!("yes"), false),
        (json!(0), false),
        (json!(null), false),
        (json!([true]), false),
    ];
    for (flag, expected) in flags {
        let body = json!({"message": "Hi", "session": {"new": flag}, "mergeIdentity": flag});
        let inbound = read(Version::V2, &body).unwrap();
        assert_eq!((inbound.new_session, inbound.merge_identity), (expected, expected), "{body}");
    }
    let ids = [
        (json!({"message": {"val": "Hi", "clientMessageId": "a"}}), Ok(Some("a")), "/message/clientMessageId"),
        (json!({"message": "Hi", "clientMessageId": "b"}), Ok(Some("b")), "/clientMessageId"),
        (json!({"message": {"val": "Hi", "id": 7}, "clientMessageId": null}), Ok(Some("7")), "/message/id"),
        (json!({"message": {"val": "Hi", "id": "a"}, "clientMessageId": " "}), Ok(Some("a")), "/message/id"),
        (json!({"message": {"val": "Hi", "id": {}}, "clientMessageId": "b"}), Ok(Some("b")), "/clientMessageId"),
        (json!({"message": {"val": "Hi", "id": ""}}), Ok(None), "/clientMessageId"),
        (json!({"message": "Hi", "clientMessageId": {}}), Err(()), "/clientMessageId"),
        (json!({"message": {"val": "Hi", "id": true}}), Err(()), "/message/id"),
    ];
    for (body, expected, pointer) in ids {
        let expected = expected.map(|id| id.map(str::to_owned));
        let place = |place: &str| format!("/{}", place.replace('.', "/"));
        match read(Version::V2, &body) {
            Ok(inbound) => {
                assert_eq!(
                    (Ok(inbound.client_message_id), place(inbound.client_message_id_at)),
                    (expected, pointer.to_owned()),
                    "{body}"
                );
            }
            Err(bad) => assert_eq!((Err(()), bad.pointer()), (expected, pointer.to_owned()), "{body}"),
        }
    }
    let custom = json!({"message": {"val": "Hi", "customData": {"a": 1}}, "customData": null, "metaTags": "odd"});
    assert_eq!(read(Version::V2, &custom).unwrap().custom_data, json!({"a": 1}));
}

/// Any JSON, with the keys that requests have.
fn anything() -> impl Strategy<Value = Value> {
    const WORDS: &[&str] = &["event", "text", "formData", "true", "ON_CONNECT", "", "{\"a\":1}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::Number(Number::from(number))),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    let keys = [
        "message",
        "type",
        "val",
        "text",
        "attachments",
        "session",
        "new",
        "from",
        "id",
        "userInfo",
        "metaTags",
        "userLevelTags",
        "altText",
        "name",
        "value",
        "customData",
        "clientMessageId",
        "mergeIdentity",
    ];
    leaf.prop_recursive(4, 64, 6, move |inner| {
        let entry = (prop::sample::select(keys.to_vec()).prop_map(str::to_owned), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            prop::collection::vec(entry, 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_message_is_read_or_refused(message in anything(), from in anything(), tags in anything()) {
        let body = json!({"message": message, "from": from, "metaTags": tags});
        for version in [Version::V1, Version::V2] {
            if let Ok(inbound) = read(version, &body) {
                let says = !inbound.text.trim().is_empty() || !inbound.attachments.is_empty();
                prop_assert_eq!(says, inbound.kind == Kind::Text || !inbound.attachments.is_empty());
                prop_assert_eq!(&inbound.raw, &body);
            }
        }
    }

    #[test]
    fn any_request_is_read_or_refused(body in anything()) {
        for version in [Version::V1, Version::V2] {
            let may_say = body.get("message").is_some_and(|message| !message.is_null());
            prop_assert!(may_say || read(version, &body).is_err());
        }
    }
}
