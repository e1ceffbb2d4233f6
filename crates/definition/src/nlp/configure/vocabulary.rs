//! What can be set, by which names, and to which values.

use serde_json::Value;

/// Values that a setting takes.
#[derive(Clone, Copy)]
pub(super) enum Values {
    /// A number from 0 to this.
    UpTo(u32),
    /// A whole number from 1 to this.
    Count(u64),
    /// `true` or `false`.
    Switch,
    /// A text with something in it.
    Text,
}

impl Values {
    pub(super) fn accepts(self, value: &Value) -> bool {
        match self {
            Self::UpTo(most) => {
                value.is_number() && value.as_f64().is_some_and(|one| (0.0..=f64::from(most)).contains(&one))
            }
            Self::Count(most) => value.as_u64().is_some_and(|count| (1..=most).contains(&count)),
            Self::Switch => value.is_boolean(),
            Self::Text => value.as_str().is_some_and(|text| !text.trim().is_empty()),
        }
    }

    /// What is accepted, in words.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::UpTo(most) => format!("a number from 0 to {most}"),
            Self::Count(most) => format!("a whole number from 1 to {most}"),
            Self::Switch => "true or false".to_owned(),
            Self::Text => "a text that is not empty".to_owned(),
        }
    }
}

/// An object of `confidenceConfigs`.
pub(super) struct Mode {
    /// Its `mode`.
    pub(super) name: &'static str,
    /// Other names of the engine it is about, in small letters.
    others: &'static [&'static str],
    /// Its thresholds and switches.
    pub(super) keys: &'static [(&'static str, Values)],
}

impl Mode {
    pub(super) fn values(&self, key: &str) -> Option<Values> {
        self.keys.iter().find(|(name, _)| *name == key).map(|(_, values)| *values)
    }
}

const PERCENT: Values = Values::UpTo(100);

/// The modes of real exports with the members that mean something. Only the probabilities of the ML engine are numbers
/// up to 1, as exports have them; everything else is in percent.
pub(super) const MODES: [Mode; 4] = [
    Mode {
        name: "ml",
        others: &["machinelearning"],
        keys: &[
            ("minThreshold", Values::UpTo(1)),
            ("maxThreshold", PERCENT),
            ("exactMatchThreshold", PERCENT),
            ("nerThresholdValue", Values::UpTo(1)),
            ("isActive", Values::Switch),
        ],
    },
    Mode {
        name: "faq",
        others: &["kg", "knowledgegraph"],
        keys: &[
            ("minThreshold", PERCENT),
            ("maxThreshold", PERCENT),
            ("exactMatchThreshold", PERCENT),
            ("pathCoverage", PERCENT),
            ("taskMatchTolerance", PERCENT),
            ("suggestionsCount", Values::Count(10)),
            ("useBotSynonyms", Values::Switch),
            ("isActive", Values::Switch),
        ],
    },
    Mode {
        name: "cs",
        others: &["fm", "fundamentalmeaning"],
        keys: &[
            ("minThreshold", PERCENT),
            ("maxThreshold", PERCENT),
            ("wordCoverage", PERCENT),
            ("taskMatchTolerance", PERCENT),
            ("labelMatch", Values::Switch),
            ("isFMThreshold", Values::Switch),
            ("isActive", Values::Switch),
        ],
    },
    Mode {
        name: "rr",
        others: &["ranking", "rankingandresolver"],
        keys: &[
            ("threshold", PERCENT),
            ("minThreshold", PERCENT),
            ("maxThreshold", PERCENT),
            ("taskMatchTolerance", PERCENT),
            ("isPreferDefinitiveMatch", Values::Switch),
            ("intentRescoring", Values::Switch),
            ("isActive", Values::Switch),
        ],
    },
];

/// Settings of `advancedNLSettings`, with the engine that exports file each under.
pub(super) const ADVANCED: [(&str, &str, Values); 9] = [
    ("Multiple_Intent_Models", "ML", Values::Switch),
    ("NoneIntent", "ML", Values::Switch),
    ("network", "ML", Values::Text),
    ("ml_suggestion_proximity", "ML", PERCENT),
    ("ML_RemovePunctuation", "ML", Values::Text),
    ("TestPlaceHolders", "ML", Values::Switch),
    ("f_negation", "General", Values::Switch),
    ("exactTaskNameMatch", "FM", Values::Switch),
    ("cosineSimilarityDampening", "KG", Values::Switch),
];

/// Switches of the whole bot, which are top-level members.
pub(super) const TOP_LEVEL: [(&str, Values); 2] =
    [("detectMultiIntent", Values::Switch), ("enableNegativePatterns", Values::Switch)];

/// The mode that a name means: that of exports, or that of the engine in any spelling (`knowledge_graph`).
pub(super) fn mode(name: &str) -> Option<&'static Mode> {
    let folded: String = name.chars().filter(|one| one.is_alphanumeric()).collect::<String>().to_lowercase();
    MODES.iter().find(|mode| mode.name == folded || mode.others.contains(&folded.as_str()))
}

/// The modes that have a threshold of this name.
pub(super) fn modes_with(key: &str) -> Vec<&'static Mode> {
    MODES.iter().filter(|mode| mode.values(key).is_some()).collect()
}

/// Every name that may stand at the top of a request.
pub(super) fn top_names() -> String {
    let modes = MODES.iter().map(|mode| mode.name);
    let lists = ["confidenceConfigs", "advancedNLSettings"];
    let own = MODES.iter().flat_map(|mode| mode.keys).map(|(key, _)| *key).filter(|key| modes_with(key).len() == 1);
    let names = modes.chain(lists).chain(own).chain(ADVANCED.map(|row| row.0)).chain(TOP_LEVEL.map(|row| row.0));
    names.collect::<Vec<_>>().join(", ")
}
