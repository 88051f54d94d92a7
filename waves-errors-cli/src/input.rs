//! Reads the exchange in the input of a command: a raw HTTP response, curl's output, a network log, or JSON.

mod curl;
mod exchange;
mod har;
mod http;
pub(crate) mod json;

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::SystemTime;

pub(crate) use exchange::Exchange;

use crate::outcome::{CliError, Outcome};
use crate::output::print_note;
use clap::{Args, ValueEnum};
use serde_json::Value;
use waves_errors::{Body, Catalog, Evidence};

/// The maximum size of an input.
const MAX_BYTES: u64 = 256 << 20;

/// The input of a command.
#[derive(Args)]
pub(crate) struct Input {
    /// The input file; standard input if omitted or `-`
    file: Option<std::path::PathBuf>,
    /// The format of the input
    #[arg(long = "input", id = "input", value_name = "INPUT", value_enum, default_value_t = InputFormat::Auto)]
    kind: InputFormat,
    /// Treat the input as the body of a response with this status
    #[arg(long, value_name = "STATUS", conflicts_with = "input", value_parser = clap::value_parser!(u16).range(100..=999))]
    status: Option<u16>,
}

/// The format of an input.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Detect the format
    Auto,
    /// A raw HTTP response, as `curl -i` prints it; if there are several, the last one
    Http,
    /// The output of `curl -v`, with the body: `curl -sv ... 2>&1`
    Curl,
    /// A network log exported from a browser (HAR): the last failed entry, or the last entry if none failed
    Har,
    /// An exchange (a request and its response) in JSON; `classify --help` describes it. With `auto`, any other JSON object is a WebSocket frame
    Json,
    /// JSON lines, one exchange per line
    Jsonl,
}

/// The exchanges of an input.
pub(crate) enum Exchanges {
    Single(Box<Exchange>),
    /// JSON lines, which are parsed one by one.
    Lines(Vec<u8>),
}

impl Input {
    pub(crate) fn is_terminal(&self) -> bool {
        is_terminal(self.file.as_deref())
    }

    /// Reads a single exchange.
    pub(crate) fn read_single(&self, catalog: Catalog) -> Result<Exchange, CliError> {
        match self.read(catalog)? {
            Exchanges::Single(exchange) => Ok(*exchange),
            Exchanges::Lines(_) => Err(CliError("expected one exchange, found JSON lines".into())),
        }
    }

    /// Reads the input, and notes what it lacks. The catalog describes which entries of a network log failed.
    pub(crate) fn read(&self, catalog: Catalog) -> Result<Exchanges, CliError> {
        let exchanges = self.parse(catalog)?;
        if let Exchanges::Single(exchange) = &exchanges {
            let evidence = &exchange.evidence;
            let has_end =
                evidence.status().is_some() || evidence.close().is_some() || evidence.transport_error().is_some();
            if !has_end && evidence.frame().is_none() {
                print_note("the input contains no response");
            }
            if evidence.frame().or(evidence.body()).is_some_and(|content| !content.is_whole()) {
                print_note(&format!(
                    "the content is longer than {} KiB: JSON of this length is not examined",
                    Body::LIMIT >> 10
                ));
            }
        }
        Ok(exchanges)
    }

    fn parse(&self, catalog: Catalog) -> Result<Exchanges, CliError> {
        let bytes = read_bytes(self.file.as_deref())?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
        let single = |exchange: Result<Exchange, String>| Ok(Exchanges::Single(Box::new(exchange.map_err(CliError)?)));
        let exchange = |evidence| Exchange { id: Value::Null, received_at: SystemTime::now(), evidence };
        if let Some(status) = self.status {
            return single(Ok(exchange(Evidence::response(status).with_body(bytes))));
        }
        let format = if self.kind == InputFormat::Auto { detect(&bytes)? } else { self.kind };
        match format {
            InputFormat::Json if self.kind == InputFormat::Auto && !json::is_exchange(&bytes) => {
                print_note("read as a WebSocket frame; for the body of a response, add --status");
                single(Ok(exchange(Evidence::error_frame(bytes))))
            }
            InputFormat::Jsonl => Ok(Exchanges::Lines(bytes)),
            InputFormat::Json => single(json::parse(&bytes)),
            InputFormat::Har => single(har::parse(&bytes, catalog).map(exchange)),
            InputFormat::Curl => single(curl::parse(&bytes).map(exchange)),
            InputFormat::Auto | InputFormat::Http => {
                let (evidence, responses) = http::parse(&bytes).map_err(CliError)?;
                if responses > 1 {
                    print_note(&format!("read the last of {responses} responses"));
                }
                single(Ok(exchange(evidence)))
            }
        }
    }
}

