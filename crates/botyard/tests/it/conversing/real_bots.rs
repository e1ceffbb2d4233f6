//! What real bots ask of the engine: found by talking to them as an ordinary user.

use crate::conversations::talk;
use crate::support::TestServer;
use serde_json::json;

#[tokio::test]
async fn bots_say_what_their_definition_asks_for() {
    talk("real_bots").await;
}

#[tokio::test]
async fn what_is_too_long_is_told_so() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Long", "dialogs": [{"name": "Note", "nodes": [
            {"id": "Text", "entity": "description", "prompt": "What?"}, {"id": "Told", "message": "Noted."}]}]}))
        .await;
    for (text, is_too_long) in [
        ("word ".repeat(6_001), true),
        ("word ".repeat(6_000), false),
        ("x".repeat(1_201), true),
        ("x".repeat(1_200), false),
    ] {
        let user = format!("user-{}-{is_too_long}", text.len());
        assert_eq!(admin.say(&bot, &user, "note").await, ["What?"]);
        let said = admin.say(&bot, &user, text.trim()).await;
        assert_eq!(said[0].contains("mistyped a really long word"), is_too_long, "{}: {said:?}", text.len());
    }
    server.finish().await;
}

#[tokio::test]
async fn what_is_personal_is_hidden_in_what_understanding_tells() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let card = json!({"pii_type": "card", "regex": "RC[0-9]{8}", "enabled": true,
        "display": {"type": "redaction"}});
    let bot = admin
        .bring(&json!({"name": "Cards", "export": {"enable_pii": true, "pii_patterns": [card]}, "dialogs": [
            {"name": "Block Card", "utterances": ["block my card"], "nodes": [
                {"id": "Said", "script": "context.out = JSON.stringify(context.NLAnalysis).includes('RC1') + ' ' + context.NLAnalysis.userInput;"},
                {"id": "Told", "message": "{{context.out}}"}]}]}))
        .await;
    assert_eq!(admin.say(&bot, "ann", "block card RC12345678").await, ["false block card [card]"]);
    server.finish().await;
}

#[tokio::test]
async fn a_survey_that_ends_without_a_word_is_no_question_to_the_bot() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Survey", "events": {"CONVERSATION_END": "Ask Back"}, "dialogs": [
            {"name": "Do It", "nodes": [{"id": "Done", "message": "Done."}]},
            {"name": "Ask Back", "hidden": true, "nodes": [{"id": "Words", "entity": "label", "prompt": "How was it?"}]}]}))
        .await;
    assert_eq!(admin.say(&bot, "ann", "do it").await, ["Done.", "How was it?"]);
    assert_eq!(admin.say(&bot, "ann", "do it better").await, [""; 0]);
    server.finish().await;
}

#[tokio::test]
async fn the_platform_speaks_the_language_of_the_conversation() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let names = json!({"localeData": {"en": {"name": "Send Flowers"}, "es": {"name": "Enviar flores"}}});
    let bot = admin
        .bring(&json!({"name": "Florist", "export": {"supportedLanguages": ["en", "es"]}, "dialogs": [
            {"name": "Send Flowers", "export": names, "nodes": [
                {"id": "Sure", "confirm": "¿Seguro?"}, {"id": "Sent", "message": "Enviadas."}]}]}))
        .await;
    let long = "Quisiera saber si es posible que me lleven un paquete a la casa de mi hermana antes del viernes";
    for (text, said) in [
        ("De nada", "No he entendido eso. ¿Puedes decirlo de otra manera?"),
        (long, "No he entendido eso. ¿Puedes decirlo de otra manera?"),
        ("enviar flores", "¿Seguro?"),
        ("por supuesto", "Enviadas."),
        ("enviar flores", "¿Seguro?"),
        ("discard", "De acuerdo, descarto la tarea por ahora. Podemos empezar de nuevo cuando quieras."),
        ("enviar flores", "¿Seguro?"),
        ("Cancelar", "De acuerdo, descarto la tarea por ahora. Podemos empezar de nuevo cuando quieras."),
        ("¡Ayuda!", "Estas son las tareas que puedo hacer por ti. \n a) Enviar flores"),
        ("enviar flores", "¿Seguro?"),
        // In the other language of the bot, too.
        ("yes", "Enviadas."),
    ] {
        assert_eq!(admin.say(&bot, "ann", text).await[0], said, "{text}");
    }
    for (user, text) in [("bob", "¡Hola!"), ("carl", "gracias"), ("dora", "Ayuda")] {
        admin.say(&bot, user, text).await;
        assert_eq!(admin.say(&bot, user, "send flowers").await, ["¿Seguro?"], "{text}");
        assert!(admin.say(&bot, user, "cancelar").await[0].starts_with("De acuerdo"), "{text}");
    }
    let english = admin.say(&bot, "ann", "could you please tell me the way to the station").await;
    assert!(english[0].contains("understand") || english[0].contains("unable"), "{english:?}");
    server.finish().await;
}

