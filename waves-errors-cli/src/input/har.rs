//! Parses a browser's network log (HAR 1.2): the last entry that failed, or else the last entry.

use data_encoding::BASE64;
use serde_json::Value;
use waves_errors::{Body, Catalog, Close, Evidence, Failure, Transport, TransportError};

use super::json::timestamp;

/// Returns whether JSON is a network log.
pub(crate) fn is_har(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    rest.is_some_and(|rest| rest.starts_with(b"\"log\""))
}

/// Parses the last entry that failed according to a catalog, or else the last entry.
pub(crate) fn parse(bytes: &[u8], catalog: Catalog) -> Result<Evidence, String> {
    let log: Value = serde_json::from_slice(bytes).map_err(|error| format!("invalid JSON: {error}"))?;
    let entries = log["log"]["entries"].as_array().ok_or("no `entries` in the log")?;
    // A request that the browser blocked or aborted did not fail.
    let is_ignored =
        |entry: &Value| ["ERR_BLOCKED_BY_CLIENT", "ERR_ABORTED"].iter().any(|error| error_text(entry).contains(error));
    let has_response = |entry: &&Value| entry["response"].is_object() && !is_ignored(entry);
    let mut exchanges = entries.iter().rev().filter(has_response).map(|entry| evidence(entry, catalog));
    let failed = exchanges.find(|evidence| has_failed(evidence, catalog));
    let last = || entries.iter().rev().find(|entry| entry["response"].is_object());
    let found = failed.or_else(|| last().map(|entry| evidence(entry, catalog)));
    let found = found.ok_or("no entry with a response in the log")?;
    // A response can repeat the secrets of any request.
    Ok(entries.iter().rev().map(earlier).fold(found, Evidence::with_earlier_request))
}

fn has_failed(evidence: &Evidence, catalog: Catalog) -> bool {
    Failure::classify_in(catalog, evidence.clone()).is_failure()
}

fn name_value_pairs(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| Some((item["name"].as_str()?, item["value"].as_str()?)))
}

/// Returns the browser's error for a request without a response.
fn error_text(entry: &Value) -> &str {
    entry["response"]["_error"].as_str().or(entry["_error"].as_str()).unwrap_or_default()
}

