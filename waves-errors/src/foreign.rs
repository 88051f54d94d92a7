//! Errors of other libraries as redacted texts. The errors themselves are not kept, because they can contain and print URLs and headers.

use std::error::Error;
use std::fmt;

use waves_errors_core::{Catalog, Evidence};

use crate::chain::chain;
use crate::redact::Redactor;

/// The redacted texts of an error and of its sources.
#[derive(Debug, Clone)]
pub(crate) struct Foreign {
    text: String,
    cause: Option<Box<Foreign>>,
}

impl Foreign {
    /// Copies the texts of an error and of its sources.
    pub(crate) fn keep(catalog: Catalog, evidence: &Evidence, error: &(dyn Error + 'static)) -> Option<Self> {
        let redactor = Redactor::new(catalog, evidence);
        let texts: Vec<_> = chain(error).map(|error| redactor.line(&error.to_string()).into_text()).collect();
        texts.into_iter().rev().fold(None, |cause, text| Some(Self { text, cause: cause.map(Box::new) }))
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Foreign {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
