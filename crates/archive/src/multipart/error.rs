//! Why a form was refused.

/// Why a form could not be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MultipartError {
    /// The request has another content type.
    #[error("the content type is {content_type:?}; send the form as multipart/form-data")]
    NotMultipart {
        /// The beginning of the content type.
        content_type: String,
    },
    /// The boundary in the content type is unreasonably long.
    #[error("the boundary in the content type has {length} bytes, and {limit} are allowed; choose a shorter one")]
    BoundaryTooLong {
        /// Length of the boundary.
        length: usize,
        /// The longest accepted boundary.
        limit: usize,
    },
    /// The form has no bytes at all.
    #[error("the form is empty; send its parts as multipart/form-data in the request body")]
    Empty,
    /// The content type has no boundary, and the form does not begin with one.
    #[error(
        "the content type has no boundary and the form does not begin with one but with {first_line:?}; \
         send multipart/form-data with a boundary"
    )]
    NoBoundary {
        /// The beginning of the first line that is not empty.
        first_line: String,
    },
    /// The boundary in the content type does not occur where the first part should begin.
    #[error(
        "the form has no line \"--{boundary}\" before its first part; \
         let the HTTP client set the boundary in the content type itself"
    )]
    BoundaryNotFound {
        /// The boundary in the content type.
        boundary: String,
    },
    /// The headers of a part do not end in time.
    #[error(
        "the headers of part {part} have more than {limit} bytes; \
         end them with an empty line and send long values as content"
    )]
    HeadersTooLong {
        /// Number of the part, from 1.
        part: usize,
        /// The longest accepted block of headers.
        limit: usize,
    },
    /// A part does not say which field it is.
    #[error("part {part} has no name; give it a header like Content-Disposition: form-data; name=\"file\"")]
    NoName {
        /// Number of the part, from 1.
        part: usize,
    },
    /// A part is encoded in a way that no client of this interface uses.
    #[error("the part {name:?} is encoded as quoted-printable; send it as binary or base64")]
    QuotedPrintable {
        /// Name of the part.
        name: String,
    },
    /// A part says that it is base64 and is not.
    #[error(
        "the part {name:?} is announced as base64 and has {found} at byte {position}; \
         encode it again or drop its Content-Transfer-Encoding"
    )]
    BadBase64 {
        /// Name of the part.
        name: String,
        /// What stands there.
        found: String,
        /// Position in the encoded content, from 0.
        position: u64,
    },
    /// The form ends without its final boundary.
    #[error(
        "the form ends after {received} bytes {place}, without its final boundary; \
         send the whole file, with the right Content-Length"
    )]
    Truncated {
        /// How many bytes arrived.
        received: u64,
        /// Where the form ends.
        place: String,
    },
}

/// The beginning of a text from a stranger, for an error message.
pub(super) fn excerpt(text: &[u8]) -> String {
    const EXCERPT_BYTES: usize = 60;
    let line = text.split(|&byte| byte == b'\n').next().unwrap_or(text);
    String::from_utf8_lossy(&line[..line.len().min(EXCERPT_BYTES)]).into_owned()
}
