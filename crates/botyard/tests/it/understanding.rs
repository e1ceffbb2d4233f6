//! What texts mean to bots: `findIntent` on the sample bot and on real exports, and the training behind it.

mod members;

use std::path::Path;

use access::AppKind;
use domain::{Clock, IdSource, Timestamp};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::bots::corpus_names;
use crate::support::client::Client;
use crate::support::{BotFiles, TestServer};

/// What the draft of a bot understands.
async fn find(client: &Client, bot: &str, text: &str) -> Value {
    let path = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=true");
    client.post(&path, &json!({"input": text, "streamName": "any"})).await.json()["response"].take()
}

/// The result word, the intents, and the entity values as `name=value`.
fn gist(response: &Value) -> (String, Vec<String>, Vec<String>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let resolver = &response["finalResolver"];
    let intents = list(&resolver["winningIntent"]).iter().map(|it| text(&it["intent"])).collect();
    let values = |entity: &Value| -> Vec<String> {
        let name = text(&entity["field"]);
        list(&entity["value"]).iter().map(|value| format!("{name}={}", value.to_string().trim_matches('"'))).collect()
    };
    let entities = list(&resolver["entities"]).iter().flat_map(values).collect();
    (text(&response["result"]), intents, entities)
}

/// A server whose clock stands still on a Wednesday and whose ids come in a fixed order, so that answers repeat.
async fn still_server() -> TestServer {
    let wednesday = Timestamp::parse("2026-03-04T10:00:00Z").unwrap();
    TestServer::start_with(|setup| {
        setup.options.sources.clock = Clock::manual(wednesday).0;
        setup.options.sources.ids = IdSource::seeded(7);
    })
    .await
}

const SUCCESS: &str = "successintent";

#[tokio::test]
async fn the_sample_bot_understands() {
    let server = still_server().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let table: &[(&str, &str, &[&str], &[&str])] = &[
        // Names of tasks, in any case and number, by synonym.
        ("order coffee", SUCCESS, &["Order Coffee"], &[]),
        ("TRACK ORDERS", SUCCESS, &["Track Order"], &[]),
        ("buy joe", SUCCESS, &["Order Coffee"], &[]),
        // Utterances and what is like them, with entity values.
        (
            "Can I get two large cappuccinos please",
            SUCCESS,
            &["Order Coffee"],
            &["Drink=cappuccino", "Size=large", "Quantity=2"],
        ),
        ("could you make me 3 small lattes", SUCCESS, &["Order Coffee"], &["Drink=latte", "Size=small", "Quantity=3"]),
        ("are you open this sunday", SUCCESS, &["Opening Hours"], &["VisitDate=2026-03-08"]),
        ("how long until order 4712 is done?", SUCCESS, &["Track Order"], &["OrderNumber=4712"]),
        ("I want to complain, write to jo@example.com", SUCCESS, &["Leave Feedback"], &["Email=jo@example.com"]),
        // Patterns.
        ("where is the drink", SUCCESS, &["Track Order"], &[]),
        // Questions, as they stand and in other words.
        ("Do you sell cake?", SUCCESS, &["Do you sell cake?"], &[]),
        ("what is your address", SUCCESS, &["Where is the shop?"], &[]),
        // Small talk loses to everything else.
        ("hello", "successsmalltalk", &["~emohello"], &[]),
        ("thanks", "successsmalltalk", &["[thanks thx cheers]"], &[]),
        ("hello, track my order", SUCCESS, &["Track Order"], &[]),
        // Nothing the bot knows.
        ("qwrtz plmokn", "failintent", &[], &[]),
        ("", "failintent", &[], &[]),
    ];
    for (text, result, intents, entities) in table {
        let response = find(&admin, &bot, text).await;
        let (found_result, found_intents, mut found_entities) = gist(&response);
        assert_eq!(
            (found_result.as_str(), &found_intents[..]),
            (*result, &intents.iter().map(|it| it.to_string()).collect::<Vec<_>>()[..]),
            "{text}: {response:#}"
        );
        let mut expected: Vec<String> = entities.iter().map(|it| it.to_string()).collect();
        expected.sort();
        found_entities.sort();
        assert_eq!(found_entities, expected, "{text}: {response:#}");
    }
    server.finish().await;
}

