//! Reads the directory at the end of a zip archive (APPNOTE 6.3.10, sections 4.3.12 to 4.3.16).
//!
//! All numbers in it are claims. They are checked against the real length of the file and against each other, and none
//! of them decides how much memory is taken.

use std::io::{BufReader, Read, Seek, SeekFrom};

use super::Limits;
use super::error::ReadError;
use super::file_kind::FileKind;

/// One record of the directory.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The name; one that is not UTF-8 is read as Latin-1, which keeps different names different.
    pub name: String,
    /// The name as bytes, to compare it with the one before the data.
    pub raw_name: Vec<u8>,
    pub encrypted: bool,
    pub symbolic_link: bool,
    pub method: u16,
    pub checksum: u32,
    pub packed_size: u64,
    pub size: u64,
    /// Where the entry's own header stands in the file.
    pub offset: u64,
    /// The first byte after the entry's room: the next entry or the directory.
    pub room_end: u64,
}

/// Where the directory is, as the record at the end of the file says.
struct Location {
    /// First byte of the directory.
    start: u64,
    /// Length of the directory in bytes.
    length: u64,
    /// How many entries it should list.
    entries: u64,
    /// Length of foreign bytes before the archive; offsets in the directory do not count them.
    prefix: u64,
}

const LOCAL_HEADER: u32 = 0x0403_4b50;
const RECORD: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const ZIP64_END: u32 = 0x0606_4b50;
const ZIP64_LOCATOR: u32 = 0x0706_4b50;

const LOCAL_HEADER_BYTES: usize = 30;
const RECORD_BYTES: usize = 46;
const END_BYTES: usize = 22;
const ZIP64_END_BYTES: usize = 56;
const ZIP64_LOCATOR_BYTES: usize = 20;

/// Longer names are refused; the real ones have about twenty bytes.
const MAX_NAME_BYTES: usize = 1024;

/// Reads the directory and checks that no two entries share bytes.
///
/// The records come in the order of the directory.
pub(super) fn read(reader: &mut (impl Read + Seek), limits: &Limits) -> Result<Vec<Record>, ReadError> {
    let file_length = reader.seek(SeekFrom::End(0))?;
    let location = locate(reader, file_length)?;
    let limit = u64::try_from(limits.max_entries).unwrap_or(u64::MAX);
    if location.entries > limit {
        return Err(ReadError::TooManyEntries { found: location.entries, limit });
    }
    let mut records = read_records(reader, &location, limit)?;
    give_room(&mut records, location.start)?;
    Ok(records)
}

/// Finds the position of an entry's data, which follows its own header.
///
/// # Errors
/// [`ReadError::Damaged`] when the header is not there or names another file, and [`ReadError::OutOfBounds`] when the
/// data would run into the next entry.
pub(super) fn data_offset(reader: &mut (impl Read + Seek), record: &Record) -> Result<u64, ReadError> {
    let damaged = |problem: String| ReadError::Damaged { offset: record.offset, problem };
    let mut header = [0; LOCAL_HEADER_BYTES];
    read_at(reader, record.offset, &mut header)?;
    if u32_at(&header, 0) != LOCAL_HEADER {
        return Err(damaged(format!("the entry {:?} should start here", record.name)));
    }
    let mut name = vec![0; usize::from(u16_at(&header, 26))];
    reader.read_exact(&mut name).map_err(|error| cut_off(error, record.offset))?;
    if name != record.raw_name {
        let found = String::from_utf8_lossy(&name);
        return Err(damaged(format!("the directory announces {:?} but {found:?} starts here", record.name)));
    }
    let header_length = LOCAL_HEADER_BYTES + name.len() + usize::from(u16_at(&header, 28));
    let start = record.offset + header_length as u64;
    let end = start.saturating_add(record.packed_size);
    if end > record.room_end {
        return Err(ReadError::OutOfBounds { name: record.name.clone(), end, room_end: record.room_end });
    }
    Ok(start)
}

