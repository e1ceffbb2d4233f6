//! Redirects, and where calls may not go.

use services::{Auth, Client, Egress, Failure, KeyPlace, Options, Request};

use crate::server::{Server, answer, client, get, options, post};

/// A server that redirects `/<status>?to=<location>` and answers anything else.
async fn redirecting() -> Server {
    Server::start(|seen| {
        let told = seen.target.split_once("?to=").and_then(|(path, to)| Some((path.get(1..)?.parse().ok()?, to)));
        Some(match told {
            Some((status, location)) => answer(status, &[("location", location)], "moved"),
            None => answer(200, &[], "here"),
        })
    })
    .await
}

#[tokio::test]
async fn methods_change_as_in_browsers() {
    for (status, method, then, body) in [
        (301, "POST", "GET", ""),
        (302, "POST", "GET", ""),
        (303, "POST", "GET", ""),
        (303, "PUT", "GET", ""),
        (301, "PUT", "PUT", "{}"),
        (302, "DELETE", "DELETE", "{}"),
        (307, "POST", "POST", "{}"),
        (308, "POST", "POST", "{}"),
        (303, "HEAD", "HEAD", "{}"),
    ] {
        let server = redirecting().await;
        let (client, _) = client(&options(&[&server]));
        let request = Request { method: method.into(), ..post(&server.url(&format!("/{status}?to=/next")), "{}") };
        assert_eq!(client.call(&request, None).await.unwrap().status, 200);
        let last = server.seen().pop().unwrap();
        assert_eq!((last.method.as_str(), last.target.as_str(), last.body.as_str()), (then, "/next", body), "{status}");
        assert_eq!(last.header("content-type").is_some(), !body.is_empty(), "{status} {method}");
    }
}

#[tokio::test]
async fn redirects_without_a_place_or_of_other_kinds_are_answers() {
    let server = Server::start(|seen| {
        Some(match seen.target.as_str() {
            "/300" => answer(300, &[("location", "/")], ""),
            "/304" => answer(304, &[("location", "/")], ""),
            _ => answer(302, &[], "nowhere"),
        })
    })
    .await;
    let (client, _) = client(&options(&[&server]));
    for (path, status) in [("/300", 300), ("/304", 304), ("/302", 302)] {
        assert_eq!(client.call(&get(&server.url(path)), None).await.unwrap().status, status);
    }
}

#[tokio::test]
async fn there_is_an_end_to_redirects() {
    let server = Server::start(|_| Some(answer(302, &[("location", "/again")], ""))).await;
    for limit in [0, 3] {
        let (client, _) = client(&Options { max_redirects: limit, ..options(&[&server]) });
        let before = server.seen().len();
        let failure = client.call(&get(&server.url("/")), None).await.unwrap_err();
        assert!(matches!(failure, Failure::Unreachable { .. }), "{failure}");
        assert_eq!(server.seen().len() - before, limit + 1);
    }
}

#[tokio::test]
async fn keys_do_not_go_to_other_hosts() {
    let (first, other) = (redirecting().await, redirecting().await);
    let (client, _) = client(&options(&[&first, &other]));
    let headers = [("Cookie", "c"), ("X-Key", "k"), ("Accept", "text/plain"), ("Content-Type", "text/plain")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    for auth in [
        Auth::Basic { user: "u".into(), password: access::Secret::new("p") },
        Auth::ApiKey { place: KeyPlace::Query, name: "to".into(), value: access::Secret::new("unused") },
    ] {
        let is_basic = matches!(auth, Auth::Basic { .. });
        let request = Request { headers: headers.clone(), auth: is_basic.then_some(auth), ..post("", "x") };
        for target in [&first, &other] {
            let url = first.url(&format!("/307?to={}", target.url("/next")));
            client.call(&Request { url, ..request.clone() }, None).await.unwrap();
            let last = target.seen().pop().unwrap();
            let is_same = std::ptr::eq(target, &first);
            assert_eq!((last.target.as_str(), last.body.as_str()), ("/next", "x"));
            assert_eq!(last.header("authorization").is_some(), is_same && is_basic);
            for (name, value) in [("cookie", "c"), ("x-key", "k")] {
                assert_eq!(last.header(name), is_same.then_some(value));
            }
            for name in ["accept", "content-type"] {
                assert_eq!(last.header(name), Some("text/plain"));
            }
        }
    }
}

#[tokio::test]
async fn every_hop_is_judged() {
    let (server, inner) = (redirecting().await, redirecting().await);
    let (client, _) = client(&options(&[&server]));
    let port = server.port;
    for location in [
        inner.url("/"),
        "http://169.254.169.254/latest/meta-data/".into(),
        "http://10.0.0.1/".into(),
        "//[::1]/".into(),
        format!("http://localhost:{port}/"),
        format!("http://LOCALHOST:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{}/", inner.port),
        format!("http://2130706433:{}/", inner.port),
    ] {
        let failure = client.call(&get(&server.url(&format!("/302?to={location}"))), None).await.unwrap_err();
        assert!(matches!(failure, Failure::Refused { .. }), "{location} {failure}");
    }
    let failure = client.call(&get(&server.url("/302?to=file:///etc/passwd")), None).await.unwrap_err();
    assert!(matches!(failure, Failure::BadRequest { .. }), "{failure}");
    assert_eq!(inner.seen(), []);
}

#[tokio::test]
async fn names_are_judged_by_their_addresses_unless_they_are_allowed() {
    let server = redirecting().await;
    let url = format!("http://localhost:{}/", server.port);
    for (allow, deny_private, passes) in [
        (vec![], true, false),
        (vec![format!("127.0.0.1:{}", server.port)], true, false),
        (vec!["localhost:1".into()], true, false),
        (vec!["other.example".into()], true, false),
        (vec!["localhost".into()], true, true),
        (vec![format!("localhost:{}", server.port)], true, true),
        (vec!["127.0.0.0/8".into()], true, true),
        (vec![], false, true),
    ] {
        let egress = Egress { allow: allow.clone(), deny_private };
        let client = Client::new(&Options { egress, ..Options::default() }, domain::Clock::system()).unwrap();
        let result = client.call(&get(&url), None).await;
        assert_eq!(result.is_ok(), passes, "{allow:?} {result:?}");
        if let Err(failure) = result {
            assert!(matches!(failure, Failure::Refused { .. }), "{failure}");
        }
    }
}
