//! Ways to prove who calls a service (`idpConfigurations`).

use definition::{Document, ShapeError};
use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, items, printed, text};
use super::parts::list;
use crate::bot::{AuthField, AuthProfile, Piece, Text};

/// Kinds that can be run, without blanks, dashes and underscores; an empty one only adds its fields.
const KINDS: [&str; 7] = ["", "none", "basic", "apikey", "oauth2", "header", "custom"];

/// The profiles of the bot.
///
/// # Errors
/// `idpConfigurations` is not a list.
pub(super) fn read(definition: &Document, findings: &mut Findings) -> Result<Vec<AuthProfile>, ShapeError> {
    let profiles = list(definition, "idpConfigurations")?;
    Ok(profiles.into_iter().map(|profile| read_profile(profile, findings)).collect())
}

fn read_profile(profile: Value, findings: &mut Findings) -> AuthProfile {
    let name = text(&profile["name"]).to_owned();
    let kind = ["sso_type", "type"].iter().find_map(|member| id(&profile[*member])).unwrap_or_default().to_owned();
    let plain = kind.to_lowercase().replace(['_', '-', ' '], "");
    let grant = [&profile["grant_type"], &profile["grantType"], &profile["appConfig"]["grant_type"]];
    let grant = grant.into_iter().find_map(id).unwrap_or_default().to_lowercase();
    if !KINDS.contains(&plain.as_str()) {
        findings.add(format!(
            "the authorization profile '{name}' is of the kind '{kind}', which is not known here: its services are \
             called with its header fields alone"
        ));
    } else if plain == "oauth2" && grant.contains("code") {
        findings.add(format!(
            "the authorization profile '{name}' has users sign in themselves, which is not possible here: its services \
             are called for the bot"
        ));
    }
    let fields: Vec<AuthField> = items(&profile["fields"]).iter().filter_map(field).collect();
    let asked = asked_for(&fields);
    if !asked.is_empty() {
        findings.add(format!(
            "the authorization profile '{name}' asks users for {}, which is not possible here: what it calls fails",
            asked.join(", ")
        ));
    }
    AuthProfile { ref_id: text(&profile["refId"]).to_owned(), name, kind, fields, details: profile }
}

fn field(field: &Value) -> Option<AuthField> {
    Some(AuthField {
        place: text(&field["type"]).to_lowercase(),
        key: id(&field["key"])?.to_owned(),
        value: Text::plain(&printed(&field["value"])),
    })
}

/// What the fields want of the user who signs in: templates that name no variable.
fn asked_for(fields: &[AuthField]) -> Vec<&str> {
    let mut asked = Vec::new();
    for piece in fields.iter().flat_map(|field| &field.value.pieces) {
        let Piece::Expression(expression) = piece else { continue };
        let is_name = expression.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name && !asked.contains(&expression.as_str()) {
            asked.push(expression.as_str());
        }
    }
    asked
}
