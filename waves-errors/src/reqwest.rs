//! `send_checked` on reqwest's request builder: a response that is no failure, or a [`Failure`] that knows both request
//! and answer.
//!
//! A response does not hold its request, and an explanation needs both: so the request is captured here and sent. The
//! body is read for failures only: no more of it than is kept, and no longer than a few seconds.
//!
//! It needs tokio's runtime with its timers, as reqwest itself does.
//!
//! What cannot be seen here: headers that the client adds to every request by itself, and the body of a request that is
//! a stream. Switch the client's own retries off (`retry(reqwest::retry::never())`) where [`Retry`] is to decide.

use std::future::Future;

use reqwest::{Request, RequestBuilder, Response};
use waves_errors_core::{Body, Evidence, Io};

use crate::adapter::{answered, unanswered};
use crate::diagnose::Finding;
use crate::error::CatalogEnum;
use crate::failure::{Failure, io_in};
use crate::front;
use crate::http::{with_headers, with_request_headers};
use crate::retry::Retry;

/// Sends a request and tells failures from successes.
///
/// # Examples
///
/// ```no_run
/// # async fn example(client: reqwest::Client, url: &str, key: &str) -> Result<(), waves_errors::Failure> {
/// use waves_errors::reqwest::{ReadChecked, SendChecked};
///
/// let audio = waves_errors::retry(async || {
///     let response = client.post(url).bearer_auth(key).send_checked().await?;
///     response.bytes_checked().await
/// })
/// .await?;
/// # Ok(()) }
/// ```
pub trait SendChecked: Sized {
    /// Sends the request. An answer of 400 or above, a connection that fails and a request that cannot be built are
    /// failures.
    #[cfg(feature = "waves")]
    fn send_checked(self) -> impl Future<Output = Result<Response, Failure>> + Send {
        self.send_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn send_checked_as<K: CatalogEnum>(self) -> impl Future<Output = Result<Response, Failure<K>>> + Send;

    /// Sends the request, and again as `retry` decides. One whose body is a stream cannot be repeated and is sent once.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(client: reqwest::Client, url: &str) -> Result<(), waves_errors::Failure> {
    /// use waves_errors::{Retry, reqwest::SendChecked};
    ///
    /// let response = client.post(url).body("{}").send_with(Retry::new().max_retries(3)).await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "waves")]
    fn send_with(self, retry: Retry) -> impl Future<Output = Result<Response, Failure>> + Send {
        self.send_with_as(retry)
    }

    /// The same, for the catalog of `K`.
    fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> impl Future<Output = Result<Response, Failure<K>>> + Send;
}

impl SendChecked for RequestBuilder {
    async fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>> {
        let (client, request) = self.build_split();
        let request = request.map_err(|error| failure(Evidence::new(), error))?;
        let asked = asked(&request);
        match client.execute(request).await {
            Ok(mut response) if response.status().as_u16() < 400 => {
                response.extensions_mut().insert(Asked(asked));
                Ok(response)
            }
            Ok(response) => {
                let (head, body) = http::Response::<reqwest::Body>::from(response).into_parts();
                let front = front::read(body).await.map(reqwest::Error::without_url);
                Err(answered(asked, head.status.as_u16(), &head.headers, front))
            }
            Err(error) => Err(failure(asked, error)),
        }
    }

