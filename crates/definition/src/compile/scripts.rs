//! From a written text to the JavaScript in it.

use crate::places::{Use, Written};
use crate::texts::{Template, response_script, templates};

/// A text that must be readable as JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// JSON pointer of the text in the definition; empty for a file of its own.
    pub pointer: String,
    /// Where an author finds it: `dialog 'Pay' node 'AskAmount' message (en, rtm)`.
    pub place: String,
    /// How it is read.
    pub kind: ScriptKind,
    /// The JavaScript, decoded, with a name in place of every `{{…}}` template.
    pub source: String,
}

/// How a script is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptKind {
    /// As the body of a function: `return` is allowed.
    Body,
    /// As one expression, from a `{{…}}` template.
    Expression,
    /// As a file of declarations.
    File,
}

/// Stands for the value of a template while the syntax of the script around it is checked. A name fits wherever a
/// value does, and inside a string it is harmless.
const PLACEHOLDER: &str = "templateValue";

/// Adds the scripts in a text: the text itself if it is one, and the expression of every template.
pub(super) fn add_scripts(scripts: &mut Vec<Script>, owner: &str, written: Written<'_>) {
    let place = format!("{owner} {}", written.place);
    let mut add = |kind, source: String| {
        scripts.push(Script { pointer: written.pointer.clone(), place: place.clone(), kind, source });
    };
    let text = written.text.as_ref();
    let found = match written.used_as {
        Use::Template | Use::Response => templates(text),
        Use::Script => templates_in_script(text),
    };
    match written.used_as {
        Use::Template => {}
        Use::Script => add(ScriptKind::Body, with_placeholders(text, &found)),
        Use::Response => {
            if let Some(script) = response_script(&with_placeholders(text, &found)) {
                add(ScriptKind::Body, script);
            }
        }
    }
    for template in found {
        if !template.expression.is_empty() {
            add(ScriptKind::Expression, template.expression.to_owned());
        }
    }
}

/// The templates of a script. JavaScript has double braces of its own, in nested blocks and in `${{…}}`; those hold
/// statements or follow a dollar sign, which templates do not.
fn templates_in_script(text: &str) -> Vec<Template<'_>> {
    let mut found = templates(text);
    found.retain(|template| {
        let follows_dollar = text[..template.range.start].ends_with('$');
        !follows_dollar && !template.expression.is_empty() && !template.expression.contains([';', '\n'])
    });
    found
}

fn with_placeholders(text: &str, templates: &[Template<'_>]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for template in templates {
        result.push_str(&text[copied..template.range.start]);
        result.push_str(PLACEHOLDER);
        copied = template.range.end;
    }
    result.push_str(&text[copied..]);
    result
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::texts::Encoding;

    #[test]
    fn scripts_are_taken_from_every_kind_of_text() {
        use ScriptKind::{Body, Expression};
        type Row = (Use, &'static str, &'static [(ScriptKind, &'static str)]);
        let table: [Row; 8] = [
            (Use::Template, "Hello", &[]),
            (
                Use::Template,
                "Hi {{context.a}} {{ }} {{f({a: {b: 1}})}}",
                &[(Expression, "context.a"), (Expression, "f({a: {b: 1}})")],
            ),
            (
                Use::Script,
                "var a = {{context.a}}; print('{{content.b}}');",
                &[
                    (Body, "var a = templateValue; print('templateValue');"),
                    (Expression, "context.a"),
                    (Expression, "content.b"),
                ],
            ),
            (Use::Script, "if (a) {{ b(); }}", &[(Body, "if (a) {{ b(); }}")]),
            (Use::Script, "x = `${{a: 1}}`", &[(Body, "x = `${{a: 1}}`")]),
            (Use::Response, "Please enter <field-prompt>", &[]),
            (
                Use::Response,
                "Hi <% if (a) { // b %>dear \"<%= name %>\"<% } %>",
                &[(Body, "print(\"Hi \"); if (a) { // b \nprint(\"dear \\\"\");print( name );print(\"\\\"\"); } \n")],
            ),
            (
                Use::Response,
                "<% print({{context.a}}) %>",
                &[(Body, " print(templateValue) \n"), (Expression, "context.a")],
            ),
        ];
        for (used_as, text, expected) in table {
            let mut scripts = Vec::new();
            let (pointer, place) = (String::from("/p"), String::from("message"));
            let written = Written { pointer, place, used_as, text: Cow::Borrowed(text), encoding: Encoding::Raw };
            add_scripts(&mut scripts, "node", written);
            let found: Vec<_> = scripts.iter().map(|script| (script.kind, script.source.as_str())).collect();
            assert_eq!(found, expected, "{text}");
            assert!(scripts.iter().all(|script| script.place == "node message" && script.pointer == "/p"));
        }
    }
}
