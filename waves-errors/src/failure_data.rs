//! The contents of a [`Failure`](crate::Failure), which do not depend on its enum.

use std::sync::OnceLock;

use waves_errors_core::internal::Facts;
use waves_errors_core::{Case, Catalog, Evidence, MatchedBy};

use crate::decision::StopReason;
use crate::foreign::Foreign;
use crate::shown::Shown;

/// The contents of a failure.
#[derive(Clone)]
pub(crate) struct FailureData {
    pub(crate) catalog: Catalog,
    pub(crate) case: Option<Case>,
    pub(crate) matched_by: Option<MatchedBy>,
    pub(crate) facts: Facts,
    pub(crate) evidence: Evidence,
    pub(crate) attempts: u32,
    pub(crate) stop: Option<StopReason>,
    /// The redacted reason if the client itself failed: the request could not be built, or the response could not be decoded.
    pub(crate) local: Option<String>,
    pub(crate) source: Option<Foreign>,
    pub(crate) shown: OnceLock<Shown>,
}

impl FailureData {
    /// Returns the redacted texts.
    pub(crate) fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| Shown::new(self.catalog, &self.evidence, &self.facts))
    }
}
