//! Server-sent events: the events of a stream whose data are JSON (WHATWG HTML, 9.2.6).

use serde_json::{Map, Value};

/// Returns the data of each event, with the name of the event as the field `event`: data that are a text or a list become the field
/// `message` or `error`. Skips events without a name whose data are not JSON. Returns none if the text is not an event stream.
pub(crate) fn events(text: &str) -> impl Iterator<Item = Value> {
    let stream = Some(text).filter(|text| is_stream(text)).unwrap_or_default();
    let mut lines = lines(stream).peekable();
    std::iter::from_fn(move || {
        lines.peek()?;
        let (mut name, mut data) = (None, String::new());
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => name = Some(value),
                "data" => {
                    data.push_str(value);
                    data.push('\n');
                }
                _ => {}
            }
        }
        let value = serde_json::from_str(&data);
        let Some(name) = name else { return Some(value.unwrap_or_default()) };
        let fields = match value {
            Ok(Value::Object(fields)) => fields,
            Ok(list @ Value::Array(_)) => Map::from_iter([("error".to_owned(), list)]),
            Ok(Value::String(text)) => Map::from_iter([("message".to_owned(), text.into())]),
            _ => Map::from_iter([("message".to_owned(), data.trim_end().into())]),
        };
        Some(Value::Object(with_name(fields, name)))
    })
    .filter(|value| !value.is_null())
}

/// Adds the name of an event, which takes precedence over a field of its data.
fn with_name(mut fields: Map<String, Value>, name: &str) -> Map<String, Value> {
    fields.insert("event".to_owned(), name.into());
    fields
}

/// Returns whether a text is an event stream: one of its first lines is a known field. Other fields and comments are ignored.
fn is_stream(text: &str) -> bool {
    let is_known = |line: &str| ["event:", "data:", "id:", "retry:", ":"].iter().any(|field| line.starts_with(field));
    let is_name = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let mut lines = lines(text).take(FIRST_LINES);
    lines.by_ref().find(|line| is_known(line) || !is_name(line)).is_some_and(is_known)
}

/// The number of lines of which one must have a known field.
const FIRST_LINES: usize = 4;

/// Returns the lines of a stream: they end with CR, LF or both.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else { return rest.take() };
        let after = &text[end..];
        let after = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
        rest = Some(after).filter(|after| !after.is_empty());
        Some(&text[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_have_their_data_and_name() {
        let stream = ": hello\n\ndata: {\"a\":\ndata: 1}\n\nevent: error\r\ndata:{\"code\":\"x\"}\r\n\r\ndata: [DONE]\n\nevent: ping\n\ndata: 7";
        let all: Vec<_> = events(stream).collect();
        assert_eq!(
            all,
            [
                json!({ "a": 1 }),
                json!({ "code": "x", "event": "error" }),
                json!({ "message": "", "event": "ping" }),
                json!(7),
            ]
        );
        let named = "foo: bar\rdata\revent:error\rdata:{\"event\":\"x\"}\r\revent: error\rdata: no\r\revent: error\rdata: [1]\r";
        let all: Vec<_> = events(named).collect();
        assert_eq!(
            all,
            [
                json!({ "event": "error" }),
                json!({ "message": "no", "event": "error" }),
                json!({ "error": [1], "event": "error" }),
            ]
        );
        for text in ["", "plain text", "{\"data\": 1}", "data", "\n\ndata: {}", "Error: no\ndata: {}"] {
            assert_eq!(events(text).count(), 0, "{text}");
        }
    }
}
