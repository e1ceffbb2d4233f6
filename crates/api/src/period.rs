//! The stretch of time a list is asked for. (api.md §0.7.)

use std::time::Duration;

use domain::Timestamp;

use crate::ApiError;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The moment a stretch of time begins; a bare date means its first moment. `name` is the parameter, for the error.
pub(crate) fn begin(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    text.map(|text| read(name, text)).transpose()
}

/// The moment a stretch of time ends; a bare date means its last moment.
pub(crate) fn end(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let moment = read(name, text)?;
    let is_date = text.trim().len() == "yyyy-mm-dd".len();
    Ok(Some(if is_date { moment.plus(DAY).minus(Duration::from_millis(1)) } else { moment }))
}

fn read(name: &str, text: &str) -> Result<Timestamp, ApiError> {
    Timestamp::parse(text)
        .map_err(|error| ApiError::invalid_arguments(format!("`{name}`: {error}")).at(format!("/{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_date_is_a_whole_day() {
        let text = |moment: Result<Option<Timestamp>, ApiError>| moment.ok().flatten().map(|moment| moment.to_string());
        for (given, first, last) in [
            (Some("2026-01-31"), Some("2026-01-31T00:00:00.000Z"), Some("2026-01-31T23:59:59.999Z")),
            (Some("2026-01-31T10:00:00Z"), Some("2026-01-31T10:00:00.000Z"), Some("2026-01-31T10:00:00.000Z")),
            (None, None, None),
        ] {
            assert_eq!(text(begin("from", given)).as_deref(), first, "{given:?}");
            assert_eq!(text(end("to", given)).as_deref(), last, "{given:?}");
        }
        assert!(begin("from", Some("soon")).is_err() && end("to", Some("soon")).is_err());
    }
}
