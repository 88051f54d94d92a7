//! Renders `llms.txt`: an index of the reference for programs that read Markdown, with links to the Markdown pages.

use crate::model::Model;
use crate::text::slug;

use super::texts::{headline, title};

/// Returns the index: the pages and the cases, each with a link and a description.
pub fn index(model: &Model) -> String {
    let first = model.pages.first();
    let mut out = format!("# {}\n", first.map_or(model.id.as_str(), |page| page.title.as_str()));
    if let Some(description) = first.and_then(|page| page.description.as_ref()) {
        out.push_str(&format!("\n> {}\n", description.value));
    }
    if !model.pages.is_empty() {
        out.push_str("\n## Pages\n\n");
    }
    for page in &model.pages {
        let description =
            page.description.as_ref().map_or_else(String::new, |description| format!(": {}", description.value));
        out.push_str(&format!("- [{}]({}.md){description}\n", page.title.value, page.name));
    }
    out.push_str("\n## Cases\n\n");
    for case in &model.cases {
        let title = title(model, case);
        let page = model.page_index(case).and_then(|page| model.pages.get(page));
        let name = page.map_or_else(|| title.clone(), |page| format!("[{title}]({}.md#{})", page.name, slug(&title)));
        out.push_str(&format!("- {name}: {}\n", headline(model, case)));
    }
    out
}
