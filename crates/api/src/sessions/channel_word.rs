//! Words by which calls name channels.

/// The channel a word means, in any letter case: `ivr`, which `webhook` stands for, too, is the conversations over the webhook
/// channel; `rtm` those of web and mobile clients. Other channels have the names they are set up under.
pub(super) fn channel_of(word: &str) -> String {
    match word.trim().to_ascii_lowercase().as_str() {
        "webhook" => crate::webhook::CHANNEL.to_owned(),
        other => other.to_owned(),
    }
}
