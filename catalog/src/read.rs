//! Reads the TOML tree of a file into the model: the known keys, and the values that each accepts.

mod case;
mod conditions;
mod examples;
mod page;
mod policy;
mod values;
mod wire;

use case::case;
use page::{checklist, page, section};
use policy::policy;
use values::required_text;
use wire::{default_wire, key, redact, wire};

use crate::keys::{Keys, read_file};
use crate::location::Located;
use crate::model::{Model, Page};
use crate::parse::{Entry, Node, Value};
use crate::problem::{Problem, Problems};

/// Reads the entries of a file into the model; the first file is the root. Returns the names of the included files.
pub(crate) fn read_entries(
    file: usize,
    name: &str,
    entries: Vec<Entry<'_>>,
    model: &mut Model,
    problems: &Problems,
) -> Vec<Located<String>> {
    read_file(file, entries, problems, |keys| read_keys(file, name, keys, model))
}

fn read_keys(file: usize, name: &str, keys: &mut Keys<'_, '_>, model: &mut Model) -> Vec<Located<String>> {
    let mut include = Vec::new();
    let is_table = |value: &Value<'_>| matches!(value, Value::Table(_));
    let malformed = keys.has_invalid_value("include", |value| matches!(value, Value::List(_)))
        || ["case", "retry", "checklist"].iter().any(|key| keys.has_invalid_value(key, is_table));
    if file == 0 {
        keys.required("schema", |keys, key| keys.integer(key, 1, 1), "1");
        include = keys.texts("include");
        read_root(keys, model);
    } else {
        keys.integer("schema", 1, 1);
    }
    model.broken.links |= keys.has_invalid_value("links", is_table);
    // A link with an invalid address is kept, so that texts that use it are not reported as well.
    let address = |keys: &Keys<'_, '_>, name: &Located<String>, node: Node<'_>| {
        let location = node.location;
        let address = keys.as_text(|| format!("`{}`", name.value), node);
        Some(address.unwrap_or_else(|| Located::new(location, String::new())))
    };
    model.links.extend(keys.named_values("links", address));
    let has_page_key = keys.has("page");
    let sections = keys.tables("section", section);
    if let Some(page) = keys.table("page", |keys| page(file, name, keys)) {
        model.pages.push(Page { sections, ..page });
    } else if let Some(section) = sections.first().filter(|_| !has_page_key) {
        let problem = Problem::error("section-without-page", section.title.location, "a section requires a page");
        keys.report(problem.help("add a `[page]` with a `title`"));
    }
    for (id, policy) in keys.named_tables("retry", |_, keys| policy(keys)) {
        match policy.flatten() {
            Some(policy) => model.policies.push((id, policy)),
            None => model.broken.policies.push(id),
        }
    }
    for (id, case) in keys.named_tables("case", case) {
        match case {
            Some(case) => model.cases.push(case),
            None => model.broken.cases.push(id),
        }
    }
    for (id, checklist) in keys.named_tables("checklist", checklist) {
        match checklist {
            Some(checklist) => model.checklists.push(checklist),
            None => model.broken.checklists.push(id),
        }
    }
    // A misspelled or malformed table may contain definitions that seem to be missing elsewhere.
    model.broken.file |=
        malformed || keys.has_misspelling_of(&["include", "case", "retry", "links", "checklist", "section"]);
    include
}

/// Reads the tables that only the root has.
fn read_root(keys: &mut Keys<'_, '_>, model: &mut Model) {
    keys.required_table("catalog", |keys| {
        model.id = required_text(keys, "id");
        let has_site = keys.has("site");
        model.site = keys.text("site");
        model.broken.site = has_site && model.site.is_none();
        keys.table("reserved", |keys| {
            model.reserved_ids = keys.texts("ids");
            model.reserved_codes = keys.texts("codes");
        });
    });
    let has_wire = keys.has("wire");
    let wire = keys.table("wire", |keys| (wire(keys), keys.finish().is_err()));
    let (wire, has_problems) = wire.unwrap_or_else(|| (default_wire(), has_wire));
    model.wire = wire;
    model.broken.wire = has_problems || keys.has_misspelling_of(&["wire"]);
    model.key = keys.table("key", key).unwrap_or_default();
    model.redact = keys.table("redact", redact).unwrap_or_default();
}
