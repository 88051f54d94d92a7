//! A browser's network log (HAR 1.2): of its entries the last that failed, or else the last.

use data_encoding::BASE64;
use serde_json::Value;
use waves_errors::{Body, Close, Evidence, Transport, TransportError};

use super::json::timestamp;

/// Whether JSON is such a log.
pub(crate) fn is_har(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    rest.is_some_and(|rest| rest.starts_with(b"\"log\""))
}

/// Reads the entry that matters.
pub(crate) fn read(bytes: &[u8]) -> Result<Evidence, String> {
    let log: Value = serde_json::from_slice(bytes).map_err(|error| format!("no JSON: {error}"))?;
    let entries = log["log"]["entries"].as_array().ok_or("the log has no `entries`")?;
    let failed = |entry: &&Value| match entry["response"]["status"].as_u64() {
        Some(400..) => true,
        Some(1..) => last_frame(entry).is_some_and(|frame| frame.contains("\"error\"")),
        // What the browser itself did not want is no failure.
        _ => !["ERR_BLOCKED_BY_CLIENT", "ERR_ABORTED"].iter().any(|own| error(entry).contains(own)),
    };
    let entry = entries.iter().rev().find(failed).or(entries.last()).ok_or("the log has no entry")?;
    Ok(evidence(entry))
}

fn pairs(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| Some((item["name"].as_str()?, item["value"].as_str()?)))
}

/// What the browser says of a request without an answer.
fn error(entry: &Value) -> &str {
    entry["response"]["_error"].as_str().or(entry["_error"].as_str()).unwrap_or_default()
}

/// The last text that came over a WebSocket.
fn last_frame(entry: &Value) -> Option<&str> {
    let messages = entry["_webSocketMessages"].as_array()?;
    messages.iter().rev().find(|message| message["type"] == "receive" && message["opcode"] == 1)?["data"].as_str()
}

/// What kept an answer from coming.
fn io(entry: &Value) -> TransportError {
    let error = error(entry).to_ascii_uppercase();
    let says = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if says(&["CERT", "SSL"]) {
        TransportError::Tls
    } else if says(&[
        "REFUSED",
        "NAME_",
        "UNREACHABLE",
        "DISCONNECTED",
        "CONNECTION_TIMED_OUT",
        "CONNECTION_FAILED",
        "PROXY",
    ]) {
        TransportError::Connect
    } else if says(&["TIMED_OUT"]) {
        TransportError::Timeout
    } else {
        TransportError::Interrupted
    }
}

