//! An exchange in JSON. Every part may be absent or null; what is there has to be what it says.

use std::time::SystemTime;

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::{Map, Value};
use waves_errors::{Body, Close, Evidence, Transport, TransportError};

use super::Exchange;

type Object = Map<String, Value>;

/// The parts of an exchange.
const PARTS: [&str; 9] = ["id", "transport", "now", "request", "response", "frame", "close", "io", "upload"];

/// Reads one exchange, or says what is wrong with it.
pub(crate) fn read(bytes: &[u8]) -> Result<Exchange, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("no JSON: {error}"))?;
    let Value::Object(exchange) = value else { return Err("an exchange is a JSON object".into()) };
    if !exchange.is_empty() && !exchange.keys().any(|key| PARTS.contains(&key.as_str())) {
        let parts = PARTS.join("`, `");
        return Err(format!(
            "no part of an exchange: `{parts}`; the body of an answer alone has no status: pass what `curl -i` prints"
        ));
    }
    let now = match text(&exchange, "now")? {
        Some(time) => timestamp(time).ok_or_else(|| wrong("now", "a time as in \"2026-11-22T14:00:00Z\""))?,
        None => SystemTime::now(),
    };
    let mut evidence = Evidence::new();
    if present(&exchange, "now").is_some() {
        evidence = evidence.with_received_at(now);
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
    if let Some(frame) = content(&exchange, "frame")? {
        evidence = evidence.with_frame(frame);
    }
    if let Some(close) = object(&exchange, "close")? {
        evidence = evidence.with_close(read_close(close)?);
    }
    if let Some(name) = text(&exchange, "io")? {
        let io = TransportError::ALL.into_iter().find(|io| io.as_str() == name);
        evidence = evidence.with_transport_error(
            io.ok_or_else(|| wrong("io", &one_of(&TransportError::ALL.map(TransportError::as_str))))?,
        );
    }
    if let Some(upload) = object(&exchange, "upload")? {
        let key = text(upload, "key")?.unwrap_or_default();
        evidence = evidence.with_upload(key, number(upload, "status", 0, 999)?);
    }
    Ok(Exchange { id: exchange.get("id").cloned().unwrap_or_default(), now, evidence })
}

fn transport(name: &str) -> Result<Transport, String> {
    let known = [
        ("http", Transport::Http),
        ("websocket", Transport::WebSocket),
        ("browser-websocket", Transport::BrowserWebSocket),
    ];
    let found = known.iter().find(|(have, _)| *have == name).map(|(_, transport)| *transport);
    found.ok_or_else(|| wrong("transport", &one_of(&known.map(|(name, _)| name))))
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
    if present(request, "headers").is_some() {
        evidence = evidence.with_all_request_headers();
    }
    Ok(match content(request, "body")? {
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
    Ok(match content(response, "body")? {
        Some(body) => evidence.with_body(body),
        None => evidence,
    })
}

fn read_close(close: &Object) -> Result<Close, String> {
    let code = number(close, "code", 0, u16::MAX)?.ok_or_else(|| wrong("close.code", "there"))?;
    let reason = text(close, "reason")?.unwrap_or_default();
    let opened = match present(close, "opened") {
        None => None,
        Some(Value::Bool(opened)) => Some(*opened),
        Some(_) => return Err(wrong("opened", "true or false")),
    };
    Ok(Close::new(code, reason).with_opened(opened))
}

fn wrong(key: &str, wanted: &str) -> String {
    format!("`{key}` must be {wanted}")
}

fn one_of(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("one of {}", names.join(", "))
}

/// A part that is there and not null.
fn present<'v>(object: &'v Object, key: &str) -> Option<&'v Value> {
    object.get(key).filter(|value| !value.is_null())
}

fn text<'v>(object: &'v Object, key: &str) -> Result<Option<&'v str>, String> {
    present(object, key).map(|value| value.as_str().ok_or_else(|| wrong(key, "a string"))).transpose()
}

fn object<'v>(of: &'v Object, key: &str) -> Result<Option<&'v Object>, String> {
    present(of, key).map(|value| value.as_object().ok_or_else(|| wrong(key, "an object"))).transpose()
}

fn number(of: &Object, key: &str, low: u16, high: u16) -> Result<Option<u16>, String> {
    let read = |value: &Value| {
        let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
        number
            .filter(|number| (low..=high).contains(number))
            .ok_or_else(|| wrong(key, &format!("a number from {low} to {high}")))
    };
    present(of, key).map(read).transpose()
}

/// Text, or bytes as `{"base64": "..."}` or `{"hex": "..."}`.
fn content(of: &Object, key: &str) -> Result<Option<Vec<u8>>, String> {
    present(of, key).map(|value| decoded(key, value)).transpose()
}

fn decoded(key: &str, value: &Value) -> Result<Vec<u8>, String> {
    let wanted = || wrong(key, "a string, {\"base64\": \"...\"} or {\"hex\": \"...\"}");
    let coded = |name, coding: &data_encoding::Encoding| {
        let text = value.get(name)?.as_str()?;
        Some(coding.decode(text.as_bytes()).map_err(|error| format!("invalid {name} in `{key}`: {error}")))
    };
    match value {
        Value::String(text) => Ok(text.clone().into_bytes()),
        _ => coded("base64", &BASE64).or_else(|| coded("hex", &HEXLOWER_PERMISSIVE)).ok_or_else(wanted)?,
    }
}

fn headers(of: &Object) -> Result<Vec<(&str, Vec<u8>)>, String> {
    let wanted = || wrong("headers", "a list of [name, value]");
    let Some(list) = present(of, "headers") else { return Ok(Vec::new()) };
    let pair = |pair| match Value::as_array(pair).map(Vec::as_slice) {
        Some([Value::String(name), value]) => Ok((name.as_str(), decoded("headers", value)?)),
        _ => Err(wanted()),
    };
    list.as_array().ok_or_else(wanted)?.iter().map(pair).collect()
}

/// A time of RFC 3339.
pub(crate) fn timestamp(text: &str) -> Option<SystemTime> {
    let since = text.parse::<jiff::Timestamp>().ok()?.as_duration();
    let (epoch, distance) = (SystemTime::UNIX_EPOCH, since.unsigned_abs());
    if since.is_negative() { epoch.checked_sub(distance) } else { epoch.checked_add(distance) }
}
