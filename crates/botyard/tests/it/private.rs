//! The private tier, as scripts use it to set a server up.

use access::{Algorithm, App, AppKind, Secret, generate_rsa_key};
use domain::{AppId, BotId};
use reqwest::Method;
use serde_json::{Value, json};
use store::{ChangeFilter, NewUser};

use crate::support::client::{Client, Reply};
use crate::support::{BotFiles, TestServer};

const PASSWORD: &str = "correct horse battery";

/// Somebody who signed in.
struct Person {
    client: Client,
    token: String,
    id: String,
    organization: String,
}

impl Person {
    async fn call(&self, method: Method, path: &str, body: &Value) -> Reply {
        let request = self.client.request(method, path).header("Authorization", format!("bearer {}", self.token));
        let request = if body.is_null() { request } else { request.json(body) };
        self.client.send(request).await
    }

    async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &Value::Null).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call(Method::POST, path, body).await
    }

    async fn put(&self, path: &str, body: &Value) -> Reply {
        self.call(Method::PUT, path, body).await
    }

    async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, &Value::Null).await
    }

    fn admin_apps(&self) -> String {
        format!("/api/1.1/organization/{}/users/{}/sdk/apps", self.organization, self.id)
    }

    fn builder_apps(&self, bot: &str) -> String {
        format!("/api/1.1/users/{}/streams/{bot}/sdk/apps", self.id)
    }

    fn streams(&self) -> String {
        format!("/api/1.1/users/{}/builder/streams", self.id)
    }
}

/// A user with a password. An owner may do everything; others neither build nor create.
async fn add_user(server: &TestServer, email: &str, is_owner: bool) {
    let new = NewUser {
        email: email.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        password_hash: Some(access::password::hash(PASSWORD, server.store().ids())),
        is_owner,
        can_create_bot: is_owner,
        is_developer: is_owner,
        details: json!({}),
    };
    server.store().create_user(&server.premises().account.id, new).await.unwrap();
}

fn credentials(email: &str, password: &str) -> Value {
    json!({"client_id": "1", "client_secret": "1", "scope": "1", "grant_type": "password", "username": email,
        "password": password})
}

async fn sign_in(server: &TestServer, email: &str) -> Person {
    let client = server.anonymous();
    let reply = client.post("/api/1.1/oAuth/token", &credentials(email, PASSWORD)).await.json();
    let text = |pointer: &str| reply.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    assert_eq!(text("/authorization/token_type"), "bearer");
    assert_eq!(text("/authorization/resourceOwnerID"), text("/userInfo/id"));
    assert_eq!(text("/authorization/accountId"), text("/userInfo/accountId"));
    assert_eq!((text("/userInfo/emailId"), text("/userInfo/fName")), (email.to_owned(), "Ada".to_owned()));
    let (token, id) = (text("/authorization/accessToken"), text("/userInfo/id"));
    Person { client, token, id, organization: text("/userInfo/orgID") }
}

async fn owner(server: &TestServer) -> Person {
    add_user(server, "ada@example.com", true).await;
    sign_in(server, "ada@example.com").await
}

/// A client that calls the public API as the app of this record.
fn app_client(server: &TestServer, record: &Value) -> Client {
    let premises = server.premises();
    let app = App {
        client_id: AppId::stored(record["clientId"].as_str().unwrap()),
        account: premises.account.id.clone(),
        owner: premises.owner.id.clone(),
        kind: AppKind::Admin,
        name: String::new(),
        algorithm: record["algorithm"].as_str().unwrap().parse::<Algorithm>().unwrap(),
        secret: Secret::new(record["clientSecret"].as_str().unwrap()),
        public_key: None,
        decryption_key: None,
        bots: Vec::<BotId>::new(),
        grants: Vec::new(),
        jti_enforced: false,
        jwe_enforced: false,
    };
    server.client(&app)
}

