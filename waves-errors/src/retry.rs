//! [`Retry`]: whether to make another attempt, and when. It does not wait by itself and reads no clock.

use std::fmt;
use std::time::{Duration, SystemTime};

use waves_errors_core::{Case, Catalog, Chance, Evidence, Policy, Wait};

use crate::decision::{Decision, DelaySource, StopReason};
use crate::error::CatalogError;
use crate::event::{NextAttempt, RetryEvent};
use crate::retry_after::RetryAfter;
use crate::timeout::Limit;

/// The configuration and the state of a retry loop.
///
/// Without further configuration it follows the policies of the catalog. There is no deadline and no time limit for an
/// attempt: set [`attempt_timeout`](Self::attempt_timeout) unless the client has a timeout of its own.
///
/// Each policy counts its own retries: a 500 between two 429s does not use up a retry of the 429s. Every loop has its own
/// random jitter.
///
/// # Examples
///
/// Retries that also cover lost connections and slow responses:
///
/// ```
/// # #[cfg(feature = "tokio")]
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// use std::time::Duration;
/// use waves_errors::{Evidence, Failure, Io, Retry};
///
/// let mut answers = [Err(Failure::classify(Evidence::no_answer(Io::Interrupted))), Ok("audio")].into_iter();
/// let audio = Retry::new()
///     .idempotent()
///     .attempt_timeout(Duration::from_secs(30))
///     .deadline(Duration::from_secs(120))
///     .run(|| {
///         let answer = answers.next().expect("an answer for each attempt");
///         async { answer }
///     })
///     .await;
/// assert_eq!(audio.unwrap(), "audio");
/// # }
/// # #[cfg(not(feature = "tokio"))]
/// # fn main() {}
/// ```
///
/// Decisions alone, with a clock and a timer of your own:
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
#[must_use = "a `Retry` does nothing unless a loop runs with it"]
pub struct Retry {
    deadline: Option<Duration>,
    attempt_timeout: Option<Duration>,
    max_retries: Option<u32>,
    idempotent: bool,
    overrides: Vec<(Counter, Policy)>,
    chance: Option<Chance>,
    random: fastrand::Rng,
    observers: Vec<Observer>,
    started: Option<SystemTime>,
    /// Attempts that a loop has started. Without a loop, the retries alone are known.
    attempts: u32,
    used: Vec<(Counter, u32)>,
}

type Observer = Box<dyn FnMut(&RetryEvent<'_>) + Send>;

/// Whose retries are counted together: those of a policy of the catalog, or those of a case that the caller has given a policy.
#[derive(Debug, Clone, Copy)]
enum Counter {
    Policy(&'static Catalog, &'static str),
    Case(Case),
}

impl PartialEq for Counter {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Policy(catalog, id), Self::Policy(other, name)) => std::ptr::eq(*catalog, *other) && id == name,
            (Self::Case(case), Self::Case(other)) => case == other,
            _ => false,
        }
    }
}

/// A catalog has no retry policy with this id.
#[derive(Debug, Clone)]
pub struct UnknownPolicy {
    id: String,
    catalog: &'static Catalog,
}

impl UnknownPolicy {
    /// The id that is not in the catalog.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for UnknownPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown retry policy `{}` for the catalog `{}`", self.id.escape_debug(), self.catalog.id())?;
        let mut known = self.catalog.policies().map(|(id, _)| id);
        match known.next() {
            None => f.write_str(", which has no policies"),
            Some(first) => {
                write!(f, "; expected one of: {first}")?;
                known.try_for_each(|id| write!(f, ", {id}"))
            }
        }
    }
}

impl std::error::Error for UnknownPolicy {}

impl Default for Retry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("deadline", &self.deadline)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("max_retries", &self.max_retries)
            .field("idempotent", &self.idempotent)
            .field("overrides", &self.overrides)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}

impl Retry {
    /// Retries as the policies of the catalog say.
    pub fn new() -> Self {
        Self {
            deadline: None,
            attempt_timeout: None,
            max_retries: None,
            idempotent: false,
            overrides: Vec::new(),
            chance: None,
            random: fastrand::Rng::new(),
            observers: Vec::new(),
            started: None,
            attempts: 0,
            used: Vec::new(),
        }
    }

