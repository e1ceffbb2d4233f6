//! OAuth tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use access::Secret;
use serde_json::{Value, json as value};
use services::{Auth, CredentialsIn, Failure, Request};

use crate::server::{Server, answer, client, get, json, options};

/// A server that gives out tokens `t1`, `t2` …, with the fields of `more`.
async fn giver(more: Value) -> Server {
    let given = Arc::new(AtomicUsize::new(0));
    Server::start(move |_| {
        let mut body = more.clone();
        body["access_token"] = format!("t{}", given.fetch_add(1, Ordering::SeqCst) + 1).into();
        Some(json(200, body))
    })
    .await
}

fn credentials(giver: &Server, credentials_in: CredentialsIn) -> Auth {
    Auth::ClientCredentials {
        token_url: giver.url("/token?v=1"),
        client_id: "my id".into(),
        client_secret: Secret::new("s&t"),
        scope: Some("read write".into()),
        credentials_in,
    }
}

fn password(giver: &Server, user: &str, client: &str) -> Auth {
    Auth::Password {
        token_url: giver.url("/token"),
        client_id: client.into(),
        client_secret: Secret::new(client),
        username: user.into(),
        password: Secret::new("p w"),
        scope: None,
    }
}

#[tokio::test]
async fn each_grant_asks_in_its_way_and_the_token_is_used() {
    for (auth, target, authorization, form) in [
        (
            credentials as fn(&Server, CredentialsIn) -> Auth,
            "/token?v=1",
            None,
            "grant_type=client_credentials&client_id=my+id&client_secret=s%26t&scope=read+write",
        ),
        (
            |giver, _| credentials(giver, CredentialsIn::Header),
            "/token?v=1",
            Some("Basic bXkraWQ6cyUyNnQ="),
            "grant_type=client_credentials&scope=read+write",
        ),
        (
            |giver, _| password(giver, "ann", "c"),
            "/token",
            None,
            "grant_type=password&username=ann&password=p+w&client_id=c&client_secret=c",
        ),
        (|giver, _| password(giver, "ann", ""), "/token", None, "grant_type=password&username=ann&password=p+w"),
    ] {
        let (giver, service) = (giver(value!({})).await, Server::constant(200, "text/plain", "ok").await);
        let (client, _) = client(&options(&[&giver, &service]));
        let request = Request { auth: Some(auth(&giver, CredentialsIn::Body)), ..get(&service.url("/")) };
        client.call(&request, None).await.unwrap();
        let [asked] = giver.seen().try_into().unwrap();
        assert_eq!((asked.method.as_str(), asked.target.as_str(), asked.body.as_str()), ("POST", target, form));
        assert_eq!(asked.header("authorization"), authorization);
        assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(service.seen()[0].header("authorization"), Some("Bearer t1"));
    }
}

#[tokio::test]
async fn tokens_are_kept_until_shortly_before_they_expire() {
    for (expires, last_use, too_late) in [
        (value!({"expires_in": 3600}), 3569, 3570),
        (value!({"expires_in": "100"}), 89, 90),
        (value!({}), 269, 270),
        (value!({"expires_in": "soon"}), 269, 270),
        (value!({"expires_in": -5}), 269, 270),
    ] {
        let (giver, service) = (giver(expires.clone()).await, Server::constant(200, "text/plain", "ok").await);
        let (client, hand) = client(&options(&[&giver, &service]));
        let request = Request { auth: Some(credentials(&giver, CredentialsIn::Body)), ..get(&service.url("/")) };
        let mut now = 0;
        for (at, given) in [(0, 1), (0, 1), (last_use, 1), (too_late, 2), (too_late, 2)] {
            hand.advance(Duration::from_secs(at - now));
            now = at;
            client.call(&request, None).await.unwrap();
            assert_eq!(giver.seen().len(), given, "{expires} after {at} s");
        }
    }
}

