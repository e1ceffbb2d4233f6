//! Secrets in settings: read as texts, never written.

/// What stands for a secret where settings are shown.
const HIDDEN: &str = "(hidden)";

/// A text that is a secret as a whole.
pub(super) mod text {
    use access::Secret;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
    pub(in crate::config) fn serialize<S: Serializer>(_: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(super::HIDDEN)
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Secret>, D::Error> {
        Option::<String>::deserialize(input).map(|text| text.map(Secret::new))
    }
}

/// A URL with a password in it, perhaps.
pub(super) mod url {
    use access::Secret;
    use serde::Serializer;

    pub(in crate::config) use super::text::deserialize;

    #[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
    pub(in crate::config) fn serialize<S: Serializer>(url: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = url.as_ref().map_or_else(|| super::HIDDEN.to_owned(), |url| without_password(url.expose()));
        serializer.serialize_str(&shown)
    }

    /// The URL with its password and its parameters hidden, since both may hold secrets.
    fn without_password(url: &str) -> String {
        let (place, parameters) = url.split_once('?').map_or((url, ""), |(place, _)| (place, "?(hidden)"));
        let Some((scheme, rest)) = place.split_once("://") else { return format!("{place}{parameters}") };
        // A password may hold an unescaped `@`, so the last one ends it.
        match rest.rsplit_once('@') {
            Some((credentials, host)) if credentials.contains(':') => {
                let user = credentials.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}:{}@{host}{parameters}", super::HIDDEN)
            }
            _ => format!("{place}{parameters}"),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::without_password;

        #[test]
        fn no_password_is_shown() {
            for (url, shown) in [
                ("postgres://me:se:cr@t@host:5432/db", "postgres://me:(hidden)@host:5432/db"),
                ("postgres://me@host/db?password=secret", "postgres://me@host/db?(hidden)"),
                ("sqlite:folder/botyard.db", "sqlite:folder/botyard.db"),
            ] {
                assert_eq!(without_password(url), shown);
            }
        }
    }
}
