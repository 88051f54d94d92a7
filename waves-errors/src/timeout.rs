//! The time limits of an attempt.

use std::fmt;
use std::time::Duration;

use waves_errors_core::{Evidence, format_duration};

/// An attempt that exceeded a time limit of its retry loop. [`CatalogError::from_timeout`](crate::CatalogError::from_timeout)
/// converts it into an error.
#[derive(Debug, Clone)]
pub struct TimedOut {
    limit: Limit,
    evidence: Evidence,
    /// The number of derived enums that have passed the timeout on.
    depth: u8,
}

impl TimedOut {
    pub(crate) const fn new(limit: Limit, evidence: Evidence) -> Self {
        Self { limit, evidence, depth: 0 }
    }

    /// Returns the timeout for an error inside an error, up to a maximum depth: error types can contain each other.
    #[doc(hidden)]
    pub fn inner(&self) -> Option<Self> {
        const MOST: u8 = 8;
        (self.depth < MOST).then(|| Self { depth: self.depth + 1, ..self.clone() })
    }

    /// Returns the evidence of the exchange in progress: the request, and the head of the response if it has arrived. Empty if no
    /// adapter of this crate recorded the exchange.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            Limit::Attempt(timeout) => write!(f, "the attempt took longer than {}", format_duration(timeout)),
            Limit::Deadline(deadline) => write!(f, "the deadline of {} ended the attempt", format_duration(deadline)),
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
