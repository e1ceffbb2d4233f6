//! Files that come in by the odd forms clients send, and go out by links that prove themselves.

use std::time::Duration;

use domain::{Clock, ManualClock};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::TestServer;
use crate::support::client::Client;

/// The largest file in these tests. Bytes.
const MAX_UPLOAD_BYTES: u64 = 1000;

/// Form and content type, then the content that was understood, or status and detail of the refusal.
type Row = (&'static str, Option<&'static str>, Vec<u8>, Result<&'static [u8], (u16, &'static str)>);

/// A part with these headers and this content, in a form of boundary `B`.
fn part(head: &str, content: &str) -> String {
    format!("--B\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
}

fn forms() -> Vec<Row> {
    const B: Option<&str> = Some("multipart/form-data; boundary=B");
    let file = part("name=\"file\"; filename=\"bot.json\"", "{}");
    let context = part("name=\"fileContext\"", "bulkImport");
    let extension = part("name=\"fileExtension\"", "json");
    let form = |parts: &[&str]| format!("{}--B--\r\n", parts.concat()).into_bytes();
    // As the vendor's own SDK writes it: dashes in the boundary, `;` at the ends, base64, no line end after the last.
    let sdk = b"----------MultipartData0.6182\r\n\
        Content-Disposition: form-data; name=\"fileContext\";\r\n\r\nbulkImport\r\n\
        ----------MultipartData0.6182\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"C:\\bots\\export.zip\";\r\n\
        Content-Type: zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAIAA==\r\n\
        ----------MultipartData0.6182--";
    let large = "x".repeat(MAX_UPLOAD_BYTES as usize);
    let named = "name=\"file\"; filename=\"a.json\"";
    vec![
        ("file first", B, form(&[&file, &context, &extension]), Ok(b"{}")),
        ("file last", B, form(&[&extension, &context, &file]), Ok(b"{}")),
        ("file alone", B, form(&[&file]), Ok(b"{}")),
        ("no file name", B, form(&[&part("name=\"file\"", "{}")]), Ok(b"{}")),
        ("an empty file", B, form(&[&part("name=\"file\"; filename=\"a\"", "")]), Ok(b"")),
        ("unknown parts", B, form(&[&part("name=\"token\"", &large), &file]), Ok(b"{}")),
        (
            "the SDK's form",
            Some("multipart/form-data; boundary=--------MultipartData0.6182"),
            sdk.to_vec(),
            Ok(b"PK\x03\x04\x14\x00\x00\x00\x08\x00"),
        ),
        ("the SDK's form without its type", None, sdk.to_vec(), Ok(b"PK\x03\x04\x14\x00\x00\x00\x08\x00")),
        ("no boundary in the type", Some("multipart/form-data"), form(&[&file]), Ok(b"{}")),
        ("no file", B, form(&[&context, &extension]), Err((412, "the form has no part named `file` with a file"))),
        ("no part", B, b"--B--\r\n".to_vec(), Err((412, "the form has no part named `file` with a file"))),
        ("nothing", B, Vec::new(), Err((412, "the form is empty"))),
        ("two files", B, form(&[&file, &file]), Err((412, "the form has two parts named `file`; send one"))),
        ("JSON", Some("application/json"), b"{}".to_vec(), Err((412, "send the form as multipart/form-data"))),
        ("cut off", B, file.clone().into_bytes(), Err((412, "without its final boundary"))),
        (
            "broken base64",
            B,
            form(&["--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nUEs*\r\n"]),
            Err((412, "is announced as base64 and has")),
        ),
        (
            "a long field",
            B,
            form(&[&part("name=\"fileContext\"", &"x".repeat(5000)), &file]),
            Err((412, "a field of the form is too long")),
        ),
        (
            "a byte too many",
            B,
            form(&[&part(named, &format!("{large}x"))]),
            Err((413, "The file is larger than 1000 bytes, the most this server takes")),
        ),
    ]
}

#[tokio::test]
async fn files_come_in_by_every_form_or_leave_nothing() {
    let server = TestServer::start_with(|setup| setup.config.api.max_upload_bytes = MAX_UPLOAD_BYTES).await;
    let admin = server.admin().await;
    let mut kept = 0;
    for (name, content_type, form, expected) in forms() {
        let mut request = admin.request(Method::POST, "/api/public/uploadfile").body(form);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let reply = admin.send(request.header("accept", "application/problem+json")).await;
        match expected {
            Ok(content) => {
                let told = reply.json();
                let id = told["fileId"].as_str().unwrap();
                assert!(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {id}");
                assert_eq!(
                    told,
                    json!({"fileId": id, "size": content.len(), "sha256": store::sha256(content)}),
                    "{name}"
                );
                kept += 1;
            }
            Err((status, detail)) => {
                let problem = reply.value();
                let told = problem["detail"].as_str().or_else(|| problem["title"].as_str()).unwrap();
                assert!(reply.status == status && told.contains(detail), "{name}: {problem}");
            }
        }
        assert_eq!(uploads(&server).await, kept, "{name}: files that are kept");
    }
    server.finish().await;
}

/// How many uploaded files are kept.
async fn uploads(server: &TestServer) -> usize {
    let tomorrow = server.store().clock().now().plus(Duration::from_secs(86_400));
    server.store().blobs().names("uploads", tomorrow).await.unwrap().len()
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let address = server.url().replace("http://", "");
    let mut connection = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/public/uploadfile HTTP/1.1\r\nhost: {address}\r\nauth: {}\r\n\
         content-type: multipart/form-data; boundary=B\r\ncontent-length: 90000000\r\n\r\n{}",
        admin.token(),
        part("name=\"file\"; filename=\"a.zip\"", "").trim_end_matches("\r\n").to_owned() + "\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    // Far more than is held in memory, so that writing has begun or is about to.
    connection.write_all(&vec![b'x'; 32 << 20]).await.unwrap();
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    while server.half_written_objects().is_empty() {
        pause.tick().await;
    }
    connection.shutdown().await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    // `finish` stops the server, which waits for the handler, and looks for what was left half written.
    assert_eq!(uploads(&server).await, 0);
    server.finish().await;
}

#[tokio::test]
async fn links_are_good_for_what_they_name_until_they_end() {
    let mut hand = None;
    let server = TestServer::start_with(|setup| {
        setup.config.api.redirect_downloads = false;
        setup.config.api.link_lifetime_s = 3600;
        hand = Some(stopped_clock(setup));
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let link = link_to_export(&admin, &bot).await;
    let none = server.anonymous();
    let whole = none.get(&link).await;
    let size = whole.body.len();
    let etag = whole.header("etag").to_owned();
    assert_eq!(whole.status, 200);
    assert_eq!((whole.header("content-type"), whole.header("accept-ranges")), ("application/zip", "bytes"));
    assert_eq!(whole.header("x-content-sha256"), store::sha256(&whole.body));
    assert_eq!(whole.header("content-length"), size.to_string());
    assert!(whole.header("content-disposition").contains("filename*=UTF-8''Corner%20Coffee.zip"));

    let last = size - 10;
    let tail = format!("bytes={last}-");
    let tail_place = format!("bytes {last}-{}/{size}", size - 1);
    let outside = format!("bytes={size}-");
    // Method, header, then: status, place of the range, what of the file is in the body.
    let table = [
        ("GET", ("range", "bytes=0-9"), 206, format!("bytes 0-9/{size}"), 0..10),
        ("GET", ("range", tail.as_str()), 206, tail_place.clone(), last..size),
        ("GET", ("range", "bytes=-10"), 206, tail_place, last..size),
        ("GET", ("range", "bytes=0-1,4-5"), 200, String::new(), 0..size),
        ("GET", ("range", "lines=1-2"), 200, String::new(), 0..size),
        ("GET", ("if-none-match", etag.as_str()), 304, String::new(), 0..0),
        ("GET", ("if-none-match", "\"other\""), 200, String::new(), 0..size),
        ("HEAD", ("accept", "*/*"), 200, String::new(), 0..0),
    ];
    for (method, (name, value), status, place, content) in table {
        let reply = none.send(none.request(method.parse().unwrap(), &link).header(name, value)).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("content-range")),
            (status, place.as_str()),
            "{method} {value}"
        );
        assert!(reply.body == whole.body[content], "{method} {name} {value}");
        assert_eq!(reply.header("etag"), etag, "{method} {name} {value}");
    }
    let head = none.send(none.request(Method::HEAD, &link)).await;
    assert_eq!(head.header("content-length"), size.to_string());
    let beyond = none.send(none.request(Method::GET, &link).header("range", &outside)).await;
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));

    for (what, from, to) in [
        ("a later end", "?e=", "?e=9"),
        ("another nonce", "&n=", "&n=1"),
        ("another signature", "&s=", "&s=A"),
        ("another folder", "/media/", "/market/"),
        ("another file", "/f-", "/f-0"),
        ("another name", "Corner", "Evil"),
    ] {
        assert!(link.contains(from), "{link} has no {from}");
        assert_eq!(none.get(&link.replacen(from, to, 1)).await.status, 403, "{what}");
    }
    assert_eq!(none.get(link.split('?').next().unwrap()).await.status, 403, "no signature at all");
    hand.unwrap().advance(Duration::from_secs(3601));
    assert_eq!(none.get(&link).await.status, 403, "the link ended");
    server.finish().await;
}

