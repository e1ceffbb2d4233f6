//! Where certainty begins: `confidenceConfigs`, one object for each mode.

use serde_json::Value;

use super::settings::Switches;
use super::tolerant::{flag, items, number};
use crate::nlp::Thresholds;

/// Least probabilities that the platform sets by itself: in 2018, for trained models, for few-shot models. They fit its
/// models and not others, so they do not count as chosen.
const UNCHOSEN: [f64; 2] = [0.0, 0.3];
const UNCHOSEN_FEW_SHOT: f64 = 0.6;

/// Thresholds of a language. Exports before 2020 have them at the top level, for all languages. An entry that is
/// switched off (`isActive: false`) counts as missing.
pub(super) fn read(own: &Value, for_all: &Value, switches: &Switches) -> Thresholds {
    let mode = |wanted: &str| {
        let entries = items(&own["confidenceConfigs"]).iter().chain(items(for_all));
        let mut active = entries.filter(|entry| flag(&entry["isActive"]) != Some(false));
        active.find(|entry| entry["mode"] == wanted).unwrap_or(&Value::Null)
    };
    let mut thresholds = Thresholds::default();

    let entry = mode("ml");
    let least = number(&entry["minThreshold"]).map(fraction);
    let is_unchosen = |least: f64| UNCHOSEN.contains(&least) || (switches.is_few_shot() && least == UNCHOSEN_FEW_SHOT);
    thresholds.ml.least = least.filter(|least| !is_unchosen(*least));
    set(&mut thresholds.ml.definitive, &entry["exactMatchThreshold"], fraction);

    let entry = mode("faq");
    let faq = &mut thresholds.faq;
    set(&mut faq.suggest, &entry["minThreshold"], percent);
    set(&mut faq.answer, &entry["maxThreshold"], percent);
    set(&mut faq.definitive, &entry["exactMatchThreshold"], percent);
    set(&mut faq.path_coverage, &entry["pathCoverage"], percent);
    set(&mut faq.tolerance, &entry["taskMatchTolerance"], |tolerance| tolerance.min(100.0));
    if let Some(count) = number(&entry["suggestionsCount"]) {
        faq.suggestions = count as usize;
    }
    faq.use_bot_synonyms = flag(&entry["useBotSynonyms"]).unwrap_or(faq.use_bot_synonyms);
    faq.ignores_paths = entry["subType"] == "embeddingKG";

    let entry = mode("cs");
    let rule = &mut thresholds.rule;
    set(&mut rule.word_coverage, &entry["wordCoverage"], percent);
    rule.label_match = flag(&entry["labelMatch"]).unwrap_or(rule.label_match);
    rule.exact_name = switches.is_on("exactTaskNameMatch").unwrap_or(rule.exact_name);

    let entry = mode("rr");
    let resolver = &mut thresholds.resolver;
    resolver.prefers_definitive = flag(&entry["isPreferDefinitiveMatch"]).unwrap_or(resolver.prefers_definitive);
    resolver.rescores = flag(&entry["intentRescoring"]).unwrap_or(resolver.rescores);
    set(&mut resolver.tolerance, &entry["taskMatchTolerance"], |tolerance| tolerance.min(100.0));
    thresholds
}

/// Replaces a threshold by the one of the export, if that has one.
fn set(threshold: &mut f64, written: &Value, unit: fn(f64) -> f64) {
    if let Some(number) = number(written) {
        *threshold = unit(number);
    }
}

/// A share as a number from 0 to 1. Exports write both `.95` and `95`.
fn fraction(number: f64) -> f64 {
    if number > 1.0 { (number / 100.0).min(1.0) } else { number }
}

/// A share in percent.
fn percent(number: f64) -> f64 {
    if number > 1.0 { number.min(100.0) } else { number * 100.0 }
}
