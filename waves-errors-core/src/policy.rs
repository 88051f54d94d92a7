//! [`Policy`]: the delay before each retry, in saturating integer arithmetic that also runs at compile time.

use std::time::Duration;

/// A retry policy: the number of retries and the delays before them. [`Policy::builder`] creates one.
///
/// The arithmetic uses whole nanoseconds and saturates: it never overflows or panics.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use waves_errors::Policy;
///
/// let policy = Policy::builder()
///     .initial(Duration::from_millis(500))
///     .multiplier(2.0)
///     .max(Duration::from_secs(30))
///     .max_retries(5)
///     .jitter(0.25)
///     .build()?;
/// assert_eq!(policy.backoff(3), Duration::from_secs(4));
/// assert_eq!(policy.backoff(u32::MAX), Duration::from_secs(30));
/// # Ok::<(), waves_errors::PolicyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Policy {
    pub(crate) initial_ms: u64,
    /// Thousandths, at least 1000.
    pub(crate) multiplier: u32,
    pub(crate) max_ms: u64,
    pub(crate) max_retries: u32,
    /// Thousandths, at most 1000.
    pub(crate) jitter: u32,
    pub(crate) respect_retry_after: bool,
    pub(crate) retry_after_limit_ms: u64,
    pub(crate) only: Option<RetryOnly>,
}

/// The requests that a policy applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryOnly {
    /// Idempotent requests: sending one twice has the same effect as sending it once.
    Idempotent,
    /// Requests that were not sent, because no connection could be established.
    NotSent,
}

impl RetryOnly {
    /// All kinds.
    // In the order of their numbers in a table.
    pub const ALL: [Self; 2] = [Self::Idempotent, Self::NotSent];

    /// Returns the word that catalogs use: `idempotent` or `not-sent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idempotent => "idempotent",
            Self::NotSent => "not-sent",
        }
    }
}

/// The part of a policy's jitter that is applied to a delay: from [`Jitter::NONE`] to [`Jitter::FULL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter(u32);

impl Jitter {
    /// No jitter: the nominal delay.
    pub const NONE: Self = Self(0);
    /// All of the policy's jitter: the shortest backoff, or the longest server-requested delay.
    pub const FULL: Self = Self(u32::MAX);

    /// Creates the jitter for 32 random bits: [`NONE`](Self::NONE) for 0, [`FULL`](Self::FULL) for [`u32::MAX`], and a proportional part
    /// for values between them.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use waves_errors::{Jitter, Policy, Wait};
    ///
    /// let policy = Policy::builder().initial(Duration::from_secs(1)).max_retries(1).jitter(0.5).build()?;
    /// let half = Jitter::from_bits(1 << 31);
    /// assert_eq!(policy.wait(0, None, half), Wait::Backoff(Duration::from_millis(750)));
    /// assert_eq!(Jitter::from_bits(u32::MAX), Jitter::FULL);
    /// # Ok::<(), waves_errors::PolicyError>(())
    /// ```
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// The delay before a retry, and its source. [`Policy::wait`] returns it.
///
/// # Examples
///
/// A loop with a timer of its own:
///
/// ```
/// use std::time::Duration;
/// use waves_errors::{Jitter, Policy, Wait};
///
/// fn delay(policy: &Policy, index: u32, requested: Option<Duration>, random: u32) -> Option<Duration> {
///     match policy.wait(index, requested, Jitter::from_bits(random)) {
///         Wait::Backoff(delay) | Wait::Requested(delay) => Some(delay),
///         Wait::TooLong => None, // stop: an earlier attempt would be refused as well
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The policy's backoff. It is at least the server-requested delay, if there is one.
    Backoff(Duration),
    /// The server-requested delay, which is at least the backoff, plus jitter.
    Requested(Duration),
    /// The server requested a longer delay than the policy accepts.
    TooLong,
}

const NANOS_PER_MS: u64 = 1_000_000;
/// The number of binary places of the fixed-point numbers in [`power`].
const PLACES: u32 = 28;
/// One half as a fixed-point number, for rounding.
const HALF: u128 = 1 << (PLACES - 1);
/// The maximum of a fixed-point number: the product of two of them fits in a `u128`.
const CEILING: u64 = 1 << 63;

impl Policy {
    /// Returns the first delay.
    pub const fn initial(&self) -> Duration {
        Duration::from_millis(self.initial_ms)
    }

    /// Returns the factor from each delay to the next.
    pub fn multiplier(&self) -> f64 {
        f64::from(self.multiplier) / 1000.0
    }

    /// Returns the longest backoff. A server-requested delay can be longer.
    pub const fn max(&self) -> Duration {
        Duration::from_millis(self.max_ms)
    }

    /// Returns the maximum number of retries.
    pub const fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// Returns the random part of a delay, as a fraction from 0 to 1.
    pub fn jitter(&self) -> f64 {
        f64::from(self.jitter) / 1000.0
    }

