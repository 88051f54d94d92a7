//! Renders a page as Markdown. Only the layout is defined here: all words come from the catalog.

use crate::catalog::Catalog;
use crate::model::{Case, Page, Section};
use crate::placeholders::Links;

use super::case::blocks;
use super::checklist::checklist_blocks;
use super::style::{PLAIN, Style};

/// The layout of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// The export format of the documentation site: front matter between `***` and dashes, the notice, `* ` bullets,
    /// links to its own site as paths, no line feed at the end.
    Export,
    /// MDX for documentation generators: YAML front matter, escaped braces, links to its own site as paths.
    Mdx,
    /// Markdown for GitHub and mdBook: a heading instead of front matter, absolute URLs.
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
pub fn page(catalog: &Catalog, page: &Page, flavor: Flavor) -> String {
    let style = flavor.style();
    let mut out = vec![front_matter(page, flavor)];
    if flavor == Flavor::Export {
        out.extend(page.notice.iter().map(|notice| notice.value.clone()));
    }
    out.extend(catalog.resolved_page(page).intro.iter().map(|intro| style.text(intro)));
    if page.sections.is_empty() {
        out.extend(catalog.cases_on(page).into_iter().flat_map(|case| case_blocks(catalog, case, style)));
    }
    out.extend(page.sections.iter().flat_map(|section| section_blocks(catalog, section, style)));
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
            // Every JSON string is a valid double-quoted scalar of YAML.
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            let lines: String = fields.map(|(key, value)| format!("{key}: {}\n", quoted(value))).collect();
            format!("---\ntitle: {}\n{lines}---", quoted(title))
        }
        Flavor::Gfm => format!("# {title}"),
    }
}

fn section_blocks(catalog: &Catalog, section: &Section, style: Style) -> Vec<String> {
    let mut out = vec![format!("## {}", style.escape(&section.title))];
    out.extend(catalog.cases_of(section).flat_map(|case| case_blocks(catalog, case, style)));
    let checklist = section.checklist.as_ref().and_then(|id| catalog.checklist(id));
    out.extend(checklist.into_iter().flat_map(|checklist| checklist_blocks(catalog, checklist, style)));
    out
}

fn case_blocks(catalog: &Catalog, case: &Case, style: Style) -> Vec<String> {
    let mut out = vec![format!("### {}", style.escape(&catalog.resolved(case).title))];
    out.extend(blocks(catalog, case, style));
    out
}
