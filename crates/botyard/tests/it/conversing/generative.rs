//! Language models, behind a server in the shape of OpenAI's.

use conversation::LanguageModel;
use serde_json::{Value, json};

use super::steps;
use crate::support::{Stub, TestServer};

fn description() -> Value {
    let settings = json!({"model": "GPT-3.5", "integrationName": "azure", "temperature": 0.5, "max_tokens": 250,
        "system_context": "You help {{context.bot}}."});
    json!({"name": "Writer", "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}}, "dialogs": [{"name": "Tell Story", "nodes": [
        {"id": "Genre", "entity": "label", "prompt": "What about?"},
        {"id": "Ask", "generative": {"prompt": "A story about {{context.entities.Genre}} of {{context.length}} words", "settings": settings,
            "preProcessorScript": "context.length%20%3D%2010%3B", "postProcessorScript": "context.said%20%3D%20context.Ask.response.text.toUpperCase()%3B"}},
        {"id": "Told", "message": "{{context.Ask.response.text}} {{context.said}} {{context.GenerativeAINode.Ask.text}}"}]}]})
}

#[tokio::test]
async fn a_language_model_is_asked_as_the_author_says() {
    let mut stub = Stub::start(|asked| {
        if asked.body.contains("about pages") {
            return (200, "text/html", "<html>Sorry, we are busy.".to_owned());
        }
        if asked.body.contains("about failure") {
            return (429, "application/json", json!({"error": {"message": "too many questions"}}).to_string());
        }
        let answer = json!({"choices": [{"message": {"role": "assistant", "content": "Once upon"}}], "usage": {}});
        (200, "application/json", answer.to_string())
    })
    .await;
    let url = format!("{}/v1", stub.url);
    let server = TestServer::start_with(|setup| {
        let model = json!({"url": url, "api_key": "sk-1", "model": "small"});
        let model: LanguageModel = serde_json::from_value(model).unwrap();
        setup.config.conversation.language_models.insert("azure".to_owned(), model);
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    assert_eq!(admin.say(&bot, "ann", "tell story").await, ["What about?"]);
    assert_eq!(admin.say(&bot, "ann", "dragons").await, ["Once upon ONCE UPON Once upon"]);
    let asked = stub.next().await;
    assert_eq!((asked.path.as_str(), asked.header("authorization")), ("/v1/chat/completions", "Bearer sk-1"));
    let expected = json!({"model": "small", "messages": [
        {"role": "system", "content": "You help Writer."}, {"role": "user", "content": "A story about dragons of 10 words"}],
        "temperature": 0.5, "max_tokens": 250});
    assert_eq!(asked.json(), expected);

    assert_eq!(admin.say(&bot, "ben", "tell story").await, ["What about?"]);
    assert_eq!(admin.say(&bot, "ben", "failure").await, ["It broke."]);
    let errors = steps(&server, &bot, "ben", "error").await;
    let told = errors[0]["detail"]["message"].as_str().unwrap();
    assert!(told.contains("'Ask'") && told.contains("429") && told.contains("too many questions"), "{told}");

    // A page in the place of an answer is told to nobody.
    assert_eq!(admin.say(&bot, "cid", "tell story").await, ["What about?"]);
    assert_eq!(admin.say(&bot, "cid", "pages").await, ["It broke."]);
    let errors = steps(&server, &bot, "cid", "error").await;
    let told = errors[0]["detail"]["message"].as_str().unwrap();
    assert!(told.contains("no JSON") && !told.contains("busy"), "{told}");
    server.finish().await;
}

#[tokio::test]
async fn without_a_language_model_the_node_is_skipped() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    admin.say(&bot, "ann", "tell story").await;
    assert_eq!(admin.say(&bot, "ann", "dragons").await, [""; 0]);
    let skipped = steps(&server, &bot, "ann", "skipped").await;
    assert_eq!(skipped[0]["detail"]["cause"], "no language model is configured", "{skipped:?}");
    server.finish().await;
}
