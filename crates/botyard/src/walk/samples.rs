//! Values that people would give, by the type of what is asked.

use dialog::bot::{Field, FieldKind, Form};
use entities::Kind;
use serde_json::{Map, Value, json};

use super::expression;

const EMAIL: &str = "ada@example.com";
const PHONE_NUMBER: &str = "9876543210";

/// What may be said where an entity of this type is asked for; the rules of the entity may allow only some of it.
pub(super) fn of_entity(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Number => &[
            "5",
            "2",
            "0",
            "42",
            "250",
            "1234",
            "12345",
            "123456",
            "1234567",
            "12345678",
            "123456789",
            "1234567890",
            "123456789012",
            "1234567890123456",
            "2020",
            "1.5",
        ],
        Kind::Email => &[EMAIL],
        Kind::PhoneNumber => &[PHONE_NUMBER, "+1 202 555 0143", "2025550143"],
        Kind::Date => &["tomorrow", "2030-05-17", "yesterday", "today", "17 May 1990", "next friday", "May 2030"],
        Kind::DateTime => &["tomorrow at 10:30 am", "2030-05-17 10:30"],
        Kind::Time => &["10:30 am", "5 pm"],
        Kind::DatePeriod => &["from 17 May 2030 to 20 May 2030", "next week"],
        Kind::PersonName => &["Ada Lovelace"],
        Kind::Location | Kind::City => &["London", "Hyderabad", "Berlin"],
        Kind::Country => &["France"],
        Kind::Address => &["221B Baker Street, London NW1 6XE", "1600 Amphitheatre Parkway, Mountain View, CA 94043"],
        Kind::Airport => &["London Heathrow", "JFK"],
        Kind::ZipCode => &["94105", "500081", "SW1A 1AA"],
        Kind::Company => &["Microsoft", "Google"],
        Kind::Color => &["blue"],
        Kind::Percentage => &["20%"],
        Kind::Url => &["https://example.com/page"],
        Kind::TimeZone => &["EST", "Europe/London"],
        Kind::Quantity => &["5 kg", "10 km", "2 hours", "3 years", "20 degrees celsius", "4 liters"],
        Kind::Currency | Kind::CurrencyV2 => &["20 dollars", "$20", "100 EUR"],
        // Where the expression cannot be followed, something that many expressions find.
        Kind::Regex => &["ABC123", "12345", "1234567890", "ABC-123", "abc", "AB1234", "ABCDE1234F"],
        Kind::Composite => &["{\"value\": 5}"],
        Kind::Label | Kind::Description => &["Something I typed", "94105"],
        Kind::ListOfValues | Kind::Attachment => &[],
    }
}

/// A file that a user sends.
pub(super) fn attachment() -> Value {
    json!({"fileId": "5f0000000000000000000001", "fileName": "photo.png", "fileType": "image",
        "url": {"fileUrl": "http://localhost/photo.png"}})
}

/// A form filled in: all its fields.
pub(super) fn of_form(form: &Form) -> Value {
    let mut values = Map::new();
    for field in &form.fields {
        if let Some(value) = of_field(field) {
            values.insert(field.name.clone(), value);
        }
    }
    Value::Object(values)
}

fn of_field(field: &Field) -> Option<Value> {
    let first = field.options.first().map(|option| option.value.as_str());
    let text = |text: &str| Some(Value::from(text));
    // Many a field for a telephone number or an address is one for any text.
    let is_about = |what: &str| field.regex.is_empty() && field.name.to_lowercase().contains(what);
    match &field.kind {
        FieldKind::Line | FieldKind::Number if is_about("phone") || is_about("mobile") => text(PHONE_NUMBER),
        FieldKind::Line if is_about("mail") => text(EMAIL),
        FieldKind::Label | FieldKind::Submit => None,
        FieldKind::Number => {
            let number = field.least.or(field.most).unwrap_or(5.0);
            Some(Value::from(number))
        }
        FieldKind::Email => text(EMAIL),
        FieldKind::Phone => text(PHONE_NUMBER),
        FieldKind::Url => text("https://example.com/page"),
        FieldKind::Date => text("2030-05-17"),
        FieldKind::Radio | FieldKind::Dropdown { many: false } => text(first.unwrap_or_default()),
        FieldKind::Dropdown { many: true } => Some(json!([first.unwrap_or_default()])),
        FieldKind::Checkbox => Some(first.map_or(Value::Bool(true), |first| json!([first]))),
        FieldKind::Line | FieldKind::Lines | FieldKind::Password | FieldKind::Other(_) => {
            Some(Value::from(line(field)))
        }
    }
}

/// A line that is as long as it has to be.
fn line(field: &Field) -> String {
    if let Some(text) = expression::text_of(&field.regex).filter(|text| !text.is_empty()) {
        return text;
    }
    let mut text = "Something I typed".to_owned();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths of texts are small")]
    let length = |limit: f64| limit.clamp(0.0, 10_000.0) as usize;
    if let Some(most) = field.most {
        text.truncate(length(most));
    }
    if let Some(least) = field.least {
        while text.len() < length(least) {
            text.push('x');
        }
    }
    text
}
