//! [`Content`]: a parsed body.

use std::borrow::Cow;

use serde_json::Value;

use crate::body::Body;
use crate::layout::Texts;
use crate::storage::StorageError;
use crate::xml::Document;

/// The parsed content of a body.
#[derive(Debug, Default)]
pub(crate) enum Content<'a> {
    /// No content, or truncated or malformed JSON.
    #[default]
    None,
    /// JSON, or XML as the equivalent JSON. The parsers bound its depth.
    Json(Value),
    /// An error document of a storage service. Only its code selects a case.
    Storage(StorageError),
    /// Any other text.
    Text(Cow<'a, str>),
}

impl<'a> Content<'a> {
    /// Parses a body. Truncated or malformed JSON is ignored: it could contain user input anywhere.
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
            Some(b'<') => Self::parse_markup(String::from_utf8_lossy(bytes), body.is_whole()),
            Some(_) => Self::Text(String::from_utf8_lossy(bytes)),
        }
    }

    /// Parses markup. The error document of a storage service is recognized even if it is truncated. Other XML must be complete,
    /// as JSON must. HTML is text.
    fn parse_markup(text: Cow<'a, str>, is_whole: bool) -> Self {
        let document = Document::parse(&text);
        if let Some(error) = StorageError::parse(&text, &document) {
            return Self::Storage(error);
        }
        let is_xml = is_whole && document.is_whole && !document.root.eq_ignore_ascii_case("html");
        if is_xml { Self::Json(document.content) } else { Self::Text(text) }
    }

    /// Returns the strings and integers at a JSON pointer, as they are written: the possible forms of a code.
    pub(crate) fn codes<'s>(&'s self, pointer: &str) -> impl Iterator<Item = Cow<'s, str>> + use<'s, 'a> {
        self.values(pointer).filter_map(|value| match value {
            Value::String(text) => Some(Cow::Borrowed(text.trim())),
            Value::Number(number) if !number.is_f64() => Some(Cow::Owned(number.to_string())),
            _ => None,
        })
    }

    /// Returns the strings at a JSON pointer.
    pub(crate) fn strings<'s>(&'s self, pointer: &str) -> impl Iterator<Item = &'s str> + use<'s, 'a> {
        self.values(pointer).filter_map(Value::as_str)
    }

    /// Returns the strings, numbers and booleans at a JSON pointer, as they are written.
    pub(crate) fn scalars<'s>(&'s self, pointer: &str) -> impl Iterator<Item = Cow<'s, str>> + use<'s, 'a> {
        self.values(pointer).filter_map(|value| match value {
            Value::String(text) => Some(Cow::Borrowed(text.as_str())),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            _ => None,
        })
    }

    /// Returns the values at a JSON pointer, in their order: with a wildcard, there can be several.
    fn values<'s>(&'s self, pointer: &str) -> impl Iterator<Item = &'s Value> + use<'s, 'a> {
        // Most pointers have no wildcard. A single value needs no allocation.
        let (mut first, mut others) = (None, Vec::new());
        if let Self::Json(value) | Self::Storage(StorageError { content: value, .. }) = self {
            find(value, pointer, &mut |found| match first {
                None => first = Some(found),
                Some(_) => others.push(found),
            });
        }
        first.into_iter().chain(others)
    }

    /// Calls `visit` with each text that a phrase can match: the text itself, or the strings of JSON at any depth. Fields in
    /// `contents` are skipped: they contain user input.
    pub(crate) fn texts(&self, contents: Texts<'_>, visit: &mut dyn FnMut(&str)) {
        match self {
            Self::None => {}
            // Other fields contain user input, such as the name of an object.
            Self::Storage(error) => error.message.iter().for_each(|message| visit(message)),
            Self::Json(value) => strings(value, contents, visit),
            Self::Text(text) => visit(text),
        }
    }
}

/// Returns whether a text that starts like JSON also continues like JSON, unlike `[ERROR] gone`.
pub fn is_json(bytes: &[u8]) -> bool {
    let second = bytes.get(1..).and_then(|rest| rest.trim_ascii_start().first().copied());
    match bytes.first().copied().unwrap_or_default() {
        b'{' => matches!(second, None | Some(b'"' | b'}')),
        b'[' => second.is_none_or(|b| b"{[\"]-0123456789tfn".contains(&b)),
        _ => serde_json::from_slice::<Value>(bytes).is_ok(),
    }
}

