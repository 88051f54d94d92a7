//! `classify`: which case an answer is, whether to try again, and when.

use std::io::Write;
use std::time::SystemTime;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors::{Case, Catalog, Failure, Jitter, MatchedBy, Retry, RetryAfter};

use crate::input::{Exchange, Exchanges, Input, lines};
use crate::retry::{decision, decision_words};
use crate::{End, Trouble, remark};

/// What to classify.
#[derive(Args)]
#[command(after_help = "\
Examples:
  curl -si https://... | waves-errors classify
  waves-errors classify --input json exchange.json --format json
  waves-errors classify --input jsonl < recorded.jsonl

An exchange in JSON, every part optional:
  {\"request\":  {\"method\": \"POST\", \"url\": \"https://...\", \"headers\": [[\"name\", \"value\"]], \"body\": \"...\"},
   \"response\": {\"status\": 429, \"headers\": [[\"Retry-After\", \"2\"]], \"body\": \"...\"},
   \"frame\": \"...\", \"close\": {\"code\": 1013, \"reason\": \"...\"}, \"io\": \"timeout\", \"now\": \"2026-11-22T14:00:00Z\"}

Exit code: 0 for a case of the catalog, 1 for none, 2 if the input cannot be read; lines: 0 once all are read.")]
pub(crate) struct Classify {
    #[command(flatten)]
    input: Input,
    /// How to write the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How answers about exchanges are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

impl Classify {
    pub(crate) const fn input(&self) -> &Input {
        &self.input
    }

    pub(crate) fn run(&self, catalog: Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        match self.input.read()? {
            Exchanges::One(exchange) => self.one(catalog, *exchange, out),
            Exchanges::Lines(bytes) => {
                each_line(&bytes, out, |exchange, out| self.one(catalog, exchange, out).map(drop))
            }
        }
    }

    fn one(&self, catalog: Catalog, exchange: Exchange, out: &mut impl Write) -> Result<End, Trouble> {
        let Exchange { id, now, evidence } = exchange;
        let failure = Failure::classify_in(catalog, evidence);
        match self.format {
            Format::Human => {
                if !id.is_null() {
                    write!(
                        out,
                        "{}: ",
                        id.as_str().map_or_else(|| id.to_string(), |id| id.escape_debug().to_string())
                    )?;
                }
                writeln!(out, "{}", words(&failure, now))?;
            }
            Format::Json => writeln!(out, "{}", document(&id, &failure, now)?)?,
        }
        Ok(End::from(failure.case().is_some()))
    }
}

/// Answers each line that can be read; the others are told, and are no answer.
pub(crate) fn each_line<W: Write>(
    bytes: &[u8],
    out: &mut W,
    mut answer: impl FnMut(Exchange, &mut W) -> Result<(), Trouble>,
) -> Result<End, Trouble> {
    let mut unread = 0;
    for (number, exchange) in lines(bytes) {
        match exchange {
            Ok(exchange) => answer(exchange, out)?,
            Err(message) => {
                unread += 1;
                remark(&format!("line {number}: {message}"));
            }
        }
    }
    match unread {
        0 => Ok(End::Yes),
        1 => Err(Trouble("one line could not be read".into())),
        n => Err(Trouble(format!("{n} lines could not be read"))),
    }
}

fn retry(failure: &Failure<Case>, now: SystemTime) -> waves_errors::Decision {
    Retry::new().jitter(Jitter::NONE).decide(failure, now)
}

/// One line: case, retry, request id, and what decided.
fn words(failure: &Failure<Case>, now: SystemTime) -> String {
    let mut parts = Vec::new();
    match failure.case() {
        Some(case) => {
            parts.push(format!("{} (by {})", case.id(), failure.matched_by().map_or("", MatchedBy::as_str)));
            parts.push(decision_words(retry(failure, now)));
        }
        None if failure.is_failure() => parts.push(failure.to_string()),
        None => parts.push("no failure".to_owned()),
    }
    // What is in no case has told its own request id.
    let id = failure.case().and_then(|_| shown(failure).ok()?["request_id"].as_str().map(str::to_owned));
    parts.extend(id.map(|id| format!("request id {id}")));
    parts.join("; ")
}

/// What may be shown of a failure.
fn shown(failure: &Failure<Case>) -> Result<Value, Trouble> {
    serde_json::to_value(failure).map_err(|error| Trouble(format!("cannot be written as JSON: {error}")))
}

/// The answer for programs.
fn document(id: &Value, failure: &Failure<Case>, now: SystemTime) -> Result<Value, Trouble> {
    let shown = shown(failure)?;
    Ok(json!({
        "schema": 1,
        "id": id,
        "case": shown["case"],
        "variant": shown["variant"],
        "matched_by": shown["matched_by"],
        "status": shown["status"],
        "code": shown["code"],
        "message": shown["message"],
        "request_id": shown["request_id"],
        "retry_after": asked(failure, now),
        "retry": decision(retry(failure, now)),
        "docs": shown["docs"],
    }))
}

/// What the server asked to wait, whether the policy waits for that or not.
fn asked(failure: &Failure<Case>, now: SystemTime) -> Value {
    match failure.retry_after(now) {
        None => Value::Null,
        Some(RetryAfter::Ignored) => json!("ignored"),
        Some(RetryAfter::TooLong) => json!("too-long"),
        Some(RetryAfter::Delay(delay)) => match u64::try_from(delay.as_millis()) {
            Ok(delay) => json!({ "delay_ms": delay }),
            Err(_) => json!("too-long"),
        },
    }
}
