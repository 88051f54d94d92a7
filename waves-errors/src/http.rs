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

/// What a response says.
pub fn evidence<B: AsRef<[u8]>>(response: &Response<B>) -> Evidence {
    with_headers(Evidence::response(response.status().as_u16()), response.headers()).body(response.body())
}

/// Adds what was asked. A body that is not at hand is none: pass `Request<()>` parts as `Request<&[u8]>`.
pub fn with_request<B: AsRef<[u8]>>(evidence: Evidence, request: &Request<B>) -> Evidence {
    let evidence = evidence.request(request.method().as_str(), request.uri().to_string());
    with_request_headers(evidence, request.headers()).request_body(Body::whole(request.body()))
}

/// Adds the headers of an answer.
pub fn with_headers(evidence: Evidence, headers: &HeaderMap) -> Evidence {
    headers.iter().fold(evidence, |evidence, (name, value)| evidence.header(name.as_str(), value))
}

/// Adds the headers of a request.
pub fn with_request_headers(evidence: Evidence, headers: &HeaderMap) -> Evidence {
    headers.iter().fold(evidence, |evidence, (name, value)| evidence.request_header(name.as_str(), value))
}
