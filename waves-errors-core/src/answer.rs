//! What a body says of itself: read once as JSON, as XML, as a storage service's XML or HTML, or as plain text.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::body::Body;
use crate::wire::Texts;
use crate::xml::Document;

/// A body, read.
#[derive(Debug, Default)]
pub(crate) enum Answer<'a> {
    /// There is none.
    #[default]
    None,
    /// JSON, or XML as the JSON that says the same; its nesting is bounded by the reader.
    Json(Value),
    /// An error document of a storage service: only a code can tell what it is.
    Storage { code: Option<String>, message: Option<String>, content: Value },
    /// Text that is neither.
    Text(Cow<'a, str>),
}

impl<'a> Answer<'a> {
    /// Reads a body. Of JSON that is cut or damaged nothing is read: what users said could stand anywhere in it.
    pub(crate) fn parse(body: Option<&'a Body>) -> Self {
        let Some(body) = body else { return Self::None };
        let bytes = body.bytes().trim_ascii();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match bytes.first() {
            None => Self::None,
            Some(b'{' | b'[' | b'"') if is_json(bytes) => {
                let value = body.is_whole().then(|| serde_json::from_slice(bytes).ok());
                value.flatten().map_or(Self::None, Self::Json)
            }
            Some(b'<') => Self::markup(String::from_utf8_lossy(bytes), body.is_whole()),
            Some(_) => Self::Text(String::from_utf8_lossy(bytes)),
        }
    }

    /// Reads markup. A storage service's document is known by its root, which comes first; of any other XML, as of JSON,
    /// nothing is read unless all of it is there. HTML is text.
    fn markup(text: Cow<'a, str>, whole: bool) -> Self {
        let document = Document::parse(&text);
        if let Some(answer) = storage(&text, &document) {
            return answer;
        }
        let structured = whole && document.whole && !document.root.eq_ignore_ascii_case("html");
        if structured { Self::Json(document.content) } else { Self::Text(text) }
    }

    /// The string or integer at a JSON pointer, as it is written: what a code can be.
    pub(crate) fn code(&self, pointer: &str) -> Option<Cow<'_, str>> {
        match self.value(pointer)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) if !number.is_f64() => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    /// The string at a JSON pointer: what a message is.
    pub(crate) fn words(&self, pointer: &str) -> Option<&str> {
        self.value(pointer)?.as_str()
    }

    /// The string, number or boolean at a JSON pointer, as it is written.
    pub(crate) fn scalar(&self, pointer: &str) -> Option<Cow<'_, str>> {
        match self.value(pointer)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(bool) => Some(Cow::Borrowed(if *bool { "true" } else { "false" })),
            _ => None,
        }
    }

    fn value(&self, pointer: &str) -> Option<&Value> {
        match self {
            Self::Json(value) | Self::Storage { content: value, .. } => find(value, pointer),
            _ => None,
        }
    }

    /// Each text that could hold a phrase: the strings of JSON at any depth but for fields in `hidden`, which hold
    /// what users said; or the text as it is.
    pub(crate) fn texts(&self, hidden: Texts<'_>, each: &mut dyn FnMut(&str)) {
        match self {
            Self::None | Self::Storage { .. } => {}
            Self::Json(value) => strings(value, hidden, each),
            Self::Text(text) => each(text),
        }
    }
}

/// Whether a text that begins like JSON goes on like it: `[ERROR] gone` does not.
pub fn is_json(bytes: &[u8]) -> bool {
    let second = bytes.get(1..).and_then(|rest| rest.trim_ascii_start().first().copied());
    match bytes.first().copied().unwrap_or_default() {
        b'{' => matches!(second, None | Some(b'"' | b'}')),
        b'[' => second.is_none_or(|b| b"{[\"]-0123456789tfn".contains(&b)),
        _ => serde_json::from_slice::<Value>(bytes).is_ok(),
    }
}

/// The value at a JSON pointer.
fn find<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.is_empty() {
        return Some(value);
    }
    // Tokens are short: a search by bytes is over before one that is made for long texts has begun.
    let has = |text: &str, byte| text.bytes().position(|b| b == byte);
    let path = pointer.strip_prefix('/')?;
    let (token, rest) = path.split_at(has(path, b'/').unwrap_or(path.len()));
    let inner = match value {
        Value::Object(map) if has(token, b'~').is_some() => map.get(&token.replace("~1", "/").replace("~0", "~")),
        Value::Object(map) => map.get(token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    };
    find(inner?, rest)
}

fn strings(value: &Value, hidden: Texts<'_>, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, hidden, each)),
        Value::Object(map) => {
            map.iter().filter(|(key, _)| !hidden.contains(key)).for_each(|(_, item)| strings(item, hidden, each));
        }
        _ => {}
    }
}

