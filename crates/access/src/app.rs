//! Apps: the clients of the API, and what each may do.

use std::str::FromStr;

use domain::{AccountId, AppId, BotId, UserId};
use serde::{Deserialize, Serialize};

use crate::{Algorithm, DecryptionKeys, KeyError, Scope, Secret, VerificationKey};

/// Where an app was made, which decides what it reaches.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// Made in the admin console: reaches every bot of its account.
    Admin,
    /// Made in the bot builder: reaches only the bots it is bound to.
    Builder,
}

/// No kind of app has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of app: choose admin or builder")]
pub struct UnknownAppKind(String);

impl AppKind {
    /// The name: `admin` or `builder`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Builder => "builder",
        }
    }
}

impl FromStr for AppKind {
    type Err = UnknownAppKind;

    fn from_str(name: &str) -> Result<Self, UnknownAppKind> {
        match name {
            "admin" => Ok(Self::Admin),
            "builder" => Ok(Self::Builder),
            other => Err(UnknownAppKind(other.to_owned())),
        }
    }
}

/// Scopes an app holds, for one bot or for all it reaches. The form in JSON is the original's.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Grant {
    /// The only bot the scopes hold for; all the app reaches when absent.
    pub bot: Option<BotId>,
    /// What the app may do.
    pub scopes: Vec<Scope>,
    /// Words of scopes that this server does not know: kept and answered back, and they grant nothing.
    pub unknown: Vec<String>,
}

/// A grant in JSON: words of both kinds in one list.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bot: Option<BotId>,
    scopes: Vec<String>,
}

impl From<Written> for Grant {
    fn from(written: Written) -> Self {
        let mut grant = Self { bot: written.bot, ..Self::default() };
        for word in written.scopes {
            match word.parse() {
                Ok(scope) => grant.scopes.push(scope),
                Err(_) => grant.unknown.push(word),
            }
        }
        grant
    }
}

impl From<Grant> for Written {
    fn from(grant: Grant) -> Self {
        let known = grant.scopes.iter().map(|scope| scope.id().to_owned());
        Self { bot: grant.bot, scopes: known.chain(grant.unknown).collect() }
    }
}

/// A client of the API: what is needed to judge its tokens and its calls.
///
/// In the original a scope newly given to a builder app acts only after the bot is published. Here it acts at once.
#[derive(Clone, Debug)]
pub struct App {
    /// The id its tokens name.
    pub client_id: AppId,
    /// The account it belongs to.
    pub account: AccountId,
    /// The user its calls act for, whom records name as their maker.
    pub owner: UserId,
    /// What it reaches.
    pub kind: AppKind,
    /// The name people gave it.
    pub name: String,
    /// The only algorithm its tokens may be signed with.
    pub algorithm: Algorithm,
    /// The client secret: signs tokens of the HMAC algorithms, and encrypts tokens of `dir` encryption.
    pub secret: Secret,
    /// The PEM text of the public key that verifies its tokens; needed by the other algorithms.
    pub public_key: Option<String>,
    /// The PEM text of our private RSA key, whose public part the client encrypts tokens for.
    pub decryption_key: Option<Secret>,
    /// The bots a builder app is bound to.
    pub bots: Vec<BotId>,
    /// What it may do.
    pub grants: Vec<Grant>,
    /// Whether each token must carry a `jti` and is good for one call only.
    pub jti_enforced: bool,
    /// Whether tokens must be encrypted.
    pub jwe_enforced: bool,
}

impl App {
    /// Whether the app reaches the bot: an admin app reaches every bot of its account (whether the account has the bot
    /// is the caller's question), a builder app those it is bound to.
    pub fn bound_to(&self, bot: &BotId) -> bool {
        match self.kind {
            AppKind::Admin => true,
            AppKind::Builder => self.bots.contains(bot),
        }
    }

