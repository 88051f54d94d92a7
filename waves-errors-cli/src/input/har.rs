//! A browser's network log (HAR 1.2): of its entries the last that failed, or else the last.

use data_encoding::BASE64;
use serde_json::Value;
use waves_errors::{Body, Close, Evidence, Io, Transport};

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
    let failed = |entry: &&Value| !matches!(entry["response"]["status"].as_u64(), Some(1..=399));
    let entry = entries.iter().rev().find(failed).or(entries.last()).ok_or("the log has no entry")?;
    Ok(evidence(entry))
}

fn pairs(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| Some((item["name"].as_str()?, item["value"].as_str()?)))
}

fn evidence(entry: &Value) -> Evidence {
    let (request, response) = (&entry["request"], &entry["response"]);
    let url = request["url"].as_str().unwrap_or_default();
    let socket = entry["_resourceType"] == "websocket" || url.starts_with("ws://") || url.starts_with("wss://");
    let mut evidence = Evidence::new().request(request["method"].as_str().unwrap_or_default(), url);
    if socket {
        evidence = evidence.transport(Transport::BrowserWebSocket);
    }
    // Browsers leave out what proves who asks when they export a log: what is not here may have been sent.
    evidence =
        pairs(&request["headers"]).fold(evidence, |evidence, (name, value)| evidence.request_header(name, value));
    if let Some(text) = request["postData"]["text"].as_str() {
        evidence = evidence.request_body(Body::whole(text));
    }
    evidence = pairs(&response["headers"]).fold(evidence, |evidence, (name, value)| evidence.header(name, value));
    match response["status"].as_u64().and_then(|status| u16::try_from(status).ok()) {
        Some(status @ 100..=999) => evidence = evidence.with_status(status),
        _ if socket => {
            evidence = evidence.with_close(Close { code: 1006, reason: String::new(), opened: Some(false) });
        }
        _ => evidence = evidence.with_io(Io::Interrupted),
    }
    let content = &response["content"];
    if let Some(text) = content["text"].as_str() {
        let decoded = (content["encoding"] == "base64").then(|| BASE64.decode(text.as_bytes()).ok()).flatten();
        evidence = evidence.body(decoded.unwrap_or_else(|| text.as_bytes().to_vec()));
    }
    let messages = entry["_webSocketMessages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let last = messages.iter().rev().find(|message| message["type"] == "receive" && message["opcode"] == 1);
    if let Some(frame) = last.and_then(|message| message["data"].as_str()) {
        evidence = evidence.with_frame(frame);
    }
    match entry["startedDateTime"].as_str().and_then(timestamp) {
        Some(time) => evidence.received(time),
        None => evidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_failed_entry_counts() {
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
        assert_eq!((evidence.answer().unwrap().kept(), evidence.sent().unwrap().kept()), (&b"no"[..], &b"{}"[..]));
        assert!(evidence.arrived().is_some() && !evidence.has_all_request_headers());
    }

    #[test]
    fn sockets_and_requests_without_an_answer() {
        let one = |entry: &str| read(format!(r#"{{"log":{{"entries":[{entry}]}}}}"#).as_bytes()).unwrap();
        let refused = one(r#"{"_resourceType":"websocket","request":{"url":"wss://h/live"},"response":{"status":0}}"#);
        assert_eq!((refused.over(), refused.close().unwrap().opened), (Transport::BrowserWebSocket, Some(false)));
        let framed = one(r#"{"request":{"url":"wss://h/"},"response":{"status":101},"_webSocketMessages":[
            {"type":"receive","opcode":1,"data":"{}"},{"type":"send","opcode":1,"data":"x"}]}"#);
        assert_eq!(framed.error_frame().unwrap().kept(), b"{}");
        assert_eq!(one(r#"{"request":{"url":"https://h/"},"response":{"status":0}}"#).io(), Some(Io::Interrupted));
        for bad in ["{\"log\":", "{\"log\":{}}", "{\"log\":{\"entries\":[]}}"] {
            assert!(read(bad.as_bytes()).is_err());
        }
        one("{}");
    }
}
