//! Which catalog: `--catalog`, `$WAVES_ERRORS_CATALOG`, or the one that is built in.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::Args;
use waves_errors::{CatalogEnum, WavesError};
use waves_errors_catalog::render::table::table;
use waves_errors_catalog::{Accepted, Catalog, Rejected, WAVES, report};

use crate::Trouble;

/// The catalog to use.
#[derive(Args)]
pub(crate) struct Choice {
    /// A catalog in TOML, instead of the one that is built in or that the variable `WAVES_ERRORS_CATALOG` names
    #[arg(long, value_name = "FILE", global = true)]
    catalog: Option<PathBuf>,
}

/// The variable that names a catalog where no argument does; an empty one names none.
const VARIABLE: &str = "WAVES_ERRORS_CATALOG";

type Checked = Result<Accepted, Box<Rejected>>;

/// Reads and checks a file; `-` is standard input.
pub(crate) fn check(path: &Path) -> Result<Checked, Trouble> {
    let mut bytes = Vec::new();
    let (name, read) = if path == "-" {
        ("standard input".to_owned(), io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (format!("the catalog `{}`", path.display()), fs::read(path))
    };
    let bytes = read.map_err(|error| Trouble(format!("{name} cannot be read: {error}")))?;
    Ok(check_bytes(path, &bytes))
}

/// Checks what a file holds: what it includes lies beside it, or where the command is run if it is standard input.
pub(crate) fn check_bytes(path: &Path, bytes: &[u8]) -> Checked {
    let path = if path == "-" { Path::new("stdin.toml") } else { path };
    let folder = path.parent().unwrap_or(Path::new(""));
    waves_errors_catalog::check(&path.to_string_lossy(), bytes, &mut |file| fs::read(folder.join(file)))
}

/// Why a catalog with errors cannot be used.
pub(crate) fn unusable(rejected: &Rejected) -> Trouble {
    let shown = report::problems(&rejected.sources, &rejected.problems, true);
    Trouble(format!("the catalog cannot be used\n\n{shown}"))
}

impl Choice {
    /// The file that is named; none: the catalog that is built in.
    fn named(&self) -> Option<PathBuf> {
        let variable = || env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        self.catalog.clone().or_else(variable)
    }

    /// Reads and checks it.
    pub(crate) fn check(&self) -> Result<Checked, Trouble> {
        self.named().map_or_else(|| Ok(WAVES.check()), |path| check(&path))
    }

    /// The catalog as programs carry it, for the rest of this program's short life.
    pub(crate) fn table(&self) -> Result<waves_errors::Catalog, Trouble> {
        if self.named().is_none() {
            return Ok(WavesError::CATALOG);
        }
        Ok(waves_errors::Catalog::leak(table(&self.load()?)))
    }

    /// Reads it; one with errors cannot be used.
    pub(crate) fn load(&self) -> Result<Catalog, Trouble> {
        let loaded = match self.named() {
            None => WAVES.load(),
            Some(path) => check(&path)?.map(|accepted| accepted.catalog),
        };
        loaded.map_err(|rejected| unusable(&rejected))
    }
}
