//! [`RedactingWriter`]: redacts a stream line by line, in bounded memory.

use std::fmt;
use std::io::{self, Write};

use super::credentials;
use super::engine::{Engine, WINDOW};
use super::line::Form;
use super::redactor::Redactor;

/// A writer that redacts what is written to it, and passes it on line by line.
///
/// It writes each line when its end arrives, so a log can be followed; a line such as `value: abc` in YAML waits for the `name` after it. It keeps at most 256 KiB: a longer line is redacted in parts, which
/// end between words and outside of secrets. Invalid UTF-8 becomes `\u{fffd}`. The last line is written by [`finish`](Self::finish), or when
/// the writer is dropped.
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
pub struct RedactingWriter<'r, W: Write> {
    redactor: &'r Redactor,
    engine: Engine<'r>,
    /// The writer; `None` after `finish`.
    inner: Option<W>,
    /// The first bytes of a character that is not complete yet.
    incomplete: Vec<u8>,
    /// The text that is not redacted yet, without a line end.
    pending: String,
    /// The redacted text, empty between calls: kept to reuse its memory.
    out: String,
}

impl<W: Write + fmt::Debug> fmt::Debug for RedactingWriter<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingWriter").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<'r, W: Write> RedactingWriter<'r, W> {
    /// Creates a writer that passes the redacted text to `inner`.
    pub fn new(redactor: &'r Redactor, inner: W) -> Self {
        Self {
            redactor,
            engine: Engine::new(&redactor.rules, Form::Text),
            inner: Some(inner),
            incomplete: Vec::new(),
            pending: String::new(),
            out: String::new(),
        }
    }

    /// Returns the kinds of the values replaced so far, in alphabetical order, with their number.
    pub fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.engine.counts().iter().map(|(kind, &count)| (kind.as_str(), count))
    }

    /// Adds the secrets of a document, such as a dump in the log: later lines can repeat them. See [`Redactor::add_document`].
    pub fn add_document(&mut self, document: &str) {
        let secrets = credentials::of_document(&self.redactor.rules, document);
        for credential in &secrets.credentials {
            self.engine.remember(&String::from_utf8_lossy(credential));
        }
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
        if !self.incomplete.is_empty() {
            self.incomplete.clear();
            self.pending.push(char::REPLACEMENT_CHARACTER);
        }
        let rest = std::mem::take(&mut self.pending);
        self.engine.text(&rest, &mut self.out);
        self.write_out()
    }

    /// Appends bytes to the text. Keeps the bytes of a character at the end that is not complete.
    fn decode(&mut self, bytes: &[u8]) {
        let joined = (!self.incomplete.is_empty()).then(|| [&std::mem::take(&mut self.incomplete), bytes].concat());
        let mut bytes = joined.as_deref().unwrap_or(bytes);
        loop {
            let error = match std::str::from_utf8(bytes) {
                Ok(text) => return self.pending.push_str(text),
                Err(error) => error,
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            self.pending.push_str(&String::from_utf8_lossy(valid));
            let Some(length) = error.error_len() else {
                self.incomplete = rest.to_vec();
                return;
            };
            self.pending.push(char::REPLACEMENT_CHARACTER);
            bytes = &rest[length..];
        }
    }

    /// Writes the complete lines of the text, and parts of a line that is too long to wait for.
    fn write_lines(&mut self, searched: usize) -> io::Result<()> {
        let is_held = |end: usize| {
            let start = self.pending[..end - 1].rfind('\n').map_or(0, |start| start + 1);
            if Engine::waits_for_next(&self.pending[start..end]) { start } else { end }
        };
        let end = self.pending[searched..].rfind('\n').map(|end| is_held(searched + end + 1));
        if let Some(end) = end.filter(|end| *end > 0) {
            self.engine.text(&self.pending[..end], &mut self.out);
            self.pending.drain(..end);
        }
        while self.pending.len() > WINDOW {
            let length = self.engine.part(&self.pending, &mut self.out);
            self.pending.drain(..length);
        }
        self.write_out()
    }

    fn write_out(&mut self) -> io::Result<()> {
        let out = std::mem::take(&mut self.out);
        let result = self.inner.as_mut().map_or(Ok(()), |inner| inner.write_all(out.as_bytes()));
        self.out = out;
        self.out.clear();
        result
    }
}

impl<W: Write> Write for RedactingWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // In pieces, so that a large write needs no more memory.
        for piece in bytes.chunks(WINDOW) {
            let searched = self.pending.len();
            self.decode(piece);
            self.write_lines(searched)?;
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
