//! The command line of waves-errors. Data goes to stdout, remarks to stderr; nothing uses the network.

mod catalog;
mod explain;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Explains the errors of the Waves API, or of any other catalog.
#[derive(Parser)]
#[command(name = "waves-errors", version, about, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    catalog: catalog::Choice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Explains cases: what happened, why, what to do, whether trying again helps.
    Explain(explain::Explain),
}

/// How a command ended.
enum End {
    /// Done; the answer is yes.
    Yes,
    /// Done; the answer is no.
    No,
}

/// Why a command could not be done.
enum Trouble {
    /// What to tell people.
    Message(String),
    /// Nobody reads stdout any more.
    Closed,
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Message(format!("cannot write: {error}")),
        }
    }
}

fn main() -> ExitCode {
    // clap itself exits with 2 for wrong usage and with 0 after the help.
    let arguments = Arguments::parse();
    match run(arguments, &mut io::stdout().lock()) {
        Ok(End::Yes) | Err(Trouble::Closed) => ExitCode::SUCCESS,
        Ok(End::No) => ExitCode::from(1),
        Err(Trouble::Message(message)) => {
            // Where stderr is closed as well there is nobody left to tell.
            let _ = writeln!(io::stderr(), "error: {}", message.trim_end());
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments, out: &mut impl Write) -> Result<End, Trouble> {
    let catalog = arguments.catalog.load().map_err(Trouble::Message)?;
    let end = match arguments.command {
        Command::Explain(explain) => explain.run(&catalog, out)?,
    };
    out.flush()?;
    Ok(end)
}
