//! Retry policies: how long to wait before the next try. Whole numbers only, saturating, `const`.

use std::fmt;
use std::time::Duration;

/// How often, and after which delays, a failed request is retried.
///
/// All arithmetic is done in whole nanoseconds and thousandths and saturates: no attempt count and no duration
/// makes it overflow or panic.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use waves_errors::{Policy, PolicyParts};
///
/// let policy = Policy::new(PolicyParts {
///     initial: Duration::from_millis(500),
///     multiplier: 2.0,
///     max: Some(Duration::from_secs(30)),
///     max_retries: 5,
///     jitter: 0.25,
///     ..PolicyParts::default()
/// })?;
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
}

impl RetryOnly {
    /// All kinds.
    // In the order of their numbers in a table.
    pub const ALL: [Self; 1] = [Self::Idempotent];

    /// Returns the word that catalogs use: `idempotent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Idempotent => "idempotent",
        }
    }
}

/// The parts of a [`Policy`], under the names that a catalog gives them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PolicyParts {
    /// The first delay.
    pub initial: Duration,
    /// What each further delay is multiplied by; at least 1. Default 1.
    pub multiplier: f64,
    /// The longest delay of our own; a server may ask for longer. Default: `initial`.
    pub max: Option<Duration>,
    /// The number of retries. Default: 0.
    pub max_retries: u32,
    /// The share of a delay, 0 to 1, that chance takes off a backoff or adds to what a server asked. Default 0.
    pub jitter: f64,
    /// Whether a server's `Retry-After` counts. Default: it does.
    pub respect_retry_after: bool,
    /// The longest `Retry-After` that is waited for. Default: two minutes.
    pub retry_after_limit: Duration,
    /// The requests that the policy is limited to. Default: `None`, all requests.
    pub only: Option<RetryOnly>,
}

impl Default for PolicyParts {
    fn default() -> Self {
        Self {
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
}

/// Why a policy cannot be: the key that is wrong, and what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyError {
    /// `multiplier` is below 1, above 1000 or no number.
    Multiplier,
    /// `max` is shorter than `initial`.
    Max,
    /// `jitter` is outside 0 to 1.
    Jitter,
    /// A duration is above a year.
    TooLong {
        /// The key with the duration.
        key: &'static str,
    },
}

impl PolicyError {
    /// The catalog key that is wrong.
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

/// Where in its range a delay falls: from [`Chance::NONE`] (the nominal delay) to [`Chance::MOST`] (all the jitter
/// that the policy allows).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance(u32);

impl Chance {
    /// The nominal delay, without jitter.
    pub const NONE: Self = Self(0);
    /// The other end of the delay's range.
    pub const MOST: Self = Self(u32::MAX);

    /// A place in the range, from 32 random bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// What a policy says of the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Our own backoff, or the server's ask where that is shorter than our backoff.
    Backoff(Duration),
    /// The server asked for at least our backoff: its ask, never less, and a little jitter.
    Asked(Duration),
    /// The server asked for more than the policy waits for.
    TooLong,
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
const NANOS_PER_MS: u64 = 1_000_000;
/// Multipliers are raised to a power with this many binary places; two values below the ceiling make a `u128`.
const PLACES: u32 = 28;
const HALF: u128 = 1 << (PLACES - 1);
const CEILING: u64 = 1 << 63;

impl Policy {
    /// A policy from its parts, or what is wrong with them. Durations count in whole milliseconds.
    pub fn new(parts: PolicyParts) -> Result<Self, PolicyError> {
        let max = parts.max.unwrap_or(parts.initial);
        for (key, duration) in
            [("initial", parts.initial), ("max", max), ("retry-after.limit", parts.retry_after_limit)]
        {
            if duration > YEAR {
                return Err(PolicyError::TooLong { key });
            }
        }
        if max < parts.initial {
            return Err(PolicyError::Max);
        }
        Ok(Self {
            initial_ms: millis(parts.initial),
            multiplier: thousandths(parts.multiplier, 1.0, 1000.0).ok_or(PolicyError::Multiplier)?,
            max_ms: millis(max),
            max_retries: parts.max_retries,
            jitter: thousandths(parts.jitter, 0.0, 1.0).ok_or(PolicyError::Jitter)?,
            respect_retry_after: parts.respect_retry_after,
            retry_after_limit_ms: millis(parts.retry_after_limit),
            only: parts.only,
        })
    }

