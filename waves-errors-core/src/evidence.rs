//! [`Evidence`] of a failed exchange. Adapters and callers record it; this module only stores it.

use std::fmt;
use std::time::SystemTime;

use crate::body::Body;

/// The maximum number of headers of a response that are kept.
const HEADERS: usize = 256;
/// The maximum number of earlier requests that are kept.
const REQUESTS: usize = 1000;
/// The maximum number of bytes of a response header that are kept.
const HEADER: usize = 8 * 1024;

/// Evidence of a failed exchange: the request, the response, the end of a WebSocket, or the transport error.
///
/// Every part is optional. Sizes are limited: the first 64 KiB of a body, the first 256 headers of a response, and 8 KiB of each
/// of them. Header names are case-insensitive. `Debug` prints statuses, names and sizes, but no values.
///
/// # Examples
///
/// ```
/// use waves_errors::Evidence;
///
/// let evidence = Evidence::response(429)
///     .with_header("Retry-After", "2")
///     .with_body(r#"{"message":"Concurrency limit reached"}"#);
/// assert_eq!(evidence.status(), Some(429));
/// assert_eq!(evidence.header("retry-after"), Some("2"));
/// ```
#[derive(Clone, Default)]
#[must_use = "evidence does nothing unless it is classified"]
pub struct Evidence {
    transport: Transport,
    method: Option<String>,
    url: Option<String>,
    /// The requests before this one, of which only secrets matter.
    earlier_requests: Vec<Evidence>,
    request_headers: Vec<(String, Vec<u8>)>,
    all_request_headers: bool,
    request_body: Option<Body>,
    status: Option<u16>,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Body>,
    frame: Option<Body>,
    close: Option<Close>,
    transport_error: Option<TransportError>,
    received_at: Option<SystemTime>,
    upload: Option<Upload>,
    delivered_bytes: Option<u64>,
}

/// An earlier upload to a storage service.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// The key of the object.
    pub key: String,
    /// The status of the storage service's response; `None`, or below 200, if the upload is not complete.
    pub status: Option<u16>,
}

/// Prints only the length of the key, which can contain a name.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("key", &self.key.len()).field("status", &self.status).finish()
    }
}

/// The transport of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Transport {
    /// HTTP.
    #[default]
    Http,
    /// A WebSocket, opened by a program that can set headers.
    WebSocket,
    /// A WebSocket, opened by a browser, which cannot set headers.
    BrowserWebSocket,
}

/// The reason why there was no complete response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportError {
    /// The connection could not be established: nothing was sent.
    Connect,
    /// A time limit was exceeded.
    Timeout,
    /// The TLS handshake failed.
    Tls,
    /// The connection ended before the response was complete.
    Interrupted,
    /// The request was refused before it was processed: the server reset the HTTP/2 stream with `REFUSED_STREAM`, or shut down before
    /// it with `GOAWAY`; or a layer of the client rejected the request because of too much load.
    Refused,
}

impl TransportError {
    /// All variants.
    // In the order of their numbers in a table.
    pub const ALL: [Self; 5] = [Self::Connect, Self::Timeout, Self::Tls, Self::Interrupted, Self::Refused];

    /// Returns the word that catalogs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Interrupted => "interrupted",
            Self::Refused => "refused",
        }
    }
}

/// The close of a WebSocket.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Close {
    /// The close code; 1006 if the socket ended without a close.
    pub code: u16,
    /// The reason of the close.
    pub reason: String,
    /// Whether the socket had been open, if that is known.
    pub opened: Option<bool>,
}

impl Close {
    /// Creates a close with this code and reason.
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), opened: None }
    }

    /// Sets whether the socket had been open. Default: unknown.
    pub fn with_opened(mut self, opened: impl Into<Option<bool>>) -> Self {
        self.opened = opened.into();
        self
    }
}

/// Prints only the length of the reason, which can repeat parts of the request.
impl fmt::Debug for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("Close");
        f.field("code", &self.code).field("reason", &self.reason.len()).field("opened", &self.opened).finish()
    }
}

/// Builders.
impl Evidence {
    /// Creates evidence without any part.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates evidence of a response with this status.
    pub fn response(status: u16) -> Self {
        Self::new().with_status(status)
    }

    /// Creates evidence of a request without a complete response.
    pub fn no_response(error: TransportError) -> Self {
        Self::new().with_transport_error(error)
    }

    /// Creates evidence of a WebSocket that was closed with this code and reason.
    pub fn closed(code: u16, reason: impl Into<String>) -> Self {
        Self::new().with_transport(Transport::WebSocket).with_close(Close::new(code, reason))
    }

    /// Creates evidence of an error frame on a WebSocket.
    pub fn error_frame(text: impl Into<Body>) -> Self {
        Self::new().with_transport(Transport::WebSocket).with_frame(text)
    }

