//! Adapter for tower: [`CheckedLayer`] converts error responses of an HTTP service into [`Failure`]s, and [`RetryPolicy`] applies the
//! policies of the catalog in tower's retry layer.
//!
//! The module needs a tokio runtime with timers. It does not record the body of a request, which may be a stream.
//!
//! tower runs the attempts: [`Retry::deadline`] prevents late retries but does not cancel a running attempt,
//! [`Retry::attempt_timeout`] has no effect (use tower's own timeout layer), and [`Retry::observe`] reports no start of an
//! attempt.
//!
//! # Examples
//!
//! ```no_run
//! use tower::{Layer, retry::RetryLayer};
//! use waves_errors::{Retry, WavesError, tower::{CheckedLayer, RetryPolicy}};
//!
//! # fn example<S>(client: S) {
//! let client = CheckedLayer::<WavesError>::new().layer(client);
//! let client = RetryLayer::new(RetryPolicy::new(Retry::new)).layer(client);
//! # }
//! ```

use std::error::Error;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use http::{Request, Response};
use tower::retry::Policy;
use tower::{Layer, Service};
use waves_errors_core::{Evidence, TransportError};

use crate::adapter::{answered, unanswered};
use crate::attempt::{Effects, Ended, Open};
use crate::client_error::{Meaning, NOT_BUILT, connect_meaning, established, meaning_in, mentions};
use crate::error::{CatalogEnum, CatalogError};
use crate::failure::Failure;
use crate::front;
use crate::http::{record_request, with_headers};
use crate::retry::{Next, Retry};

/// Converts error responses and errors of a service into failures of the catalog of `K`.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use http::{Request, Response};
/// use tower::{Layer, Service, service_fn};
/// use waves_errors::{WavesError, tower::CheckedLayer};
///
/// let server = service_fn(async |_: Request<String>| {
///     Ok::<_, std::io::Error>(Response::builder().status(403).body(String::from("forbidden")).unwrap())
/// });
/// let mut client = CheckedLayer::<WavesError>::new().layer(server);
/// let failure = client.call(Request::new(String::new())).await.unwrap_err();
/// assert!(failure.is(WavesError::Forbidden));
/// # }
/// ```
pub struct CheckedLayer<K>(PhantomData<fn() -> K>);

impl<K> CheckedLayer<K> {
    /// Creates the layer.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K> Default for CheckedLayer<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Clone for CheckedLayer<K> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<K> std::fmt::Debug for CheckedLayer<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckedLayer")
    }
}

impl<S, K> Layer<S> for CheckedLayer<K> {
    type Service = Checked<S, K>;

    fn layer(&self, inner: S) -> Checked<S, K> {
        Checked { inner, kind: PhantomData }
    }
}

/// The service that [`CheckedLayer`] creates.
pub struct Checked<S, K> {
    inner: S,
    kind: PhantomData<fn() -> K>,
}

impl<S: Clone, K> Clone for Checked<S, K> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), kind: PhantomData }
    }
}

impl<S: std::fmt::Debug, K> std::fmt::Debug for Checked<S, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Checked").field(&self.inner).finish()
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

impl<S, K, Sent, Received> Service<Request<Sent>> for Checked<S, K>
where
    S: Service<Request<Sent>, Response = Response<Received>, Error: Into<BoxError>, Future: Send + 'static>,
    K: CatalogEnum,
    Received: http_body::Body<Data: Send, Error: Into<BoxError> + Send> + Send + 'static,
{
    type Response = Response<Received>;
    type Error = Failure<K>;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Received>, Failure<K>>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure<K>>> {
        // Nothing was sent, and it is unknown whether a retry helps.
        self.inner
            .poll_ready(context)
            .map_err(|error| failure(Evidence::new(), error.into(), Err("the service is not ready")))
    }

    fn call(&mut self, request: Request<Sent>) -> Self::Future {
        let evidence = record_request(Evidence::new(), request.method(), request.uri(), request.headers(), None);
        let response = self.inner.call(request);
        Box::pin(async move {
            let open = Open::new(&evidence);
            let response = match response.await {
                Ok(response) => response,
                Err(error) => return Err(failure(evidence, error.into(), Ok(TransportError::Interrupted))),
            };
            let evidence = with_headers(evidence.with_status(response.status().as_u16()), response.headers());
            if response.status().as_u16() < 400 {
                // The recorded exchange ends here: the caller reads the body without this crate.
                return Ok(response);
            }
            open.update(&evidence);
            Err(answered(evidence, front::read_front(response.into_body()).await))
        })
    }
}

