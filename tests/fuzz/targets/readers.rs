//! Parses any bytes with the command line's parsers for responses, curl output, network logs and exchanges in JSON.
#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

mod input;

fuzz_target!(|bytes: &[u8]| {
    let _ = (input::http::parse(bytes).is_ok(), input::curl::parse(bytes).is_ok());
    let _ = (input::har::parse(bytes).is_ok(), input::json::parse(bytes).is_ok());
});
