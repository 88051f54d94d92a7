//! Parses an exchange in JSON. Every part may be absent or null; all others must be valid.

use std::time::SystemTime;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::{Map, Value};
use waves_errors::{Body, Close, Evidence, Transport, TransportError};

use super::exchange::Exchange;

type Object = Map<String, Value>;

/// The parts of an exchange.
const PARTS: [&str; 9] = ["id", "transport", "now", "request", "response", "frame", "close", "io", "upload"];

/// Returns whether JSON is an exchange and not a bare frame: it has `frame`, `io` or `upload`, or a `request`, `response` or `close` with
/// a known key. If it also has other keys, a `status` or `code` that is not a number belongs to a frame.
pub(crate) fn is_exchange(bytes: &[u8]) -> bool {
    // The parser reports anything else.
    let Ok(Value::Object(object)) = serde_json::from_slice(bytes) else { return true };
    let has_other_keys = object.keys().any(|key| !PARTS.contains(&key.as_str()));
    let is_part = |name: &str, number: &str, keys: &[&str]| {
        let Some(part) = object.get(name).and_then(Value::as_object) else { return false };
        match part.get(number) {
            Some(value) => value.is_number() || !has_other_keys,
            None => part.is_empty() || part.keys().any(|key| keys.contains(&key.as_str())),
        }
    };
    object.is_empty()
        || is_part("request", "", &["method", "url", "headers", "body"])
        || is_part("response", "status", &["headers", "body"])
        || is_part("close", "code", &["reason", "opened"])
        || ["frame", "io", "upload"].iter().any(|name| object.get(*name).is_some_and(|part| !part.is_null()))
}

/// Parses an exchange, or returns an error message.
pub(crate) fn parse(bytes: &[u8]) -> Result<Exchange, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("invalid JSON: {error}"))?;
    let Value::Object(exchange) = value else { return Err("expected a JSON object".into()) };
    if !exchange.is_empty() && !exchange.keys().any(|key| PARTS.contains(&key.as_str())) {
        let parts = PARTS.join("`, `");
        return Err(format!(
            "not an exchange: expected one of `{parts}`; for a response, pass the output of `curl -i`, which contains the status"
        ));
    }
    let received_at = match text(&exchange, "now")? {
        Some(time) => timestamp(time).ok_or_else(|| invalid_value("now", "a time such as \"2026-11-22T14:00:00Z\""))?,
        None => SystemTime::now(),
    };
    let mut evidence = Evidence::new();
    if non_null_value(&exchange, "now").is_some() {
        evidence = evidence.with_received_at(received_at);
    }
    if let Some(name) = text(&exchange, "transport")? {
        evidence = evidence.with_transport(transport(name)?);
    }
    if let Some(request) = object(&exchange, "request")? {
        evidence = with_request(evidence, request)?;
    }
    if let Some(response) = object(&exchange, "response")? {
        evidence = with_response(evidence, response)?;
    }
    if let Some(frame) = byte_content(&exchange, "frame")? {
        evidence = evidence.with_frame(frame);
    }
    if let Some(close) = object(&exchange, "close")? {
        evidence = evidence.with_close(parse_close(close)?);
    }
    if let Some(name) = text(&exchange, "io")? {
        let error = TransportError::ALL.into_iter().find(|error| error.as_str() == name);
        evidence = evidence.with_transport_error(
            error.ok_or_else(|| invalid_value("io", &one_of(&TransportError::ALL.map(TransportError::as_str))))?,
        );
    }
    if let Some(upload) = object(&exchange, "upload")? {
        let key = text(upload, "key")?.unwrap_or_default();
        evidence = evidence.with_upload(key, number(upload, "status", 0, 999)?);
    }
    Ok(Exchange { id: exchange.get("id").cloned().unwrap_or_default(), received_at, evidence })
}

fn transport(name: &str) -> Result<Transport, String> {
    let known = [
        ("http", Transport::Http),
        ("websocket", Transport::WebSocket),
        ("browser-websocket", Transport::BrowserWebSocket),
    ];
    let found = known.iter().find(|(known_name, _)| *known_name == name).map(|(_, transport)| *transport);
    found.ok_or_else(|| invalid_value("transport", &one_of(&known.map(|(name, _)| name))))
}