#[tokio::test]
async fn a_script_sets_itself_up_and_takes_a_bot_through_its_life() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;

    let made = json!({"appName": "Deploy", "algorithm": "HS512", "bots": [], "scope": []});
    let app = ada.post(&ada.admin_apps(), &made).await.json();
    assert_eq!((&app["appName"], &app["scope"]), (&json!("Deploy"), &json!([])));
    let admin = app_client(&server, &app);
    let path = format!("{}/{}", ada.admin_apps(), app["clientId"].as_str().unwrap());
    admin.get("/api/public/bots").await.refused(401, "Permission denied. Scope is incorrect!");

    let scopes = json!({"scope": [{"scopes": ["bot_definition:bot_import", "bot_publish:publish_request",
        "bot_publish:publish_status", "role_management:role_management", "logs:admin_console_audit_logs"]}]});
    let request = ada.client.request(Method::POST, &path).header("Authorization", format!("Bearer {}", ada.token));
    let request = request.header("x-http-method-override", "put").json(&scopes);
    assert_eq!(ada.client.send(request).await.json()["scope"], scopes["scope"]);

    let bot = admin.import_new(&BotFiles::sample()).await.bot;
    let channel = format!("{}/{bot}/channels/rtm", ada.streams());
    let body = json!({"type": "rtm", "name": "RTM", "app": {"clientId": app["clientId"], "appName": "Deploy"}});
    assert_eq!(ada.post(&channel, &body).await.json()["enable"], true);
    admin.publish(&bot, "first").await;

    let builder = ada.post(&ada.builder_apps(&bot), &json!({"appName": "Reader", "algorithm": "HS256"})).await.json();
    assert_eq!(builder["bots"], json!([bot]));
    let builder_path = format!("{}/{}", ada.builder_apps(&bot), builder["clientId"].as_str().unwrap());
    ada.put(&builder_path, &json!({"scope": [{"bot": bot, "scopes": ["bot_definition:bot_export"]}]})).await.json();
    assert!(!app_client(&server, &builder).export(&bot, "published").await.is_empty());

    for dock in [
        format!("/api/1.1/builder/streams/{bot}/dockStatus"),
        format!("{}/{bot}/dockStatus", ada.streams()),
        format!("/api/organization/{}/dockStatus", ada.organization),
    ] {
        let dock = ada.get(&dock).await.json();
        let seen: Vec<[&str; 4]> = dock["dockStatuses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| ["jobType", "action", "status", "streamId"].map(|key| one[key].as_str().unwrap()))
            .collect();
        let expected = [("BOT_EXPORT", "EXPORT"), ("PUBLISH_BOT", "RUN"), ("BOT_IMPORT", "IMPORT")];
        assert_eq!(seen, expected.map(|(job, action)| [job, action, "SUCCESS", bot.as_str()]));
        assert_eq!(dock["dockStatuses"][0]["percentageComplete"], 100);
    }
    let tasks = format!("/api/1.1/organization/{}/workflows/updateTaskStatus", ada.organization);
    let dialogs = ada.get(&format!("/api/1.1/builder/streams/{bot}/dialogs")).await.json();
    let approved = ada.put(&tasks, &json!({"tasks": [{"_id": dialogs[0]["_id"], "status": "approved"}]})).await.json();
    assert_eq!(approved["approved"][0]["resourceId"], dialogs[0]["_id"]);
    assert_eq!(approved["approved"].as_array().unwrap().len(), 1);
    let all = ada.post(&tasks, &json!({"streamId": bot})).await.json();
    assert!(all["approved"].as_array().unwrap().len() >= dialogs.as_array().unwrap().len());

    let secret = ada.put(&format!("{path}/secret"), &json!({})).await.json();
    admin.get("/api/public/bots").await.refused(401, "Invalid SDK credentials");
    let rotated = app_client(&server, &secret);
    assert_eq!(rotated.get("/api/public/bots").await.json()["bots"][0]["_id"], json!(bot));
    ada.delete(&path).await.json();
    rotated.get("/api/public/bots").await.refused(401, "Invalid SDK credentials");
    ada.get(&path).await.refused(404, "App not found");
    assert_eq!(ada.get(&ada.admin_apps()).await.json(), json!([]));

    let filter = ChangeFilter { limit: 100, ..ChangeFilter::default() };
    let changes = server.store().changes(&BotId::stored(bot.clone()), &filter).await.unwrap();
    let changes: Vec<&str> = changes.iter().map(|change| change.resource_type.as_str()).collect();
    assert_eq!(changes.iter().filter(|kind| **kind == "app").count(), 2, "{changes:?}");
    ada.delete(&format!("{}/{bot}", ada.streams())).await.json();
    let audit = server.store().audit_log(&server.premises().account.id, &filter).await.unwrap().items;
    for done in [
        "Signed in",
        "Created the app Deploy",
        "Changed the app Reader",
        "Gave a new secret to the app Deploy",
        "Deleted the app Deploy",
        "Deleted the bot",
    ] {
        let by_ada = audit.iter().any(|entry| entry.description.starts_with(done) && entry.actor == "ada@example.com");
        assert!(by_ada, "{done} is not in {audit:?}");
    }
    ada.get(&ada.builder_apps(&bot)).await.refused(400, "Invalid StreamId");
    app_client(&server, &builder).get(&format!("/api/public/bot/{bot}")).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}

