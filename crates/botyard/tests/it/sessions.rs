//! Sessions and their messages. Nothing in the server holds conversations yet, so tests write them through the store.

use std::time::Duration;

use access::{AppKind, Scope};
use domain::{BotId, Clock, ManualClock, Timestamp, UserId};
use reqwest::Method;
use serde_json::{Value, json};
use store::{Containment, Direction, Error, NewMessage, NewSession, Session, Tag};

use crate::support::TestServer;
use crate::support::client::Client;

pub const HOUR: Duration = Duration::from_secs(3600);

/// A server whose clock stands at noon of 10 March 2026.
pub async fn start() -> (TestServer, ManualClock) {
    let (clock, hand) = Clock::manual(Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| setup.options.sources.clock = clock).await;
    (server, hand)
}

/// Begins a session of a user with a bot.
pub async fn begin(server: &TestServer, bot: &str, identity: &str, channel: &str) -> Session {
    let new = NewSession {
        account: server.premises().account.id.clone(),
        bot: BotId::stored(bot),
        user: user_id(identity),
        identity: identity.to_owned(),
        channel: channel.to_owned(),
        interactive: true,
        developer: false,
        language: "en".to_owned(),
        call_id: None,
        state: json!({"frames": []}),
    };
    server.store().create_session(new).await.unwrap()
}

/// The platform's own id of a user.
fn user_id(identity: &str) -> UserId {
    UserId::stored(format!("u-{identity}"))
}

pub fn message(direction: Direction, text: &str) -> NewMessage {
    NewMessage {
        direction,
        client_id: None,
        language: "en".to_owned(),
        components: vec![json!({"_id": "cp-1", "cT": "text", "data": {"text": text}, "thumbnails": []})],
        tags: Vec::new(),
        alternative_texts: Vec::new(),
        trace_id: None,
        of_task: false,
        answer: None,
    }
}

pub fn tag(name: &str, value: &str) -> Tag {
    Tag { name: name.to_owned(), value: value.to_owned() }
}

