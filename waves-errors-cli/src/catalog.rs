//! Selects the catalog: `--catalog`, `$WAVES_ERRORS_CATALOG`, or the built-in catalog.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::Args;
use waves_errors::{CatalogEnum, Evidence, Redactor, WavesError};
use waves_errors_catalog::render::table::table;
use waves_errors_catalog::{Accepted, Catalog, Rejected, WAVES, report};

use crate::outcome::CliError;

/// The catalog to use.
#[derive(Args)]
pub(crate) struct CatalogArgs {
    /// The catalog file; default: the file that `WAVES_ERRORS_CATALOG` names, or else the embedded Waves catalog
    #[arg(long, value_name = "FILE", global = true)]
    catalog: Option<PathBuf>,
}

/// The environment variable with the path of the catalog, for calls without `--catalog`; ignored if empty.
const CATALOG_VARIABLE: &str = "WAVES_ERRORS_CATALOG";

type CheckResult = Result<Accepted, Box<Rejected>>;

/// Reads and checks a file; `-` is standard input.
pub(crate) fn check(path: &Path) -> Result<CheckResult, CliError> {
    let mut bytes = Vec::new();
    let (name, contents) = if path == "-" {
        ("standard input".to_owned(), io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (format!("the catalog `{}`", path.display()), fs::read(path))
    };
    let bytes = contents.map_err(|error| CliError(format!("cannot read {name}: {error}")))?;
    Ok(check_bytes(path, &bytes))
}

/// Checks the contents of a file. Included files are relative to it, or to the working directory for standard input.
pub(crate) fn check_bytes(path: &Path, bytes: &[u8]) -> CheckResult {
    let path = if path == "-" { Path::new("stdin.toml") } else { path };
    let directory = path.parent().unwrap_or(Path::new(""));
    waves_errors_catalog::check(&path.to_string_lossy(), bytes, &mut |file| fs::read(directory.join(file)))
}

/// Returns the error for an invalid catalog.
pub(crate) fn invalid_catalog_error(rejected: &Rejected) -> CliError {
    let problems = report::problems(&rejected.sources, &rejected.problems, true);
    CliError(format!("invalid catalog\n\n{problems}"))
}

/// Returns a catalog as a table for the runtime. The table is leaked, because the process is short-lived.
pub(crate) fn runtime(catalog: &Catalog) -> waves_errors::Catalog {
    waves_errors::Catalog::leak(table(catalog))
}

/// Returns the note for a query that matches no case. The query can be a message that contains a key.
pub(crate) fn no_match(catalog: &Catalog, query: &str, suggestion: Option<String>) -> String {
    let redacted = Redactor::new(runtime(catalog), &Evidence::new()).line(query);
    let suggestion = suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    format!("no case in `{}` matches `{redacted}`{suggestion}", catalog.id.value)
}

impl CatalogArgs {
    /// Returns the path of the catalog, or none for the built-in catalog.
    fn path(&self) -> Option<PathBuf> {
        let variable = || env::var_os(CATALOG_VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        self.catalog.clone().or_else(variable)
    }

    /// Fails if `--catalog` is given to a command that does not use it.
    pub(crate) fn reject(&self, command: &str) -> Result<(), CliError> {
        match self.catalog {
            Some(_) => Err(CliError(format!("`{command}` does not use --catalog"))),
            None => Ok(()),
        }
    }

    /// Reads and checks the catalog.
    pub(crate) fn check(&self) -> Result<CheckResult, CliError> {
        self.path().map_or_else(|| Ok(WAVES.check()), |path| check(&path))
    }

    /// Returns the catalog as a table for the runtime.
    pub(crate) fn table(&self) -> Result<waves_errors::Catalog, CliError> {
        if self.path().is_none() {
            return Ok(WavesError::CATALOG);
        }
        Ok(runtime(&self.load()?))
    }

    /// Loads the catalog, or fails if it is invalid.
    pub(crate) fn load(&self) -> Result<Catalog, CliError> {
        let loaded = match self.path() {
            None => WAVES.load(),
            Some(path) => check(&path)?.map(|accepted| accepted.catalog),
        };
        loaded.map_err(|rejected| invalid_catalog_error(&rejected))
    }
}