    async fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> Result<Response, Failure<K>> {
        // A body that is a stream, or a request that cannot be built: there is nothing to try again with.
        if self.try_clone().is_none() {
            return self.send_checked_as().await;
        }
        let operation = move || {
            let request = self.try_clone();
            async move {
                match request {
                    Some(request) => request.send_checked_as().await,
                    None => Err(Failure::classify_as(Evidence::new())),
                }
            }
        };
        retry.run(operation).await
    }
}

/// What was asked, as a response carries it: for failures that come while its body is read.
#[derive(Clone)]
pub(crate) struct Asked(pub(crate) Evidence);

/// Reads a response's body; a connection that ends before it does is a failure.
pub trait ReadChecked: Sized {
    /// All of the body.
    #[cfg(feature = "waves")]
    fn bytes_checked(self) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send {
        self.bytes_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn bytes_checked_as<K: CatalogEnum>(self) -> impl Future<Output = Result<Vec<u8>, Failure<K>>> + Send;

    /// The next part of the body as it comes, nothing at its end: for speech that is played while it is made.
    #[cfg(feature = "waves")]
    fn chunk_checked(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Failure>> + Send {
        self.chunk_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn chunk_checked_as<K: CatalogEnum>(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Failure<K>>> + Send;
}

impl ReadChecked for Response {
    async fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Vec<u8>, Failure<K>> {
        let evidence = answering(self.extensions(), self.status().as_u16(), self.headers());
        match self.bytes().await {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(failure(evidence, error)),
        }
    }

    async fn chunk_checked_as<K: CatalogEnum>(&mut self) -> Result<Option<Vec<u8>>, Failure<K>> {
        match self.chunk().await {
            Ok(chunk) => Ok(chunk.map(Vec::from)),
            Err(error) => Err(failure(answering(self.extensions(), self.status().as_u16(), self.headers()), error)),
        }
    }
}

/// What is known of an answer that comes.
pub(crate) fn answering(extensions: &http::Extensions, status: u16, headers: &http::HeaderMap) -> Evidence {
    let asked = extensions.get::<Asked>().map(|Asked(asked)| asked.clone()).unwrap_or_default();
    with_headers(asked.with_status(status), headers)
}

/// What is confirmed, or likely, to be wrong with a request before it is sent: see [`preflight`](crate::preflight). Headers
/// that the client adds by itself are not seen, so that a missing one is never confirmed.
///
/// # Examples
///
/// ```
/// use waves_errors::{WavesError, reqwest::preflight};
///
/// let builder = reqwest::Client::new().post("https://waves-api.smallest.ai/waves/v1/tts").header("authorization", "Token x");
/// let found = preflight::<WavesError>(&builder.build().unwrap());
/// assert_eq!(found[0].step().id(), Some("header-form"));
/// ```
pub fn preflight<K: CatalogEnum>(request: &Request) -> Vec<Finding> {
    crate::preflight::<K>(&asked(request))
}

/// What was asked. The client's own default headers are not seen here.
fn asked(request: &Request) -> Evidence {
    let evidence = Evidence::new().request(request.method().as_str(), request.url().as_str());
    let evidence = with_request_headers(evidence, request.headers());
    match request.body().and_then(reqwest::Body::as_bytes) {
        Some(body) => evidence.request_body(Body::whole(body)),
        None => evidence,
    }
}

/// An exchange without an answer, or without the end of one.
pub(crate) fn failure<K: CatalogEnum>(asked: Evidence, error: reqwest::Error) -> Failure<K> {
    let io = io(&error);
    unanswered(asked, io, &error.without_url())
}

fn io(error: &reqwest::Error) -> Option<Io> {
    if error.is_builder() {
        return None;
    }
    // A connection that took too long to come about is one that did not: nothing was sent.
    if error.is_connect() {
        // TLS libraries have errors of their own, which only they can name: what is left when all else is told apart.
        let encrypted = error.url().is_some_and(|url| matches!(url.scheme(), "https" | "wss"));
        let other = error.is_dns() || error.is_timeout() || io_in(error).is_some() || is_proxy(error);
        return Some(if encrypted && !other { Io::Tls } else { Io::Connect });
    }
    if error.is_timeout() {
        return Some(Io::Timeout);
    }
    io_in(error).or_else(|| (error.is_request() || error.is_body() || error.is_decode()).then_some(Io::Interrupted))
}

/// Whether a proxy refused: its error has no type that could be named, only words.
fn is_proxy(error: &reqwest::Error) -> bool {
    let start: &(dyn std::error::Error + 'static) = error;
    let mut causes = std::iter::successors(Some(start), |&error| error.source());
    causes.any(|cause| ["tunnel", "proxy"].iter().any(|word| cause.to_string().contains(word)))
}
