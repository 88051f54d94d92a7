//! Classifies, formats and diagnoses any response, frame, close and header, and builds a ticket, without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waves_errors::{Body, Close, Evidence, Failure, WavesError};

fuzz_target!(|bytes: &[u8]| {
    let [kind, low, high, rest @ ..] = bytes else { return };
    let status = u16::from_le_bytes([*low, *high]) % 1000;
    let half = rest.len() / 2;
    let text = String::from_utf8_lossy(&rest[..half]).into_owned();
    let mut evidence = Evidence::response(status)
        .with_request("POST", format!("https://host/{text}"))
        .with_request_header("authorization", &rest[..half])
        .with_header("content-type", &rest[..half])
        .with_header("retry-after", &rest[..half])
        .with_header("x-request-id", &rest[half..]);
    evidence = match kind % 4 {
        0 => evidence.with_body(rest),
        1 => evidence.with_frame(rest),
        2 => evidence.with_close(Close::new(status, text).with_opened(kind % 2 == 0)),
        _ => evidence.with_body(Body::prefix(rest, Some(u64::from(status)))).with_upload(text, Some(status)),
    };
    let failure: Failure<WavesError> = Failure::classify_as(evidence);
    let _ = (format!("{failure:#}"), failure.raw_field("/a/0/b"), failure.diagnose().to_string());
    let _ = (failure.ticket().build().markdown(), serde_json::to_string(&failure));
});
