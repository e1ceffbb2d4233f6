//! The encoder on a tiny model of random numbers, against a forward pass written the long way.

use std::collections::BTreeMap;

use definition::nlp::Utterance;
use nlu::semantic::{About, Bits, Encoder, EncoderError, Meanings, Pooling, Published};

use crate::shop;

const WIDTH: usize = 8;
const WIDE: usize = 12;
const HEADS: usize = 2;
const LAYERS: usize = 2;
const PLACES: usize = 6;
const CONFIG: &str = r#"{"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 6}"#;
const VOCABULARY: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nsend\nflow\n##ers\nnow\n";

type Floats = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// Tensors of numbers between -1 and 1, the same ones every time.
fn tensors() -> Floats {
    let mut seed = 12345_u32;
    let mut number = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from(u16::try_from(seed >> 16).unwrap()) / 32768.0 - 1.0
    };
    let mut shapes = vec![
        ("embeddings.word_embeddings.weight".to_owned(), vec![8, WIDTH]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![PLACES, WIDTH]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, WIDTH]),
        ("embeddings.LayerNorm.weight".to_owned(), vec![WIDTH]),
        ("embeddings.LayerNorm.bias".to_owned(), vec![WIDTH]),
    ];
    for layer in 0..LAYERS {
        let mut dense = |part: &str, outputs: usize, inputs: usize| {
            shapes.push((format!("encoder.layer.{layer}.{part}.weight"), vec![outputs, inputs]));
            shapes.push((format!("encoder.layer.{layer}.{part}.bias"), vec![outputs]));
        };
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            dense(part, WIDTH, WIDTH);
        }
        dense("intermediate.dense", WIDE, WIDTH);
        dense("output.dense", WIDTH, WIDE);
        for part in ["attention.output.LayerNorm", "output.LayerNorm"] {
            for side in ["weight", "bias"] {
                shapes.push((format!("encoder.layer.{layer}.{part}.{side}"), vec![WIDTH]));
            }
        }
    }
    shapes
        .into_iter()
        .map(|(name, shape)| {
            let count = shape.iter().product();
            (name, (shape, (0..count).map(|_| number()).collect()))
        })
        .collect()
}

fn file(tensors: &Floats, prefix: &str) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut data = Vec::new();
    for (name, (shape, floats)) in tensors {
        let start = data.len();
        data.extend(floats.iter().flat_map(|float| float.to_le_bytes()));
        let entry = serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]});
        header.insert(format!("{prefix}{name}"), entry);
    }
    let header = serde_json::Value::Object(header).to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn read(config: &str, vocabulary: &str, weights: &[u8]) -> Result<Encoder, EncoderError> {
    Encoder::read(Published { config: Some(config), vocabulary: Some(vocabulary), tokenizer: None, weights })
}

