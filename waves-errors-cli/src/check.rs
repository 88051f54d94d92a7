//! `check`: every problem of a catalog, for people, for programs, for GitHub's annotations.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors_catalog::{Level, Problem, Sources, report};

use crate::catalog::{self, Choice};
use crate::{End, Trouble, remark};

/// What to check.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors check catalog.toml
  waves-errors check --deny warnings --format github catalog.toml

Exit code: 0 without errors (and, with --deny, without warnings), 1 with, 2 if a file cannot be read.
`waves-errors explain RULE` explains the rule in the brackets of a message.")]
pub(crate) struct Check {
    /// The root files of catalogs, `-` for standard input; none: the one that --catalog names, or the one that is built in
    files: Vec<PathBuf>,
    /// How to write the problems
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// What else is an answer of no
    #[arg(long, value_enum)]
    deny: Option<Deny>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
    Github,
}

#[derive(Clone, Copy, ValueEnum)]
enum Deny {
    Warnings,
}

impl Check {
    pub(crate) fn run(&self, choice: &Choice, out: &mut impl Write) -> Result<End, Trouble> {
        let mut unread = None;
        let checked: Vec<_> = if self.files.is_empty() {
            vec![choice.check()?]
        } else {
            // A file that cannot be read ends the command, but not before the others have been told of.
            let (good, bad): (Vec<_>, Vec<_>) =
                self.files.iter().map(|file| catalog::check(file)).partition(Result::is_ok);
            unread = bad.into_iter().find_map(Result::err);
            good.into_iter().filter_map(Result::ok).collect()
        };
        let mut all = Vec::new();
        let mut told = Vec::new();
        for checked in &checked {
            let (sources, problems) = match checked {
                Ok(accepted) => (accepted.catalog.sources(), &accepted.warnings),
                Err(rejected) => (&rejected.sources, &rejected.problems),
            };
            match self.format {
                Format::Human if problems.is_empty() => {}
                Format::Human => writeln!(out, "{}", report::problems(sources, problems, true))?,
                Format::Json => told.extend(problems.iter().map(|problem| object(sources, problem))),
                Format::Github => {
                    for problem in problems {
                        writeln!(out, "{}", annotation(sources, problem))?;
                    }
                }
            }
            all.extend(problems.iter().cloned());
        }
        match self.format {
            Format::Json => writeln!(out, "{:#}", json!({ "schema": 1, "problems": told }))?,
            Format::Human | Format::Github => remark(&report::count(&all)),
        }
        if let Some(trouble) = unread {
            return Err(trouble);
        }
        let worst = all.iter().map(|problem| problem.level).max();
        Ok(End::from(worst.is_none_or(|level| level == Level::Warning && self.deny.is_none())))
    }
}

fn level(problem: &Problem) -> &'static str {
    match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}

/// File, line and column of a problem.
fn place<'s>(sources: &'s Sources, problem: &Problem) -> (&'s str, usize, usize) {
    let source = sources.get(problem.location.file);
    let (line, column) = source.map_or((1, 1), |source| source.position(problem.location.start));
    (source.map_or("", |source| source.name()), line, column)
}

fn object(sources: &Sources, problem: &Problem) -> Value {
    let (file, line, column) = place(sources, problem);
    json!({
        "rule": problem.lint,
        "level": level(problem),
        "file": file,
        "line": line,
        "column": column,
        "message": problem.message,
        "help": problem.help,
    })
}

/// A workflow command of GitHub Actions, which becomes an annotation at the line.
fn annotation(sources: &Sources, problem: &Problem) -> String {
    let (file, line, column) = place(sources, problem);
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let help = problem.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
    format!(
        "::{} file={},line={line},col={column},title={}::{}",
        level(problem),
        property(file),
        property(problem.lint),
        data(&format!("{}{help}", problem.message))
    )
}
