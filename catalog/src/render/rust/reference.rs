//! The pages of a catalog as documented modules.

use crate::catalog::Catalog;
use crate::model::{Case, Page};
use crate::render::checklist::checklist_blocks;
use crate::render::style::{PLAIN, escape_cell};

use super::syntax::{Item, string_literal};

/// Returns the catalog's pages as documented modules, for the module that the macro generates next to the enum `item`.
pub fn reference_modules(catalog: &Catalog, item: Item<'_>) -> String {
    let page = |page: &Page| {
        format!(
            "pub mod {} {{ #![doc = {}] }}",
            catalog.resolved_page(page).module,
            string_literal(&doc_page(catalog, page, item))
        )
    };
    catalog.pages.iter().map(page).collect()
}

fn doc_page(catalog: &Catalog, page: &Page, item: Item<'_>) -> String {
    let mut out = vec![page.title.value.clone()];
    out.extend(catalog.resolved_page(page).intro.iter().map(|intro| intro.absolute().to_owned()));
    if page.sections.is_empty() {
        out.push(case_list(catalog, catalog.cases_on(page), item));
    }
    for section in &page.sections {
        out.push(format!("# {}", section.title.value));
        if !section.cases.is_empty() {
            out.push(case_list(catalog, catalog.cases_of(section).collect(), item));
        }
        let checklist = section.checklist.as_ref().and_then(|id| catalog.checklist(id));
        out.extend(checklist.into_iter().flat_map(|checklist| checklist_blocks(catalog, checklist, PLAIN)));
    }
    out.push("# Retry".into());
    let rows = catalog.cases_on(page).into_iter().map(|case| {
        let (title, retry) = (&catalog.resolved(case).title, &catalog.retry_texts(case).sentence);
        format!("| {} | {} |\n", escape_cell(title), escape_cell(retry))
    });
    out.push(format!("| Case | Retry |\n| --- | --- |\n{}", rows.collect::<String>()));
    out.join("\n\n")
}

fn case_list(catalog: &Catalog, cases: Vec<&Case>, Item { name, .. }: Item<'_>) -> String {
    let line = |case: &Case| {
        let (variant, resolved) = (&case.name, catalog.resolved(case));
        let (title, summary) = (&resolved.plain_title, resolved.summary.absolute());
        format!("- [`{name}::{variant}`](super::super::{name}::{variant}), {title}: {summary}\n")
    };
    cases.into_iter().map(line).collect()
}
