//! A layer that turns failing answers of an HTTP service into [`Failure`]s, and a policy that lets tower try again as the
//! catalog says.
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
//!
//! It needs tokio's runtime with its timers. What cannot be seen here: the body of a request, since it may be a stream.

use std::error::Error;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use http::{Request, Response};
use tower::retry::Policy;
use tower::{Layer, Service};
use waves_errors_core::{Evidence, Io};

use crate::adapter::{answered, unanswered};
use crate::error::CatalogEnum;
use crate::failure::{Failure, io_in};
use crate::front;
use crate::http::with_request_headers;
use crate::retry::Retry;

/// Makes a service fail where its answers do, by the catalog of `K`.
pub struct CheckedLayer<K>(PhantomData<fn() -> K>);

impl<K> CheckedLayer<K> {
    /// The layer.
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

/// A service whose failing answers are failures: see [`CheckedLayer`].
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
        // Not ready: nothing was asked, and whether time will help only the service knows.
        self.inner.poll_ready(context).map_err(|error| failure(Evidence::new(), error.into(), None))
    }

    fn call(&mut self, request: Request<Sent>) -> Self::Future {
        let asked = Evidence::new().request(request.method().as_str(), request.uri().to_string());
        let asked = with_request_headers(asked, request.headers());
        let answer = self.inner.call(request);
        Box::pin(async move {
            match answer.await.map_err(Into::into) {
                Ok(response) if response.status().as_u16() < 400 => Ok(response),
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    Err(answered(asked, head.status.as_u16(), &head.headers, front::read(body).await))
                }
                Err(error) => Err(failure(asked, error, Some(Io::Interrupted))),
            }
        })
    }
}

/// A service's own error: `otherwise` where it holds no I/O error that says more.
fn failure<K: CatalogEnum>(asked: Evidence, error: BoxError, otherwise: Option<Io>) -> Failure<K> {
    let error = match error.downcast::<Failure<K>>() {
        Ok(failure) => return *failure,
        Err(error) => error,
    };
    unanswered(asked, io_in(&*error).or(otherwise), &*error)
}

/// Lets tower's `Retry` try again as the catalog's policies say, with `Make` making the state of each request's loop.
///
/// It stands outside of [`Checked`], whose failures it reads. A request is repeated by cloning it.
pub struct RetryPolicy<Make> {
    make: Make,
    state: Retry,
    started: SystemTime,
    begin: tokio::time::Instant,
}

impl<Make: Fn() -> Retry> RetryPolicy<Make> {
    /// Each request's loop begins with what `make` returns.
    pub fn new(make: Make) -> Self {
        let mut state = make();
        let started = SystemTime::now();
        state.begin(started);
        Self { make, state, started, begin: tokio::time::Instant::now() }
    }
}

/// Another loop: tower clones the policy for each request.
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
{
    type Future = tokio::time::Sleep;

    fn retry(&mut self, _: &mut Request<Sent>, result: &mut Result<Received, Failure<K>>) -> Option<Self::Future> {
        let failure = result.as_mut().err()?;
        match self.state.next(failure, self.started + self.begin.elapsed()) {
            Ok(delay) => Some(tokio::time::sleep(delay)),
            Err(reason) => {
                failure.stop(self.state.attempts(), reason);
                None
            }
        }
    }

    fn clone_request(&mut self, request: &Request<Sent>) -> Option<Request<Sent>> {
        Some(request.clone())
    }
}
