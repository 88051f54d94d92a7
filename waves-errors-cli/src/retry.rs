//! `retry`: the schedule of a case, or the decisions over a recorded row of answers.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors::{Case, Catalog, Decision, DelaySource, Failure, Jitter, Policy, Retry, format_duration};
use waves_errors_catalog::render::json::policy as policy_json;

use crate::classify::{Format, each_line};
use crate::input::{Exchange, bytes};
use crate::terminal::Terminal;
use crate::{End, Trouble, remark};

/// What to show.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors retry 429                             the delays and the number of retries
  waves-errors retry 429 --jitter most               the other end of each delay's range
  waves-errors retry --replay answers.jsonl          what is decided after each answer, as if they came in one loop

Exit code: 0 done, 1 for an unknown case, 2 if the input cannot be read.")]
pub(crate) struct Schedule {
    /// The case: a status, an id, a Rust variant or a code
    #[arg(required_unless_present = "replay")]
    case: Option<String>,
    /// As if the policy allowed so many retries
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), conflicts_with = "replay")]
    attempts: Option<u32>,
    /// What chance does to each delay
    #[arg(long, value_enum, default_value_t = JitterMode::Random)]
    jitter: JitterMode,
    /// Reads exchanges as JSON lines, and prints the decision after each; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "case")]
    replay: Option<PathBuf>,
    /// How to write the answer
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum JitterMode {
    /// The nominal delay
    None,
    /// The other end of its range
    Most,
    /// One between
    Random,
}

impl JitterMode {
    fn state(self) -> Retry {
        match self {
            Self::None => Retry::new().jitter(Jitter::NONE),
            Self::Most => Retry::new().jitter(Jitter::FULL),
            Self::Random => Retry::new(),
        }
    }
}

/// A retry of a schedule: its delay, and the time since the first try failed.
struct Attempt {
    number: u32,
    delay: Duration,
    total: Duration,
}

impl Schedule {
    pub(crate) fn run(&self, catalog: Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        if let Some(file) = &self.replay {
            return self.replay(&bytes(Some(file))?, catalog, out);
        }
        let name = self.case.as_deref().unwrap_or_default();
        let Some(case) = catalog.by_name(name) else {
            let near = nearest(catalog, name).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            remark(&format!("no case of the catalog `{}` is called `{}`{near}", catalog.id(), name.escape_debug()));
            return Ok(End::No);
        };
        let policy = case.policy();
        let attempts = policy.map(|(_, policy)| self.attempts(case, policy)).unwrap_or_default();
        match self.format {
            Format::Json => writeln!(out, "{:#}", document(case, policy, &attempts))?,
            Format::Human => table(case, policy, &attempts, out)?,
        }
        Ok(End::Yes)
    }

    fn attempts(&self, case: Case, policy: Policy) -> Vec<Attempt> {
        let policy = self.attempts.map_or(policy, |attempts| policy.with_max_retries(attempts));
        let (failure, now) = (Failure::of_case(case), SystemTime::UNIX_EPOCH);
        // `idempotent` shows the schedule even if the policy has `only`.
        let mut state = self.jitter.state().idempotent().policy_for(case, policy);
        let mut total = Duration::ZERO;
        let delays = std::iter::from_fn(|| match state.decide(&failure, now) {
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

    /// The decisions of one loop: counters go on from line to line, and end with a success.
    fn replay(&self, bytes: &[u8], catalog: Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        let mut state = self.jitter.state();
        each_line(bytes, out, |Exchange { id, now, evidence }, out| {
            let failure = Failure::classify_in(catalog, evidence);
            let decided = state.decide(&failure, now);
            if !failure.is_failure() {
                state.reset();
            }
            let case = failure.case().map(Case::id);
            match self.format {
                Format::Json => {
                    writeln!(out, "{}", json!({ "schema": 1, "id": id, "case": case, "retry": decision(decided) }))?;
                }
                Format::Human if !failure.is_failure() => writeln!(out, "no failure: the loop ends")?,
                Format::Human => {
                    writeln!(out, "{}: {}", case.unwrap_or("not in the catalog"), decision_words(decided))?;
                }
            }
            Ok(())
        })
    }
}

fn nearest(catalog: Catalog, name: &str) -> Option<&'static str> {
    let names = catalog.cases().flat_map(|case| [Some(case.id()), Some(case.variant()), case.code()]);
    let names: Vec<_> = names.flatten().collect();
    waves_errors_catalog::nearest(name, &names)
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn document(case: Case, policy: Option<(&str, Policy)>, attempts: &[Attempt]) -> Value {
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

/// How long the longest bar is.
const WIDTH: usize = 40;

fn table(
    case: Case,
    policy: Option<(&str, Policy)>,
    attempts: &[Attempt],
    out: &mut impl Write,
) -> Result<(), Trouble> {
    let Some((id, policy)) = policy else {
        writeln!(out, "{}: never", case.id())?;
        return Ok(());
    };
    let terminal = Terminal::of_stdout();
    writeln!(out, "{}", terminal.render(&format!("`{}` (policy `{id}`): {policy}", case.id())))?;
    if attempts.is_empty() {
        return Ok(());
    }
    let shown = |duration: Duration| format_duration(Duration::from_millis(ms(duration))).to_string();
    let longest = attempts.iter().map(|attempt| attempt.delay.as_millis()).max().unwrap_or(0).max(1);
    let width = terminal.bars(29, WIDTH) as u128;
    writeln!(out, "\n{:>5}  {:>9}  {:>9}", "retry", "after", "in all")?;
    for attempt in attempts {
        let bar = usize::try_from((attempt.delay.as_millis() * width).div_ceil(longest)).unwrap_or(0);
        let (number, delay, total) = (attempt.number, shown(attempt.delay), shown(attempt.total));
        writeln!(out, "{number:>5}  {delay:>9}  {total:>9}  {}", "█".repeat(bar))?;
    }
    Ok(())
}

/// A decision for programs.
pub(crate) fn decision(decision: Decision) -> Value {
    match decision {
        Decision::Retry { after, source, .. } => {
            json!({ "decision": "retry", "delay_ms": ms(after), "source": source.as_str() })
        }
        Decision::Stop(reason) => json!({ "decision": "stop", "reason": reason.as_str() }),
    }
}

/// A decision for people.
pub(crate) fn decision_words(decision: Decision) -> String {
    match decision {
        Decision::Retry { after, source, .. } => {
            let whose = if source == DelaySource::RetryAfter { "requested by the server" } else { "backoff" };
            format!("retry in {} ({whose})", format_duration(Duration::from_millis(ms(after))))
        }
        Decision::Stop(reason) => format!("no retry: {reason}"),
    }
}
