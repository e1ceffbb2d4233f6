//! How a task is interrupted by another one (conversation.md §9.2).

/// How a task is interrupted. A part that is `None` is decided one level up: node, dialog, bot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interruption {
    /// Whether it can be interrupted at all.
    pub enabled: Option<bool>,
    /// Who decides (`type.option`).
    pub who: Option<Who>,
    /// What becomes of the interrupted task (`holdUxOptions.option`).
    pub holding: Option<Holding>,
    /// How it is taken up again (`resumeUxOptions.option`).
    pub resuming: Option<Resuming>,
    /// So many tasks are held at most (`numTasksToHold`).
    pub most_held: Option<usize>,
    /// A question inside of a task (`faqBehaviour`).
    pub faq: Option<AnsweredAside>,
    /// Small talk inside of a task (`smallTalkBehaviour`).
    pub small_talk: Option<AnsweredAside>,
    /// Several things that may be meant are shown (`showAmbiguous`); else they are passed over.
    pub shows_ambiguous: Option<bool>,
    /// A task of a single reply is always followed by the interrupted one, silently.
    pub resumes_after_single_reply: Option<bool>,
}

/// Who decides about an interruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The author, in advance.
    Developer,
    /// The user is asked.
    EndUser,
    /// Nobody: there is no holding (`doNotAllowHoldResume`); the task is discarded.
    NoHolding,
}

/// What becomes of an interrupted task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It is held and taken up again.
    Hold,
    /// It is discarded, and the user is told.
    Discard,
    /// It is discarded silently.
    DiscardSilently,
    /// It goes on; the other task is remembered as a follow-up.
    Continue,
}

/// How a held task is taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resuming {
    /// The user is asked.
    Ask,
    /// The user is told.
    Tell,
    /// Silently.
    Silently,
}

/// What happens to a task while a question or small talk is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredAside {
    /// The answer, then the task's own question again.
    AndAsksAgain,
    /// As for any other interruption.
    AsTask,
}

impl Interruption {
    /// This one where it says something, else the one above.
    pub fn over(&self, above: &Self) -> Self {
        Self {
            enabled: self.enabled.or(above.enabled),
            who: self.who.or(above.who),
            holding: self.holding.or(above.holding),
            resuming: self.resuming.or(above.resuming),
            most_held: self.most_held.or(above.most_held),
            faq: self.faq.or(above.faq),
            small_talk: self.small_talk.or(above.small_talk),
            shows_ambiguous: self.shows_ambiguous.or(above.shows_ambiguous),
            resumes_after_single_reply: self.resumes_after_single_reply.or(above.resumes_after_single_reply),
        }
    }
}