fn locate(reader: &mut (impl Read + Seek), file_length: u64) -> Result<Location, ReadError> {
    // The end record is followed by a comment of up to 64 KiB, so it must be searched for.
    let tail_length = file_length.min((END_BYTES + usize::from(u16::MAX)) as u64);
    let tail_offset = file_length - tail_length;
    let mut tail = Vec::new();
    reader.seek(SeekFrom::Start(tail_offset))?;
    reader.take(tail_length).read_to_end(&mut tail)?;
    let Some(position) = find_end(&tail) else {
        return Err(without_end(reader, file_length)?);
    };
    let end = &tail[position..position + END_BYTES];
    let end_offset = tail_offset + position as u64;

    let volumes = [u16_at(end, 4), u16_at(end, 6)];
    let entries = u16_at(end, 10);
    let length = u32_at(end, 12);
    let offset = u32_at(end, 16);
    let saturated = entries == u16::MAX || length == u32::MAX || offset == u32::MAX;
    if saturated && let Some(location) = locate_zip64(reader, end_offset)? {
        return Ok(location);
    }
    if volumes.iter().any(|&volume| volume != 0) || u16_at(end, 8) != entries {
        return Err(ReadError::Split);
    }
    place_directory(reader, end_offset, u64::from(offset), u64::from(length), u64::from(entries))
}

/// The position of the end record in the last bytes of the file: the last one whose comment fills the rest exactly, else
/// the last one whose comment fits, as some programs add a newline.
fn find_end(tail: &[u8]) -> Option<usize> {
    let mut loose = None;
    for position in (0..tail.len().saturating_sub(END_BYTES - 1)).rev() {
        if u32_at(tail, position) != END {
            continue;
        }
        let after_comment = position + END_BYTES + usize::from(u16_at(tail, position + 20));
        if after_comment == tail.len() {
            return Some(position);
        }
        if after_comment < tail.len() && loose.is_none() {
            loose = Some(position);
        }
    }
    loose
}

/// Tells a cut-off archive from a file of another kind.
fn without_end(reader: &mut (impl Read + Seek), file_length: u64) -> Result<ReadError, ReadError> {
    let mut prefix = Vec::new();
    reader.seek(SeekFrom::Start(0))?;
    reader.take(FileKind::PREFIX_BYTES).read_to_end(&mut prefix)?;
    if prefix.starts_with(&LOCAL_HEADER.to_le_bytes()) {
        return Ok(ReadError::Truncated { bytes: file_length });
    }
    if prefix.starts_with(b"PK\x07\x08") {
        return Ok(ReadError::Split);
    }
    Ok(ReadError::NotAnArchive { found: FileKind::of(&prefix) })
}

/// Follows the zip64 locator before the end record; `None` when there is no locator and the 32-bit numbers are meant.
fn locate_zip64(reader: &mut (impl Read + Seek), end_offset: u64) -> Result<Option<Location>, ReadError> {
    let Some(locator_offset) = end_offset.checked_sub(ZIP64_LOCATOR_BYTES as u64) else {
        return Ok(None);
    };
    let mut locator = [0; ZIP64_LOCATOR_BYTES];
    read_at(reader, locator_offset, &mut locator)?;
    if u32_at(&locator, 0) != ZIP64_LOCATOR {
        return Ok(None);
    }
    let claimed = u64_at(&locator, 8);
    let damaged = |problem: &str| ReadError::Damaged { offset: locator_offset, problem: problem.to_owned() };
    // Foreign bytes before the archive shift the record to just before the locator.
    let adjacent = locator_offset.saturating_sub(ZIP64_END_BYTES as u64);
    for record_offset in [claimed, adjacent] {
        if record_offset.checked_add(ZIP64_END_BYTES as u64).is_none_or(|end| end > locator_offset) {
            continue;
        }
        let mut record = [0; ZIP64_END_BYTES];
        read_at(reader, record_offset, &mut record)?;
        if u32_at(&record, 0) != ZIP64_END {
            continue;
        }
        if u32_at(&record, 16) != 0 || u32_at(&record, 20) != 0 || u64_at(&record, 24) != u64_at(&record, 32) {
            return Err(ReadError::Split);
        }
        let (entries, length, offset) = (u64_at(&record, 32), u64_at(&record, 40), u64_at(&record, 48));
        return place_directory(reader, record_offset, offset, length, entries).map(Some);
    }
    Err(damaged("the large-archive record that this points to is missing"))
}

