//! Which catalog: `--catalog`, `$WAVES_ERRORS_CATALOG`, or the one that is built in.

use std::path::PathBuf;

use clap::Args;
use waves_errors_catalog::{Catalog, check_file, report, waves};

/// The catalog to use.
#[derive(Args)]
pub(crate) struct Choice {
    /// A catalog in TOML, instead of the Waves API's own, which is built in
    #[arg(long, value_name = "FILE", global = true, env = "WAVES_ERRORS_CATALOG", hide_env_values = true)]
    catalog: Option<PathBuf>,
}

impl Choice {
    /// Reads and checks it; the error is what to tell people.
    pub(crate) fn load(&self) -> Result<Catalog, String> {
        let checked = match &self.catalog {
            None => waves(),
            Some(path) => {
                let name = path.to_string_lossy();
                check_file(path, &name).map_err(|error| format!("the catalog `{name}` cannot be read: {error}"))?
            }
        };
        match checked {
            Ok(accepted) => Ok(accepted.catalog),
            Err(rejected) => {
                let shown = report::problems(&rejected.sources, &rejected.problems);
                Err(format!("the catalog cannot be used\n\n{shown}"))
            }
        }
    }
}