    /// Limits the time for all attempts and delays together. Default: no limit.
    ///
    /// No attempt starts after the deadline. An asynchronous loop also cuts the attempt that is running then; a blocking loop
    /// cannot, so give the client a timeout of its own. The time counts from the start of a loop, or from the first
    /// [`decide`](Self::decide).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Limits the time of each attempt, from the call of the operation to its result. Default: no limit.
    ///
    /// An asynchronous loop drops the operation when the time is up; the attempt then fails as one without a response, and the
    /// policy of that case decides. Blocking loops cannot cut an attempt and ignore this limit: give the client a timeout of
    /// its own.
    ///
    /// The time includes what the operation does with the response. For a long stream, limit the time between two reads instead,
    /// with the client's own read timeout.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Allows at most this many retries in total, in addition to the limits of the policies. Default: no limit.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Declares that the operation can be repeated even if an earlier attempt was carried out. Policies that the catalog limits
    /// to idempotent operations then apply, such as the one for a connection that is lost before the response is complete.
    ///
    /// Requests that are idempotent by their method or by an `Idempotency-Key` need no declaration, provided that the adapter
    /// sees them: see [`Evidence::is_idempotent`].
    ///
    /// An operation that has passed part of a response on is not repeated even so:
    /// see [`StopReason::Delivered`](crate::StopReason::Delivered).
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Replaces policies of a catalog, by their ids. The replacement is used as it is: it applies to every operation unless it
    /// is itself limited to idempotent ones. The last of several for one id counts.
    ///
    /// An enum of [`error_catalog!`](crate::error_catalog) has a constant for each id, such as `WavesError::POLICY_RATE_LIMIT`.
    ///
    /// # Errors
    ///
    /// Fails if the catalog has no policy with one of the ids.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use waves_errors::{CatalogEnum, Policy, PolicyParts, Retry, WavesError};
    ///
    /// let patient = Policy::new(PolicyParts { initial: Duration::from_secs(5), max_retries: 10, ..PolicyParts::default() })?;
    /// let retry = Retry::new().policies(WavesError::CATALOG, [(WavesError::POLICY_RATE_LIMIT, patient)])?;
    ///
    /// let error = Retry::new().policies(WavesError::CATALOG, [("rate-limits", patient)]).unwrap_err();
    /// assert!(error.to_string().starts_with("unknown retry policy `rate-limits` for the catalog `waves`; expected one of: "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn policies<I: AsRef<str>>(
        mut self,
        catalog: &'static Catalog,
        policies: impl IntoIterator<Item = (I, Policy)>,
    ) -> Result<Self, UnknownPolicy> {
        for (id, policy) in policies {
            let known = catalog.policies().find(|(known, _)| *known == id.as_ref());
            let Some((id, _)) = known else { return Err(UnknownPolicy { id: id.as_ref().to_owned(), catalog }) };
            self.overrides.push((Counter::Policy(catalog, id), policy));
        }
        Ok(self)
    }

    /// Retries a case by this policy, whether or not the catalog has one for it. Cases that refine it and have the same policy
    /// in the catalog follow it as well. The last of several for one case counts.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use waves_errors::{Policy, PolicyParts, Retry, WavesError};
    ///
    /// let policy = Policy::new(PolicyParts { initial: Duration::from_secs(1), max_retries: 2, ..PolicyParts::default() })?;
    /// let retry = Retry::new().policy_for(WavesError::NoAnswer, policy);
    /// # Ok::<(), waves_errors::PolicyError>(())
    /// ```
    pub fn policy_for(mut self, case: impl Into<Case>, policy: Policy) -> Self {
        self.overrides.push((Counter::Case(case.into()), policy));
        self
    }

    /// Uses the same place in the range of every delay instead of a random one: for tests and to show a schedule.
    pub fn jitter(mut self, chance: Chance) -> Self {
        self.chance = Some(chance);
        self
    }

    /// Calls `notify` before each delay.
    pub fn notify(self, mut notify: impl FnMut(&NextAttempt<'_>) + Send + 'static) -> Self {
        self.observe(move |event| {
            if let RetryEvent::Waiting(next) = event {
                notify(next);
            }
        })
    }

    /// Calls `observer` at every step of a loop: before and after each attempt, before each delay, and at the end. Several
    /// observers are called in the order in which they were added.
    ///
    /// # Examples
    ///
    /// Counters for a metrics library:
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use waves_errors::{Failure, Retry, RetryEvent};
    ///
    /// let retries = Arc::new(AtomicU64::new(0));
    /// let counter = Arc::clone(&retries);
    /// let retry = Retry::new().observe(move |event| match event {
    ///     RetryEvent::Waiting(_) => drop(counter.fetch_add(1, Ordering::Relaxed)),
    ///     RetryEvent::Stopped { attempts, error: None, .. } => println!("done after {attempts} attempts"),
    ///     RetryEvent::Stopped { error: Some((error, reason)), .. } => println!("{error}: {reason}"),
    ///     _ => {}
    /// });
    /// let result = retry.run_blocking(|| Ok::<_, Failure>("audio"));
    /// assert_eq!((result.unwrap(), retries.load(Ordering::Relaxed)), ("audio", 0));
    /// ```
    pub fn observe(mut self, observer: impl FnMut(&RetryEvent<'_>) + Send + 'static) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Forgets the retries so far: call it after an operation has succeeded, so that the next one starts with all its retries.
    pub fn reset(&mut self) {
        self.used.clear();
        self.attempts = 0;
        self.started = None;
    }

    /// The number of attempts since the start or the last [`reset`](Self::reset), including the current one: 1 before the first
    /// retry.
    pub fn attempts(&self) -> u32 {
        self.attempts.max(self.retries().saturating_add(1))
    }

    fn retries(&self) -> u32 {
        self.used.iter().fold(0, |sum, (_, used)| sum.saturating_add(*used))
    }

    /// Decides whether to retry after `error`, which occurred at `now`, and when. A decision to retry counts as a retry.
    pub fn decide(&mut self, error: &(impl CatalogError + ?Sized), now: SystemTime) -> Decision {
        let started = *self.started.get_or_insert(now);
        let Some((case, (counter, policy))) = error.case().and_then(|case| Some((case, self.policy(case)?))) else {
            return Decision::Stop(StopReason::NotRetryable);
        };
        if policy.max_retries() == 0 {
            return Decision::Stop(StopReason::NotRetryable);
        }
        let evidence = error.evidence();
        if let Some(bytes) = evidence.map(Evidence::delivered_bytes).filter(|&bytes| bytes > 0) {
            return Decision::Stop(StopReason::Delivered { bytes });
        }
        let idempotent = self.idempotent || evidence.is_some_and(Evidence::is_idempotent);
        if policy.only().is_some() && !idempotent {
            return Decision::Stop(StopReason::NotIdempotent);
        }
        let used = self.used.iter().find(|(have, _)| *have == counter).map_or(0, |(_, used)| *used);
        if used >= policy.max_retries() || self.max_retries.is_some_and(|most| self.retries() >= most) {
            return Decision::Stop(StopReason::Exhausted);
        }
        let requested = evidence.and_then(|evidence| requested(case, evidence, now));
        let chance = self.chance.unwrap_or_else(|| Chance::from_bits(self.random.u32(..)));
        let (after, source) = match policy.wait(used, requested, chance) {
            Wait::Backoff(after) => (after, DelaySource::Backoff),
            Wait::Asked(after) => (after, DelaySource::RetryAfter),
            Wait::TooLong => {
                return Decision::Stop(StopReason::TooLong { requested: requested.unwrap_or(Duration::MAX) });
            }
        };
        let elapsed = now.duration_since(started).unwrap_or_default();
        if self.left(elapsed).is_some_and(|left| after > left) {
            return Decision::Stop(StopReason::Deadline);
        }
        match self.used.iter_mut().find(|(have, _)| *have == counter) {
            Some((_, used)) => *used += 1,
            None => self.used.push((counter, 1)),
        }
        Decision::Retry { after, source }
    }

    /// The policy of a case, the caller's before the catalog's, and the counter of its retries.
    fn policy(&self, case: Case) -> Option<(Counter, Policy)> {
        let own = case.policy();
        // A damaged table may have a circle; a valid one has no more cases in a line than in the catalog.
        let ancestors = std::iter::successors(Some(case), |case| case.refines()).take(case.catalog().len());
        let same = ancestors.filter(|ancestor| ancestor.policy().map(|(id, _)| id) == own.map(|(id, _)| id));
        let given = |counter| self.overrides.iter().rev().find(|(have, _)| *have == counter).copied();
        same.map(Counter::Case).find_map(given).or_else(|| {
            let (id, policy) = own?;
            let counter = Counter::Policy(case.catalog(), id);
            Some(given(counter).unwrap_or((counter, policy)))
        })
    }

    /// How much of the deadline is left.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(elapsed))
    }
}

