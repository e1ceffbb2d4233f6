//! Every way in which an upload can be wrong, with the message that its sender reads.

use std::io::Cursor;

use archive::{Archive, Limits, Part};

use crate::zip_builder::{Item, definition, deflated, stored, with, zip, zip_with_end, zip64_extra};

/// Small limits, so that small files can pass them.
const LIMITS: Limits =
    Limits { max_entries: 6, max_entry_bytes: 3_000_000, max_total_bytes: 4_000_000, max_ratio: 100 };

/// Opens the archive and reads all its parts; the first error with its causes, as one text.
fn refusal(file: &[u8]) -> String {
    let outcome = Archive::open(Cursor::new(file), &LIMITS).and_then(|mut archive| {
        for entry in archive.entries().to_vec() {
            archive.read(&entry)?;
        }
        Ok(())
    });
    match outcome {
        Ok(()) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Bytes that deflate cannot pack well.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

fn named(name: &str) -> Vec<Item> {
    vec![definition(), stored(name, b"x")]
}

#[test]
fn refuses_what_is_no_archive() {
    let tar = [vec![b'a'; 257], b"ustar\0".to_vec()].concat();
    let cases: &[(&[u8], &str)] = &[
        (b"", "an empty file: upload the export's zip file again, or check the program that wrote it"),
        (
            b"\xef\xbb\xbf {\"a\":1}",
            "a JSON file: import it with uploadMode JSON, or zip it as botDefinition.json (appDefinition.json of an app) together with config.json",
        ),
        (b"<!doctype html>", "an HTML page: it is probably an error or log-in page saved in place of the download"),
        (
            b"<?xml version='1'?>",
            "an XML document: it is probably an error or log-in page saved in place of the download",
        ),
        (b"\x1f\x8b\x08\0", "a gzip file: unpack it and pack the files as a zip archive"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive: unpack it and pack the files as a zip archive"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7-Zip archive: unpack it and pack the files as a zip archive"),
        (b"\x28\xb5\x2f\xfd\0", "another compressed file: unpack it and pack the files as a zip archive"),
        (&tar, "a tar archive: unpack it and pack the files as a zip archive"),
        (b"%PDF-1.7", "a PDF document: choose the zip file that a bot export produced"),
        (b"\x89PNG\r\n", "an image: choose the zip file that a bot export produced"),
        (b"hello", "a file of unknown kind: choose the zip file that a bot export produced"),
    ];
    for (file, expected) in cases {
        assert_eq!(refusal(file), format!("this is not a zip archive but {expected}"));
    }
}

#[test]
fn refuses_malformed_directories() {
    let good = zip(&[definition()]);
    let directory_start = good.len() - 22 - 64;
    let cut = &good[..good.len() - 30];
    let mut no_header = good.clone();
    no_header[0] = b'X';
    let mut no_record = good.clone();
    no_record[directory_start] = b'X';
    let mut spanned = good.clone();
    spanned.splice(0..0, *b"PK\x07\x08");

    let cases: Vec<(&str, Vec<u8>, String)> = vec![
        (
            "cut off in the directory",
            cut.to_vec(),
            format!(
                "the zip archive is cut off: its directory should stand at the end of these {} bytes and is missing; \
                 upload the whole file again",
                cut.len()
            ),
        ),
        (
            "cut off at the front",
            good[10..].to_vec(),
            format!(
                "the zip archive is damaged at byte {}: the directory should start at byte {directory_start} and can \
                 start at {} at most; export or zip the bot again",
                good.len() - 32,
                directory_start - 10
            ),
        ),
        (
            "cut out in the middle: the directory is nearer than it says",
            [&good[..5], &good[good.len() - 22..]].concat(),
            "the zip archive is damaged at byte 5: the directory should have 64 bytes and only 5 are before this; \
             export or zip the bot again"
                .to_owned(),
        ),
        (
            "a split archive by its end record",
            zip_with_end(&[definition()], |end| end[4] = 1),
            "the zip archive is one volume of several; join the volumes or zip the export again into a single file"
                .to_owned(),
        ),
        (
            "the first volume of a split archive",
            spanned[..60].to_vec(),
            "the zip archive is one volume of several; join the volumes or zip the export again into a single file"
                .to_owned(),
        ),
        (
            "a directory that lists less than the end record counts",
            zip_with_end(&[definition()], |end| (end[8], end[10]) = (3, 3)),
            format!(
                "the zip archive is damaged at byte {directory_start}: the directory should list 3 entries and lists 1; \
                 export or zip the bot again"
            ),
        ),
        (
            "a directory length that ends inside a record",
            zip_with_end(&[definition()], |end| end[12] = 50),
            format!(
                "the zip archive is damaged at byte {directory_start}: the record that starts here is cut off; \
                 export or zip the bot again"
            ),
        ),
        (
            "no record where the directory starts",
            no_record,
            format!(
                "the zip archive is damaged at byte {directory_start}: a record of the directory should start here; \
                 export or zip the bot again"
            ),
        ),
        (
            "no header where an entry starts",
            no_header,
            "the zip archive is damaged at byte 0: the entry \"botDefinition.json\" should start here; \
             export or zip the bot again"
                .to_owned(),
        ),
        (
            "extra fields that push the data over its end",
            {
                let mut file = good.clone();
                file[28] = 200;
                file
            },
            format!(
                "the entry \"botDefinition.json\" should end at byte {}, but its room ends at byte {directory_start}: the zip \
                 archive is cut off or damaged; upload the whole file again",
                directory_start + 200
            ),
        ),
        (
            "another name before the data",
            zip(&[with(definition(), |item| item.local_name = b"botdefinition.exe!".to_vec())]),
            "the zip archive is damaged at byte 0: the directory announces \"botDefinition.json\" but \
             \"botdefinition.exe!\" starts here; export or zip the bot again"
                .to_owned(),
        ),
        (
            "large-archive numbers that claim 4 billion entries",
            {
                let mut file = good[..good.len() - 22].to_vec();
                let record_offset = file.len() as u64;
                file.extend(b"PK\x06\x06");
                file.extend(44_u64.to_le_bytes());
                file.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                for number in [1 << 32, 1 << 32, 64, directory_start as u64] {
                    file.extend(u64::to_le_bytes(number));
                }
                file.extend(b"PK\x06\x07\0\0\0\0");
                file.extend(record_offset.to_le_bytes());
                file.extend([1, 0, 0, 0]);
                file.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
                file
            },
            "the zip archive holds 4294967296 entries or more, and 6 are allowed; zip only the files of one export"
                .to_owned(),
        ),
        (
            "a large-archive locator that points nowhere",
            {
                let mut file = good[..good.len() - 22].to_vec();
                file.extend(b"PK\x06\x07\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\0\0");
                file.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
                file
            },
            format!(
                "the zip archive is damaged at byte {}: the large-archive record that this points to is missing; \
                 export or zip the bot again",
                good.len() - 22
            ),
        ),
        (
            "a directory of 4 GB by its claim",
            zip_with_end(&[definition()], |end| end[12..16].fill(0xff)),
            format!(
                "the zip archive is damaged at byte {}: the directory should have 4294967295 bytes and only {} are \
                 before this; export or zip the bot again",
                good.len() - 22,
                good.len() - 22
            ),
        ),
        (
            "more entries than the end record admits",
            zip_with_end(&(0..7).map(|n| stored(&format!("{n}.txt"), b"")).collect::<Vec<_>>(), |end| {
                (end[8], end[10]) = (2, 2);
            }),
            "the zip archive holds 7 entries or more, and 6 are allowed; zip only the files of one export".to_owned(),
        ),
    ];
    for (case, file, expected) in cases {
        assert_eq!(refusal(&file), expected, "{case}");
    }
}

#[test]
fn refuses_malformed_entries() {
    let zeros = vec![0; 2_000_000];
    let half = noise(2_500_000);
    let packed_length = definition().data.len() as u64;
    let bomb = deflated("botDefinition.json", &zeros);
    let bomb_message = format!(
        "the entry \"botDefinition.json\" unpacks its {} bytes to more than 100 times as much, like a decompression bomb; \
         zip it again with the method stored if it is genuine",
        bomb.data.len()
    );
    let cases: Vec<(&str, Vec<Item>, String)> = vec![
        (
            "no definition",
            vec![stored("config.json", b"{}"), stored("b", b""), stored("c", b""), stored("d", b""), stored("e", b""), stored("export.zip", b"")],
            "the zip archive has no botDefinition.json or appDefinition.json; it holds \"config.json\", \"b\", \"c\", \"d\", \"e\" and 1 more; \
             zip the files of a bot export"
                .to_owned(),
        ),
        (
            "nothing at all",
            vec![],
            "the zip archive has no botDefinition.json or appDefinition.json; it holds no file; zip the files of a bot export".to_owned(),
        ),
        (
            "two bots",
            vec![stored("a/botDefinition.json", b"{}"), stored("b/BotDefinition.json", b"{}")],
            "the zip archive holds two bots, \"a/botDefinition.json\" and \"b/BotDefinition.json\"; \
             upload one archive for each bot"
                .to_owned(),
        ),
        (
            "one name twice",
            vec![definition(), stored("./botDefinition.json", b"{}")],
            "the zip archive holds two entries named \"botDefinition.json\"; remove one, as it is unclear which is meant".to_owned(),
        ),
        (
            "climbing out",
            named("a\\..\\..\\etc/passwd"),
            "the entry \"a\\\\..\\\\..\\\\etc/passwd\" climbs out of its folder with ..; \
             zip the export's folder again with plain relative names"
                .to_owned(),
        ),
        (
            "absolute path",
            named("/etc/passwd"),
            "the entry \"/etc/passwd\" has an absolute path; zip the export's folder again with plain relative names".to_owned(),
        ),
        (
            "drive letter",
            named("C:\\x"),
            "the entry \"C:\\\\x\" has a path with a drive letter; zip the export's folder again with plain relative names".to_owned(),
        ),
        (
            "zero byte",
            named("a\0.json"),
            "the entry \"a\\0.json\" has a zero byte in its name; zip the export's folder again with plain relative names".to_owned(),
        ),
        (
            "empty name",
            named(""),
            "the entry \"\" has an empty name; zip the export's folder again with plain relative names".to_owned(),
        ),
        (
            "very long name",
            named(&"n".repeat(2000)),
            "the zip archive holds an entry name of 2000 bytes, and 1024 are allowed; zip only the files of one export".to_owned(),
        ),
        (
            "symbolic link",
            vec![with(stored("botDefinition.json", b"/etc/passwd"), |item| {
                item.made_by = 3 << 8 | 30;
                item.attributes = 0o120_777 << 16;
            })],
            "the entry \"botDefinition.json\" is a symbolic link; zip the file that it points to instead".to_owned(),
        ),
        (
            "encrypted",
            vec![with(definition(), |item| item.flags = 1)],
            "the entry \"botDefinition.json\" is encrypted; zip the export again without a password".to_owned(),
        ),
        (
            "packed with LZMA",
            vec![with(definition(), |item| item.method = 14)],
            "the entry \"botDefinition.json\" is packed with LZMA (method 14); zip the export again with the usual method, deflate".to_owned(),
        ),
        (
            "packed with an unknown method",
            vec![with(definition(), |item| item.method = 77)],
            "the entry \"botDefinition.json\" is packed with the unknown method 77; zip the export again with the usual method, deflate".to_owned(),
        ),
        (
            "two entries over the same data",
            vec![definition(), with(stored("icon.png", b"x"), |item| item.offset = Some(0))],
            "the entries \"botDefinition.json\" and \"icon.png\" overlap in the zip archive; export or zip the bot again".to_owned(),
        ),
        (
            "packed size of 4 GB",
            vec![with(definition(), |item| item.packed_size = 0xffff_fffe)],
            format!(
                "the entry \"botDefinition.json\" should end at byte 4294967342, but its room ends at byte {}: the zip \
                 archive is cut off or damaged; upload the whole file again",
                48 + packed_length
            ),
        ),
        (
            "size of 4 GB",
            vec![with(definition(), |item| item.size = 0xffff_fffe)],
            "the entry \"botDefinition.json\" unpacks to 40 bytes where the archive's directory says 4294967294; \
             export or zip the bot again"
                .to_owned(),
        ),
        (
            "zip64 size of 16 EiB",
            vec![with(definition(), |item| {
                item.size = u32::MAX;
                item.extra = zip64_extra(&[u64::MAX]);
            })],
            "the entry \"botDefinition.json\" unpacks to 40 bytes where the archive's directory says 18446744073709551615; \
             export or zip the bot again"
                .to_owned(),
        ),
        (
            "zip64 offset outside",
            vec![with(definition(), |item| {
                item.offset = Some(u32::MAX);
                item.extra = zip64_extra(&[u64::MAX - 5]);
            })],
            format!(
                "the entry \"botDefinition.json\" should end at byte 18446744073709551610, but its room ends at byte {}: the \
                 zip archive is cut off or damaged; upload the whole file again",
                48 + packed_length
            ),
        ),
        (
            "another checksum",
            vec![with(definition(), |item| item.checksum ^= 0xff)],
            {
                let declared = definition().checksum ^ 0xff;
                let actual = definition().checksum;
                format!(
                    "the entry \"botDefinition.json\" fails its checksum (found {actual:08x}, expected {declared:08x}); \
                     upload the file again"
                )
            },
        ),
        (
            "not deflate data",
            vec![with(definition(), |item| item.data.fill(0xff))],
            "the entry \"botDefinition.json\" cannot be unpacked, the packed data is not valid deflate data after 0 bytes; \
             export or zip the bot again"
                .to_owned(),
        ),
        (
            "deflate data without its end",
            vec![with(deflated("botDefinition.json", &half), |item| {
                item.data.truncate(1_000_000);
                item.packed_size = 1_000_000;
            })],
            "the packed data ends too early".to_owned(),
        ),
        ("a decompression bomb that tells the truth", vec![bomb.clone()], bomb_message.clone()),
        ("a decompression bomb that lies", vec![with(bomb, |item| item.size = 5)], bomb_message),
        (
            "one large entry",
            vec![stored("botDefinition.json", &noise(3_000_001))],
            "the entry \"botDefinition.json\" unpacks to more than the 3000000 bytes allowed for one file".to_owned(),
        ),
        (
            "many entries, large together",
            vec![stored("botDefinition.json", &half), stored("icon.png", &half)],
            "the zip archive unpacks to more than the 4000000 bytes allowed, reached within the entry \"icon.png\"".to_owned(),
        ),
    ];
    for (case, items, expected) in cases {
        let message = refusal(&zip(&items));
        assert!(message.contains(&expected), "{case}\n found {message}\nwanted {expected}");
    }
}

#[test]
fn refuses_every_truncation() {
    let file = zip(&[definition(), deflated("config.json", b"{}"), stored("icon.png", &noise(100))]);
    for length in 0..file.len() {
        assert_ne!(refusal(&file[..length]), "accepted", "cut to {length} bytes");
    }
    assert_eq!(refusal(&file), "accepted");
}

#[test]
fn survives_every_changed_byte() {
    let file = zip(&[definition(), deflated("config.json", b"{}")]);
    let original = Archive::open(Cursor::new(&file), &LIMITS).unwrap().read_part(Part::Definition).unwrap();
    for position in 0..file.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = file.clone();
            changed[position] ^= change;
            // Either the change is noticed, or it does not touch the definition.
            if let Ok(mut archive) = Archive::open(Cursor::new(&changed), &LIMITS)
                && let Ok(content) = archive.read_part(Part::Definition)
            {
                assert_eq!(content, original, "byte {position} changed by {change:#x}");
            }
        }
    }
}
