//! Reads `[wire]`, `[key]` and `[redact]`: the locations of values in responses, the authentication, and the values
//! that output may contain.

use waves_errors_core::internal::{Key, Redact, Wire};

use super::conditions::conditions;
use super::values::{headers, pointers, strings};
use crate::keys::Keys;

/// Returns the values that apply without a `[wire]`.
pub(super) fn default_wire() -> Wire {
    // The header is part of HTTP (RFC 9110, 10.2.3), so it is honored for every API.
    Wire { retry_after_headers: vec!["retry-after".to_owned()], ..Wire::default() }
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
    keys.table("retry-after", |keys| {
        let has_headers = keys.has("headers");
        let retry_after_headers = headers(keys, "headers");
        if has_headers {
            wire.retry_after_headers = retry_after_headers;
        }
        wire.retry_after_body = pointers(keys, "body");
        wire.retry_after_headers_ms = headers(keys, "headers-ms");
        wire.retry_after_body_ms = pointers(keys, "body-ms");
    });
    // A list with an error is incomplete; the error makes the catalog invalid.
    wire.failed_when = keys.tables("failed-when", conditions).into_iter().filter_map(Result::ok).collect();
    wire
}

pub(super) fn key(keys: &mut Keys<'_, '_>) -> Key {
    Key {
        header: keys.text("header").map(|name| name.to_ascii_lowercase()).unwrap_or_default(),
        scheme: keys.text("scheme").map(|scheme| scheme.value).unwrap_or_default(),
        prefixes: strings(keys, "prefixes"),
        query: strings(keys, "query"),
    }
}

pub(super) fn redact(keys: &mut Keys<'_, '_>) -> Redact {
    Redact {
        keep_headers: headers(keys, "keep-headers"),
        keep_query: strings(keys, "keep-query"),
        contents: strings(keys, "contents"),
    }
}
