//! Tokenizers as the files of published models describe them: `vocab.txt`, or `tokenizer.json`.

use std::collections::HashMap;

use base64::Engine as _;
use serde::Deserialize;
use serde_json::Value;

use super::{CharsMap, Kind, Settings, Step, Tokenizer, Vocabulary};
use crate::semantic::{EncoderError, TOKENIZER, VOCABULARY};

#[derive(Deserialize)]
struct File {
    normalizer: Option<Value>,
    pre_tokenizer: Option<Value>,
    post_processor: Option<Value>,
    model: Value,
}

#[derive(Deserialize)]
struct WordPieceModel {
    unk_token: String,
    #[serde(default = "going_on")]
    continuing_subword_prefix: String,
    vocab: HashMap<String, u32>,
}

#[derive(Deserialize)]
struct UnigramModel {
    unk_id: Option<u32>,
    vocab: Vec<(String, f64)>,
    #[serde(default)]
    byte_fallback: bool,
}

fn going_on() -> String {
    "##".to_owned()
}

fn broken(problem: impl Into<String>) -> EncoderError {
    EncoderError::new(TOKENIZER, problem)
}

impl Tokenizer {
    /// The tokenizer of uncased BERT with the pieces of `vocab.txt`, one a line.
    pub(in crate::semantic) fn of_vocabulary(text: &str) -> Result<Self, EncoderError> {
        let pieces = text.lines().map(str::trim_end).zip(0..);
        let vocabulary = Vocabulary::of(pieces);
        let special = |piece: &str| {
            let missing = || EncoderError::new(VOCABULARY, format!("there is no line {piece}; fetch the file again"));
            vocabulary.get(piece).ok_or_else(missing)
        };
        let settings = Settings {
            kind: Kind::WordPiece,
            normal: vec![Step::Clean, Step::Han, Step::Bare, Step::Lower],
            unknown: special("[UNK]")?,
            begin: Some(special("[CLS]")?),
            end: Some(special("[SEP]")?),
        };
        Ok(Self::new(settings, vocabulary, Vec::new(), None))
    }

    /// The tokenizer of a `tokenizer.json`: WordPiece as BERT has it, or Unigram as SentencePiece has it.
    pub(in crate::semantic) fn of_json(text: &str) -> Result<Self, EncoderError> {
        let file: File = serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
        let mut charsmap = None;
        let mut normal = Vec::new();
        for part in sequence(file.normalizer.as_ref(), "normalizers") {
            steps(part, &mut normal, &mut charsmap)?;
        }
        let cut: Vec<&str> = sequence(file.pre_tokenizer.as_ref(), "pretokenizers").into_iter().map(kind_of).collect();
        let (begin, end) = marks(file.post_processor.as_ref())?;
        let unread = |error: serde_json::Error| broken(format!("`model` cannot be read: {error}"));
        match kind_of(&file.model) {
            "WordPiece" => {
                let model: WordPieceModel = serde_json::from_value(file.model).map_err(unread)?;
                if model.continuing_subword_prefix != going_on() {
                    return Err(broken("`continuing_subword_prefix` is not `##`, as BERT has it"));
                }
                if cut != ["BertPreTokenizer"] {
                    return Err(broken(format!(
                        "words are cut by {cut:?}; with WordPiece, `BertPreTokenizer` is read"
                    )));
                }
                let vocabulary = Vocabulary::of(model.vocab.iter().map(|(piece, at)| (piece.as_str(), *at)));
                let missing = || broken(format!("there is no piece {}", model.unk_token));
                let unknown = vocabulary.get(&model.unk_token).ok_or_else(missing)?;
                let settings = Settings { kind: Kind::WordPiece, normal, unknown, begin, end };
                Ok(Self::new(settings, vocabulary, Vec::new(), charsmap))
            }
            "Unigram" => {
                let model: UnigramModel = serde_json::from_value(file.model).map_err(unread)?;
                if model.byte_fallback {
                    return Err(broken("`byte_fallback` is not read"));
                }
                if let Some(other) = cut.iter().find(|it| !["Metaspace", "WhitespaceSplit"].contains(it)) {
                    let known = "`Metaspace` and `WhitespaceSplit` are read";
                    return Err(broken(format!("words are cut by `{other}`; with Unigram, {known}")));
                }
                let vocabulary = Vocabulary::of(model.vocab.iter().map(|(piece, _)| piece.as_str()).zip(0..));
                let scores = model.vocab.iter().map(|(_, score)| *score as f32).collect();
                let unknown = model.unk_id.ok_or_else(|| broken("`unk_id` is missing"))?;
                let settings = Settings { kind: Kind::Unigram, normal, unknown, begin, end };
                Ok(Self::new(settings, vocabulary, scores, charsmap))
            }
            other => Err(broken(format!("the model is a `{other}`; `WordPiece` and `Unigram` are read"))),
        }
    }
}

