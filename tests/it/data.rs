//! Reads test data: JSON lines and times.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

/// Returns the path of a file in `tests/`.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Reads a file of JSON lines in `tests/data`.
pub(crate) fn lines(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path("data").join(name)).unwrap();
    let lines: Vec<_> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 10, "{name} has too few lines");
    lines
}

/// Parses headers: `[[name, value], ...]`.
pub(crate) fn headers(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    value.as_array().unwrap().iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
}

/// Parses a time such as `2026-11-22T14:00:00Z`.
pub(crate) fn time(value: &Value) -> SystemTime {
    let text = value.as_str().unwrap();
    let number = |range: std::ops::Range<usize>| text[range].parse::<u64>().unwrap();
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        [usize::try_from(number(5..7)).unwrap() - 1];
    // The parser for HTTP dates accepts only the correct weekday.
    let date = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().find_map(|weekday| {
        let date = format!("{weekday}, {:02} {month} {} {} GMT", number(8..10), number(0..4), &text[11..19]);
        httpdate::parse_http_date(&date).ok()
    });
    date.unwrap_or_else(|| panic!("invalid time: {text}"))
}

/// Parses a number of milliseconds.
pub(crate) fn ms(value: &Value) -> Duration {
    Duration::from_millis(value.as_u64().unwrap())
}
