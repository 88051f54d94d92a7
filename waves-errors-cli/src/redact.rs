//! `redact`: the ticket's redactor alone, for logs.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use waves_errors::{Body, Catalog, Evidence, Redactor};

use crate::input::{bytes, is_terminal};
use crate::{End, Trouble, remark};

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

    pub(crate) fn run(&self, catalog: &'static Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        if self.content_type.is_some() && self.part != Part::Body {
            return Err(Trouble("--content-type goes with `--as body`".into()));
        }
        let input = bytes(self.file.as_deref())?;
        let evidence = Evidence::new();
        let redactor = Redactor::new(catalog, &evidence);
        if self.part == Part::Body {
            let text = redactor.body(&Body::whole(&input), self.content_type.as_deref());
            // What has been redacted once stays as it is.
            write!(out, "{text}{}", if text.ends_with('\n') { "" } else { "\n" })?;
        } else {
            let text = String::from_utf8_lossy(&input);
            let text = match self.part {
                Part::Header => each_line(&text, |line| header(&redactor, line)),
                Part::Url => each_line(&text, |line| redactor.url(line)),
                Part::Text | Part::Body => pieces(&text).map(|piece| redactor.text(piece)).collect(),
            };
            write!(out, "{text}")?;
        }
        told(&redactor.told());
        Ok(End::Yes)
    }
}

/// Says on stderr what was replaced.
pub(crate) fn told<'t>(told: impl IntoIterator<Item = &'t String>) {
    let told: Vec<_> = told.into_iter().map(String::as_str).collect();
    remark(&if told.is_empty() { "redacted: nothing".to_owned() } else { format!("redacted: {}", told.join(", ")) });
}

/// A long text in pieces of whole lines, so that it costs no more than one of them; a private key is never cut in two.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const PIECE: usize = 256 << 10;
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len().min(PIECE);
        if end < rest.len() {
            let line = rest.as_bytes()[end..].iter().position(|&b| b == b'\n');
            end = line.map_or(rest.len(), |line| end + line + 1);
            let open = rest[..end].rfind("-----BEGIN ").filter(|&begin| !rest[begin..end].contains("-----END "));
            if let Some(close) = open.and_then(|_| rest[end..].find("-----END ")) {
                let line = rest[end + close..].find('\n').map_or(rest.len(), |line| end + close + line + 1);
                end = line;
            }
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// Each line on its own, with the line ends as they are.
fn each_line(text: &str, redact: impl Fn(&str) -> String) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let content = line.trim_end_matches(['\n', '\r']);
        format!("{}{}", redact(content), &line[content.len()..])
    });
    lines.collect()
}

fn header(redactor: &Redactor<'_>, line: &str) -> String {
    match line.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() && !name.trim().contains(' ') => {
            let shown = redactor.header(name.trim(), value);
            format!("{}:{}{shown}", redactor.text(name), if value.starts_with(' ') { " " } else { "" })
        }
        _ => redactor.text(line),
    }
}
