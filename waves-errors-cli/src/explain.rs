//! `explain`: the list of cases, or the texts of the catalog about some of them.

use std::io::Write;

use clap::{Args, ValueEnum};
use waves_errors_catalog::render::{self, case, json};
use waves_errors_catalog::{Case, Catalog, LINTS};

use crate::catalog::{invalid_catalog_error, no_match};
use crate::outcome::{CliError, Outcome};
use crate::output::print_note;
use crate::terminal::Terminal;

/// The arguments of `explain`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors explain                    the list of cases
  waves-errors explain 429                a status, an id, a variant, a code or an alias
  waves-errors explain \"rate limit\"       words in the texts of a case
  waves-errors explain unknown-key        a lint of `check`

Exit code: 0 if each query matches, 1 if one does not, 2 if the catalog is invalid.")]
pub(crate) struct Explain {
    /// What to explain: a status, id, Rust variant, code, close code, alias, words, the text of an exception, or the name of a lint; default: list all cases
    query: Vec<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Markdown,
    Json,
}

impl Explain {
    pub(crate) fn run(&self, catalog: &Catalog, out: &mut impl Write) -> Result<Outcome, CliError> {
        if self.query.is_empty() {
            self.list(catalog, out)?;
            return Ok(Outcome::Success);
        }
        let lints = &LINTS.load().map_err(|rejected| invalid_catalog_error(&rejected))?;
        let mut found: Vec<(&Catalog, &Case)> = Vec::new();
        let mut unmatched = Vec::new();
        for query in &self.query {
            let cases = catalog.find(query).into_iter().map(|case| (catalog, case));
            // A lint of the checker is only found by its id.
            let lint = lints.case(query).map(|case| (lints, case));
            let count_before = found.len();
            for (owner, case) in cases.chain(lint) {
                if !found.iter().any(|(_, known)| std::ptr::eq(*known, case)) {
                    found.push((owner, case));
                }
            }
            if found.len() == count_before && catalog.find(query).is_empty() && lints.case(query).is_none() {
                unmatched.push(query);
            }
        }
        self.cases(catalog, &found, out)?;
        for query in &unmatched {
            let suggestion = catalog.nearest(query).or_else(|| lints.nearest(query));
            print_note(&no_match(catalog, query, suggestion));
        }
        Ok(Outcome::from(unmatched.is_empty()))
    }

    fn list(&self, catalog: &Catalog, out: &mut impl Write) -> Result<(), CliError> {
        match self.format {
            Format::Human => {
                let terminal = Terminal::for_stdout();
                let width = catalog.cases.iter().map(|case| case.id.chars().count()).max().unwrap_or(0);
                for case in &catalog.cases {
                    let status = case.status.as_ref().map_or_else(|| "-".to_owned(), |status| status.value.to_string());
                    let first = format!("{status:3}  {:width$}  ", case.id.value);
                    writeln!(out, "{}", terminal.row(&first, render::headline(catalog, case)))?;
                }
            }
            Format::Markdown => {
                for case in &catalog.cases {
                    writeln!(out, "- `{}`: {}", case.id.value, render::display(catalog, case))?;
                }
            }
            Format::Json => {
                self.cases(catalog, &catalog.cases.iter().map(|case| (catalog, case)).collect::<Vec<_>>(), out)?;
            }
        }
        Ok(())
    }

    fn cases(&self, catalog: &Catalog, cases: &[(&Catalog, &Case)], out: &mut impl Write) -> Result<(), CliError> {
        if self.format == Format::Json {
            let cases: Vec<_> = cases.iter().map(|(owner, case)| json::case(owner, case)).collect();
            let document = serde_json::json!({"schema": 1, "catalog": catalog.id.value, "cases": cases});
            writeln!(out, "{document:#}")?;
            return Ok(());
        }
        let terminal = Terminal::for_stdout();
        for (n, (owner, case)) in cases.iter().enumerate() {
            if n > 0 {
                writeln!(out)?;
            }
            let (title, mut body) = (render::title(owner, case), case::body(owner, case));
            if std::ptr::eq(*owner, catalog) {
                body.push_str(&case::related_cases(owner, case, |case| format!("`{}`", case.id.value)));
                let (id, variant) = (&case.id.value, render::variant(case));
                body.push_str(&format!("\n\n**Names.** Catalog id: `{id}`. Rust variant: `{variant}`."));
            }
            if self.format == Format::Markdown {
                writeln!(out, "# {title}\n\n{body}")?;
            } else {
                writeln!(out, "{}\n\n{}", terminal.heading(title), terminal.render(&body))?;
            }
        }
        Ok(())
    }
}