#[tokio::test]
async fn signing_in_is_strict_and_slow_for_guessers() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let client = server.anonymous();
    let mut app = server.app(AppKind::Admin, &[]).await;
    let with_client = |secret: &str| {
        let mut body = credentials("ada@example.com", PASSWORD);
        body["client_id"] = json!(app.client_id);
        body["client_secret"] = json!(secret);
        body
    };
    let without = |name: &str| {
        let mut body = credentials("ada@example.com", PASSWORD);
        body.as_object_mut().unwrap().remove(name);
        body
    };
    let long = "x".repeat(5000);
    let table = [
        (credentials("ADA@Example.com", PASSWORD), 200),
        (without("client_id"), 200),
        (without("grant_type"), 200),
        (with_client(app.secret.expose()), 200),
        (with_client("wrong"), 401),
        (credentials("ada@example.com", "wrong"), 401),
        (credentials("ada@example.com", &long), 401),
        (credentials("nobody@example.com", PASSWORD), 401),
        (credentials("owner@localhost", ""), 412),
        (without("username"), 412),
        (json!({"grant_type": "client_credentials", "username": "a", "password": "b"}), 412),
        (json!([1]), 412),
    ];
    for (body, status) in &table {
        let reply = client.post("/api/oauth/token", body).await;
        assert_eq!(reply.status.as_u16(), *status, "{body}");
        assert!(*status == 200 || reply.value()["errors"][0]["msg"].is_string(), "{body}");
    }
    let form = client.request(Method::POST, "/api/1.1/oauth/token/");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let form = form.body("grant_type=password&username=ada%40example.com&password=correct+horse+battery");
    assert_eq!(client.send(form).await.json()["userInfo"]["id"], json!(ada.id));

    for _ in 0..10 {
        let reply = client.post("/api/oauth/token", &credentials("eve@example.com", "guess")).await;
        assert_eq!(reply.status.as_u16(), 401);
    }
    let reply = client.post("/api/oauth/token", &credentials("eve@example.com", "guess")).await;
    assert_eq!(reply.status.as_u16(), 429);
    assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|pause| pause <= 60));
    client.post("/api/oauth/token", &credentials("ada@example.com", PASSWORD)).await.json();

    for token in ["", "bearer", "bearer x", "Basic eDp5"] {
        let request = client.request(Method::GET, &ada.streams()).header("Authorization", token);
        client.send(request).await.refused(401, "Invalid SDK credentials");
    }

    let own = ada.post("/api/users/sts", &Value::Null).await.json();
    let claims = access::client_id_of(own["jwt"].as_str().unwrap()).unwrap();
    let again = ada.post("/api/users/sts", &json!({})).await.json();
    assert_eq!(access::client_id_of(again["jwt"].as_str().unwrap()).unwrap(), claims, "one app signs for all");
    let asked = json!({"clientId": app.client_id, "clientSecret": app.secret.expose(), "identity": "me", "aud": "",
        "isAnonymous": false});
    let jwt = client.post("/api/users/sts", &asked).await.json()["jwt"].as_str().unwrap().to_owned();
    server.client_with_token(&jwt).get("/api/public/bots").await.json();
    app.secret = Secret::new("another");
    let asked = json!({"clientId": app.client_id, "clientSecret": app.secret.expose()});
    client.post("/api/users/sts", &asked).await.refused(401, "Invalid SDK credentials");
    client.post("/api/users/sts", &json!({})).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}

