//! What is known of a failed exchange. Adapters and callers fill it in; nothing here decides anything.

use std::fmt;
use std::time::SystemTime;

/// How many bytes of a body are kept.
const KEPT: usize = 64 * 1024;
/// How many headers of an answer are kept, and how many bytes of each value.
const HEADERS: usize = 256;
const HEADER: usize = 8 * 1024;

/// What is known of a failed exchange.
///
/// Built part by part; every part is optional. Sizes are bounded: of a body the first 64 KiB are kept, of an
/// answer's headers the first 256 with 8 KiB each. Its `Debug` shows statuses, names and sizes, and no value that a secret could
/// stand in.
///
/// # Examples
///
/// ```
/// use waves_errors::Evidence;
///
/// let evidence = Evidence::response(429)
///     .header("Retry-After", "2")
///     .body(r#"{"message":"Concurrency limit reached"}"#);
/// assert_eq!(evidence.status(), Some(429));
/// assert_eq!(evidence.header_text("retry-after"), Some("2"));
/// ```
#[derive(Clone, Default)]
pub struct Evidence {
    transport: Transport,
    method: Option<String>,
    url: Option<String>,
    request_headers: Vec<(String, Vec<u8>)>,
    all_request_headers: bool,
    request_body: Option<Body>,
    status: Option<u16>,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Body>,
    frame: Option<Body>,
    close: Option<Close>,
    io: Option<Io>,
    received: Option<SystemTime>,
    upload: Option<Upload>,
    delivered_bytes: Option<u64>,
}

/// An upload to storage that came before, as the program that made it knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The key of the object.
    pub key: String,
    /// The status that the storage service answered with; nothing, or one below 200, where it has not yet.
    pub status: Option<u16>,
}

/// A key may name a person: it is shown by its length.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("key", &self.key.len()).field("status", &self.status).finish()
    }
}

/// How the exchange travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Transport {
    /// HTTP.
    #[default]
    Http,
    /// A WebSocket, opened by a program that can set headers.
    WebSocket,
    /// A WebSocket, opened by a browser, which cannot.
    BrowserWebSocket,
}

/// Why there was no answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Io {
    /// No connection came about: nothing was sent.
    Connect,
    /// Time ran out.
    Timeout,
    /// The TLS handshake failed.
    Tls,
    /// The connection ended before the answer did.
    Interrupted,
}

impl Io {
    /// All of them, in the order of their numbers in a table.
    pub const ALL: [Self; 4] = [Self::Connect, Self::Timeout, Self::Tls, Self::Interrupted];

    /// The name that catalogs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Interrupted => "interrupted",
        }
    }
}

/// How a WebSocket was closed.
#[derive(Clone, PartialEq, Eq)]
pub struct Close {
    /// The close code; 1006 where the socket ended without one.
    pub code: u16,
    /// The reason that came with it.
    pub reason: String,
    /// Whether the socket had been open, where that is known.
    pub opened: Option<bool>,
}

/// A reason may repeat what the client sent: it is shown by its length.
impl fmt::Debug for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("Close");
        f.field("code", &self.code).field("reason", &self.reason.len()).field("opened", &self.opened).finish()
    }
}

/// The first part of a body, and how long it was.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    kept: Vec<u8>,
    length: Option<u64>,
}

impl Body {
    /// A body that is wholly there.
    pub fn whole(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self { kept: bytes[..bytes.len().min(KEPT)].to_vec(), length: Some(bytes.len() as u64) }
    }

    /// The front of a body of which no more was read; `length` is what the sender announced.
    pub fn front(bytes: impl AsRef<[u8]>, length: Option<u64>) -> Self {
        let bytes = bytes.as_ref();
        let kept = bytes[..bytes.len().min(KEPT)].to_vec();
        // An announcement that is shorter than what came is wrong.
        Self { length: length.filter(|&length| length >= bytes.len() as u64), kept }
    }

    /// The bytes that are kept: at most 64 KiB.
    pub fn kept(&self) -> &[u8] {
        &self.kept
    }

    /// How long the body was, in bytes, where that is known.
    pub const fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether all of it is kept.
    pub fn is_whole(&self) -> bool {
        self.length == Some(self.kept.len() as u64)
    }

