//! XML as JSON, in the shape that scripts written for the original expect (that of `xml2js`).
//!
//! The root element is a field of an object. Every child element is an array, since it may come again. Attributes are
//! under `$`, the text of an element that has attributes or children is under `_`; one that has only a text is that text.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

/// Deeper documents are left as texts, as JSON is.
const MAX_DEPTH: usize = 100;

/// An element that has not ended yet.
struct Open {
    name: String,
    attributes: Map<String, Value>,
    children: Map<String, Value>,
    text: String,
}

/// Reads a document; `None` where it is not well-formed or too deep. Entities that a document defines are not replaced.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    loop {
        let ended = match reader.read_event().ok()? {
            Event::Start(_) | Event::Empty(_) if root.is_some() || open.len() >= MAX_DEPTH => return None,
            Event::Start(tag) => {
                open.push(start(&tag)?);
                continue;
            }
            Event::Empty(tag) => start(&tag)?,
            Event::End(_) => open.pop()?,
            Event::Eof => return root.filter(|_| open.is_empty()),
            Event::Text(part) => {
                let part = part.decode().ok()?;
                match open.last_mut() {
                    Some(element) => element.text.push_str(&part),
                    None if part.trim().is_empty() => {}
                    None => return None,
                }
                continue;
            }
            Event::CData(part) => {
                open.last_mut()?.text.push_str(&part.decode().ok()?);
                continue;
            }
            Event::GeneralRef(entity) => {
                let element = open.last_mut()?;
                if let Some(character) = entity.resolve_char_ref().ok()? {
                    element.text.push(character);
                } else {
                    let name = entity.decode().ok()?;
                    match resolve_predefined_entity(&name) {
                        Some(text) => element.text.push_str(text),
                        None => element.text.extend(["&", &name, ";"]),
                    }
                }
                continue;
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
        };
        let name = ended.name.clone();
        let value = ended.into_value();
        match open.last_mut() {
            Some(parent) => {
                if let Value::Array(same) = parent.children.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                    same.push(value);
                }
            }
            None => root = Some(Value::Object(Map::from_iter([(name, value)]))),
        }
    }
}

fn start(tag: &BytesStart<'_>) -> Option<Open> {
    let mut attributes = Map::new();
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let name = str::from_utf8(attribute.key.as_ref()).ok()?.to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        attributes.insert(name, Value::String(value.into_owned()));
    }
    let name = str::from_utf8(tag.name().as_ref()).ok()?.to_owned();
    Some(Open { name, attributes, children: Map::new(), text: String::new() })
}

impl Open {
    fn into_value(self) -> Value {
        if self.attributes.is_empty() && self.children.is_empty() {
            return Value::String(self.text);
        }
        let mut value = Map::new();
        // White space between children is the writer's taste, not content.
        if !self.text.trim().is_empty() {
            value.insert("_".into(), Value::String(self.text));
        }
        if !self.attributes.is_empty() {
            value.insert("$".into(), Value::Object(self.attributes));
        }
        value.extend(self.children);
        Value::Object(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_objects() {
        for (xml, json) in [
            ("<a/>", r#"{"a":""}"#),
            ("<?xml version='1.0'?>\n<a>x</a>\n", r#"{"a":"x"}"#),
            ("<a><b>1</b><b>2</b><c/></a>", r#"{"a":{"b":["1","2"],"c":[""]}}"#),
            ("<a id='1'>x</a>", r#"{"a":{"_":"x","$":{"id":"1"}}}"#),
            ("<a id='1'/>", r#"{"a":{"$":{"id":"1"}}}"#),
            ("<a>\n  <b>\n x </b>\n</a>", r#"{"a":{"b":["\n x "]}}"#),
            ("<a>x<b/>y</a>", r#"{"a":{"_":"xy","b":[""]}}"#),
            ("<a>1 &lt; 2 &amp; &#65;&#x42; &own;</a>", r#"{"a":"1 < 2 & AB &own;"}"#),
            ("<a t='&quot;&#65;'><![CDATA[<b>&amp;]]></a>", r#"{"a":{"_":"<b>&amp;","$":{"t":"\"A"}}}"#),
            (
                "<s:Envelope xmlns:s='urn:x'><s:Body><!-- c --><r n='2'>4</r></s:Body></s:Envelope>",
                r#"{"s:Envelope":{"$":{"xmlns:s":"urn:x"},"s:Body":[{"r":[{"_":"4","$":{"n":"2"}}]}]}}"#,
            ),
        ] {
            assert_eq!(parse(xml).map(|value| value.to_string()).as_deref(), Some(json), "{xml}");
        }
        let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(parse(&deep(MAX_DEPTH)).is_some());
        for broken in
            ["", "x", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b=1/>", "<a b='1' b='2'/>", &deep(MAX_DEPTH + 1)]
        {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }
}
