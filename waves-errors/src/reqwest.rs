//! `send_checked` on reqwest's request builder: a response that is no failure, or a [`Failure`] that knows both request
//! and answer.
//!
//! A response does not hold its request, and an explanation needs both: so the request is captured here and sent. The
//! body is read for failures only: no more of it than is kept, and no longer than a few seconds.

use std::error::Error;
use std::future::Future;
use std::iter::successors;
use std::time::Duration;

use reqwest::{Request, RequestBuilder, Response};
use waves_errors_core::{Body, Evidence, Io};

use crate::error::CatalogEnum;
use crate::failure::{Failure, io_kind};
use crate::http::{with_headers, with_request_headers};

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
}

impl SendChecked for RequestBuilder {
    async fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>> {
        let (client, request) = self.build_split();
        let request = request.map_err(|error| failure(Evidence::new(), error))?;
        let asked = asked(&request);
        match client.execute(request).await {
            Ok(response) if response.status().as_u16() < 400 => Ok(response),
            Ok(response) => Err(answered(asked, response).await),
            Err(error) => Err(failure(asked, error)),
        }
    }
}

/// Reads a response's body; a connection that ends before it does is a failure.
pub trait ReadChecked: Sized {
    /// All of the body.
    #[cfg(feature = "waves")]
    fn bytes_checked(self) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send {
        self.bytes_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn bytes_checked_as<K: CatalogEnum>(self) -> impl Future<Output = Result<Vec<u8>, Failure<K>>> + Send;
}

impl ReadChecked for Response {
    async fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Vec<u8>, Failure<K>> {
        let evidence = with_headers(Evidence::response(self.status().as_u16()), self.headers());
        match self.bytes().await {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(failure(evidence, error)),
        }
    }
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

/// A failing answer, with the front of its body: what comes of it in a few seconds.
async fn answered<K: CatalogEnum>(asked: Evidence, mut response: Response) -> Failure<K> {
    let length = response.content_length();
    let mut kept = Vec::new();
    let end = tokio::time::timeout(PATIENCE, front(&mut response, &mut kept)).await;
    let body = if matches!(end, Ok(Ok(true))) { Body::whole(&kept) } else { Body::front(&kept, length) };
    let evidence = with_headers(asked.with_status(response.status().as_u16()), response.headers()).body_part(body);
    let failure = Failure::classify_as(evidence);
    // The status still tells the case; that the body ended early is kept beside it.
    match end {
        Ok(Err(error)) => failure.with_source(&error.without_url()),
        Ok(Ok(_)) | Err(_) => failure,
    }
}

/// How long a failing answer's body is waited for: its status is known, and so nearly always its case.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads as much of a body as is kept; the answer says whether that is all of it.
async fn front(response: &mut Response, kept: &mut Vec<u8>) -> Result<bool, reqwest::Error> {
    while kept.len() <= Body::LIMIT {
        match response.chunk().await? {
            Some(chunk) => kept.extend_from_slice(&chunk[..chunk.len().min(Body::LIMIT + 1)]),
            None => return Ok(true),
        }
    }
    Ok(false)
}

/// An exchange without an answer.
fn failure<K: CatalogEnum>(asked: Evidence, error: reqwest::Error) -> Failure<K> {
    let error = error.without_url();
    let evidence = match io(&error) {
        Some(io) => asked.with_io(io),
        None => asked,
    };
    Failure::classify_as(evidence).with_source(&error)
}

fn io(error: &reqwest::Error) -> Option<Io> {
    if error.is_builder() {
        return None;
    }
    // A connection that took too long to come about is one that did not: nothing was sent.
    if error.is_connect() {
        return Some(Io::Connect);
    }
    if error.is_timeout() {
        return Some(Io::Timeout);
    }
    let start: &(dyn Error + 'static) = error;
    let mut causes = successors(Some(start), |&error| error.source());
    let known = causes.find_map(|cause| cause.downcast_ref().and_then(io_kind));
    known.or_else(|| (error.is_request() || error.is_body() || error.is_decode()).then_some(Io::Interrupted))
}
