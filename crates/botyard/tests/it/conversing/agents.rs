//! Agent nodes and searches that language models lead, behind a server in the shape of OpenAI's.

use conversation::LanguageModel;
use serde_json::{Value, json};

use super::steps;
use crate::support::{Stub, TestServer};

/// What the model says to a question: by the last message of its talk.
pub(super) fn completion(content: &str) -> (u16, &'static str, String) {
    let answer = json!({"choices": [{"message": {"role": "assistant", "content": content}}], "usage": {}});
    (200, "application/json", answer.to_string())
}

async fn server(stub: &Stub) -> TestServer {
    let url = stub.url.clone();
    TestServer::start_with(|setup| {
        for (name, base) in [("default", format!("{url}/v1")), ("slow", format!("{url}/held/v1"))] {
            let model = json!({"url": base, "api_key": "sk-own", "model": "small"});
            let model: LanguageModel = serde_json::from_value(model).unwrap();
            setup.config.conversation.language_models.insert(name.to_owned(), model);
        }
        setup.config.conversation.services.egress.allow.push(stub.place());
    })
    .await
}

fn description(url: &str) -> Value {
    let entities = json!([{"name": "doctorType", "type": "label"}, {"name": "visitDate", "type": "date"}]);
    let agent = json!({"dynamicEntities": entities, "systemContext": "You book visits for {{context.bot}}.",
        "rules": ["new Date() &gt; context.x"], "exitScenarios": ["When the user gives up."], "isCustom": false,
        "temperature": 0.7, "max_tokens": 100, "integrationName": "koreopenai", "model": "GPT-4o"});
    let with = |change: &Value| {
        let mut changed = agent.clone();
        changed.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        changed
    };
    let tools = json!([{"refId": "tool-1", "tool_name": "bookVisit", "desc": "Books a visit.",
        "params": [{"name": "doctorType", "desc": "Which", "type": "String", "isRequired": true}],
        "tool_actions": [{"action_id": "service-1", "action_type": "service"}], "resp_path": "context.Book.response.body"}]);
    let tool = json!({"toolInstances": [{"nodeId": "nd-tl-1", "toolRefId": "tool-1", "tool_transition": {"type": 0}}]});
    let booked = json!({"url": format!("{url}/book"), "method": "post", "body": "{{context.AI_Assisted_Dialogs.Own.active_tool_args.doctorType}}"});
    let told = "{{context.AI_Assisted_Dialogs.Talk.entities[0].doctorType}}, {{context.entities.visitDate}}.";
    json!({"name": "Clinic",
        "export": {"tools": tools, "llmConfiguration": [{"integrations": {"koreopenai": {"apiKey": "sk-of-the-export"}}, "featureList": []}]},
        "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}},
        "faqs": [{"q": "What are your opening hours", "a": "We open at nine."}],
        "dialogs": [
            {"name": "Book Visit", "nodes": [
                {"id": "Talk", "agent": agent, "options": {"eventOptions": {"defaultMaxRetry": {"retry_limit": 2, "action": "endOfDialog"}}},
                    "postProcessorScript": "context.rounds = (context.rounds || 0) + 1;", "node": tool},
                {"id": "Told", "message": format!("{told} {{{{context.rounds}}}}")}]},
            {"name": "Slow Visit", "nodes": [
                {"id": "Talk", "agent": with(&json!({"integrationName": "slow"})), "component": {"serviceAPITimeout": 1}},
                {"id": "Told", "message": "Never."}]},
            {"name": "Mild Visit", "nodes": [
                {"id": "Talk", "agent": with(&json!({"fallbackBehavior": {"onLLMFail": "jumpToNode", "ref": "Sorry"}}))},
                {"id": "Told", "message": "Never.", "next": "end"},
                {"id": "Sorry", "message": "Call us instead."}]},
            {"name": "Tool Visit", "nodes": [
                {"id": "Own", "agent": with(&json!({"isCustom": true})), "node": tool},
                {"id": "Told", "message": "Went on.", "next": "end"},
                {"id": "Book", "service": booked, "component": {"refId": "service-1"}}]},
            {"name": "Look Up", "nodes": [
                {"id": "Words", "entity": "description", "prompt": "What?"},
                {"id": "Find", "type": "searchai", "component": {"generativeAI": {"searchConfig": {"type": "last_response"}, "resultConfig": {"answerSearch": true}}}},
                {"id": "Told", "message": "[{{context.SearchAINode.Find.response.answer}}]"}]}]})
}

