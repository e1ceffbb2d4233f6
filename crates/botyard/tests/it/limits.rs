//! Everything that can grow has a limit: refused at the door with what and how much, or ended by the failure text; and
//! whatever came before, the next message is answered. (docs/limits.md.)

use botyard::Config;
use http::StatusCode;
use serde_json::{Value, json};

use crate::conversing::steps;
use crate::support::bots::corpus_names;
use crate::support::talk::{bubbles, message};
use crate::support::{BotFiles, Stub, TestServer};

/// A bot that answers.
fn simple() -> Value {
    json!({"name": "Echo", "dialogs": [{"name": "Stay Well", "nodes": [{"id": "Well", "message": "well"}]}]})
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn a_message_that_is_too_large_is_refused_with_what_and_how_much() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&simple()).await;
    let long = |bytes: usize| "x".repeat(bytes);
    let tags =
        |count: usize, value: &str| json!({"messageLevelTags": vec![json!({"name": "t", "value": value}); count]});
    // A pointer into the message, what stands there, and what the refusal says; nothing where it is allowed.
    let table = [
        (
            "/message/val",
            json!("stay well ".repeat(7_000)),
            Some("`message.val` has 70000 bytes, at most 65536 are allowed"),
        ),
        ("/customData", json!({"a": long(131_100)}), Some("`customData` has 131108 bytes, at most 131072 are allowed")),
        ("/customData", json!({"a": long(131_000)}), None),
        ("/customData", nested(64), Some("the body has 65 levels, at most 64 are allowed")),
        ("/customData", nested(60), None),
        (
            "/from/userInfo",
            json!({"a": long(66_000)}),
            Some("`from.userInfo` has 66008 bytes, at most 65536 are allowed"),
        ),
        ("/metaInfo", json!({"a": long(66_000)}), Some("`metaInfo` has 66008 bytes, at most 65536 are allowed")),
        (
            "/message/attachments",
            json!(vec![json!({"fileId": "f"}); 21]),
            Some("`message.attachments` has 21 files, at most 20 are allowed"),
        ),
        ("/metaTags", tags(51, "v"), Some("`metaTags.messageLevelTags` has 51 tags, at most 50 are allowed")),
        (
            "/metaTags",
            tags(1, &long(2_049)),
            Some("`metaTags.messageLevelTags` has 2049 bytes, at most 2048 are allowed"),
        ),
        ("/other", json!(long(530_000)), Some("the message has 530111 bytes, at most 524288 are allowed")),
    ];
    for (at, (place, value, refusal)) in table.into_iter().enumerate() {
        let user = format!("user-{at}");
        let mut body = message(&user, "stay well");
        body["message"]["attachments"] = json!([]);
        body["from"]["userInfo"] = json!({});
        match place.rsplit_once('/') {
            Some((above, name)) => body.pointer_mut(above).unwrap()[name] = value,
            None => unreachable!("a pointer has a slash"),
        }
        let reply = admin.post_to(&bot, &body).await;
        match refusal {
            Some(words) => {
                assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{place}: {}", reply.text());
                assert_eq!(reply.value()["errors"][0]["msg"], words, "{place}");
            }
            None => assert_eq!(bubbles(&reply.json()), ["well"], "{place}"),
        }
        assert_eq!(admin.say(&bot, &user, "stay well").await, ["well"], "after {place}");
    }
    // What has its own words in the original keeps them.
    let mistyped = "Looks like you have mistyped a really long word. Please check if you have missed a space or spelled a word \
        incorrectly.";
    for text in [long(1_201), "a ".repeat(6_001), long(65_000)] {
        assert_eq!(admin.say(&bot, "typist", &text).await, [mistyped]);
    }
    // However deep a body nests, it is a fault of the one who sends it, wherever it is sent.
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for path in [
        format!("/chatbot/v2/webhook/{bot}"),
        format!("/api/rest/bot/{bot}/findIntent"),
        "/api/public/channels".to_owned(),
    ] {
        let request =
            admin.request(http::Method::POST, &path).header("content-type", "application/json").body(deep.clone());
        let reply = admin.send(request).await;
        assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
        assert!(reply.text().contains("100000 levels, at most 64"), "{path}: {}", reply.text());
    }
    server.finish().await;
}

