//! Hides secrets in what is written down: recordings and debug texts.
//!
//! What is a secret is told by its name. A recording is compared with a call after both were treated alike, so hiding
//! keeps no recording from being found.

use std::borrow::Cow;

use reqwest::Url;
use serde_json::Value;

/// What stands in the place of a secret.
const HIDDEN: &str = "hidden";

/// Names of secrets, in lower case and without `-`, `_` and `.`.
const SECRETS: &[&str] = &[
    "accesskey",
    "accesstoken",
    "apikey",
    "apitoken",
    "assertion",
    "authkey",
    "authorization",
    "authtoken",
    "bearer",
    "clientassertion",
    "clientsecret",
    "cookie",
    "idtoken",
    "ocpapimsubscriptionkey",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "proxyauthorization",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "setcookie",
    "subscriptionkey",
    "token",
    "xaccesstoken",
    "xapikey",
    "xauthtoken",
];

/// Names that are secrets in a query only, where keys of services are often so called.
const QUERY_SECRETS: &[&str] = &["appid", "appkey", "auth", "code", "key", "sig", "signature", "xamzsignature"];

/// Whether a header, field or parameter of this name holds a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    SECRETS.contains(&plain(name).as_str())
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// The URL without the secrets in it: user, password, and parameters.
pub(crate) fn in_url(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return "(not a URL)".into() };
    // Both fail only for URLs without a host, which hold neither.
    let _ = parsed.set_username("");
    let _ = parsed.set_password(None);
    if let Some(query) = parsed.query() {
        let hidden = in_pairs(query, |name| is_secret(name) || QUERY_SECRETS.contains(&plain(name).as_str()));
        if let Cow::Owned(query) = hidden {
            parsed.set_query(Some(&query));
        }
    }
    parsed.into()
}

/// The body without the secrets in it, where it is JSON or a form; other bodies are left as they are.
pub(crate) fn in_body(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(mut value @ (Value::Object(_) | Value::Array(_))) => {
            in_value(&mut value);
            value.to_string()
        }
        _ => in_pairs(body, is_secret).into_owned(),
    }
}

/// Hides the secrets in a JSON value.
pub(crate) fn in_value(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if is_secret(name) => HIDDEN.clone_into(text),
                    other => in_value(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_value),
        _ => {}
    }
}

/// `name=value&…` with other values for some names; untouched where no name is one of them.
fn in_pairs(text: &str, hide: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let is_hidden = |pair: &str| pair.split_once('=').is_some_and(|(name, _)| hide(name));
    if !text.split('&').any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let pairs: Vec<_> = text
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if hide(name) => format!("{name}={HIDDEN}"),
            _ => pair.to_owned(),
        })
        .collect();
    Cow::Owned(pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_and_nothing_else_is_changed() {
        for (url, written) in [
            ("https://a.example/x?q=1&key=abc&b=2", "https://a.example/x?q=1&key=hidden&b=2"),
            ("https://u:p@a.example/?API-Key=abc", "https://a.example/?API-Key=hidden"),
            ("https://a.example/x?q=a%20b&keys=2", "https://a.example/x?q=a%20b&keys=2"),
            ("no url", "(not a URL)"),
        ] {
            assert_eq!(in_url(url), written, "{url}");
        }
        for (body, written) in [
            (r#"{"user":"u","password":"p"}"#, r#"{"user":"u","password":"hidden"}"#),
            (r#"[{"a":{"access_token":"t"}},{"key":"k"}]"#, r#"[{"a":{"access_token":"hidden"}},{"key":"k"}]"#),
            (r#"{"token":{"type":"x"},"n":1.50}"#, r#"{"token":{"type":"x"},"n":1.50}"#),
            ("grant_type=password&password=p", "grant_type=password&password=hidden"),
            ("a text with = in it", "a text with = in it"),
        ] {
            assert_eq!(in_body(body), written, "{body}");
        }
    }
}
