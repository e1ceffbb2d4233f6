//! What time zones are called in English.

/// The distance of an abbreviation from Greenwich, in minutes; the usual meaning where there are several.
pub(super) fn abbreviation(word: &str) -> Option<i32> {
    let (hours, minutes) = match word {
        "z" | "wet" => (0, 0),
        "est" => (-5, 0),
        "edt" => (-4, 0),
        "cst" => (-6, 0),
        "cdt" => (-5, 0),
        "mst" => (-7, 0),
        "mdt" => (-6, 0),
        "pst" => (-8, 0),
        "pdt" => (-7, 0),
        "akst" => (-9, 0),
        "akdt" => (-8, 0),
        "hst" => (-10, 0),
        "ast" => (-4, 0),
        "adt" => (-3, 0),
        "nst" => (-3, -30),
        "ndt" => (-2, -30),
        "brt" | "art" => (-3, 0),
        "bst" | "west" | "cet" => (1, 0),
        "cest" | "eet" | "sast" | "cat" => (2, 0),
        "eest" | "msk" | "eat" | "trt" => (3, 0),
        "gst" => (4, 0),
        "pkt" => (5, 0),
        "ist" => (5, 30),
        "npt" => (5, 45),
        "ict" | "wib" => (7, 0),
        "sgt" | "hkt" | "awst" | "pht" | "myt" => (8, 0),
        "jst" | "kst" => (9, 0),
        "acst" => (9, 30),
        "aest" => (10, 0),
        "acdt" => (10, 30),
        "aedt" => (11, 0),
        "nzst" => (12, 0),
        "nzdt" => (13, 0),
        _ => return None,
    };
    Some(hours * 60 + minutes)
}

/// Abbreviations that are words in some language: they count only in capitals.
pub(super) fn is_word(abbreviation: &str) -> bool {
    matches!(abbreviation, "z" | "wet" | "est" | "ist" | "art" | "cat" | "eat" | "west" | "ast" | "nst" | "gst")
}

/// A zone of the database for a word before "time".
pub(super) fn region(word: &str) -> Option<&'static str> {
    Some(match word {
        "eastern" => "America/New_York",
        "central" => "America/Chicago",
        "mountain" => "America/Denver",
        "pacific" => "America/Los_Angeles",
        "alaska" | "alaskan" => "America/Anchorage",
        "hawaii" | "hawaiian" => "Pacific/Honolulu",
        "atlantic" => "America/Halifax",
        "newfoundland" => "America/St_Johns",
        "greenwich" => "Etc/UTC",
        "british" | "uk" | "london" => "Europe/London",
        "irish" => "Europe/Dublin",
        "moscow" => "Europe/Moscow",
        "gulf" | "dubai" => "Asia/Dubai",
        "pakistan" => "Asia/Karachi",
        "india" | "indian" => "Asia/Kolkata",
        "nepal" => "Asia/Kathmandu",
        "singapore" => "Asia/Singapore",
        "china" | "beijing" => "Asia/Shanghai",
        "japan" | "japanese" | "tokyo" => "Asia/Tokyo",
        "korea" | "korean" => "Asia/Seoul",
        "sydney" => "Australia/Sydney",
        _ => return None,
    })
}
