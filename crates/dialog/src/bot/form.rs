//! Digital forms: fields a user fills in on a page (conversation.md §16).

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Id that survives export and import.
    pub ref_id: String,
    /// Key in `context.forms`.
    pub name: String,
    /// What people see.
    pub title: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// The element of `forms` as the export has it: what clients get as `formDef`.
    pub definition: serde_json::Value,
}

/// A field.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Key in `context.forms.<form>`.
    pub name: String,
    /// What people see.
    pub label: String,
    /// What stands in an empty field.
    pub placeholder: String,
    /// What kind of field.
    pub kind: FieldKind,
    /// It must be filled in.
    pub required: bool,
    /// Fewest and most characters, or least and greatest number.
    pub least: Option<f64>,
    /// See `least`.
    pub most: Option<f64>,
    /// What the value has to match.
    pub regex: String,
    /// What there is to choose from.
    pub options: Vec<Choice>,
    /// What it holds at first.
    pub default: String,
}

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What people see.
    pub title: String,
    /// What is sent.
    pub value: String,
    /// Chosen at first.
    pub selected: bool,
}

/// What kind a field is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Lines,
    /// A number.
    Number,
    /// An address of electronic mail.
    Email,
    /// A telephone number.
    Phone,
    /// An address on the web.
    Url,
    /// A day.
    Date,
    /// One of several, all visible.
    Radio,
    /// One of several, or several of several, in a list.
    Dropdown {
        /// More than one may be chosen.
        many: bool,
    },
    /// Any of several, or yes and no where there are no options.
    Checkbox,
    /// A password.
    Password,
    /// A text to read.
    Label,
    /// Sends the form.
    Submit,
    /// Another kind, by its name: shown as one line.
    Other(String),
}