    /// The first delay.
    pub const fn initial(&self) -> Duration {
        Duration::from_millis(self.initial_ms)
    }

    /// What each further delay is multiplied by.
    pub fn multiplier(&self) -> f64 {
        f64::from(self.multiplier) / 1000.0
    }

    /// The longest delay of our own.
    pub const fn max(&self) -> Duration {
        Duration::from_millis(self.max_ms)
    }

    /// The number of retries.
    pub const fn max_retries(&self) -> u32 {
        self.max_retries
    }

    /// The share of a delay, 0 to 1, that is left to chance.
    pub fn jitter(&self) -> f64 {
        f64::from(self.jitter) / 1000.0
    }

    /// Whether a server's `Retry-After` counts.
    pub const fn respects_retry_after(&self) -> bool {
        self.respect_retry_after
    }

    /// The longest `Retry-After` that is waited for.
    pub const fn retry_after_limit(&self) -> Duration {
        Duration::from_millis(self.retry_after_limit_ms)
    }

    /// Returns the requests that the policy is limited to; `None` if it applies to all requests.
    pub const fn only(&self) -> Option<RetryOnly> {
        self.only
    }

    /// The same policy with another number of retries.
    pub const fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Our own delay before retry number `index` (from 0), without jitter and whatever the server asked.
    pub const fn backoff(&self, index: u32) -> Duration {
        Duration::from_millis(self.nominal(index))
    }

    /// The delay before retry number `index` (from 0), where the server `asked` for a delay or not.
    ///
    /// Jitter shortens our own backoff, so that `max` stays the longest; it lengthens what a server asked, which is
    /// never undercut, and there by at most the policy's share of `max`.
    #[inline]
    pub const fn wait(&self, index: u32, asked: Option<Duration>, chance: Chance) -> Wait {
        let ms = self.nominal(index);
        // A thousandth of a millisecond is a thousand nanoseconds: nothing to round.
        let most = ms.saturating_mul(1000 * self.jitter as u64);
        let nominal = ms.saturating_mul(NANOS_PER_MS);
        let shorter = nominal - share(most, chance);
        let asked = match asked {
            Some(asked) if self.respect_retry_after => asked,
            _ => return Wait::Backoff(Duration::from_nanos(shorter)),
        };
        if asked.as_nanos() > (self.retry_after_limit_ms as u128) * NANOS_PER_MS as u128 {
            return Wait::TooLong;
        }
        // Below the limit, which is at most a year, so nanoseconds fit.
        #[expect(clippy::cast_possible_truncation, reason = "at most a year of nanoseconds")]
        let asked = asked.as_nanos() as u64;
        if asked < nominal {
            return Wait::Backoff(Duration::from_nanos(if shorter > asked { shorter } else { asked }));
        }
        let max = self.max_ms.saturating_mul(NANOS_PER_MS);
        let base = if asked < max { asked } else { max };
        let jitter = self.jitter as u64;
        let most = base / 1000 * jitter + base % 1000 * jitter / 1000;
        Wait::Asked(Duration::from_nanos(asked.saturating_add(share(most, chance))))
    }

