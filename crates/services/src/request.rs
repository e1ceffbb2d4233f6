//! A call to make.

use std::fmt;
use std::time::Duration;

use access::Secret;
use serde_json::Value;

use crate::hidden;

/// A call to make, filled in.
#[derive(Clone)]
pub struct Request {
    /// Name of the component: under it the call is recorded, and failures name it.
    pub name: String,
    /// HTTP method, in any case.
    pub method: String,
    /// Address, with its query. Spaces and the like are escaped.
    pub url: String,
    /// Headers. Those that belong to the connection (`host`, `content-length`, `accept-encoding` and the like) are left
    /// out.
    pub headers: Vec<(String, String)>,
    /// Body; `None` or empty where there is none to send. A JSON object or array without a `content-type` gets
    /// `application/json`.
    pub body: Option<String>,
    /// It may take so long, in all.
    pub timeout: Duration,
    /// How the caller proves who it is. Wins over headers.
    pub auth: Option<Auth>,
    /// The answer recorded in the export, as it stands there: `{"statusCode", "body", "headers"}`, a bare body, or either
    /// as a JSON text.
    pub sample: Option<Value>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Request")
            .field("name", &self.name)
            .field("method", &self.method)
            .field("url", &hidden::in_url(&self.url))
            .field("headers", &headers)
            .field("body_bytes", &self.body.as_ref().map(String::len))
            .field("timeout", &self.timeout)
            .field("auth", &self.auth)
            .finish_non_exhaustive()
    }
}

/// How a caller proves who it is.
#[derive(Clone, Debug)]
pub enum Auth {
    /// HTTP basic authentication.
    Basic {
        /// Name.
        user: String,
        /// Password.
        password: Secret,
    },
    /// A key that the service gave out.
    ApiKey {
        /// Where it goes.
        place: KeyPlace,
        /// Name of the header or parameter.
        name: String,
        /// The key.
        value: Secret,
    },
    /// A token that is known already.
    Bearer {
        /// The token.
        token: Secret,
    },
    /// OAuth 2 client credentials.
    ClientCredentials {
        /// Where tokens are given out.
        token_url: String,
        /// Id.
        client_id: String,
        /// Secret.
        client_secret: Secret,
        /// Scopes, separated by spaces.
        scope: Option<String>,
        /// How id and secret are sent.
        credentials_in: CredentialsIn,
    },
    /// OAuth 2 password grant. Id and secret go into the body.
    Password {
        /// Where tokens are given out.
        token_url: String,
        /// Id; empty where the server wants none.
        client_id: String,
        /// Secret; empty where the server wants none.
        client_secret: Secret,
        /// Name of the user.
        username: String,
        /// Password of the user.
        password: Secret,
        /// Scopes, separated by spaces.
        scope: Option<String>,
    },
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// Into a header.
    Header,
    /// Into a parameter of the query.
    Query,
}

/// How a client says to the server of tokens who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsIn {
    /// By basic authentication.
    Header,
    /// As `client_id` and `client_secret` in the form.
    Body,
}
