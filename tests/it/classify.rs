//! Classification of recorded responses, frames, closes and transport errors.

use serde_json::Value;
use waves_errors::{Close, Evidence, Failure, MatchedBy, TransportError, WavesError};

use crate::data::{headers, lines, path};

/// Returns the failure of a sample: a response, a frame or a close.
fn failure(sample: &Value) -> Failure {
    let mut evidence = Evidence::new();
    let response = &sample["response"];
    if let Some(status) = response["status"].as_u64() {
        evidence = evidence.with_status(u16::try_from(status).unwrap());
        for (name, value) in headers(&response["headers"]) {
            evidence = evidence.with_header(&name, value);
        }
        evidence = response["body"].as_str().into_iter().fold(evidence, Evidence::with_body);
    }
    evidence = sample["frame"].as_str().into_iter().fold(evidence, Evidence::with_frame);
    if let Some(code) = sample["close"]["code"].as_u64() {
        let reason = sample["close"]["reason"].as_str().unwrap().to_owned();
        evidence = evidence.with_close(Close::new(u16::try_from(code).unwrap(), reason));
    }
    Failure::classify(evidence)
}

fn id(failure: &Failure) -> Option<&'static str> {
    failure.case().map(waves_errors::Case::id)
}

/// Returns the ids of the accepted cases of a sample. `None` means that no case may match.
pub(crate) fn expected(sample: &Value) -> Vec<Option<&str>> {
    sample["expect"]["case"].as_array().unwrap().iter().map(Value::as_str).collect()
}

#[test]
fn recorded_samples_match_expected_cases() {
    let samples = lines("waves-failures.jsonl");
    for sample in &samples {
        assert!(expected(sample).contains(&id(&failure(sample))), "{:?} from {sample}", id(&failure(sample)));
    }
    assert_eq!(samples.len(), 64);
}

