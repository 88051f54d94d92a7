//! What a command is given of a failed exchange: a raw HTTP answer, or JSON.

mod curl;
mod har;
mod http;
pub(crate) mod json;

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::time::SystemTime;

use clap::{Args, ValueEnum};
use serde_json::Value;
use waves_errors::Evidence;

use crate::Trouble;

/// How many bytes of an input are read at most.
const MOST: u64 = 256 << 20;

/// Where an exchange is read from, and in which form.
#[derive(Args)]
pub(crate) struct Input {
    /// The file; `-` or none: standard input
    file: Option<std::path::PathBuf>,
    /// The form of the input
    #[arg(long, value_enum, default_value_t = Form::Auto)]
    input: Form,
}

/// The form of an input.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Whichever of the others it is
    Auto,
    /// A raw HTTP answer, as `curl -i` prints it; of several the last
    Http,
    /// What `curl -v` prints, with the answer's body: `curl -sv ... 2>&1`
    Curl,
    /// What a browser's network log exports; the last entry that failed
    Har,
    /// One exchange
    Json,
    /// An exchange a line
    Jsonl,
}

/// What is known of an exchange.
pub(crate) struct Exchange {
    /// Whatever the input calls it.
    pub(crate) id: Value,
    /// When the answer came; where the input does not say so, now.
    pub(crate) now: SystemTime,
    pub(crate) evidence: Evidence,
}

/// What an input holds.
pub(crate) enum Exchanges {
    One(Box<Exchange>),
    /// Line by line: the number of each, and the exchange or what is wrong with it.
    Lines(Vec<u8>),
}

impl Input {
    pub(crate) fn is_terminal(&self) -> bool {
        is_terminal(self.file.as_deref())
    }

    /// Reads the only exchange.
    pub(crate) fn read_one(&self) -> Result<Exchange, Trouble> {
        match self.read()? {
            Exchanges::One(exchange) => Ok(*exchange),
            Exchanges::Lines(_) => Err(Trouble("one exchange is wanted, not lines of several".into())),
        }
    }

    /// Reads it.
    pub(crate) fn read(&self) -> Result<Exchanges, Trouble> {
        let bytes = bytes(self.file.as_deref())?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
        let form = if self.input == Form::Auto { detect(&bytes)? } else { self.input };
        let one = |exchange: Result<Exchange, String>| Ok(Exchanges::One(Box::new(exchange.map_err(Trouble)?)));
        let now = |evidence| Exchange { id: Value::Null, now: SystemTime::now(), evidence };
        match form {
            Form::Jsonl => Ok(Exchanges::Lines(bytes)),
            Form::Json => one(json::read(&bytes)),
            Form::Har => one(har::read(&bytes).map(now)),
            Form::Curl => one(curl::read(&bytes).map(now)),
            Form::Auto | Form::Http => one(http::read(&bytes).map(now)),
        }
    }
}

/// Whether there is nobody to read from: a terminal, where somebody waits for an answer.
pub(crate) fn is_terminal(file: Option<&Path>) -> bool {
    file.is_none_or(|file| file == "-") && io::stdin().is_terminal()
}

/// The bytes of a file, or of standard input.
pub(crate) fn bytes(file: Option<&Path>) -> Result<Vec<u8>, Trouble> {
    let path = file.unwrap_or(Path::new("-"));
    let (name, reading): (_, io::Result<Box<dyn Read>>) = if path == "-" {
        ("standard input".to_owned(), Ok(Box::new(io::stdin().lock())))
    } else {
        (format!("`{}`", path.display()), File::open(path).map(|file| Box::new(file) as _))
    };
    let mut bytes = Vec::new();
    let read = reading.and_then(|reader| reader.take(MOST + 1).read_to_end(&mut bytes));
    read.map_err(|error| Trouble(format!("{name} cannot be read: {error}")))?;
    if bytes.len() as u64 > MOST {
        return Err(Trouble(format!("{name} is larger than {} MiB", MOST >> 20)));
    }
    Ok(bytes)
}

/// The form that an input has.
fn detect(bytes: &[u8]) -> Result<Form, Trouble> {
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"HTTP/") {
        return Ok(Form::Http);
    }
    // Without `-s` curl shows its progress first; its remarks have a star.
    let of_curl = |line: &[u8]| [&b"> "[..], b"< ", b"* "].iter().any(|prefix| line.starts_with(prefix));
    let meter = text.starts_with(b"% Total") || text.starts_with(b"Note: ");
    if of_curl(text) || meter && text.split(|&b| b == b'\n').any(of_curl) {
        return Ok(Form::Curl);
    }
    if text.starts_with(b"{") {
        if har::is_har(text) {
            return Ok(Form::Har);
        }
        let first = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let is_json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).is_ok();
        return Ok(if is_json(first) && !is_json(text) { Form::Jsonl } else { Form::Json });
    }
    let message = "cannot tell the form of the input: an HTTP answer begins with `HTTP/`, what `curl -v` prints with `*`, an \
                   exchange in JSON with `{`";
    Err(Trouble(format!("{message}; name it with --input")))
}

/// The exchanges of JSON lines, each with its line's number. Empty lines are none.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Result<Exchange, String>)> {
    let lines = bytes.split(|&b| b == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.map(|(n, line)| (n + 1, json::read(line)))
}
