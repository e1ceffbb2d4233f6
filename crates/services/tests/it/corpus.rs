//! Samples in real exports.

use std::fs;
use std::path::Path;

use serde_json::Value;
use services::{Mode, Options, Request};

use crate::server::{client, get};

fn collect(value: &Value, samples: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            samples.extend(fields.get("sampleResponse").filter(|list| list.is_array()).cloned());
            fields.values().for_each(|field| collect(field, samples));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, samples)),
        _ => {}
    }
}

#[tokio::test]
async fn every_sample_of_real_exports_is_an_answer() {
    let Ok(bots) = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus")) else {
        println!("skipped: no ../shared");
        return;
    };
    let (client, _) = client(&Options { mode: Mode::Replay, ..Options::default() });
    for bot in bots {
        let Ok(text) = fs::read_to_string(bot.unwrap().path().join("botDefinition.json")) else { continue };
        let mut samples = Vec::new();
        collect(&serde_json::from_str(&text).unwrap(), &mut samples);
        for list in samples {
            let text = list[0]["response"].as_str().unwrap().to_owned();
            let stored: Value = serde_json::from_str(&text).unwrap();
            for sample in [list, Value::String(text), stored.clone()] {
                let request = Request { sample: Some(sample), ..get("https://a.example/") };
                let response = client.call(&request, None).await.unwrap();
                let is_whole = stored.get("statusCode").is_some();
                assert_eq!(&response.body, if is_whole { &stored["body"] } else { &stored });
                assert_eq!(response.headers.is_empty(), !is_whole);
                assert_eq!(response.status, 200);
            }
        }
    }
}
