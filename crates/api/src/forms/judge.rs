//! What was filled in, judged field by field: by the kind of the field and the rules its author gave it.

use std::sync::Arc;

use dialog::bot::{Field, FieldKind, Form};
use entities::email::Emails;
use entities::expression::Expression;
use entities::url::Urls;
use entities::{Extractor, Surroundings};
use serde_json::{Map, Number, Value, json};

use super::typed::Typed;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The name of the field.
    pub(super) field: String,
    /// What to do about it, for whoever fills in the form.
    pub(super) message: String,
}

/// The most characters of a field: all values together are part of the state of a conversation.
const MOST_CHARACTERS: usize = 10_000;

/// The values of a form, as `context.forms.<form>` holds them: a text for what is typed or chosen, a number, `true` or
/// `false` for a single box, a list where several may be chosen. What is not filled in is an empty text, or null for a
/// number.
///
/// # Errors
/// Fields that are not filled in as they must be, in the order of the form.
pub(super) fn judge(
    form: &Form,
    typed: &Typed,
    surroundings: &Surroundings<'_>,
) -> Result<Map<String, Value>, Vec<Fault>> {
    let (mut values, mut faults) = (Map::new(), Vec::new());
    for field in form.fields.iter().filter(|field| is_filled_in(field)) {
        match value_of(field, typed.of(field), surroundings) {
            Ok(value) => drop(values.insert(field.name.clone(), value)),
            Err(message) => faults.push(Fault { field: field.name.clone(), message }),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

/// Whether a field has a value at all: texts to read and buttons have none.
pub(super) fn is_filled_in(field: &Field) -> bool {
    !field.name.is_empty() && !matches!(field.kind, FieldKind::Label | FieldKind::Submit)
}

fn value_of(field: &Field, texts: &[String], surroundings: &Surroundings<'_>) -> Result<Value, String> {
    let has_options = !field.options.is_empty();
    match &field.kind {
        FieldKind::Checkbox if !has_options => {
            let ticked = texts.iter().any(|text| !matches!(text.as_str(), "" | "false"));
            if field.required && !ticked { Err("Tick this box.".to_owned()) } else { Ok(json!(ticked)) }
        }
        FieldKind::Checkbox | FieldKind::Dropdown { many: true } if has_options => several(field, texts),
        FieldKind::Radio | FieldKind::Dropdown { .. } if has_options => one(field, texts),
        _ => text(field, texts.first().map_or("", String::as_str), surroundings),
    }
}

fn one(field: &Field, texts: &[String]) -> Result<Value, String> {
    match texts.first().filter(|text| !text.is_empty()) {
        None if field.required => Err("Choose one.".to_owned()),
        None => Ok(json!("")),
        Some(text) if offers(field, text) => Ok(json!(text)),
        Some(_) => Err("Choose one of the list.".to_owned()),
    }
}

fn several(field: &Field, texts: &[String]) -> Result<Value, String> {
    let chosen: Vec<&String> = texts.iter().filter(|text| !text.is_empty()).collect();
    if !chosen.iter().all(|text| offers(field, text)) {
        return Err("Choose from the list only.".to_owned());
    }
    if chosen.is_empty() {
        return if field.required { Err("Choose at least one.".to_owned()) } else { Ok(json!([])) };
    }
    within(field, chosen.len() as f64, |limit, bound| format!("Choose {bound} {limit}."))?;
    Ok(json!(chosen))
}

fn offers(field: &Field, text: &str) -> bool {
    field.options.iter().any(|option| option.value == text)
}

fn text(field: &Field, typed: &str, surroundings: &Surroundings<'_>) -> Result<Value, String> {
    let text = match field.kind {
        // White space at the ends of a password belongs to it.
        FieldKind::Password => typed.to_owned(),
        _ => typed.replace("\r\n", "\n").trim().to_owned(),
    };
    if text.is_empty() {
        let empty = if field.kind == FieldKind::Number { Value::Null } else { json!("") };
        return if field.required { Err("Fill this in.".to_owned()) } else { Ok(empty) };
    }
    let is_all = |found: Vec<entities::Found>| found.iter().any(|found| found.range == (0..text.len()));
    let fits = match field.kind {
        FieldKind::Number => return number(field, &text, surroundings),
        FieldKind::Email if !is_all(Emails.find(&text, surroundings)) => "an address such as name@example.com",
        FieldKind::Url if !is_all(Urls.find(&text, surroundings)) => "an address such as https://example.com",
        FieldKind::Phone if !is_phone_number(&text) => "a telephone number such as +1 555 0100",
        FieldKind::Date if !is_day(&text) => "a day as year-month-day, such as 2026-01-31",
        _ => "",
    };
    if !fits.is_empty() {
        return Err(format!("Enter {fits}."));
    }
    let length = text.chars().count();
    if length > MOST_CHARACTERS {
        return Err(format!("Enter at most {MOST_CHARACTERS} characters."));
    }
    if field.kind != FieldKind::Date {
        within(field, length as f64, |limit, bound| format!("Enter {bound} {limit} characters."))?;
    }
    matches_expression(field, &text, surroundings)?;
    Ok(json!(text))
}

fn number(field: &Field, text: &str, surroundings: &Surroundings<'_>) -> Result<Value, String> {
    let parsed = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let number = parsed.ok_or("Enter a number such as 12 or 3.5.")?;
    within(field, number, |limit, bound| format!("Enter a number of {bound} {limit}."))?;
    matches_expression(field, text, surroundings)?;
    // As it was written where JSON writes numbers so; `007` and `.5` are written anew.
    let written = text.parse::<Number>().ok().or_else(|| Number::from_f64(number));
    Ok(written.map_or(Value::Null, Value::Number))
}

/// Checks the limits of a field; `message` is given the limit that is broken, and `at least` or `at most`.
fn within(field: &Field, measure: f64, message: impl Fn(f64, &str) -> String) -> Result<(), String> {
    match (field.least, field.most) {
        (Some(least), _) if measure < least => Err(message(least, "at least")),
        (_, Some(most)) if measure > most => Err(message(most, "at most")),
        _ => Ok(()),
    }
}

/// An expression that cannot be read is no rule: nobody who fills in the form could do anything about it.
fn matches_expression(field: &Field, text: &str, surroundings: &Surroundings<'_>) -> Result<(), String> {
    if field.regex.starts_with('~') {
        return Ok(());
    }
    match Expression::new(&field.regex, surroundings.language, &Arc::default()) {
        Ok(Some(expression)) if expression.find(text, surroundings).is_empty() => {
            Err("This is not in the form that is asked for.".to_owned())
        }
        _ => Ok(()),
    }
}

/// Digits, with the signs people put between them.
fn is_phone_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = |character: char| character.is_ascii_digit() || " +-()./".contains(character);
    (3..=15).contains(&digits) && text.chars().all(signs)
}

/// A day of the calendar, as `<input type="date">` sends it.
fn is_day(text: &str) -> bool {
    text.len() == "yyyy-mm-dd".len() && domain::Timestamp::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use dialog::bot::Choice;
    use domain::Timestamp;

    use super::*;

    fn judged(field: Field, texts: &[&str]) -> Result<Value, String> {
        let now = Timestamp::from_millis(0).to_utc();
        let form = Form { fields: vec![Field { name: "a".to_owned(), ..field }], ..Form::default() };
        let pairs = texts.iter().map(|text| ("a".to_owned(), (*text).to_owned())).collect();
        match judge(&form, &Typed::from_pairs(pairs), &Surroundings { language: "en", now: &now }) {
            Ok(mut values) => Ok(values["a"].take()),
            Err(faults) => Err(faults[0].message.clone()),
        }
    }

    #[test]
    fn typed_values_fit_the_kind_of_their_field() {
        use FieldKind as K;
        let table: Vec<(K, &str, Option<Value>)> = vec![
            (K::Line, " Ada ", Some(json!("Ada"))),
            (K::Line, "", Some(json!(""))),
            (K::Lines, "a\r\nb", Some(json!("a\nb"))),
            (K::Password, " s ", Some(json!(" s "))),
            (K::Other("address".into()), "Main St 1", Some(json!("Main St 1"))),
            (K::Number, "12", Some(json!(12))),
            (K::Number, " -3.5 ", Some(json!(-3.5))),
            (K::Number, "007", Some(json!(7.0))),
            (K::Number, "", Some(Value::Null)),
            (K::Number, "twelve", None),
            (K::Number, "1e999", None),
            (K::Number, "inf", None),
            (K::Number, "NaN", None),
            (K::Email, "ada@example.com", Some(json!("ada@example.com"))),
            (K::Email, "mail ada@example.com", None),
            (K::Email, "ada@", None),
            (K::Url, "https://example.com/a?b=c", Some(json!("https://example.com/a?b=c"))),
            (K::Url, "javascript:alert(1)", None),
            (K::Phone, "+1 (555) 010-0100", Some(json!("+1 (555) 010-0100"))),
            (K::Phone, "call me", None),
            (K::Date, "2024-02-29", Some(json!("2024-02-29"))),
            (K::Date, "2023-02-29", None),
            (K::Date, "02/29/2024", None),
            (
                K::Dropdown { many: false },
                "anything, as there are no options",
                Some(json!("anything, as there are no options")),
            ),
        ];
        for (kind, text, expected) in table {
            let field = Field { kind: kind.clone(), ..Field::default() };
            assert_eq!(judged(field, &[text]).ok(), expected, "{kind:?} {text:?}");
        }
        let long = "x".repeat(MOST_CHARACTERS + 1);
        assert!(judged(Field::default(), &[&long]).is_err() && judged(Field::default(), &[&long[1..]]).is_ok());
    }

    /// The kind of a field, what it offers, what is chosen, and the value that is.
    type Chosen = (FieldKind, &'static [&'static str], &'static [&'static str], Option<Value>);

    #[test]
    fn chosen_values_are_of_the_list() {
        use FieldKind as K;
        let options = |values: &[&str]| -> Vec<Choice> {
            values.iter().map(|value| Choice { title: "T".into(), value: (*value).into(), selected: false }).collect()
        };
        let (one, many) = (K::Dropdown { many: false }, K::Dropdown { many: true });
        let table: Vec<Chosen> = vec![
            (K::Radio, &["1", "2"], &["2"], Some(json!("2"))),
            (K::Radio, &["1", "2"], &[], Some(json!(""))),
            (K::Radio, &["1", "2"], &["3"], None),
            (one.clone(), &["1", "2"], &["1", "2"], Some(json!("1"))),
            (one, &["1", "2"], &["T"], None),
            (many.clone(), &["1", "2"], &["1", "2"], Some(json!(["1", "2"]))),
            (many.clone(), &["1", "2"], &[""], Some(json!([]))),
            (many, &["1", "2"], &["1", "3"], None),
            (K::Checkbox, &["1", "2"], &["2"], Some(json!(["2"]))),
            (K::Checkbox, &[], &["true"], Some(json!(true))),
            (K::Checkbox, &[], &["on"], Some(json!(true))),
            (K::Checkbox, &[], &["false"], Some(json!(false))),
            (K::Checkbox, &[], &[], Some(json!(false))),
        ];
        for (kind, offered, chosen, expected) in table {
            let field = Field { kind: kind.clone(), options: options(offered), ..Field::default() };
            assert_eq!(judged(field, chosen).ok(), expected, "{kind:?} {offered:?} {chosen:?}");
        }
    }

    #[test]
    fn rules_of_the_author_hold() {
        use FieldKind as K;
        let rule = |kind: K| Field { kind, ..Field::default() };
        let pair = || {
            let choice = |value: &str| Choice { value: value.into(), ..Choice::default() };
            vec![choice("1"), choice("2")]
        };
        let needed = |kind: K| Field { required: true, kind, ..Field::default() };
        let table: Vec<(Field, &[&str], &str)> = vec![
            (needed(K::Line), &["  "], "Fill this in."),
            (needed(K::Number), &[], "Fill this in."),
            (needed(K::Checkbox), &[], "Tick this box."),
            (Field { options: pair(), ..needed(K::Radio) }, &[], "Choose one."),
            (Field { options: pair(), ..needed(K::Checkbox) }, &[], "Choose at least one."),
            (Field { least: Some(3.0), ..rule(K::Line) }, &["äö"], "Enter at least 3 characters."),
            (Field { least: Some(3.0), ..rule(K::Line) }, &["äöü"], ""),
            (Field { least: Some(3.0), ..rule(K::Line) }, &[""], ""),
            (Field { most: Some(2.0), ..rule(K::Lines) }, &["äöü"], "Enter at most 2 characters."),
            (Field { least: Some(1.5), ..rule(K::Number) }, &["1"], "Enter a number of at least 1.5."),
            (Field { most: Some(9.0), ..rule(K::Number) }, &["10"], "Enter a number of at most 9."),
            (Field { most: Some(9.0), ..rule(K::Number) }, &["9"], ""),
            (Field { most: Some(1.0), options: pair(), ..rule(K::Checkbox) }, &["1", "2"], "Choose at most 1."),
            (
                Field { regex: "^[A-Z]{2}$".into(), ..rule(K::Line) },
                &["Ab"],
                "This is not in the form that is asked for.",
            ),
            (Field { regex: "/^[a-z]{2}$/i".into(), ..rule(K::Line) }, &["AB"], ""),
            (Field { regex: "(unreadable".into(), ..rule(K::Line) }, &["x"], ""),
            (Field { regex: "~city".into(), ..rule(K::Line) }, &["x"], ""),
            (
                Field { regex: r"(a+)+$".into(), ..rule(K::Line) },
                &["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"],
                "This is not in the form that is asked for.",
            ),
        ];
        for (field, texts, expected) in table {
            let shown = format!("{field:?} {texts:?}");
            assert_eq!(judged(field, texts).err().unwrap_or_default(), expected, "{shown}");
        }
    }

    #[test]
    fn texts_to_read_and_buttons_have_no_value() {
        let now = Timestamp::from_millis(0).to_utc();
        let field = |name: &str, kind| Field { name: name.to_owned(), kind, required: true, ..Field::default() };
        let fields = vec![field("l", FieldKind::Label), field("s", FieldKind::Submit), field("", FieldKind::Line)];
        let form = Form { fields, ..Form::default() };
        let typed = Typed::from_pairs(vec![("s".to_owned(), "Send".to_owned())]);
        assert_eq!(judge(&form, &typed, &Surroundings { language: "en", now: &now }), Ok(Map::new()));
    }
}
