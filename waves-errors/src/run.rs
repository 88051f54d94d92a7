//! Retry loops, asynchronous and blocking, over the steps of [`Retry`].

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant, SystemTime};

use crate::attempt;
use crate::decision::StopReason;
use crate::error::{CatalogEnum, CatalogError};
use crate::failure::Failure;
use crate::retry::{Next, Retry};

/// The result of the last attempt, and the stop reason: `None` after a success.
type Outcome<T, E> = (Result<T, E>, Option<StopReason>);

impl Retry {
    /// Repeats an operation. `elapsed` returns the time since the start of the loop, measured with the same clock as `sleep`.
    async fn repeat<T, E, F, S>(
        &mut self,
        sleep: impl Fn(Duration) -> S,
        elapsed: impl Fn() -> Duration,
        mut operation: impl FnMut() -> F,
    ) -> Outcome<T, E>
    where
        E: CatalogError,
        F: Future<Output = Result<T, E>>,
        S: Future<Output = ()>,
    {
        self.start(SystemTime::now());
        loop {
            let began = elapsed();
            let limit = self.start_attempt(began).map(|(limit, left)| (limit, sleep(left)));
            // The block drops a cancelled attempt before the delay.
            let ended = { attempt::run(pin!(operation()), limit).await };
            match self.end_attempt(&ended, began, elapsed()) {
                Next::After(delay) => sleep(delay).await,
                Next::Done(reason) => return (ended.result, reason),
            }
            if let Some(reason) = self.end_delay(&ended, elapsed()) {
                return (ended.result, Some(reason));
            }
        }
    }

    /// Records the number of attempts and the stop reason in the error.
    fn finish<T, E: CatalogError>(&self, (result, reason): Outcome<T, E>) -> Result<T, E> {
        result.map_err(|mut error| {
            if let Some(reason) = reason {
                error.retries_ended(self.attempts(), reason);
            }
            error
        })
    }