/// The vector of some pieces, number by number, as the papers write it.
fn reference(tensors: &Floats, pieces: &[usize]) -> Vec<f64> {
    let at = |name: &str, row: usize, column: usize| {
        let (shape, floats) = &tensors[name];
        f64::from(floats[if shape.len() == 1 { row } else { row * shape[1] + column }])
    };
    let norm = |x: &[f64], name: &str| -> Vec<f64> {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let one = |(i, v): (usize, &f64)| {
            (v - mean) / (variance + 1e-12).sqrt() * at(&format!("{name}.weight"), i, 0)
                + at(&format!("{name}.bias"), i, 0)
        };
        x.iter().enumerate().map(one).collect()
    };
    let dense = |x: &[f64], name: &str| -> Vec<f64> {
        let outputs = tensors[&format!("{name}.bias")].1.len();
        let one = |o: usize| {
            let products = x.iter().enumerate().map(|(i, v)| v * at(&format!("{name}.weight"), o, i));
            products.sum::<f64>() + at(&format!("{name}.bias"), o, 0)
        };
        (0..outputs).map(one).collect()
    };
    let mut states: Vec<Vec<f64>> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        let sum: Vec<f64> = (0..WIDTH)
            .map(|i| {
                at("embeddings.word_embeddings.weight", *piece, i)
                    + at("embeddings.position_embeddings.weight", place, i)
                    + at("embeddings.token_type_embeddings.weight", 0, i)
            })
            .collect();
        states.push(norm(&sum, "embeddings.LayerNorm"));
    }
    for layer in 0..LAYERS {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let all = |part: &str| -> Vec<Vec<f64>> { states.iter().map(|x| dense(x, &name(part))).collect() };
        let (q, k, v) = (all("attention.self.query"), all("attention.self.key"), all("attention.self.value"));
        let size = WIDTH / HEADS;
        let mut next = Vec::new();
        for (at_piece, state) in states.iter().enumerate() {
            let mut context = vec![0.0; WIDTH];
            for head in 0..HEADS {
                let own = head * size..(head + 1) * size;
                let score = |other: usize| {
                    own.clone().map(|i| q[at_piece][i] * k[other][i]).sum::<f64>() / (size as f64).sqrt()
                };
                let powers: Vec<f64> = (0..states.len()).map(|other| score(other).exp()).collect();
                let sum: f64 = powers.iter().sum();
                for i in own.clone() {
                    context[i] = powers.iter().zip(&v).map(|(power, v)| power / sum * v[i]).sum();
                }
            }
            let attended = dense(&context, &name("attention.output.dense"));
            let added: Vec<f64> = state.iter().zip(&attended).map(|(a, b)| a + b).collect();
            let attended = norm(&added, &name("attention.output.LayerNorm"));
            let wide: Vec<f64> = dense(&attended, &name("intermediate.dense")).into_iter().map(gelu).collect();
            let narrow = dense(&wide, &name("output.dense"));
            let added: Vec<f64> = attended.iter().zip(&narrow).map(|(a, b)| a + b).collect();
            next.push(norm(&added, &name("output.LayerNorm")));
        }
        states = next;
    }
    let mean: Vec<f64> = (0..WIDTH).map(|i| states.iter().map(|x| x[i]).sum::<f64>()).collect();
    let length = mean.iter().map(|v| v * v).sum::<f64>().sqrt();
    mean.into_iter().map(|v| v / length).collect()
}

