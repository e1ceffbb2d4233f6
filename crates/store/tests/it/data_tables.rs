//! Tables that bots keep data in.

use std::time::Duration;

use domain::BotId;
use serde_json::{Value, json};
use store::{Columns, Error, Operator, Store, TableExpression, TableFilter, TableOp, TableResult, TableSort};

use crate::place::{Place, no_content};

fn columns(value: Value) -> Columns {
    let Value::Object(columns) = value else { panic!("{value} is no row") };
    columns
}

async fn insert(store: &Store, bot: &BotId, table: &str, row: Value) -> TableResult {
    let op = TableOp::Insert { table: table.to_owned(), data: columns(row) };
    store.data_table(bot, op).await.unwrap()
}

fn condition(field: &str, operand: &str, value: Value, kind: &str) -> TableExpression {
    TableExpression { field: field.to_owned(), operand: operand.parse().unwrap(), value, kind: kind.to_owned() }
}

fn filter(operator: &str, expressions: Vec<TableExpression>) -> Option<TableFilter> {
    Some(TableFilter { operator: operator.parse().unwrap(), expressions })
}

async fn query(store: &Store, bot: &BotId, table: &str, filter: Option<TableFilter>) -> Vec<Value> {
    let op = TableOp::Query { table: table.to_owned(), filter, sort: None, skip: 0, limit: None };
    match store.data_table(bot, op).await.unwrap() {
        TableResult::Found { rows, total, has_more: false } if rows.len() == total => {
            rows.into_iter().map(|row| Value::Object(row.columns)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn filters_compare_as_they_say() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await.id;
    let rows = [
        json!({"n": 1, "name": "Ann", "phone": "0049170", "age": "9", "tags": ["a", "b"]}),
        json!({"n": 2, "name": "bob", "phone": "49170", "age": 10, "tags": "abc"}),
        json!({"n": 3, "name": "Cleo", "phone": "123456789012345678", "age": "10.0", "note": null}),
        json!({"n": 4, "name": "", "phone": "123456789012345679", "age": "unknown"}),
    ];
    for row in &rows {
        insert(store, &bot, "people", row.clone()).await;
    }
    let cases: [(&str, &str, Value, &str, &[i64]); 33] = [
        ("name", "=", json!("Ann"), "string", &[1]),
        ("name", "=", json!("ann"), "string", &[]),
        ("name", "!=", json!("Ann"), "string", &[2, 3, 4]),
        ("name", "<>", json!(""), "string", &[1, 2, 3]),
        ("phone", "=", json!("49170"), "number", &[1, 2]),
        ("phone", "=", json!(49170), "number", &[1, 2]),
        ("phone", "=", json!("49170"), "string", &[2]),
        ("phone", "=", json!("123456789012345678"), "number", &[3]),
        ("phone", ">", json!("123456789012345678"), "number", &[4]),
        ("age", "=", json!("10"), "number", &[2, 3]),
        ("age", "=", json!(" 10 "), "number", &[2, 3]),
        ("age", ">", json!("9"), "number", &[2, 3, 4]),
        ("age", ">=", json!("9"), "", &[1, 2, 3, 4]),
        ("age", "<", json!(10), "number", &[1]),
        ("age", "<=", json!(10), "number", &[1, 2, 3]),
        ("age", "<", json!("9"), "string", &[2, 3]),
        ("name", ">", json!("B"), "string", &[2, 3]),
        ("name", "contains", json!("o"), "string", &[2, 3]),
        ("name", "not contains", json!("o"), "string", &[1, 4]),
        ("tags", "contains", json!("b"), "string", &[1, 2]),
        ("tags", "contains", json!("bc"), "string", &[2]),
        ("name", "startsWith", json!("A"), "string", &[1]),
        ("name", "endsWith", json!("o"), "string", &[3]),
        ("name", "in", json!(["Ann", "bob"]), "string", &[1, 2]),
        ("age", "in", json!("9, 10"), "number", &[1, 2, 3]),
        ("age", "notIn", json!("9, 10"), "number", &[4]),
        ("age", "in", json!([]), "number", &[]),
        // What is absent equals what an unset variable is filled in as, and is in no order.
        ("note", "=", json!(""), "string", &[1, 2, 3, 4]),
        ("note", "=", json!(null), "string", &[1, 2, 3, 4]),
        ("note", "!=", json!("x"), "string", &[1, 2, 3, 4]),
        ("note", ">", json!(""), "string", &[]),
        ("tags", "=", json!(""), "string", &[3, 4]),
        ("missing", "contains", json!(""), "string", &[]),
    ];
    let numbers = |rows: Vec<Value>| -> Vec<i64> { rows.iter().map(|row| row["n"].as_i64().unwrap()).collect() };
    for (field, operand, value, kind, expected) in cases {
        let case = format!("{field} {operand} {value} as {kind}");
        let filter = filter("and", vec![condition(field, operand, value, kind)]);
        assert_eq!(numbers(query(store, &bot, "people", filter).await), expected, "{case}");
    }
    let both = || vec![condition("age", ">=", json!(10), "number"), condition("name", "=", json!("bob"), "string")];
    for (operator, expressions, expected) in [
        ("and", both(), &[2][..]),
        ("OR", both(), &[2, 3, 4]),
        ("and", Vec::new(), &[1, 2, 3, 4]),
        ("or", Vec::new(), &[1, 2, 3, 4]),
    ] {
        assert_eq!(numbers(query(store, &bot, "people", filter(operator, expressions)).await), expected, "{operator}");
    }
    assert_eq!(query(store, &bot, "people", None).await, rows, "rows come back as they were put in");
    assert!("~".parse::<store::Operand>().is_err() && "xor".parse::<Operator>().is_err());
    place.close().await;
}

#[tokio::test]
async fn rows_are_found_in_order_changed_and_removed() {
    let place = Place::open().await;
    let store = &place.store;
    let (bot, other) = (place.bot(no_content()).await.id, place.bot(no_content()).await.id);
    let by_name = |name: &str| filter("and", vec![condition("name", "=", json!(name), "string")]);
    assert_eq!(query(store, &bot, "people", by_name("Ann")).await, Vec::<Value>::new(), "nobody made it");
    for row in [
        json!({"name": "Ann", "age": "9"}),
        json!({"name": "bob", "age": "10"}),
        json!({"name": "Ann", "age": 8}),
        json!({"name": "Dan"}),
    ] {
        insert(store, &bot, "people", row).await;
    }
    insert(store, &other, "people", json!({"name": "Ann", "age": "other"})).await;
    insert(store, &bot, "cabs", json!({"name": "Ann", "age": "cab"})).await;

    let sort = |descending| Some(TableSort { field: "age".to_owned(), descending });
    let found = async |sort: Option<TableSort>, skip, limit| {
        let op = TableOp::Query { table: "people".to_owned(), filter: None, sort, skip, limit };
        let TableResult::Found { total, rows, has_more } = store.data_table(&bot, op).await.unwrap() else {
            panic!("a query finds")
        };
        let ages = rows.iter().map(|row| row.columns.get("age").cloned().unwrap_or_default()).collect::<Vec<_>>();
        (total, json!(ages), has_more)
    };
    assert_eq!(found(None, 0, None).await, (4, json!(["9", "10", 8, null]), false));
    assert_eq!(found(sort(false), 0, None).await, (4, json!([null, 8, "9", "10"]), false));
    assert_eq!(found(sort(true), 1, Some(2)).await, (4, json!(["9", 8]), true));
    assert_eq!(found(None, 2, Some(2)).await, (4, json!([8, null]), false));
    assert_eq!(found(None, 9, Some(2)).await, (4, json!([]), false));
    assert_eq!(found(None, 0, Some(0)).await, (4, json!([]), true));

    place.hand.advance(Duration::from_secs(1));
    let data = columns(json!({"age": 30, "city": "Ulm"}));
    let update = TableOp::Update { table: "people".to_owned(), filter: by_name("Ann"), data };
    assert_eq!(store.data_table(&bot, update).await.unwrap(), TableResult::Updated(2));
    let changed = json!({"name": "Ann", "age": 30, "city": "Ulm"});
    assert_eq!(query(store, &bot, "people", by_name("Ann")).await, [changed.clone(), changed]);
    assert_eq!(query(store, &bot, "people", by_name("bob")).await, [json!({"name": "bob", "age": "10"})]);
    let delete = || TableOp::Delete { table: "people".to_owned(), filter: by_name("Ann") };
    assert_eq!(store.data_table(&bot, delete()).await.unwrap(), TableResult::Deleted(2));
    assert_eq!(store.data_table(&bot, delete()).await.unwrap(), TableResult::Deleted(0));
    assert_eq!(query(store, &bot, "people", None).await.len(), 2);
    assert_eq!(query(store, &other, "people", None).await, [json!({"name": "Ann", "age": "other"})]);
    assert_eq!(query(store, &bot, "cabs", None).await, [json!({"name": "Ann", "age": "cab"})]);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_at_once_all_count() {
    let place = Place::open().await;
    let other = place.another().await;
    let bot = place.bot(no_content()).await.id;
    insert(&place.store, &bot, "people", json!({"name": "Ann"})).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let store = if number % 2 == 0 { place.store.clone() } else { other.clone() };
        let bot = bot.clone();
        let data = columns(json!({ format!("c{number}"): number }));
        let table = "people".to_owned();
        let op = match number % 4 {
            0 | 1 => TableOp::Insert { table, data },
            _ => TableOp::Update { table, filter: filter("and", vec![condition("name", "=", json!("Ann"), "")]), data },
        };
        tasks.spawn(async move { store.data_table(&bot, op).await.unwrap() });
    }
    tasks.join_all().await;
    let rows = query(&place.store, &bot, "people", None).await;
    assert_eq!((rows.len(), rows[0].as_object().unwrap().len()), (21, 21));
    other.close().await;
    place.close().await;
}

#[tokio::test]
async fn a_table_has_an_end() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await.id;
    for number in 0..2 {
        store.data_table(&bot, insert_of(json!({"number": number}))).await.unwrap();
    }
    // As if as many rows as that were in it.
    let sql = "UPDATE data_tables SET row_count = $1 WHERE row_count = 2";
    let sized = store.write(move |tx| Box::pin(tx.execute(sql, store::args![10_000]))).await.unwrap();
    assert_eq!(sized, 1);
    let more = store.data_table(&bot, insert_of(json!({}))).await;
    assert!(matches!(more, Err(Error::TableFull { .. })), "{more:?}");
    let first = filter("and", vec![condition("number", "=", json!(0), "number")]);
    let delete = TableOp::Delete { table: "large".to_owned(), filter: first };
    assert_eq!(store.data_table(&bot, delete).await.unwrap(), TableResult::Deleted(1));
    store.data_table(&bot, insert_of(json!({"number": 2}))).await.unwrap();
    let full = store.data_table(&bot, insert_of(json!({}))).await;
    assert!(matches!(full, Err(Error::TableFull { .. })), "{full:?}");
    assert_eq!(query(store, &bot, "large", None).await, [json!({"number": 1}), json!({"number": 2})]);
    place.close().await;
}

fn insert_of(row: Value) -> TableOp {
    TableOp::Insert { table: "large".to_owned(), data: columns(row) }
}

#[tokio::test]
async fn results_are_answered_as_bots_read_them() {
    let place = Place::open().await;
    let store = &place.store;
    let bot = place.bot(no_content()).await.id;
    let now = json!(store.clock().now());
    let of_platform = |mut row: Value, id: &Value| {
        row["sys_Id"] = id.clone();
        row["Created_On"] = now.clone();
        row["Updated_On"] = now.clone();
        row
    };
    let rows = [json!({"name": "Ann", "age": 9, "note": null}), json!({"name": "bob", "note": ["x"], "vip": true})];
    let mut put_in = Vec::new();
    for row in &rows {
        let body = insert(store, &bot, "people", row.clone()).await.body();
        assert!(body["sys_Id"].as_str().unwrap().starts_with("sys-"), "{body}");
        assert_eq!(body, of_platform(row.clone(), &body["sys_Id"]));
        put_in.push(body);
    }
    let look = |limit| TableOp::Query { table: "people".to_owned(), filter: None, sort: None, skip: 0, limit };
    let body = async |op| store.data_table(&bot, op).await.unwrap().body();
    let meta = |columns: &[(&str, &str)]| -> Vec<Value> {
        columns.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect()
    };
    let all = meta(&[("name", "string"), ("age", "number"), ("note", "object"), ("vip", "boolean")]);
    assert_eq!(body(look(None)).await, json!({"total": 2, "hasMore": false, "meta": all, "queryResult": put_in}));
    let first = meta(&[("name", "string"), ("age", "number")]);
    let one = json!({"total": 2, "hasMore": true, "meta": first, "queryResult": put_in[..1]});
    assert_eq!(body(look(Some(1))).await, one);
    let table = "people".to_owned();
    let update = TableOp::Update { table: table.clone(), filter: None, data: columns(json!({"age": 1})) };
    assert_eq!(body(update).await, json!({"nModified": 2}));
    assert_eq!(body(TableOp::Delete { table, filter: None }).await, json!({"nDeleted": 2}));
    place.close().await;
}

#[tokio::test]
async fn tables_stand_again_as_they_stood() {
    let place = Place::open().await;
    let store = &place.store;
    let (bot, other) = (place.bot(no_content()).await.id, place.bot(no_content()).await.id);
    insert(store, &other, "people", json!({"name": "Zoe"})).await;
    let TableResult::Inserted(ann) = insert(store, &bot, "people", json!({"name": "Ann"})).await else { panic!() };
    insert(store, &bot, "pets", json!({"name": "Rex"})).await;
    let stood = store.standing_data_tables(&bot).await.unwrap();
    assert_eq!(stood.len(), 2);

    insert(store, &bot, "people", json!({"name": "Bob"})).await;
    store.data_table(&bot, TableOp::Delete { table: "pets".to_owned(), filter: None }).await.unwrap();
    store.set_data_tables(&bot, &stood).await.unwrap();
    assert_eq!(query(store, &bot, "people", None).await, [json!({"name": "Ann"})]);
    assert_eq!(query(store, &bot, "pets", None).await, [json!({"name": "Rex"})]);
    // Rows keep their ids, and those that are put in later come behind them.
    insert(store, &bot, "people", json!({"name": "Cleo"})).await;
    let all = TableOp::Query { table: "people".to_owned(), filter: None, sort: None, skip: 0, limit: None };
    let TableResult::Found { rows, .. } = store.data_table(&bot, all).await.unwrap() else { panic!() };
    assert_eq!((&rows[0], &rows[1].columns), (&ann, &columns(json!({"name": "Cleo"}))));

    store.set_data_tables(&bot, &store::StandingTables::default()).await.unwrap();
    assert!(store.standing_data_tables(&bot).await.unwrap().is_empty());
    assert_eq!(query(store, &other, "people", None).await, [json!({"name": "Zoe"})]);
}
