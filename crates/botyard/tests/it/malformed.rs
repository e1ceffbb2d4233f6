//! Imports that must fail: each says which file is wrong and where, and leaves the bot as it was.

use std::time::Duration;

use domain::BotId;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::{BotFiles, TestServer};
use crate::zip_builder::{definition, deflated, stored, with, zip, zip_with_end, zip64_extra};

/// What is wrong with an import; everything else of it is the sample bot.
enum Broken {
    Definition(Vec<u8>),
    Config(Vec<u8>),
    Functions(Vec<u8>),
    /// An import in mode ZIP, from this.
    Archive(Vec<u8>),
}
use Broken::{Archive, Config, Definition, Functions};

/// The most bytes of a document in these tests.
const MAX_DOCUMENT_BYTES: usize = 2 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_import_says_why_and_changes_nothing() {
    let server = TestServer::start_with(|setup| setup.config.jobs.max_document_bytes = MAX_DOCUMENT_BYTES as u64).await;
    let admin = server.admin().await;
    let sample = BotFiles::sample();
    let bot = admin.import_new(&sample).await.bot;
    admin.publish(&bot, "before").await;
    let state = State::of(&server, &admin, &bot).await;

    let files = sample.upload(&admin).await;
    let path = format!("/api/public/bot/{bot}/import");
    let mut started = Vec::new();
    for (case, broken, expected) in definitions(&sample).into_iter().chain(others()).chain(archives(&sample)) {
        let (member, file, bytes) = match broken {
            Definition(bytes) => ("botDefinition", "botDefinition.json", bytes),
            Config(bytes) => ("configInfo", "config.json", bytes),
            Functions(bytes) => ("botFunctions", "botFunctions.js", bytes),
            Archive(bytes) => ("zipInfo", "export.zip", bytes),
        };
        let mut body = files.clone();
        body[member] = json!(admin.upload(file, bytes).await);
        body["uploadMode"] = json!(if member == "zipInfo" { "ZIP" } else { "JSON" });
        started.push((case, admin.post(&path, &body).await.json()["_id"].clone(), file, expected));
    }
    assert!(started.len() >= 40);
    // An icon is only looked at in an import as new.
    let mut body = files.clone();
    body["icon"] = json!(admin.upload("icon.png", vec![0; MAX_DOCUMENT_BYTES + 1]).await);
    let huge_icon = admin.post("/api/public/bot/import", &body).await.json()["_id"].clone();
    started.push(("a huge icon", huge_icon, "icon.png", "icon.png has 2097153 bytes, and 2097152 are allowed"));

    let mut wrong = Vec::new();
    for (case, id, file, expected) in started {
        let record = admin.wait(&format!("/api/public/bot/import/status/{}", id.as_str().unwrap())).await;
        let lines = record["statusLogs"].as_array().unwrap();
        let failed: Vec<&Value> = lines.iter().filter(|line| line["status"] == "failed").collect();
        let reason = failed.first().and_then(|line| line["reason"].as_str()).unwrap_or_default();
        let told = record["status"] == "failed" && reason.contains(expected) && record["reason"] == reason;
        // A file from an archive goes by its own name.
        let names_file = reason.contains(file) || file == "export.zip" && reason.contains("botDefinition.json");
        let ends = lines.last().is_some_and(|line| line["taskType"] == "importBot" && line["status"] == "failed");
        if !told || !names_file || !ends || !record["streamId"].is_null() {
            wrong.push(format!("{case}: wanted {expected:?} in {record}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(State::of(&server, &admin, &bot).await, state, "the bot is as it was before all these imports");
    server.finish().await;
}

/// All there is of a bot (its exports by digest), and the contents that are kept.
#[derive(Debug, PartialEq)]
struct State {
    latest: String,
    published: String,
    revision: i64,
    versions: usize,
    bots: i64,
    contents: usize,
    icons: usize,
}

impl State {
    async fn of(server: &TestServer, admin: &Client, bot: &str) -> Self {
        let (store, id) = (server.store(), BotId::stored(bot));
        let tomorrow = store.clock().now().plus(Duration::from_secs(86_400));
        let objects = async |folder| store.blobs().names(folder, tomorrow).await.unwrap().len();
        Self {
            latest: store::sha256(&admin.export(bot, "latest").await),
            published: store::sha256(&admin.export(bot, "published").await),
            revision: store.bot(&id).await.unwrap().unwrap().revision,
            versions: store.versions(&id).await.unwrap().len(),
            bots: store.bots(&server.premises().account.id, 0, 1).await.unwrap().total,
            contents: objects("content").await,
            icons: objects("icons").await,
        }
    }
}

type Row = (&'static str, Broken, &'static str);

/// Broken definitions, with a part of the reason each is refused for.
fn definitions(sample: &BotFiles) -> Vec<Row> {
    let text = String::from_utf8(sample.definition.clone()).unwrap();
    let tree = sample.definition_value();
    // The sample with a piece of its text replaced, once.
    let edited = |from: &str, to: &str| {
        assert!(text.contains(from), "the sample has no {from}");
        Definition(text.replacen(from, to, 1).into_bytes())
    };
    // The sample with another value in one place.
    let put = |pointer: &str, value: Value| {
        let mut tree = tree.clone();
        *tree.pointer_mut(pointer).unwrap_or_else(|| panic!("the sample has no {pointer}")) = value;
        Definition(serde_json::to_vec(&tree).unwrap())
    };
    let utf16: Vec<u8> = "\u{feff}{\"_id\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut latin = text.clone().into_bytes();
    let place = text.find("Corner Coffee").unwrap();
    latin[place] = 0xe9;
    let conflict = "<<<<<<< HEAD\n    \"type\": \"default\",\n=======\n    \"type\": \"x\",\n>>>>>>> theirs\n";
    vec![
        ("an empty file", Definition(Vec::new()), "botDefinition.json:1:1: the file is empty"),
        ("white space", Definition(b" \n ".to_vec()), "the file is empty"),
        (
            "an HTML page",
            Definition(b"<!DOCTYPE html><html></html>".to_vec()),
            "the file is a web page or XML, not JSON text",
        ),
        ("a zip archive", Definition(b"PK\x03\x04\x14\x00".to_vec()), "or import with uploadMode ZIP"),
        ("a gzip file", Definition(b"\x1f\x8b\x08\x00".to_vec()), "gzip"),
        ("an image", Definition(b"\x89PNG\r\n\x1a\n".to_vec()), "botDefinition.json:1:1: the file is"),
        ("UTF-16", Definition(utf16), "UTF-16"),
        ("Latin-1", Definition(latin), "the text is not valid UTF-8 here"),
        ("a NUL byte", edited("\"type\": \"default\"", "\"type\": \0\"default\""), "a NUL byte stands here"),
        ("cut off in a string", Definition(text.as_bytes()[..place + 3].to_vec()), "the file ends inside a string"),
        ("cut off near the end", Definition(text.as_bytes()[..text.len() - 2].to_vec()), "the file ends inside"),
        ("a list", Definition(b"[]".to_vec()), "the top level must be an object, but it is a list"),
        ("a string", Definition(b"\"bot\"".to_vec()), "the top level must be an object, but it is a string"),
        ("two documents", Definition([text.as_bytes(), b"{}"].concat()), "the document is complete, but"),
        ("a conflict of merges", edited("    \"type\": \"default\",\n", conflict), "botDefinition.json:9:1: "),
        (
            "a key twice",
            edited("\"refId\"", "\"_id\": 1, \"refId\""),
            "the member \"_id\" is written twice in one object",
        ),
        ("a comma too many", edited("\"showInMp\": false,", "\"showInMp\": false,,"), "expected a member name"),
        ("a comma at the end", edited("\"en\"\n    ],", "\"en\",\n    ],"), "a comma stands before the closing ']'"),
        ("a comma missing", edited("\"showInMp\": false,", "\"showInMp\": false"), "expected a comma or '}'"),
        ("a colon missing", edited("\"showInMp\":", "\"showInMp\""), "expected a colon after the member name"),
        ("a comment", edited("\"showInMp\"", "// shown\n\"showInMp\""), "expected a member name in double quotes"),
        ("single quotes", edited("\"showInMp\"", "'showInMp'"), "expected a member name in double quotes"),
        ("no number", edited("\"showInMp\": false", "\"showInMp\": NaN"), "at /showInMp: expected a value"),
        (
            "an octal number",
            edited("\"showInMp\": false", "\"showInMp\": 01"),
            "at /showInMp: this is not a JSON number",
        ),
        ("a line break in a string", edited("Corner Coffee", "Corner\nCoffee"), "the control character U+000A"),
        ("an unknown escape", edited("Corner Coffee", "Corner \\Coffee"), "unknown escape"),
        (
            "a bomb of brackets",
            edited("\"showInMp\": false", &format!("\"showInMp\": {}", "[".repeat(1_000_000))),
            "nested more than",
        ),
        ("too large", Definition(vec![b' '; MAX_DOCUMENT_BYTES + 1]), "botDefinition.json has 2097153 bytes"),
        ("dialogs in an object", put("/dialogs", json!({})), "at /dialogs: expected a list but found an object"),
        ("a dialog that is a text", put("/dialogs/1", json!("x")), "botDefinition.json at /dialogs/1"),
        (
            "nodes in an object",
            put("/dialogs/2/nodes", json!({})),
            "at /dialogs/2/nodes: expected a list but found an object (line 1)",
        ),
        ("an id that is a number", put("/_id", json!(7)), "botDefinition.json at /_id"),
        ("utterances that are numbers", put("/sentences/3", json!(3)), "botDefinition.json at /sentences/3"),
        (
            "two dialogs of one id",
            put("/dialogs/1/_id", tree["dialogs"][0]["_id"].clone()),
            "botDefinition.json at /dialogs/1/_id",
        ),
        ("a dialog without an id", put("/dialogs/1/_id", json!(null)), "botDefinition.json at /dialogs/1/_id"),
    ]
}

/// Broken configurations and functions.
fn others() -> Vec<Row> {
    let config = |text: &str| Config(text.as_bytes().to_vec());
    vec![
        ("an empty configuration", config(""), "config.json:1:1: the file is empty"),
        ("a list for a configuration", config("[]"), "config.json:1:1: the top level must be an object"),
        ("a configuration cut off", config("{\"name\": \"x"), "config.json:1:"),
        ("a page for a configuration", config("<html></html>"), "config.json:1:1: the file is"),
        ("a key twice in a configuration", config("{\"name\": \"a\",\n\"name\": \"b\"}"), "config.json:2:1: "),
        ("variables in an object", config("{\"envVariables\": {}}"), "config.json at /envVariables: expected a list"),
        (
            "a variable without a key",
            config("{\"envVariables\": [{\"value\": \"x\"}]}"),
            "config.json at /envVariables/0: the variable has no key",
        ),
        ("functions in Latin-1", Functions(b"// caf\xe9".to_vec()), "botFunctions.js is not a text in UTF-8 (byte 6)"),
    ]
}

/// Broken archives. (The crate `archive` tests many more.)
fn archives(sample: &BotFiles) -> Vec<Row> {
    let config = || stored("config.json", &sample.config);
    let whole = zip(&[deflated("botDefinition.json", &sample.definition), config()]);
    let zeros = vec![0; MAX_DOCUMENT_BYTES - 1];
    let link = with(stored("config.json", b"/etc/passwd"), |item| {
        item.made_by = 3 << 8 | 30;
        item.attributes = 0o120_777 << 16;
    });
    vec![
        (
            "JSON for an archive",
            Archive(sample.definition.clone()),
            "export.zip: this is not a zip archive but a JSON file",
        ),
        ("an empty archive file", Archive(Vec::new()), "export.zip: this is not a zip archive but an empty file"),
        ("an archive cut off", Archive(whole[..whole.len() - 30].to_vec()), "export.zip: the zip archive is cut off"),
        (
            "an archive without a bot",
            Archive(zip(&[config()])),
            "export.zip: the zip archive has no botDefinition.json or appDefinition.json",
        ),
        (
            "two entries of one name",
            Archive(zip(&[definition(), config(), config()])),
            "two entries named \"config.json\"",
        ),
        ("a way out", Archive(zip(&[definition(), stored("../config.json", b"{}")])), "climbs out of its folder"),
        ("an absolute path", Archive(zip(&[definition(), stored("/config.json", b"{}")])), "has an absolute path"),
        ("a symbolic link", Archive(zip(&[definition(), link])), "\"config.json\" is a symbolic link"),
        ("a password", Archive(zip(&[with(definition(), |item| item.flags = 1)])), "is encrypted"),
        ("a bomb", Archive(zip(&[deflated("botDefinition.json", &zeros)])), "like a decompression bomb"),
        (
            "a large entry",
            Archive(zip(&[stored("botDefinition.json", &[zeros, vec![0; 2]].concat())])),
            "unpacks to more than the 2097152 bytes allowed",
        ),
        (
            "a claim of 4 GB",
            Archive(zip(&[with(definition(), |item| item.packed_size = 0xffff_fffe)])),
            "should end at byte 4294967342",
        ),
        (
            "a claim of 16 EiB",
            Archive(zip(&[with(definition(), |item| {
                item.size = u32::MAX;
                item.extra = zip64_extra(&[u64::MAX]);
            })])),
            "where the archive's directory says 18446744073709551615",
        ),
        (
            "a directory of 4 GB",
            Archive(zip_with_end(&[definition()], |end| end[12..16].fill(0xff))),
            "export.zip: the zip archive is damaged at byte",
        ),
        ("another checksum", Archive(zip(&[with(definition(), |item| item.checksum ^= 1)])), "fails its checksum"),
        (
            "a broken bot in an archive",
            Archive(zip(&[stored("bot/botDefinition.json", b"{\n\"dialogs\": 7}")])),
            "botDefinition.json",
        ),
    ]
}
