//! For `tokio-tungstenite`: a handshake whose refusal is a [`Failure`], and a [`Watch`] that tells how the socket ended.
//!
//! A service that ends a conversation says why in a frame, in the close that follows, or in both; and whoever asks support
//! needs the request id of the handshake. The watch joins them.
//!
//! ```no_run
//! use futures_util::StreamExt;
//! use waves_errors::tokio_tungstenite::connect;
//!
//! # async fn example() -> Result<(), waves_errors::Failure> {
//! let (mut socket, mut watch) = connect("wss://api.smallest.ai/waves/v1/tts/live?token=KEY").await?;
//! while let Some(message) = watch.see(socket.next().await)? {
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
use crate::failure::{Failure, connection_kind};
use crate::http::{with_headers, with_request_headers};
#[cfg(feature = "waves")]
use crate::waves::WavesError;

/// An open socket.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a socket. A refused handshake, a connection that fails and a request that cannot be built are failures.
///
/// Of the body of a refusal that is known which came together with its head: the library reads no further.
#[cfg(feature = "waves")]
pub async fn connect(request: impl IntoClientRequest + Unpin) -> Result<(Socket, Watch), Failure> {
    connect_as(request).await
}

/// The same, for the catalog of `K`.
pub async fn connect_as<K: CatalogEnum>(
    request: impl IntoClientRequest + Unpin,
) -> Result<(Socket, Watch<K>), Failure<K>> {
    let asked = Evidence::new().with_transport(Transport::WebSocket);
    let request = request.into_client_request().map_err(|error| unanswered(asked.clone(), Err(NOT_BUILT), &error))?;
    let asked = with_request_headers(asked.with_request("GET", request.uri().to_string()), request.headers())
        .with_all_request_headers();
    let open = Open::new(&asked);
    let opened = connect_async(request).await;
    let asked = asked.with_received_at(SystemTime::now());
    match opened {
        Ok((socket, response)) => {
            open.upgrade();
            let handshake = with_headers(asked, response.headers());
            Ok((socket, Watch { handshake, frame: None, kind: PhantomData }))
        }
        Err(error) => Err(refused(asked, &error)),
    }
}

/// A handshake that opened no socket.
fn refused<K: CatalogEnum>(asked: Evidence, error: &Error) -> Failure<K> {
    let meaning = match error {
        Error::Http(response) => {
            let length = response.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
            let body = Body::front(response.body().as_deref().unwrap_or_default(), length);
            let evidence = with_headers(asked.with_status(response.status().as_u16()), response.headers());
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
    unanswered(asked, meaning, error)
}

/// Watches what comes over a socket, and tells how it ended.
pub struct Watch<#[cfg(feature = "waves")] K = WavesError, #[cfg(not(feature = "waves"))] K> {
    /// The request, and the headers of the answer that opened the socket.
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
    /// Looks at what the socket gave: the message to go on with, nothing once the socket has ended well, or how it failed.
    ///
    /// A close with 1000, or without a code, is a good end, unless the last frame before it told an error; so is the end
    /// after a close of one's own. A socket that ends without a close has failed. Error frames are messages like others,
    /// since the service says more in the close that follows; who does not want to wait for it asks
    /// [`error`](Self::error).
    pub fn see(&mut self, next: Option<Result<Message, Error>>) -> Result<Option<Message>, Failure<K>> {
        match next {
            Some(Ok(Message::Close(frame))) => self.closed(frame),
            Some(Ok(message)) => {
                self.note(&message);
                Ok(Some(message))
            }
            None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => self.closed(None),
            Some(Err(error)) => Err(self.broken(&error)),
        }
    }

    /// What the last message was, if it was an error frame.
    pub fn error(&self) -> Option<Failure<K>> {
        Some(Failure::classify_as(self.ended(self.frame.clone()?, None)))
    }

    /// What a message that could not be sent means. Where the service has closed the socket, the reason is still to be
    /// read from it.
    pub fn broken(&self, error: &Error) -> Failure<K> {
        match error {
            Error::Capacity(_) | Error::WriteBufferFull(_) => {
                unanswered(self.handshake.clone(), Err("a limit of the client was exceeded"), error)
            }
            _ => Failure::classify_as(self.lost()).with_source(error),
        }
    }

    /// Remembers an error frame until another message shows that the conversation goes on.
    fn note(&mut self, message: &Message) {
        let Message::Text(text) = message else {
            if matches!(message, Message::Binary(_)) {
                self.frame = None;
            }
            return;
        };
        // What does not fit is no error frame, and is not copied.
        let fits = text.len() <= Body::LIMIT;
        let failed = fits && K::CATALOG.classify(&Evidence::error_frame(text.as_bytes())).failed;
        self.frame = failed.then(|| Body::whole(text.as_bytes()));
    }

    fn closed(&mut self, frame: Option<CloseFrame>) -> Result<Option<Message>, Failure<K>> {
        let close = frame.filter(|frame| !matches!(u16::from(frame.code), 1000 | 1005)).map(|frame| Close {
            code: frame.code.into(),
            reason: frame.reason.to_string(),
            opened: Some(true),
        });
        match (self.frame.take(), close) {
            (None, None) => Ok(None),
            (frame, close) => Err(Failure::classify_as(self.ended(frame, close))),
        }
    }

    fn lost(&self) -> Evidence {
        let close = Close { code: 1006, reason: String::new(), opened: Some(true) };
        self.ended(self.frame.clone(), Some(close))
    }

    fn ended(&self, frame: impl Into<Option<Body>>, close: Option<Close>) -> Evidence {
        let evidence =
            frame.into().iter().fold(self.handshake.clone(), |evidence, frame| evidence.with_frame(frame.kept()));
        close.into_iter().fold(evidence.with_received_at(SystemTime::now()), Evidence::with_close)
    }
}
