//! Names that no list has: what is said at a question for a name, and means nothing else.

use super::{PersonNames, cue_before, is_known};
use crate::extractor::Found;
use crate::gazetteer::{Piece, fold, pieces, span};
use crate::stop::is_small;

/// Words of a name that are written small.
pub(super) const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "van", "von", "der", "den", "ter",
    "zu", "bin", "ibn", "bint", "al", "el", "abu", "y", "e", "san",
];
/// What is said behind a name, folded.
const BEHIND: &[&str] = &[
    "here",
    "speaking",
    "this side",
    "calling",
    "on the line",
    "please",
    "thanks",
    "thank you",
    "bitte",
    "danke",
    "hier",
    "am apparat",
    "a l'appareil",
    "s'il vous plait",
    "merci",
    "svp",
    "por favor",
    "gracias",
    "al habla",
    "obrigado",
    "obrigada",
    "aqui",
    "per favore",
    "grazie",
    "hai",
    "hain",
    "hu",
    "hun",
    "hoon",
    "hoo",
    "ji",
    "bol raha hu",
    "bol raha hoon",
    "bol rahi hu",
    "bol rahi hoon",
    "है",
    "हूँ",
    "हूं",
    "जी",
    "बोल रहा हूँ",
    "बोल रही हूँ",
    "बोल रहा हूं",
    "बोल रही हूं",
    "efendim",
    "lutfen",
];
/// The same where words are not set apart.
const JOINED_BEHIND: &[&str] =
    &["でございます", "と申します", "ともうします", "といいます", "と言います", "っていいます", "です", "だよ", "だ"];
/// What is said before a name there.
const JOINED_BEFORE: &[&str] = &["私の名前は", "わたしの名前は", "名前は", "私は", "わたしは", "僕は"];
/// Words of every day that are no name, of languages that write them without capitals.
const NO_NAMES: &[&str] = &[
    "はい",
    "いいえ",
    "いや",
    "うん",
    "ええ",
    "ない",
    "ありません",
    "わからない",
    "わかりません",
    "やめる",
    "やめて",
    "もどる",
    "戻る",
    "こんにちは",
    "おはよう",
    "こんばんは",
    "ありがとう",
    "どうも",
    "すみません",
    "ごめん",
    "キャンセル",
    "ヘルプ",
    "メニュー",
    "スタート",
    "ストップ",
    "予約",
    "確認",
    "変更",
    "注文",
    "残高",
    "質問",
    "問題",
    "助けて",
    "终了",
    "終了",
    "中止",
    "開始",
    "हाँ",
    "हां",
    "नहीं",
    "नही",
    "ना",
    "जी",
    "नमस्ते",
    "धन्यवाद",
    "शुक्रिया",
    "मदद",
    "रद्द",
    "बंद",
    "शुरू",
    "वापस",
    "ठीक",
    "अच्छा",
    "पता",
    "करो",
    "करें",
    "कीजिए",
    "चाहिए",
    "मुझे",
    "मेरा",
    "क्या",
    "कैसे",
    "कब",
    "कहाँ",
    "क्यों",
    "कुछ",
    "बुकिंग",
    "ऑर्डर",
    "نعم",
    "لا",
    "مرحبا",
    "شكرا",
    "مساعدة",
    "إلغاء",
    "الغاء",
    "توقف",
    "أريد",
    "اريد",
    "是",
    "不",
    "不是",
    "好",
    "你好",
    "谢谢",
    "取消",
    "帮助",
    "네",
    "아니요",
    "취소",
    "안녕하세요",
    "도움말",
    "כן",
    "לא",
    "תודה",
    "שלום",
    "ביטול",
];
/// Words of every day that are said where a name is asked for, folded.
const SAID_INSTEAD: &str = "idk dunno whatever ok okay lol wait hello hi hey good morning evening afternoon night reset restart \
    undo stop start help menu back exit quit cancel yes no yeah yep nope nah maybe thanks thank please sorry sure fine none \
    nothing nobody anonymous never why what who how when where test hmm bye goodbye later skip next the my me i you your name \
    iz is not know \
    bonjour bonsoir salut merci oui non ouais bof ca va aucune aucun idee importe n'importe rien quoi aide annuler retour personne \
    hallo guten tag morgen abend danke bitte ja nein keine ahnung weiss nicht egal hilfe abbrechen zuruck mitarbeiter nichts \
    niemand moin servus tschuss \
    hola buenos buenas dias tardes noches gracias vale igual si nada nadie ayuda cancelar atras volver adios \
    ola oi bom dia boa tarde noite obrigado obrigada tudo bem tanto faz esquece nao sei sim ninguem ajuda voltar \
    ciao salve buongiorno buonasera grazie boh niente nessuno aiuto annulla indietro prego \
    namaste haan han nahi nahin pata theek thik bataunga bataungi batana karo kya kuch madad shukriya dhanyavad \
    merhaba selam tesekkurler tesekkur evet hayir bilmiyorum tamam iptal yardim gunaydin \
    γεια σου σας ευχαριστω δεν ξερω ναι οχι καλημερα καλησπερα βοηθεια ακυρο";
/// Most words of a name, and most letters of one that is written without blanks.
const MOST_WORDS: usize = 5;
const MOST_JOINED: usize = 8;

