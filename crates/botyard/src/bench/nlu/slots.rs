//! Snips: the values in utterances of seven intents, learned from seventy utterances of each.

use std::fs;

use entities::date::Dates;
use entities::number::Numbers;
use entities::{Extractor, Surroundings, data as lists};
use nlu::measure::{SlotMeasure, Span, spans_of};
use nlu::tagger::{Annotated, Gazetteers, Hint, Mark, Tagger};
use nlu::text::Language;

use super::data::DataSets;
use super::{Aim, BenchError, Row};

const NAME: &str = "Snips slot F1, 70 per intent";
const INTENTS: [&str; 7] = [
    "AddToPlaylist",
    "BookRestaurant",
    "GetWeather",
    "PlayMusic",
    "RateBook",
    "SearchCreativeWork",
    "SearchScreeningEvent",
];
/// So many utterances of an intent are learned from.
const LEARNED: usize = 70;

/// An utterance as its tokens and their tags.
struct Tagged {
    text: String,
    /// Where each token stands in the text.
    tokens: Vec<std::ops::Range<usize>>,
    spans: Vec<Span>,
}

pub(super) fn measure(data: &DataSets) -> Result<Row, BenchError> {
    let language = Language::of("en");
    let gazetteers = bundled_lists(&language);
    let mut sum = 0.0;
    for intent in INTENTS {
        let [train, test] = ["train", "validate"].map(|part| data.path(&format!("snips2017/{intent}_{part}.bio")));
        if let Some(missing) = [&train, &test].into_iter().find(|path| !path.exists()) {
            return Ok(Row::skipped(NAME, missing));
        }
        let (train, test) = (read(&train)?, read(&test)?);
        let hints: Vec<Vec<Hint<'_>>> =
            train.iter().take(LEARNED).map(|it| hints_of(&language, &gazetteers, &it.text)).collect();
        let examples: Vec<Annotated<'_>> = train
            .iter()
            .zip(hints)
            .map(|(it, hints)| {
                let mark = |span: &'_ Span| it.tokens[span.start].start..it.tokens[span.end - 1].end;
                let marks = it.spans.iter().map(|span| Mark { entity: &span.label, range: mark(span) }).collect();
                Annotated { text: &it.text, marks, hints }
            })
            .collect();
        let tagger = Tagger::train(&language, &examples).expect("every intent has values");
        let mut measure = SlotMeasure::default();
        for it in &test {
            let found = tagger.tag(&language, &it.text, &hints_of(&language, &gazetteers, &it.text));
            let found: Vec<Span> = found
                .iter()
                .map(|tagged| {
                    let inside = |range: &std::ops::Range<usize>| range.start < tagged.end && tagged.start < range.end;
                    let start = it.tokens.iter().position(inside).unwrap_or(0);
                    let end = it.tokens.iter().rposition(inside).map_or(0, |last| last + 1);
                    Span { start, end, label: tagged.entity.to_owned() }
                })
                .collect();
            measure.add(&it.spans, &found);
        }
        sum += measure.f1();
    }
    Ok(Row::held(NAME, sum / INTENTS.len() as f64, "", Aim::AtLeast(0.72)))
}

fn bundled_lists(language: &Language) -> Gazetteers {
    let list = |name: &'static str, phrases: Vec<&'static str>| phrases.into_iter().map(move |phrase| (name, phrase));
    let all = list("city", lists::cities().collect())
        .chain(list("country", lists::countries().collect()))
        .chain(list("state", lists::us_states().map(|(_, name)| name).collect()))
        .chain(list("first name", lists::first_names().collect()))
        .chain(list("color", lists::colors().collect()));
    Gazetteers::new(language, all)
}

fn hints_of<'g>(language: &Language, gazetteers: &'g Gazetteers, text: &str) -> Vec<Hint<'g>> {
    let now = "2026-03-04T10:00:00[UTC]".parse().expect("a date and time");
    let surroundings = Surroundings { language: "en", now: &now };
    let mut hints = gazetteers.find(language, text);
    let extractors: [(&'static str, Box<dyn Extractor>); 2] =
        [("date", Box::new(Dates::default())), ("number", Box::new(Numbers::default()))];
    for (kind, extractor) in extractors {
        hints.extend(extractor.find(text, &surroundings).into_iter().map(|it| Hint { kind, range: it.range }));
    }
    hints
}

/// Reads a file of lines `tokens<TAB>tags`.
fn read(path: &std::path::Path) -> Result<Vec<Tagged>, BenchError> {
    let broken = |what: String| BenchError::Data { path: path.to_owned(), what };
    let content = fs::read_to_string(path).map_err(|error| broken(format!("cannot be read: {error}")))?;
    let mut utterances = Vec::new();
    for (at, line) in content.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let fault = |why: &str| broken(format!("line {}: {why}", at + 1));
        let (text, tags) = line.split_once('\t').ok_or_else(|| fault("has no tab after the tokens"))?;
        let tags: Vec<&str> = tags.split(' ').collect();
        let mut tokens = Vec::new();
        let mut start = 0;
        for token in text.split(' ') {
            tokens.push(start..start + token.len());
            start += token.len() + 1;
        }
        if tokens.len() != tags.len() {
            return Err(fault("has not as many tags as tokens"));
        }
        utterances.push(Tagged { text: text.to_owned(), tokens, spans: spans_of(&tags) });
    }
    Ok(utterances)
}
