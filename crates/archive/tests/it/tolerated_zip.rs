//! Archives that other programs write, and that must be read.

use std::io::{Cursor, Write};

use archive::{Archive, Limits, Part};
use zip::write::SimpleFileOptions;

use crate::zip_builder::{Item, definition, deflated, stored, with, zip, zip_with_end, zip64_extra};

/// The names found for the four parts, separated by spaces.
fn found(file: &[u8]) -> String {
    let archive = Archive::open(Cursor::new(file), &Limits::default()).unwrap();
    let names: Vec<&str> = archive.entries().iter().map(|entry| entry.file_name()).collect();
    names.join(" ")
}

#[test]
fn finds_the_parts_in_every_layout() {
    let cases: &[(&[&str], &str)] = &[
        (&["botDefinition.json", "config.json", "icon.png"], "botDefinition.json config.json icon.png"),
        (&["icon.JPG", "BOTDEFINITION.JSON", "Config.json"], "BOTDEFINITION.JSON Config.json icon.JPG"),
        (
            &["x/", "x/y/", "x/y/botDefinition.json", "x/y/config.json", "x/y/a.js"],
            "botDefinition.json config.json a.js",
        ),
        (
            &["x\\botDefinition.json", "x\\botFunctions.js", ".\\x\\config.json"],
            "botDefinition.json config.json botFunctions.js",
        ),
        (
            &["e/botDefinition.json", "__MACOSX/e/._botDefinition.json", "__MACOSX/botDefinition.json", "e/.DS_Store"],
            "botDefinition.json",
        ),
        (&["e/botDefinition.json", "config.json", "e/node_modules/x/index.js", "icon.png"], "botDefinition.json"),
        (
            &["botDefinition.json", "a.js", "icon.gif", "botFunctions.js", "icon.png", "notes.txt"],
            "botDefinition.json icon.png botFunctions.js a.js",
        ),
    ];
    for (names, expected) in cases {
        let items: Vec<Item> = names.iter().map(|name| stored(name, b"{}")).collect();
        assert_eq!(&found(&zip(&items)), expected, "{names:?}");
    }
}

#[test]
fn reads_odd_but_sound_archives() {
    let good = zip(&[definition()]);
    let with_comment = |comment: &[u8]| {
        let mut file = zip_with_end(&[definition()], |end| end[20] = comment.len() as u8);
        file.extend(comment);
        file
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        (
            "a comment that looks like an end record",
            with_comment(b"PK\x05\x06\0\0\0\0\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0."),
        ),
        ("a newline at the end", [&good[..], b"\r\n"].concat()),
        ("foreign bytes at the front", [b"#!/bin/sh\n", &good[..]].concat()),
        (
            "numbers in a zip64 extra field",
            zip(&[with(definition(), |item| {
                item.extra = [b"UT\x01\0x".to_vec(), zip64_extra(&[40, u64::from(item.packed_size)])].concat();
                (item.size, item.packed_size) = (u32::MAX, u32::MAX);
            })]),
        ),
        (
            "an encrypted file beside the export",
            zip(&[definition(), with(stored("notes", b"x"), |item| item.flags = 1)]),
        ),
    ];
    for (case, file) in cases {
        let mut archive = Archive::open(Cursor::new(file), &Limits::default()).expect(case);
        let content = archive.read_part(Part::Definition).expect(case).expect(case);
        assert_eq!(content, br#"{"localeData":{"en":{"name":"Harbour"}}}"#, "{case}");
    }
}

#[test]
fn reads_names_that_are_not_utf8() {
    let other = |name: &[u8]| {
        with(stored("", b""), |item| {
            item.name = name.to_vec();
            item.local_name = name.to_vec();
        })
    };
    assert_eq!(found(&zip(&[definition(), other(b"\xfc.txt"), other(b"\xe4.txt")])), "botDefinition.json");
}

#[test]
fn small_files_may_pack_very_well() {
    let limits = Limits { max_ratio: 2, ..Limits::default() };
    // Around the size of the unpacking buffer, all input may be taken while output is still waiting.
    for length in 65_530..65_800 {
        let file = zip(&[deflated("botDefinition.json", &vec![b' '; length])]);
        let mut archive = Archive::open(Cursor::new(file), &limits).unwrap();
        assert_eq!(archive.read_part(Part::Definition).unwrap().unwrap().len(), length);
    }
}

#[test]
fn reads_what_the_zip_crate_writes() {
    let definition = "{\"dialogs\": []}".repeat(5000);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default();
    writer.add_directory("export", deflated).unwrap();
    writer.start_file("export/botDefinition.json", deflated.large_file(true)).unwrap();
    writer.write_all(definition.as_bytes()).unwrap();
    writer.start_file("export/icon.png", deflated.compression_method(zip::CompressionMethod::Stored)).unwrap();
    writer.write_all(b"image").unwrap();
    let file = writer.finish().unwrap().into_inner();

    let mut archive = Archive::open(Cursor::new(file), &Limits::default()).unwrap();
    assert_eq!(archive.read_part(Part::Definition).unwrap().as_deref(), Some(definition.as_bytes()));
    assert_eq!(archive.read_part(Part::Icon).unwrap().as_deref(), Some(&b"image"[..]));
    assert_eq!(archive.read_part(Part::Config).unwrap(), None);
}