    /// Sets the transport of the exchange. Default: HTTP.
    pub fn with_transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// Sets the method and the complete URL of the request.
    pub fn with_request(self, method: impl Into<String>, url: impl Into<String>) -> Self {
        self.with_method(method).with_url(url)
    }

    /// Sets the method of the request.
    pub fn with_method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Sets the complete URL of the request.
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Replaces the URL of the request with that of a redirect. Secrets in the earlier URL are still redacted, because a server can
    /// repeat them.
    pub fn with_redirect(mut self, url: impl Into<String>) -> Self {
        let earlier = self.url.replace(url.into()).filter(|earlier| Some(earlier) != self.url.as_ref());
        self.earlier_requests.extend(earlier.map(|url| Self::new().with_url(url)));
        self
    }

    /// Adds a request of the same conversation, such as the one to a proxy. Its secrets are redacted, because a later response can repeat
    /// them. At most 1,000 requests are kept.
    pub fn with_earlier_request(mut self, request: Self) -> Self {
        if self.earlier_requests.len() < REQUESTS {
            self.earlier_requests.push(request);
        }
        self
    }

    /// Adds a header of the request. The value need not be text.
    pub fn with_request_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        // Not limited: the caller has the headers in memory, and a header that is not recorded could not be redacted.
        self.request_headers.push((name.to_ascii_lowercase(), value.as_ref().to_vec()));
        self
    }

    /// Declares that all headers of the request are recorded, so that a missing header counts as not sent. Do not call it for a
    /// client that adds headers itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::{Evidence, Failure};
    ///
    /// let request = Evidence::response(401).with_request("POST", "https://api.smallest.ai/waves/v1/tts");
    /// assert!(!Failure::classify(request.clone()).diagnose().is_conclusive());
    /// let diagnosis = Failure::classify(request.with_all_request_headers()).diagnose();
    /// assert_eq!(diagnosis.findings().next().unwrap().evidence(), Some("no header `authorization`"));
    /// ```
    pub fn with_all_request_headers(mut self) -> Self {
        self.all_request_headers = true;
        self
    }

    /// Sets the body of the request.
    pub fn with_request_body(mut self, body: impl Into<Body>) -> Self {
        self.request_body = Some(body.into());
        self
    }

    /// Sets the status of the response.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Adds a header of the response. The value need not be text. The first 256 headers are kept, and 8 KiB of each value.
    pub fn with_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        if self.headers.len() < HEADERS {
            self.headers.push((name.to_ascii_lowercase(), value[..value.len().min(HEADER)].to_vec()));
        }
        self
    }

    /// Sets the body of the response: bytes or a text for a whole body, [`Body::prefix`] for a part.
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the last error frame before the end of a WebSocket.
    pub fn with_frame(mut self, text: impl Into<Body>) -> Self {
        self.frame = Some(text.into());
        self
    }

    /// Sets the close of the WebSocket.
    pub fn with_close(mut self, close: Close) -> Self {
        self.close = Some(close);
        self
    }

    /// Sets the reason why there was no complete response.
    pub fn with_transport_error(mut self, error: TransportError) -> Self {
        self.transport_error = Some(error);
        self
    }

    /// Sets the upload that the request refers to: the key of the object, and the status of the storage service's response, if it
    /// responded.
    pub fn with_upload(mut self, key: impl Into<String>, status: Option<u16>) -> Self {
        self.upload = Some(Upload { key: key.into(), status });
        self
    }

    /// Sets the time at which the response was received.
    pub fn with_received_at(mut self, time: SystemTime) -> Self {
        self.received_at = Some(time);
        self
    }

    /// Sets the number of body bytes that the program received in chunks before the failure. If it is above 0, a retry loop does
    /// not repeat the operation. A program that decodes the body sets the number of bytes that it has passed on.
    pub fn with_delivered_bytes(mut self, bytes: u64) -> Self {
        self.delivered_bytes = Some(bytes);
        self
    }
}

