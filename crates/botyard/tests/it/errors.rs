//! Who is refused, with which words, and which fault is told when there are several.

use access::{AppKind, Secret};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::{BotFiles, TestServer};

const NO_METHOD: (u16, &str) = (405, "Method Not Allowed");
const REFUSED: (u16, &str) = (401, "Invalid SDK credentials");
const NO_TOKEN: (u16, &str) = (401, "Invalid JWT token");
const NO_SCOPE: (u16, &str) = (401, "Permission denied. Scope is incorrect!");
const NO_BOT: (u16, &str) = (400, "Invalid StreamId");
const NO_REQUEST: (u16, &str) = (400, "Invalid request ID");
const NO_FILE: (u16, &str) = (400, "Invalid file id");
const NO_PARTS: (u16, &str) = (400, "Please select at least one component");
const BAD_BODY: (u16, &str) = (412, "Validation errors/ Invalid arguments");

/// A bot id of the right form that no bot has.
const UNKNOWN: &str = "st-00000000-0000-5000-8000-000000000000";

#[tokio::test]
async fn the_first_fault_is_told_in_the_originals_words() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (own, other) = (admin.import_sample().await, admin.import_sample().await);
    let app = server.app(AppKind::Admin, &[]).await;
    let mut forger = app.clone();
    forger.secret = Secret::new("guessed");
    let mut stranger = app.clone();
    stranger.client_id = domain::AppId::stored("cs-00000000-0000-5000-8000-000000000000");
    let none = server.anonymous();
    let text = server.client_with_token("JWTToken");
    let forged = server.client(&forger);
    let unknown = server.client(&stranger);
    let elsewhere = server.client_with_scopes(AppKind::Builder, &[&other], &[]).await;
    let scopeless = server.client_with_scopes(AppKind::Admin, &[], &[]).await;
    let bound = server.client_with_scopes(AppKind::Builder, &[&own], &[]).await;
    let builder = server.builder(&[&own]).await;

    let good = r#"{"exportType": "latest"}"#;
    let ids = r#"{"botDefinition": "0123456789abcdef01234567", "configInfo": "x", "icon": "y"}"#;
    let nothing = r#"{"exportType": "latest", "exportOptions": {"tasks": []}}"#;
    // Who calls, what, and the first of the faults. A fault stands in all rows before its own, too.
    let table = [
        (&none, "PUT", "bot/{unknown}/export", "{", NO_METHOD),
        (&none, "POST", "bot/{unknown}/export", "{", REFUSED),
        (&text, "POST", "bot/{unknown}/export", "{", NO_TOKEN),
        (&forged, "POST", "bot/{unknown}/export", "{", REFUSED),
        (&unknown, "POST", "bot/{unknown}/export", "{", REFUSED),
        (&elsewhere, "POST", "bot/{own}/export", "{", REFUSED),
        (&elsewhere, "POST", "bot/{unknown}/export", "{", REFUSED),
        (&bound, "POST", "bot/{own}/export", "{", NO_SCOPE),
        (&scopeless, "POST", "bot/{unknown}/export", "{", NO_SCOPE),
        (&admin, "POST", "bot/{unknown}/export", "{", NO_BOT),
        (&builder, "POST", "bot/{unknown}/export", good, REFUSED),
        (&admin, "POST", "bot/{own}/export", "{", BAD_BODY),
        (&admin, "POST", "bot/{own}/export", "", BAD_BODY),
        (&admin, "POST", "bot/{own}/export", "[]", BAD_BODY),
        (&admin, "POST", "bot/{own}/export", r#"{"exportType": "latest",}"#, BAD_BODY),
        (&admin, "POST", "bot/{own}/export", r#"{"exportType": "newest"}"#, BAD_BODY),
        (&admin, "POST", "bot/{own}/export", nothing, NO_PARTS),
        (&builder, "POST", "bot/{own}/export", nothing, NO_PARTS),
        (&builder, "POST", "bot/{own}/import", ids, NO_SCOPE),
        (&builder, "POST", "bot/{own}/publish", "{", NO_SCOPE),
        (&builder, "GET", "bot/{own}/publish/status", "", NO_SCOPE),
        (&admin, "POST", "bot/import", "{}", BAD_BODY),
        (&admin, "POST", "bot/import", r#"{"botDefinition": "x", "configInfo": "y"}"#, BAD_BODY),
        (&admin, "POST", "bot/import", r#"{"uploadMode": "ZIP"}"#, BAD_BODY),
        (&admin, "POST", "bot/import", ids, NO_FILE),
        (&admin, "POST", "bot/{own}/import", r#"{"configInfo": "y"}"#, BAD_BODY),
        (&admin, "POST", "bot/{own}/import", ids, NO_FILE),
        (&admin, "POST", "bot/{own}/import", r#"{"uploadMode": "ZIP", "zipInfo": "x"}"#, NO_FILE),
        (&admin, "POST", "bot/{own}/import/botfunctions", r#"[{"fileName": "a.js", "fileId": "x"}]"#, NO_FILE),
        (&admin, "POST", "bot/{own}/import/botfunctions", "[]", BAD_BODY),
        (&admin, "GET", "bot/import/status/bir-unknown", "", NO_REQUEST),
        (&admin, "GET", "bot/{own}/export/status", "", NO_REQUEST),
        (&admin, "GET", "bot/{own}/export/status?exportId=ber-unknown", "", NO_REQUEST),
        (&admin, "GET", "bot/{own}/publish/status", "", NO_REQUEST),
        (&admin, "PUT", "bot/{own}/publish/status", "", NO_METHOD),
        (&admin, "POST", "bot/{own}/publish", "{}", BAD_BODY),
        (&admin, "POST", "bot/{own}/publish", r#"{"versionComment": " "}"#, BAD_BODY),
        (&admin, "POST", "bot/{unknown}/publish", r#"{"versionComment": "x"}"#, NO_BOT),
        (&admin, "POST", "uploadfile", "{}", BAD_BODY),
    ];
    for (client, method, path, body, (status, message)) in table {
        let path = format!("/api/public/{}", path.replace("{own}", &own).replace("{unknown}", UNKNOWN));
        let request = client.request(method.parse().unwrap(), &path).header("content-type", "application/json");
        let reply = client.send(request.body(body)).await;
        assert_eq!(reply.error(), (status, message.to_owned()), "{method} {path} {body}");
        let code = if status == 401 { 4002 } else { status };
        // What the original does not say stands beside its words: invalid arguments always have their cause.
        let mut answer = reply.value();
        let error = answer["errors"][0].as_object_mut().unwrap();
        let (detail, _) = (error.remove("detail"), error.remove("pointer"));
        let is_told = detail.as_ref().and_then(Value::as_str).is_some_and(|detail| !detail.is_empty());
        assert!(is_told || (status, message) != BAD_BODY, "{method} {path} {body}: {detail:?}");
        assert_eq!(answer, json!({"errors": [{"msg": message, "code": code}]}), "{method} {path} {body}");
    }
    let missing = admin.get("/api/public/nothing/here").await;
    assert_eq!(missing.error(), (404, "Not Found".to_owned()));
    server.finish().await;
}

/// Operations any app may call: those on one request ask for the scope of its kind when they know it.
const NEEDS_NO_SCOPE: [&str; 4] = [
    "post /api/public/uploadfile",
    "get /api/public/requests/{requestId}",
    "delete /api/public/requests/{requestId}",
    "post /api/public/requests/{requestId}/cancel",
];

#[tokio::test]
async fn every_route_checks_method_token_and_scope_in_this_order() {
    let server = TestServer::start().await;
    let bot = server.admin().await.import_sample().await;
    let none = server.anonymous();
    let text = server.client_with_token("JWTToken");
    let scopeless = server.client_with_scopes(AppKind::Admin, &[], &[]).await;
    let document = serde_json::to_value(api::openapi()).unwrap();
    let mut wrong = Vec::new();
    let mut check = |name: &str, what: &str, reply: &Reply, expected: (u16, &str)| {
        let told = reply.value()["errors"][0]["msg"].as_str().unwrap_or_default().to_owned();
        if (reply.status.as_u16(), told.as_str()) != expected {
            wrong.push(format!("{name}, {what}: {} {}", reply.status, reply.text()));
        }
    };
    for (template, operations) in document["paths"].as_object().unwrap() {
        let path = filled(template, &bot);
        for method in ["get", "post", "put", "delete", "patch"] {
            let call = |client: &Client| client.request(method.to_uppercase().parse().unwrap(), &path);
            let name = format!("{method} {template}");
            let Some(operation) = operations.get(method) else {
                check(&name, "wrong method", &none.send(call(&none)).await, NO_METHOD);
                continue;
            };
            let security = operation["security"].as_array().cloned().unwrap_or_default();
            if security.is_empty() {
                continue;
            }
            check(&name, "no token", &none.send(call(&none)).await, REFUSED);
            if security.iter().all(|kind| kind.get("token").is_some()) {
                check(&name, "no JWT", &text.send(call(&text)).await, NO_TOKEN);
                if !NEEDS_NO_SCOPE.contains(&name.as_str()) {
                    // The calls of a BotKit server are open to the app it is registered with, and to no other.
                    let expected = if template.starts_with("/api/botsdk/") { REFUSED } else { NO_SCOPE };
                    check(&name, "no scope", &scopeless.send(call(&scopeless)).await, expected);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    server.finish().await;
}

/// A path with something in every place: the bot where a bot belongs.
fn filled(template: &str, bot: &str) -> String {
    let segments = template.split('/').map(|segment| match segment {
        "{botId}" | "{streamId}" => bot,
        named if named.starts_with('{') => "x",
        plain => plain,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_post_may_stand_for_other_methods() {
    let server = TestServer::start().await;
    let none = server.anonymous();
    let webhook = "/api/public/webhooks/x";
    for (method, named, path, expected) in [
        ("POST", "DELETE", webhook, REFUSED),
        ("POST", "delete", webhook, REFUSED),
        ("POST", "PUT", "/api/public/bot/st-1/setup", REFUSED),
        ("POST", "PATCH", webhook, NO_METHOD),
        ("GET", "DELETE", webhook, NO_METHOD),
    ] {
        let request = none.request(method.parse().unwrap(), path).header("X-HTTP-Method-Override", named);
        let (status, message) = none.send(request).await.error();
        assert_eq!((status, message.as_str()), expected, "{method} as {named}");
    }
    server.finish().await;
}

#[tokio::test]
async fn clients_that_ask_for_it_get_problem_details() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let table = [
        (json!({"botDefinition": "x"}), 412, "/configInfo", "`configInfo` is missing"),
        (json!({"botDefinition": 7}), 412, "/botDefinition", "`botDefinition` must be a text"),
        (json!({"uploadMode": "TAR"}), 412, "/uploadMode", "`uploadMode` is `TAR`: give `JSON` or `ZIP`"),
        (
            json!({"botDefinition": "x", "configInfo": "y", "botFunctions": [1]}),
            412,
            "/botFunctions",
            "`botFunctions` must be a file id or a list of them",
        ),
        (
            json!({"botDefinition": "gone", "configInfo": "y"}),
            400,
            "/botDefinition",
            "there is no file `gone`; upload it first",
        ),
    ];
    for (body, status, pointer, detail) in table {
        let request = admin.request(Method::POST, &format!("/api/public/bot/{bot}/import")).json(&body);
        let reply = admin.send(request.header("accept", "application/problem+json, application/json")).await;
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.value();
        let told = [&problem["status"], &problem["pointer"], &problem["detail"]];
        assert_eq!(told, [&json!(status), &json!(pointer), &json!(detail)], "{body}");
        assert_eq!(problem["type"], "about:blank", "{body}");
    }
    // Only errors are changed.
    let request = admin.request(Method::GET, "/healthz").header("accept", "application/problem+json");
    assert_eq!(admin.send(request).await.json(), json!({"status": "ok"}));
    server.finish().await;
}

#[tokio::test]
async fn universal_bots_that_do_not_fit_are_refused_at_once() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let begin = "The file contains the definition of the Universal Bots built using an older version.";
    let other_kind = "The file contains the definition of a universal bot, and the bot it is imported into is none.";
    // What its links look like tells nothing; the version does. Of the second one they are bots, only not in the place of others.
    for (version, as_new) in [(None, false), (Some(json!(1)), false), (Some(json!(2)), true)] {
        let mut files = BotFiles::sample();
        let mut tree = files.definition_value();
        tree["type"] = json!("universalbot");
        tree["linkedBotsDetails"] = json!([]);
        if let Some(version) = &version {
            tree["universalBotVersion"] = version.clone();
        }
        files.definition = serde_json::to_vec(&tree).unwrap();
        let single = files.upload(&admin).await;
        let zip = json!({"uploadMode": "ZIP", "zipInfo": admin.upload("bot.zip", files.archive()).await});
        for (path, refused) in
            [(format!("/api/public/bot/{bot}/import"), 422), ("/api/public/bot/import".to_owned(), 400)]
        {
            for body in [&single, &zip] {
                let reply = admin.post(&path, body).await;
                if !as_new || refused == 422 {
                    let (status, message) = reply.error();
                    let begin = if as_new { other_kind } else { begin };
                    assert!(status == refused && message.starts_with(begin), "{version:?} {path}: {status} {message}");
                } else {
                    let id = reply.json()["_id"].as_str().unwrap().to_owned();
                    let record = admin.wait(&format!("/api/public/bot/import/status/{id}")).await;
                    assert_eq!(record["status"], "success", "{version:?} {path}: {record}");
                    // Into that one it may go, and what is no universal bot may not.
                    let universal = format!("/api/public/bot/{}/import", record["streamId"].as_str().unwrap());
                    let id = admin.post(&universal, body).await.json()["_id"].as_str().unwrap().to_owned();
                    let record = admin.wait(&format!("/api/public/bot/import/status/{id}")).await;
                    assert_eq!(record["status"], "success", "{record}");
                    let plain = BotFiles::sample().upload(&admin).await;
                    let refused = admin.post(&universal, &plain).await;
                    assert_eq!(refused.value()["errors"][0]["pointer"], "/botDefinition");
                    assert!(refused.error().1.starts_with("The bot is a universal bot"), "{:?}", refused.error());
                }
            }
        }
    }
    server.finish().await;
}
