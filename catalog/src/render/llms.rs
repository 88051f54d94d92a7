//! Renders `llms.txt`: an index of the reference for programs that read Markdown, with links to the Markdown pages.

use crate::catalog::Catalog;

/// Returns the index: the pages and the cases, each with a link and a description.
pub fn index(catalog: &Catalog) -> String {
    let first = catalog.pages.first();
    let mut out = format!("# {}\n", first.map_or(catalog.id.as_str(), |page| page.title.as_str()));
    if let Some(description) = first.and_then(|page| page.description.as_ref()) {
        out.push_str(&format!("\n> {}\n", description.value));
    }
    if !catalog.pages.is_empty() {
        out.push_str("\n## Pages\n\n");
    }
    for page in &catalog.pages {
        let description =
            page.description.as_ref().map_or_else(String::new, |description| format!(": {}", description.value));
        out.push_str(&format!("- [{}]({}.md){description}\n", page.title.value, page.name));
    }
    out.push_str("\n## Cases\n\n");
    for case in &catalog.cases {
        let resolved = catalog.resolved(case);
        let title = &resolved.title;
        let name = match catalog.page(case) {
            Some(page) => format!("[{title}]({}.md#{})", page.name, resolved.title_anchor),
            None => title.clone(),
        };
        out.push_str(&format!("- {name}: {}\n", resolved.headline));
    }
    out
}
