//! Recordings and samples.

use std::fs;

use access::Secret;
use serde_json::{Value, json as value};
use services::{Auth, Client, Failure, KeyPlace, Mode, Options, Request, SetupError};

use crate::server::{Server, answer, client, get, json, options, post, recording};

#[tokio::test]
async fn what_was_recorded_is_replayed_by_how_well_it_fits() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|seen| Some(json(201, value!({"target": seen.target, "body": seen.body})))).await;
    let (recorder, _) = client(&recording(&[&server], Mode::Record, folder.path()));
    for request in [
        post(&server.url("/a"), r#"{"n":1}"#),
        post(&server.url("/a"), r#"{"n":2}"#),
        post(&server.url("/b"), r#"{"n":3}"#),
        get(&server.url("/a")),
    ] {
        let response = recorder.call(&request, None).await.unwrap();
        assert_eq!(recorder.call(&request, Some(Mode::Replay)).await, Ok(response));
    }
    let asked = server.seen().len();
    let (player, _) = client(&recording(&[], Mode::Replay, folder.path()));
    for (request, target, body) in [
        (post(&server.url("/a"), r#"{"n":2}"#), "/a", r#"{"n":2}"#),
        (post(&server.url("/a"), r#"{ "n": 2 }"#), "/a", r#"{"n":2}"#),
        (post(&server.url("/b"), r#"{"n":99}"#), "/b", r#"{"n":3}"#),
        (post("http://elsewhere.example/", r#"{"n":3}"#), "/b", r#"{"n":3}"#),
        (get(&server.url("/a")), "/a", ""),
        (get("http://elsewhere.example/"), "/a", ""),
    ] {
        let response = player.call(&request, None).await.unwrap();
        let told = (response.body["target"].as_str().unwrap(), response.body["body"].as_str().unwrap());
        assert_eq!((response.status, told), (201, (target, body)), "{request:?}");
    }
    assert_eq!(server.seen().len(), asked, "a replay calls nobody");
}

#[tokio::test]
async fn recordings_are_replaced_and_written_in_one_order() {
    let server = Server::start(|_| Some(answer(200, &[("date", "today")], "x"))).await;
    let requests = ["/c", "/a", "/b", "/a"].map(|path| get(&server.url(path)));
    let mut texts = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
        let folder = tempfile::tempdir().unwrap();
        let (recorder, _) = client(&recording(&[&server], Mode::Record, &folder.path().join("new")));
        for index in order {
            recorder.call(&requests[index], None).await.unwrap();
        }
        texts.push(fs::read_to_string(folder.path().join("new/Component.json")).unwrap());
    }
    assert_eq!(texts[0], texts[1]);
    let recordings: Vec<Value> = serde_json::from_str(&texts[0]).unwrap();
    let one = |path| {
        let headers = value!({"content-length": "1", "date": "today"});
        value!({"request": {"url": server.url(path), "method": "GET"}, "response": {"status": 200, "headers": headers, "body": "x"}})
    };
    assert_eq!(recordings, [one("/a"), one("/b"), one("/c")]);
}

#[tokio::test]
async fn calls_at_the_same_time_are_all_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::constant(200, "text/plain", "x").await;
    let (recorder, _) = client(&recording(&[&server], Mode::Record, folder.path()));
    let calls: Vec<_> = (0..20)
        .map(|number| {
            let (recorder, request) = (recorder.clone(), get(&server.url(&format!("/{number}"))));
            tokio::spawn(async move { recorder.call(&request, None).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let text = fs::read_to_string(folder.path().join("Component.json")).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&text).unwrap().len(), 20);
}

#[tokio::test]
async fn no_secret_is_recorded_and_replay_finds_the_call_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| {
        let headers = [("set-cookie", "s3cret"), ("authorization", "s3cret"), ("content-type", "application/json")];
        Some(answer(200, &headers, r#"{"access_token":"s3cret","n":1}"#))
    })
    .await;
    let (client, _) = client(&recording(&[&server], Mode::Record, folder.path()));
    let headers = vec![("Cookie".to_owned(), "s3cret".to_owned()), ("X-Api-Key".to_owned(), "s3cret".to_owned())];
    for auth in [
        Auth::Bearer { token: Secret::new("s3cret") },
        Auth::ApiKey { place: KeyPlace::Query, name: "mine".into(), value: Secret::new("s3cret") },
    ] {
        let url = server.url("/?api_key=s3cret&q=1");
        let body = r#"{"password":"s3cret"}"#;
        let request = Request { auth: Some(auth), headers: headers.clone(), ..post(&url, body) };
        let live = client.call(&request, None).await.unwrap();
        assert_eq!(live.headers["set-cookie"], "s3cret");
        let again = client.call(&request, Some(Mode::Replay)).await.unwrap();
        assert_eq!((again.status, &again.body["n"]), (200, &value!(1)));
    }
    let text = fs::read_to_string(folder.path().join("Component.json")).unwrap();
    assert!(!text.contains("s3cret") && text.contains("q=1"), "{text}");
    assert_eq!(serde_json::from_str::<Vec<Value>>(&text).unwrap().len(), 1);
}

#[tokio::test]
async fn samples_answer_where_there_is_no_recording() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Some(value!("{\"statusCode\":203,\"body\":[1],\"headers\":{\"A\":\"b\"}}"));
    for options in [Options { mode: Mode::Replay, ..Options::default() }, recording(&[], Mode::Replay, folder.path())] {
        let (client, _) = client(&options);
        let request = Request { sample: sample.clone(), ..get("https://a.example/") };
        let response = client.call(&request, None).await.unwrap();
        assert_eq!((response.status, &response.headers["a"], &response.body), (203, &value!("b"), &value!([1])));
        let failure = client.call(&get("https://a.example/"), None).await.unwrap_err();
        assert!(matches!(&failure, Failure::NoRecording { name, .. } if name == "Component"), "{failure}");
    }
    let file = folder.path().join("Component.json");
    fs::write(&file, r#"[{"request":{"method":"GET","url":"x"},"response":{"status":200,"body":"edited"}}]"#).unwrap();
    let (client, _) = client(&recording(&[], Mode::Replay, folder.path()));
    let request = Request { sample, ..get("https://a.example/") };
    assert_eq!(client.call(&request, None).await.unwrap().body, "edited");
    fs::write(&file, "{}").unwrap();
    assert!(matches!(client.call(&request, None).await, Err(Failure::Recording { .. })));
}

#[tokio::test]
async fn options_that_cannot_work_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let new = |options: &Options| Client::new(options, domain::Clock::system());
    assert!(matches!(new(&recording(&[], Mode::Live, &file)), Err(SetupError::NotAFolder(_))));
    let folderless = Options { mode: Mode::Record, ..Options::default() };
    assert!(matches!(new(&folderless), Err(SetupError::NoFolder)));

    let server = Server::constant(200, "text/plain", "x").await;
    let (client, _) = client(&options(&[&server]));
    let failure = client.call(&get(&server.url("/")), Some(Mode::Record)).await;
    assert!(matches!(failure, Err(Failure::Recording { .. })));
    assert_eq!(server.seen(), [], "what cannot be recorded is not called");
}

#[test]
fn options_have_their_names_in_files() {
    let text = r#"{"mode":"replay","cassettes":"c","egress":{"allow":["a.example"],"deny_private":false}}"#;
    let options: Options = serde_json::from_str(text).unwrap();
    assert_eq!((options.mode, options.egress.allow.len(), options.max_redirects), (Mode::Replay, 1, 5));
    assert_eq!((options.max_response_bytes, options.egress.deny_private), (10 * 1024 * 1024, false));
    for unknown in [r#"{"modes":"live"}"#, r#"{"egress":{"deny":[]}}"#, r#"{"mode":"Live"}"#] {
        assert!(serde_json::from_str::<Options>(unknown).is_err(), "{unknown}");
    }
}
