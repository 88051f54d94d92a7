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
use std::time::SystemTime;

use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{ProtocolError, UrlError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use waves_errors_core::{Body, Close, Evidence, Transport, TransportError};

use crate::adapter::{NOT_BUILT, unanswered};
use crate::attempt::Open;
use crate::error::CatalogEnum;
use crate::failure::Failure;
use crate::http::{record_request, with_headers};
use crate::io_error::connection_kind;
#[cfg(feature = "waves")]
use crate::waves::WavesError;

/// An open socket.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a socket. Returns it with a [`Watch`].
///
/// # Errors
///
/// Fails if the server refuses the handshake, if the connection fails, or if the request cannot be built. For a refused handshake, the
/// failure contains only the part of the body that arrives with the head: the library does not read the rest.
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
    let evidence = Evidence::new().with_transport(Transport::WebSocket);
    let request =
        request.into_client_request().map_err(|error| unanswered(evidence.clone(), Err(NOT_BUILT), &error))?;
    let evidence = record_request(evidence, request.method(), request.uri(), request.headers(), None);
    let evidence = evidence.with_all_request_headers();
    let open = Open::new(&evidence);
    let result = connect_async(request).await;
    let evidence = evidence.with_received_at(SystemTime::now());
    match result {
        Ok((socket, response)) => {
            open.upgrade();
            let handshake = with_headers(evidence, response.headers());
            Ok((socket, Watch { handshake, frame: None, kind: PhantomData }))
        }
        Err(error) => Err(refused(evidence, &error)),
    }
}

/// Returns the failure of a handshake that opened no socket.
fn refused<K: CatalogEnum>(request: Evidence, error: &Error) -> Failure<K> {
    let meaning = match error {
        Error::Http(response) => {
            let length = response.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
            let body = Body::prefix(response.body().as_deref().unwrap_or_default(), length);
            let evidence = with_headers(request.with_status(response.status().as_u16()), response.headers());
            return Failure::classify_as(evidence.with_body(body));
        }
        Error::Io(error) => Ok(connection_kind(error).unwrap_or(TransportError::Connect)),
        Error::Tls(_) => Ok(TransportError::Tls),
        Error::Url(UrlError::UnableToConnect(_)) => Ok(TransportError::Connect),
        Error::Url(UrlError::TlsFeatureNotEnabled) => {
            Err("no TLS support: enable a feature of tokio-tungstenite such as `rustls-tls-webpki-roots`")
        }
        Error::Protocol(ProtocolError::InvalidHeader(_)) => Err(NOT_BUILT),
        Error::Protocol(_) | Error::ConnectionClosed | Error::Capacity(_) => Ok(TransportError::Interrupted),
        _ => Err(NOT_BUILT),
    };
    unanswered(request, meaning, error)
}

/// Follows the messages of a socket and reports its end. `connect` creates it.
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
