//! Errors of other libraries, kept as texts: their types would carry URLs and headers along, and print them.

use std::error::Error;
use std::fmt;

use waves_errors_core::{Catalog, Evidence};

use crate::chain::chain;
use crate::redact::Redactor;

/// The redacted text of an error, and of what caused it.
#[derive(Debug, Clone)]
pub(crate) struct Foreign {
    text: String,
    cause: Option<Box<Foreign>>,
}

impl Foreign {
    /// Keeps the chain of an error.
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
