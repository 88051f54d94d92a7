//! Parses any `Retry-After`, at any current time.
#![no_main]

use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use waves_errors::{Evidence, Failure, Retry, WavesError};

fuzz_target!(|bytes: &[u8]| {
    let [a, b, c, d, rest @ ..] = bytes else { return };
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(u32::from_le_bytes([*a, *b, *c, *d]).into());
    let evidence = Evidence::response(429)
        .with_header("retry-after", rest)
        .with_header("date", &rest[..rest.len() / 2])
        .with_body(format!("{{\"retry_after\":{}}}", String::from_utf8_lossy(rest)));
    let failure: Failure<WavesError> = Failure::classify_as(evidence);
    let _ = failure.retry_after(now);
    let mut state = Retry::new().deadline(Duration::from_secs(u64::from(*a)));
    let _ = (state.decide(&failure, now), state.decide(&failure, SystemTime::UNIX_EPOCH));
});
