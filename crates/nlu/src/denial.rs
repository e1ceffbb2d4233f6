//! What a message denies: "I don't want to cancel", "never asked you to book", "no thanks". What is denied is not meant.
//!
//! Not every negation denies: "I can't set an alarm" and "why can't I cancel" mean it, and "I don't want to keep it" means the
//! opposite of keeping. So the words are few and the forms are closed; whatever does not fit one of them stands as it was
//! said. The unit is the clause: "I don't want to cancel, I want to track it" is about tracking.

use std::ops::Range;

/// A word of a message in lower case, and where it stands.
struct Word {
    lower: String,
    range: Range<usize>,
}

/// How a language denies.
struct Forms {
    /// Words that begin another clause.
    connectors: &'static [&'static str],
    /// A clause with one of these denies nothing.
    means_it: &'static [&'static str],
    /// Words that may stand before a clause that begins with its denial.
    before: &'static [&'static str],
    /// What denies.
    denials: &'static [Denial],
    /// What denies wherever it stands in a clause, letter by letter.
    texts: &'static [&'static str],
}

/// A form of denial: one word of each list, in this order.
struct Denial {
    words: &'static [&'static [&'static str]],
    /// So many other words may stand between two of them.
    gap: usize,
    /// The clause begins with the first.
    begins: bool,
}

const fn anywhere(words: &'static [&'static [&'static str]], gap: usize) -> Denial {
    Denial { words, gap, begins: false }
}

const fn beginning(words: &'static [&'static [&'static str]]) -> Denial {
    Denial { words, gap: 0, begins: true }
}

const ENGLISH: Forms = Forms {
    connectors: &["but", "just", "because", "cause", "cuz", "though", "although", "unless", "since"],
    means_it: &[
        "why",
        "if",
        "what",
        "how",
        "can't",
        "cant",
        "cannot",
        "couldn't",
        "couldnt",
        "anymore",
        "longer",
        "keep",
        "stay",
        "continue",
        "wait",
        "receive",
        "lose",
        "miss",
        "hear",
        "forget",
        "hesitate",
        "know",
        "understand",
        "remember",
        "see",
        "sure",
        "able",
    ],
    before: &[
        "please", "pls", "plz", "no", "nope", "nah", "hey", "hi", "hello", "oh", "ok", "okay", "well", "so", "and",
        "wait", "stop", "actually", "sorry",
    ],
    denials: &[
        anywhere(
            &[
                &["don't", "dont", "didn't", "didnt", "not", "never", "wouldn't", "wouldnt", "won't", "wont"],
                &[
                    "want",
                    "wants",
                    "wanted",
                    "wish",
                    "need",
                    "needed",
                    "like",
                    "mean",
                    "meant",
                    "intend",
                    "plan",
                    "planned",
                    "expect",
                    "ask",
                    "asked",
                    "tell",
                    "told",
                    "say",
                    "said",
                    "request",
                    "requested",
                    "try",
                    "tried",
                    "looking",
                    "trying",
                    "planning",
                    "asking",
                    "going",
                    "wanting",
                    "wishing",
                    "calling",
                    "here",
                    "about",
                ],
                &["to"],
            ],
            1,
        ),
        anywhere(&[&["don't", "dont", "didn't", "didnt", "not", "never"], &["wanna", "gonna"]], 1),
        anywhere(
            &[&["don't", "dont", "not", "no"], &["need", "want", "require"], &["a", "an", "any", "your", "another"]],
            0,
        ),
        anywhere(&[&["not", "no", "isn't", "isnt"], &["interested", "interest", "about"]], 0),
        anywhere(
            &[&["no"], &["need", "intention", "reason", "wish", "desire", "plans", "plan"], &["to", "for", "of"]],
            0,
        ),
        anywhere(&[&["don't", "dont", "didn't", "didnt", "not", "never"], &["have", "need"], &["to"]], 0),
        anywhere(&[&["instead", "rather"], &["of", "than"]], 0),
        beginning(&[
            &["don't", "dont", "never"],
            &[
                "cancel",
                "book",
                "order",
                "buy",
                "send",
                "call",
                "start",
                "stop",
                "make",
                "set",
                "play",
                "add",
                "remove",
                "delete",
                "change",
                "transfer",
                "pay",
                "open",
                "close",
                "show",
                "track",
                "return",
                "reserve",
                "schedule",
                "block",
                "create",
                "update",
                "turn",
                "remind",
                "do",
                "proceed",
                "charge",
                "put",
                "give",
                "connect",
                "sign",
                "subscribe",
                "upgrade",
                "renew",
                "report",
                "apply",
                "check",
            ],
        ]),
        beginning(&[&["not"], &["a", "an", "the", "to", "about", "for", "my"]]),
        beginning(&[&["no"], &["thanks", "thank", "thx", "ty", "thankyou"]]),
    ],
    texts: &[],
};

const GERMAN: Forms = Forms {
    connectors: &["aber", "sondern", "weil", "denn", "nur", "obwohl"],
    means_it: &[
        "warum",
        "wieso",
        "weshalb",
        "wie",
        "kann",
        "können",
        "konnte",
        "mehr",
        "behalten",
        "warten",
        "weiß",
        "länger",
        "bleiben",
        "erhalten",
        "verstehe",
        "geht",
        "klappt",
        "funktioniert",
    ],
    before: &["bitte", "nein", "hallo", "hey", "ok", "also", "und", "nee"],
    denials: &[
        anywhere(
            &[
                &[
                    "will", "möchte", "möcht", "wollte", "wollen", "möchten", "muss", "müssen", "brauche", "habe",
                    "hab", "soll", "sollst", "sollen", "würde",
                ],
                &["nicht", "nie", "niemals", "kein", "keine", "keinen", "keinem", "keiner", "nichts"],
            ],
            6,
        ),
        anywhere(&[&["kein", "keine", "keinen"], &["bedarf", "interesse", "wunsch"]], 0),
        anywhere(&[&["statt", "anstatt"]], 0),
        beginning(&[&["nicht"]]),
        beginning(&[&["nein"], &["danke"]]),
        beginning(&[
            &[
                "storniere",
                "stornieren",
                "buche",
                "buchen",
                "bestelle",
                "bestellen",
                "stelle",
                "lösche",
                "ändere",
                "spiele",
                "sende",
            ],
            &["nicht", "kein", "keine", "keinen", "nichts"],
        ]),
    ],
    texts: &[" bitte nicht ", "nein danke"],
};

const FRENCH: Forms = Forms {
    connectors: &["mais", "plutôt", "car", "juste", "seulement"],
    means_it: &[
        "pourquoi",
        "comment",
        "peux",
        "peut",
        "pouvez",
        "arrive",
        "arrivé",
        "plus",
        "garder",
        "attendre",
        "sais",
        "recevoir",
        "rester",
        "comprends",
        "oubliez",
        "oublie",
    ],
    before: &["non", "s'il", "vous", "plaît", "svp", "bonjour", "et", "ok"],
    denials: &[
        anywhere(
            &[
                &[
                    "veux",
                    "souhaite",
                    "voudrais",
                    "voulais",
                    "désire",
                    "besoin",
                    "demandé",
                    "voulons",
                    "souhaitais",
                    "compte",
                ],
                &["pas", "jamais"],
            ],
            0,
        ),
        anywhere(
            &[&["pas", "jamais"], &["besoin", "demandé", "voulu", "souhaité", "intéressé", "intéressée", "envie"]],
            0,
        ),
        anywhere(&[&["lieu"], &["de"]], 0),
        beginning(&[&["non"], &["merci"]]),
        beginning(&[&["pas"], &["de", "d'annulation", "besoin", "la", "le", "un", "une"]]),
    ],
    texts: &[
        "n'annule",
        "n'achète",
        "ne réserve",
        "ne commande",
        "ne supprime",
        "n'envoie",
        "n'ajoute",
        "ne joue",
        "ne mets pas",
        "ne mettez pas",
        "non merci",
        "n'active",
        "ne change",
        "ne modifie",
        "n'ouvre",
    ],
};

const SPANISH: Forms = Forms {
    connectors: &["pero", "sino", "porque", "solo", "sólo"],
    means_it: &[
        "qué", "cómo", "como", "puedo", "puede", "podía", "pude", "más", "mas", "quedarme", "esperar", "sé", "recibir",
        "entiendo", "olvides", "funciona", "deja", "mantener",
    ],
    before: &["por", "favor", "hola", "y", "ok", "oye"],
    denials: &[
        anywhere(
            &[
                &["no", "nunca", "tampoco", "jamás"],
                &[
                    "quiero",
                    "quería",
                    "queria",
                    "quise",
                    "deseo",
                    "necesito",
                    "pienso",
                    "pedí",
                    "pedi",
                    "dije",
                    "solicité",
                    "intento",
                    "pretendo",
                    "hace",
                    "tengo",
                    "quisiera",
                    "queremos",
                    "estoy",
                    "voy",
                    "he",
                ],
            ],
            1,
        ),
        anywhere(&[&["vez"], &["de"]], 0),
        anywhere(&[&["sin"], &["necesidad", "intención"]], 0),
        beginning(&[&["no"], &["gracias"]]),
        beginning(&[
            &["no"],
            &[
                "canceles", "cancele", "reserves", "reserve", "compres", "compre", "pidas", "pida", "envíes", "envíe",
                "pongas", "ponga", "borres", "borre", "elimines", "elimine", "añadas", "añada", "cambies", "cambie",
                "actives", "toques", "llames", "llame", "agregues", "agregue", "abras", "pagues",
            ],
        ]),
    ],
    texts: &["no gracias"],
};

const PORTUGUESE: Forms = Forms {
    connectors: &["mas", "porque", "só", "apenas", "pois"],
    means_it: &[
        "que", "porquê", "como", "consigo", "posso", "pode", "consegui", "mais", "ficar", "esperar", "sei", "receber",
        "entendo", "esqueça", "funciona", "manter", "perder",
    ],
    before: &["por", "favor", "olá", "oi", "e", "ok"],
    denials: &[
        anywhere(
            &[
                &["não", "nao", "nunca", "jamais"],
                &[
                    "quero",
                    "queria",
                    "quis",
                    "desejo",
                    "preciso",
                    "precisa",
                    "pretendo",
                    "pedi",
                    "disse",
                    "solicitei",
                    "vou",
                    "estou",
                    "gostaria",
                    "tenho",
                    "penso",
                    "há",
                ],
            ],
            1,
        ),
        anywhere(&[&["vez", "invés"], &["de"]], 0),
        anywhere(&[&["sem"], &["necessidade", "intenção"]], 0),
        beginning(&[&["não", "nao"], &["obrigado", "obrigada"]]),
        beginning(&[
            &["não", "nao"],
            &[
                "cancele", "cancela", "reserve", "compre", "peça", "envie", "ponha", "coloque", "apague", "exclua",
                "adicione", "mude", "altere", "ative", "toque", "ligue", "abra", "pague", "marque",
            ],
        ]),
    ],
    texts: &["não obrigad", "não, obrigad"],
};

const ITALIAN: Forms = Forms {
    connectors: &["ma", "perché", "solo", "soltanto", "bensì"],
    means_it: &[
        "perché",
        "come",
        "posso",
        "riesco",
        "può",
        "potevo",
        "più",
        "tenere",
        "aspettare",
        "so",
        "ricevere",
        "capisco",
        "dimenticare",
        "funziona",
        "mantenere",
        "perdere",
    ],
    before: &["per", "favore", "ciao", "e", "ok", "no"],
    denials: &[
        anywhere(
            &[
                &["non", "mai"],
                &[
                    "voglio", "volevo", "desidero", "intendo", "chiesto", "detto", "bisogno", "serve", "vorrei", "sto",
                    "devo", "vogliamo", "ho", "c'è",
                ],
            ],
            2,
        ),
        anywhere(&[&["invece"], &["di"]], 0),
        anywhere(&[&["senza"], &["bisogno"]], 0),
        beginning(&[&["no"], &["grazie"]]),
        beginning(&[
            &["non"],
            &[
                "cancellare",
                "annullare",
                "prenotare",
                "ordinare",
                "comprare",
                "inviare",
                "mettere",
                "aggiungere",
                "eliminare",
                "cambiare",
                "modificare",
                "attivare",
                "riprodurre",
                "chiamare",
                "aprire",
                "pagare",
                "cancelli",
                "annulli",
                "impostare",
            ],
        ]),
    ],
    texts: &["no grazie"],
};

const JAPANESE: Forms = Forms {
    connectors: &[],
    means_it: &[],
    before: &[],
    denials: &[],
    texts: &[
        "たくない",
        "たくありません",
        "ないでください",
        "しないで",
        "必要はありません",
        "必要ありません",
        "必要はない",
        "必要ない",
        "つもりはない",
        "つもりはありません",
        "結構です",
        "頼んでいません",
        "頼んでない",
        "頼んだ覚えはない",
        "希望しません",
        "望んでいません",
        "いりません",
        "要りません",
        "不要です",
        "わけではない",
        "わけではありません",
        "ほしくない",
        "欲しくない",
    ],
};

const HINDI: Forms = Forms {
    connectors: &["लेकिन", "पर", "मगर", "lekin", "par", "magar", "क्योंकि", "kyunki", "बस", "bas"],
    means_it: &[
        "क्यों",
        "कैसे",
        "kyun",
        "kyu",
        "kyon",
        "kaise",
        "पा",
        "सकता",
        "सकती",
        "pa",
        "sakta",
        "sakti",
        "अब",
        "रखना",
        "rakhna",
    ],
    before: &["कृपया", "please", "pls", "नहीं", "nahi", "nahin", "जी", "ji"],
    denials: &[
        anywhere(
            &[
                &["नहीं", "ना", "nahi", "nahin", "nhi", "nai"],
                &[
                    "चाहता",
                    "चाहती",
                    "चाहते",
                    "करना",
                    "करनी",
                    "करवाना",
                    "चाहिए",
                    "कहा",
                    "बोला",
                    "chahta",
                    "chahti",
                    "chahte",
                    "karna",
                    "karni",
                    "karwana",
                    "chahiye",
                    "kaha",
                    "bola",
                    "लेना",
                    "lena",
                    "माँगा",
                    "मांगा",
                    "manga",
                    "देखना",
                    "dekhna",
                ],
            ],
            1,
        ),
        anywhere(
            &[
                &["मत", "mat"],
                &[
                    "करो",
                    "करना",
                    "कीजिए",
                    "करें",
                    "कीजिएगा",
                    "karo",
                    "karna",
                    "kijiye",
                    "karen",
                    "karein",
                    "भेजो",
                    "bhejo",
                    "लगाओ",
                    "lagao",
                    "बजाओ",
                    "bajao",
                    "रखो",
                ],
            ],
            0,
        ),
        anywhere(&[&["ज़रूरत", "जरूरत", "zaroorat", "zarurat", "jarurat"], &["नहीं", "nahi", "nahin", "nhi"]], 0),
        anywhere(&[&["बजाय", "bajay"]], 0),
        beginning(&[
            &["नहीं", "nahi", "nahin", "no"],
            &["धन्यवाद", "शुक्रिया", "dhanyavaad", "shukriya", "thanks", "thank"],
        ]),
    ],
    texts: &[],
};

fn forms_of(language: &str) -> Option<&'static Forms> {
    Some(match language {
        "en" => &ENGLISH,
        "de" => &GERMAN,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "pt" => &PORTUGUESE,
        "it" => &ITALIAN,
        "ja" => &JAPANESE,
        "hi" => &HINDI,
        _ => return None,
    })
}

/// The message with blanks where it denies something, byte for byte as long; `None` where it denies nothing, and in languages
/// whose forms are not known.
pub(crate) fn without_denied(language: &str, text: &str) -> Option<String> {
    let forms = forms_of(language)?;
    let mut rest: Option<Vec<u8>> = None;
    for clause in clauses(forms, text) {
        if denies(forms, &text[clause.clone()]) {
            let rest = rest.get_or_insert_with(|| text.as_bytes().to_vec());
            rest[clause].fill(b' ');
        }
    }
    // Whole clauses are blank, so what is left is whole characters.
    rest.and_then(|rest| String::from_utf8(rest).ok())
}

/// The words of a text: letters, digits and the apostrophes among them, which are all written alike. "do not" is "don't".
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '\'' | '’') || is_mark(letter);
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_part(letter), start) {
            (true, None) => start = Some(at),
            (false, Some(first)) => {
                let lower = text[first..at].to_lowercase().replace('’', "'");
                let joined = match (words.last().map(|word| word.lower.as_str()), lower.as_str()) {
                    (Some("do"), "not") => Some("don't"),
                    (Some("did"), "not") => Some("didn't"),
                    (Some("would"), "not") => Some("wouldn't"),
                    _ => None,
                };
                match (joined, words.last_mut()) {
                    (Some(joined), Some(last)) => {
                        joined.clone_into(&mut last.lower);
                        last.range.end = at;
                    }
                    _ => words.push(Word { lower, range: first..at }),
                }
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Signs of Devanagari that are part of words and no letters.
fn is_mark(letter: char) -> bool {
    ('\u{900}'..='\u{903}').contains(&letter) || ('\u{93a}'..='\u{94f}').contains(&letter)
}

/// Words that deny by themselves: what comes behind the comma belongs to them ("no, thanks").
const NO: [&str; 10] = ["no", "nope", "nah", "nein", "non", "não", "nao", "いいえ", "नहीं", "nahi"];

/// The clauses of a text, with the marks that end them.
fn clauses(forms: &Forms, text: &str) -> Vec<Range<usize>> {
    let mut ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, letter)| {
            matches!(letter, ',' | '.' | ';' | ':' | '!' | '?' | '\n' | '、' | '。' | '！' | '？' | '।' | '–' | '—')
        })
        .map(|(at, letter)| at + letter.len_utf8())
        .collect();
    let words = words(text);
    ends.extend(
        words.iter().filter(|word| forms.connectors.contains(&word.lower.as_str())).map(|word| word.range.start),
    );
    // "… and I want", "… and please": something else is said.
    let goes_on = |two: &[Word]| {
        matches!(two[0].lower.as_str(), "and" | "so")
            && matches!(two[1].lower.as_str(), "i" | "i'd" | "i'm" | "please" | "can" | "could")
    };
    ends.extend(words.windows(2).filter(|two| goes_on(two)).map(|two| two[0].range.start));
    ends.push(text.len());
    ends.sort_unstable();
    ends.dedup();
    let mut start = 0;
    let mut clauses = Vec::with_capacity(ends.len());
    for end in ends {
        let said = text[start..end].trim().trim_end_matches([',', '、']).to_lowercase();
        if end == start || end < text.len() && NO.contains(&said.as_str()) {
            continue;
        }
        clauses.push(start..end);
        start = end;
    }
    clauses
}

