//! PEM: keys as text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Finds the first PEM block whose label is one of `labels` and gives its bytes.
pub(crate) fn decode(text: &str, labels: &[&str]) -> Option<Zeroizing<Vec<u8>>> {
    for label in labels {
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        let Some((_, rest)) = text.split_once(&begin) else { continue };
        let (body, _) = rest.split_once(&end)?;
        let body: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect());
        return STANDARD.decode(body.as_bytes()).ok().map(Zeroizing::new);
    }
    None
}

/// Writes bytes as one PEM block.
pub(crate) fn encode(label: &str, bytes: &[u8]) -> String {
    let body = Zeroizing::new(STANDARD.encode(bytes));
    let mut text = format!("-----BEGIN {label}-----\n");
    for at in (0..body.len()).step_by(64) {
        text.push_str(&body[at..body.len().min(at + 64)]);
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
