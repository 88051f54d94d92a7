//! Adapter for reqwest's blocking client: the same as [`reqwest`](crate::reqwest), for programs without an async runtime.
//!
//! A separate thread reads the body of an error response. The caller waits for it for at most 5 seconds; the thread ends with the
//! connection. The client's own timeout, 30 seconds by default, ends idle connections.

use std::sync::Arc;

#[doc(no_inline)]
pub use bytes::Bytes;
use reqwest::blocking::{Request, RequestBuilder, Response};
use waves_errors_core::Evidence;

use crate::adapter::{Sealed, answered};
use crate::attempt::Open;
use crate::client_error::NOT_BUILT;
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::front;
use crate::http::record_request;
pub use crate::read::ReadChecked;
use crate::read::WholeBody;
use crate::reqwest::{Exchange, failure_as, head_evidence};
use crate::retry::Retry;

/// Sends a request, and returns a [`Failure`] for every error.
///
/// # Examples
///
/// ```no_run
/// # fn example(client: &reqwest::blocking::Client, url: &str, key: &str) -> Result<(), waves_errors::Failure> {
/// use waves_errors::{Retry, reqwest_blocking::{ReadChecked, SendChecked}};
///
/// let audio = Retry::new().run_blocking(|| client.post(url).bearer_auth(key).send_checked()?.bytes_checked())?;
/// # Ok(()) }
/// ```
pub trait SendChecked: Sealed + Sized {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Fails if the status is 400 or above, if the connection fails, or if the request cannot be built.
    #[cfg(feature = "waves")]
    fn send_checked(self) -> Result<Response, Failure> {
        self.send_checked_as()
    }

    /// Like `send_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `send_checked`.
    fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>>;

    /// Sends the request, with retries by `retry`. A request whose body is a stream cannot be repeated and is sent once.
    ///
    /// Time limits of `retry` do not cancel attempts: see [`Retry::run_blocking`].
    ///
    /// # Errors
    ///
    /// Returns the failure of the last attempt.
    #[cfg(feature = "waves")]
    fn send_with(self, retry: Retry) -> Result<Response, Failure> {
        self.send_with_as(retry)
    }

    /// Like `send_with`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `send_with`.
    fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> Result<Response, Failure<K>>;
}

impl Sealed for RequestBuilder {}

impl SendChecked for RequestBuilder {
    fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>> {
        let (client, request) = self.build_split();
        let request = request.map_err(|error| failure_as(Evidence::new(), error))?;
        let evidence = request_evidence(&request);
        let open = Arc::new(Open::new(&evidence));
        let mut response = client.execute(request).map_err(|error| failure_as(evidence.clone(), error))?;
        response.extensions_mut().insert(Exchange { request: evidence, open, ..Exchange::default() });
        if response.status().as_u16() < 400 {
            return Ok(response);
        }
        let (evidence, length) = (response_evidence(&response), response.content_length());
        Err(answered(evidence, front::read_front_blocking(response, length)))
    }

    fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> Result<Response, Failure<K>> {
        // A stream cannot be sent twice, and a request that cannot be built fails once.
        let retry = if self.try_clone().is_some() { retry } else { retry.max_retries(0) };
        let mut request = Some(self);
        retry.run_blocking(|| match request.as_ref().and_then(Self::try_clone).or_else(|| request.take()) {
            Some(request) => request.send_checked_as(),
            None => Err(Failure::classify_as(Evidence::new()).local(NOT_BUILT)),
        })
    }
}

impl WholeBody for Response {
    fn whole_body<K: CatalogEnum>(self) -> Result<(Evidence, Bytes), Failure<K>> {
        let evidence = response_evidence(&self);
        match self.bytes() {
            Ok(bytes) => Ok((evidence, bytes)),
            Err(error) => Err(failure_as(evidence, error)),
        }
    }
}

fn response_evidence(response: &Response) -> Evidence {
    head_evidence(response.extensions(), response.url(), response.status().as_u16(), response.headers())
}

/// Returns the evidence of a request. Default headers of the client are not included.
fn request_evidence(request: &Request) -> Evidence {
    let body = request.body().and_then(reqwest::blocking::Body::as_bytes);
    record_request(Evidence::new(), request.method(), request.url(), request.headers(), body)
}
