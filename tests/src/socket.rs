//! A real WebSocket server on a loopback port with a configured behavior for each connection.

use std::io;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// The behavior of the server for a connection.
#[derive(Debug, Clone)]
pub enum Act {
    /// The server refuses the handshake with this status and this body.
    Refuse(u16, &'static str),
    /// The server sends these frames, and then ends the socket.
    Say(Vec<Message>, Ending),
}

/// How a socket ends.
#[derive(Debug, Clone)]
pub enum Ending {
    /// A close with a code and a reason.
    Close(u16, String),
    /// A close without a code.
    Bare,
    /// The connection is cut.
    Cut,
    /// The server waits until the client ends it.
    Client,
}

impl Act {
    /// Returns a close without earlier messages.
    pub fn close(code: u16, reason: impl Into<String>) -> Self {
        Self::Say(Vec::new(), Ending::Close(code, reason.into()))
    }

    /// Returns a text frame, and then this ending.
    pub fn text(text: &str, ending: Ending) -> Self {
        Self::Say(vec![Message::text(text)], ending)
    }
}

/// A running server. It stops with its runtime.
pub struct SocketServer {
    address: SocketAddr,
}

impl SocketServer {
    /// Starts a server. `act` returns the behavior for connection number n; the first is 0.
    ///
    /// # Errors
    ///
    /// Fails if no loopback port is free.
    pub async fn start(act: impl Fn(usize) -> Act + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            let mut nth = 0;
            while let Ok((stream, _)) = listener.accept().await {
                // Ignore errors: the client may close the connection early.
                tokio::spawn(serve(stream, act(nth)));
                nth += 1;
            }
        });
        Ok(Self { address })
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }
}

async fn serve(stream: TcpStream, act: Act) -> Result<(), Error> {
    let id = |headers: &mut HeaderMap| {
        headers.insert("x-request-id", HeaderValue::from_static("req_ws"));
    };
    match act {
        Act::Refuse(status, body) => {
            #[expect(clippy::result_large_err, reason = "a type of tungstenite")]
            let refuse = |_: &Request, _: Response| -> Result<Response, ErrorResponse> {
                let mut response = ErrorResponse::new(Some(body.to_owned()));
                *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
                id(response.headers_mut());
                Err(response)
            };
            accept_hdr_async(stream, refuse).await.map(drop)
        }
        Act::Say(messages, ending) => {
            #[expect(clippy::result_large_err, reason = "a type of tungstenite")]
            let accept = |_: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
                id(response.headers_mut());
                Ok(response)
            };
            let mut socket = accept_hdr_async(stream, accept).await?;
            for message in messages {
                socket.send(message).await?;
            }
            end(socket, ending).await
        }
    }
}

async fn end(mut socket: WebSocketStream<TcpStream>, ending: Ending) -> Result<(), Error> {
    match ending {
        Ending::Close(code, reason) => {
            socket.close(Some(CloseFrame { code: code.into(), reason: reason.into() })).await?;
        }
        Ending::Bare => socket.close(None).await?,
        Ending::Cut => return Ok(()),
        Ending::Client => {}
    }
    // Wait for the close of the client.
    while let Some(message) = socket.next().await {
        message?;
    }
    Ok(())
}
