//! Renders pages as HTML files. Each file is self-contained, and all functions except search, theme and copying work
//! without scripts.

use std::collections::BTreeSet;
use std::time::Duration;

use data_encoding::BASE64;
use minijinja::Environment;
pub use minijinja::Error;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use pulldown_cmark::{Event, Parser, Tag, TagEnd, html::push_html};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waves_errors_core::{Policy, format_duration};

use crate::catalog::Catalog;
use crate::heading::slug;
use crate::model::{Case, Page};
use crate::text::plain_text;

use super::case::{body, related_cases};
use super::checklist::checklist_blocks;
use super::style::PLAIN;

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The ids of the page's elements; no case can have such an id.
const RESERVED_IDS: [&str; 5] = ["_main", "_search", "_query", "_count", "_theme"];

/// The maximum number of bars in a schedule.
const MAX_BARS: u32 = 8;

/// The maximum number of cases on a page. With more cases, the page is an index, and each case has its own page.
const MAX_CASES_PER_PAGE: usize = 100;

/// Renders the pages of a catalog.
#[derive(Debug)]
pub struct Site<'m> {
    catalog: &'m Catalog,
    environment: Environment<'static>,
    /// The names of the pages that are indexes.
    indexes: BTreeSet<&'m str>,
    style: Value,
    script: Value,
}

