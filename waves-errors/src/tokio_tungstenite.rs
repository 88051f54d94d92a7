//! Adapter for tokio-tungstenite: `connect` fails with a [`Failure`], and a [`Watch`] reports how the socket ended.
//!
//! The description of an error is in an error frame, in the close that follows, or in both; the request id is only in the handshake.
//! The watch combines them into one failure.
//!
//! # Examples
//!
//! ```no_run
//! use futures_util::StreamExt;
//! use waves_errors::tokio_tungstenite::connect;
//!
//! # async fn example() -> Result<(), waves_errors::Failure> {
//! let (mut socket, mut watch) = connect("wss://api.smallest.ai/waves/v1/tts/live?token=KEY").await?;
//! while let Some(message) = watch.check(socket.next().await)? {
//!     println!("{} bytes", message.len());
//! }
//! # Ok(()) }
//! ```

use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use http::{Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{ProtocolError, UrlError};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_with_config, connect_async_with_config};
use waves_errors_core::{Body, Close, Evidence, Transport, TransportError};

use crate::adapter::unanswered;
use crate::attempt::Open;
use crate::client_error::{Meaning, NOT_BUILT, UNREADABLE, meaning_in};
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::http::{record_request, with_headers};
use crate::refusal::{HeadFirst, body, read_body};
#[cfg(feature = "waves")]
use crate::waves::WavesError;

/// An open socket.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The maximum size of the buffer for frames that are not sent yet. Without a limit, pongs fill the memory while a server sends
/// pings and reads nothing.
const WRITE_BUFFER: usize = 16 << 20;

/// Opens a socket. Returns it with a [`Watch`]. To configure it, use [`Connect`].
///
/// # Errors
///
/// Fails if the server refuses the handshake, if the connection fails, or if the request cannot be built.
#[cfg(feature = "waves")]
pub async fn connect(request: impl IntoClientRequest + Unpin) -> Result<(Socket, Watch), Failure> {
    connect_as(request).await
}

/// Like `connect`, for the catalog of `K`.
///
/// # Errors
///
/// Fails like `connect`.
pub async fn connect_as<K: CatalogEnum>(
    request: impl IntoClientRequest + Unpin,
) -> Result<(Socket, Watch<K>), Failure<K>> {
    Connect::new().open_as(request).await
}

/// How to open a socket: the limits of the protocol, a timeout, and optionally a connection of your own.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
/// use waves_errors::tokio_tungstenite::Connect;
///
/// # async fn example() -> Result<(), waves_errors::Failure> {
/// let connect = Connect::new().with_timeout(Duration::from_secs(10));
/// let (socket, watch) = connect.open("wss://api.smallest.ai/waves/v1/tts/live?token=KEY").await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Connect {
    config: WebSocketConfig,
    timeout: Option<Duration>,
}

impl Default for Connect {
    fn default() -> Self {
        Self::new()
    }
}

impl Connect {
    /// Creates the default: the limits of tungstenite, but at most 16 MiB in the write buffer, and no timeout.
    pub fn new() -> Self {
        Self { config: WebSocketConfig::default().max_write_buffer_size(WRITE_BUFFER), timeout: None }
    }

    /// Sets the limits of the protocol. Keep a limit for `max_write_buffer_size`: a server that sends pings and reads nothing fills this
    /// buffer.
    pub fn with_config(mut self, config: WebSocketConfig) -> Self {
        self.config = config;
        self
    }

    /// Sets the maximum duration of the connection attempt and the handshake. Default: none.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Opens a socket. Returns it with a [`Watch`].
    ///
    /// Over `wss`, the body of a refusal is what arrives with its head: tungstenite drops the TLS connection. To read such a body completely,
    /// pass a TLS stream to [`open_over`](Self::open_over).
    ///
    /// # Errors
    ///
    /// Fails if the server refuses the handshake, if the connection fails or takes too long, or if the request cannot be built.
    #[cfg(feature = "waves")]
    pub async fn open(self, request: impl IntoClientRequest + Unpin) -> Result<(Socket, Watch), Failure> {
        self.open_as(request).await
    }

