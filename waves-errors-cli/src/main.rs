//! The command line of waves-errors. Data goes to stdout, remarks to stderr; nothing uses the network.

mod catalog;
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

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Explains the errors of the Waves API, or of any other catalog; checks and renders such catalogs.
#[derive(Parser)]
#[command(name = "waves-errors", version, about, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    catalog: catalog::Choice,
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

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Done; the answer is yes.
    Yes,
    /// Done; the answer is no.
    No,
    /// Nothing was asked that could be done.
    NotDone,
}

impl From<bool> for End {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Why a command could not be done: what to tell people.
struct Trouble(String);

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self(format!("cannot write: {error}"))
    }
}

/// A stream whose reader may have gone away: the answer, and so the exit code, is the same without anybody to read it.
struct Quiet<W>(W);

impl<W: Write> Quiet<W> {
    fn unless_closed<T>(result: io::Result<T>, closed: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(closed),
            other => other,
        }
    }
}

impl<W: Write> Write for Quiet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::unless_closed(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Self::unless_closed(self.0.flush(), ())
    }
}

/// Tells people something that is no data. Where stderr is closed as well there is nobody left to tell.
fn remark(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

fn main() -> ExitCode {
    let ended = match Arguments::try_parse() {
        Ok(arguments) => {
            anstream::ColorChoice::from(arguments.color).write_global();
            // Colours where stdout is a terminal, or as NO_COLOR and CLICOLOR_FORCE say.
            run(arguments, &mut Quiet(anstream::stdout().lock()))
        }
        // Wrong usage, or the help that was asked for.
        Err(usage) => Quiet::<io::Stdout>::unless_closed(usage.print(), ())
            .map(|()| if usage.use_stderr() { End::NotDone } else { End::Yes })
            .map_err(Trouble::from),
    };
    match ended {
        Ok(End::Yes) => ExitCode::SUCCESS,
        Ok(End::No) => ExitCode::from(1),
        Ok(End::NotDone) => ExitCode::from(2),
        Err(Trouble(message)) => {
            remark(&format!("error: {}", message.trim_end()));
            ExitCode::from(2)
        }
    }
}

/// The short help of a command, for somebody at a terminal who would otherwise wait for nothing.
fn help(name: &str, out: &mut impl Write) -> Result<End, Trouble> {
    let mut command = Arguments::command();
    command.build();
    if let Some(command) = command.find_subcommand_mut(name) {
        write!(out, "{}", command.render_help())?;
    }
    Ok(End::NotDone)
}

fn run(arguments: Arguments, out: &mut impl Write) -> Result<End, Trouble> {
    let catalog = &arguments.catalog;
    let end = match arguments.command {
        Command::Explain(explain) => explain.run(&catalog.load()?, out)?,
        Command::Classify(classify) if classify.input().is_terminal() => help("classify", out)?,
        Command::Classify(classify) => classify.run(catalog.table()?, out)?,
        Command::Diagnose(diagnose) if diagnose.input().is_terminal() => help("diagnose", out)?,
        Command::Diagnose(diagnose) => diagnose.run(catalog.table()?, out)?,
        Command::Ticket(ticket) if ticket.input().is_terminal() => help("ticket", out)?,
        Command::Ticket(ticket) => ticket.run(catalog.table()?, out)?,
        Command::Redact(redact) if redact.is_terminal() => help("redact", out)?,
        Command::Redact(redact) => redact.run(catalog.table()?, out)?,
        Command::Retry(retry) => retry.run(catalog.table()?, out)?,
        Command::Check(check) => check.run(catalog, out)?,
        Command::Diff(diff) => diff.run(out)?,
        Command::Schema => {
            writeln!(out, "{:#}", waves_errors_catalog::schema::schema())?;
            End::Yes
        }
        Command::Completions(completions) => completions.run(Arguments::command(), catalog.table()?, out)?,
        Command::Doc(doc) => doc.run(&catalog.load()?, out)?,
        Command::Emit(emit) => emit.run(&catalog.load()?, out)?,
    };
    out.flush()?;
    Ok(end)
}
