//! The redacted texts of a failure. They are computed once: a message can be long, and a failure is often shown several times.

use waves_errors_core::internal::Facts;
use waves_errors_core::{Catalog, Evidence};

use crate::redact::Redactor;

/// The redacted texts of a failure, each as one line.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The reason of the close.
    pub(crate) reason: Option<String>,
}

impl Shown {
    pub(crate) fn new(catalog: Catalog, evidence: &Evidence, facts: &Facts) -> Self {
        let redactor = Redactor::new(catalog, evidence);
        let line = |text: &String| redactor.line(text).into_text();
        Self {
            code: facts.code.as_ref().map(line),
            message: facts
                .message
                .as_ref()
                .map(|message| redactor.message(message, evidence.header("content-type")).into_text()),
            request_id: facts.request_id.as_ref().map(|id| redactor.id(id).into_text()),
            reason: evidence.close().map(|close| line(&close.reason)),
        }
    }
}
