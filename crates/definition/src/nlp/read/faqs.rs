//! Questions, and the graph of terms that they hang on.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Locale;
use super::phrasings::{path_term, tag};
use super::tolerant::{alternatives, each_once, flag, items, object, text, texts};
use crate::nlp::{Answer, Faq, PathTerm, Phrasing, Term};
use crate::texts::unescape_html;

/// What the knowledge graphs of one language hold.
#[derive(Default)]
pub(super) struct Knowledge {
    pub(super) faqs: Vec<Faq>,
    pub(super) terms: Vec<Term>,
    pub(super) synonyms: Vec<(String, Vec<String>)>,
}

/// Labels from the leaf to the root, in small letters.
type Path = Vec<String>;

/// What is known of a graph when its questions are read.
struct Graph {
    synonyms: HashMap<String, Vec<String>>,
    usages: HashMap<Path, String>,
    switched_off: HashSet<Path>,
}

pub(super) fn read(graphs: &[Value], locale: &Locale) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for graph in graphs.iter().filter(|graph| locale.is_of(&graph["language"])) {
        let synonyms: Vec<_> =
            object(&graph["faqs"]["synonyms"]).map(|(word, own)| (word.clone(), texts(own))).collect();
        let nodes = nodes(&graph["taxonomy"]);
        let known = Graph::of(graph, &synonyms, &nodes);
        knowledge.terms.extend(terms(&nodes, &known));
        // Some builds leave out the object around the list.
        let questions = [&graph["faqs"]["faqs"], &graph["faqs"]].map(items).concat();
        knowledge.faqs.extend(questions.iter().filter_map(|question| faq(question, &known)));
        knowledge.synonyms.extend(synonyms.into_iter().filter(|(_, own)| !own.is_empty()));
    }
    knowledge
}

/// The nodes of a taxonomy with their paths.
fn nodes(taxonomy: &Value) -> Vec<(&Value, Path)> {
    let nodes: Vec<&Value> = items(taxonomy).iter().filter(|node| !text(&node["label"]).is_empty()).collect();
    let by_id: HashMap<&str, &Value> = nodes.iter().map(|node| (text(&node["nodeId"]), *node)).collect();
    let path_of = |node: &Value| {
        let mut path = vec![folded(text(&node["label"]))];
        let mut parent = &node["parent"];
        // A graph that goes round in circles is cut off.
        while let Some(above) = by_id.get(text(&parent[0])).filter(|_| path.len() < DEEPEST) {
            path.push(folded(text(&above["label"])));
            parent = &above["parent"];
        }
        path
    };
    nodes.iter().map(|node| (*node, path_of(node))).collect()
}

/// Levels of a graph that are looked at. Real ones have up to five.
const DEEPEST: usize = 32;

impl Graph {
    fn of(graph: &Value, synonyms: &[(String, Vec<String>)], nodes: &[(&Value, Path)]) -> Graph {
        let mut switched_off = HashSet::new();
        let mut usages = HashMap::new();
        for (node, path) in nodes {
            if flag(&node["termStatus"]) == Some(false) {
                switched_off.insert(path.clone());
            }
            usages.insert(path.clone(), text(&node["termUsage"]).to_owned());
        }
        for node in items(&graph["faqs"]["nodes"]) {
            if flag(&node["termStatus"]) == Some(false) {
                let labels = items(&node["terms"]).iter().filter_map(|term| path_term(text(term)));
                switched_off.insert(labels.map(|term| folded(&term.label)).collect());
            }
        }
        let synonyms = synonyms.iter().map(|(word, own)| (folded(word), own.clone())).collect();
        Graph { synonyms, usages, switched_off }
    }

    /// Whether a term on the path, or the whole branch above one, is switched off.
    fn is_off(&self, path: &[String]) -> bool {
        !self.switched_off.is_empty() && (0..path.len()).any(|from| self.switched_off.contains(&path[from..]))
    }

    /// Adds the synonyms that the graph has for a word.
    fn add_synonyms(&self, label: &str, synonyms: &mut Vec<String>) {
        if let Some(own) = self.synonyms.get(&folded(label)) {
            synonyms.extend(own.iter().cloned());
            each_once(synonyms);
        }
    }
}

fn terms(nodes: &[(&Value, Path)], graph: &Graph) -> Vec<Term> {
    let on = nodes.iter().filter(|(_, path)| !graph.is_off(path));
    let terms = on.map(|(node, _)| {
        let label = unescape_html(text(&node["label"]).trim()).into_owned();
        let usage = text(&node["termUsage"]);
        let mut synonyms = texts(&node["synonyms"]);
        graph.add_synonyms(&label, &mut synonyms);
        Term {
            node_id: text(&node["nodeId"]).to_owned(),
            parents: texts(&node["parent"]),
            label,
            synonyms,
            usage: if usage.is_empty() { "default" } else { usage }.to_owned(),
            trait_rules: alternatives(&node["traitRule"]),
            preconditions: texts(&node["preConditions"]),
            context_tags: texts(&node["contextTags"]),
        }
    });
    terms.collect()
}

/// A question, unless it or its place in the graph is switched off.
fn faq(written: &Value, graph: &Graph) -> Option<Faq> {
    if flag(&written["faqStatus"]) == Some(false) {
        return None;
    }
    let question = phrasing(written, graph)?;
    let alternates = items(&written["alternateQuestions"]).iter().filter_map(|other| phrasing(other, graph)).collect();
    let dialog_ref = text(&written["dialogRefId"]);
    let answer = if written["responseType"] == "dialog" && !dialog_ref.is_empty() {
        Answer::Dialog { dialog_ref: dialog_ref.to_owned() }
    } else {
        let list = |key: &str| if written[key].is_array() { written[key].to_string() } else { "[]".to_owned() };
        Answer::Message { answer: list("answer"), alternates: list("alternateAnswers") }
    };
    Some(Faq { ref_id: text(&written["refId"]).to_owned(), question, alternates, answer })
}

fn phrasing(written: &Value, graph: &Graph) -> Option<Phrasing> {
    let question = written.as_str().unwrap_or_else(|| text(&written["question"])).trim();
    let pattern = question.strip_prefix("||");
    let words = unescape_html(pattern.unwrap_or(question).trim()).into_owned();
    if words.is_empty() {
        return None;
    }
    let terms = items(&written["terms"]).iter().take(DEEPEST);
    let mut path: Vec<PathTerm> = terms.filter_map(|term| path_term(text(term))).collect();
    let labels: Path = path.iter().map(|term| folded(&term.label)).collect();
    if graph.is_off(&labels) {
        return None;
    }
    for (at, term) in path.iter_mut().enumerate() {
        match graph.usages.get(&labels[at..]).map(String::as_str) {
            Some("mandatory") => term.mandatory = true,
            Some("organizer") => term.organizer = true,
            _ => {}
        }
    }
    let tags = items(&written["tags"]).iter();
    let mut tags: Vec<PathTerm> =
        tags.filter_map(|one| tag(one.as_str().unwrap_or_else(|| text(&one["name"])))).collect();
    for term in path.iter_mut().chain(&mut tags) {
        graph.add_synonyms(&term.label, &mut term.synonyms);
    }
    Some(Phrasing { text: words, is_pattern: pattern.is_some(), path, tags })
}

/// Labels are compared without letter case.
fn folded(label: &str) -> String {
    unescape_html(label.trim()).to_lowercase()
}