fn evidence(entry: &Value) -> Evidence {
    let (request, response) = (&entry["request"], &entry["response"]);
    let url = request["url"].as_str().unwrap_or_default();
    let socket = entry["_resourceType"] == "websocket" || url.starts_with("ws://") || url.starts_with("wss://");
    let mut evidence = Evidence::new().with_request(request["method"].as_str().unwrap_or_default(), url);
    if socket {
        evidence = evidence.with_transport(Transport::BrowserWebSocket);
    }
    // Browsers leave out what proves who asks when they export a log: what is not here may have been sent.
    evidence =
        pairs(&request["headers"]).fold(evidence, |evidence, (name, value)| evidence.with_request_header(name, value));
    if let Some(text) = request["postData"]["text"].as_str() {
        evidence = evidence.with_request_body(Body::whole(text));
    }
    // What a body is may be said beside the headers alone.
    let has = |headers: &Value| pairs(headers).any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(kind) = request["postData"]["mimeType"].as_str().filter(|_| !has(&request["headers"])) {
        evidence = evidence.with_request_header("content-type", kind);
    }
    if let Some(kind) = response["content"]["mimeType"].as_str().filter(|_| !has(&response["headers"])) {
        evidence = evidence.with_header("content-type", kind);
    }
    evidence = pairs(&response["headers"]).fold(evidence, |evidence, (name, value)| evidence.with_header(name, value));
    match response["status"].as_u64().and_then(|status| u16::try_from(status).ok()) {
        Some(status @ 100..=999) => evidence = evidence.with_status(status),
        _ if socket => {
            evidence = evidence.with_close(Close::new(1006, "").with_opened(false));
        }
        _ => evidence = evidence.with_transport_error(io(entry)),
    }
    let content = &response["content"];
    if let Some(text) = content["text"].as_str() {
        let decoded = (content["encoding"] == "base64").then(|| BASE64.decode(text.as_bytes()).ok()).flatten();
        evidence = evidence.with_body(decoded.unwrap_or_else(|| text.as_bytes().to_vec()));
    }
    if let Some(frame) = last_frame(entry) {
        evidence = evidence.with_frame(frame);
    }
    match entry["startedDateTime"].as_str().and_then(timestamp) {
        Some(time) => evidence.with_received_at(time),
        None => evidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_failed_entry_is_read() {
        let text = r#"{"log":{"entries":[
            {"response":{"status":500}},
            {"startedDateTime":"2026-11-22T14:00:00.5Z",
             "request":{"method":"POST","url":"https://h/tts","headers":[{"name":"Accept","value":"*/*"}],"postData":{"text":"{}"}},
             "response":{"status":403,"headers":[{"name":"x-request-id","value":"req_1"}],"content":{"text":"bm8=","encoding":"base64"}}},
            {"request":{"method":"GET","url":"https://h/ok"},"response":{"status":200}}]}}"#;
        assert!(is_har(text.as_bytes()) && !is_har(b"{\"response\":{}}"));
        let evidence = read(text.as_bytes()).unwrap();
        assert_eq!(
            (evidence.status(), evidence.url(), evidence.method()),
            (Some(403), Some("https://h/tts"), Some("POST"))
        );
        assert_eq!(
            (evidence.body().unwrap().bytes(), evidence.request_body().unwrap().bytes()),
            (&b"no"[..], &b"{}"[..])
        );
        assert!(evidence.received_at().is_some() && !evidence.has_all_request_headers());
    }

    #[test]
    fn error_names_become_transport_errors() {
        let evidence_of = |entries: &str| read(format!(r#"{{"log":{{"entries":[{entries}]}}}}"#).as_bytes()).unwrap();
        let error = |name: &str| {
            evidence_of(&format!(r#"{{"response":{{"status":0,"_error":"net::{name}"}}}}"#)).transport_error()
        };
        assert_eq!(error("ERR_NAME_NOT_RESOLVED"), Some(TransportError::Connect));
        assert_eq!(error("ERR_CERT_AUTHORITY_INVALID"), Some(TransportError::Tls));
        assert_eq!(error("ERR_TIMED_OUT"), Some(TransportError::Timeout));
        let frame = r#"{"response":{"status":101},"_webSocketMessages":[{"type":"receive","opcode":1,"data":"{\"status\":\"error\"}"}]}"#;
        assert!(evidence_of(&format!(r#"{frame},{{"response":{{"status":200}}}}"#)).frame().is_some());
        let blocked = r#"{"response":{"status":0,"_error":"net::ERR_BLOCKED_BY_CLIENT"}}"#;
        assert_eq!(evidence_of(&format!(r#"{{"response":{{"status":429}}}},{blocked}"#)).status(), Some(429));
    }

    #[test]
    fn websockets_and_missing_responses_are_read() {
        let evidence_of = |entry: &str| read(format!(r#"{{"log":{{"entries":[{entry}]}}}}"#).as_bytes()).unwrap();
        let refused =
            evidence_of(r#"{"_resourceType":"websocket","request":{"url":"wss://h/live"},"response":{"status":0}}"#);
        assert_eq!((refused.transport(), refused.close().unwrap().opened), (Transport::BrowserWebSocket, Some(false)));
        let framed = evidence_of(
            r#"{"request":{"url":"wss://h/"},"response":{"status":101},"_webSocketMessages":[
            {"type":"receive","opcode":1,"data":"{}"},{"type":"send","opcode":1,"data":"x"}]}"#,
        );
        assert_eq!(framed.frame().unwrap().bytes(), b"{}");
        assert_eq!(
            evidence_of(r#"{"request":{"url":"https://h/"},"response":{"status":0}}"#).transport_error(),
            Some(TransportError::Interrupted)
        );
        for invalid in ["{\"log\":", "{\"log\":{}}", "{\"log\":{\"entries\":[]}}"] {
            assert!(read(invalid.as_bytes()).is_err());
        }
        let _ = evidence_of("{}");
    }
}
