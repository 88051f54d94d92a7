//! The Waves catalog and the statuses and closes that every client meets: the case of each, and whether it is retried.

use std::time::SystemTime;

use waves_errors::{Decision, Evidence, Failure, Retry, StopReason, WavesError as W};

fn is_retried(failure: &Failure) -> bool {
    matches!(Retry::new().decide(failure, SystemTime::UNIX_EPOCH), Decision::Retry { .. })
}

#[test]
fn each_status_has_its_case_and_retry() {
    let rows: [(&[u16], Option<W>, bool); 16] = [
        (&[400, 405, 406, 411, 414, 415, 416, 417, 421, 422, 426, 428, 431, 501, 505], Some(W::InvalidRequest), false),
        (&[401], Some(W::Unauthorized), false),
        (&[402], Some(W::InsufficientCredits), false),
        (&[403], Some(W::Forbidden), false),
        (&[404], Some(W::NotFound), false),
        (&[409], Some(W::Conflict), false),
        (&[410], Some(W::ModelRetired), false),
        (&[413], Some(W::PayloadTooLarge), false),
        (&[429], Some(W::TooManyRequests), true),
        (&[500], Some(W::InternalServerError), true),
        (&[408, 425], Some(W::RequestTimeout), true),
        (&[499], Some(W::RequestTimeout), false),
        (&[502, 503, 504, 520, 521, 522, 523, 524, 529], Some(W::ServiceUnavailable), true),
        (&[507, 508, 509, 525, 526, 527, 528, 530, 598, 599], Some(W::ServiceUnavailable), false),
        (&[407, 418, 423, 424, 451, 506, 510, 511, 512, 519, 531, 597], None, false),
        (&[100, 101, 200, 202, 204, 206, 301, 304, 307, 399], None, false),
    ];
    for (statuses, case, retried) in rows {
        for &status in statuses {
            let failure = Failure::classify(Evidence::response(status));
            assert_eq!((failure.kind(), is_retried(&failure)), (case, retried), "{status}");
            assert_eq!(failure.is_failure(), status >= 400, "{status}");
        }
    }
    let vetoed = Failure::classify(Evidence::response(599));
    assert_eq!(Retry::new().decide(&vetoed, SystemTime::UNIX_EPOCH), Decision::Stop(StopReason::Vetoed));
}

#[test]
fn each_close_has_its_case() {
    for (codes, case) in [
        (&[1002, 1003, 1007, 1010][..], Some(W::InvalidRequest)),
        (&[1009], Some(W::PayloadTooLarge)),
        (&[1001, 1006, 1011, 1012, 1014], Some(W::ConnectionLost)),
        (&[1008], Some(W::ConcurrencyLimit)),
        (&[1013], Some(W::ServerFull)),
        (&[1015], Some(W::NotConnected)),
        (&[1000, 3000, 4000, 4999], None),
    ] {
        for &code in codes {
            assert_eq!(Failure::classify(Evidence::closed(code, "")).kind(), case, "{code}");
        }
    }
    for (reason, case) in [
        ("concurrency_limit_reached", Some(W::ConcurrencyLimit)),
        ("Concurrency limit reached for workspace", Some(W::ConcurrencyLimit)),
        ("Rate limit exceeded, slow down", Some(W::TooManyRequests)),
        ("Unauthorized: bad token", Some(W::Unauthorized)),
        ("Forbidden", Some(W::Forbidden)),
        ("policy violation", None),
    ] {
        assert_eq!(Failure::classify(Evidence::closed(1008, reason)).kind(), case, "{reason}");
    }
}

#[test]
fn proxy_response_to_connect_is_not_connected() {
    for status in [400, 401, 403, 407, 429, 500, 502, 503] {
        let evidence = Evidence::response(status).with_request("CONNECT", "https://api.smallest.ai");
        assert_eq!(Failure::classify(evidence).kind(), Some(W::NotConnected), "{status}");
    }
}

