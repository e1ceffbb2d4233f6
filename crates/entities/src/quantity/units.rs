//! Units and what they are worth.

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How long something is; its base unit is the metre.
    Length,
    /// Square metres.
    Area,
    /// Litres.
    Volume,
    /// Grams.
    Weight,
    /// Degrees Celsius.
    Temperature,
    /// Seconds.
    Duration,
    /// How old somebody is, in months.
    Age,
    /// Metres per second.
    Speed,
    /// Bytes.
    Data,
}

impl Measure {
    /// What an export calls it in `unitType`.
    pub fn of(unit_type: &str) -> Option<Self> {
        Some(match unit_type.to_ascii_lowercase().as_str() {
            "length" | "distance" | "height" => Self::Length,
            "area" => Self::Area,
            "volume" => Self::Volume,
            "weight" | "mass" => Self::Weight,
            "temperature" => Self::Temperature,
            "time" | "duration" => Self::Duration,
            "age" => Self::Age,
            "speed" => Self::Speed,
            "digital" | "data" | "storage" => Self::Data,
            _ => return None,
        })
    }

    /// The word that stands in the value's `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Area => "area",
            Self::Volume => "volume",
            Self::Weight => "weight",
            Self::Temperature => "temperature",
            Self::Duration => "time",
            Self::Age => "age",
            Self::Speed => "speed",
            Self::Data => "data",
        }
    }
}

/// A unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Its name: singular, English, in small letters.
    pub name: &'static str,
    /// What it measures. Units of time measure ages too.
    pub measure: Measure,
    /// How many base units it is.
    factor: f64,
    /// What is added after that; only degrees need it.
    offset: f64,
    aliases: &'static [&'static str],
}