#[test]
fn success_frames_responses_and_closes_match_no_case() {
    let frames = [
        r#"{"status":"206","data":{"audio":"UklGRg=="}}"#,
        r#"{"status":"200","done":true}"#,
        r#"{"type":"warning","message":"audio is slower than real time"}"#,
        r#"{"type":"transcript","text":"error, NoSuchKey, 429"}"#,
        r#"{"status":"complete","message":"done"}"#,
    ];
    for frame in frames {
        assert_eq!(id(&Failure::classify(Evidence::error_frame(frame))), None, "{frame}");
    }
    for (status, body) in
        [(200, r#"{"status":"error"}"#), (202, r#"{"status":"queued","message":"accepted"}"#), (206, "")]
    {
        assert_eq!(id(&Failure::classify(Evidence::response(status).with_body(body))), None, "{status}");
    }
    assert_eq!(id(&Failure::classify(Evidence::closed(1000, ""))), None);
}

/// Error documents of HTTP responses, sent as frames. Frames have no status.
#[test]
fn frames_match_by_code_and_text() {
    use WavesError as W;
    let frames = [
        (r#"{"status":"error","error":{"code":"429","message":"Rate limit exceeded"}}"#, Some(W::TooManyRequests)),
        (r#"{"status":"error","error":{"code":"401","message":"No key"}}"#, Some(W::Unauthorized)),
        (r#"{"status":"error","error":{"code":403,"message":"Not yours"}}"#, Some(W::Forbidden)),
        (r#"{"status":"error","error":{"code":"500","message":"Oops"}}"#, Some(W::InternalServerError)),
        (r#"{"type":"error","error_code":"503","message":"Later"}"#, Some(W::ServiceUnavailable)),
        (r#"{"message":"Concurrency limit reached","error":"5 of 5 sockets"}"#, Some(W::ConcurrencyLimit)),
        (r#"{"type":"error","message":"Too many requests"}"#, Some(W::TooManyRequests)),
        (r#"{"status":"error","message":"Forbidden"}"#, Some(W::Forbidden)),
        (r#"{"status":"error","error":"Unauthorized","message":"Invalid API key"}"#, Some(W::Unauthorized)),
        (r#"{"message":"Internal server error","error":"ref 12"}"#, Some(W::InternalServerError)),
        (r#"{"event":"error","error":{"type":"server_error","message":"Oops"}}"#, Some(W::InternalServerError)),
        (r#"{"status":"error","message":"Oops","transcript":"it is forbidden"}"#, None),
        (r#"{"status":"206","error":{"code":"429"}}"#, None),
        (r#"{"type":"warning","message":"Rate limit exceeded soon"}"#, None),
    ];
    for (frame, case) in frames {
        assert_eq!(Failure::classify(Evidence::error_frame(frame)).kind(), case, "{frame}");
    }
    // In a response, these phrases do not outweigh the status. A concurrency limit refines its status.
    for (status, body, case) in [
        (502, r#"{"message":"Internal server error"}"#, W::ServiceUnavailable),
        (429, r#"{"error":"Concurrency limit reached"}"#, W::ConcurrencyLimit),
        (400, r#"{"status":"error","error":{"code":"429","message":"Forbidden"}}"#, W::InvalidRequest),
        (400, r#"{"error":"Expected an upgrade header"}"#, W::InvalidRequest),
        (400, r#"{"error":"limit must be below 100"}"#, W::InvalidRequest),
        (400, r#"{"error":"limit reached","details":{"hint":"Upgrade for more"}}"#, W::PlanLimit),
        (403, r#"{"error":"AccessDenied"}"#, W::StorageAccessDenied),
    ] {
        assert_eq!(Failure::classify(Evidence::response(status).with_body(body)).kind(), Some(case), "{body}");
    }
}

#[test]
fn closes_and_transport_errors_match_cases() {
    let close = |code, reason: &str| Failure::classify(Evidence::closed(code, reason)).kind();
    let lost = Some(WavesError::ConnectionLost);
    assert_eq!([1001, 1006, 1011, 1012].map(|code| close(code, "")), [lost; 4]);
    assert_eq!(close(1011, "keepalive ping timeout"), lost);
    assert_eq!(close(1008, ""), Some(WavesError::ConcurrencyLimit));
    assert_eq!(close(1008, "forbidden"), Some(WavesError::Forbidden));
    assert_eq!(close(1008, "something new"), None);
    // An error frame outweighs a close without a reason.
    let frame = Evidence::error_frame(r#"{"message":"Insufficient credits","error":"Account balance too low"}"#);
    let close = Close::new(1008, "").with_opened(true);
    assert_eq!(Failure::classify(frame.with_close(close)).kind(), Some(WavesError::InsufficientCredits));
    let kinds = TransportError::ALL.map(|error| Failure::classify(Evidence::no_response(error)).kind().unwrap());
    assert_eq!(
        kinds.map(WavesError::id),
        ["not-connected", "no-answer", "not-connected", "no-answer", "not-processed"]
    );
}

#[test]
fn refined_case_is_also_its_parent_case() {
    let busy = Failure::classify(Evidence::closed(1008, "concurrency_limit_reached"));
    assert_eq!(busy.kind(), Some(WavesError::ConcurrencyLimit));
    assert!(busy.is(WavesError::TooManyRequests) && !busy.is(WavesError::ServerFull));
    assert_eq!(busy.case().unwrap().policy().unwrap().0, "rate-limit");
}

/// Returns the failure of a recorded HTTP/1.1 response.
fn recorded(name: &str) -> Failure {
    let bytes = std::fs::read(path("data/http").join(name)).unwrap();
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&bytes[..split]).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let evidence = lines.fold(Evidence::response(status), |evidence, line| {
        let (name, value) = line.split_once(": ").unwrap();
        evidence.with_header(name, value)
    });
    Failure::classify(evidence.with_body(&bytes[split + 4..]))
}

#[test]
fn real_server_responses_match_expected_cases() {
    let matched = |name| (recorded(name).kind(), recorded(name).matched_by());
    let code = Some(MatchedBy::Code);
    assert_eq!(matched("moto-5.2.5.get-missing.http"), (Some(WavesError::NoSuchKey), code));
    assert_eq!(matched("s3s-fs-0.14.1.get-missing.http"), (Some(WavesError::NoSuchKey), code));
    assert_eq!(matched("tokio-tungstenite-0.30.0.ws-401.http"), (Some(WavesError::Unauthorized), code));
    let status = Some(MatchedBy::Status);
    assert_eq!(matched("nginx-1.22.1.limit_req-429-default.http"), (Some(WavesError::TooManyRequests), status));
    // The response to HEAD has no body, so only its status matches.
    assert_eq!(matched("moto-5.2.5.head-missing.http"), (Some(WavesError::NotFound), status));
    assert_eq!(recorded("tokio-tungstenite-0.30.0.ws-401.http").request_id(), Some("req_ws_2"));
    assert_eq!(
        recorded("moto-5.2.5.get-missing.http").request_id(),
        None,
        "support needs the id of the API, not of the storage service"
    );
}

#[test]
fn unlisted_error_keeps_its_details_and_or_classify_sets_its_case() {
    let failure =
        Failure::classify(Evidence::response(418).with_body(r#"{"code":"teapot","message":"short and stout"}"#));
    assert_eq!(
        (failure.kind(), failure.code(), failure.raw_message()),
        (None, Some("teapot"), Some("short and stout"))
    );
    assert_eq!(failure.to_string(), "status 418, not listed in the catalog `waves` (code teapot, \"short and stout\")");
    let named = failure.or_classify(|failure| (failure.status() == Some(418)).then_some(WavesError::Forbidden));
    assert!(named.is(WavesError::Forbidden) && !named.is(WavesError::Unauthorized));
}
