//! Arbitrary bytes as a form: no panic, and the same outcome however the form is cut into chunks.
//!
//! The first byte chooses the content type, the second one the size of the chunks; the rest is the form.
#![no_main]

use archive::multipart::{Event, MultipartError, Parser};
use libfuzzer_sys::fuzz_target;

const CONTENT_TYPES: [Option<&str>; 4] = [
    Some("multipart/form-data; boundary=B"),
    Some("multipart/form-data; boundary=\"--\""),
    Some("multipart/form-data"),
    None,
];

/// The events of the form with neighbouring data joined.
fn parse(content_type: Option<&str>, form: &[u8], chunk_bytes: usize) -> Result<Vec<Event>, MultipartError> {
    let mut parser = Parser::new(content_type)?;
    let mut joined: Vec<Event> = Vec::new();
    let mut received = Vec::new();
    for chunk in form.chunks(chunk_bytes) {
        received.extend(parser.push(chunk)?);
    }
    received.extend(parser.finish()?);
    for event in received {
        match (joined.last_mut(), event) {
            (Some(Event::Data(before)), Event::Data(data)) => *before = [&before[..], &data].concat().into(),
            (_, event) => joined.push(event),
        }
    }
    Ok(joined)
}

fuzz_target!(|input: &[u8]| {
    let &[content_type, chunk_bytes, ref form @ ..] = input else { return };
    let content_type = CONTENT_TYPES[usize::from(content_type) % CONTENT_TYPES.len()];
    let whole = parse(content_type, form, form.len().max(1));
    let cut = parse(content_type, form, usize::from(chunk_bytes).max(1));
    assert_eq!(whole, cut);

    let parts = |event: &&Event| matches!(event, Event::Start(_));
    let ends = |event: &&Event| matches!(event, Event::End);
    if let Ok(events) = whole {
        assert_eq!(events.iter().filter(parts).count(), events.iter().filter(ends).count());
    }
});
