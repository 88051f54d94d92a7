//! Renders a case as Markdown: for rustdoc, for the reference, for `explain`.

use crate::model::{Case, Catalog, Model, Step};
use crate::text::escape_mdx;

use super::texts::{Links, anchor, fill_case_text, sentence_case, title};

/// A Markdown style: how lists and links are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) bullet: &'static str,
    pub(crate) links: Links,
    /// Whether the output is MDX.
    pub(crate) mdx: bool,
}

impl Style {
    /// Escapes a text for MDX, if the style requires that.
    pub(crate) fn escape(self, text: String) -> String {
        if self.mdx { escape_mdx(&text) } else { text }
    }
}

/// Returns the blocks of a case without its heading: summary, causes, fixes.
pub(crate) fn blocks(model: &Model, case: &Case, style: Style) -> Vec<String> {
    let fill = |text: &str| style.escape(fill_case_text(model, case, text, style.links));
    let list = |steps: &[Step]| bullet_list(style, steps.iter().map(|step| fill(&step.text)));
    let mut out = vec![fill(&case.summary)];
    if !case.causes.is_empty() {
        out.push("**Common causes.**".into());
        out.push(list(&case.causes));
    }
    let fixed = model.case_with_fixes(case);
    if fixed.fixes_in_paragraph && !fixed.fixes.is_empty() {
        let sentences: Vec<_> = fixed.fixes.iter().map(|fix| fill(&fix.text)).collect();
        out.push(format!("**Fix.** {}", sentences.join(" ")));
    } else if !fixed.fixes.is_empty() {
        out.push("**Fix.**".into());
        out.push(list(&fixed.fixes));
    }
    out
}

/// Returns a list with one item per line.
pub(crate) fn bullet_list(style: Style, items: impl Iterator<Item = String>) -> String {
    join(items.map(|item| format!("{}{item}", style.bullet)), "\n")
}

/// Joins texts with a separator. In unoptimized macros, `join` of the standard library takes three times as long.
pub(crate) fn join(texts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let mut out = String::new();
    for text in texts {
        if !out.is_empty() {
            out.push_str(separator);
        }
        out.push_str(&text);
    }
    out
}

/// The style of all output but the published page.
pub(crate) const PLAIN: Style = Style { bullet: "- ", links: Links::Absolute, mdx: false };

/// Returns the description of a case's retry policy, as a sentence.
pub(crate) fn retry_sentence(model: &Model, case: &Case) -> String {
    let policy = model.policy_of(case).map_or_else(|| "never".to_owned(), |(_, policy)| policy.to_string());
    format!("{}.", sentence_case(&policy))
}

/// Returns the URL of a case on its published page.
pub fn docs_url(model: &Model, case: &Case) -> Option<String> {
    let page = &model.pages[model.page_index(case)?];
    Some(format!("{}#{}", page.docs.as_ref()?.value, anchor(model, page, case)))
}

/// Returns a case without its heading: summary, causes, fixes, retry, page.
pub fn body(model: &Model, case: &Case) -> String {
    let mut out = blocks(model, case, PLAIN);
    // A case that only programs create has no exchange to retry.
    if case.matches.as_ref().is_none_or(|alternatives| !alternatives.is_empty()) {
        out.push(format!("**Retry.** {}", retry_sentence(model, case)));
    }
    if let Some(url) = docs_url(model, case) {
        out.push(format!("**Page.** [{}]({url})", title(model, case)));
    }
    join(out, "\n\n")
}

/// Returns the parent case and the refined cases, each formatted by `name`; empty if there are none.
pub fn related_cases(model: &Model, case: &Case, name: impl Fn(&Case) -> String) -> String {
    let parent = case.refines.as_ref().and_then(|id| model.case(id));
    let refined: Vec<_> = model.refined_cases(case).map(&name).collect();
    let parent = parent.map(|parent| format!("**Wider case.** {}", name(parent)));
    let refined = (!refined.is_empty()).then(|| format!("**Narrower cases.** {}", refined.join(", ")));
    parent.into_iter().chain(refined).map(|block| format!("\n\n{block}")).collect()
}

/// Returns the causes of a case, in Markdown with absolute URLs.
pub fn causes(model: &Model, case: &Case) -> Vec<String> {
    case.causes.iter().map(|cause| fill_case_text(model, case, &cause.text, PLAIN.links)).collect()
}

/// Returns the fixes of a case, in Markdown with absolute URLs.
pub fn fixes(model: &Model, case: &Case) -> Vec<String> {
    model.case_with_fixes(case).fixes.iter().map(|fix| fill_case_text(model, case, &fix.text, PLAIN.links)).collect()
}

/// Returns the location of a case: file and line.
pub(crate) fn source_location(catalog: &Catalog, case: &Case) -> String {
    let Some(source) = catalog.sources.get(case.id.location.file) else { return String::new() };
    format!("{}:{}", source.name(), source.position(case.id.location.start).0)
}