#[test]
fn error_in_a_healthy_exchange_is_a_failure() {
    for (body, case) in [
        (r#"{"status":"error","message":"Service unavailable","code":"service_unavailable"}"#, W::ServiceUnavailable),
        (r#"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#, W::TooManyRequests),
        (
            r#"{"type":"response.done","response":{"status":"failed","status_details":{"error":{"code":"content_filtered"}}}}"#,
            W::ContentFiltered,
        ),
    ] {
        for evidence in [Evidence::response(200).with_body(body), Evidence::error_frame(body)] {
            let failure = Failure::classify(evidence);
            assert!(failure.is_failure() && failure.is(case), "{body}: {failure}");
        }
    }
}

#[test]
fn error_event_in_a_stream_is_a_failure() {
    let stream = |event: &str| {
        format!("event: audio\ndata: {{\"audio\":\"UklGRg==\"}}\n\n{event}\n\ndata: {{\"done\":true}}\n\n")
    };
    for (event, case) in [
        (r#"data: {"status":"error","error_code":"rate_limit_exceeded","message":"slow"}"#, W::TooManyRequests),
        ("event: error\ndata: {\"code\":\"service_unavailable\"}", W::ServiceUnavailable),
    ] {
        let failure = Failure::classify(Evidence::response(200).with_body(stream(event)));
        assert!(failure.is_failure() && failure.is(case), "{event}: {failure}");
    }
    // Under an error status, the first event is the content.
    let refused = Evidence::response(400).with_body("data: {\"error\":{\"code\":\"invalid_api_key\"}}\n\n");
    assert!(Failure::classify(refused).is(W::Unauthorized));
    let said = Evidence::response(500).with_body("data: {\"transcript\":\"NoSuchKey\"}\n\n");
    assert!(Failure::classify(said).is(W::InternalServerError));
    for event in ["data: {\"status\":\"206\"}", "event: progress\ndata: {\"message\":\"error\"}", "data: error"] {
        let failure = Failure::classify(Evidence::response(200).with_body(stream(event)));
        assert!(!failure.is_failure(), "{event}: {failure}");
    }
    // A stream of many events.
    let many =
        format!("{}data: {{\"status\":\"error\",\"code\":\"server_full\"}}\n\n", "data: {\"a\":1}\n\n".repeat(3000));
    assert!(Failure::classify(Evidence::response(200).with_body(many)).is(W::ServerFull));
}

#[test]
fn storage_error_with_a_status_of_200_is_a_failure() {
    let body = "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>";
    assert!(Failure::classify(Evidence::response(200).with_body(body)).is(W::NoSuchKey));
}

#[test]
fn refusal_of_a_gateway_is_not_the_page_of_the_api() {
    for body in ["error code: 1020", "<html><title>Attention Required! | Cloudflare</title></html>"] {
        let failure = Failure::classify(Evidence::response(403).with_body(body));
        assert_eq!(failure.kind(), Some(W::GatewayRefusal), "{body}");
        assert!(!is_retried(&failure));
    }
    assert!(Failure::classify(Evidence::response(524).with_body("error code: 524")).is(W::ServiceUnavailable));
}

#[test]
fn healthy_bodies_and_frames_are_not_failures() {
    let healthy = [
        r#"{"status":"success","audio":"UklGRg=="}"#,
        r#"{"status":"200","audio":"UklGRg==","request_id":"r"}"#,
        r#"{"status":"206","data":{"audio":"UklGRg=="}}"#,
        r#"{"status":"complete","done":true}"#,
        r#"{"status":"ok"}"#,
        r#"{"status":true}"#,
        r#"{"status":"warning","message":"The sample rate was changed"}"#,
        r#"{"type":"warning","message":"language not detected"}"#,
        r#"{"type":"transcription","text":"an error occurred in the story"}"#,
        r#"{"type":"session.created","session":{"id":"s"}}"#,
        r#"{"type":"session.closed"}"#,
        r#"{"type":"response.created","response":{"status":"in_progress"}}"#,
        r#"{"type":"response.done","response":{"status":"completed"}}"#,
        r#"{"type":"response.done","response":{"status":"cancelled"}}"#,
        r#"{"type":"response.audio.delta","delta":"UklGRg=="}"#,
        r#"{"event":"speech_started"}"#,
        r#"{"event":"final","transcript":"rate limit exceeded"}"#,
        r#"{"is_final":true,"is_last":false,"transcript":"unauthorized"}"#,
        r#"{"transcription":"NoSuchKey","utterances":[]}"#,
        r#"{"message":"Deleted","error":false}"#,
        r#"{"error":null,"result":{"text":"x"}}"#,
        r#"{"errors":[]}"#,
        r#"{"voices":[{"voiceId":"magnus","status":"error_free"}]}"#,
        r#"{"choices":[{"message":{"role":"assistant","content":"error"},"finish_reason":"stop"}]}"#,
        r#"{"object":"chat.completion","usage":{"total_tokens":3}}"#,
        r#"{"code":"ok"}"#,
        r#"{"code":200,"message":"OK"}"#,
        r#"{"message":"ok","code":0}"#,
        r#"{"success":true,"message":"flushed"}"#,
        r#"{"transcript":"hi","message":""}"#,
        r#"{"error":0.0}"#,
        r#"{"message":"ok","error":""}"#,
        r#"[{"word":"forbidden","start":0.1}]"#,
        r#""plain string""#,
        "true",
        "{}",
        "RIFF\0\0\0\0WAVE",
        "internal server error",
        "<html><body>OK</body></html>",
        "",
    ];
    for body in healthy {
        for evidence in [Evidence::response(200).with_body(body), Evidence::error_frame(body)] {
            let failure = Failure::classify(evidence);
            assert!(!failure.is_failure() && failure.kind().is_none(), "{body}: {failure}");
        }
    }
}

#[test]
fn message_without_a_status_is_an_error_in_frames_only() {
    for body in [
        r#"{"message":"2 files were skipped","error":"skipped"}"#,
        r#"{"message":"Voice cloned successfully","data":{"voiceId":"v"}}"#,
        r#"{"message":"Deleted","error":null}"#,
        r#"{"message":"Could not synthesize the text"}"#,
    ] {
        assert!(!Failure::classify(Evidence::response(200).with_body(body)).is_failure(), "{body}");
        assert!(Failure::classify(Evidence::error_frame(body)).is_failure(), "{body}");
    }
    for (body, case) in [
        (r#"{"status":401,"message":"Unauthorized"}"#, W::Unauthorized),
        (r#"{"status":429}"#, W::TooManyRequests),
        (r#"{"code":"503"}"#, W::ServiceUnavailable),
        (r#"{"errors":[{"code":"invalid_audio","message":"x"}]}"#, W::InvalidRequest),
    ] {
        assert_eq!(Failure::classify(Evidence::error_frame(body)).kind(), Some(case), "{body}");
    }
    let opened = r#"{"message":"Connected","session_id":"s"}"#;
    assert!(!Failure::classify(Evidence::error_frame(opened)).is_failure());
}

#[test]
fn failed_validation_is_invalid_request_in_responses_and_frames() {
    let array = r#"{"error":[{"code":"too_big","path":["speed"],"message":"Number must be less than or equal to 2"}]}"#;
    for evidence in [Evidence::response(400).with_body(array), Evidence::error_frame(array)] {
        let failure = Failure::classify(evidence);
        assert_eq!(failure.kind(), Some(W::InvalidRequest));
        assert!(failure.to_string().contains("Number must be less than or equal to 2"), "{failure}");
    }
    // An error in a successful response is a failure, whatever its status.
    assert!(Failure::classify(Evidence::response(200).with_body(array)).is_failure());
    assert!(Failure::classify(Evidence::response(200).with_body(r#"{"error":{"message":"No"}}"#)).is_failure());
}

#[test]
fn html_of_a_gateway_is_named_in_the_message() {
    let text = |status, body: &str| Failure::classify(Evidence::response(status).with_body(body)).to_string();
    for page in ["<html><h1>502 Bad Gateway</h1></html>", "\n<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">"] {
        assert!(text(502, page).contains("an HTML page, as gateways and proxies send"), "{}", text(502, page));
    }
    for other in
        ["", "bad gateway", "{}", "<Error><Code>SlowDown</Code></Error>", "<html><li>Code: NoSuchKey</li></html>"]
    {
        assert!(!text(404, other).contains("HTML"), "{other}");
    }
}
