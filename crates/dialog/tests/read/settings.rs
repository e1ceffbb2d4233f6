//! Settings, variables, profiles, forms and functions.

use dialog::Bot;
use dialog::bot::{
    AnsweredAside, Choice, FieldKind, Holding, Interruption, LanguageChoice, PiiDisplay, Resuming, Session, Who,
};
use serde_json::{Value, json};

use super::{messages, read, read_with, written};

#[test]
fn a_bot_has_names_and_languages() {
    let bot = read(&json!({"_id": "st-1", "defaultLanguage": "de", "supportedLanguages": ["en", "de"],
        "localeData": {"en": {"name": "Demo"}, "de": {"name": "Beispiel"}}}));
    assert_eq!((bot.id.as_str(), bot.default_language.as_str()), ("st-1", "de"));
    assert_eq!(bot.languages, ["de", "en"]);
    assert_eq!((bot.name("en"), bot.name("fr")), ("Demo", "Beispiel"));
    let bare = read_with(&json!({}), &json!({"name": "Of the configuration"}), &[], &[]);
    assert_eq!((bare.name("en"), bare.default_language.as_str()), ("Of the configuration", "en"));
}

#[test]
fn sessions_end_as_the_author_says() {
    let usual = Session { inactive_ms: 900_000, closes_at_once: true, closes_silently: false, clears_auth: false };
    let table = [
        (json!({}), usual),
        (
            json!({"sessionInactiveTime": 300000, "sessionClosureProcess": 0}),
            Session { inactive_ms: 300_000, closes_at_once: false, ..usual },
        ),
        (
            json!({"sessionInactiveTime": "600000", "sessionClosureProcess": "1"}),
            Session { inactive_ms: 600_000, ..usual },
        ),
        (json!({"sessionInactiveTime": 1e300}), Session { inactive_ms: 1_209_600_000, ..usual }),
        (
            json!({"sessionInactiveTime": -5, "skipSessionMessage": true, "clearAllAuthTokens": "true"}),
            Session { closes_silently: true, clears_auth: true, ..usual },
        ),
    ];
    for (definition, expected) in table {
        assert_eq!(read(&definition).settings.session, expected, "{definition}");
    }
}

#[test]
fn settings_of_the_bot_are_read() {
    let bot = read(&json!({
        "detectMultiIntent": true, "amendConfig": {"enabled": true}, "languagePreferences": {"type": "lifeTime"},
        "runCustomScript": {"enable": true, "script": "context.a%20%3D%201"},
    }));
    // Neither amending nor the script of the session's end is run, and both are told.
    assert_eq!(bot.findings.len(), 2, "{:?}", bot.findings);
    let settings = bot.settings;
    assert!(settings.several_intents);
    assert_eq!(settings.language_choice, LanguageChoice::Lifetime);
    let off = read(&json!({"runCustomScript": {"enable": false, "script": "x"}})).settings;
    assert_eq!(off.language_choice, LanguageChoice::PerVolley);
    let session = read(&json!({"languagePreferences": {"type": "perSession"}})).settings;
    assert_eq!(session.language_choice, LanguageChoice::PerSession);
}