/// The steps of a loop. `elapsed` counts from its start.
impl Retry {
    /// Starts a loop: the deadline counts from `now`.
    pub(crate) fn start(&mut self, now: SystemTime) {
        self.started = Some(now);
    }

    /// Starts an attempt. Returns its time limit, and how much of that is left.
    pub(crate) fn start_attempt(&mut self, elapsed: Duration) -> Option<(Limit, Duration)> {
        self.attempts = self.attempts.saturating_add(1);
        self.report(&RetryEvent::AttemptStarted { attempt: self.attempts });
        let attempt = self.attempt_timeout.map(|timeout| (Limit::Attempt(timeout), timeout));
        let deadline = self.deadline.zip(self.left(elapsed)).map(|(all, left)| (Limit::Deadline(all), left));
        attempt.into_iter().chain(deadline).min_by_key(|(_, left)| *left)
    }

    /// Ends an attempt, which began at `began`. Returns the delay before the next one, or why there is none: `Ok` for a success.
    /// `deadline`: the deadline has cut the attempt.
    pub(crate) fn end_attempt<E: CatalogError>(
        &mut self,
        error: Option<&E>,
        deadline: bool,
        began: Duration,
        elapsed: Duration,
    ) -> Next {
        let (attempt, error) = (self.attempts(), error.map(|error| error as &dyn CatalogError));
        self.report(&RetryEvent::AttemptEnded { attempt, elapsed: elapsed.saturating_sub(began), error });
        let Some(error) = error else {
            self.report(&RetryEvent::Stopped { attempts: attempt, elapsed, error: None });
            return Next::Done(None);
        };
        let now = self.started.unwrap_or(SystemTime::UNIX_EPOCH) + elapsed;
        let decision = if deadline { Decision::Stop(StopReason::Deadline) } else { self.decide(error, now) };
        match decision {
            Decision::Retry { after, source } => {
                let next = NextAttempt { failure: error, delay: after, source, attempt: attempt.saturating_add(1) };
                self.report(&RetryEvent::Waiting(next));
                Next::After(after)
            }
            Decision::Stop(reason) => {
                self.report(&RetryEvent::Stopped { attempts: attempt, elapsed, error: Some((error, reason)) });
                Next::Done(Some(reason))
            }
        }
    }

    fn report(&mut self, event: &RetryEvent<'_>) {
        for observer in &mut self.observers {
            observer(event);
        }
    }
}

/// What a loop does after an attempt.
pub(crate) enum Next {
    /// Makes another attempt after this delay.
    After(Duration),
    /// Ends, with a reason unless the attempt has succeeded.
    Done(Option<StopReason>),
}

/// The delay that the server requested, in headers and body together.
fn requested(case: Case, evidence: &Evidence, now: SystemTime) -> Option<Duration> {
    let catalog = case.catalog();
    RetryAfter::read(catalog, evidence, &catalog.classify(evidence), now)?.delay()
}
