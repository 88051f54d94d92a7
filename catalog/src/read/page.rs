//! Reads a page, its sections, and checklists.

use super::values::required_text;
use crate::keys::Keys;
use crate::location::Located;
use crate::model::{Anchors, Checklist, ChecklistItem, Page, Section};
use crate::problem::Problem;

/// Reads the page of a file; `name` is the display name of the file.
pub(super) fn page(file: usize, name: &str, keys: &mut Keys<'_, '_>) -> Page {
    let file_name = name.rsplit('/').next().unwrap_or_default();
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let stem = if stem.is_empty() { "page" } else { stem };

    Page {
        index: 0,
        file,
        name: stem.to_owned(),
        docs: keys.text("docs"),
        anchors: keys
            .word("anchors", &[("id", Anchors::Id), ("title", Anchors::Title)])
            .map_or(Anchors::Id, |anchors| anchors.value),
        sidebar_title: keys.text("sidebar-title"),
        description: keys.text("description"),
        notice: keys.text("notice"),
        intro: keys.text("intro"),
        title: required_text(keys, "title"),
        sections: Vec::new(),
    }
}

pub(super) fn section(keys: &mut Keys<'_, '_>) -> Section {
    let title = required_text(keys, "title");
    let (has_cases, has_checklist) = (keys.has("cases"), keys.has("checklist"));
    let (cases, checklist) = (keys.texts("cases"), keys.text("checklist"));
    let misspelled = keys.has_misspelling_of(&["cases", "checklist"]);
    if has_cases == has_checklist && !misspelled {
        let message = "a section must have either `cases` or a `checklist`";
        keys.report(Problem::error("section-contents", keys.location(), message));
    }
    Section { broken: misspelled || has_cases && cases.is_empty(), title, cases, checklist }
}

pub(super) fn checklist(id: &Located<String>, keys: &mut Keys<'_, '_>) -> Checklist {
    let item = |keys: &mut Keys<'_, '_>| {
        let text = keys.required("text", Keys::text, "\"...\"");
        let collect = keys.texts("collect");
        Some(ChecklistItem { text: text?, collect })
    };
    let link = |keys: &mut Keys<'_, '_>| {
        let (text, to) = (keys.required("text", Keys::text, "\"...\""), keys.required("to", Keys::text, "\"...\""));
        Some((text?, to?))
    };

    Checklist {
        index: 0,
        intro: keys.text("intro"),
        items: keys.tables("items", item).into_iter().flatten().collect(),
        outro: keys.text("outro"),
        links: keys.tables("links", link).into_iter().flatten().collect(),
        id: id.clone(),
    }
}
