//! What the walks through a bot have met, dialog by dialog and node by node.

use std::collections::{BTreeMap, BTreeSet};

use dialog::Bot;

use super::fault::{Blame, Fault};
use super::report::{Dialogs, Fared};

/// A dialog and a node of it, by their ids.
pub(super) type Place = (String, String);

/// What the walks through a bot have met.
#[derive(Default)]
pub(super) struct Ledger {
    /// Dialogs that a walk entered.
    pub(super) entered: BTreeSet<String>,
    /// Why no way that was tried led into a dialog.
    pub(super) unentered: BTreeMap<String, String>,
    /// Nodes that ran.
    reached: BTreeSet<Place>,
    /// Nodes that did their work.
    pub(super) worked: BTreeSet<Place>,
    /// Nodes that were skipped, with the cause.
    pub(super) skipped: BTreeMap<Place, String>,
    /// Dialogs that no walk entered because of what is not in the export: those that call them failed of it.
    pub(super) explained: BTreeSet<String>,
    /// Nodes that failed, with whose that is and the cause.
    pub(super) failed: BTreeMap<Place, (Blame, String)>,
    /// Dialogs whose walks were cut off, with the limit.
    pub(super) cut: BTreeMap<String, String>,
    /// What went wrong where each dialog was walked.
    blamed: BTreeMap<String, BTreeMap<Blame, String>>,
}

impl Ledger {
    /// Notes that a node ran.
    pub(super) fn reach(&mut self, dialog: &str, node: &str) {
        self.entered.insert(dialog.to_owned());
        self.reached.insert((dialog.to_owned(), node.to_owned()));
    }

    /// Whether a node ran.
    pub(super) fn has_reached(&self, dialog: &str, node: &str) -> bool {
        self.reached.contains(&(dialog.to_owned(), node.to_owned()))
    }

    /// How many nodes ran.
    pub(super) fn reached(&self) -> usize {
        self.reached.len()
    }

    /// Notes a fault with the dialogs that it concerns.
    pub(super) fn blame(&mut self, dialogs: &[&str], fault: &Fault) {
        for dialog in dialogs.iter().filter(|dialog| !dialog.is_empty()) {
            let blamed = self.blamed.entry((*dialog).to_owned()).or_default();
            blamed.entry(fault.blame).or_insert_with(|| format!("{}: {}", fault.node, fault.cause_in_short()));
        }
    }

    /// Nodes of a dialog that were skipped and never did their work.
    fn only_skipped<'l>(&'l self, dialog: &'l str) -> impl Iterator<Item = (&'l Place, &'l String)> {
        let of_dialog = self.skipped.iter().filter(move |((of, _), _)| of == dialog);
        of_dialog.filter(|(place, _)| !self.worked.contains(place))
    }

    /// How the dialogs of a bot fared, and why those are not clean that are not.
    pub(super) fn fared(&self, bot: &Bot) -> (Dialogs, BTreeMap<String, String>) {
        let mut dialogs = Dialogs::default();
        let mut unclean = BTreeMap::new();
        for dialog in &bot.dialogs {
            let nothing = BTreeMap::new();
            let blamed = self.blamed.get(&dialog.id).unwrap_or(&nothing);
            let worst = blamed.first_key_value();
            let skipped = self.only_skipped(&dialog.id).next();
            let (fared, why) = if dialog.start.is_none() {
                (Fared::Empty, "the export has no nodes of it".to_owned())
            } else if !self.entered.contains(&dialog.id) {
                let why = self.unentered.get(&dialog.id).cloned().unwrap_or_default();
                let is_explained = self.explained.contains(&dialog.id);
                (if is_explained { Fared::Explained } else { Fared::Unwalked }, format!("not walked: {why}"))
            } else if let Some((blame, cause)) = worst {
                let fared = match blame {
                    Blame::Engine | Blame::Unknown => Fared::Engine,
                    Blame::Author => Fared::Author,
                    Blame::World => Fared::Explained,
                };
                (fared, format!("{}: {cause}", blame.name()))
            } else if let Some(((_, node), cause)) = skipped {
                let name = dialog.node(node).map_or("", |node| node.name.as_str());
                (Fared::Explained, format!("'{name}' was only skipped: {cause}"))
            } else {
                (Fared::Clean, String::new())
            };
            dialogs.count(fared);
            if fared != Fared::Clean {
                unclean.insert(dialog.lower_name.clone(), why);
            }
        }
        (dialogs, unclean)
    }
}
