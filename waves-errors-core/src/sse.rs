//! Server-sent events: the events of a stream whose data are JSON (WHATWG HTML, 9.2.6).

use serde_json::Value;

/// Returns the data of each event, with the name of the event as the field `event`. Skips events whose data are not JSON. Returns none if
/// the text is not an event stream.
pub(crate) fn events(text: &str) -> impl Iterator<Item = Value> {
    let is_field = |line: &str| ["event:", "data:", "id:", "retry:", ":"].iter().any(|field| line.starts_with(field));
    let stream = Some(text).filter(|text| text.lines().next().is_some_and(is_field)).unwrap_or_default();
    let mut lines = stream.lines().peekable();
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
        let mut value = serde_json::from_str(&data).unwrap_or_default();
        if let (Value::Object(fields), Some(name)) = (&mut value, name) {
            fields.entry("event").or_insert_with(|| name.into());
        }
        Some(value)
    })
    .filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_have_their_data_and_name() {
        let stream = ": hello\n\ndata: {\"a\":\ndata: 1}\n\nevent: error\r\ndata:{\"code\":\"x\"}\r\n\r\ndata: [DONE]\n\nevent: ping\n\ndata: 7";
        let all: Vec<_> = events(stream).collect();
        assert_eq!(all, [json!({ "a": 1 }), json!({ "code": "x", "event": "error" }), json!(7)]);
        for text in ["", "plain text", "{\"data\": 1}", "data", "\n\ndata: {}"] {
            assert_eq!(events(text).count(), 0, "{text}");
        }
    }
}