/// Calls `visit` with each value at a JSON pointer. A step `*` selects each item of an array and each field of an object. A value is visited at most
/// once, and values are at most 128 levels deep.
fn find<'v>(value: &'v Value, pointer: &str, visit: &mut dyn FnMut(&'v Value)) {
    if pointer.is_empty() {
        visit(value);
        return;
    }
    // Tokens are short, and `str::find` is optimized for long texts: its setup takes longer than this whole search.
    let has = |text: &str, byte| text.bytes().position(|b| b == byte);
    let Some(path) = pointer.strip_prefix('/') else { return };
    let (token, rest) = path.split_at(has(path, b'/').unwrap_or(path.len()));
    let inner = match value {
        Value::Array(items) if token == "*" => return items.iter().for_each(|item| find(item, rest, visit)),
        Value::Object(map) if token == "*" => return map.values().for_each(|field| find(field, rest, visit)),
        Value::Object(map) if has(token, b'~').is_some() => map.get(&token.replace("~1", "/").replace("~0", "~")),
        Value::Object(map) => map.get(token),
        Value::Array(items) => token.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => None,
    };
    if let Some(inner) = inner {
        find(inner, rest, visit);
    }
}

fn strings(value: &Value, contents: Texts<'_>, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, contents, visit)),
        Value::Object(map) => {
            let fields = map.iter().filter(|(key, _)| !contents.contains(key));
            fields.for_each(|(_, item)| strings(item, contents, visit));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_and_message(text: &str) -> (Option<String>, Option<String>) {
        match Content::parse(Some(&Body::whole(text))) {
            Content::Storage(StorageError { code, message, .. }) => (code, message),
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
            "nested deeper"
        );
        assert_eq!(code_and_message("\u{feff}<Error><Code><![CDATA[A]]></Code></Error>").0.as_deref(), Some("A"));
        let escaped = code_and_message(
            "<Error><Message>The key &quot;a b&quot; isn&apos;t &#104;ere &amp; gone</Message></Error>",
        )
        .1;
        assert_eq!(escaped.as_deref(), Some("The key \"a b\" isn't here & gone"));
        assert!(matches!(
            Content::parse(Some(&Body::whole(b"<Error><Code>X</Code><Key>\xe9</Key></Error>"))),
            Content::Storage(_)
        ));
        let html = code_and_message("<html><ul><li>Code: NoSuchKey</li><li>Message: gone</li></ul></html>");
        assert_eq!(html, (Some("NoSuchKey".into()), Some("gone".into())));
    }

    #[test]
    fn dtd_entities_are_not_expanded() {
        let (code, message) = code_and_message(
            "<!DOCTYPE Error [<!ENTITY a \"bomb\">]><Error><Code>&a;&a;X</Code><Message>&a;</Message></Error>",
        );
        assert!(code.is_some_and(|code| !code.contains("bomb")) && message.is_none_or(|text| !text.contains("bomb")));
    }

    #[test]
    fn html_and_incomplete_markup_are_text() {
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
            assert!(matches!(Content::parse(Some(&Body::whole(text))), Content::Text(_)), "{text}");
        }
    }

    #[test]
    fn other_xml_is_converted_to_json() {
        let body = Body::whole(
            "<?xml version=\"1.0\"?>\n<problem xmlns=\"urn:ietf:rfc:7807\"><type>https://e/x</type><status>403</status></problem>",
        );
        let answer = Content::parse(Some(&body));
        assert_eq!(answer.codes("/type").collect::<Vec<_>>(), ["https://e/x"]);
        assert_eq!(answer.strings("/status").collect::<Vec<_>>(), ["403"]);
        let cut = Body::prefix(body.bytes(), Some(4000));
        assert!(matches!(Content::parse(Some(&cut)), Content::Text(_)));
    }

    #[test]
    fn deep_or_truncated_json_is_ignored() {
        let deep = "[".repeat(60_000);
        assert!(matches!(Content::parse(Some(&Body::whole(&deep))), Content::None));
        let cut = Body::prefix("{\"code\":\"x\"}", Some(400));
        assert!(matches!(Content::parse(Some(&cut)), Content::None));
    }

    #[test]
    fn pointers_find_scalars() {
        let body = Body::whole(r#"{"a":{"b/c":[true,7,"x",null]},"":1}"#);
        let answer = Content::parse(Some(&body));
        let at = |pointer| answer.scalars(pointer).next().map(Cow::into_owned);
        assert_eq!([at("/a/b~1c/0"), at("/a/b~1c/1"), at("/a/b~1c/2")].map(Option::unwrap), ["true", "7", "x"]);
        assert_eq!([at("/a/b~1c/3"), at("/a/b~1c/9"), at("/a"), at("a"), at("")], [const { None }; 5]);
        assert_eq!(at("/").as_deref(), Some("1"));
    }

    #[test]
    fn wildcard_selects_each_item_and_field() {
        let body = Body::whole(r#"{"errors":[{"code":"a"},{"code":7},{},"x"],"more":{"p":{"code":"c"},"q":[]}}"#);
        let content = Content::parse(Some(&body));
        let at = |pointer| content.scalars(pointer).map(Cow::into_owned).collect::<Vec<_>>();
        assert_eq!(at("/errors/*/code"), ["a", "7"]);
        assert_eq!(at("/errors/*"), ["x"]);
        assert_eq!(at("/more/*/code"), ["c"]);
        assert_eq!(at("/*/*/code"), ["a", "7", "c"]);
        assert_eq!(at("/errors/0/code/*"), [""; 0], "a string has no items");
    }
}
