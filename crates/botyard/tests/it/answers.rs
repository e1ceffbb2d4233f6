//! What people answer when a bot asks for a value, through the webhook channel: the English table of the extractors' tests, where
//! the words around a value, commands and questions back have their say.

use serde_json::json;

use crate::support::TestServer;

const TABLE: &str = include_str!("../../../entities/tests/system/answers/en.tsv");
/// So many rows are right at the least, and silently wrong at the most. What gets better is written down here.
const LEAST_RIGHT: usize = 112;
const MOST_SILENT: usize = 2;

#[tokio::test]
async fn answers_are_taken_as_they_were_meant_or_asked_for_again() {
    let wednesday = domain::Timestamp::parse("2026-07-15T10:00:00Z").unwrap();
    let server = TestServer::start_with(|setup| setup.options.sources.clock = domain::Clock::manual(wednesday).0).await;
    let admin = server.admin().await;
    let kinds = [
        ("number", "number", "{{context.entities.Asked}}"),
        ("date", "date", "{{context.entities.Asked}}"),
        ("time", "time", "{{context.entities.Asked}}"),
        ("datetime", "datetime", "{{context.entities.Asked}}"),
        ("amount", "currencyv2", "{{context.entities.Asked.amount}} {{context.entities.Asked.code}}"),
        ("name", "person_name", "{{context.entities.Asked}}"),
        ("city", "city", "{{context.entities.Asked}}"),
    ];
    let dialogs = kinds.map(|(name, entity, said)| {
        json!({"name": format!("give {name}"), "nodes": [
            {"id": "Asked", "entity": entity, "prompt": "Which?", "error": "Again, please."},
            {"id": "Got", "message": format!("Got {said}")},
        ]})
    });
    let bot = admin.bring(&json!({"name": "Asker", "dialogs": dialogs})).await;
    let (mut rows, mut right, mut silent) = (0, 0, Vec::new());
    for (at, line) in TABLE.lines().skip(1).enumerate() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [kind, _, text, expected] = columns[..] else { panic!("{line}") };
        // The units of quantities are words of their own there.
        if kind == "quantity" {
            continue;
        }
        rows += 1;
        let user = format!("user-{at}");
        assert_eq!(admin.say(&bot, &user, &format!("give {kind}")).await, ["Which?"], "{kind}");
        // A script escapes what was said where a page may show it.
        let answer = admin.say(&bot, &user, text).await.join("\n").replace("&#39;", "'");
        let taken = answer.strip_prefix("Got ").map(|value| match kind {
            "time" => value.trim_start_matches('T').chars().take(5).collect(),
            "datetime" => value.chars().take(16).collect(),
            _ => value.to_owned(),
        });
        match taken {
            Some(value) if value == expected => right += 1,
            Some(value) => silent.push(format!("{kind} {text:?}: {value}, not {expected}")),
            None if expected == "ask" => right += 1,
            None => println!("asked: {kind} {text:?}: {answer:?}"),
        }
    }
    println!("{right} of {rows} right, {} silently wrong:\n{}", silent.len(), silent.join("\n"));
    assert!(right >= LEAST_RIGHT && silent.len() <= MOST_SILENT, "{right} right; {silent:#?}");
    server.finish().await;
}
