//! Reading, indexing and writing documents, through the public door.

mod corpus;

use definition::document::{MAX_DEPTH, elements, members};
use definition::{Document, Edit, write};
use proptest::prelude::*;
use serde_json::{Value, json};

fn parse(text: &str) -> Document {
    Document::parse(text, "bot.json").expect("the test document is valid")
}

#[test]
fn unreadable_files_are_explained() {
    let deep = format!("{{\"a\": {}", "[".repeat(MAX_DEPTH));
    let table: Vec<(&[u8], &str)> = vec![
        (b"", "bot.json:1:1: the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b"PK\x03\x04rest", "a ZIP archive, not JSON text; unpack it"),
        (b"\x89PNG\r\n", "a PNG image"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"\n<!DOCTYPE html>", "a web page or XML, not JSON text; a sign-in or error page"),
        (b"{\"a\": \"\xff\"}", "bot.json:1:8: the text is not valid UTF-8"),
        (b"MZ\0\0\xff", "bot.json:1:3: a NUL byte"),
        (b"{\"a\": \0}", "bot.json:1:7: at /a: a NUL byte"),
        (b"{\"a\": \"x\0\"}", "bot.json:1:9: at /a: a NUL byte"),
        (b"[1]", "bot.json:1:1: the top level must be an object, but it is a list"),
        (b"null", "must be an object, but it is a single value"),
        (b"var x = 1", "expected a value but found `var`"),
        (b"{\n\"a\": [1, {\"b\": tru", "bot.json:2:16: at /a/1/b: the file ends inside a value"),
        (b"{\"a\": \"x", "the file ends inside a string"),
        (b"{\"a\": [1,2", "bot.json:1:11: at /a: the file ends inside a list"),
        (b"{\"a\": 1", "bot.json:1:8: the file ends inside an object"),
        (b"{\"a\": -", "at /a: the file ends inside a number"),
        (b"{\"a\": [1, 2, ]}", "bot.json:1:12: at /a: a comma stands before the closing ']'"),
        (b"{\"a\": 1,\n}", "bot.json:1:8: a comma stands before the closing '}'"),
        (b"{\"a\": 1 \"b\": 2}", "expected a comma or '}' but found a string"),
        (b"{\"a\": [1 x]}", "at /a: expected a comma or ']' but found `x`"),
        (b"{a: 1}", "expected a member name in double quotes but found `a`"),
        (b"{\"a\" 1}", "expected a colon after the member name but found `1`"),
        (b"{\"a\": 'x'}", "expected a value but found '\\''"),
        (b"{\"a\": undefined}", "expected a value but found `undefined`"),
        (b"{ // note\n}", "found a comment, which JSON does not have"),
        (b"{\"a\": 01}", "bot.json:1:7: at /a: this is not a JSON number"),
        (b"{\"a\": 1.}", "this is not a JSON number"),
        (b"{\"a\": 1e+}", "this is not a JSON number"),
        (b"{\"a\": \"x\ny\"}", "bot.json:1:9: at /a: a string contains the control character U+000A"),
        (b"{\"a\": \"\\x\"}", "a string contains an unknown escape"),
        (b"{\"a\": \"\\u12g4\"}", "a string contains an unknown escape"),
        (b"{} {}", "bot.json:1:4: the document is complete, but '{' follows it"),
        (deep.as_bytes(), "nested more than 128 levels deep"),
        (
            b"{\"x\": {\n\"a/b\": 1,\n\"c\": 2,\n\"a\\u002fb\": 3}}",
            "bot.json:4:1: at /x: the member \"a/b\" is written twice in one object, first on line 2",
        ),
        (b"{\n<<<<<<< HEAD\n\"a\": 1\n", "bot.json:2:1: a Git merge-conflict marker"),
        (b"<<<<<<< HEAD\n{}", "bot.json:1:1: a Git merge-conflict marker"),
        (b"{\"a\": 1\n=======\n\"b\": 2}", "bot.json:2:1: a Git merge-conflict marker"),
        (b"{\"a\": [1,\n>>>>>>> other\n2]}", "bot.json:2:1: at /a/1: a Git merge-conflict marker"),
        ("{\"é\": \"é\", x}".as_bytes(), "bot.json:1:12: expected a member name"),
    ];
    for (bytes, expected) in table {
        let message = Document::parse(bytes, "bot.json").unwrap_err().to_string();
        let input = String::from_utf8_lossy(bytes);
        assert!(message.contains(expected), "{input:?} gave {message:?}, expected {expected:?}");
    }
}

#[test]
fn valid_texts_are_kept_to_the_byte() {
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(MAX_DEPTH - 1), "]".repeat(MAX_DEPTH - 1));
    let table = [
        "{}",
        "\u{feff}{\"a\":1}\r\n",
        " {\"a\" : [ ] , \"\" : -0.5e+10, \"b\":1E5, \"c\":[true,false,null,{}] }\n\n",
        r#"{"a": "\ud83d", "b\ud83d": 1, "b\ud83e": "\ud83d\ud83d\ude00"}"#,
        "{\"a\": \"\u{2028}\u{7f}<<<<<<<\"}",
        "{\"a\": {\"x\": 1}, \"b\": {\"x\": 1}, \"x\": 1}",
        &deep,
    ];
    for text in table {
        assert_eq!(parse(text).text(), text);
    }
    assert!(parse(&deep).decode::<Value>("a").unwrap().is_some(), "what may be stored may be decoded");
}

