//! `completions`: shell completions for commands, options and case ids.

use std::io::Write;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::{Shell, generate};
use waves_errors::Catalog;

use crate::outcome::{CliError, Outcome};

/// The arguments of `completions`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors completions bash > ~/.local/share/bash-completion/completions/waves-errors
  waves-errors completions zsh > ~/.zfunc/_waves-errors
  waves-errors completions fish > ~/.config/fish/completions/waves-errors.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, command: Command, catalog: Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        let ids: Vec<_> = catalog.cases().map(waves_errors::Case::id).collect();
        // The arguments also accept statuses and words, but only ids are completed.
        let with_case_ids = |command: Command, argument: &'static str| {
            command.mut_arg(argument, |argument| argument.value_parser(PossibleValuesParser::new(ids.clone())))
        };
        let mut command = command
            .mut_subcommand("explain", |command| with_case_ids(command, "query"))
            .mut_subcommand("retry", |command| with_case_ids(command, "case"));
        let mut text = Vec::new();
        generate(self.shell, &mut command, "waves-errors", &mut text);
        // In one half of the bash script, clap_complete 4.6 treats the dash in the program's name like a subcommand.
        let text = String::from_utf8_lossy(&text).replace("waves__subcmd__errors", "waves__errors");
        write!(out, "{text}")?;
        Ok(Outcome::Success)
    }
}