    /// How many bytes of a body are kept at most: reading more of a failure's body is in vain.
    pub const LIMIT: usize = KEPT;
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Some(length) => write!(f, "{length} bytes"),
            None => write!(f, "more than {} bytes", self.kept.len()),
        }
    }
}

/// Building.
impl Evidence {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An answer with this status came.
    pub fn response(status: u16) -> Self {
        Self::new().with_status(status)
    }

    /// No answer came.
    pub fn no_answer(io: Io) -> Self {
        Self { io: Some(io), ..Self::default() }
    }

    /// The WebSocket was closed.
    pub fn closed(code: u16, reason: impl Into<String>) -> Self {
        let close = Close { code, reason: reason.into(), opened: None };
        Self { transport: Transport::WebSocket, close: Some(close), ..Self::default() }
    }

    /// A WebSocket frame came.
    pub fn frame(text: impl AsRef<[u8]>) -> Self {
        Self { transport: Transport::WebSocket, frame: Some(Body::whole(text)), ..Self::default() }
    }

    /// How the exchange travelled.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// What was asked: the method and the whole URL.
    pub fn request(self, method: impl Into<String>, url: impl Into<String>) -> Self {
        self.with_method(method).with_url(url)
    }

    /// The method of the request.
    pub fn with_method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// The whole URL of the request.
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// A header of the request, as bytes: it need not be text.
    pub fn request_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        // Not bounded: the caller holds them anyway, and what is not known here cannot be kept from being shown.
        self.request_headers.push((name.to_ascii_lowercase(), value.as_ref().to_vec()));
        self
    }

    /// There were no other headers in the request than those that are given: what is not among them was not sent. A client
    /// that adds some by itself cannot say so.
    pub fn all_request_headers(mut self) -> Self {
        self.all_request_headers = true;
        self
    }

    /// The body of the request.
    pub fn request_body(mut self, body: Body) -> Self {
        self.request_body = Some(body);
        self
    }

    /// The status of the answer.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// A header of the answer, as bytes: it need not be text.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        push(&mut self.headers, name, value.as_ref());
        self
    }

    /// The body of the answer, wholly read.
    pub fn body(self, bytes: impl AsRef<[u8]>) -> Self {
        self.body_part(Body::whole(bytes))
    }

    /// The body of the answer, perhaps only its front.
    pub fn body_part(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    /// An error frame that came before the close.
    pub fn with_frame(mut self, text: impl AsRef<[u8]>) -> Self {
        self.frame = Some(Body::whole(text));
        self
    }

    /// The close that ended the exchange.
    pub fn with_close(mut self, close: Close) -> Self {
        self.close = Some(close);
        self
    }

    /// Why the answer did not come, or not wholly.
    pub fn with_io(mut self, io: Io) -> Self {
        self.io = Some(io);
        self
    }

    /// The upload of the object that the request is about: its key, and the status that the storage service answered with,
    /// if it has.
    pub fn upload(mut self, key: impl Into<String>, status: Option<u16>) -> Self {
        self.upload = Some(Upload { key: key.into(), status });
        self
    }

    /// When the answer came.
    pub fn received(mut self, at: SystemTime) -> Self {
        self.received = Some(at);
        self
    }

    /// Sets the number of body bytes that the program had received in chunks before the failure. A program that decodes the body sets
    /// what it has passed on: a retry loop does not repeat an operation after the first byte.
    pub fn with_delivered_bytes(mut self, bytes: u64) -> Self {
        self.delivered_bytes = Some(bytes);
        self
    }
}

fn push(headers: &mut Vec<(String, Vec<u8>)>, name: &str, value: &[u8]) {
    if headers.len() < HEADERS {
        headers.push((name.to_ascii_lowercase(), value[..value.len().min(HEADER)].to_vec()));
    }
}

/// Reading.
impl Evidence {
    /// How the exchange travelled.
    pub const fn over(&self) -> Transport {
        self.transport
    }

