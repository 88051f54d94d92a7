//! Names and values in two fields next to each other: `{"name": "token", "value": "abc"}`, `<field name="token" value="abc"/>`, and in YAML
//! `- name: token` before `value: abc`.

use std::ops::Range;

use serde_json::{Map, Value};

use super::notation::{Quoted, Separator, floor, quoted, separator, word_end};

/// The fields with a name.
const NAMES: [&str; 9] = ["field", "header", "k", "key", "n", "name", "param", "parameter", "variable"];
/// The fields with its value.
const VALUES: [&str; 4] = ["val", "value", "v", "string"];
/// The maximum length of a value.
const LONG: usize = 1024;
/// The maximum distance between the two.
const DISTANCE: usize = 200;

/// Returns the name in an object with fields for a name and a value, and the field with the value.
pub(super) fn of_object(object: &Map<String, Value>) -> Option<(&str, &str)> {
    let field =
        |names: &[&str]| object.iter().find(|(name, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let (_, name) = field(&NAMES)?;
    let (value, _) = field(&VALUES)?;
    Some((name.as_str()?, value))
}

/// What surrounds the name of a secret.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Siblings {
    /// Whether the name of the secret is the value of a field with a name.
    pub(super) is_name: bool,
    /// The value in a field next to it.
    pub(super) value: Option<Range<usize>>,
}

/// Finds the value for the name of a secret, if that name is the value of a field such as `name`.
pub(super) fn values(text: &str, name: Range<usize>) -> Siblings {
    let quotes = |c: char| "\"'\\` ".contains(c);
    let before = text[..name.start].trim_end_matches(quotes);
    let is_element = before.ends_with('>');
    let Some(before) = before.strip_suffix([':', '=', '>']) else { return Siblings::default() };
    let key = before.trim_end_matches(quotes);
    let length = key.bytes().rev().take(16).take_while(u8::is_ascii_alphanumeric).count();
    let key = key.len() - length..key.len();
    if !NAMES.iter().any(|name| name.eq_ignore_ascii_case(&text[key.clone()]))
        || is_element && !text[..key.start].ends_with('<')
    {
        return Siblings::default();
    }
    let after = floor(text, name.end)..floor(text, name.end + DISTANCE);
    let next = if is_element {
        // The next element: `<name>token</name><value>abc</value>`.
        text[after.clone()].find('>').and_then(|close| next_element(text, after.start + close + 1))
    } else {
        let end = text[after.clone()].find(['}', ')']).map_or(after.end, |end| after.start + end);
        field(text, after.start..end).or_else(|| element(text, key.start, after.start..end))
    };
    let start = floor(text, key.start.saturating_sub(DISTANCE));
    let start = text[start..key.start].rfind(['{', '(']).map_or(start, |open| start + open);
    let before = if is_element {
        text[..key.start - 1].trim_end().rfind('<').and_then(|close| element_before(text, close))
    } else {
        field(text, start..key.start)
    };
    Siblings { is_name: true, value: next.or(before) }
}

/// Returns the text of the element that begins at `at`, if it is a value.
fn next_element(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + (text[at..].len() - text[at..].trim_start().len());
    let name = text[start..].strip_prefix('<')?.bytes().take_while(u8::is_ascii_alphanumeric).count();
    field(text, start + 1..start + 1 + name)
}

/// Returns the text of the element whose closing tag begins at `close`, if it is a value.
fn element_before(text: &str, close: usize) -> Option<Range<usize>> {
    let name = text[close..].strip_prefix("</")?.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let is_value = VALUES.iter().any(|value| value.eq_ignore_ascii_case(&text[close + 2..close + 2 + name]));
    let start = text[floor(text, close.saturating_sub(LONG))..close]
        .rfind('>')
        .map(|open| floor(text, close.saturating_sub(LONG)) + open + 1)?;
    is_value.then_some(start..close)
}

/// Returns the value of a field with one of the names of [`VALUES`] that begins within a range.
fn field(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let name = |at: usize| {
        let length = bytes[at..range.end].iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        VALUES.iter().any(|value| value.eq_ignore_ascii_case(&text[at..at + length])).then_some(at..at + length)
    };
    let mut names =
        range.clone().filter(|&at| is_letter(at) && !at.checked_sub(1).is_some_and(is_letter)).filter_map(name);
    names.find_map(|name| value_of(text, name))
}

/// Returns the value after a name, in the notations of fields and elements.
fn value_of(text: &str, name: Range<usize>) -> Option<Range<usize>> {
    let found = separator(text, name)?;
    match found.separator {
        Separator::Tag => Some(found.value..found.value + text[found.value..].find('<')?),
        Separator::Colon | Separator::Equals | Separator::SpacedEquals | Separator::Arrow => {
            let start = &text[..floor(text, found.value + LONG)];
            // A longer value ends with the line.
            let content =
                |quoted: Quoted| if quoted.is_closed { quoted.content } else { quoted.content.start..text.len() };
            let content = quoted(start, found.value).map(content);
            Some(content.unwrap_or_else(|| found.value..word_end(text, found.value)))
        }
        _ => None,
    }
}

/// Returns the text of the element with the attribute at `key`: `<entry key="token">abc</entry>`, or of the element after the one that ends
/// with it: `<key>token</key><string>abc</string>`.
fn element(text: &str, key: usize, range: Range<usize>) -> Option<Range<usize>> {
    let start = floor(text, key.saturating_sub(DISTANCE));
    let is_attribute = text[start..key].rfind('<').is_some_and(|open| !text[start + open..key].contains('>'));
    let rest = &text[range.clone()];
    let close = rest.find('>').filter(|&close| is_attribute && !rest[..close].ends_with('/'))?;
    let start = range.start + close + 1;
    let length = text[start..].bytes().take(LONG).position(|byte| byte == b'<')?;
    (length > 0).then(|| start..start + length)
}

/// Returns the value in the line after that of a name: `value: abc` in YAML, `<value>abc</value>`.
pub(super) fn next_line(line: &str) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start_matches([' ', '-', '\t', '"', '<']).len();
    let length = line[start..].bytes().take_while(u8::is_ascii_alphanumeric).count();
    let value = field(line, start..start + length)?;
    let is_bare = line[start + length..].starts_with(':') && !line[..value.start].ends_with(['"', '\'']);
    Some(if is_bare { value.start..line.trim_end().len().max(value.start) } else { value })
}