/// By the series of the error function, which converges for these small numbers.
fn gelu(x: f64) -> f64 {
    let z = x / std::f64::consts::SQRT_2;
    let (mut term, mut sum) = (z, z);
    for n in 1..60 {
        term *= -z * z / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    0.5 * x * (1.0 + 2.0 / std::f64::consts::PI.sqrt() * sum)
}

#[test]
fn the_forward_pass_is_the_one_of_the_papers() {
    let tensors = tensors();
    for prefix in ["", "bert."] {
        let encoder = read(CONFIG, VOCABULARY, &file(&tensors, prefix)).unwrap();
        for (text, pieces) in [
            ("Send FLOWERS now", &[2, 4, 5, 6, 7, 3][..]),
            ("", &[2, 3]),
            (&format!("{}send", " ".repeat(500)), &[2, 4, 3]),
            ("send send send send send send", &[2, 4, 4, 4, 4, 3]),
            ("unknown", &[2, 1, 3]),
        ] {
            let (found, expected) = (encoder.embed(text), reference(&tensors, pieces));
            for (found, expected) in found.iter().zip(&expected) {
                assert!((f64::from(*found) - expected).abs() < 1e-5, "{text}: {found} {expected}");
            }
        }
    }
}

/// The tensors of a pack, decoded as `docs/packs.md` says.
fn unpacked(pack: &[u8], shapes: &Floats) -> Floats {
    let (length, rest) = pack.split_first_chunk::<8>().unwrap();
    let (header, data) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let header: serde_json::Value = serde_json::from_slice(header).unwrap();
    let bytes = |name: &str| {
        let place = &header[name]["data_offsets"];
        &data[place[0].as_u64().unwrap() as usize..place[1].as_u64().unwrap() as usize]
    };
    let floats = |name: &str| -> Vec<f32> {
        bytes(name).chunks(4).map(|it| f32::from_le_bytes([it[0], it[1], it[2], it[3]])).collect()
    };
    let mut tensors = Floats::new();
    for (name, (shape, _)) in shapes {
        let weights = match header[name]["dtype"].as_str().unwrap() {
            "F32" => floats(name),
            "I8" => {
                let (codes, scales) = (bytes(name), floats(&format!("{name}.scale")));
                codes.iter().enumerate().map(|(at, code)| f32::from(*code as i8) * scales[at / shape[1]]).collect()
            }
            "U8" => {
                let (codes, scales) = (bytes(name), floats(&format!("{name}.scale")));
                let steps = bytes(&format!("{name}.step"));
                let weight = |row: usize, column: usize| {
                    let group = row * shape[1].div_ceil(32) + column / 32;
                    let byte = codes[group * 16 + column % 16];
                    let code = if column % 32 < 16 { byte & 15 } else { byte >> 4 };
                    (f32::from(code) - 8.0) * f32::from(steps[group]) * scales[row]
                };
                (0..shape[0]).flat_map(|row| (0..shape[1]).map(move |column| weight(row, column))).collect()
            }
            other => panic!("{other}"),
        };
        // Of the kinds of a text only the first is used.
        let mut weights = weights;
        weights.resize(shape.iter().product(), 0.0);
        tensors.insert(name.clone(), (shape.clone(), weights));
    }
    tensors
}

fn likeness(one: &[f32], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| f64::from(*one) * other).sum()
}

#[test]
fn a_pack_says_what_its_weights_say() {
    let exact = tensors();
    let encoder = read(CONFIG, VOCABULARY, &file(&exact, "")).unwrap();
    for (bits, least) in [(Bits::Eight, 0.9995), (Bits::Four, 0.95)] {
        let pack = encoder.pack(bits).unwrap();
        let packed = Encoder::of_pack(&pack).unwrap();
        assert!(packed.knows("en_GB") && !packed.knows("de"));
        let rounded = unpacked(&pack, &exact);
        for (text, pieces) in [("Send FLOWERS now", &[2, 4, 5, 6, 7, 3][..]), ("", &[2, 3]), ("unknown", &[2, 1, 3])] {
            let found = packed.embed(text);
            // By these very weights but for the rounding of what comes in; and near the exact ones.
            let (same, near) =
                (likeness(&found, &reference(&rounded, pieces)), likeness(&found, &reference(&exact, pieces)));
            assert!(same > 0.9999, "{bits:?} {text}: {same}");
            assert!(near > least, "{bits:?} {text}: {near}");
            assert_eq!(Encoder::of_pack(&pack).unwrap().embed(text), found);
        }
        assert_eq!(packed.id(), Encoder::of_pack(&pack).unwrap().id());
        assert_ne!(packed.id(), encoder.id());
    }
    let about = About { languages: vec![], prefix: "send ".to_owned() };
    let first = encoder.clone().with_about(about).with_pooling(Pooling::First).pack(Bits::Eight).unwrap();
    let first = Encoder::of_pack(&first).unwrap();
    assert!(first.knows("ja"));
    let other = encoder.with_pooling(Pooling::First).embed("send now");
    assert!(first.embed("now").iter().zip(other).all(|(a, b)| (a - b).abs() < 0.02));
}

