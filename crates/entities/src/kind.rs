//! The types of entities a bot can ask for.

/// A type of entity (`conversation.md` §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Any text: the answer itself, one sentence.
    Label,
    /// Any text of any length.
    Description,
    /// A number.
    Number,
    /// An item of a list; also of a large one, or of one that a service keeps.
    ListOfValues,
    /// An e-mail address.
    Email,
    /// A telephone number.
    PhoneNumber,
    /// What an expression of the author finds.
    Regex,
    /// A day.
    Date,
    /// A day and a time.
    DateTime,
    /// A time of day.
    Time,
    /// From one day to another.
    DatePeriod,
    /// A person's name.
    PersonName,
    /// A file.
    Attachment,
    /// A place.
    Location,
    /// A town.
    City,
    /// A country.
    Country,
    /// A postal address.
    Address,
    /// An airport.
    Airport,
    /// A postal code.
    ZipCode,
    /// A company's name.
    Company,
    /// A colour.
    Color,
    /// A share: 50 % is 0.5.
    Percentage,
    /// A web address.
    Url,
    /// A time zone.
    TimeZone,
    /// An amount of something with its unit, ages among them.
    Quantity,
    /// An amount of money.
    Currency,
    /// An amount of money as newer bots read it: as a list of one, or as itself.
    CurrencyV2,
    /// Several entities in one, or JSON as it is.
    Composite,
}

impl Kind {
    /// Whether its values look the same for every bot: numbers, days, money and the like.
    pub fn is_system(self) -> bool {
        matches!(
            self,
            Self::Number
                | Self::Email
                | Self::PhoneNumber
                | Self::Date
                | Self::DateTime
                | Self::Time
                | Self::DatePeriod
                | Self::Percentage
                | Self::Url
                | Self::TimeZone
                | Self::Quantity
                | Self::Currency
                | Self::CurrencyV2
        )
    }

    /// The type that an export writes as `entityType`; `None` for one that no export is known to have.
    pub fn of(entity_type: &str) -> Option<Self> {
        Some(match entity_type {
            "label" | "string" => Self::Label,
            "description" => Self::Description,
            "number" => Self::Number,
            "list_of_values" | "list_of_items_lookup" | "list_of_items_enumerated" => Self::ListOfValues,
            "email" => Self::Email,
            "phone_number" => Self::PhoneNumber,
            "regex" => Self::Regex,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "time" => Self::Time,
            "dateperiod" | "date_period" => Self::DatePeriod,
            "person_name" => Self::PersonName,
            "attachment" => Self::Attachment,
            "location" => Self::Location,
            "city" | "cityAdvanced" | "city_advanced" => Self::City,
            "country" => Self::Country,
            "address" => Self::Address,
            "airport" => Self::Airport,
            "zipcode" => Self::ZipCode,
            "company" | "company_name" => Self::Company,
            "color" => Self::Color,
            "percentage" => Self::Percentage,
            "url" => Self::Url,
            "timezone" | "time_zone" => Self::TimeZone,
            "quantity" | "quantityv2" => Self::Quantity,
            "currency" => Self::Currency,
            "currencyv2" => Self::CurrencyV2,
            "composite" => Self::Composite,
            _ => return None,
        })
    }
}