fn denies(forms: &Forms, clause: &str) -> bool {
    let words = words(clause);
    if words.iter().any(|word| forms.means_it.contains(&word.lower.as_str())) {
        return false;
    }
    let lower = format!(" {} ", clause.to_lowercase().replace('’', "'"));
    forms.texts.iter().any(|text| lower.contains(text))
        || forms.denials.iter().any(|denial| denial.is_in(forms, &words))
}

impl Denial {
    fn is_in(&self, forms: &Forms, words: &[Word]) -> bool {
        if !self.begins {
            return (0..words.len()).any(|first| self.stands_at(words, first));
        }
        // "no thanks": what may stand before may be what it begins with.
        let before = words.iter().take_while(|word| forms.before.contains(&word.lower.as_str())).count();
        (0..=before).any(|first| self.stands_at(words, first))
    }

    fn stands_at(&self, words: &[Word], first: usize) -> bool {
        let mut at = first;
        for (number, list) in self.words.iter().enumerate() {
            let reach = if number == 0 { 0 } else { self.gap };
            let rest = words.get(at..).unwrap_or_default();
            let Some(place) = rest.iter().take(reach + 1).position(|word| list.contains(&word.lower.as_str())) else {
                return false;
            };
            at += place + 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Language, `denies` or `means`, and a sentence: one that denies all it says, and one that means it.
    const SENTENCES: &str = include_str!("denial/sentences.tsv");

    #[test]
    fn what_is_denied_is_told_from_what_cannot_be_done() {
        let mut wrong = Vec::new();
        for line in SENTENCES.lines() {
            let [language, kind, text] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let rest = without_denied(language, text);
            let is_right = match kind {
                "denies" => rest.as_ref().is_some_and(|rest| rest.trim().is_empty()),
                _ => rest.is_none(),
            };
            if !is_right {
                wrong.push(format!("{line}: {rest:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn what_is_said_beside_a_denial_stays_where_it_is() {
        for (text, rest) in [
            ("I don't want to cancel, I want to track it", "I want to track it"),
            ("please don't cancel my order but change the address", "but change the address"),
            ("book a taxi instead of a train", ""),
            ("cancel the taxi. I never asked you to book it", "cancel the taxi."),
        ] {
            let masked = without_denied("en", text).unwrap_or_default();
            assert_eq!((masked.len(), masked.trim()), (text.len(), rest), "{text}");
        }
        assert_eq!(without_denied("xx", "I don't want to cancel"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_keeps_its_length(text in "\\PC{0,60}", language in "(en|de|ja|hi)") {
            if let Some(rest) = without_denied(&language, &text) {
                proptest::prop_assert_eq!(rest.len(), text.len());
            }
        }
    }
}