#[tokio::test]
async fn apps_say_what_is_wrong_with_them() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let bot = ada.post(&ada.streams(), &json!({"name": "Greeter"})).await.json()["_id"].as_str().unwrap().to_owned();
    let rsa = generate_rsa_key();
    let (admin, builder) = (ada.admin_apps(), ada.builder_apps(&bot));
    let table = [
        (&admin, json!({}), 412, "/appName", "missing"),
        (&admin, json!({"appName": "A", "algorithm": "HS1"}), 412, "/algorithm", "HS512"),
        (&admin, json!({"appName": "A", "algorithm": "RS256"}), 412, "/publicKey", "no public key"),
        (&admin, json!({"appName": "A", "algorithm": "ES256", "publicKey": rsa.public}), 412, "/publicKey", "P-256"),
        (
            &admin,
            json!({"appName": "A", "scope": [{"scopes": ["bot:fly"]}]}),
            412,
            "/scope/0/scopes/0",
            "bot_definition:bot_import",
        ),
        (&builder, json!({"appName": "A", "scope": ["bot:fly"]}), 412, "/scope/0", "bot_variables:export"),
        (&builder, json!({"appName": "A", "scope": [7]}), 412, "/scope/0", "scopes"),
        (&builder, json!({"appName": "A", "isJtiEnforced": "maybe"}), 412, "/isJtiEnforced", "true or false"),
        (&admin, json!({"appName": "A", "bots": ["st-unknown"]}), 400, "/bots", "st-unknown"),
        (&admin, json!({"appName": "A", "bots": 7}), 412, "/bots", "list"),
    ];
    for (path, body, status, pointer, word) in &table {
        let request = ada.client.request(Method::POST, path).header("Accept", "application/problem+json");
        let request = request.header("Authorization", format!("bearer {}", ada.token)).json(body);
        let problem = ada.client.send(request).await;
        assert_eq!(problem.status.as_u16(), *status, "{body}");
        let problem = problem.value();
        assert_eq!(problem["pointer"], *pointer, "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{body}: {problem}");
    }
    assert_eq!(ada.get(&builder).await.json(), json!([]));

    let body = json!({"appName": "R", "algorithm": "rs256", "publicKey": rsa.public, "bots": ["all", bot], "isJweEnforced": true,
        "isJtiEnforced": "true", "scope": ["anonymouschat", "registration"], "pushNotifications": {"enable": false}});
    let app = ada.post(&admin, &body).await.json();
    assert!(app["encryptionPublicKey"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));
    assert_eq!(app["scope"], json!([{"scopes": ["anonymouschat", "registration"]}]));
    assert_eq!((&app["algorithm"], &app["bots"]), (&json!("RS256"), &json!([bot])));
    assert_eq!((&app["isJtiEnforced"], &app["isJweEnforced"]), (&json!(true), &json!(true)));
    let listed = ada.get(&admin).await.json();
    assert_eq!((&listed[0]["clientId"], &listed[0]["clientSecret"]), (&app["clientId"], &Value::Null));
    let path = format!("{admin}/{}", app["clientId"].as_str().unwrap());
    assert_eq!(ada.get(&path).await.json()["clientSecret"], app["clientSecret"]);
    ada.get(&format!("{builder}/{}", app["clientId"].as_str().unwrap())).await.refused(404, "App not found");
    ada.get(&format!("{admin}/cs-unknown")).await.refused(404, "App not found");

    let body =
        json!({"appName": "B", "scope": [{"scopes": ["bot_definition:bot_export", "bot_definition:bot_import"]}]});
    let app = ada.post(&builder, &body).await.json();
    assert!(app["warnings"][0].as_str().unwrap().contains("bot_definition:bot_import"), "{app}");
    let enforced = ada
        .put(&format!("{builder}/{}", app["clientId"].as_str().unwrap()), &json!({"isJtiEnforced": true}))
        .await
        .json();
    assert_eq!((&enforced["scope"], &enforced["appName"]), (&app["scope"], &json!("B")));
    let client = app_client(&server, &enforced);
    client.get(&format!("/api/public/bot/{bot}/export/status")).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}

