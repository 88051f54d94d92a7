//! Resolves a valid model, once for all renderers: its texts with their placeholders filled in, titles, anchors and
//! URLs, and the values that a case inherits.

use waves_errors_core::Policy;

use crate::heading::{sentence_case, slug, title};
use crate::model::{Anchors, Case, Checklist, Model, Page, Step};
use crate::names::module_name;
use crate::placeholders::{Text, count_words, fill, url};
use crate::text::{first_sentence, plain_text};

/// The resolved texts and references of a model: one item for each item of the model, with the same index.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) cases: Vec<ResolvedCase>,
    pub(crate) pages: Vec<ResolvedPage>,
    pub(crate) checklists: Vec<ResolvedChecklist>,
    pub(crate) policies: Vec<RetryTexts>,
    /// The texts of cases without a policy.
    pub(crate) no_retry: RetryTexts,
}

#[derive(Debug)]
pub(crate) struct ResolvedCase {
    /// The heading, in Markdown.
    pub(crate) title: String,
    /// The heading as plain text.
    pub(crate) plain_title: String,
    /// The anchor of the heading; empty if the case is on no page.
    pub(crate) title_anchor: String,
    pub(crate) summary: Text,
    /// The first sentence of the summary, as plain text.
    pub(crate) headline: String,
    /// The line that `Display` prints: plain text without a full stop. A template with fields only applies to derived
    /// enums; others print the default.
    pub(crate) display: String,
    pub(crate) causes: Vec<Text>,
    pub(crate) fixes: Vec<Text>,
    /// The index of the case that the fixes come from: itself, or a parent case.
    pub(crate) fixes_from: usize,
    /// The index of the policy: its own, or that of a parent case.
    pub(crate) policy: Option<usize>,
    /// The index of the page.
    pub(crate) page: Option<usize>,
    /// The location on the published page, if there is one.
    pub(crate) published: Option<Published>,
    /// The URL of the case's own documentation.
    own_docs: Option<String>,
    /// The index of the parent case.
    pub(crate) parent: Option<usize>,
    /// The indexes of the refined cases, in the catalog's order.
    pub(crate) refined: Vec<usize>,
}

impl ResolvedCase {
    /// Returns the URL of the documentation: the case's own, or that on the published page.
    pub(crate) fn docs(&self) -> Option<&str> {
        self.own_docs.as_deref().or_else(|| self.published.as_ref().map(|published| published.url.as_str()))
    }
}

/// The location of a case on a published page.
#[derive(Debug)]
pub(crate) struct Published {
    /// The anchor on the page.
    pub(crate) anchor: String,
    /// The URL of the page, with the anchor.
    pub(crate) url: String,
}

#[derive(Debug)]
pub(crate) struct ResolvedPage {
    pub(crate) intro: Option<Text>,
    /// The name of its Rust module.
    pub(crate) module: String,
}

#[derive(Debug)]
pub(crate) struct ResolvedChecklist {
    pub(crate) intro: Option<Text>,
    pub(crate) items: Vec<Text>,
    pub(crate) outro: Option<Text>,
    /// The URLs of the links.
    pub(crate) urls: Vec<Text>,
}

/// The texts about the retries of a case.
#[derive(Debug)]
pub(crate) struct RetryTexts {
    /// The whole policy, as a sentence in Markdown.
    pub(crate) sentence: String,
    /// The number of retries, for a cell of a table.
    pub(crate) count: String,
}

pub(crate) fn resolve(model: &Model) -> Resolved {
    let pages = case_pages(model);
    let mut cases: Vec<_> = model.cases.iter().zip(pages).map(|(case, page)| resolve_case(model, case, page)).collect();
    for n in 0..cases.len() {
        if let Some(parent) = cases[n].parent {
            cases[parent].refined.push(n);
        }
    }
    Resolved {
        cases,
        pages: model.pages.iter().map(|page| resolve_page(model, page)).collect(),
        checklists: model.checklists.iter().map(|checklist| resolve_checklist(model, checklist)).collect(),
        policies: model.policies.iter().map(|(_, policy)| retry_texts(Some(policy))).collect(),
        no_retry: retry_texts(None),
    }
}

