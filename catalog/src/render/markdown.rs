//! A page as Markdown. Layout only: all words come from the catalog.

use crate::keys::At;
use crate::model::{Case, Checklist, Model, Page, Section};

use super::case::{Manner, PLAIN, blocks, bullets};
use super::words::{Links, address, linked, title};

/// How a page is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// As the documentation site exports it: front matter between `***` and dashes, the notice, `* ` bullets, links to
    /// its own site as paths, no line feed at the end.
    Export,
    /// As documentation generators take it: YAML front matter, braces escaped, links to its own site as paths.
    Mdx,
    /// For GitHub and mdBook: a heading instead of front matter, whole addresses.
    Gfm,
}

impl Flavor {
    const fn manner(self) -> Manner {
        match self {
            Self::Export => Manner { bullet: "* ", links: Links::OnHost, mdx: false },
            Self::Mdx => Manner { bullet: "- ", links: Links::OnHost, mdx: true },
            Self::Gfm => PLAIN,
        }
    }
}

/// A page.
pub fn page(model: &Model, page: &Page, flavor: Flavor) -> String {
    let manner = flavor.manner();
    let mut out = vec![front(page, flavor)];
    if flavor == Flavor::Export {
        out.extend(page.notice.iter().map(|notice| notice.value.clone()));
    }
    out.extend(page.intro.iter().map(|intro| manner.dress(linked(model, intro, manner.links))));
    if page.sections.is_empty() {
        out.extend(model.cases_on(page).into_iter().flat_map(|case| case_blocks(model, case, manner)));
    }
    out.extend(page.sections.iter().flat_map(|section| section_blocks(model, section, manner)));
    let mut page = out.join("\n\n");
    if flavor != Flavor::Export {
        page.push('\n');
    }
    page
}

fn front(page: &Page, flavor: Flavor) -> String {
    let title = &page.title.value;
    let further = [("sidebarTitle", &page.sidebar_title), ("description", &page.description)];
    let further = further.into_iter().filter_map(|(key, value)| Some((key, &value.as_ref()?.value)));
    match flavor {
        Flavor::Export => {
            let lines: String = further.map(|(key, value)| format!("{key}: {value}\n")).collect();
            format!("***\n\ntitle: {title}\n{lines}---------------------")
        }
        Flavor::Mdx => {
            // A JSON string is a double-quoted YAML scalar, whatever is in it.
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let lines: String = further.map(|(key, value)| format!("{key}: {}\n", quoted(value))).collect();
            format!("---\ntitle: {}\n{lines}---", quoted(title))
        }
        Flavor::Gfm => format!("# {title}"),
    }
}

fn section_blocks(model: &Model, section: &Section, manner: Manner) -> Vec<String> {
    let mut out = vec![format!("## {}", manner.dress(section.title.value.clone()))];
    out.extend(model.cases_of(section).flat_map(|case| case_blocks(model, case, manner)));
    let checklist = section.checklist.as_ref().and_then(|id| model.checklist(id));
    out.extend(checklist.into_iter().flat_map(|checklist| checklist_blocks(model, checklist, manner)));
    out
}

fn case_blocks(model: &Model, case: &Case, manner: Manner) -> Vec<String> {
    let mut out = vec![format!("### {}", manner.dress(title(model, case)))];
    out.extend(blocks(model, case, manner));
    out
}

/// A checklist: what a ticket needs, and further pages.
pub(crate) fn checklist_blocks(model: &Model, checklist: &Checklist, manner: Manner) -> Vec<String> {
    let say = |text: &String| manner.dress(linked(model, text, manner.links));
    let mut out: Vec<_> = checklist.intro.iter().map(|intro| say(intro)).collect();
    out.push(bullets(manner, checklist.items.iter().map(|item| say(&item.text))));
    out.extend(checklist.outro.iter().map(|outro| say(outro)));
    if !checklist.links.is_empty() {
        let link = |(words, to): &(At<String>, At<String>)| {
            format!("[{}]({})", manner.dress(words.value.clone()), address(model, to, manner.links).unwrap_or_default())
        };
        out.push(bullets(manner, checklist.links.iter().map(link)));
    }
    out
}
