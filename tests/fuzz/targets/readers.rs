//! The command line's readers of answers, of what curl prints, of network logs and of exchanges in JSON.
#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

mod input;

fuzz_target!(|bytes: &[u8]| {
    let _ = (input::http::read(bytes).is_ok(), input::curl::read(bytes).is_ok());
    let _ = (input::har::read(bytes).is_ok(), input::json::read(bytes).is_ok());
});
