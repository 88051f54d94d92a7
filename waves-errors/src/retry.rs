//! Whether to try again, and when: [`Retry`] decides. It does not wait by itself, and reads no clock.

use std::fmt;
use std::time::{Duration, SystemTime};

use waves_errors_core::{Case, Chance, Evidence, Policy, Wait, amount};

use crate::error::CatalogError;
use crate::retry_after::RetryAfter;

/// The state of one retry loop: what the operator changed, and how often each policy was used.
///
/// Each policy counts for itself: a 500 between two 429s does not use up the 429s' retries. Two loops never share their
/// jitter.
///
/// # Examples
///
/// Deciding alone, with a clock and a way to wait of your own:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use waves_errors::{Chance, Decision, Evidence, Failure, Retry};
///
/// let mut state = Retry::new().jitter(Chance::NONE);
/// let failure = Failure::classify(Evidence::response(429).header("Retry-After", "2"));
/// match state.decide(&failure, SystemTime::now()) {
///     Decision::Retry { after, .. } => assert_eq!(after, Duration::from_secs(2)),
///     Decision::Stop(reason) => panic!("{reason}"),
/// }
/// ```
pub struct Retry {
    deadline: Option<Duration>,
    max_retries: Option<u32>,
    overrides: Vec<(String, Policy)>,
    chance: Option<Chance>,
    random: fastrand::Rng,
    notify: Option<Notify>,
    started: Option<SystemTime>,
    used: Vec<(&'static str, u32)>,
}

type Notify = Box<dyn FnMut(&NextTry<'_>) + Send>;

/// Whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Try again after this delay.
    #[non_exhaustive]
    Retry {
        /// How long to wait.
        after: Duration,
        /// Whose delay it is.
        source: DelaySource,
    },
    /// Do not.
    Stop(StopReason),
}

/// Whose delay it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DelaySource {
    /// The policy's own backoff.
    Backoff,
    /// What the server asked for, never less.
    RetryAfter,
}

/// Why not to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// Trying again cannot help, or the catalog does not say that it can.
    NotRetryable,
    /// The retries are used up.
    Exhausted,
    /// The server asked for more than the policy waits for. Coming back earlier would be of no use.
    TooLong {
        /// What it asked for; the longest duration where that cannot be counted.
        asked: Duration,
    },
    /// The next try would begin after the deadline.
    Deadline,
}

impl StopReason {
    /// The word for it: `not-retryable`, `exhausted`, `too-long` or `deadline`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotRetryable => "not-retryable",
            Self::Exhausted => "exhausted",
            Self::TooLong { .. } => "too-long",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotRetryable => f.write_str("trying again does not help"),
            Self::Exhausted => f.write_str("the retries are used up"),
            Self::TooLong { asked: Duration::MAX } => f.write_str("the server asked for longer than can be counted"),
            Self::TooLong { asked } => {
                write!(f, "the server asked for {}, which is longer than the policy waits", amount(asked))
            }
            Self::Deadline => f.write_str("the next try would begin after the deadline"),
        }
    }
}

/// What a retry loop tells before it waits.
#[derive(Debug)]
#[non_exhaustive]
pub struct NextTry<'a> {
    /// What failed.
    pub failure: &'a dyn CatalogError,
    /// How long it waits.
    pub delay: Duration,
    /// Whose delay it is.
    pub source: DelaySource,
    /// Which try comes next; the first was 1.
    pub attempt: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("deadline", &self.deadline)
            .field("max_retries", &self.max_retries)
            .field("overrides", &self.overrides)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}

impl Retry {
    /// Retries as the catalog's policies say.
    pub fn new() -> Self {
        Self {
            deadline: None,
            max_retries: None,
            overrides: Vec::new(),
            chance: None,
            random: fastrand::Rng::new(),
            notify: None,
            started: None,
            used: Vec::new(),
        }
    }

