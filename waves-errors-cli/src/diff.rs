//! `diff`: what changed between two catalogs, and which version bump that asks for.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors_catalog::diff::{Bump, Change, diff, required_bump};
use waves_errors_catalog::render::json::catalog as written;
use waves_errors_catalog::report;

use crate::input::bytes;
use crate::{End, Trouble, catalog, remark};

/// What to compare.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors diff v1/catalog.toml v2/catalog.toml
  waves-errors diff published.json catalog.toml --fail-on minor

A catalog is TOML, or what `doc --only json` writes.

Exit code: 0 done, 1 if the bump that is asked for is at least that of --fail-on, or an id was removed and not reserved, 2 if a
catalog cannot be read.")]
pub(crate) struct Diff {
    /// The earlier catalog
    old: PathBuf,
    /// The later one
    new: PathBuf,
    /// The least bump that is an answer of no
    #[arg(long, value_enum, default_value_t = FailOn::Major)]
    fail_on: FailOn,
    /// How to write the changes
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
    pub(crate) fn run(&self, out: &mut impl Write) -> Result<End, Trouble> {
        let changes = diff(&read(&self.old)?, &read(&self.new)?);
        let required = required_bump(&changes);
        match self.format {
            Format::Json => {
                let changes: Vec<_> = changes.iter().map(object).collect();
                writeln!(out, "{:#}", json!({ "schema": 1, "required": required.as_str(), "changes": changes }))?;
            }
            Format::Human => {
                for change in &changes {
                    let case = change.case.as_deref().unwrap_or("-");
                    writeln!(out, "{:5}  {case}: {} [{}]", change.level.as_str(), change.text, change.kind)?;
                }
                remark(&format!("the version bump that this asks for: {}", required.as_str()));
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
        let refused = changes.iter().any(|change| change.kind.ends_with("-not-reserved"));
        let failed = match self.fail_on {
            FailOn::Major => required >= Bump::Major,
            FailOn::Minor => required >= Bump::Minor,
            FailOn::Never => false,
        };
        Ok(End::from(!failed && !refused))
    }
}

fn object(change: &Change) -> Value {
    json!({ "kind": change.kind, "level": change.level.as_str(), "case": change.case, "text": change.text })
}

/// A catalog as JSON, from TOML or from JSON.
fn read(path: &Path) -> Result<Value, Trouble> {
    let shown = path.display();
    let content = bytes(Some(path))?;
    if content.trim_ascii_start().starts_with(b"{") {
        let value: Value = serde_json::from_slice(&content)
            .map_err(|error| Trouble(format!("`{shown}` is not valid JSON: {error}")))?;
        if value["schema"] != 1 || !value["cases"].is_array() {
            return Err(Trouble(format!("`{shown}` is not what `doc --only json` writes")));
        }
        return Ok(value);
    }
    match catalog::check_bytes(path, &content) {
        Ok(accepted) => Ok(written(&accepted.catalog)),
        Err(rejected) => {
            let problems = report::problems(&rejected.sources, &rejected.problems, true);
            Err(Trouble(format!("the catalog `{shown}` cannot be used\n\n{problems}")))
        }
    }
}
