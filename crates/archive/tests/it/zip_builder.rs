//! Builds zip archives by hand, so that every field of every header can be wrong.

use std::io::Write;

use flate2::{Compression, Crc, write::DeflateEncoder};

/// One entry, with every number that its headers show.
#[derive(Clone)]
pub struct Item {
    pub name: Vec<u8>,
    /// The name in the header before the data.
    pub local_name: Vec<u8>,
    pub data: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub checksum: u32,
    pub packed_size: u32,
    pub size: u32,
    /// System in the upper byte, format version in the lower one.
    pub made_by: u16,
    pub attributes: u32,
    /// Extra fields in the directory.
    pub extra: Vec<u8>,
    /// The position that the directory shows; the real one when absent.
    pub offset: Option<u32>,
}

/// An entry that is stored as it is.
pub fn stored(name: &str, content: &[u8]) -> Item {
    let mut checksum = Crc::new();
    checksum.update(content);
    Item {
        name: name.as_bytes().to_vec(),
        local_name: name.as_bytes().to_vec(),
        data: content.to_vec(),
        method: 0,
        flags: 0,
        checksum: checksum.sum(),
        packed_size: content.len() as u32,
        size: content.len() as u32,
        made_by: 20,
        attributes: 0,
        extra: Vec::new(),
        offset: None,
    }
}

/// An entry that is deflated.
pub fn deflated(name: &str, content: &[u8]) -> Item {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let data = encoder.finish().unwrap();
    let packed_size = data.len() as u32;
    Item { data, packed_size, method: 8, ..stored(name, content) }
}

/// The definition that most cases need.
pub fn definition() -> Item {
    deflated("botDefinition.json", br#"{"localeData":{"en":{"name":"Harbour"}}}"#)
}

/// The item after the change.
pub fn with(mut item: Item, change: impl FnOnce(&mut Item)) -> Item {
    change(&mut item);
    item
}

/// The archive of these entries.
pub fn zip(items: &[Item]) -> Vec<u8> {
    zip_with_end(items, |_| {})
}

/// The archive of these entries after a change of its last 22 bytes.
pub fn zip_with_end(items: &[Item], change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for item in items {
        let offset = item.offset.unwrap_or(file.len() as u32);
        let shared = shared_fields(item);
        file.extend(b"PK\x03\x04");
        file.extend(&shared);
        file.extend((item.local_name.len() as u16).to_le_bytes());
        file.extend([0; 2]);
        file.extend(&item.local_name);
        file.extend(&item.data);

        directory.extend(b"PK\x01\x02");
        directory.extend(item.made_by.to_le_bytes());
        directory.extend(&shared);
        directory.extend((item.name.len() as u16).to_le_bytes());
        directory.extend((item.extra.len() as u16).to_le_bytes());
        directory.extend([0; 6]);
        directory.extend(item.attributes.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&item.name);
        directory.extend(&item.extra);
    }
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend((items.len() as u16).to_le_bytes());
    end.extend((items.len() as u16).to_le_bytes());
    end.extend((directory.len() as u32).to_le_bytes());
    end.extend((file.len() as u32).to_le_bytes());
    end.extend([0; 2]);
    change(&mut end);
    file.extend(directory);
    file.extend(end);
    file
}

/// The fields that stand in both headers: version, flags, method, time, date, checksum and sizes.
fn shared_fields(item: &Item) -> Vec<u8> {
    let mut fields = Vec::new();
    for number in [20, item.flags, item.method, 0, 33] {
        fields.extend(number.to_le_bytes());
    }
    for number in [item.checksum, item.packed_size, item.size] {
        fields.extend(number.to_le_bytes());
    }
    fields
}

/// A zip64 extra field with these numbers.
pub fn zip64_extra(numbers: &[u64]) -> Vec<u8> {
    let mut field = vec![1, 0];
    field.extend((numbers.len() as u16 * 8).to_le_bytes());
    for number in numbers {
        field.extend(number.to_le_bytes());
    }
    field
}
