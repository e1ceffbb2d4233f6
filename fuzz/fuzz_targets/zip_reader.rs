//! Arbitrary bytes as an uploaded archive: no panic, and never more content than the limits allow.
#![no_main]

use std::io::Cursor;

use archive::{Archive, Limits};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { max_entries: 20, max_entry_bytes: 10_000, max_total_bytes: 25_000, max_ratio: 100 };

fuzz_target!(|file: &[u8]| {
    let Ok(mut archive) = Archive::open(Cursor::new(file), &LIMITS) else { return };
    let entries = archive.entries().to_vec();
    assert!(!entries.is_empty() && entries.len() <= LIMITS.max_entries);
    let mut total_bytes = 0;
    // Twice, as reading again must not get around the limits.
    for entry in entries.iter().chain(&entries) {
        assert!(!entry.file_name().contains(['/', '\\', '\0']));
        match archive.read(entry) {
            Ok(content) => {
                assert!(content.len() as u64 <= LIMITS.max_entry_bytes);
                total_bytes += content.len() as u64;
                assert!(total_bytes <= LIMITS.max_total_bytes);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
