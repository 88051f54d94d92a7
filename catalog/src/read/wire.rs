//! Reads `[wire]`, `[key]` and `[redact]`: the locations of values in responses, the authentication, and the values
//! that output may contain.

use waves_errors_core::MatchedBy;
use waves_errors_core::internal::{Comparison, Condition, DelayFormat, DelayParts, Key, Redact, Wire};

use super::conditions::{conditions, narrowing_conditions};
use super::values::{check_pointer, headers, pointers, strings};
use crate::keys::{Keys, Reported, item_label};
use crate::parse::{Node, Value};
use crate::problem::Problem;

/// Returns the values that apply without a `[wire]`.
pub(super) fn default_wire() -> Wire {
    // The header is part of HTTP (RFC 9110, 10.2.3), so it is honored for every API.
    Wire { delays: vec![in_header("retry-after".to_owned(), DelayFormat::SecondsOrDate)], ..Wire::default() }
}

pub(super) fn wire(keys: &mut Keys<'_, '_>) -> Wire {
    let mut wire = Wire {
        codes: pointers(keys, "codes"),
        code_base: keys.text("code-base").map(|base| base.value).unwrap_or_default(),
        messages: pointers(keys, "messages"),
        statuses: pointers(keys, "statuses"),
        ..default_wire()
    };
    keys.table("request-id", |keys| {
        wire.request_id_headers = headers(keys, "headers");
        wire.request_id_body = pointers(keys, "body");
    });
    if let Some((location, node)) = keys.take("retry-after") {
        wire.delays = match node.value {
            Value::List(items) => items.into_iter().filter_map(|item| delay(keys, item)).collect(),
            Value::Table(_) => keys.as_table("`retry-after`", location, node, delays_by_format).unwrap_or_default(),
            _ => {
                keys.report_wrong_type(&node, "`retry-after`", "a list of tables or a table");
                Vec::new()
            }
        };
    }
    if let Some((_, node)) = keys.take("retry-veto") {
        wire.retry_veto = match node.value {
            Value::List(items) => {
                items.into_iter().filter_map(|item| veto(keys, &item_label("retry-veto"), item)).collect()
            }
            Value::Table(_) => veto(keys, "`retry-veto`", node).into_iter().collect(),
            _ => {
                keys.report_wrong_type(&node, "`retry-veto`", "a table or a list of tables");
                Vec::new()
            }
        };
    }
    // A list with an error is incomplete; the error makes the catalog invalid.
    wire.failed_when = keys.tables("failed-when", error_conditions).into_iter().filter_map(Result::ok).collect();
    wire
}

fn in_header(header: String, format: DelayFormat) -> DelayParts {
    DelayParts { header, format: format as u16, ..DelayParts::default() }
}

fn in_body(pointer: String, format: DelayFormat) -> DelayParts {
    DelayParts { pointer, format: format as u16, ..DelayParts::default() }
}

/// Reads the short form of `retry-after`: lists of headers and fields for two of the formats.
fn delays_by_format(keys: &mut Keys<'_, '_>) -> Vec<DelayParts> {
    let default = if keys.has("headers") { Vec::new() } else { default_wire().delays };
    let seconds = |text| in_header(text, DelayFormat::SecondsOrDate);
    let mut delays: Vec<_> = headers(keys, "headers").into_iter().map(seconds).collect();
    delays.extend(default);
    delays.extend(pointers(keys, "body").into_iter().map(|text| in_body(text, DelayFormat::SecondsOrDate)));
    delays.extend(headers(keys, "headers-ms").into_iter().map(|text| in_header(text, DelayFormat::Milliseconds)));
    delays.extend(pointers(keys, "body-ms").into_iter().map(|text| in_body(text, DelayFormat::Milliseconds)));
    delays
}

