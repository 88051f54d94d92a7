//! One event a failure, with the names of OpenTelemetry's semantic conventions: `error.type` is the case's id.

use tracing::{Level, event};
use waves_errors_core::{Case, Severity};

use crate::error::CatalogError;
use crate::failure::Failure;

/// What `error.type` is where the catalog does not list the failure.
const OTHER: &str = "_OTHER";

impl<K> Failure<K>
where
    Self: CatalogError,
{
    /// Tells the failure to the current subscriber: an error, or what its case's severity says.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{Failure, WavesError};
    ///
    /// Failure::of(WavesError::ServiceUnavailable).log();
    /// ```
    pub fn log(&self) {
        record(self, self.attempts().saturating_sub(1));
    }
}

/// Tells any error with a case to the current subscriber.
pub fn log(error: &dyn CatalogError) {
    record(error, 0);
}

fn record(error: &dyn CatalogError, resent: u32) {
    macro_rules! at {
        ($level:expr) => {
            event!(
                $level,
                error.type = error.id().unwrap_or(OTHER),
                http.request.method = error.evidence().and_then(|evidence| evidence.known_method()),
                http.response.status_code = error.evidence().and_then(|evidence| evidence.status()),
                http.request.resend_count = (resent > 0).then_some(resent),
                "{error}"
            )
        };
    }
    match error.case().map(Case::severity) {
        None | Some(Severity::Error) => at!(Level::ERROR),
        Some(Severity::Warning) => at!(Level::WARN),
        Some(Severity::Advice) => at!(Level::INFO),
    }
}