    /// Like `open`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `open`.
    pub async fn open_as<K: CatalogEnum>(
        self,
        request: impl IntoClientRequest + Unpin,
    ) -> Result<(Socket, Watch<K>), Failure<K>> {
        let (request, evidence) = prepared(request)?;
        let config = self.config;
        let opening = async {
            let uri = request.uri();
            let plain = (uri.scheme_str() == Some("ws")).then(|| uri.host()).flatten();
            let Some(host) = plain.map(|host| format!("{host}:{}", uri.port_u16().unwrap_or(80))) else {
                return match connect_async_with_config(request, Some(config), false).await {
                    Ok(opened) => Ok(opened),
                    Err(Error::Http(response)) => Err(Unopened::Refused(*response, None)),
                    Err(error) => Err(Unopened::Failed(error)),
                };
            };
            let stream = TcpStream::connect(host).await.map_err(Unopened::NotConnected)?;
            handshake(request, MaybeTlsStream::Plain(stream), config).await
        };
        // The future of a TLS handshake is large.
        self.finish(&evidence, Box::pin(opening)).await
    }

    /// Opens a socket over a connection of your own: through a proxy, or with your own TLS configuration. The stream is connected, and
    /// encrypted if the URL is `wss`.
    ///
    /// # Errors
    ///
    /// Fails if the server refuses the handshake, if the connection fails or takes too long, or if the request cannot be built.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use tokio::net::TcpStream;
    /// use waves_errors::{Failure, tokio_tungstenite::Connect};
    ///
    /// # async fn example() -> Result<(), Failure> {
    /// let stream = TcpStream::connect("127.0.0.1:8080").await.map_err(|error| Failure::connection_error(&error))?;
    /// let (socket, watch) = Connect::new().open_over("ws://127.0.0.1:8080/waves/v1/tts/live", stream).await?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "waves")]
    pub async fn open_over<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        request: impl IntoClientRequest + Unpin,
        stream: S,
    ) -> Result<(WebSocketStream<S>, Watch), Failure> {
        self.open_over_as(request, stream).await
    }

    /// Like `open_over`, for the catalog of `K`.
    ///
    /// # Errors
    ///
    /// Fails like `open_over`.
    pub async fn open_over_as<K: CatalogEnum, S: AsyncRead + AsyncWrite + Unpin>(
        self,
        request: impl IntoClientRequest + Unpin,
        stream: S,
    ) -> Result<(WebSocketStream<S>, Watch<K>), Failure<K>> {
        let (request, evidence) = prepared(request)?;
        let opening = handshake(request, stream, self.config);
        self.finish(&evidence, Box::pin(opening)).await
    }

    /// Waits for a socket, and creates its watch. The timeout does not include the body of a refusal, whose status is already known.
    async fn finish<S: AsyncRead + Unpin, K: CatalogEnum>(
        &self,
        evidence: &Evidence,
        opening: impl Future<Output = Result<(WebSocketStream<S>, Response<Option<Vec<u8>>>), Unopened<S>>>,
    ) -> Result<(WebSocketStream<S>, Watch<K>), Failure<K>> {
        let open = Open::new(evidence);
        let opened = match self.timeout {
            None => opening.await,
            Some(timeout) => match tokio::time::timeout(timeout, opening).await {
                Ok(opened) => opened,
                Err(elapsed) => return Err(unanswered(evidence.clone(), Ok(TransportError::Timeout), &elapsed)),
            },
        };
        match opened {
            Ok((socket, response)) => {
                open.upgrade();
                let evidence = evidence.clone().with_received_at(SystemTime::now());
                Ok((socket, Watch::new(with_headers(evidence, response.headers()))))
            }
            Err(unopened) => Err(unopened.failure(evidence.clone()).await),
        }
    }
}

/// The reason why a socket was not opened.
enum Unopened<S> {
    /// The server refused the handshake with this response. The stream and the bytes after the head, if the stream is known.
    Refused(Response<Option<Vec<u8>>>, Option<(S, Vec<u8>)>),
    NotConnected(std::io::Error),
    Failed(Error),
}

