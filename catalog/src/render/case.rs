//! One case as Markdown: for rustdoc, for the reference, for `explain`.

use crate::model::{Case, Catalog, Model, Step};
use crate::text::for_mdx;

use super::words::{Links, anchor, said, sentence_case, title};

/// How lists and links are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) bullet: &'static str,
    pub(crate) links: Links,
    /// Whether the text is read as MDX.
    pub(crate) mdx: bool,
}

impl Manner {
    /// A text as this manner writes it.
    pub(crate) fn dress(self, text: String) -> String {
        if self.mdx { for_mdx(&text) } else { text }
    }
}

/// The blocks of a case, without its heading: summary, causes, fixes.
pub(crate) fn blocks(model: &Model, case: &Case, manner: Manner) -> Vec<String> {
    let say = |text: &str| manner.dress(said(model, case, text, manner.links));
    let list = |steps: &[Step]| bullets(manner, steps.iter().map(|step| say(&step.text)));
    let mut out = vec![say(&case.summary)];
    if !case.causes.is_empty() {
        out.push("**Common causes.**".into());
        out.push(list(&case.causes));
    }
    let fixes = model.fixes_of(case);
    if fixes.fixes_in_paragraph && !fixes.fixes.is_empty() {
        let sentences: Vec<_> = fixes.fixes.iter().map(|fix| say(&fix.text)).collect();
        out.push(format!("**Fix.** {}", sentences.join(" ")));
    } else if !fixes.fixes.is_empty() {
        out.push("**Fix.**".into());
        out.push(list(&fixes.fixes));
    }
    out
}

/// A list, an item a line.
pub(crate) fn bullets(manner: Manner, items: impl Iterator<Item = String>) -> String {
    joined(items.map(|item| format!("{}{item}", manner.bullet)), "\n")
}

/// Texts with something between them. Macros run without optimisation, where the `join` of the standard library takes thrice
/// as long.
pub(crate) fn joined(texts: impl IntoIterator<Item = String>, between: &str) -> String {
    let mut out = String::new();
    for text in texts {
        if !out.is_empty() {
            out.push_str(between);
        }
        out.push_str(&text);
    }
    out
}

/// The manner of every place but the published page.
pub(crate) const PLAIN: Manner = Manner { bullet: "- ", links: Links::Absolute, mdx: false };

/// What the policy of a case does, as a sentence.
pub(crate) fn retry(model: &Model, case: &Case) -> String {
    let policy = model.policy_of(case).map_or_else(|| "never".to_owned(), |(_, policy)| policy.to_string());
    format!("{}.", sentence_case(&policy))
}

/// The address of a case on its published page.
pub fn docs_url(model: &Model, case: &Case) -> Option<String> {
    let page = &model.pages[model.page_of(case)?];
    Some(format!("{}#{}", page.docs.as_ref()?.value, anchor(model, page, case)))
}

/// A case without its heading: summary, causes, fixes, retry, page.
pub fn body(model: &Model, case: &Case) -> String {
    let mut out = blocks(model, case, PLAIN);
    // What only programs make is no exchange that could be tried again.
    if case.matches.as_ref().is_none_or(|alternatives| !alternatives.is_empty()) {
        out.push(format!("**Retry.** {}", retry(model, case)));
    }
    if let Some(url) = docs_url(model, case) {
        out.push(format!("**Page.** [{}]({url})", title(model, case)));
    }
    joined(out, "\n\n")
}

/// The cases that a case refines or that refine it, each as `name` writes it; nothing where there are none.
pub fn siblings(model: &Model, case: &Case, name: impl Fn(&Case) -> String) -> String {
    let wider = case.refines.as_ref().and_then(|id| model.case(id));
    let narrower: Vec<_> = model.narrower(case).map(&name).collect();
    let wider = wider.map(|wider| format!("**Wider case.** {}", name(wider)));
    let narrower = (!narrower.is_empty()).then(|| format!("**Narrower cases.** {}", narrower.join(", ")));
    wider.into_iter().chain(narrower).map(|block| format!("\n\n{block}")).collect()
}

/// Why a case happens, in Markdown with whole addresses.
pub fn causes(model: &Model, case: &Case) -> Vec<String> {
    case.causes.iter().map(|cause| said(model, case, &cause.text, PLAIN.links)).collect()
}

/// What to do about a case, in Markdown with whole addresses.
pub fn fixes(model: &Model, case: &Case) -> Vec<String> {
    model.fixes_of(case).fixes.iter().map(|fix| said(model, case, &fix.text, PLAIN.links)).collect()
}

/// Where a case stands: file and line.
pub(crate) fn place(catalog: &Catalog, case: &Case) -> String {
    let Some(source) = catalog.sources.get(case.id.at.file) else { return String::new() };
    format!("{}:{}", source.name(), source.position(case.id.at.start).0)
}
