//! A reply as plain text, for channels that show nothing else.

use dialog::reply::{Content, Reply, Source, letter};

/// The plain text of a reply.
///
/// - Choices of a node follow its question after an empty line: `question\n\na) One\nb) Two\n`.
/// - Choices of the platform's own questions (help, did you mean …) follow with blanks around the line breaks, as
///   clients know them: `question \n a) One \n b) Two \n`.
/// - Yes and no stand in one line: `question\nYes, No, `.
/// - The link of a form follows the text, unless the author has put it there.
/// - A template is its JSON text, whatever choices there are.
pub fn of(reply: &Reply) -> String {
    let mut text = match &reply.content {
        Content::Template(template) => return template.to_string(),
        Content::Text(text) => text.clone(),
    };
    if let Some(form) = &reply.form
        && !text.contains(&form.link)
    {
        text = format!("{} {}", text.trim_end(), form.link);
    }
    if reply.choices.is_empty() {
        return text;
    }
    let titles = reply.choices.iter().map(|choice| &choice.title);
    if reply.is_yes_no {
        text.push('\n');
        text.extend(titles.map(|title| format!("{title}, ")));
    } else if reply.source == Source::Dialog {
        text.push_str("\n\n");
        text.extend(titles.enumerate().map(|(place, title)| format!("{}) {title}\n", letter(place))));
    } else {
        text.push_str(" \n");
        text.extend(titles.enumerate().map(|(place, title)| format!(" {}) {title} \n", letter(place))));
    }
    text
}
