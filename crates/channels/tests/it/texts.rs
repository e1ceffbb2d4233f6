//! Replies as plain texts, and as what a history keeps.

use channels::{components, text};
use dialog::reply::{Choice, Content, FormOffer, Reply, Source};
use serde_json::{Value, json};

/// A reply with choices of these titles.
fn asking(source: Source, question: &str, titles: &[&str]) -> Reply {
    let choice = |title: &&str| Choice { title: (*title).to_owned(), value: format!("value of {title}") };
    Reply { choices: titles.iter().map(choice).collect(), ..Reply::text(source, question) }
}

fn offering(prompt: &str) -> Reply {
    let form = FormOffer {
        form: "f-1".to_owned(),
        link: "https://h/form?hash=1".to_owned(),
        render: "inline".to_owned(),
        definition: Value::Null,
    };
    Reply { form: Some(form), ..Reply::text(Source::Dialog, prompt) }
}

#[test]
fn choices_follow_the_question() {
    let yes_no = |source| Reply { is_yes_no: true, ..asking(source, "Sure? ", &["Yes", "No"]) };
    let printed = r#"{"type":"template","payload":{"z":1,"a":1.50}}"#;
    let cases = [
        (Reply::text(Source::Dialog, "Hi \n"), "Hi \n"),
        (asking(Source::Dialog, "Which?", &["X", "Y"]), "Which?\n\na) X\nb) Y\n"),
        (asking(Source::Platform, "Tasks:", &["A", "B"]), "Tasks: \n a) A \n b) B \n"),
        (asking(Source::Faq, "Tasks:", &["A"]), "Tasks: \n a) A \n"),
        (yes_no(Source::Dialog), "Sure? \nYes, No, "),
        (yes_no(Source::Platform), "Sure? \nYes, No, "),
        (offering("Fill in:"), "Fill in: https://h/form?hash=1"),
        (offering("Fill in: \n"), "Fill in: https://h/form?hash=1"),
        (offering("See https://h/form?hash=1 please"), "See https://h/form?hash=1 please"),
        (Reply { content: Reply::content_of(printed.to_owned()), ..asking(Source::Dialog, "", &["X"]) }, printed),
    ];
    for (reply, expected) in cases {
        assert_eq!(text::of(&reply), expected);
    }
}

#[test]
fn after_the_letter_z_comes_aa() {
    let titles = vec!["t"; 28];
    let shown = text::of(&asking(Source::Dialog, "q", &titles));
    assert!(shown.ends_with("\ny) t\nz) t\naa) t\nab) t\n"), "{shown}");
}

#[test]
fn a_history_keeps_a_text_as_it_was_said() {
    let mut count = 0;
    let mut id = || {
        count += 1;
        format!("cp-{count}")
    };
    assert_eq!(
        components(&asking(Source::Dialog, "Which \"one\"?", &["<X>"]), &mut id),
        [json!({"_id": "cp-1", "cT": "text", "data": {"text": "Which \"one\"?\n\na) <X>\n"}, "thumbnails": []})]
    );
    let template = Reply { content: Content::Template(json!({"type": "template"})), ..Reply::text(Source::Faq, "") };
    assert_eq!(
        components(&template, &mut id),
        [json!({"_id": "cp-2", "cT": "text", "data": {"text": "{\"type\":\"template\"}"}, "thumbnails": []})]
    );
}
