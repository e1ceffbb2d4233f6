//! What walks came to.

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
    /// Its dialogs.
    pub dialogs: usize,
    /// Dialogs that were walked without a fault, and without a node that was only skipped.
    pub clean: usize,
    /// Ways through dialogs that were gone to their ends.
    pub walks: usize,
    /// Answers that were given.
    pub turns: usize,
    /// Nodes of its dialogs.
    pub nodes: usize,
    /// Nodes that ran.
    pub reached: usize,
    /// Nodes that did not run: dialog and node, by their names.
    pub unreached: Vec<String>,
    /// What went wrong, each once.
    pub faults: Vec<Fault>,
    /// What could not be tried.
    pub notes: Vec<String>,
}

/// All bots together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// Bots.
    pub bots: usize,
    /// Bots that cannot be walked.
    pub unreadable: usize,
    /// Dialogs.
    pub dialogs: usize,
    /// Dialogs that were walked without a fault, and without a node that was only skipped.
    pub clean: usize,
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
    /// Faults of authors.
    pub author_errors: usize,
    /// Faults of services, and services without a recording.
    pub world_errors: usize,
}

impl BotWalks {
    /// A bot that cannot be walked.
    pub(super) fn unreadable(place: &str, reason: String) -> Self {
        Self { place: place.to_owned(), unreadable: Some(reason), ..Self::default() }
    }

    /// Notes a fault, unless it was met before.
    pub(super) fn add(&mut self, fault: Fault) {
        if !self.faults.iter().any(|known| known.is_same(&fault)) {
            self.faults.push(fault);
        }
    }

    fn lines(&self) -> Vec<String> {
        let Self { bot, place, dialogs, clean, walks, nodes, reached, .. } = self;
        if let Some(reason) = &self.unreadable {
            return vec![format!("{place}: cannot be walked: {reason}")];
        }
        let mut lines = vec![format!(
            "{bot} ({place}): {dialogs} dialogs, {clean} clean; {walks} walks, {reached} of {nodes} nodes reached"
        )];
        lines.extend(self.faults.iter().map(Fault::line));
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
        Total {
            bots: self.bots.len(),
            unreadable: self.bots.iter().filter(|bot| bot.unreadable.is_some()).count(),
            dialogs: sum(|bot| bot.dialogs),
            clean: sum(|bot| bot.clean),
            walks: sum(|bot| bot.walks),
            turns: sum(|bot| bot.turns),
            nodes: sum(|bot| bot.nodes),
            reached: sum(|bot| bot.reached),
            engine_errors: blamed(Blame::Engine),
            author_errors: blamed(Blame::Author),
            world_errors: blamed(Blame::World),
        }
    }

    /// Why not all is well; `None` where it is.
    pub fn complaint(&self) -> Option<String> {
        let Total { unreadable, engine_errors, author_errors, world_errors, dialogs, clean, .. } = self.total();
        let faults = engine_errors + author_errors + world_errors;
        if faults == 0 && unreadable == 0 {
            return None;
        }
        let faulty = dialogs - clean;
        let unread = if unreadable == 0 { String::new() } else { format!(", and {unreadable} bots cannot be walked") };
        Some(format!("{faulty} of {dialogs} dialogs have faults{unread}"))
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
            "total: {} bots, {} dialogs, {} clean; {} walks, {} of {} nodes reached; \
             {} engine errors, {} author errors, {} of services",
            total.bots,
            total.dialogs,
            total.clean,
            total.walks,
            total.reached,
            total.nodes,
            total.engine_errors,
            total.author_errors,
            total.world_errors,
        ));
        lines.join("\n")
    }
}