#[tokio::test]
async fn traces_tell_why() {
    let server = still_server().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    for (name, text) in [
        ("name", "Track orders please"),
        ("utterance", "Can I get two large cappuccinos please"),
        ("pattern", "where is the drink"),
        ("question", "Is there free wifi?"),
        ("small_talk", "hello"),
        ("nothing", "qwrtz plmokn"),
    ] {
        let mut response = find(&admin, &bot, text).await;
        // Which of the equal ids the server hands out is not of interest.
        for member in ["botid", "userId"] {
            response[member] = json!("…");
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/traces/{name}.json"));
        let text = format!("{response:#}\n");
        if std::env::var_os("BOTYARD_WRITE_TRACES").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert!(text == expected, "{}: the answer is not the one written there, but {text}", path.display());
    }
    server.finish().await;
}

#[tokio::test]
async fn find_intent_says_what_is_wrong() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/v1.1/rest/streams/{bot}/findIntent");
    let good = json!({"input": "hello", "streamName": "x"});
    admin.post(&path, &json!({"input": "hello"})).await.refused(400, "Improper payload");
    admin.post(&path, &json!({"streamName": "x"})).await.refused(412, "Validation errors/ Invalid arguments");
    let long = json!({"input": "x ".repeat(10_001), "streamName": "x"});
    admin.post(&path, &long).await.refused(412, "Validation errors/ Invalid arguments");
    let unknown_parent = json!({"input": "hello", "streamName": "x", "parentIntent": "No such dialog"});
    admin.post(&path, &unknown_parent).await.refused(412, "Validation errors/ Invalid arguments");
    admin.post(&format!("{path}?fetchConfiguredTasks=false"), &good).await.refused(400, "The bot is not published");
    let request = admin.request(reqwest::Method::POST, &path).header("bot-language", "fr").json(&good);
    admin.send(request).await.refused(400, "Invalid language");

    // Builder apps ask the draft, admin apps the published version once there is one.
    let builder = server.builder(&[&bot]).await;
    let status = async |client: &Client, query: &str| {
        client.post(&format!("{path}{query}"), &json!({"input": "track order", "streamName": "x"})).await.json()["response"]
            ["intentStatus"]
            .take()
    };
    assert_eq!((status(&admin, "").await, status(&builder, "").await), (json!("configured"), json!("configured")));
    admin.publish(&bot, "first").await;
    assert_eq!((status(&admin, "").await, status(&builder, "").await), (json!("published"), json!("configured")));
    assert_eq!(status(&builder, "?fetchConfiguredTasks=false").await, json!("published"));
    server.finish().await;
}

#[tokio::test]
async fn training_shows_what_is_out_of_date() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let status_path = format!("/api/public/bot/{bot}/ml/train/status?language=en&state=configured");
    let asked = json!({"input": "order coffee", "streamName": "Corner Coffee"});
    let find = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=yes");
    admin.post(&find, &asked).await.refused(400, "Invalid fetchConfiguredTasks");
    for (path, message, detail) in [
        ("ml/train/status?state=nonsense", "Invalid state", "`state` is `nonsense`: give `configured`"),
        ("ml/train/status?language=xx", "Invalid language", "it speaks en"),
        ("faqs/train/status?language=xx", "Invalid language", "it speaks en"),
    ] {
        let refused = admin.get(&format!("/api/public/bot/{bot}/{path}")).await;
        assert!(
            refused.value()["errors"][0]["detail"].as_str().unwrap().contains(detail),
            "{path}: {}",
            refused.text()
        );
        refused.refused(400, message);
    }
    let status = async || admin.get(&status_path).await.json();
    let in_sync = |status: &Value| -> Vec<String> {
        let members = status.as_object().unwrap().iter();
        let synced = members.filter(|(key, value)| key.starts_with("isMlInSyncWith") && **value == json!(true));
        synced.map(|(key, _)| key["isMlInSyncWith".len()..].to_owned()).collect()
    };
    assert_eq!(in_sync(&status().await), ["UBTraining"; 0]);

    let train = async || {
        let queued = admin.post(&format!("/api/public/bot/{bot}/ml/train"), &Value::Null).await.json();
        assert_eq!(queued[0]["message"], "Training Queued.");
        assert_eq!(queued[0]["Training_ID"].as_str().unwrap().len(), 24);
    };
    train().await;
    // One look is enough: the answer is held back until the training is done.
    let trained = status().await;
    assert_eq!(trained["trainingStatus"], "Finished");
    assert_eq!(in_sync(&trained).len(), 10, "{trained:#}");
    assert_eq!((&trained["report"]["intents"], &trained["report"]["utterances"]), (&json!(6), &json!(34)));

    // A new utterance is not learned before the next training.
    let file =
        admin.upload("more.csv", "taskName,sentence,type,language\nOrder Coffee,a flat white for me,,en\n").await;
    let import = admin.post(&format!("/api/public/bot/{bot}/mlimport"), &json!({"fileId": file})).await.json();
    admin.wait(&format!("/api/public/bot/{bot}/mlimport/status/{}", import["_id"].as_str().unwrap())).await;
    let stale = status().await;
    let expected =
        ["Synonyms", "Mlparams", "Traits", "SmallTalk", "UBTraining", "EntityNode", "IntentNode", "Patterns"];
    assert_eq!(in_sync(&stale), expected, "{stale:#}");
    train().await;
    assert_eq!(in_sync(&status().await).len(), 10);

    // Questions are trained on their own in the original; here it is one model.
    let path = format!("/api/public/bot/{bot}/faqs/train");
    admin.post(&path, &json!({})).await.refused(412, "Validation errors/ Invalid arguments");
    admin.post(&path, &json!({"language": "fr"})).await.refused(400, "Invalid language");
    admin.get(&format!("{path}/status?language=en")).await.refused(400, "Invalid request ID");
    let started = admin.post(&path, &json!({"language": "en"})).await.json();
    assert!(started["_id"].as_str().unwrap().starts_with("ds-"), "{started}");
    assert_eq!([&started["status"], &started["message"]], ["in-progress", "in-progress"]);
    let trained = admin.wait(&format!("{path}/status?language=en")).await;
    assert_eq!([&trained["status"], &trained["message"]], ["success", "success"]);
    assert_eq!(trained["report"]["questions"], 5);
    server.finish().await;
}

