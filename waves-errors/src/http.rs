//! Evidence from the types of the `http` crate, which nearly every client and server of HTTP shares.
//!
//! # Examples
//!
//! ```
//! use waves_errors::{Failure, WavesError, http::evidence};
//!
//! let response = http::Response::builder().status(429).header("Retry-After", "2").body("").unwrap();
//! assert!(Failure::classify(evidence(&response)).is(WavesError::TooManyRequests));
//! ```

use http::{HeaderMap, Request, Response};
use waves_errors_core::{Body, Evidence};

use crate::diagnose::Finding;
use crate::error::CatalogEnum;

/// What a response says.
pub fn evidence<B: AsRef<[u8]>>(response: &Response<B>) -> Evidence {
    with_headers(Evidence::response(response.status().as_u16()), response.headers()).with_body(response.body().as_ref())
}

/// Adds what was asked, as it is sent: with all its headers. A body that is not at hand is none: pass `Request<()>` parts as `Request<&[u8]>`.
pub fn with_request<B: AsRef<[u8]>>(evidence: Evidence, request: &Request<B>) -> Evidence {
    let evidence = evidence.with_request(request.method().as_str(), request.uri().to_string());
    with_request_headers(evidence, request.headers())
        .with_all_request_headers()
        .with_request_body(Body::whole(request.body()))
}

/// What is confirmed, or likely, to be wrong with a request before it is sent: see [`preflight`](crate::preflight).
///
/// # Examples
///
/// ```
/// use waves_errors::{WavesError, http::preflight};
///
/// let request = http::Request::post("https://waves-api.smallest.ai/waves/v1/tts").body("{}").unwrap();
/// let found = preflight::<WavesError, _>(&request);
/// assert_eq!(found[0].evidence(), Some("no header `authorization`"));
/// ```
pub fn preflight<K: CatalogEnum, B: AsRef<[u8]>>(request: &Request<B>) -> Vec<Finding> {
    crate::preflight::<K>(&with_request(Evidence::new(), request))
}

/// Adds the headers of an answer.
pub fn with_headers(evidence: Evidence, headers: &HeaderMap) -> Evidence {
    headers.iter().fold(evidence, |evidence, (name, value)| evidence.with_header(name.as_str(), value))
}

/// Adds the headers of a request.
pub fn with_request_headers(evidence: Evidence, headers: &HeaderMap) -> Evidence {
    headers.iter().fold(evidence, |evidence, (name, value)| evidence.with_request_header(name.as_str(), value))
}
