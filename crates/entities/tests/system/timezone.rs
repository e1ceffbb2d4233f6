use entities::timezone::TimeZones;

use crate::check;

#[test]
fn zones() {
    check(
        &TimeZones,
        "en",
        &[
            ("EST", &[("EST", "-05:00")]),
            ("central time", &[("central time", "-06:00")]),
            ("I am in the pacific time zone", &[("pacific time zone", "-08:00")]),
            ("eastern daylight time", &[("eastern daylight time", "-04:00")]),
            ("indian standard time", &[("indian standard time", "+05:30")]),
            ("PST or CST", &[("PST", "-08:00"), ("CST", "-06:00")]),
            ("pst please", &[("pst", "-08:00")]),
            ("UTC", &[("UTC", "+00:00")]),
            ("UTC+5:30", &[("UTC+5:30", "+05:30")]),
            ("GMT-6", &[("GMT-6", "-06:00")]),
            ("gmt +0530", &[("gmt +0530", "+05:30")]),
            ("-06:00", &[("-06:00", "-06:00")]),
            ("America/Chicago", &[("America/Chicago", "-06:00")]),
            ("my zone is Asia/Kolkata.", &[("Asia/Kolkata", "+05:30")]),
            ("central european summer time", &[("central european summer time", "+02:00")]),
            ("America/Argentina/Buenos_Aires", &[("America/Argentina/Buenos_Aires", "-03:00")]),
            ("Europe/Nowhere", &[]),
            ("central station", &[]),
            ("the west is wet", &[]),
            ("+5", &[]),
            ("time", &[]),
        ],
    );
}
