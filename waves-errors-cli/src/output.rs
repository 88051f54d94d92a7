//! The output of commands: data to stdout, which may be a closed pipe, and notes to stderr.

use std::io::{self, ErrorKind, Write};

use clap::ValueEnum;

/// The output format for exchanges.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

/// A writer that ignores a broken pipe, so that the exit code does not depend on the reader of the output.
pub(crate) struct IgnoreBrokenPipe<W>(pub(crate) W);

impl<W: Write> IgnoreBrokenPipe<W> {
    pub(crate) fn recover<T>(result: io::Result<T>, fallback: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(fallback),
            other => other,
        }
    }
}

impl<W: Write> Write for IgnoreBrokenPipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::recover(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Self::recover(self.0.flush(), ())
    }
}

/// Prints a note to stderr. Ignores write errors: they could not be reported.
pub(crate) fn print_note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints the kinds of replaced values to stderr.
pub(crate) fn report_redactions<'k>(kinds: impl Iterator<Item = &'k str>) {
    let kinds: Vec<_> = kinds.collect();
    print_note(&if kinds.is_empty() {
        "redacted: nothing".to_owned()
    } else {
        format!("redacted: {}", kinds.join(", "))
    });
}
