//! The encoder on a tiny model of random numbers, against a forward pass written the long way.

use std::collections::BTreeMap;

use nlu::semantic::Encoder;

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
        let encoder = Encoder::read(CONFIG, VOCABULARY, &file(&tensors, prefix)).unwrap();
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

#[test]
fn broken_files_are_named() {
    let good = tensors();
    let bytes = file(&good, "");
    let mut wrong_shape = good.clone();
    wrong_shape.get_mut("encoder.layer.1.output.dense.bias").unwrap().0 = vec![4, 2];
    let mut missing = good;
    missing.remove("embeddings.LayerNorm.bias");
    let cases: [(&str, &str, Vec<u8>, &str); 9] = [
        ("{", VOCABULARY, bytes.clone(), "config.json: EOF"),
        (
            &CONFIG.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 3"),
            VOCABULARY,
            bytes.clone(),
            "config.json: the sizes",
        ),
        (CONFIG, "[CLS]\n[SEP]\n", bytes.clone(), "vocab.txt: there is no line [UNK]"),
        (CONFIG, "[CLS]\n[SEP]\n[UNK]\na\nb\nc\nd\ne\nf\n", bytes.clone(), "vocab.txt: it has 9 lines"),
        (
            &CONFIG.replace("embeddings\": 6", "embeddings\": 1"),
            VOCABULARY,
            bytes.clone(),
            "max_position_embeddings must be 2",
        ),
        (CONFIG, VOCABULARY, vec![1, 2], "model.safetensors: the file is too short"),
        (CONFIG, VOCABULARY, bytes[..bytes.len() - 1].to_vec(), "does not lie in the file"),
        (CONFIG, VOCABULARY, file(&wrong_shape, ""), "encoder.layer.1.output.dense.bias has the shape [4, 2]"),
        (CONFIG, VOCABULARY, file(&missing, ""), "there is no tensor embeddings.LayerNorm.bias"),
    ];
    for (config, vocabulary, weights, expected) in cases {
        let error = Encoder::read(config, vocabulary, &weights).err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut endless = u64::MAX.to_le_bytes().to_vec();
    endless.extend(b"{}");
    assert!(Encoder::read(CONFIG, VOCABULARY, &endless).is_err());
}
