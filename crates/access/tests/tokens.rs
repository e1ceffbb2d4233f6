//! Every form of token clients send, and every way to forge one, against the public functions of the crate.

use access::{
    Algorithm, App, AppKind, JweError, KeyError, MEMORY_WITHOUT_EXPIRY, Reason, Secret, SigningKey, TokenError,
    VerificationKey, authenticate, client_id_of, encrypt_for_public_key, encrypt_with_secret, generate_rsa_key,
    public_part, sign, verify,
};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use domain::{AccountId, AppId, IdSource, Timestamp, UserId};
use serde_json::{Value, json};

const CLIENT: &str = "cs-1b6a2a1e-0c6e-5d52-9f0b-3f6a3c9d7e11";
const SECRET: &str = "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=";
const RSA_PRIVATE: &str = include_str!("../testdata/rsa_private.pem");
const RSA_PUBLIC: &str = include_str!("../testdata/rsa_public.pem");
const P256_PRIVATE: &str = include_str!("../testdata/p256_private.pem");
const P256_PUBLIC: &str = include_str!("../testdata/p256_public.pem");

/// The moment of all tests: a round number of seconds.
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn app() -> App {
    let ids = IdSource::seeded(5);
    App {
        client_id: AppId::stored(CLIENT),
        account: AccountId::new(&ids),
        owner: UserId::new(&ids),
        kind: AppKind::Admin,
        name: "Deployer".to_owned(),
        algorithm: Algorithm::Hs256,
        secret: Secret::new(SECRET),
        public_key: None,
        decryption_key: None,
        bots: Vec::new(),
        grants: Vec::new(),
        jti_enforced: false,
        jwe_enforced: false,
    }
}

/// A token made elsewhere, by its name in the file.
fn foreign(name: &str) -> &'static str {
    let lines = include_str!("../testdata/tokens.txt").lines();
    let mut named = lines.filter_map(|line| line.split_once(' '));
    named.find(|(key, _)| *key == name).map(|(_, token)| token).expect(name)
}

