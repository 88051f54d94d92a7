//! `explain`: the list of cases, or all that the catalog says of some.

use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use waves_errors_catalog::render::{self, case};
use waves_errors_catalog::{Case, Catalog};

use crate::{End, Trouble};

/// What to explain.
#[derive(Args)]
#[command(after_help = "\
Examples:
  waves-errors explain                    the list of cases
  waves-errors explain 429                a status, an id, a variant, a code or an alias
  waves-errors explain \"rate limit\"       or words")]
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
        let mut found: Vec<&Case> = Vec::new();
        let mut missed = Vec::new();
        for query in &self.query {
            let cases = catalog.find(query);
            if cases.is_empty() {
                missed.push(query);
            }
            for case in cases {
                if !found.iter().any(|have| have.id.value == case.id.value) {
                    found.push(case);
                }
            }
        }
        self.cases(catalog, &found, out)?;
        for query in &missed {
            let near = catalog.nearest(query).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            let _ = writeln!(std::io::stderr(), "no case of the catalog `{}` is called `{query}`{near}", catalog.id);
        }
        Ok(if missed.is_empty() { End::Yes } else { End::No })
    }

    fn list(&self, catalog: &Catalog, out: &mut impl Write) -> Result<(), Trouble> {
        match self.format {
            Format::Human => {
                let width = catalog.cases.iter().map(|case| case.id.chars().count()).max().unwrap_or(0);
                for case in &catalog.cases {
                    let status = case.status.as_ref().map_or_else(|| "-".to_owned(), |status| status.value.to_string());
                    writeln!(out, "{status:3}  {:width$}  {}", case.id.value, render::headline(catalog, case))?;
                }
            }
            Format::Markdown => {
                for case in &catalog.cases {
                    writeln!(out, "- `{}`: {}", case.id.value, render::display(catalog, case))?;
                }
            }
            Format::Json => self.cases(catalog, &catalog.cases.iter().collect::<Vec<_>>(), out)?,
        }
        Ok(())
    }

    fn cases(&self, catalog: &Catalog, cases: &[&Case], out: &mut impl Write) -> Result<(), Trouble> {
        if self.format == Format::Json {
            let cases: Vec<_> = cases.iter().map(|case| object(catalog, case)).collect();
            let document = json!({"schema": 1, "catalog": catalog.id, "cases": cases});
            writeln!(out, "{document:#}")?;
            return Ok(());
        }
        for (n, case) in cases.iter().enumerate() {
            if n > 0 {
                writeln!(out)?;
            }
            let (title, body) = (render::title(catalog, case), case::body(catalog, case));
            let names = format!("`{}` in the catalog, `{}` in Rust.", case.id.value, render::variant(case));
            if self.format == Format::Markdown {
                writeln!(out, "# {title}\n\n{body}\n\n**Names.** {names}")?;
            } else {
                let body = format!("{body}\n\n**Names.** {names}");
                writeln!(out, "{}\n\n{}", render::plain(&title), render::plain(&body))?;
            }
        }
        Ok(())
    }
}

fn object(catalog: &Catalog, one: &Case) -> Value {
    let texts = |steps: Vec<String>| steps.into_iter().map(Value::from).collect::<Vec<_>>();
    json!({
        "id": one.id.value,
        "variant": render::variant(one),
        "status": one.status.as_ref().map(|status| status.value),
        "code": one.code.as_ref().map(|code| &code.value),
        "title": render::title(catalog, one),
        "summary": render::summary(catalog, one),
        "causes": texts(case::causes(catalog, one)),
        "fixes": texts(case::fixes(catalog, one)),
        "retry": catalog.policy_of(one).map(|(_, policy)| policy.to_string()),
        "docs": case::docs_url(catalog, one),
    })
}
