//! How languages deny: the words and forms of each. Lists are words with blanks between them, in lower case.

/// How a language denies. Each list is of words.
pub(super) struct Forms {
    /// Words that begin another clause.
    pub(super) connectors: &'static str,
    /// A clause with one of these denies nothing.
    pub(super) means_it: &'static str,
    /// Words that may stand before a clause that begins with its denial.
    pub(super) before: &'static str,
    /// What denies.
    pub(super) denials: &'static [Denial],
    /// What denies wherever it stands in a clause, letter by letter.
    pub(super) texts: &'static [&'static str],
}

/// A form of denial: one word of each list, in this order.
pub(super) struct Denial {
    pub(super) words: &'static [&'static str],
    /// So many other words may stand between two of them.
    pub(super) gap: usize,
    /// The clause begins with the first.
    pub(super) begins: bool,
}

const fn anywhere(words: &'static [&'static str], gap: usize) -> Denial {
    Denial { words, gap, begins: false }
}

const fn beginning(words: &'static [&'static str]) -> Denial {
    Denial { words, gap: 0, begins: true }
}

const ENGLISH: Forms = Forms {
    connectors: "but just because cause cuz though although unless since",
    means_it: "why if what how can't cant cannot couldn't couldnt anymore longer keep stay continue wait receive lose miss hear forget hesitate know understand remember see sure able",
    before: "please pls plz no nope nah hey hi hello oh ok okay well so and wait stop actually sorry",
    denials: &[
        anywhere(
            &[
                "don't dont didn't didnt not never wouldn't wouldnt won't wont wasn't wasnt weren't ain't aint",
                "want wants wanted wish need needed like mean meant intend plan planned expect ask asked tell told say said request requested try tried looking trying planning asking going wanting wishing calling here about",
                "to",
            ],
            1,
        ),
        anywhere(&["don't dont didn't didnt not never", "wanna gonna"], 1),
        anywhere(&["don't dont not", "need require want", "a an any another"], 0),
        anywhere(&["refuse hate", "to"], 0),
        anywhere(&["not", "cancelling canceling booking ordering buying sending calling paying returning placing"], 0),
        anywhere(&["not no isn't isnt", "interested interest about"], 0),
        anywhere(&["no", "need intention reason wish desire plans plan", "to for of"], 0),
        anywhere(&["don't dont didn't didnt not never", "have need", "to"], 0),
        anywhere(&["didn't didnt never not", "ask asked request requested", "for a an any"], 0),
        anywhere(&["nobody", "told asked", "you"], 0),
        anywhere(&["not isn't isnt", "necessary required", "to"], 0),
        anywhere(&["rather", "not"], 0),
        anywhere(&["never", "mind"], 0),
        anywhere(&["let's lets", "not"], 0),
        anywhere(&["instead rather", "of than"], 0),
        beginning(&[
            "don't dont never",
            "cancel book order buy place send call start stop make set play add remove delete change transfer pay open close show track return reserve schedule block create update turn remind do proceed charge put give connect sign subscribe upgrade renew report apply check wake snooze ship bother",
        ]),
        beginning(&["not", "to about"]),
        beginning(&["no", "thanks thank thx ty thankyou"]),
        beginning(&["no", "agent human operator representative", "please"]),
    ],
    texts: &[" under no circumstances ", " changed my mind about ", " forget about "],
};

const GERMAN: Forms = Forms {
    connectors: "aber sondern weil denn nur obwohl",
    means_it: "warum wieso weshalb wie kann können konnte mehr behalten warten weiß länger bleiben erhalten verstehe geht klappt funktioniert",
    before: "bitte nein hallo hey ok also und nee",
    denials: &[
        anywhere(
            &[
                "will möchte möcht wollte wollen möchten muss müssen brauche soll sollst sollen würde",
                "nicht nie niemals kein keine keinen keinem keiner nichts",
            ],
            6,
        ),
        anywhere(&["kein keine keinen", "bedarf interesse wunsch"], 0),
        anywhere(
            &[
                "habe hab hatte",
                "nicht nie nichts kein keine keinen",
                "gebeten verlangt gesagt gewollt angefordert bestellt",
            ],
            6,
        ),
        anywhere(&["nicht", "nötig notwendig"], 0),
        anywhere(&["statt anstatt"], 0),
        beginning(&["nicht"]),
        beginning(&["nein", "danke"]),
        beginning(&[
            "storniere stornieren buche buchen bestelle bestellen stelle lösche ändere spiele sende",
            "nicht kein keine keinen nichts",
        ]),
    ],
    texts: &[" bitte nicht ", "nein danke"],
};

