//! Files that users send, whole and in pieces, by both families of paths.

use access::AppKind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestServer;
use crate::support::client::{Client, Reply};
use crate::support::server::token;

/// A form: its type and its body.
type Form = (String, Vec<u8>);

/// A form as the SDKs write it: `;` at the ends, base64 where it is asked for.
fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Form {
    const BOUNDARY: &str = "--------MultipartData0.6182";
    let mut body = Vec::new();
    for (name, text) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\";\r\n\r\n{text}\r\n");
        body.extend(part.into_bytes());
    }
    if let Some((name, bytes)) = file {
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"blob\";\r\n\r\n");
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--").into_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

async fn send(client: &Client, method: Method, path: &str, form: Form) -> Reply {
    client.send(client.request(method, path).header("content-type", form.0).body(form.1)).await
}

async fn file_token(client: &Client, path: &str) -> String {
    let answer = client.post(path, &json!({})).await.json();
    answer["fileToken"].as_str().unwrap_or_else(|| panic!("no token in {answer}")).to_owned()
}

/// The paths of the four calls: the token, a whole file, and before and behind the token a file in pieces.
struct Paths {
    token: String,
    whole: String,
    pieces: String,
}

fn both(bot: &str) -> [Paths; 2] {
    let webhook = format!("/api/attachments/{bot}/ivr/token");
    [
        Paths {
            token: "/api//attachment/file/token".to_owned(),
            whole: "/api/1.1/attachment/file".to_owned(),
            pieces: "/api/1.1/attachment/file".to_owned(),
        },
        Paths { token: webhook.clone(), whole: format!("/api/attachments/file/{bot}/ivr"), pieces: webhook },
    ]
}

#[tokio::test]
async fn files_come_whole_and_in_pieces() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let app = server.app(AppKind::Builder, &[&bot]).await;
    let user = server.client_with_token(&token(&app, &json!({"appId": app.client_id, "sub": "ada"})));
    let account = &server.premises().account.id;
    let ada = conversation::user_of(account, "ada");
    for paths in both(&bot) {
        let ticket = file_token(&user, &paths.token).await;
        let fields = [("fileToken", ticket.as_str()), ("fileContext", "workflows"), ("filename", "a.PNG")];
        let sent = send(&user, Method::POST, &paths.whole, form(&fields, Some(("file", b"\x89PNG\r\n")))).await.json();
        let pieces = [vec![b'a'; 1 << 20], vec![b'b'; 1 << 20], b"c\r\n".to_vec()];
        let ticket = file_token(&user, &paths.token).await;
        // In any order, and one of them twice.
        for at in [2, 0, 1, 0] {
            let number = at.to_string();
            let fields = [("chunkNo", number.as_str()), ("messageToken", ticket.as_str())];
            let path = format!("{}/{ticket}/chunk", paths.pieces);
            let piece = form(&fields, Some(("chunk", &pieces[at])));
            assert_eq!(send(&user, Method::POST, &path, piece).await.json()["chunkNo"], at);
        }
        let fields = [("totalChunks", "3"), ("messageToken", &ticket), ("filename", "b"), ("fileExtension", "txt")];
        let path = format!("{}/{ticket}", paths.pieces);
        let joined = send(&user, Method::PUT, &path, form(&fields, None)).await.json();
        let as_json = user.put(&path, &json!({"totalChunks": 3, "filename": "b.txt"})).await.json();
        assert_eq!(as_json["hash"], joined["hash"]);
        for (answer, name, extension, content) in
            [(&sent, "a.PNG", "png", b"\x89PNG\r\n".to_vec()), (&joined, "b", "txt", pieces.concat())]
        {
            let id = answer["fileId"].as_str().unwrap();
            let file = server.store().attachment(account, &ada, id).await.unwrap().expect("it is the user's");
            assert_eq!((file.name.as_str(), file.extension.as_str()), (name, extension));
            assert_eq!(answer["hash"], file.digest);
            let kept = server.store().blobs().get(&file.object_key).await.unwrap();
            assert!(kept == content, "{name}: {} bytes", kept.len());
        }
    }

    // A message may name the file.
    let ticket = file_token(&user, "/api/attachment/file/token").await;
    let fields = [("fileToken", ticket.as_str()), ("filename", "c.txt")];
    let sent = send(&user, Method::POST, "/api/attachment/file", form(&fields, Some(("file", b"c")))).await.json();
    let file = json!({"fileId": sent["fileId"], "fileName": "c.txt", "fileType": "attachment"});
    let message = json!({"message": {"type": "text", "val": "look", "attachments": [file]}, "from": {"id": "ada"}});
    user.post(&format!("/chatbot/v2/webhook/{bot}"), &message).await.json();
    server.finish().await;
}

