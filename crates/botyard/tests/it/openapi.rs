//! The description of the API: what is served, what is written down in `docs/openapi.json`, and that it can be used.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::support::TestServer;

#[tokio::test]
async fn the_description_is_the_one_that_is_written_down() {
    let server = TestServer::start().await;
    let served = server.anonymous().get("/api/openapi.json").await;
    server.finish().await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let written = std::fs::read_to_string(file).unwrap();
    assert!(
        served.text().trim_end() == written.trim_end(),
        "docs/openapi.json is not what the server says of itself; if that is meant, write it anew: \
         cargo run -- openapi > docs/openapi.json"
    );
}

/// What generators of clients and readers of the description rely on.
#[test]
fn the_description_is_complete() {
    let description = serde_json::to_value(api::openapi()).unwrap();
    let mut ids = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(id.starts_with(method) && ids.insert(id), "{name} has an id of its own");
            assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{name}");
            let mut statuses = operation["responses"].as_object().unwrap().keys();
            assert!(statuses.any(|status| status.as_str() < "400"), "{name} says what it answers when all is well");
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let named: Vec<&Value> = parameters.iter().filter(|it| it["in"] == "path").map(|it| &it["name"]).collect();
            let in_path: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
            assert_eq!(named, in_path, "{name}");
        }
    }
    assert_eq!(description["info"]["contact"], Value::Null);
    assert_eq!(description["info"]["version"], env!("CARGO_PKG_VERSION"));
}
