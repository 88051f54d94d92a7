//! Encodes a catalog as the table that programs contain.

use waves_errors_core::internal::{CaseParts, ChecklistParts, ItemParts, PolicyParts, StepParts, TableParts, encode};

use crate::catalog::Catalog;
use crate::location::Located;
use crate::model::{Case, Checklist, Step};
use crate::placeholders::Text;
use crate::text::{is_plain, plain_text_with_urls};

/// Returns the encoded table of a catalog, which [`waves_errors_core`] decodes.
pub fn table(catalog: &Catalog) -> String {
    encode(&TableParts {
        id: catalog.id.value.clone(),
        wire: catalog.wire.clone(),
        key: catalog.key.clone(),
        redact: catalog.redact.clone(),
        pages: catalog.pages.iter().map(|page| optional(page.docs.as_ref())).collect(),
        policies: catalog.policies.iter().map(|(id, policy)| PolicyParts::new(&id.value, policy)).collect(),
        checklists: catalog.checklists.iter().map(|checklist| checklist_parts(catalog, checklist)).collect(),
        cases: catalog.cases.iter().map(|case| case_parts(catalog, case)).collect(),
        rules: catalog.cases.iter().flat_map(Case::rules).map(|(rule, _)| rule).collect(),
    })
}

/// Returns an optional text as a table stores it.
fn optional(text: Option<&Located<String>>) -> String {
    text.map_or_else(String::new, |text| text.value.clone())
}

/// Returns texts as a table stores them.
fn values(texts: &[Located<String>]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}

/// Returns an index as a table stores it. The checker rejects catalogs with more cases.
fn to_u16(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn checklist_parts(catalog: &Catalog, checklist: &Checklist) -> ChecklistParts {
    let resolved = catalog.resolved_checklist(checklist);
    let items = checklist.items.iter().zip(&resolved.items);
    ChecklistParts {
        id: checklist.id.value.clone(),
        intro: resolved.intro.as_ref().map_or_else(String::new, |intro| intro.absolute().to_owned()),
        items: items
            .map(|(item, text)| ItemParts { text: text.absolute().to_owned(), collect: values(&item.collect) })
            .collect(),
    }
}

fn step_parts((step, text): (&Step, &Text)) -> StepParts {
    StepParts {
        id: optional(step.id.as_ref()),
        text: text.absolute().to_owned(),
        plain_text: if is_plain(text.absolute()) { String::new() } else { plain_text_with_urls(text.absolute()) },
        check: optional(step.check.as_ref()),
        causes: values(&step.causes),
    }
}

fn case_parts(catalog: &Catalog, case: &Case) -> CaseParts {
    let resolved = catalog.resolved(case);
    let published = resolved.published.as_ref();
    CaseParts {
        id: case.id.value.clone(),
        variant: case.name.clone(),
        status: case.status.as_ref().map_or(0, |status| status.value),
        code: optional(case.code.as_ref()),
        policy: resolved.policy.map(to_u16),
        refines: resolved.parent.map(to_u16),
        page: resolved.page.filter(|_| published.is_some()).map(to_u16),
        title: resolved.title.clone(),
        anchor: published.map_or_else(String::new, |published| published.anchor.clone()),
        display: resolved.display.clone(),
        summary: resolved.summary.absolute().to_owned(),
        severity: case.severity as u16,
        docs: optional(case.docs.as_ref()),
        aliases: values(&case.aliases),
        causes: catalog.causes(case).map(step_parts).collect(),
        fixes: catalog.fixes(case).map(step_parts).collect(),
    }
}
