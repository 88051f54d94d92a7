//! [`PolicyBuilder`]: the values of a policy, under the names that catalogs use, and their limits.

use std::fmt;
use std::time::Duration;

use crate::policy::{Policy, RetryOnly};

/// The longest duration in a policy.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Builds a [`Policy`]. [`Policy::builder`] creates it.
///
/// Durations are in whole milliseconds; fractions are dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "call `build` to get the policy"]
pub struct PolicyBuilder {
    initial: Duration,
    multiplier: f64,
    max: Option<Duration>,
    max_retries: u32,
    jitter: f64,
    respect_retry_after: bool,
    retry_after_limit: Duration,
    only: Option<RetryOnly>,
}

impl Policy {
    /// Returns a builder with the default values: no retries.
    pub const fn builder() -> PolicyBuilder {
        PolicyBuilder {
            initial: Duration::ZERO,
            multiplier: 1.0,
            max: None,
            max_retries: 0,
            jitter: 0.0,
            respect_retry_after: true,
            retry_after_limit: Duration::from_secs(120),
            only: None,
        }
    }

    /// Returns a builder with the values of this policy.
    pub fn to_builder(self) -> PolicyBuilder {
        PolicyBuilder {
            initial: self.initial(),
            multiplier: self.multiplier(),
            max: Some(self.max()),
            max_retries: self.max_retries(),
            jitter: self.jitter(),
            respect_retry_after: self.respects_retry_after(),
            retry_after_limit: self.retry_after_limit(),
            only: self.only(),
        }
    }
}

impl PolicyBuilder {
    /// Sets the first delay, at most 365 days. Default: 0.
    pub const fn initial(mut self, delay: Duration) -> Self {
        self.initial = delay;
        self
    }

    /// Sets the factor from each delay to the next, from 1 to 1000. Default: 1.
    pub const fn multiplier(mut self, factor: f64) -> Self {
        self.multiplier = factor;
        self
    }

    /// Sets the longest backoff. A server-requested delay can be longer. Default: the first delay.
    pub const fn max(mut self, delay: Duration) -> Self {
        self.max = Some(delay);
        self
    }

    /// Sets the maximum number of retries. Default: 0.
    pub const fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the random part of a delay, as a fraction from 0 to 1. Default: 0.
    ///
    /// Jitter shortens a backoff and lengthens a server-requested delay.
    pub const fn jitter(mut self, share: f64) -> Self {
        self.jitter = share;
        self
    }

    /// Sets whether the policy honors a server-requested delay. Default: `true`.
    pub const fn respect_retry_after(mut self, respect: bool) -> Self {
        self.respect_retry_after = respect;
        self
    }

    /// Sets the longest server-requested delay that the policy accepts. Default: two minutes.
    pub const fn retry_after_limit(mut self, delay: Duration) -> Self {
        self.retry_after_limit = delay;
        self
    }

    /// Limits the policy to some requests; `None` removes the limit. Default: no limit.
    pub fn only(mut self, only: impl Into<Option<RetryOnly>>) -> Self {
        self.only = only.into();
        self
    }

    /// Builds the policy.
    ///
    /// # Errors
    ///
    /// Fails if a value is outside its range, or if a duration is longer than 365 days.
    pub fn build(self) -> Result<Policy, PolicyError> {
        if let Some(error) = self.errors().into_iter().next() {
            return Err(error);
        }
        Ok(Policy {
            initial_ms: millis(self.initial),
            multiplier: thousandths(self.multiplier),
            max_ms: millis(self.longest()),
            max_retries: self.max_retries,
            jitter: thousandths(self.jitter),
            respect_retry_after: self.respect_retry_after,
            retry_after_limit_ms: millis(self.retry_after_limit),
            only: self.only,
        })
    }

    fn longest(&self) -> Duration {
        self.max.unwrap_or(self.initial)
    }

    /// Returns all errors, for the checker of catalogs.
    #[doc(hidden)]
    pub fn errors(&self) -> Vec<PolicyError> {
        let max = self.max.map(|max| ("max", max));
        let durations =
            [("initial", self.initial), ("retry-after.limit", self.retry_after_limit)].into_iter().chain(max);
        let too_long = durations.filter(|(_, duration)| *duration > YEAR);
        let mut errors: Vec<_> = too_long.map(|(key, _)| PolicyError::TooLong { key }).collect();
        if self.initial <= YEAR && self.longest() < self.initial {
            errors.push(PolicyError::Max);
        }
        if !(1.0..=1000.0).contains(&self.multiplier) {
            errors.push(PolicyError::Multiplier);
        }
        if !(0.0..=1.0).contains(&self.jitter) {
            errors.push(PolicyError::Jitter);
        }
        errors
    }
}

/// The reason why a policy is invalid. [`PolicyBuilder::build`] returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyError {
    /// `multiplier` is not a number from 1 to 1000.
    Multiplier,
    /// `max` is shorter than `initial`.
    Max,
    /// `jitter` is not a number from 0 to 1.
    Jitter,
    /// A duration is longer than 365 days.
    #[non_exhaustive]
    TooLong {
        /// The key of the duration.
        key: &'static str,
    },
}

impl PolicyError {
    /// Returns the key of the invalid value in catalogs, such as `retry-after.limit`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Multiplier => "multiplier",
            Self::Max => "max",
            Self::Jitter => "jitter",
            Self::TooLong { key } => key,
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Multiplier => f.write_str("`multiplier` must be a number from 1 to 1000"),
            Self::Max => f.write_str("`max` must not be shorter than `initial`"),
            Self::Jitter => f.write_str("`jitter` must be a number from 0 to 1"),
            Self::TooLong { key } => write!(f, "`{key}` must not be longer than 365 days"),
        }
    }
}

impl std::error::Error for PolicyError {}

/// Returns the whole milliseconds of a duration.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns a value in thousandths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is from 0 to 1000")]
fn thousandths(value: f64) -> u32 {
    (value * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_errors_name_the_invalid_key() {
        let builder = Policy::builder().initial(Duration::from_secs(1));
        let key = |builder: PolicyBuilder| builder.build().map_err(PolicyError::key);
        assert_eq!(key(builder.multiplier(0.5)), Err("multiplier"));
        assert_eq!(key(builder.multiplier(f64::NAN)), Err("multiplier"));
        assert_eq!(key(builder.jitter(1.1)), Err("jitter"));
        assert_eq!(key(builder.max(Duration::ZERO)), Err("max"));
        assert_eq!(key(builder.initial(Duration::MAX)), Err("initial"));
        assert_eq!(key(builder.retry_after_limit(Duration::MAX)), Err("retry-after.limit"));
    }

    #[test]
    fn policy_errors_are_complete() {
        let builder = Policy::builder().initial(Duration::MAX).max(Duration::ZERO).multiplier(0.0).jitter(f64::NAN);
        let keys: Vec<_> =
            builder.retry_after_limit(Duration::MAX).errors().into_iter().map(PolicyError::key).collect();
        assert_eq!(keys, ["initial", "retry-after.limit", "multiplier", "jitter"]);
    }

    #[test]
    fn builder_of_a_policy_builds_the_same_policy() {
        let policy = Policy::builder()
            .initial(Duration::from_millis(500))
            .multiplier(1.5)
            .max(Duration::from_secs(30))
            .max_retries(7)
            .jitter(0.125)
            .respect_retry_after(false)
            .retry_after_limit(Duration::from_secs(5))
            .only(RetryOnly::Idempotent)
            .build()
            .unwrap();
        assert_eq!(policy.to_builder().build(), Ok(policy));
    }
}
