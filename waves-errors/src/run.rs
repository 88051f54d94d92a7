//! Retry loops: asynchronous and blocking, each a few lines over [`Retry::decide`].

use std::time::{Duration, Instant, SystemTime};

use crate::error::CatalogError;
use crate::failure::Failure;
use crate::retry::{Retry, StopReason};

impl Retry {
    /// `elapsed` is the time since the loop began, by the clock that `sleep` waits by.
    async fn repeat<T, E: CatalogError>(
        &mut self,
        sleep: impl AsyncFn(Duration),
        elapsed: impl Fn() -> Duration,
        mut operation: impl AsyncFnMut() -> Result<T, E>,
    ) -> Result<T, (E, StopReason)> {
        let started = SystemTime::now();
        self.begin(started);
        loop {
            let error = match operation().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            match self.next(&error, started + elapsed()) {
                Ok(delay) => sleep(delay).await,
                Err(stop) => return Err((error, stop)),
            }
        }
    }

    /// Runs an operation until it succeeds or trying again is of no use, waiting by `sleep`: for any runtime. The last
    /// failure then knows how often was tried, and why no more.
    ///
    /// Dropping the future stops the loop.
    pub async fn run_with<T, K>(
        mut self,
        sleep: impl AsyncFn(Duration),
        operation: impl AsyncFnMut() -> Result<T, Failure<K>>,
    ) -> Result<T, Failure<K>> {
        let begin = Instant::now();
        let result = self.repeat(sleep, || begin.elapsed(), operation).await;
        result.map_err(|(failure, stop)| failure.stopped(self.attempts(), stop))
    }

    /// Like [`run_with`](Self::run_with), waiting by tokio's clock.
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
    ///     .notify(|next| println!("try {} in {:?}", next.attempt, next.delay))
    ///     .run(async || Err(Failure::of(WavesError::InternalServerError)))
    ///     .await;
    /// let failure = result.unwrap_err();
    /// assert_eq!((failure.attempts(), failure.stop_reason()), (2, Some(StopReason::Exhausted)));
    /// # }
    /// ```
    #[cfg(feature = "tokio")]
    pub async fn run<T, K>(mut self, operation: impl AsyncFnMut() -> Result<T, Failure<K>>) -> Result<T, Failure<K>> {
        let begin = tokio::time::Instant::now();
        let result = self.repeat(tokio::time::sleep, || begin.elapsed(), operation).await;
        result.map_err(|(failure, stop)| failure.stopped(self.attempts(), stop))
    }

    /// Like [`run`](Self::run), for operations that fail with any [`CatalogError`].
    #[cfg(feature = "tokio")]
    pub async fn run_any<T, E: CatalogError>(mut self, operation: impl AsyncFnMut() -> Result<T, E>) -> Result<T, E> {
        let begin = tokio::time::Instant::now();
        self.repeat(tokio::time::sleep, || begin.elapsed(), operation).await.map_err(|(error, _)| error)
    }

    fn repeat_blocking<T, E: CatalogError>(
        &mut self,
        mut operation: impl FnMut() -> Result<T, E>,
    ) -> Result<T, (E, StopReason)> {
        let (started, begin) = (SystemTime::now(), Instant::now());
        self.begin(started);
        loop {
            let error = match operation() {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            match self.next(&error, started + begin.elapsed()) {
                Ok(delay) => std::thread::sleep(delay),
                Err(stop) => return Err((error, stop)),
            }
        }
    }

    /// Like [`run_with`](Self::run_with), blocking the thread.
    pub fn run_blocking<T, K>(mut self, operation: impl FnMut() -> Result<T, Failure<K>>) -> Result<T, Failure<K>> {
        let result = self.repeat_blocking(operation);
        result.map_err(|(failure, stop)| failure.stopped(self.attempts(), stop))
    }

    /// Like [`run_blocking`](Self::run_blocking), for operations that fail with any [`CatalogError`].
    pub fn run_any_blocking<T, E: CatalogError>(mut self, operation: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        self.repeat_blocking(operation).map_err(|(error, _)| error)
    }
}

/// Runs an operation, and again as its catalog's policies say, waiting by tokio's clock.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), waves_errors::Failure> {
/// use waves_errors::{Evidence, Failure, retry};
///
/// let mut tries = 0;
/// let audio = retry(async || {
///     tries += 1;
///     if tries < 3 { Err(Failure::classify(Evidence::response(429))) } else { Ok(b"audio") }
/// })
/// .await?;
/// assert_eq!((audio, tries), (b"audio", 3));
/// # Ok(()) }
/// ```
#[cfg(feature = "tokio")]
pub async fn retry<T, K>(operation: impl AsyncFnMut() -> Result<T, Failure<K>>) -> Result<T, Failure<K>> {
    Retry::new().run(operation).await
}