#[test]
fn a_table_adds_up_the_rows_of_its_pieces() {
    let rows: Vec<f32> = (0..8).flat_map(|piece| [piece as f32, 1.0, 0.0]).collect();
    let tokenizer = r###"{"normalizer": {"type": "BertNormalizer", "clean_text": true, "lowercase": true},
        "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "send": 4, "flow": 5, "##ers": 6, "now": 7}}}"###;
    let mut published: Floats = [("embeddings".to_owned(), (vec![8, 3], rows))].into();
    let weights = file(&published, "");
    let files = Published { config: None, vocabulary: None, tokenizer: Some(tokenizer), weights: &weights };
    let unit = |vector: [f32; 3]| {
        let length = vector.iter().map(|it| it * it).sum::<f32>().sqrt();
        vector.map(|it| it / length)
    };
    for bits in [Bits::Four, Bits::Eight] {
        let packed = Encoder::of_pack(&Encoder::read(files).unwrap().pack(bits).unwrap()).unwrap();
        assert_eq!((packed.is_table(), packed.width(), packed.pieces()), (true, 3, 7));
        for (text, expected) in
            [("send FLOWERS", unit([15.0, 3.0, 0.0])), ("now", unit([7.0, 1.0, 0.0])), ("", [0.0; 3])]
        {
            let found = packed.embed(text);
            let tolerance = if bits == Bits::Four { 0.06 } else { 0.01 };
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() < tolerance),
                "{text}: {found:?} {expected:?}"
            );
        }
    }
    // Some published tables weigh their pieces.
    published.insert("weights".to_owned(), (vec![8], vec![1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]));
    let weights = file(&published, "");
    let weighed = Encoder::read(Published { weights: &weights, ..files }).unwrap();
    assert_eq!(weighed.embed("send now"), unit([7.0, 1.0, 0.0]));
    let few = Published { tokenizer: Some(&tokenizer.replace("\"now\": 7", "\"now\": 8")), ..files };
    assert!(Encoder::read(few).err().unwrap().to_string().contains("it has 9 pieces"));
}

#[test]
fn a_table_is_made_of_an_encoder() {
    let encoder = read(CONFIG, VOCABULARY, &file(&tensors(), "")).unwrap();
    let table = encoder.distilled(4);
    assert_eq!((table.width(), table.is_table()), (4, true));
    // What the encoder says of pieces is what the table says of them, as far as four numbers of eight can.
    let cosine = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
    let words = ["send", "flow", "now"];
    let wide = encoder.distilled(8);
    for one in words {
        let (narrow, full) = (table.embed(one), wide.embed(one));
        assert!(
            (cosine(&narrow, &full[..4]) / full[..4].iter().map(|it| it * it).sum::<f32>().sqrt() - 1.0).abs() < 1e-4
        );
    }
    assert_eq!(encoder.distilled(4).pack(Bits::Eight), table.pack(Bits::Eight));
}

#[test]
fn broken_packs_are_named() {
    let good = read(CONFIG, VOCABULARY, &file(&tensors(), "")).unwrap().pack(Bits::Four).unwrap();
    let changed = |from: &str, to: &str| {
        // Of the same length, so that the offsets stay right.
        assert_eq!(from.len(), to.len());
        let at = good.windows(from.len()).position(|it| it == from.as_bytes()).unwrap();
        [&good[..at], to.as_bytes(), &good[at + from.len()..]].concat()
    };
    let cases = [
        (vec![1, 2, 3], "too short"),
        (file(&tensors(), ""), "no `botyard.pack`"),
        (changed("botyard.pack\":\"{\\\"format\\\":1", "botyard.pack\":\"{\\\"format\\\":2"), "the format 2"),
        (changed("layers\\\":2", "layers\\\":3"), "there is no tensor encoder.layer.2"),
        (changed("layers\\\":2", "layers\\\":1"), "has no place in an encoder of 1 layers"),
        (changed("heads\\\":2", "heads\\\":3"), "no sizes"),
        (changed("wordpiece", "wordpieze"), "tokenizer cannot be read"),
        (good[..good.len() - 1].to_vec(), "does not lie in the file"),
    ];
    for (pack, expected) in cases {
        let error = Encoder::of_pack(&pack).err().unwrap().to_string();
        assert!(error.starts_with("the pack: ") && error.contains(expected), "{error}");
    }
    for length in (0..good.len()).step_by(211) {
        assert!(Encoder::of_pack(&good[..length]).is_err());
    }
    // Whatever still reads as a pack after a change of one byte must work.
    for at in (0..good.len()).step_by(37) {
        let mut damaged = good.clone();
        damaged[at] = !damaged[at];
        if let Ok(encoder) = Encoder::of_pack(&damaged) {
            assert_eq!(encoder.embed("send flowers now").len(), WIDTH);
        }
    }
}