/// An error document of an S3-compatible service, in XML (`<Error><Code>`) or, from a website endpoint, in HTML
/// (`<li>Code: `).
fn storage(text: &str, document: &Document) -> Option<Answer<'static>> {
    let content = match html_item(text, "Code: ") {
        Some(code) => {
            let item = |name: &str| html_item(text, &format!("{name}: "));
            json!({ "Code": code, "Message": item("Message"), "Key": item("Key") })
        }
        None if document.root == "Error" => document.content.clone(),
        None => return None,
    };
    let words = |name: &str| content.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Answer::Storage { code: words("Code"), message: words("Message"), content })
}

fn html_item(text: &str, label: &str) -> Option<String> {
    let start = text.find("<li>").filter(|_| text.contains("<html"))?;
    let at = start + text[start..].find(&format!("<li>{label}"))? + "<li>".len() + label.len();
    let value = text[at..].split('<').next()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_and_message(text: &str) -> (Option<String>, Option<String>) {
        match Answer::parse(Some(&Body::whole(text))) {
            Answer::Storage { code, message, .. } => (code, message),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn storage_documents_have_codes() {
        let whole = code_and_message(
            "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>gone</Message><Key>Code</Key></Error>",
        );
        assert_eq!(whole, (Some("NoSuchKey".into()), Some("gone".into())));
        assert_eq!(code_and_message("<Error><Code>NoSuchKey</Code>").0.as_deref(), Some("NoSuchKey"), "cut");
        assert_eq!(
            code_and_message("<Error xmlns='x'><Resource><Code>A</Code></Resource></Error>"),
            (None, None),
            "deeper down"
        );
        assert_eq!(code_and_message("\u{feff}<Error><Code><![CDATA[A]]></Code></Error>").0.as_deref(), Some("A"));
        let escaped = code_and_message(
            "<Error><Message>The key &quot;a b&quot; isn&apos;t &#104;ere &amp; gone</Message></Error>",
        )
        .1;
        assert_eq!(escaped.as_deref(), Some("The key \"a b\" isn't here & gone"));
        assert!(matches!(
            Answer::parse(Some(&Body::whole(b"<Error><Code>X</Code><Key>\xe9</Key></Error>"))),
            Answer::Storage { .. }
        ));
        let html = code_and_message("<html><ul><li>Code: NoSuchKey</li><li>Message: gone</li></ul></html>");
        assert_eq!(html, (Some("NoSuchKey".into()), Some("gone".into())));
    }

    #[test]
    fn a_dtd_is_not_expanded() {
        let (code, message) = code_and_message(
            "<!DOCTYPE Error [<!ENTITY a \"bomb\">]><Error><Code>&a;&a;X</Code><Message>&a;</Message></Error>",
        );
        assert!(code.is_some_and(|code| !code.contains("bomb")) && message.is_none_or(|text| !text.contains("bomb")));
    }

    #[test]
    fn other_markup_is_text() {
        for text in [
            "[ERROR] NoSuchKey: gone",
            "\"quoted\" words",
            "{braces} in words",
            "<html><h1>502</h1></html>",
            "<problem><code>x</code>",
            "<",
            "<Error",
            "plain",
        ] {
            assert!(matches!(Answer::parse(Some(&Body::whole(text))), Answer::Text(_)), "{text}");
        }
    }

    #[test]
    fn other_xml_is_read_like_json() {
        let body = Body::whole(
            "<?xml version=\"1.0\"?>\n<problem xmlns=\"urn:ietf:rfc:7807\"><type>https://e/x</type><status>403</status></problem>",
        );
        let answer = Answer::parse(Some(&body));
        assert_eq!((answer.code("/type").as_deref(), answer.words("/status")), (Some("https://e/x"), Some("403")));
        let cut = Body::prefix(body.bytes(), Some(4000));
        assert!(matches!(Answer::parse(Some(&cut)), Answer::Text(_)));
    }

    #[test]
    fn json_that_is_too_deep_or_cut_says_nothing() {
        let deep = "[".repeat(60_000);
        assert!(matches!(Answer::parse(Some(&Body::whole(&deep))), Answer::None));
        let cut = Body::prefix("{\"code\":\"x\"}", Some(400));
        assert!(matches!(Answer::parse(Some(&cut)), Answer::None));
    }

    #[test]
    fn pointers_find_scalars() {
        let body = Body::whole(r#"{"a":{"b/c":[true,7,"x",null]},"":1}"#);
        let answer = Answer::parse(Some(&body));
        let at = |pointer| answer.scalar(pointer).map(Cow::into_owned);
        assert_eq!([at("/a/b~1c/0"), at("/a/b~1c/1"), at("/a/b~1c/2")].map(Option::unwrap), ["true", "7", "x"]);
        assert_eq!([at("/a/b~1c/3"), at("/a/b~1c/9"), at("/a"), at("a"), at("")], [const { None }; 5]);
        assert_eq!(at("/").as_deref(), Some("1"));
    }
}