/// Returns the index of each case's page: the first that lists it.
fn case_pages(model: &Model) -> Vec<Option<usize>> {
    let mut pages = vec![None; model.cases.len()];
    for (n, page) in model.pages.iter().enumerate() {
        for case in model.cases_on(page) {
            pages[case.index].get_or_insert(n);
        }
    }
    pages
}

fn resolve_case(model: &Model, case: &Case, page: Option<usize>) -> ResolvedCase {
    let policy = model.policy_of(case);
    let fill = |text: &str| fill(model, text, policy.map(|(_, policy)| policy));
    let fill_steps = |steps: &[Step]| steps.iter().map(|step| fill(&step.text)).collect();
    let title = title(model, case);
    let plain_title = plain_text(&title);
    let title_anchor = page.map_or_else(String::new, |_| slug(&title));
    let summary = fill(&case.summary);
    let headline = first_sentence(&plain_text(summary.absolute())).to_owned();
    let published = page.and_then(|page| {
        let page = &model.pages[page];
        let anchor = match page.anchors {
            Anchors::Id => case.id.value.clone(),
            Anchors::Title => title_anchor.clone(),
        };
        Some(Published { url: format!("{}#{anchor}", page.docs.as_ref()?.value), anchor })
    });
    let fixed = model.case_with_fixes(case);
    ResolvedCase {
        display: display(case, &plain_title, &headline),
        title,
        plain_title,
        title_anchor,
        summary,
        headline,
        causes: fill_steps(&case.causes),
        fixes: fill_steps(&fixed.fixes),
        fixes_from: fixed.index,
        policy: policy.and_then(|(id, _)| model.policy_index(id)),
        page,
        published,
        own_docs: case.docs.as_ref().map(|docs| docs.value.clone()),
        parent: case.refines.as_ref().and_then(|id| model.index_of(id)),
        refined: Vec::new(),
    }
}

fn display(case: &Case, plain_title: &str, headline: &str) -> String {
    if let Some(line) = case.display.as_ref().and_then(|template| static_line(template)) {
        return line;
    }
    let line = format!("{plain_title}: {headline}");
    line.strip_suffix('.').unwrap_or(&line).to_owned()
}

/// Returns the text of a template that has no fields, with `{{` and `}}` unescaped.
fn static_line(template: &str) -> Option<String> {
    if !template.contains('{') && !template.contains('}') {
        return Some(template.to_owned());
    }
    let rest = template.replace("{{", "").replace("}}", "");
    (!rest.contains(['{', '}'])).then(|| template.replace("{{", "{").replace("}}", "}"))
}

fn resolve_page(model: &Model, page: &Page) -> ResolvedPage {
    ResolvedPage {
        intro: page.intro.as_ref().map(|intro| fill(model, intro, None)),
        module: module_name(&page.title, &page.name),
    }
}

fn resolve_checklist(model: &Model, checklist: &Checklist) -> ResolvedChecklist {
    let fill = |text: &str| fill(model, text, None);
    ResolvedChecklist {
        intro: checklist.intro.as_ref().map(|intro| fill(intro)),
        items: checklist.items.iter().map(|item| fill(&item.text)).collect(),
        outro: checklist.outro.as_ref().map(|outro| fill(outro)),
        urls: checklist.links.iter().map(|(_, link_name)| url(model, link_name).unwrap_or_default()).collect(),
    }
}

fn retry_texts(policy: Option<&Policy>) -> RetryTexts {
    let sentence = policy.map_or_else(|| "never".to_owned(), Policy::to_string);
    let sentence = sentence.replace("Retry-After", "`Retry-After`");
    let retried = policy.filter(|policy| policy.max_retries() > 0);
    let times = count_words(retried.map_or(0, Policy::max_retries));
    let count = match retried.and_then(Policy::only) {
        Some(only) => format!("{times}, if {}", only.as_str()),
        None => times,
    };
    RetryTexts { sentence: format!("{}.", sentence_case(&sentence)), count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_line_requires_no_fields() {
        assert_eq!(static_line("a {{b}} c").as_deref(), Some("a {b} c"));
        assert_eq!(static_line("only {left} left"), None);
    }
}
