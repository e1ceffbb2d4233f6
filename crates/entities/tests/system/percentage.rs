use entities::percentage::{Options, Percentages};

use crate::check;

#[test]
fn english() {
    check(
        &Percentages::default(),
        "en",
        &[
            ("50%", &[("50%", "0.5")]),
            ("50 %", &[("50 %", "0.5")]),
            ("fifty percent", &[("fifty percent", "0.5")]),
            ("fifty per cent", &[("fifty per cent", "0.5")]),
            ("100 percent sure", &[("100 percent", "1.0")]),
            ("12.5%", &[("12.5%", "0.125")]),
            ("a rise of 7 pct.", &[("7 pct", "0.07")]),
            ("-3%", &[("-3%", "-0.03")]),
            ("from 10% to 20%", &[("10%", "0.1"), ("20%", "0.2")]),
            ("two point five percent", &[("two point five percent", "0.025")]),
            ("0%", &[("0%", "0.0")]),
            ("250 percentage", &[("250 percentage", "2.5")]),
            ("50", &[]),
            ("percent", &[]),
            ("fifty people", &[]),
            ("% off", &[]),
        ],
    );
    let share = Percentages::new(Options { range: Some((0.0, 1.0)) });
    check(&share, "en", &[("110% or 90%", &[("90%", "0.9")])]);
}

#[test]
fn other_languages() {
    check(
        &Percentages::default(),
        "de",
        &[("12,5 Prozent", &[("12,5 Prozent", "0.125")]), ("zwanzig Prozent", &[("zwanzig Prozent", "0.2")])],
    );
    check(&Percentages::default(), "es", &[("20 por ciento", &[("20 por ciento", "0.2")])]);
    check(&Percentages::default(), "fr", &[("20 pour cent", &[("20 pour cent", "0.2")])]);
}
