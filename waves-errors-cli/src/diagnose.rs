//! `diagnose`: which documented cause of a failure applies.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};
use waves_errors::{Case, Catalog, Failure};

use crate::input::{Exchange, Exchanges, Input, for_each_exchange};
use crate::outcome::{CliError, Outcome};
use crate::output::Format;
use crate::output::print_note;

/// The arguments of `diagnose`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  curl -sv https://... 2>&1 | waves-errors diagnose
  waves-errors diagnose network-log.har
  waves-errors diagnose --format json exchange.json

Output:
  FOUND   the cause or fix applies
  likely  probably applies, but there are other explanations
  ok      does not apply: this part of the exchange is correct
  n/a     does not apply to this kind of exchange
  ?       unknown: the exchange does not contain the necessary information

Exit code: 0 if a cause or fix is found or likely, 1 if none is, 2 if the input cannot be read. For JSON lines: 0, or 2 if a line cannot \
be read.")]
pub(crate) struct Diagnose {
    #[command(flatten)]
    input: Input,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Diagnose {
    pub(crate) const fn input(&self) -> &Input {
        &self.input
    }

    pub(crate) fn run(&self, catalog: Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        match self.input.read(catalog)? {
            Exchanges::Single(exchange) => self.write_diagnosis(catalog, *exchange, None, out),
            Exchanges::Lines(bytes) => for_each_exchange(&bytes, out, |exchange, out| {
                let id = exchange.redacted_id(catalog);
                self.write_diagnosis(catalog, exchange, Some(id), out).map(drop)
            }),
        }
    }

    fn write_diagnosis(
        &self,
        catalog: Catalog,
        exchange: Exchange,
        id: Option<Value>,
        out: &mut impl Write,
    ) -> Result<Outcome, CliError> {
        let failure = Failure::classify_in(catalog, exchange.evidence);
        let diagnosis = failure.diagnose();
        match self.format {
            Format::Json => {
                let findings: Result<Vec<_>, _> = diagnosis.findings().map(serde_json::to_value).collect();
                let findings = findings.map_err(|error| CliError(format!("cannot write JSON: {error}")))?;
                let mut document = json!({ "schema": 1, "case": failure.case().map(Case::id), "findings": findings });
                if let Some(id) = id {
                    document["id"] = id;
                }
                writeln!(out, "{document}")?;
            }
            Format::Human if !failure.is_failure() => writeln!(out, "not an error")?,
            Format::Human => {
                writeln!(out, "{failure}")?;
                if diagnosis.findings().len() > 0 {
                    writeln!(out, "\n{diagnosis}")?;
                } else {
                    print_note("no documented cause can be checked");
                }
            }
        }
        Ok(Outcome::from(diagnosis.is_conclusive()))
    }
}
