//! What a BotKit server wants done.

use dialog::reply::{Content, Reply, Source};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::BotKitCall;

/// What a BotKit server wants done, in a form that can be kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BotKitOrder {
    /// The user is told something.
    Say(Box<Reply>),
    /// The bot hears something, as if the user had said it.
    Hear {
        /// What.
        text: String,
        /// The language to speak from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    /// What was asked about is dropped.
    Drop,
    /// The webhook node that waits goes on, with this context.
    Resume(Value),
    /// A human has the conversation, or has it no more.
    Agent(bool),
    /// The running tasks are given up; the session goes on.
    Reset,
    /// The session ends.
    Close,
}

/// What asks for feedback where the server says nothing else.
const FEEDBACK: &str = "How would you rate this conversation, from 1 (poor) to 5 (very good)?";

impl BotKitOrder {
    /// Reads the order in a call. `original` is what the bot said, if the request was about that: an untouched message
    /// comes out as it was.
    ///
    /// # Errors
    /// What is wrong with the body.
    pub(super) fn read(call: BotKitCall, body: &Value, original: Option<&Reply>) -> Result<Self, &'static str> {
        Ok(match call {
            BotKitCall::SendUserMessage | BotKitCall::SendAlertMessage => match words(body, original)? {
                Some(reply) => Self::Say(Box::new(reply)),
                None => Self::Drop,
            },
            BotKitCall::SendFeedbackMessage => {
                let written = override_of(body).map(|content| reply_of(content, None));
                Self::Say(Box::new(written.unwrap_or_else(|| Reply::text(Source::Platform, FEEDBACK))))
            }
            BotKitCall::SendBotMessage => match words(body, None)?.map(|reply| reply.plain_text()) {
                Some(text) => {
                    let language = body.pointer("/metaInfo/setLanguage").and_then(Value::as_str);
                    Self::Hear { text, language: language.filter(|it| !it.is_empty()).map(str::to_owned) }
                }
                None => Self::Drop,
            },
            BotKitCall::SkipUserMessage | BotKitCall::SkipBotMessage => Self::Drop,
            BotKitCall::ServiceCallback => {
                let context = body.get("context").filter(|context| context.is_object());
                Self::Resume(context.ok_or("`context` must be an object: send back the one that came")?.clone())
            }
            BotKitCall::StartAgentSession => Self::Agent(true),
            BotKitCall::ClearAgentSession => Self::Agent(false),
            BotKitCall::ResetBot => Self::Reset,
            BotKitCall::ClearConversationSession => Self::Close,
            BotKitCall::ExtendCallId => return Err("the call gives no order"),
        })
    }
}

/// What a payload says; nothing for an empty message. `overrideMessagePayload` goes before `message`.
fn words(body: &Value, original: Option<&Reply>) -> Result<Option<Reply>, &'static str> {
    let body = body.as_object().ok_or("the body must be the payload that came, changed")?;
    if let Some(content) = override_of(&Value::Object(body.clone())) {
        return Ok(Some(reply_of(content, original)));
    }
    let message = match body.get("message") {
        None | Some(Value::Null) => return Ok(original.cloned()),
        Some(Value::String(text)) => text.clone(),
        Some(template @ Value::Object(_)) => return Ok(Some(reply_of(Content::Template(template.clone()), original))),
        Some(_) => return Err("`message` must be a text"),
    };
    if let Some(original) = original.filter(|original| original.plain_text() == message) {
        return Ok(Some(original.clone()));
    }
    Ok((!message.is_empty()).then(|| reply_of(Reply::content_of(message), original)))
}

/// `overrideMessagePayload`: `body` is a text, or with `isTemplate` the JSON of a template.
fn override_of(body: &Value) -> Option<Content> {
    let payload = body.get("overrideMessagePayload")?;
    let is_template = match payload.get("isTemplate") {
        Some(Value::Bool(is_template)) => *is_template,
        Some(Value::String(word)) => word.eq_ignore_ascii_case("true"),
        _ => false,
    };
    Some(match payload.get("body")? {
        Value::String(text) if is_template => match serde_json::from_str(text) {
            Ok(template @ (Value::Object(_) | Value::Array(_))) => Content::Template(template),
            _ => Content::Text(text.clone()),
        },
        Value::String(text) => Content::Text(text.clone()),
        Value::Null => return None,
        template => Content::Template(template.clone()),
    })
}