impl PersonNames {
    /// The name that an answer is, where nothing else was heard in it: one of words that are nothing else. `is_word` says
    /// whether a lower-case word is one of every day, or of the bot.
    pub(crate) fn plausible(&self, text: &str, language: &str, is_word: &dyn Fn(&str) -> bool) -> Option<Found> {
        let said = text.trim();
        if said.is_empty()
            || said.contains(['?', '？', '؟', '@', '/', ':', ';', '\n'])
            || self.is_ruled_out(text, language)
        {
            return None;
        }
        let range = match said.chars().any(is_unspaced) {
            true => joined(text)?,
            false => self.set_apart(text, language, is_word)?,
        };
        let value = serde_json::Value::from(&text[range.clone()]);
        Some(Found { range, value, others: Vec::new(), incomplete: false })
    }

    /// A name of words that are set apart by blanks.
    fn set_apart(&self, text: &str, language: &str, is_word: &dyn Fn(&str) -> bool) -> Option<std::ops::Range<usize>> {
        let mut words = pieces(text);
        let cue = (1..=words.len().min(MOST_WORDS)).rev().find(|at| cue_before(&words, *at).is_some());
        words.drain(..cue.unwrap_or(0));
        while let Some(length) = said_behind(&words) {
            words.truncate(words.len() - length);
        }
        if words.is_empty() || words.len() > MOST_WORDS || words.iter().any(is_said_instead) {
            return None;
        }
        let is_name_like = |piece: &Piece<'_>| {
            piece
                .text
                .chars()
                .all(|c| c.is_alphabetic() || is_mark_of_letters(c) || matches!(c, '\'' | '’' | '-' | '.'))
                && !self.is_ignored(piece)
        };
        let joins = |pair: &[Piece<'_>]| {
            let between = text[pair[0].range.end..pair[1].range.start].trim();
            matches!(between, "" | "-" | "." | "'" | "’")
        };
        if !words.iter().all(is_name_like) || !words.windows(2).all(joins) {
            return None;
        }
        // What is left out at both ends has to be a cue, or marks.
        let has_case = |piece: &Piece<'_>| piece.text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        let is_particle = |piece: &Piece<'_>| PARTICLES.contains(&piece.folded.as_str());
        let is_of_every_day = |piece: &Piece<'_>| {
            let lower = piece.text.to_lowercase();
            is_word(&lower) || is_small(language, &piece.folded) || is_small(language, &lower)
        };
        let told: Vec<&Piece<'_>> = words.iter().filter(|piece| !is_particle(piece)).collect();
        let first = told.first()?;
        let is_told = match (cue.is_some(), has_case(first)) {
            // "my name is Will"
            (true, true) => told.iter().all(|it| it.is_capital() || is_known(it) || !is_of_every_day(it)),
            (false, true) if told.iter().all(|it| it.is_capital()) => {
                told.iter().any(|it| !is_of_every_day(it)) && told.iter().all(|it| !is_of_every_day(it) || is_known(it))
            }
            (false, true) => told.len() <= 2 && told.iter().all(|it| !is_of_every_day(it)),
            (_, false) => told.len() <= 3 && told.iter().all(|it| !NO_NAMES.contains(&it.text) && !is_of_every_day(it)),
        };
        let letters: usize = told.iter().map(|it| it.text.chars().filter(|c| c.is_alphabetic()).count()).sum();
        (is_told && letters > 1).then(|| span(&words, &(0..words.len())))
    }
}

/// Whether a word is said where a name is asked for, and is none.
pub(super) fn is_said_instead(piece: &Piece<'_>) -> bool {
    SAID_INSTEAD.split_whitespace().any(|it| it == plain(&piece.folded))
}

/// A folded word, with letters that Turkish and German have of their own as plain ones.
fn plain(folded: &str) -> String {
    folded.replace('ı', "i").replace('ß', "ss")
}

/// How many words at the end are said behind a name.
pub(super) fn said_behind(words: &[Piece<'_>]) -> Option<usize> {
    (1..words.len().min(MOST_WORDS)).rev().find(|length| {
        let last: Vec<&str> = words[words.len() - length..].iter().map(|it| it.folded.as_str()).collect();
        let last = last.join(" ");
        BEHIND.iter().any(|it| fold(it) == last)
    })
}

/// A name in letters that are not set apart: "田中です".
fn joined(text: &str) -> Option<std::ops::Range<usize>> {
    let mut start = text.len() - text.trim_start().len();
    let mut end = text.trim_end().trim_end_matches(['。', '、', '！', '.', '!']).len();
    let mut is_cued = false;
    if let Some(cue) = JOINED_BEFORE.iter().find(|it| text[start..end].starts_with(**it)) {
        (start, is_cued) = (start + cue.len(), true);
    }
    if let Some(cue) =
        JOINED_BEHIND.iter().find(|it| text[start..end].ends_with(**it) && text[start..end].len() > it.len())
    {
        (end, is_cued) = (end - cue.len(), true);
    }
    let name = text.get(start..end)?.trim_matches(' ');
    let is_letter = |c: char| is_unspaced(c) || matches!(c, '・' | 'ー' | '々' | ' ' | '　');
    let letters = name.chars().count();
    let is_verb =
        ["ます", "ください", "たい", "する", "して", "ない", "ません", "か", "よ", "ね", "を", "に", "は", "が", "の"]
            .iter()
            .any(|it| name.ends_with(it));
    let is_name = (2..=MOST_JOINED).contains(&letters)
        && name.chars().all(is_letter)
        && !NO_NAMES.contains(&name)
        && (is_cued || !is_verb);
    is_name.then(|| {
        let from = start + text[start..end].find(name).unwrap_or(0);
        from..from + name.len()
    })
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Vowel signs and the like, which are no letters of their own.
pub(super) fn is_mark_of_letters(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}')
}
