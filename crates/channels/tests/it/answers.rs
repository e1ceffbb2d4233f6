//! Answers, compared as the texts that go over the wire: the order of keys counts too.

use channels::webhook::{
    SpokenReply, TemplateForm, Turn, Version, accepted, answer, async_messages, closure, in_progress,
};
use dialog::reply::{Choice, Content, FormOffer, Reply, Source};
use dialog::turn::{Reason, TaskEnd};
use serde_json::{Value, json};

fn text(source: Source, text: &str) -> Reply {
    Reply::text(source, text)
}

fn template(template: Value) -> Reply {
    Reply { content: Content::Template(template), ..Reply::text(Source::Dialog, "") }
}

/// Replies with the ids m1, m2 …
fn spoken<'a>(replies: &'a [Reply], ids: &'a [String]) -> Vec<SpokenReply<'a>> {
    let pairs = replies.iter().zip(ids);
    pairs.map(|(reply, id)| SpokenReply { reply, message_id: id, created_on: "2026-01-02T03:04:05.678Z" }).collect()
}

/// Writes a turn with these replies.
fn written<T>(replies: &[Reply], templates: TemplateForm, write: impl Fn(&Turn<'_>) -> T) -> T {
    let ids: Vec<String> = (1..=replies.len()).map(|number| format!("m{number}")).collect();
    let replies = spoken(replies, &ids);
    write(&Turn { user: "u1", bot: "st-1", replies: &replies, end: None, poll_id: None, templates })
}

fn answered(version: Version, replies: &[Reply]) -> Value {
    written(replies, version.templates(), |turn| answer(version, turn))
}

#[test]
fn in_v1_the_source_decides_between_a_list_and_a_text() {
    use Source::{Dialog, Event, Failure, Faq, Platform, SmallTalk};
    let cases = [
        (&[Dialog][..], json!({"text": ["0"]})),
        (&[Faq], json!({"text": ["0"]})),
        (&[SmallTalk], json!({"text": "0"})),
        (&[Platform], json!({"text": "0"})),
        (&[Failure], json!({"text": "0"})),
        (&[Event], json!({"text": "0"})),
        (&[Dialog, Dialog], json!({"text": ["0", "1"]})),
        (&[Platform, Dialog], json!({"text": ["0", "1"]})),
        (&[Failure, SmallTalk], json!({"text": ["0", "1"]})),
        (&[], json!({"text": []})),
    ];
    for (sources, expected) in cases {
        let replies: Vec<Reply> = sources.iter().enumerate().map(|(n, source)| text(*source, &n.to_string())).collect();
        assert_eq!(answered(Version::V1, &replies), expected, "{sources:?}");
    }
}

#[test]
fn texts_are_sanitised_in_both_versions() {
    let choices = vec![Choice { title: "<X>".to_owned(), value: "x".to_owned() }];
    let asking = Reply { choices, ..text(Source::Dialog, "Which?") };
    let cases = [
        (text(Source::Dialog, r#"<b>"a" & 'b'</b> <x>"#), "<b>&quot;a&quot; &amp; &#39;b&#39;</b> &lt;x&gt;"),
        (asking, "Which?\n\na) &lt;X&gt;\n"),
    ];
    for (reply, expected) in cases {
        let replies = [reply];
        assert_eq!(answered(Version::V1, &replies)["text"][0], expected);
        assert_eq!(answered(Version::V2, &replies)["data"][0]["val"], expected);
    }
}

#[test]
fn in_v2_each_bubble_has_its_type_id_and_time() {
    let replies =
        [text(Source::SmallTalk, "Hello!"), template(json!({"type": "template", "payload": {"text": "\"q\""}}))];
    assert_eq!(
        answered(Version::V2, &replies).to_string(),
        concat!(
            r#"{"to":"u1","from":"st-1","data":["#,
            r#"{"type":"text","val":"Hello!","createdOn":"2026-01-02T03:04:05.678Z","messageId":"m1"},"#,
            r#"{"type":"template","val":{"type":"template","payload":{"text":"\"q\""}},"#,
            r#""createdOn":"2026-01-02T03:04:05.678Z","messageId":"m2"}"#,
            r#"],"_v":"v2"}"#
        )
    );
    assert_eq!(answered(Version::V2, &[]).to_string(), r#"{"to":"u1","from":"st-1","data":[],"_v":"v2"}"#);
}

#[test]
fn an_id_and_a_time_may_stay_untold() {
    let reply = text(Source::Dialog, "Hi");
    let replies = [SpokenReply { reply: &reply, message_id: "", created_on: "" }];
    let templates = TemplateForm::Object;
    let turn = Turn { user: "u1", bot: "st-1", replies: &replies, end: None, poll_id: None, templates };
    assert_eq!(answer(Version::V2, &turn)["data"], json!([{"type": "text", "val": "Hi"}]));
}

#[test]
fn a_template_is_an_object_or_escaped_text() {
    let said =
        json!({"type": "template", "payload": {"template_type": "list", "text": "<b>&amp;</b> it's \"1\"", "n": 1.5}});
    let escaped = concat!(
        "{&quot;type&quot;:&quot;template&quot;,&quot;payload&quot;:{&quot;template_type&quot;:&quot;list&quot;,",
        "&quot;text&quot;:&quot;&lt;b&gt;&amp;amp;&lt;/b&gt; it&#39;s \\&quot;1\\&quot;&quot;,&quot;n&quot;:1.5}}",
    );
    let replies = [template(said.clone())];
    let cases = [
        (Version::V1, TemplateForm::EscapedText, "/text/0", json!(escaped)),
        (Version::V1, TemplateForm::Object, "/text/0", said.clone()),
        (Version::V2, TemplateForm::EscapedText, "/data/0/val", json!(escaped)),
        (Version::V2, TemplateForm::Object, "/data/0/val", said),
    ];
    for (version, templates, place, expected) in cases {
        let body = written(&replies, templates, |turn| answer(version, turn));
        assert_eq!(body.pointer(place), Some(&expected), "{version:?} {templates:?}");
    }
    assert_eq!(Version::V1.templates(), TemplateForm::EscapedText);
    assert_eq!(Version::V2.templates(), TemplateForm::Object);
}

#[test]
fn buttons_that_post_back_get_a_value() {
    let replies = [
        template(json!({"type": "template", "payload": {"template_type": "button", "buttons": [
            {"type": "postback", "title": "A", "payload": "a"},
            {"type": "postback", "title": "B", "payload": "b", "value": "own"},
            {"type": "postback", "title": "C", "value": "c"},
            {"type": "postback", "title": "nothing to send"},
            {"type": "web_url", "title": "D", "url": "https://d"},
        ]}})),
        template(json!({"type": "template", "payload": {"template_type": "carousel", "elements": [
            {"title": "t", "buttons": [{"type": "Postback", "title": "E", "payload": {"x": 1}}]},
        ]}})),
    ];
    let body = answered(Version::V2, &replies);
    let a = json!({"type": "postback", "title": "A", "payload": "a", "value": "a"});
    let b = json!({"type": "postback", "title": "B", "payload": "b", "value": "own"});
    let c = json!({"type": "postback", "title": "C", "value": "c"});
    let e = json!({"type": "Postback", "title": "E", "payload": {"x": 1}, "value": {"x": 1}});
    let rest = [
        json!({"type": "postback", "title": "nothing to send"}),
        json!({"type": "web_url", "title": "D", "url": "https://d"}),
    ];
    let [nothing, link] = rest;
    assert_eq!(body.pointer("/data/0/val/payload/buttons"), Some(&json!([a, b, c, nothing, link])));
    assert_eq!(body.pointer("/data/1/val/payload/elements/0/buttons"), Some(&json!([e])));
    assert_eq!(body["allPostbackButtons"], json!([a, b, c, e]));
    assert_eq!(answered(Version::V1, &replies)["allPostbackButtons"], json!([a, b, c, e]));
    assert_eq!(answered(Version::V2, &[text(Source::Dialog, "x")]).get("allPostbackButtons"), None);
}

#[test]
fn a_form_stands_beside_its_text() {
    let form = FormOffer {
        form: "f-1".to_owned(),
        link: "https://h/f?a=1&b=2".to_owned(),
        render: "inline".to_owned(),
        definition: json!({"name": "Address"}),
    };
    let replies = [Reply { form: Some(form), ..text(Source::Dialog, "Fill in:") }];
    let form = json!({
        "formDef": {"name": "Address"},
        "formInitialization": {"formId": "f-1", "formLink": "https://h/f?a=1&b=2", "renderType": "inline"},
    });
    let shown = "Fill in: https://h/f?a=1&amp;b=2";
    assert_eq!(answered(Version::V1, &replies), json!({"text": [shown], "form": form}));
    let v2 = answered(Version::V2, &replies);
    assert_eq!((&v2["data"][0]["val"], &v2["form"]), (&json!(shown), &form));
}

#[test]
fn the_end_of_a_task_is_told() {
    let task = |reason| TaskEnd { dialog: "dg-1".to_owned(), name: "book a flight".to_owned(), reason };
    let question = TaskEnd { dialog: String::new(), name: "FAQ".to_owned(), reason: Reason::Fulfilled };
    let cases = [
        (task(Reason::Fulfilled), "Fulfilled"),
        (task(Reason::Canceled), "Canceled"),
        (task(Reason::Failed), "Failed"),
        (task(Reason::Interrupted), "Interrupted"),
        (task(Reason::FulfilledLinkedDialog), "Fulfilled_LinkedDialog"),
        (task(Reason::FulfilledEvent), "Fulfilled_Event"),
        (task(Reason::FailedEvent), "Failed_Event"),
    ];
    let ending = |end: &TaskEnd, version| {
        let turn = Turn {
            user: "u1",
            bot: "st-1",
            replies: &[],
            end: Some(end),
            poll_id: Some("p1"),
            templates: TemplateForm::Object,
        };
        answer(version, &turn).to_string()
    };
    for (end, reason) in cases {
        let told = format!(
            r#""endOfTask":true,"endReason":"{reason}","completedTaskId":"dg-1","completedTaskName":"book a flight""#
        );
        assert_eq!(ending(&end, Version::V1), format!(r#"{{"text":[],{told},"pollId":"p1"}}"#));
        let v2 = format!(r#"{{"to":"u1","from":"st-1","data":[],"_v":"v2",{told},"pollId":"p1"}}"#);
        assert_eq!(ending(&end, Version::V2), v2);
    }
    let told = r#"{"text":[],"endOfTask":true,"endReason":"Fulfilled","completedTaskName":"FAQ","pollId":"p1"}"#;
    assert_eq!(ending(&question, Version::V1), told);
}

#[test]
fn messages_are_posted_one_by_one_and_the_end_of_the_task_last() {
    let end = TaskEnd { dialog: "dg-1".to_owned(), name: "t".to_owned(), reason: Reason::Fulfilled };
    let replies = [template(json!({"type": "postback", "payload": "a"})), text(Source::Dialog, "a & b")];
    let posted = |version: Version| {
        let bodies = written(&replies, version.templates(), |turn| {
            async_messages(version, &Turn { end: Some(&end), poll_id: Some("p"), ..*turn })
        });
        bodies.iter().map(Value::to_string).collect::<Vec<_>>()
    };
    let told = r#""endOfTask":true,"endReason":"Fulfilled","completedTaskId":"dg-1","completedTaskName":"t"}"#;
    let buttons = r#""allPostbackButtons":[{"type":"postback","payload":"a","value":"a"}]}"#;
    let created = r#""createdOn":"2026-01-02T03:04:05.678Z""#;
    let v2 = [
        format!(
            r#"{{"to":"u1","from":"st-1","data":[{{"type":"template","val":{{"type":"postback","payload":"a","value":"a"}},{created},"messageId":"m1"}}],"_v":"v2",{buttons}"#
        ),
        format!(
            r#"{{"to":"u1","from":"st-1","data":[{{"type":"text","val":"a &amp; b",{created},"messageId":"m2"}}],"_v":"v2","endOfMessage":true}}"#
        ),
        format!(r#"{{"to":"u1","from":"st-1","_v":"v2",{told}"#),
    ];
    assert_eq!(posted(Version::V2), v2);
    let escaped =
        r"{&quot;type&quot;:&quot;postback&quot;,&quot;payload&quot;:&quot;a&quot;,&quot;value&quot;:&quot;a&quot;}";
    let v1 = [
        format!(r#"{{"to":"u1","from":"st-1","text":"{escaped}",{buttons}"#),
        r#"{"to":"u1","from":"st-1","text":"a &amp; b","endOfMessage":true}"#.to_owned(),
        format!(r#"{{"to":"u1","from":"st-1",{told}"#),
    ];
    assert_eq!(posted(Version::V1), v1);
    let nothing = written(&[], TemplateForm::Object, |turn| async_messages(Version::V2, turn));
    assert_eq!(nothing, Vec::<Value>::new());
}

#[test]
fn the_channels_own_answers() {
    let closing = |kind: &str, description: &str| {
        format!(
            r#"{{"to":"u1","from":"st-1","data":[{{"type":"event","val":"SESSION_CLOSURE","eventType":"SESSION_CLOSURE_{kind}","description":"{description}"}}],"_v":"v2"}}"#
        )
    };
    let cases = [
        (closure(Version::V2, "u1", "st-1", true), closing("SUCCESS", "The session is closed.")),
        (closure(Version::V2, "u1", "st-1", false), closing("IGNORED", "There is no session to close.")),
        (closure(Version::V1, "u1", "st-1", true), r#"{"text":"The session is closed."}"#.to_owned()),
        (in_progress("p1"), r#"{"status":"Inprogress","pollId":"p1","_v":"v2"}"#.to_owned()),
        (accepted("t1"), r#"{"status":"ok","_v":"v2","traceId":"t1"}"#.to_owned()),
    ];
    for (body, expected) in cases {
        assert_eq!(body.to_string(), expected);
    }
}
