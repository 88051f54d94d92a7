//! A page as Markdown. Layout only: all words come from the catalog.

use crate::model::{Checklist, Model, Page, Section};

use super::case::{Manner, blocks, bullets};
use super::words::{Links, address, linked, title};

/// The manner of the documented page.
const EXPORT: Manner = Manner { bullet: "* ", links: Links::OnHost };

/// A page as the documentation site exports it: front matter between `***` and dashes, `* ` bullets, links to its
/// own site as paths, no line feed at the end.
pub fn export(model: &Model, page: &Page) -> String {
    let mut front = format!("***\n\ntitle: {}\n", page.title.value);
    for (key, value) in [("sidebarTitle", &page.sidebar_title), ("description", &page.description)] {
        if let Some(value) = value {
            front.push_str(&format!("{key}: {}\n", value.value));
        }
    }
    front.push_str("---------------------");
    let mut out = vec![front];
    out.extend(page.notice.iter().map(|notice| notice.value.clone()));
    out.extend(page.intro.iter().map(|intro| linked(model, intro, EXPORT.links)));
    if page.sections.is_empty() {
        out.extend(model.cases_on(page).into_iter().flat_map(|case| case_blocks(model, case)));
    }
    out.extend(page.sections.iter().flat_map(|section| section_blocks(model, section)));
    out.join("\n\n")
}

fn section_blocks(model: &Model, section: &Section) -> Vec<String> {
    let mut out = vec![format!("## {}", section.title.value)];
    out.extend(model.cases_of(section).flat_map(|case| case_blocks(model, case)));
    let checklist =
        section.checklist.as_ref().and_then(|id| model.checklists.iter().find(|have| have.id.value == id.value));
    out.extend(checklist.into_iter().flat_map(|checklist| checklist_blocks(model, checklist, EXPORT)));
    out
}

fn case_blocks(model: &Model, case: &crate::model::Case) -> Vec<String> {
    let mut out = vec![format!("### {}", title(model, case))];
    out.extend(blocks(model, case, EXPORT));
    out
}

/// A checklist: what a ticket needs, and further pages.
pub(crate) fn checklist_blocks(model: &Model, checklist: &Checklist, manner: Manner) -> Vec<String> {
    let say = |text: &String| linked(model, text, manner.links);
    let mut out: Vec<_> = checklist.intro.iter().map(|intro| say(intro)).collect();
    out.push(bullets(manner, checklist.items.iter().map(|item| say(&item.text))));
    out.extend(checklist.outro.iter().map(|outro| say(outro)));
    if !checklist.links.is_empty() {
        let link = |(words, to): &(crate::keys::At<String>, crate::keys::At<String>)| {
            format!("[{}]({})", words.value, address(model, to, manner.links).unwrap_or_default())
        };
        out.push(bullets(manner, checklist.links.iter().map(link)));
    }
    out
}
