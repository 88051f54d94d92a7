//! Conversion of XML into JSON: an element with child elements becomes an object, any other element becomes its text. Attributes
//! are ignored. Of several elements with the same name, only the first is used. Entities of a DTD are never expanded.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// The maximum depth of nested elements.
const DEPTH: usize = 64;

/// A document, parsed up to its end or to the first error.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Document {
    /// The name of the root element, without its prefix.
    pub(crate) root: String,
    /// The content of the root element.
    pub(crate) content: Value,
    /// Whether the document is complete.
    pub(crate) is_whole: bool,
}

/// An element whose end has not been read yet.
struct OpenElement {
    name: String,
    text: String,
    fields: Map<String, Value>,
}

impl OpenElement {
    fn close(self) -> (String, Value) {
        // A text on lines of its own is indented. On one line, spaces can be part of a value, such as the key of an object.
        let is_indented = self.text.contains('\n') || self.text.trim().is_empty();
        let text = || Value::String(if is_indented { self.text.trim() } else { &self.text }.to_owned());
        (self.name, if self.fields.is_empty() { text() } else { Value::Object(self.fields) })
    }
}

/// Appends to the text of the innermost element.
fn push_text(open: &mut [OpenElement], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

impl Document {
    /// Parses a document.
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<OpenElement> = Vec::new();
        let mut document = Self::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) if open.len() < DEPTH => {
                    let name = tag.local_name().as_ref().to_owned();
                    open.push(OpenElement { name, text: String::new(), fields: Map::new() });
                }
                Ok(Event::Empty(tag)) => document.end(&mut open, (tag.local_name().as_ref().to_owned(), Value::Null)),
                Ok(Event::End(_)) => {
                    if let Some(element) = open.pop() {
                        document.end(&mut open, element.close());
                    }
                }
                Ok(Event::Text(text)) => push_text(&mut open, &text),
                Ok(Event::CData(text)) => push_text(&mut open, &text),
                // Character references and the five entities of XML itself.
                Ok(Event::GeneralRef(name)) => {
                    let number = name.resolve_char_ref().ok().flatten().map(String::from);
                    let named = || resolve_xml_entity(&name).map(str::to_owned);
                    push_text(&mut open, &number.or_else(named).unwrap_or_default());
                }
                Ok(Event::Eof) => {
                    document.is_whole = open.is_empty() && !document.root.is_empty();
                    break;
                }
                Ok(Event::Start(_)) | Err(_) => break,
                Ok(_) => {}
            }
        }
        while let Some(element) = open.pop() {
            document.end(&mut open, element.close());
        }
        document
    }

    /// Adds a closed element to its parent element, or sets it as the root.
    fn end(&mut self, open: &mut [OpenElement], (name, value): (String, Value)) {
        match open.last_mut() {
            Some(parent) => drop(parent.fields.entry(name).or_insert(value)),
            None if self.root.is_empty() => (self.root, self.content) = (name, value),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(text: &str) -> (String, Value, bool) {
        let Document { root, content, is_whole } = Document::parse(text);
        (root, content, is_whole)
    }

    #[test]
    fn elements_become_fields() {
        assert_eq!(
            parse("<p:a x='1'><b>one &amp; <![CDATA[two]]></b><b>3</b><c><d/></c></p:a>"),
            ("a".into(), json!({"b": "one & two", "c": {"d": null}}), true)
        );
        assert_eq!(parse("<a>\n  text\n</a>"), ("a".into(), json!("text"), true));
        assert_eq!(parse("<a> </a>"), ("a".into(), json!(""), true));
        assert_eq!(parse("<a>a.wav </a>"), ("a".into(), json!("a.wav "), true));
    }

    #[test]
    fn malformed_or_deep_documents_are_not_whole() {
        assert_eq!(parse("<a><b>1</b><c>2"), ("a".into(), json!({"b": "1", "c": "2"}), false));
        assert!(!parse("<a><b></a>").2);
        assert_eq!(parse(""), (String::new(), Value::Null, false));
        assert!(!parse(&"<a>".repeat(100_000)).2);
    }
}
