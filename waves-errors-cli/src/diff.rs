//! `diff`: the changes between two catalogs, and the required version bump.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors_catalog::diff::{Bump, Change, diff, required_bump};
use waves_errors_catalog::render::json::catalog as catalog_json;
use waves_errors_catalog::report;

use crate::catalog;
use crate::input::read_bytes;
use crate::outcome::{CliError, Outcome};
use crate::output::print_note;

/// The arguments of `diff`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors diff v1/catalog.toml v2/catalog.toml
  waves-errors diff published.json catalog.toml --fail-on minor

A catalog is a TOML file, or the JSON file that `doc --only json` writes.

Exit code: 0 for success; 1 if the required version bump is that of --fail-on or higher, or if a removed id is not in `reserved`; 2 if a \
catalog cannot be read.")]
pub(crate) struct Diff {
    /// The old catalog
    old: PathBuf,
    /// The new catalog
    new: PathBuf,
    /// Exit with 1 if the required version bump is this or higher
    #[arg(long, value_enum, default_value_t = FailOn::Major)]
    fail_on: FailOn,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Major,
    Minor,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Markdown,
    Json,
}

impl Diff {
    pub(crate) fn run(&self, out: &mut impl Write) -> Result<Outcome, CliError> {
        let changes = diff(&load_json(&self.old)?, &load_json(&self.new)?);
        let required = required_bump(&changes);
        match self.format {
            Format::Json => {
                let changes: Vec<_> = changes.iter().map(change_json).collect();
                writeln!(out, "{:#}", json!({ "schema": 1, "required": required.as_str(), "changes": changes }))?;
            }
            Format::Human => {
                for change in &changes {
                    let case = change.case.as_deref().unwrap_or("-");
                    writeln!(out, "{:5}  {case}: {} [{}]", change.level.as_str(), change.text, change.kind)?;
                }
                print_note(&format!("required version bump: {}", required.as_str()));
            }
            Format::Markdown => {
                writeln!(out, "Version bump: **{}**", required.as_str())?;
                for level in [Bump::Major, Bump::Minor, Bump::Patch] {
                    let of_level: Vec<_> = changes.iter().filter(|change| change.level == level).collect();
                    if !of_level.is_empty() {
                        writeln!(out, "\n### {}\n", level.as_str())?;
                    }
                    for change in of_level {
                        let case = change.case.as_ref().map(|id| format!("`{id}`: ")).unwrap_or_default();
                        writeln!(out, "- {case}{}", change.text)?;
                    }
                }
            }
        }
        let has_unreserved = changes.iter().any(|change| change.kind.ends_with("-not-reserved"));
        let exceeds_limit = match self.fail_on {
            FailOn::Major => required >= Bump::Major,
            FailOn::Minor => required >= Bump::Minor,
            FailOn::Never => false,
        };
        Ok(Outcome::from(!exceeds_limit && !has_unreserved))
    }
}

fn change_json(change: &Change) -> Value {
    json!({ "kind": change.kind, "level": change.level.as_str(), "case": change.case, "text": change.text })
}

/// Loads a catalog as JSON, from TOML or JSON.
fn load_json(path: &Path) -> Result<Value, CliError> {
    let display_path = path.display();
    let content = read_bytes(Some(path))?;
    if content.trim_ascii_start().starts_with(b"{") {
        let value: Value = serde_json::from_slice(&content)
            .map_err(|error| CliError(format!("invalid JSON in `{display_path}`: {error}")))?;
        if value["schema"] != 1 || !value["cases"].is_array() {
            return Err(CliError(format!(
                "`{display_path}` is not a catalog in JSON; write one with `doc --only json`"
            )));
        }
        return Ok(value);
    }
    match catalog::check_bytes(path, &content) {
        Ok(accepted) => Ok(catalog_json(&accepted.catalog)),
        Err(rejected) => {
            let problems = report::problems(&rejected.sources, &rejected.problems, true);
            Err(CliError(format!("invalid catalog `{display_path}`\n\n{problems}")))
        }
    }
}
