//! What went wrong in a turn, and whose it is.

use std::sync::Arc;

use conversation::{Rehearsed, ScriptRun};
use dialog::bot::{Piece, Text, Texts};
use dialog::node::{Asking, Kind as NodeKind, Node};
use script::Code;

use super::answers::{Answer, Aside, AsideKind};
use super::evidence::{of_script, of_silence, of_templates};
use super::fault::{Blame, Evidence, Fault, Found, Kind};
use super::origins::Origins;
use super::walker::{Stand, Walker};
use crate::Error;

/// A turn of a walk.
pub(super) struct Turn<'t> {
    /// Where the walk stood before, where an answer was given there.
    pub(super) from: Option<&'t Stand>,
    /// Where it stands.
    pub(super) to: &'t Stand,
    /// The answer that was given.
    pub(super) answer: Option<&'t Answer>,
    pub(super) done: &'t Rehearsed,
    /// The dialog that is walked (`_id`); empty where it is not about one.
    pub(super) root: &'t str,
}

/// So many nodes of a circle are told.
const CIRCLE: usize = 12;

impl Walker<'_> {
    /// Notes what ran and what went wrong in a turn.
    pub(super) async fn judge(&mut self, turn: Turn<'_>) -> Result<(), Error> {
        let log = &turn.done.outcome.log;
        for step in log.iter().filter(|step| step.kind == "node" && step.detail.get("inner").is_none()) {
            self.ledger.reach(&step.dialog, &step.node);
        }
        let has_skipped = self.note_skipped(&turn);
        let mut found: Vec<(Found, Option<Evidence>)> =
            turn.done.outcome.faults().map(|step| (Found::of(step), None)).collect();
        if found.is_empty() {
            // A message that tells what a skipped node was to find has nothing to tell.
            if !has_skipped {
                found.extend(self.silent(&turn).await?.into_iter().map(|(found, told)| (found, Some(told))));
            }
            found.extend(refused(&turn).map(|(found, told)| (found, Some(told))));
        }
        for ran in &turn.done.scripts {
            for (expression, absent) in of_templates(&turn.to.rehearsal, ran, &mut self.expressions).await {
                let step = turn.done.outcome.log.iter().rev().find(|step| step.kind == "node");
                let of = |member: fn(&dialog::turn::Step) -> &String| step.map(member).cloned().unwrap_or_default();
                let (dialog, node, name_of_node) = (of(|it| &it.dialog), of(|it| &it.node), of(|it| &it.name));
                let cause = format!("the template {{{{{expression}}}}} comes to nothing");
                let told = Evidence::of(absent.blame, format!("`{}` does not exist here", absent.name));
                found.push((Found { dialog, node, name: name_of_node, kind: Kind::Script, cause }, Some(told)));
            }
        }
        for (found, told) in found {
            self.add(found, told, &turn).await?;
        }
        Ok(())
    }

    /// Notes a fault, and looks into it unless it was met before.
    async fn add(&mut self, found: Found, told: Option<Evidence>, turn: &Turn<'_>) -> Result<(), Error> {
        let bot = Arc::clone(&self.bot);
        let place = (found.dialog.clone(), found.node.clone());
        let mut fault = Fault {
            dialog: bot.dialog(&found.dialog).map_or_else(String::new, |dialog| dialog.lower_name.clone()),
            node: found.name.clone(),
            kind: found.kind,
            blame: Blame::Unknown,
            cause: found.cause.clone(),
            evidence: String::new(),
            script: None,
            channel: self.channel.clone(),
            walk: turn.to.walk.clone(),
        };
        let known = self.walks.faults.iter().find(|known| known.is_same(&fault) || known.is_missing_of(&fault));
        if let Some(known) = known.cloned() {
            self.ledger.blame(&[&found.dialog, turn.root], &known);
            return Ok(());
        }
        let evidence = match told {
            Some(told) => told,
            None => self.evidence(&found, turn).await?,
        };
        fault.kind = evidence.kind.unwrap_or(fault.kind);
        fault.blame = evidence.blame;
        fault.evidence = evidence.told;
        fault.script = evidence.script;
        self.ledger.failed.entry(place).or_insert_with(|| (fault.blame, fault.cause_in_short().to_owned()));
        self.ledger.blame(&[&found.dialog, turn.root], &fault);
        self.walks.faults.push(fault);
        Ok(())
    }

    /// What tells whose a fault is.
    async fn evidence(&self, found: &Found, turn: &Turn<'_>) -> Result<Evidence, Error> {
        Ok(match found.kind {
            Kind::Script => {
                let failed = turn.done.scripts.iter().rev();
                let told = |run: &&ScriptRun| {
                    run.fault.as_ref().is_some_and(|fault| found.cause.ends_with(&fault.to_string()))
                };
                match failed.clone().find(told).or_else(|| failed.clone().find(|run| run.fault.is_some())) {
                    Some(failed) => {
                        let now = self.now();
                        of_script(&turn.to.rehearsal, &self.origins((&found.dialog, &found.node), turn, &now), failed)
                            .await?
                    }
                    None => Evidence::of(Blame::Unknown, "no script of the turn failed so"),
                }
            }
            Kind::Bot => self.of_bot(found, turn),
            Kind::Service => Evidence::of(Blame::World, "the service did not do its part"),
            Kind::Recording => {
                Evidence::of(Blame::World, "the export has no answer of the service, and none was recorded")
            }
            _ => Evidence::of(Blame::Engine, "the platform says so itself"),
        })
    }

    fn origins<'w>(
        &'w self,
        (dialog, node): (&'w str, &'w str),
        turn: &'w Turn<'_>,
        now: &'w jiff::Zoned,
    ) -> Origins<'w> {
        Origins {
            bot: &self.bot,
            dialog,
            node,
            ran: &turn.to.ran,
            seen: &self.seen,
            lacks_model: turn.to.lacks_model,
            now,
        }
    }

    /// Of what the bot names and does not have, and of circles.
    fn of_bot(&self, found: &Found, turn: &Turn<'_>) -> Evidence {
        if found.cause.contains("not in the bot") {
            return if self.bot.dialogs.iter().any(|dialog| dialog.start.is_none()) {
                let told = "not in the export, which is one of a part of the bot: some dialogs in it are names only";
                Evidence { kind: Some(Kind::Missing), ..Evidence::of(Blame::World, told) }
            } else {
                Evidence::of(Blame::Author, "the export is complete, and does not have it")
            };
        }
        if found.cause.contains("authorization profile") {
            let told = "not in the export: the profile is there, what it signs in with is not";
            return Evidence { kind: Some(Kind::Missing), ..Evidence::of(Blame::World, told) };
        }
        let is_circle = found.cause.contains("times in one turn") || found.cause.contains("in a circle");
        if !is_circle {
            return Evidence::of(Blame::Unknown, "nothing tells where it comes from");
        }
        let mut circle: Vec<&Node> = Vec::new();
        for step in turn.done.outcome.log.iter().rev().filter(|step| step.kind == "node") {
            let node = self.bot.dialog(&step.dialog).and_then(|dialog| dialog.node(&step.node));
            match node {
                Some(node) if circle.iter().any(|known| known.id == node.id) => break,
                Some(node) => circle.insert(0, node),
                None => {}
            }
        }
        let waits = |node: &&&Node| match &node.kind {
            NodeKind::Entity(entity) => entity.asking == Asking::Always,
            NodeKind::Confirmation(_) | NodeKind::Form(_) | NodeKind::Agent(_) | NodeKind::Webhook => true,
            NodeKind::Message(message) => message.waits,
            _ => false,
        };
        let names: Vec<&str> = circle.iter().take(CIRCLE).map(|node| node.name.as_str()).collect();
        let names = names.join(" > ");
        match circle.iter().find(waits) {
            Some(node) => {
                Evidence::of(Blame::Unknown, format!("the circle {names} comes by '{}', which is to wait", node.name))
            }
            None => Evidence::of(
                Blame::Author,
                format!("the circle {names} waits nowhere: no question in it is open, and nothing in it opens one"),
            ),
        }
    }

    /// Notes which nodes of a turn were skipped and which did their work; whether any was skipped.
    fn note_skipped(&mut self, turn: &Turn<'_>) -> bool {
        let mut nodes: Vec<((String, String), Option<String>)> = Vec::new();
        for step in &turn.done.outcome.log {
            match step.kind.as_str() {
                "node" => nodes.push(((step.dialog.clone(), step.node.clone()), None)),
                "skipped" => {
                    let cause = step.detail["cause"].as_str().unwrap_or_default().to_owned();
                    let dialog = self.bot.dialog(&step.dialog).map_or("", |dialog| dialog.lower_name.as_str());
                    self.walks.note(format!("{dialog} / {}: skipped: {cause}", step.name));
                    if let Some(last) = nodes.last_mut() {
                        last.1 = Some(cause);
                    }
                }
                _ => {}
            }
        }
        let any = nodes.iter().any(|(_, skipped)| skipped.is_some());
        for (place, skipped) in nodes {
            match skipped {
                Some(cause) => {
                    if cause.contains("not run here") {
                        self.add_node_kind(&place, &cause, turn);
                    }
                    self.ledger.skipped.insert(place, cause);
                }
                None => drop(self.ledger.worked.insert(place)),
            }
        }
        any
    }

    /// A node of a kind that is not run here.
    fn add_node_kind(&mut self, place: &(String, String), cause: &str, turn: &Turn<'_>) {
        let bot = Arc::clone(&self.bot);
        let Some(dialog) = bot.dialog(&place.0) else { return };
        let fault = Fault {
            dialog: dialog.lower_name.clone(),
            node: dialog.node(&place.1).map_or_else(String::new, |node| node.name.clone()),
            kind: Kind::Node,
            blame: Blame::Engine,
            cause: cause.to_owned(),
            evidence: "the node does nothing here".to_owned(),
            script: None,
            channel: self.channel.clone(),
            walk: turn.to.walk.clone(),
        };
        self.ledger.blame(&[&place.0, turn.root], &fault);
        if !self.walks.faults.iter().any(|known| known.is_same(&fault)) {
            self.walks.faults.push(fault);
        }
    }

    /// Messages and questions that have texts and came to nothing, and would with any input.
    async fn silent(&self, turn: &Turn<'_>) -> Result<Vec<(Found, Evidence)>, Error> {
        let state = turn.to.rehearsal.state();
        let mut all = Vec::new();
        for step in turn.done.outcome.log.iter().filter(|step| step.kind == "node") {
            let Some(node) = self.bot.dialog(&step.dialog).and_then(|dialog| dialog.node(&step.node)) else { continue };
            // A question of the platform may stand in the place of the node's own.
            let is_asked = state.pending.is_none();
            let waits_here =
                is_asked && state.frame().is_some_and(|frame| frame.dialog == step.dialog && frame.node == step.node);
            let texts = match &node.kind {
                NodeKind::Message(message) => &message.texts,
                NodeKind::Entity(entity) if waits_here => &entity.prompt,
                NodeKind::Confirmation(confirmation) if waits_here => &confirmation.prompt,
                _ => continue,
            };
            let variants = texts.for_channel(&self.channel, &state.language, &self.bot.default_language);
            let is_said = |reply: &&dialog::reply::Reply| reply.node == step.node && reply.dialog == step.dialog;
            let Some(text) = variants.first().filter(|_| !turn.done.outcome.replies.iter().any(|it| is_said(&it)))
            else {
                continue;
            };
            let run = turn.done.scripts.iter().find(|run| is_run_of(run, text));
            let evidence = match run {
                Some(run) => {
                    let now = self.now();
                    of_silence(&turn.to.rehearsal, &self.origins((&step.dialog, &step.node), turn, &now), run).await?
                }
                // A text of paths alone says something where they lead to something.
                None if text.pieces.iter().any(|piece| matches!(piece, Piece::Expression(_))) => None,
                None => Some(Evidence::of(Blame::Engine, "its text stands in the export, and was not said")),
            };
            let Some(evidence) = evidence else { continue };
            let found = Found {
                dialog: step.dialog.clone(),
                node: step.node.clone(),
                name: node.name.clone(),
                kind: Kind::Empty,
                cause: "its text comes to nothing".to_owned(),
            };
            all.push((found, evidence));
        }
        Ok(all)
    }

    /// Notes where nothing was said to what does not answer a question.
    pub(super) fn judge_aside(&mut self, from: &Stand, to: &Stand, aside: &Aside, done: &Rehearsed) {
        let outcome = &done.outcome;
        // What a language model was to say is not there to be said.
        let goes_on =
            from.lacks_model || !outcome.replies.is_empty() || outcome.transferred || outcome.faults().next().is_some();
        let Some(frame) = from.rehearsal.state().frame().filter(|_| !goes_on) else { return };
        // What was called off may end without a word, and another task may have none.
        if matches!(aside.kind, AsideKind::CalledOff | AsideKind::Task) || !outcome.ended.is_empty() {
            return;
        }
        let bot = Arc::clone(&self.bot);
        let Some((dialog, node)) = bot.dialog(&frame.dialog).and_then(|it| Some((it, it.node(&frame.node)?))) else {
            return;
        };
        let language = &from.rehearsal.state().language;
        let has = |texts: &Texts| !texts.for_channel(&self.channel, language, &bot.default_language).is_empty();
        let has_texts = match &node.kind {
            NodeKind::Entity(entity) => has(&entity.error) || has(&entity.prompt),
            NodeKind::Confirmation(confirmation) => has(&confirmation.prompt),
            _ => false,
        };
        // An optional question that got a wrong answer is passed over, and what follows may have nothing to say.
        let has_moved = to.rehearsal.state().frame().is_none_or(|now| now.node != frame.node);
        if !has_texts || has_moved {
            return;
        }
        let fault = Fault {
            dialog: dialog.lower_name.clone(),
            node: node.name.clone(),
            kind: Kind::Silent,
            blame: Blame::Unknown,
            cause: format!("nothing is said to '{}'", aside.answer.label),
            evidence: "the question has texts, and goes on waiting".to_owned(),
            script: None,
            channel: self.channel.clone(),
            walk: to.walk.clone(),
        };
        self.ledger.blame(&[&frame.dialog], &fault);
        if !self.walks.faults.iter().any(|known| known.is_same(&fault)) {
            self.walks.faults.push(fault);
        }
    }
}

