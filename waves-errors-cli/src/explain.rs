//! `explain`: the list of cases, or all that the catalog says of some.

use std::io::Write;

use clap::{Args, ValueEnum};
use waves_errors_catalog::render::{self, case, json};
use waves_errors_catalog::{Case, Catalog, LINTS};

use crate::catalog::unusable;
use crate::terminal::Terminal;
use crate::{End, Trouble, remark};

/// What to explain.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors explain                    the list of cases
  waves-errors explain 429                a status, an id, a variant, a code or an alias
  waves-errors explain \"rate limit\"       or words
  waves-errors explain unknown-key        a rule of the checker")]
pub(crate) struct Explain {
    /// A status, an id, a Rust variant, a code, an alias or words; none: the list
    query: Vec<String>,
    /// How to write the answer
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
    pub(crate) fn run(&self, catalog: &Catalog, out: &mut impl Write) -> Result<End, Trouble> {
        if self.query.is_empty() {
            self.list(catalog, out)?;
            return Ok(End::Yes);
        }
        let rules = &LINTS.load().map_err(|rejected| unusable(&rejected))?;
        let mut found: Vec<(&Catalog, &Case)> = Vec::new();
        let mut missed = Vec::new();
        for query in &self.query {
            let cases = catalog.find(query).into_iter().map(|case| (catalog, case));
            // A rule of the checker goes by its id alone.
            let rule = rules.case(query).map(|case| (rules, case));
            let before = found.len();
            for (from, case) in cases.chain(rule) {
                if !found.iter().any(|(_, have)| std::ptr::eq(*have, case)) {
                    found.push((from, case));
                }
            }
            if found.len() == before && catalog.find(query).is_empty() && rules.case(query).is_none() {
                missed.push(query);
            }
        }
        self.cases(catalog, &found, out)?;
        for query in &missed {
            let near = catalog.nearest(query).or_else(|| rules.nearest(query));
            let near = near.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            remark(&format!(
                "no case of the catalog `{}` is called `{}`{near}",
                catalog.id.value,
                query.escape_debug()
            ));
        }
        Ok(End::from(missed.is_empty()))
    }

    fn list(&self, catalog: &Catalog, out: &mut impl Write) -> Result<(), Trouble> {
        match self.format {
            Format::Human => {
                let terminal = Terminal::of_stdout();
                let width = catalog.cases.iter().map(|case| case.id.chars().count()).max().unwrap_or(0);
                for case in &catalog.cases {
                    let status = case.status.as_ref().map_or_else(|| "-".to_owned(), |status| status.value.to_string());
                    let first = format!("{status:3}  {:width$}  ", case.id.value);
                    writeln!(out, "{}", terminal.row(&first, &render::headline(catalog, case)))?;
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

    fn cases(&self, catalog: &Catalog, cases: &[(&Catalog, &Case)], out: &mut impl Write) -> Result<(), Trouble> {
        if self.format == Format::Json {
            let cases: Vec<_> = cases.iter().map(|(from, case)| json::case(from, case)).collect();
            let document = serde_json::json!({"schema": 1, "catalog": catalog.id.value, "cases": cases});
            writeln!(out, "{document:#}")?;
            return Ok(());
        }
        let terminal = Terminal::of_stdout();
        for (n, (from, case)) in cases.iter().enumerate() {
            if n > 0 {
                writeln!(out)?;
            }
            let (title, mut body) = (render::title(from, case), case::body(from, case));
            if std::ptr::eq(*from, catalog) {
                body.push_str(&case::related_cases(from, case, |case| format!("`{}`", case.id.value)));
                let (id, variant) = (&case.id.value, render::variant(case));
                body.push_str(&format!("\n\n**Names.** `{id}` in the catalog, `{variant}` in Rust."));
            }
            if self.format == Format::Markdown {
                writeln!(out, "# {title}\n\n{body}")?;
            } else {
                writeln!(out, "{}\n\n{}", terminal.heading(&title), terminal.render(&body))?;
            }
        }
        Ok(())
    }
}
