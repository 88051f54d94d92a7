//! [`RedactingWriter`]: redacts a stream line by line, in bounded memory.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::redactor::{Redacted, Redactor, characters};
use super::shape::{base64_lines, ends_in_key, is_end};

/// The maximum number of bytes that wait for the end of their line, or of their private key.
const WINDOW: usize = 256 << 10;
/// The maximum number of bytes of a private key that wait for its last line.
const KEY: usize = 32 << 10;
/// The maximum length of what precedes a secret and reveals it: its name, its scheme.
const CONTEXT: usize = 256;
/// The part of a window of a long line that is not written yet, because a secret in it may continue.
const OVERLAP: usize = 64 << 10;

/// A writer that redacts what is written to it, and passes it on line by line.
///
/// It writes each line when its end arrives, so a log can be followed. It keeps at most 256 KiB: a longer line is redacted in parts, which
/// end between words and outside of secrets. A private key is kept until its last line. The last line is written by
/// [`finish`](Self::finish), or when the writer is dropped.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use waves_errors::{CatalogEnum, Evidence, RedactingWriter, Redactor, WavesError};
///
/// let redactor = Redactor::new(WavesError::CATALOG, &Evidence::new());
/// let mut log = RedactingWriter::new(&redactor, Vec::new());
/// writeln!(log, "key sk_0123456789 rejected, request id req_7f3a9c")?;
/// let written = log.finish()?;
/// assert_eq!(String::from_utf8_lossy(&written), "key \u{2039}13 characters\u{203a} rejected, request id req_7f3a9c\n");
/// # Ok::<_, std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct RedactingWriter<'r, W: Write> {
    redactor: &'r Redactor,
    /// The writer; `None` after `finish`.
    inner: Option<W>,
    /// The bytes that are not redacted yet.
    pending: Vec<u8>,
    /// The number of bytes at the front of `pending` that contain no line end.
    searched: usize,
    /// Whether the last part ended within a secret.
    in_secret: bool,
    /// Whether the last part ended within a private key.
    in_key: bool,
    counts: BTreeMap<String, usize>,
}

impl<'r, W: Write> RedactingWriter<'r, W> {
    /// Creates a writer that passes the redacted text to `inner`.
    pub fn new(redactor: &'r Redactor, inner: W) -> Self {
        Self {
            redactor,
            inner: Some(inner),
            pending: Vec::new(),
            searched: 0,
            in_secret: false,
            in_key: false,
            counts: BTreeMap::new(),
        }
    }

    /// Returns the kinds of the values replaced so far, in alphabetical order, with their number.
    pub fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.counts.iter().map(|(kind, &count)| (kind.as_str(), count))
    }

    /// Writes the last line, which has no line end. Call it at the end of the input only: a secret that continues would not be recognized.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn write_last_line(&mut self) -> io::Result<()> {
        self.write_rest()?;
        self.flush()
    }

    /// Writes the last line, and flushes and returns the writer.
    ///
    /// # Errors
    ///
    /// Fails if the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_last_line()?;
        self.inner.take().ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }

    fn write_rest(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.pending);
        self.write_part(&rest)
    }

    /// Writes the complete lines of `pending`, and parts of lines and keys that are too long to wait for.
    fn write_lines(&mut self) -> io::Result<()> {
        loop {
            let end = self.pending[self.searched..].iter().rposition(|&byte| byte == b'\n');
            self.searched = end.map_or(self.pending.len(), |_| self.searched);
            let is_full = self.pending.len() > WINDOW;
            let end = match end.map(|end| self.searched + end + 1) {
                Some(end) if end > KEY || !self.ends_in_key(end) => end,
                _ if is_full => self.cut(),
                _ => return Ok(()),
            };
            let rest = self.pending.split_off(end);
            let part = std::mem::replace(&mut self.pending, rest);
            self.searched = 0;
            self.write_part(&part)?;
        }
    }

    fn ends_in_key(&self, end: usize) -> bool {
        ends_in_key(&String::from_utf8_lossy(&self.pending[..end]))
    }

    /// Returns the end of the first part of a long line: between words and outside of secrets, so that no secret is divided.
    fn cut(&self) -> usize {
        let window = &self.pending[..WINDOW];
        // Each invalid byte becomes one character, so that positions in the text are positions in the window.
        let mut text = String::with_capacity(window.len());
        for chunk in window.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
        let mut secrets = self.redactor.secrets_in(&text);
        secrets.sort_by_key(|secret| secret.start);
        let mut at = WINDOW - OVERLAP;
        for secret in secrets.iter().rev() {
            // The name of a secret stays with it.
            let start = secret.start.saturating_sub(CONTEXT);
            if start < at && at < secret.end {
                at = start;
            }
        }
        let end = window[..at].iter().rposition(|&byte| is_end(byte)).map(|end| end + 1);
        // Within a single word, or else within a single secret: at the start of a character.
        let is_start = |at: &usize| window[*at] & 0xc0 != 0x80;
        let in_word = || (1..=at.min(WINDOW - OVERLAP)).rev().find(is_start);
        end.or_else(in_word).or_else(|| (WINDOW - OVERLAP..WINDOW).find(is_start)).unwrap_or(WINDOW)
    }

    fn write_part(&mut self, part: &[u8]) -> io::Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(part);
        // The rest of a secret or of a key that did not end in the part before.
        let hidden = if self.in_key {
            base64_lines(&text)
        } else if self.in_secret {
            text.bytes().position(is_end).unwrap_or(text.len())
        } else {
            0
        };
        let (hidden, text) = text.split_at(hidden);
        let redacted = self.redactor.text(text);
        let ends_line = text.ends_with('\n');
        self.in_key = self.in_key && text.trim().is_empty() || ends_in_key(text);
        let last =
            if ends_line { None } else { self.redactor.secrets_in(text).into_iter().map(|secret| secret.end).max() };
        self.in_secret = last == Some(text.len()) || self.in_secret && text.is_empty();
        self.count(&redacted);
        let Some(inner) = &mut self.inner else { return Ok(()) };
        if !hidden.is_empty() {
            inner.write_all(characters(hidden).as_bytes())?;
        }
        inner.write_all(redacted.text().as_bytes())
    }

    fn count(&mut self, redacted: &Redacted) {
        for (kind, count) in redacted.counts() {
            *self.counts.entry(kind.to_owned()).or_default() += count;
        }
    }
}

impl<W: Write> Write for RedactingWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // In pieces, so that a large write needs no more memory.
        for piece in bytes.chunks(WINDOW) {
            self.pending.extend_from_slice(piece);
            self.write_lines()?;
        }
        Ok(bytes.len())
    }

    /// Flushes the complete lines.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl<W: Write> Drop for RedactingWriter<'_, W> {
    fn drop(&mut self) {
        // An error cannot be reported here: `finish` reports it.
        let _ = self.write_last_line();
    }
}