/// Finds the directory where the end record says it is, or right before the end record when foreign bytes stand before
/// the archive.
fn place_directory(
    reader: &mut (impl Read + Seek),
    end_offset: u64,
    offset: u64,
    length: u64,
    entries: u64,
) -> Result<Location, ReadError> {
    let damaged = |problem| ReadError::Damaged { offset: end_offset, problem };
    if offset.checked_add(length).is_some_and(|end| end <= end_offset) {
        let mut signature = [0; 4];
        if length >= 4 {
            read_at(reader, offset, &mut signature)?;
        }
        if length == 0 || u32_at(&signature, 0) == RECORD {
            return Ok(Location { start: offset, length, entries, prefix: 0 });
        }
    }
    let Some(start) = end_offset.checked_sub(length) else {
        return Err(damaged(format!("the directory should have {length} bytes and only {end_offset} are before this")));
    };
    let Some(prefix) = start.checked_sub(offset) else {
        return Err(damaged(format!("the directory should start at byte {offset} and can start at {start} at most")));
    };
    Ok(Location { start, length, entries, prefix })
}

fn read_records(reader: &mut (impl Read + Seek), location: &Location, limit: u64) -> Result<Vec<Record>, ReadError> {
    reader.seek(SeekFrom::Start(location.start))?;
    let mut directory = BufReader::new(reader.take(location.length));
    let mut position = 0;
    let mut records = Vec::new();
    while position < location.length {
        if records.len() as u64 == limit {
            return Err(ReadError::TooManyEntries { found: limit + 1, limit });
        }
        let (record, record_length) = read_record(&mut directory, location, location.start + position)?;
        records.push(record);
        position += record_length;
    }
    // The 16-bit count of an archive without zip64 records may have wrapped around.
    let found = records.len() as u64;
    if found != location.entries && !(location.entries <= 0xffff && found & 0xffff == location.entries) {
        let problem = format!("the directory should list {} entries and lists {found}", location.entries);
        return Err(ReadError::Damaged { offset: location.start, problem });
    }
    Ok(records)
}

