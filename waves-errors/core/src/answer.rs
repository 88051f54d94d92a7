//! What a body says of itself: read once as JSON, as a storage service's XML or HTML, or as plain text.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::evidence::Body;

/// A body, read.
#[derive(Debug, Default)]
pub(crate) enum Answer<'a> {
    /// There is none.
    #[default]
    None,
    /// JSON; its nesting is bounded by the reader.
    Json(Value),
    /// An error document of a storage service: only a code can tell what it is.
    Storage { code: Option<String>, message: Option<String>, text: &'a str },
    /// Text that is neither, or a body that was cut.
    Text(Cow<'a, str>),
}

impl<'a> Answer<'a> {
    /// Reads a body. What is damaged, cut or binary is text, as far as it is text at all.
    pub(crate) fn read(body: Option<&'a Body>) -> Self {
        let Some(body) = body else { return Self::None };
        let bytes = body.kept().trim_ascii();
        match bytes.first() {
            None => Self::None,
            Some(b'{' | b'[' | b'"') if body.is_whole() => {
                serde_json::from_slice(bytes).map_or_else(|_| Self::Text(String::from_utf8_lossy(bytes)), Self::Json)
            }
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => storage(text).unwrap_or(Self::Text(Cow::Borrowed(text))),
                Err(_) => Self::Text(String::from_utf8_lossy(bytes)),
            },
        }
    }

    /// The string, number or boolean at a JSON pointer, as it is written.
    pub(crate) fn scalar(&self, pointer: &str) -> Option<Cow<'_, str>> {
        let Self::Json(value) = self else { return None };
        match find(value, pointer)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(bool) => Some(Cow::Borrowed(if *bool { "true" } else { "false" })),
            _ => None,
        }
    }

    /// Each text that could hold a phrase: the strings of JSON at any depth but for fields in `hidden`, which hold
    /// what users said; or the text as it is.
    pub(crate) fn texts(&self, hidden: &[&str], each: &mut dyn FnMut(&str)) {
        match self {
            Self::None => {}
            Self::Json(value) => strings(value, hidden, each),
            Self::Storage { text, .. } => each(text),
            Self::Text(text) => each(text),
        }
    }
}

/// The value at a JSON pointer.
fn find<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.is_empty() {
        return Some(value);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(value, |value, token| match value {
        Value::Object(map) if token.contains('~') => map.get(&token.replace("~1", "/").replace("~0", "~")),
        Value::Object(map) => map.get(token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

fn strings(value: &Value, hidden: &[&str], each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, hidden, each)),
        Value::Object(map) => {
            map.iter()
                .filter(|(key, _)| !hidden.contains(&key.as_str()))
                .for_each(|(_, item)| strings(item, hidden, each));
        }
        _ => {}
    }
}

/// An error document of an S3-compatible service, in XML (`<Error><Code>`) or, from a website endpoint, in HTML
/// (`<li>Code: `).
fn storage(text: &str) -> Option<Answer<'_>> {
    if !text.starts_with('<') {
        return None;
    }
    if let Some(code) = html_item(text, "Code: ") {
        return Some(Answer::Storage { code: Some(code), message: html_item(text, "Message: "), text });
    }
    let mut document = Document::default();
    document.read(text);
    (document.root.as_deref() == Some("Error")).then_some(Answer::Storage {
        code: document.code,
        message: document.message,
        text,
    })
}

fn html_item(text: &str, label: &str) -> Option<String> {
    let start = text.find("<li>").filter(|_| text.contains("<html"))?;
    let at = start + text[start..].find(&format!("<li>{label}"))? + "<li>".len() + label.len();
    let value = text[at..].split('<').next()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// What an XML error document says: its root, and the texts of `Code` and `Message` directly below it.
#[derive(Default)]
struct Document {
    root: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

impl Document {
    /// Reads what can be read; entities and DTDs are passed over, never expanded.
    fn read(&mut self, text: &str) {
        let mut reader = Reader::from_str(text);
        let mut path: Vec<String> = Vec::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    let name = tag.local_name().as_ref().to_owned();
                    if path.is_empty() && self.root.is_none() {
                        self.root = Some(name.clone());
                    }
                    path.push(name);
                    if path.len() > 64 {
                        return;
                    }
                }
                Ok(Event::End(_)) => drop(path.pop()),
                Ok(Event::Text(words)) => {
                    let [_, field] = path.as_slice() else { continue };
                    let into = match field.as_str() {
                        "Code" => &mut self.code,
                        "Message" => &mut self.message,
                        _ => continue,
                    };
                    into.get_or_insert_default().push_str(words.trim());
                }
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, Option<String>) {
        match Answer::read(Some(&Body::whole(text))) {
            Answer::Storage { code, message, .. } => (code, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn storage_documents_have_codes() {
        let whole = read(
            "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>gone</Message><Key>Code</Key></Error>",
        );
        assert_eq!(whole, (Some("NoSuchKey".into()), Some("gone".into())));
        assert_eq!(read("<Error><Code>NoSuchKey</Code>").0.as_deref(), Some("NoSuchKey"), "cut");
        assert_eq!(read("<Error xmlns='x'><Resource><Code>A</Code></Resource></Error>"), (None, None), "deeper down");
        let html = read("<html><ul><li>Code: NoSuchKey</li><li>Message: gone</li></ul></html>");
        assert_eq!(html, (Some("NoSuchKey".into()), Some("gone".into())));
    }

    #[test]
    fn a_dtd_is_not_expanded() {
        let (code, message) =
            read("<!DOCTYPE Error [<!ENTITY a \"bomb\">]><Error><Code>&a;&a;X</Code><Message>&a;</Message></Error>");
        assert!(code.is_some_and(|code| !code.contains("bomb")) && message.is_none_or(|text| !text.contains("bomb")));
    }

    #[test]
    fn other_markup_is_text() {
        for text in ["<html><h1>502</h1></html>", "<problem><code>x</code></problem>", "<", "<Error", "plain"] {
            assert!(matches!(Answer::read(Some(&Body::whole(text))), Answer::Text(_)), "{text}");
        }
    }

    #[test]
    fn json_that_is_too_deep_or_cut_is_text() {
        let deep = "[".repeat(60_000);
        assert!(matches!(Answer::read(Some(&Body::whole(&deep))), Answer::Text(_)));
        let cut = Body::front("{\"code\":\"x\"}", Some(400));
        assert!(matches!(Answer::read(Some(&cut)), Answer::Text(_)));
    }

    #[test]
    fn pointers_find_scalars() {
        let body = Body::whole(r#"{"a":{"b/c":[true,7,"x",null]},"":1}"#);
        let answer = Answer::read(Some(&body));
        let at = |pointer| answer.scalar(pointer).map(Cow::into_owned);
        assert_eq!([at("/a/b~1c/0"), at("/a/b~1c/1"), at("/a/b~1c/2")].map(Option::unwrap), ["true", "7", "x"]);
        assert_eq!([at("/a/b~1c/3"), at("/a/b~1c/9"), at("/a"), at("a"), at("")], [const { None }; 5]);
        assert_eq!(at("/").as_deref(), Some("1"));
    }
}
