//! Events of a retry loop, for logs and metrics.

use std::time::Duration;

use crate::decision::{DelaySource, StopReason};
use crate::error::CatalogError;

/// A step of a retry loop, as [`Retry::observe`](crate::Retry::observe) reports it.
///
/// A loop reports `AttemptStarted` and `AttemptEnded` for each attempt, `Waiting` before each retry, and one `Finished` at the
/// end. A loop that is dropped, or whose operation panics, reports nothing more. [`Retry::decide`](crate::Retry::decide) reports
/// nothing.
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
        /// The duration of the attempt.
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
        /// The duration of the loop, including delays.
        elapsed: Duration,
        /// The error of the last attempt, or `None` for a success.
        error: Option<&'a dyn CatalogError>,
        /// The stop reason, or `None` for a success.
        reason: Option<StopReason>,
    },
}

/// The next attempt of a retry loop, after a delay.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct NextAttempt<'a> {
    /// The error of the previous attempt.
    pub error: &'a dyn CatalogError,
    /// The delay before the attempt.
    pub delay: Duration,
    /// The source of the delay.
    pub source: DelaySource,
    /// The number of the next attempt; the first retry is attempt 2.
    pub attempt: u32,
}
