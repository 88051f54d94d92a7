//! A page as one HTML file: nothing is loaded, and all but search, theme and copying works without scripts.

use std::collections::BTreeSet;
use std::time::Duration;

use data_encoding::BASE64;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error};
use pulldown_cmark::{Event, Parser, Tag, TagEnd, html::push_html};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waves_errors_core::{Policy, amount};

use crate::model::{Case, Model, Page};
use crate::text::{slug, words};
use crate::validate::variant;

use super::case::{PLAIN, body, retry};
use super::markdown::checklist_blocks;
use super::words::{Links, anchor, linked, title};

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// What the page's own parts are called; no case can have such an id.
const PARTS: [&str; 5] = ["_main", "_search", "_query", "_count", "_theme"];

/// How many bars a schedule has room for.
const BARS: u32 = 8;

/// A page.
///
/// # Errors
///
/// None that a catalog could cause: those of the template engine.
pub fn page(model: &Model, page: &Page) -> Result<String, Error> {
    let mut ids: BTreeSet<String> = PARTS.map(str::to_owned).into();
    // A case's own id comes before what else leads to it: titles, statuses.
    ids.extend(model.cases_on(page).into_iter().map(|case| case.id.value.clone()));
    let mut section = |title: Option<&str>, cases: Vec<&Case>, checklist: Vec<String>| {
        json!({
            "title": title.map(inline),
            "plain": title.map(words),
            "anchor": title.map(slug).filter(|anchor| ids.insert(anchor.clone())),
            "cases": cases.into_iter().map(|one| case(model, page, one, &mut ids)).collect::<Vec<_>>(),
            "checklist": html(&checklist.join("\n\n")),
        })
    };
    let sections: Vec<_> = if page.sections.is_empty() {
        vec![section(None, model.cases_on(page), Vec::new())]
    } else {
        let parts = page.sections.iter().map(|one| {
            let checklist = one.checklist.as_ref().and_then(|id| model.checklist(id));
            let checklist = checklist.map(|checklist| checklist_blocks(model, checklist, PLAIN)).unwrap_or_default();
            section(Some(&one.title.value), model.cases_of(one).collect(), checklist)
        });
        parts.collect()
    };
    let others = model.pages.iter().filter(|other| other.name != page.name);
    let context = json!({
        "title": inline(&page.title.value),
        "plain": words(&page.title.value),
        "name": page.name,
        "description": page.description.as_ref().map(|text| &text.value),
        "intro": page.intro.as_ref().map(|intro| html(&linked(model, intro, Links::Absolute))),
        "sections": sections,
        "others": others.map(|other| json!({ "name": other.name, "title": inline(&other.title.value) })).collect::<Vec<_>>(),
        "style": allowed(STYLE),
        "script": allowed(SCRIPT),
    });
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The name's ending says that everything is escaped unless it is said to be safe.
    environment.render_named_str("page.html", PAGE, Serde(context))
}

/// A text and the hash by which the page's policy allows it, and nothing else, to be obeyed.
fn allowed(text: &str) -> Value {
    json!({ "text": text, "hash": BASE64.encode(&Sha256::digest(text.as_bytes())) })
}

fn case(model: &Model, page: &Page, case: &Case, ids: &mut BTreeSet<String>) -> Value {
    let markdown = title(model, case);
    let status = case.status.as_ref().map(|status| status.value);
    // Further names of the place: the published page's, the title's, the first case of a status.
    let further = [Some(anchor(model, page, case)), Some(slug(&markdown)), status.map(|status| status.to_string())];
    let further: Vec<_> = further.into_iter().flatten().filter(|id| ids.insert(id.clone())).collect();
    let mut names = vec![case.id.value.clone(), variant(case)];
    names.extend(case.code.iter().chain(&case.aliases).map(|name| name.value.clone()));
    let policy = model.policy_of(case).map(|(_, policy)| policy).filter(|policy| policy.max_retries() > 0);
    json!({
        "id": case.id.value,
        "variant": variant(case),
        "code": case.code.as_ref().map(|code| &code.value),
        "status": status,
        "anchors": further,
        "title": inline(&markdown),
        "plain": words(&markdown),
        "names": names.join(" "),
        "retried": policy.is_some(),
        "body": html(&body(model, case)),
        "schedule": policy.map(|policy| schedule(policy, &retry(model, case))),
    })
}

/// The bars of a schedule: 56 wide each, at most 96 high.
fn schedule(policy: &Policy, text: &str) -> Value {
    let waits: Vec<_> = (0..policy.max_retries().min(BARS)).map(|index| policy.backoff(index)).collect();
    let most = waits.iter().max().map_or(1.0, Duration::as_secs_f64).max(f64::MIN_POSITIVE);
    let bars = waits.iter().zip(0_u32..).map(|(wait, index)| {
        let height = (96.0 * wait.as_secs_f64() / most).round().max(2.0);
        json!({ "x": 20 + 56 * index, "middle": 38 + 56 * index, "y": 100.0 - height, "height": height,
                "label": amount(*wait).to_string() })
    });
    let bars: Vec<_> = bars.collect();
    json!({ "text": text, "width": 20 + 56 * bars.len(), "bars": bars, "all": policy.max_retries() <= BARS })
}

/// Markdown as HTML that obeys nobody: markup is text, and only addresses that lead to a page are followed.
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
            followed = ["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme));
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
    fn what_a_text_says_is_text() {
        assert_eq!(html("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
        assert_eq!(html("a <b onclick=x>"), "<p>a &lt;b onclick=x&gt;</p>\n");
        assert_eq!(html("[a](javascript:x) ![b](https://x/y)"), "<p>a b</p>\n");
        assert_eq!(html("[a](https://x/?a=\"&b)"), "<p><a href=\"https://x/?a=%22&amp;b\">a</a></p>\n");
        assert_eq!(inline("1. `a` <b>"), "1. <code>a</code> &lt;b&gt;");
    }
}
