//! The forms that real clients send, the ones that must be refused, and that chunking never matters.

use archive::multipart::{Event, MultipartError, Parser};
use proptest::prelude::*;

/// A part as received: name, file name, content.
type Received = (String, Option<String>, Vec<u8>);

/// Parses the form from chunks that end at these positions, and puts the parts together.
fn parse_cut(content_type: Option<&str>, form: &[u8], cuts: &[usize]) -> Result<Vec<Received>, MultipartError> {
    let mut parser = Parser::new(content_type)?;
    let mut events = Vec::new();
    let mut start = 0;
    for &cut in cuts {
        events.extend(parser.push(&form[start..cut])?);
        start = cut;
    }
    events.extend(parser.push(&form[start..])?);
    events.extend(parser.finish()?);

    let mut parts: Vec<Received> = Vec::new();
    let mut inside = false;
    for event in events {
        assert_eq!(inside, !matches!(event, Event::Start(_)), "data and ends occur within a part, starts do not");
        inside = !matches!(event, Event::End);
        match event {
            Event::Start(head) => parts.push((head.name, head.file_name, Vec::new())),
            Event::Data(data) => parts.last_mut().unwrap().2.extend_from_slice(&data),
            Event::End => {}
        }
    }
    assert!(!inside, "every part of a whole form ends");
    Ok(parts)
}

/// The parts as `name=content` or `name(file)=content`, or the message; whole and byte by byte.
fn summary(content_type: &str, form: &[u8]) -> String {
    let content_type = (!content_type.is_empty()).then_some(content_type);
    let whole = parse_cut(content_type, form, &[]);
    let every_byte: Vec<usize> = (1..form.len()).collect();
    assert_eq!(parse_cut(content_type, form, &every_byte), whole);
    match whole {
        Ok(parts) => {
            let describe = |(name, file_name, content): &Received| match file_name {
                Some(file_name) => format!("{name}({file_name})={}", content.escape_ascii()),
                None => format!("{name}={}", content.escape_ascii()),
            };
            parts.iter().map(describe).collect::<Vec<_>>().join(" | ")
        }
        Err(error) => error.to_string(),
    }
}

/// One part named `file`, whose headers and content are the text, within a form of boundary `B`.
fn form(part: &str) -> Vec<u8> {
    format!("--B\r\n{}\r\n--B--\r\n", part.replace('\n', "\r\n")).into_bytes()
}

const B: &str = "multipart/form-data; boundary=B";

#[test]
fn reads_the_forms_of_the_vendors_sdks() {
    let sdk = b"----------MultipartData0.6182\r\n\
        Content-Disposition: form-data; name=\"fileContext\";\r\n\r\n\
        workflows\r\n\
        ----------MultipartData0.6182\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"C:\\bots\\export.zip\";\r\n\
        Content-Type: zip\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n\
        UEsDBBQAAAAIAA==\r\n\
        ----------MultipartData0.6182--";
    let expected = "fileContext=workflows | file(export.zip)=PK\\x03\\x04\\x14\\x00\\x00\\x00\\x08\\x00";
    for content_type in [
        "multipart/form-data; boundary=--------MultipartData0.6182",
        "multipart/form-data; boundary=\"--------MultipartData0.6182\"",
        "Multipart/Form-Data; charset=utf-8; BOUNDARY=--------MultipartData0.6182;",
        "multipart/form-data; boundary=----------MultipartData0.6182",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "",
    ] {
        assert_eq!(summary(content_type, sdk), expected, "{content_type}");
    }
}

#[test]
fn reads_odd_dispositions() {
    let cases = [
        ("form-data; name=\"file\"", "file=x"),
        ("form-data; name=file", "file=x"),
        ("form-data; name='file'; filename='a.zip'", "file(a.zip)=x"),
        ("form-data; name='it's'", "'it's'=x"),
        ("form-data;name=file;filename=my bot.zip;", "file(my bot.zip)=x"),
        ("FORM-DATA; NAME = \"file\" ; FILENAME = \"A.zip\"", "file(A.zip)=x"),
        ("attachment; filename=\"a.zip\"; name=\"file\"", "file(a.zip)=x"),
        ("form-data; name=\"file\"; filename=\"../../etc/a.zip\"", "file(a.zip)=x"),
        ("form-data; name=\"file\"; filename=\"C:\\bots\\a.zip\"", "file(a.zip)=x"),
        ("form-data; name=\"file\"; filename=\"a;b.zip\"", "file(a;b.zip)=x"),
        ("form-data; name=\"file\"; filename=\"say \\\"hi\\\".zip\"", "file(say \"hi\".zip)=x"),
        ("form-data; name=\"file\"; filename=\"C:\\\"", "file=x"),
        ("form-data; name=\"file\"; filename=\"\"", "file=x"),
        ("form-data; name=\"file\"; filename=\"a.zip", "file(a.zip)=x"),
        ("form-data; name=\"file\"; filename=\"né.zip\"", "file(né.zip)=x"),
        ("form-data; name=\"file\"; filename=\"ne.zip\"; filename*=UTF-8''n%C3%a9.zip", "file(né.zip)=x"),
        ("form-data; name=\"file\"; filename*=iso-8859-1'en'n%E9.zip", "file(né.zip)=x"),
        ("form-data; name=\"file\"; filename*=UTF-8''%C3; filename=b.zip", "file(b.zip)=x"),
        ("form-data; name=\"file\"; filename*=UTF-8''%zz", "file=x"),
        ("form-data;;; x; name=\"file\"", "file=x"),
        ("form-data;\n name=\"file\";\n\tfilename=\"a.zip\"", "file(a.zip)=x"),
    ];
    for (disposition, expected) in cases {
        let found = summary(B, &form(&format!("Content-Disposition: {disposition}\n\nx")));
        assert_eq!(found, expected, "{disposition}");
    }
    let latin1 = b"--B\r\nContent-Disposition: form-data; name=file; filename=n\xe9.zip\r\n\r\nx\r\n--B--";
    assert_eq!(summary(B, latin1), "file(n\u{e9}.zip)=x");
}