/// Returns the text frames that were received over a WebSocket, the last one first.
fn frames(entry: &Value) -> impl Iterator<Item = &str> {
    let messages = entry["_webSocketMessages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let received = messages.iter().rev().filter(|message| message["type"] == "receive" && message["opcode"] == 1);
    received.filter_map(|message| message["data"].as_str())
}

/// Returns the transport error of a request without a response.
fn transport_error(entry: &Value) -> TransportError {
    let error = error_text(entry).to_ascii_uppercase();
    let contains_any = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if contains_any(&["CERT", "SSL"]) {
        TransportError::Tls
    } else if contains_any(&[
        "REFUSED",
        "NAME_",
        "UNREACHABLE",
        "DISCONNECTED",
        "CONNECTION_TIMED_OUT",
        "CONNECTION_FAILED",
        "PROXY",
    ]) {
        TransportError::Connect
    } else if contains_any(&["TIMED_OUT"]) {
        TransportError::Timeout
    } else {
        TransportError::Interrupted
    }
}

/// Returns the evidence of a request, with the cookies that its response sets.
fn earlier(entry: &Value) -> Evidence {
    let response = &entry["response"];
    let headers = name_value_pairs(&response["headers"]).filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let evidence = headers.fold(request(entry), |evidence, (name, value)| evidence.with_header(name, value));
    let cookies = name_value_pairs(&response["cookies"]);
    cookies.fold(evidence, |evidence, (name, value)| evidence.with_header("set-cookie", format!("{name}={value}")))
}

/// Returns the evidence of a request.
fn request(entry: &Value) -> Evidence {
    let request = &entry["request"];
    let url = request["url"].as_str().unwrap_or_default();
    let mut evidence = Evidence::new().with_request(request["method"].as_str().unwrap_or_default(), url);
    // Browsers omit credentials from an exported log, so a header that is missing here may have been sent.
    evidence = name_value_pairs(&request["headers"])
        .fold(evidence, |evidence, (name, value)| evidence.with_request_header(name, value));
    // These lists repeat the header, the query and the body, or replace them.
    for (name, value) in name_value_pairs(&request["cookies"]) {
        evidence = evidence.with_request_header("cookie", format!("{name}={value}"));
    }
    let parameters = |list: &Value| {
        let pairs = name_value_pairs(list).map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("&")
    };
    if !url.contains('?') && request["queryString"].as_array().is_some_and(|list| !list.is_empty()) {
        evidence = evidence.with_url(format!("{url}?{}", parameters(&request["queryString"])));
    }
    let body = request["postData"]["text"].as_str().map(str::to_owned);
    let body = body.or_else(|| Some(parameters(&request["postData"]["params"])).filter(|body| !body.is_empty()));
    body.into_iter().fold(evidence, |evidence, body| evidence.with_request_body(Body::whole(body)))
}

fn evidence(entry: &Value, catalog: Catalog) -> Evidence {
    let (sent, response) = (&entry["request"], &entry["response"]);
    let url = sent["url"].as_str().unwrap_or_default();
    let is_websocket = entry["_resourceType"] == "websocket" || url.starts_with("ws://") || url.starts_with("wss://");
    let mut evidence = request(entry);
    if is_websocket {
        evidence = evidence.with_transport(Transport::BrowserWebSocket);
    }
    // The content type may be given outside of the headers.
    let has_content_type =
        |headers: &Value| name_value_pairs(headers).any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if let Some(content_type) = sent["postData"]["mimeType"].as_str().filter(|_| !has_content_type(&sent["headers"])) {
        evidence = evidence.with_request_header("content-type", content_type);
    }
    if let Some(content_type) =
        response["content"]["mimeType"].as_str().filter(|_| !has_content_type(&response["headers"]))
    {
        evidence = evidence.with_header("content-type", content_type);
    }
    evidence = name_value_pairs(&response["headers"])
        .fold(evidence, |evidence, (name, value)| evidence.with_header(name, value));
    match response["status"].as_u64().and_then(|status| u16::try_from(status).ok()) {
        Some(status @ 100..=999) => {
            evidence = evidence.with_status(status);
            if !error_text(entry).is_empty() {
                // The connection ended after the head of the response.
                evidence = if is_websocket {
                    evidence.with_close(Close::new(1006, "").with_opened(status == 101))
                } else {
                    evidence.with_transport_error(transport_error(entry))
                };
            }
        }
        _ if is_websocket => {
            evidence = evidence.with_close(Close::new(1006, "").with_opened(false));
        }
        _ => evidence = evidence.with_transport_error(transport_error(entry)),
    }
    let content = &response["content"];
    if let Some(text) = content["text"].as_str() {
        let decoded = (content["encoding"] == "base64").then(|| BASE64.decode(text.as_bytes()).ok()).flatten();
        evidence = evidence.with_body(decoded.unwrap_or_else(|| text.as_bytes().to_vec()));
    }
    let is_error = |frame: &&str| has_failed(&Evidence::error_frame(*frame), catalog);
    if let Some(frame) = frames(entry).find(is_error).or_else(|| frames(entry).next()) {
        evidence = evidence.with_frame(frame);
    }
    match entry["startedDateTime"].as_str().and_then(timestamp) {
        Some(time) => evidence.with_received_at(time),
        None => evidence,
    }
}

#[cfg(test)]
mod tests {
    use waves_errors::{CatalogEnum, WavesError};

    use super::*;

    fn parse(bytes: &[u8]) -> Result<Evidence, String> {
        super::parse(bytes, WavesError::CATALOG)
    }

    #[test]
    fn last_failed_entry_is_parsed() {
        let text = r#"{"log":{"entries":[
            {"response":{"status":500}},
            {"startedDateTime":"2026-11-22T14:00:00.5Z",
             "request":{"method":"POST","url":"https://h/tts","headers":[{"name":"Accept","value":"*/*"}],"postData":{"text":"{}"}},
             "response":{"status":403,"headers":[{"name":"x-request-id","value":"req_1"}],"content":{"text":"bm8=","encoding":"base64"}}},
            {"request":{"method":"GET","url":"https://h/ok"},"response":{"status":200}}]}}"#;
        assert!(is_har(text.as_bytes()) && !is_har(b"{\"response\":{}}"));
        let evidence = parse(text.as_bytes()).unwrap();
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
    fn failed_entry_is_recognized_by_error_or_frame() {
        let parse_entries =
            |entries: &str| parse(format!(r#"{{"log":{{"entries":[{entries}]}}}}"#).as_bytes()).unwrap();
        let transport_error = |name: &str| {
            parse_entries(&format!(r#"{{"response":{{"status":0,"_error":"net::{name}"}}}}"#)).transport_error()
        };
        assert_eq!(transport_error("ERR_NAME_NOT_RESOLVED"), Some(TransportError::Connect));
        assert_eq!(transport_error("ERR_CERT_AUTHORITY_INVALID"), Some(TransportError::Tls));
        assert_eq!(transport_error("ERR_TIMED_OUT"), Some(TransportError::Timeout));
        let cut = r#"{"response":{"status":200,"_error":"net::ERR_INCOMPLETE_CHUNKED_ENCODING"}}"#;
        assert_eq!(parse_entries(cut).transport_error(), Some(TransportError::Interrupted));
        let frame = r#"{"response":{"status":101},"_webSocketMessages":[{"type":"receive","opcode":1,"data":"{\"status\":\"error\"}"},{"type":"receive","opcode":1,"data":"{}"}]}"#;
        assert!(parse_entries(&format!(r#"{frame},{{"response":{{"status":200}}}}"#)).frame().is_some());
        let body =
            r#"{"response":{"status":200,"content":{"text":"{\"status\":\"error\",\"code\":\"server_full\"}"}}}"#;
        assert!(parse_entries(&format!(r#"{body},{{"response":{{"status":200}}}}"#)).body().is_some());
        let blocked = r#"{"response":{"status":0,"_error":"net::ERR_BLOCKED_BY_CLIENT"}}"#;
        assert_eq!(parse_entries(&format!(r#"{{"response":{{"status":429}}}},{blocked}"#)).status(), Some(429));
    }

    #[test]
    fn websockets_and_requests_without_response_are_parsed() {
        let parse_entry = |entry: &str| parse(format!(r#"{{"log":{{"entries":[{entry}]}}}}"#).as_bytes()).unwrap();
        let refused =
            parse_entry(r#"{"_resourceType":"websocket","request":{"url":"wss://h/live"},"response":{"status":0}}"#);
        assert_eq!((refused.transport(), refused.close().unwrap().opened), (Transport::BrowserWebSocket, Some(false)));
        let framed = parse_entry(
            r#"{"request":{"url":"wss://h/"},"response":{"status":101},"_webSocketMessages":[
            {"type":"receive","opcode":1,"data":"{}"},{"type":"send","opcode":1,"data":"x"}]}"#,
        );
        assert_eq!(framed.frame().unwrap().bytes(), b"{}");
        assert_eq!(
            parse_entry(r#"{"request":{"url":"https://h/"},"response":{"status":0}}"#).transport_error(),
            Some(TransportError::Interrupted)
        );
        for bad in ["{\"log\":", "{\"log\":{}}", "{\"log\":{\"entries\":[]}}"] {
            assert!(parse(bad.as_bytes()).is_err());
        }
        assert!(parse(br#"{"log":{"entries":[null,{}]}}"#).is_err());
    }
}
