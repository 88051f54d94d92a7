//! A real HTTP server on a loopback port. It records each request and its time.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{BodyExt, Collected};
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request to the server.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path and the query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The number of requests before this one with the same path, query and body.
    pub nth: usize,
    /// The time of arrival.
    pub at: Instant,
}

impl Seen {
    /// Returns the value of a header, if it is ASCII text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A response of the server.
#[derive(Debug, Clone)]
pub struct Response {
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    chunk: Bytes,
    /// The number of times that the chunk is sent.
    times: usize,
    end: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Proper,
    /// The connection is cut after the body so far.
    Cut,
    /// The connection is cut before anything is sent.
    NoAnswer,
    /// The connection stays open after the body so far, and nothing more is sent.
    Stall,
    /// The connection stays open, and nothing is sent.
    Silence,
}

impl Response {
    /// Returns a complete response.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), chunk: body.into(), times: 1, end: Ending::Proper }
    }

    /// Returns no response: the server cuts the connection.
    pub fn none() -> Self {
        Self { end: Ending::NoAnswer, ..Self::new(200, "") }
    }

    /// Returns no response: the connection stays open until the client closes it.
    pub fn silence() -> Self {
        Self { end: Ending::Silence, ..Self::new(200, "") }
    }

    /// Sends the body this number of times.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Cuts the connection after the body.
    pub fn cut(mut self) -> Self {
        self.end = Ending::Cut;
        self
    }

    /// Stops after the body, and keeps the connection open until the client closes it.
    pub fn stalled(mut self) -> Self {
        self.end = Ending::Stall;
        self
    }

    /// Adds a header. Its value may be any bytes.
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }
}

/// A body that is sent in chunks. The flag is set after the last chunk of a cut body.
struct Chunks(Response, bool);

impl Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.0.times > 0 {
            self.0.times -= 1;
            return Poll::Ready(Some(Ok(Frame::data(self.0.chunk.clone()))));
        }
        match self.0.end {
            // Return `Pending` once, so that hyper sends the previous chunks before the error.
            Ending::Cut if !self.1 => {
                self.1 = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Cut => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            Ending::Stall => Poll::Pending,
            Ending::Proper | Ending::NoAnswer | Ending::Silence => Poll::Ready(None),
        }
    }
}

/// A running server. It stops with its runtime.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server. `respond` returns the response to a request.
    ///
    /// # Errors
    ///
    /// Fails if no loopback port is free.
    pub async fn start(respond: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let state = Arc::new((respond, Arc::clone(&seen), Mutex::new(HashMap::new())));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&state);
                tokio::spawn(async move {
                    let service = service_fn(async |request: Request<Incoming>| {
                        let (respond, seen, counts) = &*state;
                        let request = record(request, counts).await;
                        seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                        send(respond(&request)).await
                    });
                    // Ignore the error: the server cuts some connections on purpose.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self { address, seen })
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns all requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Starts a server that sends these bytes in response to any request, and closes the connection. The bytes may be a response that
/// no server library sends. Returns its URL.
///
/// # Errors
///
/// Fails if no loopback port is free.
pub async fn raw(bytes: impl Into<Bytes>) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let bytes = bytes.into();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut request = [0; 16 * 1024];
                if stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                    // Ignore the error: the client may have closed the connection.
                    let _ = stream.write_all(&bytes).await;
                }
            });
        }
    });
    Ok(address)
}

/// The number of requests by path and body.
type Counts = HashMap<(String, Bytes), usize>;

async fn record(request: Request<Incoming>, counts: &Mutex<Counts>) -> Seen {
    let at = Instant::now();
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let path = head.uri.to_string();
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let count = counts.entry((path.clone(), body.clone())).or_insert(0);
    *count += 1;
    Seen { method: head.method.to_string(), path, headers: head.headers, body, nth: *count - 1, at }
}

async fn send(response: Response) -> io::Result<hyper::Response<Chunks>> {
    match response.end {
        Ending::NoAnswer => return Err(io::ErrorKind::ConnectionReset.into()),
        Ending::Silence => std::future::pending().await,
        Ending::Proper | Ending::Cut | Ending::Stall => {}
    }
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    builder.body(Chunks(response, false)).map_err(io::Error::other)
}
