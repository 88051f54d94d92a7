//! Redacts any bytes. The output never contains the credential of the exchange, and redaction is idempotent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use waves_errors::{Body, CatalogEnum, Evidence, Redacted, Redactor, WavesError};

const SECRET: &str = "zq7fold9wimbers";
const KINDS: [Option<&str>; 6] = [
    None,
    Some("application/json"),
    Some("application/xml"),
    Some("application/x-www-form-urlencoded"),
    Some("multipart/form-data; boundary=b"),
    Some("text/html"),
];

fuzz_target!(|bytes: &[u8]| {
    let evidence = Evidence::new().with_request_header("authorization", format!("Bearer {SECRET}"));
    let redactor = Redactor::new(WavesError::CATALOG, &evidence);
    // The secret replaces each byte 1 of the input.
    let input: Vec<u8> =
        bytes.iter().flat_map(|&b| if b == 1 { SECRET.as_bytes().to_vec() } else { vec![b] }).collect();
    let assert_redacted = |redacted: &Redacted| {
        let output = redacted.text();
        for six in SECRET.as_bytes().windows(6) {
            assert!(!output.as_bytes().windows(6).any(|window| window == six), "{output}");
        }
    };
    let text = String::from_utf8_lossy(&input);
    // A line is truncated, so its redaction is not idempotent.
    assert_redacted(&redactor.line(&text));
    for redact in [Redactor::text, Redactor::url] {
        let once = redact(&redactor, &text);
        assert_redacted(&once);
        assert_eq!(redact(&redactor, once.text()).text(), once.text());
    }
    assert_redacted(&redactor.header("x-anything", &text));
    assert_redacted(&redactor.header("location", &text));
    for kind in KINDS {
        assert_redacted(&redactor.body(&Body::whole(&input), kind));
    }
});
