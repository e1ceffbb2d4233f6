//! How languages write numbers and days.

/// The language of a code without its region: `pt` of `pt_BR`.
pub(crate) fn base(code: &str) -> &str {
    code.split(['_', '-']).next().unwrap_or(code)
}

/// The region of a code: `BR` of `pt_BR`.
pub(crate) fn region(code: &str) -> Option<&str> {
    code.split(['_', '-']).find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// Whether a code is English.
pub(crate) fn is_english(code: &str) -> bool {
    base(code).eq_ignore_ascii_case("en")
}

/// Whether 1,234.5 is written 1.234,5.
pub(crate) fn has_decimal_comma(code: &str) -> bool {
    match base(code) {
        "es" => !matches!(region(code), Some("MX" | "US" | "PE" | "PR" | "DO" | "GT" | "HN" | "NI" | "PA" | "SV")),
        "de" => region(code) != Some("CH"),
        "fr" | "it" | "pt" | "nl" | "id" | "tr" | "da" | "sv" | "nb" | "no" | "fi" | "cs" | "sk" | "pl" | "ru"
        | "uk" | "ro" | "hu" | "hr" | "sl" | "bg" | "el" | "vi" | "ca" | "et" | "lv" | "lt" | "is" | "af" | "sr"
        | "ka" | "mn" => true,
        _ => false,
    }
}

/// Which part of a date comes first when it is written in digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 31/12: most of the world.
    DayFirst,
    /// 12/31: the United States, and English without a region.
    MonthFirst,
}

/// Whether both orders are usual where the language is spoken: English of no country.
pub(crate) fn is_order_open(code: &str) -> bool {
    is_english(code) && region(code).is_none()
}

/// What is usual where the language is spoken.
pub(crate) fn day_order(code: &str) -> DayOrder {
    match base(code) {
        "en" if matches!(region(code), None | Some("US" | "PH")) => DayOrder::MonthFirst,
        "ja" | "zh" | "ko" | "hu" | "mn" => DayOrder::MonthFirst,
        _ => DayOrder::DayFirst,
    }
}
