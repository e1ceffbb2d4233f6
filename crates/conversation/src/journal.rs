//! The journal of a turn: what it asked outside of the process and was answered, and what it said, each kept before the turn
//! goes on. A turn that is taken again takes all of it over: nobody is asked twice, and nothing is said twice.
//!
//! The answers are told apart by their place in the turn. A turn is deterministic: begun with the same
//! [frame](crate::frame::Frame) and given the same answers it asks the same again. Where it does not (another release, say),
//! the fingerprint of the question differs, and the turn fails rather than take another question's answer.

use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;

use dialog::host::{Cause, Fault};
use dialog::reply::Reply;
use domain::{SessionId, TooLarge};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{KeptJournal, TableOp, TableResult, TurnEffect};

use crate::book::{Book, said_of};
use crate::slot::Stage;
use crate::{Error, Spoken};

/// So often it is tried to keep an answer, and so long after one try that failed.
const TRIES: usize = 5;
const TRY_PAUSE: Duration = Duration::from_millis(200);

/// What a turn was answered and said so far.
pub(crate) struct Journal<'a> {
    /// What tells the turn from all others.
    pub(crate) turn: String,
    /// Where it is kept; nowhere for a turn that is tried out.
    pub(crate) book: Option<Book<'a>>,
    /// What it was answered in an attempt before, by place.
    known: HashMap<String, TurnEffect>,
    /// What it was answered and is kept with what comes next.
    unwritten: Vec<TurnEffect>,
    /// So many questions were numbered.
    asked: u32,
    /// All answers together. Bytes.
    bytes: usize,
    /// Why the turn cannot go on.
    broken: Option<Error>,
    /// What the bot said in the act that runs.
    heard: Vec<Reply>,
    /// So much of that was passed on.
    passed: usize,
    /// What goes to the user, in order.
    said: Vec<Reply>,
    /// The first of it, which went out already.
    delivered: Vec<Spoken>,
    /// What was said in an attempt before, of what is in the store.
    before: Vec<Reply>,
    /// So much of what is said is in the store.
    said_written: usize,
    /// The conversation changed: nothing goes out before the end, which takes that into account.
    holds_back: bool,
}

/// Who is asked before the user hears what the bot says.
pub(crate) trait PassOn: Send {
    /// Passes on what the bot said until now.
    fn pass_on(&mut self, journal: &mut Journal<'_>) -> impl Future<Output = Result<(), Error>> + Send;
}

/// A question to somebody outside of the process.
#[derive(Clone)]
pub(crate) struct Question {
    place: String,
    fingerprint: String,
}

impl<'a> Journal<'a> {
    /// The journal of a turn that is tried out: it keeps nothing.
    pub(crate) fn of_trial(turn: String) -> Self {
        Self {
            turn,
            book: None,
            known: HashMap::new(),
            unwritten: Vec::new(),
            asked: 0,
            bytes: 0,
            broken: None,
            heard: Vec::new(),
            passed: 0,
            said: Vec::new(),
            delivered: Vec::new(),
            before: Vec::new(),
            said_written: 0,
            holds_back: false,
        }
    }

    /// The journal of a turn with what was kept of it.
    pub(crate) fn of(book: Book<'a>, kept: KeptJournal) -> Result<Self, Error> {
        let said: Vec<Spoken> = kept
            .said
            .map(serde_json::from_value)
            .transpose()
            .map_err(|error| Error::Diverged(format!("what it said before cannot be read ({error})")))?
            .unwrap_or_default();
        let turn = book.frame.turn.clone();
        Ok(Self {
            book: Some(book),
            bytes: kept.effects.iter().map(|effect| domain::json_size(&effect.answer).bytes).sum(),
            known: kept.effects.into_iter().map(|effect| (effect.place.clone(), effect)).collect(),
            before: said.iter().map(|spoken| spoken.reply.clone()).collect(),
            said_written: said.len(),
            delivered: said.into_iter().take_while(Spoken::is_out).collect(),
            ..Self::of_trial(turn)
        })
    }

    /// The number of the question that comes next.
    pub(crate) fn next(&self) -> u32 {
        self.asked + 1
    }

    /// A question that comes next. `what` names it in errors; `request` is all that makes it differ from others.
    pub(crate) fn question(&mut self, what: &str, request: &Value) -> Question {
        self.asked += 1;
        self.question_at(self.asked.to_string(), what, request)
    }

    /// A question with a place of its own, which depends on no other one's.
    pub(crate) fn question_at(&self, place: String, what: &str, request: &Value) -> Question {
        let hash = access::digest::sha256(request.to_string().as_bytes());
        Question { place, fingerprint: format!("{what} #{}", &hash[..16]) }
    }

    /// An id that a request has whenever the turn is taken.
    pub(crate) fn request_id(&self, question: &Question) -> String {
        let hash = access::digest::sha256(format!("{}/{}", self.turn, question.place).as_bytes());
        hash[..24].to_owned()
    }

