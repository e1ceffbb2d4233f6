//! Services, data tables and language models.

use dialog::node::{Generative, Kind, ModelChoice, Service, Table};
use serde_json::{Value, json};

use super::{node, read, with_node, written};

fn service(component: Value) -> (Service, Vec<String>) {
    let (found, findings) = node(json!({"type": "service"}), component);
    match found.kind {
        Kind::Service(service) => (*service, findings),
        other => panic!("{other:?}"),
    }
}

fn table(payload: Value) -> (Table, Vec<String>) {
    let (found, findings) =
        node(json!({"type": "service"}), json!({"serviceNodeType": "datatable", "payload": payload}));
    match found.kind {
        Kind::Table(table) => (*table, findings),
        other => panic!("{other:?}"),
    }
}

#[test]
fn addresses_are_put_together() {
    let table = [
        (json!({"protocol": "https", "host": "a.example", "port": "", "path": "/b?c=1"}), "https://a.example/b?c=1"),
        (json!({"protocol": "http", "host": "a.example", "port": "8003", "path": "b"}), "http://a.example:8003/b"),
        (json!({"protocol": "HTTP://", "host": "a.example/", "port": 80, "path": "?q"}), "http://a.example:80?q"),
        (json!({"host": "a.example"}), "https://a.example"),
        (json!({"host": "http://a.example", "protocol": "https", "path": "/x"}), "http://a.example/x"),
        (json!({"host": "a.example", "protocol": "https", "path": "https://b.example/c"}), "https://b.example/c"),
        (
            json!({"port": "", "path": "%7B%7Benv.api%7D%7D%2Forders%2F%7B%7Bcontext.a%5B0%5D%7D%7D"}),
            "{{env.api}}/orders/{{context.a[0]}}",
        ),
        (json!({"path": "{{env.api}}/x"}), "{{env.api}}/x"),
        (json!({"host": "{{env.host}}", "protocol": "https", "path": "/x"}), "https://{{env.host}}/x"),
        (json!({}), ""),
    ];
    for (endpoint, expected) in table {
        let (service, _) = service(json!({"endPoint": endpoint}));
        assert_eq!(written(&service.url), expected, "{endpoint}");
    }
}

#[test]
fn services_are_read() {
    let (read, findings) = service(json!({
        "serviceNodeType": "custom",
        "endPoint": {"host": "a.example", "protocol": "https", "path": "/", "method": "post"},
        "headers": {"type": "raw", "value": "{\"Content-Type\":\"application/json\",\"k\":\"{{env.K}}\"}"},
        "payload": {"type": "raw", "value": "%7B%22a%22%3A%20%22%7B%7Bcontext.a%7D%7D%22%7D"},
        "idp": "none",
        "serviceAPITimeout": 20,
        "preProcessor": "context.a%20%3D%201%3B",
        "postProcessor": "",
        "sampleResponse": [
            {"response": "{\"statusCode\":404}"},
            {"isDefault": true, "response": "{\"statusCode\":200,\"body\":[1]}"},
        ],
        "timeOutError": {"closeConversation": true, "ref": "other"},
    }));
    assert_eq!((read.method.as_str(), read.timeout_s, read.auth.as_str()), ("POST", 20, ""));
    assert_eq!(written(&read.headers), "{\"Content-Type\":\"application/json\",\"k\":\"{{env.K}}\"}");
    assert_eq!(written(&read.body), "{\"a\": \"{{context.a}}\"}");
    assert_eq!(read.before.as_ref().map(written).as_deref(), Some("<%context.a = 1;%>"));
    assert_eq!((read.after, read.timeout_target), (None, None));
    assert_eq!(read.sample, Some(json!({"statusCode": 200, "body": [1]})));
    let [escaped] = &findings[..] else { panic!("{findings:?}") };
    assert!(escaped.starts_with("values are filled into the JSON of 'Name': a quote or a line end"), "{escaped}");

    let (bare, _) = service(json!({"payload": {"value": "undefined"}, "sampleResponse": [{"response": "no JSON"}]}));
    assert_eq!((bare.method.as_str(), bare.timeout_s, written(&bare.body).as_str()), ("GET", 5, ""));
    assert_eq!(bare.sample, Some(json!("no JSON")));
    let (odd, _) =
        service(json!({"headers": {"value": {"a": 1}}, "payload": {"value": [{"k": "v"}]}, "sampleResponse": [{}]}));
    assert_eq!((written(&odd.headers).as_str(), written(&odd.body).as_str()), ("{\"a\":1}", "[{\"k\":\"v\"}]"));
    assert_eq!(odd.sample, None);
}

#[test]
fn timeouts_are_within_bounds_and_may_lead_to_a_node() {
    let table =
        [(json!("7"), 7), (json!(0), 5), (json!(999), 60), (json!(null), 5), (json!("soon"), 5), (json!(-3), 5)];
    for (timeout, expected) in table {
        assert_eq!(service(json!({"serviceAPITimeout": timeout})).0.timeout_s, expected, "{timeout}");
    }
    let table = [
        (json!({"ref": "other"}), Some("other")),
        (json!({"closeConversation": false, "nodeId": "other"}), Some("other")),
        (json!({"ref": "gone"}), None),
        (json!({"closeConversation": true}), None),
        (json!(null), None),
    ];
    for (settings, expected) in table {
        let (read, _) = service(json!({"timeOutError": settings}));
        assert_eq!(read.timeout_target.as_deref(), expected, "{settings}");
    }
}