/// Returns the name in a line with the field of a name: `name: token` in YAML, `<name>token</name>`.
pub(super) fn name_in_line(line: &str) -> Option<&str> {
    let start = line.len() - line.trim_start_matches([' ', '\t', '"', '<']).len();
    let length = line[start..].bytes().take_while(u8::is_ascii_alphanumeric).count();
    let is_name = NAMES.iter().any(|name| name.eq_ignore_ascii_case(&line[start..start + length]));
    let value = value_of(line, start..start + length).filter(|_| is_name)?;
    Some(line[value].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_next_to_a_name_is_found() {
        for (text, expected) in [
            (r#"{"name": "token", "value": "abc"}"#, Some("abc")),
            (r#"{"value": "abc", "enabled": true, "name": "token"}"#, Some("abc")),
            (r#"{\"Key\":\"token\",\"Value\":\"abc\"}"#, Some("abc")),
            (r#"<field name="token" value="abc"/>"#, Some("abc")),
            (r#"<field value="abc" name="token"/>"#, Some("abc")),
            (r#"<entry key="token">abc</entry>"#, Some("abc")),
            ("<name>token</name><value>abc</value>", Some("abc")),
            ("<key>token</key><string>abc</string>", Some("abc")),
            (r#"{"name": "token"}, {"value": "abc"}"#, None),
            (r#"{"type": "token", "value": "abc"}"#, None),
        ] {
            let at = text.find("token").unwrap();
            let found = values(text, at..at + 5).value.map(|range| &text[range]);
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(next_line("  value: abc d\n"), Some(9..14));
        assert_eq!(next_line("  <value>abc</value>\n"), Some(9..12));
        assert_eq!(next_line("  valid: abc\n"), None);
    }
}