fn with_request(mut evidence: Evidence, request: &Object) -> Result<Evidence, String> {
    let (method, url) = (text(request, "method")?, text(request, "url")?);
    if let Some(method) = method {
        evidence = evidence.with_method(method);
    }
    if let Some(url) = url {
        evidence = evidence.with_url(url);
    }
    for (name, value) in headers(request)? {
        evidence = evidence.with_request_header(name, value);
    }
    if non_null_value(request, "headers").is_some() {
        evidence = evidence.with_all_request_headers();
    }
    Ok(match byte_content(request, "body")? {
        Some(body) => evidence.with_request_body(Body::whole(body)),
        None => evidence,
    })
}

fn with_response(mut evidence: Evidence, response: &Object) -> Result<Evidence, String> {
    if let Some(status) = number(response, "status", 100, 999)? {
        evidence = evidence.with_status(status);
    }
    for (name, value) in headers(response)? {
        evidence = evidence.with_header(name, value);
    }
    Ok(match byte_content(response, "body")? {
        Some(body) => evidence.with_body(body),
        None => evidence,
    })
}

fn parse_close(close: &Object) -> Result<Close, String> {
    let code = number(close, "code", 0, u16::MAX)?.ok_or_else(|| "missing `close.code`".to_owned())?;
    let reason = text(close, "reason")?.unwrap_or_default();
    let opened = match non_null_value(close, "opened") {
        None => None,
        Some(Value::Bool(opened)) => Some(*opened),
        Some(_) => return Err(invalid_value("opened", "true or false")),
    };
    Ok(Close::new(code, reason).with_opened(opened))
}

/// Returns the error message for an invalid value.
fn invalid_value(key: &str, expected: &str) -> String {
    format!("`{key}` must be {expected}")
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("one of {}", names.join(", "))
}

/// Returns the value of a key, if it is present and not null.
fn non_null_value<'v>(object: &'v Object, key: &str) -> Option<&'v Value> {
    object.get(key).filter(|value| !value.is_null())
}

fn text<'v>(object: &'v Object, key: &str) -> Result<Option<&'v str>, String> {
    non_null_value(object, key).map(|value| value.as_str().ok_or_else(|| invalid_value(key, "a string"))).transpose()
}

fn object<'v>(parent: &'v Object, key: &str) -> Result<Option<&'v Object>, String> {
    non_null_value(parent, key)
        .map(|value| value.as_object().ok_or_else(|| invalid_value(key, "an object")))
        .transpose()
}

fn number(parent: &Object, key: &str, low: u16, high: u16) -> Result<Option<u16>, String> {
    let parse_number = |value: &Value| {
        let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
        number
            .filter(|number| (low..=high).contains(number))
            .ok_or_else(|| invalid_value(key, &format!("a number from {low} to {high}")))
    };
    non_null_value(parent, key).map(parse_number).transpose()
}

/// Returns text, or bytes as `{"base64": "..."}` or `{"hex": "..."}`.
fn byte_content(parent: &Object, key: &str) -> Result<Option<Vec<u8>>, String> {
    non_null_value(parent, key).map(|value| decode_bytes(key, value)).transpose()
}

fn decode_bytes(key: &str, value: &Value) -> Result<Vec<u8>, String> {
    let expected = || invalid_value(key, "a string, {\"base64\": \"...\"} or {\"hex\": \"...\"}");
    let decode = |name, coding: &data_encoding::Encoding| {
        let text = value.get(name)?.as_str()?;
        Some(coding.decode(text.as_bytes()).map_err(|error| format!("invalid {name} in `{key}`: {error}")))
    };
    match value {
        Value::String(text) => Ok(text.clone().into_bytes()),
        _ => decode("base64", &BASE64).or_else(|| decode("hex", &HEXLOWER_PERMISSIVE)).ok_or_else(expected)?,
    }
}

fn headers(parent: &Object) -> Result<Vec<(&str, Vec<u8>)>, String> {
    let expected = || invalid_value("headers", "a list of [name, value]");
    let Some(list) = non_null_value(parent, "headers") else { return Ok(Vec::new()) };
    let pair = |pair| match Value::as_array(pair).map(Vec::as_slice) {
        Some([Value::String(name), value]) => Ok((name.as_str(), decode_bytes("headers", value)?)),
        _ => Err(expected()),
    };
    list.as_array().ok_or_else(expected)?.iter().map(pair).collect()
}

/// Parses a time in the format of RFC 3339.
pub(crate) fn timestamp(text: &str) -> Option<SystemTime> {
    let since_epoch = text.parse::<jiff::Timestamp>().ok()?.as_duration();
    let (epoch, distance) = (SystemTime::UNIX_EPOCH, since_epoch.unsigned_abs());
    if since_epoch.is_negative() { epoch.checked_sub(distance) } else { epoch.checked_add(distance) }
}
