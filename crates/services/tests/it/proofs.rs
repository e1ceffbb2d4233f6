//! How callers prove who they are, without a token from elsewhere.

use access::Secret;
use services::{Auth, Failure, KeyPlace, Request};

use crate::server::{Server, client, get, options};

#[tokio::test]
async fn each_proof_goes_to_its_place_and_wins_over_headers() {
    let server = Server::constant(200, "text/plain", "ok").await;
    let (client, _) = client(&options(&[&server]));
    let key = |place| Auth::ApiKey { place, name: "X-Key".into(), value: Secret::new("k&1") };
    for (auth, header, value, target) in [
        (
            Auth::Basic { user: "us".into(), password: Secret::new("pä:") },
            "authorization",
            "Basic dXM6cMOkOg==",
            "/?a=1",
        ),
        (Auth::Bearer { token: Secret::new("t") }, "authorization", "Bearer t", "/?a=1"),
        (key(KeyPlace::Header), "x-key", "k&1", "/?a=1"),
        (key(KeyPlace::Query), "x-key", "mine", "/?a=1&X-Key=k%261"),
    ] {
        let headers = ["Authorization", "X-Key"].map(|name| (name.to_owned(), "mine".to_owned())).to_vec();
        client.call(&Request { auth: Some(auth), headers, ..get(&server.url("/?a=1")) }, None).await.unwrap();
        let seen = server.seen().pop().unwrap();
        assert_eq!((seen.header(header), seen.target.as_str()), (Some(value), target));
    }
}

#[tokio::test]
async fn keys_that_cannot_be_sent_are_told_but_not_shown() {
    let (client, _) = client(&options(&[]));
    let key =
        |name: &str, value| Auth::ApiKey { place: KeyPlace::Header, name: name.into(), value: Secret::new(value) };
    for auth in [Auth::Bearer { token: Secret::new("s3c\nret") }, key("x-key", "s3c\nret"), key("a b", "s3c")] {
        let failure = client.call(&Request { auth: Some(auth), ..get("http://8.8.8.8/") }, None).await.unwrap_err();
        assert!(matches!(failure, Failure::BadRequest { .. }), "{failure}");
        assert!(!failure.to_string().contains("s3c"), "{failure}");
    }
}

#[test]
fn debug_texts_show_no_secrets() {
    let secret = || Secret::new("s3cret");
    for auth in [
        Auth::Basic { user: "u".into(), password: secret() },
        Auth::Bearer { token: secret() },
        Auth::ApiKey { place: KeyPlace::Query, name: "k".into(), value: secret() },
        Auth::ClientCredentials {
            token_url: "https://id.example/token".into(),
            client_id: "c".into(),
            client_secret: secret(),
            scope: None,
            credentials_in: services::CredentialsIn::Body,
        },
        Auth::Password {
            token_url: "https://id.example/token".into(),
            client_id: "c".into(),
            client_secret: secret(),
            username: "u".into(),
            password: secret(),
            scope: None,
        },
    ] {
        let request = Request {
            headers: vec![("x-key".into(), "s3cret".into())],
            body: Some("s3cret".into()),
            auth: Some(auth),
            ..get("https://u:s3cret@a.example/?api_key=s3cret&q=1")
        };
        let text = format!("{request:?}");
        assert!(!text.contains("s3cret") && text.contains("x-key") && text.contains("q=1"), "{text}");
    }
}
