//! Retry decisions: another attempt after a delay, or a stop with its reason.

use std::fmt;
use std::time::Duration;

use waves_errors_core::format_duration;

/// The decision whether to retry. [`Retry::decide`](crate::Retry::decide) returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a decision does not wait by itself"]
pub enum Decision {
    /// Retry after this delay.
    #[non_exhaustive]
    Retry {
        /// The delay.
        after: Duration,
        /// The source of the delay.
        source: DelaySource,
    },
    /// Do not retry.
    Stop(StopReason),
}

/// The source of a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DelaySource {
    /// The policy's own backoff.
    Backoff,
    /// The delay that the server requests, such as `Retry-After`. The delay is never shorter.
    RetryAfter,
}

impl DelaySource {
    /// Returns a stable identifier: `backoff` or `retry-after`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backoff => "backoff",
            Self::RetryAfter => "retry-after",
        }
    }
}

/// The reason why a retry loop stops.
///
/// `Display` writes it as a phrase, such as `no retries left`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// The case has no retry policy, or the error has no case: the catalog does not list it, the request could not be built, or
    /// the response could not be decoded.
    NotRetryable,
    /// The policy is limited to idempotent requests, and the failed request is not known to be one:
    /// see [`Retry::idempotent`](crate::Retry::idempotent).
    NotIdempotent,
    /// The program had already received part of the response, so another attempt would deliver it twice.
    Delivered {
        /// The number of bytes that the program received.
        bytes: u64,
    },
    /// The policy is limited to requests that were not sent, and the failed request was sent, or may have been.
    Sent,
    /// The response forbids a retry, according to the catalog's `retry-veto`: by its status, a header or a field.
    Vetoed,
    /// No retries are left.
    Exhausted,
    /// The server requested a longer delay than the policy allows. An earlier attempt would be refused as well.
    TooLong {
        /// The requested delay; [`Duration::MAX`] if it does not fit in a `Duration`.
        requested: Duration,
    },
    /// The next attempt would start after the deadline, or the deadline cancelled an attempt, whose evidence then has
    /// [`TransportError::Timeout`](crate::TransportError::Timeout).
    Deadline,
}

impl StopReason {
    /// Returns a stable identifier: `not-retryable`, `exhausted`, `too-long` or `deadline`. `NotIdempotent`, `Sent`,
    /// `Vetoed` and `Delivered` are also `not-retryable`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotRetryable | Self::NotIdempotent | Self::Sent | Self::Vetoed | Self::Delivered { .. } => {
                "not-retryable"
            }
            Self::Exhausted => "exhausted",
            Self::TooLong { .. } => "too-long",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotRetryable => f.write_str("this error is not retryable"),
            Self::NotIdempotent => f.write_str("only idempotent requests are retried after this error"),
            Self::Sent => f.write_str("only requests that were not sent are retried after this error"),
            Self::Vetoed => f.write_str("responses like this one must not be retried"),
            Self::Delivered { bytes: 1 } => f.write_str("1 byte of the response was already delivered"),
            Self::Delivered { bytes } => write!(f, "{bytes} bytes of the response were already delivered"),
            Self::Exhausted => f.write_str("no retries left"),
            Self::TooLong { requested: Duration::MAX } => f.write_str("the requested delay is out of range"),
            Self::TooLong { requested } => {
                write!(
                    f,
                    "the server requested a delay of {}, longer than the policy allows",
                    format_duration(requested)
                )
            }
            Self::Deadline => f.write_str("no time left before the deadline"),
        }
    }
}
