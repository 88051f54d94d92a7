//! The texts of a failure: the line of `Display` and `Debug`, and the report.

use std::error::Error;
use std::fmt::{Formatter, Result};
use std::time::SystemTime;

use waves_errors_core::internal::is_storage;
use waves_errors_core::{Body, Case, Close, Evidence, TransportError};

use crate::chain::chain;
use crate::failure_data::FailureData;
use crate::redact::Redactor;
use crate::retry_after::RetryAfter;

/// Writes the case, then details in parentheses: how the exchange ended, the code if it is not the documented one, the message
/// and the request id.
pub(crate) fn write_line(failure: &FailureData, f: &mut Formatter<'_>) -> Result {
    match failure.case {
        Some(case) => f.write_str(case.display())?,
        None => unlisted(failure, f)?,
    }
    let (facts, shown) = (&failure.facts, failure.shown());
    let status = failure.evidence.status().filter(|_| failure.case.is_some() || failure.local.is_some());
    let is_documented = facts.code.as_deref() == failure.case.and_then(Case::code);
    let details = [
        status
            .filter(|status| !failure.case.is_some_and(|case| case.display().starts_with(&format!("{status} "))))
            .map(|status| format!("status {status}")),
        failure.evidence.transport_error().filter(|_| failure.case.is_some()).map(|io| ended(io).to_owned()),
        failure.evidence.delivered_bytes().filter(|&bytes| bytes > 0).map(delivered),
        failure.evidence.close().map(|close| closed(close, shown.reason.as_deref().unwrap_or_default())),
        shown.code.as_ref().filter(|_| !is_documented).map(|code| format!("code {code}")),
        shown.message.as_ref().map(|message| format!("\"{message}\"")),
        is_html(failure).then(|| "an HTML page, as gateways and proxies send".to_owned()),
        missing_body(&failure.evidence).map(str::to_owned),
        shown.request_id.as_ref().map(|id| format!("request id {id}")),
    ];
    let details: Vec<_> = details.into_iter().flatten().collect();
    if !details.is_empty() {
        write!(f, " ({})", details.join(", "))?;
    }
    Ok(())
}

/// Describes a transport error.
fn ended(io: TransportError) -> &'static str {
    match io {
        TransportError::Connect => "connection failed",
        TransportError::Timeout => "timed out",
        TransportError::Tls => "TLS handshake failed",
        TransportError::Interrupted => "connection closed early",
        TransportError::Refused => "request refused before it was processed",
        other => other.as_str(),
    }
}

/// Describes a body that was not read, or not completely: then its code is unknown, and only the status selected the case.
fn missing_body(evidence: &Evidence) -> Option<&'static str> {
    let body = evidence.body().filter(|body| !body.is_whole() && body.bytes().len() < Body::LIMIT)?;
    Some(if body.bytes().is_empty() { "the body was not read" } else { "the body is incomplete" })
}

/// Returns whether the body of the response is an HTML page. APIs respond with JSON or XML. Storage services also send HTML, with a code.
fn is_html(failure: &FailureData) -> bool {
    let starts_with = |text: &[u8], start: &str| {
        text.get(..start.len()).is_some_and(|front| front.eq_ignore_ascii_case(start.as_bytes()))
    };
    let body = failure.evidence.body().map(|body| body.bytes().trim_ascii_start());
    failure.facts.code.is_none()
        && body.is_some_and(|body| starts_with(body, "<html") || starts_with(body, "<!doctype html"))
}

fn delivered(bytes: u64) -> String {
    format!("{bytes} {} delivered", if bytes == 1 { "byte" } else { "bytes" })
}

fn closed(close: &Close, reason: &str) -> String {
    match reason {
        "" => format!("closed with {}", close.code),
        reason => format!("closed with {}: \"{reason}\"", close.code),
    }
}

/// Writes a failure that the catalog does not list.
fn unlisted(failure: &FailureData, f: &mut Formatter<'_>) -> Result {
    if let Some(local) = &failure.local {
        return f.write_str(local);
    }
    let (evidence, id) = (&failure.evidence, failure.catalog.id());
    match (evidence.status(), evidence.close(), evidence.transport_error()) {
        (_, _, Some(io)) => write!(f, "no response: {}", ended(io)),
        (_, Some(_), _) => write!(f, "a WebSocket close that is not listed in the catalog `{id}`"),
        // The document is not an error of the API: its code is not listed, while its status may be.
        (Some(status), ..) if is_storage(evidence) => {
            write!(f, "a storage error with status {status}, not listed in the catalog `{id}`")
        }
        (Some(status @ ..400), ..) if failure.facts.failed => {
            write!(f, "an error in a response with status {status}, not listed in the catalog `{id}`")
        }
        (Some(status @ ..400), ..) => write!(f, "no error, status {status}"),
        (Some(status), ..) => write!(f, "status {status}, not listed in the catalog `{id}`"),
        _ => write!(f, "a failure that is not listed in the catalog `{id}`"),
    }
}

/// Writes a note if the server requested a delay that cannot be read. Without it, the report would look as if the server had requested
/// none.
fn write_unreadable_delay(failure: &FailureData, f: &mut Formatter<'_>) -> Result {
    // Whether a value can be read does not depend on the time.
    let requested = RetryAfter::of_response(&failure.evidence, &failure.facts, SystemTime::UNIX_EPOCH);
    let (Some(RetryAfter::Ignored), Some(delay)) = (requested, failure.facts.delays.first()) else { return Ok(()) };
    let Some(source) = failure.catalog.table().wire().delays().nth(delay.source) else { return Ok(()) };
    let redactor = Redactor::new(failure.catalog, &failure.evidence);
    let (name, value) = match source.header() {
        "" => (source.pointer(), redactor.line(&delay.value)),
        header => (header, redactor.header(header, &delay.value)),
    };
    write!(f, "\n  note: the delay in `{name}` cannot be read: {value}")
}

/// Writes the line, then the causes, fixes, retry policy, page, sources and the end of the retry loop.
pub(crate) fn write_report(failure: &FailureData, f: &mut Formatter<'_>) -> Result {
    write_line(failure, f)?;
    if let Some(case) = failure.case {
        for (label, steps) in [("cause", case.causes()), ("fix", case.fixes())] {
            for step in steps {
                write!(f, "\n  {label}: {}", step.plain_text())?;
            }
        }
        match case.retry() {
            Some(policy) => write!(f, "\n  retry: {policy}")?,
            None => f.write_str("\n  retry: never")?,
        }
        write_unreadable_delay(failure, f)?;
        if let Some(url) = case.docs_url() {
            write!(f, "\n  page: {url}")?;
        }
    }
    let start = failure.source.as_ref().map(|source| source as &dyn Error);
    for cause in start.into_iter().flat_map(chain) {
        write!(f, "\n  from: {cause}")?;
    }
    match (failure.stop, failure.attempts) {
        (None, _) => Ok(()),
        (Some(stop), 1) => write!(f, "\n  not retried: {stop}"),
        (Some(stop), attempts) => write!(f, "\n  stopped after {attempts} attempts: {stop}"),
    }
}
