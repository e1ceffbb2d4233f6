//! The page of a form, from the link the bot gives to what the bot says to the values.

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::support::TestServer;
use crate::support::client::{Client, Reply};

/// Says something to the sample bot; the answer.
pub async fn say(client: &Client, bot: &str, user: &str, text: &str) -> Value {
    let body = json!({"session": {"new": false}, "message": {"type": "text", "val": text}, "from": {"id": user}});
    client.post(&format!("/chatbot/v2/webhook/{bot}"), &body).await.json()
}

/// Talks to the sample bot until it offers its form; the link.
async fn offered(client: &Client, bot: &str, user: &str) -> String {
    for text in ["leave feedback", "The cake was dry."] {
        say(client, bot, user, text).await;
    }
    let answer = say(client, bot, user, &format!("{user}@example.com")).await;
    let link = answer["form"]["formInitialization"]["formLink"].as_str();
    link.unwrap_or_else(|| panic!("no form in {answer}")).to_owned()
}

/// Opens a link as a browser does, without a token.
async fn open(client: &Client, link: &str) -> Reply {
    client.send(client.request(Method::GET, link).header("accept", "text/html,application/json;q=0.1")).await
}

async fn send(client: &Client, link: &str, fields: &[(&str, &str)]) -> Reply {
    let encoded = Url::parse_with_params("form:", fields).unwrap().query().unwrap_or_default().to_owned();
    let request = client.request(Method::POST, link).header("content-type", "application/x-www-form-urlencoded");
    client.send(request.body(encoded)).await
}

/// Expects a page with these parts.
#[track_caller]
fn page(reply: &Reply, status: u16, parts: &[&str]) {
    let text = reply.text();
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (status, "text/html; charset=utf-8"), "{text}");
    let policy = reply.header("content-security-policy");
    let (begin, end) =
        ("default-src 'none'; style-src 'sha256-", "; form-action 'self'; base-uri 'none'; frame-ancestors 'self'");
    assert!(policy.starts_with(begin) && policy.contains(end), "{policy}");
    let style = text.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert!(policy.contains(&access::digest::sha256_base64(style.as_bytes())), "the page's own style is let through");
    assert!(!text.contains("<script") && !text.contains(" style="), "nothing else is needed: {text}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!((reply.header("cache-control"), reply.header("referrer-policy")), ("no-store", "no-referrer"));
    for part in parts {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

const USED: &str = "The form was sent already, or the conversation went on without it.";

#[tokio::test]
async fn people_fill_in_a_form_once() {
    let server = TestServer::start().await;
    let (admin, nobody) = (server.admin().await, server.anonymous());
    let bot = admin.import_sample().await;
    admin.publish(&bot, "for a form").await;
    let link = offered(&admin, &bot, "ada").await;
    assert!(link.contains("/api/1.1/UIFlow/forms/token?hash="), "{link}");

    let shown = open(&nobody, &link).await;
    page(&shown, 200, &["<h1>Rate your visit</h1>", "<legend>How was it?", "value=\"5\" required>", ">Send</button>"]);
    let again = send(&nobody, &link, &[("guestName", "<Ada>"), ("rating", "6")]).await;
    page(&again, 400, &["Choose one of the list.", "value=\"&lt;Ada&gt;\"", "href=\"#f0\""]);
    let sent = send(&nobody, &link, &[("guestName", "Ada"), ("rating", "5")]).await;
    page(&sent, 200, &["<p>Your rating has arrived.</p>", "You gave us 5 of 5.", "You can close this page"]);
    for reply in [open(&nobody, &link).await, send(&nobody, &link, &[("rating", "1")]).await] {
        page(&reply, 410, &[USED]);
    }
    let messages = format!("/api/public/bot/{bot}/getMessages?userId=ada&channelType=ivr&limit=1");
    let last = admin.get(&messages).await.json()["messages"][0]["components"][0]["data"]["text"].clone();
    assert!(last.as_str().unwrap().contains("You gave us 5 of 5."), "what the bot said is in the history: {last}");
    server.finish().await;
}

#[tokio::test]
async fn a_form_can_be_called_off() {
    let server = TestServer::start().await;
    let (admin, nobody) = (server.admin().await, server.anonymous());
    let bot = admin.import_sample().await;
    admin.publish(&bot, "for a form").await;
    let link = offered(&admin, &bot, "ben").await;
    let shown = open(&nobody, &link).await.text();
    let cancel = shown.split("formaction=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let called_off = format!("{}{cancel}", link.split('?').next().unwrap());
    page(&send(&nobody, &called_off, &[("rating", "")]).await, 200, &["You can close this page"]);
    page(&open(&nobody, &link).await, 410, &[USED]);

    // A conversation that goes on leaves its form behind.
    let link = offered(&admin, &bot, "cy").await;
    let new = json!({"session": {"new": true}, "message": {"type": "text", "val": "hello"}, "from": {"id": "cy"}});
    admin.post(&format!("/chatbot/v2/webhook/{bot}"), &new).await.json();
    page(
        &send(&nobody, &link, &[("rating", "1")]).await,
        410,
        &["The conversation that asked for the form has ended."],
    );
    server.finish().await;
}

#[tokio::test]
async fn programs_read_and_send_a_form_as_json() {
    let server = TestServer::start().await;
    let (admin, nobody) = (server.admin().await, server.anonymous());
    let bot = admin.import_sample().await;
    admin.publish(&bot, "for a form").await;
    let link = offered(&admin, &bot, "dora").await;
    let read = nobody.send(nobody.request(Method::GET, &link).header("accept", "application/json")).await.json();
    assert_eq!((&read["formName"], &read["title"]), (&json!("RatingForm"), &json!("Rate your visit")));
    assert_eq!(read["formDef"]["components"][0]["name"], "rating");

    let missing = nobody.post(&link, &json!({"formData": {"guestName": "Dora"}})).await;
    assert_eq!(missing.status, 400);
    assert_eq!(
        missing.value(),
        json!({"success": false, "errors": [{"msg": "Choose one.", "code": 400, "field": "rating"}]})
    );
    for body in [json!({}), json!({"formData": ["5"]})] {
        nobody.post(&link, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    let sent = nobody.post(&link, &json!({"values": {"rating": 4}})).await.json();
    assert_eq!((&sent["success"], &sent["messages"][0]), (&json!(true), &json!("Your rating has arrived.")));
    nobody.post(&link, &json!({"cancel": true})).await.refused(410, USED);

    let base = link.split('?').next().unwrap();
    nobody.post(base, &json!({})).await.refused(400, "`hash` is missing: open the whole link the bot gave");
    for altered in [format!("{link}x"), format!("{base}?hash=v1.AAAA")] {
        assert_eq!(nobody.post(&altered, &json!({"cancel": true})).await.status, 410, "{altered}");
        page(&open(&nobody, &altered).await, 410, &["ask the bot for a new one."]);
    }
    server.finish().await;
}

#[tokio::test]
async fn sites_that_may_embed_forms_are_named() {
    let sites = ["'self'".to_owned(), "https://www.example.com".to_owned()];
    let server =
        TestServer::start_with(|setup| setup.config.api.frame_ancestors = sites.to_vec().try_into().unwrap()).await;
    let shown = open(&server.anonymous(), "/api/UIFlow/forms/token?hash=x").await;
    page(&shown, 410, &["ask the bot for a new one."]);
    let policy = shown.header("content-security-policy");
    assert!(policy.ends_with("; frame-ancestors 'self' https://www.example.com"), "{policy}");
    server.finish().await;
}