    /// The method of the request.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// The method of the request, if it is one that HTTP itself defines, or else `_OTHER`: for logs.
    pub fn known_method(&self) -> Option<&'static str> {
        const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
        let method = self.method()?;
        Some(KNOWN.into_iter().find(|known| *known == method).unwrap_or("_OTHER"))
    }

    /// The URL of the request, unredacted.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The headers of the request, names in lower case, unredacted.
    pub fn request_headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.request_headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Whether no other header was sent than [`request_headers`](Self::request_headers).
    pub const fn has_all_request_headers(&self) -> bool {
        self.all_request_headers
    }

    /// The upload that came before.
    pub const fn uploaded(&self) -> Option<&Upload> {
        self.upload.as_ref()
    }

    /// The body of the request, unredacted.
    pub const fn sent(&self) -> Option<&Body> {
        self.request_body.as_ref()
    }

    /// The status of the answer.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The headers of the answer, names in lower case, unredacted.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// The first header of the answer with this name (in lower case) whose value is text.
    pub fn header_text(&self, name: &str) -> Option<&str> {
        self.header_texts(name).next()
    }

    /// All headers of the answer with this name (in lower case) whose values are text.
    pub fn header_texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers().filter(move |(have, _)| *have == name).filter_map(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// The body of the answer, unredacted.
    pub const fn answer(&self) -> Option<&Body> {
        self.body.as_ref()
    }

    /// The last error frame, unredacted.
    pub const fn error_frame(&self) -> Option<&Body> {
        self.frame.as_ref()
    }

    /// How the WebSocket was closed.
    pub const fn close(&self) -> Option<&Close> {
        self.close.as_ref()
    }

    /// Why there was no answer, or not all of it.
    pub const fn io(&self) -> Option<Io> {
        self.io
    }

    /// When the answer came.
    pub const fn arrived(&self) -> Option<SystemTime> {
        self.received
    }

    /// Returns the number of body bytes that the program had received in chunks before the failure, if it is known.
    pub const fn delivered_bytes(&self) -> Option<u64> {
        self.delivered_bytes
    }

    /// Returns whether the request is idempotent: its method is GET, HEAD, PUT, DELETE, OPTIONS or TRACE (RFC 9110, 9.2.2), or it has
    /// an `Idempotency-Key`. A client may repeat such a request even if the first one was carried out.
    ///
    /// A frame or a close means that a WebSocket was open: its messages are not idempotent, although the handshake is a GET.
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
            .field("io", &self.io)
            .field("upload", &self.upload)
            .field("delivered_bytes", &self.delivered_bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bounded() {
        let mut evidence = Evidence::response(500).body(vec![b'x'; KEPT + 1]).header("x", vec![b'y'; HEADER + 1]);
        for _ in 0..HEADERS {
            evidence = evidence.header("z", "");
        }
        let body = evidence.answer().unwrap();
        assert_eq!((body.kept().len(), body.length(), body.is_whole()), (KEPT, Some(KEPT as u64 + 1), false));
        assert_eq!(evidence.headers().count(), HEADERS);
        assert_eq!(evidence.header_text("x").unwrap().len(), HEADER);
    }

    #[test]
    fn an_announced_length_is_believed_only_where_it_can_be_true() {
        assert_eq!(Body::front("abc", Some(10)).length(), Some(10));
        assert_eq!(Body::front("abc", Some(2)).length(), None);
        assert_eq!(format!("{:?}", Body::front("abc", None)), "more than 3 bytes");
    }

    #[test]
    fn idempotent_requests_are_recognized_by_method_and_key() {
        let request = |method: &str| Evidence::new().request(method, "https://host/");
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            assert!(request(method).is_idempotent(), "{method}");
        }
        for method in ["POST", "PATCH", "CONNECT", "get", ""] {
            assert!(!request(method).is_idempotent(), "{method}");
        }
        assert!(request("POST").request_header("Idempotency-Key", "8e03978e").is_idempotent());
        assert!(!request("POST").request_header("Idempotency-Key", " ").is_idempotent());
        assert!(!request("GET").with_frame("{}").is_idempotent());
        let close = Close { code: 1006, reason: String::new(), opened: Some(true) };
        assert!(!request("GET").with_close(close).is_idempotent());
        assert!(!Evidence::no_answer(Io::Timeout).is_idempotent());
    }

    #[test]
    fn debug_shows_no_value() {
        let evidence = Evidence::response(401)
            .request("GET", "https://host/?token=sk_secret")
            .request_header("Authorization", "Bearer sk_secret")
            .header("set-cookie", "sk_secret")
            .body("sk_secret")
            .with_close(Close { code: 1008, reason: "sk_secret".into(), opened: None });
        assert!(!format!("{evidence:?}").contains("secret"));
    }
}
