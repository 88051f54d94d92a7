//! [`Retry`]: the decisions of a retry loop. This module neither waits nor reads a clock.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use waves_errors_core::internal::Facts;
use waves_errors_core::{Case, Catalog, Evidence, Jitter, Policy, RetryOnly, TransportError, Wait};

use crate::attempt::{Effects, Ended};
use crate::decision::{Decision, DelaySource, StopReason};
use crate::error::CatalogError;
use crate::event::{NextAttempt, RetryEvent};
use crate::overrides::{Overrides, PolicyKey, UnknownPolicy};
use crate::retry_after::RetryAfter;
use crate::timeout::Limit;

/// The configuration and the state of a retry loop.
///
/// By default it follows the policies of the catalog, without a deadline and without a time limit for an attempt. Set
/// [`attempt_timeout`](Self::attempt_timeout) unless the client has a timeout of its own.
///
/// Each policy has its own retry counter: a 500 between two 429s does not use a retry of the policy for 429s. Every loop has its own
/// random jitter.
///
/// Statuses whose case has a policy are retried for every request, independently of its method. To send a request at most once,
/// set [`max_retries(0)`](Self::max_retries).
///
/// A `Retry` contains the state of one operation and is not `Clone`. Write a function that returns a configured one.
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
/// use waves_errors::{Evidence, Failure, Retry, TransportError};
///
/// let mut results = [Err(Failure::classify(Evidence::no_response(TransportError::Interrupted))), Ok("audio")].into_iter();
/// let audio = Retry::new()
///     .idempotent()
///     .attempt_timeout(Duration::from_secs(30))
///     .deadline(Duration::from_secs(120))
///     .run(|| {
///         let result = results.next().expect("one result per attempt");
///         async { result }
///     })
///     .await;
/// assert_eq!(audio.unwrap(), "audio");
/// # }
/// # #[cfg(not(feature = "tokio"))]
/// # fn main() {}
/// ```
///
/// Only the decisions, for a loop with its own clock and timer:
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use waves_errors::{Jitter, Decision, Evidence, Failure, Retry};
///
/// let mut state = Retry::new().jitter(Jitter::NONE);
/// let failure = Failure::classify(Evidence::response(429).with_header("Retry-After", "2"));
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
    overrides: Overrides,
    jitter: Option<Jitter>,
    random: fastrand::Rng,
    observers: Vec<Observer>,
    started: Option<SystemTime>,
    /// The number of attempts that loops have started; 0 if only `decide` is called.
    attempts: u32,
    used: Vec<(PolicyKey, u32)>,
}

