//! Encoders of sentences: made into packs by the command line, used where messages are understood.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::TestServer;
use crate::support::client::Client;
use crate::support::program::command;

/// Words of three subjects, each with one word that no utterance has.
const SUBJECTS: [(&str, [&str; 11], &str); 3] = [
    (
        "Drinks",
        ["coffee", "latte", "espresso", "tea", "juice", "lemonade", "cocoa", "soda", "milk", "cider", "water"],
        "mocha",
    ),
    (
        "Parcels",
        ["package", "courier", "shipment", "mail", "crate", "freight", "envelope", "postage", "box", "carton", "cargo"],
        "bundle",
    ),
    (
        "Doctors",
        ["nurse", "clinic", "surgeon", "fever", "headache", "pills", "cough", "vaccine", "ward", "doctor", "flu"],
        "hospital",
    ),
];

/// Published weights: a table in which words of one subject are alike.
fn write_weights(folder: &Path) {
    let mut pieces = serde_json::Map::from_iter([("[UNK]".to_owned(), json!(0))]);
    let mut rows = vec![[0.0_f32; 4]];
    for (subject, (_, words, unseen)) in SUBJECTS.iter().enumerate() {
        for (at, word) in words.iter().chain([unseen]).enumerate() {
            pieces.insert((*word).to_owned(), json!(rows.len()));
            let mut row = [0.0, 0.0, 0.0, at as f32 / 50.0];
            row[subject] = 1.0;
            rows.push(row);
        }
    }
    let data: Vec<u8> = rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    let entry = json!({"dtype": "F32", "shape": [rows.len(), 4], "data_offsets": [0, data.len()]});
    let header = json!({ "embeddings": entry }).to_string();
    let weights = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat();
    let tokenizer = json!({
        "normalizer": {"type": "BertNormalizer", "clean_text": true, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": pieces},
    });
    std::fs::create_dir(folder).unwrap();
    std::fs::write(folder.join("model.safetensors"), weights).unwrap();
    std::fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
}

/// What the draft of a bot takes a text for.
async fn found(client: &Client, bot: &str, text: &str) -> Option<String> {
    let path = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=false");
    let answer = client.post(&path, &json!({"input": text, "streamName": "any"})).await.json();
    let response: &Value = &answer["response"];
    (response["result"] == "successintent").then(|| response["task"].as_str().unwrap().to_owned())
}

/// A bot whose utterances have no word in common.
fn bot() -> Value {
    let dialog = |(name, words, _): &(&str, [&str; 11], &str)| json!({"name": name, "utterances": words, "nodes": [{"id": "Say", "message": "Done."}]});
    json!({"name": "Subjects", "dialogs": SUBJECTS.iter().map(dialog).collect::<Vec<_>>()})
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_pack_words_that_no_utterance_has_are_understood() {
    let mut server = TestServer::start().await;
    let (weights, pack) = (server.path("weights"), server.path("words.pack"));
    write_weights(&weights);
    let (weights, pack_text) = (weights.to_str().unwrap(), pack.to_str().unwrap());
    let arguments = ["nlu", "pack", weights, pack_text, "--languages", "en,de"];
    let made = command(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{said}{}", String::from_utf8_lossy(&made.stderr));
    assert!(said.contains("a table of 37 pieces, 4 numbers a vector"), "{said}");
    // What is there is left alone.
    let again = command(&arguments).output().unwrap();
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("words.pack cannot be written"));
    let odd = command(&["nlu", "pack", weights, "other.pack", "--languages", "en,,english"]).output().unwrap();
    assert!(!odd.status.success() && String::from_utf8_lossy(&odd.stderr).contains("no code of a language"));
    let nothing = command(&["nlu", "pack", pack_text, weights]).output().unwrap();
    assert!(!nothing.status.success());

    let admin = server.admin().await;
    let bot = admin.bring(&bot()).await;
    for (_, _, unseen) in SUBJECTS {
        assert_eq!(found(&admin, &bot, unseen).await, None, "words alone say nothing about `{unseen}`");
    }
    server.restart_with(|config| config.nlu.embeddings = Some(pack.clone())).await;
    let admin = server.admin().await;
    for (subject, words, unseen) in SUBJECTS {
        assert_eq!(found(&admin, &bot, unseen).await.as_deref(), Some(subject), "{unseen}");
        assert_eq!(found(&admin, &bot, words[0]).await.as_deref(), Some(subject));
    }
    // What says nothing means nothing, and what the encoder does not know either.
    for text in ["qwertz", "?!", "\n", "b", "to be or not to be"] {
        assert_eq!(found(&admin, &bot, text).await, None, "{text:?}");
    }
    // A damaged pack is named at the start.
    let bytes = std::fs::read(&pack).unwrap();
    std::fs::write(&pack, &bytes[..bytes.len() / 2]).unwrap();
    let mut config = server.config().clone();
    config.server.listen = ([127, 0, 0, 1], 0).into();
    let error = botyard::Server::start(&config, botyard::Options::default()).await.err().unwrap().sentence();
    assert!(error.contains("`nlu.embeddings`") && error.contains("words.pack"), "{error}");
    server.finish().await;
}
