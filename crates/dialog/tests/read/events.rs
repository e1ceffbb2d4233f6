//! Events and standard responses.

use dialog::bot::{BotEvent, Condition, FirstMessage, WhatToDo};
use dialog::{Bot, node::Kind};
use serde_json::{Value, json};

use super::{messages, read, said, shown, with_node, written};

fn with(key: &str, value: Value) -> Bot {
    let mut definition = with_node(json!({"type": "script"}), json!({}));
    definition[key] = value;
    read(&definition)
}

/// What an event does, in a few words.
fn told(event: Option<&BotEvent>) -> String {
    match event.map(|event| &event.what) {
        None => "nothing".to_owned(),
        Some(WhatToDo::Dialog(place)) => format!("dialog {place:?}"),
        Some(WhatToDo::Message(texts)) => format!("message {:?}", shown(texts)),
        Some(WhatToDo::Script(script)) => format!("script {}", written(script)),
    }
}

#[test]
fn events_do_one_of_three_things() {
    let missing = "the event ON_CONNECT_EVENT starts the dialog gone, which is not in the bot: nothing happens";
    let table: [(Value, &str, &[&str]); 12] = [
        (json!({"enabled": true, "action": "triggerDialog", "task": "r-2"}), "dialog Some(1)", &[]),
        (json!({"enabled": true, "action": "triggerDialog", "task": "dg-2"}), "dialog Some(1)", &[]),
        (json!({"enabled": true, "action": "triggerDialog", "task": "gone"}), "nothing", &[missing]),
        (
            json!({"enabled": true, "action": "triggerDialog", "task": null}),
            "nothing",
            &["the event ON_CONNECT_EVENT names no dialog to start: nothing happens"],
        ),
        (
            json!({"enabled": true, "action": "triggerDialog", "task": "r-stub"}),
            "dialog Some(2)",
            &["the dialog that the event ON_CONNECT_EVENT starts has no nodes: nothing happens"],
        ),
        (json!({"enabled": false, "action": "triggerDialog", "task": "gone"}), "nothing", &[]),
        (
            json!({"enabled": true, "action": "showMsg", "msg": said("Hi%20there"), "script": "."}),
            "message [\"default/en: Hi there\"]",
            &[],
        ),
        (json!({"enabled": "true", "action": "runScript", "script": "print(%22a%22)"}), "script <%print(\"a\")%>", &[]),
        (json!({"enabled": true, "action": "", "task": "", "msg": said("Hi")}), "message [\"default/en: Hi\"]", &[]),
        (json!({"enabled": true, "task": "r-1", "msg": said("Hi")}), "dialog Some(0)", &[]),
        (json!({"enabled": true, "msg": []}), "nothing", &[]),
        (
            json!({"enabled": true, "action": "voiceProp"}),
            "nothing",
            &["the event ON_CONNECT_EVENT does 'voiceProp', which is not run here: nothing happens"],
        ),
    ];
    for (event, expected, findings) in table {
        let bot = with("botEvents", json!({"ON_CONNECT_EVENT": event}));
        assert_eq!(told(bot.events.on_connect.as_ref()), expected, "{event}");
        assert_eq!(messages(&bot), findings, "{event}");
    }
}

#[test]
fn each_event_has_its_place() {
    let names = [
        "ON_CONNECT_EVENT",
        "WELCOME_MESSAGE_EVENT",
        "INTENT_UNIDENTIFIED",
        "TASK_FAILURE_EVENT",
        "AMBIGUITY_EVENT",
        "CONVERSATION_END",
        "REPEAT_RESPONSE_EVENT",
    ];
    let events: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"enabled": true, "action": "showMsg", "msg": said(name)})))
        .collect();
    let events = with("botEvents", Value::Object(events)).events;
    let places = [
        &events.on_connect,
        &events.welcome,
        &events.unidentified,
        &events.task_failure,
        &events.ambiguity,
        &events.end_of_task,
        &events.repeat,
    ];
    for (event, name) in places.into_iter().zip(names) {
        assert_eq!(told(event.as_ref()), format!("message [\"default/en: {name}\"]"));
    }
    let bot = with(
        "botEvents",
        json!({"TELEPHONY_WELCOME_EVENT": {"enabled": true}, "TELEGRAM_WELCOME_EVENT": {"enabled": false},
            "REPEAT_RESPONSE_EVENT": {"enabled": true, "action": "showMsg", "pre_conditions": {"channels": ["ivrVoice"]}}}),
    );
    let expected = [
        "the event TELEPHONY_WELCOME_EVENT is switched on, but does not happen here",
        "the event REPEAT_RESPONSE_EVENT is meant for the channels ivrVoice, but happens on all of them",
    ];
    assert_eq!(messages(&bot), expected);
}

#[test]
fn first_messages_are_welcomed_where_the_author_says_so() {
    let welcome = |settings: Value| {
        let event = json!({"enabled": true, "action": "showMsg", "manageFirstMessage": settings});
        with("botEvents", json!({"WELCOME_MESSAGE_EVENT": event})).events.first_message
    };
    let settings =
        json!({"greetings": "displayWelcomeMsg", "faq": "respondToUserInput", "task": "triggerWelcomeDialog"});
    let expected = FirstMessage { welcomes_greeting: true, welcomes_faq: false, welcomes_task: true };
    assert_eq!(welcome(settings), expected);
    assert_eq!(welcome(json!(null)), FirstMessage::default());
}

