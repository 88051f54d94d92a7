//! `classify`: the case of a response, and whether and when to retry.

use std::io::Write;
use std::time::SystemTime;

use clap::Args;
use serde_json::{Value, json};
use waves_errors::{Case, Catalog, Failure, Jitter, MatchedBy, Retry, RetryAfter};

use crate::decision::{decision_json, decision_text};
use crate::explanation;
use crate::input::{Exchange, Exchanges, Input, for_each_exchange};
use crate::outcome::{CliError, Outcome};
use crate::output::Format;

/// The arguments of `classify`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  curl -si https://... | waves-errors classify
  waves-errors classify --input json exchange.json --format json
  waves-errors classify --input jsonl < recorded.jsonl
  waves-errors classify --status 404 --explain body.json
  echo '{\"status\":\"error\",\"message\":\"...\"}' | waves-errors classify       a WebSocket frame

An exchange in JSON; every part is optional:
  {\"request\":  {\"method\": \"POST\", \"url\": \"https://...\",
                \"headers\": [[\"name\", \"value\"]], \"body\": \"...\"},
   \"response\": {\"status\": 429, \"headers\": [[\"Retry-After\", \"2\"]], \"body\": \"...\"},
   \"frame\": \"...\", \"close\": {\"code\": 1013, \"reason\": \"...\"},
   \"io\": \"timeout\", \"now\": \"2026-11-22T14:00:00Z\",
   \"upload\": {\"key\": \"calls/a.wav\", \"status\": 200}}
`frame` is a WebSocket frame, `io` a transport error (`connect`, `timeout`, `tls`, `interrupted`, `refused`), `now` the time of the response, and \
`upload` the audio object that the request refers to.

Exit code: 0 if the exchange matches a case, 1 if it does not, 2 if the input cannot be read. With JSON lines, 2 if a line cannot be \
read, otherwise 0.")]
pub(crate) struct Classify {
    #[command(flatten)]
    input: Input,
    /// Show which conditions of the catalog match, and why other cases were not selected
    #[arg(long)]
    explain: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Classify {
    pub(crate) const fn input(&self) -> &Input {
        &self.input
    }

    pub(crate) fn run(&self, catalog: Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        match self.input.read(catalog)? {
            Exchanges::Single(exchange) => self.write_classification(catalog, *exchange, out),
            Exchanges::Lines(bytes) => for_each_exchange(&bytes, out, |exchange, out| {
                self.write_classification(catalog, exchange, out).map(drop)
            }),
        }
    }

    fn write_classification(
        &self,
        catalog: Catalog,
        exchange: Exchange,
        out: &mut impl Write,
    ) -> Result<Outcome, CliError> {
        let id = exchange.redacted_id(catalog);
        let Exchange { received_at, evidence, .. } = exchange;
        let failure = Failure::classify_in(catalog, evidence);
        match self.format {
            Format::Human => {
                if !id.is_null() {
                    let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                    write!(out, "{}: ", escaped(&text))?;
                }
                writeln!(out, "{}", summary_line(&failure, received_at))?;
                if self.explain {
                    explanation::write(catalog, &failure, out)?;
                }
            }
            Format::Json => {
                let mut document = json_document(&id, &failure, received_at)?;
                if self.explain {
                    document["signs"] = catalog.signs(failure.evidence()).into();
                    document["explain"] = explanation::json(catalog, &failure);
                }
                writeln!(out, "{document}")?;
            }
        }
        Ok(Outcome::from(failure.case().is_some()))
    }
}

/// Escapes characters that a terminal could interpret.
fn escaped(text: &str) -> String {
    let escape = |c: char| if c == '"' || c == '\'' { c.to_string() } else { c.escape_debug().to_string() };
    text.chars().map(escape).collect()
}

fn decide(failure: &Failure<Case>, received_at: SystemTime) -> waves_errors::Decision {
    Retry::new().jitter(Jitter::NONE).decide(failure, received_at)
}

/// Returns a line with the case, the matched condition, the retry decision and the request id.
fn summary_line(failure: &Failure<Case>, received_at: SystemTime) -> String {
    let mut parts = Vec::new();
    match failure.case() {
        Some(case) => {
            parts.push(format!("{} (by {})", case.id(), failure.matched_by().map_or("", MatchedBy::as_str)));
            parts.push(decision_text(decide(failure, received_at)));
        }
        None if failure.is_failure() => parts.push(failure.to_string()),
        None => parts.push("not an error".to_owned()),
    }
    if failure.retry_after(received_at) == Some(RetryAfter::Ignored) {
        parts.push("the requested delay is invalid and ignored".to_owned());
    }
    // Without a case, the failure's text contains the request id.
    let id = failure.case().and_then(|_| redacted_json(failure).ok()?["request_id"].as_str().map(str::to_owned));
    parts.extend(id.map(|id| format!("request id {id}")));
    parts.join("; ")
}

/// Returns a failure as JSON, which is redacted.
fn redacted_json(failure: &Failure<Case>) -> Result<Value, CliError> {
    serde_json::to_value(failure).map_err(|error| CliError(format!("cannot write JSON: {error}")))
}

/// Returns the classification as JSON.
fn json_document(id: &Value, failure: &Failure<Case>, received_at: SystemTime) -> Result<Value, CliError> {
    let redacted = redacted_json(failure)?;
    Ok(json!({
        "schema": 1,
        "id": id,
        "case": redacted["case"],
        "variant": redacted["variant"],
        "matched_by": redacted["matched_by"],
        "status": redacted["status"],
        "code": redacted["code"],
        "message": redacted["message"],
        "request_id": redacted["request_id"],
        "retry_after": retry_after_json(failure, received_at),
        "retry": decision_json(decide(failure, received_at)),
        "docs": redacted["docs"],
    }))
}

/// Returns the server-requested delay, whether the policy honors it or not.
fn retry_after_json(failure: &Failure<Case>, received_at: SystemTime) -> Value {
    match failure.retry_after(received_at) {
        None => Value::Null,
        Some(RetryAfter::Ignored) => json!("ignored"),
        Some(RetryAfter::TooLong) => json!("too-long"),
        Some(RetryAfter::Delay(delay)) => match u64::try_from(delay.as_millis()) {
            Ok(delay) => json!({ "delay_ms": delay }),
            Err(_) => json!("too-long"),
        },
    }
}
