//! Kinds of answers, and of having none.

use std::time::Duration;

use serde_json::{Value, json};
use services::{Client, Failure, Options, Request};

use crate::server::{Server, answer, client, get, options, post};

#[tokio::test]
async fn bodies_are_read_by_what_they_are() {
    for (status, kind, body, wanted) in [
        (200, "application/json", &br#"{"a":[1,25]}"#[..], json!({"a": [1, 25]})),
        (201, "application/json; charset=utf-8", b"[{\"a\":1}]", json!([{"a": 1}])),
        (200, "application/problem+json", b"7", json!(7)),
        (200, "application/json", b"03 Aug 2018", json!("03 Aug 2018")),
        (200, "application/json", b"{broken", json!("{broken")),
        (500, "text/plain", br#"{"error":"x"}"#, json!({"error": "x"})),
        (200, "text/plain", b"7", json!("7")),
        (404, "text/html", b"<p>gone</p>", json!("<p>gone</p>")),
        (200, "text/xml", b"<a n='1'><b>x</b></a>", json!({"a": {"$": {"n": "1"}, "b": ["x"]}})),
        (200, "application/soap+xml; charset=utf-8", b"<?xml version=\"1.0\"?><a>x</a>", json!({"a": "x"})),
        (200, "text/plain", b"<?xml version=\"1.0\"?><a>x</a>", json!({"a": "x"})),
        (200, "text/xml", b"<a>", json!("<a>")),
        (200, "application/json", b"", json!("")),
        (204, "text/plain", b"", json!("")),
        (200, "application/json", b"\xef\xbb\xbf{\"a\":1}", json!({"a": 1})),
        (200, "text/plain", b"caf\xe9", json!("caf\u{fffd}")),
        (200, "text/plain; charset=ISO-8859-1", b"caf\xe9", json!("café")),
        (200, "text/plain; charset=ISO-8859-1", "café".as_bytes(), json!("café")),
        (
            503,
            "application/json",
            b"{\"a\":12345678901234567890123}",
            serde_json::from_str("{\"a\":12345678901234567890123}").unwrap(),
        ),
    ] {
        let server = Server::constant(status, kind, body).await;
        let (client, _) = client(&options(&[&server]));
        let response = client.call(&get(&server.url("/")), None).await.unwrap();
        let shown = String::from_utf8_lossy(body);
        assert_eq!((response.status, response.body), (status, wanted), "{kind} {shown}");
        assert_eq!(response.headers["content-type"], kind);
    }
}

#[tokio::test]
async fn headers_have_lower_case_names_and_repeated_ones_are_joined() {
    let server = Server::start(|_| {
        let cookies = [("Set-Cookie", "a=1"), ("X-Odd", "1"), ("Set-Cookie", "b=2")];
        Some(answer(200, &cookies, ""))
    })
    .await;
    let (client, _) = client(&options(&[&server]));
    let headers = client.call(&get(&server.url("/")), None).await.unwrap().headers;
    assert_eq!((&headers["set-cookie"], &headers["x-odd"]), (&json!("a=1, b=2"), &json!("1")));
}

#[tokio::test]
async fn what_is_sent_is_what_was_asked_for() {
    let server = Server::constant(200, "text/plain", "ok").await;
    let (client, _) = client(&options(&[&server]));
    let headers = [("X-A", " 1 "), ("Host", "evil.example"), ("Content-Length", "3"), ("Accept-Encoding", "gzip")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let typed = vec![("Content-Type".to_owned(), "text/xml".to_owned())];
    for request in [
        Request { headers, ..post(&server.url("/a b?q=ü&r={x}#f"), r#" {"n":1}"#) },
        Request { headers: typed, ..post(&server.url("/"), "{}") },
        Request { method: "Patch".into(), ..post(&server.url("/"), "text") },
        Request { body: Some(String::new()), ..get(&server.url("/")) },
    ] {
        client.call(&request, None).await.unwrap();
    }
    let seen = server.seen();
    let told = |name: &str| seen.iter().map(|one| one.header(name)).collect::<Vec<_>>();
    assert_eq!(
        seen.iter().map(|one| (one.method.as_str(), one.target.as_str(), one.body.as_str())).collect::<Vec<_>>(),
        [
            ("POST", "/a%20b?q=%C3%BC&r={x}", r#" {"n":1}"#),
            ("POST", "/", "{}"),
            ("PATCH", "/", "text"),
            ("GET", "/", ""),
        ]
    );
    assert_eq!(told("content-type"), [Some("application/json"), Some("text/xml"), None, None]);
    assert_eq!(told("x-a"), [Some("1"), None, None, None]);
    assert_eq!(told("host"), [Some(server.entry().as_str()); 4]);
    assert_eq!(told("accept-encoding"), [None; 4]);
}

#[tokio::test]
async fn requests_that_are_none_are_told_without_their_secrets() {
    let (client, _) = client(&Options::default());
    let with =
        |name: &str, value: &str| Request { headers: vec![(name.into(), value.into())], ..get("http://8.8.8.8/") };
    for request in [
        get(""),
        get("/path?key=s3cret"),
        get("ftp://8.8.8.8/s3cret"),
        get("file:///etc/passwd"),
        get("http://"),
        get("http://a b/?s3cret"),
        Request { method: "a b".into(), ..get("http://8.8.8.8/") },
        Request { method: "CONNECT".into(), ..get("http://8.8.8.8/") },
        with("a b", "1"),
        with("", "1"),
        with("authorization", "s3cret\r\nx: 1"),
    ] {
        let failure = client.call(&request, None).await.unwrap_err();
        assert!(matches!(failure, Failure::BadRequest { .. }), "{request:?} {failure}");
        assert!(!failure.to_string().contains("s3cret"), "{failure}");
    }
}

#[tokio::test]
async fn without_an_answer_there_is_a_reason() {
    let silent = Server::start(|_| None).await;
    let hasty = Request { timeout: Duration::from_millis(50), ..get(&silent.url("/")) };
    let (client, _) = client(&options(&[&silent]));
    assert_eq!(client.call(&hasty, None).await, Err(Failure::Timeout { after: hasty.timeout }));

    // A port that was given out and is free again refuses connections.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let all = Options {
        egress: services::Egress { allow: vec!["127.0.0.1".into()], deny_private: true },
        ..Options::default()
    };
    let client = Client::new(&all, domain::Clock::system()).unwrap();
    let without_tls = silent.url("/?s3cret").replace("http:", "https:");
    for url in [format!("http://127.0.0.1:{port}/?s3cret"), "http://no-such-host.invalid/?s3cret".into(), without_tls] {
        let failure = client.call(&get(&url), None).await.unwrap_err();
        assert!(matches!(failure, Failure::Unreachable { .. }), "{url} {failure}");
        assert!(!failure.to_string().contains("s3cret"), "{failure}");
    }
}

#[tokio::test]
async fn long_answers_are_cut_off() {
    let server = Server::constant(200, "text/plain", vec![b'x'; 1000]).await;
    for (limit, fits) in [(1000, true), (999, false), (0, false)] {
        let (client, _) = client(&Options { max_response_bytes: limit, ..options(&[&server]) });
        let result = client.call(&get(&server.url("/")), None).await;
        assert_eq!(result.as_ref().err(), (!fits).then_some(&Failure::TooLarge { limit }), "{limit}");
    }
    // The answer to HEAD tells a length and has no body.
    let (client, _) = client(&Options { max_response_bytes: 1, ..options(&[&server]) });
    let head = Request { method: "HEAD".into(), ..get(&server.url("/")) };
    assert_eq!(client.call(&head, None).await.unwrap().headers["content-length"], "1000");
}

#[tokio::test]
async fn json_is_posted_and_bytes_are_announced() {
    let server = Server::constant(401, "application/json", r#"{"errors":[]}"#).await;
    let (client, _) = client(&options(&[&server]));
    let headers = [("token".to_owned(), "t".to_owned())];
    let time = Duration::from_secs(30);
    let answered = client.post_json(&server.url("/sdk"), &headers, &json!({"a": 1}), time).await;
    assert_eq!(answered, Ok((401, json!({"errors": []}))));
    client.post_json(&server.url("/"), &[], &Value::String("x".into()), time).await.unwrap();
    let signed = "{ \"a\" : 1 }".to_owned();
    assert_eq!(client.announce(&server.url("/hook"), headers.to_vec(), signed.clone(), time).await, Ok(401));
    let [sdk, text, hook] = server.seen().try_into().unwrap();
    assert_eq!((sdk.method.as_str(), sdk.body.as_str()), ("POST", r#"{"a":1}"#));
    assert_eq!((sdk.header("token"), sdk.header("content-type")), (Some("t"), Some("application/json")));
    assert_eq!(text.header("content-type"), Some("application/json"));
    assert_eq!((hook.method.as_str(), hook.body.as_str(), hook.header("token")), ("POST", signed.as_str(), Some("t")));
}
