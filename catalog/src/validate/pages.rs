//! Pages: they can be told apart, and so can the cases on them.

use std::collections::BTreeMap;

use crate::model::{Anchors, Model};
use crate::problem::{Problem, Problems};
use crate::render::rust::module;
use crate::render::title;
use crate::text::slug;

/// No two pages have one file name or one module.
pub(super) fn names(model: &Model, problems: &Problems) {
    let mut seen = BTreeMap::new();
    for page in model.pages.iter().filter(|page| !page.title.is_empty()) {
        for name in [module(page), format!("{}.md", page.name)] {
            if let Some(first) = seen.insert(name.clone(), page).filter(|first| first.file != page.file) {
                let message = format!("two pages with the name `{name}`");
                let problem = Problem::error("same-page", page.title.at, message);
                problems.add(problem.also(first.title.at, "the first is here"));
            }
        }
    }
}

/// No two cases of a page have one anchor.
pub(super) fn anchors(model: &Model, problems: &Problems) {
    for page in model.pages.iter().filter(|page| page.anchors == Anchors::Title) {
        let mut seen = BTreeMap::new();
        for case in model.cases_on(page) {
            let anchor = slug(&title(model, case));
            let at = case.title.as_ref().map_or(case.id.at, |title| title.at);
            if let Some((first, id)) =
                seen.insert(anchor.clone(), (at, &case.id.value)).filter(|(_, id)| **id != case.id.value)
            {
                let message = format!("`{id}` and `{}` have one anchor on the page: `#{anchor}`", case.id.value);
                let problem = Problem::error("same-anchor", at, message).also(first, "the first is here");
                problems.add(problem.help("give one of them another `title`, or the page `anchors = \"id\"`"));
            }
        }
    }
}