/// Calls `handle` for each line that can be parsed, and reports the others.
pub(crate) fn for_each_exchange<W: Write>(
    bytes: &[u8],
    out: &mut W,
    mut handle: impl FnMut(Exchange, &mut W) -> Result<(), CliError>,
) -> Result<Outcome, CliError> {
    let mut failed_lines = 0;
    for (number, exchange) in parse_lines(bytes) {
        match exchange {
            Ok(exchange) => handle(exchange, out)?,
            Err(message) => {
                failed_lines += 1;
                print_note(&format!("line {number}: {message}"));
            }
        }
    }
    match failed_lines {
        0 => Ok(Outcome::Success),
        1 => Err(CliError("cannot read 1 line".into())),
        n => Err(CliError(format!("cannot read {n} lines"))),
    }
}

/// Returns whether the input is a terminal: the command would wait for the user.
pub(crate) fn is_terminal(file: Option<&Path>) -> bool {
    file.is_none_or(|file| file == "-") && io::stdin().is_terminal()
}

/// Opens a file, or standard input. Returns its name for messages, and its reader.
pub(crate) fn open(file: Option<&Path>) -> Result<(String, Box<dyn Read>), CliError> {
    let path = file.unwrap_or(Path::new("-"));
    if path == "-" {
        return Ok(("standard input".to_owned(), Box::new(io::stdin().lock())));
    }
    let name = format!("`{}`", path.display());
    match File::open(path) {
        Ok(file) => Ok((name, Box::new(file))),
        Err(error) => Err(CliError(format!("cannot read {name}: {error}"))),
    }
}

/// Reads a file, or standard input.
pub(crate) fn read_bytes(file: Option<&Path>) -> Result<Vec<u8>, CliError> {
    let (name, reader) = open(file)?;
    let mut bytes = Vec::new();
    let result = reader.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    result.map_err(|error| CliError(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(CliError(format!("{name} is larger than {} MiB", MAX_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Detects the format of an input.
fn detect(bytes: &[u8]) -> Result<InputFormat, CliError> {
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"HTTP/") {
        return Ok(InputFormat::Http);
    }
    // Without `-s`, curl prints its progress first; its remarks start with a star.
    let is_curl_line = |line: &[u8]| [&b"> "[..], b"< ", b"* "].iter().any(|prefix| line.starts_with(prefix));
    let has_meter = text.starts_with(b"% Total") || text.starts_with(b"Note: ");
    if is_curl_line(text) || has_meter && text.split(|&b| b == b'\n').any(is_curl_line) {
        return Ok(InputFormat::Curl);
    }
    if text.starts_with(b"{") {
        if har::is_har(text) {
            return Ok(InputFormat::Har);
        }
        let first_line = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let is_json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).is_ok();
        return Ok(if is_json(first_line) && !is_json(text) { InputFormat::Jsonl } else { InputFormat::Json });
    }
    let message =
        "unknown input format: an HTTP response starts with `HTTP/`, the output of `curl -v` with `*`, JSON with `{`";
    let help = "set the format with --input, or pass the status of a body with --status; `explain` finds the case of an error message";
    Err(CliError(format!("{message}; {help}")))
}

/// Parses JSON lines: the number of each line, and its exchange or an error message. Skips empty lines.
pub(crate) fn parse_lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Result<Exchange, String>)> {
    let lines = bytes.split(|&b| b == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.map(|(n, line)| (n + 1, json::parse(line)))
}
