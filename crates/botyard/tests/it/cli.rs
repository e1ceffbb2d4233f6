//! The command line, as scripts use it: the real program, beside a running server.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::support::TestServer;
use crate::support::program::command;

/// Runs a command to its end.
async fn run(mut command: std::process::Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// The JSON a command prints.
async fn json(server: &TestServer, arguments: &[&str]) -> Value {
    let output = run(server.command(arguments)).await;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The sentence a command fails with.
fn sentence(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{text}");
    assert!(output.stdout.is_empty(), "nothing is printed on the standard output");
    assert_eq!(text.lines().count(), 1, "one sentence: {text}");
    text
}

/// A token of an app as the command line makes it.
async fn token(app: &Value, more: &[&str]) -> String {
    let text = |member: &str| app[member].as_str().unwrap().to_owned();
    let (id, secret) = (text("clientId"), text("clientSecret"));
    let mut arguments = vec!["token", "--client-id", &id, "--client-secret", &secret];
    arguments.extend(more);
    let output = run(command(&arguments)).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// The status of a call that only an app with the scope for export may make.
async fn export_status(server: &TestServer, token: &str, bot: &str) -> u16 {
    server.client_with_token(token).get(&format!("/api/public/bot/{bot}/export/status")).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_are_made_changed_and_deleted_while_the_server_runs() {
    let server = TestServer::start().await;
    let bot = server.admin().await.import_sample().await;

    let admin = json(&server, &["app", "create", "--name", "CI", "--kind", "admin", "--json"]).await;
    assert_eq!(
        (&admin["appName"], &admin["kind"], &admin["algorithm"]),
        (&"CI".into(), &"admin".into(), &"HS256".into())
    );
    let builder =
        ["app", "create", "--name", "B", "--kind", "builder", "--bot", &bot, "--algorithm", "HS512", "--json"];
    let builder = json(&server, &builder).await;
    assert_eq!(builder["bots"], serde_json::json!([bot]));

    // 400 is the answer of a bot that was never exported: the call was let through.
    let first = token(&admin, &[]).await;
    assert_eq!(export_status(&server, &first, &bot).await, 400);
    assert_eq!(export_status(&server, &token(&builder, &["--algorithm", "HS512"]).await, &bot).await, 400);
    assert_eq!(export_status(&server, &token(&builder, &[]).await, &bot).await, 401, "HS256 is not the app's");
    assert_eq!(export_status(&server, &token(&admin, &["--expires", "60", "--subject", "me"]).await, &bot).await, 400);
    assert_eq!(export_status(&server, &token(&admin, &["--expires", "0"]).await, &bot).await, 401);

    let listed = json(&server, &["app", "list", "--json"]).await;
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|app| app["appName"].as_str().unwrap()).collect();
    assert!(names.contains(&"CI") && names.contains(&"B"), "{names:?}");
    assert!(!listed.to_string().contains("clientSecret"));
    let with_secrets = json(&server, &["app", "list", "--secrets", "--json"]).await;
    assert!(with_secrets.to_string().contains(admin["clientSecret"].as_str().unwrap()));

    let id = admin["clientId"].as_str().unwrap();
    let rotated = json(&server, &["app", "rotate", id, "--json"]).await;
    assert_eq!(export_status(&server, &first, &bot).await, 401, "the old secret is refused at once");
    let second = token(&rotated, &[]).await;
    assert_eq!(export_status(&server, &second, &bot).await, 400);

    json(&server, &["app", "scope", id, "--scopes", "bot_publish:publish_status", "--json"]).await;
    let refused = server.client_with_token(&second).get(&format!("/api/public/bot/{bot}/export/status")).await;
    refused.refused(401, "Permission denied. Scope is incorrect!");
    json(&server, &["app", "scope", id, "--scopes", "bot_definition:bot_export", "--json"]).await;
    assert_eq!(export_status(&server, &second, &bot).await, 400);

    let deleted = json(&server, &["app", "delete", id, "--json"]).await;
    assert_eq!(deleted["deleted"], true);
    let refused = server.client_with_token(&second).get(&format!("/api/public/bot/{bot}/export/status")).await;
    refused.refused(401, "Invalid SDK credentials");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_may_demand_token_ids_encryption_and_public_keys() {
    let server = TestServer::start().await;
    let bot = server.admin().await.import_sample().await;
    let create = ["app", "create", "--name", "X", "--kind", "admin", "--json"];

    let once = json(&server, &[&create[..], &["--enforce-jti"]].concat()).await;
    assert_eq!(export_status(&server, &token(&once, &[]).await, &bot).await, 401, "no id");
    let single = token(&once, &["--jti"]).await;
    assert_eq!(export_status(&server, &single, &bot).await, 400);
    assert_eq!(export_status(&server, &single, &bot).await, 401, "the second use");

    let secret = json(&server, &[&create[..], &["--enforce-jwe"]].concat()).await;
    assert!(secret["encryptionPublicKey"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));
    assert_eq!(export_status(&server, &token(&secret, &[]).await, &bot).await, 401, "not encrypted");
    assert_eq!(export_status(&server, &token(&secret, &["--encrypt"]).await, &bot).await, 400);

    let keys = access::generate_rsa_key();
    let (public, private) = (server.path("public.pem"), server.path("private.pem"));
    std::fs::write(&public, &keys.public).unwrap();
    std::fs::write(&private, keys.private.expose()).unwrap();
    let (public, private) = (public.to_str().unwrap(), private.to_str().unwrap());
    let signed = json(&server, &[&create[..], &["--algorithm", "RS256", "--public-key", public]].concat()).await;
    let token = token(&signed, &["--algorithm", "RS256", "--private-key", private]).await;
    assert_eq!(export_status(&server, &token, &bot).await, 400);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_created_with_a_password_from_the_standard_input() {
    let server = TestServer::start().await;
    let mut command =
        server.command(&["user", "create", "--email", "Ann@Example.com", "--owner", "--password-stdin", "--json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&printed["emailId"], &printed["isOwner"]), (&"ann@example.com".into(), &true.into()));

    let account = &server.premises().account.id;
    let user = server.store().user_by_email(account, "ann@example.com").await.unwrap().unwrap();
    let hash = user.password_hash.clone().unwrap();
    assert_eq!((user.id.as_str(), user.is_owner), (printed["userId"].as_str().unwrap(), true));
    assert!(access::password::verify("correct horse", &hash).unwrap());

    let again = run(server.command(&["user", "create", "--email", "ann@example.com"])).await;
    assert!(sentence(&again).contains("ann@example.com exists already"));
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_cannot_succeed_says_why_in_one_sentence() {
    let server = TestServer::start().await;
    let unknown_app = "cs-00000000-0000-5000-8000-000000000000";
    let unknown_bot = "st-00000000-0000-5000-8000-000000000000";
    let table: [(&[&str], &str); 10] = [
        (&["app", "delete", unknown_app], "there is no app cs-00000000"),
        (&["app", "create", "--name", "x", "--kind", "admin", "--scopes", "fly"], "`fly` is not a scope"),
        (
            &["app", "create", "--name", "x", "--kind", "builder", "--scopes", "bot_definition:bot_import"],
            "an app of kind builder cannot hold the scope `bot_definition:bot_import`",
        ),
        (&["app", "create", "--name", "x", "--kind", "builder", "--bot", unknown_bot], "there is no bot st-00000000"),
        (&["app", "create", "--name", "x", "--kind", "admin", "--bot", unknown_bot], "an admin app reaches every bot"),
        (&["app", "create", "--name", "x", "--kind", "admin", "--algorithm", "RS256"], "has no public key"),
        (&["app", "create", "--name", "x", "--kind", "admin", "--public-key", "no-such-file"], "the file no-such-file"),
        (&["user", "create", "--email", "nobody"], "`nobody` is not an e-mail address"),
        (&["serve", "--roles", ""], "`roles` is empty"),
        (&["serve", "--listen", "nowhere"], "the option --listen: `server.listen`"),
    ];
    for (arguments, part) in table {
        let sentence = sentence(&run(server.command(arguments)).await);
        assert!(sentence.contains(part), "{arguments:?}: {sentence}");
    }

    let mut port_in_use = server.command(&["serve"]);
    port_in_use.env("BOTYARD__SERVER__LISTEN", server.url().trim_start_matches("http://"));
    let sentence = sentence(&run(port_in_use).await);
    assert!(sentence.contains("cannot listen on 127.0.0.1") && sentence.contains("--listen"), "{sentence}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_settings_and_the_description_need_no_data() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |arguments: &[&str]| {
        let mut command = command(arguments);
        command.current_dir(folder.path());
        command
    };
    let id = "cs-00000000-0000-5000-8000-000000000000";
    let token = run(in_folder(&["token", "--client-id", id, "--client-secret", "s"])).await;
    assert_eq!(String::from_utf8(token.stdout).unwrap().trim_end().split('.').count(), 3);
    let missing =
        sentence(&run(in_folder(&["token", "--client-id", id, "--client-secret", "s", "--algorithm", "RS256"])).await);
    assert!(missing.contains("--private-key"), "{missing}");

    std::fs::write(folder.path().join("settings.toml"), "data = 'elsewhere'\n[access]\nmaster_key = 'sesame'\n")
        .unwrap();
    let mut command = in_folder(&["config", "--config", "settings.toml"]);
    let printed = run({
        command.env("BOTYARD__LOG__FORMAT", "json");
        command
    })
    .await;
    let printed = String::from_utf8(printed.stdout).unwrap();
    for line in
        ["data = \"elsewhere\"", "master_key = \"(hidden)\"", "format = \"json\"", "listen = \"127.0.0.1:8081\""]
    {
        assert!(printed.contains(line), "no {line} in {printed}");
    }

    let description: Value = serde_json::from_slice(&run(in_folder(&["openapi"])).await.stdout).unwrap();
    assert!(description["paths"]["/api/public/bot/{botId}/export"]["post"].is_object());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["settings.toml"], "nothing was made");
}