    /// Whether the app holds the scope for the bot, or for the whole account when the call concerns no single bot.
    ///
    /// Grants for one bot do not open calls on the account, and a scope the app's kind may not hold has no effect.
    /// Ask [`App::bound_to`] first: the original answers differently when the app does not reach the bot.
    pub fn allows(&self, scope: Scope, bot: Option<&BotId>) -> bool {
        if !scope.may_be_held_by(self.kind) {
            return false;
        }
        let reaches = |grant: &Grant| grant.bot.is_none() || grant.bot.as_ref() == bot;
        self.grants.iter().any(|grant| reaches(grant) && grant.scopes.contains(&scope))
    }

    /// The key that verifies the app's tokens.
    ///
    /// # Errors
    /// When the algorithm needs a public key and the app has none, or a key is not usable.
    pub fn verification_key(&self) -> Result<VerificationKey, KeyError> {
        if self.algorithm.uses_client_secret() {
            return VerificationKey::new(self.algorithm, self.secret.expose());
        }
        let pem = self.public_key.as_deref().ok_or(KeyError::NoPublicKey(self.algorithm))?;
        VerificationKey::new(self.algorithm, pem)
    }

    /// The keys that open the app's encrypted tokens.
    ///
    /// # Errors
    /// When the app has an RSA key that is not usable.
    pub fn decryption_keys(&self) -> Result<DecryptionKeys, KeyError> {
        DecryptionKeys::new(&self.secret, self.decryption_key.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use domain::IdSource;

    use super::*;

    #[test]
    fn calls_are_allowed_by_kind_binding_and_grant() {
        let ids = IdSource::seeded(1);
        let (own, other) = (BotId::new(&ids), BotId::new(&ids));
        let mut app = App {
            client_id: AppId::new(&ids),
            account: AccountId::new(&ids),
            owner: UserId::new(&ids),
            kind: AppKind::Builder,
            name: "Deployer".to_owned(),
            algorithm: Algorithm::Hs256,
            secret: Secret::client(&ids),
            public_key: None,
            decryption_key: None,
            bots: vec![own.clone()],
            grants: vec![
                Grant { scopes: vec![Scope::ChatHistory, Scope::BotImport], ..Grant::default() },
                Grant { bot: Some(own.clone()), scopes: vec![Scope::BotExport], ..Grant::default() },
            ],
            jti_enforced: false,
            jwe_enforced: false,
        };
        assert!(app.bound_to(&own) && !app.bound_to(&other));
        let table = [
            (Scope::ChatHistory, Some(&own), true),
            (Scope::ChatHistory, None, true),
            (Scope::BotExport, Some(&own), true),
            (Scope::BotExport, Some(&other), false),
            (Scope::BotExport, None, false),
            (Scope::BotImport, Some(&own), false), // granted, but only an admin app may hold it
            (Scope::BotSessions, Some(&own), false),
        ];
        for (scope, bot, allowed) in table {
            assert_eq!(app.allows(scope, bot), allowed, "{scope} on {bot:?}");
        }

        app.kind = AppKind::Admin;
        assert!(app.bound_to(&other));
        assert!(app.allows(Scope::BotImport, None));
        assert!(!format!("{app:?}").contains(app.secret.expose()));
    }

    #[test]
    fn grants_have_the_json_form_of_the_original() {
        let text = r#"[{"scopes":["bot_definition:bot_export"]},{"bot":"st-1","scopes":["chat_history:read"]}]"#;
        let grants: Vec<Grant> = serde_json::from_str(text).expect("two grants");
        assert_eq!(grants[1].bot, Some(BotId::stored("st-1")));
        assert_eq!(serde_json::to_string(&grants).expect("plain data"), text);
        let newer = r#"{"scopes":["chat_history:read","feedback:analytics"]}"#;
        let grant: Grant = serde_json::from_str(newer).expect("a grant");
        assert_eq!((grant.scopes.len(), grant.unknown.as_slice()), (1, ["feedback:analytics".to_owned()].as_slice()));
        assert_eq!(serde_json::to_string(&grant).expect("plain data"), newer);
    }
}
