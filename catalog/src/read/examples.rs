//! Reads the example responses of a case.

use waves_errors_core::{Close, Evidence};

use super::values::{as_close_code, as_method, as_transport_error, status};
use crate::keys::{Keys, Reported, collect_exact};
use crate::location::Located;

/// Reads the example responses of a case, without those that have an error.
pub(super) fn examples(keys: &mut Keys<'_, '_>) -> Vec<Located<Evidence>> {
    collect_exact(keys.tables("examples", example).into_iter().filter_map(Result::ok))
}

fn example(keys: &mut Keys<'_, '_>) -> Result<Located<Evidence>, Reported> {
    let mut evidence = match keys.text("frame") {
        Some(frame) => Evidence::error_frame(&frame.value),
        None => Evidence::new(),
    };
    if let Some(status) = status(keys) {
        evidence = evidence.with_status(status.value);
    }
    if let Some(method) = keys.take("method").and_then(|(_, node)| as_method(keys, "`method`", node)) {
        evidence = evidence.with_method(method.value);
    }
    if let Some(url) = keys.text("url") {
        evidence = evidence.with_url(url.value);
    }
    for (name, value) in keys.named_values("header", |keys, name, node| keys.as_scalar(&name.value, node)) {
        evidence = evidence.with_header(&name, &value.value);
    }
    if let Some(body) = keys.text("body") {
        evidence = evidence.with_body(&body.value);
    }
    let reason = keys.text_or_empty("reason").map(|reason| reason.value).unwrap_or_default();
    if let Some(code) = keys.take("close").and_then(|(_, node)| as_close_code(keys, "`close`", &node)) {
        evidence = evidence.with_close(Close::new(code.value, reason));
    }
    if let Some(error) = keys.take("io").and_then(|(_, node)| as_transport_error(keys, "`io`", node)) {
        evidence = evidence.with_transport_error(error.value);
    }
    keys.finish()?;
    Ok(Located::new(keys.location(), evidence))
}
