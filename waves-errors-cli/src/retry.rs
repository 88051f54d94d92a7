//! `retry`: the retry schedule of a case, or the decisions for recorded exchanges.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors::{Case, Catalog, Decision, Evidence, Failure, Jitter, Policy, Retry, format_duration};
use waves_errors_catalog::render::json::policy as policy_json;

use crate::catalog::{CatalogArgs, no_match};
use crate::decision::{decision_json, decision_text, ms};
use crate::input::{Exchange, for_each_exchange, read_bytes};
use crate::outcome::{CliError, Outcome};
use crate::output::{Format, print_note};
use crate::terminal::Terminal;

/// The arguments of `retry`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors retry 429                             the delays and the number of retries
  waves-errors retry 429 --jitter most               the shortest delays that the jitter allows
  waves-errors retry --replay responses.jsonl        the decision after each exchange

Exit code: 0 for success, 1 for an unknown case, 2 if the input cannot be read.")]
pub(crate) struct Schedule {
    /// The case: a status, an id, a Rust variant, a code, a close code, or the text of an exception
    #[arg(required_unless_present = "replay")]
    case: Option<String>,
    /// How many retries to show; default: `max-retries` of the policy
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), conflicts_with = "replay")]
    attempts: Option<u32>,
    /// The jitter of each delay
    #[arg(long, value_enum, default_value_t = JitterMode::Random)]
    jitter: JitterMode,
    /// Replay exchanges from JSON lines and print the decision after each; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "case")]
    replay: Option<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum JitterMode {
    /// The delays without jitter
    None,
    /// The most jitter: the shortest possible delays
    Most,
    /// Random delays, as in a program
    Random,
}

impl JitterMode {
    fn retry(self) -> Retry {
        match self {
            Self::None => Retry::new().jitter(Jitter::NONE),
            Self::Most => Retry::new().jitter(Jitter::FULL),
            Self::Random => Retry::new(),
        }
    }
}

/// A retry of a schedule: its delay, and the total delay since the first attempt.
struct Attempt {
    number: u32,
    delay: Duration,
    total: Duration,
}

impl Schedule {
    pub(crate) fn run(&self, source: &CatalogArgs, out: &mut impl Write) -> Result<Outcome, CliError> {
        let catalog = source.table()?;
        if let Some(file) = &self.replay {
            return self.replay(&read_bytes(Some(file))?, catalog, out);
        }
        let name = self.case.as_deref().unwrap_or_default();
        let case = match catalog.by_name(name) {
            Some(case) => case,
            None => match find(source, catalog, name)? {
                Ok(case) => case,
                Err(note) => {
                    print_note(&note);
                    return Ok(Outcome::Negative);
                }
            },
        };
        let policy = case.policy();
        // A status can be excluded from the retries of its case.
        let refused = name.parse().ok().map(Evidence::response).filter(|response| !catalog.vetoes(response).is_empty());
        if let Some(status) = refused.and_then(|response| response.status()) {
            match self.format {
                Format::Json => writeln!(out, "{:#}", schedule_json(case, policy, &[]))?,
                Format::Human => writeln!(out, "{}: never after status {status}", case.id())?,
            }
            return Ok(Outcome::Success);
        }
        let attempts = policy.map(|(_, policy)| self.attempts(case, policy)).unwrap_or_default();
        match self.format {
            Format::Json => writeln!(out, "{:#}", schedule_json(case, policy, &attempts))?,
            Format::Human => print_schedule(case, policy, &attempts, out)?,
        }
        Ok(Outcome::Success)
    }

    fn attempts(&self, case: Case, policy: Policy) -> Vec<Attempt> {
        let policy = self.attempts.map_or(policy, |attempts| policy.with_max_retries(attempts));
        let (failure, now) = (Failure::of_case(case), SystemTime::UNIX_EPOCH);
        // `idempotent` shows the schedule even if the policy has `only`.
        let mut retry = self.jitter.retry().idempotent().policy_for(case, policy);
        let mut total = Duration::ZERO;
        let delays = std::iter::from_fn(|| match retry.decide(&failure, now) {
            Decision::Retry { after, .. } => Some(after),
            Decision::Stop(_) => None,
        });
        let delays = delays.zip(1..).map(|(delay, number)| {
            let delay = Duration::from_millis(ms(delay));
            total = total.saturating_add(delay);
            Attempt { number, delay, total }
        });
        delays.collect()
    }

