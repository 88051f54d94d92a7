//! Which case an answer is: what the service was seen to answer, and what real servers sent.

use serde_json::Value;
use waves_errors::{Close, Evidence, Failure, MatchedBy, WavesError};

use crate::data::{headers, lines, path};

const PAGE: [&str; 5] = ["unauthorized", "forbidden", "too-many-requests", "internal-server-error", "no-such-key"];

/// The failure of a sample: an answer, a frame, a close.
fn failure(sample: &Value) -> Failure {
    let mut evidence = Evidence::new();
    let response = &sample["response"];
    if let Some(status) = response["status"].as_u64() {
        evidence = evidence.with_status(u16::try_from(status).unwrap());
        for (name, value) in headers(&response["headers"]) {
            evidence = evidence.header(&name, value);
        }
        evidence = response["body"].as_str().into_iter().fold(evidence, Evidence::body);
    }
    evidence = sample["frame"].as_str().into_iter().fold(evidence, Evidence::with_frame);
    if let Some(code) = sample["close"]["code"].as_u64() {
        let reason = sample["close"]["reason"].as_str().unwrap().to_owned();
        evidence = evidence.with_close(Close { code: u16::try_from(code).unwrap(), reason, opened: None });
    }
    Failure::classify(evidence)
}

fn id(failure: &Failure) -> Option<&'static str> {
    failure.case().map(waves_errors::Case::id)
}

#[test]
fn the_pages_cases_come_out_right() {
    // A case beyond the page that its status hides, until the catalog has it.
    let later = ["clone-500-timeout"];
    let (mut ran, mut put_off) = (0, Vec::new());
    for sample in lines("waves-failures.jsonl") {
        let expected: Vec<_> = sample["expect"]["case"].as_array().unwrap().iter().map(Value::as_str).collect();
        let found = id(&failure(&sample));
        let of_the_page = expected.iter().any(|id| id.is_some_and(|id| PAGE.contains(&id)));
        if expected.contains(&found) && of_the_page {
            ran += 1;
        } else if of_the_page || found.is_some() {
            put_off.push(sample["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(put_off, later);
    assert_eq!(ran, 29);
}

#[test]
fn a_storage_403_is_not_the_pages_403() {
    let samples = lines("waves-failures.jsonl");
    let denied = samples.iter().find(|sample| sample["id"] == "s3-accessdenied").unwrap();
    let failure = failure(denied);
    assert_eq!((failure.kind(), failure.code()), (None, Some("AccessDenied")));
}

/// The bytes of an HTTP/1.1 answer.
fn raw(name: &str) -> Failure {
    let bytes = std::fs::read(path("data/http").join(name)).unwrap();
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&bytes[..split]).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let answer = lines.fold(Evidence::response(status), |answer, line| {
        let (name, value) = line.split_once(": ").unwrap();
        answer.header(name, value)
    });
    Failure::classify(answer.body(&bytes[split + 4..]))
}

#[test]
fn answers_of_real_servers_come_out_right() {
    let found = |name| (raw(name).kind(), raw(name).matched_by());
    let code = Some(MatchedBy::Code);
    assert_eq!(found("moto-5.2.5.get-missing.http"), (Some(WavesError::NoSuchKey), code));
    assert_eq!(found("s3s-fs-0.14.1.get-missing.http"), (Some(WavesError::NoSuchKey), code));
    let status = Some(MatchedBy::Status);
    assert_eq!(found("nginx-1.22.1.limit_req-429-default.http"), (Some(WavesError::TooManyRequests), status));
    assert_eq!(found("tokio-tungstenite-0.30.0.ws-401.http"), (Some(WavesError::Unauthorized), status));
    // A HEAD answer has no body: that there is no such object is all that it says, and the page has no case for it.
    assert_eq!(found("moto-5.2.5.head-missing.http"), (None, None));
    assert_eq!(raw("tokio-tungstenite-0.30.0.ws-401.http").request_id(), Some("req_ws_2"));
    assert_eq!(
        raw("moto-5.2.5.get-missing.http").request_id(),
        None,
        "a storage service's id is not the one that support asks for"
    );
}

#[test]
fn what_the_catalog_does_not_list_is_kept_and_named() {
    let failure = Failure::classify(Evidence::response(418).body(r#"{"code":"teapot","message":"short and stout"}"#));
    assert_eq!((failure.kind(), failure.code(), failure.message()), (None, Some("teapot"), Some("short and stout")));
    assert_eq!(
        failure.to_string(),
        "status 418, which the catalog `waves` does not list (code teapot, \"short and stout\")"
    );
    let named = failure.or_classify(|failure| (failure.status() == Some(418)).then_some(WavesError::Forbidden));
    assert!(named.is(WavesError::Forbidden) && !named.is(WavesError::Unauthorized));
}
