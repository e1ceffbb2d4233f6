//! Answers that bot authors left in an export.

use serde_json::{Map, Value};

use crate::response::Response;

/// The answer that a sample stands for. Known forms: the whole answer (`statusCode`, `body`, `headers`), the same under
/// `response`, a bare body; each as JSON or as a JSON text; and the list of samples as exports hold it (`name`,
/// `response`, `isDefault`), of which the default counts.
pub(crate) fn answer(sample: &Value) -> Response {
    match sample {
        Value::String(text) => match serde_json::from_str(text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => answer(&value),
            _ => bare(sample),
        },
        Value::Array(items) => match listed(items) {
            Some(sample) => answer(sample),
            None => bare(sample),
        },
        Value::Object(fields) => match fields.get("response") {
            Some(nested) if fields.len() == 1 => answer(nested),
            _ => whole(fields).unwrap_or_else(|| bare(sample)),
        },
        _ => bare(sample),
    }
}

/// The default of a list of samples; `None` where the array is something else.
fn listed(items: &[Value]) -> Option<&Value> {
    let is_sample = |item: &&Value| item.get("response").is_some() && item.get("isDefault").is_some();
    let default = items.iter().find(|item| is_sample(item) && item["isDefault"] == true);
    default.or_else(|| items.first().filter(is_sample)).and_then(|item| item.get("response"))
}

/// A whole answer. A body of its own may have a field `body` too, so no field may be there that answers do not have.
fn whole(fields: &Map<String, Value>) -> Option<Response> {
    let is_known = |name: &String| matches!(name.as_str(), "statusCode" | "status" | "body" | "headers");
    let status = match fields.get("statusCode").or_else(|| fields.get("status")) {
        Some(status) => Some(number(status)?),
        None => None,
    };
    let has_own_body = fields.contains_key("body") && fields.keys().all(is_known);
    if !has_own_body && !fields.contains_key("statusCode") {
        return None;
    }
    let headers = fields
        .get("headers")
        .and_then(Value::as_object)
        .map(|headers| headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect());
    Some(Response {
        status: status.unwrap_or(200),
        headers: headers.unwrap_or_default(),
        body: fields.get("body").cloned().unwrap_or_else(|| Value::String(String::new())),
    })
}

/// A status, as a number or a text.
fn number(value: &Value) -> Option<u16> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64().and_then(|number| u16::try_from(number).ok()),
    }
}

fn bare(body: &Value) -> Response {
    Response { status: 200, headers: Map::new(), body: body.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_samples_is_read() {
        let list = json!([
            {"name": "a", "isDefault": false, "response": "{\"n\":1}"},
            {"name": "b", "isDefault": true, "response": "{\"statusCode\":202,\"body\":[]}"},
        ]);
        for (sample, status, headers, body) in [
            (
                json!({"statusCode": 201, "body": {"n": 1}, "headers": {"X-A": "1"}}),
                201,
                json!({"x-a": "1"}),
                json!({"n": 1}),
            ),
            (json!("{\"statusCode\":404,\"body\":\"none\"}"), 404, json!({}), json!("none")),
            (json!({"statusCode": "500"}), 500, json!({}), json!("")),
            (json!({"body": [1]}), 200, json!({}), json!([1])),
            (json!({"body": [1], "subject": "x"}), 200, json!({}), json!({"body": [1], "subject": "x"})),
            (json!({"response": {"body": {"n": 1}}}), 200, json!({}), json!({"n": 1})),
            (json!({"response": "{\"statusCode\":204,\"body\":\"\"}"}), 204, json!({}), json!("")),
            (json!("{\"weather\":[1],\"cod\":200}"), 200, json!({}), json!({"weather": [1], "cod": 200})),
            (json!({"status": "open", "body": 1}), 200, json!({}), json!({"status": "open", "body": 1})),
            (json!({"status": "open", "id": 1}), 200, json!({}), json!({"status": "open", "id": 1})),
            (json!([{"id": 1}]), 200, json!({}), json!([{"id": 1}])),
            (json!("03 Aug 2018"), 200, json!({}), json!("03 Aug 2018")),
            (json!("{broken"), 200, json!({}), json!("{broken")),
            (json!(7), 200, json!({}), json!(7)),
            (list, 202, json!({}), json!([])),
            (json!([{"isDefault": false, "response": "x"}]), 200, json!({}), json!("x")),
        ] {
            let answer = answer(&sample);
            assert_eq!(
                (answer.status, Value::Object(answer.headers), answer.body),
                (status, headers, body),
                "{sample}"
            );
        }
    }
}
