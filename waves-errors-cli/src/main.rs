//! The command line of waves-errors. Data is written to stdout, notes to stderr. No command uses the network.

mod outcome;
mod output;

mod catalog;
mod decision;
mod input;
mod terminal;

mod check;
mod classify;
mod completions;
mod diagnose;
mod diff;
mod doc;
mod dump;
mod emit;
mod explain;
mod explanation;
mod redact;
mod retry;
mod ticket;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use outcome::{CliError, Outcome};
use output::{IgnoreBrokenPipe, print_note};

/// Explain, classify and diagnose the errors of the Waves API or of another catalog, and check catalogs
#[derive(Parser)]
#[command(name = "waves-errors", version, about, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    catalog: catalog::CatalogArgs,
    /// When to use colors. `auto`: if the output is a terminal, unless `NO_COLOR` or `CLICOLOR_FORCE` is set
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Explain the cases (errors) of a catalog: summary, causes, fixes and retry policy
    Explain(explain::Explain),
    /// Classify a response, and decide whether to retry
    Classify(classify::Classify),
    /// Check which documented causes and fixes apply to a failure
    Diagnose(diagnose::Diagnose),
    /// Write a redacted support ticket
    Ticket(ticket::Ticket),
    /// Redact secrets in logs and other text
    Redact(redact::Redact),
    /// Show the retry schedule of a case, or replay recorded exchanges
    Retry(retry::Schedule),
    /// Check catalogs and report all problems, with file and line
    Check(check::Check),
    /// Write the reference pages, the catalog in JSON and llms.txt, or compare existing files
    Doc(doc::Doc),
    /// Compare two catalogs and print the required version bump
    Diff(diff::Diff),
    /// Print the JSON Schema of catalogs, for editors
    Schema,
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the Rust source that the macro generates from a catalog
    Emit(emit::Emit),
}

fn main() -> ExitCode {
    let outcome = match Arguments::try_parse() {
        Ok(arguments) => {
            anstream::ColorChoice::from(arguments.color).write_global();
            // Uses colors if stdout is a terminal, or as NO_COLOR and CLICOLOR_FORCE require.
            run(arguments, &mut IgnoreBrokenPipe(anstream::stdout().lock()))
        }
        // Invalid usage, or the requested help.
        Err(usage) => IgnoreBrokenPipe::<io::Stdout>::recover(usage.print(), ())
            .map(|()| if usage.use_stderr() { Outcome::NotRun } else { Outcome::Success })
            .map_err(CliError::from),
    };
    match outcome {
        Ok(Outcome::Success) => ExitCode::SUCCESS,
        Ok(Outcome::Negative) => ExitCode::from(1),
        Ok(Outcome::NotRun) => ExitCode::from(2),
        Err(CliError(message)) => {
            print_note(&format!("error: {}", message.trim_end()));
            ExitCode::from(2)
        }
    }
}

/// Prints the short help of a command, which would otherwise wait for input from the terminal.
fn print_help(name: &str, out: &mut impl Write) -> Result<Outcome, CliError> {
    let mut command = Arguments::command();
    command.build();
    if let Some(command) = command.find_subcommand_mut(name) {
        write!(out, "{}", command.render_help())?;
    }
    Ok(Outcome::NotRun)
}

fn run(arguments: Arguments, out: &mut impl Write) -> Result<Outcome, CliError> {
    let catalog = &arguments.catalog;
    let outcome = match arguments.command {
        Command::Explain(explain) => explain.run(&catalog.load()?, out)?,
        Command::Classify(classify) if classify.input().is_terminal() => print_help("classify", out)?,
        Command::Classify(classify) => classify.run(catalog.table()?, out)?,
        Command::Diagnose(diagnose) if diagnose.input().is_terminal() => print_help("diagnose", out)?,
        Command::Diagnose(diagnose) => diagnose.run(catalog.table()?, out)?,
        Command::Ticket(ticket) if ticket.input().is_terminal() => print_help("ticket", out)?,
        Command::Ticket(ticket) => ticket.run(catalog.table()?, out)?,
        Command::Redact(redact) if redact.is_terminal() => print_help("redact", out)?,
        Command::Redact(redact) => redact.run(catalog.table()?, out)?,
        Command::Retry(retry) => retry.run(catalog, out)?,
        Command::Check(check) => check.run(catalog, out)?,
        Command::Diff(diff) => {
            catalog.reject("diff")?;
            diff.run(out)?
        }
        Command::Schema => {
            catalog.reject("schema")?;
            writeln!(out, "{:#}", waves_errors_catalog::schema::schema())?;
            Outcome::Success
        }
        Command::Completions(completions) => completions.run(Arguments::command(), catalog.table()?, out)?,
        Command::Doc(doc) => doc.run(&catalog.load()?, out)?,
        Command::Emit(emit) => emit.run(&catalog.load()?, out)?,
    };
    out.flush()?;
    Ok(outcome)
}
