//! The command line of waves-errors. Data goes to stdout, notes to stderr; nothing uses the network.

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
mod emit;
mod explain;
mod redact;
mod retry;
mod ticket;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use outcome::{CliError, Outcome};
use output::{IgnoreBrokenPipe, print_note};

/// Explains the errors of the Waves API, or of any other catalog; checks and renders such catalogs.
#[derive(Parser)]
#[command(name = "waves-errors", version, about, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    catalog: catalog::CatalogArgs,
    /// When to print in colour; by default where the output is a terminal, or as `NO_COLOR` and `CLICOLOR_FORCE` say
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
    /// Explains cases: what happened, why, what to do, whether trying again helps.
    Explain(explain::Explain),
    /// Tells which case an answer is, and whether to try again.
    Classify(classify::Classify),
    /// Tells which documented cause of a failure applies.
    Diagnose(diagnose::Diagnose),
    /// Fills in what a support ticket has to hold, redacted.
    Ticket(ticket::Ticket),
    /// Replaces what must not be shown, in logs and elsewhere.
    Redact(redact::Redact),
    /// Shows when a case is tried again, or what is decided over recorded answers.
    Retry(retry::Schedule),
    /// Shows every mistake of a catalog at its line.
    Check(check::Check),
    /// Writes the reference: pages in Markdown and HTML, the catalog in JSON; or compares what is written.
    Doc(doc::Doc),
    /// Compares two catalogs, and tells which version bump the changes ask for.
    Diff(diff::Diff),
    /// Prints the JSON Schema of catalogs, for editors.
    Schema,
    /// Prints what a shell needs to complete commands, options and the names of cases.
    Completions(completions::Completions),
    /// Prints the Rust source that the macro makes of a catalog.
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
        Command::Retry(retry) => retry.run(catalog.table()?, out)?,
        Command::Check(check) => check.run(catalog, out)?,
        Command::Diff(diff) => diff.run(out)?,
        Command::Schema => {
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