#[tokio::test]
async fn a_bot_made_here_is_a_whole_one() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let admin = server.admin().await;
    for body in [
        json!({}),
        json!({"name": " "}),
        json!({"name": "A", "type": "robot"}),
        json!({"name": "A", "color": "red"}),
        json!({"name": "A", "defaultLanguage": "<en>"}),
        json!({"name": "n".repeat(300)}),
    ] {
        assert_eq!(ada.post(&ada.streams(), &body).await.status.as_u16(), 412, "{body}");
    }
    let body = json!({"name": "Grüßer 🙂", "description": "Says hello", "defaultLanguage": "de", "color": "#123456",
        "purpose": "employee"});
    let made = ada.post(&ada.streams(), &body).await.json();
    let bot = made["_id"].as_str().unwrap();
    for key in ["name", "description", "defaultLanguage", "color", "purpose"] {
        assert_eq!(made[key], body[key], "{key}");
    }
    assert_eq!(made["localeData"]["de"]["name"], body["name"]);
    assert_eq!(ada.get(&ada.streams()).await.json()[0]["_id"], made["_id"]);

    // It exports, the export imports as a new bot, and that one publishes.
    let archive = admin.export(bot, "latest").await;
    let zip = admin.upload("bot.zip", archive.to_vec()).await;
    let started = admin.post("/api/public/bot/import", &json!({"uploadMode": "ZIP", "zipInfo": zip})).await.json();
    let import = admin.wait(&format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap())).await;
    assert_eq!((&import["status"], &import["warnings"]), (&json!("success"), &json!([])), "{import}");
    let copy = import["streamId"].as_str().unwrap().to_owned();
    admin.publish(&copy, "first").await;
    admin.publish(bot, "first").await;

    // A whole record may be sent back with one thing changed; the documents change with it.
    for id in [bot, copy.as_str()] {
        let path = format!("{}/{id}", ada.streams());
        let mut record = ada.get(&path).await.json();
        record["name"] = json!("Renamed");
        record["sessionInactiveTime"] = json!(60_000);
        let updated = ada.put(&path, &record).await.json();
        assert_eq!((&updated["name"], &updated["localeData"]["de"]["name"]), (&json!("Renamed"), &json!("Renamed")));
        assert_eq!(updated["sessionInactiveTime"], 60_000);
        assert_eq!(updated["_id"], json!(id));
        ada.put(&path, &json!({"_id": "st-other"})).await.refused(412, "Validation errors/ Invalid arguments");
        ada.put(&path, &json!({"sessionInactiveTime": "soon"}))
            .await
            .refused(412, "Validation errors/ Invalid arguments");
    }
    let listed = admin.get("/api/public/bots").await.json();
    let names: Vec<&Value> = listed["bots"].as_array().unwrap().iter().map(|bot| &bot["name"]).collect();
    assert_eq!(names, ["Renamed", "Renamed"]);
    let shown = ada.post("/api/1.1/market/streams", &json!({"_id": bot, "color": "#654321"})).await.json();
    assert_eq!((&shown["color"], &shown["name"]), (&json!("#654321"), &json!("Renamed")));
    let other = ada.post("/api/market/streams", &json!({"name": "Other"})).await.json();
    assert_eq!(ada.get(&ada.streams()).await.json().as_array().unwrap().len(), 3);
    ada.delete(&format!("{}/{}", ada.streams(), other["_id"].as_str().unwrap())).await.json();
    ada.get(&format!("{}/{}", ada.streams(), other["_id"].as_str().unwrap())).await.refused(400, "Invalid StreamId");
    ada.post("/api/market/streams", &json!({"_id": other["_id"], "name": "Gone"}))
        .await
        .refused(400, "Invalid StreamId");
    server.finish().await;
}