    /// The session the turn belongs to.
    pub(crate) fn session(&self) -> Option<SessionId> {
        self.book.as_ref().map(|book| book.session.id.clone())
    }

    /// What breaks the turn off, if something does.
    pub(crate) fn check(&mut self) -> Result<(), Error> {
        self.broken.take().map_or(Ok(()), Err)
    }

    /// The answer to a question that was asked in an attempt before.
    pub(crate) fn known<T: DeserializeOwned>(&mut self, question: &Question) -> Option<Result<T, Fault>> {
        if self.broken.is_some() {
            return Some(Err(broken_off()));
        }
        let known = self.known.get(&question.place)?;
        if known.fingerprint != question.fingerprint {
            let (place, before, now) = (&question.place, &known.fingerprint, &question.fingerprint);
            let why = format!("question {place} was `{before}` when it was answered, and is `{now}` now");
            self.broken = Some(Error::Diverged(why));
            return Some(Err(broken_off()));
        }
        match serde_json::from_value(known.answer.clone()) {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.broken =
                    Some(Error::Diverged(format!("the answer to question {} cannot be read: {error}", question.place)));
                Some(Err(broken_off()))
            }
        }
    }

    /// Asks, unless the answer is known, and keeps the answer before the turn goes on. What was said before goes out
    /// meanwhile when it takes longer.
    pub(crate) async fn ask<T: Serialize + DeserializeOwned>(
        &mut self,
        talk: &mut impl PassOn,
        question: Question,
        act: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        if let Some(known) = self.known(&question) {
            return known;
        }
        let answer = self.outside(talk, act).await;
        self.keep(question, answer).await
    }

    /// Waits for somebody outside of the process; what was said before goes out meanwhile when it takes longer.
    pub(crate) async fn outside<T>(&mut self, talk: &mut impl PassOn, act: impl Future<Output = T> + Send) -> T {
        let mut act = pin!(act);
        match tokio::time::timeout(self.patience(), &mut act).await {
            Ok(answer) => answer,
            Err(_) => tokio::join!(act, self.flush(talk)).0,
        }
    }

    /// As [`Self::ask`], for what changes nothing outside and costs nothing: the answer is kept with what comes next.
    pub(crate) async fn look<T: Serialize + DeserializeOwned>(
        &mut self,
        question: Question,
        act: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        if let Some(known) = self.known(&question) {
            return known;
        }
        let answer = act.await;
        self.note(question, answer)
    }

    /// Works on a data table, and keeps the result in the same transaction.
    pub(crate) async fn write_table(&mut self, question: Question, op: TableOp) -> Result<Value, Fault> {
        if let Some(known) = self.known(&question) {
            return known;
        }
        let Some(book) = &mut self.book else { return Err(broken_off()) };
        let mut held = book.slot.hold().await;
        let journal = book.write(held.stage, self.unwritten.clone(), None);
        let Question { place, fingerprint } = question.clone();
        let effect = move |result: &TableResult| {
            let answer: Result<Value, Fault> = Ok(result.body());
            TurnEffect { place, fingerprint, answer: to_value(&answer) }
        };
        match book.shared.store.data_table_in_turn(&book.commit.conversation, op, journal, effect).await {
            Ok(result) => {
                (held.stage, book.is_begun) = (Stage::Kept, true);
                self.unwritten.clear();
                Ok(result.body())
            }
            Err(error) if error.is_transient() => {
                self.broken = Some(error.into());
                Err(broken_off())
            }
            Err(error) => {
                drop(held);
                self.keep(question, Err(Fault::new(error.to_string()))).await
            }
        }
    }

    /// Keeps the answer to a question.
    pub(crate) async fn keep<T: Serialize>(
        &mut self,
        question: Question,
        answer: Result<T, Fault>,
    ) -> Result<T, Fault> {
        let answer = self.note(question, answer);
        self.write().await;
        // A failure is an answer, too: the turn goes on from it.
        if self.broken.is_some() { Err(broken_off()) } else { answer }
    }

    fn note<T: Serialize>(&mut self, question: Question, mut answer: Result<T, Fault>) -> Result<T, Fault> {
        let Some(book) = &self.book else { return answer };
        let Question { place, fingerprint } = question;
        let mut kept = to_value(&answer);
        let most = book.shared.store.limits().turn_journal_bytes;
        let bytes = self.bytes + domain::json_size(&kept).bytes;
        if let Err(too_large) = TooLarge::check("what a turn was answered", bytes, most, "bytes") {
            answer = Err(Fault::of(Cause::Bot, too_large.to_string()));
            kept = to_value(&answer);
        }
        self.bytes += domain::json_size(&kept).bytes;
        self.unwritten.push(TurnEffect { place, fingerprint, answer: kept });
        answer
    }

