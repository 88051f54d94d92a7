//! `emit`: the Rust source that the macro generates, for review, or to commit instead of the macro.

use std::io::Write;

use clap::Args;
use heck::ToUpperCamelCase;
use waves_errors_catalog::Catalog;
use waves_errors_catalog::render::rust::{Item, source};

use crate::outcome::{CliError, Outcome};

/// What to emit.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors emit --catalog orders.toml --enum OrderError > src/order_error.rs")]
pub(crate) struct Emit {
    /// The name of the enum; default: the catalog's id and `Error`
    #[arg(long = "enum", value_name = "NAME")]
    name: Option<String>,
}

impl Emit {
    pub(crate) fn run(&self, catalog: &Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        let name = self.name.clone().unwrap_or_else(|| format!("{}Error", catalog.id.to_upper_camel_case()));
        if syn::parse_str::<syn::Ident>(&name).is_err() {
            return Err(CliError(format!("`{name}` cannot be the name of an enum")));
        }
        let text = source(catalog, Item { name: &name, vis: "pub" });
        let file =
            syn::parse_file(&text).map_err(|error| CliError(format!("the source is not valid Rust: {error}")))?;
        writeln!(out, "// Made by `waves-errors emit` from the catalog `{}`.\n", catalog.id.value)?;
        write!(out, "{}", prettyplease::unparse(&file))?;
        Ok(Outcome::Success)
    }
}