type Observer = Box<dyn FnMut(&RetryEvent<'_>) + Send>;

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
    /// Creates a configuration that follows the policies of the catalog.
    pub fn new() -> Self {
        Self {
            deadline: None,
            attempt_timeout: None,
            max_retries: None,
            idempotent: false,
            overrides: Overrides::default(),
            jitter: None,
            random: fastrand::Rng::new(),
            observers: Vec::new(),
            started: None,
            attempts: 0,
            used: Vec::new(),
        }
    }

    /// Limits the time for all attempts and delays together. Default: no limit.
    ///
    /// No retry starts after the deadline. Asynchronous loops also cancel the running attempt. Blocking loops cannot cancel it, so set a
    /// timeout on the client as well. The time is measured from the start of a loop, or from the first call of
    /// [`decide`](Self::decide).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Limits the time of each attempt, from the call of the operation to its result. Default: no limit.
    ///
    /// Asynchronous loops drop the operation at the limit. The attempt then fails like a request without a complete response, and
    /// the policy of that case applies. If an error status has already arrived, the case of that status applies. Blocking loops
    /// cannot cancel an attempt and ignore this limit: set a timeout on the client instead.
    ///
    /// The time includes the processing of the response by the operation. For a long stream, limit the time between two reads
    /// instead, with the client's own read timeout.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Allows at most this many retries in total, in addition to the limits of the policies. Default: no limit.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Declares that the operation can be repeated even if the server carried out an earlier attempt. Policies that the catalog
    /// limits to idempotent requests then apply, such as the policy for a lost connection.
    ///
    /// Requests that are idempotent by their method or by an `Idempotency-Key` need no declaration if an adapter of this crate
    /// sends them: see [`Evidence::is_idempotent`]. If an operation sends several requests, all of them must be idempotent.
    ///
    /// An operation that has delivered part of a response is never retried: see [`StopReason::Delivered`].
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Replaces policies of a catalog, which are identified by their ids.
    ///
    /// A replacement inherits nothing: values that it does not set have the defaults of [`Policy::builder`]. Without `only` it
    /// applies to all requests, even if the catalog's policy has `only`. If an id occurs several times, the last policy wins.
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
    /// use waves_errors::{CatalogEnum, Policy, Retry, WavesError};
    ///
    /// let patient = Policy::builder().initial(Duration::from_secs(5)).max_retries(10).build()?;
    /// let retry = Retry::new().policies(WavesError::CATALOG, [(WavesError::POLICY_RATE_LIMIT, patient)])?;
    ///
    /// let error = Retry::new().policies(WavesError::CATALOG, [("rate-limits", patient)]).unwrap_err();
    /// assert!(error.to_string().starts_with("unknown retry policy `rate-limits` in the catalog `waves`; expected one of: "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn policies<I: AsRef<str>>(
        mut self,
        catalog: Catalog,
        policies: impl IntoIterator<Item = (I, Policy)>,
    ) -> Result<Self, UnknownPolicy> {
        for (id, policy) in policies {
            self.overrides.replace(catalog, id.as_ref(), policy)?;
        }
        Ok(self)
    }

    /// Sets the policy of a case, even if the catalog has none for it.
    ///
    /// The policy also applies to refined cases that have the same policy in the catalog: a policy for `TooManyRequests` also
    /// covers `ConcurrencyLimit`. A policy without `only` applies to all requests. If a case occurs several times, the last
    /// policy wins.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use waves_errors::{Policy, Retry, RetryOnly, WavesError};
    ///
    /// let policy =
    ///     Policy::builder().initial(Duration::from_secs(1)).max_retries(2).only(RetryOnly::Idempotent).build()?;
    /// let retry = Retry::new().policy_for(WavesError::NoAnswer, policy);
    /// # Ok::<(), waves_errors::PolicyError>(())
    /// ```
    pub fn policy_for(mut self, case: impl Into<Case>, policy: Policy) -> Self {
        self.overrides.set(case.into(), policy);
        self
    }

    /// Uses fixed jitter instead of random jitter, for tests and schedules. The backoff is longest with [`Jitter::NONE`] and shortest with
    /// [`Jitter::FULL`]. Default: random.
    pub fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// Calls `notify` before each delay. [`observe`](Self::observe) reports the other steps as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::Retry;
    ///
    /// let retry = Retry::new().notify(|next| eprintln!("{}; attempt {} in {:?}", next.error, next.attempt, next.delay));
    /// ```
    pub fn notify(self, mut notify: impl FnMut(&NextAttempt<'_>) + Send + 'static) -> Self {
        self.observe(move |event| {
            if let RetryEvent::Waiting(next) = event {
                notify(next);
            }
        })
    }

    /// Calls `observer` at every step of a loop: before and after each attempt, before each delay, and at the end.
    ///
    /// Several observers are called in the order in which they were added.
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
    ///     RetryEvent::Finished { attempts, error: None, .. } => println!("done after {attempts} attempts"),
    ///     RetryEvent::Finished { error: Some(error), reason: Some(reason), .. } => println!("{error}: {reason}"),
    ///     _ => {}
    /// });
    /// let result = retry.run_blocking(|| Ok::<_, Failure>("audio"));
    /// assert_eq!((result.unwrap(), retries.load(Ordering::Relaxed)), ("audio", 0));
    /// ```
    pub fn observe(mut self, observer: impl FnMut(&RetryEvent<'_>) + Send + 'static) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Resets the counters of attempts and retries, and the deadline.
    ///
    /// Call it after a success of `run_by_ref`, so that all retries are available to the next operation.
    pub fn reset(&mut self) {
        self.used.clear();
        self.attempts = 0;
        self.started = None;
    }

    /// Returns the number of attempts since the start or the last [`reset`](Self::reset), including the current one. Before the
    /// first retry it is 1.
    pub fn attempts(&self) -> u32 {
        if self.attempts > 0 { self.attempts } else { self.retries().saturating_add(1) }
    }

    fn retries(&self) -> u32 {
        self.used.iter().fold(0, |sum, (_, used)| sum.saturating_add(*used))
    }

    /// Decides whether to retry after `error`, which occurred at `now`, and after which delay.
    ///
    /// Each decision to retry uses one of the policy's retries. The decision is based on the evidence of the error alone, including its
    /// delivered bytes. The loops of `Retry` also consider the other requests of an attempt and the bytes that those delivered.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use waves_errors::{Decision, Failure, Jitter, Retry, StopReason, WavesError};
    ///
    /// let mut retry = Retry::new().jitter(Jitter::NONE).deadline(Duration::from_secs(2));
    /// let (failure, start) = (Failure::of(WavesError::TooManyRequests), SystemTime::now());
    /// match retry.decide(&failure, start) {
    ///     Decision::Retry { after, .. } => assert_eq!(after, Duration::from_millis(500)),
    ///     Decision::Stop(reason) => panic!("{reason}"),
    /// }
    /// let late = start + Duration::from_secs(2);
    /// assert_eq!(retry.decide(&failure, late), Decision::Stop(StopReason::Deadline));
    /// ```
    pub fn decide(&mut self, error: &(impl CatalogError + ?Sized), now: SystemTime) -> Decision {
        self.decide_after(error, Effects::default(), now)
    }

    fn decide_after(&mut self, error: &(impl CatalogError + ?Sized), effects: Effects, now: SystemTime) -> Decision {
        let started = *self.started.get_or_insert(now);
        let Some((case, (key, policy))) = error.case().and_then(|case| Some((case, self.overrides.policy(case)?)))
        else {
            return Decision::Stop(StopReason::NotRetryable);
        };
        if policy.max_retries() == 0 {
            return Decision::Stop(StopReason::NotRetryable);
        }
        let evidence = error.evidence();
        let bytes = evidence.and_then(Evidence::delivered_bytes).unwrap_or(effects.delivered);
        if bytes > 0 {
            return Decision::Stop(StopReason::Delivered { bytes });
        }
        let idempotent =
            self.idempotent || effects.not_idempotent == 0 && evidence.is_some_and(Evidence::is_idempotent);
        match policy.only() {
            Some(RetryOnly::NotSent) if !evidence.is_some_and(|evidence| is_unsent(evidence, effects)) => {
                return Decision::Stop(StopReason::Sent);
            }
            Some(RetryOnly::Idempotent) if !idempotent => return Decision::Stop(StopReason::NotIdempotent),
            _ => {}
        }
        let facts = evidence.map(|evidence| facts_of(case, evidence, error.facts()));
        if facts.as_deref().is_some_and(|facts| facts.is_vetoed) {
            return Decision::Stop(StopReason::Vetoed);
        }
        let used = self.used.iter().find(|(other, _)| *other == key).map_or(0, |(_, used)| *used);
        if used >= policy.max_retries() || self.max_retries.is_some_and(|limit| self.retries() >= limit) {
            return Decision::Stop(StopReason::Exhausted);
        }
        let requested = evidence
            .zip(facts.as_deref())
            .and_then(|(evidence, facts)| RetryAfter::of_response(evidence, facts, now)?.delay());
        let jitter = self.jitter.unwrap_or_else(|| Jitter::from_bits(self.random.u32(..)));
        let (after, source) = match policy.wait(used, requested, jitter) {
            Wait::Backoff(after) => (after, DelaySource::Backoff),
            Wait::Requested(after) => (after, DelaySource::RetryAfter),
            Wait::TooLong => {
                return Decision::Stop(StopReason::TooLong { requested: requested.unwrap_or(Duration::MAX) });
            }
        };
        let elapsed = now.duration_since(started).unwrap_or_default();
        if self.left(elapsed).is_some_and(|left| left.is_zero() || after > left) {
            return Decision::Stop(StopReason::Deadline);
        }
        match self.used.iter_mut().find(|(other, _)| *other == key) {
            Some((_, used)) => *used += 1,
            None => self.used.push((key, 1)),
        }
        Decision::Retry { after, source }
    }

    /// Returns the time left until the deadline, if there is one.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(elapsed))
    }
}