/// Reads one record and says how long it is.
fn read_record(directory: &mut impl Read, location: &Location, offset: u64) -> Result<(Record, u64), ReadError> {
    let damaged = |problem: String| ReadError::Damaged { offset, problem };
    let mut fixed = [0; RECORD_BYTES];
    directory.read_exact(&mut fixed).map_err(|error| cut_off(error, offset))?;
    if u32_at(&fixed, 0) != RECORD {
        return Err(damaged("a record of the directory should start here".to_owned()));
    }
    let flags = u16_at(&fixed, 8);
    let name_length = usize::from(u16_at(&fixed, 28));
    let extra_length = usize::from(u16_at(&fixed, 30));
    let comment_length = usize::from(u16_at(&fixed, 32));
    if name_length > MAX_NAME_BYTES {
        return Err(ReadError::NameTooLong { length: name_length, limit: MAX_NAME_BYTES });
    }
    let mut raw_name = vec![0; name_length];
    let mut extra_and_comment = vec![0; extra_length + comment_length];
    directory.read_exact(&mut raw_name).map_err(|error| cut_off(error, offset))?;
    directory.read_exact(&mut extra_and_comment).map_err(|error| cut_off(error, offset))?;
    let name = match std::str::from_utf8(&raw_name) {
        Ok(name) => name.to_owned(),
        Err(_) => raw_name.iter().map(|&byte| char::from(byte)).collect(),
    };

    // Numbers that do not fit 32 bits are saturated and stand in an extra field, in this order.
    let mut large = Zip64Numbers::find(&extra_and_comment[..extra_length]);
    let size = large.or_32_bit(u32_at(&fixed, 24));
    let packed_size = large.or_32_bit(u32_at(&fixed, 20));
    let relative_offset = large.or_32_bit(u32_at(&fixed, 42));
    let Some(entry_offset) = relative_offset.checked_add(location.prefix).filter(|&start| start < location.start)
    else {
        let directory_start = location.start;
        return Err(ReadError::OutOfBounds { name, end: relative_offset, room_end: directory_start });
    };

    let made_on_unix = fixed[5] == 3;
    let unix_file_type = (u32_at(&fixed, 38) >> 16) & 0o170_000;
    let record = Record {
        name,
        raw_name,
        // Bit 0: encrypted, bit 6: strongly encrypted, bit 13: the headers are masked as well.
        encrypted: flags & (1 | 1 << 6 | 1 << 13) != 0,
        symbolic_link: made_on_unix && unix_file_type == 0o120_000,
        method: u16_at(&fixed, 10),
        checksum: u32_at(&fixed, 16),
        packed_size,
        size,
        offset: entry_offset,
        room_end: 0,
    };
    Ok((record, (RECORD_BYTES + name_length + extra_length + comment_length) as u64))
}

/// Gives each entry the room up to the next one, and refuses entries that do not fit into theirs.
fn give_room(records: &mut [Record], directory_start: u64) -> Result<(), ReadError> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|&index| records[index].offset);
    for (rank, &index) in order.iter().enumerate() {
        let next = order.get(rank + 1).map(|&next| &records[next]);
        let room_end = next.map_or(directory_start, |next| next.offset);
        let record = &records[index];
        let smallest_header = (LOCAL_HEADER_BYTES + record.raw_name.len()) as u64;
        let end = record.offset.saturating_add(smallest_header).saturating_add(record.packed_size);
        if end > room_end {
            let name = record.name.clone();
            return Err(match next {
                Some(next) => ReadError::Overlap { first: name, second: next.name.clone() },
                None => ReadError::OutOfBounds { name, end, room_end },
            });
        }
        records[index].room_end = room_end;
    }
    Ok(())
}

/// The numbers of a zip64 extra field that have not been taken yet.
struct Zip64Numbers<'a>(&'a [u8]);

impl<'a> Zip64Numbers<'a> {
    /// Finds the field of type 1 among the extra fields; damaged fields count as absent.
    fn find(mut extra: &'a [u8]) -> Self {
        while extra.len() >= 4 {
            let kind = u16_at(extra, 0);
            let length = usize::from(u16_at(extra, 2));
            let Some(body) = extra.get(4..4 + length) else {
                break;
            };
            if kind == 1 {
                return Self(body);
            }
            extra = &extra[4 + length..];
        }
        Self(&[])
    }

    /// The next large number when the 32-bit field is saturated, else the 32-bit number itself.
    fn or_32_bit(&mut self, number: u32) -> u64 {
        if number != u32::MAX || self.0.len() < 8 {
            return u64::from(number);
        }
        let large = u64_at(self.0, 0);
        self.0 = &self.0[8..];
        large
    }
}

fn read_at(reader: &mut (impl Read + Seek), offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
    reader.seek(SeekFrom::Start(offset))?;
    reader.read_exact(buffer).map_err(|error| cut_off(error, offset))
}

/// The end of the input inside a record means a damaged archive; other failures are the reader's own.
fn cut_off(error: std::io::Error, offset: u64) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            ReadError::Damaged { offset, problem: "the record that starts here is cut off".to_owned() }
        }
        _ => ReadError::Io(error),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