const FRENCH: Forms = Forms {
    connectors: "mais plutôt car juste seulement",
    means_it: "pourquoi comment peux peut pouvez arrive arrivé plus garder attendre sais recevoir rester comprends oubliez oublie",
    before: "non s'il vous plaît svp bonjour et ok",
    denials: &[
        anywhere(&["veux souhaite voudrais voulais désire besoin demandé voulons souhaitais compte", "pas jamais"], 0),
        anywhere(&["pas jamais", "besoin demandé voulu souhaité intéressé intéressée envie"], 0),
        anywhere(&["lieu", "de"], 0),
        beginning(&["non", "merci"]),
        anywhere(&["pas", "l'intention"], 0),
        anywhere(&["inutile", "de"], 0),
        anywhere(&["préfère prefere", "ne"], 0),
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
    connectors: "pero sino porque solo sólo",
    means_it: "ya quedar qué cómo como puedo puede podía pude más mas quedarme esperar sé recibir entiendo olvides funciona deja mantener",
    before: "por favor hola y ok oye",
    denials: &[
        anywhere(
            &[
                "no nunca tampoco jamás",
                "quiero quería queria quise deseo necesito pienso pedí pedi dije solicité intento pretendo quisiera queremos voy",
            ],
            1,
        ),
        anywhere(&["no", "hace", "falta"], 0),
        anywhere(&["no", "me", "interesa"], 0),
        anywhere(&["nadie", "ha", "pedido"], 0),
        anywhere(&["prefiero", "no"], 0),
        anywhere(&["vez", "de"], 0),
        anywhere(&["sin", "necesidad intención"], 0),
        beginning(&["no", "gracias"]),
        beginning(&[
            "no",
            "bloqueen bloquee cancelen reserven envíen canceles cancele reserves reserve compres compre pidas pida envíes envíe pongas ponga borres borre elimines elimine añadas añada cambies cambie actives toques llames llame agregues agregue abras pagues",
        ]),
    ],
    texts: &["no gracias"],
};

const PORTUGUESE: Forms = Forms {
    connectors: "mas porque só apenas pois",
    means_it: "que porquê como consigo posso pode consegui mais ficar esperar sei receber entendo esqueça funciona manter perder",
    before: "por favor olá oi e ok",
    denials: &[
        anywhere(
            &[
                "não nao nunca jamais",
                "quero queria quis desejo preciso precisa pretendo pedi disse solicitei vou gostaria penso falei",
            ],
            1,
        ),
        anywhere(&["não nao", "há", "necessidade"], 0),
        anywhere(&["ninguém ninguem", "solicitou pediu"], 0),
        anywhere(&["prefiro", "não nao"], 0),
        anywhere(&["vez invés", "de"], 0),
        anywhere(&["sem", "necessidade intenção"], 0),
        beginning(&["não nao", "obrigado obrigada"]),
        beginning(&[
            "não nao",
            "bloqueiem bloqueie cancelem cancele cancela reserve compre peça envie ponha coloque apague exclua adicione mude altere ative toque ligue abra pague marque",
        ]),
    ],
    texts: &["não obrigad", "não, obrigad"],
};

const ITALIAN: Forms = Forms {
    connectors: "ma perché solo soltanto bensì",
    means_it: "perché come posso riesco può potevo più tenere aspettare so ricevere capisco dimenticare funziona mantenere perdere",
    before: "per favore ciao e ok no",
    denials: &[
        anywhere(&["non mai", "voglio volevo desidero intendo chiesto detto bisogno serve vorrei devo vogliamo"], 2),
        anywhere(&["non", "occorre"], 0),
        anywhere(&["non", "mi", "interessa"], 0),
        anywhere(&["nessuno", "ha", "chiesto richiesto"], 0),
        anywhere(&["preferirei preferisco", "non"], 0),
        anywhere(&["invece", "di"], 0),
        anywhere(&["senza", "bisogno"], 0),
        beginning(&["no", "grazie"]),
        beginning(&[
            "non",
            "bloccate bloccare cancellate cancellare annullare prenotare ordinare comprare inviare mettere aggiungere eliminare cambiare modificare attivare riprodurre chiamare aprire pagare cancelli annulli impostare",
        ]),
    ],
    texts: &["no grazie"],
};

const JAPANESE: Forms = Forms {
    connectors: "",
    means_it: "",
    before: "",
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
        "なくていい",
        "興味ありません",
        "興味はありません",
        "わけではない",
        "わけではありません",
        "ほしくない",
        "欲しくない",
    ],
};

const HINDI: Forms = Forms {
    connectors: "लेकिन पर मगर lekin par magar क्योंकि kyunki बस bas",
    means_it: "आता aata ata क्यों कैसे kyun kyu kyon kaise पा सकता सकती pa sakta sakti अब रखना rakhna",
    before: "कृपया please pls नहीं nahi nahin जी ji",
    denials: &[
        anywhere(
            &[
                "नहीं ना nahi nahin nhi nai",
                "चाहता चाहती चाहते करना करनी करवाना चाहिए कहा बोला chahta chahti chahte karna karni karwana chahiye kaha bola लेना lena माँगा मांगा manga देखना dekhna",
            ],
            1,
        ),
        anywhere(
            &[
                "मत mat",
                "करो करना कीजिए करें कीजिएगा karo karna kijiye karen karein भेजो bhejo लगाओ lagao लगाना lagana बजाओ bajao रखो",
            ],
            0,
        ),
        anywhere(&["ज़रूरत जरूरत zaroorat zarurat jarurat", "नहीं nahi nahin nhi"], 0),
        anywhere(&["इरादा irada दिलचस्पी dilchaspi", "नहीं nahi nahin nhi"], 0),
        anywhere(&["न na", "करें करो karo karen karein"], 0),
        anywhere(&["बजाय bajay"], 0),
        beginning(&["नहीं nahi nahin no", "धन्यवाद शुक्रिया dhanyavaad shukriya thanks thank"]),
    ],
    texts: &[],
};

/// The forms of a language; nothing for one whose forms are not known.
pub(super) fn of(language: &str) -> Option<&'static Forms> {
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