/// The steps of a loop. `elapsed` is the time since its start.
impl Retry {
    /// Starts a loop: the deadline is measured from `now`.
    pub(crate) fn start(&mut self, now: SystemTime) {
        self.started = Some(now);
    }

    /// Starts an attempt. Returns its time limit, and the time until that limit.
    pub(crate) fn start_attempt(&mut self, elapsed: Duration) -> Option<(Limit, Duration)> {
        self.attempts = self.attempts.saturating_add(1);
        self.report(&RetryEvent::AttemptStarted { attempt: self.attempts });
        let attempt = self.attempt_timeout.map(|timeout| (Limit::Attempt(timeout), timeout));
        let deadline = self.deadline.zip(self.left(elapsed)).map(|(all, left)| (Limit::Deadline(all), left));
        attempt.into_iter().chain(deadline).min_by_key(|(_, left)| *left)
    }

    /// Ends the attempt that began at `began`. Returns the next step.
    pub(crate) fn end_attempt<T, E: CatalogError>(
        &mut self,
        ended: &Ended<T, E>,
        began: Duration,
        elapsed: Duration,
    ) -> Next {
        let attempt = self.attempts();
        let error = ended.result.as_ref().err().map(|error| error as &dyn CatalogError);
        self.report(&RetryEvent::AttemptEnded { attempt, elapsed: elapsed.saturating_sub(began), error });
        let Some(error) = error else {
            self.report(&RetryEvent::Finished { attempts: attempt, elapsed, error: None, reason: None });
            return Next::Done(None);
        };
        let now = self.started.unwrap_or(SystemTime::UNIX_EPOCH) + elapsed;
        let deadline = ended.deadline.then_some(Decision::Stop(StopReason::Deadline));
        let decision = deadline.unwrap_or_else(|| self.decide_after(error, ended.effects, now));
        match decision {
            Decision::Retry { after, source } => {
                let next = NextAttempt { error, delay: after, source, attempt: attempt.saturating_add(1) };
                self.report(&RetryEvent::Waiting(next));
                Next::After(after)
            }
            Decision::Stop(reason) => Next::Done(Some(self.stop(error, reason, elapsed))),
        }
    }