    /// Returns whether the policy honors a server-requested delay.
    pub const fn respects_retry_after(&self) -> bool {
        self.respect_retry_after
    }

    /// Returns the longest server-requested delay that the policy accepts.
    pub const fn retry_after_limit(&self) -> Duration {
        Duration::from_millis(self.retry_after_limit_ms)
    }

    /// Returns the requests that the policy is limited to; `None` if it applies to all requests.
    pub const fn only(&self) -> Option<RetryOnly> {
        self.only
    }

    /// Returns the policy with another number of retries.
    pub const fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Returns the backoff before a retry, without jitter. The first retry has the index 0.
    pub const fn backoff(&self, index: u32) -> Duration {
        Duration::from_millis(self.nominal(index))
    }

    /// Returns the delay before a retry. The first retry has the index 0; `requested` is the server-requested delay, if there is
    /// one.
    ///
    /// Jitter shortens a backoff, so that it never exceeds [`max`](Self::max). Jitter lengthens a server-requested delay, so that
    /// the retry is never too early, by at most the policy's jitter of `max`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use waves_errors::{Jitter, Policy, Wait};
    ///
    /// let second = Duration::from_secs(1);
    /// let policy = Policy::builder().initial(second).multiplier(2.0).max(30 * second).max_retries(3).jitter(0.5).build()?;
    ///
    /// // Without a requested delay, jitter shortens the backoff by up to 50%.
    /// assert_eq!(policy.wait(1, None, Jitter::NONE), Wait::Backoff(2 * second));
    /// assert_eq!(policy.wait(1, None, Jitter::FULL), Wait::Backoff(second));
    /// // Jitter lengthens a requested delay.
    /// assert_eq!(policy.wait(1, Some(4 * second), Jitter::FULL), Wait::Requested(6 * second));
    /// // The default limit for requested delays is 2 minutes.
    /// assert_eq!(policy.wait(1, Some(600 * second), Jitter::NONE), Wait::TooLong);
    /// # Ok::<(), waves_errors::PolicyError>(())
    /// ```
    #[inline]
    pub const fn wait(&self, index: u32, requested: Option<Duration>, jitter: Jitter) -> Wait {
        let ms = self.nominal(index);
        // A thousandth of a millisecond is exactly a thousand nanoseconds.
        let range = ms.saturating_mul(1000 * self.jitter as u64);
        let nominal = ms.saturating_mul(NANOS_PER_MS);
        let shorter = nominal - share(range, jitter);
        let requested = match requested {
            Some(requested) if self.respect_retry_after => requested,
            _ => return Wait::Backoff(Duration::from_nanos(shorter)),
        };
        if requested.as_nanos() > (self.retry_after_limit_ms as u128) * NANOS_PER_MS as u128 {
            return Wait::TooLong;
        }
        // Below the limit, which is at most a year, so nanoseconds fit.
        #[expect(clippy::cast_possible_truncation, reason = "at most a year of nanoseconds")]
        let requested = requested.as_nanos() as u64;
        if requested < nominal {
            return Wait::Backoff(Duration::from_nanos(if shorter > requested { shorter } else { requested }));
        }
        let max = self.max_ms.saturating_mul(NANOS_PER_MS);
        let base = if requested < max { requested } else { max };
        let thousandths = self.jitter as u64;
        let range = base / 1000 * thousandths + base % 1000 * thousandths / 1000;
        Wait::Requested(Duration::from_nanos(requested.saturating_add(share(range, jitter))))
    }

    /// Returns the backoff in milliseconds.
    const fn nominal(&self, index: u32) -> u64 {
        // Doubling, which most policies do, is a shift.
        if self.multiplier == 2000 && index < self.initial_ms.leading_zeros() {
            let ms = self.initial_ms << index;
            return if ms < self.max_ms { ms } else { self.max_ms };
        }
        let delay = ((self.initial_ms as u128) * (power(self.multiplier, index) as u128) + HALF) >> PLACES;
        if delay < self.max_ms as u128 {
            #[expect(clippy::cast_possible_truncation, reason = "below `max_ms`, which is a u64")]
            let delay = delay as u64;
            delay
        } else {
            self.max_ms
        }
    }
}

/// Returns `thousandths / 1000` to the power of `exponent`, with [`PLACES`] binary places. Saturates at [`CEILING`], which is
/// more than the ratio of a year to a millisecond.
const fn power(thousandths: u32, mut exponent: u32) -> u64 {
    let mut base = ((thousandths as u64) << PLACES).div_ceil(1000);
    let mut result = 1 << PLACES;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = product(result, base);
        }
        exponent >>= 1;
        base = product(base, base);
    }
    result
}

/// Returns the product of two numbers with [`PLACES`] binary places. Saturates at [`CEILING`].
const fn product(left: u64, right: u64) -> u64 {
    let product = ((left as u128) * (right as u128)) >> PLACES;
    #[expect(clippy::cast_possible_truncation, reason = "below the ceiling, which is a u64")]
    let low = product as u64;
    if product < CEILING as u128 { low } else { CEILING }
}