async fn link_to_export(admin: &Client, bot: &str) -> String {
    admin.export(bot, "latest").await;
    let record = admin.get(&format!("/api/public/bot/{bot}/export/status")).await.json();
    let link = record["downloadURL"].as_str().unwrap().to_owned();
    let parameters = record["store"]["urlParams"].as_str().unwrap();
    assert!(link.ends_with(parameters) && parameters.starts_with("?e="), "{record}");
    assert_eq!([&record["streamId"], &record["botId"]], [bot, bot]);
    let keys = ["fileId", "fileSize", "sha256"].map(|key| record[key].is_string());
    assert_eq!((keys, &record["version"]), ([true; 3], &Value::Null));
    link
}

fn stopped_clock(setup: &mut crate::support::server::Setup) -> ManualClock {
    let (clock, hand) = Clock::manual(Clock::system().now());
    setup.options.sources.clock = clock;
    hand
}

#[tokio::test]
async fn links_begin_as_the_owner_says_or_as_the_client_called() {
    let url = "https://bots.example.com:8081";
    let server = TestServer::start_with(|setup| setup.config.api.public_url = Some(format!("{url}/"))).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let started = admin.post(&format!("/api/public/bot/{bot}/export"), &json!({"exportType": "latest"})).await.json();
    let record =
        admin.wait(&format!("/api/public/bot/{bot}/export/status?exportId={}", started["_id"].as_str().unwrap())).await;
    let link = record["downloadURL"].as_str().unwrap();
    assert!(link.starts_with(&format!("{url}/api/getMediaStream/media/f-")), "{link}");
    // The client re-bases it, as the vendor's script does.
    admin.download(&link.replace(url, &server.url())).await;
    server.finish().await;
}
