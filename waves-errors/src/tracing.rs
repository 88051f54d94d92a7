//! Events of `tracing` for failures. Fields have the names of OpenTelemetry's semantic conventions where these define one.
//!
//! | field | value |
//! | --- | --- |
//! | `error.type` | the id of the case, `_OTHER` if the catalog does not list the error |
//! | `http.request.method`, `http.response.status_code` | of the exchange |
//! | `http.request.resend_count` | the number of retries so far, if there was one |
//! | `server.address` | the host of the URL |
//! | `request_id` | the request id that the server assigned, redacted |
//! | `transport_error` | `connect`, `timeout`, `tls`, `interrupted` or `refused` |
//! | `close_code` | the close code of a WebSocket |
//! | `stop_reason` | the stop reason of a retry loop: see [`StopReason::as_str`] |
//!
//! The target is `waves_errors`: `RUST_LOG=waves_errors=warn` hides advice.
//!
//! The level follows the severity of the case: ERROR, WARN or INFO. [`observer`] logs an error that is retried at WARN at most.

use tracing::{Level, event};
use waves_errors_core::{Case, Evidence, Severity, TransportError};

use crate::decision::StopReason;
use crate::error::CatalogError;
use crate::event::RetryEvent;
use crate::failure::Failure;
use crate::redact::Redactor;
use crate::url::host;

/// The value of `error.type` if the catalog does not list the error.
const OTHER: &str = "_OTHER";

impl<K> Failure<K>
where
    Self: CatalogError,
{
    /// Logs the failure to the current subscriber, at the level of its severity.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{Failure, WavesError};
    ///
    /// Failure::of(WavesError::ServiceUnavailable).log();
    /// ```
    pub fn log(&self) {
        record(self, Severity::Error, self.attempts().saturating_sub(1), self.stop_reason());
    }
}

/// Logs any error with a case to the current subscriber, at the level of its severity.
pub fn log(error: &dyn CatalogError) {
    record(error, Severity::Error, 0, None);
}

/// Returns an observer for [`Retry::observe`](crate::Retry::observe).
///
/// It logs each error that is retried at WARN at most, and the last error of a loop at the level of its severity.
///
/// # Examples
///
/// ```
/// use waves_errors::{Failure, Retry};
///
/// let retry = Retry::new().observe(waves_errors::tracing::observer());
/// assert!(retry.run_blocking(|| Ok::<_, Failure>("audio")).is_ok());
/// ```
pub fn observer() -> impl FnMut(&RetryEvent<'_>) + Send + 'static {
    |event| match event {
        RetryEvent::Waiting(next) => record(next.error, Severity::Warning, next.attempt.saturating_sub(2), None),
        RetryEvent::Finished { attempts, error: Some(error), reason, .. } => {
            record(*error, Severity::Error, attempts.saturating_sub(1), *reason);
        }
        _ => {}
    }
}

/// Logs an error at its severity, but at most at `limit`.
fn record(error: &dyn CatalogError, limit: Severity, resent: u32, stop: Option<StopReason>) {
    let evidence = error.evidence();
    let request_id = error.case().zip(evidence).and_then(|(case, evidence)| {
        let id = match error.facts() {
            Some(facts) => facts.request_id.clone(),
            None => case.catalog().classify(evidence).request_id,
        };
        Some(Redactor::new(case.catalog(), evidence).id(&id?).into_text())
    });
    macro_rules! at {
        ($level:expr) => {
            event!(
                target: "waves_errors",
                $level,
                error.type = error.id().unwrap_or(OTHER),
                http.request.method = evidence.and_then(Evidence::known_method),
                http.response.status_code = evidence.and_then(Evidence::status),
                http.request.resend_count = (resent > 0).then_some(resent),
                server.address = evidence.and_then(Evidence::url).and_then(host),
                request_id,
                transport_error = evidence.and_then(Evidence::transport_error).map(TransportError::as_str),
                close_code = evidence.and_then(Evidence::close).map(|close| close.code),
                stop_reason = stop.map(StopReason::as_str),
                "{error}"
            )
        };
    }
    match error.case().map_or(Severity::Error, Case::severity).min(limit) {
        Severity::Error => at!(Level::ERROR),
        Severity::Warning => at!(Level::WARN),
        Severity::Advice => at!(Level::INFO),
    }
}
