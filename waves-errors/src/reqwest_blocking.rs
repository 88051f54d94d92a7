//! `send_checked` on reqwest's blocking request builder: as in [`reqwest`](crate::reqwest), without an async runtime of
//! one's own.
//!
//! The body of a failing answer is waited for a few seconds, by a thread that ends with the connection: the client's own
//! timeout, 30 seconds unless it is changed, ends connections on which nothing comes.

use reqwest::blocking::{Request, RequestBuilder, Response};
use waves_errors_core::{Body, Evidence};

use crate::adapter::answered;
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::front;
use crate::http::with_request_headers;
use crate::reqwest::{Asked, answering, failure};
use crate::retry::Retry;

/// Sends a request and tells failures from successes.
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
pub trait SendChecked: Sized {
    /// Sends the request. An answer of 400 or above, a connection that fails and a request that cannot be built are
    /// failures.
    #[cfg(feature = "waves")]
    fn send_checked(self) -> Result<Response, Failure> {
        self.send_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>>;

    /// Sends the request, and again as `retry` decides. One whose body is a stream cannot be repeated and is sent once.
    #[cfg(feature = "waves")]
    fn send_with(self, retry: Retry) -> Result<Response, Failure> {
        self.send_with_as(retry)
    }

    /// The same, for the catalog of `K`.
    fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> Result<Response, Failure<K>>;
}

impl SendChecked for RequestBuilder {
    fn send_checked_as<K: CatalogEnum>(self) -> Result<Response, Failure<K>> {
        let (client, request) = self.build_split();
        let request = request.map_err(|error| failure(Evidence::new(), error))?;
        let asked = asked(&request);
        match client.execute(request) {
            Ok(mut response) if response.status().as_u16() < 400 => {
                response.extensions_mut().insert(Asked(asked));
                Ok(response)
            }
            Ok(response) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let length = response.content_length();
                Err(answered(asked, status, &headers, front::read_blocking(response, length)))
            }
            Err(error) => Err(failure(asked, error)),
        }
    }

    fn send_with_as<K: CatalogEnum>(self, retry: Retry) -> Result<Response, Failure<K>> {
        // A body that is a stream, or a request that cannot be built: there is nothing to try again with.
        if self.try_clone().is_none() {
            return self.send_checked_as();
        }
        retry.run_blocking(|| match self.try_clone() {
            Some(request) => request.send_checked_as(),
            None => Err(Failure::classify_as(Evidence::new())),
        })
    }
}

/// Reads a response's body; a connection that ends before it does is a failure.
pub trait ReadChecked: Sized {
    /// All of the body.
    #[cfg(feature = "waves")]
    fn bytes_checked(self) -> Result<Vec<u8>, Failure> {
        self.bytes_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Vec<u8>, Failure<K>>;
}

impl ReadChecked for Response {
    fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Vec<u8>, Failure<K>> {
        let evidence = answering(self.extensions(), self.status().as_u16(), self.headers());
        self.bytes().map(Vec::from).map_err(|error| failure(evidence, error))
    }
}

/// What was asked. The client's own default headers are not seen here.
fn asked(request: &Request) -> Evidence {
    let evidence = Evidence::new().request(request.method().as_str(), request.url().as_str());
    let evidence = with_request_headers(evidence, request.headers());
    match request.body().and_then(reqwest::blocking::Body::as_bytes) {
        Some(body) => evidence.request_body(Body::whole(body)),
        None => evidence,
    }
}