/// The parts of a part that may be a sequence.
fn sequence<'v>(value: Option<&'v Value>, member: &str) -> Vec<&'v Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(value) if kind_of(value) == "Sequence" => {
            value[member].as_array().into_iter().flatten().flat_map(|part| sequence(Some(part), member)).collect()
        }
        Some(value) => vec![value],
    }
}

fn kind_of(value: &Value) -> &str {
    value["type"].as_str().unwrap_or_default()
}

fn steps(part: &Value, normal: &mut Vec<Step>, charsmap: &mut Option<CharsMap>) -> Result<(), EncoderError> {
    match kind_of(part) {
        "BertNormalizer" => {
            let is = |member: &str| part[member].as_bool();
            let lower = is("lowercase") == Some(true);
            let steps = [
                (is("clean_text") == Some(true), Step::Clean),
                (is("handle_chinese_chars") == Some(true), Step::Han),
                (is("strip_accents").unwrap_or(lower), Step::Bare),
                (lower, Step::Lower),
            ];
            normal.extend(steps.into_iter().filter(|(is_there, _)| *is_there).map(|(_, step)| step));
        }
        "Precompiled" => {
            let map = part["precompiled_charsmap"].as_str().unwrap_or_default();
            let bytes = base64::prelude::BASE64_STANDARD.decode(map).ok();
            let map = bytes.and_then(|bytes| CharsMap::read(&bytes));
            *charsmap = Some(map.ok_or_else(|| broken("`precompiled_charsmap` is no such table"))?);
            normal.push(Step::Charsmap);
        }
        "Lowercase" => normal.push(Step::Lower),
        "StripAccents" => normal.push(Step::Bare),
        "NFC" => normal.push(Step::Nfc),
        "NFD" => normal.push(Step::Nfd),
        "NFKC" => normal.push(Step::Nfkc),
        "NFKD" => normal.push(Step::Nfkd),
        // Blanks at the ends and next to each other count for nothing here.
        "Strip" => {}
        "Replace" if part["content"] == " " && part["pattern"]["Regex"] == " {2,}" => {}
        other => return Err(broken(format!("the step `{other}` of the normalizer is not read"))),
    }
    Ok(())
}

/// The pieces that mark the begin and the end of a text.
fn marks(value: Option<&Value>) -> Result<(Option<u32>, Option<u32>), EncoderError> {
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok((None, None)) };
    match kind_of(value) {
        "TemplateProcessing" => {
            let parts = value["single"].as_array().map(Vec::as_slice).unwrap_or_default();
            let id = |part: &Value| number(&value["special_tokens"][part["SpecialToken"]["id"].as_str()?]["ids"][0]);
            let of_text = parts.iter().position(|part| part.get("Sequence").is_some());
            let of_text = of_text.ok_or_else(|| broken("the template of `post_processor` has no place for a text"))?;
            if of_text > 1 || parts.len() > of_text + 2 {
                return Err(broken("the template of `post_processor` has more than one mark before or after a text"));
            }
            let mark = |part: Option<&Value>| match part {
                None => Ok(None),
                Some(part) => {
                    let missing = || broken("a mark of `post_processor` has no number in its `special_tokens`");
                    id(part).map(Some).ok_or_else(missing)
                }
            };
            Ok((mark(parts[..of_text].first())?, mark(parts.get(of_text + 1))?))
        }
        "BertProcessing" | "RobertaProcessing" => Ok((number(&value["cls"][1]), number(&value["sep"][1]))),
        other => Err(broken(format!("the post processor `{other}` is not read"))),
    }
}
