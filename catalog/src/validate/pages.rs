//! Lints for pages: page names and anchors are unique.

use std::collections::BTreeMap;

use crate::heading::{slug, title};
use crate::model::{Anchors, Model};
use crate::names::module_name;
use crate::problem::{Problem, Problems};

/// Checks that no two pages have the same file name or module.
pub(super) fn check_names(model: &Model, problems: &Problems) {
    let mut seen = BTreeMap::new();
    for page in model.pages.iter().filter(|page| !page.title.is_empty()) {
        for name in [module_name(&page.title, &page.name), format!("{}.md", page.name)] {
            if let Some(first) = seen.insert(name.clone(), page).filter(|first| first.file != page.file) {
                let message = format!("duplicate page name `{name}`");
                let problem = Problem::error("same-page", page.title.location, message);
                problems.add(problem.related(first.title.location, "first used here"));
            }
        }
    }
}

/// Checks that no two cases of a page have the same anchor.
pub(super) fn check_anchors(model: &Model, problems: &Problems) {
    for page in model.pages.iter().filter(|page| page.anchors == Anchors::Title) {
        let mut seen = BTreeMap::new();
        for case in model.cases_on(page) {
            let anchor = slug(&title(model, case));
            let location = case.title.as_ref().map_or(case.id.location, |title| title.location);
            if let Some((first, id)) =
                seen.insert(anchor.clone(), (location, &case.id.value)).filter(|(_, id)| **id != case.id.value)
            {
                let message = format!("duplicate anchor `#{anchor}` for `{id}` and `{}`", case.id.value);
                let problem = Problem::error("same-anchor", location, message).related(first, "first used here");
                problems.add(problem.help("change the `title` of one of them, or set `anchors = \"id\"` in `[page]`"));
            }
        }
    }
}