    /// Ends the delay after an attempt. Returns a stop reason if the deadline has passed: timers can be late.
    pub(crate) fn end_delay<T, E: CatalogError>(
        &mut self,
        ended: &Ended<T, E>,
        elapsed: Duration,
    ) -> Option<StopReason> {
        let error = ended.result.as_ref().err()?;
        let late = self.left(elapsed).is_some_and(|left| left.is_zero());
        late.then(|| self.stop(error, StopReason::Deadline, elapsed))
    }

    fn stop(&mut self, error: &dyn CatalogError, reason: StopReason, elapsed: Duration) -> StopReason {
        let attempts = self.attempts();
        self.report(&RetryEvent::Finished { attempts, elapsed, error: Some(error), reason: Some(reason) });
        reason
    }

    fn report(&mut self, event: &RetryEvent<'_>) {
        for observer in &mut self.observers {
            observer(event);
        }
    }
}

/// The next step of a loop after an attempt.
pub(crate) enum Next {
    /// Another attempt, after this delay.
    After(Duration),
    /// The end of the loop, with a stop reason unless the attempt succeeded.
    Done(Option<StopReason>),
}

/// Returns the facts about a response, which an error of another type may not have extracted.
fn facts_of<'f>(case: Case, evidence: &Evidence, facts: Option<&'f Facts>) -> Cow<'f, Facts> {
    facts.map_or_else(|| Cow::Owned(case.catalog().classify(evidence)), Cow::Borrowed)
}

/// Returns whether the request was not sent or not processed, and no earlier request of the attempt has an effect that a retry would
/// repeat.
fn is_unsent(evidence: &Evidence, effects: Effects) -> bool {
    evidence.status().is_none()
        && effects.not_idempotent <= usize::from(!evidence.is_idempotent())
        && matches!(
            evidence.transport_error(),
            Some(TransportError::Connect | TransportError::Tls | TransportError::Refused)
        )
}
