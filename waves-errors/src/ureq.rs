//! Adapter for ureq 3: `call_checked` and `send_checked` on its request builders, and `bytes_checked` and others on its response, fail
//! with a [`Failure`] that contains the request and the response.
//!
//! A separate thread reads the body of an error response. The caller waits for it for at most 5 seconds; the thread ends with the
//! connection. Set `timeout_recv_body` on the agent to end idle connections.
//!
//! Headers of the agent's configuration are not recorded, and query parameters that are added with `query` only if a response arrives.

use std::io::{ErrorKind, Read};

#[doc(no_inline)]
pub use bytes::Bytes;
use ureq::http::Response;
use ureq::typestate::{WithBody, WithoutBody};
use ureq::{AsSendBody, Body as Received, RequestBuilder, ResponseExt, Timeout};
use waves_errors_core::{Evidence, TransportError};

use crate::adapter::{Sealed, answered, unanswered};
use crate::attempt::Open;
use crate::client_error::{Meaning, NOT_BUILT, REDIRECTS, UNREADABLE, meaning_in, mentions};
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::front;
use crate::http::{record_request, with_headers};
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
        checked(request, configured(self).call())
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
        checked(request, configured(self).send(body))
    }

    fn send_stream_checked_as<K: CatalogEnum>(self, body: impl AsSendBody) -> Result<Response<Received>, Failure<K>> {
        let request = request_evidence(&self, None);
        let _open = Open::new(&request);
        checked(request, configured(self).send(body))
    }
}

impl WholeBody for Response<Received> {
    fn whole_body<K: CatalogEnum>(self) -> Result<(Evidence, Bytes), Failure<K>> {
        let (mut head, body) = self.into_parts();
        let evidence = head.extensions.remove().map(|Exchange(evidence)| evidence);
        let evidence =
            evidence.unwrap_or_else(|| with_headers(Evidence::response(head.status.as_u16()), &head.headers));
        let mut bytes = Vec::new();
        match body.into_reader().read_to_end(&mut bytes) {
            Ok(_) => Ok((evidence, bytes.into())),
            Err(error) => Err(failure(evidence, &error.into())),
        }
    }
}

/// The exchange up to the head of the response, stored in its extensions.
#[derive(Clone)]
struct Exchange(Evidence);

/// Returns the evidence of a request; empty if it could not be built.
fn request_evidence<Any>(request: &RequestBuilder<Any>, body: Option<&[u8]>) -> Evidence {
    match (request.method_ref(), request.uri_ref(), request.headers_ref()) {
        (Some(method), Some(url), Some(headers)) => record_request(Evidence::new(), method, url, headers, body),
        _ => Evidence::new(),
    }
}

/// Configures a request for this module: error statuses are responses, and the URLs of redirects are recorded, because a server can repeat
/// their parameters.
fn configured<Any>(request: RequestBuilder<Any>) -> RequestBuilder<Any> {
    request.config().http_status_as_error(false).save_redirect_history(true).build()
}

fn checked<K: CatalogEnum>(
    request: Evidence,
    result: Result<Response<Received>, ureq::Error>,
) -> Result<Response<Received>, Failure<K>> {
    let mut response = result.map_err(|error| failure(request.clone(), &error))?;
    // The URLs contain the parameters that were added with `query`.
    let urls = response.get_redirect_history().unwrap_or_default().iter().chain([response.get_uri()]);
    let request = urls.fold(request, |request, url| request.with_redirect(url.to_string()));
    let evidence = with_headers(request.with_status(response.status().as_u16()), response.headers());
    if response.status().as_u16() < 400 {
        response.extensions_mut().insert(Exchange(evidence));
        return Ok(response);
    }
    let body = response.into_body();
    let length = body.content_length();
    Err(answered(evidence, front::read_front_blocking(body.into_reader(), length)))
}

/// Returns the failure for an exchange without a complete response.
fn failure<K: CatalogEnum>(evidence: Evidence, error: &ureq::Error) -> Failure<K> {
    let is_encrypted = evidence.url().is_some_and(|url| url.starts_with("https:"));
    unanswered(evidence, meaning(error, is_encrypted), error)
}

/// The texts of protocol errors in a request. All other protocol errors are in a response.
const OF_REQUESTS: [&str; 6] = [
    "not valid for http version",
    "host header",
    "authorization header is not a string",
    "body not allowed by method",
    "attempt to stream body",
    "attempt to write larger body",
];

fn meaning(error: &ureq::Error, is_encrypted: bool) -> Meaning {
    use ureq::Error::{
        BadUri, BodyExceedsLimit, ConnectProxyFailed, ConnectionFailed, HostNotFound, Http, InvalidProxyUrl,
        LargeResponseHeader, Protocol, RedirectFailed, RequireHttpsOnly, Tls, TlsRequired, TooManyRedirects,
    };
    match error {
        HostNotFound
        | ConnectProxyFailed(_)
        | ConnectionFailed
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => Ok(TransportError::Connect),
        ureq::Error::Timeout(_) => Ok(TransportError::Timeout),
        Tls(_) => Ok(TransportError::Tls),
        TlsRequired => Err("no TLS support: enable the `rustls` or `native-tls` feature of ureq"),
        Protocol(_) if mentions(error, &OF_REQUESTS) => Err(NOT_BUILT),
        RedirectFailed | TooManyRedirects => Err(REDIRECTS),
        Protocol(_) | LargeResponseHeader(..) | BodyExceedsLimit(_) => Err(UNREADABLE),
        Http(_) | BadUri(_) | RequireHttpsOnly(_) | InvalidProxyUrl => Err(NOT_BUILT),
        ureq::Error::Io(error) => io_meaning(error, is_encrypted),
        // The error types of the TLS libraries are only exported with their features.
        _ if mentions(error, &["rustls: ", "native-tls: "]) => Ok(TransportError::Tls),
        _ if mentions(error, &["decompression failed"]) => Err(UNREADABLE),
        _ => Err("the client failed"),
    }
}

/// The texts of TLS errors that only occur in a handshake. Other TLS errors can also occur after the request was sent.
const OF_HANDSHAKES: [&str; 4] =
    ["unexpected end of file", "invalid peer certificate", "of type invalidcontenttype", "handshakefailure"];

fn io_meaning(error: &std::io::Error, is_encrypted: bool) -> Meaning {
    if is_encrypted && mentions(error, &OF_HANDSHAKES) {
        return Ok(TransportError::Tls);
    }
    match meaning_in(error) {
        Some(Err(_)) if error.kind() == ErrorKind::InvalidInput => Err(NOT_BUILT),
        // Invalid data in a TLS connection.
        Some(Err(_)) if is_encrypted => Ok(TransportError::Interrupted),
        // These occur before and after the request is sent.
        Some(Ok(TransportError::Connect)) if !is_unconnected(error) => Ok(TransportError::Interrupted),
        Some(meaning) => meaning,
        None => Ok(TransportError::Interrupted),
    }
}

/// Returns whether an error of a connection only occurs before it is established.
fn is_unconnected(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable)
        || mentions(error, &["failed to lookup address information"])
}
