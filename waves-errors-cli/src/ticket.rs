//! `ticket`: the contents of a support ticket, filled in and redacted.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use waves_errors::{Body, Catalog, Failure, checklists::Collect};

use crate::input::json::timestamp;
use crate::input::{Input, read_bytes};
use crate::outcome::{CliError, Outcome};
use crate::output::print_note;
use crate::output::report_redactions;

/// The arguments of `ticket`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  curl -sv https://... 2>&1 | waves-errors ticket --workspace ws_42
  waves-errors ticket --request-body request.json --at 2026-11-22T14:00:00Z response.http

Prints the present and missing facts, and the kinds of redacted values, to stderr.

Exit code: 0 for success, 1 with --strict if a fact is missing, 2 if the input cannot be read.")]
pub(crate) struct Ticket {
    #[command(flatten)]
    input: Input,
    /// The workspace of the API key
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
    /// A file with the body of the request
    #[arg(long, value_name = "FILE")]
    request_body: Option<PathBuf>,
    /// The time of the failure, such as 2026-11-22T14:00:00Z
    #[arg(long, value_name = "RFC3339")]
    at: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// Exit with 1 if a fact of the checklist is missing
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Markdown,
    Text,
    Json,
}

impl Ticket {
    pub(crate) const fn input(&self) -> &Input {
        &self.input
    }

    pub(crate) fn run(&self, catalog: Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        let at = match &self.at {
            None => None,
            Some(text) => {
                let error = || CliError("invalid time for --at; write it as in 2026-11-22T14:00:00Z".into());
                Some(timestamp(text).ok_or_else(error)?)
            }
        };
        let body = self.request_body.as_deref().map(|file| read_bytes(Some(file))).transpose()?;
        let failure = Failure::classify_in(catalog, self.input.read_single(catalog)?.evidence);
        let mut builder = failure.ticket();
        if let Some(id) = &self.workspace {
            builder = builder.workspace(id);
        }
        if let Some(at) = at {
            builder = builder.time(at);
        }
        if let Some(body) = body {
            builder = builder.request_body(Body::whole(body));
        }
        let ticket = builder.build();
        if ticket.items().next().is_none() {
            return Err(CliError(format!("no checklist in the catalog `{}`", catalog.id())));
        }
        match self.format {
            Format::Markdown => write!(out, "{}", ticket.markdown())?,
            Format::Text => writeln!(out, "{ticket}")?,
            Format::Json => {
                let document =
                    serde_json::to_value(&ticket).map_err(|error| CliError(format!("cannot write JSON: {error}")))?;
                writeln!(out, "{document:#}")?;
            }
        }
        let labels =
            |facts: &mut dyn Iterator<Item = Collect>| facts.map(Collect::label).collect::<Vec<_>>().join(", ");
        print_note(&format!("kept: {}", labels(&mut ticket.present())));
        report_redactions(ticket.redacted_kinds());
        let missing = labels(&mut ticket.missing());
        if !missing.is_empty() {
            print_note(&format!("missing: {missing}"));
        }
        Ok(Outcome::from(missing.is_empty() || !self.strict))
    }
}
