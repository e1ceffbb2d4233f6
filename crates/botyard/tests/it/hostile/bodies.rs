//! Bad bodies: no JSON at all, and good bodies with one value in them made bad.

use serde_json::{Value, json};

use super::{Sweep, bytes};

/// A body to send.
pub(super) struct Body {
    /// What is bad about it.
    pub(super) what: String,
    pub(super) bytes: Vec<u8>,
}

/// How deep a body is nested that no reader follows to its end.
const DEEP: usize = 20_000;

/// Everything that is sent to one operation.
pub(super) fn bodies(sweep: &Sweep, method: &str, template: &str) -> Vec<Body> {
    let junk: Vec<(&str, Vec<u8>)> = vec![
        ("no body", Vec::new()),
        ("null", b"null".to_vec()),
        ("a list", b"[]".to_vec()),
        ("an empty object", b"{}".to_vec()),
        ("a list of lists", b"[[]]".to_vec()),
        ("a text", b"\"text\"".to_vec()),
        ("a number", b"1e999".to_vec()),
        ("no UTF-8", b"{\"name\": \"\xff\xfe\"}".to_vec()),
        ("a bare NUL", b"{\"name\": \"\0\"}".to_vec()),
        ("half a character", br#"{"name": "\ud800"}"#.to_vec()),
        ("halves in the wrong order", br#"{"\udc00\ud800": 1}"#.to_vec()),
        ("brackets", "[".repeat(DEEP).into_bytes()),
        ("objects", "{\"a\":".repeat(DEEP).into_bytes()),
        ("deep and whole", format!("{{\"a\":{}{}}}", "[".repeat(DEEP), "]".repeat(DEEP)).into_bytes()),
        ("a hundred deep", format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100)).into_bytes()),
    ];
    let mut all: Vec<Body> = junk.into_iter().map(|(what, bytes)| Body { what: what.to_owned(), bytes }).collect();
    let good = good_body(sweep, method, template);
    let mut places = Vec::new();
    find_places(&good, String::new(), &mut places);
    let long = [random_text(3_000), random_text(100_000)];
    for place in places {
        let was = good.pointer(&place).cloned().unwrap_or_default();
        let mut bad = vec![
            ("a NUL", json!("a\0b")),
            ("3,000 bytes", json!(long[0])),
            ("100,000 bytes", json!(long[1])),
            ("a large number", json!(u64::MAX)),
            ("a negative number", json!(i64::MIN)),
            ("null", Value::Null),
            ("a list", json!([[], {}, null, 1.5])),
            ("an object", json!({"$ne": 1})),
        ];
        if let Value::String(text) = &was {
            bad.push(("itself with a NUL", json!(format!("{text}\0"))));
        }
        for (what, value) in bad {
            let mut body = good.clone();
            if let Some(member) = body.pointer_mut(&place) {
                *member = value;
            }
            // Some of them are texts that people wrote, which may have any character: names are tested apart.
            all.push(Body { what: format!("{place} is {what}"), bytes: bytes(&body) });
        }
    }
    all
}

/// Where texts, numbers and switches stand, and lists and objects, as JSON pointers.
fn find_places(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                find_places(item, format!("{place}/{at}"), places);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                find_places(member, format!("{place}/{name}"), places);
            }
        }
        _ => places.push(place),
    }
}

/// A text that does not compress, as indexes see it.
pub(super) fn random_text(bytes: usize) -> String {
    let mut word = 0x9e37_79b9_7f4a_7c15_u64;
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        text.push_str(&format!("{word:016x}"));
    }
    text.truncate(bytes);
    text
}

