//! Renders a case as Markdown: for rustdoc, for the reference, for `explain`.

use crate::catalog::Catalog;
use crate::model::Case;

use super::style::{PLAIN, Style, join};

/// Returns the blocks of a case without its heading: summary, causes, fixes.
pub(super) fn blocks(catalog: &Catalog, case: &Case, style: Style) -> Vec<String> {
    let resolved = catalog.resolved(case);
    let mut out = vec![style.text(&resolved.summary)];
    if !resolved.causes.is_empty() {
        out.push("**Common causes.**".into());
        out.push(style.list(resolved.causes.iter().map(|cause| style.text(cause))));
    }
    let fixes = resolved.fixes.iter().map(|fix| style.text(fix));
    if catalog.cases[resolved.fixes_from].fixes_in_paragraph && !resolved.fixes.is_empty() {
        out.push(format!("**Fix.** {}", join(fixes, " ")));
    } else if !resolved.fixes.is_empty() {
        out.push("**Fix.**".into());
        out.push(style.list(fixes));
    }
    out
}

/// Returns a case without its heading: summary, causes, fixes, retry, page.
pub fn body(catalog: &Catalog, case: &Case) -> String {
    let mut out = blocks(catalog, case, PLAIN);
    // A case that only programs create has no exchange to retry.
    if case.matches.as_ref().is_none_or(|alternatives| !alternatives.is_empty()) {
        out.push(format!("**Retry.** {}", catalog.retry_texts(case).sentence));
    }
    let resolved = catalog.resolved(case);
    if let Some(url) = resolved.docs() {
        out.push(format!("**Page.** [{}]({url})", resolved.title));
    }
    join(out, "\n\n")
}

/// Returns the parent case and the refined cases, each formatted by `name`; empty if there are none.
pub fn related_cases(catalog: &Catalog, case: &Case, name: impl Fn(&Case) -> String) -> String {
    let resolved = catalog.resolved(case);
    let mut out = String::new();
    if let Some(parent) = resolved.parent {
        out.push_str(&format!("\n\n**Parent case.** {}", name(&catalog.cases[parent])));
    }
    if !resolved.refined.is_empty() {
        let refined = join(resolved.refined.iter().map(|&index| name(&catalog.cases[index])), ", ");
        out.push_str(&format!("\n\n**Refined cases.** {refined}"));
    }
    out
}
