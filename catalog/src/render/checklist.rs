//! Renders a checklist as Markdown: for rustdoc and for the reference.

use crate::catalog::Catalog;
use crate::model::Checklist;

use super::style::Style;

/// Returns the blocks of a checklist: the items for a ticket, and further pages.
pub(super) fn checklist_blocks(catalog: &Catalog, checklist: &Checklist, style: Style) -> Vec<String> {
    let resolved = catalog.resolved_checklist(checklist);
    let mut out: Vec<_> = resolved.intro.iter().map(|intro| style.text(intro)).collect();
    out.push(style.list(resolved.items.iter().map(|item| style.text(item))));
    out.extend(resolved.outro.iter().map(|outro| style.text(outro)));
    if !resolved.urls.is_empty() {
        let links = checklist.links.iter().zip(&resolved.urls);
        out.push(style.list(
            links.map(|((words, _), url)| format!("[{}]({})", style.escape(words), url.with_links(style.links))),
        ));
    }
    out
}