#[tokio::test]
async fn a_token_is_asked_for_once_however_many_wait_and_by_each_who_differs() {
    let (giver, service) = (giver(value!({"expires_in": 3600})).await, Server::constant(200, "text/plain", "ok").await);
    let (client, _) = client(&options(&[&giver, &service]));
    let request = Request { auth: Some(password(&giver, "ann", "c")), ..get(&service.url("/")) };
    let (a, b, c) = tokio::join!(client.call(&request, None), client.call(&request, None), client.call(&request, None));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!((giver.seen().len(), service.seen().len()), (1, 3));
    for auth in [password(&giver, "bob", "c"), password(&giver, "ann", "d"), password(&giver, "ann", "c")] {
        client.call(&Request { auth: Some(auth), ..request.clone() }, None).await.unwrap();
    }
    let used: Vec<_> = service.seen()[3..].iter().map(|one| one.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(used, ["Bearer t2", "Bearer t3", "Bearer t1"]);
}

#[tokio::test]
async fn a_kept_token_that_is_refused_is_replaced_once() {
    let giver = giver(value!({"expires_in": 3600})).await;
    let service = Server::start(|seen| match (seen.target.as_str(), seen.header("authorization")) {
        ("/never", _) | ("/second", Some("Bearer t1")) => Some(answer(401, &[], "")),
        _ => Some(answer(200, &[], "")),
    })
    .await;
    let (client, _) = client(&options(&[&giver, &service]));
    let request = Request { auth: Some(credentials(&giver, CredentialsIn::Body)), ..get("") };
    // A new token that is refused is not replaced; one that was kept is, once, and the new one is kept.
    for (path, status, given, calls) in
        [("/never", 401, 1, 1), ("/second", 200, 2, 3), ("/second", 200, 2, 4), ("/never", 401, 3, 6)]
    {
        let response = client.call(&Request { url: service.url(path), ..request.clone() }, None).await.unwrap();
        assert_eq!((response.status, giver.seen().len(), service.seen().len()), (status, given, calls), "{path}");
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_called_and_the_reason_is_told() {
    let service = Server::constant(200, "text/plain", "ok").await;
    for (status, body, told) in [
        (
            400,
            r#"{"error":"invalid_client","error_description":"no such client"}"#,
            "400 invalid_client: no such client",
        ),
        (200, r#"{"token_type":"bearer"}"#, "200 without a token"),
        (200, r#"{"access_token":""}"#, "200 without a token"),
        (500, r#"{"access_token":"t"}"#, "500 without a token"),
        (503, "down", "503 without a token"),
    ] {
        let giver = Server::constant(status, "application/json", body).await;
        let (client, _) = client(&options(&[&giver, &service]));
        let request = Request { auth: Some(credentials(&giver, CredentialsIn::Body)), ..get(&service.url("/")) };
        let Err(Failure::Auth { reason }) = client.call(&request, None).await else { panic!("{body}") };
        assert!(reason.contains(told) && !reason.contains("s&t"), "{reason}");
    }
    // The secrets in a form do not follow a redirect, and the server of tokens is judged as any other.
    let giver = Server::start(|seen| match seen.target.as_str() {
        "/other" => Some(json(200, value!({"access_token": "t"}))),
        _ => Some(answer(307, &[("location", "/other")], "")),
    })
    .await;
    let request = Request { auth: Some(credentials(&giver, CredentialsIn::Body)), ..get(&service.url("/")) };
    let (trusting, _) = client(&options(&[&giver, &service]));
    assert!(matches!(trusting.call(&request, None).await, Err(Failure::Auth { .. })));
    let (cautious, _) = client(&options(&[&service]));
    assert!(matches!(cautious.call(&request, None).await, Err(Failure::Refused { .. })));
    assert_eq!((giver.seen().len(), service.seen().len()), (1, 0));
}

#[tokio::test]
async fn the_time_for_a_token_counts() {
    let (giver, service) = (Server::start(|_| None).await, Server::constant(200, "text/plain", "ok").await);
    let (client, _) = client(&options(&[&giver, &service]));
    let timeout = Duration::from_millis(50);
    let auth = Some(credentials(&giver, CredentialsIn::Body));
    let request = Request { auth, timeout, ..get(&service.url("/")) };
    assert_eq!(client.call(&request, None).await, Err(Failure::Timeout { after: timeout }));
}