impl<S: AsyncRead + Unpin> Unopened<S> {
    async fn failure<K: CatalogEnum>(self, request: Evidence) -> Failure<K> {
        let (response, stream) = match self {
            Self::Refused(response, stream) => (response, stream),
            Self::NotConnected(error) => return unanswered(request, Ok(TransportError::Connect), &error),
            Self::Failed(error) => {
                let is_encrypted = request.url().is_some_and(|url| url.starts_with("wss:"));
                return unanswered(request, handshake_meaning(&error, is_encrypted), &error);
            }
        };
        let headers = response.headers();
        let body = match stream {
            Some((stream, received)) => read_body(stream, received, response.status(), headers).await,
            None => body(response.body().as_deref().unwrap_or_default(), headers, false),
        };
        let evidence = with_headers(request.with_status(response.status().as_u16()), headers);
        Failure::classify_as(evidence.with_body(body).with_received_at(SystemTime::now()))
    }
}

/// Returns the request of a handshake, and its evidence.
fn prepared<K: CatalogEnum>(request: impl IntoClientRequest + Unpin) -> Result<(Request<()>, Evidence), Failure<K>> {
    let evidence = Evidence::new().with_transport(Transport::WebSocket);
    let request = request.into_client_request().map_err(|error| unanswered(evidence, Err(NOT_BUILT), &error))?;
    let evidence = request_evidence(&request);
    Ok((request, evidence))
}

/// Returns the evidence of the request of a handshake, for a [`Watch`] of a socket that you open yourself.
pub fn request_evidence<T>(request: &Request<T>) -> Evidence {
    let evidence = Evidence::new().with_transport(Transport::WebSocket);
    record_request(evidence, request.method(), request.uri(), request.headers(), None).with_all_request_headers()
}

/// Opens a socket over a stream.
async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    request: Request<()>,
    stream: S,
    config: WebSocketConfig,
) -> Result<(WebSocketStream<S>, Response<Option<Vec<u8>>>), Unopened<S>> {
    let stream = HeadFirst::new(stream);
    let result = client_async_with_config(request, stream.clone(), Some(config)).await;
    // The socket contains a clone of the stream, which must be the only one.
    let result = result.map(|(socket, response)| {
        drop(socket);
        response
    });
    match (result, stream.into_parts()) {
        (Ok(response), Some((stream, rest))) => {
            Ok((WebSocketStream::from_partially_read(stream, rest, Role::Client, Some(config)).await, response))
        }
        (Err(Error::Http(response)), parts) => Err(Unopened::Refused(*response, parts)),
        (Ok(_), None) => Err(Unopened::Failed(Error::ConnectionClosed)),
        (Err(error), _) => Err(Unopened::Failed(error)),
    }
}

fn handshake_meaning(error: &Error, is_encrypted: bool) -> Meaning {
    match error {
        // rustls reports an invalid handshake as invalid data, which otherwise is an invalid response.
        Error::Io(error) => match meaning_in(error) {
            Some(Err(_)) if is_encrypted => Ok(TransportError::Tls),
            known => known.unwrap_or(Ok(TransportError::Interrupted)),
        },
        Error::Tls(_) => Ok(TransportError::Tls),
        Error::Url(UrlError::UnableToConnect(_)) => Ok(TransportError::Connect),
        Error::Url(UrlError::TlsFeatureNotEnabled) => {
            Err("no TLS support: enable a feature of tokio-tungstenite such as `rustls-tls-webpki-roots`")
        }
        Error::Protocol(ProtocolError::InvalidHeader(_) | ProtocolError::WrongHttpMethod) => Err(NOT_BUILT),
        Error::Protocol(ProtocolError::HandshakeIncomplete) | Error::ConnectionClosed => {
            Ok(TransportError::Interrupted)
        }
        // An invalid format of the request is found earlier.
        Error::Protocol(_) | Error::Capacity(_) | Error::AttackAttempt | Error::HttpFormat(_) => Err(UNREADABLE),
        _ => Err(NOT_BUILT),
    }
}

/// Follows the messages of a socket and reports its end. `connect` creates it; [`new`](Self::new) is for a socket that you open yourself.
pub struct Watch<#[cfg(feature = "waves")] K = WavesError, #[cfg(not(feature = "waves"))] K> {
    /// The request, and the headers of the response that opened the socket.
    handshake: Evidence,
    /// The last message, if it was an error frame.
    frame: Option<Body>,
    kind: PhantomData<fn() -> K>,
}