#[tokio::test]
async fn publish_trains_and_tells() {
    let mut server = TestServer::start().await;
    let admin = server.admin().await;
    let mut files = BotFiles::sample();
    // The same utterance under two intents is worth a warning.
    let definition = String::from_utf8(files.definition).unwrap();
    assert!(definition.contains("\"Let me rate my visit\""));
    files.definition = definition.replace("\"Let me rate my visit\"", "\"check on my ORDER!\"").into_bytes();
    let bot = admin.import_new(&files).await.bot;
    let published = admin.publish(&bot, "first").await;
    let lines = published["statusSummary"].as_array().unwrap();
    let line = lines.iter().find(|line| line["resourceId"] == "NL").unwrap();
    let warnings: Vec<&str> = line["warnings"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(
        warnings.iter().any(|it| it.contains("Check on my order") && it.contains("Leave Feedback")),
        "{warnings:#?}"
    );
    let training = &line["training"]["en"];
    assert_eq!((&training["intents"], &training["utterances"]), (&json!(6), &json!(34)));
    assert!(training["accuracy"].as_f64().is_some_and(|it| it > 0.5), "{training:#}");

    // The model is an object like others: a server that starts anew reads it, and makes it again when it is lost.
    let understood = async |client: &Client| {
        let path = format!("/api/v1.1/rest/bot/{bot}/findIntent?fetchConfiguredTasks=false");
        let answer = client.post(&path, &json!({"input": "opening hours", "streamName": "x"})).await.json();
        gist(&answer["response"]).1
    };
    let before = understood(&admin).await;
    assert_eq!(before, ["Opening Hours"]);
    server.restart().await;
    let admin = server.admin().await;
    assert_eq!(understood(&admin).await, before);
    for name in server.store().blobs().names("models", Timestamp::from_millis(i64::MAX)).await.unwrap() {
        server.store().blobs().put(&name, "no model".into()).await.unwrap();
    }
    server.restart().await;
    let admin = server.admin().await;
    assert_eq!(understood(&admin).await, before, "a damaged model is made again");
    server.finish().await;
}

#[tokio::test]
async fn scope_opens_find_intent() {
    let server = TestServer::start().await;
    let bot = server.admin().await.import_sample().await;
    let path = format!("/api/v1.1/rest/bot/{bot}/findIntent");
    let body = json!({"input": "hello", "streamName": "x"});
    let without = server.client_with_scopes(AppKind::Builder, &[&bot], &[access::Scope::MlExport]).await;
    without.post(&path, &body).await.refused(401, "Permission denied. Scope is incorrect!");
    let with = server.client_with_scopes(AppKind::Builder, &[&bot], &[access::Scope::IntentDetection]).await;
    assert_eq!(with.post(&path, &body).await.status, 200);
    server.finish().await;
}

/// Every real export: what its authors wrote is understood as they meant it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_bots_understand_what_was_written_for_them() {
    let server = still_server().await;
    let mut bots = JoinSet::new();
    for name in corpus_names() {
        bots.spawn(understands(server.admin().await, name));
    }
    bots.join_all().await;
    server.finish().await;
}

