//! Which language a message is in.

use dialog::bot::LanguageChoice;

use crate::bots::Ready;
use crate::session::Document;
use crate::shared::Shared;
use crate::{Error, Incoming};

impl Shared {
    /// Chooses the language of a turn, before the bot hears the message.
    pub(crate) async fn choose_language(
        &self,
        incoming: &Incoming,
        ready: &Ready,
        document: &mut Document,
        is_first: bool,
    ) -> Result<(), Error> {
        let bot = &ready.bot;
        let state = &mut document.state;
        let spoken = |code: &str| bot.languages.iter().find(|it| it.eq_ignore_ascii_case(code)).cloned();
        if let Some(wanted) = incoming.language.as_deref().and_then(spoken) {
            state.language = wanted;
            return Ok(());
        }
        let Some(text) = incoming.text().filter(|_| bot.languages.len() > 1) else { return Ok(()) };
        let looks = match bot.settings.language_choice {
            // The answer to a question is in its language.
            LanguageChoice::PerVolley => !state.is_waiting(),
            LanguageChoice::PerSession => is_first,
            LanguageChoice::Lifetime => is_first && !state.returning,
        };
        if looks {
            let current = state.language.clone();
            let heard = self.models.language_of(&ready.definition, &bot.languages, text, &current).await?;
            (state.language, state.suggested_languages) = (heard.language, heard.suggested);
        }
        Ok(())
    }
}