/// Reads a source of a delay: `{ header = NAME, format = FORMAT }` or `{ body = POINTER, format = FORMAT }`.
fn delay(keys: &Keys<'_, '_>, node: Node<'_>) -> Option<DelayParts> {
    keys.as_table(&item_label("retry-after"), node.location, node, |keys| {
        let format = keys.word("format", &DelayFormat::ALL.map(|format| (format.as_str(), format)));
        let format = format.map_or(DelayFormat::SecondsOrDate, |format| format.value);
        let when = keys.table("when", narrowing_conditions).unwrap_or_default();
        let parts = match source(keys)? {
            Source::Header(name) => in_header(name, format),
            Source::Body(pointer) => in_body(pointer, format),
        };
        Some(DelayParts { when, ..parts })
    })?
}

/// Reads a response that forbids a retry: conditions, or their short form `{ header = NAME, is = VALUE }` or
/// `{ body = POINTER, is = VALUE }`.
fn veto(keys: &Keys<'_, '_>, name: &str, node: Node<'_>) -> Option<Vec<Condition>> {
    keys.as_table(name, node.location, node, |keys| {
        let is_name = keys.peek("header").is_some_and(|node| matches!(node.value, Value::Text(_)));
        if !is_name && !keys.has("is") && !keys.has("body") {
            // Marks the keys as known, so that they are suggested for misspelled ones.
            for key in ["is", "body"] {
                keys.take(key);
            }
            return conditions(keys).ok();
        }
        let is = keys.required("is", Keys::scalar, "\"...\"");
        let (source, is) = (source(keys)?, is?.value);
        Some(vec![match source {
            Source::Header(name) => Condition::Header(name, Comparison::Equals, vec![is]),
            Source::Body(pointer) => Condition::Json(pointer, vec![is]),
        }])
    })?
}

/// The location of a value in a response.
enum Source {
    Header(String),
    Body(String),
}

/// Reads exactly one of `header` and `body`.
fn source(keys: &mut Keys<'_, '_>) -> Option<Source> {
    match (keys.text("header"), keys.text("body")) {
        (Some(name), None) => Some(Source::Header(name.to_ascii_lowercase())),
        (None, Some(pointer)) => {
            check_pointer(keys, &pointer);
            Some(Source::Body(pointer.value))
        }
        _ => {
            let message = "expected exactly one of `header` and `body`";
            keys.report(Problem::error("bad-source", keys.location(), message));
            None
        }
    }
}

/// Reads an alternative of `failed-when`, which must have a condition on the contents: a successful response has the same status,
/// and a healthy connection the same close.
fn error_conditions(keys: &mut Keys<'_, '_>) -> Result<Vec<Condition>, Reported> {
    let all = conditions(keys)?;
    let is_content = |condition: &Condition| {
        use MatchedBy::{Code, Header, Json, Text};
        matches!(condition.rank(), Some(Code | Header | Json | Text))
    };
    if all.iter().any(is_content) {
        return Ok(all);
    }
    let problem = Problem::error("empty-match", keys.location(), "missing condition on the contents of the response");
    Err(keys.report(problem.help("add one, such as `json`, `has` or `code`")))
}

pub(super) fn key(keys: &mut Keys<'_, '_>) -> Key {
    let header = keys.text("header").map(|name| name.to_ascii_lowercase()).unwrap_or_default();
    let schemes_location = keys.peek("schemes").map(|node| node.location);
    let (scheme, mut schemes) = (keys.text("scheme"), strings(keys, "schemes"));
    if let Some(scheme) = scheme {
        if let Some(location) = schemes_location {
            let problem = Problem::error("scheme-and-schemes", location, "`scheme` and `schemes` cannot both be set");
            keys.report(problem.related(scheme.location, "`scheme`").help("list all schemes in `schemes`"));
        }
        schemes.push(scheme.value);
    }
    Key { header, schemes, prefixes: strings(keys, "prefixes"), query: strings(keys, "query") }
}

pub(super) fn redact(keys: &mut Keys<'_, '_>) -> Redact {
    Redact {
        keep_headers: headers(keys, "keep-headers"),
        keep_query: strings(keys, "keep-query"),
        contents: strings(keys, "contents"),
    }
}