/// Whether a script was run for a text.
fn is_run_of(run: &ScriptRun, text: &Text) -> bool {
    let is_same = |pieces: &[script::Piece]| {
        pieces.len() == text.pieces.len()
            && pieces.iter().zip(&text.pieces).all(|(ran, written)| match (ran, written) {
                (script::Piece::Text(one), Piece::Text(other))
                | (script::Piece::Expression(one), Piece::Expression(other)) => one == other,
                _ => false,
            })
    };
    match &run.run.code {
        Code::Body(pieces) => is_same(pieces),
        Code::Texts(texts) => texts.iter().any(|pieces| is_same(pieces)),
        Code::Values(_) => false,
    }
}

/// A valid answer that was not taken.
fn refused(turn: &Turn<'_>) -> Option<(Found, Evidence)> {
    let (from, answer) = (turn.from?, turn.answer?);
    let (before, after) = (from.rehearsal.state(), turn.to.rehearsal.state());
    let frame = before.frame().filter(|_| before.pending.is_none())?;
    let node = from.rehearsal.bot().dialog(&frame.dialog)?.node(&frame.node)?;
    let retries = |state: &dialog::State| {
        let same = state.frame().filter(|it| it.dialog == frame.dialog)?;
        same.retries.get(&frame.node).copied()
    };
    let is_refused = match &node.kind {
        NodeKind::Entity(_) => retries(after) > retries(before),
        NodeKind::Confirmation(_) => turn.done.outcome.unidentified,
        _ => false,
    };
    let evidence = match answer.is_value {
        true => Evidence::of(Blame::Engine, "it is a value of what is asked"),
        false => Evidence::of(Blame::Unknown, "no sample that there is for what is asked is taken"),
    };
    let found = Found {
        dialog: frame.dialog.clone(),
        node: frame.node.clone(),
        name: node.name.clone(),
        kind: Kind::Answer,
        cause: format!("the answer '{}' is not taken", answer.label),
    };
    is_refused.then_some((found, evidence))
}

impl Fault {
    /// Whether another one, of a kind that evidence changed, is told by this one already.
    fn is_missing_of(&self, other: &Self) -> bool {
        self.kind == Kind::Missing
            && (&self.dialog, &self.node, &self.cause) == (&other.dialog, &other.node, &other.cause)
    }
}
