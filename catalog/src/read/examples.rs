//! Reads the example responses of a case.

use waves_errors_core::{Close, Evidence};

use super::values::{close_code, status, transport_error};
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
    for (name, value) in keys.named_texts("header") {
        evidence = evidence.with_header(&name, &value.value);
    }
    if let Some(body) = keys.text("body") {
        evidence = evidence.with_body(&body.value);
    }
    let reason = keys.text_or_empty("reason").map(|reason| reason.value).unwrap_or_default();
    if let Some(code) = close_code(keys) {
        evidence = evidence.with_close(Close::new(code, reason));
    }
    if let Some(error) = transport_error(keys) {
        evidence = evidence.with_transport_error(error);
    }
    keys.finish()?;
    Ok(Located::new(keys.location(), evidence))
}
