//! `call_checked` and `send_checked` on ureq's request builders, for version 3: a response that is no failure, or a
//! [`Failure`] that knows both request and answer.
//!
//! The body of a failing answer is waited for a few seconds, by a thread that ends with the connection: give the agent a
//! `timeout_recv_body` to end connections on which nothing comes.
//!
//! What cannot be seen here: query parameters that are added with `query`, and headers of the agent's configuration.

use std::io::Read;

use ureq::http::Response;
use ureq::typestate::{WithBody, WithoutBody};
use ureq::{AsSendBody, Body as Received, RequestBuilder, ResponseExt, Timeout};
use waves_errors_core::{Body, Evidence, Io};

use crate::adapter::{answered, unanswered};
use crate::error::CatalogEnum;
use crate::failure::{Failure, connection_kind};
use crate::front;
use crate::http::{with_headers, with_request_headers};

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
pub trait CallChecked: Sized {
    /// Sends the request. An answer of 400 or above, whatever the agent makes of it, a connection that fails and a request
    /// that cannot be built are failures.
    #[cfg(feature = "waves")]
    fn call_checked(self) -> Result<Response<Received>, Failure> {
        self.call_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn call_checked_as<K: CatalogEnum>(self) -> Result<Response<Received>, Failure<K>>;
}

impl CallChecked for RequestBuilder<WithoutBody> {
    fn call_checked_as<K: CatalogEnum>(self) -> Result<Response<Received>, Failure<K>> {
        let asked = asked(&self);
        checked(asked, self.config().http_status_as_error(false).build().call())
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
pub trait SendChecked: Sized {
    /// Sends the request with a body that is at hand. An answer of 400 or above, whatever the agent makes of it, a
    /// connection that fails and a request that cannot be built are failures.
    #[cfg(feature = "waves")]
    fn send_checked(self, body: impl AsSendBody + AsRef<[u8]>) -> Result<Response<Received>, Failure> {
        self.send_checked_as(body)
    }

    /// The same, for the catalog of `K`.
    fn send_checked_as<K: CatalogEnum>(
        self,
        body: impl AsSendBody + AsRef<[u8]>,
    ) -> Result<Response<Received>, Failure<K>>;

    /// The same with a body of any kind, a file or a stream, which the failure then does not know.
    fn send_stream_checked_as<K: CatalogEnum>(self, body: impl AsSendBody) -> Result<Response<Received>, Failure<K>>;
}

impl SendChecked for RequestBuilder<WithBody> {
    fn send_checked_as<K: CatalogEnum>(
        self,
        body: impl AsSendBody + AsRef<[u8]>,
    ) -> Result<Response<Received>, Failure<K>> {
        let asked = asked(&self).request_body(Body::whole(&body));
        checked(asked, self.config().http_status_as_error(false).build().send(body))
    }

    fn send_stream_checked_as<K: CatalogEnum>(self, body: impl AsSendBody) -> Result<Response<Received>, Failure<K>> {
        let asked = asked(&self);
        checked(asked, self.config().http_status_as_error(false).build().send(body))
    }
}

/// Reads a response's body; a connection that ends before it does is a failure.
pub trait ReadChecked: Sized {
    /// All of the body, however long it is.
    #[cfg(feature = "waves")]
    fn bytes_checked(self) -> Result<Vec<u8>, Failure> {
        self.bytes_checked_as()
    }

    /// The same, for the catalog of `K`.
    fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Vec<u8>, Failure<K>>;
}

impl ReadChecked for Response<Received> {
    fn bytes_checked_as<K: CatalogEnum>(self) -> Result<Vec<u8>, Failure<K>> {
        let (mut head, body) = self.into_parts();
        let mut bytes = Vec::new();
        match body.into_reader().read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => {
                let asked = head.extensions.remove().map(|Asked(asked)| asked).unwrap_or_default();
                Err(failure(with_headers(asked.with_status(head.status.as_u16()), &head.headers), &error.into()))
            }
        }
    }
}

/// What was asked, as a response carries it: for failures that come while its body is read.
#[derive(Clone)]
struct Asked(Evidence);

fn asked<Any>(request: &RequestBuilder<Any>) -> Evidence {
    let mut asked = Evidence::new();
    if let (Some(method), Some(url)) = (request.method_ref(), request.uri_ref()) {
        asked = asked.request(method.as_str(), url.to_string());
    }
    request.headers_ref().into_iter().fold(asked, with_request_headers)
}

fn checked<K: CatalogEnum>(
    asked: Evidence,
    result: Result<Response<Received>, ureq::Error>,
) -> Result<Response<Received>, Failure<K>> {
    let mut response = result.map_err(|error| failure(asked.clone(), &error))?;
    if response.status().as_u16() < 400 {
        response.extensions_mut().insert(Asked(asked));
        return Ok(response);
    }
    // The address that was asked in the end, with the query.
    let method = asked.method().unwrap_or_default().to_owned();
    let asked = asked.request(method, response.get_uri().to_string());
    let (head, body) = response.into_parts();
    let length = body.content_length();
    let front = front::read_blocking(body.into_reader(), length);
    Err(answered(asked, head.status.as_u16(), &head.headers, front))
}

/// An exchange without an answer, or without the end of one.
fn failure<K: CatalogEnum>(asked: Evidence, error: &ureq::Error) -> Failure<K> {
    unanswered(asked, io(error), error)
}

fn io(error: &ureq::Error) -> Option<Io> {
    use ureq::Error::{ConnectProxyFailed, ConnectionFailed, HostNotFound, InvalidProxyUrl, Protocol, Tls};
    match error {
        HostNotFound
        | ConnectProxyFailed(_)
        | ConnectionFailed
        | InvalidProxyUrl
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => Some(Io::Connect),
        ureq::Error::Timeout(_) => Some(Io::Timeout),
        Tls(_) => Some(Io::Tls),
        Protocol(_) => Some(Io::Interrupted),
        ureq::Error::Io(error) => Some(connection_kind(error).unwrap_or(Io::Interrupted)),
        // The request could not be built.
        _ => None,
    }
}
