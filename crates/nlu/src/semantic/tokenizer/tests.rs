use proptest::prelude::*;

use super::*;

const VOCABULARY: &str =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\nplay\n##ing\n##s\nun\n##play\n##able\n!\n,\ncafe\n訂\n票\na\n##a\n'";

fn tokenizer() -> Tokenizer {
    Tokenizer::of_vocabulary(VOCABULARY).unwrap()
}

#[test]
fn words_are_cut_into_pieces() {
    let lines: Vec<&str> = VOCABULARY.lines().collect();
    let long = "a".repeat(101);
    for (text, expected) in [
        ("playing", "play ##ing"),
        ("  Plays,unplayable!\n", "play ##s , un ##play ##able !"),
        ("CAFÉ cafe\u{301}", "cafe cafe"),
        ("訂票", "訂 票"),
        ("pl\u{ad}ay\u{0}\u{200b}ing \u{fffd}", "play ##ing"),
        ("play\u{a0}play\tplay", "play play play"),
        ("playx a", "[UNK] a"),
        ("’ ' 🙂", "[UNK] ' [UNK]"),
        (&long, "[UNK]"),
        ("[SEP]", "[UNK] [UNK] [UNK]"),
        ("", ""),
    ] {
        let pieces = tokenizer().pieces(text, 128);
        let names: Vec<&str> = pieces.iter().map(|number| lines[*number]).collect();
        assert_eq!(names.join(" "), format!("[CLS] {expected} [SEP]").replace("  ", " "), "{text:?}");
    }
    assert_eq!(tokenizer().pieces(&"a".repeat(100), 128).len(), 102);
    assert_eq!(tokenizer().pieces(&"play, ".repeat(10_000), 8).len(), 8);
    assert_eq!(tokenizer().pieces(&"a".repeat(500_000), 8), [2, 1, 3]);
}

/// What the reference implementation of `tokenizer.json` files (version 0.23) made of these texts.
#[test]
fn unigram_pieces_are_those_of_the_reference() {
    let published = Tokenizer::of_json(include_str!("unigram.json")).unwrap();
    let mut writer = Writer::default();
    published.write(&mut writer);
    let pack = writer.finish();
    let packed = Tokenizer::read(&Tensors::read("a pack", &pack).unwrap()).unwrap();
    for (text, expected) in [
        ("where is my order", &[9, 10, 11, 5][..]),
        ("orders", &[5, 8]),
        ("Where", &[4, 3, 29, 17]),
        ("find a café", &[13, 15, 19, 23]),
        ("\u{fb01}nd \u{ff21}\u{3000}cafe\u{301}", &[13, 15, 19, 23]),
        ("訂票", &[4, 21]),
        ("訂", &[4, 20]),
        ("票訂 x", &[4, 22, 20, 4, 3]),
        ("हिन्दी", &[31]),
        ("ह", &[4, 32]),
        ("", &[]),
        ("  order   order ", &[5, 5]),
        ("zzz orderz", &[4, 3, 5, 3]),
        ("ordeer", &[4, 28, 17, 29]),
        ("xyz訂zz", &[4, 3, 20, 3]),
    ] {
        let marked = [&[0], expected, &[2]].concat();
        assert_eq!(published.pieces(text, 128), marked, "{text:?}");
        assert_eq!(packed.pieces(text, 128), marked, "{text:?}");
    }
    assert_eq!(published.pieces(&"order ".repeat(90), 5), [0, 5, 5, 5, 2]);
}

#[test]
fn a_tokenizer_that_cannot_be_read_is_named() {
    let good = include_str!("unigram.json");
    let bert = r#"{"normalizer": {"type": "BertNormalizer", "lowercase": true}, "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": null, "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "Cafe": 1, "cafe": 2}}}"#;
    assert_eq!(Tokenizer::of_json(bert).unwrap().pieces("CAFÉ x", 9), [2, 0]);
    assert_eq!(Tokenizer::of_json(&bert.replace("true", "false")).unwrap().pieces("Cafe", 9), [1]);
    for (text, from, to, expected) in [
        (good, "\"Precompiled\"", "\"Unheard\"", "`Unheard` of the normalizer"),
        (good, "AAQAAACQ", "AAQAAA", "`precompiled_charsmap`"),
        (good, "\"Unigram\"", "\"BPE\"", "`WordPiece` and `Unigram`"),
        (good, "\"WhitespaceSplit\"", "\"Digits\"", "cut by `Digits`"),
        (good, "\"unk_id\": 3", "\"unk_id\": null", "`unk_id`"),
        (good, "\"byte_fallback\": false", "\"byte_fallback\": true", "`byte_fallback`"),
        (good, "\"TemplateProcessing\"", "\"ByteLevel\"", "`ByteLevel`"),
        (bert, "BertPreTokenizer", "Whitespace", "cut by [\"Whitespace\"]"),
        (bert, "\"[UNK]\": 0", "\"[UNK2]\": 0", "[UNK]"),
        (bert, "{", "", "tokenizer.json: "),
    ] {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text);
        let error = Tokenizer::of_json(&broken).err().unwrap().to_string();
        assert!(error.starts_with("tokenizer.json: ") && error.contains(expected), "{error}");
    }
}

#[test]
fn a_vocabulary_that_does_not_fit_is_refused() {
    for (text, part) in [("", "[UNK]"), ("[UNK]\n[CLS]\n", "[SEP]")] {
        let error = Tokenizer::of_vocabulary(text).err().unwrap().to_string();
        assert!(error.starts_with("vocab.txt: ") && error.contains(part), "{error}");
    }
}

proptest! {
    #[test]
    fn any_text_has_pieces_of_unigram(text in any::<String>(), most in 2_usize..20) {
        let pieces = Tokenizer::of_json(include_str!("unigram.json")).unwrap().pieces(&text, most);
        prop_assert!((2..=most).contains(&pieces.len()) && pieces.iter().all(|piece| *piece < 33));
    }

    #[test]
    fn any_table_of_replacements_does_for_any_text(bytes in prop::collection::vec(any::<u8>(), 0..400), text in any::<String>()) {
        let size = (bytes.len() as u32 / 8 * 4).to_le_bytes();
        if let Some(map) = CharsMap::read(&[&size[..], &bytes].concat()) {
            map.apply(&text);
        }
    }

    #[test]
    fn any_text_has_pieces(text in any::<String>(), most in 2_usize..20) {
        let pieces = tokenizer().pieces(&text, most);
        prop_assert!((2..=most).contains(&pieces.len()));
        prop_assert_eq!((pieces[0], pieces[pieces.len() - 1]), (2, 3));
    }
}