#[test]
fn members_are_found_decoded_and_reported() {
    let text = "{\n \"_id\": \"st-1\",\n \"a\\u0062\": [ 1 , {\"x\": \"},\"} ,[2]],\n \"half\": \"\\ud83d!\",\n \"none\": null\n}";
    let document = parse(text);
    let keys: Vec<_> = document.members().map(|(key, _)| key.into_owned()).collect();
    assert_eq!(keys, ["_id", "ab", "half", "none"]);
    assert_eq!(document.id().as_deref(), Some("st-1"));
    assert_eq!(document.raw("half"), Some("\"\\ud83d!\""));
    assert_eq!(document.decode::<String>("half").unwrap().as_deref(), Some("\u{fffd}!"));
    assert_eq!(document.decode::<Vec<u8>>("none").unwrap(), None);
    assert_eq!(document.decode::<Vec<u8>>("absent").unwrap(), None);

    let parts: Vec<_> = document.elements("ab").unwrap().collect();
    assert_eq!(parts, ["1", "{\"x\": \"},\"}", "[2]"]);
    assert_eq!(document.elements("absent").unwrap().count(), 0);
    assert_eq!(document.position_of(parts[2]), (3, 32));

    let error = document.elements("_id").unwrap_err().to_string();
    assert_eq!(error, "bot.json:2:9: at /_id: expected a list but found a string");
    let error = document.decode::<Vec<u8>>("ab").unwrap_err();
    assert_eq!((error.pointer.as_str(), error.line), ("/ab/1", 3));
    let error = document.decode_part::<u8>(parts[2], "/ab/2").unwrap_err().to_string();
    assert!(error.starts_with("bot.json:3:3"), "{error}");
}

#[test]
fn only_the_id_changes() {
    let table = [
        ("{\n    \"a\": 1,\n    \"_id\": \"st-1\"\n}", "{\n    \"a\": 1,\n    \"_id\": \"st-2\"\n}"),
        ("{\"_id\":null}", "{\"_id\":\"st-2\"}"),
        ("{\n  \"a\": {\"_id\": \"x\"}\n}", "{\n  \"_id\": \"st-2\",\n  \"a\": {\"_id\": \"x\"}\n}"),
        ("\u{feff}{\"a\":1}", "\u{feff}{\"_id\": \"st-2\",\"a\":1}"),
        ("{}", "{\n    \"_id\": \"st-2\"\n}"),
        ("{  }", "{\n    \"_id\": \"st-2\"\n  }"),
    ];
    for (before, after) in table {
        let written = parse(before).with_id("st-2").pieces().concat();
        assert_eq!(written, after);
        assert_eq!(parse(&written).id().as_deref(), Some("st-2"));
    }
}