    /// Replays exchanges as attempts of one retry loop. A success ends the loop and resets its state.
    fn replay(&self, bytes: &[u8], catalog: Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        let mut retry = self.jitter.retry();
        for_each_exchange(bytes, out, |exchange, out| {
            let id = exchange.redacted_id(catalog);
            let Exchange { received_at, evidence, .. } = exchange;
            let failure = Failure::classify_in(catalog, evidence);
            let decision = retry.decide(&failure, received_at);
            if !failure.is_failure() {
                retry.reset();
            }
            let case = failure.case().map(Case::id);
            match self.format {
                Format::Json => {
                    writeln!(
                        out,
                        "{}",
                        json!({ "schema": 1, "id": id, "case": case, "retry": decision_json(decision) })
                    )?;
                }
                Format::Human if !failure.is_failure() => writeln!(out, "not an error: the loop ends")?,
                Format::Human => {
                    writeln!(out, "{}: {}", case.unwrap_or("not in the catalog"), decision_text(decision))?;
                }
            }
            Ok(())
        })
    }
}

/// Finds the case of a query as `explain` does. Returns a note if there is not exactly one.
fn find(source: &CatalogArgs, catalog: Catalog, query: &str) -> Result<Result<Case, String>, CliError> {
    let all = source.load()?;
    let found = all.find(query);
    Ok(match found.as_slice() {
        [case] => catalog.by_id(&case.id).ok_or_else(|| format!("no case `{}`", case.id.value)),
        [] => Err(no_match(&all, query, all.nearest(query))),
        several => {
            let ids: Vec<_> = several.iter().map(|case| format!("`{}`", case.id.value)).collect();
            Err(format!("several cases in `{}` match: {}", catalog.id(), ids.join(", ")))
        }
    })
}

fn schedule_json(case: Case, policy: Option<(&str, Policy)>, attempts: &[Attempt]) -> Value {
    let policy = policy.map(|(id, policy)| {
        let mut object = policy_json(&policy);
        object["id"] = json!(id);
        object
    });
    let attempts = attempts.iter().map(
        |attempt| json!({ "attempt": attempt.number, "delay_ms": ms(attempt.delay), "total_ms": ms(attempt.total) }),
    );
    json!({ "schema": 1, "case": case.id(), "policy": policy, "attempts": attempts.collect::<Vec<_>>() })
}

/// The length of the longest bar, in columns.
const MAX_BAR_WIDTH: usize = 40;

fn print_schedule(
    case: Case,
    policy: Option<(&str, Policy)>,
    attempts: &[Attempt],
    out: &mut impl Write,
) -> Result<(), CliError> {
    let Some((id, policy)) = policy else {
        writeln!(out, "{}: never", case.id())?;
        return Ok(());
    };
    let terminal = Terminal::for_stdout();
    writeln!(out, "{}", terminal.render(&format!("`{}` (policy `{id}`): {policy}", case.id())))?;
    if attempts.is_empty() {
        return Ok(());
    }
    let format_delay = |duration: Duration| format_duration(Duration::from_millis(ms(duration))).to_string();
    let longest = attempts.iter().map(|attempt| attempt.delay.as_millis()).max().unwrap_or(0).max(1);
    let width = terminal.bar_width(29, MAX_BAR_WIDTH) as u128;
    writeln!(out, "\n{:>5}  {:>9}  {:>9}", "retry", "after", "total")?;
    for attempt in attempts {
        let bar = usize::try_from((attempt.delay.as_millis() * width).div_ceil(longest)).unwrap_or(0);
        let (number, delay, total) = (attempt.number, format_delay(attempt.delay), format_delay(attempt.total));
        writeln!(out, "{number:>5}  {delay:>9}  {total:>9}  {}", "█".repeat(bar))?;
    }
    Ok(())
}
