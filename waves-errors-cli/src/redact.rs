//! `redact`: applies the redactor of tickets to logs and other text.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use waves_errors::{Body, Catalog, Evidence, Redacted, Redactor};

use crate::input::{is_terminal, read_bytes};
use crate::{CliError, Outcome, print_note};

/// What to redact.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors redact app.log
  curl -sv https://... 2>&1 | waves-errors redact
  waves-errors redact --as url <<< 'wss://host/stt?token=KEY&language=en'
  waves-errors redact --as body --content-type application/json request.json

Exit code: 0 done, 2 if the input cannot be read. The kinds of replaced values are reported on stderr.")]
pub(crate) struct Redact {
    /// The file; `-` or none: standard input
    file: Option<PathBuf>,
    /// What the input is
    #[arg(long = "as", value_enum, default_value_t = Part::Text)]
    part: Part,
    /// The content type of a body
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Text of any kind, a log for example
    Text,
    /// Headers, `Name: value`, one a line
    Header,
    /// Addresses, one a line
    Url,
    /// A body: JSON, XML, a form, several parts, or text
    Body,
}

impl Redact {
    pub(crate) fn is_terminal(&self) -> bool {
        is_terminal(self.file.as_deref())
    }

    pub(crate) fn run(&self, catalog: &'static Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        if self.content_type.is_some() && self.part != Part::Body {
            return Err(CliError("--content-type goes with `--as body`".into()));
        }
        let input = read_bytes(self.file.as_deref())?;
        let evidence = Evidence::new();
        let redactor = Redactor::new(catalog, &evidence);
        if self.part == Part::Body {
            let text = redactor.body(&Body::whole(&input), self.content_type.as_deref());
            // Redacting the output again does not change it.
            write!(out, "{text}{}", if text.ends_with('\n') { "" } else { "\n" })?;
        } else {
            let text = String::from_utf8_lossy(&input);
            let text = match self.part {
                Part::Header => map_lines(&text, |line| redact_header(&redactor, line)),
                Part::Url => map_lines(&text, |line| redactor.url(line)),
                Part::Text | Part::Body => chunks(&text).map(|chunk| redactor.text(chunk)).collect(),
            };
            write!(out, "{text}")?;
        }
        report_redactions(&redactor.told());
        Ok(Outcome::Success)
    }
}

/// Prints the kinds of replaced values to stderr.
pub(crate) fn report_redactions<'t>(kinds: impl IntoIterator<Item = &'t String>) {
    let kinds: Vec<_> = kinds.into_iter().map(String::as_str).collect();
    print_note(&if kinds.is_empty() {
        "redacted: nothing".to_owned()
    } else {
        format!("redacted: {}", kinds.join(", "))
    });
}

/// Splits a long text into chunks of whole lines, to limit memory. A private key is never split.
fn chunks(text: &str) -> impl Iterator<Item = &str> {
    const CHUNK_BYTES: usize = 256 << 10;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len().min(CHUNK_BYTES);
        if end < rest.len() {
            let line = rest.as_bytes()[end..].iter().position(|&b| b == b'\n');
            end = line.map_or(rest.len(), |line| end + line + 1);
            let open = rest[..end].rfind("-----BEGIN ").filter(|&begin| !rest[begin..end].contains("-----END "));
            if let Some(close) = open.and_then(|_| rest[end..].find("-----END ")) {
                let line = rest[end + close..].find('\n').map_or(rest.len(), |line| end + close + line + 1);
                end = line;
            }
        }
        let (chunk, after) = rest.split_at(end);
        rest = after;
        Some(chunk)
    })
}

/// Redacts each line, and keeps the line ends.
fn map_lines(text: &str, redact: impl Fn(&str) -> String) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let content = line.trim_end_matches(['\n', '\r']);
        write!(out, "{}{}", redact(content), &line[content.len()..])?;
    }
    Ok(())
}

fn redact_header(redactor: &Redactor<'_>, line: &str) -> String {
    match line.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() && !name.trim().contains(' ') => {
            let redacted = redactor.header(name.trim(), value);
            format!("{}:{}{redacted}", redactor.text(name), if value.starts_with(' ') { " " } else { "" })
        }
        _ => plain(redactor.text(line)),
    }
}