#[test]
fn interruptions_are_read() {
    let full = json!({
        "interruptsEnabled": true, "numTasksToHold": "2", "type": {"option": "endUser"},
        "holdUxOptions": {"option": "continueCurrTask"}, "resumeUxOptions": {"option": "notifyUser", "neverNotify": true},
        "faqBehaviour": "respondAndResume", "smallTalkBehaviour": "other", "showAmbiguous": false,
    });
    let expected = Interruption {
        enabled: Some(true),
        who: Some(Who::EndUser),
        holding: Some(Holding::Continue),
        resuming: Some(Resuming::Tell),
        most_held: Some(2),
        faq: Some(AnsweredAside::AndAsksAgain),
        small_talk: Some(AnsweredAside::AsTask),
        shows_ambiguous: Some(false),
        resumes_after_single_reply: Some(true),
    };
    assert_eq!(read(&json!({"interruptOptions": full})).settings.interruption, expected);
    let off = read(&json!({"interruptOptions": full, "interruptsEnabled": false})).settings.interruption;
    assert_eq!(off, Interruption { enabled: Some(false), ..expected });
    let holdings = [
        ("holdCurrTask", Some(Holding::Hold)),
        ("discardCurrTask", Some(Holding::Discard)),
        ("discardCurrTaskNoNotify", Some(Holding::DiscardSilently)),
        ("?", None),
    ];
    for (option, expected) in holdings {
        let read = read(&json!({"interruptOptions": {"holdUxOptions": {"option": option}, "numTasksToHold": 1}}));
        let found = read.settings.interruption;
        assert_eq!((found.holding, found.most_held), (expected, Some(1)), "{option}");
    }
    for (option, expected) in [("confFromUser", Resuming::Ask), ("noConfFromUser", Resuming::Silently)] {
        let read = read(&json!({"interruptOptions": {"resumeUxOptions": {"option": option}}}));
        assert_eq!(read.settings.interruption.resuming, Some(expected), "{option}");
    }
    for (option, expected) in [("developer", Who::Developer), ("doNotAllowHoldResume", Who::NoHolding)] {
        let read = read(&json!({"interruptOptions": {"type": {"option": option}}}));
        assert_eq!(read.settings.interruption.who, Some(expected), "{option}");
    }
}

#[test]
fn only_patterns_that_are_switched_on_hide_something() {
    let pattern = |display: Value| {
        json!({"pii_type": "Card", "enabled": true, "regex": "\\d{16}", "ignoreCase": true,
        "mappedEntities": ["dc-1"], "display": display})
    };
    let table = [
        (json!({"type": "redaction"}), PiiDisplay::Redacted),
        (json!({"type": "replacement", "value": "[card]"}), PiiDisplay::Replaced("[card]".to_owned())),
        (
            json!({"type": "masking", "first": 2, "last": "4", "mask": "#"}),
            PiiDisplay::Masked { first: 2, last: 4, mask: "#".to_owned() },
        ),
        (json!({"type": "masking"}), PiiDisplay::Masked { first: 0, last: 0, mask: "*".to_owned() }),
    ];
    for (display, expected) in table {
        let bot =
            read(&json!({"pii_patterns": [pattern(display), {"pii_type": "Off", "enabled": false, "regex": "x"}]}));
        let [pii] = &bot.settings.pii[..] else { panic!("one pattern") };
        assert_eq!((pii.name.as_str(), pii.regex.as_str(), pii.ignores_case), ("Card", "\\d{16}", true));
        assert_eq!((&pii.display, &pii.entities[..]), (&expected, &["dc-1".to_owned()][..]));
    }
    let bot = read(&json!({"pii_patterns": [{"pii_type": "None", "enabled": true}]}));
    assert_eq!(messages(&bot), ["the pattern 'None' of personal data has no expression: it hides nothing"]);
}

