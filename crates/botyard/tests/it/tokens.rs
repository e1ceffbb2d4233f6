//! Every form of token that clients of the original send, and those that prove nothing.

use std::time::Duration;

use access::{
    Algorithm, App, AppKind, Secret, SigningKey, encrypt_for_public_key, encrypt_with_secret, generate_rsa_key,
};
use domain::{Clock, ManualClock, Timestamp};
use serde_json::{Value, json};

use crate::support::TestServer;
use crate::support::server::{Setup, token};

/// The time on the clock of these tests. Seconds.
const NOW: i64 = 1_800_000_000;

fn stopped_clock(setup: &mut Setup) -> ManualClock {
    let (clock, hand) = Clock::manual(Timestamp::from_millis(NOW * 1000));
    setup.options.sources.clock = clock;
    hand
}

/// What the server says to a token: 200, or 401 and why.
async fn answer(server: &TestServer, token: &str) -> String {
    let reply = server.client_with_token(token).get("/api/public/bots").await;
    if reply.status == 200 { "good".to_owned() } else { reply.error().1 }
}

#[tokio::test]
async fn claims_are_read_as_clients_write_them() {
    let mut hand = None;
    let server = TestServer::start_with(|setup| hand = Some(stopped_clock(setup))).await;
    let app = server.app(AppKind::Admin, &[]).await;
    let id = app.client_id.as_str();
    let (good, refused) = ("good", "Invalid SDK credentials");
    let table = [
        (json!({"appId": id}), good),
        (json!({"iss": id, "sub": "st-1", "iat": NOW, "exp": NOW + 60, "aud": ""}), good),
        (json!({"appId": id, "iss": "https://idproxy", "sub": "x", "isAnonymous": "false"}), good),
        (json!({"appId": id, "exp": NOW as f64 + 0.5}), good),
        (json!({"appId": id, "iat": NOW * 1000, "exp": (NOW + 60) * 1000}), good),
        (json!({"appId": id, "iat": NOW + 86_400, "aud": ["a", "b"], "jti": 7}), good),
        (json!({"appId": id, "exp": NOW - 1}), refused),
        (json!({"appId": id, "exp": (NOW - 1) * 1000}), refused),
        (json!({"appId": id, "exp": "soon"}), refused),
        (json!({"appId": id, "nbf": NOW + 3600}), refused),
        (json!({"appId": "cs-other", "iss": id}), refused),
        (json!({"sub": "x"}), refused),
    ];
    for (claims, expected) in table {
        assert_eq!(answer(&server, &token(&app, &claims)).await, expected, "{claims}");
    }
    let lasting = token(&app, &json!({"appId": id, "exp": NOW + 60}));
    assert_eq!(answer(&server, &lasting).await, good);
    hand.unwrap().advance(Duration::from_secs(61));
    assert_eq!(answer(&server, &lasting).await, refused, "the token ended");
    server.finish().await;
}

#[tokio::test]
async fn tokens_are_signed_as_the_app_says() {
    let server = TestServer::start().await;
    let (private, public) = (
        include_str!("../../../access/testdata/rsa_private.pem"),
        include_str!("../../../access/testdata/rsa_public.pem"),
    );
    let hs256 = server.app(AppKind::Admin, &[]).await;
    let hs512 = server.app_with(AppKind::Admin, &[], |app| app.algorithm = Algorithm::Hs512).await;
    let rs256 = server
        .app_with(AppKind::Admin, &[], |app| {
            app.algorithm = Algorithm::Rs256;
            app.public_key = Some(public.to_owned());
        })
        .await;
    let signed = |app: &App, algorithm: Algorithm, key: &str| {
        access::sign(&SigningKey::new(algorithm, key).unwrap(), &json!({"appId": app.client_id}))
    };
    let (good, refused) = ("good", "Invalid SDK credentials");
    let plain = signed(&hs256, Algorithm::Hs256, hs256.secret.expose());
    let (head, signature) = (plain.split('.').next().unwrap(), plain.rsplit('.').next().unwrap());
    let other_claims = plain.replace(head, "eyJhbGciOiJub25lIn0");
    let table = [
        ("HS256", plain.clone(), good),
        ("HS512", signed(&hs512, Algorithm::Hs512, hs512.secret.expose()), good),
        ("RS256", signed(&rs256, Algorithm::Rs256, private), good),
        ("HS256 where HS512 is said", signed(&hs512, Algorithm::Hs256, hs512.secret.expose()), refused),
        ("the public key as a secret", signed(&rs256, Algorithm::Hs256, public), refused),
        ("another secret", signed(&hs256, Algorithm::Hs256, "guessed"), refused),
        ("algorithm none", other_claims.clone(), refused),
        ("algorithm none, unsigned", other_claims.replace(signature, ""), refused),
        ("no signature", plain.replace(signature, ""), refused),
        ("a word", "JWTToken".to_owned(), "Invalid JWT token"),
        ("two parts", "a.b".to_owned(), "Invalid JWT token"),
        ("nothing in three parts", "..".to_owned(), refused),
    ];
    for (name, token, expected) in table {
        assert_eq!(answer(&server, &token).await, expected, "{name}");
    }
    server.store().delete_app(&hs256.client_id).await.unwrap();
    assert_eq!(answer(&server, &plain).await, refused, "the app is gone");
    server.finish().await;
}