#[test]
fn reads_odd_layouts() {
    let head = "Content-Disposition: form-data; name=f\r\n";
    let cases: &[(&str, String, &str)] = &[
        ("bare line feeds", format!("--B\r\n{head}\r\nx\r\ny\r\n--B--\r\n").replace("\r\n", "\n"), "f=x\\ny"),
        (
            "bare line feeds keep a carriage return",
            "--B\nContent-Disposition: a; name=f\n\nx\r\n--B--".into(),
            "f=x\\r",
        ),
        ("preamble and epilogue", format!("hello\r\n--Bx\r\n\r\n--B\r\n{head}\r\nx\r\n--B--\r\nbye\r\n--B\r\n"), "f=x"),
        ("blank lines first", format!("\r\n\r\n--B\r\n{head}\r\nx\r\n--B--"), "f=x"),
        ("blanks after the boundary", format!("--B  \r\n{head}\r\nx\r\n--B--\t \r\n"), "f=x"),
        ("empty content", format!("--B\r\n{head}\r\n\r\n--B--"), "f="),
        ("no content at all", format!("--B\r\n{head}\r\n--B--"), "f="),
        ("no parts", "--B--\r\n".into(), ""),
        ("odd part type", format!("--B\r\nContent-Type: \r\nno colon\r\n{head}\r\nx\r\n--B--"), "f=x"),
        (
            "similar content",
            format!("--B\r\n{head}\r\n--Bx\r\n--B-\r\n --B\r\n-\r\n--B--"),
            "f=--Bx\\r\\n--B-\\r\\n --B\\r\\n-",
        ),
        (
            "base64 over lines",
            format!("--B\r\n{head}Content-Transfer-Encoding: BASE64\r\n\r\naGVs\r\n bG8\r\n--B--"),
            "f=hello",
        ),
        ("another encoding", format!("--B\r\n{head}Content-Transfer-Encoding: binary\r\n\r\naGVs\r\n--B--"), "f=aGVs"),
    ];
    for (case, form, expected) in cases {
        assert_eq!(&summary(B, form.as_bytes()), expected, "{case}");
    }
    let dashes = "-------\r\nContent-Disposition: form-data; name=f\r\n\r\n------\r\n--------\r\n---------\r\n";
    assert_eq!(summary("multipart/form-data; boundary=-----", dashes.as_bytes()), "f=------\\r\\n--------");
}