#[test]
fn broken_files_are_named() {
    let good = tensors();
    let bytes = file(&good, "");
    let mut wrong_shape = good.clone();
    wrong_shape.get_mut("encoder.layer.1.output.dense.bias").unwrap().0 = vec![4, 2];
    let mut missing = good;
    missing.remove("embeddings.LayerNorm.bias");
    let cases: [(&str, &str, Vec<u8>, &str); 10] = [
        ("{", VOCABULARY, bytes.clone(), "config.json: EOF"),
        (
            &CONFIG.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 3"),
            VOCABULARY,
            bytes.clone(),
            "config.json: the sizes",
        ),
        (CONFIG, "[CLS]\n[SEP]\n", bytes.clone(), "vocab.txt: there is no line [UNK]"),
        (CONFIG, "[CLS]\n[SEP]\n[UNK]\na\nb\nc\nd\ne\nf\n", bytes.clone(), "vocab.txt: it has 9 pieces"),
        (
            &CONFIG.replace("embeddings\": 6", "embeddings\": 1"),
            VOCABULARY,
            bytes.clone(),
            "max_position_embeddings must be 2",
        ),
        (
            &CONFIG.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"),
            VOCABULARY,
            bytes.clone(),
            "encoder.layer.1.output.dense.bias has no place in an encoder of 1 layers",
        ),
        (CONFIG, VOCABULARY, vec![1, 2], "model.safetensors: the file is too short"),
        (CONFIG, VOCABULARY, bytes[..bytes.len() - 1].to_vec(), "does not lie in the file"),
        (CONFIG, VOCABULARY, file(&wrong_shape, ""), "encoder.layer.1.output.dense.bias has the shape [4, 2]"),
        (CONFIG, VOCABULARY, file(&missing, ""), "there is no tensor embeddings.LayerNorm.bias"),
    ];
    for (config, vocabulary, weights, expected) in cases {
        let error = read(config, vocabulary, &weights).err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut endless = u64::MAX.to_le_bytes().to_vec();
    endless.extend(b"{}");
    assert!(read(CONFIG, VOCABULARY, &endless).is_err());
}

#[test]
fn what_was_said_of_texts_is_kept() {
    let encoder = read(CONFIG, VOCABULARY, &file(&tensors(), "")).unwrap();
    let mut data = shop::data();
    let (first, computed) = Meanings::of(&encoder, &data, Meanings::default());
    let texts = data.intents.iter().map(|intent| intent.utterances.len()).sum::<usize>();
    assert_eq!(computed, texts);
    data.intents[0].utterances.push(Utterance { text: "send flowers now".to_owned(), ..Utterance::default() });
    data.intents[1].utterances.pop();
    let kept = Meanings::from_bytes(&first.to_bytes());
    assert_eq!(kept, first);
    let (second, computed) = Meanings::of(&encoder, &data, kept);
    assert_eq!(computed, 1, "what is new");
    assert_eq!(Meanings::of(&encoder, &data, Meanings::default()).0, second, "kept ones are as good as new ones");
    // Another encoder says something else, and bytes of something else say nothing.
    let other = Encoder::of_pack(&encoder.pack(Bits::Eight).unwrap()).unwrap();
    assert_eq!(Meanings::of(&other, &data, second).1, texts);
    assert_eq!(Meanings::from_bytes(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), Meanings::default());
}