#[tokio::test]
async fn a_bearer_token_is_as_good_as_the_header() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let none = server.anonymous();
    for (scheme, expected) in [("bearer", 200), ("Bearer", 200), ("Basic", 401)] {
        let request = none.request(reqwest::Method::GET, "/api/public/bots");
        let request = request.header("authorization", format!("{scheme} {}", admin.token()));
        assert_eq!(none.send(request).await.status, expected, "{scheme}");
    }
    server.finish().await;
}

#[tokio::test]
async fn an_enforced_token_id_is_good_once() {
    let server = TestServer::start().await;
    let app = server.app_with(AppKind::Admin, &[], |app| app.jti_enforced = true).await;
    let (good, refused) = ("good", "Invalid SDK credentials");
    let table = [
        (Value::Null, refused),
        (json!("a"), good),
        (json!("a"), refused),
        (json!(7), good),
        (json!("7"), refused),
        (json!(8), good),
    ];
    for (jti, expected) in table {
        let token = token(&app, &json!({"appId": app.client_id, "jti": jti}));
        assert_eq!(answer(&server, &token).await, expected, "{jti}");
    }
    server.finish().await;
}

#[tokio::test]
async fn encrypted_tokens_are_opened_and_may_be_enforced() {
    let server = TestServer::start().await;
    let ids = server.store().ids().clone();
    let pair = tokio::task::spawn_blocking(generate_rsa_key).await.unwrap();
    let enforcing = server
        .app_with(AppKind::Admin, &[], |app| {
            app.jwe_enforced = true;
            app.decryption_key = Some(pair.private.clone());
        })
        .await;
    let lenient = server.app(AppKind::Admin, &[]).await;
    let plain = |app: &App| token(app, &json!({"appId": app.client_id}));
    let direct = |app: &App, secret: &Secret| encrypt_with_secret(&plain(app), secret, &app.client_id, &ids);
    let sealed = |app: &App| encrypt_for_public_key(&plain(app), &pair.public, &app.client_id, &ids).unwrap();
    let (good, refused) = ("good", "Invalid SDK credentials");
    let table = [
        ("plain, enforced", plain(&enforcing), refused),
        ("by the secret, enforced", direct(&enforcing, &enforcing.secret), good),
        ("by the public key, enforced", sealed(&enforcing), good),
        ("by another secret", direct(&enforcing, &lenient.secret), refused),
        ("plain", plain(&lenient), good),
        ("by the secret", direct(&lenient, &lenient.secret), good),
        ("by a key the app has not", sealed(&lenient), refused),
        (
            "another app's token inside",
            encrypt_with_secret(&plain(&lenient), &enforcing.secret, &enforcing.client_id, &ids),
            refused,
        ),
        ("five parts of nothing", "....".to_owned(), refused),
    ];
    for (name, token, expected) in table {
        assert_eq!(answer(&server, &token).await, expected, "{name}");
    }
    server.finish().await;
}