/// Something said in place of the original: it keeps who says it, and offers nothing to choose.
fn reply_of(content: Content, original: Option<&Reply>) -> Reply {
    let mut reply = original.cloned().unwrap_or_else(|| Reply::text(Source::Platform, ""));
    reply.content = content;
    reply.choices.clear();
    reply.is_yes_no = false;
    reply.form = None;
    reply
}

#[cfg(test)]
mod tests {
    use dialog::reply::Choice;
    use serde_json::json;

    use super::*;

    fn original() -> Reply {
        let mut reply = Reply::text(Source::Dialog, "");
        reply.content = Content::Template(json!({"type": "template", "payload": {"text": "Pick one"}}));
        reply.choices = vec![Choice { title: "A".to_owned(), value: "a".to_owned() }];
        reply
    }

    #[test]
    fn what_is_said_is_the_override_or_the_message_or_the_untouched_original() {
        let template = json!({"type": "template", "payload": {"text": "New"}});
        let text = |text: &str| Some(Content::Text(text.to_owned()));
        let table = [
            (json!({"message": "Pick one", "other": 1}), Some(original().content)),
            (json!({}), Some(original().content)),
            (json!({"message": "Other"}), text("Other")),
            (json!({"message": ""}), None),
            (json!({"message": template.to_string()}), Some(Content::Template(template.clone()))),
            (json!({"message": template}), Some(Content::Template(template.clone()))),
            (
                json!({"message": "Pick one", "overrideMessagePayload": {"body": template.to_string(), "isTemplate": true}}),
                Some(Content::Template(template)),
            ),
            (json!({"overrideMessagePayload": {"body": "{}", "isTemplate": false}}), text("{}")),
            (json!({"overrideMessagePayload": {"body": "not JSON", "isTemplate": true}}), text("not JSON")),
            (json!({"message": "Other", "overrideMessagePayload": null}), text("Other")),
        ];
        for (body, expected) in table {
            let order = BotKitOrder::read(BotKitCall::SendUserMessage, &body, Some(&original())).expect("an order");
            let said = match &order {
                BotKitOrder::Say(reply) => Some(reply.content.clone()),
                _ => None,
            };
            assert_eq!(said, expected, "{body}");
            // Only the original offers its choices.
            let choices = matches!(&order, BotKitOrder::Say(reply) if !reply.choices.is_empty());
            assert_eq!(choices, said == Some(original().content), "{body}");
        }
    }

    #[test]
    fn calls_that_cannot_be_read_say_why() {
        let table = [
            (BotKitCall::SendUserMessage, json!([]), "the body must be"),
            (BotKitCall::SendBotMessage, json!({"message": 1}), "`message` must be a text"),
            (BotKitCall::ServiceCallback, json!({"context": "x"}), "`context` must be an object"),
        ];
        for (call, body, expected) in table {
            let reason = BotKitOrder::read(call, &body, None).expect_err("no order");
            assert!(reason.starts_with(expected), "{body}: {reason}");
        }
    }

    #[test]
    fn an_order_is_kept_as_it_is() {
        let hear = BotKitOrder::Hear { text: "Hallo".to_owned(), language: Some("de".to_owned()) };
        let body = json!({"message": "Hallo", "metaInfo": {"setLanguage": "de"}});
        assert_eq!(BotKitOrder::read(BotKitCall::SendBotMessage, &body, None), Ok(hear.clone()));
        for order in [hear, BotKitOrder::Say(Box::new(original())), BotKitOrder::Drop, BotKitOrder::Agent(true)] {
            let kept = serde_json::to_value(&order).expect("plain data");
            assert_eq!(serde_json::from_value::<BotKitOrder>(kept).expect("an order"), order);
        }
    }
}
