//! Evidence from the types of the `http` crate, which most HTTP clients and servers share.
//!
//! # Examples
//!
//! ```
//! use waves_errors::{Failure, WavesError, http::response_evidence};
//!
//! let response = http::Response::builder().status(429).header("Retry-After", "2").body("").unwrap();
//! assert!(Failure::classify(response_evidence(&response)).is(WavesError::TooManyRequests));
//! ```

use std::fmt;

use http::{HeaderMap, Method, Request, Response};
use waves_errors_core::{Body, Evidence};

use crate::diagnose::Finding;
use crate::error::CatalogEnum;

/// Returns the evidence of a response: status, headers and body.
pub fn response_evidence<B: AsRef<[u8]>>(response: &Response<B>) -> Evidence {
    with_headers(Evidence::response(response.status().as_u16()), response.headers()).with_body(response.body().as_ref())
}

/// Adds a request exactly as it is sent: method, URL, all headers and body.
///
/// A header that is missing here counts as not sent. If the client adds headers itself, or if the body is unknown, use
/// [`Evidence::with_request`] and [`with_request_headers`] instead.
pub fn with_request<B: AsRef<[u8]>>(evidence: Evidence, request: &Request<B>) -> Evidence {
    let body = Some(request.body().as_ref());
    record_request(evidence, request.method(), request.uri(), request.headers(), body).with_all_request_headers()
}

/// Returns the confirmed and likely mistakes of a request before it is sent: see [`preflight`](crate::preflight).
///
/// # Examples
///
/// ```
/// use waves_errors::{WavesError, http::preflight};
///
/// let request = http::Request::post("https://api.smallest.ai/waves/v1/tts").body("{}").unwrap();
/// let found = preflight::<WavesError, _>(&request);
/// assert_eq!(found[0].evidence(), Some("no header `authorization`"));
/// ```
pub fn preflight<K: CatalogEnum, B: AsRef<[u8]>>(request: &Request<B>) -> Vec<Finding> {
    crate::diagnose::preflight::<K>(&with_request(Evidence::new(), request))
}

/// Adds the headers of a response.
pub fn with_headers(evidence: Evidence, headers: &HeaderMap) -> Evidence {
    headers.iter().fold(evidence, |evidence, (name, value)| evidence.with_header(name.as_str(), value))
}

/// Adds the headers of a request.
pub fn with_request_headers(evidence: Evidence, headers: &HeaderMap) -> Evidence {
    headers.iter().fold(evidence, |evidence, (name, value)| evidence.with_request_header(name.as_str(), value))
}

/// Adds a request. All adapters record their requests with this function. `body` is `None` if it is a stream.
pub(crate) fn record_request(
    evidence: Evidence,
    method: &Method,
    url: impl fmt::Display,
    headers: &HeaderMap,
    body: Option<&[u8]>,
) -> Evidence {
    let evidence = with_request_headers(evidence.with_request(method.as_str(), url.to_string()), headers);
    match body {
        Some(body) => evidence.with_request_body(Body::whole(body)),
        None => evidence,
    }
}