/// The reason if hyper-util's client does not support the scheme of the URL.
const NO_SCHEME: &str = "the client does not support the scheme of the URL; for https, enable its TLS feature";

/// Returns the failure for an error of the service. The meaning is that of a known error in its chain, or else `otherwise`.
fn failure<K: CatalogEnum>(evidence: Evidence, error: BoxError, otherwise: Meaning) -> Failure<K> {
    let error = match error.downcast::<Failure<K>>() {
        Ok(failure) => return *failure,
        Err(error) => error,
    };
    let is_encrypted = evidence.url().is_some_and(|url| url.starts_with("https:"));
    // hyper-util's client names the step that failed.
    let meaning = if mentions(&*error, &["client error (connect)"]) {
        connect_meaning(&*error, is_encrypted, NO_SCHEME)
    } else if mentions(&*error, &["client error (user"]) {
        Err(NOT_BUILT)
    } else {
        let meaning = meaning_in(&*error).unwrap_or(otherwise);
        if mentions(&*error, &["client error (sendrequest)"]) { established(meaning) } else { meaning }
    };
    unanswered(evidence, meaning, &*error)
}

/// A policy for tower's retry layer that applies the policies of the catalog. `Make` returns the state of each request's loop.
///
/// Apply the retry layer outside of [`Checked`]. Each retry sends a clone of the request.
pub struct RetryPolicy<Make> {
    make: Make,
    state: Retry,
    begin: tokio::time::Instant,
    /// The start of the running attempt, counted from `begin`.
    attempt: Duration,
}

impl<Make: Fn() -> Retry> RetryPolicy<Make> {
    /// Creates a policy; `make` returns the state of each request's loop.
    pub fn new(make: Make) -> Self {
        let mut state = make();
        state.start(SystemTime::now());
        Self { make, state, begin: tokio::time::Instant::now(), attempt: Duration::ZERO }
    }
}

/// Starts another loop: tower clones the policy for each request.
impl<Make: Fn() -> Retry + Clone> Clone for RetryPolicy<Make> {
    fn clone(&self) -> Self {
        Self::new(self.make.clone())
    }
}

impl<Make> std::fmt::Debug for RetryPolicy<Make> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RetryPolicy").field(&self.state).finish()
    }
}

impl<Make, Sent, Received, K> Policy<Request<Sent>, Received, Failure<K>> for RetryPolicy<Make>
where
    Sent: Clone,
    K: CatalogEnum,
{
    type Future = tokio::time::Sleep;

    fn retry(&mut self, _: &mut Request<Sent>, result: &mut Result<Received, Failure<K>>) -> Option<Self::Future> {
        let elapsed = self.begin.elapsed();
        let ended = Ended { result: result.as_ref().map(drop), effects: Effects::default(), deadline: false };
        match self.state.end_attempt(&ended, self.attempt, elapsed) {
            Next::After(delay) => {
                self.attempt = elapsed + delay;
                Some(tokio::time::sleep(delay))
            }
            Next::Done(reason) => {
                if let (Err(failure), Some(reason)) = (result, reason) {
                    failure.retries_ended(self.state.attempts(), reason);
                }
                None
            }
        }
    }

    fn clone_request(&mut self, request: &Request<Sent>) -> Option<Request<Sent>> {
        Some(request.clone())
    }
}