    /// Writes what was answered and said since the last time.
    async fn write(&mut self) {
        let Some(book) = &mut self.book else { return };
        if self.broken.is_some() {
            return;
        }
        let mut held = book.slot.hold().await;
        let said = (self.said.len() > self.said_written).then(|| said_of(&self.delivered, &self.said, book.frame.now));
        let journal = book.write(held.stage, std::mem::take(&mut self.unwritten), said);
        let store = &book.shared.store;
        let mut kept = store.keep_effects(&book.commit.conversation, journal.clone()).await;
        for _ in 1..TRIES {
            // What cannot be kept would be asked again.
            let Err(error) = &kept else { break };
            if !error.is_transient() || matches!(error, store::Error::Conflict(_)) {
                break;
            }
            tokio::time::sleep(TRY_PAUSE).await;
            kept = store.keep_effects(&book.commit.conversation, journal.clone()).await;
        }
        match kept {
            Ok(()) => {
                (held.stage, book.is_begun) = (Stage::Kept, true);
                self.said_written = self.said_written.max(self.said.len());
            }
            Err(error) => self.broken = Some(error.into()),
        }
    }

    /// Tells what the bot said so far in the act that runs.
    pub(crate) fn hear(&mut self, replies: &[Reply]) {
        self.heard.extend_from_slice(replies.get(self.heard.len()..).unwrap_or_default());
    }

    /// An act of the bot is over: all of this was said in it.
    pub(crate) fn hear_all(&mut self, replies: Vec<Reply>) {
        self.heard = replies;
    }

    /// The next of what the bot said that was not passed on.
    pub(crate) fn pass_next(&mut self) -> Option<Reply> {
        let next = self.heard.get(self.passed).cloned();
        self.passed += usize::from(next.is_some());
        next
    }

    /// Another act of the bot begins.
    pub(crate) fn begin_act(&mut self) {
        self.heard.clear();
        self.passed = 0;
    }

    /// Says something to the user.
    pub(crate) fn say(&mut self, reply: Reply) {
        self.said.push(reply);
    }

    /// What was said in an attempt before, as far as it is kept.
    pub(crate) fn said_before(&mut self) -> Vec<Reply> {
        std::mem::take(&mut self.before)
    }

    /// Takes what was said in all; the first of it went out already.
    pub(crate) fn take_said(&mut self) -> Vec<Reply> {
        std::mem::take(&mut self.said)
    }

    /// As [`Self::outside`], where everything the bot said is passed on.
    pub(crate) async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        match tokio::time::timeout(self.patience(), &mut work).await {
            Ok(done) => done,
            Err(_) => tokio::join!(work, self.deliver()).0,
        }
    }

    /// So long something may take before what was said goes out without it.
    fn patience(&self) -> Duration {
        self.book.as_ref().map_or(Duration::MAX, |book| Duration::from_millis(book.shared.options.flush_after_ms))
    }

    /// Passes on what the bot said and lets it go out.
    async fn flush(&mut self, talk: &mut impl PassOn) {
        if self.broken.is_some() || self.book.is_none() {
            return;
        }
        if let Err(error) = Box::pin(talk.pass_on(self)).await {
            self.broken = Some(error);
        }
        self.deliver().await;
    }

    /// Lets go out what was said, as messages of their own, before the turn ends.
    async fn deliver(&mut self) {
        let Some(book) = &mut self.book else { return };
        let limits = book.shared.store.limits();
        let new: Vec<Reply> = self.said.get(self.delivered.len()..).unwrap_or_default().to_vec();
        // What is too much is judged at the end of the turn, of all that was said.
        let is_free = self.broken.is_none() && !self.holds_back;
        if !is_free || new.is_empty() || crate::bounds::are_too_many(&self.said, limits) {
            return;
        }
        let delivered = Box::pin(book.deliver(&new, &self.delivered, self.unwritten.clone())).await;
        match delivered {
            Ok(spoken) => {
                self.unwritten.clear();
                self.delivered.extend(spoken);
                self.said_written = self.said_written.max(self.delivered.len());
            }
            // Somebody is asked meanwhile, whose answer is to be kept whatever became of the session.
            Err(Error::Store(store::Error::Conflict(_) | store::Error::Exists(_))) => self.holds_back = true,
            Err(error) if error.is_transient() => self.holds_back = true,
            Err(error) => self.broken = Some(error),
        }
    }

    /// Ends the journal: where the turn is written, and what went out before its end.
    pub(crate) fn into_end(self) -> Option<(Book<'a>, Vec<Spoken>)> {
        self.book.map(|book| (book, self.delivered))
    }
}

fn to_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("every map in it has texts as keys, and nothing else could fail")
}

/// What the engine is told when a turn cannot go on. Nobody else hears of it: the turn is taken again, or given up.
fn broken_off() -> Fault {
    Fault::new("the turn is broken off")
}