#[tokio::test]
async fn names_addresses_variables_and_uploads_are_bounded() {
    let server = TestServer::start_with(|setup| {
        let limits = &mut setup.config.limits;
        (limits.uploads, limits.upload_bytes, limits.variables) = (10, 1_000_000, 2);
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&simple()).await;
    let long = "x".repeat(2_000);
    let variables = |count: usize, value: &str| json!(vec![json!({"key": "a", "value": value}); count]);
    let table = [
        (
            "/api/public/webhooks".to_owned(),
            json!({"url": format!("https://h.example/{long}{long}")}),
            "`url` has 4018 bytes, at most 2048 are allowed",
        ),
        (
            format!("/api/public/builder/bot/{bot}/variables/import"),
            variables(3, "v"),
            "`botVariables` has 3 variables, at most 2 are allowed",
        ),
        (
            format!("/api/public/builder/bot/{bot}/variables/import"),
            variables(1, &"x".repeat(1 << 20)),
            "`a` has 1048578 bytes, at most 1048576 are allowed",
        ),
    ];
    let builder = server.builder(&[&bot]).await;
    for (path, body, words) in table {
        let client = if path.contains("/builder/") { &builder } else { &admin };
        let reply = client.post(&path, &body).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}: {}", reply.text());
        assert_eq!(reply.value()["errors"][0]["msg"], words, "{path}");
    }
    // The files of the bot count, too.
    let account = &server.premises().account.id;
    let (files, bytes) = server.store().uploads_of(account).await.unwrap();
    let left = 1_000_000 - bytes;
    let reply = admin.try_upload("large.bin", vec![1; usize::try_from(left).unwrap() + 1]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", reply.text());
    let words = format!("The file is larger than the {left} bytes that the account may still upload");
    assert!(reply.text().contains(&words), "{}", reply.text());
    admin.upload("fits.bin", vec![1; usize::try_from(left).unwrap()]).await;
    for _ in files + 1..10 {
        admin.upload("empty.bin", vec![]).await;
    }
    let reply = admin.try_upload("more.bin", vec![]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("The account has 10 uploaded files, at most 10 are kept"), "{}", reply.text());
    server.finish().await;
}

#[tokio::test]
async fn a_turn_that_comes_to_too_much_fails_and_the_conversation_goes_on() {
    let make = "context.big = 'x'.repeat(100000);";
    let many = |times: usize| "{{context.big}}".repeat(times);
    let doubled: Vec<Value> =
        (0..40).map(|_| json!({"path": "context.a", "value": "{{context.a}}{{context.a}}x"})).collect();
    let bubbles_of = |count: usize| -> Vec<Value> {
        (0..count).map(|at| json!({"id": format!("Say{at}"), "message": format!("said {at}")})).collect()
    };
    let nest = "var d = context; for (var i = 0; i < 95; i++) { d.in = {}; d = d.in; }";
    // What the nodes do, what is said before the failure, and a part of what the log tells.
    let said: Vec<String> = (0..20).map(|at| format!("said {at}")).collect();
    let table: Vec<(&str, Vec<Value>, Vec<String>, &str)> = vec![
        (
            "Fill Paths",
            vec![json!({"id": "A", "script": make}), json!({"id": "B", "message": many(870)})],
            vec![],
            "more than 1048576 bytes",
        ),
        (
            "Fill Expressions",
            vec![
                json!({"id": "A", "script": make}),
                json!({"id": "B", "message": format!("{{{{context.big + ''}}}}{}", many(870))}),
            ],
            vec![],
            "a text is too large",
        ),
        (
            "Fill Scripts",
            vec![json!({"id": "A", "script": make}), json!({"id": "B", "script": format!("var s = '{}';", many(870))})],
            vec![],
            "a text is too large",
        ),
        (
            "Fill Services",
            vec![
                json!({"id": "A", "script": make}),
                json!({"id": "B", "service": {"url": "{service}/plain", "method": "post", "body": many(870)}}),
            ],
            vec![],
            "more than 1048576 bytes",
        ),
        (
            "Double Values",
            vec![json!({"id": "A", "component": {"assignments": doubled}})],
            vec![],
            "more than 1048576 bytes",
        ),
        (
            "Print Much",
            vec![json!({"id": "A", "message": {"js": "print('x'.repeat(1100000));"}})],
            vec![],
            "what it printed is too large",
        ),
        ("Say Much", bubbles_of(25), said, "the turn has 21 bubbles, at most 20 are allowed"),
        ("Nest Much", vec![json!({"id": "A", "script": nest})], vec![], "levels deep"),
        (
            "Write Store",
            vec![json!({"id": "A", "script": "context.session.UserSession.k = 'x'.repeat(1100000);"})],
            vec![],
            "the store UserSession grew to",
        ),
        (
            "Ask Deep",
            vec![json!({"id": "A", "service": {"url": "{service}/deep"}})],
            vec![],
            "has 70 levels, at most 64 are allowed",
        ),
        (
            "Ask Large",
            vec![json!({"id": "A", "service": {"url": "{service}/large"}})],
            vec![],
            "bytes, at most 1048576 are allowed",
        ),
        (
            "Ask Xml",
            vec![json!({"id": "A", "service": {"url": "{service}/xml"}})],
            vec![],
            "levels, at most 64 are allowed",
        ),
        (
            "Ask Often",
            vec![
                json!({"id": "A", "service": {"url": "{service}/some"}}),
                json!({"id": "B", "script": "delete context.A;"}),
                json!({"id": "C", "service": {"url": "{service}/some"}}),
                json!({"id": "D", "script": "delete context.C;"}),
                json!({"id": "E", "service": {"url": "{service}/some"}}),
            ],
            vec![],
            "bytes, at most 2100000 are allowed",
        ),
        (
            "Put Rows",
            vec![
                json!({"id": "A", "script": make}),
                json!({"id": "B", "table": {"name": "T", "method": "insert", "data": {"a": "{{context.big}}"}}}),
            ],
            vec![],
            "a row of a data table has 100008 bytes, at most 65536 are allowed",
        ),
    ];
    let stub = Stub::start(|asked| {
        let json = |text: String| (200, "application/json", text);
        match asked.path.as_str() {
            "/deep" => json(nested(70).to_string()),
            "/large" => json(json!("x".repeat(2_000_000)).to_string()),
            "/some" => json(json!("x".repeat(900_000)).to_string()),
            "/xml" => (200, "application/xml", format!("{}{}", "<a>".repeat(90), "</a>".repeat(90))),
            _ => json("{}".to_owned()),
        }
    })
    .await;
    let mut dialogs: Vec<Value> = table.iter().map(|(name, nodes, ..)| json!({"name": name, "nodes": nodes})).collect();
    dialogs.push(
        json!({"name": "Stay Well", "nodes": [{"id": "Well", "message": {"js": "print('well ' + [1, 2].join());"}}]}),
    );
    let description =
        json!({"name": "Target", "dialogs": dialogs, "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}}});
    let description: Value = serde_json::from_str(&description.to_string().replace("{service}", &stub.url)).unwrap();
    let server = TestServer::start_with(|setup| {
        (setup.config.limits.turn_bubbles, setup.config.limits.turn_journal_bytes) = (20, 2_100_000);
        setup.config.conversation.services.egress.allow = vec![stub.place()];
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description).await;
    for (name, _, mut said, told) in table {
        let user = name.replace(' ', "-");
        said.push("It broke.".to_owned());
        assert_eq!(
            admin.say(&bot, &user, name).await,
            said,
            "{name}: {:?}",
            steps(&server, &bot, &user, "error").await
        );
        assert_eq!(admin.say(&bot, &user, "stay well").await, ["well 1,2"], "after {name}");
        let errors = steps(&server, &bot, &user, "error").await;
        assert_eq!(errors.len(), 1, "{name}: {errors:?}");
        let text = errors[0]["detail"]["message"].as_str().unwrap();
        assert!(text.contains(told), "{name}: {text}");
    }
    server.finish().await;
}

#[tokio::test]
async fn a_full_store_refuses_a_put_and_nothing_else() {
    let fill = "try { for (var i = 0; i < 30; i++) BotContext.put('k' + i, 'x'.repeat(50000)); } \
        catch (error) { print(error.message); } print(' kept ' + Object.keys(context.session.BotContext).length);";
    let count = "print(Object.keys(context.session.BotContext).length + ' ' + BotContext.get('k0').length);";
    // 1,024 KB in all, as the original allows, beside a full store.
    let grow = "context.big = ''; context.big = 'x'.repeat(1024 * 1024 - JSON.stringify(context).length \
        + JSON.stringify(context.session).length + 11);";
    let script = |name: &str, script: &str| json!({"name": name, "nodes": [{"id": "A", "message": {"js": script}}]});
    let description = json!({"name": "Keeper", "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}}, "dialogs": [
        script("Fill Store", fill), script("Count Keys", count), script("Drop Keys", "BotContext.delete('k0'); BotContext.put('new', 'x'); print('done');"),
        {"name": "Grow Context", "nodes": [{"id": "A", "script": grow}, {"id": "B", "message": {"js": "print(context.big.length > 1000000);"}},
            {"id": "C", "entity": "label", "prompt": "More?"}, {"id": "D", "message": {"js": "print(context.big.length > 1000000);"}}]}]});
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description).await;
    let full = "the store BotContext is full: with the value of k20 it would have 1050181 bytes, at most 1048576 are allowed; delete \
        what is not needed kept 20";
    assert_eq!(admin.say(&bot, "ann", "fill store").await, [full]);
    for user in ["ann", "ben"] {
        assert_eq!(admin.say(&bot, user, "count keys").await, ["20 50000"]);
        assert_eq!(
            admin.say(&bot, user, "grow context").await,
            ["true", "More?"],
            "{:?}",
            steps(&server, &bot, user, "error").await
        );
        assert_eq!(admin.say(&bot, user, "some").await, ["true"]);
    }
    assert_eq!(admin.say(&bot, "ben", "drop keys").await, ["done"]);
    assert_eq!(admin.say(&bot, "ann", "fill store").await.len(), 1);
    server.finish().await;
}

/// The setting at a path such as `limits.turn_bytes`.
fn setting<'t>(all: &'t toml::Table, path: &str) -> Option<&'t toml::Value> {
    let (above, name) = path.rsplit_once('.')?;
    let table = above.split('.').try_fold(all, |table, name| table.get(name)?.as_table())?;
    table.get(name)
}

