//! `interruptOptions` of a node, a dialog or the bot.

use serde_json::Value;

use super::lenient::{count, flag, text};
use crate::bot::{AnsweredAside, Holding, Interruption, Resuming, Who};

/// The options where they are those of the place they stand in; `None` where they leave it to a place `above`, which
/// `priority` names: `task` or `bot` at a node, `bot` at a dialog.
pub(super) fn own(options: &Value, above: &[&str]) -> Option<Interruption> {
    let priority = text(&options["priority"]);
    let is_own = match priority {
        "" => options["type"].is_object() || !options["interruptsEnabled"].is_null(),
        priority => !above.contains(&priority),
    };
    is_own.then(|| read(options))
}

/// The options as they stand there.
pub(super) fn read(options: &Value) -> Interruption {
    let resuming = &options["resumeUxOptions"];
    Interruption {
        enabled: flag(&options["interruptsEnabled"]),
        who: match text(&options["type"]["option"]) {
            "developer" => Some(Who::Developer),
            "endUser" => Some(Who::EndUser),
            "doNotAllowHoldResume" => Some(Who::NoHolding),
            _ => None,
        },
        holding: match text(&options["holdUxOptions"]["option"]) {
            "holdCurrTask" => Some(Holding::Hold),
            "discardCurrTask" => Some(Holding::Discard),
            "discardCurrTaskNoNotify" => Some(Holding::DiscardSilently),
            "continueCurrTask" => Some(Holding::Continue),
            _ => None,
        },
        resuming: match text(&resuming["option"]) {
            "confFromUser" => Some(Resuming::Ask),
            "notifyUser" => Some(Resuming::Tell),
            "noConfFromUser" => Some(Resuming::Silently),
            _ => None,
        },
        most_held: count(&options["numTasksToHold"]).and_then(|count| usize::try_from(count).ok()),
        faq: aside(&options["faqBehaviour"]),
        small_talk: aside(&options["smallTalkBehaviour"]),
        shows_ambiguous: flag(&options["showAmbiguous"]),
        resumes_after_single_reply: flag(&resuming["neverNotify"]),
    }
}

fn aside(behaviour: &Value) -> Option<AnsweredAside> {
    match text(behaviour) {
        "" => None,
        "respondAndResume" => Some(AnsweredAside::AndAsksAgain),
        _ => Some(AnsweredAside::AsTask),
    }
}
