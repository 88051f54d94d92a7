//! Renders a page as Markdown. Only the layout is defined here: all words come from the catalog.

use crate::location::Located;
use crate::model::{Case, Checklist, Model, Page, Section};

use super::case::{PLAIN, Style, blocks, bullet_list};
use super::texts::{Links, address, fill_links, title};

/// The layout of a page.
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
    const fn style(self) -> Style {
        match self {
            Self::Export => Style { bullet: "* ", links: Links::OnHost, mdx: false },
            Self::Mdx => Style { bullet: "- ", links: Links::OnHost, mdx: true },
            Self::Gfm => PLAIN,
        }
    }
}

/// Renders a page.
pub fn page(model: &Model, page: &Page, flavor: Flavor) -> String {
    let style = flavor.style();
    let mut out = vec![front_matter(page, flavor)];
    if flavor == Flavor::Export {
        out.extend(page.notice.iter().map(|notice| notice.value.clone()));
    }
    out.extend(page.intro.iter().map(|intro| style.escape(fill_links(model, intro, style.links))));
    if page.sections.is_empty() {
        out.extend(model.cases_on(page).into_iter().flat_map(|case| case_blocks(model, case, style)));
    }
    out.extend(page.sections.iter().flat_map(|section| section_blocks(model, section, style)));
    let mut page = out.join("\n\n");
    if flavor != Flavor::Export {
        page.push('\n');
    }
    page
}

fn front_matter(page: &Page, flavor: Flavor) -> String {
    let title = &page.title.value;
    let fields = [("sidebarTitle", &page.sidebar_title), ("description", &page.description)];
    let fields = fields.into_iter().filter_map(|(key, value)| Some((key, &value.as_ref()?.value)));
    match flavor {
        Flavor::Export => {
            let lines: String = fields.map(|(key, value)| format!("{key}: {value}\n")).collect();
            format!("***\n\ntitle: {title}\n{lines}---------------------")
        }
        Flavor::Mdx => {
            // A JSON string is a double-quoted YAML scalar, whatever is in it.
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let lines: String = fields.map(|(key, value)| format!("{key}: {}\n", quoted(value))).collect();
            format!("---\ntitle: {}\n{lines}---", quoted(title))
        }
        Flavor::Gfm => format!("# {title}"),
    }
}

fn section_blocks(model: &Model, section: &Section, style: Style) -> Vec<String> {
    let mut out = vec![format!("## {}", style.escape(section.title.value.clone()))];
    out.extend(model.cases_of(section).flat_map(|case| case_blocks(model, case, style)));
    let checklist = section.checklist.as_ref().and_then(|id| model.checklist(id));
    out.extend(checklist.into_iter().flat_map(|checklist| checklist_blocks(model, checklist, style)));
    out
}

fn case_blocks(model: &Model, case: &Case, style: Style) -> Vec<String> {
    let mut out = vec![format!("### {}", style.escape(title(model, case)))];
    out.extend(blocks(model, case, style));
    out
}

/// Returns the blocks of a checklist: the items for a ticket, and further pages.
pub(crate) fn checklist_blocks(model: &Model, checklist: &Checklist, style: Style) -> Vec<String> {
    let fill = |text: &String| style.escape(fill_links(model, text, style.links));
    let mut out: Vec<_> = checklist.intro.iter().map(|intro| fill(intro)).collect();
    out.push(bullet_list(style, checklist.items.iter().map(|item| fill(&item.text))));
    out.extend(checklist.outro.iter().map(|outro| fill(outro)));
    if !checklist.links.is_empty() {
        let link = |(words, link_name): &(Located<String>, Located<String>)| {
            format!(
                "[{}]({})",
                style.escape(words.value.clone()),
                address(model, link_name, style.links).unwrap_or_default()
            )
        };
        out.push(bullet_list(style, checklist.links.iter().map(link)));
    }
    out
}