#[test]
fn variables_may_stand_for_others() {
    let env = |key: &str, value: Value| json!({"key": key, "value": value, "vNameSpace": ["ns"]});
    let config = json!({"envVariables": [
        env("plain", json!("p")), env("braces", json!("{{ env.plain }}")), env("chain", json!("env.braces")),
        env("around", json!("env.back")), env("back", json!("{{env.around}}")), env("self", json!("env.self")),
        env("unknown", json!("env.nowhere")), env("text", json!("see {{env.plain}}")), env("number", json!(5)),
        {"key": "secret", "value": "", "isSecured": true}, {"key": "uses", "value": "env.secret"},
        {"key": "open", "value": "public"},
    ]});
    let secured = [("secret", "s3"), ("open", "not secured")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let bot = read_with(&json!({}), &config, &[], &secured);
    let values: Vec<_> = bot.variables.env.iter().map(|one| (one.key.as_str(), one.values[0].1.as_str())).collect();
    let expected = [
        ("plain", "p"),
        ("braces", "p"),
        ("chain", "p"),
        ("around", ""),
        ("back", ""),
        ("self", ""),
        ("unknown", "env.nowhere"),
        ("text", "see {{env.plain}}"),
        ("number", "5"),
        ("secret", "s3"),
        ("uses", "s3"),
        ("open", "public"),
    ];
    assert_eq!(values, expected);
    assert_eq!(
        (&bot.variables.env[0].namespaces[..], bot.variables.env[11].namespaces.len()),
        (&["ns".to_owned()][..], 0)
    );
}

#[test]
fn content_is_per_language_and_seen_by_namespace() {
    let bot = read(&json!({
        "contentVariables": [
            {"key": "hello", "vNameSpace": ["ns-default"], "localeData": {"en": {"value": "Hello"}, "de": {"value": "Hallo"}}},
            {"key": "own", "vNameSpace": ["ns-own"], "localeData": {"en": {"value": 7}}},
            {"vNameSpace": []},
        ],
        "namespaces": [
            {"name": "default", "type": "system", "refId": "ns-default"},
            {"name": "own", "type": "custom", "refId": "ns-own"},
        ],
    }));
    assert_eq!(bot.variables.shared, ["ns-default"]);
    assert_eq!(bot.variables.content(&[], "de", "en"), json!({"hello": "Hallo"}));
    assert_eq!(bot.variables.content(&["ns-own".to_owned()], "de", "en"), json!({"hello": "Hallo", "own": "7"}));
}

#[test]
fn profiles_are_read() {
    let profile = |kind: &str, fields: Value| json!({"idpConfigurations": [{"refId": "r", "name": "P", "sso_type": kind, "fields": fields}]});
    let bot = read(&profile(
        "basic",
        json!([{"type": "Header", "key": "Authorization", "value": "Basic {{env.CODE}}"}, {"value": "x"}]),
    ));
    let [found] = &bot.auth_profiles[..] else { panic!("one profile") };
    assert_eq!((found.ref_id.as_str(), found.name.as_str(), found.kind.as_str()), ("r", "P", "basic"));
    let fields: Vec<_> =
        found.fields.iter().map(|field| format!("{} {}: {}", field.place, field.key, written(&field.value))).collect();
    assert_eq!(fields, ["header Authorization: Basic {{env.CODE}}"]);
    assert_eq!(found.details["sso_type"], "basic");
    assert_eq!(bot.findings, []);
    let table = [
        (profile("api_key", json!([])), ""),
        (profile("oauth2", json!([])), ""),
        (profile("kerberos", json!([])), "is of the kind 'kerberos', which is not known here"),
        (
            profile("basic", json!([{"key": "a", "value": "{{user}} {{user}}"}])),
            "asks users for user, which is not possible here",
        ),
    ];
    for (definition, expected) in table {
        let found = messages(&read(&definition)).concat();
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{found}");
    }
    let mut code = profile("oauth2", json!([]));
    code["idpConfigurations"][0]["grant_type"] = json!("authorization_code");
    assert!(messages(&read(&code))[0].contains("has users sign in themselves"));
}

fn form(components: Value) -> Bot {
    read(&json!({"forms": [{"refId": "f", "name": "Rate", "displayName": "Rate us", "components": components}]}))
}

#[test]
fn forms_have_fields() {
    let field =
        |kind: &str, settings: Value| json!({"name": kind, "type": kind, "metaData": settings, "components": []});
    let bot = form(json!([
        field("textField", json!({"displayName": "Your name", "placeholder": "Ann", "required": true, "minLength": 2, "validations": {"maxLength": "40", "pattern": "^\\w+$"}, "defaultvalueInput": "B"})),
        field("number", json!({"min": 1, "max": 5})),
        field("dropdown", json!({"isMultiSelect": true, "values": [{"value": "S"}, {"label": "Large", "value": "L", "selected": true}, {}, "XL"]})),
        {"name": "section", "type": "section", "components": [field("textArea", json!({})), field("date", json!({"isVisible": false}))]},
        field("button", json!({"buttonAction": "submit"})),
        field("address", json!({})),
    ]));
    let found = bot.form("f").unwrap();
    assert_eq!(
        (found.name.as_str(), found.title.as_str(), &found.definition["refId"]),
        ("Rate", "Rate us", &json!("f"))
    );
    let kinds: Vec<_> = found.fields.iter().map(|field| field.kind.clone()).collect();
    let expected = [
        FieldKind::Line,
        FieldKind::Number,
        FieldKind::Dropdown { many: true },
        FieldKind::Lines,
        FieldKind::Submit,
        FieldKind::Other("address".to_owned()),
    ];
    assert_eq!(kinds, expected);
    let name = &found.fields[0];
    assert_eq!((name.label.as_str(), name.placeholder.as_str(), name.required), ("Your name", "Ann", true));
    assert_eq!(
        (name.least, name.most, name.regex.as_str(), name.default.as_str()),
        (Some(2.0), Some(40.0), "^\\w+$", "B")
    );
    assert_eq!((found.fields[1].least, found.fields[1].most), (Some(1.0), Some(5.0)));
    let choice =
        |title: &str, value: &str, selected| Choice { title: title.to_owned(), value: value.to_owned(), selected };
    assert_eq!(
        found.fields[2].options,
        [choice("S", "S", false), choice("Large", "L", true), choice("XL", "XL", false)]
    );
    let expected = [
        "the field 'date' of the form 'Rate' is hidden: it is never shown",
        "the field 'address' of the form 'Rate' is of the kind 'address', which is not known: it is one line of text",
    ];
    assert_eq!(messages(&bot), expected);
}

#[test]
fn rules_of_fields_that_are_not_checked_are_told() {
    let rules = json!({"simpleRules": {"condition": "OR", "rules": [{"operator": "lessThan"}]}});
    let bot = form(json!([{"name": "day", "type": "date", "metaData": {"validations": rules}}]));
    assert_eq!(messages(&bot), ["the rules of the field 'day' of the form 'Rate' are not checked here"]);
}

#[test]
fn names_that_files_declare_are_found_without_reading_javascript() {
    let table: [(&str, &[&str]); 36] = [
        ("function plain(a) {}", &["plain"]),
        ("function below(a)\n{\n  return a\n}", &["below"]),
        ("  function inner () {}", &["inner"]),
        ("async function later() {}", &["later"]),
        ("function* each() {}", &["each"]),
        ("var old = function () {};", &["old"]),
        ("let arrow = (a) => a;", &["arrow"]),
        ("  const one = a => a;", &["one"]),
        ("assigned = async function() {};", &["assigned"]),
        ("function a(){return 1}function b(){return 2};var c=function(){}", &["a", "b", "c"]),
        ("function a() { var b = function () {}; }", &["a", "b"]),
        ("var rates = {us: 1};", &["rates"]),
        ("var text =\n  'a;b(c)'\nvar more", &["text", "more"]),
        ("class Order {}", &["Order"]),
        ("  var local = 5;", &["local"]),
        ("'use strict';", &[]),
        ("// function comment() {}\n/* String.prototype.x = 1 */", &[]),
        ("", &[]),
        // What does more than declare is in every script.
        ("functional(1);", &[""]),
        ("context.x = function () {};", &[""]),
        ("(function () {})();", &[""]),
        ("String.prototype.asTitle = function () { return this };", &[""]),
        ("var a = 1\nMath.sum = (a, b) => a + b", &[""]),
        ("globalThis.helper = function () { return 7 };", &[""]),
        ("this['helper'] = 5", &[""]),
        ("function f() {}\nmodule.exports = {f}", &[""]),
        ("if (typeof module !== 'undefined') { module.exports = {} }", &[""]),
        ("!function () {}()", &[""]),
        ("Object.assign(globalThis, {helper() {}})", &[""]),
        ("var set = (function () { String.prototype.x = 1 })()", &[""]),
        ("var made = function () { return 1 }()", &[""]),
        ("var {a, b} = {a: 1, b: 2}", &[""]),
        ("var a = 1, b = 2", &[""]),
        ("for (var i = 0; i < 3; i++) {}", &[""]),
        // A quote in a regular expression looks like a text without an end.
        ("var quote = /'/;", &[""]),
        ("function broken(a) {", &[""]),
    ];
    for (source, expected) in table {
        let files = [("f.js".to_owned(), source.to_owned())];
        assert_eq!(read_with(&json!({}), &json!({}), &files, &[]).function_names, expected, "{source}");
    }
    let files = [("a.js", "function x() {}\nfunction y() {}"), ("b.js", "function x(a) {}\nfunction z() {}")]
        .map(|(name, source)| (name.to_owned(), source.to_owned()));
    let bot = read_with(&json!({}), &json!({}), &files, &[]);
    assert_eq!((bot.function_names, &bot.functions[..]), (["x", "y", "z"].map(str::to_owned).to_vec(), &files[..]));
}
