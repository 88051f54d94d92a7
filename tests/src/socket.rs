//! A real WebSocket server on a loopback port that does with each connection what it is told.

use std::io;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// What the server does with a connection.
#[derive(Debug, Clone)]
pub enum Act {
    /// It refuses the handshake with this status and this body.
    Refuse(u16, &'static str),
    /// It sends these frames, and then ends the socket so.
    Say(Vec<Message>, Ending),
}

/// How a socket ends.
#[derive(Debug, Clone)]
pub enum Ending {
    /// With a close: a code and a reason.
    Close(u16, String),
    /// With a close that says nothing.
    Bare,
    /// The connection is cut.
    Cut,
    /// The server waits until the client ends it.
    Client,
}

impl Act {
    /// A socket on which nothing is said, that is closed so.
    pub fn close(code: u16, reason: impl Into<String>) -> Self {
        Self::Say(Vec::new(), Ending::Close(code, reason.into()))
    }

    /// A frame of text, and then this ending.
    pub fn text(text: &str, ending: Ending) -> Self {
        Self::Say(vec![Message::text(text)], ending)
    }
}

/// A running server. It ends with the runtime that it was started on.
pub struct SocketServer {
    address: SocketAddr,
}

impl SocketServer {
    /// Starts a server that does with its nth connection, from 0, what `act` says.
    ///
    /// # Errors
    ///
    /// No loopback port can be had.
    pub async fn start(act: impl Fn(usize) -> Act + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            let mut nth = 0;
            while let Ok((stream, _)) = listener.accept().await {
                // A client that goes away early is an error here and nothing to tell.
                tokio::spawn(serve(stream, act(nth)));
                nth += 1;
            }
        });
        Ok(Self { address })
    }

    /// The address of a path.
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
            #[expect(clippy::result_large_err, reason = "the library's own type")]
            let refuse = |_: &Request, _: Response| -> Result<Response, ErrorResponse> {
                let mut answer = ErrorResponse::new(Some(body.to_owned()));
                *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
                id(answer.headers_mut());
                Err(answer)
            };
            accept_hdr_async(stream, refuse).await.map(drop)
        }
        Act::Say(messages, ending) => {
            #[expect(clippy::result_large_err, reason = "the library's own type")]
            let accept = |_: &Request, mut answer: Response| -> Result<Response, ErrorResponse> {
                id(answer.headers_mut());
                Ok(answer)
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
    // The end of the client's side of the close.
    while let Some(message) = socket.next().await {
        message?;
    }
    Ok(())
}
