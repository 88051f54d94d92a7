//! The response that refuses a WebSocket handshake. tungstenite reads only the head, so this module reads the body: at most 64 KiB, for at
//! most 5 seconds.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use http::{HeaderMap, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use waves_errors_core::Body;

use crate::patience::PATIENCE;

/// The maximum number of bytes of a body with its chunk sizes.
const ENCODED: usize = 2 * Body::LIMIT;
/// A stream that returns the head of a response, and keeps the bytes after it: the body of a refusal, or the first frames. Its clones share
/// the stream, because tungstenite drops its own when the handshake fails.
pub(crate) struct HeadFirst<S>(Arc<Mutex<Shared<S>>>);

struct Shared<S> {
    stream: S,
    head: Head,
    /// The bytes after the head; `None` before its end.
    rest: Option<Vec<u8>>,
}

impl<S> Clone for HeadFirst<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> HeadFirst<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self(Arc::new(Mutex::new(Shared { stream, head: Head::default(), rest: None })))
    }

    fn lock(&self) -> MutexGuard<'_, Shared<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the stream and the bytes after the head, unless another clone exists.
    pub(crate) fn into_parts(self) -> Option<(S, Vec<u8>)> {
        let shared = Arc::into_inner(self.0)?.into_inner().unwrap_or_else(PoisonError::into_inner);
        Some((shared.stream, shared.rest.unwrap_or_default()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadFirst<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let shared = &mut *self.lock();
        if shared.rest.is_some() {
            // The end of the stream: the handshake must not read more than the head.
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut shared.stream).poll_read(context, buffer))?;
        if let Some(length) = shared.head.end(&buffer.filled()[before..]) {
            shared.rest = Some(buffer.filled()[before + length..].to_vec());
            buffer.set_filled(before + length);
        }
        Poll::Ready(Ok(()))
    }
}

/// Finds the end of a head, as httparse does: an empty line, except at the front. Lines end with LF or CRLF.
#[derive(Default)]
struct Head {
    has_started: bool,
    /// Whether the current line has a character.
    has_content: bool,
}

impl Head {
    /// Returns the number of the next bytes that belong to the head, if it ends within them.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' if self.has_started && !self.has_content => return Some(at + 1),
                b'\n' => self.has_content = false,
                b'\r' => {}
                _ => (self.has_started, self.has_content) = (true, true),
            }
        }
        None
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadFirst<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.lock().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.lock().stream).poll_shutdown(context)
    }
}

/// Reads the rest of a body from a stream. `received` is its front.
pub(crate) async fn read_body(
    mut stream: impl AsyncRead + Unpin,
    mut received: Vec<u8>,
    status: StatusCode,
    headers: &HeaderMap,
) -> Body {
    if status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        return Body::whole([]);
    }
    let mut has_ended = false;
    let reading = async {
        let mut buffer = vec![0; 8 * 1024];
        while received.len() < ENCODED && !is_complete(&received, headers) {
            match stream.read(&mut buffer).await {
                Ok(0) => {
                    has_ended = true;
                    return;
                }
                Ok(length) => received.extend_from_slice(&buffer[..length]),
                Err(_) => return,
            }
        }
    };
    // After this time, the front is the body.
    let _ = tokio::time::timeout(PATIENCE, reading).await;
    body(&received, headers, has_ended)
}

/// Returns the body that these bytes encode. `has_ended` is whether the connection ended after them.
pub(crate) fn body(received: &[u8], headers: &HeaderMap, has_ended: bool) -> Body {
    let length = length(headers);
    if is_chunked(headers) {
        let (content, is_whole) = decode_chunks(received);
        return if is_whole { Body::whole(content) } else { Body::prefix(content, None) };
    }
    match length {
        Some(length) if received.len() as u64 >= length => {
            Body::whole(&received[..usize::try_from(length).unwrap_or(received.len())])
        }
        Some(length) => Body::prefix(received, Some(length)),
        None if has_ended => Body::whole(received),
        None => Body::prefix(received, None),
    }
}

fn is_complete(received: &[u8], headers: &HeaderMap) -> bool {
    if is_chunked(headers) {
        // The last chunk and its trailers end with an empty line, so most reads need no decoding.
        return received.ends_with(b"\r\n\r\n") && decode_chunks(received).1;
    }
    length(headers).is_some_and(|length| received.len() as u64 >= length)
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get("content-length")?.to_str().ok()?.trim().parse().ok()
}

fn is_chunked(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all("transfer-encoding").iter().filter_map(|coding| coding.to_str().ok());
    codings.next_back().is_some_and(|coding| coding.trim().to_ascii_lowercase().ends_with("chunked"))
}

/// Decodes chunks. Returns the content, and whether the last chunk is among them. Ends at an invalid chunk.
fn decode_chunks(mut encoded: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    while let Some(end) = encoded.windows(2).position(|window| window == b"\r\n") {
        let size = encoded[..end].split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(size).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size else { break };
        if size == 0 {
            return (content, true);
        }
        let chunk = &encoded[end + 2..];
        content.extend_from_slice(&chunk[..size.min(chunk.len())]);
        // The line end after the chunk.
        encoded = chunk.get(size.saturating_add(2)..).unwrap_or_default();
    }
    (content, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_ends_at_an_empty_line() {
        for (text, length) in [
            ("HTTP/1.1 200 OK\r\na: b\r\n\r\nrest", Some(25)),
            ("HTTP/1.1 200 OK\n\nrest", Some(17)),
            ("HTTP/1.1 200 OK\n\r\nrest", Some(18)),
            ("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", Some(23)),
            ("HTTP/1.1 200 OK\r\na: b\r\n", None),
        ] {
            assert_eq!(Head::default().end(text.as_bytes()), length, "{text:?}");
            // In any two parts.
            for at in 0..text.len() {
                let (first, second) = text.as_bytes().split_at(at);
                let mut head = Head::default();
                let found = head.end(first).or_else(|| Some(at + head.end(second)?));
                assert_eq!(found, length, "{text:?} at {at}");
            }
        }
    }

    #[test]
    fn chunks_are_decoded_up_to_the_first_invalid_one() {
        for (encoded, content, is_whole) in [
            ("4\r\nWiki\r\n5;a=b\r\npedia\r\n0\r\n\r\n", "Wikipedia", true),
            ("4\r\nWiki\r\n0;a=b\r\nx: y\r\n\r\n", "Wiki", true),
            ("4\r\nWiki\r\n5\r\npe", "Wikipe", false),
            ("4\r\nWiki\r\nno\r\n", "Wiki", false),
            ("ffffffffffffffff\r\nx", "x", false),
            ("", "", false),
        ] {
            assert_eq!(decode_chunks(encoded.as_bytes()), (content.as_bytes().to_vec(), is_whole), "{encoded}");
        }
    }
}