/// Getters. Texts are not redacted.
impl Evidence {
    /// Returns the transport of the exchange.
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// Returns the method of the request.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// Returns the method of the request for logs: `_OTHER` if HTTP does not define the method.
    pub fn known_method(&self) -> Option<&'static str> {
        const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
        let method = self.method()?;
        Some(KNOWN.into_iter().find(|known| *known == method).unwrap_or("_OTHER"))
    }

    /// Returns the URL of the request, not redacted.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Returns the requests of the same conversation before this one, and those before redirects.
    pub fn earlier_requests(&self) -> impl Iterator<Item = &Self> {
        self.earlier_requests.iter()
    }

    /// Returns the headers of the request with names in lower case, not redacted.
    pub fn request_headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.request_headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Returns whether [`request_headers`](Self::request_headers) are all headers of the request.
    pub const fn has_all_request_headers(&self) -> bool {
        self.all_request_headers
    }

    /// Returns the body of the request, not redacted.
    pub const fn request_body(&self) -> Option<&Body> {
        self.request_body.as_ref()
    }

    /// Returns the status of the response.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns the headers of the response with names in lower case, not redacted.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Returns the first value of a response header that is text. The name is case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_values(name).next()
    }

    /// Returns all values of a response header that are text. The name is case-insensitive.
    pub fn header_values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = self.headers().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        named.filter_map(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// Returns the body of the response, not redacted.
    pub const fn body(&self) -> Option<&Body> {
        self.body.as_ref()
    }

    /// Returns the last error frame, not redacted.
    pub const fn frame(&self) -> Option<&Body> {
        self.frame.as_ref()
    }

    /// Returns the close of the WebSocket.
    pub const fn close(&self) -> Option<&Close> {
        self.close.as_ref()
    }

    /// Returns the reason why there was no complete response.
    pub const fn transport_error(&self) -> Option<TransportError> {
        self.transport_error
    }

    /// Returns the upload that the request refers to.
    pub const fn upload(&self) -> Option<&Upload> {
        self.upload.as_ref()
    }

    /// Returns the time at which the response was received.
    pub const fn received_at(&self) -> Option<SystemTime> {
        self.received_at
    }

    /// Returns the number of body bytes that the program received in chunks before the failure, if it is known.
    pub const fn delivered_bytes(&self) -> Option<u64> {
        self.delivered_bytes
    }

    /// Returns whether the request is idempotent: its method is GET, HEAD, PUT, DELETE, OPTIONS or TRACE (RFC 9110, 9.2.2), or it
    /// has an `Idempotency-Key`. A client may repeat such a request even if the server carried out the first one.
    ///
    /// With a frame or a close it returns `false`: the messages of a WebSocket are not idempotent, although the handshake is a
    /// GET.
    ///
    /// # Examples
    ///
    /// ```
    /// use waves_errors::Evidence;
    ///
    /// let post = Evidence::new().with_request("POST", "https://api.smallest.ai/waves/v1/tts");
    /// assert!(!post.is_idempotent());
    /// assert!(post.with_request_header("Idempotency-Key", "8e03978e").is_idempotent());
    /// ```
    pub fn is_idempotent(&self) -> bool {
        const METHODS: [&str; 6] = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];
        let handshaken = self.frame.is_some() || self.close.is_some();
        let method = self.method().is_some_and(|method| METHODS.contains(&method));
        let key =
            || self.request_headers().any(|(name, value)| name == "idempotency-key" && !value.trim_ascii().is_empty());
        !handshaken && (method || key())
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |headers: &[(String, Vec<u8>)]| headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Evidence")
            .field("transport", &self.transport)
            .field("method", &self.known_method())
            .field("request_headers", &names(&self.request_headers))
            .field("request_body", &self.request_body)
            .field("status", &self.status)
            .field("headers", &names(&self.headers))
            .field("body", &self.body)
            .field("frame", &self.frame)
            .field("close", &self.close.as_ref().map(|close| close.code))
            .field("transport_error", &self.transport_error)
            .field("upload", &self.upload)
            .field("delivered_bytes", &self.delivered_bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_and_headers_are_bounded() {
        let mut evidence =
            Evidence::response(500).with_body(vec![b'x'; Body::LIMIT + 1]).with_header("x", vec![b'y'; HEADER + 1]);
        for _ in 0..HEADERS {
            evidence = evidence.with_header("z", "");
        }
        let body = evidence.body().unwrap();
        assert_eq!(
            (body.bytes().len(), body.length(), body.is_whole()),
            (Body::LIMIT, Some(Body::LIMIT as u64 + 1), false)
        );
        assert_eq!(evidence.headers().count(), HEADERS);
        assert_eq!(evidence.header("x").unwrap().len(), HEADER);
    }

    #[test]
    fn idempotent_requests_are_recognized_by_method_and_key() {
        let request = |method: &str| Evidence::new().with_request(method, "https://host/");
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            assert!(request(method).is_idempotent(), "{method}");
        }
        for method in ["POST", "PATCH", "CONNECT", "get", ""] {
            assert!(!request(method).is_idempotent(), "{method}");
        }
        assert!(request("POST").with_request_header("Idempotency-Key", "8e03978e").is_idempotent());
        assert!(!request("POST").with_request_header("Idempotency-Key", " ").is_idempotent());
        assert!(!request("GET").with_frame("{}").is_idempotent());
        let close = Close::new(1006, "").with_opened(true);
        assert!(!request("GET").with_close(close).is_idempotent());
        assert!(!Evidence::no_response(TransportError::Timeout).is_idempotent());
    }

    #[test]
    fn debug_output_has_no_values() {
        let evidence = Evidence::response(401)
            .with_request("GET", "https://host/?token=sk_secret")
            .with_request_header("Authorization", "Bearer sk_secret")
            .with_header("set-cookie", "sk_secret")
            .with_body("sk_secret")
            .with_close(Close::new(1008, "sk_secret"));
        assert!(!format!("{evidence:?}").contains("secret"));
    }
}
