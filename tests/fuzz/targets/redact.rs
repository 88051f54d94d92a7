//! Whatever is redacted, the exchange's own credential is not in it, and redacting it again changes nothing.
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
    // The secret stands wherever the fuzzer puts this byte.
    let input: Vec<u8> = bytes.iter().flat_map(|&b| if b == 1 { SECRET.as_bytes().to_vec() } else { vec![b] }).collect();
    let safe = |redacted: &Redacted| {
        let shown = redacted.text();
        for six in SECRET.as_bytes().windows(6) {
            assert!(!shown.as_bytes().windows(6).any(|window| window == six), "{shown}");
        }
    };
    let text = String::from_utf8_lossy(&input);
    // What is cut reads differently: only its safety counts.
    safe(&redactor.line(&text));
    for redact in [Redactor::text, Redactor::url] {
        let once = redact(&redactor, &text);
        safe(&once);
        assert_eq!(redact(&redactor, once.text()).text(), once.text());
    }
    safe(&redactor.header("x-anything", &text));
    safe(&redactor.header("location", &text));
    for kind in KINDS {
        safe(&redactor.body(&Body::whole(&input), kind));
    }
});
