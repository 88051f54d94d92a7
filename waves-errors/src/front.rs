//! The front of the body of an error response. The status is already known and nearly always decides the case, so at most 64 KiB
//! are read, for at most 5 seconds.

#[cfg(any(feature = "reqwest", feature = "tower"))]
use bytes::Buf;
use waves_errors_core::Body;

use crate::patience::PATIENCE;

/// The front of a body, and the error that ended it early.
pub(crate) struct Front<E> {
    pub(crate) body: Body,
    pub(crate) error: Option<E>,
}

impl<E> Front<E> {
    /// Converts the error.
    #[cfg(feature = "reqwest")]
    pub(crate) fn map<F>(self, change: impl FnOnce(E) -> F) -> Front<F> {
        Front { body: self.body, error: self.error.map(change) }
    }
}

/// Collects a body chunk by chunk.
#[derive(Default)]
struct Chunks {
    kept: Vec<u8>,
    ended: bool,
}

impl Chunks {
    /// Adds a chunk and returns whether there is room for more.
    fn take(&mut self, chunk: &[u8]) -> bool {
        // One byte above the limit proves that the body is longer.
        let room = Body::LIMIT + 1 - self.kept.len();
        self.kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
        self.kept.len() <= Body::LIMIT
    }

    fn front<E>(self, length: Option<u64>, error: Option<E>) -> Front<E> {
        let body = if self.ended { Body::whole(self.kept) } else { Body::prefix(self.kept, length) };
        Front { body, error }
    }
}

/// Reads the front of a body.
#[cfg(any(feature = "reqwest", feature = "tower"))]
pub(crate) async fn read_front<B: http_body::Body>(body: B) -> Front<B::Error> {
    let length = body.size_hint().exact();
    let mut chunks = Chunks::default();
    let mut body = std::pin::pin!(body);
    let reading = async {
        loop {
            match std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
                None => {
                    chunks.ended = true;
                    return None;
                }
                Some(Err(error)) => return Some(error),
                Some(Ok(frame)) => {
                    if let Ok(mut data) = frame.into_data() {
                        while data.has_remaining() {
                            let chunk = data.chunk();
                            let taken = chunk.len();
                            if !chunks.take(chunk) {
                                return None;
                            }
                            data.advance(taken);
                        }
                    }
                }
            }
        }
    };
    let error = tokio::time::timeout(PATIENCE, reading).await.ok().flatten();
    chunks.front(length, error)
}

/// Reads the front of a body of a blocking client. These clients cannot read without blocking, or change the timeout of a response.
/// Therefore a separate thread reads the body, so that the caller waits for at most 5 seconds. If the server sends nothing, the thread runs
/// until the connection closes. It does not affect other calls.
#[cfg(any(feature = "reqwest-blocking", feature = "ureq"))]
pub(crate) fn read_front_blocking(
    mut body: impl std::io::Read + Send + 'static,
    length: Option<u64>,
) -> Front<std::io::Error> {
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    let reading = move || {
        let mut buffer = vec![0; 8 * 1024];
        loop {
            let chunk = match body.read(&mut buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read.map(|length| buffer[..length].to_vec()),
            };
            let last = !matches!(&chunk, Ok(chunk) if !chunk.is_empty());
            if send.send(chunk).is_err() || last {
                return;
            }
        }
    };
    let mut chunks = Chunks::default();
    if let Err(error) = std::thread::Builder::new().name("waves-errors-body".into()).spawn(reading) {
        return chunks.front(length, Some(error));
    }
    let until = std::time::Instant::now() + PATIENCE;
    loop {
        let left = until.saturating_duration_since(std::time::Instant::now());
        let error = match receive.recv_timeout(left) {
            Ok(Ok(chunk)) if chunk.is_empty() => {
                chunks.ended = true;
                None
            }
            Ok(Ok(chunk)) if chunks.take(&chunk) => continue,
            Ok(Err(error)) => Some(error),
            Ok(Ok(_)) | Err(_) => None,
        };
        return chunks.front(length, error);
    }
}