async fn understands(admin: Client, name: String) {
    let files = BotFiles::corpus(&name).expect("the folder is there");
    let bot = admin.import_new(&files).await.bot;
    let definition = definition::Document::parse(files.definition.clone(), "botDefinition.json").unwrap();
    let language = definition::nlp::languages(&definition).remove(0);
    let data = definition::nlp::NlpData::read(&definition, &language).unwrap();
    // The meaning may be asked back where authors gave two tasks the same words; it must be among those then.
    let understood_as = async |text: &str, expected: &str| {
        let response = find(&admin, &bot, text).await;
        let (result, intents, _) = gist(&response);
        assert!(
            result != "failintent" && intents.iter().any(|it| it == expected),
            "{name}: `{text}` is not understood as `{expected}`, but {result} {intents:?}: {}",
            response["debugTitle"]
        );
    };
    for intent in data.intents.iter().filter(|it| it.scopes.is_empty() && !it.follow_up) {
        if data.thresholds.rule.label_match && !intent.label.is_empty() {
            understood_as(&intent.label, &intent.label).await;
        }
        for utterance in intent.utterances.iter().step_by(1 + intent.utterances.len() / 5) {
            understood_as(&utterance.text, &intent.label).await;
        }
    }
    // A question below a term with a precondition is found only where its context tag is set.
    let is_open = |label: &String| !data.terms.iter().any(|it| it.label == *label && !it.preconditions.is_empty());
    for faq in data.faqs.iter().filter(|faq| faq.question.path.iter().all(|term| is_open(&term.label))) {
        understood_as(&faq.question.text, &faq.question.text).await;
    }
    for text in ["qwrtz plmokn", "zzz", "🦆🦆🦆"] {
        let (result, intents, _) = gist(&find(&admin, &bot, text).await);
        assert_eq!((result.as_str(), intents.len()), ("failintent", 0), "{name}: `{text}` {intents:?}");
    }
}

#[tokio::test]
async fn thresholds_are_set_and_matter() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/configurations?language=en&groupName=");
    // Said in other words, so that only what was learned speaks for it.
    let text = "could you brew something hot";
    assert_eq!(gist(&find(&admin, &bot, text).await).1, ["Order Coffee"]);
    let before = BotFiles::from_archive(&admin.export(&bot, "latest").await);
    let answer = admin.post(&path, &json!({"ml": {"minThreshold": 0.99}, "faq": {"suggestionsCount": 2}})).await.json();
    assert_eq!(answer["thresholds"]["ml"]["minThreshold"], 0.99);
    assert_eq!(answer["thresholds"]["faq"]["suggestionsCount"], 2);
    assert_eq!(gist(&find(&admin, &bot, text).await).0, "failintent");

    // Nothing but the two values is another in the definition.
    let after = BotFiles::from_archive(&admin.export(&bot, "latest").await);
    let (mut expected, found) = (before.definition_value(), after.definition_value());
    let configs = expected["localeData"]["en"]["confidenceConfigs"].as_array_mut().unwrap();
    for config in configs {
        match config["mode"].as_str().unwrap() {
            "ml" => config["minThreshold"] = json!(0.99),
            "faq" => config["suggestionsCount"] = json!(2),
            _ => {}
        }
    }
    expected.as_object_mut().unwrap().shift_remove("encryptedHash");
    assert_eq!(found, expected);

    for body in [json!({}), json!({"ml": {"minThreshold": 7}}), json!({"ml": {"nope": 1}}), json!({"nope": true})] {
        admin.post(&path, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    let french = format!("/api/public/bot/{bot}/configurations?language=fr");
    admin.post(&french, &json!({"ml": {"minThreshold": 0.4}})).await.refused(400, "Invalid language");
    server.finish().await;
}

#[tokio::test]
async fn an_encoder_that_is_not_there_is_named() {
    let server = TestServer::start().await;
    let mut config = server.config().clone();
    config.server.listen = ([127, 0, 0, 1], 0).into();
    config.nlu.embeddings = Some(server.path("no-encoder"));
    let error = botyard::Server::start(&config, botyard::Options::default()).await.err().unwrap().sentence();
    assert!(
        error.contains("`nlu.embeddings`") && error.contains("no-encoder") && error.contains("vocab.txt"),
        "{error}"
    );
    server.finish().await;
}
