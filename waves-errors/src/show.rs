//! How a failure reads: one line with what decides, or all that the catalog knows.

use std::error::Error;
use std::fmt::{Formatter, Result};
use std::iter::successors;

use waves_errors_core::{Case, Close};

use crate::failure::Inner;
use crate::redact::Redactor;

/// The case, then what the server said: its code where the catalog says another, its words, its request id.
pub(crate) fn line(failure: &Inner, f: &mut Formatter<'_>) -> Result {
    match failure.case {
        Some(case) => f.write_str(case.display())?,
        None => unlisted(failure, f)?,
    }
    let redactor = Redactor::new(failure.catalog, &failure.evidence);
    let facts = &failure.facts;
    let status = failure.evidence.status().filter(|_| failure.case.is_some());
    let code = facts.code.as_ref().filter(|code| Some(code.as_str()) != failure.case.and_then(Case::code));
    let said = [
        status
            .filter(|status| failure.case.and_then(Case::status) != Some(*status))
            .map(|status| format!("status {status}")),
        failure.evidence.close().map(|close| closed(close, &redactor)),
        code.map(|code| format!("code {}", redactor.line(code))),
        facts.message.as_ref().map(|message| format!("\"{}\"", redactor.line(message))),
        facts.request_id.as_ref().map(|id| format!("request id {}", redactor.id(id))),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        write!(f, " ({})", said.join(", "))?;
    }
    Ok(())
}

fn closed(close: &Close, redactor: &Redactor<'_>) -> String {
    match close.reason.as_str() {
        "" => format!("closed with {}", close.code),
        reason => format!("closed with {}: \"{}\"", close.code, redactor.line(reason)),
    }
}

/// What the catalog does not list, by what is known of it.
fn unlisted(failure: &Inner, f: &mut Formatter<'_>) -> Result {
    let (evidence, id) = (&failure.evidence, failure.catalog.id());
    match (evidence.status(), evidence.close(), evidence.io()) {
        (_, _, Some(io)) => write!(f, "no answer: {}", io.name()),
        (_, Some(_), _) => write!(f, "the end of a WebSocket, which the catalog `{id}` does not list"),
        (Some(status), ..) => write!(f, "status {status}, which the catalog `{id}` does not list"),
        _ => write!(f, "a failure that the catalog `{id}` does not list"),
    }
}

/// The line, then causes, fixes, retry, page, what another library said, and how a retry loop ended.
pub(crate) fn full(failure: &Inner, f: &mut Formatter<'_>) -> Result {
    line(failure, f)?;
    if let Some(case) = failure.case {
        for (label, steps) in [("cause", case.causes()), ("fix", case.fixes())] {
            for step in steps {
                write!(f, "\n  {label}: {}", step.text())?;
            }
        }
        match case.retry() {
            Some(policy) => write!(f, "\n  retry: {policy}")?,
            None => f.write_str("\n  retry: never")?,
        }
        if let Some(url) = case.docs_url() {
            write!(f, "\n  page: {url}")?;
        }
    }
    let start = failure.source.as_ref().map(|source| source as &dyn Error);
    for cause in successors(start, |&cause| cause.source()) {
        write!(f, "\n  from: {cause}")?;
    }
    if let Some(stop) = failure.stop {
        let times = if failure.attempts == 1 { "attempt" } else { "attempts" };
        write!(f, "\n  gave up after {} {times}: {stop}", failure.attempts)?;
    }
    Ok(())
}