#[test]
fn edits_touch_what_they_name() {
    let document = parse("{\"a\":1.50,\"b\":{\"x\":[ ],\"y\":[1,\"\\/\"]},\"c\":\"\\ud83d\"}");
    let mut edit = Edit::of(&document);
    edit.set("a", &json!({"k": []}));
    edit.set("d", &json!(null));
    edit.insert_after(Some("a"), "new", &json!("\u{1}"));
    edit.insert_after(None, "first", &json!(1));
    edit.remove("absent");
    edit.set_elements("list", ["{\"z\":1}", "2"]);
    let expected = r#"{
    "first": 1,
    "a": {
        "k": []
    },
    "new": "\u0001",
    "b": {
        "x": [],
        "y": [
            1,
            "/"
        ]
    },
    "c": "\ud83d",
    "d": null,
    "list": [
        {
            "z": 1
        },
        2
    ]
}"#;
    assert_eq!(edit.finish("bot.json").unwrap().text(), expected);
    edit.retain(|_| false);
    assert_eq!(edit.write(), "{}");
    edit.set_text("broken", "[1,");
    assert!(edit.finish("bot.json").is_err());
}

#[test]
fn corpus_definitions_are_written_as_they_were_read() {
    for export in corpus::exports() {
        for bytes in [&export.definition, &export.config] {
            let document = Document::parse(bytes.clone(), &export.name).unwrap();
            assert_eq!(document.text().as_bytes(), &bytes[..], "{}", export.name);
            assert_eq!(Edit::of(&document).write().as_bytes(), &bytes[..], "{}", export.name);
        }
    }
}

/// Trees of values with awkward strings, deep and wide enough to meet every branch of the scanner.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\"\\\\/\u{0}-\u{1f}%{}\\[\\]:, ]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..30).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn generated_documents_survive_reading_and_writing(content in prop::collection::vec((any::<String>(), values()), 0..6)) {
        let tree: Value = content.into_iter().collect();
        let vendor = write::value(&tree);
        let document = parse(&vendor);
        prop_assert_eq!(&Edit::of(&document).write(), &vendor);
        let compact = parse(&tree.to_string());
        prop_assert_eq!(Edit::of(&compact).write(), vendor);
        prop_assert_eq!(&serde_json::from_str::<Value>(compact.text()).unwrap(), &tree);
        for (key, raw) in compact.members() {
            let decoded: Value = compact.decode_part(raw, "").unwrap();
            prop_assert_eq!(&decoded, &tree[key.as_ref()]);
            if let Some(list) = elements(raw) {
                prop_assert_eq!(list.count(), decoded.as_array().unwrap().len());
            }
            if let Some(object) = members(raw) {
                for (name, part) in object {
                    prop_assert_eq!(&serde_json::from_str::<Value>(part).unwrap(), &decoded[name.as_ref()]);
                }
            }
        }
    }

    /// Whatever is cut from or put into a valid text, the scanner agrees with serde_json on whether it is JSON.
    #[test]
    fn damaged_documents_are_judged_as_serde_json_does(tree in values(), at in any::<prop::sample::Index>(), put in "[\"\\\\{}\\[\\],:0-9a-z\n. -]{0,2}", cut in 0usize..3) {
        let mut characters: Vec<char> = json!({"a": tree}).to_string().chars().collect();
        let start = at.index(characters.len());
        let end = (start + cut).min(characters.len());
        characters.splice(start..end, put.chars());
        let text: String = characters.into_iter().collect();
        let ours = Document::parse(text.as_str(), "bot.json");
        let theirs = serde_json::from_str::<serde_json::Map<String, Value>>(&text);
        match ours {
            Ok(_) => prop_assert!(theirs.is_ok() || text.contains("\\u"), "{} accepted: {:?}", text, theirs),
            Err(error) => {
                let duplicate = matches!(error.problem, definition::error::Problem::DuplicateKey { .. });
                prop_assert!(theirs.is_err() || duplicate, "{} refused: {}", text, error);
            }
        }
    }
}
