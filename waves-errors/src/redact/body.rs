//! Redaction of bodies: the parts of JSON, XML, forms, multipart and text. Any other body is replaced by its size.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};
use waves_errors_core::Body;
use waves_errors_core::internal::{html_item, is_json};

use super::placeholder::{characters, placeholder};
use super::redactor::Redaction;
use super::sibling;
use super::value::is_mixed;

/// The maximum depth of JSON documents in strings of JSON documents.
const DEPTH: usize = 8;
/// The maximum length of a string without whitespace, in characters. Longer strings are data.
const BLOB: usize = 256;

/// Elements in error documents of storage services that contain object keys or signed data.
const STORAGE_SECRETS: [&str; 9] = [
    "Key",
    "StringToSign",
    "StringToSignBytes",
    "CanonicalRequest",
    "CanonicalRequestBytes",
    "SignatureProvided",
    "AWSAccessKeyId",
    "Resource",
    "BucketName",
];

impl Redaction<'_> {
    /// Implements [`Redactor::body`](super::redactor::Redactor::body).
    pub(super) fn body(&self, body: &Body, content_type: Option<&str>) -> String {
        let kind = content_type.unwrap_or_default().to_ascii_lowercase();
        let size = || {
            let length = body.length().map_or_else(|| format!("more than {}", body.bytes().len()), |n| n.to_string());
            format!("‹{length} bytes›")
        };
        if body.bytes().is_empty() && body.is_whole() {
            return String::new();
        }
        if let Ok(text) = std::str::from_utf8(body.bytes())
            && placeholder(text.trim()) == Some(text.trim().len())
        {
            return text.to_owned();
        }
        let encoded = ["gzip", "deflate", "br", "zstd", "compress"];
        if kind.split([';', ',', '=', ' ']).any(|word| encoded.contains(&word)) {
            self.note("compressed body", "");
            return size();
        }
        if kind.contains("multipart/") {
            return self.multipart(body.bytes(), content_type.unwrap_or_default()).unwrap_or_else(size);
        }
        let Some(text) = readable(body) else {
            self.note("binary body", "");
            return size();
        };
        if !body.is_whole() {
            return self.start_of_body(text, &kind, body.length());
        }
        let trimmed = text.trim_start_matches('\u{feff}').trim_start();
        let several = trimmed.trim_end().contains('\n')
            && trimmed.lines().all(|line| line.is_empty() || is_json(line.as_bytes()));
        if several
            && serde_json::from_str::<Value>(trimmed).is_err()
            && trimmed.lines().any(|line| serde_json::from_str::<Value>(line).is_ok())
        {
            return self.lines(text);
        }
        if kind.contains("json") || trimmed.starts_with(['{', '[']) {
            return match serde_json::from_str::<Value>(trimmed) {
                Ok(value) => self.json(value, DEPTH).to_string(),
                // Malformed JSON could contain user content anywhere, so it is replaced. A text that only starts like JSON is redacted
                // as text.
                Err(_) if kind.contains("json") || is_json(trimmed.as_bytes()) => size(),
                Err(_) => self.text(text),
            };
        }
        if kind.contains("x-www-form-urlencoded") || kind.is_empty() && is_form(trimmed) {
            return self.form(text);
        }
        if trimmed.starts_with('<') {
            return self.markup(trimmed).unwrap_or_else(size);
        }
        self.lines(text)
    }

    /// Redacts the start of a body that was cut, as a text or a form. A value that does not end is hidden to the end.
    fn start_of_body(&self, text: &str, kind: &str, length: Option<u64>) -> String {
        let start = if kind.contains("x-www-form-urlencoded") { self.form(text) } else { self.text(text) };
        let rest = length.map(|length| format!("‹{} bytes›", length.saturating_sub(text.len() as u64)));
        format!("{start}…{}", rest.unwrap_or_default())
    }

    /// Implements [`Redactor::request_body`](super::redactor::Redactor::request_body).
    pub(super) fn request_body(&self, body: &Body, content_type: Option<&str>) -> String {
        let kind = content_type.unwrap_or_default().to_ascii_lowercase();
        let text = readable(body).map(str::trim).filter(|text| placeholder(text) != Some(text.len()));
        let is_prose = |text: &str| {
            let is_structured = text.starts_with(['{', '[', '<']) || is_form(text) || kind.contains("multipart/");
            kind.contains("ssml") || text.starts_with("<speak") || !is_structured && !text.is_empty()
        };
        match text.filter(|text| is_prose(text)) {
            Some(text) if body.is_whole() => {
                self.note("content", "");
                characters(text)
            }
            _ => self.body(body, content_type),
        }
    }

    fn json(&self, value: Value, depth: usize) -> Value {
        match value {
            Value::String(text) => Value::String(self.json_text(&text, depth)),
            Value::Array(items) => self.list(items, depth),
            Value::Object(fields) => {
                // `{"name": "Authorization", "value": "..."}`.
                let sibling = sibling::of_object(&fields).filter(|(name, _)| self.rules.is_secret_name(name));
                let secret = sibling.map(|(_, field)| field.to_owned());
                let fields = fields.into_iter().map(|(name, value)| {
                    let is_secret = secret.as_ref() == Some(&name);
                    let value = if is_secret { self.hidden(value) } else { self.field(&name, value, depth) };
                    (self.text(&name), value)
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Number(number) => {
                let text = number.to_string();
                let redacted = self.text(&text);
                if redacted == text { Value::Number(number) } else { Value::String(redacted) }
            }
            other => other,
        }
    }

    /// Redacts a list, which can contain names and values: `["Authorization", "Bearer abc"]`.
    fn list(&self, items: Vec<Value>, depth: usize) -> Value {
        let mut is_secret = false;
        let redact = |item: Value| {
            let is_value = is_secret && item.as_str().is_some_and(is_mixed);
            is_secret = !is_value && item.as_str().is_some_and(|name| self.rules.is_secret_name(name));
            if is_value { self.hidden(item) } else { self.json(item, depth) }
        };
        items.into_iter().map(redact).collect()
    }

    fn field(&self, name: &str, value: Value, depth: usize) -> Value {
        if self.is_content(name) {
            self.note("content", name);
            return length(value);
        }
        if self.rules.is_secret_name(name) {
            self.note("field", name);
            return self.hidden(value);
        }
        match value {
            Value::String(id) if self.is_id_field(name) => Value::String(self.id(&id)),
            other => self.json(other, depth),
        }
    }

    fn is_content(&self, name: &str) -> bool {
        self.rules.is_content_name(name)
    }

    /// Returns whether a field of this name contains the request id, according to the catalog.
    fn is_id_field(&self, name: &str) -> bool {
        self.rules.wire.request_id_body().any(|pointer| pointer.rsplit('/').next() == Some(name))
    }

    /// Replaces all strings and numbers in a value with their lengths.
    fn hidden(&self, value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.hidden(item)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.into_iter().map(|(name, value)| (self.text(&name), self.hidden(value))).collect())
            }
            Value::Null | Value::Bool(_) => value,
            Value::Number(number) => Value::String(characters(&number.to_string())),
            Value::String(_) => length(value),
        }
    }

    fn json_text(&self, text: &str, depth: usize) -> String {
        let inner = text.trim_start();
        if depth > 0
            && inner.starts_with(['{', '['])
            && let Ok(value) = serde_json::from_str::<Value>(inner)
        {
            return self.json(value, depth - 1).to_string();
        }
        if text.chars().count() > BLOB && !text.contains(char::is_whitespace) && !text.contains("://") {
            self.note("data", "");
            return characters(text);
        }
        self.text(text)
    }

    /// Redacts HTML as text, and other markup as XML. Returns `None` if the XML is malformed.
    fn markup(&self, text: &str) -> Option<String> {
        let redacted = self.text(text);
        if redacted.to_ascii_lowercase().contains("<html") {
            Some(hide_object_key(redacted))
        } else {
            self.xml(&redacted)
        }
    }

    /// Redacts text line by line: JSON lines and server-sent events with JSON data as JSON, other lines as text.
    fn lines(&self, text: &str) -> String {
        let structured = |line: &str| {
            let content = line.trim_end();
            let start = content.strip_prefix("data:").map_or(0, |rest| content.len() - rest.trim_start().len());
            let (label, data) = content.split_at(start);
            if !is_json(data.as_bytes()) || data.starts_with('"') {
                return None;
            }
            let redacted = match serde_json::from_str::<Value>(data) {
                Ok(value) => self.json(value, DEPTH).to_string(),
                Err(_) => format!("‹{} bytes›", data.len()),
            };
            Some(format!("{label}{redacted}{}", &line[content.len()..]))
        };
        if !text.split_inclusive('\n').any(|line| structured(line).is_some()) {
            return self.text(text);
        }
        text.split_inclusive('\n').map(|line| structured(line).unwrap_or_else(|| self.text(line))).collect()
    }

    /// Redacts the element names and texts of XML. Drops attributes, comments and declarations. Returns `None` if the XML is malformed
    /// or too deep.
    fn xml(&self, text: &str) -> Option<String> {
        let mut reader = Reader::from_str(text);
        let mut out = String::new();
        let mut path: Vec<String> = Vec::new();
        let mut content = String::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    self.write_text(&path, &mut content, &mut out);
                    let name = tag.name().as_ref().to_owned();
                    out.push_str(&format!("<{}>", self.text(&name)));
                    path.push(name);
                    if path.len() > 64 {
                        return None;
                    }
                }
                Ok(Event::End(_)) => {
                    self.write_text(&path, &mut content, &mut out);
                    out.push_str(&format!("</{}>", self.text(&path.pop()?)));
                }
                Ok(Event::Empty(tag)) => {
                    self.write_text(&path, &mut content, &mut out);
                    out.push_str(&format!("<{}/>", self.text(tag.name().as_ref())));
                }
                Ok(Event::Text(words)) => content.push_str(&words),
                Ok(Event::CData(words)) => content.push_str(&words),
                Ok(Event::GeneralRef(name)) => {
                    let number = name.resolve_char_ref().ok().flatten().map(String::from);
                    let named = || quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned);
                    content.push_str(&number.or_else(named).unwrap_or_default());
                }
                Ok(Event::Eof) => return path.is_empty().then_some(out),
                Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Redacts and writes the text of the innermost element, and clears `content`.
    fn write_text(&self, path: &[String], content: &mut String, out: &mut String) {
        let name = path.last().map_or("", |name| name.rsplit(':').next().unwrap_or(name));
        let local = |name: &String| name.rsplit(':').next().unwrap_or(name).to_owned();
        let storage = path.iter().any(|name| local(name) == "Error") && STORAGE_SECRETS.contains(&name);
        let is_content = path.iter().any(|name| self.is_content(&local(name)));
        let hidden = storage || is_content || self.rules.is_secret_name(name);
        let words = content.trim();
        let redacted = if hidden && !words.is_empty() && placeholder(words) != Some(words.len()) {
            self.note("element", name);
            characters(words)
        } else if self.is_id_field(name) || ["RequestId", "HostId"].contains(&name) {
            self.id(words)
        } else {
            self.text(words)
        };
        out.push_str(&redacted.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        content.clear();
    }

    /// Redacts a multipart body: keeps the names and types of its parts, and replaces contents and file names with their lengths.
    fn multipart(&self, bytes: &[u8], content_type: &str) -> Option<String> {
        let boundary = content_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
        let boundary = format!("--{}", boundary.trim_matches('"'));
        let mut out = String::new();
        for part in split(bytes, boundary.as_bytes()).skip(1) {
            if part.starts_with(b"--") {
                break;
            }
            let head = part.windows(4).position(|four| four == b"\r\n\r\n");
            let (head, content) = head.map_or((part, &[][..]), |at| (&part[..at], &part[at + 4..]));
            let head = String::from_utf8_lossy(head);
            let value = |label: &str| {
                let start = head.find(label)? + label.len();
                Some(head[start..].split(['"', '\r', '\n']).next()?.trim().to_owned())
            };
            let name = value(" name=\"").map(|name| format!("; name=\"{}\"", self.text(&name))).unwrap_or_default();
            let masked = |text: &str| placeholder(text) == Some(text.len());
            let file = value("filename=\"").map(|file| if masked(&file) { file } else { characters(&file) });
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            let kind = value("Content-Type:")
                .map(|kind| format!("\r\nContent-Type: {}", self.text(&kind)))
                .unwrap_or_default();
            let content = content.strip_suffix(b"\r\n").unwrap_or(content);
            let kept = std::str::from_utf8(content).ok().filter(|text| masked(text)).map(str::to_owned);
            let content = kept.unwrap_or_else(|| format!("‹{} bytes›", content.len()));
            out.push_str(&format!(
                "{boundary}\r\nContent-Disposition: form-data{name}{file}{kind}\r\n\r\n{content}\r\n"
            ));
        }
        self.note("parts of a form", "");
        (!out.is_empty()).then(|| format!("{out}{boundary}--"))
    }
}

