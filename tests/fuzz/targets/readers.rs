//! Reads any bytes as an HTTP response, as output of curl, as a HAR file and as an exchange in JSON.
#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

mod input;

fuzz_target!(|bytes: &[u8]| {
    let _ = (input::http::read(bytes).is_ok(), input::curl::read(bytes).is_ok());
    let _ = (input::har::read(bytes).is_ok(), input::json::read(bytes).is_ok());
});