#[test]
fn moods_have_ranges() {
    let events = json!([
        {"name": "anger", "setting": "onEveryMessage", "action": "triggerDialog", "task": "r-2",
            "emotionConfig": {"messageTone": {"angry": {"min": 1, "max": "3"}}, "dialogTone": {"sad": {"min": 2}}}},
        {"name": "joy", "setting": "onTaskCompletion", "action": "showMsg", "msg": said("Nice"),
            "emotionConfig": {"messageTone": {"joy": {"min": 1}}}},
        {"name": "none", "action": "showMsg", "msg": said("?")},
        {"name": "off", "enabled": false, "action": "showMsg", "emotionConfig": {"messageTone": {"joy": {}}}},
    ]);
    let bot = with("botSentimentEvents", events);
    let [anger, joy] = &bot.events.sentiment[..] else { panic!("two moods") };
    assert_eq!((anger.name.as_str(), anger.on_completion), ("anger", false));
    assert_eq!(anger.tones, [(false, "angry".to_owned(), 1.0, 3.0), (true, "sad".to_owned(), 2.0, 3.0)]);
    assert_eq!((told(Some(&anger.event)).as_str(), joy.on_completion), ("dialog Some(1)", true));
    assert_eq!(messages(&bot), ["the event none names no mood: it never happens"]);
}

#[test]
fn standard_responses_are_told_apart_by_their_conditions() {
    let table = [
        ("Listing all actions and FAQs after not understanding your request", Condition::Unidentified),
        ("Conversation Session Closed", Condition::SessionClosed),
        ("You have exceeded the number of allowed attempts", Condition::RetriesExceeded),
        ("User discards the task", Condition::Discarded),
        ("There is nothing to discard", Condition::NothingToDiscard),
        ("Ambiguous entity values", Condition::AmbiguousValue),
        ("Ambiguous intents", Condition::AmbiguousIntents),
        ("Did you mean", Condition::DidYouMean),
        ("Help requested", Condition::Help),
        ("User says Thank You", Condition::Thanks),
        ("Who are you?", Condition::WhoAreYou),
        ("Greeting the user", Condition::Greeting),
        ("Looks like you have mistyped a really long word", Condition::LongWord),
        ("Loop limit reached for node", Condition::Loop),
        ("Resuming the paused task", Condition::Resuming),
        ("Should we resume the previous task", Condition::ConfirmResume),
        ("Switching to another task", Condition::Switching),
        ("Task Execution Failure", Condition::TaskFailure),
        ("Invalid option chosen", Condition::WrongChoice),
        ("Sorry, answer for your question is not available.", Condition::AnswerMissing),
    ];
    for (written, expected) in table {
        let response =
            |condition: &str, key: &str| json!([{"Condition": condition, "Key": key, "Original Message": ["x"]}]);
        for responses in [response(written, ""), response("", written), response("???", &written.to_uppercase())] {
            let bot = with("koraResponses", responses);
            let found: Vec<_> = bot.responses.changed.iter().map(|(condition, _)| *condition).collect();
            assert_eq!(found, [expected], "{written}");
        }
    }
    let bot = with("koraResponses", json!([{"Condition": "???", "Key": "!!!", "Original Message": ["x"]}]));
    assert_eq!(bot.responses.unknown, ["???"]);
    assert_eq!(messages(&bot), ["the standard response '???' stands for nothing that is said here"]);
}

#[test]
fn standard_responses_have_channels_and_code() {
    let map = |channel: &str, text: &str| json!({"channel": channel, "botUXMap": {"uXMap": text, "isMarkDown": true}});
    let responses = |maps: Value, hides: bool| {
        json!([{"Condition": "help", "language": "de", "channelUXMaps": maps, "hideOriginalMessages": hides,
            "Original Message": ["first", "second", ""]}])
    };
    let rtm = || map("rtm", "Hi <% print({{context.a}}) %>");
    let table: [(Value, bool, &[&str]); 5] = [
        (json!([map("default", "So %20 &amp; {{context.a}}")]), true, &["default/de: So %20 &amp; {{context.a}}"]),
        (json!([rtm()]), true, &["rtm/de: <%print(\"Hi \"); print({{context.a}}) \n%>"]),
        (
            json!([rtm()]),
            false,
            &[
                "rtm/de: <%print(\"Hi \"); print({{context.a}}) \n%>",
                "default/de: first",
                "default/de: second",
                "default/de: ",
            ],
        ),
        (json!([map("default", " ")]), true, &["default/de: first", "default/de: second", "default/de: "]),
        (json!(null), false, &["default/de: first", "default/de: second", "default/de: "]),
    ];
    for (maps, hides, expected) in table {
        let bot = with("koraResponses", responses(maps.clone(), hides));
        let (condition, texts) = &bot.responses.changed[0];
        assert_eq!(
            (*condition, shown(texts)),
            (Condition::Help, expected.iter().map(|it| (*it).to_owned()).collect()),
            "{maps}"
        );
    }
    let mut single = map("default", "x");
    single["taskUXMaps"] = json!([{}]);
    let found = messages(&with("koraResponses", responses(json!([single]), true)));
    assert!(found[0].contains("has texts for single tasks or fields"), "{found:?}");
}

#[test]
fn the_default_dialog_is_found_by_either_id() {
    for named in ["r-2", "dg-2"] {
        assert_eq!(with("defaultDialogId", json!(named)).default_dialog, Some(1));
    }
    for named in [json!("gone"), json!(null), json!("")] {
        assert_eq!(with("defaultDialogId", named).default_dialog, None);
    }
}

#[test]
fn tasks_that_do_not_converse_are_told() {
    let bot =
        with("actions", json!([{"name": "Weather", "localeData": {"en": {"name": "The weather"}}}, {"name": "News"}]));
    let expected =
        ["The weather", "News"].map(|name| format!("the action task '{name}' is kept, but does not run here"));
    assert_eq!(messages(&bot), expected);
    assert!(matches!(bot.dialogs[0].nodes[0].kind, Kind::Start));
}
