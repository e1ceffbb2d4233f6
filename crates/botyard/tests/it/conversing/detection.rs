//! What users of an app mean, found out by a language model behind a server in the shape of OpenAI's.

use conversation::LanguageModel;
use serde_json::{Value, json};

use super::agents::completion;
use super::steps;
use crate::support::{Asked, Stub, TestServer};

/// An app of one visible task with a description, one without, a hidden one, a question, and the events of apps.
fn description(change: &Value) -> Value {
    let detection = |enable: bool| {
        json!([{"language": "en", "dialogGPTLLMConfig": {"enable": enable, "integration": "azure",
        "defaultModel": "GPT-4o", "temperature": 0.5, "maxTokens": 2000}}])
    };
    let about = |text: &str| json!({"localeData": {"en": {"name": "Rent A Bike", "shortDesc": text}}});
    let mut description = json!({"name": "Bikes",
        "export": {"appType": "unified", "dialogGPTSettings": detection(true),
            "llmConfiguration": [{"integrations": {"azure": {"apiKey": "sk-of-the-export"}}, "featureList": []}]},
        "events": {"INTENT_UNIDENTIFIED": {"say": "No idea."}, "MULTI_INTENT_EVENT": "Plan",
            "ANSWER_GENERATION_EVENT": "Search", "INTERACTION_INTENTS": "Interact"},
        "faqs": [{"q": "What are your opening hours", "a": "We open at nine."}],
        "dialogs": [
            {"name": "Rent A Bike", "export": about("Lends you something with two wheels."), "nodes": [
                {"id": "Days", "entity": "number", "prompt": "How many days?"},
                {"id": "Lent", "message": "Lent for {{context.entities.Days}}."}]},
            {"name": "Report Damage", "nodes": [{"id": "Sorry", "message": "We will look at it."}]},
            {"name": "Plan", "hidden": true, "nodes": [{"id": "Told", "message": "{{context.dialogGPTInfo.execution_plan}}"}]},
            {"name": "Search", "hidden": true, "nodes": [{"id": "Find", "type": "searchai",
                "component": {"generativeAI": {"searchConfig": {"type": "last_response"}, "resultConfig": {"answerSearch": true}}}}]},
            {"name": "Interact", "hidden": true, "nodes": [{"id": "Told", "message": "{{context.dialogGPTInfo.winning_intents[0]}}!"}]}]});
    if change == "off" {
        description["export"]["dialogGPTSettings"] = detection(false);
    } else if change == "feature off" {
        description["export"]["llmConfiguration"][0]["featureList"] = json!([{"name": "dialogGPT", "enable": false}]);
    }
    description
}

/// What the model answers to a message.
fn verdict(said: &str) -> (u16, &'static str, String) {
    let one = |kind: &str, ids: Value| {
        completion(&json!({"fulfillment_type": kind, "winning_intents": ids, "execution_plan": ids}).to_string())
    };
    match said {
        "I want to go out into the woods" => one("single_intent", json!(["t1"])),
        "my chain is gone" => one("single_intent", json!(["Report Damage"])),
        "woods, and my chain is gone" => one("multiple_intents", json!(["t1", "t2", "q1"])),
        "wheels or something" => one("ambiguous_intents", json!(["t1", "t2"])),
        "can one come early" => one("single_intent", json!(["q1"])),
        "can you do that once more for me" => one("conversation_intent", json!(["Repeat"])),
        "the hidden bike, rent it" => one("single_intent", json!(["Plan", "t77"])),
        "when do you lot get up" => one("generate_answer", json!([])),
        "a couple, say" => one("continue", json!([])),
        "refusal" => {
            (200, "application/json", json!({"choices": [{"message": {"refusal": "I will not."}}]}).to_string())
        }
        "no json" => completion("It is a bike that is wanted."),
        "rent me a bike, error" => (500, "text/plain", "down".to_owned()),
        // The words of the answer are the search's.
        _ => one("none", json!([])),
    }
}

fn said(asked: &Asked) -> String {
    asked.json()["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned()
}

async fn server(stub: &Stub) -> TestServer {
    let (url, place) = (format!("{}/v1", stub.url), stub.place());
    TestServer::start_with(|setup| {
        let model = json!({"url": url, "api_key": "sk-own", "model": "small"});
        let model: LanguageModel = serde_json::from_value(model).unwrap();
        setup.config.conversation.language_models.insert("default".to_owned(), model);
        setup.config.conversation.services.egress.allow.push(place);
    })
    .await
}

#[tokio::test]
async fn a_model_decides_among_what_can_be_meant() {
    let mut stub = Stub::start(|asked| {
        let system = asked.json()["messages"][0]["content"].as_str().unwrap().to_owned();
        if system.starts_with("Answer the user's question") { completion("Early.") } else { verdict(&said(asked)) }
    })
    .await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&Value::Null)).await;
    for (text, wanted) in [
        ("I want to go out into the woods", &["How many days?"][..]),
        ("my chain is gone", &["We will look at it."]),
        ("woods, and my chain is gone", &["Rent A Bike,Report Damage,fc-What are your opening hours"]),
        ("can one come early", &["We open at nine."]),
        ("can you do that once more for me", &["Repeat!"]),
        // A hidden dialog and an unknown id cannot be meant; the words decide.
        ("the hidden bike, rent it", &["How many days?"]),
        ("when do you lot get up", &["No idea."]),
        ("are your hours long", &["Early."]),
        ("what is love", &["No idea."]),
    ] {
        let came = admin.say(&bot, &format!("says {text}"), text).await;
        assert_eq!(came, wanted, "{text}");
    }
    let which = admin.say(&bot, "which", "wheels or something").await;
    assert!(which[0].contains("Rent A Bike") && which[0].contains("Report Damage"), "{which:?}");

    // What the model is told: what can be meant, and nothing else.
    let asked = stub.next().await;
    assert_eq!((asked.path.as_str(), asked.header("authorization")), ("/v1/chat/completions", "Bearer sk-own"));
    assert_eq!((&asked.json()["temperature"], &asked.json()["max_tokens"]), (&json!(0.0), &json!(2000)));
    let told = asked.json()["messages"][0]["content"].as_str().unwrap().to_owned();
    for part in [
        r#"{"id":"t1","task":"Rent A Bike","about":"Lends you something with two wheels."}"#,
        r#"{"id":"t2","task":"Report Damage"}"#,
        r#""about the conversation":"the user wants to hear the last answer again""#,
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    for part in ["\"Plan\"", "\"Search\"", "sk-", "\"continue\""] {
        assert!(!told.contains(part), "{part} in {told}");
    }
    server.finish().await;
}

