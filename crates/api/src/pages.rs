//! What every page that this server serves says to browsers, whoever wrote it.

use axum::response::Response;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};

/// Which sites may show pages of this server in a frame: this one when nothing else is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct FrameAncestors(Vec<String>);

/// The text is no source of a policy.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no source for frames: give `'self'`, `'none'` alone, or sites such as `https://www.example.com`")]
pub struct InvalidFrameAncestor(String);

impl Default for FrameAncestors {
    fn default() -> Self {
        Self(vec!["'self'".to_owned()])
    }
}

impl TryFrom<Vec<String>> for FrameAncestors {
    type Error = InvalidFrameAncestor;

    fn try_from(sources: Vec<String>) -> Result<Self, InvalidFrameAncestor> {
        let alone = sources.len() == 1;
        // Blanks, commas and semicolons would end the source, or the whole policy.
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b",;'\"".contains(&byte));
        let fits = |source: &str| match source {
            "'self'" => true,
            "'none'" => alone,
            _ => plain(source) && (source.starts_with("https://") || source.starts_with("http://")),
        };
        match sources.iter().find(|source| !fits(source)) {
            Some(wrong) => Err(InvalidFrameAncestor(wrong.clone())),
            None => Ok(Self(sources)),
        }
    }
}

impl From<FrameAncestors> for Vec<String> {
    fn from(ancestors: FrameAncestors) -> Self {
        ancestors.0
    }
}

impl FrameAncestors {
    fn policy(&self) -> String {
        if self.0.is_empty() {
            "frame-ancestors 'none'".to_owned()
        } else {
            format!("frame-ancestors {}", self.0.join(" "))
        }
    }
}

/// The policy of a page that says nothing else: it runs and loads nothing.
const STRICTEST: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

/// Adds to an HTML page who may frame it, and what is missing of what every page says. Other answers stay as they are.
pub(crate) fn guard(response: &mut Response, ancestors: &FrameAncestors) {
    let headers = response.headers_mut();
    let text = |headers: &http::HeaderMap, name| {
        headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    if !text(headers, header::CONTENT_TYPE).to_ascii_lowercase().starts_with("text/html") {
        return;
    }
    let own = text(headers, header::CONTENT_SECURITY_POLICY);
    let own = if own.is_empty() { STRICTEST } else { own.as_str() };
    let policy = HeaderValue::from_str(&format!("{own}; {}", ancestors.policy()));
    let policy = policy.expect("sources are looked at when the settings are read");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
}

#[cfg(test)]
mod tests {
    use axum::response::{Html, IntoResponse};

    use super::*;

    fn ancestors(sources: &[&str]) -> Result<FrameAncestors, InvalidFrameAncestor> {
        sources.iter().map(|source| (*source).to_owned()).collect::<Vec<_>>().try_into()
    }

    #[test]
    fn pages_say_who_may_frame_them() {
        let own = || [(header::CONTENT_SECURITY_POLICY, "default-src 'none'")];
        let table = [
            (
                Html("").into_response(),
                vec!["'self'"],
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            ),
            (
                (own(), Html("")).into_response(),
                vec!["'self'", "https://a.example"],
                "default-src 'none'; frame-ancestors 'self' https://a.example",
            ),
            ((own(), Html("")).into_response(), vec![], "default-src 'none'; frame-ancestors 'none'"),
            (axum::Json(1).into_response(), vec!["'self'"], ""),
        ];
        for (mut response, sources, policy) in table {
            guard(&mut response, &ancestors(&sources).expect("sources"));
            let found = response.headers().get(header::CONTENT_SECURITY_POLICY);
            assert_eq!(found.map_or("", |value| value.to_str().unwrap()), policy);
            assert_eq!(response.headers().contains_key(header::X_CONTENT_TYPE_OPTIONS), !policy.is_empty());
        }
        for wrong in
            [&["self"][..], &["https://a.example; script-src *"], &["'self'", "'none'"], &["https://a, b"], &["*"]]
        {
            assert!(ancestors(wrong).is_err(), "{wrong:?}");
        }
    }
}
