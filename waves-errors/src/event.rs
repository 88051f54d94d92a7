//! Events of a retry loop, for logs and metrics.

use std::time::Duration;

use crate::decision::{DelaySource, StopReason};
use crate::error::CatalogError;

/// A step of a retry loop, as [`Retry::observe`](crate::Retry::observe) reports it.
///
/// A loop reports `AttemptStarted` and `AttemptEnded` for each attempt, `Waiting` before each retry, and one `Finished` at the end. A
/// loop that is dropped, or whose operation panics, reports nothing more. [`Retry::decide`](crate::Retry::decide) reports nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum RetryEvent<'a> {
    /// An attempt starts.
    #[non_exhaustive]
    AttemptStarted {
        /// The number of the attempt; the first is 1.
        attempt: u32,
    },
    /// An attempt succeeded or failed.
    #[non_exhaustive]
    AttemptEnded {
        /// The number of the attempt; the first is 1.
        attempt: u32,
        /// How long the attempt took.
        elapsed: Duration,
        /// The error, or `None` for a success.
        error: Option<&'a dyn CatalogError>,
    },
    /// The loop waits before the next attempt.
    Waiting(NextAttempt<'a>),
    /// The loop is over.
    #[non_exhaustive]
    Finished {
        /// The number of attempts.
        attempts: u32,
        /// How long the loop took, delays included.
        elapsed: Duration,
        /// The error of the last attempt, or `None` for a success.
        error: Option<&'a dyn CatalogError>,
        /// Why there is no further attempt, or `None` for a success.
        reason: Option<StopReason>,
    },
}

/// The attempt that a retry loop waits for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct NextAttempt<'a> {
    /// The error of the previous attempt.
    pub error: &'a dyn CatalogError,
    /// How long the loop waits.
    pub delay: Duration,
    /// Where the delay comes from.
    pub source: DelaySource,
    /// The number of the next attempt; the first retry is attempt 2.
    pub attempt: u32,
}
