//! `completions`: what a shell needs to complete commands, options and the names of cases.

use std::io::Write;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::{Shell, generate};
use waves_errors::Catalog;

use crate::{End, Trouble};

/// For which shell.
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
    pub(crate) fn run(&self, command: Command, catalog: Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        let ids: Vec<_> = catalog.cases().map(waves_errors::Case::id).collect();
        // What is typed may be a status or words as well; what is completed are ids.
        let named = |command: Command, argument: &'static str| {
            command.mut_arg(argument, |argument| argument.value_parser(PossibleValuesParser::new(ids.clone())))
        };
        let mut command = command
            .mut_subcommand("explain", |command| named(command, "query"))
            .mut_subcommand("retry", |command| named(command, "case"));
        let mut text = Vec::new();
        generate(self.shell, &mut command, "waves-errors", &mut text);
        // clap_complete 4.6 parts the dash of a program's name like a subcommand in half of bash's script, whose halves then
        // miss each other.
        let text = String::from_utf8_lossy(&text).replace("waves__subcmd__errors", "waves__errors");
        write!(out, "{text}")?;
        Ok(End::Yes)
    }
}
