//! A real HTTP server on a loopback port. It remembers what it was asked, and when.

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
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the server was asked.
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
    /// When.
    pub at: Instant,
}

impl Seen {
    /// A header's value, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(HeaderName, HeaderValue)>,
    chunk: Bytes,
    /// How often the chunk is sent.
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

impl Answer {
    /// A whole answer.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), chunk: body.into(), times: 1, end: Ending::Proper }
    }

    /// No answer: the connection is cut.
    pub fn none() -> Self {
        Self { end: Ending::NoAnswer, ..Self::new(200, "") }
    }

    /// No answer: the connection stays open until the client closes it.
    pub fn silence() -> Self {
        Self { end: Ending::Silence, ..Self::new(200, "") }
    }

    /// The body so often, one after another.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// The connection is cut behind the body.
    pub fn cut(mut self) -> Self {
        self.end = Ending::Cut;
        self
    }

    /// The body stops here, and the connection stays open until the client closes it.
    pub fn stalled(mut self) -> Self {
        self.end = Ending::Stall;
        self
    }

    /// A further header, whose value need not be text.
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }
}

/// A body that is sent chunk by chunk; the flag says that all of it has been.
struct Chunks(Answer, bool);

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
            // What came before is sent first: whoever polls again has nothing else to do.
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

/// A running server. It ends with the runtime that it was started on.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server that answers as `answer` says.
    ///
    /// # Errors
    ///
    /// No loopback port can be had.
    pub async fn start(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let state = Arc::new((answer, Arc::clone(&seen), Mutex::new(HashMap::new())));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&state);
                tokio::spawn(async move {
                    let service = service_fn(async |request: Request<Incoming>| {
                        let (answer, seen, counts) = &*state;
                        let now = note(request, counts).await;
                        seen.lock().unwrap_or_else(PoisonError::into_inner).push(now.clone());
                        respond(answer(&now)).await
                    });
                    // A connection that is cut on purpose is an error here and nothing to tell.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self { address, seen })
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All that was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A server that sends these bytes to whoever has asked something, and ends the connection: for answers that no server
/// library would give. Returns its address.
///
/// # Errors
///
/// No loopback port can be had.
pub async fn raw(bytes: impl Into<Bytes>) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let bytes = bytes.into();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut asked = [0; 16 * 1024];
                if stream.read(&mut asked).await.is_ok_and(|read| read > 0) {
                    // Whoever has gone away needs no answer.
                    let _ = stream.write_all(&bytes).await;
                }
            });
        }
    });
    Ok(address)
}

/// The requests so far, by path and body.
type Counts = HashMap<(String, Bytes), usize>;

async fn note(request: Request<Incoming>, counts: &Mutex<Counts>) -> Seen {
    let at = Instant::now();
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let path = head.uri.to_string();
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let count = counts.entry((path.clone(), body.clone())).or_insert(0);
    *count += 1;
    Seen { method: head.method.to_string(), path, headers: head.headers, body, nth: *count - 1, at }
}

async fn respond(answer: Answer) -> io::Result<Response<Chunks>> {
    match answer.end {
        Ending::NoAnswer => return Err(io::ErrorKind::ConnectionReset.into()),
        Ending::Silence => std::future::pending().await,
        Ending::Proper | Ending::Cut | Ending::Stall => {}
    }
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Chunks(answer, false)).map_err(io::Error::other)
}
