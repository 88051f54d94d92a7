//! The time limits of an attempt, and the attempt that exceeded one.

use std::fmt;
use std::time::Duration;

use waves_errors_core::{Evidence, amount};

/// An attempt that exceeded a time limit of its retry loop: [`CatalogError::from_timeout`](crate::CatalogError::from_timeout) turns it into an error.
#[derive(Debug, Clone)]
pub struct TimedOut {
    pub(crate) limit: Limit,
    pub(crate) evidence: Evidence,
}

impl TimedOut {
    /// Returns the evidence of the exchange that was in progress: the request, and the head of the response if it had arrived. Empty
    /// if no adapter of this crate recorded it.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            Limit::Attempt(timeout) => write!(f, "the attempt took longer than {}", amount(timeout)),
            Limit::Deadline(deadline) => write!(f, "the deadline of {} ended the attempt", amount(deadline)),
        }
    }
}

impl std::error::Error for TimedOut {}

/// The time limit that an attempt exceeded, as configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Attempt(Duration),
    Deadline(Duration),
}