#[test]
fn the_page_has_every_limit_and_each_of_its_rows_is_a_setting() {
    let page = include_str!("../../../../docs/limits.md");
    let all: toml::Table = Config::default().to_toml().parse().unwrap();
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.split('|').nth(2)?.trim().strip_prefix('`')?.strip_suffix('`')).collect();
    assert!(rows.len() > 40, "{rows:?}");
    for row in &rows {
        assert!(setting(&all, row).is_some(), "`{row}` is no setting");
    }
    for name in all["limits"].as_table().unwrap().keys() {
        assert!(rows.contains(&format!("limits.{name}").as_str()), "`limits.{name}` is not in docs/limits.md");
    }
}

#[test]
fn no_limit_refuses_the_corpus_times_four() {
    let config = Config::default();
    let limits = &config.limits;
    for name in corpus_names() {
        let Some(files) = BotFiles::corpus(&name) else { continue };
        let documents = [Some(&files.definition), Some(&files.config), files.functions.as_ref(), files.icon.as_ref()];
        let sizes: Vec<u64> = documents.into_iter().flatten().map(|bytes| bytes.len() as u64 * 4).collect();
        assert!(
            sizes.iter().all(|size| *size <= config.jobs.max_document_bytes.min(config.api.max_upload_bytes)),
            "{name}"
        );
        assert!(sizes.iter().sum::<u64>() <= limits.import_bytes.min(limits.imports_bytes), "{name}");
        assert!(sizes.len() * 4 <= config.jobs.max_archive_entries.min(limits.uploads), "{name}");
        let definition = files.definition_value();
        let own: Value = serde_json::from_slice(&files.config).unwrap();
        let sentences = definition["sentences"].as_array().map_or(&[][..], Vec::as_slice);
        assert!(sentences.len() * 4 <= limits.utterances, "{name}");
        let longest = sentences.iter().filter_map(|it| it["sentence"].as_str()).map(str::len).max().unwrap_or(0);
        assert!(longest * 4 <= limits.utterance_bytes, "{name}: {longest}");
        for variables in [&definition["contentVariables"], &own["envVariables"]] {
            let variables = variables.as_array().map_or(&[][..], Vec::as_slice);
            assert!(variables.len() * 4 <= limits.variables, "{name}");
            let largest = variables.iter().map(|it| it.to_string().len()).max().unwrap_or(0);
            assert!(largest * 4 <= limits.variable_bytes, "{name}: {largest}");
        }
    }
    assert!(config.conversation.compat.largest_context >= 1_024 * 1_024 && limits.store_bytes >= 1_024 * 1_024);
}
