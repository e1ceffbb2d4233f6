//! Texts by language models, over the API that most of their servers speak (`/chat/completions`).

use std::time::Duration;

use access::Secret;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::request::{Auth, Request};
use crate::response::Response;

/// A server of language models. Whoever runs the server of bots chooses it, so its host is not judged: let nobody else set
/// its URL.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Where its API starts, such as `https://host/v1`.
    pub url: String,
    /// The key to it, where it wants one.
    pub api_key: Option<Secret>,
    /// The model for prompts that name none.
    pub model: String,
    /// A text may take so long.
    pub timeout: Duration,
}

/// What a language model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// Name of the component: under it the answer is recorded, and failures name it.
    pub name: String,
    /// What the model is told about its part.
    pub system: Option<String>,
    /// What is asked, last; empty where the talk says all.
    pub prompt: String,
    /// What was said before, in order: messages as the API has them (`role`, `content`).
    pub talk: Vec<Value>,
    /// Functions that may be called, as the API has them (`tools`).
    pub tools: Vec<Value>,
    /// How free the answer is: 0 to 2.
    pub temperature: Option<f64>,
    /// Longest answer. Tokens.
    pub max_tokens: Option<u32>,
    /// The model, by the provider's name for it; `None` for the provider's own choice.
    pub model: Option<String>,
    /// The answer recorded in the export: a text, or what a provider answers.
    pub sample: Option<Value>,
}

/// What a language model answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// Its text.
    pub text: String,
    /// The provider's whole answer.
    pub raw: Value,
    /// Functions it wants to be called: id, name, and arguments as JSON text.
    pub calls: Vec<(String, String, String)>,
}

/// The call that asks a prompt. Without a provider it only serves to find a recording.
pub(crate) fn request(provider: Option<&Provider>, prompt: &Prompt) -> Request {
    let system = prompt.system.as_deref().filter(|system| !system.trim().is_empty());
    let messages: Vec<Value> = system
        .map(|system| json!({"role": "system", "content": system}))
        .into_iter()
        .chain(prompt.talk.iter().cloned())
        .chain((!prompt.prompt.is_empty()).then(|| json!({"role": "user", "content": prompt.prompt})))
        .collect();
    let mut body = Map::new();
    if let Some(model) = prompt.model.as_ref().or_else(|| provider.map(|provider| &provider.model)) {
        body.insert("model".into(), json!(model));
    }
    body.insert("messages".into(), Value::Array(messages));
    if !prompt.tools.is_empty() {
        body.insert("tools".into(), json!(prompt.tools));
    }
    if let Some(temperature) = prompt.temperature {
        body.insert("temperature".into(), json!(temperature));
    }
    if let Some(max_tokens) = prompt.max_tokens {
        body.insert("max_tokens".into(), json!(max_tokens));
    }
    let base = provider.map_or("", |provider| provider.url.as_str());
    Request {
        name: prompt.name.clone(),
        method: "POST".into(),
        url: format!("{}/chat/completions", base.trim_end_matches('/')),
        headers: vec![("content-type".into(), "application/json".into())],
        body: Some(Value::Object(body).to_string()),
        timeout: provider.map_or(Duration::ZERO, |provider| provider.timeout),
        auth: provider.and_then(|provider| provider.api_key.clone()).map(|token| Auth::Bearer { token }),
        sample: prompt.sample.clone(),
    }
}

/// Reads what a provider answered.
pub(crate) fn read(answer: Response) -> Result<Generated, Failure> {
    let Response { status, body: raw, .. } = answer;
    if !(200..300).contains(&status) {
        let told = raw.pointer("/error/message").or_else(|| raw.get("error")).unwrap_or(&raw);
        let told: String = told.as_str().map_or_else(|| told.to_string(), str::to_owned).chars().take(200).collect();
        let reason = format!("the provider answered {status}: {told}");
        return Err(if matches!(status, 401 | 403) { Failure::Auth { reason } } else { Failure::Model { reason } });
    }
    let calls = calls(&raw);
    let text = match (&raw, raw.pointer("/choices/0/message/content")) {
        // A bare text is a sample or an edited recording.
        (Value::String(text), _) | (_, Some(Value::String(text))) => Some(text.clone()),
        (_, Some(Value::Array(parts))) => Some(parts.iter().filter_map(|part| part["text"].as_str()).collect()),
        _ if !calls.is_empty() => Some(String::new()),
        _ => None,
    };
    match text {
        Some(text) => Ok(Generated { text, raw, calls }),
        None => {
            let refusal = raw.pointer("/choices/0/message/refusal").and_then(Value::as_str);
            let reason = refusal.unwrap_or(
                "its answer has no choices[0].message.content; is the URL that of an API like https://host/v1?",
            );
            Err(Failure::Model { reason: reason.into() })
        }
    }
}

fn calls(raw: &Value) -> Vec<(String, String, String)> {
    let calls = raw.pointer("/choices/0/message/tool_calls").and_then(Value::as_array);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let call = |call: &Value| {
        let function = &call["function"];
        (text(&call["id"]), text(&function["name"]), text(&function["arguments"]))
    };
    calls.into_iter().flatten().map(call).collect()
}
