//! Adapter for ureq 3: `call_checked` and `send_checked` on its request builders, and `bytes_checked` and others on its response, fail
//! with a [`Failure`] that contains the request and the response.
//!
//! A separate thread reads the body of an error response. The caller waits for it for at most 5 seconds; the thread ends with the
//! connection. Set `timeout_recv_body` on the agent to end idle connections.
//!
//! Query parameters that are added with `query` and headers of the agent's configuration are not recorded.

use std::io::Read;

#[doc(no_inline)]
pub use bytes::Bytes;
use ureq::http::Response;
use ureq::typestate::{WithBody, WithoutBody};
use ureq::{AsSendBody, Body as Received, RequestBuilder, ResponseExt, Timeout};
use waves_errors_core::{Evidence, TransportError};

use crate::adapter::{Meaning, NOT_BUILT, Sealed, answered, unanswered};
use crate::attempt::Open;
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::front;
use crate::http::{record_request, with_headers};
use crate::io_error::connection_kind;
pub use crate::read::ReadChecked;
use crate::read::WholeBody;

/// Sends a request that has no body.
///
/// # Examples
///
/// ```no_run
/// # fn example(agent: &ureq::Agent, url: &str, key: &str) -> Result<(), waves_errors::Failure> {
/// use waves_errors::{Retry, ureq::{CallChecked, ReadChecked}};
///
/// let voices = Retry::new().run_blocking(|| {
///     agent.get(url).header("authorization", format!("Bearer {key}")).call_checked()?.bytes_checked()
/// })?;
/// # Ok(()) }
/// ```
pub trait CallChecked: Sealed + Sized {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Fails if the status is 400 or above, independently of the agent's configuration, if the connection fails, or if the
    /// request cannot be built.
    #[cfg(feature = "waves")]
    fn call_checked(self) -> Result<Response<Received>, Failure> {
        self.call_checked_as()
    }

    /// Like `call_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `call_checked`.
    fn call_checked_as<K: CatalogEnum>(self) -> Result<Response<Received>, Failure<K>>;
}

impl<Any> Sealed for RequestBuilder<Any> {}

impl CallChecked for RequestBuilder<WithoutBody> {
    fn call_checked_as<K: CatalogEnum>(self) -> Result<Response<Received>, Failure<K>> {
        let request = request_evidence(&self, None);
        let _open = Open::new(&request);
        checked(request, self.config().http_status_as_error(false).build().call())
    }
}

/// Sends a request with a body.
///
/// # Examples
///
/// ```no_run
/// # fn example(agent: &ureq::Agent, url: &str) -> Result<(), waves_errors::Failure> {
/// use waves_errors::ureq::{ReadChecked, SendChecked};
///
/// let audio = agent.post(url).send_checked(r#"{"text":"Hello.","voice_id":"magnus"}"#)?.bytes_checked()?;
/// # Ok(()) }
/// ```
pub trait SendChecked: Sealed + Sized {
    /// Sends the request with a body in memory.
    ///
    /// # Errors
    ///
    /// Fails if the status is 400 or above, independently of the agent's configuration, if the connection fails, or if the
    /// request cannot be built.
    #[cfg(feature = "waves")]
    fn send_checked(self, body: impl AsSendBody + AsRef<[u8]>) -> Result<Response<Received>, Failure> {
        self.send_checked_as(body)
    }

    /// Like `send_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `send_checked`.
    fn send_checked_as<K: CatalogEnum>(
        self,
        body: impl AsSendBody + AsRef<[u8]>,
    ) -> Result<Response<Received>, Failure<K>>;

    /// Sends the request with a body of any kind, such as a file or a stream. The failure does not contain this body.
    ///
    /// # Errors
    ///
    /// Fails like `send_checked`.
    #[cfg(feature = "waves")]
    fn send_stream_checked(self, body: impl AsSendBody) -> Result<Response<Received>, Failure> {
        self.send_stream_checked_as(body)
    }

    /// Like `send_stream_checked`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `send_checked`.
    fn send_stream_checked_as<K: CatalogEnum>(self, body: impl AsSendBody) -> Result<Response<Received>, Failure<K>>;
}

