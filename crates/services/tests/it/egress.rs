//! Every kind of call goes only where the settings let it go.

use std::time::Duration;

use access::Secret;
use serde_json::json;
use services::{Auth, Client, CredentialsIn, Egress, Failure, Options, Prompt, Provider, Request};

use crate::server::{Server, answer, client, get};

const TIME: Duration = Duration::from_secs(30);

/// The kinds of calls whose address a user chooses.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Service,
    Token,
    /// To BotKit servers and the addresses of channels.
    Post,
    /// To webhooks.
    Announcement,
}

const KINDS: [Kind; 4] = [Kind::Service, Kind::Token, Kind::Post, Kind::Announcement];

/// Makes a call of a kind. An answer of any status is one.
async fn make(client: &Client, kind: Kind, url: &str) -> Result<(), Failure> {
    match kind {
        Kind::Service => client.call(&get(url), None).await.map(drop),
        Kind::Token => {
            let auth = Auth::ClientCredentials {
                token_url: url.into(),
                client_id: "id".into(),
                client_secret: Secret::new("s"),
                scope: None,
                credentials_in: CredentialsIn::Body,
            };
            // The service itself is not reached: it is asked for with the token only.
            let request = Request { auth: Some(auth), ..get("http://nowhere.invalid/") };
            match client.call(&request, None).await {
                Err(Failure::Auth { .. }) => Ok(()),
                other => other.map(drop),
            }
        }
        Kind::Post => client.post_json(url, &[], &json!({}), TIME).await.map(drop),
        Kind::Announcement => client.announce(url, Vec::new(), "{}".into(), TIME).await.map(drop),
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Reached,
    Refused,
    /// It is none that can be made.
    Unsendable,
}

fn outcome(result: &Result<(), Failure>) -> Outcome {
    match result {
        Ok(()) => Outcome::Reached,
        Err(Failure::Refused { .. }) => Outcome::Refused,
        Err(Failure::BadRequest { .. }) => Outcome::Unsendable,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn no_kind_of_call_goes_where_it_may_not() {
    use Outcome::{Reached, Refused, Unsendable};
    let (inner, server) = (Server::constant(404, "text/plain", "inner").await, Server::start(redirecting).await);
    let (here, there) = (server.port, inner.port);
    let none: &[&str] = &[];
    let own = format!("127.0.0.1:{here}");
    let own: &[&str] = &[&own];
    let by_name = format!("localhost:{here}");
    let by_name: &[&str] = &[&by_name];
    let network: &[&str] = &["127.0.0.0/8"];
    for (allow, url, wanted) in [
        (none, format!("http://127.0.0.1:{here}/"), Refused),
        (none, format!("http://127.1:{here}/"), Refused),
        (none, format!("http://2130706433:{here}/"), Refused),
        (none, format!("http://0177.0.0.1:{here}/"), Refused),
        (none, format!("http://0x7f000001:{here}/"), Refused),
        (none, format!("http://0.0.0.0:{here}/"), Refused),
        (none, format!("http://[::1]:{here}/"), Refused),
        (none, format!("http://[::ffff:127.0.0.1]:{here}/"), Refused),
        (none, format!("http://[64:ff9b::7f00:1]:{here}/"), Refused),
        (none, format!("http://localhost:{here}/"), Refused),
        (none, format!("http://user:word@LOCALHOST:{here}/"), Refused),
        (none, "http://169.254.169.254/latest/meta-data/".into(), Refused),
        (none, "http://[fd00:ec2::254]/".into(), Refused),
        (none, "http://10.0.0.1/".into(), Refused),
        (none, "file:///etc/passwd".into(), Unsendable),
        (none, "gopher://127.0.0.1/".into(), Unsendable),
        (own, format!("http://127.0.0.1:{here}/"), Reached),
        (own, format!("http://[::ffff:127.0.0.1]:{there}/"), Refused),
        (own, format!("http://127.0.0.1:{there}/"), Refused),
        (own, format!("http://localhost:{here}/"), Refused),
        (by_name, format!("http://localhost:{here}/"), Reached),
        (by_name, format!("http://127.0.0.1:{here}/"), Refused),
        (network, format!("http://localhost:{here}/"), Reached),
        (network, "http://169.254.169.254/".into(), Refused),
    ] {
        let client = allowing(allow);
        for kind in KINDS {
            let result = make(&client, kind, &url).await;
            assert_eq!(outcome(&result), wanted, "{kind:?} {allow:?} {url} {result:?}");
        }
    }
    for to in
        [inner.url("/"), format!("http://localhost:{there}/"), "http://169.254.169.254/".into(), "http://[::1]/".into()]
    {
        let url = server.url(&format!("/?to={to}"));
        for kind in KINDS {
            let result = make(&allowing(own), kind, &url).await;
            // What is a secret, or signed for its receiver, follows no redirect.
            let wanted = if matches!(kind, Kind::Token | Kind::Announcement) { Reached } else { Refused };
            assert_eq!(outcome(&result), wanted, "{kind:?} to {to} {result:?}");
        }
    }
    assert_eq!(inner.seen(), [], "nothing went where it may not");
}

#[tokio::test]
async fn the_settings_allow_the_language_model_they_name_and_nothing_else() {
    let (inner, server) = (Server::constant(404, "text/plain", "inner").await, Server::start(redirecting).await);
    let client = allowing(&[]);
    let prompt = Prompt {
        name: "Component".into(),
        system: None,
        prompt: "?".into(),
        temperature: None,
        max_tokens: None,
        model: None,
        sample: None,
        talk: Vec::new(),
        tools: Vec::new(),
    };
    let ask = async |path: &str| {
        let provider = Provider { url: server.url(path), api_key: None, model: "m".into(), timeout: TIME };
        client.generate(Some(&provider), &prompt, None).await.unwrap_err()
    };
    assert!(matches!(ask("").await, Failure::Model { .. }), "it is reached");
    let failure = ask(&format!("/?to={}", inner.url("/?"))).await;
    assert!(matches!(failure, Failure::Refused { .. }), "{failure}");
    assert_eq!(inner.seen(), []);
}

#[tokio::test]
async fn what_certainly_cannot_be_called_is_known_before() {
    let none: &[&str] = &[];
    for (allow, url, refused) in [
        (none, "https://api.example/x", false),
        (none, "http://8.8.8.8/", false),
        (none, "http://127.0.0.1:3000/", true),
        (none, "http://0x7f.1/", true),
        (none, "http://169.254.169.254/", true),
        (none, "http://localhost:3000", true),
        (none, "http://bots.LocalHost.:3000", true),
        (none, "no URL", false),
        (&["localhost:3000"], "http://localhost:3000", false),
        (&["localhost:3000"], "http://localhost:3001", true),
        (&["127.0.0.1"], "http://localhost:3000", false),
        (&["127.0.0.1"], "http://127.0.0.1:3000", false),
    ] {
        assert_eq!(allowing(allow).objection(url).is_some(), refused, "{allow:?} {url}");
    }
    let reason = allowing(none).objection("http://127.0.0.1:3000/").unwrap();
    assert_eq!(
        reason,
        "127.0.0.1 is not to be called, for it is a loopback address; whoever runs the server may add it to `allow` of the \
         settings `[egress]`"
    );
}

#[test]
fn what_either_of_two_settings_allows_is_allowed() {
    let egress =
        |allow: &[&str], deny_private| Egress { allow: allow.iter().map(|e| (*e).to_owned()).collect(), deny_private };
    assert_eq!(egress(&["a"], true).joined(&egress(&["b"], true)), egress(&["a", "b"], true));
    assert_eq!(egress(&[], true).joined(&egress(&[], false)), egress(&[], false));
    assert_eq!(egress(&[], false).joined(&egress(&[], true)), egress(&[], false));
}

fn allowing(allow: &[&str]) -> Client {
    let allow = allow.iter().map(|entry| (*entry).to_owned()).collect();
    client(&Options { egress: Egress { allow, deny_private: true }, ..Options::default() }).0
}

/// Sends whoever says `?to=` there.
fn redirecting(seen: &crate::server::Seen) -> Option<axum::response::Response> {
    Some(match seen.target.split_once("?to=") {
        Some((_, to)) => answer(302, &[("location", to)], ""),
        None => answer(404, &[], "nothing here"),
    })
}