/// Returns the part of `range` that `jitter` selects: 0 for [`Jitter::NONE`], `range` for [`Jitter::FULL`].
const fn share(range: u64, jitter: Jitter) -> u64 {
    // The number of selected parts, of 2^32. In the upper half it is one more, so that `u32::MAX` selects all parts.
    let parts = jitter.0 as u128 + (jitter.0 >> 31) as u128;
    #[expect(clippy::cast_possible_truncation, reason = "not above `range`")]
    let share = ((range as u128 * parts) >> 32) as u64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(initial: u64, multiplier: f64, max: u64, jitter: f64) -> Policy {
        let (initial, max) = (Duration::from_millis(initial), Duration::from_millis(max));
        Policy::builder()
            .initial(initial)
            .multiplier(multiplier)
            .max(max)
            .max_retries(5)
            .jitter(jitter)
            .build()
            .unwrap()
    }

    #[test]
    fn backoff_grows_up_to_its_maximum() {
        let page = policy(500, 2.0, 30_000, 0.25);
        let delays = [0, 1, 2, 3, 4, 5, 6, 7, 54, 55, 63, 64, 1000, u32::MAX].map(|n| page.backoff(n).as_millis());
        assert_eq!(
            delays,
            [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000, 30000, 30000, 30000, 30000]
        );
        let half = policy(500, 1.5, 10_000_000, 0.0);
        assert_eq!([0, 1, 2, 3].map(|n| half.backoff(n).as_micros()), [500_000, 750_000, 1_125_000, 1_688_000]);
        assert_eq!(policy(500, 1.0, 500, 0.0).backoff(u32::MAX).as_millis(), 500);
        assert_eq!(policy(0, 2.0, 30_000, 0.0).backoff(u32::MAX).as_millis(), 0);
        let slow = policy(1, 1.001, 31_536_000_000, 0.0);
        assert!(slow.backoff(100_000) == slow.max());
    }

    #[test]
    fn backoff_never_shrinks() {
        for multiplier in [1.0, 1.001, 1.5, 2.0, 3.0, 10.0, 999.0, 1000.0] {
            let policy = policy(1, multiplier, 31_536_000_000, 0.0);
            let delays: Vec<_> = (0..2000).chain([1 << 20, 1 << 31, u32::MAX]).map(|n| policy.backoff(n)).collect();
            assert!(delays.is_sorted(), "multiplier {multiplier}");
        }
    }

    const PAGE: Policy = Policy {
        initial_ms: 500,
        multiplier: 2000,
        max_ms: 30_000,
        max_retries: 5,
        jitter: 250,
        respect_retry_after: true,
        retry_after_limit_ms: 120_000,
        only: None,
    };
    // The arithmetic runs at compile time as well.
    const _: () = assert!(PAGE.backoff(4).as_millis() == 8000);

    #[test]
    fn wait_is_never_shorter_than_the_requested_delay() {
        let ms = Duration::from_millis;
        assert_eq!(PAGE.wait(0, None, Jitter::NONE), Wait::Backoff(ms(500)));
        assert_eq!(PAGE.wait(0, None, Jitter::FULL), Wait::Backoff(ms(375)));
        assert_eq!(PAGE.wait(4, Some(ms(2000)), Jitter::FULL), Wait::Backoff(ms(6000)));
        assert_eq!(PAGE.wait(4, Some(ms(7000)), Jitter::FULL), Wait::Backoff(ms(7000)));
        assert_eq!(PAGE.wait(0, Some(ms(2000)), Jitter::NONE), Wait::Requested(ms(2000)));
        assert_eq!(PAGE.wait(0, Some(ms(2000)), Jitter::FULL), Wait::Requested(ms(2500)));
        assert_eq!(PAGE.wait(0, Some(ms(120_000)), Jitter::FULL), Wait::Requested(ms(127_500)));
        assert_eq!(PAGE.wait(0, Some(ms(120_001)), Jitter::NONE), Wait::TooLong);
        assert_eq!(PAGE.wait(0, Some(Duration::MAX), Jitter::NONE), Wait::TooLong);
    }

    #[test]
    fn policy_display_shows_retries_delays_jitter_and_limit() {
        assert_eq!(
            PAGE.to_string(),
            "up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors Retry-After up to 2 min"
        );
        assert_eq!(
            Policy { jitter: 125, respect_retry_after: false, ..PAGE }.with_max_retries(1).to_string(),
            "once, after 500 ms (minus up to 12.5% jitter)"
        );
        assert_eq!(PAGE.with_max_retries(0).to_string(), "never");
    }

    #[test]
    fn policy_display_begins_with_idempotent_requests_only() {
        let limited = Policy { only: Some(RetryOnly::Idempotent), ..PAGE };
        assert_eq!(
            limited.with_max_retries(3).to_string(),
            "idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s (minus up to 25% jitter); honors Retry-After up to 2 min"
        );
        assert_eq!(limited.with_max_retries(0).to_string(), "never");
    }
}