    /// No try begins later than this after the start: that of a loop, or else the first decision.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// At most this many retries in all, whatever the policies say.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// An operator's policies in place of the catalog's, by their ids. A policy of no known id changes nothing.
    pub fn policies<I: Into<String>>(mut self, policies: impl IntoIterator<Item = (I, Policy)>) -> Self {
        self.overrides.extend(policies.into_iter().map(|(id, policy)| (id.into(), policy)));
        self
    }

    /// The same place in every delay's range instead of a random one: for tests and for showing a schedule.
    pub fn jitter(mut self, chance: Chance) -> Self {
        self.chance = Some(chance);
        self
    }

    /// Calls `notify` before each wait.
    pub fn notify(mut self, notify: impl FnMut(&NextTry<'_>) + Send + 'static) -> Self {
        self.notify = Some(Box::new(notify));
        self
    }

    /// Forgets the retries so far, after an operation has gone well.
    pub fn reset(&mut self) {
        self.used.clear();
        self.started = None;
    }

    /// How often has been tried so far, counting the try that failed last.
    pub fn attempts(&self) -> u32 {
        self.used.iter().fold(1, |sum, (_, used)| sum.saturating_add(*used))
    }

    /// Whether to try again after `error`, which came at `now`, and when. Counts the retry.
    pub fn decide(&mut self, error: &(impl CatalogError + ?Sized), now: SystemTime) -> Decision {
        let started = *self.started.get_or_insert(now);
        let Some((id, policy)) = error.case().and_then(Case::policy) else {
            return Decision::Stop(StopReason::NotRetryable);
        };
        let policy = self.overrides.iter().rev().find(|(have, _)| have == id).map_or(policy, |(_, policy)| *policy);
        if policy.max_retries() == 0 {
            return Decision::Stop(StopReason::NotRetryable);
        }
        let used = self.used.iter().find(|(have, _)| *have == id).map_or(0, |(_, used)| *used);
        if used >= policy.max_retries() || self.max_retries.is_some_and(|most| self.attempts() > most) {
            return Decision::Stop(StopReason::Exhausted);
        }
        let asked = error.evidence().zip(error.case()).and_then(|(evidence, case)| asked(case, evidence, now));
        let chance = self.chance.unwrap_or_else(|| Chance::from_bits(self.random.u32(..)));
        let (after, source) = match policy.wait(used, asked, chance) {
            Wait::Backoff(after) => (after, DelaySource::Backoff),
            Wait::Asked(after) => (after, DelaySource::RetryAfter),
            Wait::TooLong => return Decision::Stop(StopReason::TooLong { asked: asked.unwrap_or(Duration::MAX) }),
        };
        let left =
            self.deadline.map(|deadline| deadline.saturating_sub(now.duration_since(started).unwrap_or_default()));
        if left.is_some_and(|left| after > left) {
            return Decision::Stop(StopReason::Deadline);
        }
        match self.used.iter_mut().find(|(have, _)| *have == id) {
            Some((_, used)) => *used += 1,
            None => self.used.push((id, 1)),
        }
        Decision::Retry { after, source }
    }

    /// Decides within a loop: how long to wait, once whoever wants to know has been told.
    pub(crate) fn next(&mut self, error: &impl CatalogError, now: SystemTime) -> Result<Duration, StopReason> {
        match self.decide(error, now) {
            Decision::Stop(reason) => Err(reason),
            Decision::Retry { after, source } => {
                let attempt = self.attempts();
                if let Some(notify) = &mut self.notify {
                    notify(&NextTry { failure: error, delay: after, source, attempt });
                }
                Ok(after)
            }
        }
    }

    /// Begins a loop: the deadline counts from `now`.
    pub(crate) fn begin(&mut self, now: SystemTime) {
        self.started = Some(now);
    }
}

/// What the server asked to wait, in headers and body together.
fn asked(case: Case, evidence: &Evidence, now: SystemTime) -> Option<Duration> {
    let catalog = case.catalog();
    RetryAfter::read(catalog, evidence, &catalog.classify(evidence), now)?.delay()
}