    /// Our own delay, in whole milliseconds.
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

/// `thousandths / 1000` to the power of `exponent`, with [`PLACES`] binary places. Saturates at [`CEILING`], which is
/// above a year over a millisecond.
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

/// The product of two numbers with [`PLACES`] binary places.
const fn product(one: u64, other: u64) -> u64 {
    let product = ((one as u128) * (other as u128)) >> PLACES;
    #[expect(clippy::cast_possible_truncation, reason = "below the ceiling, which is a u64")]
    let low = product as u64;
    if product < CEILING as u128 { low } else { CEILING }
}

/// The part of `most` that falls to `chance`: nothing for the least, all for the greatest.
const fn share(most: u64, chance: Chance) -> u64 {
    // Of 2^32 parts; one more for the upper half makes the greatest chance all of them.
    let parts = chance.0 as u128 + (chance.0 >> 31) as u128;
    #[expect(clippy::cast_possible_truncation, reason = "not above `most`")]
    let share = ((most as u128 * parts) >> 32) as u64;
    share
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded by `low` and `high` before the cast"
)]
fn thousandths(value: f64, low: f64, high: f64) -> Option<u32> {
    (value >= low && value <= high).then(|| (value * 1000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(initial: u64, multiplier: f64, max: u64, jitter: f64) -> Policy {
        Policy::new(PolicyParts {
            initial: Duration::from_millis(initial),
            multiplier,
            max: Some(Duration::from_millis(max)),
            max_retries: 5,
            jitter,
            ..PolicyParts::default()
        })
        .unwrap()
    }

    #[test]
    fn backoff_grows_to_its_cap_and_stays() {
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
    fn an_ask_is_never_undercut() {
        let ms = Duration::from_millis;
        assert_eq!(PAGE.wait(0, None, Chance::NONE), Wait::Backoff(ms(500)));
        assert_eq!(PAGE.wait(0, None, Chance::MOST), Wait::Backoff(ms(375)));
        assert_eq!(PAGE.wait(4, Some(ms(2000)), Chance::MOST), Wait::Backoff(ms(6000)));
        assert_eq!(PAGE.wait(4, Some(ms(7000)), Chance::MOST), Wait::Backoff(ms(7000)));
        assert_eq!(PAGE.wait(0, Some(ms(2000)), Chance::NONE), Wait::Asked(ms(2000)));
        assert_eq!(PAGE.wait(0, Some(ms(2000)), Chance::MOST), Wait::Asked(ms(2500)));
        assert_eq!(PAGE.wait(0, Some(ms(120_000)), Chance::MOST), Wait::Asked(ms(127_500)));
        assert_eq!(PAGE.wait(0, Some(ms(120_001)), Chance::NONE), Wait::TooLong);
        assert_eq!(PAGE.wait(0, Some(Duration::MAX), Chance::NONE), Wait::TooLong);
    }

    #[test]
    fn wrong_parts_name_their_key() {
        let parts = PolicyParts { initial: Duration::from_secs(1), ..PolicyParts::default() };
        let key = |parts| Policy::new(parts).map_err(PolicyError::key);
        assert_eq!(key(PolicyParts { multiplier: 0.5, ..parts }), Err("multiplier"));
        assert_eq!(key(PolicyParts { multiplier: f64::NAN, ..parts }), Err("multiplier"));
        assert_eq!(key(PolicyParts { jitter: 1.1, ..parts }), Err("jitter"));
        assert_eq!(key(PolicyParts { max: Some(Duration::ZERO), ..parts }), Err("max"));
        assert_eq!(key(PolicyParts { initial: Duration::MAX, ..parts }), Err("initial"));
        assert_eq!(key(PolicyParts { retry_after_limit: Duration::MAX, ..parts }), Err("retry-after.limit"));
    }

    #[test]
    fn policy_display_shows_retries_delays_jitter_and_limit() {
        assert_eq!(
            PAGE.to_string(),
            "up to 5 times, after 500 ms, 1 s, 2 s, 4 s, 8 s (minus up to 25% jitter); honors `Retry-After` up to 2 min"
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
            "idempotent requests only, up to 3 times, after 500 ms, 1 s, 2 s (minus up to 25% jitter); honors `Retry-After` up to 2 min"
        );
        assert_eq!(limited.with_max_retries(0).to_string(), "never");
    }
}