/// Hides the object key in an HTML error document of a storage service.
fn hide_object_key(html: String) -> String {
    // Conversion of ASCII to lower case does not change positions.
    match html_item(&html.to_ascii_lowercase(), "key") {
        Some(key) if placeholder(&html[key.clone()]) != Some(key.len()) => {
            format!("{}{}{}", &html[..key.start], characters(&html[key.clone()]), &html[key.end..])
        }
        _ => html,
    }
}

/// Replaces a value with its length. Placeholders, booleans and null are unchanged.
fn length(value: Value) -> Value {
    Value::String(match value {
        Value::String(text) if placeholder(&text) == Some(text.len()) => text,
        Value::String(text) => characters(&text),
        Value::Array(items) => format!("‹{} items›", items.len()),
        Value::Object(fields) => format!("‹{} fields›", fields.len()),
        Value::Number(number) => characters(&number.to_string()),
        other => return other,
    })
}

/// Returns the text of a body, up to a character that was cut. Returns `None` for binary data.
fn readable(body: &Body) -> Option<&str> {
    let text = match std::str::from_utf8(body.bytes()) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && !body.is_whole() => {
            std::str::from_utf8(&body.bytes()[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace())).then_some(text)
}

/// Returns whether a text consists of pairs like those in `name=value&name=value`.
fn is_form(text: &str) -> bool {
    let plain = |pair: &str| {
        let name = pair.split_once('=').map_or("", |(name, _)| name);
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b))
    };
    !text.is_empty() && !text.trim_end().contains(char::is_whitespace) && text.split('&').all(plain)
}

/// Splits bytes at a separator.
fn split<'b>(bytes: &'b [u8], separator: &'b [u8]) -> impl Iterator<Item = &'b [u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let at = bytes.windows(separator.len()).position(|window| window == separator);
        rest = at.map(|at| &bytes[at + separator.len()..]);
        Some(&bytes[..at.unwrap_or(bytes.len())])
    })
}