impl SendChecked for RequestBuilder<WithBody> {
    fn send_checked_as<K: CatalogEnum>(
        self,
        body: impl AsSendBody + AsRef<[u8]>,
    ) -> Result<Response<Received>, Failure<K>> {
        let request = request_evidence(&self, Some(body.as_ref()));
        let _open = Open::new(&request);
        checked(request, self.config().http_status_as_error(false).build().send(body))
    }

    fn send_stream_checked_as<K: CatalogEnum>(self, body: impl AsSendBody) -> Result<Response<Received>, Failure<K>> {
        let request = request_evidence(&self, None);
        let _open = Open::new(&request);
        checked(request, self.config().http_status_as_error(false).build().send(body))
    }
}

impl WholeBody for Response<Received> {
    fn whole_body<K: CatalogEnum>(self) -> Result<(Evidence, Bytes), Failure<K>> {
        let (mut head, body) = self.into_parts();
        let request = head.extensions.remove().map(|Sent(request)| request).unwrap_or_default();
        let evidence = with_headers(request.with_status(head.status.as_u16()), &head.headers);
        let mut bytes = Vec::new();
        match body.into_reader().read_to_end(&mut bytes) {
            Ok(_) => Ok((evidence, bytes.into())),
            Err(error) => Err(failure(evidence, &error.into())),
        }
    }
}

/// The request, stored in the extensions of its response.
#[derive(Clone)]
struct Sent(Evidence);

/// Returns the evidence of a request; empty if it could not be built.
fn request_evidence<Any>(request: &RequestBuilder<Any>, body: Option<&[u8]>) -> Evidence {
    match (request.method_ref(), request.uri_ref(), request.headers_ref()) {
        (Some(method), Some(url), Some(headers)) => record_request(Evidence::new(), method, url, headers, body),
        _ => Evidence::new(),
    }
}

fn checked<K: CatalogEnum>(
    request: Evidence,
    result: Result<Response<Received>, ureq::Error>,
) -> Result<Response<Received>, Failure<K>> {
    let mut response = result.map_err(|error| failure(request.clone(), &error))?;
    if response.status().as_u16() < 400 {
        response.extensions_mut().insert(Sent(request));
        return Ok(response);
    }
    // After redirects, this is the last URL, with its query.
    let request = request.with_url(response.get_uri().to_string());
    let (head, body) = response.into_parts();
    let length = body.content_length();
    let evidence = with_headers(request.with_status(head.status.as_u16()), &head.headers);
    Err(answered(evidence, front::read_front_blocking(body.into_reader(), length)))
}

/// Returns the failure for an exchange without a complete response.
fn failure<K: CatalogEnum>(evidence: Evidence, error: &ureq::Error) -> Failure<K> {
    unanswered(evidence, meaning(error), error)
}

fn meaning(error: &ureq::Error) -> Meaning {
    use ureq::Error::{
        BadUri, BodyExceedsLimit, ConnectProxyFailed, ConnectionFailed, HostNotFound, Http, InvalidProxyUrl,
        LargeResponseHeader, Protocol, RedirectFailed, RequireHttpsOnly, Tls, TlsRequired, TooManyRedirects,
    };
    match error {
        HostNotFound
        | ConnectProxyFailed(_)
        | ConnectionFailed
        | InvalidProxyUrl
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => Ok(TransportError::Connect),
        ureq::Error::Timeout(_) => Ok(TransportError::Timeout),
        Tls(_) => Ok(TransportError::Tls),
        TlsRequired => Err("no TLS support: enable the `rustls` or `native-tls` feature of ureq"),
        Protocol(_) => Ok(TransportError::Interrupted),
        RedirectFailed | TooManyRedirects => Err("the redirects could not be followed"),
        LargeResponseHeader(..) | BodyExceedsLimit(_) => Err("the response could not be read"),
        Http(_) | BadUri(_) | RequireHttpsOnly(_) => Err(NOT_BUILT),
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidInput => Err(NOT_BUILT),
        ureq::Error::Io(error) => Ok(connection_kind(error).unwrap_or(TransportError::Interrupted)),
        _ => Err("the client failed"),
    }
}
