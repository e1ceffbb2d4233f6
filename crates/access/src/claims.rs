//! What a token says.

use std::borrow::Cow;

use domain::{AppId, Timestamp, UnfitKey, check_key};
use serde_json::{Map, Value};

use crate::Reason;

/// Numbers above this are milliseconds, others seconds: clients write both, and as seconds this is the year 5138.
const LARGEST_SECONDS: f64 = 1e11;

/// Claims by which somebody or something is found.
const NAMES: [&str; 8] = ["appId", "kore_iss", "iss", "kore_jti", "jti", "kore_sub", "sub", "userIdentity"];

/// The claims of a token whose signature was found good.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    all: Map<String, Value>,
    expires: Option<Timestamp>,
}

impl Claims {
    /// Takes the claims of a payload; a time claim that decides must be readable.
    pub(crate) fn new(all: Map<String, Value>) -> Result<Self, Reason> {
        let expires = moment(&all, "exp")?;
        Ok(Self { all, expires })
    }

    /// The client the token names: `appId`, else `kore_iss`, else `iss`.
    pub fn client_id(&self) -> Option<AppId> {
        let named = ["appId", "kore_iss", "iss"].iter().find_map(|name| nonempty_text(&self.all, name));
        named.map(AppId::stored)
    }

    /// The token's own id, which makes it good for one use where that is enforced: `kore_jti`, else `jti`.
    /// Clients write it as a text or as a number; both are given as text.
    pub fn jti(&self) -> Option<Cow<'_, str>> {
        self.scalar("kore_jti").or_else(|| self.scalar("jti"))
    }

    /// Whom the token speaks for in the client's own system: `kore_sub`, else `sub`.
    pub fn subject(&self) -> Option<Cow<'_, str>> {
        self.scalar("kore_sub").or_else(|| self.scalar("sub"))
    }

    /// The user a webhook message must come from: `userIdentity`.
    pub fn user_identity(&self) -> Option<Cow<'_, str>> {
        self.scalar("userIdentity")
    }

    /// Whether the user is anonymous: `isAnonymous`, a bool or its text in any letter case; no when absent.
    pub fn is_anonymous(&self) -> bool {
        match self.all.get("isAnonymous") {
            Some(Value::Bool(anonymous)) => *anonymous,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// When the token ends; never when it has no `exp`.
    pub const fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// Every claim as it was written, in order.
    pub const fn all(&self) -> &Map<String, Value> {
        &self.all
    }

    /// The first name in the token that cannot be kept as it is, and why: a character, or its length.
    pub fn unfit(&self) -> Option<(&'static str, UnfitKey)> {
        let judge = |name: &'static str| {
            let text = self.all.get(name)?.as_str()?;
            Some((name, check_key(text).err()?))
        };
        NAMES.into_iter().find_map(judge)
    }

    /// When the token begins, where it says so.
    pub(crate) fn not_before(&self) -> Result<Option<Timestamp>, Reason> {
        moment(&self.all, "nbf")
    }

    /// A claim that is a text, a number or a bool, as text; an empty text counts as absent.
    fn scalar(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.all.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

fn nonempty_text<'a>(all: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    all.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Reads a time claim: seconds or milliseconds, whole or fractional, as a number or as the text of one.
fn moment(all: &Map<String, Value>, name: &'static str) -> Result<Option<Timestamp>, Reason> {
    let number = match all.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse::<f64>().ok(),
        Some(_) => None,
    };
    let number = number.filter(|number| number.is_finite()).ok_or(Reason::MalformedTime(name))?;
    let millis = if number.abs() > LARGEST_SECONDS { number } else { number * 1000.0 };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast stops at the ends of i64, which are the ends of time"
    )]
    Ok(Some(Timestamp::from_millis(millis.ceil() as i64)))
}
