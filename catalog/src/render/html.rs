//! Pages as HTML files: each loads nothing, and all but search, theme and copying works without scripts.

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

use crate::model::{Case, Model, Page};
use crate::text::{slug, words};
use crate::validate::variant;

use super::case::{PLAIN, body, retry, siblings};
use super::markdown::checklist_blocks;
use super::words::{Links, anchor, headline, linked, summary, title};

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// What the page's own parts are called; no case can have such an id.
const PARTS: [&str; 5] = ["_main", "_search", "_query", "_count", "_theme"];

/// How many bars a schedule has room for.
const BARS: u32 = 8;

/// The most cases that stand whole on one page. Where there are more, the page is an index, and each case has a page of its own.
const MOST: usize = 100;

/// Makes pages.
///
/// Its functions fail with errors of the template engine alone, none that a catalog could cause.
#[derive(Debug)]
pub struct Site<'m> {
    model: &'m Model,
    environment: Environment<'static>,
    /// The names of the pages that are indexes.
    indexes: BTreeSet<&'m str>,
    style: Value,
    script: Value,
}

/// What a file is: a page with its cases, an index of them, or one case.
#[derive(Clone, Copy)]
enum View<'m> {
    Whole(&'m Page),
    Index(&'m Page),
    Case(&'m Page, &'m Case),
}

impl<'m> Site<'m> {
    /// The pages of a catalog.
    pub fn new(model: &'m Model) -> Result<Self, Error> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        // The name's ending says that everything is escaped unless it is said to be safe.
        environment.add_template("page.html", PAGE)?;
        let many = |page: &&Page| model.cases_on(page).len() > MOST;
        let indexes = model.pages.iter().filter(many).map(|page| page.name.as_str()).collect();
        Ok(Self { model, environment, indexes, style: allowed(STYLE), script: allowed(SCRIPT) })
    }

    /// A page, with its cases or as an index of them.
    pub fn page(&self, page: &Page) -> Result<String, Error> {
        self.render(if self.is_index(page) { View::Index(page) } else { View::Whole(page) })
    }

    /// The cases that have pages of their own beside this one, which is an index of them.
    pub fn cases(&self, page: &'m Page) -> Vec<&'m Case> {
        if self.is_index(page) { self.model.cases_on(page) } else { Vec::new() }
    }

    /// The file of the page of a case, relative to the folder of all pages.
    pub fn file(page: &Page, case: &Case) -> String {
        format!("{}/{}.html", page.name, case.id.value)
    }

    /// The page of a case.
    pub fn case(&self, page: &Page, case: &Case) -> Result<String, Error> {
        self.render(View::Case(page, case))
    }

    fn is_index(&self, page: &Page) -> bool {
        self.indexes.contains(page.name.as_str())
    }

    fn render(&self, view: View<'_>) -> Result<String, Error> {
        let (View::Whole(page) | View::Index(page) | View::Case(page, _)) = view;
        let alone = if let View::Case(_, case) = view { Some(case) } else { None };
        let others = self.model.pages.iter().filter(|other| alone.is_some() || other.name != page.name);
        let others: Vec<_> =
            others.map(|other| json!({ "name": other.name, "title": inline(&other.title.value) })).collect();
        let description = match alone {
            Some(case) => Some(headline(self.model, case)),
            None => page.description.as_ref().map(|text| text.value.clone()),
        };
        let intro = page.intro.as_ref().filter(|_| alone.is_none());
        let context = json!({
            "title": inline(&page.title.value),
            "plain": words(&page.title.value),
            "name": page.name,
            "up": if alone.is_some() { "../" } else { "" },
            "alone": alone.map(|case| words(&title(self.model, case))),
            "index": matches!(view, View::Index(_)),
            "description": description,
            "intro": intro.map(|intro| html(&linked(self.model, intro, Links::Absolute))),
            "sections": self.sections(view, page),
            "others": others,
            "style": self.style,
            "script": self.script,
        });
        self.environment.get_template("page.html")?.render(Serde(context))
    }

    fn sections(&self, view: View<'_>, page: &Page) -> Vec<Value> {
        let model = self.model;
        let mut ids: BTreeSet<String> = PARTS.map(str::to_owned).into();
        if let View::Case(_, case) = view {
            ids.insert(case.id.value.clone());
            return vec![json!({ "cases": [self.block(view, page, case, &mut ids)] })];
        }
        // A case's own id comes before what else leads to it: titles, statuses.
        ids.extend(model.cases_on(page).into_iter().map(|case| case.id.value.clone()));
        let mut section = |title: Option<&str>, cases: Vec<&Case>, checklist: Vec<String>| {
            json!({
                "title": title.map(inline),
                "plain": title.map(words),
                "anchor": title.map(slug).filter(|anchor| ids.insert(anchor.clone())),
                "cases": cases.into_iter().map(|one| self.block(view, page, one, &mut ids)).collect::<Vec<_>>(),
                "checklist": html(&checklist.join("\n\n")),
            })
        };
        if page.sections.is_empty() {
            return vec![section(None, model.cases_on(page), Vec::new())];
        }
        let parts = page.sections.iter().map(|one| {
            let checklist = one.checklist.as_ref().and_then(|id| model.checklist(id));
            let checklist = checklist.map(|checklist| checklist_blocks(model, checklist, PLAIN)).unwrap_or_default();
            section(Some(&one.title.value), model.cases_of(one).collect(), checklist)
        });
        parts.collect()
    }

    /// A case as it stands in a view.
    fn block(&self, view: View<'_>, page: &Page, case: &Case, ids: &mut BTreeSet<String>) -> Value {
        let model = self.model;
        let markdown = title(model, case);
        let status = case.status.as_ref().map(|status| status.value);
        // Further names of the place: the published page's, the title's, the first case of a status.
        let further = [Some(anchor(model, page, case)), Some(slug(&markdown)), status.map(|status| status.to_string())];
        let further: Vec<_> = further.into_iter().flatten().filter(|id| ids.insert(id.clone())).collect();
        let mut names = vec![case.id.value.clone(), variant(case)];
        names.extend(case.code.iter().chain(&case.aliases).map(|name| name.value.clone()));
        let policy = model.policy_of(case).map(|(_, policy)| policy).filter(|policy| policy.max_retries() > 0);
        let index = matches!(view, View::Index(_));
        let markdown_body = if index {
            summary(model, case)
        } else {
            let link = |to: &Case| self.link(view, to);
            format!("{}{}", body(model, case), siblings(model, case, link))
        };
        json!({
            "id": case.id.value,
            "variant": variant(case),
            "code": case.code.as_ref().map(|code| &code.value),
            "status": status,
            "anchors": further,
            "href": index.then(|| Self::file(page, case)),
            "title": inline(&markdown),
            "plain": words(&markdown),
            "names": names.join(" "),
            "retried": policy.is_some(),
            "body": html(&markdown_body),
            "schedule": policy.filter(|_| !index).map(|policy| schedule(policy, &retry(model, case))),
        })
    }

    /// The id of another case, as a link to where it stands.
    fn link(&self, view: View<'_>, to: &Case) -> String {
        let id = &to.id.value;
        let Some(page) = self.model.page_of(to).and_then(|place| self.model.pages.get(place)) else {
            return format!("`{id}`");
        };
        let up = if matches!(view, View::Case(..)) { "../" } else { "" };
        let address = match view {
            View::Whole(own) if own.name == page.name => format!("#{id}"),
            _ if self.is_index(page) => format!("{up}{}", Self::file(page, to)),
            _ => format!("{up}{}.html#{id}", page.name),
        };
        format!("[`{id}`](<{address}>)")
    }
}

/// A text and the hash by which the page's policy allows it, and nothing else, to be obeyed.
fn allowed(text: &str) -> Value {
    json!({ "text": text, "hash": BASE64.encode(&Sha256::digest(text.as_bytes())) })
}

/// The bars of a schedule: 56 wide each, at most 96 high.
fn schedule(policy: &Policy, text: &str) -> Value {
    let waits: Vec<_> = (0..policy.max_retries().min(BARS)).map(|index| policy.backoff(index)).collect();
    let most = waits.iter().max().map_or(1.0, Duration::as_secs_f64).max(f64::MIN_POSITIVE);
    let bars = waits.iter().zip(0_u32..).map(|(wait, index)| {
        let height = (96.0 * wait.as_secs_f64() / most).round().max(2.0);
        json!({ "x": 20 + 56 * index, "middle": 38 + 56 * index, "y": 100.0 - height, "height": height,
                "label": format_duration(*wait).to_string() })
    });
    let bars: Vec<_> = bars.collect();
    json!({ "text": text, "width": 20 + 56 * bars.len(), "bars": bars, "all": policy.max_retries() <= BARS })
}

/// Markdown as HTML that obeys nobody: markup is text, and only addresses that lead to a page are followed: those without a
/// scheme, and some with one.
fn html(markdown: &str) -> String {
    let mut out = String::new();
    push_html(&mut out, harmless(markdown));
    out
}

/// A heading's Markdown, as HTML without the heading.
fn inline(markdown: &str) -> String {
    let heading = format!("# {markdown}");
    let inner = harmless(&heading)
        .filter(|event| !matches!(event, Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_))));
    let mut out = String::new();
    push_html(&mut out, inner);
    out
}

fn harmless(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut followed = false;
    Parser::new(markdown).filter_map(move |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            followed = !dest_url.contains(':')
                || ["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme));
            followed.then_some(event)
        }
        Event::End(TagEnd::Link) => followed.then_some(event),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        event => Some(event),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_unsafe_links_are_escaped() {
        assert_eq!(html("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!(html("a <b onclick=x>"), "<p>a &lt;b onclick=x&gt;</p>\n");
        assert_eq!(html("[a](javascript:x) ![b](https://x/y)"), "<p>a b</p>\n");
        assert_eq!(html("[a](https://x/?a=\"&b)"), "<p><a href=\"https://x/?a=%22&amp;b\">a</a></p>\n");
        assert_eq!(inline("1. `a` <b>"), "1. <code>a</code> &lt;b&gt;");
    }
}