#[tokio::test]
async fn a_report_is_a_file_behind_a_link() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let orders = "context.orders = [{id: 7, item: 'Tea, green'}, {id: 8, price: 2.5}];";
    let of = |path: &str| json!({"isReport": true, "report": [{"dataPath": path}]});
    let link = "{{context.reportContext.Sales[0].url}}";
    let bot = admin
        .bring(&json!({"name": "Reporter", "dialogs": [
            {"name": "Show Sales", "nodes": [{"id": "Take", "script": orders},
                {"id": "Sales", "message": link, "component": of("context.orders")}]},
            {"name": "Show Nothing", "nodes": [{"id": "Sales", "message": link, "component": of("{{context.none}}")}]}]}))
        .await;
    for (text, table) in [("show sales", "id,item,price\n7,\"Tea, green\",\n8,,2.5\n"), ("show nothing", "")] {
        let said = admin.say(&bot, "ann", text).await;
        let link = said[0].replace("&amp;", "&");
        let (_, path) = link.split_once("/api/").unwrap();
        assert_eq!(String::from_utf8(server.anonymous().download(&link).await.to_vec()).unwrap(), table, "{link}");
        let altered = path.replace("clientfilename=Sales", "clientfilename=Other");
        assert_eq!(server.anonymous().get(&format!("/api/{altered}")).await.status, 403);
    }
    server.finish().await;
}

#[tokio::test]
async fn dialogs_of_one_name_are_told_apart_by_their_ids() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let help = json!({"localeData": {"en": {"name": "Help"}}});
    let bot = admin
        .bring(&json!({"name": "Merged", "dialogs": [
            {"name": "Help One", "export": help, "utterances": ["bills"], "nodes": [{"id": "Said", "message": "help one"}]},
            {"name": "Help Two", "export": help, "utterances": ["loans"], "nodes": [{"id": "Said", "message": "help two"}]},
            {"name": "Call Second", "nodes": [{"id": "Call", "dialog": "Help Two"}, {"id": "Back", "message": "back"}]}]}))
        .await;
    for (text, said) in [("bills", &["help one"][..]), ("loans", &["help two"]), ("call second", &["help two", "back"])]
    {
        assert_eq!(admin.say(&bot, "ann", text).await, said, "{text}");
    }
    server.finish().await;
}

#[tokio::test]
async fn languages_that_nobody_knows_harm_nobody() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let locale = json!({"en": {"name": "Odd"}, "xx": {"name": "Odd"}, "zh_cn": {"name": "Odd"}, "ar": {"name": "Odd"}});
    let export = json!({"supportedLanguages": ["en", "xx", "zh_cn", "ar"], "localeData": locale});
    let bot = admin
        .bring(&json!({"name": "Odd", "export": export, "dialogs": [
            {"name": "Order Pizza", "nodes": [{"id": "Said", "message": "ok"}]}]}))
        .await;
    for (text, said) in
        [("order pizza", Some("ok")), ("我想要一个比萨", None), ("أريد بيتزا", None), ("order pizza", Some("ok"))]
    {
        let answer = admin.say(&bot, "ann", text).await;
        assert!(said.is_none_or(|said| answer == [said]) && !answer.is_empty(), "{text}: {answer:?}");
    }
    server.finish().await;
}
