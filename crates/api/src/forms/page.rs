//! The pages, as HTML that needs nothing else: no script, no file of another place.

use std::fmt::Write;

use channels::html::escape;
use dialog::bot::{Field, FieldKind, Form};

use super::judge::{Fault, is_filled_in};
use super::typed::Typed;

/// A form to be shown.
pub(super) struct Shown<'a> {
    /// The form.
    pub(super) form: &'a Form,
    /// Name of the bot that asks.
    pub(super) bot: &'a str,
    /// What stands in the fields.
    pub(super) typed: &'a Typed,
    /// What is wrong with it.
    pub(super) faults: &'a [Fault],
    /// Where it is called off.
    pub(super) cancel: &'a str,
}

/// The style sheet of every page.
pub(super) const STYLE: &str = "\
body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#f5f5f7;color:#1d1d1f}\
main{max-width:34rem;margin:0 auto;padding:1.5rem;background:#fff;min-height:100vh;box-sizing:border-box}\
h1{font-size:1.5rem;margin:0 0 1rem}\
p{white-space:pre-line;overflow-wrap:anywhere}\
.field,fieldset{margin:0 0 1.25rem;padding:0;border:0}\
label,legend{display:block;font-weight:600;padding:0}\
.choice{font-weight:400;padding:.25rem 0}\
input:not([type=radio]):not([type=checkbox]),select,textarea{width:100%;box-sizing:border-box;font:inherit;\
padding:.5rem;border:1px solid #6e6e73;border-radius:.375rem;background:#fff;color:inherit}\
textarea{min-height:7rem}\
[aria-invalid=true]{border-color:#b3001b!important}\
.fault{color:#b3001b;margin:.25rem 0}\
.summary{border:2px solid #b3001b;border-radius:.375rem;padding:.75rem;margin:0 0 1.25rem}\
.summary a{color:#b3001b}\
button{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem;border-radius:.375rem;border:1px solid #0055b3;\
background:#0055b3;color:#fff;cursor:pointer}\
button.cancel{background:#fff;color:#0055b3}\
:focus-visible{outline:3px solid #ffb000;outline-offset:2px}";

/// The page of a form.
pub(super) fn form_page(shown: &Shown<'_>) -> String {
    let title = escape(&shown.form.title);
    let mut main = format!("<h1>{title}</h1>\n");
    let faulty: Vec<(usize, &Fault, &Field)> = shown
        .faults
        .iter()
        .filter_map(|fault| {
            let fields = &shown.form.fields;
            let at = fields.iter().position(|field| is_filled_in(field) && field.name == fault.field)?;
            Some((at, fault, &fields[at]))
        })
        .collect();
    if !faulty.is_empty() {
        main.push_str("<div class=\"summary\" role=\"alert\">Please look at these fields again:<ul>\n");
        for (at, fault, field) in &faulty {
            let (label, message) = (escape(&field.label), escape(&fault.message));
            line(&mut main, format_args!("<li><a href=\"#f{at}\">{label}</a>: {message}</li>"));
        }
        main.push_str("</ul></div>\n");
    }
    // Without an action a form is sent to where it came from.
    main.push_str("<form method=\"post\">\n");
    for (at, field) in shown.form.fields.iter().enumerate() {
        let fault = faulty.iter().find(|(place, ..)| *place == at).map(|(_, fault, _)| fault.message.as_str());
        add_field(&mut main, at, field, shown.typed.of(field), fault);
    }
    let submit = shown.form.fields.iter().find(|field| field.kind == FieldKind::Submit);
    let submit = escape(submit.map(|field| field.label.as_str()).filter(|label| !label.is_empty()).unwrap_or("Send"));
    line(&mut main, format_args!("<button type=\"submit\">{submit}</button>"));
    let cancel = escape(shown.cancel);
    line(
        &mut main,
        format_args!(
            "<button class=\"cancel\" type=\"submit\" formaction=\"{cancel}\" formnovalidate>Cancel</button>\n</form>"
        ),
    );
    let begin = if faulty.is_empty() { "" } else { "Not sent: " };
    page(&format!("{begin}{} - {}", shown.form.title, shown.bot), &main)
}