    /// Runs an operation until it succeeds or the policy stops, on any async runtime. `sleep` waits for delays and time limits.
    ///
    /// The failure of the last attempt contains the number of attempts and the stop reason. The deadline is measured with the
    /// system's monotonic clock. Dropping the future stops the loop.
    ///
    /// The documentation of `retry` lists the forms that `operation` can take.
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() {
    /// # futures_util::FutureExt::now_or_never(async {
    /// use std::time::Duration;
    /// use waves_errors::{Failure, Retry};
    ///
    /// struct Timer;
    /// impl Timer {
    ///     async fn sleep(&self, duration: Duration) { /* the runtime's own */ }
    /// }
    ///
    /// let timer = Timer;
    /// let audio = Retry::new().run_with(|delay| timer.sleep(delay), async || Ok::<_, Failure>("audio")).await?;
    /// assert_eq!(audio, "audio");
    /// # Ok::<(), Failure>(())
    /// # }).unwrap().unwrap();
    /// # }
    /// ```
    pub async fn run_with<T, K, F, S>(
        mut self,
        sleep: impl Fn(Duration) -> S,
        operation: impl FnMut() -> F,
    ) -> Result<T, Failure<K>>
    where
        K: CatalogEnum,
        F: Future<Output = Result<T, Failure<K>>>,
        S: Future<Output = ()>,
    {
        let clock = Instant::now();
        let outcome = self.repeat(sleep, || clock.elapsed(), operation).await;
        self.finish(outcome)
    }

    /// Runs an operation until it succeeds or the policy stops, with tokio's timers.
    ///
    /// The failure of the last attempt contains the number of attempts and the stop reason. Dropping the future stops the loop.
    /// See [`retry`](crate::retry()) for the forms that `operation` can take.
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with timers.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// use std::time::Duration;
    /// use waves_errors::{Failure, Retry, StopReason, WavesError};
    ///
    /// let result: Result<(), Failure> = Retry::new()
    ///     .deadline(Duration::from_secs(60))
    ///     .notify(|next| println!("attempt {} in {:?}", next.attempt, next.delay))
    ///     .run(async || Err(Failure::of(WavesError::InternalServerError)))
    ///     .await;
    /// let failure = result.unwrap_err();
    /// assert_eq!((failure.attempts(), failure.stop_reason()), (2, Some(StopReason::Exhausted)));
    /// # }
    /// ```
    #[cfg(feature = "tokio")]
    pub async fn run<T, K, F>(mut self, operation: impl FnMut() -> F) -> Result<T, Failure<K>>
    where
        K: CatalogEnum,
        F: Future<Output = Result<T, Failure<K>>>,
    {
        self.run_by_ref(operation).await
    }

    /// Like [`run`](Self::run), but keeps the state. Used retries carry over to the next call until [`reset`](Self::reset).
    ///
    /// Each call has its own deadline. [`attempts`](Self::attempts) returns the number of attempts after a success, too.
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with timers.
    ///
    /// # Examples
    ///
    /// A program that reconnects until it exits:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), waves_errors::Failure> {
    /// use waves_errors::{Failure, Retry};
    ///
    /// let mut retry = Retry::new();
    /// for _session in 0..3 {
    ///     retry.run_by_ref(async || Ok::<_, Failure>("a socket")).await?;
    ///     assert_eq!(retry.attempts(), 1);
    ///     retry.reset();
    /// }
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tokio")]
    pub async fn run_by_ref<T, K, F>(&mut self, operation: impl FnMut() -> F) -> Result<T, Failure<K>>
    where
        K: CatalogEnum,
        F: Future<Output = Result<T, Failure<K>>>,
    {
        let clock = tokio::time::Instant::now();
        let outcome = self.repeat(tokio::time::sleep, || clock.elapsed(), operation).await;
        self.finish(outcome)
    }

    /// Like [`run`](Self::run), for operations that fail with any [`CatalogError`].
    ///
    /// An attempt that exceeds a time limit fails with the error from [`CatalogError::from_timeout`]. If that returns `None`, the
    /// attempt is not cancelled. `Failure`, the enums of [`error_catalog!`](crate::error_catalog), and derived enums with a
    /// `#[from]` variant of one of these types return an error.
    ///
    /// The number of attempts and the stop reason are recorded in a `Failure`, also inside a `transparent` variant of a derived
    /// enum.
    ///
    /// # Errors
    ///
    /// Returns the error of the last attempt.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with timers.
    ///
    /// # Examples
    ///
    #[cfg_attr(feature = "macros", doc = "```")]
    #[cfg_attr(not(feature = "macros"), doc = "```ignore")]
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// use waves_errors::{CatalogError, Failure, Retry};
    ///
    /// #[derive(Debug, CatalogError)]
    /// #[catalog("examples/orders.toml")]
    /// enum OrderError {
    ///     OutOfStock,
    ///     #[catalog(transparent)]
    ///     Speech(#[from] Failure),
    /// }
    ///
    /// async fn announce() -> Result<(), OrderError> {
    ///     Err(OrderError::OutOfStock)
    /// }
    ///
    /// let error = Retry::new().run_any(announce).await.unwrap_err();
    /// assert_eq!(error.id(), Some("out-of-stock"));
    /// # }
    /// ```
    #[cfg(feature = "tokio")]
    pub async fn run_any<T, E, F>(mut self, operation: impl FnMut() -> F) -> Result<T, E>
    where
        E: CatalogError,
        F: Future<Output = Result<T, E>>,
    {
        let clock = tokio::time::Instant::now();
        let outcome = self.repeat(tokio::time::sleep, || clock.elapsed(), operation).await;
        self.finish(outcome)
    }

    /// Like [`run`](Self::run), for closures that change captured variables.
    ///
    /// The future of such a closure borrows the closure, and the compiler cannot yet prove that it is `Send` ("implementation of
    /// `Send` is not general enough"). The loop therefore cannot be spawned or awaited in an axum handler. There, call
    /// [`run`](Self::run) with a closure that makes the change before it creates the future: `|| { attempts += 1; async move {
    /// ... } }`.
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with timers.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), waves_errors::Failure> {
    /// use waves_errors::{Evidence, Failure, Retry};
    ///
    /// let mut log = Vec::new();
    /// Retry::new()
    ///     .run_mut(async || {
    ///         log.push("attempt");
    ///         if log.len() < 3 { Err(Failure::classify(Evidence::response(429))) } else { Ok(()) }
    ///     })
    ///     .await?;
    /// assert_eq!(log.len(), 3);
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tokio")]
    pub async fn run_mut<T, K: CatalogEnum>(
        mut self,
        mut operation: impl AsyncFnMut() -> Result<T, Failure<K>>,
    ) -> Result<T, Failure<K>> {
        // The same loop as in `repeat`: stable Rust has no bound for both kinds of closures.
        let clock = tokio::time::Instant::now();
        self.start(SystemTime::now());
        loop {
            let began = clock.elapsed();
            let limit = self.start_attempt(began).map(|(limit, left)| (limit, tokio::time::sleep(left)));
            // The block drops a cancelled attempt before the delay.
            let ended = { attempt::run(pin!(operation()), limit).await };
            match self.end_attempt(&ended, began, clock.elapsed()) {
                Next::After(delay) => tokio::time::sleep(delay).await,
                Next::Done(reason) => return self.finish((ended.result, reason)),
            }
            if let Some(reason) = self.end_delay(&ended, clock.elapsed()) {
                return self.finish((ended.result, Some(reason)));
            }
        }
    }

    fn repeat_blocking<T, E: CatalogError>(&mut self, mut operation: impl FnMut() -> Result<T, E>) -> Outcome<T, E> {
        let clock = Instant::now();
        self.start(SystemTime::now());
        loop {
            let began = clock.elapsed();
            // A blocking call cannot be cancelled.
            let _ = self.start_attempt(began);
            let ended = attempt::run_blocking(&mut operation);
            match self.end_attempt(&ended, began, clock.elapsed()) {
                Next::After(delay) => std::thread::sleep(delay),
                Next::Done(reason) => return (ended.result, reason),
            }
            if let Some(reason) = self.end_delay(&ended, clock.elapsed()) {
                return (ended.result, Some(reason));
            }
        }
    }

    /// Runs an operation until it succeeds or the policy stops, and sleeps the current thread between attempts.
    ///
    /// A blocking call cannot be cancelled: [`attempt_timeout`](Self::attempt_timeout) has no effect, and the
    /// [`deadline`](Self::deadline) is checked between attempts only. Set a timeout on the client.
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt, with the number of attempts and the stop reason.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{Failure, Retry, StopReason, WavesError};
    ///
    /// let result = Retry::new().run_blocking(|| Err::<(), _>(Failure::of(WavesError::Forbidden)));
    /// let failure = result.unwrap_err();
    /// assert_eq!((failure.attempts(), failure.stop_reason()), (1, Some(StopReason::NotRetryable)));
    /// ```
    pub fn run_blocking<T, K>(mut self, operation: impl FnMut() -> Result<T, Failure<K>>) -> Result<T, Failure<K>>
    where
        Failure<K>: CatalogError,
    {
        let outcome = self.repeat_blocking(operation);
        self.finish(outcome)
    }

    /// Like [`run_blocking`](Self::run_blocking), for operations that fail with any [`CatalogError`].
    ///
    /// # Errors
    ///
    /// Returns the error of the last attempt.
    pub fn run_any_blocking<T, E: CatalogError>(mut self, operation: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        let outcome = self.repeat_blocking(operation);
        self.finish(outcome)
    }
}

/// Runs an operation with the retry policies of the catalog and tokio's timers: short for `Retry::new().run(operation)`.
///
/// There is no time limit by default: set one with [`Retry`] or on the client.
///
/// # The operation
///
/// The closure is called once per attempt, and the future that it returns must not borrow from the closure itself. The loop is
/// then `Send` whenever those futures are: it can be passed to `tokio::spawn` or awaited in an axum handler.
///
/// | the operation | write |
/// | --- | --- |
/// | borrows its surroundings | `async \|\| client.get(url).send_checked().await` |
/// | owns its values | `\|\| { let client = client.clone(); async move { ... } }` |
/// | changes a variable | `\|\| { attempts += 1; async move { ... } }`, or [`Retry::run_mut`] |
/// | writes to a shared value | `async \|\| { let mut player = player.lock().await; ... }`, with a `tokio::sync::Mutex` |
/// | fails with an error type of its own | [`Retry::run_any`] |
/// | can fail in other ways as well | return those errors as a success, `Ok(Err(error))`, which is not retried |
///
/// Two forms do not compile: `async move ||` that captures a value rather than a reference (leave out `move`, or clone as in the
/// second row), and `async ||` that changes a variable (write the third row). The message of rustc is "async closure does not
/// implement `FnMut` because it captures state from its environment".
///
/// # Errors
///
/// Returns the failure of the last attempt, with the number of attempts and the stop reason.
///
/// # Panics
///
/// Panics outside a tokio runtime with timers.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), waves_errors::Failure> {
/// use waves_errors::{Evidence, Failure, retry};
///
/// let mut attempts = 0;
/// let audio = retry(|| {
///     attempts += 1;
///     async move { if attempts < 3 { Err(Failure::classify(Evidence::response(429))) } else { Ok(b"audio") } }
/// })
/// .await?;
/// assert_eq!((audio, attempts), (b"audio", 3));
/// # Ok(()) }
/// ```
#[cfg(feature = "tokio")]
pub async fn retry<T, K, F>(operation: impl FnMut() -> F) -> Result<T, Failure<K>>
where
    K: CatalogEnum,
    F: Future<Output = Result<T, Failure<K>>>,
{
    Retry::new().run(operation).await
}
