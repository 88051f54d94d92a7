//! `check`: the problems of catalogs as text, as JSON, or as annotations for GitHub.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors_catalog::{Level, Problem, Sources, report};

use crate::catalog::{self, CatalogArgs};
use crate::outcome::{CliError, Outcome};
use crate::output::print_note;

/// The arguments of `check`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors check catalog.toml
  waves-errors check --deny warnings --format github catalog.toml

Exit code: 0 if there are no errors; 1 if there are errors, or warnings with --deny warnings; 2 if a file cannot be read.
The name in brackets after a message is a lint: `waves-errors explain LINT` explains it.")]
pub(crate) struct Check {
    /// Root files of catalogs, which are checked with the files that they include; `-` for standard input; default: the catalog of --catalog
    files: Vec<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also exit with 1 if there are warnings
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
    pub(crate) fn run(&self, catalog_args: &CatalogArgs, out: &mut impl Write) -> Result<Outcome, CliError> {
        let mut read_error = None;
        let checked: Vec<_> = if self.files.is_empty() {
            vec![catalog_args.check()?]
        } else {
            // A file that cannot be read fails the command, after the problems of the others have been printed.
            let (checked, failed): (Vec<_>, Vec<_>) =
                self.files.iter().map(|file| catalog::check(file)).partition(Result::is_ok);
            read_error = failed.into_iter().find_map(Result::err);
            checked.into_iter().filter_map(Result::ok).collect()
        };
        let mut all_problems = Vec::new();
        let mut json_problems = Vec::new();
        for checked in &checked {
            let (sources, problems) = match checked {
                Ok(accepted) => (accepted.catalog.sources(), &accepted.warnings),
                Err(rejected) => (&rejected.sources, &rejected.problems),
            };
            match self.format {
                Format::Human if problems.is_empty() => {}
                Format::Human => writeln!(out, "{}", report::problems(sources, problems, true))?,
                Format::Json => json_problems.extend(problems.iter().map(|problem| problem_json(sources, problem))),
                Format::Github => {
                    for problem in problems {
                        writeln!(out, "{}", github_annotation(sources, problem))?;
                    }
                }
            }
            all_problems.extend(problems.iter().cloned());
        }
        match self.format {
            Format::Json => writeln!(out, "{:#}", json!({ "schema": 1, "problems": json_problems }))?,
            Format::Human | Format::Github => print_note(&report::summary(&all_problems)),
        }
        if let Some(error) = read_error {
            return Err(error);
        }
        let worst = all_problems.iter().map(|problem| problem.level).max();
        Ok(Outcome::from(worst.is_none_or(|level| level == Level::Warning && self.deny.is_none())))
    }
}

fn level_name(problem: &Problem) -> &'static str {
    match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}

/// Returns the file, line and column of a problem.
fn location<'s>(sources: &'s Sources, problem: &Problem) -> (&'s str, usize, usize) {
    let source = sources.get(problem.location.file);
    let (line, column) = source.map_or((1, 1), |source| source.position(problem.location.start));
    (source.map_or("", |source| source.name()), line, column)
}

fn problem_json(sources: &Sources, problem: &Problem) -> Value {
    let (file, line, column) = location(sources, problem);
    json!({
        "rule": problem.lint,
        "level": level_name(problem),
        "file": file,
        "line": line,
        "column": column,
        "message": problem.message,
        "help": problem.help,
    })
}

/// Returns a workflow command of GitHub Actions, which adds an annotation at the line.
fn github_annotation(sources: &Sources, problem: &Problem) -> String {
    let (file, line, column) = location(sources, problem);
    let escape_data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let escape_property = |text: &str| escape_data(text).replace(':', "%3A").replace(',', "%2C");
    let help = problem.help.as_ref().map_or_else(String::new, |help| format!("\n{help}"));
    format!(
        "::{} file={},line={line},col={column},title={}::{}",
        level_name(problem),
        escape_property(file),
        escape_property(problem.lint),
        escape_data(&format!("{}{help}", problem.message))
    )
}
