//! What the server and its script worker say to each other.
//!
//! A frame is its length in bytes (unsigned, 32 bits, big-endian) and that many bytes of JSON. The worker speaks first
//! ([`Reply::Ready`]); then every [`Request`] gets exactly one [`Reply`], in order. Nothing is pipelined: when a worker
//! dies or is killed, the one script it was reading is known.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    ran::{Fault, Ran},
    run::{Limits, Run},
};

/// The largest frame either side sends or accepts, in bytes without the length: full stores and a full context, and the
/// bot's functions and variables. The largest bot-functions files known are a few hundred kilobytes.
pub const MAX_FRAME_BYTES: usize = 24 * 1024 * 1024;

/// How many bytes of length stand before each frame.
pub const LENGTH_BYTES: usize = 4;

/// What the server asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    /// Read this script without running any of it.
    Check(Script),
    /// Run this, within these limits.
    Run(Box<Run>, Limits),
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    /// The worker has started and given its rights away. Sent once, before any request.
    Ready {
        /// Rights it does not need and keeps, because the system cannot take them: fragments for people.
        keeps: Vec<String>,
    },
    /// The answer to [`Request::Check`].
    Checked(Outcome),
    /// The answer to [`Request::Run`].
    Ran(Box<Result<Ran, Fault>>),
}

/// A piece of JavaScript from a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Script {
    /// Where in a bot it stands, which decides what may be written in it.
    pub kind: Kind,
    /// The text, percent-decoded, and with every `{{…}}` replaced by some expression (but for [`Kind::Expression`], which
    /// is what stands inside).
    pub source: String,
}

/// The places in a bot where JavaScript stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A script node, a JavaScript message, a pre- or post-processor: the body of a non-strict function, where `return`
    /// is allowed at the top.
    Body,
    /// What stands between `{{` and `}}`: one expression.
    Expression,
    /// A bot-functions file: a non-strict script of function declarations.
    File,
}

/// What is known of a script after it was read, or after reading it went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It can be compiled.
    Valid,
    /// It breaks the grammar of the language.
    SyntaxError {
        /// What is wrong, in the engine's words.
        message: String,
        /// Where in the author's text; `None` when the engine does not say (faulty regular expressions).
        position: Option<Position>,
    },
    /// It could not be read to its end, so nothing is known of its grammar: it took too long, too much memory, or the
    /// worker ended while reading it.
    Unreadable {
        /// A fragment for people: what happened.
        reason: String,
    },
}

/// A place in a text. The end of the text is the column after its last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in that line, from 1, in Unicode code points.
    pub column: usize,
}

/// Turns a message into a frame, its length included. Fails with [`io::ErrorKind::InvalidInput`] when the frame would
/// be larger than [`MAX_FRAME_BYTES`].
pub fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; LENGTH_BYTES];
    serde_json::to_writer(&mut frame, message)?;
    let length = frame.len() - LENGTH_BYTES;
    if length > MAX_FRAME_BYTES {
        let message = format!("{length} bytes are more than the {MAX_FRAME_BYTES} a frame may have");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let length = u32::try_from(length).expect("MAX_FRAME_BYTES fits in 32 bits");
    frame[..LENGTH_BYTES].copy_from_slice(&length.to_be_bytes());
    Ok(frame)
}

/// Reads the length that stands before a frame. Fails with [`io::ErrorKind::InvalidData`] when it is more than
/// [`MAX_FRAME_BYTES`].
pub fn decode_length(bytes: [u8; LENGTH_BYTES]) -> io::Result<usize> {
    let length = u32::from_be_bytes(bytes) as usize;
    if length > MAX_FRAME_BYTES {
        let message = format!("a frame of {length} bytes was announced, at most {MAX_FRAME_BYTES} are allowed");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(length)
}

/// Writes one message as a frame.
pub fn write_frame(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    output.write_all(&encode(message)?)?;
    output.flush()
}

/// Reads one message; `None` when the input ends where a frame would begin.
pub fn read_frame<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; LENGTH_BYTES];
    let mut filled = 0;
    while filled < LENGTH_BYTES {
        match input.read(&mut length[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut frame = vec![0; decode_length(length)?];
    input.read_exact(&mut frame)?;
    Ok(Some(serde_json::from_slice(&frame)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_were_sent_and_the_end_is_seen() {
        let first = Request::Check(Script { kind: Kind::Body, source: "print('é\u{2028}')".into() });
        let second = Request::Check(Script { kind: Kind::File, source: String::new() });
        let mut bytes = Vec::new();
        write_frame(&mut bytes, &first).unwrap();
        write_frame(&mut bytes, &second).unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(read_frame(&mut input).unwrap(), Some(first));
        assert_eq!(read_frame(&mut input).unwrap(), Some(second));
        assert_eq!(read_frame::<Request>(&mut input).unwrap(), None);
    }

    #[test]
    fn broken_frames_are_refused() {
        let cases: [(&str, &[u8], io::ErrorKind); 4] = [
            ("half a length", &[0, 0], io::ErrorKind::UnexpectedEof),
            ("half a frame", &[0, 0, 0, 9, b'{'], io::ErrorKind::UnexpectedEof),
            ("a length over the limit", &[0xff; 8], io::ErrorKind::InvalidData),
            ("not a request", b"\0\0\0\x02{}", io::ErrorKind::InvalidData),
        ];
        for (name, mut bytes, kind) in cases {
            assert_eq!(read_frame::<Request>(&mut bytes).unwrap_err().kind(), kind, "{name}");
        }
        let source = "x".repeat(MAX_FRAME_BYTES);
        let too_large = encode(&Request::Check(Script { kind: Kind::Body, source }));
        assert_eq!(too_large.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