#[test]
fn profiles_are_named_by_what_the_bot_calls_them() {
    let mut definition = with_node(json!({"type": "service"}), json!({"idp": "ap-1"}));
    definition["idpConfigurations"] = json!([{"_id": "ap-1", "refId": "r-ap", "name": "Shop", "sso_type": "basic"}]);
    for named in ["ap-1", "r-ap", "Shop"] {
        definition["dialogComponents"][3]["idp"] = json!(named);
        let bot = read(&definition);
        let Kind::Service(service) = &bot.dialogs[0].nodes[1].kind else { panic!("a service") };
        assert_eq!(service.auth, "r-ap", "{named}");
        assert_eq!(bot.findings, [], "{named}");
    }
    let (unknown, findings) = service(json!({"idp": "Gone"}));
    assert_eq!(unknown.auth, "Gone");
    assert_eq!(findings, ["the authorization profile 'Gone' is not in the bot: the task fails at this node"]);
}

#[test]
fn services_that_do_not_run_are_told() {
    for kind in ["htmlToImage", "URLtoImage"] {
        let (found, findings) = node(json!({"type": "service"}), json!({"serviceNodeType": kind}));
        assert!(matches!(found.kind, Kind::Unknown { kind: unknown, .. } if unknown == kind));
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
    let (_, findings) = service(json!({"subType": "sendSmsService", "integrationId": "twilio"}));
    assert!(findings[0].contains("the integration 'twilio'"), "{findings:?}");
}

#[test]
fn data_tables_are_read() {
    let (read, findings) = table(json!({
        "resource": "dataTable", "name": "orders", "method": "UPDATE",
        "data": {"state": "{{context.state}}", "count": 3, "by": "Ann%20B"},
        "query": {"operator": "or", "expressions": [
            {"field": "phone", "operand": "=", "value": "{{context.entities.Phone}}", "type": "number"},
            {"field": "id", "value": 4711},
            {"value": "without a column"},
        ]},
        "skip": "", "limit": 5,
    }));
    assert_eq!((written(&read.name).as_str(), read.method.as_str(), read.any), ("orders", "update", true));
    let data: Vec<_> = read.data.iter().map(|(column, cell)| format!("{column}={}", written(cell))).collect();
    assert_eq!(data, ["state={{context.state}}", "count=3", "by=Ann B"]);
    let conditions: Vec<_> = read
        .conditions
        .iter()
        .map(|(column, operand, value, kind)| format!("{column}{operand}{} {kind}", written(value)))
        .collect();
    assert_eq!(conditions, ["phone={{context.entities.Phone}} number", "id=4711 "]);
    assert_eq!((written(&read.skip).as_str(), written(&read.limit).as_str()), ("", "5"));
    assert_eq!(findings.len(), 1);
    assert!(findings[0].starts_with("the data table 'orders' is used, but no export contains its columns"));

    let (_, findings) = table(json!({"name": "orders", "method": "drop"}));
    assert!(findings[0].starts_with("'drop' is nothing that can be done with the data table 'orders'"));
}

#[test]
fn each_data_table_is_told_once() {
    let payload = json!({"resource": "dataTable", "name": "t", "method": "query"});
    let mut definition = with_node(json!({"type": "service"}), json!({"payload": payload}));
    let again = definition["dialogs"][0]["nodes"][1].clone();
    definition["dialogs"][1]["nodes"].as_array_mut().unwrap().push(again);
    assert_eq!(read(&definition).findings.len(), 1);
}

#[test]
fn language_models_are_read() {
    let (found, findings) = node(
        json!({"type": "generativeai"}),
        json!({"serviceAPITimeout": 20, "generativeAI": {
            "prompt": "Tell%20{{context.a}}", "preProcessorScript": "var%20a%20%3D%201", "postProcessorScript": "",
            "settings": {"model": "m", "integrationName": "azure", "temperature": 0.5, "max_tokens": 2500, "system_context": "Be kind."},
        }}),
    );
    let Kind::Generative(read) = found.kind else { panic!("a language model") };
    let Generative { prompt, system, model, before, after, sample } = *read;
    assert_eq!((written(&prompt).as_str(), written(&system).as_str()), ("Tell%20{{context.a}}", "Be kind."));
    let (name, integration) = ("m".to_owned(), "azure".to_owned());
    let chosen = ModelChoice { name, integration, temperature: Some(0.5), max_tokens: Some(2500), timeout_s: 20 };
    assert_eq!(model, chosen);
    assert_eq!((before.as_ref().map(written).as_deref(), after, sample), (Some("<%var a = 1%>"), None, None));
    assert_eq!(findings, ["the node asks a language model: where none is configured, it is skipped"]);
}