#[tokio::test]
async fn what_leaves_no_doubt_asks_no_model_and_what_fails_is_understood_without() {
    let mut stub = Stub::start(|asked| verdict(&said(asked))).await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&Value::Null)).await;
    for (text, wanted) in [
        ("rent a bike", "How many days?"),
        ("what are your opening hours", "We open at nine."),
        ("say that again", "Repeat!"),
    ] {
        assert_eq!(admin.say(&bot, &format!("says {text}"), text).await, [wanted]);
    }
    assert!(stub.is_unasked());
    for (text, wanted, why) in [
        ("refusal", "No idea.", "I will not."),
        ("no json", "No idea.", "names nothing that can be meant"),
        ("rent me a bike, error", "How many days?", "the provider answered 500"),
    ] {
        assert_eq!(admin.say(&bot, text, text).await, [wanted], "{text}");
        let log = steps(&server, &bot, text, "generated").await;
        assert!(log.iter().any(|step| step["detail"]["error"].as_str().is_some_and(|it| it.contains(why))), "{log:?}");
        stub.next().await;
    }
    for off in ["off", "feature off"] {
        let bot = admin.bring(&description(&json!(off))).await;
        assert_eq!(admin.say(&bot, off, "my chain is gone").await, ["No idea."], "{off}");
    }
    assert!(stub.is_unasked());
    server.finish().await;
}

#[tokio::test]
async fn while_a_task_waits_its_values_come_first_and_a_model_hears_the_rest() {
    let mut stub = Stub::start(|asked| verdict(&said(asked))).await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&Value::Null)).await;
    assert_eq!(admin.say(&bot, "ann", "rent a bike").await, ["How many days?"]);
    assert_eq!(admin.say(&bot, "ann", "3").await, ["Lent for 3."]);
    assert!(stub.is_unasked(), "a value is no task");
    assert_eq!(admin.say(&bot, "ann", "rent a bike").await, ["How many days?"]);
    assert_eq!(admin.say(&bot, "ann", "a couple, say").await[0], "That does not fit.");
    let asked = stub.next().await;
    let told = asked.json()["messages"][0]["content"].as_str().unwrap().to_owned();
    for part in [
        r#"{"task":"Rent A Bike","waits for":"Days"}"#,
        "\"continue\"",
        r#"{"user":"rent a bike","meant":"Rent A Bike"}"#,
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(!told.contains(r#""task":"Rent A Bike","about""#), "what runs cannot be started: {told}");
    assert_eq!(admin.say(&bot, "ann", "my chain is gone").await[0], "We will look at it.");
    server.finish().await;
}

#[tokio::test]
async fn what_is_said_about_the_conversation_needs_no_model() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut description = description(&Value::Null);
    description["dialogs"][4]["nodes"] = json!([
        {"id": "Words", "generative": {"prompt": "Say it again."}}, {"id": "Sorry", "message": "Sorry, that went wrong."}]);
    description["events"]["AGENT_TRANSFER_EVENT"] = json!({"say": "A human comes."});
    description["dialogs"][1]["nodes"] = json!([{"id": "Who", "entity": "label", "prompt": "Your name?"},
        {"id": "Noted", "message": "Noted, {{context.entities.Who}}."}]);
    let bot = admin.bring(&description).await;
    assert_eq!(admin.say(&bot, "ann", "rent a bike").await, ["How many days?"]);
    for said in ["hold on please", "why do you ask?", "say that again"] {
        assert_eq!(admin.say(&bot, "ann", said).await, ["How many days?"], "{said}");
    }
    // Also at a question for a text a few words are no answer.
    assert_eq!(admin.say(&bot, "ben", "report damage").await, ["Your name?"]);
    assert_eq!(admin.say(&bot, "ben", "agent").await[0], "A human comes.");
    assert_eq!(admin.say(&bot, "ben", "rent a bike").await, ["How many days?"]);
    assert_eq!(admin.say(&bot, "cid", "report damage").await, ["Your name?"]);
    assert_eq!(admin.say(&bot, "cid", "Ada Agent").await, ["Noted, Ada Agent."]);
    server.finish().await;
}
