//! What is read in which language: the table in the documentation of `entities::duckling`.

use entities::currency::Amounts;
use entities::date::Dates;
use entities::datetime::DateTimes;
use entities::number::Numbers;
use entities::quantity::Quantities;

use crate::{check, shown};

/// A language, and a text for "tomorrow at eight in the evening", "3 May 2027",
/// "twenty-three", "twenty euros", "five kilometres". An empty text: not read.
type Samples<'a> = (&'a str, [&'a str; 5]);

const SAMPLES: &[Samples<'_>] = &[
    ("en", ["tomorrow at 8 pm", "3 May 2027", "twenty-three", "twenty euros", "five kilometers"]),
    ("de", ["morgen um 20 Uhr", "3. Mai 2027", "dreiundzwanzig", "zwanzig Euro", "fünf Kilometer"]),
    ("fr", ["demain à 20h", "3 mai 2027", "vingt-trois", "vingt euros", "cinq kilomètres"]),
    ("it", ["domani alle 20", "3 maggio 2027", "ventitré", "venti euro", "cinque chilometri"]),
    ("nl", ["morgen om 20:00", "3 mei 2027", "drieëntwintig", "twintig euro", "vijf kilometer"]),
    ("es", ["mañana a las 20:00", "3 de mayo de 2027", "veintitrés", "veinte euros", "cinco km"]),
    ("pt", ["amanhã às 20:00", "3 de maio de 2027", "vinte e três", "vinte euros", "cinco km"]),
    ("ja", ["", "2027年5月3日", "二十三", "20ユーロ", "5km"]),
    ("zh", ["明天晚上8点", "2027年5月3日", "二十三", "€20", "5公里"]),
    ("ko", ["내일 오후 8시", "2027년 5월 3일", "이십삼", "€20", "5킬로미터"]),
    ("ru", ["завтра в 20:00", "3 мая 2027", "двадцать три", "€20", "5 километров"]),
    ("pl", ["", "3 maja 2027", "dwadzieścia trzy", "€20", "5 km"]),
    ("sv", ["imorgon kl 20", "", "tjugotre", "€20", "5 km"]),
    ("id", ["", "", "dua puluh tiga", "€20", "5 km"]),
    ("ar", ["غدا الساعة 20:00", "3 مايو 2027", "ثلاثة وعشرون", "عشرون يورو", "خمسة كيلومترات"]),
    ("hi", ["कल रात 8 बजे आऊँगा", "3 मई 2027", "तेईस", "बीस यूरो", "पाँच किलोमीटर"]),
    ("el", ["αύριο στις 20:00", "3 Μαΐου 2027", "είκοσι τρία", "είκοσι ευρώ", "πέντε χιλιόμετρα"]),
    ("tr", ["yarın saat 20:00'de", "3 Mayıs 2027", "yirmi üç", "yirmi avro", "beş kilometre"]),
];

#[test]
fn languages() {
    let mut wrong = Vec::new();
    for (language, [moment, day, number, money, length]) in SAMPLES {
        let mut expect = |kind: &str, text: &str, values: Vec<(String, String)>, expected: &str| {
            let is_right = values.iter().any(|(_, value)| value.trim_end_matches(" …").starts_with(expected));
            if !text.is_empty() && !is_right {
                wrong.push(format!("{language} {kind} {text:?}: {values:?}"));
            }
        };
        expect("moment", moment, shown(&DateTimes::default(), language, moment), "2026-11-26T20:00:00+05:30");
        expect("day", day, shown(&Dates::default(), language, day), "2027-05-03");
        expect("number", number, shown(&Numbers::default(), language, number), "23");
        expect("money", money, shown(&Amounts::default(), language, money), r#"{"code":"EUR","amount":20}"#);
        expect("length", length, shown(&Quantities::default(), language, length), r#"{"unit":"kilometer","amount":5,"#);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_in_words() {
    for (language, text, expected) in [
        ("es", "quiero dos", "2"),
        ("es", "tres", "3"),
        ("es", "treinta y uno", "31"),
        ("es", "doscientas cinco", "205"),
        ("es", "mil novecientos ochenta y cuatro", "1984"),
        ("es", "doce mil trescientos", "12300"),
        ("es", "dos y tres", "2+3"),
        ("es", "una mesa", ""),
        ("pt", "três", "3"),
        ("pt", "cento e vinte e um", "121"),
        ("pt", "duas mil", "2000"),
        ("pt", "dois milhões", "2000000"),
        ("pt", "mil", "1000"),
    ] {
        let found: Vec<String> =
            shown(&Numbers::default(), language, text).into_iter().map(|(_, value)| value).collect();
        assert_eq!(found.join("+"), expected, "{language} {text}");
    }
}

#[test]
fn days_in_words() {
    check(
        &Dates::default(),
        "de",
        &[
            ("am Freitag", &[("Freitag", "2026-11-27")]),
            ("übermorgen", &[("übermorgen", "2026-11-27")]),
            ("heute oder morgen", &[("heute", "2026-11-25"), ("morgen", "2026-11-26")]),
            ("03.04.2021", &[("03.04.2021", "2021-04-03")]),
            ("guten Morgen", &[]),
        ],
    );
    check(
        &Dates::default(),
        "es",
        &[
            ("pasado mañana", &[("pasado mañana", "2026-11-27")]),
            ("el 25 de diciembre", &[("25 de diciembre", "2026-12-25")]),
            ("el viernes", &[("viernes", "2026-11-27")]),
        ],
    );
    check(
        &Dates::default(),
        "fr",
        &[
            ("vendredi prochain", &[("vendredi prochain", "2026-12-04 | 2026-11-27")]),
            ("le 1er mai", &[("1er mai", "2027-05-01")]),
        ],
    );
    check(&Dates::default(), "pt_BR", &[("amanhã", &[("amanhã", "2026-11-26")]), ("quero pedir uma pizza", &[])]);
}