const fn unit(measure: Measure, name: &'static str, factor: f64, aliases: &'static [&'static str]) -> Unit {
    Unit { name, measure, factor, offset: 0.0, aliases }
}

use Measure::{Area, Data, Duration, Length, Speed, Temperature, Volume, Weight};

const MONTH: f64 = 30.4375 * 86_400.0;

#[rustfmt::skip]
const UNITS: &[Unit] = &[
    unit(Length, "millimeter", 0.001, &["mm", "millimeters", "millimetre", "millimetres"]),
    unit(Length, "centimeter", 0.01, &["cm", "cms", "centimeters", "centimetre", "centimetres"]),
    unit(Length, "meter", 1.0, &["m", "meters", "metre", "metres", "mtr", "mtrs"]),
    unit(Length, "kilometer", 1000.0, &["km", "kms", "kilometers", "kilometre", "kilometres", "k.m"]),
    unit(Length, "inch", 0.0254, &["inches", "\"", "″"]),
    unit(Length, "foot", 0.3048, &["ft", "feet", "'", "′"]),
    unit(Length, "yard", 0.9144, &["yd", "yds", "yards"]),
    unit(Length, "mile", 1609.344, &["mi", "miles"]),
    unit(Area, "square meter", 1.0, &["sqm", "m²", "square meters", "square metre", "square metres", "sq m"]),
    unit(Area, "square kilometer", 1e6, &["km²", "square kilometers", "square kilometre", "square kilometres", "sq km"]),
    unit(Area, "square foot", 0.09290304, &["sqft", "ft²", "square feet", "sq ft", "sq feet"]),
    unit(Area, "acre", 4046.8564224, &["acres"]),
    unit(Area, "hectare", 10_000.0, &["ha", "hectares"]),
    unit(Volume, "milliliter", 0.001, &["ml", "milliliters", "millilitre", "millilitres"]),
    unit(Volume, "liter", 1.0, &["l", "liters", "litre", "litres", "ltr", "ltrs"]),
    unit(Volume, "gallon", 3.785411784, &["gal", "gallons"]),
    unit(Volume, "pint", 0.473176473, &["pints"]),
    unit(Volume, "quart", 0.946352946, &["quarts"]),
    unit(Volume, "cup", 0.2365882365, &["cups"]),
    unit(Volume, "cubic meter", 1000.0, &["m³", "cubic meters", "cubic metre", "cubic metres"]),
    unit(Weight, "milligram", 0.001, &["mg", "milligrams", "milligramme"]),
    unit(Weight, "gram", 1.0, &["g", "gm", "gms", "grams", "gramme", "grammes", "gr"]),
    unit(Weight, "kilogram", 1000.0, &["kg", "kgs", "kilo", "kilos", "kilograms", "kilogramme", "kilogrammes"]),
    unit(Weight, "ton", 1e6, &["tonne", "tons", "tonnes", "metric ton", "metric tons"]),
    unit(Weight, "pound", 453.59237, &["lb", "lbs", "pounds"]),
    unit(Weight, "ounce", 28.349523125, &["oz", "ounces"]),
    unit(Weight, "stone", 6350.29318, &["stones"]),
    Unit { name: "celsius", measure: Temperature, factor: 1.0, offset: 0.0,
        aliases: &["c", "°c", "℃", "degree celsius", "degrees celsius", "degree c", "degrees c", "centigrade",
            "degree centigrade", "degrees centigrade", "degree", "degrees", "°"] },
    Unit { name: "fahrenheit", measure: Temperature, factor: 5.0 / 9.0, offset: -160.0 / 9.0,
        aliases: &["f", "°f", "℉", "degree fahrenheit", "degrees fahrenheit", "degree f", "degrees f"] },
    Unit { name: "kelvin", measure: Temperature, factor: 1.0, offset: -273.15, aliases: &["kelvins", "degrees kelvin"] },
    unit(Duration, "second", 1.0, &["s", "sec", "secs", "seconds"]),
    unit(Duration, "minute", 60.0, &["min", "mins", "minutes"]),
    unit(Duration, "hour", 3600.0, &["h", "hr", "hrs", "hours"]),
    unit(Duration, "day", 86_400.0, &["days"]),
    unit(Duration, "week", 604_800.0, &["wk", "wks", "weeks"]),
    unit(Duration, "fortnight", 1_209_600.0, &["fortnights"]),
    unit(Duration, "month", MONTH, &["months", "mo", "mos", "mth", "mths"]),
    unit(Duration, "year", 12.0 * MONTH, &["y", "yr", "yrs", "years", "yo", "y.o"]),
    unit(Duration, "decade", 120.0 * MONTH, &["decades"]),
    unit(Speed, "meter per second", 1.0, &["m/s", "mps", "meters per second", "metres per second"]),
    unit(Speed, "kilometer per hour", 1.0 / 3.6, &["km/h", "kmh", "kph", "kmph", "kilometers per hour",
        "kilometres per hour", "km per hour"]),
    unit(Speed, "mile per hour", 0.44704, &["mph", "miles per hour", "mi/h"]),
    unit(Speed, "knot", 1852.0 / 3600.0, &["knots", "kn"]),
    unit(Data, "byte", 1.0, &["bytes"]),
    unit(Data, "kilobyte", 1024.0, &["kb", "kilobytes"]),
    unit(Data, "megabyte", 1_048_576.0, &["mb", "mbs", "megabytes"]),
    unit(Data, "gigabyte", 1_073_741_824.0, &["gb", "gbs", "gig", "gigs", "gigabytes"]),
    unit(Data, "terabyte", 1_099_511_627_776.0, &["tb", "tbs", "terabytes"]),
];

impl Unit {
    /// The unit of a name or abbreviation in small letters.
    pub fn named(word: &str) -> Option<Self> {
        UNITS.iter().find(|unit| unit.name == word || unit.aliases.contains(&word)).copied()
    }

    /// An amount of this unit in another one; `None` where they measure different things.
    pub fn convert(self, amount: f64, into: Self) -> Option<f64> {
        (self.measure == into.measure).then(|| {
            // Months count exactly among themselves: three years are 36 of them.
            let base = amount * self.factor + self.offset;
            (base - into.offset) / into.factor
        })
    }
}
