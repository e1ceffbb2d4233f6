//! One path for each endpoint, whatever form a client uses.
//!
//! Clients of the original write the same call in many ways: with and without a version (`/api/1.1/public/…`), with
//! `stream` for `bot`, with doubled or trailing slashes, with `POST` and a header that names the real method. All of
//! them are folded into one form before routing, so that a route is written once. (api.md §0.1.)

use axum::extract::Request;
use http::{Method, Uri};

/// The header by which a `POST` stands for another method.
const METHOD_OVERRIDE: &str = "x-http-method-override";

/// Folds the request's path and method into their canonical form.
pub fn request(mut request: Request) -> Request {
    if let Some(path) = path(request.uri().path()) {
        let with_query = match request.uri().query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        // A path made of the segments of a valid one is valid; should it not be, the original one is routed.
        if let Ok(uri) = with_query.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    if request.method() == Method::POST {
        let named = request.headers().get(METHOD_OVERRIDE).and_then(|value| value.to_str().ok());
        match named.map(str::to_ascii_uppercase).as_deref() {
            Some("PUT") => *request.method_mut() = Method::PUT,
            Some("DELETE") => *request.method_mut() = Method::DELETE,
            _ => {}
        }
    }
    request
}

/// The canonical form of a path, or nothing when it is canonical already.
fn path(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.first() == Some(&"api") {
        if segments.get(1).is_some_and(|segment| is_version(segment)) {
            segments.remove(1);
        }
        fold_words(&mut segments);
    }
    if let ["chatbot", ..] = segments.as_slice()
        && let Some(at) = segments.iter().position(|segment| segment.eq_ignore_ascii_case("hookInstance"))
    {
        // Instances of a webhook channel differ in nothing here but their name.
        segments.drain(at..(at + 2).min(segments.len()));
    }
    let canonical = format!("/{}", segments.join("/"));
    (canonical != path).then_some(canonical)
}

fn is_version(segment: &str) -> bool {
    matches!(segment.strip_prefix('v').unwrap_or(segment), "1" | "1.1")
}

/// Folds words that mean the same, in the places where they do.
fn fold_words(segments: &mut Vec<&str>) {
    match segments.as_slice() {
        ["api", "public", bot, "session" | "sessions"] if bot.starts_with("st-") => segments.insert(2, "bot"),
        ["api", "public", "stream", ..] => segments[2] = "bot",
        ["api", "public", "builder", "stream", ..] => segments[3] = "bot",
        ["api", "stream", _, "testsuite", "import"] => {
            segments[1] = "bot";
            segments.insert(1, "public");
        }
        ["api", "rest", "streams" | "stream", ..] => segments[2] = "bot",
        ["api", "oAuth", ..] => segments[1] = "oauth",
        ["api", "builder", "stream", ..] => segments[2] = "streams",
        ["api", "users", _, "builder", "stream", ..] => segments[4] = "streams",
        ["api", "users", _, "stream", ..] => segments[3] = "streams",
        _ => {}
    }
    if let ["api", "public", "bot", _, "sessions"] = segments.as_slice() {
        segments[4] = "session";
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn every_form_seen_in_the_wild_has_one_path() {
        let table = [
            ("/api/public/bot/st-1/export/status", "/api/public/bot/st-1/export/status"),
            ("/api/1.1/public/bot/st-1/publish/status/", "/api/public/bot/st-1/publish/status"),
            ("/api//public/bot/st-1/export", "/api/public/bot/st-1/export"),
            ("//api/public/btroles/assignments/", "/api/public/btroles/assignments"),
            ("/api/public/stream/st-1/getMessages", "/api/public/bot/st-1/getMessages"),
            ("/api/1.1/public/builder/stream/st-1/variables/import", "/api/public/builder/bot/st-1/variables/import"),
            ("/api/v1.1/rest/bot/st-1/findIntent", "/api/rest/bot/st-1/findIntent"),
            ("/api/v1.1/rest/streams/st-1/findIntent", "/api/rest/bot/st-1/findIntent"),
            ("/chatbot/hooks/st-1/hookInstance/ivrInst-1", "/chatbot/hooks/st-1"),
            ("/chatbot/v2/webhook/st-1/hookInstance/ivrInst-1/poll/p1", "/chatbot/v2/webhook/st-1/poll/p1"),
            ("/api/public/st-1/sessions", "/api/public/bot/st-1/session"),
            ("/api/public/st-1/session", "/api/public/bot/st-1/session"),
            ("/api/public/bot/st-1/sessions/", "/api/public/bot/st-1/session"),
            ("/api/1.1/oAuth/token", "/api/oauth/token"),
            ("/api/1.1/st-1/debuglogs", "/api/st-1/debuglogs"),
            ("/api/1.1/users/u-1/builder/stream/st-1/variables", "/api/users/u-1/builder/streams/st-1/variables"),
            ("/api/1.1/users/u-1/stream/st-1/sdk/apps", "/api/users/u-1/streams/st-1/sdk/apps"),
            ("/api/public/bot/st-1/testsuite/Developer%20x/run", "/api/public/bot/st-1/testsuite/Developer%20x/run"),
            ("/api/stream/st-1/testsuite/import", "/api/public/bot/st-1/testsuite/import"),
            ("/", "/"),
            ("/healthz", "/healthz"),
        ];
        for (given, expected) in table {
            assert_eq!(path(given).unwrap_or_else(|| given.to_owned()), expected, "{given}");
        }
    }

    #[test]
    fn only_a_post_is_overridden() {
        for (method, header, expected) in [
            (Method::POST, "put", Method::PUT),
            (Method::POST, "DELETE", Method::DELETE),
            (Method::POST, "patch", Method::POST),
            (Method::GET, "DELETE", Method::GET),
        ] {
            let given = Request::builder().method(method).uri("/x").header("X-HTTP-Method-Override", header);
            let folded = request(given.body(Body::empty()).expect("a plain request"));
            assert_eq!(folded.method(), expected, "{header}");
        }
    }
}
