//! The forms in which files and pieces come: multipart, as browsers write it and as the SDKs write it wrongly.

use std::collections::HashMap;

use archive::multipart::{Event, MultipartError, Parser};
use http_body_util::BodyExt;

use super::LARGEST;
use crate::ApiError;
use crate::bodies::{Bodies, Held, broken_off};
use crate::body::Call;
use crate::files::upload::upload_broke_off;

/// A field other than the file is a few words, and there are a few of them.
const MAX_FIELD_BYTES: usize = 4096;
const MAX_FIELDS: usize = 32;

/// What a form holds.
#[derive(Debug, Default)]
pub(super) struct Form {
    texts: HashMap<String, String>,
    /// The bytes in the part `file` or `chunk`.
    pub(super) bytes: Option<Vec<u8>>,
    /// The name of the file, as its part gives it.
    file_name: Option<String>,
    /// What the bytes take of the room for bodies.
    room: Option<Held>,
}

impl Form {
    /// Reads a form with a file or a piece of one, as it arrives.
    pub(super) async fn read(call: &Call, bodies: &Bodies) -> Result<Self, ApiError> {
        let mut body = call.take_body();
        let mut room = bodies.hold();
        let mut received = 0;
        let mut parser = Parser::new(call.header("content-type")).map_err(unreadable)?;
        let mut reader = Reader::default();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken_off(&error, upload_broke_off))?;
            if let Ok(bytes) = frame.into_data() {
                received += bytes.len();
                room.grow_to(received).await?;
                reader.take(parser.push(&bytes).map_err(unreadable)?)?;
            }
        }
        reader.take(parser.finish().map_err(unreadable)?)?;
        reader.form.room = Some(room);
        Ok(reader.form)
    }

    /// Reads fields without a file, from a body that is there whole: multipart, or as other calls send them.
    pub(super) async fn of_call(call: &Call) -> Result<Self, ApiError> {
        let content_type = call.header("content-type").unwrap_or_default();
        if !content_type.to_ascii_lowercase().starts_with("multipart/") {
            let texts = call.members().await?.into_iter().map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (name, text)
            });
            return Ok(Self { texts: texts.collect(), ..Self::default() });
        }
        let mut parser = Parser::new(Some(content_type)).map_err(unreadable)?;
        let mut reader = Reader::default();
        reader.take(parser.push(call.body().await?).map_err(unreadable)?)?;
        reader.take(parser.finish().map_err(unreadable)?)?;
        Ok(reader.form)
    }

    /// A field with something in it.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// A count, which must be there.
    pub(super) fn count(&self, name: &str) -> Result<usize, ApiError> {
        let count = self.text(name).and_then(|text| text.parse().ok());
        count.ok_or_else(|| {
            ApiError::invalid_arguments(format!("`{name}` must be a number from 0")).at(format!("/{name}"))
        })
    }

    /// The name of the file: its field, else that of its part. Folders are no part of it.
    pub(super) fn name(&self) -> String {
        let named = self.text("filename").or_else(|| self.text("fileName")).or(self.file_name.as_deref());
        let name = named.and_then(|name| name.rsplit(['/', '\\']).next()).map(str::trim);
        name.filter(|name| !name.is_empty()).unwrap_or("file").to_owned()
    }

    /// The extension of the name, else the one that is claimed.
    pub(super) fn extension(&self) -> String {
        let name = self.name();
        let named = name.rsplit_once('.').map(|(_, extension)| extension).filter(|extension| !extension.is_empty());
        let extension = named.or_else(|| self.text("fileExtension")).unwrap_or_default();
        let plain = extension.trim_start_matches('.').chars().filter(char::is_ascii_alphanumeric).take(10);
        plain.collect::<String>().to_ascii_lowercase()
    }
}

fn unreadable(error: MultipartError) -> ApiError {
    ApiError::invalid_arguments(error.to_string())
}

/// A file is larger than it may be.
pub(super) fn too_large() -> ApiError {
    ApiError::too_large(format!("The file is larger than {LARGEST} bytes, the most a user may send"))
}

/// A form that is being read.
#[derive(Default)]
struct Reader {
    form: Form,
    /// The field that is being read; the file has none.
    field: Option<String>,
    text: Vec<u8>,
}

impl Reader {
    fn take(&mut self, events: Vec<Event>) -> Result<(), ApiError> {
        for event in events {
            match event {
                Event::Start(head) if matches!(head.name.as_str(), "file" | "chunk") => {
                    if self.form.bytes.is_some() {
                        return Err(ApiError::invalid_arguments("the form has two files; send one"));
                    }
                    self.form.bytes = Some(Vec::new());
                    self.form.file_name = head.file_name;
                    self.field = None;
                }
                Event::Start(head) => {
                    if self.form.texts.len() >= MAX_FIELDS {
                        return Err(ApiError::invalid_arguments("the form has too many fields"));
                    }
                    self.field = Some(head.name);
                }
                Event::Data(bytes) => self.data(&bytes)?,
                Event::End => {
                    let text = String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned();
                    if let Some(field) = self.field.take() {
                        self.form.texts.insert(field, text);
                    }
                }
            }
        }
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), ApiError> {
        let (into, most) = match (&self.field, &mut self.form.bytes) {
            (None, Some(file)) => (file, LARGEST),
            _ => (&mut self.text, MAX_FIELD_BYTES),
        };
        if into.len() + bytes.len() > most {
            return Err(match self.field {
                None => too_large(),
                Some(_) => ApiError::invalid_arguments("a field of the form is too long"),
            });
        }
        into.extend_from_slice(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::Request;

    use domain::Limits;

    use super::*;

    /// A form as the SDKs write it: a semicolon at the end of the disposition, base64, a boundary of dashes.
    const ODD: &str = "----------MultipartData0.61\r\nContent-Disposition: form-data; name=\"filename\";\r\n\r\na/b.PNG\r\n\
        ----------MultipartData0.61\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\";\r\n\
        Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n----------MultipartData0.61--\r\n";

    async fn form(content_type: &str, body: &'static str) -> Form {
        let request = Request::put("/x").header("content-type", content_type).body(body.into()).expect("a request");
        Form::of_call(&Call::new(request, Bodies::default(), Limits::default())).await.expect("a form")
    }

    #[tokio::test]
    async fn forms_are_read_however_they_are_written() {
        let odd = form("multipart/form-data; boundary=--------MultipartData0.61", ODD).await;
        assert_eq!(
            (odd.bytes.as_deref(), odd.name(), odd.extension()),
            (Some(&b"hello"[..]), "b.PNG".into(), "png".into())
        );
        let json = form("application/json", r#"{"totalChunks": 3, "filename": "x", "fileExtension": ".TxT"}"#).await;
        assert_eq!(
            (json.count("totalChunks").ok(), json.name(), json.extension()),
            (Some(3), "x".into(), "txt".into())
        );
        let fields = form("application/x-www-form-urlencoded", "totalChunks=2&filename=&fileExtension=a%2Fb").await;
        assert_eq!(
            (fields.count("totalChunks").ok(), fields.name(), fields.extension()),
            (Some(2), "file".into(), "ab".into())
        );
        assert!(fields.count("chunkNo").is_err() && fields.bytes.is_none());
    }
}