/// A body the operation takes, or nearly: with every member that it reads.
fn good_body(sweep: &Sweep, method: &str, template: &str) -> Value {
    let (bot, file, user) = (sweep.named("botId"), sweep.named("fileId"), sweep.named("userId"));
    let listing = json!({"userId": "ada", "skip": 0, "limit": 10, "dateFrom": "2000-01-01", "dateTo": "2100-01-01",
        "channelType": "ivr", "direction": "incoming", "sessionId": [sweep.named("sessionId")], "msgId": "ms-x",
        "forward": "true", "sort": "asc", "containmentType": "selfService", "callId": "c", "isDeveloper": "false",
        "streamIds": [bot], "tags": {"and": [{"name": "a", "values": ["b"], "type": "userTags"}]}});
    let message = json!({"message": {"type": "text", "val": "hello"}, "from": {"id": "ada", "userInfo": {"name": "Ada"}},
        "clientMessageId": "m", "interactiveLanguage": "en", "preferredChannelForResponse": "rtm",
        "session": {"new": false}, "meta": {"timezone": "UTC"}, "customData": {"a": "b"},
        "metaTags": {"messageLevelTags": [{"name": "a", "value": "b"}], "sessionLevelTags": [{"name": "a", "value": "b"}],
            "userLevelTags": [{"name": "a", "value": "b"}], "altText": [{"value": "shown"}]}});
    let user_entry = json!({"users": [{"userDetails": {"emailId": "new@example.com", "firstName": "A", "lastName": "B"},
        "emailId": "new@example.com", "firstName": "A", "lastName": "B", "groups": ["G"], "canCreateBot": true,
        "adminRoles": ["x"], "bots": [{"botId": bot, "roleId": "x"}], "roles": [{"roleId": "x", "botId": bot}]}]});
    match template.trim_start_matches("/api/public").trim_start_matches("/bot/{botId}") {
        "/useraccess" => json!({"userId": user, "emailId": "a@example.com"}),
        "/users" if method == "delete" => json!({"deleteEmailIds": ["nobody@example.com"]}),
        "/users" => user_entry,
        "/usersInfo" => json!({"emailIds": ["a@example.com"], "offset": 0, "limit": 10}),
        "/bot/eraseUsersData" => json!({"userIds": ["nobody"], "botIds": [bot], "RemoveDataFromAllBots": false}),
        "/btroles/assignments" | "/adminroles/assignments" => {
            json!([{"roleId": "x", "botId": bot, "addUsers": ["a"], "removeUsers": ["b"], "addGroups": ["c"],
                "removeGroups": ["d"]}])
        }
        "/roles/import" => json!({"fileId": file}),
        "/bot/import" | "/import" => {
            json!({"botDefinition": file, "configInfo": file, "botFunctions": [file], "icon": file, "name": "N",
                "purpose": "customer", "color": "#123456", "zipInfo": file, "uploadMode": "JSON",
                "importOptions": {"tasks": ["botTask"], "nlpData": ["nlpSettings"], "settings": ["botSettings"],
                    "options": {"customDashboards": ["d"]}}})
        }
        "/import/botfunctions" => json!([{"fileName": "a.js", "fileId": file}]),
        "/export" => {
            json!({"exportType": "published", "subIntents": ["x"],
                "exportOptions": {"tasks": ["botTask"], "nlpData": [], "settings": ["botSettings"]},
                "customDashboards": ["d"], "allTasks": false})
        }
        "/publish" => json!({"versionComment": 7, "linkedBotCount": 1, "resources": [{"resourceId": "x"}]}),
        "/versions/{number}/restore" => json!({"versionComment": "c", "publish": 1}),
        "/session" => json!({"sessionId": "x", "userId": "nobody", "channelType": "rtm"}),
        "/getMessages" | "/getMessagesV2" | "/getSessions" => listing,
        "/setup" => json!({"updateSet": {"name": "N", "color": "#123456", "servicesMode": "live", "description": "d"}}),
        "/configurations" => json!({"taskThreshold": 0.5, "language": "en", "thresholds": {"a": 1}}),
        "/faqs/train" => json!({"language": "xx"}),
        "/mlimport" => json!({"fileId": file, "fileName": "a.csv", "fileType": "csv"}),
        "/testsuite/import" => {
            json!({"fileName": file, "fileType": "json", "delimiter": ",", "importType": "new", "name": "Suite",
                "description": "d"})
        }
        "/testsuite/{suite}/export" => json!({"fileType": "csv"}),
        "/testsuite/{suite}/run" => json!({"version": "published"}),
        "/agentintegrations/chat/custom" => {
            json!({"sdkClientId": sweep.named("clientId"), "sdkHostUri": "http://127.0.0.1:9",
                "subscribedFor": ["onMessage"], "events": ["onMessage"], "name": "n"})
        }
        "/channels" => {
            json!({"streamId": bot, "type": "rtm", "channelDetails": {"displayName": "d", "name": "n", "enable": true,
                "app": {"clientId": sweep.named("clientId"), "appName": "a"}}})
        }
        "/webhooks" => json!({"url": "https://127.0.0.1:9/", "events": ["publish.succeeded"], "streamId": bot}),
        "/builder/bot/{botId}/variables/import" | "/api/users/{userId}/builder/streams/{botId}/variables" => {
            json!([{"key": "k", "value": "v", "variableType": "env", "hint": "h", "isSecured": true,
                "propagateValue": false, "groupName": "g"}])
        }
        "/api/rest/bot/{botId}/findIntent" => {
            json!({"input": "hello", "streamName": "Target", "parentIntent": "p", "expandAns": true})
        }
        "/api/oauth/token" => {
            json!({"client_id": "1", "client_secret": "1", "scope": "1", "grant_type": "password",
                "username": "a@example.com", "password": "p"})
        }
        "/api/users/sts" => {
            json!({"clientId": sweep.named("clientId"), "clientSecret": "s", "identity": "ada", "aud": "a",
                "isAnonymous": false})
        }
        "/api/internal/account" => json!({"name": "n", "emailId": "a@example.com"}),
        "/api/internal/clientapp" => json!({"name": "n", "accountId": "a", "scopes": ["x"]}),
        "/api/market/streams" => json!({"_id": bot, "streamId": bot, "name": "n", "profileRequired": true}),
        "/chatbot/hooks/{botId}" | "/chatbot/v2/webhook/{botId}" => message,
        "/api/botsdk/stream/{botId}/{call}/{requestId}" => {
            json!({"requestId": "r", "message": "m", "channel": {"type": "rtm"}, "context": {"a": "b"},
                "overrideMessagePayload": {"body": "b", "isTemplate": true}})
        }
        "/api/users/{userId}/builder/streams" => {
            json!({"name": "New", "type": "default", "purpose": "customer", "color": "no color",
                "defaultLanguage": "en", "description": "d", "languages": ["en"]})
        }
        "/api/users/{userId}/builder/streams/{botId}/channels/{type}" => {
            json!({"enable": true, "postUrl": "http://127.0.0.1:9/", "isAsync": false, "name": "n"})
        }
        "/api/UIFlow/forms/token" => json!({"formData": {"a": "b"}, "cancel": false}),
        "/api/attachment/file" | "/api/attachments/file/{streamId}/{channelType}" => {
            json!({"fileExtension": "txt", "fileContext": "c", "thumbnailUpload": false, "filename": "f"})
        }
        other if other.contains("/sdk/apps") => {
            json!({"appName": "n", "algorithm": "HS256", "publicKey": "k", "scope": ["x"], "bots": [bot],
                "scopes": [{"bot": bot, "scopes": ["x"]}], "pushNotifications": {"enable": false}, "jtiEnabled": 1,
                "encryption": {"enabled": 1}})
        }
        other if other.contains("Token") || other.contains("token") => {
            json!({"chunkNo": "1", "totalChunks": "1", "fileExtension": "txt", "fileContext": "c"})
        }
        _ => {
            json!({"name": "n", "_id": "x", "id": "x", "language": "en", "state": "s", "components": [{"_id": "x"}],
                "dialogs": [{"_id": "x"}], "advancedNLSettings": [{"_id": "x", "key": "k", "value": "v"}],
                "taskId": "t", "status": "s", "offset": 0, "limit": 1})
        }
    }
}
