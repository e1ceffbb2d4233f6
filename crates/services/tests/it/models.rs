//! Language models.

use std::time::Duration;

use access::Secret;
use serde_json::{Value, json as value};
use services::{Failure, Mode, Options, Prompt, Provider};

use crate::server::{Server, client, json, recording};

fn provider(server: &Server) -> Provider {
    let (api_key, timeout) = (Some(Secret::new("s3cret")), Duration::from_secs(30));
    Provider { url: server.url("/v1/"), api_key, model: "small".into(), timeout }
}

fn prompt(text: &str) -> Prompt {
    Prompt {
        name: "Story".into(),
        system: None,
        prompt: text.into(),
        talk: Vec::new(),
        tools: Vec::new(),
        temperature: None,
        max_tokens: None,
        model: None,
        sample: None,
    }
}

fn completion(content: &Value) -> Value {
    value!({"choices": [{"message": {"role": "assistant", "content": content}}]})
}

#[tokio::test]
async fn prompts_are_asked_as_providers_expect() {
    let server = Server::start(|_| Some(json(200, completion(&value!("Once."))))).await;
    let (client, _) = client(&Options::default());
    let full = Prompt {
        system: Some("Be brief.".into()),
        temperature: Some(0.5),
        max_tokens: Some(20),
        model: Some("large".into()),
        ..prompt("Tell")
    };
    for (prompt, body) in [
        (prompt("Tell"), value!({"model": "small", "messages": [{"role": "user", "content": "Tell"}]})),
        (
            full,
            value!({
                "model": "large",
                "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Tell"}],
                "temperature": 0.5,
                "max_tokens": 20,
            }),
        ),
    ] {
        let generated = client.generate(Some(&provider(&server)), &prompt, None).await.unwrap();
        assert_eq!((generated.text.as_str(), &generated.raw), ("Once.", &completion(&value!("Once."))));
        let seen = server.seen().pop().unwrap();
        assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/v1/chat/completions"));
        assert_eq!(seen.header("authorization"), Some("Bearer s3cret"));
        assert_eq!(serde_json::from_str::<Value>(&seen.body).unwrap(), body);
    }
    let keyless = Provider { api_key: None, ..provider(&server) };
    client.generate(Some(&keyless), &prompt("Tell"), None).await.unwrap();
    assert_eq!(server.seen().pop().unwrap().header("authorization"), None);
    assert!(!format!("{:?}", provider(&server)).contains("s3cret"));
}

#[tokio::test]
async fn answers_are_texts_or_failures() {
    let parts = value!([{"type": "text", "text": "On"}, {"type": "other"}, {"type": "text", "text": "ce."}]);
    let refusal = value!({"choices": [{"message": {"content": null, "refusal": "no stories"}}]});
    for (status, body, text, told) in [
        (200, completion(&parts), Some("Once."), ""),
        (200, completion(&value!("")), Some(""), ""),
        (200, refusal, None, "no stories"),
        (200, value!({"text": "Once."}), None, "choices"),
        (429, value!({"error": {"message": "slow down"}}), None, "429: slow down"),
        (500, value!({"error": "broken"}), None, "500: broken"),
        (401, value!({"error": {"message": "wrong key"}}), None, "401: wrong key"),
    ] {
        let shown = body.to_string();
        let server = Server::start(move |_| Some(json(status, body.clone()))).await;
        let (client, _) = client(&Options::default());
        let result = client.generate(Some(&provider(&server)), &prompt("Tell"), None).await;
        assert_eq!(result.as_ref().ok().map(|generated| generated.text.as_str()), text, "{shown}");
        if let Err(failure) = result {
            assert!(failure.to_string().contains(told), "{failure}");
            assert_eq!(matches!(failure, Failure::Auth { .. }), status == 401);
        }
    }
}

#[tokio::test]
async fn recordings_and_samples_need_no_provider() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|seen| {
        let asked: Value = serde_json::from_str(&seen.body).unwrap();
        Some(json(200, completion(&asked["messages"][0]["content"])))
    })
    .await;
    let (client, _) = client(&recording(&[], Mode::Live, folder.path()));
    let named = |text| Prompt { model: Some("large".into()), ..prompt(text) };
    for text in ["one", "two"] {
        client.generate(Some(&provider(&server)), &named(text), Some(Mode::Record)).await.unwrap();
    }
    for text in ["one", "two"] {
        let generated = client.generate(None, &named(text), Some(Mode::Replay)).await.unwrap();
        assert_eq!(generated.text, text);
    }
    for (sample, text) in [(value!("a text"), "a text"), (completion(&value!("whole")), "whole")] {
        let prompt = Prompt { name: "Unrecorded".into(), sample: Some(sample), ..prompt("x") };
        assert_eq!(client.generate(None, &prompt, Some(Mode::Replay)).await.unwrap().text, text);
    }
    for (mode, wanted) in [(None, "no provider"), (Some(Mode::Replay), "Unrecorded has no recording")] {
        let prompt = Prompt { name: "Unrecorded".into(), ..prompt("x") };
        let failure = client.generate(None, &prompt, mode).await.unwrap_err();
        assert!(failure.to_string().contains(wanted), "{failure}");
    }
}
