//! E-mail and web addresses.

use entities::email::Emails;
use entities::url::Urls;

use crate::check;

#[test]
fn emails() {
    check(
        &Emails,
        "en",
        &[
            ("jane@example.com", &[("jane@example.com", "jane@example.com")]),
            (
                "mail me at Jane.Doe+list@mail.example.co.uk.",
                &[("Jane.Doe+list@mail.example.co.uk", "Jane.Doe+list@mail.example.co.uk")],
            ),
            ("<jane@example.com>", &[("jane@example.com", "jane@example.com")]),
            ("'jane@example.com'", &[("jane@example.com", "jane@example.com")]),
            ("mailto:jane@example.com?subject=x", &[("jane@example.com", "jane@example.com")]),
            ("a@b.io, c_d@e-f.org", &[("a@b.io", "a@b.io"), ("c_d@e-f.org", "c_d@e-f.org")]),
            ("jürgen@müller.de", &[("jürgen@müller.de", "jürgen@müller.de")]),
            ("o'neil@example.com", &[("o'neil@example.com", "o'neil@example.com")]),
            ("123@456.com", &[("123@456.com", "123@456.com")]),
            ("x@y.museum!", &[("x@y.museum", "x@y.museum")]),
            ("jane@example", &[]),
            ("@example.com", &[]),
            ("jane@", &[]),
            ("jane @ example.com", &[]),
            ("jane..doe@example.com", &[]),
            ("jane@-example.com", &[]),
            ("jane@example.c0m", &[]),
            ("meet @ 5.30", &[]),
        ],
    );
}

#[test]
fn urls() {
    check(
        &Urls,
        "en",
        &[
            ("https://example.com", &[("https://example.com", "https://example.com")]),
            ("see http://example.com/a?b=c#d.", &[("http://example.com/a?b=c#d", "http://example.com/a?b=c#d")]),
            ("www.example.com", &[("www.example.com", "www.example.com")]),
            ("go to example.com, please", &[("example.com", "example.com")]),
            (
                "(https://en.wikipedia.org/wiki/A_(b))",
                &[("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)")],
            ),
            ("http://localhost:8080/x", &[("http://localhost:8080/x", "http://localhost:8080/x")]),
            ("https://192.0.2.1", &[("https://192.0.2.1", "https://192.0.2.1")]),
            ("HTTPS://EXAMPLE.COM/Path", &[("HTTPS://EXAMPLE.COM/Path", "HTTPS://EXAMPLE.COM/Path")]),
            (
                "example.org/a and example.net/b",
                &[("example.org/a", "example.org/a"), ("example.net/b", "example.net/b")],
            ),
            ("https://müller.de/straße", &[("https://müller.de/straße", "https://müller.de/straße")]),
            ("\"https://example.com\"", &[("https://example.com", "https://example.com")]),
            ("jane@example.com", &[]),
            ("end of sentence.me too", &[]),
            ("version 1.2.3", &[]),
            ("file.txt", &[]),
            ("https://", &[]),
            ("e.g. this", &[]),
        ],
    );
}