async fn status_of(client: &Client, bot: &str, session: &Session) -> String {
    let body = json!({"sessionId": [session.id]});
    let found = client.post(&format!("/api/public/bot/{bot}/getSessions"), &body).await.json();
    found["sessions"][0]["sessionStatus"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn put_session_closes_the_sessions_that_match() {
    let (server, hand) = start().await;
    let bot = server.admin().await.import_sample().await;
    let builder = server.builder(&[&bot]).await;
    let path = format!("/api/public/bot/{bot}/session");
    // Of each row, the sessions that are closed: Ann on rtm, Ann on ivr, Ben on rtm.
    let owner = server.premises().owner.clone();
    let table = [
        (r#"{"userId":"Ann@Example.com"}"#, [true, true, false]),
        (r#"{"userId":"ann@example.com","status":"inactive","channel":"rtm"}"#, [true, false, false]),
        (r#"{"userId":"u-ben","status":"inactive"}"#, [false, false, true]),
        (r#"{"userId":"ben"}"#, [false, false, true]),
        (r#"{"channel":"ivr"}"#, [false, true, false]),
        (r#"{"channel":"IVR"}"#, [false, true, false]),
        (r#"{"channel":"webhook"}"#, [false, true, false]),
        (r#"{"channel":"ivr","userID":"ben","note":1}"#, [false, true, false]),
        (r#"{"userId":"nobody"}"#, [false, false, false]),
        (r#"{"sessionId":"0123456789abcdef01234567"}"#, [false, false, false]),
        (r#"{"status":"Inactive"}"#, [true, true, true]),
        ("{}", [true, true, true]),
        ("null", [true, true, true]),
        ("", [true, true, true]),
    ];
    for (body, expected) in table {
        let sessions = [
            begin(&server, &bot, "Ann@Example.com", "rtm").await,
            begin(&server, &bot, "Ann@Example.com", "ivr").await,
            begin(&server, &bot, "ben", "rtm").await,
        ];
        hand.advance(HOUR);
        let request = builder.request(Method::PUT, &path).header("content-type", "application/json").body(body);
        let mut answer = json!({"success": true, "closed": expected.iter().filter(|closed| **closed).count()});
        if body.contains("note") {
            answer["ignored"] = json!(["note", "userID"]);
        }
        assert_eq!(builder.send(request).await.json(), answer, "{body}");
        for (session, closed) in sessions.iter().zip(expected) {
            let status = status_of(&builder, &bot, session).await;
            assert_eq!(status == "closed", closed, "{body}: {} {}", session.identity, session.channel);
        }
        builder.put(&path, &json!({})).await.json();
    }

    // What says nothing, or nothing known, closes nobody.
    let untouched = begin(&server, &bot, "ann", "rtm").await;
    for (query, body, pointer) in [
        ("", json!({"userId": ""}), "/userId"),
        ("", json!({"userId": " ", "channel": "rtm"}), "/userId"),
        ("", json!({"userId": "ann", "channel": null}), "/channel"),
        ("", json!({"status": null}), "/status"),
        ("", json!({"status": ""}), "/status"),
        ("", json!({"sessionId": []}), "/sessionId"),
        ("", json!({"sessionId": [""]}), "/sessionId"),
        ("", json!({"userId": ["ann", "ben"]}), "/userId"),
        ("", json!({"userID": "ann"}), "/userID"),
        ("", json!({"session_id": "0123456789abcdef01234567", "status": "inactive"}), "/session_id"),
        ("?userId=", json!({}), "/userId"),
        ("?userid=ann", json!({}), "/userid"),
    ] {
        let refused = builder.put(&format!("{path}{query}"), &body).await;
        assert_eq!(refused.status, 412, "{query} {body}");
        let answer: Value = serde_json::from_str(&refused.text()).unwrap();
        assert_eq!(answer["errors"][0]["pointer"], pointer, "{query} {body}");
    }
    assert_eq!(status_of(&builder, &bot, &untouched).await, "active");
    builder.put(&path, &json!({"sessionId": [untouched.id, "0123456789abcdef01234567"]})).await.json();
    assert_eq!(status_of(&builder, &bot, &untouched).await, "closed");

    // A session by its id, the user by the address of somebody of the account, and every form of the path.
    let folded = format!("/api/public/{bot}/session");
    for path in [path.clone(), format!("{path}s"), folded.clone(), format!("{folded}s")] {
        let (first, second) = (begin(&server, &bot, "cleo", "rtm").await, begin(&server, &bot, "cleo", "rtm").await);
        let closed = builder.put(&path, &json!({"sessionId": first.id})).await.json();
        assert_eq!(closed, json!({"success": true, "closed": 1}));
        assert_eq!(status_of(&builder, &bot, &first).await, "closed", "{path}");
        assert_eq!(status_of(&builder, &bot, &second).await, "active", "{path}");
    }
    let mut own = begin(&server, &bot, "x", "rtm").await;
    builder.put(&path, &json!({"userId": owner.email})).await.json();
    assert_eq!(status_of(&builder, &bot, &own).await, "active");
    let new = NewSession { user: owner.id.clone(), ..new_of(&own) };
    own = server.store().create_session(new).await.unwrap();
    builder.put(&path, &json!({"userId": owner.email.to_uppercase()})).await.json();
    assert_eq!(status_of(&builder, &bot, &own).await, "closed");
    server.finish().await;
}

fn new_of(session: &Session) -> NewSession {
    NewSession {
        account: session.account.clone(),
        bot: session.bot.clone(),
        user: session.user.clone(),
        identity: session.identity.clone(),
        channel: session.channel.clone(),
        interactive: session.interactive,
        developer: session.developer,
        language: "en".to_owned(),
        call_id: None,
        state: session.state.clone(),
    }
}

#[tokio::test]
async fn a_closed_session_takes_no_turn_and_is_in_the_log_once() {
    let (server, hand) = start().await;
    let bot = server.admin().await.import_sample().await;
    let builder = server.builder(&[&bot]).await;
    let (path, store) = (format!("/api/public/bot/{bot}/session"), server.store());
    let session = begin(&server, &bot, "ann", "rtm").await;
    let (session, _) = store.commit_session(&session, vec![message(Direction::Incoming, "Hi")]).await.unwrap();
    hand.advance(HOUR);
    for _ in 0..2 {
        builder.put(&path, &json!({"userId": "ann"})).await.json();
    }
    let late = store.commit_session(&session, vec![message(Direction::Outgoing, "Hello")]).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    let sessions = builder.post(&format!("/api/public/bot/{bot}/getSessions"), &json!({})).await.json();
    let closed = &sessions["sessions"][0];
    assert_eq!(closed["end_time"], "2026-03-10T13:00:00.000Z", "{closed}");
    assert_eq!(closed["noOfMessagesExchanged"], 1, "the late message was not kept");
    let log = builder.get(&format!("/api/public/bot/{bot}/changelogs")).await.json();
    let entries: Vec<&Value> =
        log.as_array().unwrap().iter().filter(|entry| entry["resourceType"] == "session").collect();
    assert_eq!(entries.len(), 1, "{log}");
    assert_eq!(entries[0]["message"], "Conversation session closed");

    // Two turns from the same state: one commits. A message that came before is not taken twice.
    let session = begin(&server, &bot, "ann", "rtm").await;
    let first = NewMessage { client_id: Some("c-1".to_owned()), ..message(Direction::Incoming, "one") };
    let (next, _) = store.commit_session(&session, vec![first.clone()]).await.unwrap();
    assert!(matches!(store.commit_session(&session, vec![]).await, Err(Error::Conflict(_))));
    let again = store.commit_session(&next, vec![message(Direction::Incoming, "two"), first]).await;
    assert!(matches!(again, Err(Error::Exists(_))), "{again:?}");
    assert_eq!(store.session(&session.id).await.unwrap(), Some(next), "a turn that failed left no trace");
    server.finish().await;
}

#[tokio::test]
async fn sessions_are_listed_as_asked() {
    let (server, hand) = start().await;
    let admin = server.admin().await;
    let (bot, other) = (admin.import_sample().await, admin.import_sample().await);
    let store = server.store();
    // From the oldest to the newest: ten days, two days, one day, and no time before the last of them.
    let day = 24 * HOUR;
    let old = begin(&server, &bot, "ann", "rtm").await;
    hand.advance(8 * day);
    let mut ivr = new_of(&begin(&server, &other, "ann", "rtm").await);
    ivr = NewSession {
        bot: BotId::stored(&bot),
        channel: "ivr".to_owned(),
        call_id: Some("call-7".to_owned()),
        interactive: false,
        ..ivr
    };
    let ivr = store.create_session(ivr).await.unwrap();
    hand.advance(day);
    let mut tagged = begin(&server, &bot, "ben", "rtm").await;
    tagged.user_tags = vec![tag("plan", "gold"), tag("quote\"d", "{\"name\":\"plan\",\"value\":\"tin\"}")];
    tagged.session_tags = vec![tag("order", "online"), tag("plan", "silver")];
    tagged.containment = Some(Containment::Agent);
    tagged.languages = vec!["en".to_owned(), "de".to_owned()];
    tagged.tasks = 2;
    let talk = vec![message(Direction::Incoming, "Hi"), message(Direction::Outgoing, "Hello")];
    let (tagged, _) = store.commit_session(&tagged, talk).await.unwrap();
    hand.advance(day);
    let mut left = begin(&server, &bot, "ann", "rtm").await;
    left.containment = Some(Containment::DropOff);
    left.ended_at = Some(store.clock().now());
    let (left, _) = store.commit_session(&left, vec![]).await.unwrap();

    let (all, recent) = (vec![&left, &tagged, &ivr, &old], vec![&left, &tagged, &ivr]);
    let since = "2026-03-01";
    let plan = |values: &[&str], kind: &str| json!({"and": [{"name": "plan", "values": values, "type": kind}]});
    let table: Vec<(&str, Value, Vec<&Session>)> = vec![
        ("", json!({}), recent.clone()),
        ("?skip==&limit==&", json!({"limit": "", "skip": ""}), recent.clone()),
        ("", json!({"dateFrom": since}), all.clone()),
        ("", json!({"dateFrom": since, "dateTo": "2026-03-10"}), vec![&old]),
        ("", json!({"dateFrom": since, "dateTo": "2026-03-10T11:59:59Z"}), vec![]),
        ("", json!({"dateTo": "2026-03-18"}), vec![&ivr]),
        ("", json!({"dateTo": "2026-03-17T11:00:00Z"}), vec![&old]),
        ("?containmentType=AGENT", json!({}), vec![&tagged]),
        ("?containmentType=dropoff", json!({}), vec![&left]),
        ("?containmentType=selfService", json!({}), vec![]),
        ("?callId=call-7", json!({}), vec![&ivr]),
        ("", json!({"userId": "ann"}), vec![&left, &ivr]),
        ("", json!({"userId": "u-ben"}), vec![&tagged]),
        ("", json!({"sessionType": "interactive"}), vec![&left, &tagged]),
        ("", json!({"sessionType": "Non-Interactive"}), vec![&ivr]),
        ("", json!({"tags": plan(&["gold"], "")}), vec![&tagged]),
        ("", json!({"tags": plan(&["gold"], "userTags")}), vec![&tagged]),
        ("", json!({"tags": plan(&["gold"], "sessionTags")}), vec![]),
        ("", json!({"tags": plan(&["Gold"], "")}), vec![]),
        ("", json!({"tags": plan(&["tin"], "")}), vec![]),
        ("", json!({"tags": plan(&["tin", "silver"], "")}), vec![&tagged]),
        ("", json!({"tags": plan(&[], "")}), vec![&tagged]),
        (
            "",
            json!({"tags": {"and": [{"name": "plan", "values": ["gold"]}, {"name": "order", "values": ["shop"]}]}}),
            vec![],
        ),
        (
            "",
            json!({"tags": {"or": [{"name": "plan", "values": ["tin"]}, {"name": "order", "values": ["online"]}]}}),
            vec![&tagged],
        ),
        ("", json!({"tags": {"and": [], "or": []}}), recent.clone()),
        (
            "?containmentType=agent",
            json!({"sessionId": [old.id, left.id], "userId": "x", "limit": 1}),
            vec![&left, &old],
        ),
        ("", json!({"sessionId": old.id}), vec![&old]),
    ];
    for (query, body, expected) in table {
        let found = admin.post(&format!("/api/public/bot/{bot}/getSessions{query}"), &body).await.json();
        let ids: Vec<&str> = found["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|session| session["sessionId"].as_str().unwrap())
            .collect();
        let expected: Vec<&str> = expected.iter().map(|session| session.id.as_str()).collect();
        assert_eq!(ids, expected, "{query} {body}");
        assert_eq!(found["total"], expected.len(), "{query} {body}");
        assert_eq!(found["moreAvailable"], false, "{query} {body}");
    }

    let path = format!("/api/public/bot/{bot}/getSessions");
    let empty = admin.request(Method::POST, &path);
    assert_eq!(admin.send(empty).await.json()["total"], 3, "no body at all");
    let page = admin.post(&path, &json!({"skip": 1, "limit": 1})).await.json();
    assert_eq!((&page["total"], &page["moreAvailable"]), (&json!(3), &json!(true)));
    assert_eq!(
        page["sessions"],
        json!([{
            "sessionId": tagged.id, "botId": bot, "channel": "rtm", "userId": "u-ben",
            "start_time": "2026-03-19T12:00:00.000Z", "session_lang": ["en", "de"], "sessionType": "interactive",
            "isDeveloper": false, "sessionStatus": "active",
            "tags": {
                "userTags": [{"name": "plan", "value": "gold"}, {"name": "quote\"d", "value": "{\"name\":\"plan\",\"value\":\"tin\"}"}],
                "sessionTags": [{"name": "order", "value": "online"}, {"name": "plan", "value": "silver"}],
                "altText": [],
            },
            "noOfMessagesExchanged": 2, "noOfTasksExecuted": 2, "containmentType": "agent",
        }])
    );
    let foreign = begin(&server, &other, "zoe", "rtm").await;
    let named = admin.post(&path, &json!({"sessionId": [left.id, foreign.id, "nonsense"]})).await.json();
    assert_eq!((&named["total"], &named["invalidSessions"]), (&json!(1), &json!([foreign.id, "nonsense"])));

    // All bots of the account for an admin app; those it is bound to for a builder app.
    let account_wide = "/api/public/getSessions";
    let body = json!({"dateFrom": since});
    assert_eq!(admin.post(account_wide, &body).await.json()["total"], 6);
    let builder = server.builder(&[&other]).await;
    assert_eq!(builder.post(account_wide, &body).await.json()["total"], 2);
    let hidden = builder.post(account_wide, &json!({"sessionId": [left.id]})).await.json();
    assert_eq!((&hidden["total"], &hidden["invalidSessions"]), (&json!(0), &json!([left.id])));
    server.finish().await;
}

#[tokio::test]
async fn wrong_calls_are_refused_in_the_originals_words() {
    let (server, _) = start().await;
    let admin = server.admin().await;
    let (bot, other) = (admin.import_sample().await, "st-00000000-0000-5000-8000-000000000000");
    let builder = server.builder(&[&bot]).await;
    let (sdk, scope, stream) =
        ("Invalid SDK credentials", "Permission denied. Scope is incorrect!", "Invalid StreamId");
    let calls = [
        (Method::PUT, "session", Scope::BotSessions),
        (Method::POST, "getSessions", Scope::BotSessions),
        (Method::GET, "getMessages", Scope::ChatHistory),
        (Method::POST, "getMessages", Scope::ChatHistory),
        (Method::POST, "getMessagesV2", Scope::ChatHistory),
    ];
    for (method, call, needed) in calls {
        let without: Vec<Scope> = Scope::held_by(AppKind::Admin).into_iter().filter(|scope| *scope != needed).collect();
        let poor = server.client_with_scopes(AppKind::Admin, &[], &without).await;
        let rows = [
            (&server.anonymous(), bot.as_str(), 401, sdk),
            (&server.client_with_token("JWTToken"), &bot, 401, "Invalid JWT token"),
            (&builder, other, 401, sdk),
            (&poor, &bot, 401, scope),
            (&poor, other, 401, scope),
            (&admin, other, 400, stream),
        ];
        for (client, bot, status, text) in rows {
            let request = client.request(method.clone(), &format!("/api/public/bot/{bot}/{call}")).body("{");
            client.send(request).await.refused(status, text);
        }
        if method != Method::GET {
            let request = admin.request(method, &format!("/api/public/bot/{bot}/{call}")).body("{");
            admin.send(request).await.refused(412, "Validation errors/ Invalid arguments");
        }
    }
    for path in ["/api/public/getSessions", "/api/public/getMessages"] {
        server.anonymous().post(path, &json!({})).await.refused(401, sdk);
        server
            .client_with_scopes(AppKind::Admin, &[], &[Scope::BotExport])
            .await
            .post(path, &json!({}))
            .await
            .refused(401, scope);
        admin.get(path).await.refused(405, "Method Not Allowed");
    }
    admin.get(&format!("/api/public/bot/{bot}/session")).await.refused(405, "Method Not Allowed");
    admin.get(&format!("/api/public/bot/{bot}/getSessions")).await.refused(405, "Method Not Allowed");

    let many: Vec<String> = (0..51).map(|number| number.to_string()).collect();
    let table = [
        (Method::PUT, "session", json!({"status": "active"})),
        (Method::PUT, "session", json!({"status": 1})),
        (Method::PUT, "session", json!({"userId": ["ann"]})),
        (Method::PUT, "session", json!([])),
        (Method::POST, "getSessions?containmentType=lost", json!({})),
        (Method::POST, "getSessions", json!({"dateFrom": "soon"})),
        (Method::POST, "getSessions", json!({"sessionType": "idle"})),
        (Method::POST, "getSessions", json!({"sessionId": many})),
        (Method::POST, "getSessions", json!({"tags": {"and": "plan"}})),
        (Method::POST, "getSessions", json!({"sessionId": [{}]})),
        (Method::POST, "getMessages", json!({"userId": ["ann"]})),
        (Method::POST, "getMessages", json!({"direction": "sideways"})),
        (Method::GET, "getMessages?limit=1", json!({})),
        (Method::GET, "getMessagesV2", json!({})),
    ];
    for (method, call, body) in table {
        let request = admin.request(method, &format!("/api/public/bot/{bot}/{call}")).json(&body);
        let reply = admin.send(request).await;
        assert_eq!(reply.error(), (412, "Validation errors/ Invalid arguments".to_owned()), "{call} {body}");
    }
    server.finish().await;
}
