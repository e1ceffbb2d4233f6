//! What scripts leave behind, with characters and lengths that no database keeps: a NUL is replaced, a long key fails the
//! script, and the user's next message is answered.

use domain::LONGEST_KEY;
use serde_json::json;

use super::bodies::random_text;
use crate::support::TestServer;

#[tokio::test]
async fn what_scripts_leave_never_mutes_a_user() {
    let long = random_text(3_000);
    let in_all = "EnterpriseContext BotContext UserSession BotUserSession";
    let put_nul: String = in_all.split(' ').map(|store| format!("{store}.put('a\\u0000b', 'v\\u0000', 5);")).collect();
    let get_nul: Vec<String> = in_all.split(' ').map(|store| format!("{store}.get('a\\u0000b')")).collect();
    let get_nul = format!("print([{}].join().replace(/\\u0000/g, '0'));", get_nul.join(","));
    // What each script does, what is said then, and a part of what the debug log tells of it.
    let rows = [
        ("Put Nul", put_nul.as_str(), "done", ""),
        ("Set Nul", "context.session.BotContext['c\\u0000d'] = 1;", "done", ""),
        (
            "Tag Nul",
            "tags.addUserLevelTag('n\\u0000', 'v\\u0000'); tags.addMessageLevelTag('m\\u0000', 'v');",
            "done",
            "",
        ),
        ("Keep Nul", "context['k\\u0000'] = 'v\\u0000'; koreDebugger.log('l\\u0000'); print('p\\u0000');", "done", ""),
        ("Keep Half", "context['k\\ud800'] = 'v\\ud800'; UserSession.put('\\udc00', '\\ud800');", "done", ""),
        ("Tongue Nul", "context.currentLanguage = 'e\\u0000n';", "done", ""),
        ("Put Long", &format!("UserSession.put('{long}', 1);"), "It broke.", "a key of `UserSession` has 3000 bytes"),
        (
            "Lend Long",
            &format!("BotUserSession.put('{long}', 1, 5);"),
            "It broke.",
            "a key of `BotUserSession` has 3000",
        ),
        (
            "Set Long",
            &format!("context.session.BotContext['{long}'] = 1;"),
            "It broke.",
            "a key of `BotContext` has 3000",
        ),
        ("Tag Long", &format!("tags.addUserLevelTag('{long}', 'v');"), "It broke.", "the name of a tag has 3000 bytes"),
        ("Put Longest", &format!("UserSession.put('{}', 1);", &long[..LONGEST_KEY]), "done", ""),
    ];
    let mut dialogs: Vec<_> = rows
        .iter()
        .map(|(name, script, ..)| {
            json!({"name": name, "nodes": [{"id": "Script", "script": script}, {"id": "Done", "message": "done"}]})
        })
        .collect();
    dialogs.push(json!({"name": "Look Up", "nodes": [{"id": "Look", "message": {"js": get_nul}}]}));
    let description =
        json!({"name": "Target", "dialogs": dialogs, "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}}});
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description).await;
    for (name, _, said, told) in rows {
        let user = name.replace(' ', "-");
        assert_eq!(admin.say(&bot, &user, name).await, [said], "{name}");
        let found = if name == "Put Nul" { "v0,v0,v0,v0" } else { "v0,v0,," };
        assert_eq!(admin.say(&bot, &user, "look up").await, [found], "after {name}");
        let errors = super::errors_of(&server, &bot, &user).await;
        assert_eq!(errors.len(), usize::from(!told.is_empty()), "{name}: {errors:?}");
        assert!(errors.iter().all(|error| error.contains(told)), "{name}: {errors:?}");
    }
    server.finish().await;
}
