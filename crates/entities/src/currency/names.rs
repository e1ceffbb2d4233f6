//! What currencies are called.

/// The codes of ISO 4217 for money in use.
#[rustfmt::skip]
const CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE",
    "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF",
    "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES",
    "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA",
    "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD",
    "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG",
    "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER",
    "ZAR", "ZMW", "ZWL",
];

/// Codes that are English words too: they count only in capitals, and never without an amount.
pub(super) const WORDS: &[&str] = &["ALL", "TRY", "TOP", "MOP", "CUP", "PEN", "COP", "SOS", "MAD", "BAM", "GEL", "LAK"];

/// Whether it is a code of ISO 4217, in capitals.
pub(crate) fn is_code(code: &str) -> bool {
    CODES.binary_search(&code).is_ok()
}

/// How much of the currency a word says: "cents" are a hundredth.
pub(super) struct Name {
    /// The codes it may stand for, the usual one first.
    pub codes: &'static [&'static str],
    /// It is a hundredth of it.
    pub hundredth: bool,
}

const DOLLARS: &[&str] = &["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "JMD", "MXN"];
const POUNDS: &[&str] = &["GBP", "EGP", "LBP", "SYP"];
const RUPEES: &[&str] = &["INR", "PKR", "LKR", "NPR", "MUR"];
const PESOS: &[&str] = &["MXN", "ARS", "CLP", "COP", "PHP", "UYU", "DOP"];
const YEN: &[&str] = &["JPY", "CNY"];
const KRONER: &[&str] = &["SEK", "NOK", "DKK", "ISK"];

/// The currency that a sign, a name or a slang word stands for; the word in small letters.
pub(super) fn name(word: &str) -> Option<Name> {
    let (codes, hundredth): (&'static [&'static str], bool) = match word {
        "$" | "dollar" | "dollars" | "buck" | "bucks" | "greenback" | "greenbacks" | "dólar" | "dólares" | "ドル" => {
            (DOLLARS, false)
        }
        "us$" => (&["USD"], false),
        "a$" | "au$" => (&["AUD"], false),
        "c$" | "ca$" => (&["CAD"], false),
        "nz$" => (&["NZD"], false),
        "s$" => (&["SGD"], false),
        "hk$" => (&["HKD"], false),
        "nt$" => (&["TWD"], false),
        "r$" => (&["BRL"], false),
        "cent" | "cents" | "¢" | "penny" => (&["USD", "EUR", "AUD", "CAD"], true),
        "€" | "euro" | "euros" | "eur" | "ユーロ" => (&["EUR"], false),
        "£" | "pound" | "pounds" | "quid" | "sterling" => (POUNDS, false),
        "pence" | "pennies" => (&["GBP"], true),
        "₹" | "rs" | "rupee" | "rupees" | "रुपये" | "रुपया" => (RUPEES, false),
        "paisa" | "paise" => (&["INR"], true),
        "¥" | "￥" => (YEN, false),
        "yen" | "円" => (&["JPY"], false),
        "yuan" | "renminbi" | "rmb" | "元" => (&["CNY"], false),
        "₩" | "won" | "원" => (&["KRW"], false),
        "₽" | "ruble" | "rubles" | "rouble" | "roubles" => (&["RUB"], false),
        "₺" | "lira" | "liras" => (&["TRY"], false),
        "₪" | "shekel" | "shekels" => (&["ILS"], false),
        "฿" | "baht" => (&["THB"], false),
        "₫" | "dong" => (&["VND"], false),
        "₱" => (&["PHP"], false),
        "₦" | "naira" => (&["NGN"], false),
        "₴" | "hryvnia" | "hryvnias" => (&["UAH"], false),
        "zł" | "zloty" | "zlotys" => (&["PLN"], false),
        "rp" | "rupiah" => (&["IDR"], false),
        "rm" | "ringgit" | "ringgits" => (&["MYR"], false),
        "peso" | "pesos" => (PESOS, false),
        "real" | "reais" | "reals" => (&["BRL"], false),
        "rand" | "rands" => (&["ZAR"], false),
        "franc" | "francs" | "fr" | "sfr" | "franken" => (&["CHF", "XOF", "XAF"], false),
        "krona" | "kronor" | "krone" | "kroner" | "kr" => (KRONER, false),
        "forint" | "forints" => (&["HUF"], false),
        "dirham" | "dirhams" => (&["AED", "MAD"], false),
        "riyal" | "riyals" => (&["SAR", "QAR"], false),
        "dinar" | "dinars" => (&["KWD", "BHD", "JOD", "IQD", "RSD"], false),
        "taka" => (&["BDT"], false),
        "shilling" | "shillings" => (&["KES", "UGX", "TZS"], false),
        _ => return None,
    };
    Some(Name { codes, hundredth })
}

/// Countries before a name: "canadian dollars".
pub(super) fn of_country(adjective: &str, codes: &[&str]) -> Option<&'static str> {
    let code = match adjective {
        "us" | "american" => "USD",
        "canadian" => "CAD",
        "australian" | "aussie" => "AUD",
        "zealand" => "NZD",
        "singapore" => "SGD",
        "kong" => "HKD",
        "british" => "GBP",
        "egyptian" => "EGP",
        "indian" => "INR",
        "pakistani" => "PKR",
        "lankan" => "LKR",
        "nepalese" => "NPR",
        "mexican" => "MXN",
        "swiss" => "CHF",
        "swedish" => "SEK",
        "norwegian" => "NOK",
        "danish" => "DKK",
        "saudi" => "SAR",
        "kuwaiti" => "KWD",
        "philippine" => "PHP",
        _ => return None,
    };
    codes.contains(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn codes_are_sorted() {
        assert!(CODES.is_sorted());
    }
}
