//! Words to the platform itself: help, discard.

use super::Engine;
use crate::bot::Condition;
use crate::host::Host;
use crate::reply::Choice;
use crate::state::{Meaning, Pending, Question};
use crate::turn::Reason;

impl<'a, H: Host> Engine<'a, H> {
    /// Commands that come before everything else: to discard all, and the author's own words for discarding.
    pub(crate) async fn obey_at_once(&mut self, text: &str) -> bool {
        if is_discard_all(text) {
            self.discard_all();
            self.say_standard(Condition::Discarded, &[]).await;
            return true;
        }
        if self.host.think(text.len(), || self.model.is_wholly(text, "~bot_commands_override_discard")) {
            self.discard().await;
            return true;
        }
        false
    }

    /// Commands where nothing else understands the message.
    pub(crate) async fn obey(&mut self, text: &str) -> bool {
        if self.interact(text).await {
            return true;
        }
        if self.is_discard(text) && (!self.state.stack.is_empty() || self.state.pending.is_some()) {
            self.discard().await;
            return true;
        }
        if self.is_discard(text) {
            self.say_standard(Condition::NothingToDiscard, &[]).await;
            return true;
        }
        if self.is_help(text) {
            self.help().await;
            return true;
        }
        let bot = self.bot;
        if let Some(event) = bot.events.repeat.as_ref().filter(|_| is_repeat(text)) {
            self.let_happen(&event.what, crate::reply::Source::Event).await;
            let last = self.state.last_replies.clone();
            last.into_iter().for_each(|reply| self.speak(reply));
            return true;
        }
        false
    }

    /// Whether a message is a command.
    pub(crate) fn is_command(&self, text: &str) -> bool {
        self.is_discard(text) || self.is_help(text)
    }

    pub(crate) fn is_discard(&self, text: &str) -> bool {
        let text = text.trim().trim_end_matches(['.', '!']);
        let text = without_please(text);
        let of_language =
            || commands_in(&self.state.language).is_some_and(|it| it.discard.contains(&&*text.to_lowercase()));
        self.at.compat.discard_words.iter().any(|word| word.eq_ignore_ascii_case(text)) || of_language()
    }

    pub(crate) fn is_help(&self, text: &str) -> bool {
        let plain = text.trim().trim_matches(['.', '!', '?', '¿', '¡']).to_lowercase();
        let of_language = || commands_in(&self.state.language).is_some_and(|it| it.help.contains(&&*plain));
        matches!(plain.as_str(), "help" | "help me" | "list tasks" | "what can you do") || of_language()
    }

    async fn discard(&mut self) {
        self.state.pending = None;
        self.say_standard(Condition::Discarded, &[]).await;
        self.discard_stack(Reason::Canceled);
    }

    /// Ends every task; the session goes on.
    fn discard_all(&mut self) {
        self.discard_stack(Reason::Canceled);
        for mut frames in std::mem::take(&mut self.state.held) {
            let outermost = frames.swap_remove(0);
            self.ended(&outermost, Reason::Canceled);
        }
        self.state.queued.clear();
        self.state.tags.clear();
        self.state.historic_tags.clear();
        self.state.tones.clear();
        self.state.small_talk = None;
    }

    /// Lists the tasks, by name.
    pub(crate) async fn help(&mut self) {
        let (language, default_language) = (&self.state.language, &self.bot.default_language);
        // What events and the flow of an app start, nobody asks for.
        let is_internal = |dialog: &crate::bot::Dialog| {
            self.model.data().intents.iter().any(|intent| intent.internal && intent.dialog_id == dialog.id)
        };
        let is_shown = |dialog: &&crate::bot::Dialog| !dialog.hidden && !dialog.follow_up && dialog.start.is_some();
        let shown = self.bot.dialogs.iter().filter(is_shown).filter(|dialog| !is_internal(dialog));
        let mut tasks: Vec<(String, String)> =
            shown.map(|dialog| (dialog.name(language, default_language).to_owned(), dialog.id.clone())).collect();
        tasks.sort_by_key(|(name, _)| name.to_lowercase());
        let choices: Vec<Choice> =
            tasks.iter().map(|(name, _)| Choice { title: name.clone(), value: name.clone() }).collect();
        self.say_choices(Condition::Help, &choices, &[]).await;
        let meanings = tasks.into_iter().map(|(_, id)| Meaning::Dialog(id)).collect();
        self.state.pending = Some(Pending { question: Question::Help, choices, meanings, text: String::new() });
    }
}

/// A command without the word that makes it polite.
fn without_please(text: &str) -> &str {
    const PLEASE: &str = "please";
    let is_please = |part: Option<&str>| part.is_some_and(|part| part.eq_ignore_ascii_case(PLEASE));
    if is_please(text.get(..PLEASE.len())) {
        let rest = &text[PLEASE.len()..];
        return if rest.starts_with([' ', ',']) { rest.trim_start_matches([' ', ',']) } else { text };
    }
    match text.len().checked_sub(PLEASE.len()) {
        Some(at) if is_please(text.get(at..)) && text[..at].ends_with([' ', ',']) => {
            text[..at].trim_end_matches([' ', ','])
        }
        _ => text,
    }
}

/// Commands in a language besides English, in lower case.
struct Commands {
    discard: &'static [&'static str],
    help: &'static [&'static str],
}

/// The commands in the languages that the platform speaks by itself.
fn commands_in(language: &str) -> Option<Commands> {
    let (discard, help): (&[&str], &[&str]) = match language.split(['_', '-']).next()?.to_ascii_lowercase().as_str() {
        "es" => (
            &["cancelar", "cancela", "descartar", "salir", "abortar", "parar"],
            &["ayuda", "ayúdame", "ayudame", "qué puedes hacer"],
        ),
        "fr" => {
            (&["annuler", "annule", "abandonner", "quitter", "arrêter", "arrête"], &["aide", "aide-moi", "aidez-moi"])
        }
        "de" => (&["abbrechen", "abbruch", "verwerfen", "beenden", "stopp"], &["hilfe", "hilf mir", "was kannst du"]),
        "pt" => (
            &["cancelar", "cancela", "descartar", "sair", "abortar", "parar"],
            &["ajuda", "ajude-me", "me ajude", "o que você pode fazer"],
        ),
        "it" => (&["annulla", "annullare", "esci", "uscire", "interrompi", "basta"], &["aiuto", "aiutami"]),
        "nl" => (&["annuleren", "annuleer", "afbreken", "stoppen", "afsluiten"], &["hulp", "help mij", "wat kun je"]),
        _ => return None,
    };
    Some(Commands { discard, help })
}

fn is_discard_all(text: &str) -> bool {
    text.trim().trim_end_matches(['.', '!']).eq_ignore_ascii_case("discard all")
}

fn is_repeat(text: &str) -> bool {
    let plain = text.trim().trim_end_matches(['.', '!', '?']).to_lowercase();
    matches!(plain.as_str(), "repeat" | "repeat that" | "say that again" | "come again" | "pardon" | "what did you say")
}