#[tokio::test]
async fn parts_of_a_bot_are_read_and_written() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let part = |name: &str| format!("/api/1.1/builder/stream/{bot}/{name}");
    let definition = BotFiles::sample().definition_value();
    for (name, member) in [("components", "dialogComponents"), ("dialogs", "dialogs")] {
        let mut read = ada.get(&part(name)).await.json();
        assert_eq!(read.as_array().unwrap().len(), definition[member].as_array().unwrap().len());
        assert_eq!((&read[0]["streamId"], &read[0]["_id"]), (&json!(bot), &definition[member][0]["_id"]));
        read[0]["lname"] = json!("renamed");
        let written = ada.put(&part(name), &json!([read[0]])).await.json();
        assert_eq!(written, read, "{name}");
        read[0]["_id"] = json!("dg-unknown");
        ada.put(&part(name), &read[0]).await.refused(412, "Validation errors/ Invalid arguments");
    }
    let setting = json!({"configurationKeyName": "exactTaskNameMatch", "configurationValue": true, "nlpEngine": "FM"});
    let before = ada.get(&part("advancedNLSettings")).await.json().as_array().unwrap().len();
    ada.put(&part("advancedNLSettings"), &json!({"advancedNLSettings": [setting]})).await.json();
    let after = ada.put(&part("advancedNLSettings"), &setting).await.json();
    let named = after.as_array().unwrap().iter().filter(|one| one["configurationKeyName"] == "exactTaskNameMatch");
    assert_eq!(named.map(|one| &one["configurationValue"]).collect::<Vec<_>>(), [&json!(true)]);
    assert!(after.as_array().unwrap().len() <= before + 1);
    let german = ada.get(&format!("{}?language=de", part("advancedNLSettings"))).await.json();
    assert!(german.as_array().unwrap().iter().all(|one| one["language"] == "de"));

    let written = ada.put(&part("details"), &json!({"description": "New words", "dialogs": []})).await.json();
    assert_eq!((&written["description"], &written["ignored"]), (&json!("New words"), &json!(["dialogs"])));
    assert_eq!(ada.get(&part("details")).await.json()["description"], "New words");
    ada.put(&part("details"), &json!({"supportedLanguages": [1]}))
        .await
        .refused(412, "Validation errors/ Invalid arguments");
    admin.publish(&bot, "changed by hand").await;

    let variables = format!("{}/{bot}/variables", ada.streams());
    let read = ada.post(&variables, &json!({"key": "api_token", "value": "s3cret", "isSecured": true})).await.json();
    let one = read.as_array().unwrap().iter().find(|one| one["key"] == "api_token").unwrap();
    assert_eq!((&one["value"], &one["isSecured"], &one["streamId"]), (&json!(""), &json!(true), &json!(bot)));
    assert_eq!(ada.get(&variables).await.json(), read);
    for body in [json!({}), json!([{"value": "x"}]), json!("x")] {
        ada.post(&variables, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    let stored = server.store().secured_values(&BotId::stored(bot.clone())).await.unwrap();
    assert!(stored.iter().any(|(name, sealed)| name == "api_token" && !sealed.contains("s3cret")));

    let channels = format!("{}/{bot}/channels", ada.streams());
    ada.post(&format!("{channels}/ivr"), &json!({"enable": false, "isAsync": true})).await.json();
    let listed = ada.get(&channels).await.json();
    assert_eq!(
        (&listed[0]["type"], &listed[0]["enable"], &listed[0]["isAsync"]),
        (&json!("ivr"), &json!(false), &json!(true))
    );
    ada.post(&format!("{channels}/a%20b"), &json!({})).await.refused(412, "Validation errors/ Invalid arguments");
    ada.delete(&format!("{}/{bot}/channel/ivr", ada.streams())).await.json();
    ada.delete(&format!("{channels}/ivr")).await.refused(404, "Channel not found");
    server.finish().await;
}

#[tokio::test]
async fn nobody_reaches_what_is_not_theirs() {
    let server = TestServer::start_with(|setup| {
        let config = serde_json::from_value(json!({"internal_api_key": "0123456789abcdef"})).unwrap();
        setup.config.api = config;
    })
    .await;
    let ada = owner(&server).await;
    add_user(&server, "bob@example.com", false).await;
    let bob = sign_in(&server, "bob@example.com").await;
    let bot = ada.post(&ada.streams(), &json!({"name": "Hers"})).await.json()["_id"].as_str().unwrap().to_owned();
    let table = [
        (Method::GET, ada.streams(), 403),
        (Method::POST, bob.streams(), 403),
        (Method::POST, "/api/market/streams".to_owned(), 403),
        (Method::GET, format!("{}/{bot}", bob.streams()), 403),
        (Method::PUT, format!("{}/{bot}", bob.streams()), 403),
        (Method::DELETE, format!("{}/{bot}", bob.streams()), 403),
        (Method::GET, format!("{}/st-unknown", bob.streams()), 400),
        (Method::GET, bob.admin_apps(), 403),
        (Method::POST, bob.admin_apps(), 403),
        (Method::POST, ada.admin_apps(), 403),
        (Method::GET, bob.builder_apps(&bot), 403),
        (Method::POST, bob.builder_apps(&bot), 403),
        (Method::GET, format!("/api/builder/streams/{bot}/components"), 403),
        (Method::PUT, format!("/api/builder/streams/{bot}/details"), 403),
        (Method::GET, format!("/api/builder/streams/{bot}/dockStatus"), 403),
        (Method::GET, format!("/api/organization/{}/dockStatus", bob.organization), 403),
        (Method::GET, "/api/organization/o-other/dockStatus".to_owned(), 403),
        (Method::POST, format!("{}/{bot}/variables", bob.streams()), 403),
        (Method::POST, format!("{}/{bot}/channels/rtm", bob.streams()), 403),
        (Method::POST, "/api/users/sts".to_owned(), 403),
        (Method::PATCH, bob.streams(), 405),
    ];
    for (method, path, status) in table {
        let reply = bob.call(method.clone(), &path, &json!({"name": "x", "appName": "x"})).await;
        assert_eq!(reply.status.as_u16(), status, "{method} {path}: {}", reply.text());
        let unknown = server.anonymous().send(server.anonymous().request(method, &path).json(&json!({}))).await;
        assert_eq!(unknown.status.as_u16(), if status == 405 { 405 } else { 401 }, "{path}");
    }
    assert_eq!(bob.get(&bob.streams()).await.json(), json!([]));
    // An owner acts for others, and what is made is theirs.
    let made = ada.post(&bob.streams(), &json!({"name": "His"})).await.json();
    assert_eq!(made["createdBy"], json!(bob.id));
    assert_eq!(bob.get(&bob.streams()).await.json()[0]["_id"], made["_id"]);
    let tasks = format!("/api/organization/{}/workflows/updateTaskStatus", bob.organization);
    assert_eq!(bob.put(&tasks, &json!({"streamId": bot})).await.json()["approved"], json!([]));

    let internal = |path: &'static str, key: &'static str| {
        let client = server.anonymous();
        let request = client.request(Method::POST, path).header("apikey", key).json(&json!({"name": "Suite"}));
        async move { client.send(request).await }
    };
    internal("/api/internal/account", "wrong").await.refused(401, "Invalid SDK credentials");
    let account = internal("/api/internal/account", "0123456789abcdef").await.json();
    let app = internal("/api/internal/clientapp", "0123456789abcdef").await.json();
    assert_eq!((&app["name"], &app["accountId"]), (&json!("Suite"), &account["accountId"]));
    let record = json!({"clientId": app["cId"], "clientSecret": app["cS"], "algorithm": "HS256"});
    app_client(&server, &record).get("/api/public/bots").await.json();
    assert!(!format!("{:?} {}", server.config().api, json!(server.config().api)).contains("0123456789abcdef"));
    server.finish().await;

    let closed = TestServer::start().await;
    let path = "/api/internal/account";
    let request = closed.anonymous().request(Method::POST, path).header("apikey", "0123456789abcdef");
    closed.anonymous().send(request).await.refused(404, "Not Found");
    closed.finish().await;
}