impl<K> std::fmt::Debug for Watch<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("handshake", &self.handshake).field("frame", &self.frame).finish()
    }
}

impl<K: CatalogEnum> Watch<K> {
    /// Creates a watch for a socket that is already open. `handshake` is the evidence of its request: see [`request_evidence`]. To
    /// include the request id of the response, add its headers with [`with_headers`].
    pub const fn new(handshake: Evidence) -> Self {
        Self { handshake, frame: None, kind: PhantomData }
    }

    /// Checks the next item of the socket's stream. Returns the message, or `None` after a normal end.
    ///
    /// The end is normal after a close with 1000, after a close without a code, and after a close that the program itself sent,
    /// unless the last message was an error frame. Error frames are returned like other messages, because the close that follows
    /// has more information. Call [`error_frame`](Self::error_frame) to fail without waiting for the close.
    ///
    /// # Errors
    ///
    /// Fails after any other close, if the connection ends without a close, and if the socket ends right after an error frame.
    pub fn check(&mut self, next: Option<Result<Message, Error>>) -> Result<Option<Message>, Failure<K>> {
        match next {
            Some(Ok(Message::Close(frame))) => self.closed(frame),
            Some(Ok(message)) => {
                self.remember(&message);
                Ok(Some(message))
            }
            None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => self.closed(None),
            Some(Err(error)) => Err(self.failure(&error)),
        }
    }

    /// Returns the failure that the last message describes, if it was an error frame.
    pub fn error_frame(&self) -> Option<Failure<K>> {
        Some(Failure::classify_as(self.ended(self.frame.clone()?, None)))
    }

    /// Returns the failure for an error of the socket, such as that of a message that could not be sent. If the service closed
    /// the socket, read the remaining messages instead: the close contains the reason.
    pub fn failure(&self, error: &Error) -> Failure<K> {
        match error {
            Error::Capacity(_) | Error::WriteBufferFull(_) => {
                unanswered(self.handshake.clone(), Err("a limit of the client was exceeded"), error)
            }
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing) => {
                Failure::classify_as(self.lost()).with_source(error)
            }
            Error::Protocol(_) | Error::Utf8(_) | Error::AttackAttempt => {
                unanswered(self.ended(self.frame.clone(), None), Err("the server sent an invalid frame"), error)
            }
            _ => Failure::classify_as(self.lost()).with_source(error),
        }
    }

    /// Keeps an error frame until the next text or binary message, which proves that the frame was not the end.
    fn remember(&mut self, message: &Message) {
        let Message::Text(text) = message else {
            if matches!(message, Message::Binary(_)) {
                self.frame = None;
            }
            return;
        };
        // A longer text is not an error frame and is not copied.
        let fits = text.len() <= Body::LIMIT;
        let failed = fits && K::CATALOG.classify(&Evidence::error_frame(text.as_bytes())).failed;
        self.frame = failed.then(|| Body::whole(text.as_bytes()));
    }

    fn closed(&mut self, frame: Option<CloseFrame>) -> Result<Option<Message>, Failure<K>> {
        // tungstenite replaces a close whose code must not be sent by this one, so it is probably not the server's.
        if frame.as_ref().is_some_and(|frame| u16::from(frame.code) == 1002 && frame.reason == "Protocol violation") {
            return Err(Failure::classify_as(self.lost()));
        }
        let close = frame
            .filter(|frame| !matches!(u16::from(frame.code), 1000 | 1005))
            .map(|frame| Close::new(frame.code.into(), frame.reason.as_str()).with_opened(true));
        match (self.frame.take(), close) {
            (None, None) => Ok(None),
            (frame, close) => Err(Failure::classify_as(self.ended(frame, close))),
        }
    }

    fn lost(&self) -> Evidence {
        self.ended(self.frame.clone(), Some(Close::new(1006, "").with_opened(true)))
    }

    fn ended(&self, frame: impl Into<Option<Body>>, close: Option<Close>) -> Evidence {
        let evidence =
            frame.into().iter().fold(self.handshake.clone(), |evidence, frame| evidence.with_frame(frame.bytes()));
        close.into_iter().fold(evidence.with_received_at(SystemTime::now()), Evidence::with_close)
    }
}