/// A call: its name, who makes it, where, with which form; and the status and message of the refusal.
type Row<'a> = (&'a str, &'a Client, &'a Method, &'a str, Form, (u16, &'a str));

#[tokio::test]
async fn what_cannot_be_taken_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let app = server.app(AppKind::Builder, &[&bot]).await;
    let of = |user: &str| server.client_with_token(&token(&app, &json!({"appId": app.client_id, "sub": user})));
    let (ada, ben) = (of("ada"), of("ben"));
    for Paths { token, whole, pieces } in both(&bot) {
        let ticket = file_token(&ada, &token).await;
        let piece = |number: &str| form(&[("chunkNo", number)], Some(("chunk", b"x")));
        let of_token = format!("{pieces}/{ticket}");
        let chunk = format!("{of_token}/chunk");
        let unknown = format!("{pieces}/nonsense/chunk");
        let stray = form(&[("fileToken", "v1.x")], Some(("file", b"x")));
        let count = |count: &str| form(&[("totalChunks", count)], None);
        let (post, put) = (Method::POST, Method::PUT);
        let (no_token, no_form) = ((400, "Invalid file token"), (412, "Validation errors/ Invalid arguments"));
        let table: [Row<'_>; 10] = [
            ("no file", &ada, &post, &whole, form(&[("filename", "a")], None), no_form),
            ("an empty file", &ada, &post, &whole, form(&[], Some(("file", b""))), no_form),
            ("JSON", &ada, &post, &whole, ("application/json".into(), b"{}".to_vec()), no_form),
            ("a wrong token", &ada, &post, &whole, stray, no_token),
            ("another's token", &ben, &post, &chunk, piece("0"), no_token),
            ("no token", &ada, &post, &unknown, piece("0"), no_token),
            ("no number", &ada, &post, &chunk, piece("one"), no_form),
            ("a large number", &ada, &post, &chunk, piece("1000"), no_form),
            ("a piece is missing", &ada, &put, &of_token, count("1"), no_form),
            ("no pieces", &ada, &put, &of_token, count("0"), no_form),
        ];
        for (name, client, method, path, form, (status, message)) in table {
            let reply = send(client, method.clone(), path, form).await;
            assert_eq!(reply.error(), (status, message.to_owned()), "{name} at {path}");
        }
        let large = vec![b'x'; (25 << 20) + 1];
        let reply = send(&ada, Method::POST, &whole, form(&[], Some(("file", &large)))).await;
        reply.refused(413, "The file is larger than 26214400 bytes, the most a user may send");
        // Nor by pieces.
        for (number, part) in [("0", &large[..1]), ("1", &large[1..])] {
            send(&ada, Method::POST, &chunk, form(&[("chunkNo", number)], Some(("chunk", part)))).await.json();
        }
        let reply = ada.put(&of_token, &json!({"totalChunks": 2})).await;
        reply.refused(413, "The file is larger than 26214400 bytes, the most a user may send");
        server.anonymous().post(&token, &json!({})).await.refused(401, "Invalid SDK credentials");
    }
    let other = server.builder(&["st-other"]).await;
    let path = format!("/api/attachments/{bot}/ivr/token");
    other.post(&path, &Value::Null).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}

#[tokio::test]
async fn files_go_with_their_user() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let app = server.app(AppKind::Admin, &[]).await;
    let user = server.client_with_token(&token(&app, &json!({"appId": app.client_id, "userIdentity": "ada"})));
    let sent = send(&user, Method::POST, "/api/attachment/file", form(&[], Some(("file", b"x")))).await.json();
    let (account, id) = (&server.premises().account.id, sent["fileId"].as_str().unwrap());
    let ada = conversation::user_of(account, "ada");
    assert!(server.store().attachment(account, &ada, id).await.unwrap().is_some());
    let body = json!({"userIds": ["ada"], "RemoveDataFromAllBots": true});
    let path = "/api/public/bot/eraseUsersData";
    let started = admin.send(admin.request(Method::DELETE, path).json(&body)).await.json();
    let record = admin.wait(&format!("{path}/status/{}", started["requestId"].as_str().unwrap())).await;
    assert_eq!(record["erased"]["attachments"], 1, "{record}");
    assert!(server.store().attachment(account, &ada, id).await.unwrap().is_none());
    server.finish().await;
}
