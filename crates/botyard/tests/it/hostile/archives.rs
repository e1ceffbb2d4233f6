//! The inputs of the fuzzers, through the server's doors: forms as uploads, definitions and archives as imports.

use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::json;

use super::server;
use crate::support::BotFiles;
use crate::support::client::Client;

/// How many changed ones are made of each input.
const CHANGED: u64 = 6;

/// The inputs a fuzzer begins with, by name; also those it found, where it ran.
fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in ["corpus-seeds", "corpus"] {
        let files = std::fs::read_dir(fuzz.join(folder).join(target)).into_iter().flatten();
        paths.extend(files.map(|file| file.unwrap().path()).take(200));
    }
    paths.sort();
    assert!(paths.len() >= 5, "the inputs of {target} are there");
    let mut inputs = Vec::new();
    for path in paths {
        let (name, bytes) = (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap());
        for round in 0..CHANGED {
            inputs.push((format!("{name}, changed {round}"), changed(&bytes, round)));
        }
        inputs.push((name, bytes));
    }
    inputs
}

/// Some bytes of it other, or its end cut off.
fn changed(bytes: &[u8], round: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut word = 0x9e37_79b9_7f4a_7c15_u64 ^ (round + 1) << 7;
    for _ in 0..=round {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        let at = usize::try_from(word >> 8).unwrap() % bytes.len().max(1);
        match word & 3 {
            0 => bytes.truncate(at),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = 0),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (word & 7)),
        }
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_form_is_answered_with_a_fault_of_the_server() {
    let server = server().await;
    let admin = server.admin().await;
    let types = [
        Some("multipart/form-data; boundary=B"),
        Some("multipart/form-data; boundary=\"--\""),
        Some("multipart/form-data"),
        None,
    ];
    let paths = ["/api/public/uploadfile", "/api/attachment/file"];
    let mut wrong = Vec::new();
    for (name, input) in inputs("multipart") {
        // The first byte chooses the content type; the second one is of use to the fuzzer only.
        let form = input.get(2..).unwrap_or_default();
        let content_type = types[usize::from(input.first().copied().unwrap_or_default()) % types.len()];
        for path in paths {
            let mut request = admin.request(Method::POST, path).bearer_auth(admin.token()).body(form.to_vec());
            if let Some(content_type) = content_type {
                request = request.header("content-type", content_type);
            }
            let reply = admin.send(request).await;
            if reply.status.is_server_error() {
                wrong.push(format!("{path} {name}: {} {}", reply.status, reply.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_definition_and_archive_is_imported_or_refused_with_a_reason() {
    let server = server().await;
    let admin = server.admin().await;
    let sample = BotFiles::sample();
    let bot = admin.import_new(&sample).await.bot;
    let files = sample.upload(&admin).await;
    let mut started = Vec::new();
    for (name, bytes) in inputs("definition_reader") {
        let mut body = files.clone();
        body["botDefinition"] = json!(admin.upload("botDefinition.json", bytes).await);
        start(&admin, &format!("/api/public/bot/{bot}/import"), name, &body, &mut started).await;
    }
    for (name, bytes) in inputs("zip_reader") {
        let body =
            json!({"uploadMode": "ZIP", "zipInfo": admin.upload("export.zip", bytes).await, "icon": files["icon"]});
        start(&admin, "/api/public/bot/import", name, &body, &mut started).await;
    }
    let mut wrong = Vec::new();
    for (name, id) in started {
        let record = admin.wait(&format!("/api/public/bot/import/status/{id}")).await;
        let reason = record["reason"].as_str().unwrap_or_default();
        let told = record["status"] == "success" || !reason.is_empty() && !reason.contains("given up");
        if !told {
            wrong.push(format!("{name}: {record}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    server.finish().await;
}

async fn start(
    admin: &Client,
    path: &str,
    name: String,
    body: &serde_json::Value,
    started: &mut Vec<(String, String)>,
) {
    let reply = admin.post(path, body).await.json();
    started.push((name, reply["_id"].as_str().unwrap().to_owned()));
}
