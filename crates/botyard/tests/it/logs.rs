//! What happened to a bot, and in the account.

use std::time::Duration;

use access::{AppKind, Scope};
use domain::{BotId, Clock, Timestamp, UserId};
use serde_json::{Value, json};
use store::NewChange;

use crate::support::TestServer;

#[tokio::test]
async fn change_logs_are_a_bare_list_the_newest_first() {
    let (clock, hand) = Clock::manual(Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| setup.options.sources.clock = clock).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/changelogs");
    let imported = admin.get(&path).await.json();
    assert!(!imported.as_array().unwrap().is_empty(), "an import is logged: {imported}");

    let (account, owner) = (&server.premises().account, &server.premises().owner);
    let gone = UserId::stored("u-gone");
    for number in 1..=60 {
        hand.advance(Duration::from_secs(3600));
        let change = NewChange {
            user: if number == 60 { gone.clone() } else { owner.id.clone() },
            resource_id: None,
            resource_type: "dialog",
            message: format!("change {number}"),
        };
        server.store().log_change(&account.id, &BotId::stored(&bot), change).await.unwrap();
    }
    let table = [
        ("", 50, "change 60"),
        ("?limit=99", 50, "change 60"),
        ("?limit==&offset==", 50, "change 60"),
        ("?limit=2&offset=3", 2, "change 57"),
        ("?startDate=2026-03-12", 25, "change 60"),
        ("?startDate=2026-03-11&endDate=2026-03-11", 24, "change 35"),
        ("?endDate=2026-03-10T13:00:00Z&limit=1", 1, "change 1"),
    ];
    for (query, count, first) in table {
        let entries = admin.get(&format!("{path}{query}")).await.json();
        assert_eq!(entries.as_array().unwrap().len(), count, "{query}");
        assert_eq!(entries[0]["message"], first, "{query}");
    }
    let newest = admin.get(&format!("{path}?limit=2")).await.json();
    let person = &newest[1]["userId"];
    assert_eq!((&person["_id"], &person["emailId"]), (&json!(owner.id), &json!(owner.email)));
    assert_eq!((&person["orgId"], &person["activationStatus"]), (&json!(account.organization), &json!("active")));
    assert_eq!(newest[0]["userId"]["id"], "u-gone", "who is gone is still named");
    assert!(newest[0]["_id"].as_str().unwrap().starts_with("btl-"));
    let members = ["streamId", "resourceId", "resourceType", "createdOn", "__v"].map(|name| newest[0][name].clone());
    assert_eq!(members, [json!(bot), json!(bot), json!("dialog"), json!("2026-03-13T00:00:00.000Z"), json!(0)]);

    admin.get(&format!("{path}?startDate=soon")).await.refused(412, "Validation errors/ Invalid arguments");
    server.builder(&[&bot]).await.get(&path).await.json();
    let poor = server.client_with_scopes(AppKind::Builder, &[&bot], &[Scope::BotExport]).await;
    poor.get(&path).await.refused(401, "Permission denied. Scope is incorrect!");
    admin.post(&path, &json!({})).await.refused(405, "Method Not Allowed");
    server.finish().await;
}

#[tokio::test]
async fn audit_logs_come_in_pages() {
    let (clock, hand) = Clock::manual(Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| setup.options.sources.clock = clock).await;
    let admin = server.admin().await;
    let account = &server.premises().account.id;
    for number in 1..=5 {
        hand.advance(Duration::from_secs(24 * 3600));
        server.store().log_audit(account, "Tests", "ann", &format!("event {number}")).await.unwrap();
    }
    let table: [(&str, &[&str], i64, bool); 8] = [
        ("", &["event 5", "event 4", "event 3", "event 2", "event 1"], 5, false),
        ("?size=2", &["event 5", "event 4"], 5, true),
        ("?size=2&offset=1", &["event 3", "event 2"], 5, true),
        ("?size=2&offset=2", &["event 1"], 5, false),
        ("?size=2&offset=9", &[], 5, false),
        ("?fromDate=2026-03-12&toDate=2026-03-13", &["event 3", "event 2"], 2, false),
        // The time of the third event.
        ("?fetchAfter=1773403200000", &["event 2", "event 1"], 2, false),
        ("?size=&offset==", &["event 5", "event 4", "event 3", "event 2", "event 1"], 5, false),
    ];
    for (query, expected, total, more) in table {
        let answer = admin.get(&format!("/api/public/auditlogs{query}")).await.json();
        let entries: Vec<&Value> = answer["auditlogs"].as_array().unwrap().iter().collect();
        let events: Vec<&str> = entries.iter().map(|entry| entry["Description"].as_str().unwrap()).collect();
        assert_eq!(events, expected, "{query}");
        assert_eq!((&answer["total"], &answer["moreAvailable"]), (&json!(total), &json!(more)), "{query}");
    }
    let mut entry = admin.get("/api/public/auditlogs?size=1").await.json()["auditlogs"][0].clone();
    assert_eq!(entry["AuditLogId"].take().as_str().unwrap().len(), 24);
    assert_eq!(
        entry,
        json!({
            "timestampValue": 1_773_576_000_000_i64, "Date/Time": "2026-03-15T12:00:00.000Z",
            "Description": "event 5", "Name": "ann", "Category": "Tests", "AuditLogId": null,
        })
    );
    server.anonymous().get("/api/public/auditlogs").await.refused(401, "Invalid SDK credentials");
    let poor = server.client_with_scopes(AppKind::Admin, &[], &[Scope::ChangeLogs]).await;
    poor.get("/api/public/auditlogs").await.refused(401, "Permission denied. Scope is incorrect!");
    server.finish().await;
}