/// A token with any header and any payload, signed with HMAC-SHA256 under `secret`.
fn forged(header: &str, payload: &str, secret: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn signed(claims: &Value) -> String {
    let key = SigningKey::new(Algorithm::Hs256, SECRET).expect("a secret");
    sign(&key, claims)
}

fn invalid(reason: Reason) -> Option<TokenError> {
    Some(TokenError::Invalid(reason))
}

/// Claim sets of real clients, and what becomes of them at `NOW`.
#[test]
fn every_claim_set_clients_send_is_judged_as_the_original_does() {
    let malformed_exp = invalid(Reason::MalformedTime("exp"));
    let expired = |millis| invalid(Reason::Expired(Timestamp::from_millis(millis)));
    let not_yet = |millis| invalid(Reason::NotYet(Timestamp::from_millis(millis)));
    let other_client = invalid(Reason::OtherClient);
    let table = [
        (json!({"appId": CLIENT}), None),
        (json!({"sub": "1234567890", "appId": CLIENT}), None),
        (json!({"iss": CLIENT, "sub": "st-1", "iat": 1_699_999_990, "exp": 1_700_000_060, "aud": ""}), None),
        (json!({"iat": 1_700_000_000_000_i64, "exp": 1_700_000_060, "iss": CLIENT, "isAnonymous": "true"}), None),
        (json!({"isAnonymous": false, "appId": CLIENT, "aud": ["a", 1], "iss": CLIENT}), None),
        (json!({"kore_iss": CLIENT, "iss": "somebody"}), None),
        (json!({"appId": CLIENT, "iss": "somebody"}), None),
        (json!({"appId": null, "iss": CLIENT}), None),
        (json!({"appId": "", "iss": CLIENT}), None),
        (json!({"appId": 7, "iss": CLIENT}), None),
        // Times: seconds or milliseconds, whole, fractional or as text; the end is exclusive.
        (json!({"appId": CLIENT, "exp": 1_700_000_000.001}), None),
        (json!({"appId": CLIENT, "exp": 1_700_000_000_001_i64}), None),
        (json!({"appId": CLIENT, "exp": 1_700_000_000_000.5}), None),
        (json!({"appId": CLIENT, "exp": "1700000060"}), None),
        (json!({"appId": CLIENT, "exp": null}), None),
        (json!({"appId": CLIENT, "exp": 1e300}), None),
        (json!({"appId": CLIENT, "exp": 1_700_000_000}), expired(1_700_000_000_000)),
        (json!({"appId": CLIENT, "exp": 1_699_999_999.75}), expired(1_699_999_999_750)),
        (json!({"appId": CLIENT, "exp": 1_699_999_999_999_i64}), expired(1_699_999_999_999)),
        (json!({"appId": CLIENT, "exp": 0}), expired(0)),
        (json!({"appId": CLIENT, "exp": -1e300}), expired(i64::MIN)),
        (json!({"appId": CLIENT, "exp": "tomorrow"}), malformed_exp),
        (json!({"appId": CLIENT, "exp": {}}), invalid(Reason::MalformedTime("exp"))),
        (json!({"appId": CLIENT, "exp": "NaN"}), invalid(Reason::MalformedTime("exp"))),
        (json!({"appId": CLIENT, "iat": 1_800_000_000}), None),
        (json!({"appId": CLIENT, "iat": "today"}), None),
        (json!({"appId": CLIENT, "nbf": 1_700_000_060}), None),
        (json!({"appId": CLIENT, "nbf": 1_700_000_061}), not_yet(1_700_000_061_000)),
        (json!({"appId": CLIENT, "nbf": true}), invalid(Reason::MalformedTime("nbf"))),
        // Found by another id, these would not come here; the secret is not enough to speak for another client.
        (json!({"appId": "cs-2", "iss": CLIENT}), other_client),
    ];
    for (claims, expected) in table {
        let outcome = authenticate(&app(), &signed(&claims), NOW);
        assert_eq!(outcome.err(), expected, "{claims}");
    }
}

#[test]
fn the_client_is_found_in_signed_and_encrypted_tokens() {
    let table = [
        (json!({"appId": "a", "kore_iss": "k", "iss": "i"}), Ok("a")),
        (json!({"kore_iss": "k", "iss": "i"}), Ok("k")),
        (json!({"appId": 1, "iss": "i", "exp": {}}), Ok("i")),
        (json!({"sub": "x"}), Err(TokenError::Invalid(Reason::NoClient))),
        (json!({}), Err(TokenError::Invalid(Reason::NoClient))),
        (json!("appId"), Err(TokenError::Invalid(Reason::MalformedClaims))),
    ];
    for (claims, expected) in table {
        assert_eq!(client_id_of(&signed(&claims)), expected.map(AppId::stored), "{claims}");
    }
    for name in ["HS256", "RS256", "dir", "RSA-OAEP-256"] {
        assert_eq!(client_id_of(foreign(name)), Ok(AppId::stored(CLIENT)), "{name}");
    }
    let twice = forged("{}", r#"{"appId":"a","appId":"b"}"#, SECRET);
    assert_eq!(client_id_of(&twice), Err(TokenError::Invalid(Reason::MalformedClaims)));
}

#[test]
fn what_is_no_token_is_told_from_what_is_a_bad_one() {
    for text in ["", "JWTToken", "a.b", "a.b.c.d", "a.b.c.d.e.f", "......."] {
        assert_eq!(client_id_of(text), Err(TokenError::NotAJwt), "{text}");
        assert_eq!(authenticate(&app(), text, NOW), Err(TokenError::NotAJwt), "{text}");
    }
    for text in ["a.b.c", "..", "....", "JWT To.k.en", "é.é.é", "a.b.c.d.e"] {
        assert!(matches!(client_id_of(text), Err(TokenError::Invalid(_))), "{text}");
        assert!(matches!(authenticate(&app(), text, NOW), Err(TokenError::Invalid(_))), "{text}");
    }
}

#[test]
fn tokens_of_other_implementations_verify_and_say_what_was_written() {
    for (algorithm, key) in [
        (Algorithm::Hs256, SECRET),
        (Algorithm::Hs384, SECRET),
        (Algorithm::Hs512, SECRET),
        (Algorithm::Rs256, RSA_PUBLIC),
    ] {
        let key = VerificationKey::new(algorithm, key).expect("a key");
        let claims = verify(foreign(algorithm.name()), &key, NOW).expect("a token made elsewhere");
        assert_eq!(claims.client_id(), Some(AppId::stored(CLIENT)));
        assert_eq!(claims.jti().as_deref(), Some("7"));
        assert_eq!(claims.subject().as_deref(), Some("ada@example.com"));
        assert_eq!(claims.expires(), Some(Timestamp::from_millis(1_900_000_000_500)));
        assert_eq!(claims.all().len(), 4);
    }
}

#[test]
fn tokens_we_sign_verify_under_the_matching_key_only() {
    let pairs = [
        (Algorithm::Hs256, SECRET, SECRET),
        (Algorithm::Hs384, SECRET, SECRET),
        (Algorithm::Hs512, SECRET, SECRET),
        (Algorithm::Rs256, RSA_PRIVATE, RSA_PUBLIC),
        (Algorithm::Rs384, RSA_PRIVATE, RSA_PUBLIC),
        (Algorithm::Rs512, RSA_PRIVATE, RSA_PUBLIC),
        (Algorithm::Es256, P256_PRIVATE, P256_PUBLIC),
    ];
    let claims = json!({"appId": CLIENT, "userIdentity": "ada", "isAnonymous": "True", "kore_sub": 5, "sub": "x"});
    for (algorithm, private, _) in pairs {
        let token = sign(&SigningKey::new(algorithm, private).expect("a key"), &claims);
        for (other, _, public) in pairs {
            let key = VerificationKey::new(other, public).expect("a key");
            match verify(&token, &key, NOW) {
                Ok(read) => {
                    assert_eq!(algorithm, other);
                    assert_eq!(Value::Object(read.all().clone()), claims);
                    assert_eq!((read.user_identity().as_deref(), read.subject().as_deref()), (Some("ada"), Some("5")));
                    assert!(read.is_anonymous());
                }
                Err(error) => {
                    assert_ne!(algorithm, other, "{error}");
                    assert_eq!(error, TokenError::Invalid(Reason::WrongAlgorithm(other)));
                }
            }
        }
    }
    for (algorithm, text) in [(Algorithm::Rs256, P256_PRIVATE), (Algorithm::Es256, RSA_PRIVATE)] {
        assert_eq!(SigningKey::new(algorithm, text).err(), Some(KeyError::Unusable(algorithm)));
    }
    assert_eq!(SigningKey::new(Algorithm::Hs256, "").err(), Some(KeyError::EmptySecret));
}

#[test]
fn forged_tokens_are_refused() {
    let payload = json!({"appId": CLIENT}).to_string();
    let hs256 = r#"{"alg":"HS256"}"#;
    let good = forged(hs256, &payload, SECRET);
    let (message, signature) = good.rsplit_once('.').expect("three parts");
    let (header, _) = message.split_once('.').expect("three parts");
    let decoded_secret = base64::engine::general_purpose::STANDARD.decode(SECRET).expect("base64");
    let decoded_tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &decoded_secret), message.as_bytes());
    let other_payload = URL_SAFE_NO_PAD.encode(json!({"appId": CLIENT, "sub": "root"}).to_string());
    let wrong_algorithm = || Reason::WrongAlgorithm(Algorithm::Hs256);
    let table = [
        ("signature cut off", format!("{message}.{}", &signature[..20]), Reason::WrongSignature),
        ("no signature", format!("{message}."), Reason::WrongSignature),
        ("signature not base64", format!("{message}.!!!!"), Reason::WrongSignature),
        ("other secret", forged(hs256, &payload, "other"), Reason::WrongSignature),
        ("base64 secret decoded", format!("{message}.{}", URL_SAFE_NO_PAD.encode(decoded_tag)), Reason::WrongSignature),
        ("payload swapped", format!("{header}.{other_payload}.{signature}"), Reason::WrongSignature),
        ("none", forged(r#"{"alg":"none"}"#, &payload, ""), wrong_algorithm()),
        ("None", forged(r#"{"alg":"None"}"#, &payload, ""), wrong_algorithm()),
        ("another HMAC", forged(r#"{"alg":"HS512"}"#, &payload, SECRET), wrong_algorithm()),
        ("lower case", forged(r#"{"alg":"hs256"}"#, &payload, SECRET), wrong_algorithm()),
        ("no algorithm", forged("{}", &payload, SECRET), Reason::MalformedHeader),
        ("two algorithms", forged(r#"{"alg":"none","alg":"HS256"}"#, &payload, SECRET), Reason::MalformedHeader),
        ("header no object", forged("7", &payload, SECRET), Reason::MalformedHeader),
        ("extension", forged(r#"{"alg":"HS256","crit":["exp"]}"#, &payload, SECRET), Reason::UnknownExtension),
        ("claims no object", forged(hs256, "[1]", SECRET), Reason::MalformedClaims),
        ("claims no JSON", forged(hs256, "appId", SECRET), Reason::MalformedClaims),
    ];
    for (what, token, reason) in table {
        assert_eq!(authenticate(&app(), &token, NOW).err(), invalid(reason), "{what}");
    }
    assert!(authenticate(&app(), &good, NOW).is_ok());
    let padded: Vec<String> = [hs256, &payload].map(|part| URL_SAFE.encode(part)).to_vec();
    let message = padded.join(".");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), message.as_bytes());
    let padded = format!("{message}.{}", URL_SAFE.encode(tag));
    assert!(padded.contains('=') && authenticate(&app(), &padded, NOW).is_ok(), "padding is tolerated");
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    let app = App { algorithm: Algorithm::Rs256, public_key: Some(RSA_PUBLIC.to_owned()), ..app() };
    assert!(authenticate(&app, foreign("RS256"), NOW).is_ok());
    let payload = json!({"appId": CLIENT}).to_string();
    for (header, reason) in [
        (r#"{"alg":"HS256"}"#, Reason::WrongAlgorithm(Algorithm::Rs256)),
        (r#"{"alg":"RS256"}"#, Reason::WrongSignature),
    ] {
        for secret in [RSA_PUBLIC, SECRET] {
            let token = forged(header, &payload, secret);
            assert_eq!(authenticate(&app, &token, NOW).err(), invalid(reason.clone()), "{header}");
        }
    }
    let keyless = App { public_key: None, ..app };
    let no_key = Reason::Key(KeyError::NoPublicKey(Algorithm::Rs256));
    assert_eq!(authenticate(&keyless, foreign("RS256"), NOW).err(), invalid(no_key));
}

#[test]
fn an_enforced_token_id_says_what_to_remember() {
    let app = App { jti_enforced: true, ..app() };
    let a_year_on = NOW.plus(MEMORY_WITHOUT_EXPIRY);
    let table = [
        (
            json!({"appId": CLIENT, "jti": "j", "exp": 1_700_000_060.25}),
            Ok(("j", Timestamp::from_millis(1_700_000_060_250))),
        ),
        (json!({"appId": CLIENT, "jti": 12}), Ok(("12", a_year_on))),
        (json!({"appId": CLIENT, "jti": 1.5}), Ok(("1.5", a_year_on))),
        (json!({"appId": CLIENT, "jti": false}), Ok(("false", a_year_on))),
        (json!({"appId": CLIENT, "jti": "j", "kore_jti": "k"}), Ok(("k", a_year_on))),
        (json!({"appId": CLIENT}), Err(TokenError::Invalid(Reason::NoJti))),
        (json!({"appId": CLIENT, "jti": ""}), Err(TokenError::Invalid(Reason::NoJti))),
        (json!({"appId": CLIENT, "jti": null}), Err(TokenError::Invalid(Reason::NoJti))),
        (json!({"appId": CLIENT, "jti": [1]}), Err(TokenError::Invalid(Reason::NoJti))),
    ];
    for (claims, expected) in table {
        let outcome = authenticate(&app, &signed(&claims), NOW);
        let remembered = outcome.map(|good| good.single_use.map(|used| (used.client, used.jti, used.until)));
        let expected = expected.map(|(jti, until)| Some((AppId::stored(CLIENT), jti.to_owned(), until)));
        assert_eq!(remembered, expected, "{claims}");
    }
    let free = authenticate(&self::app(), &signed(&json!({"appId": CLIENT, "jti": 1})), NOW);
    assert_eq!(free.map(|good| good.single_use), Ok(None));
}

#[test]
fn encrypted_tokens_open_with_the_keys_of_their_app() {
    let rsa = Some(Secret::new(RSA_PRIVATE));
    let app = App { jwe_enforced: true, decryption_key: rsa, ..app() };
    for name in ["dir", "RSA-OAEP-256", "RSA-OAEP"] {
        let good = authenticate(&app, foreign(name), NOW).expect(name);
        assert_eq!(good.claims.subject().as_deref(), Some("ada@example.com"), "{name}");
    }
    let refused = |token: &str| authenticate(&app, token, NOW).err();
    assert_eq!(refused(foreign("HS256")), invalid(Reason::NotEncrypted));
    let encryption = |error| invalid(Reason::Encryption(error));

    let ids = IdSource::random();
    let client = AppId::stored(CLIENT);
    let secret = Secret::new(SECRET);
    let inner = signed(&json!({"iss": CLIENT, "sub": "ada@example.com"}));
    for token in [
        encrypt_with_secret(&inner, &secret, &client, &ids),
        encrypt_for_public_key(&inner, RSA_PUBLIC, &client, &ids).expect("a public key"),
    ] {
        assert_eq!(client_id_of(&token).as_ref(), Ok(&client));
        assert!(authenticate(&app, &token, NOW).is_ok());
        let optional = App { jwe_enforced: false, ..app.clone() };
        assert!(authenticate(&optional, &token, NOW).is_ok(), "encryption is accepted where it is not enforced");
        // A change to any part but the header, whose changes have their own errors below, must be noticed.
        for part in 1..5 {
            let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            if !parts[part].is_empty() {
                let first = if parts[part].starts_with('A') { "B" } else { "A" };
                parts[part].replace_range(..1, first);
                assert_eq!(refused(&parts.join(".")), encryption(JweError::Refused), "part {part}");
                let half = parts[part].len() / 2;
                parts[part].truncate(half);
                assert!(matches!(refused(&parts.join(".")), Some(TokenError::Invalid(_))), "part {part}");
            }
        }
    }

    let other_secret = encrypt_with_secret(&inner, &Secret::new("other"), &client, &ids);
    assert_eq!(refused(&other_secret), encryption(JweError::Refused));
    let naked = encrypt_with_secret(r#"{"appId":"x"}"#, &secret, &client, &ids);
    assert_eq!(refused(&naked), encryption(JweError::NoTokenInside));
    let twice = encrypt_with_secret(&other_secret, &secret, &client, &ids);
    assert_eq!(refused(&twice), encryption(JweError::NoTokenInside));
    let strangers = encrypt_with_secret(&signed(&json!({"appId": "cs-2"})), &secret, &client, &ids);
    assert_eq!(refused(&strangers), invalid(Reason::OtherClient));
    let unsigned = encrypt_with_secret(&forged(r#"{"alg":"none"}"#, "{}", ""), &secret, &client, &ids);
    assert_eq!(refused(&unsigned), invalid(Reason::WrongAlgorithm(Algorithm::Hs256)));

    let (_, rest) = other_secret.split_once('.').expect("five parts");
    for header in [
        json!({"alg": "RSA1_5", "enc": "A256GCM"}),
        json!({"alg": "dir", "enc": "A128CBC-HS256"}),
        json!({"alg": "dir", "enc": "A256GCM", "zip": "DEF"}),
        json!({"alg": "dir", "enc": "A256GCM", "crit": ["x"]}),
    ] {
        let token = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
        assert!(matches!(refused(&token), Some(TokenError::Invalid(Reason::Encryption(JweError::Unsupported(_))))));
    }
    let keyless = App { decryption_key: None, ..app.clone() };
    assert_eq!(authenticate(&keyless, foreign("RSA-OAEP-256"), NOW).err(), encryption(JweError::NoKey));
    let broken = App { decryption_key: Some(Secret::new("no key")), ..app.clone() };
    let unusable = invalid(Reason::Key(KeyError::UnusableForEncryption));
    assert_eq!(authenticate(&broken, foreign("dir"), NOW).err(), unusable);
}

#[test]
fn a_generated_key_pair_encrypts_and_every_form_of_secret_gives_a_direct_key() {
    let ids = IdSource::random();
    let client = AppId::stored(CLIENT);
    let inner = signed(&json!({"appId": CLIENT}));

    let key = generate_rsa_key();
    assert_eq!(public_part(&key.private).as_deref(), Ok(key.public.as_str()));
    let token = encrypt_for_public_key(&inner, &key.public, &client, &ids).expect("the public part");
    assert!(!format!("{key:?}").contains(key.private.expose()));
    let app = App { decryption_key: Some(key.private), ..app() };
    assert!(authenticate(&app, &token, NOW).is_ok());
    assert_eq!(encrypt_for_public_key(&inner, "no key", &client, &ids), Err(KeyError::UnusableForEncryption));

    // The secrets in each row have the same 32 bytes in different spellings, so one opens what the other closed.
    let bytes = [0xfb_u8; 32];
    let plain = "0123456789abcdef0123456789abcdef";
    for (one, other) in [
        (URL_SAFE.encode(bytes), base64::engine::general_purpose::STANDARD.encode(bytes)),
        (URL_SAFE_NO_PAD.encode(plain), plain.to_owned()),
        ("any text".to_owned(), URL_SAFE.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"any text"))),
    ] {
        let signing = SigningKey::new(Algorithm::Hs256, &other).expect("a secret");
        let inner = sign(&signing, &json!({"appId": CLIENT}));
        let token = encrypt_with_secret(&inner, &Secret::new(one), &client, &ids);
        let app = App { secret: Secret::new(other), ..app.clone() };
        assert!(authenticate(&app, &token, NOW).is_ok());
    }
}
