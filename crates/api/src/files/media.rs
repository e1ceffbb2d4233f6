//! `GET /api/getMediaStream/{folder}/{name}`: fetches a file by a signed link, with no header. (api.md §0.7.)

use std::ops::Range;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use store::File;

use crate::body::Call;
use crate::{ApiError, Platform};

/// How long a redirect to the object store itself is good.
const REDIRECT_LIFETIME: Duration = Duration::from_secs(300);

/// Fetches a file by a link this server signed; supports ranges and conditional requests.
///
/// On an S3 back end the answer is a redirect to the bucket. The SHA-256 of the whole file is in `x-content-sha256` and
/// in `repr-digest`.
#[utoipa::path(get, path = "/api/getMediaStream/{folder}/{name}", tag = "Files", params(("folder" = String, Path, description = "`market` or `media`"), ("name" = String, Path, description = "the file, `f-…`"),
    ("e" = String, Query, description = "when the link ends, in seconds since 1970"), ("n" = String, Query, description = "a nonce"), ("s" = String, Query, description = "the signature")),
    responses((status = 200, description = "the file"), (status = 206, description = "the range asked for"), (status = 302, description = "where the file is"), (status = 304, description = "not changed"), (status = 403, description = "the link was altered or has expired"), (status = 404, description = "the file is gone"), (status = 416, description = "the range is outside of the file")))]
pub(crate) async fn media(
    State(platform): State<Platform>,
    Path((folder, name)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let query = call.uri.query().unwrap_or_default();
    let link = platform
        .links()
        .verify(&format!("{folder}/{name}"), query, platform.now())
        .map_err(|error| ApiError::forbidden(sentence(&error.to_string())))?;
    let file = platform
        .store()
        .file_by_media_name(&name)
        .await?
        .ok_or_else(|| ApiError::not_found("The file is gone; files are kept for a limited time"))?;
    if platform.settings().redirect_downloads
        && !file.is_sealed()
        && let Some(url) = platform.store().blobs().link(&file.object_key, REDIRECT_LIFETIME).await?
    {
        let mut response = Redirect::to(&url).into_response();
        *response.status_mut() = StatusCode::FOUND;
        add_digest(&mut response, &file);
        return Ok(response);
    }

    let etag = format!("\"{}\"", file.digest);
    let unchanged = call.header("if-none-match").is_some_and(|tags| tags.contains(&etag) || tags.trim() == "*");
    let size = u64::try_from(file.size).unwrap_or(0);
    let range = match call.header("range").filter(|_| range_is_current(&call, &etag)) {
        None => None,
        Some(text) => match read_range(text, size) {
            Ok(range) => range,
            Err(()) => return Ok(outside_of(size)),
        },
    };
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = platform.store().file_stream(&file, range.clone()).await?;
        let mut response = Body::from_stream(bytes).into_response();
        let length = range.as_ref().map_or(size, |range| range.end - range.start);
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(range) = range {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let place = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            insert(&mut response, header::CONTENT_RANGE, &place);
        }
        insert(&mut response, header::CONTENT_TYPE, content_type(&file.extension));
        let offered = link.client_file_name.as_deref().unwrap_or(&file.name);
        insert(&mut response, header::CONTENT_DISPOSITION, &disposition(offered));
        // What was uploaded may be HTML or SVG with scripts; it must not act on this origin.
        insert(&mut response, header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
        insert(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        response
    };
    insert(&mut response, header::ETAG, &etag);
    insert(&mut response, header::ACCEPT_RANGES, "bytes");
    insert(&mut response, header::CACHE_CONTROL, "private, max-age=3600, immutable");
    add_digest(&mut response, &file);
    Ok(response)
}

fn add_digest(response: &mut Response, file: &File) {
    insert(response, header::HeaderName::from_static("x-content-sha256"), &file.digest);
    let bytes: Option<Vec<u8>> = (0..file.digest.len() / 2)
        .map(|at| file.digest.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    if let Some(bytes) = bytes {
        use base64::Engine;
        let digest = base64::engine::general_purpose::STANDARD.encode(bytes);
        insert(response, header::HeaderName::from_static("repr-digest"), &format!("sha-256=:{digest}:"));
    }
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A range only counts when the file is still the one `If-Range` names.
fn range_is_current(call: &Call, etag: &str) -> bool {
    call.header("if-range").is_none_or(|tag| tag == etag)
}

/// 416, with the size that ranges must fit into.
fn outside_of(size: u64) -> Response {
    let message = format!("The file has {size} bytes");
    let mut response = ApiError::with_status(StatusCode::RANGE_NOT_SATISFIABLE, message).into_response();
    insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
    response
}

/// The one range asked for. Several ranges, or another unit, are answered with the whole file; one that lies outside of
/// the file is an error.
fn read_range(text: &str, size: u64) -> Result<Option<Range<u64>>, ()> {
    let Some((first, last)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..size.min(last.saturating_add(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(suffix)) if first.is_empty() => size.saturating_sub(suffix)..size,
        _ => return Ok(None),
    };
    if range.start < range.end { Ok(Some(range)) } else { Err(()) }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "json" => "application/json",
        "zip" => "application/zip",
        "csv" => "text/csv; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Offers a file under a name that may hold anything.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// A fragment of an error as the sentence the original's bodies hold.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (text, expected) in [
            ("bytes=0-99", Ok(Some(0..10))),
            ("bytes=2-4", Ok(Some(2..5))),
            ("bytes=7-", Ok(Some(7..10))),
            ("bytes=-3", Ok(Some(7..10))),
            ("bytes=-30", Ok(Some(0..10))),
            ("bytes=10-", Err(())),
            ("bytes=-0", Err(())),
            ("bytes=4-2", Ok(None)),
            ("bytes=0-1,3-4", Ok(None)),
            ("lines=0-1", Ok(None)),
        ] {
            assert_eq!(read_range(text, 10), expected, "{text}");
        }
    }

    #[test]
    fn names_are_offered_safely() {
        assert_eq!(disposition("a b.json"), "attachment; filename=\"a_b.json\"; filename*=UTF-8''a%20b.json");
        assert_eq!(disposition("bot.zip"), "attachment; filename=\"bot.zip\"");
        assert!(!disposition("x\"\r\nset-cookie: a=b").contains('\n'));
    }
}
