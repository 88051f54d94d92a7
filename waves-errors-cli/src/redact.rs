//! `redact`: redacts logs and other text with the same redactor as tickets.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::Value;
use waves_errors::{Body, Catalog, Evidence, Redacted, RedactingWriter, Redactor};

use crate::dump::Dumps;
use crate::input::{is_terminal, open, read_bytes};
use crate::outcome::{CliError, Outcome};
use crate::output::report_redactions;

/// The maximum size of a document that is read as a whole.
const DOCUMENT: u64 = 8 << 20;

/// The arguments of `redact`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors redact app.log
  curl -sv https://... 2>&1 | waves-errors redact
  waves-errors redact --as url <<< 'wss://host/stt?token=KEY&language=en'
  waves-errors redact --as body --content-type application/json request.json

Prints the kinds of replaced values to stderr.

Exit code: 0 for success, 2 if the input cannot be read.")]
pub(crate) struct Redact {
    /// The input file; `-` or none for standard input
    file: Option<PathBuf>,
    /// The kind of text
    #[arg(long = "as", value_enum, default_value_t = Part::Text)]
    part: Part,
    /// The content type, with `--as body`
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Any text, such as a log
    Text,
    /// Headers, one `Name: value` per line
    Header,
    /// URLs, one per line
    Url,
    /// A body: JSON, XML, a form, multipart or text
    Body,
}

impl Redact {
    pub(crate) fn is_terminal(&self) -> bool {
        is_terminal(self.file.as_deref())
    }

    pub(crate) fn run(&self, catalog: Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        if self.content_type.is_some() && self.part != Part::Body {
            return Err(CliError("--content-type requires `--as body`".into()));
        }
        if matches!(self.part, Part::Text) {
            return self.stream(catalog);
        }
        let redactor = Redactor::new(catalog, &Evidence::new());
        let input = read_bytes(self.file.as_deref())?;
        let mut kinds = BTreeSet::new();
        let mut plain = |redacted: Redacted| {
            kinds.extend(redacted.kinds().map(str::to_owned));
            redacted.into_text()
        };
        let text = String::from_utf8_lossy(&input);
        match self.part {
            Part::Body => {
                let body = plain(redactor.body(&Body::whole(&input), self.content_type.as_deref()));
                // Redacting the output again does not change it.
                write!(out, "{body}{}", if body.ends_with('\n') { "" } else { "\n" })?;
            }
            Part::Header => write_lines(&text, out, |line| redact_header(&redactor, line, &mut plain))?,
            Part::Url => write_lines(&text, out, |line| plain(redactor.url(line)))?,
            Part::Text => {}
        }
        report_redactions(kinds.iter().map(String::as_str));
        Ok(Outcome::Success)
    }

    /// Redacts a log while it is read, and writes each chunk before it reads the next one. Ends when the reader of the output closes it. A
    /// document is read as a whole first.
    fn stream(&self, catalog: Catalog) -> Result<Outcome, CliError> {
        let (name, mut input) = open(self.file.as_deref())?;
        let failed = |error: io::Error| CliError(format!("cannot read {name}: {error}"));
        let is_file = self.file.as_deref().is_some_and(|file| file != "-" && file.is_file());
        let Start { mut bytes, is_document } = read_document(&mut input, is_file).map_err(failed)?;
        let mut redactor = Redactor::new(catalog, &Evidence::new());
        if is_document {
            redactor.add_document(&String::from_utf8_lossy(&bytes));
        }
        let mut out = Dumps::new(
            redactor.clone(),
            RedactingWriter::new(&redactor, BufWriter::with_capacity(64 << 10, io::stdout().lock())),
        );
        let mut length = bytes.len();
        loop {
            match out.write_all(&bytes[..length]).and_then(|()| out.flush()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Outcome::Success),
                written => written?,
            }
            bytes.resize(64 << 10, 0);
            length = match input.read(&mut bytes) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => 0,
                Err(error) => return Err(failed(error)),
            };
        }
        let counts = match out.finish() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Outcome::Success),
            counts => counts?,
        };
        let counts: Vec<_> = counts.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
        report_redactions(counts.iter().map(String::as_str));
        Ok(Outcome::Success)
    }
}

/// The start of an input.
struct Start {
    bytes: Vec<u8>,
    /// Whether the start is a whole document.
    is_document: bool,
}

/// Reads the first bytes of an input. If they begin a document of at most 8 MiB, such as a network log, reads all of it. JSON lines that are not
/// in a file are not waited for.
fn read_document(input: &mut impl Read, is_file: bool) -> io::Result<Start> {
    let mut bytes = vec![0; 64 << 10];
    let mut length = 0;
    // A short read can end before the first character.
    while length == 0 || bytes[..length].trim_ascii_start().is_empty() && length < bytes.len() {
        match input.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(length);
    let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii_start();
    let line = content.split(|&byte| byte == b'\n').next().unwrap_or_default();
    // `<134>` begins a line of syslog.
    let is_markup =
        content.starts_with(b"<") && content.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'?');
    let is_line = line.len() < content.len() && serde_json::from_slice::<Value>(line).is_ok();
    if !content.starts_with(b"{") && !content.starts_with(b"[") && !is_markup || is_line && !is_file {
        return Ok(Start { bytes, is_document: false });
    }
    input.take(DOCUMENT.saturating_sub(bytes.len() as u64) + 1).read_to_end(&mut bytes)?;
    let is_document = bytes.len() as u64 <= DOCUMENT;
    Ok(Start { bytes, is_document })
}

/// Redacts each line by itself and keeps the line ends.
fn write_lines(text: &str, out: &mut impl Write, mut redact: impl FnMut(&str) -> String) -> io::Result<()> {
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        write!(out, "{}{}", redact(content), &line[content.len()..])?;
    }
    Ok(())
}

fn redact_header(redactor: &Redactor, line: &str, plain: &mut impl FnMut(Redacted) -> String) -> String {
    match line.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() && !name.trim().contains(' ') => {
            let space = if value.starts_with(' ') { " " } else { "" };
            let value = plain(redactor.header(name.trim(), value));
            format!("{}:{space}{value}", plain(redactor.text(name)))
        }
        _ => plain(redactor.text(line)),
    }
}
