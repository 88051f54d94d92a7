//! XML as the JSON that says the same: an element with elements is an object, any other one is its text. Attributes say
//! nothing here, of several elements with one name the first counts, and no entity is ever expanded.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// How many elements may stand in one another.
const DEPTH: usize = 64;

/// A document, as far as it could be read.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Document {
    /// The name of the outermost element, without its prefix.
    pub(crate) root: String,
    /// What that holds.
    pub(crate) content: Value,
    /// Whether the document came to its end.
    pub(crate) whole: bool,
}

/// An element that has begun and not ended.
struct Open {
    name: String,
    text: String,
    fields: Map<String, Value>,
}

impl Open {
    fn close(self) -> (String, Value) {
        let text = || Value::String(self.text.trim().to_owned());
        (self.name, if self.fields.is_empty() { text() } else { Value::Object(self.fields) })
    }
}

/// Adds to the text of the innermost element.
fn say(open: &mut [Open], words: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(words);
    }
}

impl Document {
    /// Reads what can be read.
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Open> = Vec::new();
        let mut document = Self::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) if open.len() < DEPTH => {
                    let name = tag.local_name().as_ref().to_owned();
                    open.push(Open { name, text: String::new(), fields: Map::new() });
                }
                Ok(Event::Empty(tag)) => document.end(&mut open, (tag.local_name().as_ref().to_owned(), Value::Null)),
                Ok(Event::End(_)) => {
                    if let Some(element) = open.pop() {
                        document.end(&mut open, element.close());
                    }
                }
                Ok(Event::Text(words)) => say(&mut open, &words),
                Ok(Event::CData(words)) => say(&mut open, &words),
                // The five that XML itself names, and characters by number; those of a DTD are never expanded.
                Ok(Event::GeneralRef(name)) => {
                    let number = name.resolve_char_ref().ok().flatten().map(String::from);
                    let named = || resolve_xml_entity(&name).map(str::to_owned);
                    say(&mut open, &number.or_else(named).unwrap_or_default());
                }
                Ok(Event::Eof) => {
                    document.whole = open.is_empty() && !document.root.is_empty();
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

    /// An element has ended: it is a field of the one around it, or the whole document.
    fn end(&mut self, open: &mut [Open], (name, value): (String, Value)) {
        match open.last_mut() {
            Some(around) => drop(around.fields.entry(name).or_insert(value)),
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
        let Document { root, content, whole } = Document::parse(text);
        (root, content, whole)
    }

    #[test]
    fn elements_are_fields() {
        assert_eq!(
            parse("<p:a x='1'><b>one &amp; <![CDATA[two]]></b><b>3</b><c><d/></c></p:a>"),
            ("a".into(), json!({"b": "one & two", "c": {"d": null}}), true)
        );
        assert_eq!(parse("<a> text </a>"), ("a".into(), json!("text"), true));
    }

    #[test]
    fn what_is_broken_or_too_deep_is_not_whole() {
        assert_eq!(parse("<a><b>1</b><c>2"), ("a".into(), json!({"b": "1", "c": "2"}), false));
        assert!(!parse("<a><b></a>").2);
        assert_eq!(parse(""), (String::new(), Value::Null, false));
        assert!(!parse(&"<a>".repeat(100_000)).2);
    }
}
