//! All routes.

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, Method};
use tower::Layer;
use tower::util::MapRequestLayer;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{
    ApiError, Platform, arriving, attachments, bot_export, bot_import, botkit, bots, canonical, channels, debug_logs,
    door, erase, files, forms, health, logs, nlp, observe, people, private, publish, requests, sessions,
    stuck_messages, test_suites, utterances, variables, webhook, webhooks,
};

fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(files::upload::upload))
        .routes(routes!(files::media::media))
        .routes(routes!(bot_import::new::new))
        .routes(routes!(bot_import::existing::existing))
        .routes(routes!(bot_import::status::status))
        .routes(routes!(bot_import::functions::functions))
        .routes(routes!(bot_export::start::start))
        .routes(routes!(bot_export::status::status))
        .routes(routes!(publish::start::start))
        .routes(routes!(publish::status::status))
        .merge(bots::routes())
        .merge(logs::routes())
        .merge(variables::routes())
        .merge(utterances::routes())
        .merge(nlp::routes())
        .merge(test_suites::routes())
        .merge(channels::routes())
        .merge(sessions::routes())
        .merge(webhook::routes())
        .merge(botkit::routes())
        .merge(forms::routes())
        .merge(attachments::routes())
        .merge(debug_logs::routes())
        .merge(erase::routes())
        .merge(people::routes())
        .merge(private::routes())
        .merge(requests::routes())
        .merge(stuck_messages::routes())
        .merge(webhooks::routes())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
}

/// The description of the whole API.
pub fn openapi() -> OpenApi {
    let (_, mut openapi) = routes().split_for_parts();
    openapi.info.title = "Botyard".into();
    openapi.info.version = env!("CARGO_PKG_VERSION").into();
    openapi.info.description = Some(include_str!("openapi.md").into());
    openapi.info.license = Some(utoipa::openapi::License::new("Apache-2.0"));
    // Without this the authors of the library that writes the description are named.
    openapi.info.contact = None;
    for (path, item) in &mut openapi.paths.paths {
        let operations =
            [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
    let components = openapi.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("auth"))));
    components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    openapi
}

/// The name of an operation, by which generated clients call it: `GET /api/public/bot/{botId}/export/status` is
/// `getBotByBotIdExportStatus`. Names of handlers would not do, as many families have a `status`.
fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    for segment in segments.skip_while(|segment| matches!(*segment, "api" | "public")) {
        if segment.starts_with('{') {
            id.push_str("By");
        }
        for word in segment.split(|c: char| !c.is_ascii_alphanumeric()) {
            let mut letters = word.chars();
            id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            id.push_str(letters.as_str());
        }
    }
    id
}

/// The API as a service: every path of the original, however it is written.
pub fn router(platform: Platform) -> Router {
    let (router, _) = routes().split_for_parts();
    let description = openapi().to_pretty_json().expect("the description is made of texts, and a test writes it");
    let describe = move || {
        let text = description.clone();
        async move { ([(http::header::CONTENT_TYPE, "application/json")], text) }
    };
    let inner = router
        .route("/api/openapi.json", axum::routing::get(describe))
        .fallback(not_found)
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(middleware::from_fn(door::door))
        .layer(middleware::from_fn_with_state(platform.clone(), arriving::watch))
        .layer(middleware::from_fn_with_state(platform.clone(), observe::observe))
        .layer(cors())
        .with_state(platform);
    // Routing happens inside, so the folding of paths and methods has to stand outside of the router.
    let folded = MapRequestLayer::new(canonical::request).layer(inner);
    Router::new().fallback_service(folded)
}

async fn not_found(request: Request) -> Response {
    ApiError::not_found("Not Found").with_detail(format!("there is no {}", request.uri().path())).into_response()
}

/// Browsers call from other origins: the chat widgets of the original do.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static("x-request-id"), http::header::RETRY_AFTER])
}