/// A page with a few words to read.
pub(super) fn words_page(title: &str, paragraphs: &[String]) -> String {
    let mut main = format!("<h1>{}</h1>\n", escape(title));
    for paragraph in paragraphs {
        line(&mut main, format_args!("<p>{}</p>", escape(paragraph)));
    }
    page(title, &main)
}

fn page(title: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{main}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

fn line(text: &mut String, written: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    writeln!(text, "{written}").ok();
}

fn add_field(main: &mut String, at: usize, field: &Field, texts: &[String], fault: Option<&str>) {
    let label = escape(&field.label);
    if field.kind == FieldKind::Label {
        return line(main, format_args!("<p>{label}</p>"));
    }
    if !is_filled_in(field) {
        return;
    }
    let star = if field.required { " <span aria-hidden=\"true\">*</span>" } else { "" };
    let shown_fault = fault.map(|message| format!("<p class=\"fault\" id=\"e{at}\">{}</p>\n", escape(message)));
    let shown_fault = shown_fault.unwrap_or_default();
    let invalid =
        if fault.is_some() { format!(" aria-invalid=\"true\" aria-describedby=\"e{at}\"") } else { String::new() };
    let name = escape(&field.name);
    let options = &field.options;
    match &field.kind {
        FieldKind::Radio | FieldKind::Checkbox if !options.is_empty() => {
            let kind = if field.kind == FieldKind::Radio { "radio" } else { "checkbox" };
            // Of several boxes none is required by itself.
            let required = if field.required && kind == "radio" { " required" } else { "" };
            line(
                main,
                format_args!(
                    "<fieldset id=\"f{at}\" tabindex=\"-1\"{invalid}><legend>{label}{star}</legend>\n{shown_fault}"
                ),
            );
            for option in options {
                let (value, title) = (escape(&option.value), escape(&option.title));
                let checked = if texts.contains(&option.value) { " checked" } else { "" };
                line(
                    main,
                    format_args!(
                        "<label class=\"choice\"><input type=\"{kind}\" name=\"{name}\" value=\"{value}\"{checked}{required}> {title}</label>"
                    ),
                );
            }
            line(main, format_args!("</fieldset>"));
        }
        FieldKind::Checkbox => {
            let checked = if texts.iter().any(|text| !matches!(text.as_str(), "" | "false")) { " checked" } else { "" };
            let required = if field.required { " required" } else { "" };
            line(
                main,
                format_args!(
                    "<div class=\"field\">{shown_fault}<label><input type=\"checkbox\" id=\"f{at}\" name=\"{name}\" value=\"true\"{checked}{required}{invalid}> {label}{star}</label></div>"
                ),
            );
        }
        _ => {
            line(main, format_args!("<div class=\"field\"><label for=\"f{at}\">{label}{star}</label>\n{shown_fault}"));
            add_control(main, field, texts, &format!("id=\"f{at}\" name=\"{name}\"{invalid}"));
            line(main, format_args!("</div>"));
        }
    }
}

/// The field itself, without its label; `attributes` are those of every kind.
fn add_control(main: &mut String, field: &Field, texts: &[String], attributes: &str) {
    let required = if field.required { " required" } else { "" };
    let placeholder = escape(&field.placeholder);
    let placeholder = if placeholder.is_empty() { placeholder } else { format!(" placeholder=\"{placeholder}\"") };
    let text = escape(texts.first().map_or("", String::as_str));
    if let FieldKind::Dropdown { many } = field.kind
        && !field.options.is_empty()
    {
        let multiple = if many { " multiple" } else { "" };
        line(main, format_args!("<select {attributes}{multiple}{required}>"));
        if !many {
            line(main, format_args!("<option value=\"\">{}</option>", escape(&field.placeholder)));
        }
        for option in &field.options {
            let (value, title) = (escape(&option.value), escape(&option.title));
            let selected = if texts.contains(&option.value) { " selected" } else { "" };
            line(main, format_args!("<option value=\"{value}\"{selected}>{title}</option>"));
        }
        return line(main, format_args!("</select>"));
    }
    let (kind, names) = match field.kind {
        FieldKind::Number => ("number\" step=\"any", ["min", "max"]),
        FieldKind::Email => ("email", ["minlength", "maxlength"]),
        FieldKind::Phone => ("tel", ["minlength", "maxlength"]),
        FieldKind::Date => ("date", ["", ""]),
        FieldKind::Password => ("password", ["minlength", "maxlength"]),
        _ => ("text", ["minlength", "maxlength"]),
    };
    let mut limits = String::new();
    for (name, limit) in names.into_iter().zip([field.least, field.most]) {
        if let Some(limit) = limit.filter(|_| !name.is_empty()) {
            limits.push_str(&format!(" {name}=\"{limit}\""));
        }
    }
    match field.kind {
        // A line break behind the tag is not part of the text.
        FieldKind::Lines => {
            line(main, format_args!("<textarea {attributes}{placeholder}{limits}{required}>\n{text}</textarea>"));
        }
        _ => {
            // A password is never sent back.
            let value = if field.kind == FieldKind::Password { String::new() } else { format!(" value=\"{text}\"") };
            line(main, format_args!("<input type=\"{kind}\" {attributes}{value}{placeholder}{limits}{required}>"));
        }
    }
}

#[cfg(test)]
mod tests {
    use dialog::bot::Choice;

    use super::*;

    fn shown(field: Field, texts: &[&str], fault: Option<&str>) -> String {
        let field = Field { name: "a\"b".to_owned(), label: "L<1>".to_owned(), ..field };
        let faults: Vec<Fault> =
            fault.iter().map(|message| Fault { field: field.name.clone(), message: (*message).to_owned() }).collect();
        let typed = Typed::from_pairs(texts.iter().map(|text| (field.name.clone(), (*text).to_owned())).collect());
        let form = Form { title: "T&T".to_owned(), fields: vec![field], ..Form::default() };
        form_page(&Shown { form: &form, bot: "B", typed: &typed, faults: &faults, cancel: "?hash=x&cancel=true" })
    }

    #[test]
    fn every_kind_of_field_has_its_control() {
        use FieldKind as K;
        let rule = |kind: K| Field { kind, ..Field::default() };
        let choice = |value: &str| Choice { title: format!("<{value}>"), value: value.to_owned(), selected: false };
        let pair = || vec![choice("1"), choice("2")];
        let name = "name=\"a&quot;b\"";
        let control = |kind: &str, rest: &str| format!("<input type=\"{kind}\" id=\"f0\" {name}{rest}>");
        let table: Vec<(Field, &[&str], Vec<String>)> = vec![
            (
                rule(K::Line),
                &["<x>"],
                vec![control("text", " value=\"&lt;x&gt;\""), "<label for=\"f0\">L&lt;1&gt;</label>".into()],
            ),
            (
                Field { required: true, placeholder: "P\"".into(), least: Some(2.0), most: Some(9.0), ..rule(K::Line) },
                &[],
                vec![
                    control("text", " value=\"\" placeholder=\"P&quot;\" minlength=\"2\" maxlength=\"9\" required"),
                    "L&lt;1&gt; <span aria-hidden=\"true\">*</span>".into(),
                ],
            ),
            (rule(K::Other("address".into())), &["x"], vec![control("text", " value=\"x\"")]),
            (rule(K::Url), &["x"], vec![control("text", " value=\"x\"")]),
            (rule(K::Dropdown { many: true }), &["x"], vec![control("text", " value=\"x\"")]),
            (
                Field { least: Some(0.5), most: Some(9.0), ..rule(K::Number) },
                &["3"],
                vec![control("number\" step=\"any", " value=\"3\" min=\"0.5\" max=\"9\"")],
            ),
            (rule(K::Email), &[], vec![control("email", " value=\"\"")]),
            (rule(K::Phone), &[], vec![control("tel", " value=\"\"")]),
            (
                Field { least: Some(1.0), ..rule(K::Date) },
                &["2026-01-31"],
                vec![control("date", " value=\"2026-01-31\"")],
            ),
            (rule(K::Password), &["secret"], vec![control("password", "")]),
            (
                rule(K::Lines),
                &["\n</textarea><script>"],
                vec![format!("<textarea id=\"f0\" {name}>\n\n&lt;/textarea&gt;&lt;script&gt;</textarea>")],
            ),
            (
                Field { options: pair(), required: true, ..rule(K::Radio) },
                &["2"],
                vec![
                    format!("<input type=\"radio\" {name} value=\"1\" required> &lt;1&gt;</label>"),
                    format!("<input type=\"radio\" {name} value=\"2\" checked required> &lt;2&gt;</label>"),
                    "<legend>L&lt;1&gt; ".into(),
                ],
            ),
            (
                Field { options: pair(), required: true, ..rule(K::Checkbox) },
                &["1", "2"],
                vec![
                    format!("<input type=\"checkbox\" {name} value=\"1\" checked> "),
                    format!("<input type=\"checkbox\" {name} value=\"2\" checked> "),
                ],
            ),
            (
                Field { required: true, ..rule(K::Checkbox) },
                &["true"],
                vec![format!("<input type=\"checkbox\" id=\"f0\" {name} value=\"true\" checked required> L&lt;1&gt;")],
            ),
            (
                Field { options: pair(), placeholder: "Pick".into(), ..rule(K::Dropdown { many: false }) },
                &["2"],
                vec![
                    format!("<select id=\"f0\" {name}>\n<option value=\"\">Pick</option>\n<option value=\"1\">"),
                    "<option value=\"2\" selected>&lt;2&gt;</option>".into(),
                ],
            ),
            (
                Field { options: pair(), ..rule(K::Dropdown { many: true }) },
                &["1"],
                vec![format!("<select id=\"f0\" {name} multiple>\n<option value=\"1\" selected>")],
            ),
            (rule(K::Label), &[], vec!["<p>L&lt;1&gt;</p>".into()]),
            (rule(K::Submit), &[], vec!["<button type=\"submit\">L&lt;1&gt;</button>".into()]),
        ];
        for (field, texts, expected) in table {
            let kind = field.kind.clone();
            let page = shown(field, texts, None);
            for part in expected {
                assert!(page.contains(&part), "{kind:?}: no {part} in {page}");
            }
            assert!(
                !page.contains("<script") && !page.contains("secret") && !page.contains("alert"),
                "{kind:?}: {page}"
            );
            assert!(page.contains("<title>T&amp;T - B</title>"), "{page}");
        }
    }

    #[test]
    fn faults_stand_at_their_fields() {
        let page = shown(Field::default(), &["x"], Some("Fill <this> in."));
        for part in [
            "<title>Not sent: T&amp;T - B</title>",
            "<div class=\"summary\" role=\"alert\">",
            "<li><a href=\"#f0\">L&lt;1&gt;</a>: Fill &lt;this&gt; in.</li>",
            "<p class=\"fault\" id=\"e0\">Fill &lt;this&gt; in.</p>",
            "aria-invalid=\"true\" aria-describedby=\"e0\" value=\"x\"",
            "formaction=\"?hash=x&amp;cancel=true\" formnovalidate>Cancel</button>",
            "<button type=\"submit\">Send</button>",
        ] {
            assert!(page.contains(part), "no {part} in {page}");
        }
    }

    #[test]
    fn words_are_escaped() {
        let page = words_page("A & B", &["<b>".to_owned(), "two\nlines".to_owned()]);
        assert!(page.contains("<h1>A &amp; B</h1>\n<p>&lt;b&gt;</p>\n<p>two\nlines</p>\n"), "{page}");
    }
}