#[test]
fn refuses_broken_forms() {
    let head = "Content-Disposition: form-data; name=f\r\n";
    let long = format!("--B\r\nX: {}\r\n\r\n", "x".repeat(17_000));
    let base64 = |content: &str| format!("--B\r\n{head}Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n--B--");
    let cases: &[(&str, String, &str)] = &[
        (
            "application/json",
            "{}".into(),
            "the content type is \"application/json\"; send the form as multipart/form-data",
        ),
        (B, "".into(), "the form is empty; send its parts as multipart/form-data in the request body"),
        (
            B,
            "--C\r\n".into(),
            "the form has no line \"--B\" before its first part; \
             let the HTTP client set the boundary in the content type itself",
        ),
        (
            "multipart/form-data",
            "{\"a\":1}\n".into(),
            "the content type has no boundary and the form does not begin with one but with \"{\\\"a\\\":1}\"; \
             send multipart/form-data with a boundary",
        ),
        (
            B,
            long,
            "the headers of part 1 have more than 16384 bytes; end them with an empty line and send long values as content",
        ),
        (
            B,
            format!("--B\r\n{head}\r\nx\r\n--B\r\nContent-Type: a/b\r\n\r\nx\r\n--B--"),
            "part 2 has no name; give it a header like Content-Disposition: form-data; name=\"file\"",
        ),
        (
            B,
            format!("--B\r\n{head}Content-Transfer-Encoding: quoted-printable\r\n\r\nx\r\n--B--"),
            "the part \"f\" is encoded as quoted-printable; send it as binary or base64",
        ),
        (
            B,
            base64("aGVs\r\nb!G8"),
            "the part \"f\" is announced as base64 and has \"!\" at byte 7; \
             encode it again or drop its Content-Transfer-Encoding",
        ),
        (
            B,
            base64("aGU=aGU="),
            "the part \"f\" is announced as base64 and has \"a\" after the padding at byte 4; \
             encode it again or drop its Content-Transfer-Encoding",
        ),
        (
            B,
            base64("aGVsb"),
            "the part \"f\" is announced as base64 and has a single digit left over at byte 5; \
             encode it again or drop its Content-Transfer-Encoding",
        ),
        (
            B,
            format!("--B\r\n{head}\r\nx\r\n--B"),
            "the form ends after 53 bytes within the headers of part 2, without its final boundary; \
             send the whole file, with the right Content-Length",
        ),
        (
            B,
            format!("--B\r\n{head}\r\nx"),
            "the form ends after 48 bytes within the part \"f\", without its final boundary; \
             send the whole file, with the right Content-Length",
        ),
    ];
    for (content_type, form, expected) in cases {
        assert_eq!(&summary(content_type, form.as_bytes()), expected, "{form}");
    }
    let long_boundary = format!("multipart/form-data; boundary={}", "b".repeat(257));
    let expected = "the boundary in the content type has 257 bytes, and 256 are allowed; choose a shorter one";
    assert_eq!(summary(&long_boundary, b""), expected);
}

#[test]
fn memory_stays_bounded_before_the_first_part() {
    let mut parser = Parser::new(Some(B)).unwrap();
    let endless = vec![b'x'; 4096];
    let pushes = (0..100).take_while(|_| parser.push(&endless).is_ok()).count();
    assert_eq!(pushes, 4, "16 KiB of preamble are accepted");
}

/// Content from pieces that look like boundaries and line ends.
fn tricky_content() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&str; 13] =
        ["\r\n", "\n", "\r", "-", "--", "--B", "\r\n--", "\r\n--B", "B", "x", "\0", " ", "\r\n--Bx"];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat().into_bytes())
}

fn cuts(form: &[u8], wanted: &[usize]) -> Vec<usize> {
    let mut positions: Vec<usize> = wanted.iter().map(|position| position % (form.len() + 1)).collect();
    positions.sort_unstable();
    positions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whole forms come back as they were sent, wherever they are cut.
    #[test]
    fn sound_forms_survive_any_cut(
        contents in prop::collection::vec(tricky_content(), 0..4),
        boundary in prop::sample::select(&["Bound", "------", "B-B", "--x"][..]),
        wanted_cuts in prop::collection::vec(0..10_000_usize, 0..8),
    ) {
        // A line of content that begins like a boundary line may be one.
        let boundary_line = format!("\n--{boundary}").into_bytes();
        let sound = |content: &Vec<u8>| {
            let lines = [b"\n", &content[..]].concat();
            !lines.windows(boundary_line.len()).any(|window| window == boundary_line)
        };
        prop_assume!(contents.iter().all(sound));
        let mut form = Vec::new();
        for (number, content) in contents.iter().enumerate() {
            form.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{number}\"\r\n\r\n").bytes());
            form.extend(content);
            form.extend(b"\r\n");
        }
        form.extend(format!("--{boundary}--\r\n").bytes());

        let content_type = format!("multipart/form-data; boundary={boundary}");
        let sent: Vec<Received> =
            contents.into_iter().enumerate().map(|(number, content)| (number.to_string(), None, content)).collect();
        let cuts = cuts(&form, &wanted_cuts);
        prop_assert_eq!(parse_cut(Some(&content_type), &form, &cuts), Ok(sent));
    }

    /// Anything at all, also broken, gives the same outcome wherever it is cut.
    #[test]
    fn any_bytes_give_the_same_outcome_for_any_cut(
        lines in prop::collection::vec(prop::sample::select(&[
            "--B", "--B--", "-", "--", "\r\n", "\r\n", "\n", "\n\n", "Content-Disposition: a; name=f\r\n\r\n", "QUJD", "=",
            "Content-Disposition: a; name=f\r\nContent-Transfer-Encoding: base64\r\n\r\n", " ", "x",
        ][..]), 0..30),
        wanted_cuts in prop::collection::vec(0..10_000_usize, 0..8),
        content_type in prop::sample::select(&[Some(B), None][..]),
    ) {
        let form = ["--B\r\n", &lines.concat()].concat().into_bytes();
        let cuts = cuts(&form, &wanted_cuts);
        prop_assert_eq!(parse_cut(content_type, &form, &cuts), parse_cut(content_type, &form, &[]));
    }
}