/// The kind of a file: a page with its cases, an index of them, or a single case.
#[derive(Clone, Copy)]
enum View<'m> {
    Whole(&'m Page),
    Index(&'m Page),
    Case(&'m Page, &'m Case),
}

impl<'m> Site<'m> {
    /// Prepares the pages of a catalog.
    ///
    /// # Errors
    ///
    /// Fails with an error of the template engine, which no catalog can cause.
    pub fn new(catalog: &'m Catalog) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        // Because of the extension `.html`, all values that are not marked as safe are escaped.
        environment.add_template("page.html", PAGE)?;
        let is_large = |page: &&Page| catalog.cases_on(page).len() > MAX_CASES_PER_PAGE;
        let indexes = catalog.pages.iter().filter(is_large).map(|page| page.name.as_str()).collect();
        Ok(Self { catalog, environment, indexes, style: with_hash(STYLE), script: with_hash(SCRIPT) })
    }

    /// Renders a page, with its cases or as an index of them.
    ///
    /// # Errors
    ///
    /// Fails like [`new`](Self::new).
    pub fn page(&self, page: &Page) -> Result<String, Error> {
        self.render(if self.is_index(page) { View::Index(page) } else { View::Whole(page) })
    }

    /// Returns the cases that have their own pages, if this page is an index of them.
    pub fn cases(&self, page: &'m Page) -> Vec<&'m Case> {
        if self.is_index(page) { self.catalog.cases_on(page) } else { Vec::new() }
    }

    /// Returns the path of a case's page, relative to the directory of all pages.
    pub fn case_path(page: &Page, case: &Case) -> String {
        format!("{}/{}.html", page.name, case.id.value)
    }

    /// Renders the page of a case.
    ///
    /// # Errors
    ///
    /// Fails like [`new`](Self::new).
    pub fn case(&self, page: &Page, case: &Case) -> Result<String, Error> {
        self.render(View::Case(page, case))
    }

    fn is_index(&self, page: &Page) -> bool {
        self.indexes.contains(page.name.as_str())
    }

    fn render(&self, view: View<'_>) -> Result<String, Error> {
        let (View::Whole(page) | View::Index(page) | View::Case(page, _)) = view;
        let single_case = if let View::Case(_, case) = view { Some(case) } else { None };
        let others = self.catalog.pages.iter().filter(|other| single_case.is_some() || other.name != page.name);
        let others: Vec<_> =
            others.map(|other| json!({ "name": other.name, "title": to_inline_html(&other.title.value) })).collect();
        let description = match single_case {
            Some(case) => Some(self.catalog.resolved(case).headline.clone()),
            None => page.description.as_ref().map(|text| text.value.clone()),
        };
        let intro = self.catalog.resolved_page(page).intro.as_ref().filter(|_| single_case.is_none());
        let context = json!({
            "title": to_inline_html(&page.title.value),
            "plain": plain_text(&page.title.value),
            "name": page.name,
            "up": if single_case.is_some() { "../" } else { "" },
            "alone": single_case.map(|case| &self.catalog.resolved(case).plain_title),
            "index": matches!(view, View::Index(_)),
            "description": description,
            "intro": intro.map(|intro| to_html(intro.absolute())),
            "sections": self.sections(view, page),
            "others": others,
            "style": self.style,
            "script": self.script,
        });
        self.environment.get_template("page.html")?.render(Serde(context))
    }

    fn sections(&self, view: View<'_>, page: &Page) -> Vec<Value> {
        let catalog = self.catalog;
        let mut ids: BTreeSet<String> = RESERVED_IDS.map(str::to_owned).into();
        if let View::Case(_, case) = view {
            ids.insert(case.id.value.clone());
            return vec![json!({ "cases": [self.case_context(view, page, case, &mut ids)] })];
        }
        // The ids of cases have precedence over other anchors: titles, statuses.
        ids.extend(catalog.cases_on(page).into_iter().map(|case| case.id.value.clone()));
        let mut section = |title: Option<&str>, cases: Vec<&Case>, checklist: Vec<String>| {
            json!({
                "title": title.map(to_inline_html),
                "plain": title.map(plain_text),
                "anchor": title.map(slug).filter(|anchor| ids.insert(anchor.clone())),
                "cases": cases.into_iter().map(|case| self.case_context(view, page, case, &mut ids)).collect::<Vec<_>>(),
                "checklist": to_html(&checklist.join("\n\n")),
            })
        };
        if page.sections.is_empty() {
            return vec![section(None, catalog.cases_on(page), Vec::new())];
        }
        let sections = page.sections.iter().map(|part| {
            let checklist = part.checklist.as_ref().and_then(|id| catalog.checklist(id));
            let checklist = checklist.map(|checklist| checklist_blocks(catalog, checklist, PLAIN)).unwrap_or_default();
            section(Some(&part.title.value), catalog.cases_of(part).collect(), checklist)
        });
        sections.collect()
    }

    /// Returns the template context of a case.
    fn case_context(&self, view: View<'_>, page: &Page, case: &Case, ids: &mut BTreeSet<String>) -> Value {
        let catalog = self.catalog;
        let resolved = catalog.resolved(case);
        let status = case.status.as_ref().map(|status| status.value);
        // Further anchors: the title, which may be the anchor of the published page, and, for the first case with a
        // status, the status.
        let anchors = [Some(resolved.title_anchor.clone()), status.map(|status| status.to_string())];
        let anchors: Vec<_> = anchors.into_iter().flatten().filter(|id| ids.insert(id.clone())).collect();
        let mut names = vec![case.id.value.clone(), case.name.clone()];
        names.extend(case.code.iter().chain(&case.aliases).map(|name| name.value.clone()));
        let policy = catalog.policy(case).map(|(_, policy)| policy).filter(|policy| policy.max_retries() > 0);
        let index = matches!(view, View::Index(_));
        let markdown_body = if index {
            resolved.summary.absolute().to_owned()
        } else {
            let link = |to: &Case| self.link(view, to);
            format!("{}{}", body(catalog, case), related_cases(catalog, case, link))
        };
        json!({
            "id": case.id.value,
            "variant": case.name,
            "code": case.code.as_ref().map(|code| &code.value),
            "status": status,
            "anchors": anchors,
            "href": index.then(|| Self::case_path(page, case)),
            "title": to_inline_html(&resolved.title),
            "plain": resolved.plain_title,
            "names": names.join(" "),
            "retried": policy.is_some(),
            "body": to_html(&markdown_body),
            "schedule": policy.filter(|_| !index).map(|policy| schedule_context(policy, &catalog.retry_texts(case).sentence)),
        })
    }

    /// Returns the id of another case, as a link to it.
    fn link(&self, view: View<'_>, to: &Case) -> String {
        let id = &to.id.value;
        let Some(page) = self.catalog.page(to) else {
            return format!("`{id}`");
        };
        let up = if matches!(view, View::Case(..)) { "../" } else { "" };
        let address = match view {
            View::Whole(current) if current.name == page.name => format!("#{id}"),
            _ if self.is_index(page) => format!("{up}{}", Self::case_path(page, to)),
            _ => format!("{up}{}.html#{id}", page.name),
        };
        format!("[`{id}`](<{address}>)")
    }
}

/// Returns a script or style and its hash, by which the page's content security policy allows it.
fn with_hash(text: &str) -> Value {
    json!({ "text": text, "hash": BASE64.encode(&Sha256::digest(text.as_bytes())) })
}

/// Returns the bars of a schedule: 56 wide each, at most 96 high.
fn schedule_context(policy: &Policy, text: &str) -> Value {
    let delays: Vec<_> = (0..policy.max_retries().min(MAX_BARS)).map(|index| policy.backoff(index)).collect();
    let longest = delays.iter().max().map_or(1.0, Duration::as_secs_f64).max(f64::MIN_POSITIVE);
    let bars = delays.iter().zip(0_u32..).map(|(delay, index)| {
        let height = (96.0 * delay.as_secs_f64() / longest).round().max(2.0);
        json!({ "x": 20 + 56 * index, "middle": 38 + 56 * index, "y": 100.0 - height, "height": height,
                "label": format_duration(*delay).to_string() })
    });
    let bars: Vec<_> = bars.collect();
    json!({ "text": text, "width": 20 + 56 * bars.len(), "bars": bars, "all": policy.max_retries() <= MAX_BARS })
}

/// Renders Markdown as safe HTML: raw HTML becomes text, and only relative links and links with a known scheme are
/// kept.
fn to_html(markdown: &str) -> String {
    let mut out = String::new();
    push_html(&mut out, sanitize(markdown));
    out
}

/// Renders the Markdown of a heading as HTML, without the heading element.
fn to_inline_html(markdown: &str) -> String {
    let heading = format!("# {markdown}");
    let inner = sanitize(&heading)
        .filter(|event| !matches!(event, Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_))));
    let mut out = String::new();
    push_html(&mut out, inner);
    out
}

fn sanitize(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut keep_link = false;
    Parser::new(markdown).filter_map(move |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            keep_link = !dest_url.contains(':')
                || ["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme));
            keep_link.then_some(event)
        }
        Event::End(TagEnd::Link) => keep_link.then_some(event),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        event => Some(event),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_escapes_raw_html_and_drops_unsafe_links() {
        assert_eq!(to_html("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!(to_html("a <b onclick=x>"), "<p>a &lt;b onclick=x&gt;</p>\n");
        assert_eq!(to_html("[a](javascript:x) ![b](https://x/y)"), "<p>a b</p>\n");
        assert_eq!(to_html("[a](https://x/?a=\"&b)"), "<p><a href=\"https://x/?a=%22&amp;b\">a</a></p>\n");
        assert_eq!(to_inline_html("1. `a` <b>"), "1. <code>a</code> &lt;b&gt;");
    }
}
