//! The payloads that BotKit servers get.

use dialog::State;
use serde_json::{Map, Value, json};

use crate::Incoming;
use crate::shared::Shared;
use crate::turn::Turn;

/// What one payload says.
pub(super) struct Payload<'a> {
    /// The id of the request.
    pub(super) request: &'a str,
    /// The component: the node of a webhook or transfer, else `default`.
    pub(super) component: &'a str,
    /// Name of the dialog.
    pub(super) dialog: &'a str,
    /// What was said, as plain text.
    pub(super) message: &'a str,
    /// A human has the conversation.
    pub(super) with_agent: bool,
    /// `context`, with `session`.
    pub(super) context: Value,
    /// The event, where it is about one.
    pub(super) event: Option<Value>,
}

/// What is added to `BotUserSession` for BotKit servers, and not taken back from them.
const ADDED: [&str; 2] = ["conversationSessionId", "channels"];

/// `context` outside of a node.
pub(super) fn context(turn: &Turn<'_>, state: &State) -> Value {
    let mut context = state.frame().map(|frame| frame.context.clone()).unwrap_or_default();
    for (name, empty) in [("intent", Value::Null), ("entities", json!({})), ("history", json!([]))] {
        context.entry(name).or_insert(empty);
    }
    context.insert("bot".to_owned(), json!(turn.ready.bot.name(&state.language)));
    context.insert("botid".to_owned(), json!(turn.key.bot));
    context.insert("currentLanguage".to_owned(), json!(state.language));
    let session = state.stores.to_value(turn.key.user.as_str(), turn.key.bot.as_str());
    context.insert("session".to_owned(), session);
    Value::Object(context)
}

/// Takes out of a context that came back what was only added for the server.
pub(super) fn without_added(mut context: Value) -> Value {
    if let Some(Value::Object(store)) = context.pointer_mut("/session/BotUserSession") {
        for name in ADDED {
            store.shift_remove(name);
        }
    }
    context
}

impl Shared {
    /// The payload of a request about a conversation.
    pub(super) fn botkit_payload(&self, of: &Incoming, session: &str, bot_name: &str, payload: Payload<'_>) -> Value {
        let Payload { request, component, dialog, message, with_agent, mut context, event } = payload;
        let key = of.key();
        if let Some(Value::Object(store)) = context.pointer_mut("/session/BotUserSession") {
            let added = [json!(session), json!([{"type": key.channel}])];
            store.extend(ADDED.into_iter().map(str::to_owned).zip(added));
        }
        let base = format!("{}/api/botsdk/stream/{}", self.public_url.trim_end_matches('/'), key.bot);
        let url = |name: &str| json!(format!("{base}/{name}/{request}"));
        let info = json!({"chatBot": bot_name, "taskBotId": key.bot});
        let mut channel = json!({
            "type": key.channel, "from": key.user, "client": "sdk", "handle": {"userId": key.identity}, "botInfo": info,
            "channelInfos": {"type": key.channel, "from": key.user, "botInfo": info},
        });
        if let crate::IncomingEvent::Message { attachments, .. } = &of.event
            && !attachments.is_empty()
        {
            channel["attachments"] = json!(attachments);
        }
        let mut body = json!({
            "requestId": request, "botId": key.bot, "componentId": component, "dialogComponentName": dialog,
            "contextId": format!("dcx-{session}"), "message": message, "agent_transfer": with_agent,
            "channel": channel, "context": context, "metaInfo": {"nlMeta": {}}, "metaTags": meta_tags(of),
            "messageObject": {}, "baseUrl": base,
            "sendUserMessageUrl": url("sendUserMessage"), "sendBotMessageUrl": url("sendBotMessage"),
            "skipUserMessageUrl": url("skipUserMessage"), "skipBotMessageUrl": url("skipBotMessage"),
            "sendAlertMessageUrl": url("sendAlertMessage"), "resetBotUrl": url("resetBot"),
            "clearConversationSessionUrl": url("clearConversationSession"),
            "sendFeedbackMessageUrl": url("sendFeedbackMessage"),
            "startAgentSessionUrl": url("startAgentSession"), "clearAgentSessionUrl": url("clearAgentSession"),
            "getMessagesUrl": format!("{base}/getMessages"), "getBotVariableUrl": format!("{base}/getBotVariables"),
            "getDialogUrl": format!("{base}/getDialog"), "callbackUrl": url("serviceCallback"),
        });
        if let Some(event) = event {
            body["event"] = event;
        }
        body
    }
}

/// The tags that came with the message.
fn meta_tags(incoming: &Incoming) -> Value {
    let tags = &incoming.tags;
    let levels =
        [("userLevelTags", &tags.user), ("sessionLevelTags", &tags.session), ("messageLevelTags", &tags.message)];
    let given = levels.into_iter().filter(|(_, tags)| !tags.is_empty()).map(|(level, tags)| {
        let tags: Vec<Value> = tags.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        (level.to_owned(), Value::Array(tags))
    });
    Value::Object(given.collect::<Map<_, _>>())
}
