//! Real exports, and the sample that is in this repository, are made ready to run: nothing is lost on the way.

use std::fs;
use std::path::{Path, PathBuf};

use definition::{Config, Document};
use dialog::Bot;
use dialog::bot::Texts;
use dialog::node::{Kind, Node};
use serde_json::Value;

struct Export {
    name: String,
    document: Document,
    config: Config,
}

impl Export {
    fn read(folder: &Path) -> Option<Export> {
        let name = folder.file_name()?.to_string_lossy().into_owned();
        let document =
            Document::parse(fs::read(folder.join("botDefinition.json")).ok()?, "botDefinition.json").unwrap();
        let config = Config::parse(fs::read(folder.join("config.json")).unwrap(), "config.json").unwrap();
        Some(Export { name, document, config })
    }

    fn bot(&self) -> Bot {
        Bot::read(&self.document, &self.config, &[], &[]).unwrap()
    }

    fn list(&self, key: &str) -> Vec<Value> {
        self.document.decode(key).unwrap().unwrap_or_default()
    }
}

fn sample() -> Export {
    Export::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../botyard/sample")).unwrap()
}

/// The sample, and the real exports where they are at hand.
fn exports() -> Vec<Export> {
    let mut exports = vec![sample()];
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(folders) = fs::read_dir(&corpus) else {
        println!("skipped: no ../shared");
        return exports;
    };
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    folders.sort();
    exports.extend(folders.iter().filter_map(|folder| Export::read(folder)));
    assert!(exports.len() > 15, "the corpus has exports");
    exports
}

/// The nodes of a dialog as the export has them.
fn nodes_of(dialog: &Value) -> &[Value] {
    dialog["nodes"].as_array().map_or(&[], Vec::as_slice)
}

fn texts_of(node: &Node) -> Vec<&Texts> {
    match &node.kind {
        Kind::Message(message) => vec![&message.texts],
        Kind::Entity(entity) => vec![&entity.prompt, &entity.error],
        Kind::Confirmation(confirmation) => vec![&confirmation.prompt],
        Kind::Form(form) => vec![&form.prompt, &form.error, &form.submitted],
        _ => Vec::new(),
    }
}

#[test]
fn dialogs_and_nodes_are_all_there() {
    for export in exports() {
        let bot = export.bot();
        let dialogs = export.list("dialogs");
        assert_eq!(bot.dialogs.len(), dialogs.len(), "{}", export.name);
        for (dialog, written) in bot.dialogs.iter().zip(&dialogs) {
            let place = format!("{} {}", export.name, dialog.lower_name);
            assert_eq!(dialog.nodes.len(), nodes_of(written).len(), "{place}");
            assert_eq!(dialog.start.is_none(), dialog.nodes.is_empty(), "{place}");
            assert!(!dialog.intent.is_empty() && !dialog.names.is_empty(), "{place}");
            for reference in [&dialog.id, &dialog.ref_id] {
                assert_eq!(bot.dialog(reference).unwrap().id, dialog.id, "{place}");
            }
            let starts: Vec<_> = dialog.nodes.iter().filter(|node| matches!(node.kind, Kind::Start)).collect();
            assert_eq!(starts.len(), usize::from(!dialog.nodes.is_empty()), "{place}");
            for node in &dialog.nodes {
                assert!(!node.id.is_empty() && !node.name.is_empty(), "{place}");
                assert!(!matches!(node.kind, Kind::Unknown { .. }), "{place} {}", node.id);
                assert_eq!(dialog.node(&node.id).unwrap().id, node.id, "{place}");
            }
        }
    }
}

#[test]
fn ways_lead_to_nodes_and_calls_to_dialogs() {
    for export in exports() {
        let bot = export.bot();
        for (dialog, written) in bot.dialogs.iter().zip(export.list("dialogs")) {
            for (node, written) in dialog.nodes.iter().zip(nodes_of(&written)) {
                let place = format!("{} {} {}", export.name, dialog.lower_name, node.id);
                let ways = written["transitions"].as_array().unwrap();
                assert_eq!(node.transitions.len(), ways.len(), "{place}");
                for transition in &node.transitions {
                    let target = transition.target.as_deref();
                    assert!(target.is_none_or(|target| dialog.node(target).is_some()), "{place} {target:?}");
                }
                let defaults = node.transitions.iter().filter(|transition| transition.condition.is_none()).count();
                let last_is_default = node.transitions.last().is_none_or(|last| last.condition.is_none());
                assert!(defaults <= 1 && (last_is_default || defaults == 0), "{place}");
                match &node.kind {
                    Kind::Dialog(call) => assert!(bot.dialogs[call.dialog.unwrap()].start.is_some(), "{place}"),
                    Kind::Form(form) => assert!(bot.form(&form.form).is_some(), "{place}"),
                    Kind::Action(inner, start) => {
                        let root = &inner[start.unwrap()];
                        assert!(!root.name.is_empty(), "{place}");
                        let targets =
                            inner.iter().flat_map(|node| &node.transitions).filter_map(|way| way.target.as_ref());
                        for target in targets {
                            assert!(inner.iter().any(|node| node.id == *target), "{place} {target}");
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn texts_and_scripts_are_all_there_and_decoded() {
    for export in exports() {
        let bot = export.bot();
        let components = export.list("dialogComponents");
        for node in bot.dialogs.iter().flat_map(|dialog| &dialog.nodes) {
            let place = format!("{} {}", export.name, node.name);
            let component = components.iter().find(|component| component["_id"] == node.component_id.as_str()).unwrap();
            let written = ["message", "errorMessage", "submitMessage"]
                .into_iter()
                .filter(|member| node.kind.name() != "dialogAct" || *member == "message")
                .flat_map(|member| component[member].as_array().into_iter().flatten())
                .flat_map(|entry| entry["localeData"].as_object().into_iter().flatten())
                .filter(|(_, locale)| locale["text"].as_str().is_some_and(|text| !text.trim().is_empty()))
                .count();
            let read = texts_of(node).into_iter().flat_map(|texts| &texts.0).flat_map(|entry| &entry.texts);
            let read: Vec<_> = read.filter(|(_, text)| !text.is_empty()).collect();
            assert_eq!(read.len(), written, "{place}");
            let is_decoded = |text: &str| !text.contains("%20") || text.contains(' ');
            for (_, text) in read {
                assert!(is_decoded(&format!("{text:?}")), "{place}");
            }
            if let Kind::Script(script) = &node.kind {
                assert_eq!(script.is_empty(), component["script"].as_str().unwrap_or_default().is_empty(), "{place}");
            }
        }
    }
}

#[test]
fn only_what_does_not_run_is_found() {
    let known = [
        "amending what was said before",
        "is used, but no export contains its columns",
        "signs in through the integration",
        "does not say what it looks at",
        "are not checked here",
        "of the kind 'address'",
        "the dialog that the event",
        "asks a language model: where none is configured, it is skipped",
        "asks users for passphrase, username, password",
        "values are filled into the JSON of",
        "what the platform says by itself is English in id,",
    ];
    for export in exports() {
        for finding in export.bot().findings {
            assert!(known.iter().any(|known| finding.message.contains(known)), "{}: {finding:?}", export.name);
        }
    }
    assert_eq!(sample().bot().findings, []);
}
