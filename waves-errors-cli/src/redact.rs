//! `redact`: redacts logs and other text with the same redactor as tickets.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use waves_errors::{Body, Catalog, Evidence, Redacted, RedactingWriter, Redactor};

use crate::input::{is_terminal, open, read_bytes};
use crate::outcome::{CliError, Outcome};
use crate::output::report_redactions;

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
        let redactor = Redactor::new(catalog, &Evidence::new());
        if matches!(self.part, Part::Text) {
            return self.stream(&redactor);
        }
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

    /// Redacts a log while it is read: what has been read is written before the next read. Ends when the reader of the output closes it.
    fn stream(&self, redactor: &Redactor) -> Result<Outcome, CliError> {
        let (name, mut input) = open(self.file.as_deref())?;
        let mut writer = RedactingWriter::new(redactor, io::stdout().lock());
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = match input.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(CliError(format!("cannot read {name}: {error}"))),
            };
            match writer.write_all(&buffer[..length]).and_then(|()| writer.flush()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Outcome::Success),
                written => written?,
            }
        }
        writer.write_last_line()?;
        let counts: Vec<_> = writer.counts().map(|(kind, count)| format!("{kind} ({count})")).collect();
        report_redactions(counts.iter().map(String::as_str));
        Ok(Outcome::Success)
    }
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