/// The messages of a question to the model.
fn messages(asked: &crate::support::Asked) -> Vec<Value> {
    asked.json()["messages"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_model_leads_the_talk_and_its_values_are_checked() {
    let mut stub = Stub::start(|asked| {
        let body = asked.json();
        let last = body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
        match last.as_str() {
            "heart, tomorrow" => completion(
                "```json\n{\"bot\": \"All set.\", \"entities\": [{\"doctorType\": \"heart\"}, {\"visitDate\": \"2030-05-17\"}, \
                 {\"iban\": \"DE00\"}], \"conv_status\": \"ended\"}\n```",
            ),
            "in words" => completion("Which doctor, please?"),
            _ => completion("{\"bot\": \"Which doctor and when?\", \"entities\": [], \"conv_status\": \"ongoing\"}"),
        }
    })
    .await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&stub.url)).await;
    assert_eq!(admin.say(&bot, "ann", "book visit").await, ["Which doctor and when?"]);
    let asked = stub.next().await;
    assert_eq!((asked.path.as_str(), asked.header("authorization")), ("/v1/chat/completions", "Bearer sk-own"));
    assert!(asked.json().get("tools").is_none(), "a tool of the default prompt would book twice");
    assert_eq!((&asked.json()["temperature"], &asked.json()["max_tokens"]), (&json!(0.7), &json!(100)));
    let first = messages(&asked);
    let told = first[0]["content"].as_str().unwrap();
    for part in
        ["You book visits for Clinic.", "- new Date() > context.x", "- doctorType (label)", "- When the user gives up."]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(!asked.body.contains("sk-of-the-export"));
    assert_eq!(first[1], json!({"role": "user", "content": "book visit"}));
    // The text of an unreadable answer is said, and the talk goes on; values, also unknown ones, come from the readable.
    assert_eq!(admin.say(&bot, "ann", "in words").await, ["Which doctor, please?"]);
    assert_eq!(messages(&stub.next().await).len(), 4);
    let over = admin.say(&bot, "ann", "one more").await;
    assert!(over[0].contains("exceeded the number of allowed attempts"), "{over:?}");
    assert_eq!(admin.say(&bot, "ben", "book visit").await, ["Which doctor and when?"]);
    assert_eq!(admin.say(&bot, "ben", "heart, tomorrow").await, ["All set.", "heart, 2030-05-17. 2"]);
    let unknown = steps(&server, &bot, "ben", "agent").await;
    assert!(unknown.iter().any(|step| step["detail"].to_string().contains("'iban'")), "{unknown:?}");
    server.finish().await;
}

#[tokio::test]
async fn a_model_that_refuses_or_does_not_answer_fails_the_task_as_the_author_says() {
    let stub = Stub::start(|_| {
        let refusal =
            json!({"choices": [{"message": {"role": "assistant", "content": null, "refusal": "I will not."}}]});
        (200, "application/json", refusal.to_string())
    })
    .await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&stub.url)).await;
    for (user, said, answered, why) in [
        ("ann", "book visit", "It broke.", "I will not."),
        ("ben", "slow visit", "It broke.", "no complete answer within 1000 ms"),
    ] {
        assert_eq!(admin.say(&bot, user, said).await, [answered]);
        let errors = steps(&server, &bot, user, "error").await;
        let told = errors[0]["detail"]["message"].as_str().unwrap();
        assert!(told.contains("'Talk'") && told.contains(why), "{told}");
    }
    assert_eq!(admin.say(&bot, "cid", "mild visit").await, ["Call us instead."]);
    stub.release();
    server.finish().await;
}

#[tokio::test]
async fn an_agent_with_a_prompt_of_its_own_may_call_its_tools() {
    let mut stub = Stub::start(|asked| {
        if asked.path == "/book" {
            return (200, "application/json", json!({"booked": asked.body}).to_string());
        }
        let body = asked.json();
        let last = body["messages"].as_array().unwrap().last().unwrap().clone();
        if last["role"] == "tool" {
            return completion(&json!({"bot": last["content"], "conv_status": "ended"}).to_string());
        }
        let call = |name: &str| json!({"id": name, "type": "function", "function": {"name": name, "arguments": "{\"doctorType\":\"eyes\"}"}});
        let answer = json!({"choices": [{"message": {"role": "assistant", "content": null, "tool_calls": [call("bookVisit"), call("bookVisit"), call("fly")]}}]});
        (200, "application/json", answer.to_string())
    })
    .await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&stub.url)).await;
    let said = admin.say(&bot, "ann", "tool visit").await;
    assert_eq!(said, ["{&quot;error&quot;:&quot;there is no tool &#39;fly&#39;&quot;}", "Went on."]);
    let offered = stub.next().await.json();
    assert_eq!(offered["tools"][0]["function"]["name"], "bookVisit");
    assert_eq!(offered["tools"][0]["function"]["parameters"]["required"], json!(["doctorType"]));
    assert_eq!((stub.next().await.body.as_str(), stub.next().await.path.as_str()), ("eyes", "/v1/chat/completions"));
    assert!(stub.is_unasked(), "the tool is called once");
    server.finish().await;
}

#[tokio::test]
async fn a_search_is_worded_from_the_questions_of_the_app_alone() {
    let mut stub = Stub::start(|asked| {
        let told = asked.json()["messages"][0]["content"].as_str().unwrap().to_owned();
        let question = asked.json()["messages"][1]["content"].as_str().unwrap().to_owned();
        match question.as_str() {
            _ if !told.contains("Answer: We open at nine.") => (500, "text/plain", String::new()),
            "opening hours broken" => (500, "text/plain", "down".to_owned()),
            "opening hours on mars" => completion("NO_ANSWER"),
            _ => completion("At nine in the morning."),
        }
    })
    .await;
    let server = server(&stub).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&stub.url)).await;
    let unknown = "I could not understand that. Can you rephrase?";
    for (user, query, wanted) in [
        ("ann", "what are your opening hours", ["At nine in the morning.", "[At nine in the morning.]"]),
        ("ben", "opening hours on mars", [unknown, "[]"]),
    ] {
        admin.say(&bot, user, "look up").await;
        let said = admin.say(&bot, user, query).await;
        assert_eq!((said.len(), said[1].as_str()), (2, wanted[1]), "{query}: {said:?}");
        if query.starts_with("what") {
            assert_eq!(said, wanted);
        }
        stub.next().await;
    }
    // Nothing that is like the question: the model is not asked.
    admin.say(&bot, "cid", "look up").await;
    assert_eq!(admin.say(&bot, "cid", "quantum lecture").await.last().unwrap(), "[]");
    assert!(stub.is_unasked());
    server.finish().await;
}
