//! What the writer produces: complete, readable elsewhere, and the same every time.

use std::io::{Cursor, Read};

use archive::write::{Export, write};
use archive::{Archive, Limits, Part};
use domain::DefinitionFile;
use proptest::prelude::*;

fn written(export: &Export<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    let size = write(&mut file, export).unwrap();
    assert_eq!(size, file.len() as u64);
    file
}

#[test]
fn entries_are_named_ordered_and_dated_as_agreed() {
    let file = written(&Export {
        definition_file: DefinitionFile::Bot,
        definition: &[b"{\"_id\": \"", b"st-1", b"\"}"],
        config: &[b"{}"],
        icon: Some(&[b"image"]),
        functions: Some(&[b"var a;"]),
    });
    let mut archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        assert_eq!(entry.compression(), zip::CompressionMethod::Deflated);
        assert_eq!(entry.last_modified(), Some(zip::DateTime::default()));
        assert_eq!(entry.extra_data().unwrap_or_default(), b"");
        found.push(format!("{} {content}", entry.name().unwrap()));
    }
    assert_eq!(
        found,
        ["botDefinition.json {\"_id\": \"st-1\"}", "config.json {}", "icon.png image", "botFunctions.js var a;"]
    );

    let file = written(&Export {
        definition_file: DefinitionFile::App,
        definition: &[b"{}"],
        config: &[b"{}"],
        icon: None,
        functions: None,
    });
    let archive = Archive::open(Cursor::new(&file), &Limits::default()).unwrap();
    assert_eq!(archive.definition_file(), DefinitionFile::App);
    let parts: Vec<Part> = archive.entries().iter().map(|entry| entry.part()).collect();
    assert_eq!(parts, [Part::Definition, Part::Config]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However the content is cut into pieces, the archive has the same bytes, and reading it gives the content back.
    #[test]
    fn equal_content_gives_equal_bytes(words in prop::collection::vec("[a-e]{1,4}", 1..2000), cuts in prop::collection::vec(0..300_000_usize, 0..6)) {
        let content = words.join("\": \"").repeat(20).into_bytes();
        let mut positions: Vec<usize> = cuts.iter().map(|cut| cut % (content.len() + 1)).collect();
        positions.sort_unstable();
        let mut pieces = Vec::new();
        let mut start = 0;
        for position in positions {
            pieces.push(&content[start..position]);
            start = position;
        }
        pieces.push(&content[start..]);

        let export = |definition| written(&Export { definition_file: DefinitionFile::Bot, definition, config: &[], icon: Some(&[]), functions: None });
        let file = export(&pieces);
        prop_assert!(file == export(&[&content]));
        let mut archive = Archive::open(Cursor::new(&file), &Limits::default()).unwrap();
        prop_assert!(archive.read_part(Part::Definition).unwrap() == Some(content));
        prop_assert_eq!(archive.read_part(Part::Config).unwrap(), Some(Vec::new()));
    }
}
