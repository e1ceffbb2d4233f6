//! What walks came to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fault::{Blame, Fault};

/// What walks through bots came to.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The bots, in the order of their places.
    pub bots: Vec<BotWalks>,
}

/// What walks through a bot came to.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BotWalks {
    /// Its name.
    pub bot: String,
    /// Where its export is.
    pub place: String,
    /// Why it cannot be walked; absent where it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// The channels it was walked on.
    pub channels: Vec<String>,
    /// How its dialogs fared.
    pub dialogs: Dialogs,
    /// Dialogs that are not clean, by their names, with the reason.
    pub unclean: BTreeMap<String, String>,
    /// Ways through dialogs that were gone to their ends.
    pub walks: usize,
    /// Answers that were given.
    pub turns: usize,
    /// Nodes of its dialogs.
    pub nodes: usize,
    /// Nodes that ran.
    pub reached: usize,
    /// Why nodes did not run, with the nodes: dialog and node, by their names.
    pub unreached: BTreeMap<String, Vec<String>>,
    /// Questions and small talk that were said by themselves.
    pub asides: usize,
    /// Those of them that were taken for something else.
    pub asides_misunderstood: Vec<String>,
    /// What went wrong, each once.
    pub faults: Vec<Fault>,
    /// What was not tried, and what was only skipped.
    pub notes: Vec<String>,
}

/// How dialogs fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dialogs {
    /// All of them.
    pub all: usize,
    /// Walked without a fault, and without a node that was only skipped.
    pub clean: usize,
    /// All that went wrong in them is that something is not in the export and has no recording.
    pub explained: usize,
    /// Faults of their authors, and none of the platform's.
    pub author: usize,
    /// Faults that count as the platform's.
    pub engine: usize,
    /// No walk entered them.
    pub unwalked: usize,
    /// They have no nodes: a part of an export holds their names only.
    pub empty: usize,
}

/// All bots together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// Bots.
    pub bots: usize,
    /// Bots that cannot be walked.
    pub unreadable: usize,
    /// How dialogs fared.
    pub dialogs: Dialogs,
    /// Ways through dialogs that were gone to their ends.
    pub walks: usize,
    /// Answers that were given.
    pub turns: usize,
    /// Nodes of dialogs.
    pub nodes: usize,
    /// Nodes that ran.
    pub reached: usize,
    /// Faults of the platform.
    pub engine_errors: usize,
    /// Faults of which the evidence does not tell whose they are; they count as the platform's.
    pub unknown_errors: usize,
    /// Faults of authors.
    pub author_errors: usize,
    /// What is not in the exports and has no recording.
    pub world_errors: usize,
}

/// How a dialog fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fared {
    Clean,
    Explained,
    Author,
    Engine,
    Unwalked,
    Empty,
}

impl Dialogs {
    /// Counts a dialog.
    pub(super) fn count(&mut self, fared: Fared) {
        self.all += 1;
        let of = match fared {
            Fared::Clean => &mut self.clean,
            Fared::Explained => &mut self.explained,
            Fared::Author => &mut self.author,
            Fared::Engine => &mut self.engine,
            Fared::Unwalked => &mut self.unwalked,
            Fared::Empty => &mut self.empty,
        };
        *of += 1;
    }

    fn add(&mut self, other: &Self) {
        let Self { all, clean, explained, author, engine, unwalked, empty } = other;
        self.all += all;
        self.clean += clean;
        self.explained += explained;
        self.author += author;
        self.engine += engine;
        self.unwalked += unwalked;
        self.empty += empty;
    }

    fn line(&self) -> String {
        let Self { all, clean, explained, author, engine, unwalked, empty } = self;
        let others = [
            (explained, "explained by what is not in the export"),
            (author, "with faults of the author"),
            (engine, "with faults that count as the platform's"),
            (unwalked, "not walked"),
            (empty, "without nodes"),
        ];
        let others = others.iter().filter(|(count, _)| **count > 0).map(|(count, what)| format!(", {count} {what}"));
        format!("{all} dialogs, {clean} clean{}", others.collect::<String>())
    }
}

impl BotWalks {
    /// A bot that cannot be walked.
    pub(super) fn unreadable(place: &str, reason: String) -> Self {
        Self { place: place.to_owned(), unreadable: Some(reason), ..Self::default() }
    }

    /// Notes something once.
    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn lines(&self) -> Vec<String> {
        let Self { bot, place, dialogs, walks, nodes, reached, channels, .. } = self;
        if let Some(reason) = &self.unreadable {
            return vec![format!("{place}: cannot be walked: {reason}")];
        }
        let mut lines = vec![format!(
            "{bot} ({place}): {}; {walks} walks on {}, {reached} of {nodes} nodes reached",
            dialogs.line(),
            channels.join(", ")
        )];
        lines.extend(self.faults.iter().flat_map(Fault::lines));
        lines.extend(self.unclean.iter().map(|(dialog, why)| format!("  not clean: {dialog}: {why}")));
        for (why, nodes) in &self.unreached {
            lines.push(format!("  not reached: {why}: {}", nodes.join(", ")));
        }
        if !self.asides_misunderstood.is_empty() {
            let (said, others) = (self.asides, self.asides_misunderstood.join(", "));
            lines.push(format!("  of {said} questions and small talk, taken for something else: {others}"));
        }
        lines.extend(self.notes.iter().map(|note| format!("  note: {note}")));
        lines
    }
}

impl Report {
    /// All bots together.
    pub fn total(&self) -> Total {
        let sum = |count: fn(&BotWalks) -> usize| self.bots.iter().map(count).sum();
        let blamed =
            |blame: Blame| self.bots.iter().flat_map(|bot| &bot.faults).filter(|fault| fault.blame == blame).count();
        let mut dialogs = Dialogs::default();
        self.bots.iter().for_each(|bot| dialogs.add(&bot.dialogs));
        Total {
            bots: self.bots.len(),
            unreadable: self.bots.iter().filter(|bot| bot.unreadable.is_some()).count(),
            dialogs,
            walks: sum(|bot| bot.walks),
            turns: sum(|bot| bot.turns),
            nodes: sum(|bot| bot.nodes),
            reached: sum(|bot| bot.reached),
            engine_errors: blamed(Blame::Engine),
            unknown_errors: blamed(Blame::Unknown),
            author_errors: blamed(Blame::Author),
            world_errors: blamed(Blame::World),
        }
    }

    /// Why the program fails: faults that count as the platform's, and exports that cannot be read. `None` where there are
    /// none of them.
    pub fn complaint(&self) -> Option<String> {
        let Total { unreadable, engine_errors, unknown_errors, .. } = self.total();
        let ours = engine_errors + unknown_errors;
        let told = [(ours, "faults count as the platform's"), (unreadable, "bots cannot be walked")];
        let told = told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let mut told: Vec<String> = told.collect();
        if self.bots.is_empty() {
            told.push("there is no export of a bot in these folders".to_owned());
        }
        (!told.is_empty()).then(|| told.join(", and "))
    }

    /// For programs: one object.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({"bots": self.bots, "total": self.total()})
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> = self.bots.iter().flat_map(BotWalks::lines).collect();
        let total = self.total();
        lines.push(format!(
            "total: {} bots, {}; {} walks, {} answers, {} of {} nodes reached; \
             {} engine errors, {} unknown, {} of authors, {} of the world",
            total.bots,
            total.dialogs.line(),
            total.walks,
            total.turns,
            total.reached,
            total.nodes,
            total.engine_errors,
            total.unknown_errors,
            total.author_errors,
            total.world_errors,
        ));
        lines.join("\n")
    }
}
